"""The examples of docs/pipelines.md, run as they stand, and docs/schema.md against the code."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import re
import shlex
import shutil
from pathlib import Path
from typing import Any

import pytest

import quotex._cli
from quotex._rows import COLUMNS, SCHEMA_VERSION

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
BLOCK = re.compile(
    "^```(?P<language>python|sh)\n(?P<code>(?:(?!^```).)*)^```\n\n```text\n(?P<output>(?:(?!^```).)*)^```\n",
    re.DOTALL | re.MULTILINE,
)

pytestmark = pytest.mark.skipif(not DOCS.is_dir(), reason="no checkout: the pages are not in the wheel")


def page() -> str:
    return (DOCS / "pipelines.md").read_bytes().decode() if DOCS.is_dir() else ""


def examples(*headings: str) -> list[tuple[str, str]]:
    """Code and output of the Python blocks under some headings."""
    sections = re.split("^#+ ", page(), flags=re.MULTILINE)
    chosen = [section for section in sections if section.partition("\n")[0] in headings]
    return [(match["code"], match["output"]) for section in chosen for match in BLOCK.finditer(section)]


@pytest.mark.model
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning", "ignore::ResourceWarning")
@pytest.mark.parametrize(
    ("headings", "needed"),
    [
        (("Stanza",), "stanza"),
        (("spaCy",), "spacy"),
        (("pandas", "Dask"), "dask"),
        (("Ray Data",), "ray"),
        (("Spark",), "pyspark"),
    ],
)
def test_examples(headings: tuple[str, ...], needed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if importlib.util.find_spec(needed) is None:
        pytest.skip(f"{needed} is not installed")
    if needed == "pyspark" and shutil.which("java") is None:
        pytest.skip("no Java for Spark")
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("PYSPARK_PYTHON", "")  # restored afterwards
    names: dict[str, Any] = {}
    found = examples(*headings)
    assert found
    for code, output in found:
        stream = io.StringIO()
        with contextlib.redirect_stdout(stream):
            exec(compile(code, "docs/pipelines.md", "exec"), names)
        assert stream.getvalue().rstrip("\n") == output.rstrip("\n")


@pytest.mark.model
def test_the_command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (found,) = (match for match in BLOCK.finditer(page()) if match["language"] == "sh")
    monkeypatch.chdir(ROOT)
    command = shlex.split(found["code"].replace("/tmp/harbour", str(tmp_path / "out")))
    assert command[0] == "quotex"
    assert quotex._cli.main(command[1:]) == 0
    assert capsys.readouterr().out == found["output"].replace("/tmp/harbour", str(tmp_path / "out"))


def test_every_column_is_described() -> None:
    text = (DOCS / "schema.md").read_text("utf-8")
    described = re.findall(r"^\| `(\w+)` \| (.+?) \|", text, re.MULTILINE)
    words = {"string": "string", "int": "int", "float": "float", "ints": "list of int"}
    assert described == [(name, words[kind]) for name, kind in COLUMNS.items()]
    assert f"**version {SCHEMA_VERSION}**" in text
