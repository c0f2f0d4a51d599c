"""The Stanza processor `quote`: importing this module registers it.

    import quotex.integrations.stanza
    nlp = stanza.Pipeline("en", processors="tokenize,mwt,pos,lemma,depparse,ner,coref,quote")
    nlp(text).quotes

`ner` and `coref` are optional. Options, given to the pipeline as `quote_*`: see `QuoteProcessor`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from stanza.models.common.doc import Document
from stanza.pipeline.processor import Processor, register_processor
from stanza.pipeline.registry import NAME_TO_PROCESSOR_CLASS

from quotex._documents import extract_parsed
from quotex._encoder import foundation_cache
from quotex._errors import LanguageError
from quotex._extraction import Extraction
from quotex._extractor import LANGUAGES
from quotex._marks import find_marks
from quotex._packages import COMPACT, PACK_DIRECTORY
from quotex._stanza import tokenized

QUOTE = "quote"


class QuoteProcessor(Processor):  # type: ignore[misc]
    """Sets `Document.quotes` to an `Extraction`, made from what the processors before it found.

    Options, all off unless given as true to the pipeline:
        quote_write_speakers: Set `Sentence.speaker` to the name of whoever speaks most of the sentence's words; see
            `write_speakers`.
        quote_coref_again: Then run coreference once more, which reads `Sentence.speaker`, and extract from its
            chains. Needs `quote_write_speakers` and `coref`.
    """

    PROVIDES_DEFAULT: ClassVar[set[str]] = {QUOTE}
    REQUIRES_DEFAULT: ClassVar[set[str]] = {"tokenize", "pos", "lemma", "depparse"}

    def __init__(self, config: Mapping[str, Any], pipeline: Any, device: Any) -> None:
        if config["lang"] not in LANGUAGES:
            raise LanguageError(config["lang"], LANGUAGES)
        super().__init__(config, pipeline, device)
        self._writes_speakers = _is_on(config, "write_speakers")
        self._corefers_again = _is_on(config, "coref_again")
        if self._corefers_again and not (self._writes_speakers and "coref" in pipeline.processors):
            raise ValueError("quote_coref_again needs quote_write_speakers=True and the processor coref")

    def mark_inactive(self) -> None:
        """Nothing is to be dropped; Stanza calls this where a processor before it is missing."""

    def process(self, document: Document) -> Document:
        """Set `document.quotes`; the pipeline calls this for a single document."""
        found = extract_parsed(document)
        if self._writes_speakers:
            write_speakers(document, found)
        if self._corefers_again:
            self.pipeline.processors["coref"].process(document)
            found = extract_parsed(document)
            write_speakers(document, found)
        document.quotes = found
        return document

    def bulk_process(self, documents: Sequence[Document]) -> list[Document]:
        """Set `quotes` of several documents; `Pipeline.bulk_process` and `Pipeline.stream` call this.

        Stanza has made one document of them for coreference, so that its chains join strangers and no document
        has any: coreference is run again, document by document.
        """
        if "coref" in self.pipeline.processors:
            for document in documents:
                if document.sentences:
                    self.pipeline.processors["coref"].process(document)
        return [self.process(document) for document in documents]


def _is_on(config: Mapping[str, Any], option: str) -> bool:
    value = config.get(option, False)
    return value.lower() == "true" if isinstance(value, str) else bool(value)


def write_speakers(document: Document, quotes: Extraction) -> None:
    """Set `Sentence.speaker` from the quotations: to the name of a speaker who says more than half of its words.

    The words of a cue count as nobody's. The speaker of other sentences, set by somebody else perhaps, is left alone.

    Args:
        document: A tokenized document.
        quotes: Its quotations.
    """
    said = [
        (segment.start_char, segment.end_char, quote.speaker.name)
        for quote in quotes
        if quote.speaker is not None
        for segment in quote.segments
    ]
    for sentence in document.sentences:
        words = [token for token in sentence.tokens if any(map(str.isalnum, token.text))]
        counts: dict[str, int] = {}
        for token in words:
            for name in {name for start, end, name in said if start <= token.start_char < end}:
                counts[name] = counts.get(name, 0) + 1
        most = max(counts, key=counts.__getitem__, default=None)
        if most is not None and 2 * counts[most] > len(words):
            sentence.speaker = most


def tokenize(pipeline: Any, text: str) -> Document:
    """A document with the pipeline's tokens and the sentences that quotex would read: none ends at a mark and its cue.

    What a pipeline then makes of it, `pipeline.process(document, processors="mwt,pos,lemma,depparse,ner,quote")`, has
    the quotations of `quotex.extract(text, models=pipeline)`.

    Args:
        pipeline: A `stanza.Pipeline` with a tokenizer.
        text: The source.
    """
    return tokenized(pipeline, text, find_marks(text))


def pack_options() -> dict[str, Any]:
    """Arguments that make a `stanza.Pipeline` of the models inside quotex: `Pipeline("en", **pack_options())`."""
    return {
        "dir": str(PACK_DIRECTORY),
        "package": COMPACT,
        "download_method": None,
        "foundation_cache": foundation_cache(PACK_DIRECTORY),
    }


def _get_quotes(document: Any) -> Extraction | None:
    found: Extraction | None = document._quotes
    return found


def _set_quotes(document: Any, value: Extraction | None) -> None:
    document._quotes = value


# a notebook that reloads this module has both already, and a name that is registered twice runs twice
if QUOTE in NAME_TO_PROCESSOR_CLASS:
    NAME_TO_PROCESSOR_CLASS[QUOTE] = QuoteProcessor
else:
    register_processor(QUOTE)(QuoteProcessor)
if not hasattr(Document, "quotes"):
    Document.add_property("quotes", default=None, getter=_get_quotes, setter=_set_quotes)

__all__ = ["QuoteProcessor", "pack_options", "tokenize", "write_speakers"]
