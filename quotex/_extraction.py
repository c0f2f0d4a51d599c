"""`Extraction`, what `extract` returns, and its serialized forms."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from typing import Any, Literal, overload

import attrs
import cattrs

from quotex._errors import FormatError
from quotex._types import Note, Quote, Span, Speaker

SCHEMA = 1
"""Version of the JSON form; raised when a field changes its meaning or goes away."""

CSV_COLUMNS = (
    "start_char",
    "end_char",
    "text",
    "kind",
    "manner",
    "speaker",
    "speaker_kind",
    "role",
    "mention",
    "mention_start",
    "mention_end",
    "cue",
    "cue_start",
    "cue_end",
    "addressee",
    "method",
    "confidence",
)
"""The columns of `Extraction.to_csv`, one row a quotation."""


@attrs.frozen(kw_only=True)
class Segment:
    """A piece of the text in the tiling of `Extraction.segments`.

    Attributes:
        kind: `quotation` for the words between marks (and for reported clauses), `narration` for everything else,
            the marks themselves included.
        span: Where it stands; the spans of all segments cover the text without gap or overlap.
        quote: The quotation that the piece belongs to, or `None` for narration.
    """

    kind: Literal["quotation", "narration"]
    span: Span
    quote: Quote | None = None


@attrs.frozen(kw_only=True, repr=False)
class Extraction(Sequence[Quote]):
    """The quotations of one text, in reading order.

    Attributes:
        text: The text as given.
        quotes: The quotations; the object itself is a sequence of them.
        speakers: Everybody who is quoted or addressed, in order of first mention.
        notes: What was seen and left out, and why, in reading order.
    """

    text: str
    quotes: tuple[Quote, ...] = ()
    speakers: tuple[Speaker, ...] = ()
    notes: tuple[Note, ...] = ()

    @overload
    def __getitem__(self, index: int) -> Quote: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Quote, ...]: ...
    def __getitem__(self, index: int | slice) -> Quote | tuple[Quote, ...]:
        return self.quotes[index]

    def __len__(self) -> int:
        return len(self.quotes)

    def __repr__(self) -> str:
        return f"<Extraction: {len(self.quotes)} quotes, {len(self.speakers)} speakers, {len(self.notes)} notes>"

    def by_speaker(self) -> dict[Speaker | None, tuple[Quote, ...]]:
        """The quotations grouped by speaker, in order of each speaker's first quotation; `None` holds the unattributed."""
        groups: dict[Speaker | None, list[Quote]] = {}
        for quote in self.quotes:
            groups.setdefault(quote.speaker, []).append(quote)
        return {speaker: tuple(quotes) for speaker, quotes in groups.items()}

    def segments(self) -> tuple[Segment, ...]:
        """The whole text tiled into quotation and narration, in reading order, without gap or overlap."""
        pieces: list[Segment] = []
        done = 0
        quoted = sorted(
            ((span, quote) for quote in self.quotes for span in quote.segments),
            key=lambda pair: (pair[0].start_char, pair[0].end_char),
        )
        for span, quote in quoted:
            if span.start_char < done or not len(span):
                continue
            if span.start_char > done:
                pieces.append(Segment(kind="narration", span=self._span(done, span.start_char)))
            pieces.append(Segment(kind="quotation", span=span, quote=quote))
            done = span.end_char
        if done < len(self.text):
            pieces.append(Segment(kind="narration", span=self._span(done, len(self.text))))
        return tuple(pieces)

    def _span(self, start: int, end: int) -> Span:
        return Span(start_char=start, end_char=end, text=self.text[start:end])

    def to_dicts(self) -> list[dict[str, Any]]:
        """One JSON-ready dictionary per quotation, each complete in itself: its speaker is written out in full."""
        return [_plain.unstructure(quote) for quote in self.quotes]

    def to_json(self, *, indent: int | None = None) -> str:
        """Everything as one JSON object that `from_json` reads back without loss.

        Speakers are written once, under `speakers`; quotations refer to them by `id`.
        """
        data = {
            "schema": SCHEMA,
            "text": self.text,
            "speakers": _plain.unstructure(self.speakers),
            "quotes": _by_id.unstructure(self.quotes),
            "notes": _plain.unstructure(self.notes),
        }
        return json.dumps(data, ensure_ascii=False, indent=indent)

    @classmethod
    def from_json(cls, data: str) -> Extraction:
        """Read back what `to_json` wrote.

        Raises:
            FormatError: `data` is not JSON, is of another schema version, or lacks a field.
        """
        try:
            raw = json.loads(data)
        except json.JSONDecodeError as error:
            raise FormatError(f"not JSON: {error.msg}", "Extraction JSON", error.lineno) from error
        if not isinstance(raw, dict) or raw.get("schema") != SCHEMA:
            found = raw.get("schema") if isinstance(raw, dict) else type(raw).__name__
            raise FormatError(f"expected an object with schema {SCHEMA}, got {found!r}", "Extraction JSON")
        try:
            speakers = _plain.structure(raw["speakers"], tuple[Speaker, ...])
            reader = _reader({speaker.id: speaker for speaker in speakers})
            return cls(
                text=raw["text"],
                quotes=reader.structure(raw["quotes"], tuple[Quote, ...]),
                speakers=speakers,
                notes=_plain.structure(raw["notes"], tuple[Note, ...]),
            )
        except (KeyError, cattrs.BaseValidationError) as error:
            raise FormatError(f"malformed: {error!r}", "Extraction JSON") from error

    def to_csv(self) -> str:
        """A table with the columns `CSV_COLUMNS`, a header line, one row a quotation, in RFC 4180 form."""
        buffer = io.StringIO(newline="")
        writer = csv.DictWriter(buffer, CSV_COLUMNS)
        writer.writeheader()
        writer.writerows(_row(quote) for quote in self.quotes)
        return buffer.getvalue()


def _row(quote: Quote) -> dict[str, object]:
    mention, cue, speaker = quote.mention, quote.cue, quote.speaker
    return {
        "start_char": quote.start_char,
        "end_char": quote.end_char,
        "text": quote.text,
        "kind": quote.kind.value,
        "manner": quote.manner.value,
        "speaker": speaker and speaker.name,
        "speaker_kind": speaker and speaker.kind.value,
        "role": quote.role,
        "mention": mention and mention.text,
        "mention_start": mention and mention.start_char,
        "mention_end": mention and mention.end_char,
        "cue": cue and cue.text,
        "cue_start": cue and cue.start_char,
        "cue_end": cue and cue.end_char,
        "addressee": quote.addressee and quote.addressee.name,
        "method": quote.method,
        "confidence": round(quote.confidence, 3),
    }


_plain = cattrs.Converter()
_by_id = cattrs.Converter()
_by_id.register_unstructure_hook(Speaker, lambda speaker: speaker.id)


def _reader(speakers: dict[int, Speaker]) -> cattrs.Converter:
    converter = cattrs.Converter()
    converter.register_structure_hook(Speaker, lambda key, _: speakers[key])
    return converter
