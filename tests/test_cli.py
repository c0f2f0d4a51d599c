"""The command line, with an extractor that needs no model."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import ClassVar

import pytest

import quotex
from quotex import Context, Extraction, Note, Quote, QuoteKind, Span, Speaker, SpeakerKind, _cli

QUOTED = re.compile(
    "\N{LEFT DOUBLE QUOTATION MARK}(?P<words>[^\N{RIGHT DOUBLE QUOTATION MARK}]*)\N{RIGHT DOUBLE QUOTATION MARK}"
    "(?: (?P<cue>said) (?P<name>[A-Z][a-z]+(?: [A-Z][a-z]+)*)(?:, (?P<role>[a-z ]+))?)?"
)


class StubExtractor:
    """Finds curly marks and `said NAME, ROLE` behind them."""

    made: ClassVar[list[tuple[str, str]]] = []

    def __init__(self, models: str = "compact", language: str = "en") -> None:
        self.made.append((models, language))
        if language != "en":
            raise quotex.LanguageError(language, ("en",))
        if models == "default":
            raise quotex.ModelNotFoundError(models, Path("somewhere"), "quotex models download default")
        if models != "compact":
            raise quotex.ModelPackageError(models, ("compact", "default"))

    def extract(self, text: str) -> Extraction:
        if "interrupt" in text:
            raise KeyboardInterrupt
        whole = Span(start_char=0, end_char=len(text), text=text)
        speakers: dict[str, Speaker] = {}
        quotes = []
        for match in QUOTED.finditer(text):
            place = {
                group: Span(start_char=match.start(group), end_char=match.end(group), text=match[group])
                for group in match.groupdict()
                if match[group] is not None
            }
            name = match["name"]
            if name and name not in speakers:
                speakers[name] = Speaker(
                    id=len(speakers),
                    name=name,
                    kind=SpeakerKind.PERSON,
                    role=match["role"],
                    role_span=place.get("role"),
                )
            end = match.end("words") + 1
            quotes.append(
                Quote(
                    text=match["words"],
                    segments=(place["words"],),
                    extent=Span(start_char=match.start(), end_char=end, text=text[match.start() : end]),
                    kind=QuoteKind.DIRECT,
                    speaker=speakers.get(name or ""),
                    mention=place.get("name"),
                    cue=place.get("cue"),
                    context=Context(sentence=whole, paragraph=whole),
                    method="stub" if name else "none",
                    confidence=0.5,
                )
            )
        notes = [
            Note(code="stray-mark", span=Span(start_char=i, end_char=i + 1, text=c), message="A stray mark.")
            for i, c in enumerate(text)
            if c == "\N{DOUBLE LOW-9 QUOTATION MARK}"
        ]
        return Extraction(text=text, quotes=tuple(quotes), speakers=tuple(speakers.values()), notes=tuple(notes))

    def extract_many(self, texts: Iterable[str]) -> Iterator[Extraction]:
        for text in texts:
            yield self.extract(text)


LEAK = (
    "\N{LEFT DOUBLE QUOTATION MARK}It leaks,\N{RIGHT DOUBLE QUOTATION MARK} said Ana Lee, harbour plumber. "
    "Nobody answered. \N{LEFT DOUBLE QUOTATION MARK}Well?\N{RIGHT DOUBLE QUOTATION MARK}\n"
)
RAIN = "\N{LEFT DOUBLE QUOTATION MARK}Rain\nagain,\N{RIGHT DOUBLE QUOTATION MARK} said Bo.\r\n"


@pytest.fixture(autouse=True)
def stub(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_cli, "Extractor", StubExtractor)
    monkeypatch.setattr(StubExtractor, "made", [])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, with `leak.txt` and `more/rain.txt`, and a file that is not a text."""
    (tmp_path / "more" / "deep").mkdir(parents=True)
    write(tmp_path / "leak.txt", LEAK)
    write(tmp_path / "more" / "rain.txt", RAIN)
    write(tmp_path / "more" / "deep" / "LEAK.TXT", LEAK)
    write(tmp_path / "more" / "readme.md", LEAK)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(path: Path, text: str, encoding: str = "utf-8") -> None:
    path.write_bytes(text.encode(encoding))


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    """Run a command line; status (of a usage error, too), standard output, standard error."""

    def run_command(*arguments: str) -> tuple[int, str, str]:
        try:
            status = _cli.main(arguments)
        except SystemExit as stop:
            status = stop.code if isinstance(stop.code, int) else 1
        done = capfd.readouterr()
        return status, done.out, done.err

    return run_command


