"""Stanza's coreference model, with the same weights and answers and less work. Imports Stanza: imported lazily.

Stanza compares every word with every subword to find the subwords of a word, writes every pair of a word and an
antecedent out with all its features, and pads the candidates for the ends of a mention to the longest sentence of the
text. Here nothing is computed twice that many pairs share, and nothing that no pair needs. The pack's own model leaves
four of five words out of all pairs, because they are not the heads of mentions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import attrs
import torch
from stanza.models.coref.const import EPSILON, CorefResult
from stanza.models.coref.model import CorefModel
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - torch's own name for it

from quotex._clusters import Links, clusters
from quotex._encoder import CHAIN_ENCODER_NAME, reduced_precision
from quotex._voices import voices

ROWS = 48
"""Words whose antecedents are scored together."""

DOUBT = 1.0
"""How much less likely than none an antecedent may be, as a logarithm, to count beside others of the same chain."""

PAIRS = 4096
"""Pairs of a mention's head and a word of its sentence that are scored together."""

_FAR = 127
"""Stanza's number of the distance above 63 words."""


@attrs.frozen(kw_only=True)
class _Parts:
    """What the scores of pairs are put together from.

    Attributes:
        words, antecedents: A word's part of the first layer, as the later one and as the earlier one of a pair.
        relations: The part of every relation: different speakers or the same, by distance, ``(2, 9, hidden)``.
        common: The layer over what both words have in common.
        keys: The words that an antecedent is compared with for the rough score.
    """

    words: Tensor
    antecedents: Tensor
    relations: Tensor
    common: Tensor
    keys: Tensor


