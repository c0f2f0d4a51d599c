"""`quotex evaluate`: arguments and what they do; the main command line mounts it."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import Progress as Bar

from quotex._errors import FormatError, QuotexError
from quotex.evaluation._compare import compare
from quotex.evaluation._corpora import CORPORA, CorpusError
from quotex.evaluation._report import Report, read_items
from quotex.evaluation._run import Extracts, Progress, evaluate
from quotex.evaluation._score import Item
from quotex.evaluation._table import errors_markdown, print_comparison, print_report


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `quotex evaluate` to its parser."""
    parser.add_argument("corpus", choices=CORPORA, help="which corpus, and so which format")
    parser.add_argument("path", nargs="?", type=Path, help="where it lies (its usual place below $QUOTEX_DATA)")
    parser.add_argument("--split", choices=("train", "dev", "test", "all"), help="which part (usually dev)")
    parser.add_argument("--limit", type=_positive, metavar="N", help="only the first N documents")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write figures and items for machines")
    parser.add_argument("--errors", type=Path, metavar="FILE", help="write every miss as Markdown")
    parser.add_argument("--compare", type=Path, metavar="OLD.json", help="gains and losses against an older --json")
    parser.add_argument("--models", default="compact", metavar="NAME", help="model pack (default: compact)")


def run(args: argparse.Namespace, *, extractor: Extracts | None = None) -> int:
    """Evaluate as the arguments say, print, and write the files that they name.

    Args:
        args: What `add_arguments` parses.
        extractor: What to measure; the extractor with `args.models` when left out.

    Returns:
        0; 1 where documents were skipped or the run was interrupted; 2 for a wrong call or file.
    """
    errors = Console(stderr=True, soft_wrap=True)
    try:
        # before hours of work: a file that cannot be compared, or written, is a wrong call
        old = None if args.compare is None else read_items(args.compare)
        for target in (args.json, args.errors):
            if target is not None and not target.parent.is_dir():
                raise FormatError("the folder does not exist", str(target))
        if extractor is None:
            extractor = _extractor(args.models)
        with _progress(errors) as progress:
            report = evaluate(
                args.corpus,
                args.path,
                extractor=extractor,
                split=args.split,
                limit=args.limit,
                models=args.models,
                progress=progress,
            )
    except (CorpusError, QuotexError, OSError) as error:
        errors.print(f"quotex evaluate: {error}", markup=False, highlight=False)
        return 2
    _write(report, args, old)
    return 1 if report.skipped or report.interrupted else 0


def _write(report: Report, args: argparse.Namespace, old: tuple[Item, ...] | None) -> None:
    # a width for files and pipes: 80 columns would fold the table's cells
    console = Console(width=None if sys.stdout.isatty() else 140)
    print_report(report, console)
    if old is not None:
        print_comparison(compare(old, report.items), console)
    if args.json is not None:
        args.json.write_text(json.dumps(report.to_dict(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    if args.errors is not None:
        args.errors.write_text(errors_markdown(report), encoding="utf-8")


def _extractor(models: str) -> Extracts:
    # loads torch and stanza, which neither --help nor a wrong argument needs
    from quotex._extractor import Extractor

    extractor: Extracts = Extractor(models=models)
    return extractor


@contextmanager
def _progress(console: Console) -> Iterator[Progress | None]:
    """A progress bar on a terminal, nothing elsewhere."""
    if not console.is_terminal:
        yield None
        return
    with Bar(console=console, transient=True) as bar:
        task = bar.add_task("evaluating", total=None)

        def advance(done: int, planned: int, name: str) -> None:
            bar.update(task, completed=done, total=planned, description=name)

        yield advance


def _positive(value: str) -> int:
    number = int(value)
    if number < 1:
        raise argparse.ArgumentTypeError(f"expected a number from 1, got {value}")
    return number
