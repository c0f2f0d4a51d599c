"""The command line: `quotex extract`, `quotex run`, `quotex models` and `quotex evaluate`.

Status: 0; 1 where some input or the output failed (the other inputs are done); 2 for wrong usage; 130 when interrupted.
Results go out document by document, so what was finished before an interruption is there and well-formed.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import itertools
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TextIO

import attrs

from quotex._errors import LanguageError, ModelPackageError, QuotexError
from quotex._extractor import Extractor
from quotex._formats import FORMATS, Result, rendered

STDIN = "-"

EXTRACT_EPILOG = """\
formats:
  table  for people
  jsonl  one line per quotation, `document` (the path as given) first
  json   for a single file one object, which Extraction.from_json reads; for several paths or a folder an array of them
  csv    one header, one row per quotation, `document` first
  html   for a single file one page that needs no other file; for several paths or a folder, -o names a folder, which
         gets a page for each text and an index.html

Texts are read as UTF-8. Offsets count the code points of the file exactly as it decodes: CRLF is two, a byte order
mark at the start is one.

status: 0; 1 some input failed (named on standard error; the others are done); 2 wrong usage; 130 interrupted"""


@attrs.frozen(kw_only=True)
class Document:
    """An input that was read.

    Attributes:
        name: The path as given, or `-`.
        text: The whole of it, line ends and byte order mark untouched.
    """

    name: str
    text: str


@attrs.define(kw_only=True)
class Outcome:
    """What went wrong so far; it decides the exit status.

    Attributes:
        failed: Some input or the output failed.
        interrupted: The user broke off.
    """

    failed: bool = False
    interrupted: bool = False

    def fail(self, name: str, reason: str) -> None:
        """Report a failure on standard error and remember it."""
        print(f"quotex: {name}: {reason}", file=sys.stderr)
        self.failed = True

    @property
    def status(self) -> int:
        """The exit status."""
        return 130 if self.interrupted else int(self.failed)


class OutputError(Exception):
    """The output cannot be written; the cause says why."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit status; wrong usage raises `SystemExit(2)`, as argparse does."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    parser = _parser(arguments)
    options = parser.parse_args(arguments)
    try:
        return int(options.run(options))
    except (LanguageError, ModelPackageError) as error:
        parser.error(str(error))
    except QuotexError as error:
        print(f"quotex: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="quotex", description="Find the quotations in a text and say who is speaking."
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version and exit")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    extract = commands.add_parser(
        "extract",
        help="quotations with speaker, role, cue and offsets",
        description="Extract the quotations of texts, each with its speaker, role, cue and offsets.",
        epilog=EXTRACT_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_extract_arguments(extract)
    _add_models_commands(commands.add_parser("models", help="list or download model packages"))
    evaluate = commands.add_parser("evaluate", help="score the extraction on a corpus")
    if next((argument for argument in arguments if not argument.startswith("-")), None) == "evaluate":
        # the evaluation is not needed to extract: its import would only cost time
        from quotex.evaluation._cli import add_arguments, run

        add_arguments(evaluate)
        evaluate.set_defaults(run=run)
    corpus = commands.add_parser("run", help="quotations of a whole corpus, in parts and processes")
    if next((argument for argument in arguments if not argument.startswith("-")), None) == "run":
        from quotex.corpora._cli import add_arguments as add_run_arguments

        add_run_arguments(corpus)
    return parser


def _add_extract_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        help="text file, folder (its .txt files, recursively), or - for standard input, the default in a pipe",
    )
    parser.add_argument(
        "-f",
        "--format",
        choices=FORMATS,
        help="default: table where the output is a terminal, jsonl otherwise",
    )
    parser.add_argument("-o", "--output", metavar="FILE", default=STDIN, help="write there, not to standard output")
    parser.add_argument(
        "--open",
        action="store_true",
        help="make a page (html) and show it in the browser; without -o in a temporary file",
    )
    parser.add_argument(
        "--models",
        metavar="NAME",
        default="compact",
        help="model package (default: compact, which comes with quotex)",
    )
    parser.add_argument("--language", metavar="CODE", default="en", help="language of the texts (default: en)")
    parser.set_defaults(run=_extract, usage=parser.error)


