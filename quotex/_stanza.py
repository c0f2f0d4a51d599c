"""Stage 2, the adapter: the only module of the library that knows Stanza.

It loads pipelines, runs them over prepared texts and turns annotated documents into `Reading`s.
"""

from __future__ import annotations

import json
import logging
import threading
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

import attrs
import stanza
from stanza.models.common.doc import Document
from stanza.models.coref.coref_chain import CorefChain, CorefMention
from stanza.pipeline.core import DownloadMethod
from stanza.pipeline.coref_processor import extract_text
from stanza.resources.common import DEFAULT_MODEL_DIR

from quotex._encoder import ENCODER_NAME, WindowedBert, foundation_cache, windows_of
from quotex._errors import ModelNotFoundError, ModelPackageError
from quotex._marks import Marks
from quotex._reading import SPEAKING, Name, Reading, Sentence, Word
from quotex._relevance import Passage, relevant
from quotex._sentences import Prepared, TokenSpan, join_sentences, prepare
from quotex._types import Span
from quotex._windows import BLANK, Mention, Piece, Tokens, Window, cut, join, split

COMPACT = "compact"
"""The package inside quotex."""

PACK_DIRECTORY = Path(__file__).parent / "models"

_PARSING = ("pos", "lemma", "depparse")
_PROCESSORS = ("tokenize", "mwt", *_PARSING, "ner", "coref")
_LOAD = 24
"""Windows that are read together."""

_NAME_LABELS = {"PERSON": "PER", "ORGANIZATION": "ORG", "GPE": "LOC", "LOCATION": "LOC", "FACILITY": "FAC"}

_reading = threading.Lock()
"""Held while models read: Stanza's processors and tokenizers keep state between calls."""

logging.getLogger("stanza").addHandler(logging.NullHandler())


def load_pipeline(models: str, language: str) -> stanza.Pipeline:
    """Load the pack inside quotex, or a Stanza package that is on this machine; nothing is downloaded.

    Raises:
        ModelPackageError: Stanza's list of resources is here and does not name the package.
        ModelNotFoundError: The package, or a file of it, is not on this machine.
    """
    directory = PACK_DIRECTORY if models == COMPACT else Path(DEFAULT_MODEL_DIR)
    command = f"python -c \"import stanza; stanza.download('{language}', package='{models}')\""
    if models == COMPACT:
        command = "pip install --force-reinstall quotex"
    listing = directory / "resources.json"
    if not listing.is_file():
        raise ModelNotFoundError(models, directory, command)
    resources = json.loads(listing.read_text(encoding="utf-8")).get(language, {})
    packages = resources.get("packages", {})
    if models not in packages:
        raise ModelPackageError(models, tuple(sorted({COMPACT, *packages})))
    processors = {name: packages[models][name] for name in _PROCESSORS if name in packages[models]}
    try:
        return stanza.Pipeline(
            language,
            dir=str(directory),
            package=None,
            processors=processors,
            download_method=DownloadMethod.NONE,
            foundation_cache=foundation_cache(directory) if models == COMPACT else None,
            logging_level="ERROR",
        )
    except FileNotFoundError as error:
        raise ModelNotFoundError(models, directory, command) from error


def read_texts(
    pipeline: stanza.Pipeline, texts: Sequence[str], marks: Sequence[Marks], *, everything: bool = False
) -> tuple[Reading, ...]:
    """Read several texts in one batch. One thread reads at a time; PyTorch has threads of its own.

    Args:
        pipeline: A loaded pipeline.
        texts: The sources.
        marks: The marks of each.
        everything: Parse all sentences, not those alone that a quotation can depend on; the results are the same.
    """
    with _reading:
        return _read_texts(pipeline, texts, marks, everything=everything)


def _read_texts(
    pipeline: stanza.Pipeline, texts: Sequence[str], marks: Sequence[Marks], *, everything: bool
) -> tuple[Reading, ...]:
    documents = [_tokenized(pipeline, text, found) for text, found in zip(texts, marks, strict=True)]
    wanted = None if everything else {id(document): found for document, found in zip(documents, marks, strict=True)}
    annotate(pipeline, [document for document in documents if document.sentences], wanted)
    return tuple(to_reading(document, found.paragraphs) for document, found in zip(documents, marks, strict=True))


