"""The compact pack's shared encoder. Imports torch, transformers and Stanza, so it is imported lazily."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from functools import lru_cache
from itertools import accumulate, chain
from pathlib import Path
from typing import Any

import stanza.models.common.bert_embedding as stanza_bert
import stanza.models.coref.model as stanza_coref
import stanza.models.depparse.model as stanza_parser
import stanza.models.ner.model as stanza_names
import stanza.models.pos.model as stanza_tagger
import torch
from safetensors.torch import load_file
from stanza.models.common.foundation_cache import BertRecord, FoundationCache
from torch import Tensor
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast
from transformers.modeling_outputs import BaseModelOutput

from quotex._windows import BLANK, with_contexts

ENCODER_NAME = "quotex-compact"
CHAIN_ENCODER_NAME = f"{ENCODER_NAME}-coref"
ENCODER_FOLDER = Path("en") / "encoder"
CHAIN_WEIGHTS = "coref.safetensors"
"""What coreference adds to the encoder's weights: for a matrix `NAME` two thin ones, `NAME.up` and `NAME.down`."""

LAYERS = 4
"""The last hidden layers, which the pack's processors mix."""

BATCH = 3072
"""Subwords, padding included, that the encoder reads at a time."""

PARSER_BATCH = 400
"""Words that the parser takes at a time: its time is that of the longest sentence times the number of sentences."""

Row = tuple[int, ...]
"""Subword ids with the special ones at both ends."""


def reduced_precision() -> torch.autocast:
    """A context that computes in bfloat16 where the processor has instructions for it, and in float32 elsewhere."""
    has_instructions = torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()
    return torch.autocast("cpu", torch.bfloat16, enabled=has_instructions)


class CaseTokenizer(PreTrainedTokenizerFast):  # type: ignore[misc]
    """The encoder's tokenizer, which remembers the words it has seen: a text says most of its words many times."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._remembered = lru_cache(maxsize=100_000)(super().tokenize)
        self._pieces = lru_cache(maxsize=100_000)(self._ids)

    def _ids(self, word: str) -> Row:
        return tuple(self.convert_tokens_to_ids(self.tokenize(word) or self.tokenize(BLANK)))

    def tokenize(self, text: str, **_unused: Any) -> list[str]:
        """The subwords of a word."""
        found: list[str] = self._remembered(text)
        return found

    def pieces(self, word: str) -> Row:
        """The subword ids of a word, never none."""
        return self._pieces(word)

    def row(self, words: Iterable[str]) -> Row:
        """The subword ids of a sentence as Stanza's processors ask for it."""
        return self.cls_token_id, *(piece for word in words for piece in self.pieces(word)), self.sep_token_id


class SentenceBert(BertModel):  # type: ignore[misc]
    """BERT that reads each sentence once and answers tagger, parser and tagger of names from what it read.

    What was not read before is computed as it comes.
    """

    def __init__(self, config: BertConfig, **_unused: Any) -> None:
        super().__init__(config, add_pooling_layer=False)
        self._states: dict[Row, Tensor] = {}

    @torch.no_grad()
    def read(self, rows: Iterable[Row]) -> None:
        """Read sentences in batches of similar length; those that are remembered are not read again."""
        longest = self.config.max_position_embeddings
        new = {row for row in rows if len(row) <= longest and row not in self._states}
        for batch in _batches(sorted(new, key=lambda row: (len(row), row)), len):
            ids = _padded(batch, self.config.pad_token_id)
            layers = self._compute(ids, (ids != self.config.pad_token_id).long())
            for place, row in enumerate(batch):
                self._states[row] = layers[:, place, : len(row)].clone()

    def forget(self) -> None:
        """Forget all sentences."""
        self._states.clear()

    def states(self, row: Row) -> Tensor | None:
        """The last hidden layers of a sentence that is remembered, ``(LAYERS, subwords, size)``."""
        return self._states.get(row)

    def _compute(self, ids: Tensor, mask: Tensor) -> Tensor:
        """The last hidden layers, ``(LAYERS, rows, subwords, size)``."""
        with reduced_precision():
            output = super().forward(input_ids=ids, attention_mask=mask, output_hidden_states=True)
        return torch.stack(output.hidden_states[-LAYERS:])

    @torch.no_grad()
    def forward(self, input_ids: Tensor, attention_mask: Tensor, **_unused: Any) -> BaseModelOutput:
        """The last hidden layers of each row of ``(rows, subwords)`` as ``hidden_states``; padding may be zero."""
        lengths = attention_mask.sum(1).tolist()
        keys = [tuple(row[: int(length)]) for row, length in zip(input_ids.tolist(), lengths, strict=True)]
        missing = [row for row, key in enumerate(keys) if key not in self._states]
        hidden = torch.zeros(LAYERS, *input_ids.shape, self.config.hidden_size)
        for row, key in enumerate(keys):
            if key in self._states:
                hidden[:, row, : len(key)] = self._states[key].float()
        if missing:
            longest = int(max(lengths[row] for row in missing))
            hidden[:, missing, :longest] = self._compute(
                input_ids[missing, :longest], attention_mask[missing, :longest]
            ).float()
        return BaseModelOutput(last_hidden_state=hidden[-1], hidden_states=tuple(hidden))


