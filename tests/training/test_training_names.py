"""Names: labels, tokens and the split by article."""

from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path

import pytest

from quotex.training._names import (
    NamedSentence,
    join_clitics,
    part_clitics,
    part_places,
    read_article,
    read_split,
    restyle,
    short_label,
    spans,
    split_of,
    split_sentences,
    to_iob2,
)
from quotex.training._prepare import write_names

ARTICLE = """https://example.org/news/1\tO

Ines\tB-Person
Okoro\tE-Person
told\tO
Lagos\tS-Location
’\tO
s\tO
mayor\tO
.\tO
He\tO
left\tO
in\tO
May\tB-Date
.\tO

Bread\t|
"""


@pytest.mark.parametrize(
    ("label", "short"),
    [("B-Person", "B-PER"), ("E-Organization", "E-ORG"), ("S-NORP", "S-NORP"), ("O", "O"), ("|", "O"), ("B-Dog", "O")],
)
def test_labels_get_short_names(label: str, short: str) -> None:
    assert short_label(label) == short


@pytest.mark.parametrize(
    ("labels", "wanted"),
    [
        (["B-PER", "I-PER", "O"], ("B-PER", "I-PER", "O")),
        (["B-PER", "E-PER", "S-LOC"], ("B-PER", "I-PER", "B-LOC")),
        (["O", "I-ORG", "I-ORG"], ("O", "B-ORG", "I-ORG")),
        (["B-ORG", "I-LOC"], ("B-ORG", "B-LOC")),
        (["B-LOC", "B-LOC"], ("B-LOC", "B-LOC")),
        ([], ()),
    ],
)
def test_every_scheme_becomes_iob2(labels: list[str], wanted: tuple[str, ...]) -> None:
    assert to_iob2(labels) == wanted


def test_spans_are_half_open_and_typed() -> None:
    assert spans(["B-PER", "I-PER", "B-PER", "O", "B-LOC"]) == {(0, 2, "PER"), (2, 3, "PER"), (4, 5, "LOC")}


@pytest.mark.parametrize(
    ("tokens", "wanted"),
    [
        (["Japan", "’", "s", "tea"], ["Japan’s", "tea"]),
        (["Japan", "'s", "tea"], ["Japan's", "tea"]),
        (["couldn", "’", "t"], ["couldn’t"]),
        (["could", "n't"], ["couldn't"]),
        (["‘", "yes", "’", "said", "Ann"], ["‘", "yes", "’", "said", "Ann"]),
        (["’", "s"], ["’", "s"]),
    ],
)
def test_clitics_join_their_host(tokens: list[str], wanted: list[str]) -> None:
    assert [token for token, _ in join_clitics([(token, "O") for token in tokens])] == wanted


@pytest.mark.parametrize(
    ("tokens", "labels", "wanted"),
    [
        ("Oslo’s bay", "B-LOC O", {"Oslo": "B-LOC", "’s": "O", "bay": "O"}),
        ("Ada's Bakery", "B-ORG I-ORG", {"Ada": "B-ORG", "'s": "I-ORG", "Bakery": "I-ORG"}),
        ("Wales' Ada", "B-LOC B-PER", {"Wales": "B-LOC", "'": "O", "Ada": "B-PER"}),
        ("Don't ask", "O O", {"Do": "O", "n't": "O", "ask": "O"}),
        ("’ O'Hara", "O B-PER", {"’": "O", "O'Hara": "B-PER"}),
    ],
)
def test_clitics_apart(tokens: str, labels: str, wanted: dict[str, str]) -> None:
    parted = part_clitics(NamedSentence(tokens=tuple(tokens.split()), labels=tuple(labels.split())))
    assert list(zip(parted.tokens, parted.labels, strict=True)) == list(wanted.items())


def test_the_host_keeps_its_label() -> None:
    assert join_clitics([("Oslo", "B-LOC"), ("’", "O"), ("s", "O")]) == [("Oslo’s", "B-LOC")]