def annotate(
    pipeline: stanza.Pipeline, documents: Sequence[Document], marks: Mapping[int, Marks] | None = None
) -> None:
    """Run what a pipeline has after its tokenizer over tokenized documents.

    With the pack, the shared encoder reads the running text once, in windows, and all processors take their hidden
    states from there. Coreference runs one document at a time, a long one in overlapping pieces.

    Args:
        pipeline: A loaded pipeline.
        documents: Documents with sentences and tokens.
        marks: The marks of each document by its identity, to parse what they can depend on; without it all is parsed.
    """
    if not documents:
        return
    if "mwt" in pipeline.processors:
        _run(pipeline, ("mwt",), [sentence for document in documents for sentence in document.sentences])
    texts = [_Text(document=document, windows=_windows(pipeline, document)) for document in documents]
    encoder = _shared_encoder(pipeline)
    try:
        for load in _loads(texts, shared=encoder is not None):
            if encoder is not None:
                windows = [window for text, piece in load for window in text.windows[piece.start : piece.end]]
                encoder.forget(kept=windows)
                encoder.read(windows)
            new = [sentence for text, piece in load for sentence in text.sentences(piece.new, piece.end)]
            _run(pipeline, ("ner",), new)
            needed = (
                new if marks is None else [sentence for text, piece in load for sentence in text.needed(marks, piece)]
            )
            _run(pipeline, _PARSING, needed)
            for text, piece in load:
                text.parts.append(_chains(pipeline, text, piece))
    finally:
        if encoder is not None:
            encoder.forget()
    for text in texts:
        if "coref" in pipeline.processors:
            text.document.coref = _coref_chains(text.document, join(text.parts))


@attrs.define(kw_only=True)
class _Text:
    """A document on its way through the processors.

    Attributes:
        document: The document.
        windows: Its windows.
        parts: The chains of its pieces so far, mentions as ranges of words counted through the document.
    """

    document: Document
    windows: list[Window]
    parts: list[list[list[Mention]]] = attrs.field(factory=list)

    def bounds(self, start: int, end: int) -> tuple[int, int]:
        """The sentences of some windows, as a half-open range."""
        counts = [0, *accumulate(window.count for window in self.windows)]
        return counts[start], counts[end]

    def sentences(self, start: int, end: int) -> list[Any]:
        """The sentences of some windows."""
        first, last = self.bounds(start, end)
        return list(self.document.sentences[first:last])

    def needed(self, marks: Mapping[int, Marks], piece: Piece) -> list[Any]:
        """The new sentences of a piece that a quotation can depend on; their names must be there."""
        sentences = self.sentences(piece.new, piece.end)
        passages = [
            Passage(
                start_char=sentence.tokens[0].start_char,
                end_char=sentence.tokens[-1].end_char,
                words=frozenset(word.text.casefold() for word in sentence.words),
                named=any(_label(entity) in SPEAKING for entity in sentence.ents),
            )
            for sentence in sentences
        ]
        return [sentences[place] for place in relevant(passages, marks[id(self.document)])]


def _shared_encoder(pipeline: stanza.Pipeline) -> WindowedBert | None:
    """The encoder that the pack's processors share, or `None` for any other models."""
    record = pipeline.foundation_cache.bert.get(ENCODER_NAME)
    return None if record is None else record.model


def _windows(pipeline: stanza.Pipeline, document: Document) -> list[Window]:
    sentences = (_tokens(sentence) for sentence in document.sentences)
    record = pipeline.foundation_cache.bert.get(ENCODER_NAME)
    if record is None:
        return cut(sentences, lambda word: (len(word),), first=0, last=0)  # only the pieces of a long text matter
    return windows_of(sentences, record.tokenizer)


def _tokens(sentence: Any) -> Tokens:
    return [(token.text, [word.text for word in token.words]) for token in sentence.tokens]


