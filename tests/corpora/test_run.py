"""`quotex run`: inputs, output, interruption. A stub stands for the models, in other processes too."""

from __future__ import annotations

import gzip
import io
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pyarrow", reason="pyarrow is not installed: pip install quotex[frames]")

import pyarrow as pa
import pyarrow.parquet as pq
from corpus_stub import Stub, extraction

import quotex
from quotex import _cli
from quotex._rows import COLUMNS, METADATA_KEY, SCHEMA_VERSION, rows
from quotex.corpora import _engines, _sources

STUB = Path(__file__).with_name("corpus_stub.py")
TEXTS = [
    f"Note {number}.\r\n“It leaks {number},” said Ann. “Well?” said {'Ben' if number % 2 else 'Ann'}."
    for number in range(40)
]

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Run `quotex run` in this process; status, standard output, standard error."""
    monkeypatch.setattr("quotex._extractor.Extractor", Stub)
    monkeypatch.setattr("quotex._extractor._loaded", {})
    monkeypatch.chdir(tmp_path)

    def run_command(*arguments: str) -> tuple[int, str, str]:
        try:
            status = _cli.main(["run", *arguments])
        except SystemExit as stop:
            status = stop.code if isinstance(stop.code, int) else 1
        done = capfd.readouterr()
        return status, done.out, done.err

    return run_command


def write_lines(path: Path, items: list[Any]) -> Path:
    data = b"".join(item if isinstance(item, bytes) else (json.dumps(item) + "\n").encode() for item in items)
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def articles(texts: list[str] = TEXTS) -> list[Any]:
    return [{"id": f"a{number}", "text": text} for number, text in enumerate(texts)]


def wanted(texts: list[str] = TEXTS, name: str = "a{}") -> list[dict[str, Any]]:
    return [
        {"document": name.format(number), **row} for number, text in enumerate(texts) for row in rows(extraction(text))
    ]


def found(folder: Path) -> list[dict[str, Any]]:
    """The rows of a folder, part by part."""
    parts = sorted((folder / "quotes").iterdir())
    if all(part.suffix == ".parquet" for part in parts):
        return [row for part in parts for row in pq.read_table(part).to_pylist()]
    return [json.loads(line) for part in parts for line in part.read_bytes().splitlines()]


def errors(folder: Path) -> dict[str, str]:
    lines = [json.loads(line) for line in (folder / "errors.jsonl").read_bytes().splitlines()]
    return {line["document"]: line["reason"] for line in lines}


# inputs and output


@pytest.mark.parametrize("form", ["parquet", "jsonl"])
@pytest.mark.parametrize("source", ["a.jsonl", "a.ndjson", "a.jsonl.gz", "a.parquet"])
def test_every_document_once(run: Run, tmp_path: Path, source: str, form: str) -> None:
    if source.endswith(".parquet"):
        pq.write_table(pa.Table.from_pylist(articles()), tmp_path / source, row_group_size=7)
    else:
        write_lines(tmp_path / source, articles())
    assert run(source, "--out", "out", "--part", "9", "-f", form) == (
        0,
        "out: 40 documents, 80 quotations, 0 failed\n",
        "",
    )
    assert found(tmp_path / "out") == wanted()
    assert [path.name for path in sorted((tmp_path / "out" / "quotes").iterdir())] == [
        f"part-{number:06}.{form}" for number in range(5)
    ]
    assert errors(tmp_path / "out") == {}


def test_a_folder_with_everything(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "b.txt").write_bytes(TEXTS[1].encode())
    (folder / "a.TXT").write_bytes(TEXTS[0].encode())
    (folder / "notes.md").write_bytes(TEXTS[0].encode())
    write_lines(folder / "deep" / "c.jsonl", [{"text": TEXTS[2]}, b"\n", {"text": TEXTS[3]}])
    pq.write_table(pa.table({"text": [TEXTS[4]]}), folder / "d.parquet")
    assert run("in", "--out", "out")[0] == 0
    assert list(dict.fromkeys(row["document"] for row in found(tmp_path / "out"))) == [
        "a.TXT",
        "deep/b.txt",
        "d.parquet:0",
        "deep/c.jsonl:1",
        "deep/c.jsonl:3",
    ]


def test_offsets_are_into_the_file_as_it_decodes(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(f"\ufeff{TEXTS[0]}".encode())
    run("a.txt", "--out", "out")
    source = (tmp_path / "a.txt").read_bytes().decode()
    for row in found(tmp_path / "out"):
        assert source[row["segment_starts"][0] : row["segment_ends"][0]] == row["quote"]


def test_names_of_fields(run: Run, tmp_path: Path) -> None:
    write_lines(tmp_path / "a.jsonl", [{"body": TEXTS[0], "url": 7, "id": "x"}])
    pq.write_table(pa.table({"body": [TEXTS[0]], "url": [8], "more": [1]}), tmp_path / "b.parquet")
    assert run("a.jsonl", "b.parquet", "--out", "out", "--text", "body", "--id", "url")[0] == 0
    assert [row["document"] for row in found(tmp_path / "out")] == ["7", "7", "8", "8"]


def test_the_schema_is_written(run: Run, tmp_path: Path) -> None:
    write_lines(tmp_path / "a.jsonl", articles(["Nothing."]))
    run("a.jsonl", "--out", "out")
    schema = pq.read_schema(tmp_path / "out" / "quotes" / "part-000000.parquet")
    assert schema.names == ["document", *COLUMNS]
    assert schema.metadata[METADATA_KEY.encode()] == str(SCHEMA_VERSION).encode()
    assert json.loads((tmp_path / "out" / "run.json").read_bytes())["schema_version"] == SCHEMA_VERSION


def test_bad_documents(run: Run, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "latin.txt").write_bytes("Café".encode("latin-1"))
    lines: list[Any] = [
        {"id": "good", "text": TEXTS[0]},
        b"{\n",
        b'{"id": "byte", "text": "\xe9"}\n',
        b"[1]\n",
        {"id": "none"},
        {"id": "null", "text": None},
        {"id": "surrogate", "text": "\ud800"},
        {"id": "defect", "text": "<boom>"},
        {"id": "good too", "text": TEXTS[1]},
    ]
    write_lines(tmp_path / "in" / "a.jsonl", lines)
    status, out, err = run("in", "--out", "out")
    assert (status, out) == (1, "out: 10 documents, 4 quotations, 8 failed\n")
    assert err == "quotex: 8 documents failed, see out/errors.jsonl\n"
    assert list(dict.fromkeys(row["document"] for row in found(tmp_path / "out"))) == ["good", "good too"]
    assert errors(tmp_path / "out") == {
        "latin.txt": "not UTF-8: byte 0xe9 at offset 3",
        "a.jsonl:2": "not JSON: Expecting property name enclosed in double quotes: line 2 column 1 (char 2)",
        "a.jsonl:3": "not UTF-8: byte 0xe9 at offset 24",
        "a.jsonl:4": "not a JSON object but list",
        "none": "no field 'text'",
        "null": "no text",
        "surrogate": "not encodable as UTF-8: a lone surrogate at offset 0",
        "defect": "IndexError: no such word",
    }


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.parquet"])
def test_a_damaged_file_stops_the_run_and_keeps_what_is_done(run: Run, tmp_path: Path, name: str) -> None:
    write_lines(tmp_path / "0.jsonl", articles())
    write_lines(tmp_path / "a.jsonl.gz", articles())
    (tmp_path / name).write_bytes((tmp_path / "a.jsonl.gz").read_bytes()[:-40])
    status, _, err = run("0.jsonl", name, "--out", "out")
    assert status == 1
    assert name in err
    assert found(tmp_path / "out")[:80] == wanted()


def test_large_documents_close_a_part(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_sources, "PART_BYTES", 200)
    write_lines(tmp_path / "a.jsonl", articles())
    run("a.jsonl", "--out", "out")
    assert len(list((tmp_path / "out" / "quotes").iterdir())) > 15
    assert found(tmp_path / "out") == wanted()


# wrong usage


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["missing", "--out", "out"], "missing: No such file or folder"),
        (["a.md", "--out", "out"], "no .txt, .jsonl"),
        (["empty", "--out", "out"], "no .txt, .jsonl"),
        (["in", "--out", "in/out"], "would become input"),
        (["in", "--out", "out", "--workers", "0"], "must be 1 or more"),
        (["in"], "--out"),
        (["in", "--out", "out", "--language", "xx"], "unknown language"),
    ],
)
def test_wrong_usage(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    monkeypatch.setattr("quotex._extractor.Extractor", quotex.Extractor)
    for name in ("empty", "in"):
        (tmp_path / name).mkdir()
    (tmp_path / "a.md").write_bytes(b"")
    write_lines(tmp_path / "in" / "a.jsonl", articles())
    status, out, err = run(*arguments)
    assert (status, out) == (2, "")
    assert message in err


def test_a_folder_of_something_else(run: Run, tmp_path: Path) -> None:
    write_lines(tmp_path / "a.jsonl", articles())
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "precious").write_bytes(b"")
    assert run("a.jsonl", "--out", "out") == (1, "", "quotex: out: not empty, and not the folder of a run\n")


def test_the_folder_of_another_run(run: Run, tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.jsonl", articles())
    run("a.jsonl", "--out", "out")
    assert run("a.jsonl", "--out", "out", "--part", "7")[2].endswith("another run; different: part_documents\n")
    assert run("a.jsonl", "--out", "out", "-f", "jsonl")[2].endswith("another run; different: format\n")
    write_lines(path, articles()[1:])
    assert run("a.jsonl", "--out", "out")[2].endswith("another run; different: fingerprints\n")


# going on


def test_a_finished_run_has_nothing_to_do(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_lines(tmp_path / "a.jsonl", articles())
    run("a.jsonl", "--out", "out")
    monkeypatch.setattr("quotex.corpora._work.shared_extractor", None)
    assert run("a.jsonl", "--out", "out") == (
        0,
        "out: 40 documents (40 of them before), 80 quotations, 0 failed\n",
        "",
    )


def test_only_what_is_missing_is_done_again(run: Run, tmp_path: Path) -> None:
    write_lines(tmp_path / "a.jsonl", articles())
    run("a.jsonl", "--out", "out", "--part", "9")
    whole = found(tmp_path / "out")
    quotes = tmp_path / "out" / "quotes"
    times = {path.name: path.stat().st_mtime_ns for path in quotes.iterdir()}
    (quotes / "part-000002.parquet").unlink()
    (quotes / ".part-000002.parquet.tmp-1").write_bytes(b"half")
    assert run("a.jsonl", "--out", "out", "--part", "9")[0] == 0
    assert found(tmp_path / "out") == whole
    now = {path.name: path.stat().st_mtime_ns for path in quotes.iterdir()}
    assert [name for name in times if times[name] != now[name]] == ["part-000002.parquet"]


def test_an_interruption(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_lines(tmp_path / "a.jsonl", articles())

    class Interrupted(Stub):
        def extract_many(self, texts: Any) -> Iterator[quotex.Extraction]:
            for text in texts:
                if "Note 20." in text:
                    raise KeyboardInterrupt
                yield extraction(text)

    with monkeypatch.context() as patch:
        patch.setattr("quotex.corpora._work.shared_extractor", Interrupted)
        assert run("a.jsonl", "--out", "out", "--part", "9")[0] == 130
    assert found(tmp_path / "out") == wanted()[:36]
    assert run("a.jsonl", "--out", "out", "--part", "9")[0] == 0
    assert found(tmp_path / "out") == wanted()


# other processes


def command(*arguments: str) -> list[str]:
    return [sys.executable, str(STUB), "run", *arguments]


def environment(seconds: float) -> dict[str, str]:
    return {**os.environ, "QUOTEX_STUB_SECONDS": str(seconds)}


def test_two_workers(tmp_path: Path) -> None:
    write_lines(tmp_path / "a.jsonl", articles([*TEXTS, "<boom>"]))
    done = subprocess.run(
        command("a.jsonl", "--out", "out", "--part", "9", "--workers", "2"),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "out: 41 documents, 80 quotations, 1 failed\n")
    assert found(tmp_path / "out") == wanted()
    assert errors(tmp_path / "out") == {"a40": "IndexError: no such word"}


def test_a_worker_that_dies(tmp_path: Path) -> None:
    write_lines(tmp_path / "a.jsonl", articles([*TEXTS, "<die>"]))
    done = subprocess.run(
        command("a.jsonl", "--out", "out", "--part", "9", "--workers", "2"),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "a worker died" in done.stderr


@pytest.mark.skipif(os.name != "posix", reason="kills as POSIX does")
@pytest.mark.parametrize("workers", ["1", "2"])
def test_killed_at_random_moments_nothing_is_lost_or_doubled(tmp_path: Path, workers: str) -> None:
    texts = [*TEXTS * 3, "<boom>"]
    write_lines(tmp_path / "a.jsonl", articles(texts))
    arguments = command("a.jsonl", "--out", "out", "--part", "4", "--workers", workers)
    quotes = tmp_path / "out" / "quotes"
    seed = random.randrange(1_000_000)
    chance = random.Random(seed)
    for _ in range(3):
        before = len(list(quotes.glob("part-*")))
        process = subprocess.Popen(arguments, cwd=tmp_path, env=environment(0.02), start_new_session=True)
        while process.poll() is None and len(list(quotes.glob("part-*"))) == before:
            time.sleep(0.01)
        time.sleep(chance.uniform(0, 0.3))
        process.kill()
        process.wait()
        assert wait_for(partial(no_members, process.pid)), f"workers outlive what started them (seed {seed})"
    assert 0 < len(list(quotes.glob("part-*"))) < 31, f"seed {seed}"
    done = subprocess.run(arguments, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "quotex: 1 documents failed, see out/errors.jsonl\n")
    assert found(tmp_path / "out") == wanted(texts), f"seed {seed}"
    assert errors(tmp_path / "out") == {"a120": "IndexError: no such word"}
    assert not [path for path in (tmp_path / "out").rglob("*") if ".tmp-" in path.name]


def wait_for(condition: Callable[[], bool]) -> bool:
    limit = time.monotonic() + 20
    while not condition() and time.monotonic() < limit:
        time.sleep(0.05)
    return condition()


def no_members(group: int) -> bool:
    """Whether nobody in a group of processes is alive."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return True
    return False


