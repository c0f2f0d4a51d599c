"""The example files of stages 3 to 6, on the parses in `parses.conllu`: cues, attribution, speakers, roles, notes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest
from rule_parses import ParseError, problems, read_parses, to_reading

from quotex._assembly import extract_reading
from quotex._extraction import Extraction
from quotex._mark_shapes import FAMILY
from quotex._marks import find_marks
from quotex._types import Note, Quote, Span
from quotex.evaluation._gold import UNJUDGED, GoldDocument, GoldQuote, GoldSpeaker, trim
from quotex.evaluation._tagged import Case, read_cases

HERE = Path(__file__).parent
RIGHT = ("cues", "continuation", "speakers", "roles", "notes", "layout", "negative", "complaints")
CODES = ("scare-quote", "title", "nickname", "term")


def name_of(stem: str, case: Case) -> str:
    """The id of a case's parse: `FILE/HEADING`; the heading of a known failure is that id, a dash and the reason."""
    return case.title.partition(" — ")[0] if stem == "known_failures" else f"{stem}/{case.title}"


def params(*stems: str) -> list[object]:
    return [
        pytest.param(name_of(stem, case), case, id=name_of(stem, case))
        for stem in stems
        for case in read_cases(HERE / f"{stem}.md")
    ]


@cache
def extracted(name: str, text: str) -> Extraction:
    return extract_reading(to_reading(text, read_parses()[name]), find_marks(text))


# what a case wants and what the rules gave, as lines that are easy to compare ----------------------------------------


def wanted(document: GoldDocument) -> list[str]:
    quotes = sorted(document.quotes, key=lambda quote: (quote.written[0].start_char, -quote.written[-1].end_char))
    notes = sorted((item.span.start_char, f"{item.code}: {item.span.text}") for item in document.not_speech)
    lines = [line for number, quote in enumerate(quotes, 1) for line in _gold_lines(document, number, quote)]
    return [*lines, *(f"note {text}" for _, text in notes)]


def given(document: GoldDocument, extraction: Extraction) -> list[str]:
    """The same lines for a result; what the case does not judge is left out."""
    found = sorted(_walk(extraction.quotes), key=lambda quote: (quote.start_char, -quote.end_char))
    gold = {_inner(quote.written[0]): quote for quote in document.quotes}
    lines = [
        line
        for number, quote in enumerate(found, 1)
        for line in _quote_lines(number, quote, gold.get(_edges(quote.segments[0])))
    ]
    return [*lines, *(f"note {_note(document.text, note)}" for note in extraction.notes if note.code in CODES)]


def _gold_lines(document: GoldDocument, number: int, quote: GoldQuote) -> Iterator[str]:
    yield f"{number} words: " + " | ".join(document.text[slice(*_inner(span))] for span in quote.written)
    yield f"{number} kind, manner: {quote.kind}, {quote.manner}"
    yield f"{number} mention: {_place(quote.mention)}"
    yield f"{number} source: {_place(quote.source)}"
    yield f"{number} cue: {_place(quote.cue)}"
    if quote.speaker is not UNJUDGED:
        yield f"{number} speaker: {_fold(quote.speaker.name) if isinstance(quote.speaker, GoldSpeaker) else None}"
    if quote.role is not UNJUDGED:
        yield f"{number} role: {quote.role}"
    if quote.addressees is not UNJUDGED:
        yield f"{number} to: {', '.join(_fold(speaker.name) for speaker in quote.addressees)}"


def _quote_lines(number: int, quote: Quote, gold: GoldQuote | None) -> Iterator[str]:
    yield f"{number} words: " + " | ".join(span.text for span in quote.segments)
    yield f"{number} kind, manner: {quote.kind}, {quote.manner}"
    yield f"{number} mention: {_place(quote.mention)}"
    yield f"{number} source: {_place(quote.source)}"
    yield f"{number} cue: {_place(quote.cue)}"
    if gold is None or gold.speaker is not UNJUDGED:
        yield f"{number} speaker: {_fold(quote.speaker.name) if quote.speaker else None}"
    if gold is None or gold.role is not UNJUDGED:
        yield f"{number} role: {quote.role}"
    if gold is not None and gold.addressees is not UNJUDGED:
        yield f"{number} to: {_fold(quote.addressee.name) if quote.addressee else ''}"


def _place(value: object) -> str:
    return f"{value.start_char}: {value.text}" if isinstance(value, Span) else "none"


def _fold(name: str) -> str:
    """A name without an article before it: whether a text writes `the HSB` or `HSB` is no matter of rules."""
    folded = name.casefold()
    return next((folded.removeprefix(word) for word in ("the ", "an ", "a ") if folded.startswith(word)), folded)


def _note(text: str, note: Note) -> str:
    return f"{note.code}: {trim(text, note.span.start_char, note.span.end_char).text}"


def _inner(span: Span) -> tuple[int, int]:
    """The offsets of a segment as a case writes it, without its outer marks."""
    start, end = span.start_char, span.end_char
    if span.text[0] in FAMILY:
        start += 1
    if span.text[-1] in FAMILY:
        end -= 1
    return start, end


def _edges(span: Span) -> tuple[int, int]:
    return span.start_char, span.end_char


def _walk(quotes: Iterable[Quote]) -> Iterator[Quote]:
    for quote in quotes:
        yield quote
        yield from _walk(quote.nested)


# the tests -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "case"), params(*RIGHT))
def test_case(name: str, case: Case) -> None:
    assert given(case.document, extracted(name, case.document.text)) == wanted(case.document)


@pytest.mark.parametrize(("name", "case"), params("known_failures"))
@pytest.mark.xfail(reason="known failure: move the case where its heading says once it passes", strict=True)
def test_known_failure(name: str, case: Case) -> None:
    assert given(case.document, extracted(name, case.document.text)) == wanted(case.document)


@pytest.mark.parametrize(("name", "case"), params("negative"))
def test_negative_case_finds_nobody(name: str, case: Case) -> None:
    assert not case.document.quotes
    assert not case.document.not_speech
    extraction = extracted(name, case.document.text)
    assert (extraction.quotes, extraction.speakers) == ((), ())


@pytest.mark.parametrize(("name", "case"), params(*RIGHT, "known_failures"))
def test_nested_quotation_stands_where_the_case_has_it(name: str, case: Case) -> None:
    """Each quotation inside another lies inside it, and nothing stands in two places."""
    places: list[tuple[int, int]] = []
    for quote in _walk(extracted(name, case.document.text).quotes):
        places.append(_edges(quote.extent))
        for inner in quote.nested:
            assert quote.start_char <= inner.start_char < inner.end_char <= quote.end_char
    assert len(places) == len(set(places))


def test_every_case_has_its_parse_and_every_parse_its_case() -> None:
    names = [name_of(stem, case) for stem in (*RIGHT, "known_failures") for case in read_cases(HERE / f"{stem}.md")]
    assert sorted(read_parses()) == sorted(names)


def test_every_parse_is_a_tree() -> None:
    assert [problem for parse in read_parses().values() for problem in problems(parse)] == []


def test_a_parse_of_another_text_is_refused() -> None:
    parse = read_parses()["cues/Present tense"]
    with pytest.raises(ParseError, match="is not next in"):
        to_reading("The roof does not leak.", parse)
