"""What the example files cannot say: notes, paragraphs, incomplete marks, depth, properties of any text."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotex._mark_paragraphs import split_paragraphs
from quotex._marks import MAX_DEPTH, Marked, Marks, find_marks
from quotex._types import Span

DATA = Path(os.environ.get("QUOTEX_DATA", "../shared/data"))

MARKS = "\"'`“”„‟‘’‚‛«»‹›「」『』＂"
WORDS = ["Go", "don’t", "officers’", "he said", "’tis", "'90s", "6'2\"", "x=", "桥", "é", "e\u0301", "😀", "''", "``"]
LAYOUT = [
    *(
        "\n\nQ: Go?",
        "\n\nA: I go.",
        "\n\nLEE: Go?\n\nORTIZ: I go.\n\nLEE: ",
        "\nLEE\nI go.",
        "(Laughter.)",
        "**",
        "Note: ",
    ),
    *("\n> ", "\n>\n> ", "\n>> ", "\n> — Lee\n", "Lee wrote:\n\n    ", "\n\n    I go.\n\n"),
    *("\n\n— ", " — said Lee", " —said Lee—. ", " — he said — ", "\n— Go, said Lee. ", "\n– ", "&mdash;", "--", "- "),
]
BLANKS = [" ", " ", "\n", "\n\n", "\r\n", "\r", "\u2028", "\u2029", "\f", "\t", "\u00a0", "\u202f", "\u200b", "\u200f"]
PIECES = st.sampled_from([*MARKS, *WORDS, *LAYOUT, *BLANKS, *",.?—…()>_*"])
TEXTS = st.lists(PIECES, max_size=40).map("".join) | st.text(max_size=60)


def notes(text: str) -> list[tuple[str, str]]:
    return [(note.code, note.span.text) for note in find_marks(text).notes]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("He said: “The bridge is closed.", [("unclosed-quote", "“The bridge is closed.")]),
        ("“A bridge.\n\nThe council met.", [("unclosed-quote", "“A bridge.")]),
        ("When it closed, we left,” she said.", [("unopened-quote", "When it closed, we left,”")]),
        ("The “Blue Heron” is full of fish” and rust.", [("stray-mark", "”")]),
        ('He has "" and nothing.', [("empty-quote", '""')]),
        ("“ ”", [("empty-quote", "“ ”")]),
        ('"', [("stray-mark", '"')]),
        ("» Bridge closed", [("stray-mark", "»")]),
        ('"' * 50, [("stray-mark", '"' * 50)]),
        ("“‘" * 50, [("stray-mark", "“‘" * 50)]),
        ("The officers’ cars, the ’90s, ’tis, 6'2\", o’ and rock ’n’ roll.", []),
        ("A 12\" pipe and a 5' man.", []),
    ],
)
def test_notes(text: str, wanted: list[tuple[str, str]]) -> None:
    assert notes(text) == wanted


def test_missing_opening_mark() -> None:
    (marked,) = find_marks("It rained.\n\nWhen it closed, we left,” she said.").marked
    assert not marked.complete
    assert marked.opening == ""
    assert marked.segments == (Span(start_char=12, end_char=36, text="When it closed, we left,"),)
    assert marked.extent == Span(start_char=12, end_char=37, text="When it closed, we left,”")


def test_reopened_and_never_closed() -> None:
    (marked,) = find_marks("“One.\n\n“Two.\n\nThree.").marked
    assert not marked.complete
    assert [segment.text for segment in marked.segments] == ["One.", "Two."]
    assert notes("“One.\n\n“Two.\n\nThree.") == [("unclosed-quote", "“Two.")]


def test_opening_mark_as_written() -> None:
    marked = find_marks("“a” \"b\" ``c'' «d» 「e」 ‘f’").marked
    assert [each.opening for each in marked] == ["“", '"', "``", "«", "「", "‘"]


def test_a_paragraph_does_not_suffer_from_the_one_before() -> None:
    spoiled = "“The bridge is “closed, she said.\n\n"
    sound = "“It is open,” he said. ‘It’s true,’ she said."
    wanted = [each.segments[0].text for each in find_marks(sound).marked]
    assert [
        each.segments[0].text for each in find_marks("It rained.\n\n" + spoiled + "It rained.\n\n" + sound).marked
    ] == wanted


def test_depth_is_bounded() -> None:
    marks = find_marks("outer 「 inner 『 " * MAX_DEPTH + "core" + " 』 inner 」 outer" * MAX_DEPTH)
    assert max(map(_depth, marks.marked)) == MAX_DEPTH
    assert marks.notes
    copy = pickle.loads(pickle.dumps(marks))
    assert copy == marks
    assert hash(copy) == hash(marks)


def _depth(marked: Marked) -> int:
    return 1 + max(map(_depth, marked.children), default=0)


@pytest.mark.parametrize(
    "unit", ['"', "“", "‘”", "(“", "“a ", "'a ", '"\n\n', "»x\n", "“abc.\n\n", "「abcdefgh", "“abcdefgh "]
)
def test_nothing_but_marks(unit: str) -> None:
    marks = find_marks(unit * (20_000 // len(unit)))
    check(unit * (20_000 // len(unit)), marks)
    assert sum(len(note.span) for note in marks.notes) <= 200_000


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", []),
        (" \n\n ", []),
        ("One.\n\nTwo.", ["One.", "Two."]),
        ("One.\r\n\r\nTwo.", ["One.", "Two."]),
        ("One.\r\rTwo.", ["One.", "Two."]),
        ("One.\n \t\nTwo.", ["One.", "Two."]),
        ("One.\nTwo.\nThree.", ["One.", "Two.", "Three."]),
        ("One line\nand the next\nof one.\n\nTwo.", ["One line\nand the next\nof one.", "Two."]),
        ("One line\rand the next.", ["One line\rand the next."]),
        ("One.\u2028Two.\u2029Three.", ["One.", "Two.", "Three."]),
        ("One line\u2029and another.", ["One line", "and another."]),
        ("Page one ends\f\nand goes on.", ["Page one ends", "and goes on."]),
        ("  One line is\nlong and then it\ngoes on.\n  Two lines are\nlong too and\ngo on.", None),
        ("> One line\n> and the next.", ["> One line\n> and the next."]),
        ("橋は閉まって\nいる。", ["橋は閉まって\nいる。"]),
        ("橋は閉まっている。\n船はない。", ["橋は閉まっている。", "船はない。"]),
    ],
)
def test_paragraphs(text: str, wanted: list[str] | None) -> None:
    found = [paragraph.text for paragraph in find_marks(text).paragraphs]
    if wanted is None:
        wanted = ["One line is\nlong and then it\ngoes on.", "Two lines are\nlong too and\ngo on."]
    assert found == wanted


def check(text: str, marks: Marks) -> None:
    """What must hold for any text."""
    for span in [*marks.paragraphs, *(note.span for note in marks.notes)]:
        assert text[span.start_char : span.end_char] == span.text
    assert [note.span.start_char for note in marks.notes] == sorted(note.span.start_char for note in marks.notes)
    ends = [0]
    for paragraph in marks.paragraphs:
        assert ends[-1] <= paragraph.start_char < paragraph.end_char
        assert paragraph.text == paragraph.text.strip()
        ends.append(paragraph.end_char)
    check_marked(text, marks.marked, 0, len(text))


def check_marked(text: str, marked: tuple[Marked, ...], start: int, end: int) -> None:
    for each in marked:
        extent = each.extent
        assert start <= extent.start_char < extent.end_char <= end
        assert text[extent.start_char : extent.end_char] == extent.text
        assert extent.text.startswith(each.opening)
        assert each.segments
        place = extent.start_char
        for segment in each.segments:
            assert place <= segment.start_char < segment.end_char <= extent.end_char
            assert segment.text == text[segment.start_char : segment.end_char] == segment.text.strip()
            place = segment.end_char
        check_marked(text, each.children, extent.start_char, extent.end_char)
        start = extent.end_char


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_properties(text: str) -> None:
    marks = find_marks(text)
    check(text, marks)
    assert find_marks(text) == marks
    # labels may begin a paragraph inside one of wrapped lines
    assert {span.start_char for span in marks.paragraphs} >= {start for start, _ in split_paragraphs(text)}


@given(TEXTS, st.sampled_from(["“Go,” he said.", "‘I don’t know,’ she said.", '"Go," he said.']))
@settings(max_examples=100, deadline=None)
def test_what_comes_later_is_found_after_any_text(text: str, sound: str) -> None:
    """Damage is bounded: two calm paragraphs further on, a good quotation is found."""
    whole = f"{text}\n\nIt rained.\n\nIt went on raining.\n\nIt rained all day.\n\n{sound}"
    wanted = find_marks(sound).marked[0].segments[0].text
    if "「" not in text and "『" not in text:
        assert wanted in [each.segments[0].text for each in find_marks(whole).marked]


@pytest.mark.skipif(not (DATA / "world-dev").is_dir(), reason="no QUOTEX_DATA with world-dev")
def test_real_articles() -> None:
    for path in sorted((DATA / "world-dev").glob("*.txt")):
        text = path.read_bytes().decode("utf-8")
        for variant in (text, text.replace("\n", "\r\n"), text.replace(". ", ". 😀 ")):
            check(variant, find_marks(variant))
