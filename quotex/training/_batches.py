"""Sentences of the adaptation as tensors: label tables, batches of similar length."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence

import attrs
import torch
from torch import Tensor
from transformers import PreTrainedTokenizerBase

from quotex.training._conllu import DEPREL, FEATS, HEAD, UPOS, XPOS, Sentence
from quotex.training._names import NamedSentence
from quotex.training._network import IGNORE, subwords

COLUMNS = {"upos": UPOS, "xpos": XPOS, "feats": FEATS, "deprel": DEPREL}
MAX_PIECES = 300


@attrs.frozen(kw_only=True)
class Example:
    """One sentence as numbers.

    Attributes:
        ids: subword ids with ``[CLS]`` and ``[SEP]``.
        last: for the root and each word, the index of its last subword in ``ids``.
        gold: by task, one label index a word; ``head`` counts words from 1 and 0 is the root.
    """

    ids: Sequence[int]
    last: Sequence[int]
    gold: Mapping[str, Sequence[int]]


@attrs.frozen(kw_only=True)
class Batch:
    """Padded tensors of some examples of the same tasks.

    Attributes:
        ids, attention: ``(batch, pieces)``.
        last, mask: ``(batch, 1 + words)``; ``mask`` is true for the root and real words.
        gold: by task ``(batch, words)``.
    """

    ids: Tensor
    attention: Tensor
    last: Tensor
    mask: Tensor
    gold: Mapping[str, Tensor]


def label_tables(sentences: Iterable[Sentence], names: Iterable[NamedSentence]) -> dict[str, list[str]]:
    """All labels of each task in the training data, sorted."""
    found: dict[str, set[str]] = {task: set() for task in (*COLUMNS, "ner")}
    for sentence in sentences:
        for row in sentence.words:
            for task, column in COLUMNS.items():
                found[task].add(row.columns[column])
    for named in names:
        found["ner"].update(named.labels)
    return {task: sorted(labels) for task, labels in found.items()}


class Numberer:
    """Turns sentences into :class:`Example`: subwords by the tokenizer, labels by the tables, unseen ones ignored."""

    def __init__(self, tokenizer: PreTrainedTokenizerBase, tables: Mapping[str, Sequence[str]]) -> None:
        self._tokenizer = tokenizer
        self._tables = {task: {label: n for n, label in enumerate(labels)} for task, labels in tables.items()}

    def syntax(self, sentence: Sentence) -> Example:
        """A treebank sentence, with tags, features, heads and relations."""
        words = sentence.words
        ids, last = subwords(self._tokenizer, [row.form for row in words])
        gold = {
            task: [self._tables[task].get(row.columns[column], IGNORE) for row in words]
            for task, column in COLUMNS.items()
        }
        gold["head"] = [int(row.columns[HEAD]) for row in words]
        return Example(ids=ids, last=last, gold=gold)

    def names(self, sentence: NamedSentence) -> Example:
        """A sentence with names."""
        ids, last = subwords(self._tokenizer, sentence.tokens)
        return Example(ids=ids, last=last, gold={"ner": [self._tables["ner"][label] for label in sentence.labels]})


def batches(examples: Sequence[Example], pieces: int, rng: random.Random | None = None) -> list[Batch]:
    """Batches of about ``pieces`` subwords, padding included, of sentences of similar length; shuffled if ``rng``.

    Sentences over :data:`MAX_PIECES` subwords are left out in training (``rng`` given) and kept otherwise.
    """
    kept = [example for example in examples if rng is None or len(example.ids) <= MAX_PIECES]
    noise = rng.random if rng is not None else lambda: 0.0
    kept.sort(key=lambda example: len(example.ids) * (1 + 0.1 * noise()))
    groups: list[list[Example]] = [[]]
    for example in kept:
        if groups[-1] and (len(groups[-1]) + 1) * max(len(example.ids), len(groups[-1][-1].ids)) > pieces:
            groups.append([])
        groups[-1].append(example)
    if rng is not None:
        rng.shuffle(groups)
    return [collate(group) for group in groups if group]


def collate(examples: Sequence[Example]) -> Batch:
    """Pad examples of the same tasks to tensors."""
    return Batch(
        ids=_padded([example.ids for example in examples], 0),
        attention=_padded([[1] * len(example.ids) for example in examples], 0),
        last=_padded([example.last for example in examples], 0),
        mask=_padded([[1] * len(example.last) for example in examples], 0).bool(),
        gold={task: _padded([example.gold[task] for example in examples], IGNORE) for task in examples[0].gold},
    )


def _padded(rows: Sequence[Sequence[int]], fill: int) -> Tensor:
    width = max(len(row) for row in rows)
    return torch.tensor([[*row, *[fill] * (width - len(row))] for row in rows])
