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
    """Have a model's vocabularies do less: nothing for what it does not read, and each character or tag once.

    Args:
        trainer: A tokenizer, tagger, parser or tagger of names, loaded by Stanza.
    """
    if not isinstance(trainer.vocab, BaseMultiVocab):
        trainer.vocab.unit2id = cache(trainer.vocab.unit2id)
        return
    vocabularies, args = trainer.vocab._vocabs, trainer.args
    if "char" in vocabularies and not args.get("char"):
        vocabularies["char"].map = lambda _: [UNK_ID]
    for name in {"word", "lemma"}.intersection(vocabularies):
        if not args.get("word_emb_dim"):
            vocabularies[name].map = lambda units: [UNK_ID] * len(units)
    for name in {"upos", "xpos", "feats", "deprel", "tag"}.intersection(vocabularies):
        vocabularies[name].unit2id = cache(vocabularies[name].unit2id)
    if "feats" in vocabularies:
        vocabularies["feats"].id2unit = _remembered(vocabularies["feats"].id2unit)


def _remembered(id2unit: Any) -> Any:
    known = cache(id2unit)

    def remembering(ids: Sequence[int]) -> str:
        found: str = known(tuple(ids))
        return found

    return remembering
