"""Packing: a Stanza model directory with half-precision weights and nothing that names the machine it was made on."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from stanza.models.common.vocab import VOCAB_PREFIX
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from quotex._encoder import CHAIN_WEIGHTS, ENCODER_FOLDER, ENCODER_NAME
from quotex.training._log import LOG_NAME
from quotex.training._memo import MODEL_TYPE

PACKAGE = "compact"
LONGEST_TOKEN = 1000
_EMBEDDINGS = "embeddings.word_embeddings.weight"
PROCESSORS = ("tokenize", "mwt", "pos", "lemma", "depparse", "ner", "coref")


def link_encoder(adapted: Path, work: Path) -> None:
    """Copy an adapted encoder to where Stanza's trainers find it by name, as an encoder that remembers."""
    target = work / ENCODER_NAME
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(adapted, target)
    config = json.loads((target / "config.json").read_text(encoding="utf-8"))
    config["model_type"] = MODEL_TYPE
    (target / "config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")


def start_of_chains(work: Path) -> Path:
    """A folder with the coreference model of the work directory, as :func:`take_chains` reads it."""
    folder = work / "coref-0"
    folder.mkdir(exist_ok=True)
    shutil.copyfile(work / "models" / "coref.pt", folder / "coref.pt")
    shutil.copyfile(work / ENCODER_NAME / CHAIN_WEIGHTS, folder / CHAIN_WEIGHTS)
    return folder


def take_chains(trained: Path, work: Path) -> None:
    """Copy a trained coreference model to the other models, and what it adds to the encoder to the encoder."""
    (work / "models").mkdir(exist_ok=True)
    shutil.copyfile(trained / "coref.pt", work / "models" / "coref.pt")
    shutil.copyfile(trained / CHAIN_WEIGHTS, work / ENCODER_NAME / CHAIN_WEIGHTS)


def unpack(source: Path, work: Path) -> None:
    """Bring the models of a pack back into a work directory, so that single steps can be done anew.

    Args:
        source: the model directory.
        work: gets ``quotex-compact/`` (the encoder), ``models/PROCESSOR.pt`` and the log; a log that is there stays.

    Raises:
        FileNotFoundError: the pack lacks a processor's model.
    """
    link_encoder(source / ENCODER_FOLDER, work)
    (work / "models").mkdir(exist_ok=True)
    for name in PROCESSORS:
        shutil.copyfile(source / "en" / name / f"{PACKAGE}.pt", work / "models" / f"{name}.pt")
    if not (work / LOG_NAME).exists():
        shutil.copyfile(source / LOG_NAME, work / LOG_NAME)


