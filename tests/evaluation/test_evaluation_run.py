"""Runs over a corpus of one's own, and the command line."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest
from evaluation_stubs import Empty, Perfect

from quotex import Extraction
from quotex.evaluation import Extracts, evaluate, read_tagged
from quotex.evaluation._cli import add_arguments, run

DOCUMENTS = {
    "leak": "speaker lee: Jordan Lee | person | plumber\n---\n"
    '<q1 by="lee">“It leaks,”</q1> <c1>said</c1> <s1>Lee</s1>.\n',
    "road": '---\n<q1 by="Ana Ruiz">“It is shut,”</q1> <c1>wrote</c1> <s1>Ana Ruiz</s1>. An <x1>“end”</x1>.\n',
}


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    for name, content in DOCUMENTS.items():
        (folder / f"{name}.txt").write_text(content, encoding="utf-8")
    return folder


@pytest.fixture
def perfect(corpus: Path) -> Perfect:
    return Perfect(read_tagged(path) for path in corpus.glob("*.txt"))


def arguments(*given: str | Path) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return parser.parse_args([str(argument) for argument in given])


def test_perfect_and_empty(corpus: Path, perfect: Perfect) -> None:
    seen: list[tuple[int, int, str]] = []
    report = evaluate(
        "own", corpus, extractor=perfect, progress=lambda done, planned, name: seen.append((done, planned, name))
    )
    assert {figure.value for figure in report.figures.values()} <= {1.0, None}
    assert report.figures["speaker.strict"].total == 2
    assert seen == [(1, 2, "leak"), (2, 2, "road")]
    assert (report.misses, report.skipped, report.interrupted) == ((), (), False)
    empty = evaluate("own", corpus, extractor=Empty()).figures
    assert {figure.value for key, figure in empty.items() if key != "not_speech"} <= {0.0, None}
    assert empty["quotation.f1"].value == empty["speaker.lenient"].value == 0.0


class Stopping:
    """Raises on the document that contains a word."""

    def __init__(self, inner: Extracts, word: str, error: BaseException) -> None:
        self._inner, self._word, self._error = inner, word, error

    def extract(self, text: str, /) -> Extraction:
        if self._word in text:
            raise self._error
        return self._inner.extract(text)


def test_an_interrupted_run_keeps_what_is_finished(corpus: Path, perfect: Perfect) -> None:
    report = evaluate("own", corpus, extractor=Stopping(perfect, "shut", KeyboardInterrupt()))
    assert report.interrupted
    assert [document.name for document in report.documents] == ["leak"]
    assert report.planned == 2
    assert report.figures["quotation.f1"].value == 1.0


def test_broken_documents_are_reported_and_skipped(corpus: Path, perfect: Perfect) -> None:
    (corpus / "broken.txt").write_text("---\n<q1>“never closed\n", encoding="utf-8")
    report = evaluate("own", corpus, extractor=Stopping(perfect, "leaks", RuntimeError("out of memory")))
    assert [(broken.name, broken.reason.partition(": ")[0]) for broken in report.skipped] == [
        ("broken", f"{corpus / 'broken.txt'}, line 2"),
        ("leak", "RuntimeError"),
    ]
    assert [document.name for document in report.documents] == ["road"]


def test_command_line(corpus: Path, perfect: Perfect, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, second, errors = (tmp_path / name for name in ("first.json", "second.json", "errors.md"))
    assert run(arguments("own", corpus, "--json", first), extractor=Empty()) == 0
    capsys.readouterr()
    given = arguments("own", corpus, "--json", second, "--errors", errors, "--compare", first, "--models", "mine")
    assert run(given, extractor=perfect) == 0
    output = capsys.readouterr()
    assert "own (all): 2 documents, 2 quotations; models mine" in output.out
    assert "2 gains, 0 losses" in output.out
    assert output.err == ""
    assert json.loads(second.read_text(encoding="utf-8"))["figures"]["speaker.lenient"]["value"] == 1.0
    assert errors.read_text(encoding="utf-8").startswith("# Errors: own (all)")


def test_command_line_limit_and_interruption(
    corpus: Path, perfect: Perfect, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments("own", corpus, "--limit", "1"), extractor=perfect) == 0
    assert "1 documents" in capsys.readouterr().out
    assert run(arguments("own", corpus), extractor=Stopping(perfect, "shut", KeyboardInterrupt())) == 1
    assert "interrupted: 1 of 2 documents are counted" in capsys.readouterr().out


def test_command_line_refuses(corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments("own", tmp_path / "nowhere"), extractor=Empty()) == 2
    assert "no own documents" in capsys.readouterr().err
    assert run(arguments("own", corpus, "--compare", tmp_path / "none.json"), extractor=Empty()) == 2
    assert run(arguments("own", corpus, "--json", tmp_path / "no" / "x.json"), extractor=Empty()) == 2
    assert "the folder does not exist" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        arguments("moon")
    with pytest.raises(SystemExit):
        arguments("own", "--limit", "0")
