"""Trees for corpora that have none, from a pack that is there already."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import attrs
from stanza.models.common.doc import Document

from quotex._encoder import ENCODER_NAME
from quotex.evaluation._pdnc import entries, read_pdnc
from quotex.training._chains import CorefDocument, GapPassage, PlacedWord, gap_to_stanza
from quotex.training._novels import EXCERPTS, TEST_OR_DEVELOPMENT, excerpts, novel_to_stanza, stated_mentions
from quotex.training._score import open_pipeline


def parse(documents: Sequence[CorefDocument], models: Path) -> list[CorefDocument]:
    """The documents with heads and relations by the parser of a pack; those that have trees keep them."""
    nlp = open_pipeline(models, "tokenize,pos,lemma,depparse", pretokenized=True)
    encoder = nlp.foundation_cache.bert[ENCODER_NAME]
    parsed = []
    for document in documents:
        if document.heads:
            parsed.append(document)
            continue
        # the pack's parser reads no tags, but Stanza wants them there
        rows: list[list[dict[str, Any]]] = []
        for word, sentence in zip(document.words, document.sentences, strict=True):
            while sentence >= len(rows):
                rows.append([])
            rows[sentence].append({"id": len(rows[sentence]) + 1, "text": word, "upos": "X"})
        # read first, in batches of similar length: Stanza's are mostly padding where sentences are long
        encoder.model.forget()
        encoder.model.read(encoder.tokenizer.row(row["text"] for row in sentence) for sentence in rows)
        annotated = nlp.processors["depparse"].process(Document(rows))
        heads: list[int | None] = []
        for tree in annotated.sentences:
            first = len(heads)
            heads.extend(first + word.head - 1 if word.head else None for word in tree.words)
        relations = tuple(word.deprel for tree in annotated.sentences for word in tree.words)
        parsed.append(attrs.evolve(document, heads=tuple(heads), relations=relations))
    return parsed


def tokenize_gap(passages: Sequence[GapPassage], models: Path) -> list[dict[str, Any]]:
    """The passages of GAP with the tokens of a pack, in Stanza's JSON; what cannot be placed is left out."""
    nlp = open_pipeline(models, "tokenize,mwt")
    found = (
        gap_to_stanza(passage, list(placed(document)))
        for passage, document in zip(passages, nlp.bulk_process([passage.text for passage in passages]), strict=True)
    )
    return [document for document in found if document is not None]


def placed(document: Document) -> Iterator[PlacedWord]:
    """The words of a document that Stanza tokenized."""
    for number, sentence in enumerate(document.sentences):
        for token in sentence.tokens:
            for word in token.words:
                start = token.start_char if word.start_char is None else word.start_char
                end = token.end_char if word.end_char is None else word.end_char
                yield PlacedWord(text=word.text, sentence=number, start_char=start, end_char=end)


def tokenize_novels(folder: Path, models: Path) -> Iterator[dict[str, Any]]:
    """Excerpts of the training novels of PDNC with the tokens of a pack, in Stanza's JSON.

    Args:
        folder: the corpus.
        models: the pack.
    """
    nlp = open_pipeline(models, "tokenize,mwt")
    for entry in entries(folder, "train"):
        if entry.name in TEST_OR_DEVELOPMENT:
            continue
        novel = read_pdnc(folder / "data" / entry.name)
        mentions = stated_mentions(folder / "data" / entry.name, novel)
        parts = list(excerpts(novel.text))
        chosen = parts[:: -(-len(parts) // EXCERPTS)]
        documents = nlp.bulk_process([novel.text[start:end] for start, end in chosen])
        for (start, end), document in zip(chosen, documents, strict=True):
            inside = [
                (left - start, right - start, who) for left, right, who in mentions if start <= left and right <= end
            ]
            yield novel_to_stanza(f"{entry.name} {start}", list(placed(document)), inside)
