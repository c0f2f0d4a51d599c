"""A frozen encoder that remembers: each sentence is encoded once in a training run, later passes read it from memory.

Stanza's trainers run the encoder on each sentence in each pass. Its weights do not change, so the last layers of
each sentence are kept in half precision (3 kB a subword; about 1.5 GB for EWT and GUM). ``AutoModel`` finds the class
through the ``model_type`` of the folder that the step ``adapt`` writes; the packed encoder is a plain BERT.
"""

from __future__ import annotations

from typing import Any, ClassVar

import torch
from torch import Tensor
from transformers import AutoConfig, AutoModel, BertConfig, BertModel
from transformers.modeling_outputs import BaseModelOutput

MODEL_TYPE = "quotex-memo-bert"
LAYERS = 4


class MemoConfig(BertConfig):  # type: ignore[misc]
    """BERT's configuration under a name of its own."""

    model_type = MODEL_TYPE


class MemoBert(BertModel):  # type: ignore[misc]
    """BERT whose answers are remembered by the subwords of a sentence.

    The memory belongs to the class: Stanza's parser loads the encoder anew for its second stage. So a process must not
    use two encoders.
    """

    config_class = MemoConfig
    _memory: ClassVar[dict[tuple[int, ...], Tensor]] = {}

    @torch.no_grad()
    def forward(self, input_ids: Tensor, attention_mask: Tensor, **_ignored: Any) -> BaseModelOutput:
        """The last hidden layers of each sentence, as ``hidden_states``; padding is zero."""
        lengths = attention_mask.sum(1).tolist()
        keys = [tuple(row[:length]) for row, length in zip(input_ids.tolist(), lengths, strict=True)]
        new = [row for row, key in enumerate(keys) if key not in self._memory]
        if new:
            longest = max(lengths[row] for row in new)
            self._remember([keys[row] for row in new], input_ids[new, :longest], attention_mask[new, :longest])
        hidden = torch.zeros(LAYERS, *input_ids.shape, self.config.hidden_size)
        for row, key in enumerate(keys):
            hidden[:, row, : len(key)] = self._memory[key].float()
        return BaseModelOutput(last_hidden_state=hidden[-1], hidden_states=tuple(hidden))

    def _remember(self, keys: list[tuple[int, ...]], ids: Tensor, mask: Tensor) -> None:
        self.eval()
        with torch.autocast("cpu", torch.bfloat16):
            output = super().forward(input_ids=ids, attention_mask=mask, output_hidden_states=True)
        layers = torch.stack(output.hidden_states[-LAYERS:]).half()
        for row, key in enumerate(keys):
            self._memory[key] = layers[:, row, : len(key)].clone()


AutoConfig.register(MODEL_TYPE, MemoConfig, exist_ok=True)
AutoModel.register(MemoConfig, MemoBert, exist_ok=True)