class ChainModel(CorefModel):  # type: ignore[misc]
    """A `CorefModel` that scores links as Stanza's does, when it is not trained or evaluated.

    The pack's own model, where nothing is known of who says what, takes the :func:`~quotex._voices.voices` that
    quotation marks tell for speakers, links only words that may be :func:`heads of mentions <add_mentions>`, and makes
    chains of the links by :func:`~quotex._clusters.clusters`. Other models give what they give in Stanza: every word
    joins its likeliest antecedent.
    """

    def _build_model(self, foundation_cache: Any) -> None:
        super()._build_model(foundation_cache)
        if self._is_packed():
            add_mentions(self.rough_scorer, self.bert.config.hidden_size)

    @torch.no_grad()
    def run(self, doc: dict[str, Any], use_gold_spans_for_zeros: bool = False) -> CorefResult:
        """The chains of a document: `word_clusters` and `span_clusters`; scores are kept by Stanza's own only."""
        if self._is_packed() and len(set(doc["speaker"])) == 1:
            doc["speaker"] = voices(doc["cased_words"], doc["sent_id"])
        if self.training or use_gold_spans_for_zeros or not self._is_plain():
            return super().run(doc, use_gold_spans_for_zeros)
        words = self._words(self._bertify(doc), torch.tensor(doc["word_id"]), len(doc["cased_words"]))
        speakers = torch.tensor(self.pw._speaker_map(doc))
        result = CorefResult()
        if self._is_packed():
            places = (self.rough_scorer.mentions(words).squeeze(1) > 0).nonzero().flatten()
            links = likely(*self._antecedents(words, speakers, places), places)
            result.word_clusters = clusters(doc["cased_words"], doc["sent_id"], links)
        else:
            scores, top = self._antecedents(words, speakers, torch.arange(len(words)))
            result.word_clusters = self._clusterize(doc, scores, top, singletons=False)
        heads = sorted(head for cluster in result.word_clusters for head in cluster)
        spans = dict(zip(heads, self._spans(words, heads, doc["sent_id"]), strict=True))
        result.span_clusters = [[spans[head] for head in cluster] for cluster in result.word_clusters]
        return result

    def _is_packed(self) -> bool:
        """Whether the model is the pack's own."""
        packed: bool = self.config.bert_model == CHAIN_ENCODER_NAME
        return packed

    def _is_plain(self) -> bool:
        """Whether the model is of the form that is computed here: chains alone, by one hidden layer over pairs."""
        config = self.config
        more = config.singletons or getattr(config, "use_zeros", False)
        return not more and config.n_hidden_layers == 1 and self.we.device.type == "cpu"

    def _words(self, subwords: Tensor, word_of: Tensor, count: int) -> Tensor:
        """Words from their subwords by attention within each, ``(words, size)``: Stanza's `WordEncoder`."""
        scores = self.we.attn(subwords).squeeze(1)
        highest = scores.new_full((count,), -torch.inf).scatter_reduce(0, word_of, scores, "amax")
        raised = torch.exp(scores - highest[word_of])
        shares = raised / raised.new_zeros(count).index_add(0, word_of, raised)[word_of]
        return subwords.new_zeros(count, subwords.shape[1]).index_add(0, word_of, shares[:, None] * subwords)

    def _antecedents(self, words: Tensor, speakers: Tensor, places: Tensor) -> tuple[Tensor, Tensor]:
        """The scores of some words' likeliest antecedents among them, that of none first, and which they are.

        This is Stanza's `RoughScorer`, `PairwiseEncoder` and `AnaphoricityScorer`. The first layer over a pair is the
        sum of a part for the word, one for the antecedent, one for whether one speaker says both and their distance,
        and one for what both have in common; all but the last are computed once for all pairs.

        Args:
            words: All words, ``(all, size)``.
            speakers: For each who says it, ``(all,)``.
            places: Which of them are linked, ascending, ``(words,)``.

        Returns:
            ``(words, 1 + k)`` and ``(words, k)``; an antecedent is told by its place.
        """
        words, speakers = words[places], speakers[places]
        layer, size = self.a_scorer.hidden[0], words.shape[1]
        own, other, common, relation = layer.weight.split([size, size, size, self.pw.shape], 1)
        parts = _Parts(
            words=F.linear(words, own, layer.bias),
            antecedents=F.linear(words, other),
            relations=self._relations(relation),
            common=common,
            keys=self.rough_scorer.bilinear(words),
        )
        found = [
            self._block(words, speakers, places, range(start, min(start + ROWS, len(words))), parts)
            for start in range(0, len(words), ROWS)
        ]
        width = max((top.shape[1] for _, top in found), default=0)
        scores = [F.pad(each, (0, width + 1 - each.shape[1]), value=-torch.inf) for each, _ in found]
        tops = [F.pad(top, (0, width - top.shape[1])) for _, top in found]
        return torch.cat([words.new_empty(0, width + 1), *scores]), torch.cat([places.new_empty(0, width), *tops])

    def _relations(self, layer: Tensor) -> Tensor:
        """A layer over each relation of a pair: different speakers or the same, by distance, ``(2, 9, hidden)``."""
        distances = self.pw.distance_emb.weight
        if not self.config.full_pairwise:
            return F.linear(distances, layer).expand(2, -1, -1)
        speakers, distance = layer.chunk(2, 1)
        return F.linear(self.pw.speaker_emb.weight, speakers)[:, None] + F.linear(distances, distance)

    def _block(
        self, words: Tensor, speakers: Tensor, places: Tensor, rows: range, parts: _Parts
    ) -> tuple[Tensor, Tensor]:
        """`_antecedents` of some words; an antecedent stands before its word."""
        block = torch.arange(rows.start, rows.stop)
        rough = parts.keys[rows.start : rows.stop] @ words[: rows.stop].T
        rough.masked_fill_(block[:, None] <= torch.arange(rows.stop), -torch.inf)
        best, top = rough.topk(min(self.rough_scorer.k, rows.stop), sorted=False)
        with reduced_precision():
            pairs = F.linear(words[block][:, None] * words[top], parts.common).float()
        pairs += parts.words[block][:, None]
        pairs += parts.antecedents[top]
        antecedents = places[top]
        apart = _buckets(places[block][:, None] - antecedents)
        pairs += parts.relations[(speakers[block][:, None] == speakers[top]).long(), apart]
        scores = self.a_scorer.out(self.a_scorer.hidden[1:](pairs)).squeeze(2) + best
        return F.pad(scores, (1, 0), value=EPSILON), antecedents

    def _spans(self, words: Tensor, heads: Sequence[int], sentence_of: Sequence[int]) -> Iterator[tuple[int, int]]:
        """The mention around each head, half-open: Stanza's `SpanPredictor`.

        The convolutions see two words more than they score, and behind the end of a sentence, as far as the longest
        sentence of the text reaches, the features of padding.
        """
        bounds = _bounds(sentence_of)
        first, *rest = self.sp.ffnn
        size = words.shape[1]
        own, other, distance = first.weight.split([size, size, self.sp.emb.embedding_dim], 1)
        by_head, by_word = F.linear(words[list(heads)], own, first.bias), F.linear(words, other)
        by_distance = F.linear(self.sp.emb.weight, distance)
        behind = self.sp.ffnn(words.new_zeros(1, first.in_features))
        longest = max((bounds[head][1] - bounds[head][0] for head in heads), default=0)
        for group in _groups([bounds[head][1] - bounds[head][0] for head in heads]):
            places = [bounds[heads[number]] for number in group]
            lengths = torch.tensor([end - start for start, end in places])
            width = min(longest, int(lengths.max()) + 2)
            real = torch.arange(width) < lengths[:, None]
            row, place = real.nonzero(as_tuple=True)
            starts = torch.tensor([start for start, _ in places])
            offsets = torch.tensor([heads[number] for number in group]) - starts
            apart = offsets[row] - place + 63
            apart[(apart < 0) | (apart > 126)] = _FAR
            pairs = by_head[group.start : group.stop][row] + by_word[starts[row] + place] + by_distance[apart]
            with reduced_precision():
                for module in rest:
                    pairs = module(pairs)
            padded = behind.expand(len(group), width, -1).clone()
            padded[real] = pairs.float()
            scores = self.sp.conv(padded.transpose(1, 2))
            after = torch.arange(width) > offsets[:, None]
            before = torch.arange(width) < offsets[:, None]
            first_words = scores[:, 0].masked_fill(after | ~real, -torch.inf).argmax(1) + starts
            last_words = scores[:, 1].masked_fill(before | ~real, -torch.inf).argmax(1) + starts
            yield from zip(first_words.tolist(), (last_words + 1).tolist(), strict=True)


