"""Pages on the command line: `--format html` and `--open`, with an extractor that needs no model."""

from __future__ import annotations

import webbrowser
from pathlib import Path

import pytest
from test_cli import LEAK, RAIN, Run, StubExtractor, folder, pipe_in, run, stub, write

__all__ = ["folder", "run", "stub"]  # fixtures


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """What a browser was asked to open; temporary files go below `tmp_path`."""
    addresses: list[str] = []

    def take(address: str) -> bool:
        addresses.append(address)
        return True

    monkeypatch.setattr(webbrowser, "open", take)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return addresses


def page_at(address: str) -> str:
    assert address.startswith("file:///")
    return Path(address.removeprefix("file://")).read_text("utf-8")


@pytest.mark.usefixtures("folder")
def test_a_page_of_a_single_file(run: Run) -> None:
    status, out, err = run("extract", "leak.txt", "--format", "html")
    assert (status, err) == (0, "")
    assert out == StubExtractor().extract(LEAK).to_html(title="leak.txt")
    assert run("extract", "leak.txt", "--format", "html", "-o", "page.html") == (0, "", "")
    assert Path("page.html").read_bytes().decode() == out


def test_a_page_of_standard_input(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    pipe_in(monkeypatch, RAIN.encode())
    assert "<title>Quotations</title>" in run("extract", "--format", "html")[1]


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("paths", [("more",), ("leak.txt", "more")])
def test_several_texts_become_a_folder(run: Run, paths: tuple[str, ...]) -> None:
    assert run("extract", *paths, "--format", "html", "-o", "out") == (0, "", "")
    assert sorted(file.name for file in Path("out").iterdir()) == sorted(
        {"index.html", "leak.html", "rain.html", *(["leak-2.html"] if len(paths) > 1 else [])}
    )


@pytest.mark.usefixtures("folder")
def test_a_single_file_into_a_folder_that_is_there(run: Run) -> None:
    assert run("extract", "leak.txt", "--format", "html", "-o", "more")[0] == 0
    assert Path("more/index.html").exists()


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (("more", "--format", "html"), 2, "need a folder: -o FOLDER"),
        (("more", "--format", "html", "-o", "leak.txt"), 1, "leak.txt: cannot write"),
        (("leak.txt", "--format", "csv", "--open"), 2, "--open shows a page"),
        (("more", "missing.txt", "--format", "html", "-o", "out"), 1, "missing.txt: No such file"),
    ],
)
def test_errors(run: Run, arguments: tuple[str, ...], status: int, message: str) -> None:
    found, out, err = run("extract", *arguments)
    assert (found, out) == (status, "")
    assert message in err
    assert Path("leak.txt").read_bytes().decode() == LEAK


@pytest.mark.usefixtures("folder")
def test_a_file_of_somebody_else_is_named(run: Run) -> None:
    Path("more/rain.html").write_text("mine")
    status, _, err = run("extract", "more", "--format", "html", "-o", "more")
    assert status == 1
    assert "more/rain.html: cannot write: the file that is there was not made by quotex" in err


def test_an_interruption_keeps_the_pages_that_are_finished(run: Run, folder: Path) -> None:
    write(folder / "middle.txt", "interrupt here")
    assert run("extract", "leak.txt", "middle.txt", "more", "--format", "html", "-o", "out")[0] == 130
    assert sorted(file.name for file in Path("out").iterdir()) == ["index.html", "leak.html"]


@pytest.mark.usefixtures("folder")
def test_open_makes_a_page_in_a_temporary_file(run: Run, opened: list[str]) -> None:
    assert run("extract", "leak.txt", "--open") == (0, "", "")
    assert "It leaks," in page_at(opened[0])


@pytest.mark.usefixtures("folder")
def test_open_of_several_shows_the_index(run: Run, opened: list[str]) -> None:
    assert run("extract", "more", "--open") == (0, "", "")
    assert "Who is quoted in 2 documents" in page_at(opened[0])
    assert run("extract", "more", "--open", "-o", "out") == (0, "", "")
    assert opened[1] == Path("out/index.html").resolve().as_uri()


@pytest.mark.usefixtures("folder", "opened")
def test_without_a_browser_the_page_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webbrowser, "open", lambda _: False)
    status, _, err = run("extract", "leak.txt", "--open", "-o", "page.html")
    assert status == 0
    assert "no browser to open; the page is page.html" in err


@pytest.mark.usefixtures("folder")
def test_nothing_is_opened_that_was_not_made(run: Run, opened: list[str]) -> None:
    assert run("extract", "missing.txt", "--open")[0] == 1
    assert opened == []
