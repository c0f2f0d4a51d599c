"""A pipeline that needs no model: words and sentences by their looks, and a parse that knows `Ann said`."""

from __future__ import annotations

from typing import Any

import regex
from stanza.models.common.doc import Document
from stanza.models.common.foundation_cache import FoundationCache

NAMES = ("Ann", "Ben")
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


class Names:
    """Stands for Stanza's tagger of names: `Ann` and `Ben` are persons."""

    def process(self, document: Document) -> Document:
        for sentence in document.sentences:
            for token in sentence.tokens:
                token.ner = "S-PERSON" if token.text in NAMES else "O"
        document.build_ents()
        return document


class Parser:
    """Stands for Stanza's tagger, lemmatizer and parser; it keeps the texts that it was given sentences of together."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []

    def process(self, document: Document) -> Document:
        self.batches.append(list(dict.fromkeys(sentence.doc.text for sentence in document.sentences)))
        return parse(document)


class Chains:
    """Stands for Stanza's coreference: it finds none."""

    def process(self, document: Document) -> Document:
        return document


class Pipeline:
    """Stands for `stanza.Pipeline`: the parts of it that quotex uses."""

    def __init__(self) -> None:
        self.tokenizer = Tokenizer()
        self.parser = Parser()
        self.processors: dict[str, Any] = {"tokenize": self.tokenizer, "depparse": self.parser}
        self.processors |= {"ner": Names(), "coref": Chains()}
        self.foundation_cache = FoundationCache()

    @property
    def batches(self) -> list[list[str]]:
        """The texts that were parsed together."""
        return self.parser.batches


def annotate(document: Document) -> Document:
    """All that the stub's processors say about a document."""
    return parse(Names().process(document))


def parse(document: Document) -> Document:
    """Parse every sentence around its first `said`, with the name beside it as the subject."""
    for sentence in document.sentences:
        texts = [word.text for word in sentence.words]
        root = texts.index("said") if "said" in texts else 0
        for word in sentence.words:
            place = word.id - 1
            name = word.text in NAMES
            word.lemma = {"said": "say"}.get(word.text, word.text.lower())
            word.upos = _upos(word.text)
            word.head = 0 if place == root else root + 1
            word.deprel = "root" if place == root else "nsubj" if name else "punct" if word.upos == "PUNCT" else "ccomp"
    return document


def _upos(text: str) -> str:
    if not any(character.isalnum() for character in text):
        return "PUNCT"
    if text in NAMES:
        return "PROPN"
    return "VERB" if text in ("said", "leaks") else "NOUN"
