"""Every miss, by its kind, with the passage that it stands in, for a person to read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Final

import attrs

from quotex._types import Quote, Span
from quotex.evaluation._gold import GoldDocument, GoldQuote, span_of
from quotex.evaluation._judge import Field, Judgement
from quotex.evaluation._match import Alignment, Given, overlapping, predictions
from quotex.evaluation._score import Item, Pool, Verdict, not_speech_taken

CONTEXT: Final = 100
"""Characters of context on either side of a passage."""


class MissKind(StrEnum):
    """What went wrong, in the order of the report."""

    NOT_FOUND = "not found"
    SPLIT = "split"
    MERGED = "merged"
    EXTENT = "wrong extent"
    SPURIOUS = "spurious"
    NOT_SPEECH = "not-speech taken as quotation"
    NO_SPEAKER = "no speaker"
    WRONG_PERSON = "right mention but wrong person"
    WRONG_SPEAKER = "wrong speaker"
    MADE_UP_SPEAKER = "speaker given where there is none"
    WRONG_MENTION = "wrong mention"
    WRONG_SOURCE = "wrong source"
    WRONG_CUE = "wrong cue"
    WRONG_ROLE = "wrong role"
    WRONG_ADDRESSEE = "wrong addressee"
    WRONG_KIND = "wrong kind"
    WRONG_MANNER = "wrong manner"


@attrs.frozen(kw_only=True)
class Miss:
    """One thing that went wrong.

    Attributes:
        kind: What.
        document: In which document.
        item: The annotated quotation's id, or empty for what is not annotated.
        before, passage, after: The text around the quotation, and the quotation.
        wanted: The right answer, or `None` for none.
        given: The answer, or `None` for none.
        method: The rule that decided, or `None` where no prediction is involved.
        confidence: Its confidence, or `None`.
    """

    kind: MissKind
    document: str
    item: str
    before: str
    passage: str
    after: str
    wanted: str | None
    given: str | None
    method: str | None = None
    confidence: float | None = None


_BY_FIELD: Final = {
    Field.MENTION: MissKind.WRONG_MENTION,
    Field.SOURCE: MissKind.WRONG_SOURCE,
    Field.CUE: MissKind.WRONG_CUE,
    Field.ROLE: MissKind.WRONG_ROLE,
    Field.ADDRESSEE: MissKind.WRONG_ADDRESSEE,
    Field.KIND: MissKind.WRONG_KIND,
    Field.MANNER: MissKind.WRONG_MANNER,
}


def misses(document: GoldDocument, quotes: Iterable[Quote], pools: Iterable[Pool]) -> Iterator[Miss]:
    """Everything that went wrong in a document, pool by pool in reading order.

    Args:
        document: Text and annotation.
        quotes: The predictions.
        pools: `pools` of the same.
    """
    taken = not_speech_taken(document, predictions(quotes, document))
    for index, answer in taken.items():
        entry = document.not_speech[index]
        yield _miss(document, MissKind.NOT_SPEECH, (entry.span,), "", entry.code, answer.quote.text, answer.quote)
    takers = {answer.quote for answer in taken.values()}
    for pool in pools:
        yield from extent_misses(document, pool.alignment, besides=takers)
        for verdict in pool.verdicts:
            yield from _field_misses(document, verdict)


def extent_misses(document: GoldDocument, alignment: Alignment, *, besides: Iterable[Quote] = ()) -> Iterator[Miss]:
    """Quotations not found, split, merged, of the wrong extent, and spurious ones.

    A prediction that takes part in one of the first four is not reported as spurious too.

    Args:
        document: Text and annotation.
        alignment: Which prediction answers which annotation.
        besides: Predictions reported otherwise.
    """
    reported = set(besides)
    touching: dict[int, list[int]] = {}
    touched: dict[int, list[int]] = {}
    pairs = overlapping([item.covered for item in alignment.wanted], [item.covered for item in alignment.given])
    for first, second in pairs:
        touching.setdefault(first, []).append(second)
        touched.setdefault(second, []).append(first)
    involved: set[int] = set()
    for index, wanted in enumerate(alignment.wanted):
        if index in alignment.pairs:
            continue
        # a prediction that is the right answer to another quotation (a nested one) explains nothing
        near = [other for other in touching.get(index, ()) if other in alignment.spurious]
        involved.update(near)
        kind = _extent_kind(wanted.covered, [alignment.given[other] for other in near], near, touched)
        given = " ‖ ".join(alignment.given[other].quote.text for other in near) or None
        answer = alignment.given[near[0]].quote if near else None
        yield _miss(document, kind, wanted.quote.written, wanted.quote.id, wanted.quote.text, given, answer)
    for index in alignment.spurious:
        given_quote = alignment.given[index].quote
        if index not in involved and given_quote not in reported:
            segments = alignment.given[index].segments
            yield _miss(document, MissKind.SPURIOUS, segments, "", None, given_quote.text, given_quote)


def _extent_kind(
    covered: frozenset[int], near: list[Given], indexes: list[int], touched: dict[int, list[int]]
) -> MissKind:
    if not near:
        return MissKind.NOT_FOUND
    mostly_inside = [item for item in near if 2 * len(item.covered & covered) > len(item.covered)]
    if len(mostly_inside) > 1:
        return MissKind.SPLIT
    if any(len(touched[index]) > 1 for index in indexes):
        return MissKind.MERGED
    return MissKind.EXTENT


def _field_misses(document: GoldDocument, verdict: Verdict) -> Iterator[Miss]:
    if verdict.answer is None:
        return
    answer = verdict.answer.quote
    for field, judgement in verdict.judgements.items():
        if judgement.lenient:
            continue
        kind = _speaker_kind(judgement, verdict) if field is Field.SPEAKER else _BY_FIELD[field]
        wanted, given = judgement.wanted, judgement.given
        yield _miss(document, kind, verdict.gold.written, verdict.gold.id, wanted, given, answer)


def _speaker_kind(judgement: Judgement, verdict: Verdict) -> MissKind:
    if judgement.wanted is None:
        return MissKind.MADE_UP_SPEAKER
    if judgement.given is None:
        return MissKind.NO_SPEAKER
    mention = verdict.judgements.get(Field.MENTION)
    if mention is not None and mention.wanted is not None and mention.lenient:
        return MissKind.WRONG_PERSON
    return MissKind.WRONG_SPEAKER


def triple_misses(document: GoldDocument, alignment: Alignment, items: Iterable[Item]) -> Iterator[Miss]:
    """The misses of PolNeAR: contents, and of those found the sources and cues."""
    yield from extent_misses(document, alignment)
    for index, item in enumerate(items):
        answer = alignment.answer(index)
        if answer is None:
            continue
        gold: GoldQuote = alignment.wanted[index].quote
        for part, kind in (("source", MissKind.WRONG_SOURCE), ("cue", MissKind.WRONG_CUE)):
            if not item.verdicts[part]:
                wanted, given = item.wanted[part], item.given[part]
                yield _miss(document, kind, gold.written, gold.id, wanted, given, answer.quote)


def _miss(
    document: GoldDocument,
    kind: MissKind,
    spans: tuple[Span, ...],
    item: str,
    wanted: str | None,
    given: str | None,
    answer: Quote | None,
) -> Miss:
    start, end = spans[0].start_char, spans[-1].end_char
    return Miss(
        kind=kind,
        document=document.name,
        item=item,
        before=document.text[max(0, start - CONTEXT) : start],
        passage=span_of(document.text, start, end).text,
        after=document.text[end : end + CONTEXT],
        wanted=wanted,
        given=given,
        method=None if answer is None else answer.method,
        confidence=None if answer is None else answer.confidence,
    )
