"""Multi-task adaptation of the encoder: tags, features, trees, names and coreference together."""

from __future__ import annotations

import json
import logging
import random
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import attrs
import torch
from torch import Tensor
from torch.optim.lr_scheduler import LambdaLR
from transformers import AutoModel, PreTrainedModel, PreTrainedTokenizerBase

from quotex._windows import WINDOW
from quotex.training._batches import (
    Batch,
    Document,
    Numberer,
    Window,
    batches,
    label_tables,
    linked_batches,
)
from quotex.training._casing import casing_tokenizer
from quotex.training._log import append_record
from quotex.training._names import spans
from quotex.training._network import MultiTask
from quotex.training._passages import Passage, restyle
from quotex.training._score_chains import conll_f1

_log = logging.getLogger(__name__)
LIMITS = (64, 190, WINDOW)
"""The lengths of windows that trees and names are read in, each for a third of the documents."""

_TAGGING = {"upos": 1.0, "xpos": 0.5, "feats": 0.5, "ner": 1.0}


@attrs.frozen(kw_only=True)
class AdaptSettings:
    """Settings of the adaptation.

    Attributes:
        passes: passes over the treebanks; each takes a new random part of the names.
        trees_share: the part of the treebank documents without chains that each pass takes, 0 to 1.
        names_share: the part of the articles with names that each pass takes.
        pairs_share: the part of the passages with pairs that each pass takes.
        pieces: subwords a batch, padding included.
        windows: windows of a linked passage that a step takes.
        links_weight: of the loss of coreference.
        encoder_rate, heads_rate, links_rate: peak learning rates of AdamW, the last for the heads of coreference.
        embeddings: whether word embeddings are trained too; an encoder that knows the case marks needs it no more.
        warmup: part of all steps over which the rates rise.
        seed: of shuffling, augmentation and weights.
        threads: of PyTorch.
    """

    passes: int = 8
    trees_share: float = 0.5
    names_share: float = 0.3
    pairs_share: float = 0.5
    pieces: int = 2600
    windows: int = 8
    links_weight: float = 1.0
    encoder_rate: float = 2e-4
    heads_rate: float = 1.5e-3
    links_rate: float = 6e-4
    embeddings: bool = True
    warmup: float = 0.06
    seed: int = 20
    threads: int = 2


@attrs.frozen(kw_only=True)
class AdaptData:
    """Training and development passages of the adaptation.

    Attributes:
        syntax, dev_syntax: treebank documents, some of them with chains.
        names, dev_names: articles with names.
        links, dev_links: documents with chains, or with pairs, and no trees.
    """

    syntax: Sequence[Passage]
    dev_syntax: Sequence[Passage]
    names: Sequence[Passage]
    dev_names: Sequence[Passage]
    links: Sequence[Passage]
    dev_links: Sequence[Passage]


