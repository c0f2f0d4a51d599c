"""The forms in which the command line writes extractions: a table for people, JSON Lines, JSON, and CSV.

Each form is a generator of text, one piece per document, so that finished documents are out before the next is read.
"""

from __future__ import annotations

import collections
import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING

import attrs

from quotex._extraction import CSV_COLUMNS, Extraction, csv_row
from quotex._types import Quote

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

FORMATS = ("table", "jsonl", "json", "csv", "html")

TABLE_WIDTH = 80
"""Columns of a table that does not go to a terminal."""


@attrs.frozen(kw_only=True)
class Result:
    """What was found in one input.

    Attributes:
        document: Name of the input.
        extraction: Its quotations.
    """

    document: str
    extraction: Extraction


def rendered(results: Iterable[Result], kind: str, *, single: bool, terminal: bool) -> Iterator[str]:
    """The output in the form `kind`, one of `FORMATS`, piece by piece.

    `single` writes JSON as one object and not as an array of them; `terminal` allows a table colours and the width of
    the window.
    """
    if kind == "table":
        return _tables(results, terminal=terminal)
    if kind == "json":
        return _objects(results) if single else _array(results)
    if kind == "html":
        return (result.extraction.to_html(title=title_of(result.document)) for result in results)
    return _csv(results) if kind == "csv" else _lines(results)


def title_of(document: str) -> str:
    """The heading of a document's page: the file's name, without its folders."""
    return "Quotations" if document == "-" else PurePath(document).name


# a line of JSON may hold these, but readers that split lines as Python does would break it there
_LINE_ENDS = str.maketrans({"\x85": "\\u0085", "\u2028": "\\u2028", "\u2029": "\\u2029"})


def _lines(results: Iterable[Result]) -> Iterator[str]:
    for result in results:
        rows = ({"document": result.document, **row} for row in result.extraction.to_dicts())
        yield "".join(json_line(row) for row in rows)


def json_line(row: Mapping[str, object]) -> str:
    """A line of JSON Lines, its end included, that is one line for every reader."""
    return json.dumps(row, ensure_ascii=False).translate(_LINE_ENDS) + "\n"


def _objects(results: Iterable[Result]) -> Iterator[str]:
    for result in results:
        yield _object(result) + "\n"


def _array(results: Iterable[Result]) -> Iterator[str]:
    before = "[\n"
    for result in results:
        yield before + _object(result)
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def _object(result: Result) -> str:
    # put in front of what to_json wrote: to read and write a whole novel again for one field would be waste
    return f'{{"document": {json.dumps(result.document, ensure_ascii=False)}, {result.extraction.to_json()[1:]}'


def _csv(results: Iterable[Result]) -> Iterator[str]:
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, ("document", *CSV_COLUMNS))
    writer.writeheader()
    yield buffer.getvalue()
    for result in results:
        buffer.seek(0)
        buffer.truncate()
        writer.writerows({"document": result.document, **csv_row(quote)} for quote in result.extraction)
        yield buffer.getvalue()


# tables


def _tables(results: Iterable[Result], *, terminal: bool) -> Iterator[str]:
    from rich.console import Console
    from rich.text import Text

    # the width of a table in a file or pipe does not depend on the window that it was made in
    console = Console(force_terminal=terminal, width=None if terminal else TABLE_WIDTH, highlight=False, emoji=False)
    for number, result in enumerate(results):
        with console.capture() as capture:
            if number:
                console.print()
            console.print(Text(_headline(result), style="bold"))
            if len(result.extraction):
                console.print()
                console.print(_table(result.extraction.quotes, console.width))
                console.print()
                console.print(Text(_speakers(result.extraction)))
        # rich fills every line up to the width
        yield re.sub(" +$", "", capture.get(), flags=re.MULTILINE)


def _headline(result: Result) -> str:
    found = result.extraction
    counts = [_counted(len(found), "quotation"), _counted(len(found.speakers), "speaker")]
    if found.notes:
        codes = collections.Counter(note.code for note in found.notes)
        listed = ", ".join(f"{code} {count}" for code, count in codes.items())
        counts.append(f"{_counted(len(found.notes), 'note')} ({listed})")
    return f"{_folded(result.document)}: {', '.join(counts)}"


def _speakers(extraction: Extraction) -> str:
    groups = extraction.by_speaker().items()
    ranked = sorted(groups, key=lambda group: (group[0] is None, -len(group[1])))
    return "Quoted: " + ", ".join(f"{_folded(who.name) if who else 'not stated'} {len(said)}" for who, said in ranked)


def _table(quotes: Sequence[Quote], width: int) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, expand=True, pad_edge=False, show_edge=False, leading=1)
    table.add_column("Speaker", ratio=2)
    table.add_column("Quotation", ratio=3)
    table.add_column("Cue", width=9)
    table.add_column("Kind", no_wrap=True)
    table.add_column("Position", no_wrap=True, justify="right")
    limit = max(80, 2 * width - 60)  # about four lines of its column
    for quote in quotes:
        position = f"{quote.start_char}-{quote.end_char}"
        cue = _folded(quote.cue.text) if quote.cue else ""
        table.add_row(_speaker(quote), _plain(_shortened(quote.text, limit)), _plain(cue), quote.kind.value, position)
    return table


def _speaker(quote: Quote) -> Text:
    from rich.text import Text

    if quote.speaker is None:
        return Text("not stated", style="dim")
    name = Text(_folded(quote.speaker.name))
    return name.append(f"\n{_folded(quote.role)}", style="dim") if quote.role else name


def _plain(text: str) -> Text:
    from rich.text import Text

    return Text(text)  # a bare str would be read as markup


def _shortened(text: str, limit: int) -> str:
    """The text on one line; of a longer one the beginning and the end, cut between words where there are spaces."""
    line = _folded(text)
    if len(line) <= limit:
        return line
    half = (limit - 3) // 2
    return f"{line[:half].rsplit(' ', 1)[0]} \N{HORIZONTAL ELLIPSIS} {line[-half:].split(' ', 1)[-1]}"


_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")


def _folded(text: str) -> str:
    """The text on one line and without control characters, which a terminal would obey."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", " ".join(text.split()))


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
