"""Documents with coreference as the network sees them: windows of subwords, and where the words stand in them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, pairwise
from typing import Any

import attrs

from quotex._bert import Row
from quotex._encoder import CaseTokenizer
from quotex._voices import voices
from quotex._windows import WINDOW, cut, with_contexts
from quotex.training._marks import draw_style, rewrite_forms


@attrs.frozen(kw_only=True)
class Links:
    """Coreference among words that are counted from 0.

    Attributes:
        clusters: for each chain the heads of its mentions, at least two.
        spans: ``(head, start, end)`` of every mention, half-open.
        pairs: where only single links are known (GAP): ``(later word, earlier word, coreferent or not)``; there are no
            chains then.
        partial: whether words outside the chains may belong to them too (PDNC).
        unsure: words whose antecedents are not learned, because what told them was not sure.
    """

    clusters: tuple[tuple[int, ...], ...] = ()
    spans: tuple[tuple[int, int, int], ...] = ()
    pairs: tuple[tuple[int, int, bool], ...] = ()
    partial: bool = False
    unsure: tuple[int, ...] = ()


@attrs.frozen(kw_only=True)
class LinkedDocument:
    """A document of the training data.

    Attributes:
        name: of the document.
        corpus: the corpus that scores are kept apart for.
        sentences: the words of each sentence.
        links: its coreference.
        heads: for each word the number of its head, -1 for a root; empty where there is no tree.
        relations: for each word its relation; empty likewise.
        silver: whether a model found its coreference.
    """

    name: str
    corpus: str
    sentences: tuple[tuple[str, ...], ...]
    links: Links
    heads: tuple[int, ...] = ()
    relations: tuple[str, ...] = ()
    silver: bool = False

    def numbered(self) -> tuple[list[str], list[int]]:
        """Its words, and for each the number of its sentence."""
        return (
            [word for sentence in self.sentences for word in sentence],
            [number for number, sentence in enumerate(self.sentences) for _ in sentence],
        )


@attrs.frozen(kw_only=True)
class LinkedWindows:
    """A document, or part of one, cut into windows.

    Attributes:
        windows: the subwords of each window, special ones included, behind those of the window before it that are read
            with it.
        words: for each word the half-open range of its subwords, counted through the windows without special ones.
        sentences: for each word the number of its sentence.
        voices: for each word the number of the voice that says it.
        counts: the number of words of each window.
        links: the coreference among the words.
    """

    windows: tuple[Row, ...]
    words: tuple[tuple[int, int], ...]
    sentences: tuple[int, ...]
    voices: tuple[int, ...]
    counts: tuple[int, ...]
    links: Links

    @property
    def sizes(self) -> list[int]:
        """The subwords of each window that are its own."""
        ends = [0, *(self.words[last - 1][1] for last in accumulate(self.counts))]
        return [right - left for left, right in pairwise(ends)]


def read_linked(document: Mapping[str, Any]) -> LinkedDocument:
    """A document in Stanza's coreference JSON; with the key ``gap`` only its labelled pairs are known."""
    sentences: list[list[str]] = []
    previous = None
    for word, number in zip(document["cased_words"], document["sent_id"], strict=True):
        if number != previous:
            sentences.append([])
            previous = number
        sentences[-1].append(word)
    return LinkedDocument(
        name=str(document["document_id"]),
        corpus=str(document["corpus"]),
        sentences=tuple(map(tuple, sentences)),
        links=_links(document),
        heads=tuple(document.get("head", ())),
        relations=tuple(document.get("deprel", ())),
        silver="unsure" in document,
    )


def _links(document: Mapping[str, Any]) -> Links:
    if "gap" in document:
        gap = document["gap"]
        names = ((gap["a"], gap["a_coref"]), (gap["b"], gap["b_coref"]))
        pairs = ((max(name, gap["pronoun"]), min(name, gap["pronoun"]), bool(right)) for name, right in names)
        return Links(pairs=tuple(pairs))
    clusters = tuple(tuple(sorted(cluster)) for cluster in document["word_clusters"] if len(cluster) > 1)
    spans = tuple((head, start, end) for head, start, end in document["head2span"])
    return Links(
        clusters=clusters,
        spans=spans,
        partial=document.get("partial", False),
        unsure=tuple(document.get("unsure", ())),
    )


