"""`quotex run`."""

from __future__ import annotations

import argparse
import sys
from importlib.util import find_spec
from pathlib import Path

from quotex._errors import QuotexError
from quotex.corpora._engines import engine
from quotex.corpora._output import FORMATS, Output, RunError
from quotex.corpora._progress import bar, silent
from quotex.corpora._run import Options, Summary, run
from quotex.corpora._sources import Fields, corpus_files, is_rows

DESCRIPTION = """\
Extract the quotations of a whole corpus into a folder, in parts. Interrupted, by whatever, the same command goes on
with what is missing."""

EPILOG = """\
inputs: a folder (its .txt, .jsonl, .jsonl.gz, .ndjson, .ndjson.gz and .parquet files, recursively) or such a file.
output: DIR/quotes/part-*.parquet or .jsonl, one row per quotation (docs/schema.md); DIR/errors.jsonl, the documents
that failed, each with the reason; DIR/ledger and DIR/run.json, what is done and what is run.

status: 0; 1 some document or the run failed (the others are done); 2 wrong usage; 130 interrupted"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `quotex run` to a parser."""
    parser.description = DESCRIPTION
    parser.epilog = EPILOG
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("inputs", nargs="+", metavar="INPUT", type=Path, help="folder or file")
    parser.add_argument("--out", metavar="DIR", type=Path, required=True, help="folder for the results")
    parser.add_argument("-f", "--format", choices=FORMATS, default="parquet", help="default: parquet")
    parser.add_argument("--text", metavar="NAME", default="text", help="field or column of the text (default: text)")
    parser.add_argument("--id", metavar="NAME", default="id", help="field or column of the document's id (default: id)")
    parser.add_argument("--workers", metavar="N", type=_positive, help="processes (default: 1), or Ray tasks at a time")
    parser.add_argument("--engine", choices=("local", "ray"), default="local", help="default: local, this machine")
    parser.add_argument(
        "--part", metavar="N", type=_positive, default=200, help="documents in a part, at most (default: 200)"
    )
    parser.add_argument("--models", metavar="NAME", default="compact", help="model package (default: compact)")
    parser.add_argument("--language", metavar="CODE", default="en", help="language of the texts (default: en)")
    parser.set_defaults(run=run_command, usage=parser.error)


def _positive(value: str) -> int:
    number = int(value)
    if number < 1:
        raise argparse.ArgumentTypeError(f"must be 1 or more, not {number}")
    return number


def run_command(options: argparse.Namespace) -> int:
    """Run `quotex run`.

    Raises:
        LanguageError, ModelPackageError: Wrong usage, as everywhere on the command line.
    """
    _check(options)
    terminal = sys.stderr is not None and sys.stderr.isatty()
    try:
        done = run(
            Options(
                inputs=tuple(options.inputs),
                fields=Fields(text=options.text, name=options.id),
                part_documents=options.part,
                models=options.models,
                language=options.language,
            ),
            Output(folder=options.out, kind=options.format),
            engine(options.engine, options.workers),
            bar if terminal else silent,
            counting=terminal,
        )
    except RunError as error:
        print(f"quotex: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        if isinstance(error, QuotexError):
            raise
        print(f"quotex: {error.filename or options.out}: {error.strerror or error}", file=sys.stderr)
        return 1
    print(_said(done, options.out))
    if done.errors:
        print(f"quotex: {done.errors} documents failed, see {options.out / 'errors.jsonl'}", file=sys.stderr)
    return int(done.errors > 0)


def _check(options: argparse.Namespace) -> None:
    """Refuse wrong usage before anything is made."""
    for path in options.inputs:
        try:
            files = corpus_files(path)
        except OSError as error:
            options.usage(f"{path}: {error.strerror}")
        except QuotexError as error:
            options.usage(str(error))
        if (options.format == "parquet" or any(map(is_rows, files))) and find_spec("pyarrow") is None:
            options.usage("Parquet needs pyarrow: pip install quotex[frames]; or write --format jsonl")
        if options.out.resolve() == path.resolve() or path.resolve() in options.out.resolve().parents:
            options.usage(f"{options.out} is inside {path}, and its files would become input")


def _said(done: Summary, folder: Path) -> str:
    before = f" ({done.before} of them before)" if done.before else ""
    return f"{folder}: {done.documents} documents{before}, {done.rows} quotations, {done.errors} failed"
