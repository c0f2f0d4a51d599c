"""The network of the multi-task adaptation: one encoder, linear taggers, biaffine parser (Dozat and Manning 2017)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - torch's own name for it
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from quotex._encoder import LAYERS, reduced_precision

IGNORE = -100
ARC_SIZE = 256
RELATION_SIZE = 96


def subwords(tokenizer: PreTrainedTokenizerBase, words: Sequence[str]) -> tuple[list[int], list[int]]:
    """Subword ids of a sentence and, for ``[CLS]`` and each word, the position of its last piece.

    Stanza represents a word by its last piece, so the adaptation does too. A word that the tokenizer erases takes the
    position before it.
    """
    encoded = tokenizer(list(words), is_split_into_words=True)
    last = [0] * (len(words) + 1)
    for position, word in enumerate(encoded.word_ids()):
        if word is not None:
            last[word + 1] = position
    for index in range(1, len(last)):
        last[index] = last[index] or last[index - 1]
    return list(encoded["input_ids"]), last


class LayerMix(nn.Module):
    """Uniform mean of the last layers plus a learned weighted sum: the formula of Stanza's ``bert_layer_mix``."""

    def __init__(self) -> None:
        super().__init__()
        self.weights = nn.Parameter(torch.zeros(LAYERS))

    def forward(self, layers: Tensor) -> Tensor:
        """``(LAYERS, batch, words, size)`` to ``(batch, words, size)``."""
        return layers.mean(0) + torch.einsum("l,lbws->bws", self.weights, layers)


class Biaffine(nn.Module):
    """Heads and relations of a batch of sentences."""

    def __init__(self, size: int, relations: int) -> None:
        super().__init__()
        self.mix = LayerMix()
        self.dropout = nn.Dropout(0.33)
        self.arc_dependent = nn.Linear(size, ARC_SIZE)
        self.arc_head = nn.Linear(size, ARC_SIZE)
        self.relation_dependent = nn.Linear(size, RELATION_SIZE)
        self.relation_head = nn.Linear(size, RELATION_SIZE)
        self.arc = nn.Parameter(torch.zeros(ARC_SIZE + 1, ARC_SIZE))
        self.relation = nn.Parameter(torch.zeros(relations, RELATION_SIZE + 1, RELATION_SIZE + 1))
        nn.init.normal_(self.arc, std=0.02)
        nn.init.normal_(self.relation, std=0.02)

    def forward(self, layers: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Scores of heads ``(batch, words, words)`` and the relation vectors of dependents and of heads.

        Word 0 is the root; ``mask`` is true for real words and the root.
        """
        state = self.dropout(self.mix(layers))
        dependent, head = (self._project(part, state) for part in (self.arc_dependent, self.arc_head))
        arcs = _with_one(dependent) @ self.arc @ head.transpose(1, 2)
        arcs = arcs.masked_fill(~mask[:, None, :], -1e4)
        return arcs, self._project(self.relation_dependent, state), self._project(self.relation_head, state)

    def relations(self, dependents: Tensor, heads: Tensor) -> Tensor:
        """Scores ``(pairs, relations)`` of dependents and heads given as ``(pairs, RELATION_SIZE)``."""
        left = torch.einsum("pi,rij->prj", _with_one(dependents), self.relation)
        return torch.einsum("prj,pj->pr", left, _with_one(heads))

    def _project(self, layer: nn.Linear, state: Tensor) -> Tensor:
        projected: Tensor = self.dropout(F.gelu(layer(state)))
        return projected


def _with_one(vectors: Tensor) -> Tensor:
    return torch.cat([vectors, vectors.new_ones(*vectors.shape[:-1], 1)], dim=-1)


class MultiTask(nn.Module):
    """Encoder with taggers and a parser.

    Args:
        encoder: a transformer that returns all hidden states.
        sizes: number of labels of each tagging task, plus ``deprel``.
    """

    def __init__(self, encoder: PreTrainedModel, sizes: Mapping[str, int]) -> None:
        super().__init__()
        self.encoder = encoder
        size = encoder.config.hidden_size
        self.mixes = nn.ModuleDict({"syntax": LayerMix(), "names": LayerMix()})
        self.taggers = nn.ModuleDict({task: nn.Linear(size, n) for task, n in sizes.items() if task != "deprel"})
        self.parser = Biaffine(size, sizes["deprel"])
        self.dropout = nn.Dropout(0.2)

    def encode(self, ids: Tensor, attention: Tensor, last: Tensor) -> Tensor:
        """Last layers at each word's last piece: ``(LAYERS, batch, 1 + words, size)`` in float32."""
        with reduced_precision():
            hidden = self.encoder(ids, attention_mask=attention, output_hidden_states=True).hidden_states
        index = last[..., None].expand(-1, -1, hidden[0].shape[-1])
        return torch.stack([layer.float().gather(1, index) for layer in hidden[-LAYERS:]])

    def tag(self, layers: Tensor, task: str) -> Tensor:
        """Label scores ``(batch, words, labels)`` of one tagging task, without the root."""
        mix = self.mixes["names" if task == "ner" else "syntax"]
        scores: Tensor = self.taggers[task](self.dropout(mix(layers[:, :, 1:])))
        return scores

    def tag_loss(self, layers: Tensor, task: str, gold: Tensor) -> Tensor:
        """Mean cross-entropy; ``gold`` is ``(batch, words)`` with :data:`IGNORE` for padding."""
        return F.cross_entropy(self.tag(layers, task).flatten(0, 1), gold.flatten(), ignore_index=IGNORE)

    def parse_loss(self, layers: Tensor, mask: Tensor, heads: Tensor, relations: Tensor) -> Tensor:
        """Mean cross-entropy of heads plus relations at gold heads; gold is ``(batch, words)``, padded as for tags."""
        arcs, dependent, head = self.parser(layers, mask)
        loss = F.cross_entropy(arcs[:, 1:].flatten(0, 1), heads.flatten(), ignore_index=IGNORE)
        rows, columns = (heads != IGNORE).nonzero(as_tuple=True)
        scores = self.parser.relations(dependent[rows, columns + 1], head[rows, heads[rows, columns]])
        return loss + F.cross_entropy(scores, relations[rows, columns])

    def parse(self, layers: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Best head and relation of each word by itself (no tree constraint), each ``(batch, words)``."""
        arcs, dependent, head = self.parser(layers, mask)
        best = arcs[:, 1:].argmax(-1)
        batch = torch.arange(len(best))[:, None].expand_as(best)
        scores = self.parser.relations(dependent[:, 1:].flatten(0, 1), head[batch, best].flatten(0, 1))
        return best, scores.argmax(-1).view_as(best)