def pipe_in(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


# inputs


@pytest.mark.usefixtures("folder")
def test_json_lines_are_the_default_in_a_pipe(run: Run) -> None:
    status, out, err = run("extract", "leak.txt")
    rows = [json.loads(line) for line in out.splitlines()]
    assert (status, err) == (0, "")
    assert [next(iter(row)) for row in rows] == ["document"] * 2
    assert [row["document"] for row in rows] == ["leak.txt"] * 2
    assert [row["text"] for row in rows] == ["It leaks,", "Well?"]
    assert rows[0]["speaker"]["name"] == "Ana Lee"
    assert rows[0]["speaker"]["role"] == "harbour plumber"
    assert rows[1]["speaker"] is None


@pytest.mark.usefixtures("folder")
def test_folders_are_searched_for_text_files_in_order(run: Run) -> None:
    status, out, err = run("extract", "more", "leak.txt")
    documents = list(dict.fromkeys(json.loads(line)["document"] for line in out.splitlines()))
    assert (status, err) == (0, "")
    assert documents == [str(Path("more", "deep", "LEAK.TXT")), str(Path("more", "rain.txt")), "leak.txt"]


@pytest.mark.parametrize("arguments", [(), ("-",)])
def test_standard_input(run: Run, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]) -> None:
    pipe_in(monkeypatch, LEAK.encode())
    status, out, _ = run("extract", *arguments)
    assert status == 0
    assert {json.loads(line)["document"] for line in out.splitlines()} == {"-"}


def test_no_input_at_a_terminal_is_wrong_usage(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal())
    status, out, err = run("extract")
    assert (status, out) == (2, "")
    assert "no PATH given" in err


