"""Passages of the adaptation: consecutive sentences of one document with all that is annotated on them."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import attrs

from quotex.training._conllu import DEPREL, FEATS, HEAD, UPOS, XPOS, Sentence
from quotex.training._marks import draw_style, rewrite_forms
from quotex.training._names import NamedSentence

COLUMNS = {"upos": UPOS, "xpos": XPOS, "feats": FEATS, "deprel": DEPREL}


@attrs.frozen(kw_only=True)
class Links:
    """The coreference annotation of a passage; words are counted through the passage from 0.

    Attributes:
        clusters: for each chain the heads of its mentions, at least two.
        spans: ``(head, start, end)`` of every mention, half-open.
        pairs: where only single links are known (GAP): ``(word, word, coreferent or not)``; the chains are empty then.
    """

    clusters: tuple[tuple[int, ...], ...] = ()
    spans: tuple[tuple[int, int, int], ...] = ()
    pairs: tuple[tuple[int, int, bool], ...] = ()


@attrs.frozen(kw_only=True)
class Passage:
    """Consecutive sentences of one document.

    Attributes:
        name: of the document.
        corpus: the corpus that scores are kept apart for.
        words: the words of each sentence.
        tags: Penn Treebank tags of each sentence where they are known, for the direction of marks.
        labels: by task one label a word for each sentence; ``head`` counts words from 1 and 0 is the root.
        links: the coreference annotation, if there is one.
    """

    name: str
    corpus: str = ""
    words: tuple[tuple[str, ...], ...]
    tags: tuple[tuple[str, ...], ...] = ()
    labels: Mapping[str, tuple[tuple[str, ...], ...]] = attrs.field(factory=dict)
    links: Links | None = None


def restyle(passage: Passage, rng: random.Random) -> Passage:
    """The passage with its marks rewritten in one style drawn at random."""
    style = draw_style(rng)
    tags = passage.tags or ((),) * len(passage.words)
    words = (tuple(rewrite_forms(words, style, known)) for words, known in zip(passage.words, tags, strict=True))
    return attrs.evolve(passage, words=tuple(words))


def treebank_passages(sentences: Iterable[Sentence], linked: Iterable[Mapping[str, Any]] = ()) -> list[Passage]:
    """The documents of a treebank (``# newdoc``), with chains where `linked` has a document of that name.

    Args:
        sentences: sentences in order.
        linked: documents in Stanza's coreference JSON, of the same words in the same order.

    Raises:
        ValueError: a linked document has other words than the treebank's.
    """
    chains = {str(document["document_id"]): document for document in linked}
    passages = []
    for name, part in _documents(sentences):
        words = tuple(tuple(row.form for row in sentence.words) for sentence in part)
        labels = {
            task: tuple(tuple(row.columns[column] for row in sentence.words) for sentence in part)
            for task, column in {**COLUMNS, "head": HEAD}.items()
        }
        links = None
        if name in chains:
            if list(chains[name]["cased_words"]) != [word for sentence in words for word in sentence]:
                raise ValueError(f"{name}: the words of the treebank and of the chains differ")
            links = links_of(chains[name])
        passages.append(Passage(name=name, words=words, tags=labels["xpos"], labels=labels, links=links))
    return passages


def _documents(sentences: Iterable[Sentence]) -> Iterator[tuple[str, list[Sentence]]]:
    name = ""
    part: list[Sentence] = []
    for sentence in sentences:
        starts = [comment for comment in sentence.comments if comment.startswith("# newdoc")]
        if starts and part:
            yield name, part
            part = []
        if starts:
            name = starts[0].partition("=")[2].strip()
        part.append(sentence)
    if part:
        yield name, part


def linked_passage(document: Mapping[str, Any]) -> Passage:
    """A document in Stanza's coreference JSON; with the key ``gap`` only its labelled pairs are known."""
    words: list[list[str]] = []
    previous = None
    for word, sentence in zip(document["cased_words"], document["sent_id"], strict=True):
        if sentence != previous:
            words.append([])
            previous = sentence
        words[-1].append(word)
    return Passage(
        name=str(document["document_id"]),
        corpus=str(document["corpus"]),
        words=tuple(tuple(row) for row in words),
        links=links_of(document),
    )


def links_of(document: Mapping[str, Any]) -> Links:
    """The chains of a document in Stanza's coreference JSON; of a GAP passage the two labelled pairs."""
    if "gap" in document:
        gap = document["gap"]
        names = ((gap["a"], gap["a_coref"]), (gap["b"], gap["b_coref"]))
        return Links(
            pairs=tuple((max(name, gap["pronoun"]), min(name, gap["pronoun"]), right) for name, right in names)
        )
    clusters = tuple(tuple(sorted(cluster)) for cluster in document["word_clusters"] if len(cluster) > 1)
    return Links(clusters=clusters, spans=tuple((head, start, end) for head, start, end in document["head2span"]))


def named_passage(name: str, sentences: Sequence[NamedSentence]) -> Passage:
    """An article with names."""
    return Passage(
        name=name,
        words=tuple(sentence.tokens for sentence in sentences),
        labels={"ner": tuple(sentence.labels for sentence in sentences)},
    )
