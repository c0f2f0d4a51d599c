"""Stage 2, the adapter: the only module of the library that knows Stanza.

It loads pipelines, runs them over prepared texts and turns annotated documents into `Reading`s.
"""

from __future__ import annotations

import json
import logging
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import stanza
from stanza.models.common.doc import Document
from stanza.pipeline.core import DownloadMethod
from stanza.resources.common import DEFAULT_MODEL_DIR

from quotex._encoder import foundation_cache
from quotex._errors import ModelNotFoundError, ModelPackageError
from quotex._marks import Marks
from quotex._reading import Name, Reading, Sentence, Word
from quotex._sentences import Prepared, TokenSpan, join_sentences, prepare
from quotex._types import Span

COMPACT = "compact"
"""The package inside quotex."""

PACK_DIRECTORY = Path(__file__).parent / "models"

_PROCESSORS = ("tokenize", "mwt", "pos", "lemma", "depparse", "ner")
_NAME_LABELS = {"PERSON": "PER", "ORGANIZATION": "ORG", "GPE": "LOC", "LOCATION": "LOC", "FACILITY": "FAC"}

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


def read_texts(pipeline: stanza.Pipeline, texts: Sequence[str], marks: Sequence[Marks]) -> tuple[Reading, ...]:
    """Read several texts in one batch.

    Args:
        pipeline: A loaded pipeline.
        texts: The sources.
        marks: The marks of each.
    """
    documents = [_tokenized(pipeline, text, found) for text, found in zip(texts, marks, strict=True)]
    filled = [document for document in documents if document.sentences]
    if filled:
        pipeline.bulk_process(filled, processors=[name for name in _PROCESSORS if name != "tokenize"])
    return tuple(to_reading(document, found.paragraphs) for document, found in zip(documents, marks, strict=True))


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
            label = _NAME_LABELS.get(entity.type.upper(), entity.type.upper())
            yield Name(start=firsts[number] + words[0].id - 1, end=firsts[number] + words[-1].id, label=label)


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