def _loads(texts: Iterable[_Text], *, shared: bool) -> Iterator[list[tuple[_Text, Piece]]]:
    """What is read together: short texts together, the pieces of a long one by one.

    Two texts with the same sentence do not go through the shared encoder together: it would take one's for the other's,
    and a result must not depend on what else is read.
    """
    load: list[tuple[_Text, Piece]] = []
    size = 0
    known: set[tuple[int, ...]] = set()
    for text in texts:
        keys = {key for window in text.windows for key in window.sentences} if shared else set()
        for piece in split(len(text.windows)):
            if load and (piece.new or size + piece.end - piece.start > _LOAD or known & keys):
                yield load
                load, size, known = [], 0, set()
            load.append((text, piece))
            size += piece.end - piece.start
        known |= keys
    if load:
        yield load


def _run(pipeline: stanza.Pipeline, names: Iterable[str], sentences: Sequence[Any]) -> None:
    """Run processors over sentences, whatever documents they belong to; they are annotated in place."""
    together = Document([])
    together.sentences = list(sentences)
    together.num_tokens = sum(len(sentence.tokens) for sentence in sentences)
    together.num_words = sum(len(sentence.words) for sentence in sentences)
    for name in names:
        if name in pipeline.processors and sentences:
            pipeline.processors[name].process(together)


def _chains(pipeline: stanza.Pipeline, text: _Text, piece: Piece) -> list[list[Mention]]:
    """The chains of a piece by Stanza's coreference processor, mentions as ranges of the document's words."""
    if "coref" not in pipeline.processors:
        return []
    first, last = text.bounds(piece.start, piece.end)
    rows = [
        [
            {"id": word.id, "text": word.text if word.text.strip() else BLANK, "upos": word.upos}
            for word in sentence.words
        ]
        for sentence in text.document.sentences[first:last]
    ]
    starts = [0, *accumulate(len(sentence.words) for sentence in text.document.sentences[:last])][first:]
    found = pipeline.processors["coref"].process(Document(rows))
    return [
        [
            (starts[mention.sentence] + mention.start_word, starts[mention.sentence] + mention.end_word)
            for mention in chain.mentions
        ]
        for chain in found.coref
    ]


def _coref_chains(document: Document, chains: Iterable[Sequence[Mention]]) -> list[CorefChain]:
    """Joined chains as Stanza's; the representative mention is the longest, of those the one with most proper nouns."""
    starts = [0, *accumulate(len(sentence.words) for sentence in document.sentences)]
    found = []
    for number, chain in enumerate(chains):
        mentions = []
        for start, end in chain:
            sentence = bisect_right(starts, start) - 1
            mentions.append(CorefMention(sentence, start - starts[sentence], end - starts[sentence]))
        best = max(range(len(mentions)), key=lambda place: _weight(document, mentions[place]))
        chosen = mentions[best]
        text = extract_text(document, chosen.sentence, chosen.start_word, chosen.end_word)
        found.append(CorefChain(number, mentions, text, best))
    return found


def _weight(document: Document, mention: CorefMention) -> tuple[int, int]:
    words = document.sentences[mention.sentence].words[mention.start_word : mention.end_word]
    return len(words), sum(word.upos == "PROPN" for word in words)


def _tokenized(pipeline: stanza.Pipeline, text: str, marks: Marks) -> Document:
    """A Stanza document with the tokenizer's tokens, our sentence boundaries and offsets into the source."""
    prepared = prepare(marks.paragraphs)
    if not prepared.text.strip():
        return Document([], text=text)
    found = pipeline.processors["tokenize"].process(prepared.text)
    sentences = join_sentences([_token_spans(sentence, prepared) for sentence in found.sentences], marks)
    return Document([_entries(sentence) for sentence in sentences], text=text)


def _token_spans(sentence: Any, prepared: Prepared) -> list[TokenSpan]:
    return [
        TokenSpan(
            start_char=prepared.source(token.start_char),
            end_char=prepared.source(token.end_char - 1) + 1,
            text=token.text,
            multiword=bool(token.misc and "MWT=Yes" in token.misc),
        )
        for token in sentence.tokens
        if token.text.strip()
    ]


