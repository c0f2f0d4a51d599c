"""Stanza's parser, with the same weights and answers and less work. Imports Stanza, so it is imported lazily."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from stanza.models.common.vocab import VOCAB_PREFIX_SIZE
from stanza.models.depparse.model import GraphParser
from torch import Tensor
from torch.nn import functional as F  # noqa: N812 - torch's own name for it
from torch.nn.utils.rnn import pad_packed_sequence

from quotex._encoder import Text, reduced_precision, word_states
from quotex._trees import best_tree


class TreeParser(GraphParser):  # type: ignore[misc]
    """A `GraphParser` that finds the tree first and then labels its arcs; Stanza's labels every pair of words."""

    def predict(self, *inputs: Any, resolve_head_constraints: bool = False) -> list[list[list[Any]]]:
        """The heads and relations of the words of each sentence.

        Args:
            inputs: A batch, as `GraphParser.forward` takes it.
            resolve_head_constraints: Whether labels may change the tree; only Stanza's own way can do that.
        """
        if resolve_head_constraints or self.args.get("use_arc_embedding"):
            found: list[list[list[Any]]] = super().predict(*inputs, resolve_head_constraints=resolve_head_constraints)
            return found
        return self._trees(self.embed(*inputs), inputs[12])

    def is_plain(self) -> bool:
        """Whether `trees` can parse: the model reads nothing but what the encoder reads."""
        others = ("word_emb_dim", "tag_emb_dim", "char", "pretrain", "use_arc_embedding", "reversed")
        return not any(self.args.get(name) for name in others) and self.bert_model is not None

    def trees(self, texts: Sequence[Text]) -> list[list[list[Any]]]:
        """The heads and relations of the words of sentences, the longest first, that the encoder has read."""
        states, lengths = pad_packed_sequence(word_states(self, "parserlstm", texts, root=True), batch_first=True)
        return self._trees(states, lengths.tolist())

    def _trees(self, states: Tensor, lengths: Sequence[int]) -> list[list[list[Any]]]:
        """The heads and relations from the states of the words, the root's before them."""
        scores = self._arcs(states).cpu().numpy()
        trees = [best_tree(scores[row, :length, :length])[1:].tolist() for row, length in enumerate(lengths)]
        rows = [row for row, tree in enumerate(trees) for _ in tree]
        words = [word for tree in trees for word in range(1, len(tree) + 1)]
        heads = [head for tree in trees for head in tree]
        labels = iter(self._labels(states[rows, words], states[rows, heads]))
        unit = self.vocab["deprel"].id2unit
        return [[[head, unit(VOCAB_PREFIX_SIZE + next(labels))] for head in tree] for tree in trees]

    def _arcs(self, states: Tensor) -> Tensor:
        """The scores of all arcs ``(sentences, words, heads)``, as in `GraphParser.forward_scores`."""
        scores: Tensor = self.unlabeled(states, states).squeeze(3)
        places = torch.arange(states.shape[1], device=states.device)
        apart = places[None] - places[:, None]
        if self.args["linearization"]:
            order = self.linearization(states, states).squeeze(3)
            scores += F.logsigmoid(order * torch.sign(apart).float())
        if self.args["distance"]:
            expected = 1 + F.softplus(self.distance(states, states).squeeze(3))
            scores -= torch.log((apart.abs().float() - expected) ** 2 / 2 + 1)
        return scores

    def _labels(self, words: Tensor, heads: Tensor) -> list[int]:
        """The best relation between each of some words and its head: `DeepBiaffineScorer` for these pairs alone."""
        deep, bilinear = self.deprel, self.deprel.scorer.W_bilin
        below = F.pad(F.relu(deep.W1(words)), (0, 1), value=1)
        above = F.pad(F.relu(deep.W2(heads)), (0, 1), value=1)
        with reduced_precision():
            sides = (below @ bilinear.weight.flatten(1)).unflatten(1, bilinear.weight.shape[1:])
            scores = torch.bmm(above[:, None], sides)[:, 0].float() + bilinear.bias
        found: list[int] = scores.argmax(1).tolist()
        return found
