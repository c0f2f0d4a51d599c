"""Stanza's processors of tags, trees and names, without Stanza's batches. Imports Stanza, so it is imported lazily.

Stanza turns all that a model could read into numbers, characters and tags too. The pack's models read what the encoder
read and nothing else; they are given the words. Other models are left to Stanza.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import torch
from stanza.models.common.doc import Document
from stanza.models.common.utils import simplify_punct
from stanza.pipeline.depparse_processor import DepparseProcessor
from stanza.pipeline.ner_processor import NERProcessor
from stanza.pipeline.pos_processor import POSProcessor

from quotex._encoder import Text
from quotex._parser import TreeParser
from quotex._tagger import NameTagger, WordTagger

WORDS = 5000
"""Words that are tagged together."""

PARSED = 1000
"""Words that are parsed together: time and memory are those of the longest sentence times the number of sentences."""


class TagProcessor(POSProcessor):  # type: ignore[misc]
    """Stanza's processor `pos`."""

    @torch.no_grad()
    def process(self, document: Document) -> Document:
        """Tag the words of a document."""
        model = self.trainer.model.eval()
        if not isinstance(model, WordTagger) or not model.is_plain():
            return super().process(document)
        for sentences, texts in _batches(document.sentences, WORDS, in_words):
            for sentence, tags in zip(sentences, model.tags(texts), strict=True):
                for word, (upos, xpos, feats) in zip(sentence.words, tags, strict=True):
                    word.upos, word.xpos, word.feats = upos, xpos, feats
        return document


class TreeProcessor(DepparseProcessor):  # type: ignore[misc]
    """Stanza's processor `depparse`."""

    @torch.no_grad()
    def process(self, document: Document) -> Document:
        """Parse the sentences of a document."""
        model = self.trainer.model.eval()
        constrained = self.config.get("resolve_head_constraints", True)
        if not isinstance(model, TreeParser) or not model.is_plain() or constrained:
            return super().process(document)
        for sentences, texts in _batches(document.sentences, PARSED, in_words):
            for sentence, tree in zip(sentences, model.trees(texts), strict=True):
                for word, (head, relation) in zip(sentence.words, tree, strict=True):
                    word.head, word.deprel = head, relation
                sentence.build_dependencies()
        return document


class NameProcessor(NERProcessor):  # type: ignore[misc]
    """Stanza's processor `ner`."""

    @torch.no_grad()
    def process(self, document: Document) -> Document:
        """Tag the names of a document."""
        model = self.trainers[0].model.eval()
        if len(self.trainers) > 1 or not isinstance(model, NameTagger) or not model.is_plain():
            return super().process(document)
        for sentences, texts in _batches(document.sentences, WORDS, in_tokens):
            for sentence, tags in zip(sentences, model.tags(texts), strict=True):
                for token, tag in zip(sentence.tokens, tags, strict=True):
                    token.ner, token.multi_ner = tag, (tag,)
        document.build_ents()
        return document


def in_words(sentence: Any) -> list[str]:
    """A sentence as tagger and parser read it."""
    return [text for (text,) in simplify_punct([[[word.text] for word in sentence.words]])[0]]


def in_tokens(sentence: Any) -> list[str]:
    """A sentence as the tagger of names reads it."""
    return [token.text for token in sentence.tokens]


def _batches(sentences: Sequence[Any], words: int, text_of: Any) -> Iterator[tuple[list[Any], list[Text]]]:
    """Sentences and their texts, the longest first, in groups of about so many words."""
    texts = [text_of(sentence) for sentence in sentences]
    group: list[int] = []
    size = 0
    for place in sorted(range(len(texts)), key=lambda place: -len(texts[place])):
        group.append(place)
        size += len(texts[place])
        if size >= words:
            yield [sentences[each] for each in group], [texts[each] for each in group]
            group, size = [], 0
    if group:
        yield [sentences[each] for each in group], [texts[each] for each in group]
