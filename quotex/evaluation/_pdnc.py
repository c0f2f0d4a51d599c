"""Loader of the Project Dialogism Novel Corpus: whole novels with speaker, addressees and type of every quotation.

Vishnubhotla, Hammond and Hirst (2022), "The Project Dialogism Novel Corpus: A Dataset for Quotation Attribution in
Literary Texts", LREC.
"""

from __future__ import annotations

import ast
import csv
import io
import re
from functools import partial
from pathlib import Path
from typing import Final

from quotex._errors import FormatError
from quotex._types import QuoteKind, Span
from quotex.evaluation._gold import UNJUDGED, GoldDocument, GoldQuote, GoldSpeaker, QuoteType, span_of, trim
from quotex.evaluation._sources import Entry, read_text

DEVELOPMENT: Final = ("AnneOfGreenGables", "Emma", "TheAgeOfInnocence", "TheSignOfTheFour")
"""The development novels, by folder."""

TEST: Final = (
    "APassageToIndia",
    "HardTimes",
    "MansfieldPark",
    "OliverTwist",
    "WhereAngelsFearToTread",
    "WinnieThePooh",
)
"""The novels that the corpus added in 2023, kept for testing, by folder."""


_PRONOUN: Final = re.compile(r"\b(?:he|she|He|She|I)\b")
_REACH: Final = 120
"""Characters beside a quotation where its cue is looked for."""


def entries(path: Path, split: str) -> list[Entry]:
    """The novels of a split.

    Args:
        path: The corpus, its `data` folder, or one novel's folder (then `split` is not used).
        split: `dev` (`DEVELOPMENT`), `test` (`TEST`), `train` (the others) or `all`.
    """
    if (path / "novel_text.txt").is_file():
        return [Entry(name=path.name, read=partial(read_pdnc, path))]
    data = path / "data" if (path / "data").is_dir() else path
    novels = sorted(file.parent for file in data.glob("*/novel_text.txt"))
    return [
        Entry(name=novel.name, read=partial(read_pdnc, novel))
        for novel in novels
        if split in ("all", _split(novel.name))
    ]


def _split(name: str) -> str:
    if name in DEVELOPMENT:
        return "dev"
    return "test" if name in TEST else "train"


def read_pdnc(folder: Path) -> GoldDocument:
    """Read one novel from its folder.

    A speaker that is not a main name of the character list is looked up among the aliases; found with no character or
    with several, it stands for itself. The addressees `_unknowable` and `_group` are nobody, and a quotation without
    others is not judged for its addressee.

    Raises:
        FormatError: A table lacks a column or holds a cell that cannot be read; with file and line.
        OSError: A file cannot be read.
    """
    text = read_text(folder / "novel_text.txt")
    characters = [_character(row) for _, row in _rows(folder / "character_info.csv", ("Main Name", "Aliases"))]
    path = folder / "quotation_info.csv"
    columns = ("quoteID", "subQuotationList", "quoteByteSpans", "speaker", "addressees", "quoteType")
    quotes = [_quote(text, row, characters, path, line) for line, row in _rows(path, columns)]
    quotes.sort(key=lambda quote: (quote.written[0].start_char, quote.written[-1].end_char))
    return GoldDocument(
        name=folder.name,
        text=text,
        quotes=tuple(quotes),
        speakers=tuple(characters),
        kinds=frozenset({QuoteKind.DIRECT, QuoteKind.MIXED}),
        nested=False,
        fiction=True,
        genre="fiction",
    )


def read_mentions(folder: Path, novel: GoldDocument) -> list[tuple[int, int, str]]:
    """The mentions of single characters inside the quotations of a novel, and the subjects of its cues.

    Args:
        folder: The novel's folder.
        novel: The novel, as :func:`read_pdnc` reads it.

    Returns:
        Half-open code points and the character's main name. A mention whose offsets do not give its words is left out,
        and so is the subject of a cue that is no pronoun.

    Raises:
        FormatError: A table lacks a column or holds a cell that cannot be read; with file and line.
        OSError: A file cannot be read.
    """
    path = folder / "quotation_info.csv"
    columns = ("quoteID", "referringExpression", "mentionTextsList", "mentionSpansList", "mentionEntitiesList")
    quotes = {quote.id: quote for quote in novel.quotes}
    characters = list(novel.speakers)
    found = []
    for line, row in _rows(path, columns):
        cells = (_literal(row[column], path, line) for column in columns[2:])
        for group in zip(*cells, strict=True):
            for words, (start, end), owners in zip(*group, strict=True):
                if len(owners) == 1 and novel.text[start:end].split() == words.split():
                    found.append((start, end, _look_up(owners[0], characters).name))
        quote, cue = quotes[row["quoteID"]], row["referringExpression"].strip()
        subject, place = _PRONOUN.search(cue), _beside(novel.text, quote, cue)
        if subject is not None and quote.speaker is not None and place >= 0:
            found.append((place + subject.start(), place + subject.end(), quote.speaker.name))
    return found


