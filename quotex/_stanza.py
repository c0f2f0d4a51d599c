"""Stage 2, the adapter: with `_packages`, `_encoder` and what these two import all of the library that knows Stanza.

It runs pipelines over prepared texts and turns annotated documents into `Reading`s.
"""

from __future__ import annotations

import gc
import logging
import threading
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from itertools import accumulate
from typing import Any

import stanza
from stanza.models.common.doc import Document
from stanza.models.coref.coref_chain import CorefChain, CorefMention
from stanza.pipeline.coref_processor import extract_text

from quotex._encoder import CHAIN_ENCODER_NAME, ENCODER_NAME
from quotex._marks import Marks
from quotex._processors import in_tokens, in_words
from quotex._reading import SPEAKING, Name, Reading, Sentence, Word
from quotex._relevance import Passage, relevant
from quotex._sentences import Prepared, TokenSpan, join_sentences, prepare
from quotex._types import Span
from quotex._windows import BLANK, Mention, cut, join, split

_PARSING = ("pos", "lemma", "depparse")
_LOAD = 5000
"""Words that are read together: what the encoder makes of them is kept until they are annotated."""

_OBJECTS = 50_000
"""New objects, between two looks for garbage while models read."""

_POSSESSIVE = "its"
"""Never `it` and `is`, as the web text of the treebanks has it and no editor lets through."""

_NAME_LABELS = {"PERSON": "PER", "ORGANIZATION": "ORG", "GPE": "LOC", "LOCATION": "LOC", "FACILITY": "FAC"}

one_at_a_time = threading.Lock()
"""Held while models read: Stanza's processors and tokenizers keep state between calls."""

logging.getLogger("stanza").addHandler(logging.NullHandler())


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
    with one_at_a_time, _rare_collections():
        return _read_texts(pipeline, texts, marks, everything=everything)


