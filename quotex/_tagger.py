"""Stanza's taggers of words and of names, with the same answers and less work. Imports Stanza: imported lazily.

Stanza's tagger scores the tags and features of each word by bilinear forms of the word's state and a vector of its part
of speech, one form after the other. There are few parts of speech: for each of them the forms are linear, and all
features are one map.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import torch
from stanza.models.common.biaffine import BiaffineScorer
from stanza.models.common.vocab import VOCAB_PREFIX_SIZE, CompositeVocab
from stanza.models.ner.model import NERTagger
from stanza.models.ner.trainer import fix_singleton_tags
from stanza.models.pos.model import Tagger
from stanza.models.pos.tag_columns import DEFAULT_TAG_COLUMNS
from torch import Tensor
from torch.nn import functional as F  # noqa: N812 - torch's own name for it
from torch.nn.utils.rnn import PackedSequence, pad_packed_sequence

from quotex._encoder import Text, word_states
from quotex._light import likeliest_tags


class WordTagger(Tagger):  # type: ignore[misc]
    """A `Tagger` that can compute tags alone, from what the encoder reads."""

    def is_plain(self) -> bool:
        """Whether `tags` can: the model has Stanza's usual sorts of tags and reads nothing else."""
        others = self.args["word_emb_dim"] or self.args["char"] or self.args["pretrain"] or self.share_hid
        usual = self.tag_columns == DEFAULT_TAG_COLUMNS and self.link_mode == "tag_emb"
        composite = [isinstance(self.vocab[name], CompositeVocab) for name in ("xpos", "feats")]
        return not others and usual and composite == [False, True] and self.bert_model is not None

    def tags(self, texts: Sequence[Text]) -> Iterator[list[tuple[str, str, str]]]:
        """The part of speech, the treebank's tag and the features of the words of sentences, the longest first."""
        packed = word_states(self, "taggerlstm", texts)
        states = packed.data
        upos = self.upos_clf(F.relu(self.upos_hid(states))).argmax(1)
        xpos = self._scores("xpos", [self.tag_clf["xpos"]], upos, states).argmax(1)
        scores = self._scores("feats", self.tag_clf["feats"], upos, states)
        features = torch.stack([each.argmax(1) for each in torch.split(scores, self.vocab["feats"].lens(), 1)], 1)
        numbers = torch.cat([upos[:, None], xpos[:, None], features], 1)
        for row, text in zip(_padded(numbers, packed), texts, strict=True):
            ids = row[: len(text)].tolist()
            yield list(
                zip(
                    self.vocab["upos"].unmap([word[0] for word in ids]),
                    self.vocab["xpos"].unmap([word[1] for word in ids]),
                    self.vocab["feats"].unmap([word[2:] for word in ids]),
                    strict=True,
                )
            )

    def _scores(self, name: str, forms: Iterable[BiaffineScorer], upos: Tensor, states: Tensor) -> Tensor:
        """The scores of some tags ``(words, tags)``, each word's by what the forms are for its part of speech."""
        weight = torch.cat([form.W_bilin.weight for form in forms])
        bias = torch.cat([form.W_bilin.bias for form in forms])
        maps = torch.einsum("oij,uj->uio", weight, F.pad(self.upos_emb.weight, (0, 1), value=1))
        hidden = F.pad(F.relu(self.tag_hid[name](states)), (0, 1), value=1)
        scores = hidden.new_empty(len(hidden), len(bias))
        for tag in set(upos.tolist()):
            words = upos == tag
            scores[words] = torch.addmm(bias, hidden[words], maps[tag])
        return scores


class NameTagger(NERTagger):  # type: ignore[misc]
    """A `NERTagger` that can compute tags alone, from what the encoder reads."""

    def is_plain(self) -> bool:
        """Whether `tags` can: the model has one sort of tags and reads nothing else."""
        others = self.args["word_emb_dim"] or self.args["char"]
        return not others and len(self.tag_clfs) == 1 and self.bert_model is not None

    def tags(self, texts: Sequence[Text]) -> Iterator[list[str]]:
        """The tags of the tokens of sentences, the longest first."""
        packed = word_states(self, "taggerlstm", texts)
        transitions = self.crits[0]._transitions.numpy(force=True)
        for scores, text in zip(_padded(self.tag_clfs[0](packed.data), packed), texts, strict=True):
            best, _ = likeliest_tags(scores[: len(text)].numpy(force=True), transitions)
            # Stanza's own guard: the numbers below are no tags
            tags = self.vocab["tag"].unmap([(max(tag, VOCAB_PREFIX_SIZE),) for tag in best])
            yield fix_singleton_tags([tag[0] if isinstance(tag, list) else tag for tag in tags])


def _padded(words: Tensor, packed: PackedSequence) -> Tensor:
    """What was computed for all words by sentence, ``(sentences, words, ...)``."""
    return pad_packed_sequence(PackedSequence(words, packed.batch_sizes), batch_first=True)[0]
