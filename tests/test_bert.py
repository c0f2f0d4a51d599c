"""BERT over rows of any lengths, against the model of `transformers` row by row."""

from __future__ import annotations

import random

import pytest
import torch
from torch import Tensor
from transformers import BertConfig, BertModel

import quotex._bert
from quotex._bert import LONG, Layers, Row

SIZES = {"hidden_size": 16, "num_hidden_layers": 3, "num_attention_heads": 4, "intermediate_size": 32}


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> BertModel:
    monkeypatch.setattr(quotex._bert, "precision", lambda: torch.float32)
    torch.manual_seed(3)
    config = BertConfig(**SIZES, vocab_size=50, initializer_range=0.3)
    return BertModel(config, add_pooling_layer=False).eval()


def rows_of(*lengths: int) -> list[Row]:
    draw = random.Random(5)
    return [tuple(draw.randrange(1, 50) for _ in range(length)) for length in lengths]


def states_of(model: BertModel, row: Row) -> list[Tensor]:
    with torch.no_grad():
        found = model(torch.tensor([row]), output_hidden_states=True).hidden_states
    return [states[0] for states in found[1:]]


@pytest.mark.parametrize("lengths", [[3, 3, 1], [LONG - 1, LONG, LONG, 7], [2 * LONG]])
def test_each_row_is_read_as_alone(model: BertModel, lengths: list[int]) -> None:
    rows = rows_of(*lengths)
    with torch.no_grad():
        layers = [torch.split(states, lengths) for states in Layers(model)(rows)]
    for place, row in enumerate(rows):
        for found, wanted in zip(layers, states_of(model, row), strict=True):
            assert torch.allclose(found[place], wanted, atol=1e-4)


def test_of_the_last_layer_only_what_is_kept_is_given(model: BertModel) -> None:
    rows = rows_of(5, LONG)
    kept = torch.tensor([1, 4, 5, LONG + 4])
    with torch.no_grad():
        *_, last = Layers(model)(rows, kept)
    wanted = torch.cat([states_of(model, row)[-1] for row in rows])
    assert last.shape == (4, SIZES["hidden_size"])
    assert torch.allclose(last, wanted[kept], atol=1e-4)
