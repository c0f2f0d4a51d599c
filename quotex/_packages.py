"""Model packages: the pack inside quotex, and what Stanza has on this machine or can download. Part of stage 2.

Imports Stanza, so it is imported lazily.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import attrs
import stanza
import stanza.models.coref.model as stanza_coref
import stanza.models.depparse.model as stanza_parser
import stanza.models.depparse.trainer as stanza_parser_trainer
import stanza.models.lemma.trainer as stanza_lemmatizer
import stanza.models.ner.model as stanza_names
import stanza.models.ner.trainer as stanza_names_trainer
import stanza.models.pos.trainer as stanza_tagger_trainer
import stanza.models.tokenization.data as stanza_tokenizer
from stanza.pipeline.core import DownloadMethod
from stanza.pipeline.registry import NAME_TO_PROCESSOR_CLASS
from stanza.resources.common import DEFAULT_MODEL_DIR, download_resources_json

from quotex._chain_model import ChainModel
from quotex._encoder import foundation_cache
from quotex._errors import ModelDownloadError, ModelNotFoundError, ModelPackageError
from quotex._light import Lemmas, Transitions, lighten, likeliest_tags
from quotex._parser import TreeParser
from quotex._processors import PARSED, NameProcessor, TagProcessor, TreeProcessor
from quotex._tagger import NameTagger, WordTagger
from quotex._trees import best_tree

COMPACT = "compact"
"""The package inside quotex."""

PACK_DIRECTORY = Path(__file__).parent / "models"

LEMMAS = 1000
"""Words whose lemmas are written together: larger batches are fewer steps."""

PROCESSORS = ("tokenize", "mwt", "pos", "lemma", "depparse", "ner", "coref")
"""The processors that quotex makes use of, in the order in which they run."""


@attrs.frozen(kw_only=True)
class Package:
    """A model package.

    Attributes:
        name: What `models=` takes.
        directory: The model directory that it is in, or would be in.
        processors: Those of its processors that quotex uses, each with the name of its model.
        present: Whether the files of all of them are on this machine.
    """

    name: str
    directory: Path
    processors: tuple[tuple[str, str], ...]
    present: bool


def list_packages(language: str) -> tuple[Package, ...]:
    """The pack inside quotex and the packages in Stanza's list of resources, if that is on this machine."""
    own = _packages(PACK_DIRECTORY, language)
    others = _packages(Path(DEFAULT_MODEL_DIR), language)
    return (*own.values(), *(package for name, package in sorted(others.items()) if name != COMPACT))


def load_pipeline(models: str, language: str) -> stanza.Pipeline:
    """Load the pack inside quotex, or a Stanza package that is on this machine; nothing is downloaded.

    Raises:
        ModelPackageError: Stanza's list of resources is here and does not name the package.
        ModelNotFoundError: The package, or a file of it, is not on this machine.
    """
    directory = PACK_DIRECTORY if models == COMPACT else Path(DEFAULT_MODEL_DIR)
    command = "pip install --force-reinstall quotex" if models == COMPACT else f"quotex models download {models}"
    if not (directory / "resources.json").is_file():
        raise ModelNotFoundError(models, directory, command)
    package = _named(models, directory, language)
    try:
        pipeline = stanza.Pipeline(
            language,
            dir=str(directory),
            package=None,
            processors=dict(package.processors),
            download_method=DownloadMethod.NONE,
            foundation_cache=foundation_cache(directory) if models == COMPACT else None,
            lemma_batch_size=LEMMAS,
            depparse_batch_size=PARSED,
            logging_level="ERROR",
        )
    except FileNotFoundError as error:
        raise ModelNotFoundError(models, directory, command) from error
    for name in ("tokenize", "pos", "depparse", "ner"):
        processor = pipeline.processors.get(name)
        for trainer in getattr(processor, "trainers", [getattr(processor, "trainer", None)]):
            if trainer is not None:
                lighten(trainer)
    return pipeline


def download_package(models: str, language: str, *, coref: bool = False, progress: bool = False) -> Package:
    """Download a package by Stanza's downloader, file by file: what is there and whole is not fetched again.

    Args:
        models: The name of the package.
        language: Its language.
        coref: Whether to get the coreference model too, which Stanza's packages keep apart for its size. To run it,
            the library `peft` is needed.
        progress: Whether Stanza shows its progress on standard error.

    Raises:
        ModelPackageError: Stanza's list of resources does not name the package.
        ModelDownloadError: A file could not be had.
    """
    directory = Path(DEFAULT_MODEL_DIR)
    try:
        download_resources_json(str(directory))
        package = _named(models, directory, language, optional=coref)
        stanza.download(
            language,
            model_dir=str(directory),
            package=None,
            processors=dict(package.processors),
            logging_level="INFO" if progress else "ERROR",
            download_json=False,
        )
    except ModelPackageError:
        raise
    except (OSError, ValueError) as error:
        # no connection is an OSError (of requests, too), and a checksum that does not fit a ValueError
        raise ModelDownloadError(models, directory, str(error)) from error
    return attrs.evolve(package, present=True)


def _named(models: str, directory: Path, language: str, *, optional: bool = False) -> Package:
    packages = _packages(directory, language, optional=optional)
    if models not in packages:
        raise ModelPackageError(models, tuple(sorted({COMPACT, *packages})))
    return packages[models]


def _packages(directory: Path, language: str, *, optional: bool = False) -> dict[str, Package]:
    """The packages of a model directory by name, with their coreference models where those are there or asked for."""
    listing = directory / "resources.json"
    if not listing.is_file():
        return {}
    entry = json.loads(listing.read_text(encoding="utf-8")).get(language, {})
    return {
        name: _package(name, named, directory / language, optional) for name, named in entry.get("packages", {}).items()
    }


def _package(name: str, named: dict[str, Any], folder: Path, optional: bool) -> Package:
    models = {processor: named[processor] for processor in PROCESSORS if processor in named}
    for processor, model in named.get("optional", {}).items():
        if processor in PROCESSORS and (optional or (folder / processor / f"{model}.pt").is_file()):
            models[processor] = model
    return Package(
        name=name,
        directory=folder.parent,
        processors=tuple(models.items()),
        present=all((folder / processor / f"{model}.pt").is_file() for processor, model in models.items()),
    )


# What Stanza's pipelines load and call by these names does the same in less time here, whatever models it runs.
stanza_coref.CorefModel = ChainModel
stanza_lemmatizer.Seq2SeqModel = Lemmas
stanza_names.CRFLoss = Transitions
stanza_names_trainer.viterbi_decode = likeliest_tags
stanza_names_trainer.NERTagger = NameTagger
stanza_tagger_trainer.Tagger = WordTagger
NAME_TO_PROCESSOR_CLASS.update(pos=TagProcessor, depparse=TreeProcessor, ner=NameProcessor)
stanza_parser.chuliu_edmonds_one_root = best_tree
stanza_parser_trainer.GraphParser = TreeParser
for _name, _feature in stanza_tokenizer.PER_CHAR_FEAT_FUNCS.items():
    stanza_tokenizer.PER_CHAR_FEAT_FUNCS[_name] = cache(_feature)