class WindowBert(BertModel):  # type: ignore[misc]
    """BERT that reads the windows of running text for coreference, each with the end of the window before it.

    Stanza pads every window to the longest that there can be; here what is not padding is computed, and no more.
    """

    _known: dict[Row, Tensor] | None = None

    @contextmanager
    def remembering(self) -> Iterator[None]:
        """Within it, a window that the call before read is not read again: neighbouring pieces of a text share some.

        So the first window of a piece, too, is one that was read with the end of the window before it.
        """
        self._known = {}
        try:
            yield
        finally:
            self._known = None

    @torch.no_grad()
    def forward(self, input_ids: Tensor, attention_mask: Tensor, **_unused: Any) -> BaseModelOutput:
        """The last hidden layer of each row of ``(rows, subwords)``, consecutive windows; padding is zero."""
        lengths = attention_mask.sum(1).int().tolist()
        windows = [tuple(row[:length]) for row, length in zip(input_ids.tolist(), lengths, strict=True)]
        longer = with_contexts(windows)
        hidden = torch.zeros(*input_ids.shape, self.config.hidden_size)
        known = self._known or {}
        new = [row for row, window in enumerate(windows) if window not in known]
        for rows in _batches(sorted(new, key=lambda row: len(longer[row])), lambda row: len(longer[row])):
            ids = _padded([longer[row] for row in rows], self.config.pad_token_id)
            with reduced_precision():
                read = super().forward(input_ids=ids, attention_mask=(ids != self.config.pad_token_id).long())
            for row, states in zip(rows, read.last_hidden_state, strict=True):
                hidden[row, 1 : lengths[row]] = states[: len(longer[row])][1 - lengths[row] :].float()
        for row in set(range(len(windows))).difference(new):
            hidden[row, : lengths[row]] = known[windows[row]]
        if self._known is not None:
            self._known = {window: hidden[row, : lengths[row]] for row, window in enumerate(windows)}
        return BaseModelOutput(last_hidden_state=hidden)


def _batches(rows: Iterable[Any], length: Any) -> Iterable[list[Any]]:
    """Rows, shortest first, in groups that fill `BATCH` subwords when they are padded to the last one's length."""
    batch: list[Any] = []
    for row in rows:
        if batch and (len(batch) + 1) * length(row) > BATCH:
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch


def _padded(rows: Sequence[Row], fill: int) -> Tensor:
    longest = max(map(len, rows))
    return torch.tensor([[*row, *[fill] * (longest - len(row))] for row in rows])


def load_tokenizer(directory: Path) -> CaseTokenizer:
    """The tokenizer in a folder with ``tokenizer.json`` and ``tokenizer_config.json``."""
    options = json.loads((directory / "tokenizer_config.json").read_text(encoding="utf-8"))
    # from_pretrained of transformers 5 builds a tokenizer anew from its vocabulary and so loses the case marks
    return CaseTokenizer(tokenizer_file=str(directory / "tokenizer.json"), **options)


def load_encoder(directory: Path) -> tuple[SentenceBert, CaseTokenizer]:
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
    model = SentenceBert(BertConfig.from_pretrained(directory, local_files_only=True))
    try:
        model.load_state_dict(load_file(directory / "model.safetensors"))
    except RuntimeError as error:
        raise ValueError(f"{directory}: the weights do not fit config.json: {error}") from error
    return model.eval().requires_grad_(False), load_tokenizer(directory)


