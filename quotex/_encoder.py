"""The compact pack's shared encoder. Imports torch, transformers and Stanza, so it is imported lazily."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

import stanza.models.coref.model as stanza_coref
import torch
from safetensors.torch import load_file
from stanza.models.common.foundation_cache import BertRecord, FoundationCache
from torch import Tensor
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast
from transformers.modeling_outputs import BaseModelOutput

from quotex._windows import BLANK, WINDOW, Tokens, Window, cut

ENCODER_NAME = "quotex-compact"
ENCODER_FOLDER = Path("en") / "encoder"
LAYERS = 4
"""The last hidden layers, which the pack's processors mix."""

BATCH = 3072
"""Subwords, padding included, that the encoder reads at a time."""


class CaseTokenizer(PreTrainedTokenizerFast):  # type: ignore[misc]
    """The encoder's tokenizer, which remembers the words it has seen: a text says most of its words many times."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._remembered = lru_cache(maxsize=100_000)(super().tokenize)

    def tokenize(self, text: str, **_unused: Any) -> list[str]:
        """The subwords of a word."""
        found: list[str] = self._remembered(text)
        return found

    def pieces(self, word: str) -> list[int]:
        """The subword ids of a word, never none."""
        ids: list[int] = self.convert_tokens_to_ids(self.tokenize(word) or self.tokenize(BLANK))
        return ids


class WindowedBert(BertModel):  # type: ignore[misc]
    """BERT that reads windows of running text once and answers Stanza's processors from what it read.

    They ask for one sentence at a time, the coreference model for one window. What was not read before is computed as
    it comes. Where the processor has bfloat16 instructions the pass runs in bfloat16.
    """

    def __init__(self, config: BertConfig, **_unused: Any) -> None:
        super().__init__(config, add_pooling_layer=False)
        self._states: dict[tuple[int, ...], Tensor] = {}
        self._places: dict[tuple[int, ...], tuple[tuple[int, ...], tuple[int, ...]]] = {}
        self.reduced = torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()

    @torch.no_grad()
    def read(self, windows: Iterable[Window]) -> None:
        """Read windows; those that are remembered are not read again."""
        fitting = (window for window in windows if len(window.ids) <= WINDOW + 2)
        new = {window.ids: window for window in fitting if window.ids not in self._states}
        batch: list[tuple[int, ...]] = []
        for ids in sorted(new, key=len):
            if (len(batch) + 1) * len(ids) > BATCH and batch:
                self._read(batch)
                batch = []
            batch.append(ids)
        if batch:
            self._read(batch)
        for window in new.values():
            self._places.setdefault(window.ids, (window.ids, tuple(range(len(window.ids)))))
            for key, places in window.sentences.items():
                self._places.setdefault(key, (window.ids, places))

    def forget(self, kept: Iterable[Window] = ()) -> None:
        """Forget all windows but some."""
        states = {window.ids: self._states[window.ids] for window in kept if window.ids in self._states}
        self._states = states
        self._places = {key: found for key, found in self._places.items() if found[0] in states}

    def _read(self, rows: list[tuple[int, ...]]) -> None:
        longest = max(map(len, rows))
        ids = torch.tensor([[*row, *[self.config.pad_token_id] * (longest - len(row))] for row in rows])
        layers = torch.stack(self._compute(ids, (ids != self.config.pad_token_id).long()))
        for place, row in enumerate(rows):
            self._states[row] = layers[:, place, : len(row)].clone()

    def _compute(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, ...]:
        with torch.autocast("cpu", torch.bfloat16, enabled=self.reduced):
            output = super().forward(input_ids=ids, attention_mask=mask, output_hidden_states=True)
        states: tuple[Tensor, ...] = output.hidden_states[-LAYERS:]
        return states

    @torch.no_grad()
    def forward(self, input_ids: Tensor, attention_mask: Tensor, **_unused: Any) -> BaseModelOutput:
        """The last hidden layers of each row of ``(rows, subwords)`` as ``hidden_states``; padding may be zero."""
        lengths = attention_mask.sum(1).tolist()
        keys = [tuple(row[: int(length)]) for row, length in zip(input_ids.tolist(), lengths, strict=True)]
        missing = [row for row, key in enumerate(keys) if key not in self._places]
        hidden = torch.zeros(LAYERS, *input_ids.shape, self.config.hidden_size)
        for row, key in enumerate(keys):
            if key in self._places:
                window, places = self._places[key]
                hidden[:, row, : len(key)] = self._states[window][:, list(places)].float()
        if missing:
            longest = int(max(lengths[row] for row in missing))
            computed = self._compute(input_ids[missing, :longest], attention_mask[missing, :longest])
            hidden[:, missing, :longest] = torch.stack(computed).float()
        return BaseModelOutput(last_hidden_state=hidden[-1], hidden_states=tuple(hidden))


def load_tokenizer(directory: Path) -> CaseTokenizer:
    """The tokenizer in a folder with ``tokenizer.json``."""
    tokenizer: CaseTokenizer = CaseTokenizer.from_pretrained(directory, local_files_only=True)
    return tokenizer


def load_encoder(directory: Path) -> tuple[WindowedBert, CaseTokenizer]:
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
    model = WindowedBert(BertConfig.from_pretrained(directory, local_files_only=True))
    try:
        model.load_state_dict(load_file(directory / "model.safetensors"))
    except RuntimeError as error:
        raise ValueError(f"{directory}: the weights do not fit config.json: {error}") from error
    return model.eval().requires_grad_(False), load_tokenizer(directory)


def foundation_cache(models: Path) -> FoundationCache:
    """A Stanza cache that holds the encoder of a model directory (``models/en/encoder``) under :data:`ENCODER_NAME`.

    Hand it to ``stanza.Pipeline(foundation_cache=...)``: every processor of the pack asks for the encoder by that name.
    """
    model, tokenizer = load_encoder(models / ENCODER_FOLDER)
    cache = FoundationCache(local_files_only=True)
    cache.bert[ENCODER_NAME] = BertRecord(model, tokenizer, {})
    _packed_tokenizers[ENCODER_NAME] = tokenizer
    return cache


def windows_of(sentences: Iterable[Tokens], tokenizer: CaseTokenizer) -> list[Window]:
    """The windows of a text for an encoder with this tokenizer."""
    return cut(sentences, tokenizer.pieces, first=tokenizer.cls_token_id, last=tokenizer.sep_token_id)


# Stanza's coreference model asks the hub for its tokenizer by name and passes over the one in the cache it is given
# (1.15, CorefModel._build_model). The name of our encoder is answered here; every other goes to Stanza as before.
_packed_tokenizers: dict[str, CaseTokenizer] = {}
_stanza_load_tokenizer = stanza_coref.load_tokenizer


def _load_tokenizer(name: str, options: Any = None, *, local_files_only: bool = False) -> Any:
    if name in _packed_tokenizers:
        return _packed_tokenizers[name]
    return _stanza_load_tokenizer(name, options, local_files_only=local_files_only)


stanza_coref.load_tokenizer = _load_tokenizer
