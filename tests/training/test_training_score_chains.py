"""Scores of coreference, by hand-computed examples and without a model."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from stanza.models.common.doc import Document
from stanza.models.coref.coref_chain import CorefChain, CorefMention

from quotex.training._chains import GapPassage
from quotex.training._score_chains import conll_f1, gap_scores
from quotex.training._score_resolution import score_documents, score_gap, word_chains

# The worked example of Pradhan et al. (2014), section 4: MUC 2/5 and 2/5, B cubed 1/2 and 35/84, CEAFe 1.3/3 and 1.3/2.
KEY = ["abc", "defg"]
RESPONSE = ["ab", "cd", "fghi"]


def test_the_published_example() -> None:
    assert conll_f1([(KEY, RESPONSE)]) == {"MUC": 40.0, "B3": 45.45, "CEAFe": 52.0, "CoNLL": 45.82}


def test_the_same_chains_score_full_marks() -> None:
    assert set(conll_f1([(KEY, KEY)]).values()) == {100.0}


@pytest.mark.parametrize(("gold", "predicted"), [(KEY, []), ([], RESPONSE), ([], []), (["a"], ["b"])])
def test_nothing_in_common(gold: list[str], predicted: list[str]) -> None:
    assert set(conll_f1([(gold, predicted)]).values()) == {0.0}


def test_singletons_do_not_count() -> None:
    assert conll_f1([([*KEY, "z"], [*RESPONSE, "y", "x"])]) == conll_f1([(KEY, RESPONSE)])


def test_documents_are_summed_before_dividing() -> None:
    # the means over documents, as in Stanza’s ClusterChecker, would give 50
    scores = conll_f1([(["abcd"], ["abcd"]), (["ab"], [])])
    assert scores["MUC"] == pytest.approx(100 * 2 * 0.75 / 1.75, abs=0.01)


def test_gap_by_gender() -> None:
    scores = gap_scores(
        [
            (False, {"A": True, "B": False}, {"A": True, "B": False}),
            (True, {"A": True, "B": False}, {"A": True, "B": True}),
            (True, {"A": False, "B": False}, {"A": False, "B": False}),
        ]
    )
    assert scores == {"masculine": 100.0, "feminine": 66.67, "all": 80.0, "ratio": 0.667}


def test_gap_without_answers() -> None:
    scores = gap_scores([(True, {"A": True, "B": False}, {"A": False, "B": False})])
    assert scores == {"masculine": 0.0, "feminine": 0.0, "all": 0.0, "ratio": 0.0}


def _resolver(*chains: list[tuple[int, int, int]]) -> Callable[[Document], Document]:
    """A stand-in for the processor: chains of mentions as sentence, first word, end word."""

    def resolve(document: Document) -> Document:
        mentions = [[CorefMention(*mention) for mention in chain] for chain in chains]
        document.coref = [CorefChain(number, found, "", 0) for number, found in enumerate(mentions)]
        return document

    return resolve


GOLD: dict[str, Any] = {
    "document_id": "x",
    "cased_words": ["Ruth", "left", "She", "missed", "Ines"],
    "sent_id": [0, 0, 1, 1, 1],
    "span_clusters": [[[0, 1], [2, 3]]],
}


def test_documents_are_resolved_on_gold_words() -> None:
    assert score_documents(_resolver([(0, 0, 1), (1, 0, 1)], [(1, 2, 3)]), [GOLD])["CoNLL"] == 100.0
    assert score_documents(_resolver([(0, 0, 2), (1, 0, 1)]), [GOLD])["MUC"] == 0.0


def test_whole_gold_chains_are_preferred() -> None:
    gold = {**GOLD, "gold_chains": [[[0, 1], [2, 3], [4, 5]]]}
    assert score_documents(_resolver([(0, 0, 1), (1, 0, 1)]), [gold])["MUC"] == 66.67


TEXT = "Ines Okoro met Ruth. She left."
WORDS = [["Ines", "Okoro", "met", "Ruth", "."], ["She", "left", "."]]


def _document(resolve: Callable[[Document], Document]) -> Callable[[str], Document]:
    """A reader that knows one text."""

    def read(text: str) -> Document:
        rows: list[list[dict[str, Any]]] = []
        place = 0
        for sentence in WORDS:
            rows.append([])
            for number, word in enumerate(sentence, 1):
                place = text.index(word, place)
                entry = {"id": number, "text": word, "start_char": place, "end_char": place + len(word)}
                rows[-1].append(entry)
                place += len(word)
        return resolve(Document(rows, text=text))

    return read


PASSAGE = GapPassage(
    name="t-1", text=TEXT, pronoun=(21, 24), first=(0, 10), second=(15, 19), first_right=True, second_right=False
)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ((0, 0, 2), 100.0),  # Ines Okoro
        ((0, 1, 2), 100.0),  # Okoro: within the name
        ((0, 0, 3), 100.0),  # Ines Okoro met: around the name, not three times as long
        ((0, 3, 4), 0.0),  # Ruth
        ((0, 2, 3), 0.0),  # met
    ],
)
def test_gap_from_text(name: tuple[int, int, int], wanted: float) -> None:
    assert score_gap(_document(_resolver([name, (1, 0, 1)])), [PASSAGE])["feminine"] == wanted


def test_a_mention_that_swallows_both_names_is_neither_of_the_short_one() -> None:
    # `Ines Okoro met Ruth` is less than three times as long as the first name, more than four times the second
    scores = score_gap(_document(_resolver([(0, 0, 4), (1, 0, 1)])), [PASSAGE])
    assert scores["feminine"] == 100.0


def test_the_pronoun_must_be_a_mention_of_its_own() -> None:
    assert score_gap(_document(_resolver([(0, 0, 2), (1, 0, 2)])), [PASSAGE])["feminine"] == 0.0


def test_supposed_mentions_are_left_out() -> None:
    resolve = _resolver([(0, 0, 2)])
    document = _document(resolve)(TEXT)
    document.coref[0].mentions.append(CorefMention(1, (0, 1), (0, 1)))
    assert word_chains(document) == [[(0, 2)]]
