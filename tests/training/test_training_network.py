"""Batches and losses of the adaptation, on a network small enough for a test."""

from __future__ import annotations

import random

import pytest
import torch
from transformers import BertConfig, BertModel

from quotex._encoder import LAYERS
from quotex.training._adapt import batch_loss
from quotex.training._batches import Batch, Example, batches, collate
from quotex.training._network import IGNORE, MultiTask

SIZES = {"upos": 3, "xpos": 4, "feats": 2, "deprel": 5, "ner": 3}


def syntax_example(words: int) -> Example:
    """A chain: each word depends on the one before it, each word one piece."""
    labels = {task: [1] * words for task in ("upos", "xpos", "feats", "deprel")}
    return Example(
        ids=[2, *range(5, 5 + words), 3], last=list(range(words + 1)), gold={**labels, "head": list(range(words))}
    )


@pytest.fixture
def network() -> MultiTask:
    torch.manual_seed(3)
    config = BertConfig(
        vocab_size=40, hidden_size=16, num_hidden_layers=LAYERS, num_attention_heads=2, intermediate_size=16
    )
    return MultiTask(BertModel(config), SIZES)


def test_batches_hold_all_examples_within_the_limit() -> None:
    examples = [syntax_example(words) for words in (3, 9, 4, 8, 3)]
    made = batches(examples, 22, random.Random(1))
    assert sum(len(batch.ids) for batch in made) == 5
    assert all(batch.ids.numel() <= 22 or len(batch.ids) == 1 for batch in made)


def test_padding_is_masked() -> None:
    batch = collate([syntax_example(2), syntax_example(4)])
    assert batch.mask.tolist() == [[True] * 3 + [False] * 2, [True] * 5]
    assert batch.gold["head"].tolist() == [[0, 1, IGNORE, IGNORE], [0, 1, 2, 3]]


def test_training_lowers_the_loss(network: MultiTask) -> None:
    batch: Batch = collate([syntax_example(4), syntax_example(6)])
    optimizer = torch.optim.AdamW(network.parameters(), 5e-3)
    network.train()
    losses = []
    for _ in range(60):
        loss = batch_loss(network, batch)
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.item())
    assert losses[-1] < losses[0] / 4
    network.eval()
    with torch.no_grad():
        layers = network.encode(batch.ids, batch.attention, batch.last)
        heads, relations = network.parse(layers, batch.mask)
    real = batch.mask[:, 1:]
    assert torch.equal(heads[real], batch.gold["head"][real])
    assert torch.equal(relations[real], batch.gold["deprel"][real])


def test_names_alone_have_a_loss(network: MultiTask) -> None:
    example = Example(ids=[2, 7, 8, 3], last=[0, 1, 2], gold={"ner": [0, 2]})
    assert batch_loss(network, collate([example])).item() > 0
