"""The compact pack's shared encoder. Imports torch, transformers and Stanza, so it is imported lazily."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from functools import cached_property, lru_cache
from itertools import accumulate, chain
from pathlib import Path
from typing import Any, TypeVar

import stanza.models.common.bert_embedding as stanza_bert
import stanza.models.coref.model as stanza_coref
import stanza.models.depparse.model as stanza_parser
import stanza.models.ner.model as stanza_names
import stanza.models.pos.model as stanza_tagger
import torch
from safetensors.torch import load_file
from stanza.models.common.foundation_cache import BertRecord, FoundationCache
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence, pack_sequence
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast
from transformers.modeling_outputs import BaseModelOutput

from quotex._bert import Layers, Row, precision
from quotex._windows import BLANK, with_contexts

T = TypeVar("T")

ENCODER_NAME = "quotex-compact"
CHAIN_ENCODER_NAME = f"{ENCODER_NAME}-coref"
ENCODER_FOLDER = Path("en") / "encoder"
CHAIN_WEIGHTS = "coref.safetensors"
"""What coreference adds to the encoder's weights: for a matrix `NAME` two thin ones, `NAME.up` and `NAME.down`."""

LAYERS = 4
"""The last hidden layers, which the pack's processors mix."""

BATCH = 2048
"""Subwords that the encoder reads at a time."""

Text = list[str]
"""The words, or the tokens, of a sentence."""

_NOT = re.compile("(.+)(n[\N{RIGHT SINGLE QUOTATION MARK}']t)", re.IGNORECASE)


def reduced_precision() -> torch.autocast:
    """A context that multiplies as `precision` says; in training on a GPU in bfloat16."""
    device = torch.get_default_device().type
    return torch.autocast(device, torch.bfloat16, enabled=device != "cpu" or precision() == torch.bfloat16)


class CaseTokenizer(PreTrainedTokenizerFast):  # type: ignore[misc]
    """The encoder's tokenizer, which remembers the words it has seen: a text says most of its words many times."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._remembered = lru_cache(maxsize=100_000)(super().tokenize)
        self._pieces = lru_cache(maxsize=100_000)(self._ids)

    def _ids(self, word: str) -> Row:
        found = _NOT.fullmatch(word)
        if found:
            return tuple(chain.from_iterable(map(self.pieces, found.groups())))
        return tuple(self.convert_tokens_to_ids(self.tokenize(word) or self.tokenize(BLANK)))

    def tokenize(self, text: str, **_unused: Any) -> list[str]:
        """The subwords of a word."""
        found: list[str] = self._remembered(text)
        return found

    def pieces(self, word: str) -> Row:
        """The subword ids of a word, never none; those of `didn’t` are those of `did` and `n’t`.

        So a sentence has the same in tokens, as names are found on them, and in words.
        """
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

    def read(self, rows: Iterable[Row]) -> None:
        """Read sentences in batches of similar length; those that are remembered are not read again."""
        longest = self.config.max_position_embeddings
        self._states.update(self._compute({row for row in rows if len(row) <= longest and row not in self._states}))

    def train(self, mode: bool = True) -> SentenceBert:
        """Set the mode of all modules, if it is another: Stanza's models do at each batch."""
        if mode != self.training:
            super().train(mode)
        return self

    def forget(self) -> None:
        """Forget all sentences."""
        self._states.clear()

    def states(self, row: Row) -> Tensor | None:
        """The last hidden layers of a sentence that is remembered, ``(LAYERS, subwords, size)``."""
        return self._states.get(row)

    @cached_property
    def _layers(self) -> Layers:
        return Layers(self)

    def _compute(self, rows: Iterable[Row]) -> Iterator[tuple[Row, Tensor]]:
        """Sentences, each with its last hidden layers, ``(LAYERS, subwords, size)``."""
        for batch in _batches(sorted(rows, key=lambda row: (len(row), row)), len):
            layers = torch.stack(list(self._layers(batch))[-LAYERS:])
            yield from zip(batch, torch.split(layers, [len(row) for row in batch], 1), strict=True)

    def forward(self, input_ids: Tensor, attention_mask: Tensor, **_unused: Any) -> BaseModelOutput:
        """The last hidden layers of each row of ``(rows, subwords)`` as ``hidden_states``; padding is zero."""
        rows = _rows(input_ids, attention_mask)
        found = self._states | dict(self._compute({row for row in rows if row not in self._states}))
        hidden = torch.zeros(LAYERS, *input_ids.shape, self.config.hidden_size)
        for place, row in enumerate(rows):
            hidden[:, place, : len(row)] = found[row].float()
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

    @cached_property
    def _layers(self) -> Layers:
        return Layers(self)

    def settle(self) -> WindowBert:
        """Lay the weights out as they are multiplied and let go of the modules that they are from: 40 MB."""
        self._layers = Layers(self)
        self.encoder.layer = nn.ModuleList()
        return self

    def forward(self, input_ids: Tensor, attention_mask: Tensor, **_unused: Any) -> BaseModelOutput:
        """The last hidden layer of each row of ``(rows, subwords)``, consecutive windows; padding is zero."""
        windows = _rows(input_ids, attention_mask)
        longer = with_contexts(windows)
        hidden = torch.zeros(*input_ids.shape, self.config.hidden_size)
        known = self._known or {}
        new = [place for place, window in enumerate(windows) if window not in known]
        for batch in _batches(new, lambda place: len(longer[place])):
            ends = accumulate(len(longer[place]) for place in batch)
            kept = [torch.arange(end + 1 - len(windows[place]), end) for place, end in zip(batch, ends, strict=True)]
            *_, states = self._layers([longer[place] for place in batch], torch.cat(kept))
            for place, found in zip(batch, torch.split(states, list(map(len, kept))), strict=True):
                hidden[place, 1 : len(found) + 1] = found
        for place in set(range(len(windows))).difference(new):
            hidden[place, : len(windows[place])] = known[windows[place]]
        if self._known is not None:
            self._known = {window: hidden[place, : len(window)] for place, window in enumerate(windows)}
        return BaseModelOutput(last_hidden_state=hidden)