def add_mentions(scorer: nn.Module, size: int) -> None:
    """Give a `RoughScorer` a layer `mentions`, positive for words that may be the heads of mentions; at first for all.

    The layer stands there because Stanza reads of the weights of a module those that it knows: without it, it links
    all words.

    Args:
        scorer: The module.
        size: The width of words.
    """
    scorer.mentions = nn.Linear(size, 1)
    nn.init.zeros_(scorer.mentions.weight)
    nn.init.ones_(scorer.mentions.bias)


def likely(scores: Tensor, antecedents: Tensor, places: Tensor | None = None) -> Links:
    """The antecedents of each word that are likelier than none or little less.

    Args:
        scores: That of no antecedent first, ``(words, 1 + k)``.
        antecedents: Which words they are, ``(words, k)``.
        places: Which words have the scores, ``(words,)``; without it they are counted.
    """
    above = scores[:, 1:] - scores[:, :1]
    wanted = above > -DOUBT
    rows = wanted.any(1).nonzero().flatten()
    words = rows if places is None else places[rows]
    columns = (each[rows].tolist() for each in (wanted, above, antecedents))
    return {
        word: [(score, antecedent) for counts, score, antecedent in zip(*row, strict=True) if counts]
        for word, *row in zip(words.tolist(), *columns, strict=True)
    }


def _buckets(distance: Tensor) -> Tensor:
    """Stanza's classes of distances: 1, 2, 3, 4, then those with the same binary logarithm, from 64 on one."""
    near = distance.clamp(min=1)
    logarithm = near.float().log2().floor().clamp(max=6).long()
    return torch.where(near < 5, near - 1, logarithm + 2)


def _bounds(sentence_of: Sequence[int]) -> list[tuple[int, int]]:
    """The words of the sentence of each word, half-open."""
    bounds: list[tuple[int, int]] = []
    start = 0
    for end in range(1, len(sentence_of) + 1):
        if end == len(sentence_of) or sentence_of[end] != sentence_of[start]:
            bounds += [(start, end)] * (end - start)
            start = end
    return bounds


def _groups(lengths: Sequence[int]) -> Iterator[range]:
    """Consecutive numbers, in groups whose lengths add up to `PAIRS` or little more."""
    start = size = 0
    for number, length in enumerate(lengths):
        size += length
        if size >= PAIRS or number == len(lengths) - 1:
            yield range(start, number + 1)
            start, size = number + 1, 0
