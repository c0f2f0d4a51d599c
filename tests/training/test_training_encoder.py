"""The shared encoder: a tiny BERT made here, packed as the recipe packs it, with what coreference adds to it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import stanza.models.common.bert_embedding as stanza_bert
import stanza.models.ner.model as stanza_names
import torch
from safetensors.torch import load_file, save_file
from transformers import BertConfig, BertModel

import quotex._bert
from quotex._encoder import (
    CHAIN_ENCODER_NAME,
    CHAIN_WEIGHTS,
    ENCODER_NAME,
    LAYERS,
    foundation_cache,
    load_encoder,
    window_encoder,
)
from quotex.training import _pack
from quotex.training._casing import casing_tokenizer
from quotex.training._network import subwords
from quotex.training._train_chains import ChainNetwork, ChainSettings

VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "†", "‡", "ann", "un", "##do", "nato", "'", "s", "-"]
START = [VOCABULARY[0], "[unused0]", *VOCABULARY[1:]]
"""The vocabulary to begin with; a pack has the one above."""

TEMPLATE = (("SpecialToken", "[CLS]"), ("Sequence", "A"), ("SpecialToken", "[SEP]"))


@pytest.fixture
def start(tmp_path: Path) -> Path:
    """An uncased WordPiece tokenizer and a small BERT, as a starting point of the adaptation."""
    folder = tmp_path / "start"
    folder.mkdir()
    normalizer = {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "lowercase": True}
    pieces = {name: START.index(name) for name in ("[CLS]", "[SEP]")}
    tokenizer = {
        "version": "1.0",
        "added_tokens": [
            {"id": START.index(content), "content": content, "special": True, "normalized": False}
            | dict.fromkeys(("single_word", "lstrip", "rstrip"), False)
            for content in VOCABULARY[:5]
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
            "vocab": {piece: number for number, piece in enumerate(START)},
        },
    }
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer), encoding="utf-8")
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=len(START),
        hidden_size=8,
        num_hidden_layers=LAYERS,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=32,
    )
    BertModel(config, add_pooling_layer=False).save_pretrained(folder)
    casing_tokenizer(folder / "tokenizer.json").save_pretrained(folder)
    return folder


@pytest.fixture
def models(start: Path, tmp_path: Path) -> Path:
    """A pack of that encoder and no processors."""
    work = tmp_path / "work"
    work.mkdir()
    (work / "log.jsonl").write_text("{}\n", encoding="utf-8")
    _pack.link_encoder(start, work)
    encoder, _ = load_encoder(work / ENCODER_NAME)
    network = ChainNetwork(encoder, ChainSettings(rank=3))
    for added in network.additions.values():
        torch.nn.init.normal_(added.up.weight)
    network.save(tmp_path / "trained", bias=0.0)
    _pack.take_chains(tmp_path / "trained", work)
    _pack.pack(work, tmp_path / "models", processors=("coref",))
    return tmp_path / "models"


def test_capitals_become_marks(models: Path) -> None:
    _, tokenizer = load_encoder(models / "en" / "encoder")
    tokens = tokenizer(["Ann's", "NATO", "undo", "un-Ann"], is_split_into_words=True).tokens()
    assert tokens[1:-1] == ["†", "ann", "'", "s", "‡", "nato", "un", "##do", "un", "-", "†", "ann"]


def test_pieces_for_later_use_are_left_out(models: Path) -> None:
    before, after = (load_encoder(folder) for folder in (models.parent / "work" / ENCODER_NAME, models / "en/encoder"))
    rows = [tokenizer.row(["Ann", "[unused0]", "undo"]) for _, tokenizer in (before, after)]
    assert [
        tokenizer.convert_ids_to_tokens(row) for (_, tokenizer), row in zip((before, after), rows, strict=True)
    ] == [["[CLS]", "†", "ann", "[UNK]", "[UNK]", "[UNK]", "un", "##do", "[SEP]"]] * 2
    weights = [model.embeddings.word_embeddings.weight for model, _ in (before, after)]
    assert [len(each) for each in weights] == [len(START), len(VOCABULARY)]
    assert torch.equal(weights[0][list(rows[0])].half(), weights[1][list(rows[1])].half())


def test_case_marks_are_added_once(start: Path) -> None:
    again = casing_tokenizer(start / "tokenizer.json")
    assert again.tokenize("Ann") == ["†", "ann"]


def test_pieces_of_a_word_are_never_none(models: Path) -> None:
    _, tokenizer = load_encoder(models / "en" / "encoder")
    assert tokenizer.pieces("Ann") == (VOCABULARY.index("†"), VOCABULARY.index("ann"))
    assert tokenizer.pieces("\N{ZERO WIDTH SPACE}") == (VOCABULARY.index("-"),)


@pytest.fixture
def full_precision(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quotex._bert, "precision", lambda: torch.float32)


@pytest.mark.usefixtures("full_precision")
def test_what_was_read_is_answered_from_memory_and_the_rest_is_computed(models: Path) -> None:
    encoder, _ = load_encoder(models / "en" / "encoder")
    plain = BertModel.from_pretrained(models / "en" / "encoder", add_pooling_layer=False).eval()
    rows = [(2, 7, 8, 9, 3), (2, 7, 3)]
    encoder.read(rows[:1])
    encoder.read(rows[:1])
    assert list(encoder._states) == rows[:1]
    ids, mask = torch.tensor([rows[0], (*rows[1], 0, 0)]), torch.tensor([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0]])
    with torch.no_grad():
        wanted = plain(ids, mask).last_hidden_state
    assert torch.allclose(encoder(ids, mask).last_hidden_state[mask.bool()], wanted[mask.bool()], atol=1e-5)
    encoder.forget()
    assert not encoder._states


def test_a_row_is_what_the_tokenizer_makes_of_a_sentence(models: Path) -> None:
    _, tokenizer = load_encoder(models / "en" / "encoder")
    words = ["Ann", "NATO", "un-Ann"]
    assert list(tokenizer.row(words)) == tokenizer(words, is_split_into_words=True)["input_ids"]


def test_a_row_that_is_too_long_is_left_to_stanza(models: Path) -> None:
    encoder, _ = load_encoder(models / "en" / "encoder")
    encoder.read([(2, *[7] * 40, 3)])
    assert not encoder._states


@pytest.mark.usefixtures("full_precision")
def test_the_packed_encoder_answers_like_the_adapted_one(start: Path, models: Path) -> None:
    packed, _ = load_encoder(models / "en" / "encoder")
    adapted = BertModel.from_pretrained(start).eval()
    pieces = ["[CLS]", "†", "ann", "[SEP]"]
    ids, old = (torch.tensor([[names.index(piece) for piece in pieces]]) for names in (VOCABULARY, START))
    with torch.no_grad():
        answer = packed(ids, torch.ones_like(ids)).last_hidden_state
        assert torch.allclose(answer, adapted(old).last_hidden_state, atol=0.02)
    assert not packed.training
    assert {value.dtype for value in packed.state_dict().values()} == {torch.float32}
    assert not any(value.requires_grad for value in packed.parameters())
    assert {value.dtype for value in load_file(models / "en/encoder/model.safetensors").values()} == {torch.float16}


@pytest.mark.usefixtures("full_precision")
def test_stanzas_trainers_get_of_the_adapted_encoder_what_its_processors_get(models: Path) -> None:
    sentences = [["Ann", "NATO"], ["un-Ann"]]
    mix = torch.nn.Linear(LAYERS, 1, bias=False)
    options = {"keep_endpoints": False, "detach": True, "bert_layer_mix": mix}
    trained, plain = stanza_bert.load_bert(str(models.parent / "work" / ENCODER_NAME), local_files_only=True)
    encoder, tokenizer = load_encoder(models / "en" / "encoder")
    encoder.read(map(tokenizer.row, sentences))
    with torch.no_grad():
        found = stanza_names.extract_bert_embeddings("name", plain, trained, sentences, "cpu", **options)
        wanted = stanza_names.extract_bert_embeddings("name", tokenizer, encoder, sentences, "cpu", **options)
    assert [len(each) for each in found] == [2, 1]
    for ours, theirs in zip(found, wanted, strict=True):
        assert torch.allclose(ours, theirs, atol=0.02)


def test_the_cache_holds_the_encoder_by_name(models: Path) -> None:
    cache = foundation_cache(models)
    model, tokenizer = cache.load_bert(ENCODER_NAME)
    assert model.config.hidden_size == 8
    assert tokenizer.model_max_length == 512


def test_stanza_loads_the_coreference_model_over_the_encoder_with_additions(models: Path) -> None:
    from stanza.models.coref.model import CorefModel

    cache = foundation_cache(models)
    loaded = CorefModel.load_model(str(models / "en" / "coref" / "compact.pt"), foundation_cache=cache)
    assert loaded.bert is cache.bert[CHAIN_ENCODER_NAME].model
    assert loaded.tokenizer is cache.bert[ENCODER_NAME].tokenizer
    document = loaded.build_doc({"cased_words": ["Ann", "undo", "-"], "sent_id": [0, 0, 1]})
    assert all(0 <= start < end <= 3 for chain in loaded.run(document).span_clusters for start, end in chain)


@pytest.mark.usefixtures("full_precision")
def test_layers_below_the_additions_are_shared(models: Path) -> None:
    tensors = load_file(models / "en" / "encoder" / CHAIN_WEIGHTS)
    added = {name: tensor for name, tensor in tensors.items() if int(name.split(".")[2]) >= 2}
    shared, _ = load_encoder(models / "en" / "encoder")
    windows = window_encoder(shared, added)
    assert windows.embeddings is shared.embeddings
    assert [a is b for a, b in zip(windows.encoder.layer, shared.encoder.layer, strict=True)] == [True] * 2 + [
        False
    ] * 2
    name = "encoder.layer.3.output.dense.weight"
    product = added[f"{name}.up"].float() @ added[f"{name}.down"].float()
    assert torch.allclose(windows.get_parameter(name), shared.get_parameter(name) + product, atol=1e-6)


@pytest.mark.usefixtures("full_precision")
def test_the_additions_of_a_pack_are_added_when_it_is_loaded(models: Path) -> None:
    shared, _ = load_encoder(models / "en" / "encoder")
    ids = torch.tensor([[2, 7, 8, 3]])
    windows = window_encoder(shared, load_file(models / "en" / "encoder" / CHAIN_WEIGHTS))
    read = windows(ids, torch.ones_like(ids)).last_hidden_state
    settled = foundation_cache(models).bert[CHAIN_ENCODER_NAME].model
    assert not settled.encoder.layer
    assert torch.equal(settled(ids, torch.ones_like(ids)).last_hidden_state, read)


@pytest.mark.usefixtures("full_precision")
def test_windows_are_read_as_in_training(start: Path) -> None:
    encoder, _ = load_encoder(start)
    network = ChainNetwork(encoder, ChainSettings(rank=2)).eval()
    for added in network.additions.values():
        torch.nn.init.normal_(added.up.weight)
    network.save(start / "trained", bias=0.0)
    windows = window_encoder(encoder, load_file(start / "trained" / CHAIN_WEIGHTS))
    rows = [[2, 7, 8, 9, 3], [2, 7, 3]]
    ids = torch.tensor([[*rows[0], 0], [*rows[1], 0, 0, 0]])
    mask = torch.tensor([[1, 1, 1, 1, 1, 0], [1, 1, 1, 0, 0, 0]])
    hidden = windows(ids, mask).last_hidden_state
    with torch.no_grad():
        trained = network.encode([rows[0], [2, 7, 8, 9, 7, 3]], [3, 1])
    assert torch.allclose(torch.cat([hidden[0, 1:4], hidden[1, 1:2]]), trained, atol=0.03)
    assert torch.equal(hidden[:, 5], torch.zeros(2, 8))


@pytest.mark.usefixtures("full_precision")
def test_a_window_is_read_with_the_end_of_the_one_before(models: Path) -> None:
    windows = foundation_cache(models).bert[CHAIN_ENCODER_NAME].model
    rows = [[2, 7, 8, 9, 3], [2, 7, 3]]

    def read(*rows: list[int]) -> torch.Tensor:
        longest = max(map(len, rows))
        ids = torch.tensor([[*row, *[0] * (longest - len(row))] for row in rows])
        hidden: torch.Tensor = windows(ids, (ids != 0).long()).last_hidden_state
        return hidden

    together = read(*rows)
    assert torch.allclose(together[0], read(rows[0])[0], atol=1e-5)
    assert torch.allclose(together[1, 1:2], read([2, 7, 8, 9, 7, 3])[0, 4:5], atol=1e-5)
    assert not torch.allclose(together[1, 1:2], read(rows[1])[0, 1:2], atol=1e-3)


def test_resources_name_the_package(models: Path) -> None:
    assert json.loads((models / "resources.json").read_text(encoding="utf-8"))["en"]["packages"] == {
        "compact": {"coref": "compact"}
    }
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
    _pack.pack(tmp_path / "work", models, processors=("coref",))
    assert sorted(path.name for path in models.iterdir()) == ["en", "log.jsonl", "resources.json"]
    assert not models.with_name("models.old").exists()


def test_no_path_of_the_machine_is_packed() -> None:
    packed = _pack._compact({"config": {"train_file": "/home/x/train.conllu", "layers": [1]}, "w": torch.ones(2)})
    assert packed["config"] == {"train_file": "train.conllu", "layers": [1]}
    assert packed["w"].dtype == torch.float16


def test_zeros_are_packed_as_one(models: Path) -> None:
    packed = torch.load(models / "en/coref/compact.pt", weights_only=True)
    nothing = packed["zeros_predictor"]["0.weight"]
    assert nothing.dtype == torch.float16
    assert nothing.shape[0] == nothing.shape[1] > 1
    assert not nothing.any()
    assert nothing.untyped_storage().nbytes() == 2


def test_the_tagger_of_names_is_packed_without_the_words_of_its_texts(tmp_path: Path) -> None:
    listed = ["<PAD>", "<UNK>", "<EMPTY>", "<ROOT>", "ghent", "lagos"]
    words = {"_id2unit": listed, "_unit2id": {word: number for number, word in enumerate(listed)}}
    torch.save({"config": {}, "vocab": {"delta": words, "char": {}}}, tmp_path / "ner.pt")
    _pack._pack_processor(tmp_path / "ner.pt", tmp_path / "ner" / "compact.pt")
    packed = torch.load(tmp_path / "ner/compact.pt", weights_only=True)["vocab"]["delta"]
    assert packed["_id2unit"] == listed[:4]
    assert packed["_unit2id"] == {word: number for number, word in enumerate(listed[:4])}


def test_a_word_is_its_last_piece(models: Path) -> None:
    _, tokenizer = load_encoder(models / "en" / "encoder")
    ids, last = subwords(tokenizer, ["Ann", "undo", "\N{ZERO WIDTH SPACE}", "s"])
    assert len(ids) == 7
    assert last == [0, 2, 4, 4, 5]
