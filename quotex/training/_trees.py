"""Trees for corpora that have none, from a pack that is there already."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import attrs
from stanza.models.common.doc import Document

from quotex._marks import find_marks
from quotex._stanza import load_pipeline, read_texts
from quotex.training._chains import CorefDocument, GapPassage, gap_to_stanza
from quotex.training._score import open_pipeline


def parse(documents: Sequence[CorefDocument], models: Path) -> list[CorefDocument]:
    """The documents with heads and relations by the parser of a pack; those that have trees keep them."""
    nlp = open_pipeline(models, "tokenize,pos,lemma,depparse", pretokenized=True)
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
        annotated = nlp.processors["depparse"].process(Document(rows))
        heads: list[int | None] = []
        for tree in annotated.sentences:
            first = len(heads)
            heads.extend(first + word.head - 1 if word.head else None for word in tree.words)
        relations = tuple(word.deprel for tree in annotated.sentences for word in tree.words)
        parsed.append(attrs.evolve(document, heads=tuple(heads), relations=relations))
    return parsed


def parse_gap(passages: Iterable[GapPassage]) -> list[dict[str, Any]]:
    """The passages of GAP as the compact pack reads them, in Stanza's JSON; what cannot be placed is left out."""
    pipeline = load_pipeline("compact", "en")
    found = []
    for passage in passages:
        (reading,) = read_texts(pipeline, [passage.text], [find_marks(passage.text)])
        document = gap_to_stanza(passage, reading.words)
        if document is not None:
            found.append(document)
    return found