def test_an_article_is_read_without_its_address(tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    path.write_text(ARTICLE, encoding="utf-8")
    first, second, third = read_article(path)
    assert first.tokens == ("Ines", "Okoro", "told", "Lagos’s", "mayor", ".")
    assert first.labels == ("B-PER", "I-PER", "O", "B-LOC", "O", "O")
    assert second.labels == ("O", "O", "O", "B-DATE", "O")
    assert third == NamedSentence(tokens=("Bread",), labels=("O",))


def test_initials_do_not_end_a_sentence() -> None:
    tokens = ("Ask", "J", ".", "Doe", "of", "Hull", ".", "”", "He", "knows", ".")
    labels = ("O", "B-PER", "I-PER", "I-PER", "O", "B-LOC", "O", "O", "O", "O", "O")
    pieces = split_sentences(NamedSentence(tokens=tokens, labels=labels))
    assert [len(piece.tokens) for piece in pieces] == [8, 3]


def test_the_split_depends_on_the_name_alone() -> None:
    names = [f"paper_{number}.txt.tsv" for number in range(2000)]
    splits = [split_of(name) for name in names]
    assert splits == [split_of(name) for name in names]
    shares = Counter(splits)
    assert 150 < shares["test"] < 250
    assert 150 < shares["dev"] < 250
    assert split_of("paper_0.txt.tsv") == "train"


def test_the_splits_share_no_article(tmp_path: Path) -> None:
    for number in range(40):
        (tmp_path / f"n{number}.tsv").write_text(f"Town{number}\tB-Location\n", encoding="utf-8")
    found = [{sentence.tokens for sentence in read_split(tmp_path, split)} for split in ("train", "dev", "test")]
    assert sum(len(part) for part in found) == 40
    assert len(set.union(*found)) == 40


def test_restyling_keeps_tokens_and_labels_aligned() -> None:
    sentence = NamedSentence(
        tokens=('"', "Rome's", "ours", '"', "--", "Ann"), labels=("O", "B-LOC", "O", "O", "O", "B-PER")
    )
    for seed in range(50):
        styled = restyle(sentence, random.Random(seed))
        assert len(styled.tokens) == len(sentence.tokens)
        assert styled.labels == sentence.labels


@pytest.mark.parametrize(
    ("tokens", "labels", "wanted"),
    [
        ("Ghent , Belgium ,", "B-LOC I-LOC I-LOC O", "B-LOC O B-LOC O"),
        ("Ghent , East Flanders , Belgium", "B-LOC I-LOC I-LOC I-LOC I-LOC I-LOC", "B-LOC O B-LOC I-LOC O B-LOC"),
        ("Ghent , in Belgium", "B-LOC I-LOC I-LOC I-LOC", "B-LOC O O B-LOC"),
        ("Lee , Ortiz , Inc", "B-ORG I-ORG I-ORG I-ORG I-ORG", "B-ORG I-ORG I-ORG I-ORG I-ORG"),
        ("Ghent , Lagos", "B-LOC O B-LOC", "B-LOC O B-LOC"),
    ],
)
def test_a_place_and_where_it_lies_are_two_names(tokens: str, labels: str, wanted: str) -> None:
    sentence = NamedSentence(tokens=tuple(tokens.split()), labels=tuple(labels.split()))
    assert part_places(sentence).labels == tuple(wanted.split())


def test_some_sentences_come_again_in_one_case(tmp_path: Path) -> None:
    sentence = NamedSentence(tokens=("Ada", "left", "Ghent"), labels=("B-PER", "O", "B-LOC"))
    write_names([sentence] * 2000, [sentence], tmp_path)
    rows = json.loads((tmp_path / "ner-train.json").read_text(encoding="utf-8"))
    texts = Counter(" ".join(token["text"] for token in row) for row in rows)
    assert texts["Ada left Ghent"] == 2000
    assert 140 < texts["ada left ghent"] < 260
    assert 30 < texts["ADA LEFT GHENT"] < 90
    assert all([token["ner"] for token in row] == list(sentence.labels) for row in rows)
    assert len(json.loads((tmp_path / "ner-dev.json").read_text(encoding="utf-8"))) == 1
