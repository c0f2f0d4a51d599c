"""Where the documents of a corpus are, and how they are dealt out in parts that are the same on every run.

The process that deals out reads as little as it can: names of files, lines that nobody has parsed, numbers of rows. Who
does a part makes documents of them.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

import attrs

from quotex._errors import FormatError
from quotex._rows import problem

if TYPE_CHECKING:
    import pyarrow.parquet as pq

PART_BYTES = 8_000_000
"""A part of lines or files that is larger is closed, however few documents it has."""

_LINES = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz")
_ROWS = (".parquet",)
_READ_ROWS = 64
"""Rows of a Parquet file that are in memory together."""


@attrs.frozen(kw_only=True)
class Document:
    """A document, or the reason why it is none.

    Attributes:
        name: Its id, or where it stands where it has none.
        text: The text.
        reason: Why there is no text.
    """

    name: str
    text: str = ""
    reason: str | None = None


@attrs.frozen(kw_only=True)
class Files:
    """Text files, by their paths below a folder."""

    root: Path
    names: tuple[str, ...]


@attrs.frozen(kw_only=True)
class Lines:
    """Lines of a file of JSON Lines, each with its number from 1; blank ones are left out. `label` names the file."""

    label: str
    lines: tuple[tuple[int, bytes], ...]


@attrs.frozen(kw_only=True)
class Rows:
    """Rows of a Parquet file, numbered from 0, half-open. `label` names the file."""

    label: str
    path: Path
    start: int
    end: int


Part = Files | Lines | Rows


@attrs.frozen(kw_only=True)
class Fields:
    """What the fields of a JSON object or the columns of a table are called.

    Attributes:
        text: That of the text.
        name: That of the document's id; where an object has none, the document is called `FILE:NUMBER`.
    """

    text: str = "text"
    name: str = "id"


# kinds


def is_lines(path: Path) -> bool:
    """Whether a file is one of JSON Lines, by its name."""
    return path.name.lower().endswith(_LINES)


def is_rows(path: Path) -> bool:
    """Whether a file is a Parquet file, by its name."""
    return path.name.lower().endswith(_ROWS)


def corpus_files(path: Path) -> tuple[Path, ...]:
    """The files of an input, sorted: a file itself; of a folder its Parquet and JSON Lines files and its `.txt` files.

    Raises:
        FormatError: There is none, or a file is of no kind that is known.
        FileNotFoundError: No such file or folder.
    """
    if not path.exists():
        raise FileNotFoundError(2, "No such file or folder", str(path))
    if path.is_file():
        found = [path] if is_lines(path) or is_rows(path) or path.suffix.lower() == ".txt" else []
    else:
        files = (file for file in path.rglob("*") if file.is_file())
        found = sorted(file for file in files if is_lines(file) or is_rows(file) or file.suffix.lower() == ".txt")
    if not found:
        raise FormatError("no .txt, .jsonl, .jsonl.gz, .ndjson, .ndjson.gz or .parquet file", str(path))
    return tuple(found)


def fingerprint(path: Path, files: Iterable[Path]) -> str:
    """Tells whether an input is still the same: of the names, sizes and times of change of its files."""
    digest = hashlib.sha256(str(path.resolve()).encode("utf-8", "surrogateescape"))
    for file in files:
        status = file.stat()
        digest.update(f"\0{file}\0{status.st_size}\0{status.st_mtime_ns}".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


# dealing out


def parts(root: Path, files: Sequence[Path], documents: int) -> Iterator[Part]:
    """The parts of an input in their order: at most so many documents each, never of two tables.

    Raises:
        FormatError: A file is damaged.
        OSError: A file cannot be read.
    """
    texts = [file for file in files if not is_lines(file) and not is_rows(file)]
    below = root if root.is_dir() else root.parent
    sized = ((file.relative_to(below).as_posix(), file.stat().st_size) for file in texts)
    for names in _grouped(sized, documents):
        yield Files(root=below, names=tuple(names))
    for file in files:
        if is_lines(file):
            sized_lines = ((line, len(line[1])) for line in _lines(file))
            for group in _grouped(sized_lines, documents):
                yield Lines(label=file.relative_to(below).as_posix(), lines=tuple(group))
        elif is_rows(file):
            rows = _table(file).metadata.num_rows
            for start in range(0, rows, documents):
                label = file.relative_to(below).as_posix()
                yield Rows(label=label, path=file, start=start, end=min(start + documents, rows))


def _grouped(items: Iterable[tuple[Any, int]], number: int) -> Iterator[list[Any]]:
    """Groups of at most `number` items, closed where they reach `PART_BYTES`."""
    group: list[Any] = []
    size = 0
    for item, length in items:
        group.append(item)
        size += length
        if len(group) == number or size >= PART_BYTES:
            yield group
            group, size = [], 0
    if group:
        yield group


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    try:
        with _opened(path) as stream:
            yield from ((number, line) for number, line in enumerate(stream, 1) if not line.isspace())
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise FormatError(f"damaged gzip file: {error}", str(path)) from error


def _opened(path: Path) -> IO[bytes]:
    return cast(IO[bytes], gzip.open(path)) if path.name.lower().endswith(".gz") else path.open("rb")


def count(files: Sequence[Path]) -> int:
    """The number of documents; files of lines are read through for it.

    Raises:
        FormatError: A file is damaged.
    """
    return sum(
        sum(1 for _ in _lines(file)) if is_lines(file) else _table(file).metadata.num_rows if is_rows(file) else 1
        for file in files
    )


def size(part: Part) -> int:
    """The number of documents of a part."""
    if isinstance(part, Rows):
        return part.end - part.start
    return len(part.names) if isinstance(part, Files) else len(part.lines)


# documents


def documents(part: Part, fields: Fields) -> Iterator[Document]:
    """The documents of a part in their order.

    Raises:
        FormatError: A Parquet file is damaged or lacks the column of the texts.
    """
    if isinstance(part, Files):
        return (_file(part.root / name, name) for name in part.names)
    if isinstance(part, Lines):
        return (_line(f"{part.label}:{number}", line, fields) for number, line in part.lines)
    return _rows(part, fields)


def _file(path: Path, name: str) -> Document:
    name = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    try:
        # decoding bytes, unlike reading text, leaves the line ends alone, which every offset depends on
        return Document(name=name, text=path.read_bytes().decode("utf-8"))
    except UnicodeDecodeError as error:
        reason = f"not UTF-8: byte 0x{error.object[error.start]:02x} at offset {error.start}"
        return Document(name=name, reason=reason)
    except OSError as error:
        return Document(name=name, reason=error.strerror or str(error))


def _line(place: str, line: bytes, fields: Fields) -> Document:
    try:
        found = json.loads(line)
    except UnicodeDecodeError as error:
        return Document(name=place, reason=f"not UTF-8: byte 0x{line[error.start]:02x} at offset {error.start}")
    except (json.JSONDecodeError, RecursionError) as error:
        return Document(name=place, reason=f"not JSON: {error}")
    if not isinstance(found, dict):
        return Document(name=place, reason=f"not a JSON object but {type(found).__name__}")
    name = _name(found.get(fields.name), place)
    if fields.text not in found:
        return Document(name=name, reason=f"no field {fields.text!r}")
    return _document(name, found[fields.text])


def _name(value: object, place: str) -> str:
    name = place if value is None else str(value)
    return name.encode("utf-8", "replace").decode("utf-8")


def _document(name: str, text: object) -> Document:
    reason = problem(text)
    return Document(name=name, text=cast(str, text)) if reason is None else Document(name=name, reason=reason)


def _table(path: Path) -> pq.ParquetFile:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return pq.ParquetFile(path)
    except pa.ArrowInvalid as error:
        raise FormatError(f"not a Parquet file: {error}", str(path)) from error


def _rows(part: Rows, fields: Fields) -> Iterator[Document]:
    table = _table(part.path)
    columns = [name for name in (fields.text, fields.name) if name in table.schema_arrow.names]
    if fields.text not in columns:
        raise FormatError(f"no column {fields.text!r}", str(part.path))
    groups, first = _row_groups(table, part)
    for batch in table.iter_batches(_READ_ROWS, row_groups=groups, columns=columns):
        for row in batch.to_pylist():
            if part.start <= first < part.end:
                yield _document(_name(row.get(fields.name), f"{part.label}:{first}"), row[fields.text])
            first += 1
        if first >= part.end:
            return


def _row_groups(table: pq.ParquetFile, part: Rows) -> tuple[list[int], int]:
    """The row groups that hold a part, and the number of the first row in them."""
    found: list[int] = []
    first = start = 0
    for group in range(table.metadata.num_row_groups):
        end = start + table.metadata.row_group(group).num_rows
        if start < part.end and part.start < end:
            first = first if found else start
            found.append(group)
        start = end
    return found, first
