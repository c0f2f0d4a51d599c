"""Model packages: a small Stanza resource directory that the tests build, read, listed and downloaded for real."""

from __future__ import annotations

import hashlib
import json
import pickle
import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import torch
from stanza.resources import common

import quotex
import quotex._packages as packages
from quotex._cli import main
from quotex._errors import ModelDownloadError, ModelNotFoundError, ModelPackageError

PACK = packages.PACK_DIRECTORY
SAID = "Mayor Ruth Lind opened the quay. “It is ours,” she said."
DEFAULT = ("tokenize", "mwt", "pos", "lemma", "depparse", "ner")
BARE = ("tokenize", "mwt", "pos", "lemma", "depparse")


@pytest.fixture
def listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Stanza resource directory that lists two packages and has no model file."""
    found = {"default": {"tokenize": "combined"}, "tiny": {"tokenize": "tiny"}}
    resources = {"en": {"packages": found, "tokenize": {"combined": {"md5": "0"}, "tiny": {"md5": "0"}}}}
    (tmp_path / "resources.json").write_text(json.dumps(resources), encoding="utf-8")
    monkeypatch.setattr(packages, "DEFAULT_MODEL_DIR", str(tmp_path))
    return tmp_path


@pytest.fixture(scope="module")
def resources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole Stanza resource directory, made of the pack: `default` without coreference, `bare` without names too.

    Its models name a folder as their encoder, which Stanza loads by itself, as it would any model of a hub.
    """
    folder = tmp_path_factory.mktemp("stanza")
    encoder = folder / "encoder"
    shutil.copytree(PACK / "en" / "encoder", encoder)
    entry: dict[str, Any] = {
        "lang_name": "English",
        "default_processors": dict.fromkeys(BARE, "small"),
        "packages": {
            "default": {**dict.fromkeys(DEFAULT, "small"), "optional": {"coref": "huge"}},
            "bare": dict.fromkeys(BARE, "small"),
        },
        "coref": {"huge": {"md5": "0"}},
    }
    for name in DEFAULT:
        checkpoint = torch.load(PACK / "en" / name / "compact.pt", weights_only=True)
        if checkpoint.get("config", {}).get("bert_model"):
            checkpoint["config"]["bert_model"] = str(encoder)
        path = folder / "en" / name / "small.pt"
        path.parent.mkdir(parents=True)
        torch.save(checkpoint, path)
        entry[name] = {"small": {"md5": hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()}}
    (folder / "resources.json").write_text(json.dumps({"en": entry}), encoding="utf-8")
    return folder


# loading -------------------------------------------------------------------------------------------------------------


def test_no_resources_on_this_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "DEFAULT_MODEL_DIR", str(tmp_path))
    with pytest.raises(ModelNotFoundError, match="quotex models download default_accurate") as caught:
        packages.load_pipeline("default_accurate", "en")
    assert caught.value.package == "default_accurate"
    assert caught.value.directory == tmp_path
    assert isinstance(caught.value, FileNotFoundError)


@pytest.mark.usefixtures("listed")
def test_a_package_that_is_not_listed() -> None:
    with pytest.raises(ModelPackageError, match="'huge'; available: compact, default, tiny") as caught:
        packages.load_pipeline("huge", "en")
    assert caught.value.available == ("compact", "default", "tiny")
    assert isinstance(caught.value, ValueError)


def test_a_listed_package_whose_files_are_missing(listed: Path) -> None:
    with pytest.raises(ModelNotFoundError, match="quotex models download default") as caught:
        packages.load_pipeline("default", "en")
    assert caught.value.directory == listed
    assert isinstance(caught.value.__cause__, FileNotFoundError)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


@pytest.mark.usefixtures("listed")
def test_a_language_that_the_resources_do_not_have() -> None:
    with pytest.raises(ModelPackageError, match="available: compact"):
        packages.load_pipeline("default", "xx")


def test_the_pack_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "PACK_DIRECTORY", tmp_path)
    with pytest.raises(ModelNotFoundError, match="pip install") as caught:
        packages.load_pipeline("compact", "en")
    assert (caught.value.package, caught.value.directory) == ("compact", tmp_path)