def test_no_input_and_no_standard_input_is_wrong_usage(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    assert run("extract")[0] == 2


@pytest.mark.parametrize(
    "prefix", ["", "\N{ZERO WIDTH NO-BREAK SPACE}", "\r\n\t", "\N{PILE OF POO}\N{NO-BREAK SPACE}e\u0301 "]
)
def test_offsets_are_into_the_file_as_it_decodes(run: Run, folder: Path, prefix: str) -> None:
    write(folder / "odd.txt", prefix + RAIN)
    _, out, _ = run("extract", "odd.txt")
    source = (folder / "odd.txt").read_bytes().decode("utf-8")
    extent = json.loads(out)["extent"]
    assert source[extent["start_char"] : extent["end_char"]] == extent["text"]
    assert extent["start_char"] == len(prefix)


def test_what_cannot_be_read_is_named_and_the_rest_is_done(run: Run, folder: Path) -> None:
    write(folder / "latin.txt", "Caf\N{LATIN SMALL LETTER E WITH ACUTE}", "latin-1")
    (folder / "empty").mkdir()
    status, out, err = run("extract", "latin.txt", "missing.txt", "empty", "more/rain.txt")
    assert status == 1
    assert [json.loads(line)["document"] for line in out.splitlines()] == ["more/rain.txt"]
    assert sorted(err.splitlines()) == [
        "quotex: empty: folder without .txt files",
        "quotex: latin.txt: not UTF-8: byte 0xe9 at offset 3",
        "quotex: missing.txt: No such file or directory",
    ]


@pytest.mark.skipif(os.name != "posix", reason="needs a file system that takes any bytes as a name")
def test_a_file_name_that_is_not_utf8(run: Run, folder: Path) -> None:
    name = os.fsdecode(b"caf\xe9.txt")
    write(folder / name, RAIN)
    status, out, _ = run("extract", name)
    assert status == 0
    assert json.loads(out)["document"] == "caf\N{REPLACEMENT CHARACTER}.txt"


@pytest.mark.usefixtures("folder")
def test_models_are_not_loaded_for_nothing(run: Run) -> None:
    assert run("extract", "missing-folder-or-file", "--format", "json") == (
        1,
        "",
        "quotex: missing-folder-or-file: No such file or directory\n",
    )
    Path("empty").mkdir()
    StubExtractor.made.clear()
    assert run("extract", "empty", "--format", "json")[:2] == (1, "[]\n")
    assert StubExtractor.made == []


def test_empty_file(run: Run, folder: Path) -> None:
    write(folder / "empty.txt", "")
    assert run("extract", "empty.txt") == (0, "", "")
    status, out, _ = run("extract", "empty.txt", "--format", "json")
    assert (status, Extraction.from_json(out)) == (0, Extraction(text=""))


# forms


@pytest.mark.usefixtures("folder")
def test_json_of_a_single_file_reads_back(run: Run) -> None:
    status, out, _ = run("extract", "leak.txt", "--format", "json")
    assert status == 0
    assert json.loads(out)["document"] == "leak.txt"
    assert Extraction.from_json(out) == StubExtractor().extract(LEAK)


@pytest.mark.parametrize(
    "paths", [("leak.txt", "more/rain.txt"), ("more",), ("missing.txt", "leak.txt"), ("missing.txt",) * 2]
)
def test_json_of_several_is_an_array(run: Run, folder: Path, paths: tuple[str, ...]) -> None:
    _, out, _ = run("extract", *paths, "--format", "json")
    found = json.loads(out)
    assert isinstance(found, list)
    for item in found:
        text = (folder / item["document"]).read_bytes().decode()
        assert Extraction.from_json(json.dumps(item)) == StubExtractor().extract(text)


@pytest.mark.usefixtures("folder")
def test_csv_has_one_header_and_the_document_first(run: Run) -> None:
    status, out, _ = run("extract", "leak.txt", "more/rain.txt", "--format", "csv")
    rows = list(csv.reader(io.StringIO(out, newline="")))
    assert status == 0
    assert rows[0][:4] == ["document", "start_char", "end_char", "text"]
    assert [row[0] for row in rows] == ["document", "leak.txt", "leak.txt", "more/rain.txt"]
    assert rows[-1][3] == "Rain\nagain,"
    assert {len(row) for row in rows} == {len(rows[0])}


def test_a_line_of_json_is_one_line_for_every_reader(run: Run, folder: Path) -> None:
    words = "a\u2028b\u2029c\x85d\x1ce"
    write(folder / "lines.txt", f"\N{LEFT DOUBLE QUOTATION MARK}{words}\N{RIGHT DOUBLE QUOTATION MARK}")
    _, out, _ = run("extract", "lines.txt")
    (line,) = out.splitlines()
    assert json.loads(line)["text"] == words


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("form", ["jsonl", "json", "csv", "table"])
def test_output_file(run: Run, form: str) -> None:
    _, wanted, _ = run("extract", "leak.txt", "more", "--format", form)
    assert run("extract", "leak.txt", "more", "--format", form, "-o", "out") == (0, "", "")
    assert Path("out").read_bytes().decode() == wanted
    assert run("extract", "leak.txt", "more", "--format", form, "-o", "-")[1] == wanted


@pytest.mark.usefixtures("folder")
def test_output_file_that_cannot_be_written(run: Run) -> None:
    status, out, err = run("extract", "leak.txt", "-o", "nowhere/out")
    assert (status, out) == (2, "")
    assert "cannot write nowhere/out" in err


@pytest.mark.usefixtures("folder")
def test_an_input_is_never_overwritten(run: Run) -> None:
    status, _, err = run("extract", "more", "-o", "more/rain.txt")
    assert status == 2
    assert "input and output at once" in err
    assert Path("more/rain.txt").read_bytes().decode() == RAIN


# tables


@pytest.mark.usefixtures("folder")
def test_table(run: Run) -> None:
    status, out, _ = run("extract", "leak.txt", "more/rain.txt", "--format", "table")
    lines = out.splitlines()
    assert status == 0
    assert lines[0] == "leak.txt: 2 quotations, 1 speaker"
    assert "more/rain.txt: 1 quotation, 1 speaker" in lines
    assert "Quoted: Ana Lee 1, not stated 1" in lines
    for word in ("Ana Lee", "harbour plumber", "It leaks,", "said", "direct", "0-11", "not stated", "Rain again,"):
        assert word in out
    assert "\x1b" not in out
    assert max(map(len, lines)) <= 80


def test_table_of_a_text_without_quotations(run: Run, folder: Path) -> None:
    write(folder / "plain.txt", "Rain.")
    assert run("extract", "plain.txt", "--format", "table") == (0, "plain.txt: 0 quotations, 0 speakers\n", "")


def test_table_counts_notes(run: Run, folder: Path) -> None:
    write(folder / "notes.txt", "\N{DOUBLE LOW-9 QUOTATION MARK} \N{DOUBLE LOW-9 QUOTATION MARK}")
    _, out, _ = run("extract", "notes.txt", "--format", "table")
    assert out == "notes.txt: 0 quotations, 0 speakers, 2 notes (stray-mark 2)\n"


def test_a_long_quotation_is_shortened_in_the_middle(run: Run, folder: Path) -> None:
    words = " ".join(f"word{number}" for number in range(200))
    write(folder / "long.txt", f"\N{LEFT DOUBLE QUOTATION MARK}{words}\N{RIGHT DOUBLE QUOTATION MARK}")
    _, out, _ = run("extract", "long.txt", "--format", "table")
    assert "word0" in out
    assert "word199" in out
    assert "\N{HORIZONTAL ELLIPSIS}" in out
    assert "word100" not in out
    assert len(out.splitlines()) < 12


def test_a_table_obeys_nothing_in_the_text(run: Run, folder: Path) -> None:
    words = "[red]:smile: \x1b[2J\x07[/red]"
    write(folder / "markup.txt", f"\N{LEFT DOUBLE QUOTATION MARK}{words}\N{RIGHT DOUBLE QUOTATION MARK}")
    status, out, _ = run("extract", "markup.txt", "--format", "table")
    assert status == 0
    assert "[red]:smile:" in out
    assert "\x1b" not in out
    assert "\x07" not in out


@pytest.mark.usefixtures("folder")
def test_a_table_is_the_default_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    monkeypatch.setenv("COLUMNS", "80")
    assert _cli.main(["extract", "leak.txt"]) == 0
    assert "leak.txt: 2 quotations, 1 speaker" in terminal.getvalue()


# progress


@pytest.mark.usefixtures("folder")
def test_progress_goes_to_a_terminal_only(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("extract", "leak.txt", "more")[2] == ""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "80")
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    status, out, _ = run("extract", "leak.txt", "more")
    assert status == 0
    assert "documents" in terminal.getvalue()
    assert len(out.splitlines()) == 5
    terminal.truncate(0)
    assert run("extract", "leak.txt")[0] == 0
    assert terminal.getvalue() == ""


# usage, versions, failures


def test_version(run: Run) -> None:
    status, out, _ = run("--version")
    assert status == 0
    assert re.fullmatch(r"quotex \d+\.\d+\S*\n", out)


@pytest.mark.parametrize("arguments", [(), ("unknown",), ("extract", "--format", "xml"), ("extract", "--nonsense")])
def test_wrong_usage(run: Run, arguments: tuple[str, ...]) -> None:
    status, out, err = run(*arguments)
    assert (status, out) == (2, "")
    assert "usage: quotex" in err


@pytest.mark.parametrize("arguments", [("--help",), ("extract", "--help"), ("evaluate", "--help")])
def test_help(run: Run, arguments: tuple[str, ...]) -> None:
    status, out, _ = run(*arguments)
    assert status == 0
    assert out.startswith("usage: quotex")


@pytest.mark.usefixtures("folder")
def test_options_reach_the_extractor(run: Run) -> None:
    run("extract", "leak.txt")
    run("extract", "leak.txt", "--models", "default", "--language", "en")
    assert StubExtractor.made == [("compact", "en"), ("default", "en")]


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (("--models", "huge"), 2, "unknown model package 'huge'; available: compact, default"),
        (("--language", "xx"), 2, "unknown language 'xx'; available: en"),
        (("--models", "default"), 1, "get it with: quotex models download default"),
    ],
)
def test_errors_are_messages(run: Run, arguments: tuple[str, ...], status: int, message: str) -> None:
    found, out, err = run("extract", "leak.txt", *arguments)
    assert (found, out) == (status, "")
    assert message in err
    assert "Traceback" not in err


