"""Other names and pronouns in documents with chains."""

from __future__ import annotations

import random
from typing import Any

import attrs
import pytest

from quotex._lexicon import load_lexicon
from quotex.training._disguises import Disguises, DisguiseSettings
from quotex.training._linked import LinkedDocument, Links, read_linked

TREE = """
1 compound Mr.|2 nsubj Hale|-1 root met|2 obj Ada|3 flat Brown|2 punct .
7 compound Mr.|8 nsubj Hale|-1 root took|10 nmod:poss her|8 obj hand|8 punct .
13 nsubj She|-1 root thanked|16 nmod:poss Hale|14 case ’s|13 obj aunt|13 punct .
"""
ROWS = [[word.split(" ") for word in line.split("|")] for line in TREE.strip().splitlines()]
DOCUMENT: dict[str, Any] = {
    "document_id": "d",
    "corpus": "own",
    "cased_words": [word for row in ROWS for _, _, word in row],
    "sent_id": [number for number, row in enumerate(ROWS) for _ in row],
    "head": [int(head) for row in ROWS for head, _, _ in row],
    "deprel": [relation for row in ROWS for _, relation, _ in row],
    "word_clusters": [[1, 7, 14], [3, 9, 12], [16, 17]],
    "head2span": [[1, 0, 2], [3, 3, 5], [7, 6, 8], [9, 9, 10], [12, 12, 13], [14, 14, 16], [16, 14, 17]],
}


def told_by(pronoun: str) -> LinkedDocument:
    """The document with one more sentence in which a pronoun stands for Hale."""
    words = [pronoun, "left", "."]
    return read_linked(
        {
            **DOCUMENT,
            "cased_words": [*DOCUMENT["cased_words"], *words],
            "sent_id": [*DOCUMENT["sent_id"], 3, 3, 3],
            "head": [*DOCUMENT["head"], 19, -1, 19],
            "deprel": [*DOCUMENT["deprel"], "nsubj", "root", "punct"],
            "word_clusters": [[1, 7, 14, 18], *DOCUMENT["word_clusters"][1:]],
            "unsure": [10, 19],
        }
    )


def drawn(document: LinkedDocument, renamed: float = 0.0, hidden: float = 0.0, near: int = 60) -> LinkedDocument:
    settings = DisguiseSettings(renamed=renamed, hidden=hidden, near=near)
    return Disguises([document], random.Random(1), settings).draw(document)


def test_nothing_is_disguised_where_nothing_is_wanted() -> None:
    assert drawn(told_by("He")) == told_by("He")


def test_names_mentioned_before_become_pronouns() -> None:
    document = drawn(told_by("He"), hidden=1.0)
    words = document.numbered()[0]
    # the third Hale has none before it that is left
    assert " ".join(words) == "Mr. Hale met Ada Brown . He took her hand . She thanked Hale ’s aunt . He left ."
    assert document.sentences[1] == ("He", "took", "her", "hand", ".")
    assert document.links.clusters == ((1, 6, 13, 17), (3, 8, 11), (15, 16))
    assert document.links.spans == (
        (1, 0, 2),
        (3, 3, 5),
        (6, 6, 7),
        (8, 8, 9),
        (11, 11, 12),
        (13, 13, 15),
        (15, 13, 16),
    )
    assert document.links.unsure == (9, 18)
    assert document.heads == ()
    assert document.relations == ()


@pytest.mark.parametrize(("pronoun", "wanted"), [("He", "He took"), ("She", "She took")])
def test_the_pronoun_has_the_gender_of_its_chain(pronoun: str, wanted: str) -> None:
    words = " ".join(drawn(told_by(pronoun), hidden=1.0, near=7).numbered()[0])
    assert wanted in words
    assert "Mr. Hale took" not in words


@pytest.mark.parametrize(("pronoun", "wanted"), [("He", "thanked his aunt"), ("She", "thanked her aunt")])
def test_the_pronoun_has_the_case_of_its_place(pronoun: str, wanted: str) -> None:
    document = told_by(pronoun)
    called = attrs.evolve(document, relations=(*document.relations[:7], "vocative", *document.relations[8:]))
    words = " ".join(drawn(called, hidden=1.0).numbered()[0])
    assert "Mr. Hale took" in words
    assert wanted in words


@pytest.mark.parametrize("pronoun", ["They", "Hale"])
def test_names_of_no_known_gender_stay(pronoun: str) -> None:
    assert drawn(told_by(pronoun), hidden=1.0) == told_by(pronoun)


def test_names_far_from_the_one_before_stay() -> None:
    assert drawn(told_by("He"), hidden=1.0, near=5) == told_by("He")


def test_people_get_other_names_of_their_gender() -> None:
    document = told_by("He")
    others = LinkedDocument(name="e", corpus="own", sentences=(("Mr.", "Quill", "."),), links=Links())
    disguises = Disguises([document, others], random.Random(3), DisguiseSettings(renamed=1.0, hidden=0.0))
    disguised = disguises.draw(document)
    words, before = disguised.numbered()[0], document.numbered()[0]
    assert disguised.links == document.links
    assert len(words) == len(before)
    assert words[3].lower() in load_lexicon("feminine_names") - {"ada"}
    assert words[1] == words[7] == words[14]
    assert {word for word in words if word not in before} <= {words[3], words[1], words[4]}


def test_a_document_without_trees_keeps_its_names() -> None:
    document = LinkedDocument(name="d", corpus="c", sentences=(("Ada", "ran"),), links=Links(clusters=((0, 1),)))
    assert drawn(document, hidden=1.0) == document
