"""What Stanza's processors compute for training and for other models, left out. Imports Stanza: imported lazily."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from stanza.models.common.crf import CRFLoss
from stanza.models.common.seq2seq_model import Seq2SeqModel
from stanza.models.common.vocab import UNK_ID, BaseMultiVocab
from stanza.models.lemma.edit import EDIT_TO_ID
from torch import Tensor


class Transitions(CRFLoss):  # type: ignore[misc]
    """A `CRFLoss` that computes no loss where none can be learned from; decoding takes the transitions alone."""

    def forward(self, inputs: Tensor, masks: Tensor, tag_indices: Tensor) -> tuple[Tensor, Tensor]:
        """The loss, 0 without gradients, and the scores of transitions."""
        if torch.is_grad_enabled():
            found: tuple[Tensor, Tensor] = super().forward(inputs, masks, tag_indices)
            return found
        return inputs.new_zeros(()), self._transitions


class Lemmas(Seq2SeqModel):  # type: ignore[misc]
    """A `Seq2SeqModel` that writes only what is used: no lemma that is the word itself or the word in small letters."""

    def predict_greedy(
        self, src: Tensor, src_mask: Tensor, pos: Tensor | None = None, raw: Any = None, **options: Any
    ) -> tuple[list[list[int]], Tensor | None]:
        """The characters of each lemma, and the scores of its edits; words are sorted, the longest first."""
        if not self.edit or self.contextual_embedding is not None:
            found: tuple[list[list[int]], Tensor | None] = super().predict_greedy(src, src_mask, pos, raw, **options)
            return found
        inputs, count, lengths, _ = self.embed(src, src_mask, pos, raw)
        edits = self.edit_clf(self.encode(inputs, lengths)[1][0])
        written = (edits.argmax(1) == EDIT_TO_ID["none"]).nonzero()[:, 0]
        lemmas: list[list[int]] = [[] for _ in range(count)]
        if len(written):
            longest = int((~src_mask[written[0]]).sum())
            rows = src[written, :longest], src_mask[written, :longest], None if pos is None else pos[written]
            for place, lemma in zip(written.tolist(), super().predict_greedy(*rows, raw, **options)[0], strict=True):
                lemmas[place] = lemma
        return lemmas, edits


def likeliest_tags(scores: NDArray[Any], transitions: NDArray[Any]) -> tuple[list[int], float]:
    """The tags of a sentence with the highest sum of scores, and that sum: Stanza's `viterbi_decode`.

    Args:
        scores: ``(words, tags)``.
        transitions: ``(tags, tags)``, from the first to the second.
    """
    before = np.ascontiguousarray(transitions.T)
    places = np.arange(len(before))
    best = scores[0]
    back = []
    for score in scores[1:]:
        sums = before + best
        back.append(sums.argmax(1))
        best = score + sums[places, back[-1]]
    tags = [int(best.argmax())]
    for tag in reversed(back):
        tags.append(int(tag[tags[-1]]))
    return tags[::-1], float(best.max())


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
