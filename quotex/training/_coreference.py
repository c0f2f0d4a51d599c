"""Stanza's word-level coreference model (D'Oosterlinck et al. 2023, after Dobrovolskii 2021) and its loss.

The modules are Stanza's own and their weights are saved as Stanza saves them, so that the ordinary `coref` processor
loads them; only the loop around them is ours (`_train_chains`), because Stanza's trains a whole encoder for coreference
alone, and computes what it needs of a document in quadratic memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from stanza.models.coref.anaphoricity_scorer import AnaphoricityScorer
from stanza.models.coref.config import Config
from stanza.models.coref.model import CorefModel
from stanza.models.coref.pairwise_encoder import PairwiseEncoder
from stanza.models.coref.rough_scorer import RoughScorer
from stanza.models.coref.span_predictor import SpanPredictor
from stanza.models.coref.word_encoder import WordEncoder
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - torch's own name for it

from quotex._chain_model import add_mentions
from quotex._encoder import CHAIN_ENCODER_NAME, reduced_precision
from quotex._windows import WINDOW
from quotex.training._linked import LinkedWindows

OTHERS = 0.3
"""The part of the words outside all chains that a step learns from; they are weighted up in return."""

SPANS = 192
"""The mentions of a document whose starts and ends a step learns at most; on a CPU they take much of its time."""

MISSED = 50.0
"""How much worse it is to take the head of a mention for another word than the reverse: a head left out is lost."""

_BCE = 0.5
_PARTS = ("we", "rough_scorer", "pw", "a_scorer", "sp", "zeros_predictor")


def configuration() -> dict[str, Any]:
    """Stanza's configuration of the model; paths and training options are empty, because our own loop trains it."""
    return {
        "section": "quotex",
        "data_dir": "",
        "save_dir": "",
        "save_name": "coref",
        "train_data": "",
        "dev_data": "",
        "test_data": "",
        "device": "cpu",
        "bert_model": CHAIN_ENCODER_NAME,
        "bert_window_size": WINDOW + 2,
        "embedding_size": 20,
        "sp_embedding_size": 64,
        "a_scoring_batch_size": 256,
        "hidden_size": 256,
        "n_hidden_layers": 1,
        "max_span_len": 64,
        "rough_k": 50,
        "lora": False,
        "lora_alpha": 0,
        "lora_rank": 0,
        "lora_dropout": 0.0,
        "full_pairwise": True,
        "lora_target_modules": [],
        "lora_modules_to_save": [],
        "clusters_starts_are_singletons": False,
        "bert_finetune": False,
        "dropout_rate": 0.4,
        "learning_rate": 0.0,
        "bert_learning_rate": 0.0,
        "bert_finetune_begin_epoch": 0.0,
        "train_epochs": 0,
        "plateau_epochs": 0,
        "bce_loss_weight": _BCE,
        "tokenizer_kwargs": {},
        "conll_log_dir": "",
        "save_each_checkpoint": False,
        "log_norms": False,
        "singletons": False,
        "max_train_len": 0,
        "use_zeros": False,
        "lang_lr_attenuation": "",
        "lang_lr_weights": "",
    }


