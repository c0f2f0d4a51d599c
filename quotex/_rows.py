"""Quotations as rows of a table: the schema that `integrations.frames` and `quotex run` share.

One row a quotation, nested ones included, each after the one that it stands in. The schema is an interface: see
docs/schema.md, and raise `SCHEMA_VERSION` when a column changes its meaning or goes away.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal, Protocol

import attrs

from quotex._errors import QuotexError
from quotex._extraction import Extraction
from quotex._types import Quote, Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyarrow as pa

SCHEMA_VERSION = 1
"""Version of the table; columns may be added at the end under the same version."""

METADATA_KEY = "quotex_schema_version"
"""Where a Parquet file, and every Arrow schema that quotex hands out, has the version."""

Kind = Literal["string", "int", "float", "ints"]

COLUMNS: dict[str, Kind] = {
    "quote_id": "int",
    "parent_id": "int",
    "quote": "string",
    "start_char": "int",
    "end_char": "int",
    "segment_starts": "ints",
    "segment_ends": "ints",
    "kind": "string",
    "manner": "string",
    "speaker_id": "int",
    "speaker": "string",
    "speaker_kind": "string",
    "role": "string",
    "mention": "string",
    "mention_start": "int",
    "mention_end": "int",
    "source": "string",
    "source_start": "int",
    "source_end": "int",
    "cue": "string",
    "cue_start": "int",
    "cue_end": "int",
    "addressee": "string",
    "sentence": "string",
    "sentence_start": "int",
    "sentence_end": "int",
    "method": "string",
    "confidence": "float",
    "error": "string",
    "schema_version": "int",
    "content_starts": "ints",
    "content_ends": "ints",
}
"""The columns in their order; docs/schema.md says what is in them."""


class Extracts(Protocol):
    """What is needed of an `Extractor`."""

    def extract_many(self, texts: Iterable[str]) -> Iterator[Extraction]: ...


@attrs.frozen(kw_only=True)
class Failure:
    """A text that could not be done.

    Attributes:
        reason: Why, in one line.
    """

    reason: str


# what a defect in a rule or a model raises: it must not cost an archive the other texts
_DEFECTS = (ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)


def extract_each(extractor: Extracts, texts: Sequence[object]) -> list[Extraction | Failure]:
    """Extract the quotations of some texts together; what is no text, or makes quotex fail, costs only itself.

    Args:
        extractor: Loaded models.
        texts: The texts, each a `str` that UTF-8 can hold; anything else is a `Failure`.
    """
    results: list[Extraction | Failure] = [Failure(reason=problem(text) or "") for text in texts]
    good = [place for place, result in enumerate(results) if result == Failure(reason="")]
    try:
        found = list(extractor.extract_many([str(texts[place]) for place in good]))
        results = _placed(results, good, found)
    except QuotexError:
        raise
    except _DEFECTS:
        results = _placed(results, good, [_alone(extractor, str(texts[place])) for place in good])
    return results


def _placed(
    results: Sequence[Extraction | Failure], places: Sequence[int], found: Sequence[Extraction | Failure]
) -> list[Extraction | Failure]:
    new = dict(zip(places, found, strict=True))
    return [new.get(place, result) for place, result in enumerate(results)]


def _alone(extractor: Extracts, text: str) -> Extraction | Failure:
    try:
        return next(extractor.extract_many([text]))
    except QuotexError:
        raise
    except _DEFECTS as error:
        return Failure(reason=" ".join(f"{type(error).__name__}: {error}".split()))


def problem(text: object) -> str | None:
    """Why something cannot be a text, or `None`."""
    if text is None:
        return "no text"
    if not isinstance(text, str):
        return f"the text is of type {type(text).__name__}, not str"
    try:
        text.encode()
    except UnicodeEncodeError as error:
        return f"not encodable as UTF-8: a lone surrogate at offset {error.start}"
    return None


def rows(result: Extraction | Failure) -> list[dict[str, Any]]:
    """The rows of one text, with `COLUMNS` as keys: one for each quotation, or one that has the reason of a failure."""
    if isinstance(result, Failure):
        return [{**dict.fromkeys(COLUMNS), "error": result.reason, "schema_version": SCHEMA_VERSION}]
    return [_row(number, parent, quote) for number, (parent, quote) in enumerate(_numbered(result.quotes))]


def _numbered(quotes: Sequence[Quote]) -> list[tuple[int | None, Quote]]:
    """All quotations, each with the number of the one that it stands in."""
    found: list[tuple[int | None, Quote]] = []

    def add(level: Sequence[Quote], parent: int | None) -> None:
        for quote in level:
            number = len(found)
            found.append((parent, quote))
            add(quote.nested, number)

    add(quotes, None)
    return found


def _row(number: int, parent: int | None, quote: Quote) -> dict[str, Any]:
    speaker = quote.speaker
    return {
        "quote_id": number,
        "parent_id": parent,
        "quote": quote.text,
        "start_char": quote.start_char,
        "end_char": quote.end_char,
        "segment_starts": [segment.start_char for segment in quote.segments],
        "segment_ends": [segment.end_char for segment in quote.segments],
        "kind": quote.kind.value,
        "manner": quote.manner.value,
        "speaker_id": speaker and speaker.id,
        "speaker": speaker and speaker.name,
        "speaker_kind": speaker and speaker.kind.value,
        "role": quote.role,
        **_span("mention", quote.mention),
        **_span("source", quote.source),
        **_span("cue", quote.cue),
        "addressee": quote.addressee and quote.addressee.name,
        **_span("sentence", quote.context.sentence),
        "method": quote.method,
        "confidence": float(quote.confidence),
        "error": None,
        "schema_version": SCHEMA_VERSION,
        "content_starts": [span.start_char for span in quote.content],
        "content_ends": [span.end_char for span in quote.content],
    }


def _span(name: str, span: Span | None) -> dict[str, Any]:
    return {
        name: span and span.text,
        f"{name}_start": span and span.start_char,
        f"{name}_end": span and span.end_char,
    }


def arrow_schema() -> pa.Schema:
    """The columns as an Arrow schema with the version in its metadata. Needs pyarrow."""
    import pyarrow as pa

    types = {"string": pa.string(), "int": pa.int64(), "float": pa.float64(), "ints": pa.list_(pa.int64())}
    fields = [pa.field(name, types[kind]) for name, kind in COLUMNS.items()]
    return pa.schema(fields, metadata={METADATA_KEY: str(SCHEMA_VERSION)})