def _rows(ids: Tensor, mask: Tensor) -> list[Row]:
    """The rows of a padded batch, without the padding."""
    lengths = mask.sum(1).int().tolist()
    return [tuple(row[:length]) for row, length in zip(ids.tolist(), lengths, strict=True)]


def _batches(rows: Iterable[T], length: Callable[[T], int]) -> Iterator[list[T]]:
    """Rows in groups of up to `BATCH` subwords, or one alone that is longer."""
    batch: list[T] = []
    size = 0
    for row in rows:
        if batch and size + length(row) > BATCH:
            yield batch
            batch, size = [], 0
        batch.append(row)
        size += length(row)
    if batch:
        yield batch


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
        windows = window_encoder(model, load_file(folder / CHAIN_WEIGHTS)).settle()
        cache.bert[CHAIN_ENCODER_NAME] = BertRecord(windows, tokenizer, {})
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


def embeddings(
    name: str, tokenizer: Any, model: Any, data: Sequence[Sequence[str]], *rest: Any, **options: Any
) -> list[Tensor]:
    """The states of the words of each sentence; called as `stanza.models.common.bert_embedding` has it."""
    mix = options.get("bert_layer_mix")
    ours = isinstance(model, SentenceBert) and isinstance(tokenizer, CaseTokenizer)  # Stanza trains with its own
    if ours and mix is not None and mix.in_features == LAYERS:
        read = [_read_words(tokenizer, model, words, options["keep_endpoints"]) for words in data]
        known = [states for states in read if states is not None]
        if len(known) == len(data):
            mixed = torch.einsum("l,lws->ws", mix.weight[0] + 1 / LAYERS, torch.cat(known, 1))
            return list(torch.split(mixed, [states.shape[1] for states in known]))
    found: list[Tensor] = _stanza_embeddings(name, tokenizer, model, data, *rest, **options)
    return found


def _read_words(
    tokenizer: CaseTokenizer, model: SentenceBert, words: Iterable[str], keep_endpoints: bool
) -> Tensor | None:
    """The layers at the last subword of each word, ``(LAYERS, words, size)``, if the sentence is remembered."""
    pieces = list(map(tokenizer.pieces, words))
    states = model.states((tokenizer.cls_token_id, *chain.from_iterable(pieces), tokenizer.sep_token_id))
    if states is None:
        return None
    places = list(accumulate(map(len, pieces)))
    if keep_endpoints:
        places = [0, *places, states.shape[1] - 1]
    return states[:, places]


for _module in (stanza_tagger, stanza_parser, stanza_names):
    _module.extract_bert_embeddings = embeddings


def word_states(model: Any, lstm: str, texts: Sequence[Text], *, root: bool = False) -> PackedSequence:
    """What the LSTM of a model of Stanza's makes of sentences, the longest first, as the encoder read them.

    Args:
        model: A tagger, parser or tagger of names that reads nothing else.
        lstm: The name of its LSTM.
        texts: The sentences.
        root: Whether the subword before each sentence stands for its root.
    """
    read = embeddings(
        model.args["bert_model"],
        model.bert_tokenizer,
        model.bert_model,
        texts,
        next(model.parameters()).device,
        keep_endpoints=root,
        detach=True,
        bert_layer_mix=model.bert_layer_mix,
        peft_name=model.peft_name,
    )
    packed = pack_sequence([states[:-1] for states in read] if root else read)
    transform = getattr(model, "input_transform", None)
    if transform is not None:
        packed = PackedSequence(transform(packed.data), packed.batch_sizes)
    before = [getattr(model, f"{lstm}_{part}_init").expand(-1, len(texts), -1).contiguous() for part in ("h", "c")]
    found: PackedSequence = getattr(model, lstm)(packed, list(map(len, read)), hx=before)[0]
    return found
