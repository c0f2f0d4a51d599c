"""Which predicted quotation answers which annotated one: one to one, by the characters that they share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import attrs

from quotex._types import Quote, QuoteKind, Span
from quotex.evaluation._gold import UNJUDGED, GoldDocument, GoldQuote, characters, trim
from quotex.evaluation._polnear import trim_content

OVERLAP: Final = 0.8
"""Intersection over union from which two quotations are the same (DESIGN section 6)."""

CONTENT_OVERLAP: Final = 0.5
"""The same for the contents of PolNeAR."""

_BLOCK: Final = 512
"""Characters per cell of the index that finds overlapping quotations."""


@attrs.frozen(kw_only=True)
class Given:
    """A predicted quotation, as it is compared.

    Attributes:
        quote: The prediction.
        segments: Its segments, trimmed as gold segments are.
        covered: The offsets in them.
    """

    quote: Quote
    segments: tuple[Span, ...]
    covered: frozenset[int]


@attrs.frozen(kw_only=True)
class Wanted:
    """An annotated quotation with the offsets in its segments.

    Attributes:
        quote: The annotation.
        covered: The offsets.
    """

    quote: GoldQuote
    covered: frozenset[int]


@attrs.frozen(kw_only=True)
class Alignment:
    """The quotations of a document, of some kinds, predicted and annotated, and which answers which.

    Attributes:
        wanted: All annotated quotations, in reading order.
        given: All predicted quotations, in reading order.
        pairs: Index in `wanted` to index in `given` and their overlap, for those that match.
    """

    wanted: tuple[Wanted, ...]
    given: tuple[Given, ...]
    pairs: dict[int, tuple[int, float]]

    @property
    def spurious(self) -> tuple[int, ...]:
        """Indexes in `given` that match nothing."""
        matched = {index for index, _ in self.pairs.values()}
        return tuple(index for index in range(len(self.given)) if index not in matched)

    def answer(self, index: int) -> Given | None:
        """The prediction that matches `wanted[index]`."""
        pair = self.pairs.get(index)
        return None if pair is None else self.given[pair[0]]


def is_marked(kind: object) -> bool:
    """Whether quotations of the kind stand in marks; what is not judged does."""
    return kind is UNJUDGED or kind in (QuoteKind.DIRECT, QuoteKind.MIXED)


def predictions(quotes: Iterable[Quote], document: GoldDocument) -> tuple[Given, ...]:
    """The predictions that the document's annotation can judge, made comparable to it.

    Kinds that are not annotated are left out, nested quotations too where they are not annotated, and quotations are
    split into stretches where the corpus annotates those. Where it annotates contents, these are compared, and one
    that several quotations share counts once.
    """
    flat = dict.fromkeys(_flat(quotes, nested=document.nested))
    given: dict[tuple[Quote | None, tuple[Span, ...]], Given] = {}
    for quote in flat:
        if quote.kind not in document.kinds or not quote.segments:
            continue
        groups = [(span,) for span in quote.segments] if document.stretches else [quote.segments]
        if document.triples:
            groups = [quote.content or quote.segments]
        for spans in groups:
            trimmed = _trimmed(document, spans)
            key = (None if document.triples else quote, trimmed)
            given.setdefault(key, Given(quote=quote, segments=trimmed, covered=characters(trimmed)))
    return tuple(sorted(given.values(), key=lambda item: (item.segments[0].start_char, -item.segments[-1].end_char)))


def _trimmed(document: GoldDocument, spans: Sequence[Span]) -> tuple[Span, ...]:
    if document.triples:
        return trim_content(document.text, spans)
    return tuple(trim(document.text, span.start_char, span.end_char) for span in spans)


def _flat(quotes: Iterable[Quote], *, nested: bool) -> Iterator[Quote]:
    for quote in quotes:
        yield quote
        if nested:
            yield from _flat(quote.nested, nested=True)


def align(wanted: Iterable[GoldQuote], given: Iterable[Given], *, overlap: float = OVERLAP) -> Alignment:
    """Match predictions to annotations, one to one, the largest overlap first, then reading order.

    Args:
        wanted: Annotated quotations.
        given: Predicted quotations.
        overlap: Intersection over union of the characters of all segments, from which two may match.
    """
    golden = tuple(Wanted(quote=quote, covered=characters(quote.segments)) for quote in wanted)
    given = tuple(given)
    candidates = []
    for first, second in overlapping([item.covered for item in golden], [item.covered for item in given]):
        score = iou(golden[first].covered, given[second].covered)
        if score >= overlap:
            candidates.append((-score, first, second))
    pairs: dict[int, tuple[int, float]] = {}
    taken: set[int] = set()
    for negative, first, second in sorted(candidates):
        if first not in pairs and second not in taken:
            pairs[first] = (second, -negative)
            taken.add(second)
    return Alignment(wanted=golden, given=given, pairs=pairs)


def iou(first: frozenset[int], second: frozenset[int]) -> float:
    """Intersection over union, 0 to 1; 0 where both are empty."""
    shared = len(first & second)
    return shared / (len(first) + len(second) - shared) if shared else 0.0


def overlapping(first: Sequence[frozenset[int]], second: Sequence[frozenset[int]]) -> Iterator[tuple[int, int]]:
    """The pairs of indexes whose sets share an offset, ordered; near linear in the length of the text."""
    cells: dict[int, list[int]] = {}
    for index, covered in enumerate(second):
        for cell in sorted({offset // _BLOCK for offset in covered}):
            cells.setdefault(cell, []).append(index)
    for index, covered in enumerate(first):
        near = {other for cell in {offset // _BLOCK for offset in covered} for other in cells.get(cell, ())}
        for other in sorted(near):
            if not covered.isdisjoint(second[other]):
                yield index, other