@pytest.mark.skipif(os.name != "posix", reason="interrupts as a terminal does")
def test_an_interruption_ends_the_workers_too(tmp_path: Path) -> None:
    write_lines(tmp_path / "a.jsonl", articles())
    arguments = command("a.jsonl", "--out", "out", "--part", "2", "--workers", "2")
    process = subprocess.Popen(
        arguments,
        cwd=tmp_path,
        env=environment(0.05),
        start_new_session=True,
        # a shell has what runs in its background ignore interrupts, tests too
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
    )
    assert wait_for(lambda: bool(list((tmp_path / "out" / "quotes").glob("part-*"))))
    os.killpg(process.pid, signal.SIGINT)
    assert process.wait(timeout=30) == 130
    assert wait_for(partial(no_members, process.pid))
    assert 0 < len(found(tmp_path / "out")) < 80


@pytest.mark.skipif(os.name != "posix", reason="locks as POSIX does")
def test_two_runs_at_a_time(tmp_path: Path) -> None:
    write_lines(tmp_path / "a.jsonl", articles())
    arguments = command("a.jsonl", "--out", "out", "--part", "2")
    process = subprocess.Popen(arguments, cwd=tmp_path, env=environment(0.1), start_new_session=True)
    try:
        assert wait_for(lambda: bool(list((tmp_path / "out" / "quotes").glob("part-*"))))
        done = subprocess.run(arguments, cwd=tmp_path, capture_output=True, text=True, check=False)
    finally:
        process.kill()
        process.wait()
    assert (done.returncode, done.stderr) == (1, "quotex: out: another process is at work on it\n")


