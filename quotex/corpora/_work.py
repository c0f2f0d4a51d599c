"""What a worker does: one part, from its documents to a finished file. Everything that it needs is in its arguments."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import attrs

from quotex._extractor import shared_extractor
from quotex._rows import Extracts, Failure, extract_each, rows
from quotex.corpora._output import Ledger, Output
from quotex.corpora._sources import Document, Fields, Part, documents

_BATCH_DOCUMENTS = 32
_BATCH_CHARACTERS = 60_000
"""Documents are taken until they reach one of these: what is in memory, and how often progress is reported."""


class Stopped(Exception):  # noqa: N818 (no error)
    """Somebody wants the work to stop; the part is not finished."""


@attrs.frozen(kw_only=True)
class Job:
    """A run, as a worker needs to know it.

    Attributes:
        output: Where the parts go.
        fields: The names of fields and columns.
        models: See `quotex.Extractor`.
        language: See `quotex.Extractor`.
    """

    output: Output
    fields: Fields
    models: str
    language: str


Report = Callable[[int], None]
"""Is told how many more documents are done; may raise `Stopped`."""


def do_part(job: Job, number: int, part: Part, report: Report, extractor: Extracts | None = None) -> Ledger:
    """Extract the quotations of a part and write its file.

    Args:
        job: The run.
        number: The number of the part.
        part: Its documents.
        report: See `Report`.
        extractor: What extracts; where it is `None`, that of this process, whose models are loaded once.

    Raises:
        Stopped: By `report`; the part is not finished.
        LanguageError, ModelPackageError, ModelNotFoundError: See `quotex.Extractor`.
        FormatError: The input is damaged.
        OSError: The part cannot be written.
    """
    extractor = extractor or shared_extractor(job.models, job.language)
    errors: list[dict[str, str]] = []
    done = written = 0
    with job.output.writing(number) as writer:
        for batch in _batches(documents(part, job.fields)):
            for document, found in zip(batch, _extracted(extractor, batch), strict=True):
                if isinstance(found, Failure):
                    errors.append({"document": document.name, "reason": found.reason})
                    continue
                table = [{"document": document.name, **row} for row in found]
                writer.write(table)
                written += len(table)
            done += len(batch)
            report(len(batch))
        ledger = Ledger(documents=done, rows=written, errors=tuple(errors))
        job.output.write_ledger(number, ledger)
    return ledger


def _extracted(extractor: Extracts, batch: Sequence[Document]) -> Iterator[Failure | list[dict[str, object]]]:
    """The rows of each document, or why it failed."""
    results = iter(extract_each(extractor, [document.text for document in batch if document.reason is None]))
    for document in batch:
        found = next(results) if document.reason is None else Failure(reason=document.reason)
        yield found if isinstance(found, Failure) else rows(found)


def _batches(found: Iterable[Document]) -> Iterator[list[Document]]:
    batch: list[Document] = []
    size = 0
    for document in found:
        batch.append(document)
        size += len(document.text)
        if len(batch) == _BATCH_DOCUMENTS or size >= _BATCH_CHARACTERS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
