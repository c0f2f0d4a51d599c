"""The steps of the recipe that are about coreference."""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import torch

from quotex._encoder import ENCODER_NAME
from quotex.evaluation import open_corpus
from quotex.training import _chains, _pack, _prepare, _score, _silver, _train_chains, _trees
from quotex.training._linked import LinkedDocument, read_linked
from quotex.training._log import append_record, record_scores
from quotex.training._readings import gold
from quotex.training._score_resolution import score_documents, score_gap

SILVER = "silver-train.jsonl"
"""The file of the step of that name, in the work directory's folder `data`."""

CHAIN_OPTIONS = {
    "gum": "folder of the treebank GUM",
    "litbank": "LitBank's folder coref/conll",
    "wikicoref": "folder of WikiCoref's CoNLL files",
    "gap": "GAP's gap-development.tsv",
    "pdnc": "the Project Dialogism Novel Corpus",
}


SILVER_OPTIONS = {
    "names": "folder of English Worldwide Newswire's TSV files",
    "polnear": "PolNeAR",
}


def make_chains(arguments: argparse.Namespace) -> None:
    """Write the coreference corpora in one form; what has no trees is parsed by the pack."""
    data = arguments.work / "data"
    data.mkdir(exist_ok=True)
    gum = {split: _chains.read_gum(_prepare.treebank_file(arguments.gum, split)) for split in ("train", "dev", "test")}
    litbank = {split: _chains.read_litbank(arguments.litbank, split) for split in ("train", "dev", "test")}
    parts = {
        f"coref-{name}-{split}": found[split]
        for name, found in (("gum", gum), ("litbank", litbank))
        for split in ("dev", "test")
    }
    parts["coref-train"] = [*litbank["train"], *gum["train"], *_chains.read_wikicoref(arguments.wikicoref)]
    sizes = {}
    for name, documents in parts.items():
        if not (data / f"{name}.json").exists():
            found = [_chains.to_stanza(document) for document in _trees.parse(documents, arguments.models)]
            sizes[name] = _write_linked(found, data / f"{name}.json")
    if not (data / "gap-train.json").exists():
        passages = _trees.tokenize_gap(_chains.read_gap(arguments.gap), arguments.models)
        sizes["gap-train"] = _write_linked(passages, data / "gap-train.json")
    if not (data / "novels-train.json").exists():
        novels = list(_trees.tokenize_novels(arguments.pdnc, arguments.models))
        sizes["novels-train"] = _write_linked(novels, data / "novels-train.json")
    if sizes:
        append_record(arguments.work, "chains", sizes)


def make_silver(arguments: argparse.Namespace) -> None:
    """Write the chains that trained models find in novels and articles."""
    data = arguments.work / "data"
    if not (data / "novels-train.json").exists():
        raise FileNotFoundError(f"{data / 'novels-train.json'} is missing; run the step chains first")
    rng = random.Random(_silver.SEED)
    novels = json.loads((data / "novels-train.json").read_text(encoding="utf-8"))
    articles = gold(open_corpus("polnear", arguments.polnear, split="train"))
    documents = chain(
        _silver.novels(novels),
        _silver.newswire(arguments.names, rng),
        _silver.articles(articles, arguments.models, rng),
    )
    teachers = _silver.Teachers(arguments.work / ENCODER_NAME, arguments.teachers)
    added = _silver.label_all(documents, teachers, arguments.models, data / SILVER)
    append_record(
        arguments.work, "silver", {"documents": added, "teachers": [path.name for path in arguments.teachers]}
    )


def _write_linked(documents: Sequence[dict[str, Any]], path: Path) -> int:
    path.write_text(json.dumps(documents, ensure_ascii=False), encoding="utf-8")
    return len(documents)


def train_chains(arguments: argparse.Namespace) -> None:
    """Train coreference, or go on with what the work directory has."""
    settings = _train_chains.ChainSettings(
        passes=arguments.passes,
        threads=arguments.threads,
        pairs_share=arguments.pairs_share,
        encoder_rate=arguments.encoder_rate,
        heads_rate=arguments.rate,
    )
    trained = arguments.work / (_train_chains.BEST if arguments.more else f"coref-{settings.passes}")
    if not (trained / "coref.pt").exists():
        data = arguments.work / "data"
        names = ("coref", "gap") if (data / SILVER).exists() else ("coref", "gap", "novels")
        train = [row for name in names for row in _linked(data / f"{name}-train.json")]
        if (data / SILVER).exists():
            train += map(read_linked, _silver.read(data / SILVER))
        dev = [*_linked(data / "coref-litbank-dev.json"), *_linked(data / "coref-gum-dev.json")]
        start = _pack.start_of_chains(arguments.work) if arguments.more else None
        with torch.device(arguments.device):
            _train_chains.train(arguments.work / ENCODER_NAME, train, dev, arguments.work, settings, start)
    _pack.take_chains(trained, arguments.work)


def _linked(path: Path) -> list[LinkedDocument]:
    if not path.exists():
        raise FileNotFoundError(f"{path} is missing; run the step chains first")
    return [read_linked(document) for document in json.loads(path.read_text(encoding="utf-8"))]


def score_chains(arguments: argparse.Namespace) -> None:
    """Score coreference through the packed files."""
    nlp = _score.open_pipeline(arguments.models, "tokenize,mwt,coref")
    results: dict[str, object] = {"split": arguments.split}
    for corpus in ("litbank", "gum"):
        path = arguments.work / "data" / f"coref-{corpus}-{arguments.split}.json"
        if not path.exists():
            raise FileNotFoundError(f"{path} is missing; run the step chains first")
        documents = json.loads(path.read_text(encoding="utf-8"))
        results[corpus] = {"documents": len(documents)} | score_documents(nlp.processors["coref"].process, documents)
    if arguments.gap is not None:
        passages = _chains.read_gap(arguments.gap)
        results["gap"] = {"passages": len(passages)} | score_gap(nlp, passages)
    record_scores(arguments.work, arguments.models, "score-coref", results)
