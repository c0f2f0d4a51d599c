"""Whom a coreference chain names, and what that adds to salience; parses by hand."""

from __future__ import annotations

import pytest

from quotex._coreference import ChainTable, only_speakers_name
from quotex._entities import EntityTable
from quotex._mentions import ANTECEDENT, Resolver
from quotex._reading import Name, Reading, Sentence, Word
from quotex._scorer import Decision, choose
from quotex._types import Span

TEXT = "Ruth Lind met Ada Quist. Lind ’s brother left. She waved."
SENTENCES = (
    ("Ruth", "Lind", "met", "Ada", "Quist", "."),
    ("Lind", "’s", "brother", "left", "."),
    ("She", "waved", "."),
)
HEADS = ((2, 0, None, 2, 3, 2), (2, 0, 3, None, 3), (1, None, 1))
RELATIONS = (
    ("nsubj", "flat", "root", "obj", "flat", "punct"),
    ("nmod:poss", "case", "nsubj", "root", "punct"),
    ("nsubj", "root", "punct"),
)
TAGS = {"’s": "PART", "brother": "NOUN", "She": "PRON", "met": "VERB", "left": "VERB", "waved": "VERB", ".": "PUNCT"}
NAMES = ((0, 2), (3, 5), (6, 7))


def reading(*chains: tuple[tuple[int, int], ...]) -> Reading:
    words: list[Word] = []
    sentences = []
    place = 0
    for number, (forms, heads, relations) in enumerate(zip(SENTENCES, HEADS, RELATIONS, strict=True)):
        first = len(words)
        for form, head, relation in zip(forms, heads, relations, strict=True):
            place = TEXT.index(form, place)
            word = Word(
                index=len(words),
                sentence=number,
                text=form,
                lemma=form,
                upos=TAGS.get(form, "PROPN"),
                feats=frozenset(),
                head=None if head is None else first + head,
                deprel=relation,
                start_char=place,
                end_char=place + len(form),
            )
            words.append(word)
            place = word.end_char
        start_char = words[first].start_char
        sentences.append(
            Sentence(index=number, start=first, end=len(words), start_char=start_char, end_char=place, paragraph=0)
        )
    return Reading(
        text=TEXT,
        words=tuple(words),
        sentences=tuple(sentences),
        names=tuple(Name(start=start, end=end, label="PER") for start, end in NAMES),
        paragraphs=(Span(start_char=0, end_char=len(TEXT), text=TEXT),),
        chains=chains,
    )


SHE = (11, 12)


@pytest.mark.parametrize(
    ("chain", "wanted"),
    [
        (((0, 2), SHE), ["ruth lind"]),
        (((3, 5), (0, 2), SHE), ["ada quist", "ruth lind"]),
        (((0, 2), (3, 5), SHE), ["ada quist", "ruth lind"]),
        (((6, 9), SHE), []),  # the brother is not Lind
        (((6, 8), SHE), ["ruth lind"]),
        (((8, 9), SHE), []),
    ],
    ids=["name", "two names", "the nearer name first", "owner", "possessive", "noun"],
)
def test_a_chain_names_its_entities(chain: tuple[tuple[int, int], ...], wanted: list[str]) -> None:
    text = reading(chain)
    found = ChainTable(text, EntityTable(text)).entities(*SHE)
    assert [" ".join(entity.words) for entity in found] == wanted


def test_a_mention_outside_all_chains_names_nobody() -> None:
    text = reading(((0, 2), (3, 5)))
    assert ChainTable(text, EntityTable(text)).entities(*SHE) == []


def test_a_long_mention_names_nobody() -> None:
    text = reading(((0, 14), SHE))
    assert ChainTable(text, EntityTable(text)).entities(*SHE) == []


def test_whom_a_chain_names_is_likelier() -> None:
    for name, named in ((NAMES[0], "ruth lind"), (NAMES[1], "ada quist")):
        decisions: list[Decision] = []
        text = reading((name, SHE))
        resolver = Resolver(text, frozenset(range(len(text.words))), (), lambda _: None, decisions.append)
        index = 0
        while index < len(text.words):
            index = resolver.step(index)
        (decision,) = decisions
        rows = zip(decision.entities, decision.features, strict=True)
        described = {" ".join(entity.words): row for entity, row in rows}
        (other,) = described.keys() - {named}
        assert described[named]["linked"] == described[other]["linked:another"] == 1.0
        without = {key: value for key, value in described[named].items() if key != "linked"}
        chosen = choose(ANTECEDENT, [without, described[named]])
        assert chosen is not None
        assert chosen.place == 1


def test_whom_only_speakers_name() -> None:
    table = EntityTable(text := reading())
    ruth, ada = table.at(0), table.at(3)
    assert ruth is not None
    assert ada is not None
    everything = set(range(len(text.words)))
    assert not only_speakers_name(ruth, everything, 8)
    assert only_speakers_name(ada, everything - {3, 4}, 8)
    assert not only_speakers_name(ruth, everything - {0, 1}, 8)  # Lind’s brother
    assert not only_speakers_name(ada, everything - {3, 4}, 3)  # not named yet
