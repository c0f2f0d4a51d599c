"""A text cut into paragraphs and runs for the page: each run says which quotations, sources, cues and notes cover it.

The runs tile the text, so that what the page shows is the text and nothing else, whatever overlaps or crosses.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

import attrs
import regex

from quotex._mark_paragraphs import split_paragraphs
from quotex._types import Note, Quote, Span

_BREAK = regex.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")

CHUNK_CHARACTERS = 6_000
"""Text that a browser lays out at a time: about two screens, so that a novel opens as fast as an article."""


@attrs.frozen(kw_only=True)
class Numbered:
    """A quotation of the page, with those inside others.

    Attributes:
        number: Its place in reading order, from 0, nested ones included.
        quote: The quotation.
        depth: 0, or how many quotations it stands inside.
    """

    number: int
    quote: Quote
    depth: int


@attrs.frozen(kw_only=True)
class Run:
    """A stretch of text that is covered by the same things throughout.

    Attributes:
        text: The stretch.
        quotes: Numbers of the quotations whose words it is, the outermost first.
        cues: Numbers of the quotations whose cue it is part of.
        sources: Numbers of the quotations whose source phrase it is part of.
        notes: Places of the notes that it belongs to, from 0.
        begins: A segment of the innermost quotation begins here.
    """

    text: str
    quotes: tuple[int, ...] = ()
    cues: tuple[int, ...] = ()
    sources: tuple[int, ...] = ()
    notes: tuple[int, ...] = ()
    begins: bool = False

    @property
    def plain(self) -> bool:
        """Nothing covers it."""
        return not (self.quotes or self.cues or self.sources or self.notes)


@attrs.frozen(kw_only=True)
class Block:
    """A paragraph with the line break that ends it, and the blank lines behind it.

    Attributes:
        runs: The paragraph.
        gap: The white space up to the next paragraph, often empty.
        breaks: Line breaks in `gap`.
    """

    runs: tuple[Run, ...]
    gap: str
    breaks: int


@attrs.frozen
class _Cover:
    """Something that covers a stretch: which layer, which number, and how deep it is nested."""

    start: int
    end: int
    layer: str
    number: int
    depth: int


def numbered(quotes: Sequence[Quote]) -> tuple[Numbered, ...]:
    """All quotations in reading order, each before those inside it."""
    found: list[Numbered] = []

    def visit(level: Sequence[Quote], depth: int) -> None:
        for quote in level:
            found.append(Numbered(number=len(found), quote=quote, depth=depth))
            visit(quote.nested, depth + 1)

    visit(quotes, 0)
    return tuple(found)


def chunks_of(text: str, items: Sequence[Numbered], notes: Sequence[Note]) -> Iterator[tuple[Block, ...]]:
    """The whole text in blocks, grouped into chunks of at least `CHUNK_CHARACTERS`; the last may be shorter."""
    chunk: list[Block] = []
    size = 0
    for block in _blocks(text, _covers(items, notes)):
        chunk.append(block)
        size += sum(len(run.text) for run in block.runs)
        if size >= CHUNK_CHARACTERS:
            yield tuple(chunk)
            chunk, size = [], 0
    if chunk:
        yield tuple(chunk)


def is_wrapped(text: str) -> bool:
    """Whether paragraphs have line breaks inside them."""
    return any(_BREAK.search(text, start, end) for start, end in split_paragraphs(text))


def _covers(items: Sequence[Numbered], notes: Sequence[Note]) -> list[_Cover]:
    covers: list[_Cover] = []

    def add(span: Span | None, layer: str, number: int, depth: int) -> None:
        if span is not None and len(span) > 0:
            covers.append(_Cover(span.start_char, span.end_char, layer, number, depth))

    for item in items:
        for segment in item.quote.segments:
            add(segment, "quotes", item.number, item.depth)
        add(item.quote.cue, "cues", item.number, item.depth)
        add(item.quote.source or item.quote.mention, "sources", item.number, item.depth)
    for number, note in enumerate(notes):
        add(note.span, "notes", number, 0)
    # the walk below takes them as they begin, and what begins together from the outside to the inside
    return sorted(covers, key=lambda cover: (cover.start, cover.depth, -cover.end, cover.number))


def _blocks(text: str, covers: Sequence[_Cover]) -> Iterator[Block]:
    paragraphs = split_paragraphs(text)
    followers = [*(start for start, _ in paragraphs[1:]), len(text)]
    open_covers: list[_Cover] = []
    waiting = 0
    begin = 0
    for (_, end), following in zip(paragraphs, followers, strict=False):
        body_end, gap_end = _cut(text, end, following)
        while waiting < len(covers) and covers[waiting].start < gap_end:
            open_covers.append(covers[waiting])
            waiting += 1
        gap = text[body_end:gap_end]
        runs = tuple(_runs(text, begin, body_end, open_covers))
        yield Block(runs=runs, gap=gap, breaks=len(_BREAK.findall(gap)))
        open_covers = [cover for cover in open_covers if cover.end > gap_end]
        begin = gap_end
    if begin < len(text):
        yield Block(runs=tuple(_runs(text, begin, len(text), ())), gap="", breaks=0)


def _cut(text: str, end: int, following: int) -> tuple[int, int]:
    """Where a paragraph's own line ends and where the gap behind it ends, before the indentation of the next."""
    breaks = list(_BREAK.finditer(text, end, following))
    if not breaks:
        return following, following
    return breaks[0].end(), breaks[-1].end() if following < len(text) else following


def _runs(text: str, begin: int, end: int, covers: Sequence[_Cover]) -> Iterator[Run]:
    """The runs between two offsets, in one sweep: a whole novel may be one paragraph."""
    waiting = [cover for cover in covers if cover.end > begin and cover.start < end]
    cuts = {begin, end}
    for cover in waiting:
        cuts.update((max(begin, cover.start), min(end, cover.end)))
    waiting.reverse()
    here: list[_Cover] = []
    for start, stop in itertools.pairwise(sorted(cuts)):
        here = [cover for cover in here if cover.end > start]
        new: list[_Cover] = []
        while waiting and waiting[-1].start <= start:
            new.append(waiting.pop())
        here.extend(new)
        quotes = _numbers(here, "quotes")
        yield Run(
            text=text[start:stop],
            quotes=quotes,
            cues=_numbers(here, "cues"),
            sources=_numbers(here, "sources"),
            notes=_numbers(here, "notes"),
            begins=bool(quotes) and any(cover.layer == "quotes" and cover.number == quotes[-1] for cover in new),
        )


def _numbers(covers: Sequence[_Cover], layer: str) -> tuple[int, ...]:
    """Numbers of the covers of one layer; among quotations the outermost first, since they begin first."""
    return tuple(dict.fromkeys(cover.number for cover in covers if cover.layer == layer))
