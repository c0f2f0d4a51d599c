"""Time the reading of a text by the pack, as a ratio to one bare forward pass of its encoder over the same text.

    python tests/benchmarks/bench_reading.py [FILE] [--words N] [--runs N] [--memory WORDS ...]

It prints, for the first N words of FILE or of the corpus inside the package: words a second of the bare pass over all
sentences; of the whole reading with and without coreference; without the memory that tagger, parser and tagger of names
share (each then runs the encoder itself); and with nothing parsed that no quotation can depend on. `--memory` adds the
peak memory of a fresh process that extracts a text of so many words, made of the same paragraphs over and over.

The text that is timed must not repeat itself: the encoder reads a sentence once, however often it stands in a text.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import torch
from bench_speed import article_of

from quotex import Extractor
from quotex._encoder import ENCODER_NAME, SentenceBert
from quotex._marks import find_marks
from quotex._packages import load_pipeline
from quotex._stanza import read_texts
from quotex.evaluation import GoldDocument, open_corpus

PEAK = "--peak"


def seconds(runs: int, action: Callable[[], object]) -> float:
    """The fastest of several calls, after one that does not count."""
    action()
    times = []
    for _ in range(runs):
        before = time.perf_counter()
        action()
        times.append(time.perf_counter() - before)
    return min(times)


def passage(path: Path | None, words: int) -> str:
    """The first paragraphs of a file, or of the corpus inside the package, until there are so many words."""
    if path is None:
        text = "\n\n".join(found.text for found in open_corpus("own").read() if isinstance(found, GoldDocument))
    else:
        text = path.read_bytes().decode("utf-8")
    chosen: list[str] = []
    total = 0
    for paragraph in dict.fromkeys(filter(str.strip, text.splitlines())):
        if total >= words:
            break
        chosen.append(paragraph)
        total += len(paragraph.split())
    return "\n\n".join(chosen)


@contextmanager
def without(pipeline: Any, *processors: str) -> Iterator[None]:
    """A pipeline without some of its processors."""
    taken = {name: pipeline.processors.pop(name) for name in processors}
    try:
        yield
    finally:
        pipeline.processors.update(taken)


@contextmanager
def unshared() -> Iterator[None]:
    """The encoder without its memory."""
    read = SentenceBert.read
    SentenceBert.read = lambda *_: None  # type: ignore[method-assign]
    try:
        yield
    finally:
        SentenceBert.read = read  # type: ignore[method-assign]


def report_times(text: str, runs: int) -> Iterator[str]:
    """One line for each way of reading."""
    pipeline = load_pipeline("compact", "en")
    marks = find_marks(text)
    record = pipeline.foundation_cache.bert[ENCODER_NAME]
    (reading,) = read_texts(pipeline, [text], [marks], everything=True)
    words = len(reading.words)
    rows = [
        record.tokenizer.row(word.text for word in reading.words[sentence.start : sentence.end])
        for sentence in reading.sentences
    ]

    def bare() -> None:
        record.model.forget()
        record.model.read(rows)
        record.model.forget()

    def whole(*, everything: bool = True) -> object:
        return read_texts(pipeline, [text], [marks], everything=everything)

    base = seconds(runs, bare)

    def line(name: str, taken: float) -> str:
        return f"{name:44} {taken:7.2f} s {words / taken:8.0f} words/s  {taken / base:5.2f}"

    size = f"{words} words, {sum(map(len, rows))} subwords, {len(rows)} sentences"
    yield f"{size}; the last column is the ratio to the bare pass"
    yield line("one bare forward pass of the encoder", base)
    yield line("whole reading", seconds(runs, whole))
    yield line("what quotations depend on", seconds(runs, lambda: whole(everything=False)))
    with without(pipeline, "coref"):
        shared = seconds(runs, whole)
        yield line("whole reading without coreference", shared)
        with unshared():
            yield line("the same, each processor with its own pass", seconds(runs, whole))
    for name in ("ner", "lemma", "depparse", "coref"):
        with without(pipeline, name):
            yield line(f"whole reading without {name}", seconds(1, whole))


def peak(text: str) -> float:
    """The peak memory of a fresh process that extracts a text, in GB."""
    command = [sys.executable, __file__, PEAK]
    done = subprocess.run(command, input=text.encode(), check=True, capture_output=True, cwd=Path(__file__).parent)
    return float(done.stdout)


def print_peak() -> None:
    """What the fresh process does."""
    Extractor().extract(sys.stdin.buffer.read().decode())
    sys.stdout.write(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9:.3f}")


def main(argv: list[str]) -> None:
    """Print the report."""
    if argv == [PEAK]:
        print_peak()
        return
    parser = argparse.ArgumentParser(description="Time the reading of a text by the pack.")
    parser.add_argument("file", nargs="?", type=Path, help="a text (default: the corpus inside the package)")
    parser.add_argument("--words", type=int, default=3000, help="length of the text (%(default)s)")
    parser.add_argument("--runs", type=int, default=3, help="runs, of which the best counts (%(default)s)")
    parser.add_argument("--memory", type=int, nargs="*", default=[], help="lengths to measure the peak memory of")
    options = parser.parse_args(argv)
    versions = ", ".join(f"{name} {version(name)}" for name in ("quotex", "stanza", "torch"))
    cores = f"{os.cpu_count()} cores, {torch.get_num_threads()} threads"
    sys.stdout.write(f"{versions}, Python {platform.python_version()}, {cores}\n")
    text = passage(options.file, options.words)
    for line in report_times(text, options.runs):
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
    for words in options.memory:
        sys.stdout.write(f"peak memory, {words} words: {peak(article_of(text, words)):.2f} GB\n")


if __name__ == "__main__":
    main(sys.argv[1:])