def window_encoder(model: BertModel, added: dict[str, Tensor]) -> WindowBert:
    """The encoder of coreference: the shared one, with thin matrices added to some weights of its upper layers.

    Args:
        model: the shared encoder; layers that nothing is added to are the same objects afterwards.
        added: see :data:`CHAIN_WEIGHTS`.
    """
    with torch.device("meta"):
        windows = WindowBert(model.config, add_pooling_layer=False)
    windows.embeddings = model.embeddings
    changed = {name.removesuffix(".up") for name in added if name.endswith(".up")}
    for number, layer in enumerate(model.encoder.layer):
        own = f"encoder.layer.{number}."
        names = [name for name in changed if name.startswith(own)]
        windows.encoder.layer[number] = deepcopy(layer) if names else layer
        for name in names:
            weight = windows.get_parameter(name)
            weight.data += added[f"{name}.up"].float() @ added[f"{name}.down"].float()
    windows.eval().requires_grad_(False)
    return windows


def foundation_cache(models: Path) -> FoundationCache:
    """A Stanza cache that holds the encoder of a model directory (``models/en/encoder``).

    Hand it to ``stanza.Pipeline(foundation_cache=...)``. Tagger, parser and tagger of names ask for
    :data:`ENCODER_NAME`, coreference for :data:`CHAIN_ENCODER_NAME`.
    """
    folder = models / ENCODER_FOLDER
    model, tokenizer = load_encoder(folder)
    cache = FoundationCache(local_files_only=True)
    cache.bert[ENCODER_NAME] = BertRecord(model, tokenizer, {})
    if (folder / CHAIN_WEIGHTS).is_file():
        cache.bert[CHAIN_ENCODER_NAME] = BertRecord(
            window_encoder(model, load_file(folder / CHAIN_WEIGHTS)), tokenizer, {}
        )
        _packed_tokenizers[CHAIN_ENCODER_NAME] = tokenizer
    return cache


# Stanza's coreference model asks the hub for its tokenizer by name and passes over the one in the cache it is given
# (1.15, CorefModel._build_model). The name of our encoder is answered here; every other goes to Stanza as before.
_packed_tokenizers: dict[str, CaseTokenizer] = {}
_stanza_load_tokenizer = stanza_coref.load_tokenizer


def _load_tokenizer(name: str, options: Any = None, *, local_files_only: bool = False) -> Any:
    if name in _packed_tokenizers:
        return _packed_tokenizers[name]
    return _stanza_load_tokenizer(name, options, local_files_only=local_files_only)


stanza_coref.load_tokenizer = _load_tokenizer


# For each batch of sentences Stanza's tagger, parser and tagger of names ask for their subwords, pad them, mix four
# padded layers and then take one subword of each word. Of what the encoder has read, that one is mixed here alone.
_stanza_embeddings = stanza_bert.extract_bert_embeddings


def _embeddings(
    name: str, tokenizer: Any, model: Any, data: Sequence[Sequence[str]], *rest: Any, **options: Any
) -> list[Tensor]:
    mix = options.get("bert_layer_mix")
    ours = isinstance(model, SentenceBert) and isinstance(tokenizer, CaseTokenizer)  # Stanza trains with its own
    if ours and mix is not None and mix.in_features == LAYERS:
        weights = mix.weight[0] + 1 / LAYERS
        read = [_read_words(tokenizer, model, words, weights, options["keep_endpoints"]) for words in data]
        if all(found is not None for found in read):
            return [found for found in read if found is not None]
    found: list[Tensor] = _stanza_embeddings(name, tokenizer, model, data, *rest, **options)
    return found


def _read_words(
    tokenizer: CaseTokenizer, model: SentenceBert, words: Iterable[str], weights: Tensor, keep_endpoints: bool
) -> Tensor | None:
    """The mixed layers at the last subword of each word, if the sentence is remembered."""
    pieces = [tokenizer.pieces(word) for word in words]
    states = model.states((tokenizer.cls_token_id, *chain.from_iterable(pieces), tokenizer.sep_token_id))
    if states is None:
        return None
    places = list(accumulate(map(len, pieces)))
    if keep_endpoints:
        places = [0, *places, states.shape[1] - 1]
    return torch.einsum("l,lws->ws", weights, states[:, places])


for _module in (stanza_tagger, stanza_parser, stanza_names):
    _module.extract_bert_embeddings = _embeddings
