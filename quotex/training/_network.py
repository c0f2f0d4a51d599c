"""The network of the multi-task adaptation: one encoder, linear taggers, biaffine parser (Dozat and Manning 2017), and
Stanza's word-level coreference (`quotex/training/_coreference.py`)."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - torch's own name for it
from transformers import PreTrainedModel

from quotex._encoder import LAYERS
from quotex.training._batches import IGNORE
from quotex.training._coreference import Coreference

ARC_SIZE = 256
RELATION_SIZE = 96


class LayerMix(nn.Module):
    """Uniform mean of the last layers plus a learned weighted sum: the formula of Stanza's ``bert_layer_mix``."""

    def __init__(self) -> None:
        super().__init__()
        self.weights = nn.Parameter(torch.zeros(LAYERS))

    def forward(self, layers: Tensor) -> Tensor:
        """``(LAYERS, words, size)`` to ``(words, size)``."""
        return torch.einsum("l,lws->ws", self.weights + 1 / LAYERS, layers)


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
        """Scores of heads ``(sentences, words, words)`` and the relation vectors of dependents and of heads.

        Word 0 is the root; ``mask`` ``(sentences, words)`` is true for real words and the root, and ``layers`` holds
        those alone.
        """
        state = self.dropout(self.mix(layers))
        dependent, head = (_padded(self._project(part, state), mask) for part in (self.arc_dependent, self.arc_head))
        arcs = _with_one(dependent) @ self.arc @ head.transpose(1, 2)
        arcs = arcs.masked_fill(~mask[:, None, :], -1e4)
        dependent, head = (
            _padded(self._project(part, state), mask) for part in (self.relation_dependent, self.relation_head)
        )
        return arcs, dependent, head

    def relations(self, dependents: Tensor, heads: Tensor) -> Tensor:
        """Scores ``(pairs, relations)`` of dependents and heads given as ``(pairs, RELATION_SIZE)``."""
        left = torch.einsum("pi,rij->prj", _with_one(dependents), self.relation)
        return torch.einsum("prj,pj->pr", left, _with_one(heads))

    def _project(self, layer: nn.Linear, state: Tensor) -> Tensor:
        projected: Tensor = self.dropout(F.gelu(layer(state)))
        return projected


def _padded(vectors: Tensor, mask: Tensor) -> Tensor:
    """``(words, size)`` to ``(sentences, words, size)``, zero where ``mask`` is false."""
    padded = vectors.new_zeros(*mask.shape, vectors.shape[-1])
    padded[mask] = vectors
    return padded


def _with_one(vectors: Tensor) -> Tensor:
    return torch.cat([vectors, vectors.new_ones(*vectors.shape[:-1], 1)], dim=-1)


class MultiTask(nn.Module):
    """Encoder with taggers, a parser and coreference.

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
        self.coreference = Coreference(size)
        self.dropout = nn.Dropout(0.2)

    def encode(self, ids: Tensor, attention: Tensor) -> Tensor:
        """The last layers of windows, ``(LAYERS, windows * pieces, size)``: places in it are those of a `Batch`."""
        with torch.autocast("cpu", torch.bfloat16):
            hidden = self.encoder(ids, attention_mask=attention, output_hidden_states=True).hidden_states
        return torch.stack([layer.flatten(0, 1).float() for layer in hidden[-LAYERS:]])

    def tag(self, layers: Tensor, mask: Tensor, task: str) -> Tensor:
        """Label scores ``(words, labels)`` of one tagging task for the real words, without the root."""
        mix = self.mixes["names" if task == "ner" else "syntax"]
        words = mask[:, 1:]
        real = layers[:, torch.cat([torch.zeros_like(words[:, :1]), words], 1)[mask]]
        scores: Tensor = self.taggers[task](self.dropout(mix(real)))
        return scores

    def tag_loss(self, layers: Tensor, mask: Tensor, task: str, gold: Tensor) -> Tensor:
        """Mean cross-entropy; ``gold`` is ``(sentences, words)``."""
        return F.cross_entropy(self.tag(layers, mask, task), gold[mask[:, 1:]], ignore_index=IGNORE)

    def parse_loss(self, layers: Tensor, mask: Tensor, heads: Tensor, relations: Tensor) -> Tensor:
        """Mean cross-entropy of heads plus relations at gold heads; gold is ``(sentences, words)``, padded with
        :data:`IGNORE`."""
        arcs, dependent, head = self.parser(layers, mask)
        loss = F.cross_entropy(arcs[:, 1:].flatten(0, 1), heads.flatten(), ignore_index=IGNORE)
        rows, columns = (heads != IGNORE).nonzero(as_tuple=True)
        scores = self.parser.relations(dependent[rows, columns + 1], head[rows, heads[rows, columns]])
        return loss + F.cross_entropy(scores, relations[rows, columns])

    def parse(self, layers: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Best head and relation of each word by itself (no tree constraint), each ``(sentences, words)``."""
        arcs, dependent, head = self.parser(layers, mask)
        best = arcs[:, 1:].argmax(-1)
        batch = torch.arange(len(best))[:, None].expand_as(best)
        scores = self.parser.relations(dependent[:, 1:].flatten(0, 1), head[batch, best].flatten(0, 1))
        return best, scores.argmax(-1).view_as(best)
