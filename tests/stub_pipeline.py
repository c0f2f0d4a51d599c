"""A pipeline that needs no model: words and sentences by their looks, and a parse that knows `Ann said`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import regex
from stanza.models.common.doc import Document

_TOKEN = regex.compile(r"\p{L}[\p{L}’'-]*|\p{N}+|\S")


class Tokenizer:
    """Stands for Stanza's tokenizer: it is given text and keeps what it was given."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def process(self, text: str) -> Document:
        self.texts.append(text)
        sentences: list[list[dict[str, object]]] = []
        for paragraph in regex.finditer(r"(?:(?!\n\n).)+", text, regex.DOTALL):
            sentence: list[dict[str, object]] = []
            for match in _TOKEN.finditer(text, *paragraph.span()):
                entry = {"id": (len(sentence) + 1,), "text": match[0]}
                sentence.append({**entry, "start_char": match.start(), "end_char": match.end()})
                if match[0] in ".?!":
                    sentences.append(sentence)
                    sentence = []
            if sentence:
                sentences.append(sentence)
        return Document(sentences, text=text)


class Pipeline:
    """Stands for `stanza.Pipeline`: the parts of it that quotex uses."""

    def __init__(self) -> None:
        self.tokenizer = Tokenizer()
        self.processors: dict[str, Any] = {"tokenize": self.tokenizer}
        self.batches: list[tuple[list[str], list[str]]] = []

    def bulk_process(self, documents: Sequence[Document], processors: Sequence[str]) -> Sequence[Document]:
        self.batches.append(([document.text for document in documents], list(processors)))
        for document in documents:
            annotate(document)
        return documents


def annotate(document: Document) -> Document:
    """Parse every sentence around its first `said`, with the name beside it as the subject."""
    for sentence in document.sentences:
        texts = [word.text for word in sentence.words]
        root = texts.index("said") if "said" in texts else 0
        for word in sentence.words:
            place = word.id - 1
            name = word.text in ("Ann", "Ben")
            word.lemma = {"said": "say"}.get(word.text, word.text.lower())
            word.upos = _upos(word.text)
            word.head = 0 if place == root else root + 1
            word.deprel = "root" if place == root else "nsubj" if name else "punct" if word.upos == "PUNCT" else "ccomp"
            word.parent.ner = "S-PERSON" if name else "O"
    document.build_ents()
    return document


def _upos(text: str) -> str:
    if not any(character.isalnum() for character in text):
        return "PUNCT"
    if text in ("Ann", "Ben"):
        return "PROPN"
    return "VERB" if text in ("said", "leaks") else "NOUN"