def _add_models_commands(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    text = "list the packages that --models takes, and which of them are on this machine"
    listing = commands.add_parser("list", help=text, description=text.capitalize() + ".")
    listing.set_defaults(run=_list_models)
    text = "download a package of Stanza's, or what is still missing of it"
    download = commands.add_parser("download", help=text, description=text.capitalize() + ".")
    download.add_argument("package", metavar="NAME", help="package, such as default or default_accurate")
    download.add_argument("--coref", action="store_true", help="with its coreference model (large; needs peft to run)")
    download.set_defaults(run=_download_models)
    for sub in (listing, download):
        sub.add_argument("--language", metavar="CODE", default="en", help="language of the models (default: en)")


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version

        print(f"quotex {version('quotex')}")
        parser.exit()


def _extract(options: argparse.Namespace) -> int:
    paths = options.paths
    if not paths:
        if sys.stdin is None or sys.stdin.isatty():
            options.usage("no PATH given, and standard input is not a pipe or file")
        paths = [STDIN]
    outcome = Outcome()
    single = len(paths) == 1 and not Path(paths[0]).is_dir()
    folder = _page_folder(options, single=single)
    files = list(_files(paths, outcome))
    if _is_input(options.output, files):
        options.usage(f"{options.output} is input and output at once")
    extractor = Extractor(models=options.models, language=options.language) if files else None
    if folder is not None:
        return _extract_pages(folder, files, extractor, outcome, show=options.open)
    with contextlib.ExitStack() as stack:
        try:
            stream = _standard_output() if options.output == STDIN else stack.enter_context(_created(options.output))
        except OSError as error:
            options.usage(f"cannot write {options.output}: {error.strerror}")
        kind = options.format or ("table" if stream.isatty() else "jsonl")
        results = _results(files, extractor, outcome)
        if len(files) > 1 and sys.stderr.isatty() and not stream.isatty():
            results = _with_progress(results, len(files))
        try:
            _write(stream, rendered(results, kind, single=single, terminal=stream.isatty()))
        except OutputError as error:
            if not isinstance(error.__cause__, BrokenPipeError):
                print(f"quotex: cannot write: {error.__cause__}", file=sys.stderr)
            _discard(stream)
            return 1
    if options.open and not outcome.status:
        _show(Path(options.output))
    return outcome.status


def _list_models(options: argparse.Namespace) -> int:
    from quotex._packages import list_packages

    packages = list_packages(options.language)
    width = max((len(package.name) for package in packages), default=0)
    for package in packages:
        state = "here" if package.present else "not downloaded"
        print(f"{package.name:{width}}  {state:14}  {', '.join(name for name, _ in package.processors)}")
    if len(packages) < 2:
        print(
            "Stanza's list of packages comes with the first download: quotex models download default", file=sys.stderr
        )
    return 0


def _download_models(options: argparse.Namespace) -> int:
    from quotex._packages import download_package

    progress = sys.stderr is not None and sys.stderr.isatty()
    package = download_package(options.package, options.language, coref=options.coref, progress=progress)
    print(f"{package.name}: {', '.join(name for name, _ in package.processors)} in {package.directory}")
    return 0


# pages


def _page_folder(options: argparse.Namespace, *, single: bool) -> Path | None:
    """The folder that pages go into, or `None` where the output is one stream."""
    if options.open:
        if options.format not in (None, "html"):
            options.usage("--open shows a page: leave --format out")
        options.format = "html"
        if options.output == STDIN:
            # it has to outlive this process, for the browser
            options.output = str(Path(tempfile.mkdtemp(prefix="quotex-")) / ("page.html" if single else ""))
    output = Path(options.output)
    if options.format != "html" or (single and not output.is_dir()):
        return None
    if options.output == STDIN:
        options.usage("pages of several texts need a folder: -o FOLDER")
    return output


def _extract_pages(
    folder: Path, files: Sequence[str], extractor: Extractor | None, outcome: Outcome, *, show: bool
) -> int:
    from quotex._page_files import write_pages

    results = _results(files, extractor, outcome)
    if len(files) > 1 and sys.stderr.isatty():
        results = _with_progress(results, len(files))
    try:
        index = write_pages(results, folder)
    except OSError as error:
        outcome.fail(_printable(error.filename or str(folder)), f"cannot write: {error.strerror}")
        return 1
    if show and not outcome.interrupted:
        _show(index)
    return outcome.status


def _show(page: Path) -> None:
    import webbrowser

    if not webbrowser.open(page.resolve().as_uri()):
        print(f"quotex: no browser to open; the page is {_printable(str(page))}", file=sys.stderr)


# input


def _files(paths: Sequence[str], outcome: Outcome) -> Iterator[str]:
    for path in paths:
        if path == STDIN or not Path(path).is_dir():
            yield path
            continue
        found = sorted(str(file) for file in Path(path).rglob("*") if file.suffix.lower() == ".txt" and file.is_file())
        if not found:
            outcome.fail(_printable(path), "folder without .txt files")
        yield from found


def _documents(files: Sequence[str], outcome: Outcome) -> Iterator[Document]:
    for file in files:
        name = _printable(file)
        try:
            data = sys.stdin.buffer.read() if file == STDIN else Path(file).read_bytes()
            # decoding bytes, unlike reading text, leaves the line ends alone, which every offset depends on
            yield Document(name=name, text=data.decode("utf-8"))
        except UnicodeDecodeError as error:
            outcome.fail(name, f"not UTF-8: byte 0x{error.object[error.start]:02x} at offset {error.start}")
        except OSError as error:
            outcome.fail(name, error.strerror or str(error))


def _results(files: Sequence[str], extractor: Extractor | None, outcome: Outcome) -> Iterator[Result]:
    if extractor is None:
        return
    documents, again = itertools.tee(_documents(files, outcome))
    extractions = extractor.extract_many(document.text for document in again)
    try:
        for document, extraction in zip(documents, extractions, strict=True):
            yield Result(document=document.name, extraction=extraction)
    except KeyboardInterrupt:
        outcome.interrupted = True


def _with_progress(results: Iterator[Result], total: int) -> Iterator[Result]:
    from rich.console import Console
    from rich.progress import track

    yield from track(results, "documents", total=total, console=Console(stderr=True), transient=True)


def _printable(path: str) -> str:
    """A path as text that can be encoded, whatever bytes the file system has in it."""
    return os.fsencode(path).decode("utf-8", "replace")


# output


def _is_input(output: str, files: Sequence[str]) -> bool:
    if output == STDIN or not Path(output).exists():
        return False
    return any(file != STDIN and Path(file).exists() and Path(file).samefile(output) for file in files)


def _created(path: str) -> TextIO:
    return Path(path).open("w", encoding="utf-8", newline="")


def _standard_output() -> TextIO:
    if isinstance(sys.stdout, io.TextIOWrapper):
        # machine-readable forms are UTF-8 on every system; a terminal that is not keeps its own encoding
        if sys.stdout.isatty():
            sys.stdout.reconfigure(errors="replace")
        else:
            sys.stdout.reconfigure(encoding="utf-8", newline="")
    return sys.stdout


def _write(stream: TextIO, chunks: Iterable[str]) -> None:
    for chunk in chunks:
        try:
            stream.write(chunk)
            stream.flush()
        except OSError as error:
            raise OutputError from error


def _discard(stream: TextIO) -> None:
    """Let what is still buffered go nowhere: Python would try to write it once more at exit, and complain."""
    with contextlib.suppress(OSError, ValueError):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, stream.fileno())
        os.close(null)
