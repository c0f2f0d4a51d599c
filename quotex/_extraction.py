"""`Extraction`, what `extract` returns, and its serialized forms."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from enum import StrEnum
from typing import Any, Literal, TypeVar, get_args, get_origin, overload

import attrs
import cattrs

from quotex._errors import FormatError
from quotex._types import Note, Quote, Span, Speaker

T = TypeVar("T")

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
    "content",
)
"""The columns of `Extraction.to_csv`, one row a quotation."""

NOTEBOOK_CHARACTERS = 5_000
"""How much of the text a notebook shows: an article whole, of a novel a page or two."""


@attrs.frozen(kw_only=True)
class Segment:
    """A piece of the text in the tiling of `Extraction.segments`.

    Attributes:
        kind: `quotation` for the words between marks (and for reported clauses), `narration` for everything else,
            the marks themselves included.
        span: Where it stands; the spans of all segments cover the text without gap or overlap.
        quote: The quotation that the piece belongs to, or `None` for narration.

    >>> [segment.kind for segment in Extraction(text="It rained.").segments()]
    ['narration']
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

    >>> extraction = Extraction(text="It rained.")
    >>> len(extraction), extraction.speakers
    (0, ())
    >>> Extraction.from_json(extraction.to_json()) == extraction
    True
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
        """The quotations grouped by speaker, in order of first quotation; `None` holds the unattributed."""
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
        text = _part(raw, "text", str, _plain)
        speakers = _part(raw, "speakers", tuple[Speaker, ...], _plain)
        quotes = _part(raw, "quotes", tuple[Quote, ...], _reader(speakers))
        return cls(text=text, quotes=quotes, speakers=speakers, notes=_part(raw, "notes", tuple[Note, ...], _plain))

    def to_csv(self) -> str:
        """A table with the columns `CSV_COLUMNS`, a header line, one row a quotation, in RFC 4180 form."""
        buffer = io.StringIO(newline="")
        writer = csv.DictWriter(buffer, CSV_COLUMNS)
        writer.writeheader()
        writer.writerows(csv_row(quote) for quote in self.quotes)
        return buffer.getvalue()

    def to_html(self, *, title: str = "Quotations") -> str:
        """A page with the whole text, its quotations marked, beside the list of who is quoted, as one HTML file.

        It needs no network and no other file. NUL and lone surrogates, which HTML cannot hold, are shown as U+FFFD.
        """
        from quotex._page import render_page  # Jinja2 is not needed for anything else

        return render_page(self.text, self.quotes, self.notes, title=title)

    def _repr_html_(self) -> str:
        """What a notebook shows: who is quoted, and the beginning of the text."""
        from quotex._page import render_fragment

        return render_fragment(self.text, self.quotes, self.notes, limit=NOTEBOOK_CHARACTERS)


def csv_row(quote: Quote) -> dict[str, object]:
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
        "content": " ".join(span.text for span in quote.content),
    }


def _part(raw: dict[str, Any], field: str, kind: type[T], converter: cattrs.Converter) -> T:
    if field not in raw:
        raise FormatError(f"lacks {field!r}", "Extraction JSON")
    try:
        return converter.structure(raw[field], kind)
    except (TypeError, ValueError, cattrs.BaseValidationError) as error:
        reasons = "; ".join(cattrs.transform_error(error, path=f"$.{field}"))
        raise FormatError(f"malformed: {reasons}", "Extraction JSON") from error


def _strict() -> cattrs.Converter:
    """A converter that writes plain values only and refuses values of another type where cattrs would coerce them."""
    converter = cattrs.Converter()
    # the hook for `str` serves the enumerations too, which are subclasses of it
    converter.register_structure_hook(str, lambda value, kind: kind(_checked(value, str)))
    converter.register_structure_hook(int, lambda value, kind: kind(_checked(value, int)))
    converter.register_structure_hook(float, lambda value, kind: kind(_checked(value, int | float)))

    def is_tuple(kind: Any) -> bool:
        return get_origin(kind) is tuple

    def tuple_from_list(value: object, kind: Any) -> tuple[Any, ...]:
        items: Any = list[get_args(kind)[0]]  # type: ignore[misc]
        return tuple(converter.structure(_checked(value, list), items))

    converter.register_structure_hook_func(is_tuple, tuple_from_list)
    converter.register_unstructure_hook(StrEnum, lambda member: member.value)
    return converter


def _checked(value: Any, accepted: Any) -> Any:
    if not isinstance(value, accepted) or isinstance(value, bool):
        raise TypeError(f"unexpected {type(value).__name__}")
    return value


def _reader(speakers: tuple[Speaker, ...]) -> cattrs.Converter:
    by_id = {speaker.id: speaker for speaker in speakers}

    def speaker_of(key: object, _: object) -> Speaker:
        if not isinstance(key, int) or key not in by_id:
            raise ValueError(f"no speaker has the id {key!r}")
        return by_id[key]

    converter = _strict()
    converter.register_structure_hook(Speaker, speaker_of)
    return converter


_plain = _strict()
_by_id = _strict()
_by_id.register_unstructure_hook(Speaker, lambda speaker: speaker.id)
