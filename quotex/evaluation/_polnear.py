"""Loader of PolNeAR: news with source, cue and content of every attribution in brat stand-off files.

Newell, Margolin and Ruths (2018), "An Attribution Relations Corpus for Political News", LREC.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Final

from quotex._errors import FormatError
from quotex._types import QuoteKind, Span
from quotex.evaluation._gold import GoldDocument, GoldQuote, span_of, trim
from quotex.evaluation._sources import Entry, read_text

# "T31<tab>Content 1948 1958;1974 2071<tab>the words"; the words may run over line ends, which is no matter
_TEXT_BOUND: Final = re.compile(r"(?P<id>T[0-9]+)\t(?P<type>\S+) (?P<offsets>[0-9]+ [0-9]+(?:;[0-9]+ [0-9]+)*)(?:\t|$)")
_EVENT: Final = re.compile(r"(?P<id>E[0-9]+)\t(?P<type>\S+?):T[0-9]+(?P<roles>(?: \S+:\S+)*)\s*$")
_ROLE: Final = re.compile(r"(?P<name>[A-Za-z]+)[0-9]*:(?P<id>\S+)")
_OPENING: Final = '“"„«'
_CLOSING: Final = '”"»'


def entries(path: Path, split: str) -> list[Entry]:
    """The articles of a split.

    A few articles were annotated by several people; the first annotator, by file name, is taken.

    Args:
        path: The corpus, its `data` folder, or a folder with `text` and `attributions` (then `split` is not used).
        split: A folder of `data`, or `all`.
    """
    folders = _folders(path, split)
    found: dict[str, Entry] = {}
    for folder in folders:
        for file in sorted((folder / "attributions").glob("*.ann")):
            name = file.stem.rpartition("_")[0] or file.stem
            text = folder / "text" / f"{name}.txt"
            found.setdefault(name, Entry(name=name, read=partial(read_polnear, name, text, file)))
    return list(found.values())


def _folders(path: Path, split: str) -> list[Path]:
    if (path / "attributions").is_dir():
        return [path]
    data = path / "data" if (path / "data").is_dir() else path
    if split == "all":
        return sorted(folder.parent for folder in data.glob("*/attributions"))
    return [data / split]


def read_polnear(name: str, text_path: Path, annotation_path: Path) -> GoldDocument:
    """Read one article.

    Args:
        name: What to call the document.
        text_path: The text.
        annotation_path: One annotator's brat file. Notes and what the annotators set aside (`Discuss`, `Discard`) are
            left out, and so is an attribution without content.

    Raises:
        FormatError: An attribution refers to nothing or stands outside the text; with file and line.
        OSError: A file cannot be read.
    """
    text = read_text(text_path)
    spans: dict[str, tuple[Span, ...]] = {}
    events: list[tuple[int, re.Match[str]]] = []
    for number, line in enumerate(read_text(annotation_path).splitlines(), 1):
        bound = _TEXT_BOUND.match(line)
        event = None if bound else _EVENT.match(line)
        if bound is not None:
            spans[bound["id"]] = _stretches(text, bound["offsets"], annotation_path, number)
        elif event is not None and event["type"].startswith("Attribution"):
            events.append((number, event))
    read = (_quote(text, event, spans, annotation_path, number) for number, event in events)
    quotes = [quote for quote in read if quote is not None]
    quotes.sort(key=lambda quote: (quote.written[0].start_char, quote.written[-1].end_char))
    return GoldDocument(name=name, text=text, quotes=tuple(quotes), triples=True, genre="news")


def _stretches(text: str, offsets: str, path: Path, line: int) -> tuple[Span, ...]:
    spans = []
    for pair in offsets.split(";"):
        start, end = map(int, pair.split())
        if not start < end <= len(text):
            raise FormatError(f"offsets {start} {end} in a text of {len(text)}", str(path), line)
        spans.append(span_of(text, start, end))
    return tuple(sorted(spans, key=lambda span: span.start_char))


def _quote(
    text: str, event: re.Match[str], spans: Mapping[str, tuple[Span, ...]], path: Path, line: int
) -> GoldQuote | None:
    parts: dict[str, list[Span]] = {"Source": [], "Cue": [], "Content": []}
    for role in _ROLE.finditer(event["roles"]):
        if role["name"] not in parts or role["id"] not in spans:
            raise FormatError(f"{event['id']} refers to unknown {role[0]}", str(path), line)
        parts[role["name"]].extend(spans[role["id"]])
    if not parts["Content"]:
        return None
    written = tuple(sorted(parts["Content"], key=lambda span: span.start_char))
    return GoldQuote(
        id=event["id"],
        segments=trim_content(text, written),
        written=written,
        kind=kind_by_marks(text, written),
        sources=tuple(parts["Source"]),
        cues=tuple(parts["Cue"]),
    )


def trim_content(text: str, spans: Iterable[Span]) -> tuple[Span, ...]:
    """The stretches of a content, each trimmed of marks, punctuation, space, and the first of a leading `that`."""
    trimmed = [trim(text, span.start_char, span.end_char) for span in spans]
    if trimmed and (that := re.match(r"(?i)that\b\W*(?=\w)", trimmed[0].text)):
        trimmed[0] = trim(text, trimmed[0].start_char + that.end(), trimmed[0].end_char)
    return tuple(trimmed)


def kind_by_marks(text: str, spans: tuple[Span, ...]) -> QuoteKind:
    """The kind of a content, from the marks: PolNeAR does not annotate it.

    `direct` where every word of the content stands in double quotation marks, `indirect` where none does, else `mixed`.
    Two apostrophes are a double mark. A mark right before the content counts, an opening one that is never closed holds
    to the end, and the leading `that` of a clause is not one of its words.

    Args:
        text: The document.
        spans: The stretches of the content as annotated, in reading order, at least one.
    """
    text = text.replace("''", ' "')
    words = {offset for span in trim_content(text, spans) for offset in range(span.start_char, span.end_char)}
    start, end = spans[0].start_char, spans[-1].end_char
    before = text[max(start - 1, 0) : start]
    inside = before in _OPENING if before else False
    quoted: list[bool] = []
    for offset in range(start, end):
        char = text[offset]
        if char in _OPENING and not inside:
            inside = True
        elif char in _CLOSING:
            inside = False
        elif char.isalnum() and offset in words:
            quoted.append(inside)
    if quoted and all(quoted):
        return QuoteKind.DIRECT
    return QuoteKind.MIXED if any(quoted) else QuoteKind.INDIRECT
