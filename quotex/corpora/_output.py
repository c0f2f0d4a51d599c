"""The folder that a run writes: finished parts, a ledger of each, and what the run is, so that it can be gone on with.

run.json                what is run: the inputs, the options, the versions
quotes/part-000000.*    the rows of a part; it is there when the part is finished, and not before
ledger/part-000000.json how many documents and rows it has, and which documents failed
errors.jsonl            the failures of all parts
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Protocol

import attrs

from quotex._errors import FormatError, QuotexError
from quotex._formats import json_line
from quotex._rows import arrow_schema

FORMATS = ("parquet", "jsonl")


class RunError(QuotexError, ValueError):
    """A folder that a run cannot write or go on with."""


@attrs.frozen(kw_only=True)
class Ledger:
    """What became of a part.

    Attributes:
        documents: Its number of documents, those that failed included.
        rows: Its number of rows.
        errors: The documents that failed, each with `document` and `reason`.
    """

    documents: int
    rows: int
    errors: tuple[Mapping[str, str], ...]


class RowWriter(Protocol):
    """Writes rows to a file."""

    def write(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Add rows, each with `document` and `COLUMNS` as keys."""

    def close(self) -> None:
        """Finish the file."""


class _ParquetWriter:
    def __init__(self, stream: IO[bytes]) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        self._schema = pa.schema([pa.field("document", pa.string()), *arrow_schema()], arrow_schema().metadata)
        self._writer = pq.ParquetWriter(stream, self._schema, compression="zstd")

    def write(self, rows: Sequence[Mapping[str, Any]]) -> None:
        import pyarrow as pa

        if rows:
            self._writer.write_table(pa.Table.from_pylist(list(rows), schema=self._schema))

    def close(self) -> None:
        self._writer.close()


class _LineWriter:
    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def write(self, rows: Sequence[Mapping[str, Any]]) -> None:
        self._stream.writelines(json_line(row).encode() for row in rows)

    def close(self) -> None:
        self._stream.flush()


_WRITERS: dict[str, type[_ParquetWriter] | type[_LineWriter]] = {"parquet": _ParquetWriter, "jsonl": _LineWriter}


@attrs.frozen(kw_only=True)
class Output:
    """The folder of a run.

    Attributes:
        folder: The folder.
        kind: One of `FORMATS`.
    """

    folder: Path
    kind: str

    def part(self, number: int) -> Path:
        """Where the rows of a part are when it is finished."""
        return self.folder / "quotes" / f"part-{number:06}.{self.kind}"

    def finished(self) -> list[int]:
        """The numbers of the finished parts, in order."""
        names = (path.name for path in (self.folder / "quotes").glob(f"part-*.{self.kind}"))
        return sorted(int(name.removeprefix("part-").removesuffix(f".{self.kind}")) for name in names)

    def ledger(self, number: int) -> Ledger:
        """The ledger of a finished part.

        Raises:
            FormatError: Somebody has changed it.
        """
        path = self._ledger(number)
        try:
            data = json.loads(path.read_text("utf-8"))
            return Ledger(documents=data["documents"], rows=data["rows"], errors=tuple(data["errors"]))
        except (OSError, ValueError, LookupError, TypeError) as error:
            raise FormatError(f"unreadable: {error}", str(path)) from error

    def _ledger(self, number: int) -> Path:
        return self.folder / "ledger" / f"part-{number:06}.json"

    @contextmanager
    def writing(self, number: int) -> Iterator[RowWriter]:
        """Write the rows of a part; the file has its name when all is done, so that a part is there whole or not."""
        with _replacing(self.part(number)) as stream:
            writer = _WRITERS[self.kind](stream)
            try:
                yield writer
            finally:
                writer.close()

    def write_ledger(self, number: int, ledger: Ledger) -> None:
        """Write what became of a part; before its rows have their name."""
        with _replacing(self._ledger(number)) as stream:
            stream.write(json_line(attrs.asdict(ledger)).encode())

    def write_errors(self, numbers: Iterable[int]) -> None:
        """Gather the failures of finished parts in `errors.jsonl`."""
        with _replacing(self.folder / "errors.jsonl") as stream:
            for number in numbers:
                stream.writelines(json_line(error).encode() for error in self.ledger(number).errors)

    @contextmanager
    def claimed(self, plan: Mapping[str, Any]) -> Iterator[None]:
        """Make the folder, or go on with it, and keep others out; what was half written is removed.

        Raises:
            RunError: It holds something else or another run, or another process is at work on it.
        """
        path = self.folder / "run.json"
        if self.folder.exists() and not path.exists() and any(self.folder.iterdir()):
            raise RunError(f"{self.folder}: not empty, and not the folder of a run")
        for name in ("quotes", "ledger"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        with (self.folder / ".lock").open("wb") as lock:
            if not _lock(lock):
                raise RunError(f"{self.folder}: another process is at work on it")
            self._check(path, plan)
            for rest in self.folder.glob("*/.*.tmp-*"):
                rest.unlink(missing_ok=True)
            yield

    def _check(self, path: Path, plan: Mapping[str, Any]) -> None:
        if path.exists():
            try:
                known = json.loads(path.read_text("utf-8"))
            except ValueError as error:
                raise RunError(f"{path}: not JSON: {error}") from error
            changed = sorted(key for key in {*plan, *known} if plan.get(key) != known.get(key))
            if changed:
                raise RunError(f"{self.folder}: the folder of another run; different: {', '.join(changed)}")
        else:
            with _replacing(path) as stream:
                stream.write((json.dumps(plan, ensure_ascii=False, indent=2) + "\n").encode())


def _lock(file: IO[bytes]) -> bool:
    """Lock a file for as long as this process has it open. Windows has no such lock, and nobody is kept out there."""
    if sys.platform == "win32":
        return True
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _replacing(path: Path) -> Iterator[IO[bytes]]:
    """A file that takes its name when it is complete and on the disk; after an error there is none."""
    # a process that was left over from a killed run may still be at the same part
    temporary = path.with_name(f".{path.name}.tmp-{os.getpid()}")
    try:
        with temporary.open("wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
