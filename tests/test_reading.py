from __future__ import annotations

import pytest

from quotex._reading import Name, Reading, Sentence, Word
from quotex._types import Span

TEXT = "Ann Lee, who sails, said: “Go!” He went."
#       0   1  2 3   4    5 6   7 8 9 10 11 12  | 13 14 15
ROWS = [
    ("Ann", "PROPN", 6, "nsubj"),
    ("Lee", "PROPN", 0, "flat"),
    (",", "PUNCT", 4, "punct"),
    ("who", "PRON", 4, "nsubj"),
    ("sails", "VERB", 0, "acl:relcl"),
    (",", "PUNCT", 0, "punct"),
    ("said", "VERB", None, "root"),
    (":", "PUNCT", 9, "punct"),
    ("“", "PUNCT", 9, "punct"),
    ("Go", "VERB", 6, "ccomp"),
    ("!", "PUNCT", 9, "punct"),
    ("”", "PUNCT", 9, "punct"),
    ("He", "PRON", 13, "nsubj"),
    ("went", "VERB", None, "root"),
    (".", "PUNCT", 13, "punct"),
]


def words() -> tuple[Word, ...]:
    found: list[Word] = []
    done = 0
    for index, (text, upos, head, deprel) in enumerate(ROWS):
        start = TEXT.index(text, done)
        done = start + len(text)
        found.append(
            Word(
                index=index,
                sentence=int(index > 11),
                text=text,
                lemma=text.lower(),
                upos=upos,
                head=head,
                deprel=deprel,
                start_char=start,
                end_char=done,
            )
        )
    return tuple(found)


@pytest.fixture
def reading() -> Reading:
    return Reading(
        text=TEXT,
        words=words(),
        sentences=(
            Sentence(index=0, start=0, end=12, start_char=0, end_char=31, paragraph=0),
            Sentence(index=1, start=12, end=15, start_char=32, end_char=40, paragraph=0),
        ),
        names=(Name(start=0, end=2, label="PER"),),
        paragraphs=(Span(start_char=0, end_char=len(TEXT), text=TEXT),),
    )


def test_relation_is_without_subtype(reading: Reading) -> None:
    assert reading.words[4].relation == "acl"
    assert reading.words[0].relation == "nsubj"


def test_children_in_order(reading: Reading) -> None:
    assert reading.children(6) == (0, 9)
    assert reading.children(1) == ()


def test_child_by_relation(reading: Reading) -> None:
    assert reading.child(0, "acl") == 4
    assert reading.child(6, "obj", "ccomp") == 9
    assert reading.child(6, "obj") is None


def test_subtree(reading: Reading) -> None:
    assert reading.subtree(0) == (0, 1, 2, 3, 4, 5)
    assert reading.subtree(13) == (12, 13, 14)
    assert reading.subtree(1) == (1,)


def test_ancestors_nearest_first(reading: Reading) -> None:
    assert reading.ancestors(3) == (4, 0, 6)
    assert reading.ancestors(6) == ()


def test_name_at(reading: Reading) -> None:
    assert reading.name_at(1) == Name(start=0, end=2, label="PER")
    assert reading.name_at(2) is None


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (0, 7, range(2)),
        (1, 7, range(1, 2)),
        (26, 31, range(8, 12)),
        (len(TEXT), len(TEXT) + 1, range(15, 15)),
        (8, 8, range(3, 3)),
    ],
)
def test_words_that_begin_inside(reading: Reading, start: int, end: int, expected: range) -> None:
    assert reading.words_in(start, end) == expected


def test_spans(reading: Reading) -> None:
    assert reading.span(4, 7).text == "Lee"
    assert reading.word_span(0, 2) == Span(start_char=0, end_char=7, text="Ann Lee")


def test_word_span_of_words_that_share_a_token() -> None:
    """The parts of a multi-word token without offsets of their own all have those of the token."""
    rows = [("du", 0, 2), ("de", 0, 2), ("pont", 3, 7)]
    found = tuple(
        Word(index=i, sentence=0, text=t, lemma=t, upos="X", head=None, deprel="root", start_char=a, end_char=b)
        for i, (t, a, b) in enumerate(rows)
    )
    sentence = Sentence(index=0, start=0, end=3, start_char=0, end_char=7, paragraph=0)
    reading = Reading(text="du pont", words=found, sentences=(sentence,), names=(), paragraphs=())
    assert reading.word_span(0, 2).text == "du"
    assert reading.word_span(1, 3).text == "du pont"
    assert reading.words_in(0, 3) == range(2)
