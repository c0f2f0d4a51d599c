"""PolNeAR's measures: the spans of sources, cues and contents, and contents with the right source and cue linked.

Defined in DESIGN section 6. Published figures on attribution differ in whether spans must be identical and in whether
source and cue must be right too, so both are counted.
"""

from __future__ import annotations

from collections.abc import Iterable

from quotex._types import Quote, QuoteKind, Span
from quotex.evaluation._gold import GoldDocument, GoldQuote, characters, trim
from quotex.evaluation._match import CONTENT_OVERLAP, Alignment, Given, align, iou, predictions
from quotex.evaluation._score import DocumentScore, Item, Tally

PARTS = ("source", "cue", "content")
_KINDS = tuple(kind.value for kind in QuoteKind)


def align_contents(document: GoldDocument, quotes: Iterable[Quote]) -> Alignment:
    """Match predicted to annotated contents of all kinds at an overlap of one half."""
    return align(document.quotes, predictions(quotes, document), overlap=CONTENT_OVERLAP)


def score_triples(document: GoldDocument, alignment: Alignment, *, seconds: float) -> DocumentScore:
    """Count PolNeAR's measures.

    Keys: `source`, `cue`, `content` with `.precision`, `.recall` and `.f1`: exact spans, each stretch by itself.
    `content_overlap`: contents at `CONTENT_OVERLAP`; `linked`: the same with source and cue right too; both also by
    kind, the annotated kind for recall and the predicted one for precision. `source_matched`, `cue_matched`: of the
    contents found, those with the right source and cue.

    Args:
        document: Text and annotation.
        alignment: `align_contents` of the same document.
        seconds: How long extraction took.
    """
    tally = Tally()
    _count_spans(tally, document, alignment)
    items = []
    linked: dict[int, bool] = {}
    for index, wanted in enumerate(alignment.wanted):
        answer = alignment.answer(index)
        verdicts = {part: answer is not None and _linked(document, wanted.quote, answer, part) for part in PARTS[:2]}
        linked[index] = answer is not None and all(verdicts.values())
        for part, right in verdicts.items():
            tally.add(f"{part}_matched", right, int(answer is not None))
        items.append(_item(document, wanted.quote, answer, verdicts))
    _count_contents(tally, "content_overlap", alignment, dict.fromkeys(alignment.pairs, True))
    _count_contents(tally, "linked", alignment, linked)
    return DocumentScore(
        name=document.name,
        words=len(document.text.split()),
        seconds=seconds,
        ratios=tally.ratios(),
        confidences=(),
        items=tuple(items),
    )


def _count_spans(tally: Tally, document: GoldDocument, alignment: Alignment) -> None:
    for part in PARTS:
        wanted = {
            (span.start_char, span.end_char)
            for item in alignment.wanted
            for span in _gold_spans(document, item.quote, part)
        }
        given = {
            (span.start_char, span.end_char) for item in alignment.given for span in _given_spans(document, item, part)
        }
        tally.found(part, len(wanted & given), len(given), len(wanted))


def _count_contents(tally: Tally, key: str, alignment: Alignment, right: dict[int, bool]) -> None:
    """Precision, recall and F1, then recall by the annotated and precision by the predicted kind."""
    hits = [index for index in alignment.pairs if right[index]]
    tally.found(key, len(hits), len(alignment.given), len(alignment.wanted))
    answers = {alignment.pairs[index][0] for index in hits}
    for kind in _KINDS:
        of_kind = [index for index, item in enumerate(alignment.wanted) if item.quote.kind == kind]
        tally.add(f"{key}.recall.{kind}", len(set(hits) & set(of_kind)), len(of_kind))
        predicted = {index for index, item in enumerate(alignment.given) if item.quote.kind == kind}
        tally.add(f"{key}.precision.{kind}", len(answers & predicted), len(predicted))


def _linked(document: GoldDocument, wanted: GoldQuote, given: Given, part: str) -> bool:
    """Whether the part overlaps the annotated one by one half, or both are missing."""
    first = characters(_gold_spans(document, wanted, part))
    second = characters(_given_spans(document, given, part))
    return not (first or second) or iou(first, second) >= CONTENT_OVERLAP


def _gold_spans(document: GoldDocument, quote: GoldQuote, part: str) -> tuple[Span, ...]:
    if part == "content":
        return quote.segments
    spans = quote.sources if part == "source" else quote.cues
    return tuple(trim(document.text, span.start_char, span.end_char) for span in spans)


def _given_spans(document: GoldDocument, given: Given, part: str) -> tuple[Span, ...]:
    """A predicted quotation with a mention and no source has the mention as its source.

    One with neither, whose speaker is told from around it, has the nearest mention of its speaker.
    """
    if part == "content":
        return given.segments
    span = (given.quote.source or given.quote.mention or _nearest(given)) if part == "source" else given.quote.cue
    return () if span is None else (trim(document.text, span.start_char, span.end_char),)


def _nearest(given: Given) -> Span | None:
    """The mention of its speaker that is nearest to a quotation, outside it."""
    quote = given.quote
    if quote.speaker is None:
        return None
    before = [span for span in quote.speaker.mentions if span.end_char <= quote.start_char]
    after = [span for span in quote.speaker.mentions if span.start_char >= quote.end_char]
    beside = [*before[-1:], *after[:1]]
    return min(
        beside, key=lambda span: max(quote.start_char - span.end_char, span.start_char - quote.end_char), default=None
    )


def _item(document: GoldDocument, wanted: GoldQuote, answer: Given | None, verdicts: dict[str, bool]) -> Item:
    def text(spans: tuple[Span, ...]) -> str | None:
        return " … ".join(span.text for span in spans) or None

    return Item(
        document=document.name,
        id=wanted.id,
        text=wanted.text,
        found=answer is not None,
        verdicts=verdicts,
        wanted={part: text(_gold_spans(document, wanted, part)) for part in verdicts},
        given={part: None if answer is None else text(_given_spans(document, answer, part)) for part in verdicts},
    )