def restyle(document: LinkedDocument, rng: random.Random) -> LinkedDocument:
    """The document with its marks rewritten in one style drawn at random."""
    style = draw_style(rng)
    return attrs.evolve(document, sentences=tuple(tuple(rewrite_forms(row, style)) for row in document.sentences))


def to_windows(document: LinkedDocument, tokenizer: CaseTokenizer) -> LinkedWindows:
    """The windows of a document, cut as Stanza's coreference model cuts them."""
    pieces = [[tokenizer.pieces(word) for word in sentence] for sentence in document.sentences]
    rows: list[list[int]] = []
    counts: list[int] = []
    words: list[tuple[int, int]] = []
    sentences: list[int] = []
    number = 0
    for size in cut([sum(map(len, sentence)) for sentence in pieces]):
        rows.append([])
        counts.append(0)
        for sentence in pieces[number : number + size]:
            for word in sentence:
                if len(rows[-1]) + len(word) > WINDOW:  # a sentence longer than a window
                    rows.append([])
                    counts.append(0)
                start = words[-1][1] if words else 0
                words.append((start, start + len(word)))
                sentences.append(number)
                rows[-1].extend(word)
                counts[-1] += 1
            number += 1
    return LinkedWindows(
        windows=tuple(with_contexts([(tokenizer.cls_token_id, *row, tokenizer.sep_token_id) for row in rows])),
        words=tuple(words),
        sentences=tuple(sentences),
        voices=tuple(voices(*document.numbered())),
        counts=tuple(counts),
        links=document.links,
    )


def excerpt(document: LinkedWindows, longest: int, rng: random.Random) -> LinkedWindows:
    """At most so many consecutive windows of a document, drawn at random, with the links among them."""
    if len(document.windows) <= longest:
        return document
    first = rng.randrange(len(document.windows) - longest + 1)
    start, end = sum(document.counts[:first]), sum(document.counts[: first + longest])
    inside = [[head - start for head in cluster if start <= head < end] for cluster in document.links.clusters]
    links = Links(
        clusters=tuple(tuple(cluster) for cluster in inside if len(cluster) > 1),
        spans=tuple(
            (head - start, left - start, right - start)
            for head, left, right in document.links.spans
            if start <= left and right <= end
        ),
        partial=document.links.partial,
        unsure=tuple(word - start for word in document.links.unsure if start <= word < end),
    )
    shift = document.words[start][0]
    return LinkedWindows(
        windows=document.windows[first : first + longest],
        words=tuple((left - shift, right - shift) for left, right in document.words[start:end]),
        sentences=document.sentences[start:end],
        voices=document.voices[start:end],
        counts=document.counts[first : first + longest],
        links=links,
    )


def schedule(
    documents: Sequence[LinkedDocument],
    pairs: int,
    rng: random.Random,
    pairs_share: float = 1.0,
    silver_share: float = 1.0,
) -> Iterator[list[int]]:
    """The steps of a pass as numbers of documents: one document a step; those with pairs, which are short, in groups.

    Args:
        documents: all of them.
        pairs: documents with pairs in a step.
        rng: shuffles.
        pairs_share: the part of the documents with pairs that the pass takes.
        silver_share: the part of the silver documents that it takes.
    """
    short = [number for number, document in enumerate(documents) if document.links.pairs]
    short = rng.sample(short, round(pairs_share * len(short)))
    silver = [number for number, document in enumerate(documents) if document.silver]
    left_out = set(rng.sample(silver, round((1 - silver_share) * len(silver))))
    steps = [
        [number] for number, document in enumerate(documents) if not document.links.pairs and number not in left_out
    ]
    steps += [short[start : start + pairs] for start in range(0, len(short), pairs)]
    rng.shuffle(steps)
    yield from steps
