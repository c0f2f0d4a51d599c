"""A run from its input to a finished folder, however often it is interrupted in between."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence
from contextlib import AbstractContextManager
from importlib.metadata import version
from pathlib import Path

import attrs

from quotex._rows import SCHEMA_VERSION
from quotex.corpora._engines import Engine, Numbered
from quotex.corpora._output import Output
from quotex.corpora._sources import Fields, corpus_files, count, fingerprint, parts
from quotex.corpora._work import Job, Report


@attrs.frozen(kw_only=True)
class Options:
    """What is run, and how it is divided.

    Attributes:
        inputs: Files and folders.
        fields: The names of fields and columns.
        part_documents: The largest number of documents of a part.
        models: See `quotex.Extractor`.
        language: See `quotex.Extractor`.
    """

    inputs: tuple[Path, ...]
    fields: Fields
    part_documents: int = 200
    models: str = "compact"
    language: str = "en"


@attrs.frozen(kw_only=True)
class Summary:
    """What a folder holds after a run.

    Attributes:
        documents: Documents in finished parts, those that failed included.
        rows: Quotations.
        errors: Documents that failed.
        parts: Finished parts.
        before: Documents in parts that were there before.
    """

    documents: int
    rows: int
    errors: int
    parts: int
    before: int


Progress = Callable[[int | None, int], AbstractContextManager[Report]]
"""Called with the number of all documents, `None` where nobody needs it, and of those that were done before."""


def run(options: Options, output: Output, engine: Engine, progress: Progress, *, counting: bool) -> Summary:
    """Extract the quotations of a corpus into a folder; go on where a run before this one was interrupted.

    Args:
        options: What is run. A folder is gone on with only with the same options and unchanged inputs.
        output: The folder.
        engine: Who does the parts.
        progress: Shows progress.
        counting: Count the documents first, for the progress.

    Raises:
        RunError: The folder is that of another run, or of none; a worker died.
        FormatError, OSError: An input cannot be read. What is finished stays.
        LanguageError, ModelPackageError, ModelNotFoundError: See `quotex.Extractor`.
    """
    inputs = [(path, corpus_files(path)) for path in options.inputs]
    with output.claimed(_plan(options, output, inputs)):
        done = frozenset(output.finished())
        before = sum(output.ledger(number).documents for number in done)
        total = sum(count(files) for _, files in inputs) if counting else None
        job = Job(output=output, fields=options.fields, models=options.models, language=options.language)
        try:
            with progress(total, before) as report:
                for _ in engine(job, _remaining(options, inputs, done), report):
                    pass
        finally:
            output.write_errors(output.finished())
        return _summary(output, before)


Inputs = Sequence[tuple[Path, tuple[Path, ...]]]


def _remaining(options: Options, inputs: Inputs, done: Container[int]) -> Iterator[Numbered]:
    """The parts that are to be done; those of the same inputs have the same numbers in every run."""
    everything = (part for path, files in inputs for part in parts(path, files, options.part_documents))
    return ((number, part) for number, part in enumerate(everything) if number not in done)


def _summary(output: Output, before: int) -> Summary:
    documents = rows = errors = parts_done = 0
    for number in output.finished():
        ledger = output.ledger(number)
        documents += ledger.documents
        rows += ledger.rows
        errors += len(ledger.errors)
        parts_done += 1
    return Summary(documents=documents, rows=rows, errors=errors, parts=parts_done, before=before)


def _plan(options: Options, output: Output, inputs: Inputs) -> dict[str, object]:
    return {
        "quotex": version("quotex"),
        "schema_version": SCHEMA_VERSION,
        "inputs": [str(path) for path in options.inputs],
        "fingerprints": [fingerprint(path, files) for path, files in inputs],
        "format": output.kind,
        "text": options.fields.text,
        "id": options.fields.name,
        "part_documents": options.part_documents,
        "models": options.models,
        "language": options.language,
    }
