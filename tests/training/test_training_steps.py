"""The steps of the recipe refuse missing data with a message that says what to do."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
import torch

import quotex
from quotex.training.__main__ import PROCESSORS, main
from quotex.training._processors import END_BIAS, OUTSIDE_BIAS, raise_outside, raise_sentence_ends


def test_usage_without_a_step() -> None:
    with pytest.raises(SystemExit) as stopped:
        main([])
    assert stopped.value.code == 2


@pytest.mark.parametrize("step", ["prepare", "adapt"])
def test_missing_treebanks(step: str, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    assert main([step, "--work", str(tmp_path / "w"), "--ud", str(empty), "--names", str(empty)]) == 2
    assert f"wanted one file *-train.conllu in {empty}" in caplog.text


@pytest.mark.parametrize("step", sorted(PROCESSORS))
def test_processors_need_prepared_files(step: str, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert main([step, "--work", str(tmp_path / "w")]) == 2
    assert "run the step prepare first" in caplog.text


@pytest.mark.parametrize("step", ["pos", "depparse", "ner"])
def test_processors_need_the_encoder(step: str, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "w" / "data").mkdir(parents=True)
    (tmp_path / "w" / "data" / "ner-dev.json").touch()
    assert main([step, "--work", str(tmp_path / "w")]) == 2
    assert "run the step adapt first" in caplog.text


def test_a_trained_tokenizer_ends_sentences_more_readily(tmp_path: Path) -> None:
    biases = {"sent_clf.bias": torch.tensor([-0.5]), "tok_clf.bias": torch.tensor([0.25])}
    torch.save({"model": biases, "config": {"lang": "en"}}, tmp_path / "tokenize.pt")
    raise_sentence_ends(tmp_path / "tokenize.pt")
    raised = torch.load(tmp_path / "tokenize.pt", weights_only=True)
    assert raised["model"] == {"sent_clf.bias": -0.5 + END_BIAS, "tok_clf.bias": 0.25}
    assert raised["config"] == {"lang": "en"}


def test_a_trained_tagger_of_names_leaves_more_words_out(tmp_path: Path) -> None:
    vocabulary = {"tag": {"_id2unit": [["<PAD>", "B-ORG", "O", "E-ORG"]]}}
    weights = {"tag_clfs.0.bias": torch.tensor([0.0, 0.25, -0.5, 1.0])}
    torch.save({"model": weights, "vocab": vocabulary, "config": {"lang": "en"}}, tmp_path / "ner.pt")
    raise_outside(tmp_path / "ner.pt")
    raised = torch.load(tmp_path / "ner.pt", weights_only=True)
    assert raised["model"]["tag_clfs.0.bias"].tolist() == [0.0, 0.25, -0.5 + OUTSIDE_BIAS, 1.0]
    assert raised["vocab"] == vocabulary
    assert raised["config"] == {"lang": "en"}


def test_a_done_processor_is_skipped(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "pos.done").touch()
    with caplog.at_level(logging.INFO):
        assert main(["pos", "--work", str(tmp_path)]) == 0
    assert "is there already" in caplog.text


def test_packing_needs_all_models(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert main(["pack", "--work", str(tmp_path), "--models", str(tmp_path / "models")]) == 2
    assert "is missing; run the step that makes it first" in caplog.text
    assert not (tmp_path / "models").exists()


def test_a_pack_comes_back_into_the_work_directory(tmp_path: Path) -> None:
    packed = Path(quotex.__file__).parent / "models"
    assert main(["unpack", "--work", str(tmp_path), "--models", str(packed)]) == 0
    assert main(["pack", "--work", str(tmp_path), "--models", str(tmp_path / "again")]) == 0
    for path in packed.rglob("*.safetensors"):
        assert (tmp_path / "again" / path.relative_to(packed)).read_bytes() == path.read_bytes()
    for path in packed.rglob("*.pt"):
        kept, again = (
            torch.load(each, weights_only=True) for each in (path, tmp_path / "again" / path.relative_to(packed))
        )
        assert kept.keys() == again.keys()
    assert (tmp_path / "again" / "log.jsonl").read_bytes() == (packed / "log.jsonl").read_bytes()


def test_unpacking_needs_a_pack(tmp_path: Path) -> None:
    assert main(["unpack", "--work", str(tmp_path), "--models", str(tmp_path / "none")]) == 2
