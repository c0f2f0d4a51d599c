"""What Stanza's processors compute for training and for other models, left out. Imports Stanza: imported lazily."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import torch
from stanza.models.common.crf import CRFLoss
from stanza.models.common.vocab import UNK_ID, BaseMultiVocab
from torch import Tensor


class Transitions(CRFLoss):  # type: ignore[misc]
    """A `CRFLoss` that computes no loss where none can be learned from; decoding takes the transitions alone."""

    def forward(self, inputs: Tensor, masks: Tensor, tag_indices: Tensor) -> tuple[Tensor, Tensor]:
        """The loss, 0 without gradients, and the scores of transitions."""
        if torch.is_grad_enabled():
            found: tuple[Tensor, Tensor] = super().forward(inputs, masks, tag_indices)
            return found
        return inputs.new_zeros(()), self._transitions


def lighten(trainer: Any) -> None:
    """Have a model's vocabularies do less: no characters where it reads none, and each character or feature once.

    Args:
        trainer: A tokenizer, tagger, parser or tagger of names, loaded by Stanza.
    """
    if not isinstance(trainer.vocab, BaseMultiVocab):
        trainer.vocab.unit2id = cache(trainer.vocab.unit2id)
        return
    if "char" in trainer.vocab and not trainer.args.get("char"):
        trainer.vocab["char"].map = lambda _: [UNK_ID]
    if "feats" in trainer.vocab:
        features = trainer.vocab["feats"]
        features.unit2id = cache(features.unit2id)
        features.id2unit = _remembered(features.id2unit)


def _remembered(id2unit: Any) -> Any:
    known = cache(id2unit)

    def remembering(ids: Sequence[int]) -> str:
        found: str = known(tuple(ids))
        return found

    return remembering
