"""Stanza's tagger, with the same weights and answers and less work. Imports Stanza, so it is imported lazily.

Stanza's scores the tags and features of each word by bilinear forms of the word's state and a vector of its part of
speech, one form after the other. There are few parts of speech: for each of them the forms are linear, and all features
are one map.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch
from stanza.models.common.biaffine import BiaffineScorer
from stanza.models.common.vocab import CompositeVocab
from stanza.models.pos.model import Tagger
from stanza.models.pos.tag_columns import DEFAULT_TAG_COLUMNS
from torch import Tensor
from torch.nn import functional as F  # noqa: N812 - torch's own name for it
from torch.nn.utils.rnn import PackedSequence, pack_sequence, pad_packed_sequence

from quotex._encoder import embeddings


class WordTagger(Tagger):  # type: ignore[misc]
    """A `Tagger` that computes tags alone, no loss, when it is not trained."""

    def forward(self, *inputs: Any) -> tuple[Any, list[Tensor]]:
        """The loss, 0 without training, and the numbers of all tags; a batch as `Tagger.forward` takes it."""
        if self.training or not self._is_plain():
            found: tuple[Any, list[Tensor]] = super().forward(*inputs)
            return found
        lengths, text = inputs[7], inputs[9]
        words = self._words(lengths, text)
        states = words.data
        upos = self.upos_clf(F.relu(self.upos_hid(states))).argmax(1)
        xpos = self._scores("xpos", [self.tag_clf["xpos"]], upos, states).argmax(1)
        features = self._scores("feats", self.tag_clf["feats"], upos, states).split(self.vocab["feats"].lens(), 1)
        tags = upos, xpos, torch.stack([scores.argmax(1) for scores in features], 1)
        return 0.0, [pad_packed_sequence(PackedSequence(each, words.batch_sizes), True)[0] for each in tags]

    def _is_plain(self) -> bool:
        """Whether the model is of the form that is computed here: Stanza's usual tags, from what an encoder reads."""
        others = self.args["word_emb_dim"] or self.args["char"] or self.args["pretrain"] or self.share_hid
        usual = self.tag_columns == DEFAULT_TAG_COLUMNS and self.link_mode == "tag_emb"
        composite = [isinstance(self.vocab[name], CompositeVocab) for name in ("xpos", "feats")]
        return not others and usual and composite == [False, True] and self.bert_model is not None

    def _words(self, lengths: list[int], text: list[list[str]]) -> PackedSequence:
        """The states of all words."""
        name, tokenizer, mix = self.args["bert_model"], self.bert_tokenizer, self.bert_layer_mix
        options = {"keep_endpoints": False, "detach": True, "bert_layer_mix": mix, "peft_name": self.peft_name}
        read = embeddings(name, tokenizer, self.bert_model, text, self.drop_replacement.device, **options)
        before = [
            each.expand(-1, len(text), -1).contiguous() for each in (self.taggerlstm_h_init, self.taggerlstm_c_init)
        ]
        found: PackedSequence = self.taggerlstm(pack_sequence(read), lengths, hx=before)[0]
        return found

    def _scores(self, name: str, forms: Iterable[BiaffineScorer], upos: Tensor, states: Tensor) -> Tensor:
        """The scores of some tags ``(words, tags)``, each word's by what the forms are for its part of speech."""
        weight = torch.cat([form.W_bilin.weight for form in forms])
        bias = torch.cat([form.W_bilin.bias for form in forms])
        maps = torch.einsum("oij,uj->uio", weight, F.pad(self.upos_emb.weight, (0, 1), value=1))
        hidden = F.pad(F.relu(self.tag_hid[name](states)), (0, 1), value=1)
        scores = hidden.new_empty(len(hidden), len(bias))
        for tag in upos.unique():
            words = upos == tag
            scores[words] = torch.addmm(bias, hidden[words], maps[tag])
        return scores