def test_a_file_of_the_pack_is_missing(listed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listing = json.loads((listed / "resources.json").read_text(encoding="utf-8"))
    listing["en"]["packages"]["compact"] = {"tokenize": "compact"}
    (listed / "resources.json").write_text(json.dumps(listing), encoding="utf-8")
    monkeypatch.setattr(packages, "PACK_DIRECTORY", listed)
    monkeypatch.setattr(packages, "foundation_cache", lambda _: None)
    with pytest.raises(ModelNotFoundError, match="pip install"):
        packages.load_pipeline("compact", "en")


@pytest.mark.model
@pytest.mark.parametrize(
    ("name", "codes", "speaker"),
    [("default", ["no-coreference"], "Ruth Lind"), ("bare", ["no-coreference", "no-names"], None)],
)
def test_what_a_package_lacks_is_noted(
    resources: Path, monkeypatch: pytest.MonkeyPatch, name: str, codes: list[str], speaker: str | None
) -> None:
    monkeypatch.setattr(packages, "DEFAULT_MODEL_DIR", str(resources))
    extraction = quotex.Extractor(name).extract(SAID)
    (quote,) = extraction
    assert quote.text == "It is ours,"
    assert sorted(note.code for note in extraction.notes) == codes
    if speaker is not None:
        assert quote.speaker is not None
        assert quote.speaker.name == speaker


# the command line ----------------------------------------------------------------------------------------------------


def test_the_list_without_stanza_s(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(packages, "DEFAULT_MODEL_DIR", str(tmp_path))
    assert main(["models", "list"]) == 0
    printed = capsys.readouterr()
    assert printed.out.startswith("compact  here            tokenize, mwt, pos, lemma, depparse, ner, coref\n")
    assert "quotex models download default" in printed.err


def test_the_list_says_what_is_here(
    resources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "models"
    shutil.copytree(resources, folder)
    (folder / "en" / "ner" / "small.pt").unlink()
    monkeypatch.setattr(packages, "DEFAULT_MODEL_DIR", str(folder))
    assert main(["models", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["compact", "bare", "default"]
    assert [" here " in line for line in lines] == [True, True, False]


def ask_at(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Stanza look for its list of resources at an address of this machine."""
    asking = partial(common.download_resources_json, resources_url=address)
    monkeypatch.setattr(packages, "download_resources_json", asking)


@pytest.fixture
def server(resources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A server of the resource directory on this machine; the paths that were asked of it."""
    shared = tmp_path / "served"
    shutil.copytree(resources, shared)
    asked: list[str] = []

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            asked.append(self.path)

    served = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(shared)))
    address = f"http://127.0.0.1:{served.server_port}"
    listing = json.loads((shared / "resources.json").read_text(encoding="utf-8"))
    listing["url"] = address + "/{lang}/{filename}"
    (shared / f"resources_{common.DEFAULT_RESOURCES_VERSION}.json").write_text(json.dumps(listing), encoding="utf-8")
    monkeypatch.setattr(
        packages, "download_resources_json", partial(common.download_resources_json, resources_url=address)
    )
    monkeypatch.setattr(packages, "DEFAULT_MODEL_DIR", str(tmp_path / "models"))
    thread = threading.Thread(target=served.serve_forever)
    thread.start()
    yield asked
    served.shutdown()
    thread.join()
    served.server_close()


def test_a_download_goes_on_where_another_stopped(
    server: list[str], tmp_path: Path, resources: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    half = tmp_path / "models" / "en"
    for name, data in (("pos", (resources / "en/pos/small.pt").read_bytes()), ("ner", b"cut off")):
        (half / name).mkdir(parents=True)
        (half / name / "small.pt").write_bytes(data)
    assert main(["models", "download", "default"]) == 0
    assert "/en/pos/small.pt" not in server
    assert "/en/ner/small.pt" in server
    assert (half / "ner" / "small.pt").read_bytes() == (resources / "en/ner/small.pt").read_bytes()
    assert capsys.readouterr().out.startswith("default: tokenize, mwt, pos, lemma, depparse, ner in ")
    assert [package.present for package in packages.list_packages("en")] == [True, True, True]


@pytest.mark.usefixtures("server")
def test_a_download_that_is_damaged(capsys: pytest.CaptureFixture[str]) -> None:
    """The coreference model has another checksum than the list says: the server has none, and answers with an error."""
    assert main(["models", "download", "default", "--coref"]) == 1
    assert "cannot download 'default'" in capsys.readouterr().err
    with pytest.raises(ModelDownloadError, match="md5"):
        packages.download_package("default", "en", coref=True)


@pytest.mark.usefixtures("server")
def test_a_download_of_what_is_not_listed() -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["models", "download", "huge"])
    assert stopped.value.code == 2


def test_a_download_without_a_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    address = "http://127.0.0.1:9"
    monkeypatch.setattr(
        packages, "download_resources_json", partial(common.download_resources_json, resources_url=address)
    )
    monkeypatch.setattr(packages, "DEFAULT_MODEL_DIR", str(tmp_path))
    with pytest.raises(ModelDownloadError, match="cannot download 'default'") as caught:
        packages.download_package("default", "en")
    assert isinstance(caught.value, OSError)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
