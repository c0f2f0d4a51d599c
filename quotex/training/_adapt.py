"""Multi-task adaptation of the encoder: tags, features, trees and names together."""

from __future__ import annotations

import json
import logging
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import attrs
import torch
from torch.optim.lr_scheduler import LambdaLR
from transformers import AutoModel

from quotex.training._batches import Batch, Example, Numberer, batches, label_tables
from quotex.training._casing import casing_tokenizer
from quotex.training._conllu import Sentence
from quotex.training._log import append_record
from quotex.training._marks import augment_all
from quotex.training._names import NamedSentence, restyle, spans
from quotex.training._network import MultiTask
from quotex.training._passes import Run, warm_and_decay

_log = logging.getLogger(__name__)
_TAGGING = {"upos": 1.0, "xpos": 0.5, "feats": 0.5, "ner": 1.0}


@attrs.frozen(kw_only=True)
class AdaptSettings:
    """Settings of the adaptation.

    Attributes:
        passes: passes over the treebanks; each takes a new random part of the names.
        names_share: the part of the sentences with names that each pass takes, 0 to 1.
        pieces: subwords a batch, padding included.
        encoder_rate, heads_rate: peak learning rates of AdamW.
        warmup: part of all steps over which the rates rise.
        seed: of shuffling, augmentation and weights.
        threads: of PyTorch.
    """

    passes: int = 8
    names_share: float = 0.5
    pieces: int = 2200
    encoder_rate: float = 2e-4
    heads_rate: float = 1.5e-3
    warmup: float = 0.06
    seed: int = 20
    threads: int = 2


@attrs.frozen(kw_only=True)
class AdaptData:
    """Training and development sentences of the adaptation."""

    train: Sequence[Sentence]
    dev: Sequence[Sentence]
    train_names: Sequence[NamedSentence]
    dev_names: Sequence[NamedSentence]


