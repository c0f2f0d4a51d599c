"""What an annotator marked in a text: the types that every corpus loader fills and every measure reads.

An annotation can say that there is nothing (`None`: the text names no speaker) or say nothing at all (`UNJUDGED`: the
corpus does not annotate speakers). The two are never mixed: what is `None` is measured, what is `UNJUDGED` is not.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from enum import Enum, StrEnum
from typing import Final, Literal

import attrs

from quotex._types import Manner, QuoteKind, Span, SpeakerKind


class Unjudged(Enum):
    """The type of `UNJUDGED`."""

    UNJUDGED = "unjudged"

    def __repr__(self) -> str:
        return "UNJUDGED"


UNJUDGED: Final = Unjudged.UNJUDGED
"""The corpus does not annotate this, so that it is not measured; `None` means annotated as absent."""


class QuoteType(StrEnum):
    """How a novel's narrator shows who speaks (PDNC)."""

    EXPLICIT = "explicit"
    ANAPHORIC = "anaphoric"
    IMPLICIT = "implicit"


NotSpeechCode = Literal["scare-quote", "title", "nickname", "term"]
"""Why marked words are not reported speech."""


@attrs.frozen(kw_only=True)
class GoldSpeaker:
    """Who speaks, as annotated.

    Attributes:
        name: The canonical name.
        aliases: Other names that count as right, without `name`.
        kind: What the speaker is, or `None` where the corpus does not say.
        role: The most complete role that the text states, as written; `None` for none; `UNJUDGED`.
    """

    name: str
    aliases: tuple[str, ...] = ()
    kind: SpeakerKind | None = None
    role: str | Unjudged | None = UNJUDGED

    @property
    def names(self) -> tuple[str, ...]:
        """All names that count as right, `name` first."""
        return (self.name, *self.aliases)


@attrs.frozen(kw_only=True)
class GoldQuote:
    """One annotated quotation.

    Attributes:
        id: Its number or identifier in the corpus file, unique within the document.
        segments: One span per stretch, in reading order, trimmed of marks, punctuation and space (see `trim`).
        written: The same stretches as the annotator drew them.
        kind: Direct, mixed or indirect.
        manner: Speech, thought or writing.
        speaker: Who speaks; `None` where the text does not say.
        mention: The local mention that the cue attributes to; `None` where there is none.
        source: The whole source phrase; `None` where there is none.
        cue: The cue, as a span, or as a string where the corpus gives its words only; `None` where there is none.
        role: The speaker's role as the text states it; `None` where it states none.
        addressees: Everybody spoken to, each a right answer; empty where the text does not say.
        sources: The stretches of the source where a corpus has discontinuous ones (PolNeAR; `source` is unjudged then).
        cues: The stretches of the cue, likewise.
        type: How the narrator shows who speaks, or `None` where the corpus does not say.
        parent: `id` of the smallest quotation that contains this one, or `None`.
    """

    id: str
    segments: tuple[Span, ...]
    written: tuple[Span, ...]
    kind: QuoteKind | Unjudged = UNJUDGED
    manner: Manner | Unjudged = UNJUDGED
    speaker: GoldSpeaker | Unjudged | None = UNJUDGED
    mention: Span | Unjudged | None = UNJUDGED
    source: Span | Unjudged | None = UNJUDGED
    cue: Span | str | Unjudged | None = UNJUDGED
    role: str | Unjudged | None = UNJUDGED
    addressees: tuple[GoldSpeaker, ...] | Unjudged = UNJUDGED
    sources: tuple[Span, ...] = ()
    cues: tuple[Span, ...] = ()
    type: QuoteType | None = None
    parent: str | None = None

    @property
    def text(self) -> str:
        """The trimmed segments joined by one space."""
        return " ".join(span.text for span in self.segments)


@attrs.frozen(kw_only=True)
class NotSpeech:
    """Marked words that are not reported speech.

    Attributes:
        span: The words, trimmed as in `GoldQuote.segments`.
        code: Why, or `None` where the corpus does not say.
    """

    span: Span
    code: NotSpeechCode | None = None


@attrs.frozen(kw_only=True)
class GoldDocument:
    """A text with its annotation.

    Attributes:
        name: The document's name in its corpus, unique there.
        text: The text, as the extractor gets it.
        quotes: The quotations in reading order, nested ones included.
        not_speech: Marked words that are not reported speech; empty where the corpus does not annotate them.
        speakers: The document's list of speakers or characters, empty where it has none.
        kinds: The kinds of quotation that are annotated; predictions of other kinds are not held against a system.
        nested: Whether quotations inside quotations are annotated.
        stretches: Whether the corpus annotates each marked stretch by itself (LitBank), so that predictions are split.
        triples: Whether the corpus annotates source, cue and content of every attribution (PolNeAR).
        fiction: Whether a speaker is right by alias (novels) or by name (news).
        title, genre, marks: From the header, or empty.
        exercises: What the document was written to exercise.
    """

    name: str
    text: str
    quotes: tuple[GoldQuote, ...] = ()
    not_speech: tuple[NotSpeech, ...] = ()
    speakers: tuple[GoldSpeaker, ...] = ()
    kinds: frozenset[QuoteKind] = frozenset(QuoteKind)
    nested: bool = True
    stretches: bool = False
    triples: bool = False
    fiction: bool = False
    title: str = ""
    genre: str = ""
    marks: str = ""
    exercises: tuple[str, ...] = ()


def _is_mark(char: str) -> bool:
    """Quotation marks of any script, primes and grave accents used as marks, and brackets."""
    return char in "\"'`\N{ACUTE ACCENT}\N{PRIME}\N{DOUBLE PRIME}" or unicodedata.category(char) in {
        "Pi",
        "Pf",
        "Ps",
        "Pe",
    }


def _is_edge(char: str) -> bool:
    return char.isspace() or _is_mark(char) or unicodedata.category(char)[0] in "PCZ"


def _shrink(text: str, start: int, end: int, *, all_punctuation: bool) -> tuple[int, int]:
    def loose(char: str) -> bool:
        return _is_edge(char) if all_punctuation else char.isspace() or _is_mark(char)

    while start < end and loose(text[start]):
        start += 1
    while end > start and loose(text[end - 1]):
        end -= 1
    return start, end


def trim(text: str, start_char: int, end_char: int) -> Span:
    """The stretch without marks, punctuation and space at its ends, as DESIGN section 6 compares quotations.

    A stretch of nothing but punctuation keeps it and loses its marks and space; one of nothing but marks stays whole.

    Args:
        text: The document.
        start_char: Offset of the first code point, from 0.
        end_char: Offset after the last code point.
    """
    for all_punctuation in (True, False):
        start, end = _shrink(text, start_char, end_char, all_punctuation=all_punctuation)
        if start < end:
            return span_of(text, start, end)
    return span_of(text, start_char, end_char)


def span_of(text: str, start_char: int, end_char: int) -> Span:
    """The `Span` of `text[start_char:end_char]`."""
    return Span(start_char=start_char, end_char=end_char, text=text[start_char:end_char])


def characters(spans: Iterable[Span]) -> frozenset[int]:
    """The offsets that the spans cover."""
    return frozenset(offset for span in spans for offset in range(span.start_char, span.end_char))
