"""The documentation runs: every block of Python and every command in it, with the output that the page shows.

Fenced blocks are `python`, `sh` or `text`; a `text` block right behind one of Python is what that prints. Indented
blocks are commands, which must at least parse, or tagged examples, which must be well-formed.
"""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import shutil
import webbrowser
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import attrs
import pytest

import quotex
from quotex import Extraction, _cli, extract
from quotex.evaluation import parse_tagged

ROOT = Path(__file__).parents[1]
PACK = Path(quotex.__file__).parent / "models" / "resources.json"
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
# it has processes and libraries of its own; tests/integrations/test_pipelines_page.py runs it
ELSEWHERE = ROOT / "docs" / "pipelines.md"
RUNNING = [page for page in PAGES if "```python" in page.read_text("utf-8") and page != ELSEWHERE]

FENCE = re.compile(r"^```(?P<language>\w*)\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)
# the commands of the README's first screen: .ci/run types them as a stranger would
INSTALL = "python3 -m venv "


@attrs.frozen(kw_only=True)
class Block:
    """A fenced block: its language, its code, the line it begins on, and the output that the page shows, if any."""

    language: str
    code: str
    line: int
    output: str | None


def blocks(page: Path) -> list[Block]:
    content = page.read_text("utf-8")
    matches = list(FENCE.finditer(content))
    found = []
    for place, match in enumerate(matches):
        after = matches[place + 1] if place + 1 < len(matches) else None
        shown = after is not None and after["language"] == "text" and not content[match.end() : after.start()].strip()
        line = content.count("\n", 0, match.start()) + 1
        output = after["code"] if shown and after else None
        found.append(Block(language=match["language"], code=match["code"], line=line, output=output))
    return found


def indented(page: Path) -> list[str]:
    """The lines of indented blocks, which stand behind a blank line."""
    content = FENCE.sub("\n", page.read_text("utf-8"))
    lines = []
    inside, blank = False, True
    for line in content.split("\n"):
        # an indented line that goes on with a list's item is no code
        inside = line.startswith("    ") and (inside or blank) if line.strip() else inside
        if inside and line.strip():
            lines.append(line[4:])
        blank = not line.strip()
    return lines


def commands(page: Path) -> list[str]:
    """The lines that call quotex, with the shell variables that the page sets before them filled in."""
    fenced = [line for block in blocks(page) if block.language == "sh" for line in block.code.splitlines()]
    found, variables = [], {}
    for line in (*fenced, *indented(page)):
        if setting := re.fullmatch(r'(\w+)="(.*)"', line):
            variables[setting[1]] = setting[2]
        elif re.match(r"quotex |python -m quotex", line):
            found.append(re.sub(r"\$(\w+)", lambda name: variables[name[1]], line))
    return found


def named(page: Path) -> str:
    return str(page.relative_to(ROOT))


class Remembering:
    """An extractor that reads each text once: the pages come back to the same few."""

    def __init__(self) -> None:
        self.found: dict[str, Extraction] = {}

    def extract(self, text: str) -> Extraction:
        if text not in self.found:
            # the models that `quotex.extract` keeps, and other tests share
            self.found[text] = extract(text)
        return self.found[text]

    def extract_many(self, texts: Iterable[str]) -> Iterator[Extraction]:
        return map(self.extract, texts)


@pytest.fixture(scope="module")
def extractor() -> Remembering:
    return Remembering()


def opening(addresses: list[str]) -> Callable[[str], bool]:
    """Stands for `webbrowser.open`."""

    def open_page(address: str) -> bool:
        addresses.append(address)
        return True

    return open_page


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder like the repository's, in which the pages may write."""
    shutil.copytree(ROOT / "docs" / "examples", tmp_path / "docs" / "examples")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.model
@pytest.mark.skipif(not PACK.is_file(), reason="no model pack")
@pytest.mark.usefixtures("checkout")
@pytest.mark.parametrize("page", RUNNING, ids=named)
def test_pages_run_and_print_what_they_show(
    page: Path, extractor: Remembering, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quotex, "extract", extractor.extract)
    monkeypatch.setattr(quotex, "Extractor", lambda: extractor)
    monkeypatch.setattr(_cli, "Extractor", lambda **_: extractor)
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opening(opened))
    names: dict[str, object] = {}
    for block in blocks(page):
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            if block.language == "python":
                exec(compile("\n" * block.line + block.code, str(page), "exec"), names)
            elif block.language == "sh" and block.code.startswith("quotex extract"):
                assert [_cli.main(shlex.split(line)[1:]) for line in block.code.splitlines()] == [0] * block.code.count(
                    "\n"
                )
        if block.language == "python":
            assert printed.getvalue() == (block.output or ""), f"{named(page)}, line {block.line}"
    assert len(opened) == sum("--open" in block.code for block in blocks(page) if block.language == "sh")


@pytest.mark.model
@pytest.mark.skipif(not PACK.is_file(), reason="no model pack")
@pytest.mark.usefixtures("checkout")
def test_the_table_of_the_readme(
    extractor: Remembering, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(_cli, "Extractor", lambda **_: extractor)
    assert _cli.main(["extract", "docs/examples/harbour.txt", "--format", "table"]) == 0
    first = next(block for block in blocks(ROOT / "README.md") if block.language == "text")
    assert capsys.readouterr().out == first.code


@pytest.mark.parametrize("page", [page for page in PAGES if commands(page)], ids=named)
def test_commands_are_what_the_programs_take(page: Path) -> None:
    for command in commands(page):
        words = shlex.split(command, comments=True)
        if words[0] == "quotex":
            _cli._parser(words[1:]).parse_args(words[1:])
        elif words[2] == "quotex.training":
            # the recipe needs more than quotex does
            training = pytest.importorskip("quotex.training.__main__", exc_type=ImportError)
            training._parser().parse_args(words[3:])


@pytest.mark.parametrize("page", [page for page in PAGES if page != ELSEWHERE], ids=named)
def test_every_fenced_block_is_of_a_kind_that_is_tested(page: Path) -> None:
    for block in blocks(page):
        assert block.language in {"python", "sh", "text"}, f"{named(page)}, line {block.line}"
        if block.language == "sh":
            assert all(line.startswith(("quotex ", INSTALL)) for line in block.code.splitlines())


@pytest.mark.parametrize("page", [page for page in PAGES if any("<q1" in line for line in indented(page))], ids=named)
def test_tagged_examples_are_well_formed(page: Path) -> None:
    examples = [line for line in indented(page) if re.search(r"<[qx]\d", line) and "</" in line]
    assert examples
    for example in examples:
        # an example that goes on over paragraphs opens a mark on each: each line is well-formed by itself
        parse_tagged(example, name=named(page))


def test_the_picture_is_small() -> None:
    assert 10_000 < (ROOT / "docs" / "images" / "page.png").stat().st_size < 200_000
