"""A frozen encoder that remembers: each sentence is encoded once in a training run, later passes read it from memory.

Stanza's trainers run the encoder on each sentence in each pass. Its weights do not change, so the last layers of
each sentence are kept in half precision (3 kB a subword; about 1.5 GB for EWT and GUM). ``AutoModel`` finds the class
through the ``model_type`` of the folder that the step ``adapt`` writes; the packed encoder is a plain BERT.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from torch import Tensor
from transformers import AutoConfig, AutoModel, BertConfig
from transformers.modeling_outputs import BaseModelOutput

from quotex._bert import Row
from quotex._encoder import SentenceBert

MODEL_TYPE = "quotex-memo-bert"


class MemoConfig(BertConfig):  # type: ignore[misc]
    """BERT's configuration under a name of its own."""

    model_type = MODEL_TYPE


class MemoBert(SentenceBert):
    """The encoder that remembers every sentence it was ever asked for.

    The memory belongs to the class: Stanza's parser loads the encoder anew for its second stage. So a process must not
    use two encoders.
    """

    config_class = MemoConfig
    _memory: ClassVar[dict[Row, Tensor]] = {}

    def __init__(self, config: MemoConfig, **options: Any) -> None:
        super().__init__(config, **options)
        self._states = self._memory

    def _compute(self, rows: Iterable[Row]) -> Iterator[tuple[Row, Tensor]]:
        self.eval()
        for row, states in super()._compute(rows):
            yield row, states.half()

    def forward(self, input_ids: Tensor, attention_mask: Tensor, **_ignored: Any) -> BaseModelOutput:
        """See `SentenceBert`; what is new is read first, and so remembered."""
        lengths = attention_mask.sum(1).tolist()
        self.read(tuple(row[: int(length)]) for row, length in zip(input_ids.tolist(), lengths, strict=True))
        return super().forward(input_ids, attention_mask)


AutoConfig.register(MODEL_TYPE, MemoConfig, exist_ok=True)
AutoModel.register(MemoConfig, MemoBert, exist_ok=True)
