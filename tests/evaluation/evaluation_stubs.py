"""Extractors that need no model: one that answers from gold, one that finds nothing, and quotations made by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from quotex._extraction import Extraction
from quotex._types import Context, Manner, Quote, QuoteKind, Span, Speaker
from quotex.evaluation import UNJUDGED, GoldDocument, GoldQuote, GoldSpeaker


def span(text: str, words: str, start: int = 0) -> Span:
    """The first place of the words at or after an offset."""
    found = text.index(words, start)
    return Span(start_char=found, end_char=found + len(words), text=words)


def quote(
    text: str,
    *segments: str | Span,
    kind: QuoteKind = QuoteKind.DIRECT,
    speaker: Speaker | None = None,
    mention: Span | None = None,
    source: Span | None = None,
    cue: Span | None = None,
    addressee: Speaker | None = None,
    manner: Manner = Manner.SPEECH,
    confidence: float = 0.9,
) -> Quote:
    """A predicted quotation of the given words."""
    spans = tuple(span(text, segment) if isinstance(segment, str) else segment for segment in segments)
    start, end = spans[0].start_char, spans[-1].end_char
    whole = Span(start_char=0, end_char=len(text), text=text)
    return Quote(
        text=" ".join(item.text for item in spans),
        segments=spans,
        extent=Span(start_char=start, end_char=end, text=text[start:end]),
        kind=kind,
        manner=manner,
        speaker=speaker,
        mention=mention,
        source=source,
        cue=cue,
        addressee=addressee,
        context=Context(sentence=whole, paragraph=whole),
        method="by-hand",
        confidence=confidence,
    )


def person(name: str, *aliases: str, role: str | None = None) -> Speaker:
    """A predicted speaker."""
    return Speaker(id=0, name=name, aliases=(name, *aliases), role=role)


class Fixed:
    """Answers each text with quotations given beforehand."""

    def __init__(self, answers: Mapping[str, Iterable[Quote]]) -> None:
        self._answers = {text: tuple(quotes) for text, quotes in answers.items()}

    def extract(self, text: str, /) -> Extraction:
        return Extraction(text=text, quotes=self._answers.get(text, ()))


class Perfect:
    """Answers from gold."""

    def __init__(self, documents: Iterable[GoldDocument]) -> None:
        self._documents = {document.text: document for document in documents}

    def extract(self, text: str, /) -> Extraction:
        document = self._documents[text]
        return Extraction(text=text, quotes=tuple(_answer(text, gold) for gold in document.quotes))


class Empty:
    """Finds nothing."""

    def extract(self, text: str, /) -> Extraction:
        return Extraction(text=text)


def _answer(text: str, gold: GoldQuote) -> Quote:
    cue = span(text, gold.cue) if isinstance(gold.cue, str) else _known(gold.cue)
    addressees = () if gold.addressees is UNJUDGED else gold.addressees
    return quote(
        text,
        *gold.written,
        kind=QuoteKind.DIRECT if gold.kind is UNJUDGED else gold.kind,
        manner=Manner.SPEECH if gold.manner is UNJUDGED else gold.manner,
        speaker=_speaker(gold.speaker, gold.role),
        mention=_known(gold.mention),
        source=gold.sources[0] if gold.sources else _known(gold.source),
        cue=gold.cues[0] if gold.cues else cue,
        addressee=_speaker(addressees[0], UNJUDGED) if addressees else None,
    )


def _known(value: object) -> Span | None:
    return value if isinstance(value, Span) else None


def _speaker(gold: object, role: object) -> Speaker | None:
    if not isinstance(gold, GoldSpeaker):
        return None
    return Speaker(id=0, name=gold.name, aliases=gold.names, role=role if isinstance(role, str) else None)
