"""BERT over rows of any lengths without padding. Imports torch, so it is imported lazily.

`transformers` pads the rows of a batch to the longest and converts all weights anew at each call where they are not
computed with as they are stored. Here the rows stand one behind the other, each linear map is computed for all of them
at once, and attention for those of equal length together. The weights are converted once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, groupby

import torch
from torch import Tensor
from torch.nn.functional import scaled_dot_product_attention
from transformers import BertModel
from transformers.models.bert.modeling_bert import BertLayer

Row = tuple[int, ...]
"""Subword ids with the special ones at both ends."""

LONG = 128
"""Subwords from which on attention is faster where PyTorch does it in blocks; many short rows are slower that way."""


def precision() -> torch.dtype:
    """What is multiplied: bfloat16 where the processor has instructions for it, and float32 elsewhere."""
    has_instructions = torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()
    return torch.bfloat16 if has_instructions else torch.float32


class Layers:
    """The layers of a BERT in evaluation; what becomes of the model's weights later is not seen.

    Sums and norms are float32, products as `precision` says.
    """

    @torch.no_grad()
    def __init__(self, model: BertModel) -> None:
        self._embeddings = model.embeddings
        self._layers = [_Layer(layer, model.config.num_attention_heads) for layer in model.encoder.layer]

    @torch.no_grad()
    def __call__(self, rows: Sequence[Row], kept: Tensor | None = None) -> Iterator[Tensor]:
        """The hidden states of each layer, ``(subwords of all rows, size)``.

        Args:
            rows: Those of equal length should be neighbours.
            kept: The places whose states are needed of the last layer; it gives no others.
        """
        ids = torch.tensor([list(chain.from_iterable(rows))])
        places = torch.tensor([[place for row in rows for place in range(len(row))]])
        shapes = [(len(list(group)), length) for length, group in groupby(map(len, rows))]
        states = self._embeddings(input_ids=ids, position_ids=places)[0]
        for number, layer in enumerate(self._layers, 1):
            states = layer(states, shapes, kept if number == len(self._layers) else None)
            yield states


class _Linear:
    """A linear map, its weights as they are multiplied and laid out as the product reads them."""

    def __init__(self, weight: Tensor, bias: Tensor) -> None:
        self._weight = weight.to(precision()).t().contiguous()
        self._bias = bias.to(precision())

    def __call__(self, rows: Tensor) -> Tensor:
        return torch.addmm(self._bias, rows.to(self._weight.dtype), self._weight)


class _Layer:
    """One layer."""

    def __init__(self, layer: BertLayer, heads: int) -> None:
        inner, outer = layer.attention.self, layer.attention.output
        scale = (inner.query.out_features // heads) ** -0.5
        self._heads = heads
        self._parts = _Linear(
            torch.cat([inner.query.weight * scale, inner.key.weight, inner.value.weight]),
            torch.cat([inner.query.bias * scale, inner.key.bias, inner.value.bias]),
        )
        self._joined = _Linear(outer.dense.weight, outer.dense.bias)
        self._wide = _Linear(layer.intermediate.dense.weight, layer.intermediate.dense.bias)
        self._narrow = _Linear(layer.output.dense.weight, layer.output.dense.bias)
        self._activation = layer.intermediate.intermediate_act_fn
        self._norms = outer.LayerNorm, layer.output.LayerNorm

    def __call__(self, states: Tensor, shapes: Sequence[tuple[int, int]], kept: Tensor | None) -> Tensor:
        attended = self._attend(self._parts(states), shapes)
        if kept is not None:
            states, attended = states[kept], attended[kept]
        states = self._norms[0](states + self._joined(attended))
        found: Tensor = self._norms[1](states + self._narrow(self._activation(self._wide(states))))
        return found

    def _attend(self, parts: Tensor, shapes: Sequence[tuple[int, int]]) -> Tensor:
        """Attention within each row, for rows of equal length at once; the queries are scaled already."""
        found = []
        groups = torch.split(parts, [rows * length for rows, length in shapes])
        for (rows, length), group in zip(shapes, groups, strict=True):
            queries, keys, values = group.view(rows, length, 3, self._heads, -1).permute(2, 0, 3, 1, 4)
            if length < LONG:
                attended = torch.softmax(queries @ keys.transpose(2, 3), 3) @ values
            else:
                attended = scaled_dot_product_attention(queries, keys, values, scale=1.0)
            found.append(attended.transpose(1, 2).reshape(rows * length, -1))
        return torch.cat(found)
