"""`extract` and `Extractor`: the calls. Stanza and torch are loaded with the first model, not with the library."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import attrs

from quotex._assembly import extract_reading
from quotex._documents import complete, extract_parsed, is_parsed, is_tokenized
from quotex._errors import LanguageError
from quotex._extraction import Extraction
from quotex._marks import find_marks
from quotex._types import Note, Span

if TYPE_CHECKING:
    import stanza
    from stanza.models.common.doc import Document

LANGUAGES = ("en",)
"""Languages that quotex has rules for."""

_NOWHERE = Span(start_char=0, end_char=0, text="")
LACKING = {
    "depparse": Note(code="no-parser", span=_NOWHERE, message="the models have no parser: few cues are found"),
    "ner": Note(code="no-names", span=_NOWHERE, message="the models find no names: people are known by proper nouns"),
    "coref": Note(code="no-coreference", span=_NOWHERE, message="the models have no coreference: pronouns are guessed"),
}
"""What a result is noted for where the models lack a processor."""

BATCH_CHARACTERS = 40_000
"""How much text `extract_many` gives the models at a time."""


class Extractor:
    """Loaded models that extract quotations from any number of texts.

    It may be used from several threads; the models read for one at a time. Pickled, it is rebuilt from its arguments,
    so that a worker process loads the models once, on arrival.

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
        self._arguments = (models, language)
        if isinstance(models, str):
            from quotex._packages import load_pipeline

            self._pipeline = load_pipeline(models, language)
        elif hasattr(models, "processors"):
            self._pipeline = models
        else:
            raise TypeError(f"models must be a package name or a stanza.Pipeline, not {type(models).__name__}")

        self._lacking = tuple(note for name, note in LACKING.items() if name not in self._pipeline.processors)

    def __reduce__(self) -> tuple[type[Extractor], tuple[str | stanza.Pipeline, str]]:
        return Extractor, self._arguments

    def extract(self, text: str | Document) -> Extraction:
        """Extract the quotations of one text.

        Args:
            text: The text, or a `stanza` `Document`. What tags, lemmas and heads it has are not made again; what it
                lacks of them is filled in.

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

    def _extract_batch(self, batch: Sequence[str | Document]) -> Iterator[Extraction]:
        from quotex._stanza import read_texts

        marks = {place: find_marks(_text_of(text)) for place, text in enumerate(batch) if _is_text(text)}
        # without a pair of marks there is nothing to read for
        unread = [place for place, found in marks.items() if found.marked and not _is_tokenized(batch[place])]
        texts = [_text_of(batch[place]) for place in unread]
        readings = dict(zip(unread, read_texts(self._pipeline, texts, [marks[place] for place in unread]), strict=True))
        for place, text in enumerate(batch):
            _check(text)
            found = marks[place]
            if place in readings:
                extraction = extract_reading(readings[place], found)
                yield attrs.evolve(extraction, notes=(*self._lacking, *extraction.notes))
            elif found.marked:
                complete(self._pipeline, text)
                yield extract_parsed(text, found)
            else:
                yield Extraction(text=_text_of(text), notes=found.notes)


def _is_text(text: object) -> bool:
    """Whether something is a `str` or an annotated document (told by its fields, so that Stanza need not be loaded)."""
    return isinstance(text, str) or (hasattr(text, "sentences") and isinstance(getattr(text, "text", None), str))


def _text_of(text: Any) -> str:
    return text if isinstance(text, str) else str(text.text)


def _is_tokenized(text: Any) -> bool:
    return not isinstance(text, str) and is_tokenized(text)


def _check(text: object) -> None:
    if not _is_text(text):
        raise TypeError(f"text must be a str or a stanza Document, not {type(text).__name__}")


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
        text: The text, or an annotated `stanza` `Document`. For one that is parsed, no model is loaded or run; in
            another, what is missing is filled in.
        models: See `Extractor`.
        language: The language of the text.

    Raises:
        TypeError: `text` is neither a `str` nor a `Document`.
        LanguageError, ModelPackageError, ModelNotFoundError: See `Extractor`.
    """
    _check(text)
    if language in LANGUAGES and not isinstance(text, str) and is_parsed(text):
        return extract_parsed(text)
    return shared_extractor(models, language).extract(text)


_loaded: dict[tuple[object, str], Extractor] = {}


def shared_extractor(models: str | stanza.Pipeline, language: str) -> Extractor:
    """The extractor that this process keeps for some models, loaded with the first call."""
    key = (models if isinstance(models, str) else id(models), language)
    if key not in _loaded:
        _loaded[key] = Extractor(models, language)
    return _loaded[key]
