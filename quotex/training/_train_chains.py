"""Training of coreference: Stanza's model on the shared encoder, whose layers get low-rank additions.

The encoder itself stays as it is, since tagger, parser and tagger of names rest on it. What coreference changes in its
weights is a product of two thin matrices each (LoRA, Hu et al. 2021), stored beside the encoder and added when it is
loaded.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import attrs
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.optim.lr_scheduler import LambdaLR
from transformers import BertModel

from quotex._chain_model import likely
from quotex._clusters import clusters
from quotex._encoder import CHAIN_WEIGHTS, CaseTokenizer, load_encoder, reduced_precision
from quotex.training._coreference import Coreference
from quotex.training._disguises import Disguises
from quotex.training._linked import LinkedDocument, LinkedWindows, excerpt, restyle, schedule, to_windows
from quotex.training._log import append_record
from quotex.training._passes import Run, warm_and_decay
from quotex.training._score_chains import conll_f1

BIASES = (0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0)

_FADING = 0.3
"""The last part of the passes, which take fewer silver documents."""

BEST = "coref-best"
"""Where a run that began with weights leaves its last ones, or the mean of both if that does better."""

_log = logging.getLogger(__name__)


@attrs.frozen(kw_only=True)
class ChainSettings:
    """Settings of the training of coreference.

    Attributes:
        passes: passes over the documents.
        rank: width of the thin matrices.
        windows: windows of a document that a step takes.
        pairs: passages with labelled pairs that a step takes together.
        pairs_share: the part of those passages that each pass takes, 0 to 1.
        silver_share: the part of the silver documents that it takes; the passes of the last three tenths take fewer and
            fewer.
        encoder_rate, heads_rate: peak learning rates of AdamW.
        warmup: part of all steps over which the rates rise.
        seed: of shuffling, marks and weights.
        threads: of PyTorch.
    """

    passes: int = 10
    rank: int = 40
    windows: int = 8
    pairs: int = 32
    pairs_share: float = 1.0
    silver_share: float = 0.5
    encoder_rate: float = 1.8e-3
    heads_rate: float = 1e-3
    warmup: float = 0.04
    seed: int = 21
    threads: int = 2

    def silver_share_of(self, number: int) -> float:
        """The part of the silver documents that a pass takes, by its number, from 1."""
        left = 1 - (number - 1) / self.passes
        return self.silver_share * min(left / _FADING, 1.0)


class LowRank(nn.Module):
    """A frozen linear layer plus a product of two thin matrices.

    Args:
        base: the layer.
        rank: width of the matrices.
    """

    def __init__(self, base: nn.Linear, rank: int) -> None:
        super().__init__()
        self.base = base.requires_grad_(False)
        self.down = nn.Linear(base.in_features, rank, bias=False)
        self.up = nn.Linear(rank, base.out_features, bias=False)
        nn.init.zeros_(self.up.weight)

    def forward(self, given: Tensor) -> Tensor:
        """As the layer, ``(…, in)`` to ``(…, out)``."""
        answer: Tensor = self.base(given) + self.up(self.down(given))
        return answer


class ChainNetwork(nn.Module):
    """An encoder with additions to all linear layers, and Stanza's coreference on top.

    Args:
        encoder: the shared encoder.
        settings: the rank of the additions.
    """

    def __init__(self, encoder: BertModel, settings: ChainSettings) -> None:
        super().__init__()
        # no dropout of attention: on a CPU it is slow and keeps the fast kernel away
        config = type(encoder.config)(**{**encoder.config.to_dict(), "attention_probs_dropout_prob": 0.0})
        self.encoder = BertModel(config, add_pooling_layer=False)
        self.encoder.load_state_dict(encoder.state_dict())
        self.encoder.requires_grad_(False)
        self.additions: dict[str, LowRank] = {}
        for name, module in list(self.encoder.encoder.named_modules()):
            if isinstance(module, nn.Linear):
                place, _, own = name.rpartition(".")
                added = LowRank(module, settings.rank)
                setattr(self.encoder.encoder.get_submodule(place), own, added)
                self.additions[f"encoder.{name}.weight"] = added
        self.coreference = Coreference(config.hidden_size)

    def encode(self, windows: Sequence[Sequence[int]], lengths: Sequence[int]) -> Tensor:
        """The subwords of windows, special ones and contexts left out.

        Args:
            windows: the subwords of each, special ones included.
            lengths: the subwords of each that are its own.

        Returns:
            ``(subwords, size)``.
        """
        longest = max(map(len, windows))
        ids = torch.tensor([[*window, *[0] * (longest - len(window))] for window in windows])
        mask = torch.tensor([[1] * len(window) + [0] * (longest - len(window)) for window in windows])
        with reduced_precision():
            hidden = self.encoder(ids, attention_mask=mask).last_hidden_state
        own = zip(hidden, map(len, windows), lengths, strict=True)
        return torch.cat([row[all_ - 1 - length : all_ - 1] for row, all_, length in own]).float()

    def load(self, folder: Path) -> None:
        """Take the weights that :meth:`save` wrote into a folder."""
        tensors = load_file(folder / CHAIN_WEIGHTS)
        for name, added in self.additions.items():
            added.up.weight.data.copy_(tensors[f"{name}.up"])
            added.down.weight.data.copy_(tensors[f"{name}.down"])
        self.coreference.load(folder / "coref.pt")

    def save(self, folder: Path, bias: float) -> None:
        """Write Stanza's model file ``coref.pt`` and the additions to the encoder into a folder.

        Args:
            folder: where to, made if it is not there.
            bias: what the scores of antecedents are raised by.
        """
        folder.mkdir(exist_ok=True)
        tensors = {}
        for name, added in self.additions.items():
            tensors[f"{name}.up"] = added.up.weight.detach().half().cpu().contiguous()
            tensors[f"{name}.down"] = added.down.weight.detach().half().cpu().contiguous()
        save_file(tensors, folder / CHAIN_WEIGHTS)
        self.coreference.save(folder / "coref.pt", bias)


def train(
    encoder: Path,
    documents: Sequence[LinkedDocument],
    dev: Sequence[LinkedDocument],
    work: Path,
    settings: ChainSettings,
    start: Path | None = None,
) -> None:
    """Train coreference on the encoder in a folder and write it after each pass to ``work/coref-N`` (N counts from 1).

    It runs on PyTorch's default device. A run that was cut off goes on after its last whole pass. Scores go to
    ``work/log.jsonl``. Of a run that began with weights, ``work/coref-best`` holds the last ones, or the mean of both
    where that does better on the development documents, as after a run at a low rate (Wortsman et al. 2022, "Robust
    fine-tuning of zero-shot models").

    Args:
        encoder: a folder with the shared encoder, as in the pack.
        documents: training documents.
        dev: development documents, scored by corpus after each pass.
        work: the work directory.
        settings: the settings.
        start: a folder with the weights of an earlier run to begin with; without it they are drawn at random.
    """
    torch.manual_seed(settings.seed)
    torch.set_num_threads(settings.threads)
    torch.set_flush_denormal(True)  # AdamW's squares of tiny gradients are denormal, which is slow
    model, tokenizer = load_encoder(encoder)
    network = ChainNetwork(model, settings)
    if start is not None:
        network.load(start)
    optimizer = _optimizer(network, settings)
    rng = random.Random(settings.seed)
    plans = [
        list(schedule(documents, settings.pairs, rng, settings.pairs_share, settings.silver_share_of(number)))
        for number in range(1, settings.passes + 1)
    ]
    rates = warm_and_decay(optimizer, sum(map(len, plans)), settings.warmup)
    run = Run(path=work / "coref-state.pt", network=network, optimizer=optimizer, schedule=rates)
    done = run.resume()
    for number in range(done + 1, settings.passes + 1):
        begun = time.monotonic()
        rng = random.Random(settings.seed * 1000 + number)
        disguises = Disguises(documents, rng)
        drawn = (
            [
                excerpt(to_windows(restyle(disguises.draw(documents[place]), rng), tokenizer), settings.windows, rng)
                for place in places
            ]
            for places in plans[number - 1]
        )
        loss = _train_pass(network, optimizer, rates, drawn)
        seconds = round(time.monotonic() - begun)
        scores = evaluate(network, tokenizer, dev)
        record = {"pass": number, "loss": round(loss, 4), "seconds": seconds, **scores}
        _log.info("%s", record)
        append_record(work, "coref", record, settings)
        network.save(work / f"coref-{number}", scores["bias"])
        run.save(number)
    if start is None:
        return
    before = ChainNetwork(model, settings)
    before.load(start)
    scores = evaluate(network, tokenizer, dev)
    network.save(work / BEST, scores["bias"])
    mean(before, network)
    of_mean = evaluate(before, tokenizer, dev)
    append_record(work, "coref", {"mean_of": f"weights before the run and after pass {settings.passes}", **of_mean})
    if _total(of_mean) > _total(scores):
        before.save(work / BEST, of_mean["bias"])


def _total(scores: Mapping[str, float]) -> float:
    return sum(score for name, score in scores.items() if name.endswith("_f1"))


@torch.no_grad()
def mean(network: ChainNetwork, other: ChainNetwork) -> None:
    """Give a network the mean of its own weights and another's."""
    for own, others in zip(network.parameters(), other.parameters(), strict=True):
        own.copy_((own + others) / 2)


def _optimizer(network: ChainNetwork, settings: ChainSettings) -> torch.optim.AdamW:
    thin = [value for value in network.encoder.parameters() if value.requires_grad]
    groups = [
        {"params": thin, "lr": settings.encoder_rate},
        {"params": list(network.coreference.parameters()), "lr": settings.heads_rate},
    ]
    return torch.optim.AdamW(groups, weight_decay=0.01, betas=(0.9, 0.98))


def _train_pass(
    network: ChainNetwork,
    optimizer: torch.optim.Optimizer,
    rates: LambdaLR,
    steps: Iterable[Sequence[LinkedWindows]],
) -> float:
    network.train()
    losses = []
    begun = time.monotonic()
    for step, documents in enumerate(steps, 1):
        loss = batch_loss(network, documents)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_((value for value in network.parameters() if value.requires_grad), 1.0)
        optimizer.step()
        rates.step()
        optimizer.zero_grad()
        losses.append(loss.item())
        if step % 50 == 0:
            _log.info("step %d loss %.3f, %.2f s a step", step, sum(losses) / step, (time.monotonic() - begun) / step)
    return sum(losses) / len(losses)


def batch_loss(network: ChainNetwork, documents: Sequence[LinkedWindows]) -> Tensor:
    """The mean loss of some documents."""
    windows = [window for document in documents for window in document.windows]
    lengths = [size for document in documents for size in document.sizes]
    subwords = torch.split(network.encode(windows, lengths), [sum(document.sizes) for document in documents])
    losses = [network.coreference.loss(own, document) for own, document in zip(subwords, documents, strict=True)]
    return torch.stack(losses).mean()


@torch.no_grad()
def evaluate(network: ChainNetwork, tokenizer: CaseTokenizer, documents: Iterable[LinkedDocument]) -> dict[str, float]:
    """CoNLL F1 of chains of heads on whole documents, in per cent, by corpus, and the `bias` that they are best with.

    The bias, of `BIASES`, is what the scores of antecedents are raised by; the mean over the corpora chooses it.
    """
    network.eval()
    scored = []
    for document in documents:
        windows = to_windows(document, tokenizer)
        encoded = network.encode(windows.windows, windows.sizes)
        scored.append((document, *network.coreference.link_scores(encoded, windows)))
    tried: list[dict[str, float]] = []
    for bias in BIASES:
        found: dict[str, list[tuple[list[set[int]], list[set[int]]]]] = {}
        for document, scores, top in scored:
            raised = torch.cat([scores[:, :1], scores[:, 1:] + bias], 1)
            chains = clusters(*document.numbered(), likely(raised, top))
            pair = ([set(cluster) for cluster in document.links.clusters], [set(heads) for heads in chains])
            found.setdefault(document.corpus, []).append(pair)
        tried.append({f"{corpus}_f1": conll_f1(pairs)["CoNLL"] for corpus, pairs in found.items()})
    best = max(range(len(BIASES)), key=lambda place: _total(tried[place]))
    return {**tried[best], "bias": BIASES[best]}