def adapt(start: Path, data: AdaptData, work: Path, settings: AdaptSettings) -> None:
    """Adapt the encoder in ``start`` and write it after each pass to ``work/encoder-N`` (N counts from 1).

    Beside each lies ``coref.pt``, the coreference model that was trained with it. A run that was cut off goes on after
    its last whole pass. Scores go to ``work/log.jsonl``.
    """
    torch.manual_seed(settings.seed)
    torch.set_num_threads(settings.threads)
    tokenizer = casing_tokenizer(start / "tokenizer.json")
    tables = label_tables([*data.syntax, *data.names])
    (work / "labels.json").write_text(json.dumps(tables, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    numberer = Numberer(tokenizer, tables)
    network = MultiTask(_encoder(start, settings), {task: len(labels) for task, labels in tables.items()})
    optimizer = _optimizer(network, settings)
    first = _pass_batches(data, numberer, settings, 1)
    total = len(first) * settings.passes
    schedule = LambdaLR(optimizer, lambda step: _rate(step, total, settings.warmup))
    done = _resume(work / "adapt-state.pt", network, optimizer, schedule)
    for number in range(done + 1, settings.passes + 1):
        begun = time.monotonic()
        loss = _train_pass(
            network,
            optimizer,
            schedule,
            first if number == 1 else _pass_batches(data, numberer, settings, number),
            settings,
        )
        seconds = time.monotonic() - begun
        scores = evaluate(network, numberer, data, tables)
        record = {"pass": number, "loss": round(loss, 4), "seconds": round(seconds), **scores}
        _log.info("%s", record)
        append_record(work, "adapt", record, settings)
        _save(work, number, network, tokenizer, optimizer, schedule)


def _encoder(start: Path, settings: AdaptSettings) -> PreTrainedModel:
    """The encoder to adapt, without dropout of attention: on a CPU that is slow and keeps the fast kernel away."""
    encoder: PreTrainedModel = AutoModel.from_pretrained(
        start, add_pooling_layer=False, dtype=torch.float32, attention_probs_dropout_prob=0.0
    )
    encoder.embeddings.word_embeddings.requires_grad_(settings.embeddings)
    return encoder


def _optimizer(network: MultiTask, settings: AdaptSettings) -> torch.optim.AdamW:
    rates = {"encoder": settings.encoder_rate, "coreference": settings.links_rate}
    groups: dict[float, list[Tensor]] = {}
    for name, value in network.named_parameters():
        groups.setdefault(rates.get(name.partition(".")[0], settings.heads_rate), []).append(value)
    trained = [{"params": values, "lr": rate} for rate, values in groups.items()]
    return torch.optim.AdamW(trained, weight_decay=0.01, betas=(0.9, 0.98))


def _rate(step: int, total: int, warmup: float) -> float:
    rising = total * warmup
    return (step + 1) / rising if step < rising else max(0.0, (total - step) / (total - rising))


def _pass_batches(data: AdaptData, numberer: Numberer, settings: AdaptSettings, number: int) -> list[Batch]:
    """The batches of one pass: all chains and a part of the rest, marks rewritten anew."""
    rng = random.Random(settings.seed * 1000 + number)
    trees = [passage for passage in data.syntax if passage.links is None]
    pairs = [passage for passage in data.links if passage.links is not None and passage.links.pairs]
    linked = [
        passage for passage in [*data.syntax, *data.links] if passage.links is not None and not passage.links.pairs
    ]
    shares = (
        (trees, settings.trees_share),
        (data.names, settings.names_share),
        (pairs, settings.pairs_share),
        (linked, 1.0),
    )
    chosen = [
        [restyle(passage, rng) for passage in rng.sample(passages, round(len(passages) * share))]
        for passages, share in shares
    ]
    # short texts have short windows, so trees and names must not depend on long ones
    unlinked = [[numberer.document(passage, rng.choice(LIMITS)) for passage in part] for part in chosen[:2]]
    mixed = [batch for part in unlinked for batch in batches(_windows(part), settings.pieces, rng)]
    mixed += linked_batches(
        [numberer.document(passage) for part in chosen[2:] for passage in part], settings.windows, rng
    )
    rng.shuffle(mixed)
    return mixed


def _windows(documents: Iterable[Document]) -> Iterator[Window]:
    return (window for document in documents for window in document.windows)


def _train_pass(
    network: MultiTask,
    optimizer: torch.optim.Optimizer,
    schedule: LambdaLR,
    todo: Sequence[Batch],
    settings: AdaptSettings,
) -> float:
    network.train()
    total = 0.0
    begun = time.monotonic()
    for step, batch in enumerate(todo, start=1):
        loss = batch_loss(network, batch, settings.links_weight)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
        total += loss.item()
        if step % 50 == 0:
            _log.info(
                "step %d/%d loss %.3f, %.2f s a step", step, len(todo), total / step, (time.monotonic() - begun) / step
            )
    return total / len(todo)


def batch_loss(network: MultiTask, batch: Batch, links_weight: float) -> Tensor:
    """The weighted sum of the losses of all tasks that the batch has answers for."""
    encoded = network.encode(batch.ids, batch.attention)
    layers = encoded[:, batch.last[batch.mask]]
    parts = [
        weight * network.tag_loss(layers, batch.mask, task, batch.gold[task])
        for task, weight in _TAGGING.items()
        if task in batch.gold
    ]
    if "head" in batch.gold:
        parts.append(network.parse_loss(layers, batch.mask, batch.gold["head"], batch.gold["deprel"]))
    if batch.linked:
        losses = [network.coreference.loss(encoded[-1, linked.subwords], linked) for linked in batch.linked]
        parts.append(links_weight * torch.stack(losses).mean())
    return torch.stack(parts).sum()


@torch.no_grad()
def evaluate(network: MultiTask, numberer: Numberer, data: AdaptData, tables: dict[str, list[str]]) -> dict[str, float]:
    """Development scores in per cent.

    UPOS, UAS, LAS (greedy heads, punctuation included), F1 of all names, and CoNLL F1 of chains of heads.
    """
    network.eval()
    counts = dict.fromkeys(("words", "upos", "uas", "las"), 0)
    for batch in batches(_windows(numberer.document(passage) for passage in data.dev_syntax), 4000):
        layers = network.encode(batch.ids, batch.attention)[:, batch.last[batch.mask]]
        heads, relations = network.parse(layers, batch.mask)
        real = batch.mask[:, 1:]
        right = (heads == batch.gold["head"]) & real
        counts["words"] += int(real.sum())
        counts["upos"] += int((network.tag(layers, batch.mask, "upos").argmax(-1) == batch.gold["upos"][real]).sum())
        counts["uas"] += int(right.sum())
        counts["las"] += int((right & (relations == batch.gold["deprel"])).sum())
    scores = {key: round(100 * counts[key] / counts["words"], 2) for key in ("upos", "uas", "las")}
    scores["names_f1"] = _names_f1(network, [numberer.document(passage) for passage in data.dev_names], tables)
    return {**scores, **_links_f1(network, numberer, data.dev_links)}


def _names_f1(network: MultiTask, documents: Sequence[Document], tables: dict[str, list[str]]) -> float:
    right = wanted = given = 0
    for gold, predicted in _label_pairs(network, documents, tables["ner"]):
        right += len(spans(gold) & spans(predicted))
        wanted += len(spans(gold))
        given += len(spans(predicted))
    return round(200 * right / max(1, wanted + given), 2)


def _label_pairs(
    network: MultiTask, documents: Sequence[Document], labels: Sequence[str]
) -> Iterator[tuple[list[str], list[str]]]:
    for batch in batches(_windows(documents), 4000):
        real = batch.mask[:, 1:]
        layers = network.encode(batch.ids, batch.attention)[:, batch.last[batch.mask]]
        best = network.tag(layers, batch.mask, "ner").argmax(-1)
        lengths = real.sum(1).tolist()
        for given, gold in zip(torch.split(best, lengths), torch.split(batch.gold["ner"][real], lengths), strict=True):
            yield [labels[n] for n in gold.tolist()], [labels[n] for n in given.tolist()]


def _links_f1(network: MultiTask, numberer: Numberer, passages: Sequence[Passage]) -> dict[str, float]:
    found: dict[str, list[tuple[list[set[tuple[int, int]]], list[set[tuple[int, int]]]]]] = {}
    for passage in passages:
        for batch in linked_batches([numberer.document(passage)], 100):
            encoded = network.encode(batch.ids, batch.attention)[-1]
            for linked in batch.linked:
                chains = network.coreference.chains(encoded[linked.subwords], linked)
                found.setdefault(passage.corpus, []).append((_words(linked.links.clusters), _words(chains)))
    return {f"{corpus}_f1": conll_f1(pairs)["CoNLL"] for corpus, pairs in found.items()}


def _words(chains: Iterable[Iterable[int]]) -> list[set[tuple[int, int]]]:
    return [{(word, word + 1) for word in chain} for chain in chains]


def _save(
    work: Path,
    number: int,
    network: MultiTask,
    tokenizer: PreTrainedTokenizerBase,
    optimizer: torch.optim.Optimizer,
    schedule: LambdaLR,
) -> None:
    network.encoder.save_pretrained(work / f"encoder-{number}")
    tokenizer.save_pretrained(work / f"encoder-{number}")
    network.coreference.save(work / f"encoder-{number}" / "coref.pt")
    state = {"pass": number, "network": network.state_dict(), "optimizer": optimizer.state_dict()}
    partial = work / "adapt-state.pt.part"
    torch.save({**state, "schedule": schedule.state_dict()}, partial)
    partial.replace(work / "adapt-state.pt")


def _resume(path: Path, network: MultiTask, optimizer: torch.optim.Optimizer, schedule: LambdaLR) -> int:
    """Load the state of a run that was cut off, if there is one; the number of passes that are done."""
    if not path.exists():
        return 0
    state = torch.load(path, weights_only=True)
    network.load_state_dict(state["network"])
    optimizer.load_state_dict(state["optimizer"])
    schedule.load_state_dict(state["schedule"])
    return int(state["pass"])
