"""Loading a shared encoder: a tiny BERT made here, packed as the recipe packs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import BertConfig, BertModel

from quotex._encoder import ENCODER_NAME, foundation_cache, load_encoder
from quotex.training import _pack
from quotex.training._casing import casing_tokenizer
from quotex.training._network import subwords

VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "†", "‡", "ann", "un", "##do", "nato", "'", "s", "-"]
TEMPLATE = (("SpecialToken", "[CLS]"), ("Sequence", "A"), ("SpecialToken", "[SEP]"))


@pytest.fixture
def start(tmp_path: Path) -> Path:
    """An uncased WordPiece tokenizer and a BERT of two layers, as a starting point of the adaptation."""
    folder = tmp_path / "start"
    folder.mkdir()
    normalizer = {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "lowercase": True}
    pieces = {name: VOCABULARY.index(name) for name in ("[CLS]", "[SEP]")}
    tokenizer = {
        "version": "1.0",
        "added_tokens": [
            {"id": number, "content": content, "special": True, "normalized": False}
            | dict.fromkeys(("single_word", "lstrip", "rstrip"), False)
            for number, content in enumerate(VOCABULARY[:5])
        ],
        "normalizer": {**normalizer, "strip_accents": None},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [{kind: {"id": name, "type_id": 0}} for kind, name in TEMPLATE],
            "pair": [],
            "special_tokens": {n: {"id": n, "ids": [i], "tokens": [n]} for n, i in pieces.items()},
        },
        "model": {
            "type": "WordPiece",
            "unk_token": "[UNK]",
            "continuing_subword_prefix": "##",
            "max_input_chars_per_word": 100,
            "vocab": {piece: number for number, piece in enumerate(VOCABULARY)},
        },
    }
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer), encoding="utf-8")
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=len(VOCABULARY),
        hidden_size=8,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=32,
    )
    BertModel(config).save_pretrained(folder)
    casing_tokenizer(folder / "tokenizer.json").save_pretrained(folder)
    return folder


@pytest.fixture
def models(start: Path, tmp_path: Path) -> Path:
    """A pack of that encoder and no processors."""
    work = tmp_path / "work"
    work.mkdir()
    (work / "log.jsonl").write_text("{}\n", encoding="utf-8")
    _pack.link_encoder(start, work)
    _pack.pack(work, tmp_path / "models", processors=())
    return tmp_path / "models"


def test_capitals_become_marks(models: Path) -> None:
    _, tokenizer = load_encoder(models / "en" / "encoder")
    tokens = tokenizer(["Ann's", "NATO", "undo", "un-Ann"], is_split_into_words=True).tokens()
    assert tokens[1:-1] == ["†", "ann", "'", "s", "‡", "nato", "un", "##do", "un", "-", "†", "ann"]


def test_a_word_is_its_last_piece(models: Path) -> None:
    _, tokenizer = load_encoder(models / "en" / "encoder")
    ids, last = subwords(tokenizer, ["Ann", "undo", "\N{ZERO WIDTH SPACE}", "s"])
    assert len(ids) == 7
    assert last == [0, 2, 4, 4, 5]


def test_the_packed_encoder_answers_like_the_adapted_one(start: Path, models: Path) -> None:
    packed, _ = load_encoder(models / "en" / "encoder")
    adapted = BertModel.from_pretrained(start).eval()
    ids = torch.tensor([[2, 5, 7, 3]])
    with torch.no_grad():
        assert torch.allclose(packed(ids).last_hidden_state, adapted(ids).last_hidden_state, atol=0.02)
    assert not packed.training
    assert {value.dtype for value in packed.state_dict().values()} == {torch.float32}
    assert not any(value.requires_grad for value in packed.parameters())
    assert {value.dtype for value in load_file(models / "en/encoder/model.safetensors").values()} == {torch.float16}


def test_the_cache_holds_the_encoder_by_name(models: Path) -> None:
    cache = foundation_cache(models)
    model, tokenizer = cache.load_bert(ENCODER_NAME)
    assert model.config.hidden_size == 8
    assert tokenizer.model_max_length == 512


def test_resources_name_the_package(models: Path) -> None:
    assert json.loads((models / "resources.json").read_text(encoding="utf-8"))["en"]["packages"] == {"compact": {}}
    assert _pack.resources(["pos"])["en"]["pos"] == {"compact": {}}


@pytest.mark.parametrize("name", ["config.json", "model.safetensors", "tokenizer.json"])
def test_a_missing_file_is_named(models: Path, name: str) -> None:
    (models / "en" / "encoder" / name).unlink()
    with pytest.raises(FileNotFoundError, match=name):
        load_encoder(models / "en" / "encoder")


def test_weights_of_another_shape_are_refused(models: Path) -> None:
    weights = load_file(models / "en/encoder/model.safetensors")
    weights.pop("embeddings.word_embeddings.weight")
    save_file(weights, models / "en/encoder/model.safetensors")
    with pytest.raises(ValueError, match="do not fit"):
        load_encoder(models / "en" / "encoder")


def test_a_pack_is_replaced_whole(models: Path, tmp_path: Path) -> None:
    (models / "stray.txt").touch()
    _pack.pack(tmp_path / "work", models, processors=())
    assert sorted(path.name for path in models.iterdir()) == ["en", "log.jsonl", "resources.json"]
    assert not models.with_name("models.old").exists()


def test_no_path_of_the_machine_is_packed() -> None:
    packed = _pack._compact({"config": {"train_file": "/home/x/train.conllu", "layers": [1]}, "w": torch.ones(2)})
    assert packed["config"] == {"train_file": "train.conllu", "layers": [1]}
    assert packed["w"].dtype == torch.float16
