"""The counts of one document: every measure is a ratio of sums, so that documents add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import attrs

from quotex._extraction import Extraction
from quotex._types import QuoteKind
from quotex.evaluation._gold import GoldDocument, GoldQuote, GoldSpeaker, NotSpeech, characters
from quotex.evaluation._judge import Field, Judgement, judge, right_character
from quotex.evaluation._match import Alignment, Given, align, iou, is_marked, predictions


@attrs.frozen(kw_only=True)
class Ratio:
    """Part of a whole.

    Attributes:
        hits: The numerator, 0 to `total`.
        total: The denominator.
    """

    hits: int
    total: int

    @property
    def value(self) -> float | None:
        """The quotient, 0 to 1, or `None` of nothing."""
        return self.hits / self.total if self.total else None


@attrs.frozen(kw_only=True)
class Item:
    """What became of one annotated quotation, for comparing two runs.

    Attributes:
        document: Its document.
        id: Its identifier in the document.
        text: Its words.
        found: Whether it was found.
        verdicts: For each field judged, whether it is right by the lenient rule; a quotation not found has it wrong.
        wanted: The right answers.
        given: The answers.
    """

    document: str
    id: str
    text: str
    found: bool
    verdicts: Mapping[str, bool]
    wanted: Mapping[str, str | None]
    given: Mapping[str, str | None]


@attrs.frozen(kw_only=True)
class Verdict:
    """An annotated quotation with its answer and what was judged.

    Attributes:
        gold: The annotation.
        answer: The prediction that matches it, or `None`.
        judgements: The fields that are annotated.
    """

    gold: GoldQuote
    answer: Given | None
    judgements: Mapping[Field, Judgement]


@attrs.frozen(kw_only=True)
class Pool:
    """The quotations of some kinds, aligned and judged: those in marks, or the indirect ones.

    Attributes:
        prefix: What the pool's measures are called by: empty for quotations in marks, `indirect.` for the others.
        alignment: Which prediction answers which annotation.
        verdicts: One for each annotated quotation, in the order of `alignment.wanted`.
    """

    prefix: str
    alignment: Alignment
    verdicts: tuple[Verdict, ...]


@attrs.frozen(kw_only=True)
class DocumentScore:
    """The counts of one document.

    Attributes:
        name: The document.
        words: Words in it, separated by space.
        seconds: Time that extraction took.
        ratios: The measures by their key.
        confidences: Of each matched quotation that was given a speaker: the confidence, and whether it is right.
        items: One for each annotated quotation.
    """

    name: str
    words: int
    seconds: float
    ratios: Mapping[str, Ratio]
    confidences: tuple[tuple[float, bool], ...]
    items: tuple[Item, ...]


class Tally:
    """Counts under construction."""

    def __init__(self) -> None:
        self._hits: Counter[str] = Counter()
        self._totals: Counter[str] = Counter()

    def add(self, key: str, hits: int | bool, total: int = 1) -> None:
        """Add to a ratio; one with a total of 0 stays known."""
        self._hits[key] += int(hits)
        self._totals[key] += total

    def found(self, key: str, hits: int, given: int, wanted: int) -> None:
        """Add to precision, recall and F1 below `key`."""
        self.add(f"{key}.precision", hits, given)
        self.add(f"{key}.recall", hits, wanted)
        self.add(f"{key}.f1", 2 * hits, given + wanted)

    def ratios(self) -> dict[str, Ratio]:
        """All ratios by key, in order of first addition."""
        return {key: Ratio(hits=self._hits[key], total=total) for key, total in self._totals.items()}


def pools(document: GoldDocument, extraction: Extraction) -> tuple[Pool, ...]:
    """Align and judge: the quotations in marks, then the indirect ones where those are annotated."""
    given = predictions(extraction.quotes, document)
    made = []
    for prefix, marked in (("", True), ("indirect.", False)):
        if not marked and QuoteKind.INDIRECT not in document.kinds:
            continue
        alignment = align(
            (quote for quote in document.quotes if is_marked(quote.kind) == marked),
            (item for item in given if is_marked(item.quote.kind) == marked),
        )
        verdicts = []
        for index, wanted in enumerate(alignment.wanted):
            answer = alignment.answer(index)
            judgements = judge(wanted.quote, None if answer is None else answer.quote, document)
            verdicts.append(Verdict(gold=wanted.quote, answer=answer, judgements=judgements))
        made.append(Pool(prefix=prefix, alignment=alignment, verdicts=tuple(verdicts)))
    return tuple(made)


def score_document(
    document: GoldDocument, extraction: Extraction, made: Iterable[Pool], *, seconds: float
) -> DocumentScore:
    """Count everything that the document's annotation can judge, PolNeAR's triples excepted.

    Args:
        document: Text and annotation.
        extraction: The answer.
        made: `pools(document, extraction)`.
        seconds: How long extraction took.
    """
    tally = Tally()
    confidences: list[tuple[float, bool]] = []
    items: list[Item] = []
    for pool in made:
        _count_extents(tally, pool)
        for verdict in pool.verdicts:
            _count_fields(tally, pool.prefix, verdict)
            _count_fiction(tally, pool.prefix, verdict, document)
            speaker = verdict.judgements.get(Field.SPEAKER)
            if speaker and verdict.answer and verdict.answer.quote.speaker is not None:
                confidences.append((verdict.answer.quote.confidence, speaker.lenient))
            items.append(_item(document, verdict))
    taken = not_speech_taken(document, predictions(extraction.quotes, document))
    if document.not_speech:
        tally.add("not_speech", len(document.not_speech) - len(taken), len(document.not_speech))
    return DocumentScore(
        name=document.name,
        words=len(document.text.split()),
        seconds=seconds,
        ratios=tally.ratios(),
        confidences=tuple(confidences),
        items=tuple(items),
    )


def _count_extents(tally: Tally, pool: Pool) -> None:
    alignment = pool.alignment
    exact = sum(overlap == 1.0 for _, overlap in alignment.pairs.values())
    given, wanted = len(alignment.given), len(alignment.wanted)
    tally.found(f"{pool.prefix}quotation", len(alignment.pairs), given, wanted)
    tally.found(f"{pool.prefix}quotation_exact", exact, given, wanted)


def _count_fields(tally: Tally, prefix: str, verdict: Verdict) -> None:
    """End to end over all annotated quotations, and `_matched` over those that were found."""
    for field, judgement in verdict.judgements.items():
        if prefix and field is Field.KIND:
            continue  # the pool is made of one kind
        if judgement.wanted is None:
            rules = {"none": judgement.strict}
        elif field in (Field.KIND, Field.MANNER):
            rules = {"": judgement.strict}
        else:
            rules = {"strict": judgement.strict, "lenient": judgement.lenient}
        for rule, right in rules.items():
            key = f"{prefix}{field}.{rule}".removesuffix(".")
            tally.add(key, right)
            tally.add(f"{key}_matched", right, int(verdict.answer is not None))


def _count_fiction(tally: Tally, prefix: str, verdict: Verdict, document: GoldDocument) -> None:
    """Speakers by type of quotation, and with the list of characters given."""
    wanted, speaker = verdict.gold.speaker, verdict.judgements.get(Field.SPEAKER)
    if not document.fiction or speaker is None or not isinstance(wanted, GoldSpeaker):
        return
    kinds = [""] if verdict.gold.type is None else ["", f".{verdict.gold.type}"]
    given = None if verdict.answer is None else verdict.answer.quote.speaker
    listed = document.speakers if wanted in document.speakers else (*document.speakers, wanted)
    for kind in kinds:
        if kind:
            tally.add(f"{prefix}speaker{kind}", speaker.lenient)
        if document.speakers:
            tally.add(f"{prefix}speaker_listed{kind}", right_character(given, wanted, listed))


def not_speech_taken(document: GoldDocument, given: Iterable[Given]) -> dict[int, Given]:
    """The not-speech spans, by index, that were taken for a quotation in marks, with the first one that takes it.

    One that covers half of the span or more takes it; where the span stands inside an annotated quotation, one that
    is nearly the span itself (intersection over union of one half).
    """
    given = tuple(item for item in given if is_marked(item.quote.kind))
    speech = characters(span for quote in document.quotes for span in quote.segments)
    taken: dict[int, Given] = {}
    for index, entry in enumerate(document.not_speech):
        for item in given:
            if _takes(item, entry, speech):
                taken[index] = item
                break
    return taken


def _takes(item: Given, entry: NotSpeech, speech: frozenset[int]) -> bool:
    covered = characters([entry.span])
    if covered <= speech:
        return iou(item.covered, covered) >= 0.5
    return 2 * len(item.covered & covered) >= len(covered)


def _item(document: GoldDocument, verdict: Verdict) -> Item:
    judgements = verdict.judgements
    return Item(
        document=document.name,
        id=verdict.gold.id,
        text=verdict.gold.text,
        found=verdict.answer is not None,
        verdicts={field.value: judgement.lenient for field, judgement in judgements.items()},
        wanted={field.value: judgement.wanted for field, judgement in judgements.items()},
        given={field.value: judgement.given for field, judgement in judgements.items()},
    )