def pack(work: Path, target: Path, processors: Sequence[str] = PROCESSORS) -> int:
    """Write the pack from the work directory's models; an old pack in ``target`` is replaced in one move.

    Args:
        work: with ``quotex-compact/`` (the encoder), ``models/PROCESSOR.pt`` and the log.
        target: the model directory to write.
        processors: what to pack.

    Returns:
        The size of the pack in bytes.

    Raises:
        FileNotFoundError: the encoder or a processor's model is missing.
    """
    for path in (work / ENCODER_NAME / "config.json", *(work / "models" / f"{name}.pt" for name in processors)):
        if not path.exists():
            raise FileNotFoundError(f"{path} is missing; run the step that makes it first (docs/training.md)")
    fresh = target.with_name(f"{target.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    _pack_encoder(work / ENCODER_NAME, fresh / ENCODER_FOLDER)
    for name in processors:
        _pack_processor(work / "models" / f"{name}.pt", fresh / "en" / name / f"{PACKAGE}.pt")
    (fresh / "resources.json").write_text(json.dumps(resources(processors), indent=2) + "\n", encoding="utf-8")
    shutil.copy(work / LOG_NAME, fresh / LOG_NAME)
    _replace(target, fresh)
    return sum(path.stat().st_size for path in target.rglob("*") if path.is_file())


def resources(processors: Sequence[str]) -> dict[str, Any]:
    """What Stanza reads as ``resources.json``: one language, one package."""
    english: dict[str, Any] = {"lang_name": "English"}
    english.update({name: {PACKAGE: {}} for name in processors})
    english["packages"] = {PACKAGE: dict.fromkeys(processors, PACKAGE)}
    return {"en": english}


def _pack_encoder(source: Path, target: Path) -> None:
    config = BertConfig.from_pretrained(source)
    config.model_type = BertConfig.model_type
    model = BertModel.from_pretrained(source, config=config, add_pooling_layer=False, dtype=torch.float32)
    target.mkdir(parents=True)
    PreTrainedTokenizerFast.from_pretrained(source).save_pretrained(target)
    tensors = {name: value.half().contiguous() for name, value in model.state_dict().items()}
    tensors[_EMBEDDINGS] = tensors[_EMBEDDINGS][_drop_unused(target / "tokenizer.json")]
    save_file(tensors, target / "model.safetensors")
    (target / "model.safetensors").chmod(0o644)
    config.architectures = ["BertModel"]
    config.vocab_size = len(tensors[_EMBEDDINGS])
    (target / "config.json").write_text(config.to_json_string(), encoding="utf-8")
    if (source / CHAIN_WEIGHTS).exists():
        shutil.copyfile(source / CHAIN_WEIGHTS, target / CHAIN_WEIGHTS)


def _drop_unused(path: Path) -> list[int]:
    """Take the pieces that BERT's vocabulary holds for later use (`[unused0]`) out of a tokenizer's file.

    Returns:
        The old numbers of the pieces that stay, in order.
    """
    tokenizer = json.loads(path.read_text(encoding="utf-8"))
    vocabulary = tokenizer["model"]["vocab"]
    kept = sorted(number for piece, number in vocabulary.items() if not piece.startswith("[unused"))
    numbers = {old: new for new, old in enumerate(kept)}
    tokenizer["model"]["vocab"] = {piece: numbers[old] for piece, old in vocabulary.items() if old in numbers}
    for added in tokenizer["added_tokens"]:
        added["id"] = numbers[added["id"]]
    for special in tokenizer["post_processor"]["special_tokens"].values():
        special["ids"] = [numbers[old] for old in special["ids"]]
    path.write_text(json.dumps(tokenizer, indent=2, ensure_ascii=False), encoding="utf-8")
    return kept


def _pack_processor(source: Path, target: Path) -> None:
    checkpoint = torch.load(source, map_location="cpu", weights_only=True)
    if "max_seqlen" in checkpoint["config"]:
        # Stanza's tokenizer replaces longer tokens by <UNK>; the length of training sequences is no reason to.
        checkpoint["config"]["max_seqlen"] = LONGEST_TOKEN
    words = checkpoint.get("vocab", {}).get("delta")
    if words is not None:
        # the tagger of names writes down all words that it was trained on, for word vectors that it does not have
        words["_id2unit"] = words["_id2unit"][: len(VOCAB_PREFIX)]
        words["_unit2id"] = {word: number for number, word in enumerate(words["_id2unit"])}
    target.parent.mkdir(parents=True)
    torch.save(_compact(checkpoint), target)


def _compact(value: Any) -> Any:
    """Half-precision tensors and file names without folders, through all dictionaries and lists.

    Of a matrix of zeros a single one is stored: the module for zero mentions that coreference has to have is all zeros.
    """
    if isinstance(value, torch.Tensor):
        if not value.is_floating_point():
            return value
        return value.detach().half().clone() if value.any() else torch.zeros((), dtype=torch.half).expand(value.shape)
    if isinstance(value, dict):
        return {key: _compact(entry) for key, entry in value.items()}
    if isinstance(value, str) and value.startswith("/"):
        return Path(value).name
    return [_compact(entry) for entry in value] if isinstance(value, list) else value


def _replace(target: Path, fresh: Path) -> None:
    old = target.with_name(f"{target.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.rename(old)
    fresh.rename(target)
    shutil.rmtree(old, ignore_errors=True)