class Coreference(nn.Module):
    """Stanza's modules on the encoder's last layer.

    Args:
        size: width of the encoder.
    """

    def __init__(self, size: int) -> None:
        super().__init__()
        config = Config(**configuration())
        self.we = WordEncoder(size, config)
        self.rough_scorer = RoughScorer(size, config)
        # its scores are products of long vectors: as Stanza starts it, they drown the other scorer's
        self.rough_scorer.bilinear.weight.data.mul_(0.1)
        add_mentions(self.rough_scorer, size)
        self.pw = PairwiseEncoder(config)
        self.a_scorer = AnaphoricityScorer(3 * size + self.pw.shape, config)
        self.sp = SpanPredictor(size, config.sp_embedding_size)
        # English has no zero mentions; Stanza's processor wants the module all the same, and zeros say "none"
        self.zeros_predictor = nn.Sequential(nn.Linear(size, size), nn.ReLU(), nn.Linear(size, 1))
        for value in self.zeros_predictor.parameters():
            nn.init.zeros_(value)

    def loss(self, subwords: Tensor, linked: LinkedWindows) -> Tensor:
        """The loss of one linked document from its encoded subwords ``(subwords, size)``.

        Links as in Stanza (marginal log-likelihood of the antecedents plus half a binary cross-entropy), over all words
        in chains and a sample of the others, by the number of words in chains; plus the cross-entropy of mention starts
        and ends; plus that of which words are in chains, from which nothing but its own layer learns. Of a document
        with pairs, the binary cross-entropy of those.
        """
        document = _document(linked)
        words, clusters = self._words(subwords, linked), self.we._cluster_ids(document)
        with reduced_precision():
            if linked.links.pairs:
                return self._pair_loss(words, document, linked.links.pairs)
            if linked.links.partial:
                return self._partial_loss(words, document, clusters)
            scores, rows, top, valid = self._scores(words, document, clusters, linked.links.unsure)
        spans = linked.links.spans
        if self.training and len(spans) > SPANS:
            places = torch.randperm(len(spans))[:SPANS].sort().values.tolist()
            spans = tuple(spans[place] for place in places)
        span_scores, span_gold = self.sp.get_training_data({**document, "head2span": spans}, words)
        gold = CorefModel._get_ground_truth(clusters, top, valid, False, False)[rows]
        weights = torch.where(clusters[rows] > 0, 1.0, 1 / OTHERS)
        loss = (_link_losses(scores.float(), gold) * weights).sum() / max(1, int((clusters > 0).sum()))
        loss = loss + self.mention_loss(words, clusters, linked.links.unsure)
        if span_gold:
            for side, wanted in enumerate(span_gold):
                loss = loss + 0.5 * F.cross_entropy(span_scores[:, :, side].float(), wanted)
        return loss

    def mention_loss(self, words: Tensor, clusters: Tensor, unsure: Sequence[int] = ()) -> Tensor:
        """The loss of which words may be the heads of mentions, of all that are sure; the words' states are as given.

        Args:
            words: ``(words, size)``.
            clusters: for each word the number of its chain, from 1, or 0.
            unsure: words that nothing is learned of.
        """
        sure = torch.ones(len(words))
        sure[list(unsure)] = 0.0
        scores = self.rough_scorer.mentions(words.detach()).squeeze(1).float()
        wanted = (clusters > 0).float()
        return F.binary_cross_entropy_with_logits(scores, wanted, sure, pos_weight=torch.tensor(MISSED))

    def _words(self, subwords: Tensor, linked: LinkedWindows) -> Tensor:
        """What Stanza's `WordEncoder` computes, in linear instead of quadratic memory: ``(words, size)``."""
        lengths = torch.tensor([end - start for start, end in linked.words])
        word_of = torch.repeat_interleave(torch.arange(len(lengths)), lengths)
        scores = self.we.attn(subwords).squeeze(1)
        raised = torch.exp(scores - scores.detach().max())
        shares = raised / raised.new_zeros(len(lengths)).index_add(0, word_of, raised)[word_of]
        words = subwords.new_zeros(len(lengths), subwords.shape[1]).index_add(0, word_of, shares[:, None] * subwords)
        dropped: Tensor = self.we.dropout(words)
        return dropped

    def _scores(
        self, words: Tensor, document: dict[str, Any], clusters: Tensor, unsure: tuple[int, ...] = ()
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Scores of antecedents for the rows chosen: ``(rows, 1 + k)``, the rows, the candidates, which are real."""
        rough, top, _ = self.rough_scorer(words)
        share = OTHERS if self.training else 1.0
        wanted = (clusters > 0) | (torch.rand(len(words)) < share)
        wanted[list(unsure)] = False
        rows = wanted.nonzero().flatten()
        return self._rescored(words, document, rough, top, rows), rows, top, rough > float("-inf")

    def _rescored(self, words: Tensor, document: dict[str, Any], rough: Tensor, top: Tensor, rows: Tensor) -> Tensor:
        """Scores of the candidates ``(words, k)`` for some rows, that of no antecedent first: ``(rows, 1 + k)``."""
        features = self.pw(top, document)
        scores: Tensor = self.a_scorer(
            top_mentions=words[top[rows]],
            mentions_batch=words[rows],
            pw_batch=features[rows],
            top_rough_scores_batch=rough[rows],
        )
        return scores

    def _partial_loss(self, words: Tensor, document: dict[str, Any], clusters: Tensor) -> Tensor:
        """The loss where only links among the words in chains are known: they alone are candidates of one another.

        What begins a chain may have antecedents that are not known, so nothing is learned of it.
        """
        known = (clusters > 0).nonzero().flatten()
        rough, among, _ = self.rough_scorer(words[known])
        valid = rough > float("-inf")
        gold = CorefModel._get_ground_truth(clusters[known], among, valid, False, False)
        linked = (gold[:, 1:].sum(1) > 0).nonzero().flatten()
        if not len(linked):
            return words.sum() * 0.0
        top = torch.zeros(len(words), among.shape[1], dtype=torch.long)
        spread = words.new_full((len(words), among.shape[1]), float("-inf"), dtype=rough.dtype)
        top[known], spread[known] = known[among], rough
        scores = self._rescored(words, document, spread, top, known[linked])
        return _link_losses(scores.float(), gold[linked]).mean()

    def _pair_loss(self, words: Tensor, document: dict[str, Any], pairs: tuple[tuple[int, int, bool], ...]) -> Tensor:
        later, earlier, right = (torch.tensor(column) for column in zip(*pairs, strict=True))
        rough = (self.rough_scorer.bilinear(words[later]) * words[earlier]).sum(1, keepdim=True)
        features = self.pw(earlier.expand(len(words), -1), document)
        scores = self.a_scorer(
            top_mentions=words[earlier][:, None],
            mentions_batch=words[later],
            pw_batch=features[later, torch.arange(len(pairs))][:, None],
            top_rough_scores_batch=rough,
        )
        return F.binary_cross_entropy_with_logits(scores[:, 1].float(), right.float())

    @torch.no_grad()
    def link_scores(self, subwords: Tensor, linked: LinkedWindows) -> tuple[Tensor, Tensor]:
        """The scores of each word's antecedents, that of none first ``(words, 1 + k)``, and which they are."""
        words = self._words(subwords, linked)
        with reduced_precision():
            scores, _, top, _ = self._scores(words, _document(linked), torch.zeros(len(words)))
        return scores.float(), top

    def load(self, path: Path) -> None:
        """Take the weights of a model file of Stanza's `coref` processor with the same configuration."""
        parts = torch.load(path, map_location="cpu", weights_only=True)
        for name in _PARTS:
            getattr(self, name).load_state_dict(parts[name])

    def save(self, path: Path, bias: float) -> None:
        """Write the model file of Stanza's `coref` processor, the encoder left out.

        Args:
            path: the file.
            bias: what the scores of antecedents are raised by; that of none is zero.
        """
        parts = {name: {key: value.cpu() for key, value in getattr(self, name).state_dict().items()} for name in _PARTS}
        parts["a_scorer"]["out.bias"] = parts["a_scorer"]["out.bias"] + bias
        torch.save({**parts, "epochs_trained": 0, "config": configuration()}, path)


def _link_losses(scores: Tensor, gold: Tensor) -> Tensor:
    """The loss of each word's choice of an antecedent, as in Stanza: marginal likelihood, and half of a binary loss."""
    chosen = torch.logsumexp(scores, 1) - torch.logsumexp(scores + torch.log(gold), 1)
    binary = F.binary_cross_entropy_with_logits(scores.clamp(-50, 50), gold, reduction="none").mean(1)
    return chosen + _BCE * binary


def _document(linked: LinkedWindows) -> dict[str, Any]:
    """What Stanza's modules want to know of a document."""
    return {
        "cased_words": range(len(linked.words)),
        "word2subword": linked.words,
        "sent_id": linked.sentences,
        "speaker": linked.voices,
        "word_clusters": linked.links.clusters,
        "head2span": linked.links.spans,
    }
