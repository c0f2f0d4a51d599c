"""Time what a user waits for: the import, the models, an article.

    python tests/benchmarks/bench_speed.py [--models NAME] [--runs N] [--words N] [FILE]

It prints the import time of quotex beside that of a bare interpreter, the time to load the models, and the time for an
article of about 600 words, made of the paragraphs of FILE. Times are the best of the runs: the rest is the machine's.
"""

from __future__ import annotations

import argparse
import importlib
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from itertools import cycle
from pathlib import Path

from quotex import Extractor

ARTICLE = Path(__file__).parents[2] / "docs" / "examples" / "harbour.txt"


def best_of(runs: int, action: Callable[[], object]) -> float:
    """Seconds of the fastest of several calls."""

    def seconds() -> float:
        before = time.perf_counter()
        action()
        return time.perf_counter() - before

    return min(seconds() for _ in range(runs))


def interpreter(code: str) -> None:
    """Run code in a fresh interpreter, away from any checkout."""
    subprocess.run([sys.executable, "-c", code], cwd=tempfile.gettempdir(), check=True)


def article_of(text: str, words: int) -> str:
    """The paragraphs of a text, over again where it is short, until there are `words` of them."""
    paragraphs = [paragraph for paragraph in text.splitlines() if paragraph.strip()]
    chosen: list[str] = []
    total = 0
    for paragraph in cycle(paragraphs):
        if total >= words:
            break
        chosen.append(paragraph)
        total += len(paragraph.split())
    return "\n\n".join(chosen)


def parse(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Time the import, the models, and an article.")
    parser.add_argument("file", nargs="?", type=Path, default=ARTICLE, help="a text (default: the README's example)")
    parser.add_argument("--models", default="compact", help="model package (default: compact)")
    parser.add_argument("--runs", type=int, default=5, help="runs, of which the best counts (default: 5)")
    parser.add_argument("--words", type=int, default=600, help="length of the article (default: 600)")
    options = parser.parse_args(argv)
    if options.runs < 1 or options.words < 1:
        parser.error("--runs and --words count from 1")
    if not options.file.read_text("utf-8").strip():
        parser.error(f"{options.file} is blank")
    return options


def main(argv: list[str] | None = None) -> None:
    """Print the times."""
    options = parse(argv)
    bare = best_of(options.runs, lambda: interpreter("pass"))
    imported = best_of(options.runs, lambda: interpreter("import quotex"))

    libraries = best_of(1, lambda: importlib.import_module("stanza"))
    before = time.perf_counter()
    extractor = Extractor(models=options.models)
    extractor.extract("\N{LEFT DOUBLE QUOTATION MARK}Yes,\N{RIGHT DOUBLE QUOTATION MARK} said Ana Lee.")
    ready = time.perf_counter() - before

    text = article_of(options.file.read_bytes().decode("utf-8"), options.words)
    words = len(text.split())
    found = extractor.extract(text)
    article = best_of(options.runs, lambda: extractor.extract(text))

    versions = ", ".join(f"{name} {version(name)}" for name in ("quotex", "stanza", "torch"))
    lines = [
        f"{versions}, Python {platform.python_version()}, {os.cpu_count()} cores, models {options.models}",
        f"python -c pass              {bare:8.3f} s",
        f"python -c 'import quotex'   {imported:8.3f} s  ({imported - bare:.3f} s more)",
        f"import stanza (and torch)   {libraries:8.2f} s  (once)",
        f"load the models             {ready:8.2f} s  (once; with the first sentence)",
        f"article of {words:4d} words       {article:8.2f} s  ({words / article:.0f} words/s, {len(found)} quotations)",
    ]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
