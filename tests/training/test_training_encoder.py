"""The shared encoder: a tiny BERT made here, packed as the recipe packs it, reading windows of running text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import BertConfig, BertModel

from quotex._encoder import ENCODER_NAME, LAYERS, WindowedBert, foundation_cache, load_encoder, windows_of
from quotex._windows import Window
from quotex.training import _pack
from quotex.training._casing import casing_tokenizer
from quotex.training._coreference import Coreference

VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "†", "‡", "ann", "un", "##do", "nato", "'", "s", "-"]
TEMPLATE = (("SpecialToken", "[CLS]"), ("Sequence", "A"), ("SpecialToken", "[SEP]"))


@pytest.fixture
def start(tmp_path: Path) -> Path:
    """An uncased WordPiece tokenizer and a small BERT, as a starting point of the adaptation."""
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
        num_hidden_layers=LAYERS,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=32,
    )
    BertModel(config).save_pretrained(folder)
    casing_tokenizer(folder / "tokenizer.json").save_pretrained(folder)
    Coreference(8).save(folder / "coref.pt")
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


def test_case_marks_are_added_once(start: Path) -> None:
    again = casing_tokenizer(start / "tokenizer.json")
    assert again.tokenize("Ann") == ["†", "ann"]


def test_pieces_of_a_word_are_never_none(models: Path) -> None:
    _, tokenizer = load_encoder(models / "en" / "encoder")
    assert tokenizer.pieces("Ann") == [VOCABULARY.index("†"), VOCABULARY.index("ann")]
    assert tokenizer.pieces("\N{ZERO WIDTH SPACE}") == [VOCABULARY.index("-")]


def read_windows(models: Path) -> tuple[WindowedBert, list[Window]]:
    """The encoder after it has read a text of two sentences, the second with a multi-word token."""
    encoder, tokenizer = load_encoder(models / "en" / "encoder")
    encoder.reduced = False
    sentences = [[("Ann", ["Ann"]), ("undo", ["undo"])], [("NATO's", ["NATO", "'s"]), ("-", ["-"])]]
    windows = windows_of(sentences, tokenizer)
    encoder.read(windows)
    return encoder, windows


def test_a_sentence_is_answered_from_its_window(models: Path) -> None:
    encoder, (window,) = read_windows(models)
    whole = encoder(torch.tensor([window.ids]), torch.ones(1, len(window.ids))).last_hidden_state[0]
    fresh, _ = load_encoder(models / "en" / "encoder")
    fresh.reduced = False
    alone = fresh(torch.tensor([window.ids]), torch.ones(1, len(window.ids))).last_hidden_state[0]
    assert torch.allclose(whole, alone, atol=1e-6)
    # the first sentence: [CLS], three subwords, and the [SEP] of the window
    ids = torch.tensor([[*window.ids[:4], 4, 3]])
    ids[0, 4:] = torch.tensor([3, 0])
    first = encoder(ids, torch.tensor([[1, 1, 1, 1, 1, 0]])).last_hidden_state[0]
    places = window.sentences[tuple(ids[0, :5].tolist())]
    assert torch.equal(first[:5], whole[list(places)])
    assert torch.equal(first[5], torch.zeros(8))


def test_what_was_not_read_is_computed(models: Path) -> None:
    encoder, _ = read_windows(models)
    plain = BertModel.from_pretrained(models / "en" / "encoder", add_pooling_layer=False).eval()
    ids, mask = torch.tensor([[2, 7, 8, 9, 3], [2, 7, 3, 0, 0]]), torch.tensor([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0]])
    with torch.no_grad():
        wanted = plain(ids, mask).last_hidden_state
    assert torch.allclose(encoder(ids, mask).last_hidden_state[mask.bool()], wanted[mask.bool()], atol=1e-5)


def test_the_encoder_forgets_all_but_what_is_kept(models: Path) -> None:
    encoder, windows = read_windows(models)
    encoder.forget(kept=windows)
    assert set(encoder._states) == {window.ids for window in windows}
    encoder.forget()
    assert not encoder._states
    assert not encoder._places


def test_the_packed_encoder_answers_like_the_adapted_one(start: Path, models: Path) -> None:
    packed, _ = load_encoder(models / "en" / "encoder")
    packed.reduced = False
    adapted = BertModel.from_pretrained(start).eval()
    ids = torch.tensor([[2, 5, 7, 3]])
    with torch.no_grad():
        answer = packed(ids, torch.ones_like(ids)).last_hidden_state
        assert torch.allclose(answer, adapted(ids).last_hidden_state, atol=0.02)
    assert not packed.training
    assert {value.dtype for value in packed.state_dict().values()} == {torch.float32}
    assert not any(value.requires_grad for value in packed.parameters())
    assert {value.dtype for value in load_file(models / "en/encoder/model.safetensors").values()} == {torch.float16}


def test_the_cache_holds_the_encoder_by_name(models: Path) -> None:
    cache = foundation_cache(models)
    model, tokenizer = cache.load_bert(ENCODER_NAME)
    assert model.config.hidden_size == 8
    assert tokenizer.model_max_length == 512


def test_stanza_loads_the_coreference_model_over_the_shared_encoder(models: Path) -> None:
    from stanza.models.coref.model import CorefModel

    cache = foundation_cache(models)
    loaded = CorefModel.load_model(str(models.parent / "work" / "models" / "coref.pt"), foundation_cache=cache)
    assert loaded.bert is cache.bert[ENCODER_NAME].model
    assert loaded.tokenizer is cache.bert[ENCODER_NAME].tokenizer
    document = loaded.build_doc({"cased_words": ["Ann", "undo", "-"], "sent_id": [0, 0, 1]})
    assert all(0 <= start < end <= 3 for chain in loaded.run(document).span_clusters for start, end in chain)


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
