"""Loading of the compact pack's shared encoder. Imports torch, transformers and Stanza, so it is imported lazily."""

from __future__ import annotations

from pathlib import Path

from safetensors.torch import load_file
from stanza.models.common.foundation_cache import BertRecord, FoundationCache
from transformers import BertConfig, BertModel, PreTrainedModel, PreTrainedTokenizerBase, PreTrainedTokenizerFast

ENCODER_NAME = "quotex-compact"
ENCODER_FOLDER = Path("en") / "encoder"


def load_encoder(directory: Path) -> tuple[PreTrainedModel, PreTrainedTokenizerBase]:
    """The encoder of a model directory and its tokenizer, without any access to the network.

    Args:
        directory: folder with ``config.json``, ``model.safetensors`` (half precision) and ``tokenizer.json``.

    Returns:
        The model in float32, in evaluation mode and frozen; the tokenizer.

    Raises:
        FileNotFoundError: one of the three files is missing.
        ValueError: the weights do not fit the configuration.
    """
    for name in ("config.json", "model.safetensors", "tokenizer.json"):
        if not (directory / name).is_file():
            raise FileNotFoundError(f"{directory / name}: no such file in the model directory")
    model = BertModel(BertConfig.from_pretrained(directory, local_files_only=True), add_pooling_layer=False)
    try:
        model.load_state_dict(load_file(directory / "model.safetensors"))
    except RuntimeError as error:
        raise ValueError(f"{directory}: the weights do not fit config.json: {error}") from error
    tokenizer = PreTrainedTokenizerFast.from_pretrained(directory, local_files_only=True)
    return model.eval().requires_grad_(False), tokenizer


def foundation_cache(models: Path) -> FoundationCache:
    """A Stanza cache that holds the encoder of a model directory (``models/en/encoder``) under :data:`ENCODER_NAME`.

    Hand it to ``stanza.Pipeline(foundation_cache=...)``: every processor of the pack asks for the encoder by that name.
    """
    model, tokenizer = load_encoder(models / ENCODER_FOLDER)
    cache = FoundationCache(local_files_only=True)
    cache.bert[ENCODER_NAME] = BertRecord(model, tokenizer, {})
    return cache
