"""Passages of the adaptation as tensors: label tables, windows of the encoder, batches of windows of similar length."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence

import attrs
import torch
from torch import Tensor
from transformers import PreTrainedTokenizerBase

from quotex._windows import BLANK, WINDOW
from quotex.training._passages import COLUMNS, Links, Passage

IGNORE = -100


@attrs.frozen(kw_only=True)
class Window:
    """Consecutive sentences that the encoder reads together.

    Attributes:
        ids: subword ids with ``[CLS]`` and ``[SEP]``.
        pieces: for each sentence, for each word the half-open range of its subwords in ``ids``.
        gold: by task, for each sentence one label index a word; ``head`` counts words from 1 and 0 is the root.
    """

    ids: tuple[int, ...]
    pieces: tuple[tuple[tuple[int, int], ...], ...]
    gold: Mapping[str, tuple[tuple[int, ...], ...]]


@attrs.frozen(kw_only=True)
class Document:
    """A passage as windows.

    Attributes:
        windows: its windows in order; they cover all its words.
        links: its coreference annotation.
    """

    windows: tuple[Window, ...]
    links: Links | None


@attrs.frozen(kw_only=True)
class LinkedWords:
    """Where the words of a linked passage stand in a batch.

    Attributes:
        subwords: ``(subwords,)``, their places in the flattened batch, special ones left out.
        words: for each word the half-open range of its subwords in ``subwords``.
        sentences: for each word the number of its sentence.
        links: the annotation.
    """

    subwords: Tensor
    words: tuple[tuple[int, int], ...]
    sentences: tuple[int, ...]
    links: Links


@attrs.frozen(kw_only=True)
class Batch:
    """Padded tensors of some windows with the same tasks.

    Attributes:
        ids, attention: ``(windows, pieces)``.
        last: ``(sentences, 1 + words)``, the place of each word's last subword in the flattened ``ids``; the root
            stands at the ``[CLS]`` of the sentence's window.
        mask: ``(sentences, 1 + words)``, true for the root and real words.
        gold: by task ``(sentences, words)``.
        linked: the linked passages of the batch.
    """

    ids: Tensor
    attention: Tensor
    last: Tensor
    mask: Tensor
    gold: Mapping[str, Tensor]
    linked: tuple[LinkedWords, ...] = ()


def label_tables(passages: Iterable[Passage]) -> dict[str, list[str]]:
    """All labels of each tagging task and of the relations in the training data, sorted."""
    found: dict[str, set[str]] = {task: set() for task in (*COLUMNS, "ner")}
    for passage in passages:
        for task, sentences in passage.labels.items():
            if task in found:
                found[task].update(label for labels in sentences for label in labels)
    return {task: sorted(labels) for task, labels in found.items()}


class Numberer:
    """Turns passages into :class:`Document`: subwords by the tokenizer, labels by the tables, unseen ones ignored."""

    def __init__(self, tokenizer: PreTrainedTokenizerBase, tables: Mapping[str, Sequence[str]]) -> None:
        self._tokenizer = tokenizer
        self._tables = {task: {label: n for n, label in enumerate(labels)} for task, labels in tables.items()}
        self._pieces: dict[str, list[int]] = {}

    def document(self, passage: Passage, limit: int = WINDOW) -> Document:
        """The windows of a passage: whole sentences up to ``limit`` subwords; a sentence over :data:`WINDOW` is cut."""
        self._learn({word for sentence in passage.words for word in sentence})
        windows: list[Window] = []
        first = 0
        size = 0
        lengths = [sum(len(self._pieces[word]) for word in sentence) for sentence in passage.words]
        for number, length in enumerate(lengths):
            if number > first and size + length > limit:
                windows.extend(self._windows(passage, first, number))
                first, size = number, 0
            size += length
        windows.extend(self._windows(passage, first, len(passage.words)))
        return Document(windows=tuple(windows), links=passage.links)

    def _learn(self, words: set[str]) -> None:
        unknown = sorted(words - self._pieces.keys())
        if unknown:
            found = self._tokenizer(unknown, add_special_tokens=False)["input_ids"]
            blank = self._tokenizer(BLANK, add_special_tokens=False)["input_ids"]
            # a word of more subwords than a window is no word; its first ones do
            self._pieces.update({word: pieces[:WINDOW] or blank for word, pieces in zip(unknown, found, strict=True)})

    def _windows(self, passage: Passage, first: int, end: int) -> list[Window]:
        """One window of some sentences; several where a single sentence is too long for one (it has no gold then)."""
        gold = {task: self._numbers(task, labels[first:end]) for task, labels in passage.labels.items()}
        if end - first > 1 or sum(len(self._pieces[word]) for word in passage.words[first]) <= WINDOW:
            return [self._window(passage.words[first:end], gold)]
        cut: list[list[str]] = [[]]
        size = 0
        for word in passage.words[first]:
            length = len(self._pieces[word])
            if size + length > WINDOW:
                cut.append([])
                size = 0
            cut[-1].append(word)
            size += length
        return [self._window([part], {}) for part in cut]

    def _window(self, words: Sequence[Sequence[str]], gold: Mapping[str, tuple[tuple[int, ...], ...]]) -> Window:
        ids = [self._tokenizer.cls_token_id]
        pieces = []
        for sentence in words:
            row = []
            for word in sentence:
                start = len(ids)
                ids.extend(self._pieces[word])
                row.append((start, len(ids)))
            pieces.append(tuple(row))
        return Window(ids=(*ids, self._tokenizer.sep_token_id), pieces=tuple(pieces), gold=gold)

    def _numbers(self, task: str, sentences: Sequence[Sequence[str]]) -> tuple[tuple[int, ...], ...]:
        if task == "head":
            return tuple(tuple(int(head) for head in labels) for labels in sentences)
        table = self._tables[task]
        return tuple(tuple(table.get(label, IGNORE) for label in labels) for labels in sentences)


def batches(windows: Iterable[Window], pieces: int, rng: random.Random | None = None) -> list[Batch]:
    """Batches of about ``pieces`` subwords, padding included, of windows of similar length; shuffled if ``rng``."""
    noise = rng.random if rng is not None else lambda: 0.0
    kept = sorted((window for window in windows if window.gold), key=lambda w: len(w.ids) * (1 + 0.1 * noise()))
    groups: list[list[Window]] = [[]]
    for window in kept:
        if groups[-1] and (len(groups[-1]) + 1) * max(len(window.ids), len(groups[-1][-1].ids)) > pieces:
            groups.append([])
        groups[-1].append(window)
    if rng is not None:
        rng.shuffle(groups)
    return [collate(group) for group in groups if group]


def linked_batches(documents: Iterable[Document], longest: int, rng: random.Random | None = None) -> list[Batch]:
    """One batch a linked document, of at most ``longest`` windows drawn at random if ``rng`` is given.

    Passages of which only pairs are known are short: they share batches of so many windows.
    """
    found = []
    pairs: list[Document] = []
    for document in documents:
        if document.links is not None and document.links.pairs:
            pairs.append(document)
        else:
            found.append(_linked_batch([document if rng is None else _excerpt(document, longest, rng)]))
    if rng is not None:
        rng.shuffle(pairs)
    size = 4 * longest
    found.extend(_linked_batch(pairs[start : start + size]) for start in range(0, len(pairs), size))
    if rng is not None:
        rng.shuffle(found)
    return found


def _excerpt(document: Document, longest: int, rng: random.Random) -> Document:
    """Consecutive windows of a document with the links among them."""
    if len(document.windows) <= longest or document.links is None:
        return document
    first = rng.randrange(len(document.windows) - longest + 1)
    counts = [sum(len(sentence) for sentence in window.pieces) for window in document.windows]
    start, end = sum(counts[:first]), sum(counts[: first + longest])
    inside = [[head - start for head in cluster if start <= head < end] for cluster in document.links.clusters]
    links = Links(
        clusters=tuple(tuple(cluster) for cluster in inside if len(cluster) > 1),
        spans=tuple(
            (head - start, left - start, right - start)
            for head, left, right in document.links.spans
            if start <= left and right <= end
        ),
    )
    return Document(windows=document.windows[first : first + longest], links=links)


def _linked_batch(documents: Sequence[Document]) -> Batch:
    batch = collate([window for document in documents for window in document.windows])
    width = batch.ids.shape[1]
    linked = []
    row = 0
    for document in documents:
        subwords: list[int] = []
        words: list[tuple[int, int]] = []
        sentences: list[int] = []
        number = 0
        for window in document.windows:
            for sentence in window.pieces:
                for start, end in sentence:
                    words.append((len(subwords), len(subwords) + end - start))
                    subwords.extend(range(row * width + start, row * width + end))
                    sentences.append(number)
                number += 1
            row += 1
        assert document.links is not None
        linked.append(
            LinkedWords(
                subwords=torch.tensor(subwords), words=tuple(words), sentences=tuple(sentences), links=document.links
            )
        )
    return attrs.evolve(batch, linked=tuple(linked))


def collate(windows: Sequence[Window]) -> Batch:
    """Pad windows of the same tasks to tensors."""
    width = max(len(window.ids) for window in windows)
    last = [
        [row * width, *(row * width + end - 1 for _, end in sentence)]
        for row, window in enumerate(windows)
        for sentence in window.pieces
    ]
    tasks = set.intersection(*(set(window.gold) for window in windows))
    return Batch(
        ids=_padded([window.ids for window in windows], 0),
        attention=_padded([[1] * len(window.ids) for window in windows], 0),
        last=_padded(last, 0),
        mask=_padded([[1] * len(row) for row in last], 0).bool(),
        gold={
            task: _padded([labels for window in windows for labels in window.gold[task]], IGNORE)
            for task in sorted(tasks)
        },
    )


def _padded(rows: Sequence[Sequence[int]], fill: int) -> Tensor:
    width = max(len(row) for row in rows)
    return torch.tensor([[*row, *[fill] * (width - len(row))] for row in rows])