def _entries(tokens: Sequence[TokenSpan]) -> list[dict[str, object]]:
    return [
        {
            "id": (number,),
            "text": token.text,
            "start_char": token.start_char,
            "end_char": token.end_char,
            **({"misc": "MWT=Yes"} if token.multiword else {}),
        }
        for number, token in enumerate(tokens, 1)
    ]


def to_reading(document: Document, paragraphs: Sequence[Span]) -> Reading:
    """Turn an annotated document, whose offsets point into `document.text`, into a `Reading`."""
    words: list[Word] = []
    sentences: list[Sentence] = []
    firsts: list[int] = []
    paragraph_starts = [paragraph.start_char for paragraph in paragraphs]
    for number, sentence in enumerate(document.sentences):
        start = len(words)
        firsts.append(start)
        words.extend(_words(sentence, number, start))
        start_char = sentence.tokens[0].start_char
        sentences.append(
            Sentence(
                index=number,
                start=start,
                end=len(words),
                start_char=start_char,
                end_char=sentence.tokens[-1].end_char,
                paragraph=max(bisect_right(paragraph_starts, start_char) - 1, 0),
            )
        )
    return Reading(
        text=document.text,
        words=tuple(words),
        sentences=tuple(sentences),
        names=tuple(_whole_names(words, _names(document, firsts))),
        chains=tuple(_word_chains(document, firsts)),
        paragraphs=tuple(paragraphs),
    )


def _words(sentence: Any, number: int, start: int) -> Iterator[Word]:
    for token in sentence.tokens:
        for word in token.words:
            located = word.start_char is not None and word.end_char is not None
            yield Word(
                index=start + word.id - 1,
                sentence=number,
                text=word.text,
                lemma=(word.lemma or word.text).casefold() if word.upos != "PROPN" else word.lemma or word.text,
                upos=word.upos or "X",
                feats=frozenset((word.feats or "").split("|")) - {"", "_"},
                head=start + word.head - 1 if word.head else None,
                deprel=word.deprel or "dep",
                start_char=word.start_char if located else token.start_char,
                end_char=word.end_char if located else token.end_char,
            )


def _names(document: Document, firsts: Sequence[int]) -> Iterator[Name]:
    for number, sentence in enumerate(document.sentences):
        for entity in sentence.ents:
            words = [word for token in entity.tokens for word in token.words]
            while len(words) > 1 and words[-1].upos in ("PART", "AUX"):
                words.pop()  # names are found on tokens, and `Chile’s` is one
            start, end = firsts[number] + words[0].id - 1, firsts[number] + words[-1].id
            yield Name(start=start, end=end, label=_label(entity))


def _label(entity: Any) -> str:
    """The type of a name in CoNLL's words."""
    kind = str(entity.type).upper()
    return _NAME_LABELS.get(kind, kind)


def _word_chains(document: Document, firsts: Sequence[int]) -> Iterator[tuple[Mention, ...]]:
    for chain in document.coref:
        # the places of mentions that Stanza only supposes (dropped pronouns) are tuples
        mentions = (mention for mention in chain.mentions if isinstance(mention.start_word, int))
        first = firsts.__getitem__
        yield tuple(
            (first(mention.sentence) + mention.start_word, first(mention.sentence) + mention.end_word)
            for mention in mentions
        )


def _whole_names(words: Sequence[Word], names: Iterable[Name]) -> Iterator[Name]:
    """Names widened over hyphens: a treebank's tokens cut `Anne-Marie` in three, and a model may stop in between."""
    done = 0
    for name in names:
        start, end = name.start, name.end
        while start - 1 >= done and _joined(words[start - 1], words[start]):
            start -= 1
        while end < len(words) and _joined(words[end - 1], words[end]):
            end += 1
        if start >= done:
            yield Name(start=start, end=end, label=name.label)
            done = end


def _joined(before: Word, after: Word) -> bool:
    """Whether two words touch at a hyphen."""
    return before.end_char == after.start_char and "-" in (before.text[-1:], after.text[:1])