def test_no_more_is_dealt_out_than_is_worked_on() -> None:
    """Memory does not grow with the corpus: the parts are taken one by one, as the work goes on."""
    taken: list[int] = []
    job: Any = None

    def parts() -> Iterator[tuple[int, Any]]:
        for number in range(100):
            taken.append(number)
            yield number, None

    engine = _engines.here(job, parts(), lambda _: None)
    assert taken == []
    with pytest.raises(AttributeError):
        next(engine)
    assert taken == [0]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_at_a_terminal(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_lines(tmp_path / "a.jsonl", articles())
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    run("a.jsonl", "--out", "out")
    assert "40/40" in stream.getvalue()
    assert "documents/s" in stream.getvalue()
    assert "0 s left" in stream.getvalue()


@pytest.mark.model
def test_with_the_pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = Path(__file__).parents[2].joinpath("docs", "examples", "harbour.txt").read_bytes().decode()
    write_lines(tmp_path / "a.jsonl", [{"id": "harbour", "text": text}])
    assert _cli.main(["run", "a.jsonl", "--out", "out"]) == 0
    assert found(tmp_path / "out") == [{"document": "harbour", **row} for row in rows(quotex.extract(text))]


@pytest.mark.model
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning", "ignore::ResourceWarning")
def test_on_ray(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("ray", reason="Ray is not installed: pip install quotex[ray]")
    monkeypatch.chdir(tmp_path)
    write_lines(tmp_path / "a.jsonl", articles(TEXTS[:12]))
    assert _cli.main(["run", "a.jsonl", "--out", "here", "--part", "5"]) == 0
    assert _cli.main(["run", "a.jsonl", "--out", "ray", "--part", "5", "--engine", "ray", "--workers", "2"]) == 0
    assert found(tmp_path / "ray") == found(tmp_path / "here")


def test_ray_that_is_not_installed(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    write_lines(tmp_path / "a.jsonl", articles())
    status, _, err = run("a.jsonl", "--out", "out", "--engine", "ray")
    assert (status, err) == (1, "quotex: --engine ray needs Ray: pip install quotex[ray]\n")