def adapt(start: Path, data: AdaptData, work: Path, settings: AdaptSettings) -> None:
    """Adapt the encoder in ``start`` and write it after each pass to ``work/encoder-N`` (N counts from 1).

    A run that was cut off goes on after its last whole pass. Scores go to ``work/log.jsonl``.
    """
    torch.manual_seed(settings.seed)
    torch.set_num_threads(settings.threads)
    tokenizer = casing_tokenizer(start / "tokenizer.json")
    tables = label_tables(data.train, data.train_names)
    (work / "labels.json").write_text(json.dumps(tables, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    numberer = Numberer(tokenizer, tables)
    network = MultiTask(AutoModel.from_pretrained(start), {task: len(labels) for task, labels in tables.items()})
    optimizer = _optimizer(network, settings)
    first = _pass_batches(data, numberer, settings, 1)
    total = len(first) * settings.passes
    schedule = warm_and_decay(optimizer, total, settings.warmup)
    run = Run(path=work / "adapt-state.pt", network=network, optimizer=optimizer, schedule=schedule)
    done = run.resume()
    for number in range(done + 1, settings.passes + 1):
        begun = time.monotonic()
        loss = _train_pass(
            network, optimizer, schedule, first if number == 1 else _pass_batches(data, numberer, settings, number)
        )
        seconds = time.monotonic() - begun
        scores = evaluate(network, numberer, data, tables)
        record = {"pass": number, "loss": round(loss, 4), "seconds": round(seconds), **scores}
        _log.info("%s", record)
        append_record(work, "adapt", record, settings)
        network.encoder.save_pretrained(work / f"encoder-{number}")
        tokenizer.save_pretrained(work / f"encoder-{number}")
        run.save(number)


def _optimizer(network: MultiTask, settings: AdaptSettings) -> torch.optim.AdamW:
    encoder = [value for name, value in network.named_parameters() if name.startswith("encoder.")]
    heads = [value for name, value in network.named_parameters() if not name.startswith("encoder.")]
    groups = [{"params": encoder, "lr": settings.encoder_rate}, {"params": heads, "lr": settings.heads_rate}]
    return torch.optim.AdamW(groups, weight_decay=0.01, betas=(0.9, 0.98))


def _pass_batches(data: AdaptData, numberer: Numberer, settings: AdaptSettings, number: int) -> list[Batch]:
    """The batches of one pass: all treebank sentences and a part of the names, marks rewritten anew."""
    rng = random.Random(settings.seed * 1000 + number)
    syntax = [numberer.syntax(sentence) for sentence in augment_all(data.train, rng.randrange(2**32))]
    chosen = rng.sample(data.train_names, round(len(data.train_names) * settings.names_share))
    names = [numberer.names(restyle(sentence, rng)) for sentence in chosen]
    mixed = batches(syntax, settings.pieces, rng) + batches(names, settings.pieces, rng)
    rng.shuffle(mixed)
    return mixed


def _train_pass(
    network: MultiTask, optimizer: torch.optim.Optimizer, schedule: LambdaLR, todo: Sequence[Batch]
) -> float:
    network.train()
    total = 0.0
    begun = time.monotonic()
    for step, batch in enumerate(todo, start=1):
        loss = batch_loss(network, batch)
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


def batch_loss(network: MultiTask, batch: Batch) -> torch.Tensor:
    """The weighted sum of the losses of all tasks that the batch has answers for."""
    layers = network.encode(batch.ids, batch.attention, batch.last)
    parts = [
        weight * network.tag_loss(layers, task, batch.gold[task])
        for task, weight in _TAGGING.items()
        if task in batch.gold
    ]
    if "head" in batch.gold:
        parts.append(network.parse_loss(layers, batch.mask, batch.gold["head"], batch.gold["deprel"]))
    return torch.stack(parts).sum()


@torch.no_grad()
def evaluate(network: MultiTask, numberer: Numberer, data: AdaptData, tables: dict[str, list[str]]) -> dict[str, float]:
    """Development scores in per cent: UPOS, UAS, LAS (greedy heads, punctuation included) and F1 of all names."""
    network.eval()
    counts = dict.fromkeys(("words", "upos", "uas", "las"), 0)
    for batch in batches([numberer.syntax(sentence) for sentence in data.dev], 4000):
        layers = network.encode(batch.ids, batch.attention, batch.last)
        heads, relations = network.parse(layers, batch.mask)
        real = batch.mask[:, 1:]
        right = (heads == batch.gold["head"]) & real
        counts["words"] += int(real.sum())
        counts["upos"] += int(((network.tag(layers, "upos").argmax(-1) == batch.gold["upos"]) & real).sum())
        counts["uas"] += int(right.sum())
        counts["las"] += int((right & (relations == batch.gold["deprel"])).sum())
    scores = {key: round(100 * counts[key] / counts["words"], 2) for key in ("upos", "uas", "las")}
    return {**scores, "names_f1": _names_f1(network, [numberer.names(sentence) for sentence in data.dev_names], tables)}


def _names_f1(network: MultiTask, examples: Sequence[Example], tables: dict[str, list[str]]) -> float:
    right = wanted = given = 0
    for gold, predicted in _label_pairs(network, examples, tables["ner"]):
        right += len(spans(gold) & spans(predicted))
        wanted += len(spans(gold))
        given += len(spans(predicted))
    return round(200 * right / max(1, wanted + given), 2)


def _label_pairs(
    network: MultiTask, examples: Sequence[Example], labels: Sequence[str]
) -> Iterator[tuple[list[str], list[str]]]:
    for batch in batches(examples, 4000):
        best = network.tag(network.encode(batch.ids, batch.attention, batch.last), "ner").argmax(-1)
        for row, answer, real in zip(
            best.tolist(), batch.gold["ner"].tolist(), batch.mask[:, 1:].tolist(), strict=True
        ):
            length = sum(real)
            yield [labels[n] for n in answer[:length]], [labels[n] for n in row[:length]]
