"""`extract` and `Extractor`: the calls. Stanza and torch are loaded with the first model, not with the library."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from quotex._assembly import extract_reading
from quotex._errors import LanguageError
from quotex._extraction import Extraction
from quotex._marks import find_marks

if TYPE_CHECKING:
    import stanza
    from stanza.models.common.doc import Document

LANGUAGES = ("en",)
"""Languages that quotex has rules for."""

BATCH_CHARACTERS = 40_000
"""How much text `extract_many` gives the models at a time."""


class Extractor:
    """Loaded models that extract quotations from any number of texts.

    Args:
        models: `compact`, the pack inside quotex; the name of another Stanza package on this machine; or a ready
            `stanza.Pipeline`.
        language: The language of the texts.

    Raises:
        LanguageError: quotex has no rules for the language.
        ModelPackageError: No such package.
        ModelNotFoundError: The package is not on this machine.
        TypeError: `models` is neither a name nor a pipeline.
    """

    def __init__(self, models: str | stanza.Pipeline = "compact", language: str = "en") -> None:
        if language not in LANGUAGES:
            raise LanguageError(language, LANGUAGES)
        if isinstance(models, str):
            from quotex._stanza import load_pipeline

            self._pipeline = load_pipeline(models, language)
        elif hasattr(models, "processors"):
            self._pipeline = models
        else:
            raise TypeError(f"models must be a package name or a stanza.Pipeline, not {type(models).__name__}")

    def extract(self, text: str | Document) -> Extraction:
        """Extract the quotations of one text.

        Args:
            text: The text, or a `stanza` `Document` that is tokenized, tagged and parsed.

        Raises:
            TypeError: `text` is neither.
        """
        return next(self.extract_many([text]))

    def extract_many(self, texts: Iterable[str | Document]) -> Iterator[Extraction]:
        """Extract the quotations of many texts, batched through the models, in their order.

        Raises:
            TypeError: An element is neither a `str` nor a `Document`; the texts before it are done.
        """
        for batch in _batches(texts):
            yield from self._extract_batch(batch)

    def _extract_batch(self, batch: list[Any]) -> Iterator[Extraction]:
        from quotex._stanza import read_texts, to_reading

        plain = [text for text in batch if isinstance(text, str)]
        marks = [find_marks(text) for text in plain]
        readings = iter(zip(read_texts(self._pipeline, plain, marks), marks, strict=True))
        for text in batch:
            if isinstance(text, str):
                reading, found = next(readings)
            elif hasattr(text, "sentences") and isinstance(text.text, str):
                found = find_marks(text.text)
                reading = to_reading(text, found.paragraphs)
            else:
                raise TypeError(f"text must be a str or a stanza Document, not {type(text).__name__}")
            yield extract_reading(reading, found)


def _batches(texts: Iterable[Any]) -> Iterator[list[Any]]:
    """Group texts until they hold `BATCH_CHARACTERS` together; anything but a `str` stands alone."""
    batch: list[Any] = []
    size = 0
    for text in texts:
        batch.append(text)
        size += len(text) if isinstance(text, str) else BATCH_CHARACTERS
        if size >= BATCH_CHARACTERS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def extract(text: str | Document, *, models: str | stanza.Pipeline = "compact", language: str = "en") -> Extraction:
    """Extract the quotations of one text; models are loaded once and kept.

    Args:
        text: The text, or an annotated `stanza` `Document`.
        models: See `Extractor`.
        language: The language of the text.

    Raises:
        TypeError: `text` is neither a `str` nor a `Document`.
        LanguageError, ModelPackageError, ModelNotFoundError: See `Extractor`.
    """
    return _extractor(models, language).extract(text)


_loaded: dict[tuple[object, str], Extractor] = {}


def _extractor(models: str | stanza.Pipeline, language: str) -> Extractor:
    key = (models if isinstance(models, str) else id(models), language)
    if key not in _loaded:
        _loaded[key] = Extractor(models, language)
    return _loaded[key]