@pytest.mark.parametrize("form", ["jsonl", "json", "csv"])
def test_an_interruption_keeps_what_is_finished(run: Run, folder: Path, form: str) -> None:
    write(folder / "middle.txt", "interrupt here")
    status, out, _ = run("extract", "leak.txt", "middle.txt", "more/rain.txt", "--format", form)
    assert status == 130
    if form == "json":
        assert [item["document"] for item in json.loads(out)] == ["leak.txt"]
    else:
        assert "Well?" in out
        assert "Rain" not in out


def test_documents_go_out_one_by_one(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is finished is in the file before the next document is begun."""
    seen = []

    class Watching(StubExtractor):
        def extract(self, text: str) -> Extraction:
            seen.append((folder / "out").read_bytes().count(b"\n"))
            return super().extract(text)

    monkeypatch.setattr(_cli, "Extractor", Watching)
    assert _cli.main(["extract", "leak.txt", "more/rain.txt", "-o", "out"]) == 0
    assert seen == [0, 2]


SCRIPT = """
import sys
sys.path.insert(0, {tests!r})
import test_cli
from quotex import _cli
_cli.Extractor = test_cli.StubExtractor
sys.exit(_cli.main(["extract", {folder!r}]))
"""


def start(folder: Path, stdout: int) -> subprocess.Popen[bytes]:
    script = SCRIPT.format(tests=str(Path(__file__).parent), folder=str(folder))
    return subprocess.Popen(
        [sys.executable, "-P", "-c", script],
        cwd=folder,
        stdout=stdout,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
    )


def test_a_reader_that_goes_away(folder: Path) -> None:
    write(folder / "big.txt", LEAK * 100)
    with start(folder, subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith(b"{")
        process.stdout.close()
        assert process.stderr is not None
        assert process.stderr.read() == b""
        assert process.wait() == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk(folder: Path) -> None:
    with Path("/dev/full").open("wb") as full, start(folder, full.fileno()) as process:
        _, err = process.communicate()
    assert err.decode().startswith("quotex: cannot write: ")
    assert len(err.splitlines()) == 1
    assert process.returncode == 1


def test_module_runs_too(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "quotex", "--version"], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    assert done.stdout.startswith("quotex ")
