"""Find the quotations in a text and say who is speaking."""

from quotex._errors import (
    FormatError,
    LanguageError,
    ModelDownloadError,
    ModelNotFoundError,
    ModelPackageError,
    QuotexError,
)
from quotex._extraction import Extraction, Segment
from quotex._extractor import Extractor, extract
from quotex._types import Context, Manner, Note, Quote, QuoteKind, Span, Speaker, SpeakerKind

__all__ = [
    "Context",
    "Extraction",
    "Extractor",
    "FormatError",
    "LanguageError",
    "Manner",
    "ModelDownloadError",
    "ModelNotFoundError",
    "ModelPackageError",
    "Note",
    "Quote",
    "QuoteKind",
    "QuotexError",
    "Segment",
    "Span",
    "Speaker",
    "SpeakerKind",
    "extract",
]