def _beside(text: str, quote: GoldQuote, cue: str) -> int:
    """Where the cue of a quotation stands: between its parts, else behind or before it; -1 where it does not."""
    first, last = quote.written[0], quote.written[-1]
    stretches = [(first.end_char, last.start_char), (last.end_char, last.end_char + _REACH)]
    stretches.append((max(0, first.start_char - _REACH), first.start_char))
    return next((place for start, end in stretches if (place := text.find(cue, start, end)) >= 0), -1)


def _rows(path: Path, columns: tuple[str, ...]) -> list[tuple[int, dict[str, str]]]:
    """The rows of a table with the line that each ends on, the wanted columns checked."""
    reader = csv.DictReader(io.StringIO(read_text(path), newline=""))
    missing = [column for column in columns if column not in (reader.fieldnames or ())]
    if missing:
        raise FormatError(f"no column {', '.join(missing)}", str(path), 1)
    rows = []
    for row in reader:
        if any(row[column] is None for column in columns):
            raise FormatError("a row is too short", str(path), reader.line_num)
        rows.append((reader.line_num, row))
    return rows


def _literal(cell: str, path: Path, line: int) -> list[object]:
    """A list or set written as a Python literal, as this corpus stores them; a bare `set()` or nothing is empty."""
    if cell.strip() in ("", "nan", "set()"):
        return []
    try:
        value = ast.literal_eval(cell)
    except (ValueError, SyntaxError) as error:
        raise FormatError(f"expected a list, got {cell[:60]!r}", str(path), line) from error
    if not isinstance(value, (list, set, tuple)):
        raise FormatError(f"expected a list, got {cell[:60]!r}", str(path), line)
    return list(value)


def _character(row: dict[str, str]) -> GoldSpeaker:
    name = row["Main Name"].strip()
    aliases = {str(alias).strip() for alias in _literal(row["Aliases"], Path("character_info.csv"), 0)}
    return GoldSpeaker(name=name, aliases=tuple(sorted(aliases - {name, ""})))


def _quote(text: str, row: dict[str, str], characters: list[GoldSpeaker], path: Path, line: int) -> GoldQuote:
    stated = _literal(row["subQuotationList"], path, line)
    written = []
    for index, pair in enumerate(_literal(row["quoteByteSpans"], path, line)):
        if not (isinstance(pair, list) and len(pair) == 2 and all(isinstance(offset, int) for offset in pair)):
            raise FormatError(f"expected [start, end], got {pair!r}", str(path), line)
        span = _located(text, pair[0], pair[1], str(stated[index]) if index < len(stated) else "")
        if span is None:
            raise FormatError(f"{row['quoteID']}: offsets {pair} do not give its words", str(path), line)
        written.append(span)
    if not written:
        raise FormatError(f"{row['quoteID']} has no offsets", str(path), line)
    written.sort(key=lambda span: span.start_char)
    names = [str(name) for name in _literal(row["addressees"], path, line)]
    addressees = tuple(_look_up(name, characters) for name in names if not name.startswith("_"))
    speaker = row["speaker"].strip()
    kind = row["quoteType"].strip().lower()
    return GoldQuote(
        id=row["quoteID"],
        segments=tuple(trim(text, span.start_char, span.end_char) for span in written),
        written=tuple(written),
        speaker=None if speaker in ("", "nan", "_unknowable") else _look_up(speaker, characters),
        addressees=addressees or UNJUDGED,
        type=QuoteType(kind) if kind in tuple(QuoteType) else None,
    )


def _located(text: str, start: int, end: int, words: str) -> Span | None:
    """The stretch, moved to where its words really stand when the offsets do not line up, up to 200 characters away."""
    wanted = words.split()
    if start < end and (not wanted or text[start:end].split() == wanted):
        return span_of(text, start, end)
    near = max(0, start - 200)
    found = text.find(words, near, end + 200) if wanted else -1
    return span_of(text, found, found + len(words)) if found >= 0 else None


def _look_up(name: str, characters: list[GoldSpeaker]) -> GoldSpeaker:
    name = name.strip()
    exact = [character for character in characters if character.name == name]
    by_alias = [character for character in characters if name in character.aliases]
    found = exact or by_alias
    return found[0] if len(found) == 1 else GoldSpeaker(name=name)
