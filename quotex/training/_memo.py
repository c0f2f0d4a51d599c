"""A frozen encoder that remembers: each document is read once in a training run, later passes take it from memory.

Stanza's trainers run the encoder on each sentence in each pass. Its weights do not change, so the last layers of
all windows are kept in half precision (3 kB a subword; about 1.5 GB for EWT and GUM). ``AutoModel`` finds the class
through the ``model_type`` of the folder that the step ``adapt`` writes; the packed encoder is a plain BERT.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, ClassVar

import torch
from torch import Tensor
from transformers import AutoConfig, AutoModel, BertConfig
from transformers.modeling_outputs import BaseModelOutput

from quotex._encoder import WindowedBert, load_tokenizer, windows_of
from quotex._windows import Tokens

MODEL_TYPE = "quotex-memo-bert"


class MemoConfig(BertConfig):  # type: ignore[misc]
    """BERT's configuration under a name of its own."""

    model_type = MODEL_TYPE


class MemoBert(WindowedBert):
    """The encoder that remembers what was read, and sentences that stand alone besides.

    The memory belongs to the class: Stanza's parser loads the encoder anew for its second stage. So a process must not
    use two encoders.
    """

    config_class = MemoConfig
    _all_states: ClassVar[dict[tuple[int, ...], Tensor]] = {}
    _all_places: ClassVar[dict[tuple[int, ...], tuple[tuple[int, ...], tuple[int, ...]]]] = {}

    def __init__(self, config: MemoConfig, **options: Any) -> None:
        super().__init__(config, **options)
        self._states = self._all_states
        self._places = self._all_places

    def _compute(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, ...]:
        self.eval()
        return tuple(layer.half() for layer in super()._compute(ids, mask))

    @torch.no_grad()
    def forward(self, input_ids: Tensor, attention_mask: Tensor, **_ignored: Any) -> BaseModelOutput:
        """See `WindowedBert`; rows that are new are remembered."""
        lengths = attention_mask.sum(1).tolist()
        keys = {tuple(row[:length]) for row, length in zip(input_ids.tolist(), lengths, strict=True)}
        new = sorted((key for key in keys if key not in self._places), key=len)
        if new:
            self._read(new)
            self._places.update({key: (key, tuple(range(len(key)))) for key in new})
        return super().forward(input_ids, attention_mask)


def remember(folder: Path, documents: Iterable[list[Tokens]]) -> None:
    """Read documents with the encoder in a folder, for the training runs of this process."""
    encoder = AutoModel.from_pretrained(folder)
    tokenizer = load_tokenizer(folder)
    encoder.read(window for document in documents for window in windows_of(document, tokenizer))


AutoConfig.register(MODEL_TYPE, MemoConfig, exist_ok=True)
AutoModel.register(MemoConfig, MemoBert, exist_ok=True)
