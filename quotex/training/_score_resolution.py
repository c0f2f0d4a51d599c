"""Scores of coreference as a pipeline gives it: exact spans on gold words, pronouns of GAP from running text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from stanza.models.common.doc import Document

from quotex.training._chains import GapPassage, Mention
from quotex.training._score_chains import conll_f1, gap_scores

Resolve = Callable[[Document], Document]

_WIDEST = 3
"""How many times as long as a name a mention around it may be; above that it is a clause that happens to hold it."""


def score_documents(resolve: Resolve, documents: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """The CoNLL mean over exact spans with gold sentences and words, singletons left out; see :func:`conll_f1`.

    Args:
        resolve: takes a document and gives it back with its chains, as Stanza's processor `coref` does.
        documents: documents in Stanza's coreference JSON. Gold are their `gold_chains` where they have them, since
            `span_clusters` lacks the mentions that share a head with another.
    """
    pairs = []
    for gold in documents:
        wanted = gold.get("gold_chains", gold["span_clusters"])
        pairs.append(([[tuple(span) for span in chain] for chain in wanted], word_chains(resolve(to_document(gold)))))
    return conll_f1(pairs)


def to_document(gold: Mapping[str, Any]) -> Document:
    """The words and sentences of a document in Stanza's coreference JSON, and nothing else of it."""
    rows: list[list[dict[str, Any]]] = []
    previous = None
    for word, sentence in zip(gold["cased_words"], gold["sent_id"], strict=True):
        if sentence != previous:
            rows.append([])
            previous = sentence
        rows[-1].append({"id": len(rows[-1]) + 1, "text": word})
    return Document(rows)


def word_chains(document: Document) -> list[list[Mention]]:
    """The chains of a resolved document as half-open ranges of its words; mentions without words are left out."""
    firsts = [0]
    for sentence in document.sentences:
        firsts.append(firsts[-1] + len(sentence.words))
    return [
        [(firsts[m.sentence] + m.start_word, firsts[m.sentence] + m.end_word) for m in _spoken(chain)]
        for chain in document.coref
    ]


def _spoken(chain: Any) -> Iterator[Any]:
    """The mentions that have words: Stanza gives tuples as the places of those that it supposes."""
    return (mention for mention in chain.mentions if isinstance(mention.start_word, int))


def score_gap(read: Callable[[str], Document], passages: Iterable[GapPassage]) -> dict[str, float]:
    """GAP's score from running text: the pronoun stands for a name if a chain holds both; see :func:`gap_scores`.

    A mention is the pronoun if it is one word that covers the pronoun's characters. A mention is the name if it lies
    within the name, or holds the whole name and is at most three times as long, in characters.

    Args:
        read: reads a text and gives a document with chains and with offsets into that text.
        passages: the passages.
    """
    return gap_scores(_answer(read(passage.text), passage) for passage in passages)


def _answer(document: Document, passage: GapPassage) -> tuple[bool, dict[str, bool], dict[str, bool]]:
    given = {"A": False, "B": False}
    for chain in document.coref:
        mentions = [_located(document, mention) for mention in _spoken(chain)]
        if any(size == 1 and _holds(span, passage.pronoun) for span, size in mentions):
            for name, wanted in (("A", passage.first), ("B", passage.second)):
                given[name] = given[name] or any(_is_name(span, wanted) for span, _ in mentions)
    return passage.feminine, {"A": passage.first_right, "B": passage.second_right}, given


def _located(document: Document, mention: Any) -> tuple[tuple[int, int], int]:
    """The characters of a mention and the number of its words; a word without offsets has those of its token."""
    words = document.sentences[mention.sentence].words[mention.start_word : mention.end_word]
    start = words[0].start_char if words[0].start_char is not None else words[0].parent.start_char
    end = words[-1].end_char if words[-1].end_char is not None else words[-1].parent.end_char
    return (start, end), len(words)


def _is_name(span: tuple[int, int], name: tuple[int, int]) -> bool:
    return _holds(name, span) or (_holds(span, name) and span[1] - span[0] <= _WIDEST * (name[1] - name[0]))


def _holds(outer: tuple[int, int], inner: tuple[int, int]) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]
