"""The example files: each case tags every marked span, marks included, and nothing else may be found."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from quotex._mark_shapes import FAMILY
from quotex._marks import Marked, find_marks
from quotex._types import Span
from quotex.evaluation._tagged import Case, read_cases

HERE = Path(__file__).parent
RIGHT = ("double", "single", "international", "nesting", "paragraphs", "layout", "odd", "negative")


def cases(*names: str) -> list[object]:
    return [pytest.param(case, id=f"{name}:{case.title}") for name in names for case in read_cases(HERE / f"{name}.md")]


def walk(marked: tuple[Marked, ...]) -> Iterator[Marked]:
    for each in marked:
        yield each
        yield from walk(each.children)


def pieces(text: str, marked: Marked) -> tuple[str, ...]:
    """The segments as a case tags them: with the mark before each and the one after the last."""
    edges = [(segment.start_char, segment.end_char) for segment in marked.segments]
    starts = [marked.extent.start_char, *(_mark_before(text, start) for start, _ in edges[1:])]
    ends = [*(end for _, end in edges[:-1]), marked.extent.end_char]
    return tuple(f"{start}: {text[start:end]}" for start, end in zip(starts, ends, strict=True))


def _mark_before(text: str, start: int) -> int:
    """Where the mark that a segment reopens stands; the segment's own start where there is none."""
    blank = len(text[:start].rstrip(" \N{NO-BREAK SPACE}"))
    return blank - 1 if text[blank - 1 : blank] in FAMILY else start


def expected(case: Case) -> list[tuple[str, ...]]:
    return [tuple(f"{span.start_char}: {span.text}" for span in quote.written) for quote in case.document.quotes]


def found(text: str) -> list[tuple[str, ...]]:
    return [pieces(text, marked) for marked in walk(find_marks(text).marked)]


@pytest.mark.parametrize("case", cases(*RIGHT))
def test_case(case: Case) -> None:
    assert found(case.document.text) == expected(case)


@pytest.mark.parametrize("case", cases("known_failures"))
@pytest.mark.xfail(reason="known failure: move the case where it belongs once it passes")
def test_known_failure(case: Case) -> None:
    assert found(case.document.text) == expected(case)


def test_negative_cases_tag_nothing() -> None:
    assert not [case.title for case in read_cases(HERE / "negative.md") if case.document.quotes]


@pytest.mark.parametrize("case", cases(*RIGHT))
def test_carriage_returns_change_nothing(case: Case) -> None:
    text = case.document.text
    assert len(found(text.replace("\n", "\r\n"))) == len(expected(case))
    assert [len(each) for each in found(text.replace("\n", "\r"))] == [len(each) for each in expected(case)]


def test_nesting_of_spans() -> None:
    def check(marked: tuple[Marked, ...], around: Span | None) -> None:
        for each in marked:
            if around is not None:
                assert around.start_char <= each.extent.start_char < each.extent.end_char <= around.end_char
            check(each.children, each.extent)

    for name in RIGHT:
        for case in read_cases(HERE / f"{name}.md"):
            check(find_marks(case.document.text).marked, None)