@contextmanager
def _rare_collections() -> Iterator[None]:
    """Within it, Python looks for garbage less often: the objects of a document are many, and none of them is garbage.

    Looking every 700 objects, as is the default, takes 5 to 8 % of the time of a reading without coreference.
    """
    before = gc.get_threshold()
    gc.set_threshold(max(before[0], _OBJECTS) if before[0] else 0, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _read_texts(
    pipeline: stanza.Pipeline, texts: Sequence[str], marks: Sequence[Marks], *, everything: bool
) -> tuple[Reading, ...]:
    documents = [tokenized(pipeline, text, found) for text, found in zip(texts, marks, strict=True)]
    wanted = None if everything else {id(document): found for document, found in zip(documents, marks, strict=True)}
    annotate(pipeline, [document for document in documents if document.sentences], wanted)
    return tuple(to_reading(document, found.paragraphs) for document, found in zip(documents, marks, strict=True))


def annotate(
    pipeline: stanza.Pipeline, documents: Sequence[Document], marks: Mapping[int, Marks] | None = None
) -> None:
    """Run what a pipeline has after its tokenizer over tokenized documents.

    With the pack, the shared encoder reads each sentence once, and tagger, parser and tagger of names take its answers
    from there. Coreference runs one document at a time, a long one in overlapping pieces.

    Args:
        pipeline: A loaded pipeline.
        documents: Documents with sentences and tokens.
        marks: The marks of each document by its identity, to parse what they can depend on; without it all is parsed.
    """
    if not documents:
        return
    if "mwt" in pipeline.processors:
        _run(pipeline, ("mwt",), [sentence for document in documents for sentence in document.sentences])
    for load in _loads(documents):
        _annotate_load(pipeline, load, marks)
    if "coref" in pipeline.processors:
        record = pipeline.foundation_cache.bert.get(CHAIN_ENCODER_NAME)
        for document in documents:
            with nullcontext() if record is None else record.model.remembering():
                document.coref = _coref_chains(document, join(_chains(pipeline, document)))


def _loads(documents: Iterable[Document]) -> Iterator[list[tuple[Document, list[Any]]]]:
    """What is read together: some sentences, each with its document; a long text in several loads."""
    load: list[tuple[Document, list[Any]]] = []
    size = 0
    for document in documents:
        for sentence in document.sentences:
            if size >= _LOAD:
                yield load
                load, size = [], 0
            if not load or load[-1][0] is not document:
                load.append((document, []))
            load[-1][1].append(sentence)
            size += len(sentence.words)
    if load:
        yield load


def _annotate_load(
    pipeline: stanza.Pipeline, load: Sequence[tuple[Document, list[Any]]], marks: Mapping[int, Marks] | None
) -> None:
    """Tags, trees and names of some sentences. Names first: they tell which sentences matter."""
    sentences = [sentence for _, part in load for sentence in part]
    record = pipeline.foundation_cache.bert.get(ENCODER_NAME)
    try:
        if record is not None:
            record.model.read(record.tokenizer.row(in_tokens(sentence)) for sentence in sentences)
        _run(pipeline, ("ner",), sentences)
        if marks is not None:
            sentences = [sentence for document, part in load for sentence in _needed(part, marks[id(document)])]
        if record is not None:
            # `cannot` in words is not what it is in tokens
            record.model.read(record.tokenizer.row(in_words(sentence)) for sentence in sentences)
        _run(pipeline, _PARSING, sentences)
    finally:
        if record is not None:
            record.model.forget()


def _needed(sentences: Sequence[Any], marks: Marks) -> list[Any]:
    """The sentences that a quotation can depend on; their names must be there."""
    passages = [
        Passage(
            start_char=sentence.tokens[0].start_char,
            end_char=sentence.tokens[-1].end_char,
            words=frozenset(word.text.casefold() for word in sentence.words),
            named=any(_label(entity) in SPEAKING for entity in sentence.ents),
        )
        for sentence in sentences
    ]
    return [sentences[place] for place in relevant(passages, marks)]


def _run(pipeline: stanza.Pipeline, names: Iterable[str], sentences: Sequence[Any]) -> None:
    """Run processors over sentences, whatever documents they belong to; they are annotated in place."""
    together = Document([])
    together.sentences = list(sentences)
    together.num_tokens = sum(len(sentence.tokens) for sentence in sentences)
    together.num_words = sum(len(sentence.words) for sentence in sentences)
    for name in names:
        if name in pipeline.processors and sentences:
            pipeline.processors[name].process(together)


def _chains(pipeline: stanza.Pipeline, document: Document) -> Iterator[list[list[Mention]]]:
    """The chains of each piece of a text by Stanza's coreference processor, mentions as ranges of its words."""
    counts = cut(_subwords(pipeline, sentence) for sentence in document.sentences)
    firsts = [0, *accumulate(counts)]
    starts = [0, *accumulate(len(sentence.words) for sentence in document.sentences)]
    for piece in split(len(counts)):
        first, last = firsts[piece.start], firsts[piece.end]
        rows = [
            [{"id": word.id, "text": word.text if word.text.strip() else BLANK} for word in sentence.words]
            for sentence in document.sentences[first:last]
        ]
        found = pipeline.processors["coref"].process(Document(rows))
        yield [
            [
                (
                    starts[first + mention.sentence] + mention.start_word,
                    starts[first + mention.sentence] + mention.end_word,
                )
                for mention in chain.mentions
            ]
            for chain in found.coref
        ]


def _subwords(pipeline: stanza.Pipeline, sentence: Any) -> int:
    """The length of a sentence for coreference; a rough one for other models, which cut windows of their own."""
    record = pipeline.foundation_cache.bert.get(CHAIN_ENCODER_NAME)
    if record is None:
        return sum(len(word.text) // 4 + 1 for word in sentence.words)
    return sum(len(record.tokenizer.tokenize(word.text)) or 1 for word in sentence.words)


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


def tokenized(pipeline: stanza.Pipeline, text: str, marks: Marks) -> Document:
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
            multiword=bool(token.misc and "MWT=Yes" in token.misc) and token.text.casefold() != _POSSESSIVE,
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
