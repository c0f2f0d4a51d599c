"""The spaCy component `quotex`: `nlp.add_pipe("quotex")`, with nothing imported, in any pipeline, a blank one too.

It reads `Doc.text` with quotex's own models, so that the result is that of `quotex.extract(doc.text)`, whatever else
the pipeline does, and sets

- `doc._.quotes`: the `Extraction`; `doc._.quote_dicts`: the same quotations as JSON-ready dictionaries;
- `doc.spans["quotes"]`, `["quote_speakers"]`, `["quote_cues"]`: spans with the labels `QUOTE`, `SPEAKER` and `CUE`.
  Those of one quotation have the same `span.id_`, its number from 0; those of a quotation nested in it go on with a
  dot (`2.0`). A span is of whole tokens and may be wider than the exact offsets, which `doc._.quotes` has.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import minibatch

from quotex._errors import LanguageError
from quotex._extraction import Extraction
from quotex._extractor import LANGUAGES, Extractor
from quotex._types import Quote
from quotex._types import Span as Stretch

QUOTES, SPEAKERS, CUES = "quotes", "quote_speakers", "quote_cues"
"""The keys of `Doc.spans`."""

_STORED = "quotex"
"""The key in `Doc.user_data`, which holds JSON without the text: spaCy writes that to bytes and to disk."""


class QuotexComponent:
    """Sets the quotations of documents. The models are loaded with the first document, once in each process.

    Args:
        models: See `quotex.Extractor`; a name, since a pipeline's configuration is a text file.
        language: See `quotex.Extractor`.

    Raises:
        LanguageError: quotex has no rules for the language.
        ValueError: Somebody else's extension has the name of one of ours.
    """

    def __init__(self, models: str = "compact", language: str = "en") -> None:
        if language not in LANGUAGES:
            raise LanguageError(language, LANGUAGES)
        self._models = models
        self._language = language
        self._loaded: Extractor | None = None
        _set_extensions()

    def __call__(self, doc: Doc) -> Doc:
        return set_quotes(doc, self._extractor.extract(doc.text))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 128) -> Iterator[Doc]:
        """Process documents in batches, in their order; `nlp.pipe` calls this.

        Args:
            stream: Documents.
            batch_size: How many are taken from the stream at a time.
        """
        for batch in minibatch(stream, batch_size):
            for doc, found in zip(batch, self._extractor.extract_many(doc.text for doc in batch), strict=True):
                yield set_quotes(doc, found)

    @property
    def _extractor(self) -> Extractor:
        # not in __init__: a process that nlp.pipe forks must not share models that were used before
        if self._loaded is None:
            self._loaded = Extractor(self._models, self._language)
        return self._loaded

    def __reduce__(self) -> tuple[type[QuotexComponent], tuple[str, str]]:
        return QuotexComponent, (self._models, self._language)


@Language.factory(  # type: ignore[untyped-decorator]
    "quotex",
    default_config={"models": "compact", "language": "en"},
    assigns=["doc._.quotes", "doc.spans"],
)
def make_quotex(nlp: Language, name: str, models: str, language: str) -> QuotexComponent:  # noqa: ARG001 (spaCy's own)
    """The component for `nlp.add_pipe("quotex", config={"models": ..., "language": ...})`."""
    return QuotexComponent(models, language)


def set_quotes(doc: Doc, quotes: Extraction) -> Doc:
    """Put quotations into a document that has their text.

    Raises:
        ValueError: They are of another text.
    """
    if doc.text != quotes.text:
        raise ValueError("the quotations are of another text than the document")
    data = json.loads(quotes.to_json())
    del data["text"]
    doc.user_data[_STORED] = json.dumps(data, ensure_ascii=False)
    numbered = list(_numbered(quotes))
    doc.spans[QUOTES] = _spans(doc, "QUOTE", ((number, quote.extent) for number, quote in numbered))
    doc.spans[SPEAKERS] = _spans(doc, "SPEAKER", ((number, quote.mention) for number, quote in numbered))
    doc.spans[CUES] = _spans(doc, "CUE", ((number, quote.cue) for number, quote in numbered))
    return doc


def _numbered(quotes: Sequence[Quote], prefix: str = "") -> Iterator[tuple[str, Quote]]:
    for place, quote in enumerate(quotes):
        yield f"{prefix}{place}", quote
        yield from _numbered(quote.nested, f"{prefix}{place}.")


def _spans(doc: Doc, label: str, stretches: Iterable[tuple[str, Stretch | None]]) -> list[Span]:
    return [
        doc.char_span(stretch.start_char, stretch.end_char, label=label, span_id=number, alignment_mode="expand")
        for number, stretch in stretches
        if stretch is not None
    ]


def _get_quotes(doc: Doc) -> Extraction | None:
    stored = doc.user_data.get(_STORED)
    return None if stored is None else _restored(doc.text, stored)


def _get_quote_dicts(doc: Doc) -> list[dict[str, Any]]:
    found = _get_quotes(doc)
    return [] if found is None else found.to_dicts()


@lru_cache(maxsize=16)
def _restored(text: str, stored: str) -> Extraction:
    return Extraction.from_json(json.dumps({"text": text, **json.loads(stored)}))


_GETTERS = {"quotes": _get_quotes, "quote_dicts": _get_quote_dicts}


def _set_extensions() -> None:
    for name, getter in _GETTERS.items():
        if Doc.has_extension(name):
            known = Doc.get_extension(name)[2]
            # that of a module that was reloaded is ours, too
            if getattr(known, "__module__", None) != __name__:
                raise ValueError(f"doc._.{name} belongs to somebody else; remove_extension would make room for quotex")
        Doc.set_extension(name, getter=getter, force=True)


_set_extensions()

__all__ = ["CUES", "QUOTES", "SPEAKERS", "QuotexComponent", "make_quotex", "set_quotes"]
