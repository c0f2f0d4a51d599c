"""Loader of LitBank: the openings of 100 novels, with the speaker of every quotation.

Sims and Bamman (2020), "Measuring Information Propagation in Literary Social Networks", EMNLP. The corpus publishes its
texts only as tokens, one sentence a line; they are given to the extractor with the usual spacing, line ends kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Final

from quotex._errors import FormatError
from quotex._types import QuoteKind
from quotex.evaluation._gold import GoldDocument, GoldQuote, GoldSpeaker, span_of, trim
from quotex.evaluation._sources import Entry, read_text

_DOUBLE: Final = ("\N{LEFT DOUBLE QUOTATION MARK}", "``", "\N{RIGHT DOUBLE QUOTATION MARK}", "''", '"')
"""Double marks: two that open, two that close, and the one that does both."""
_CLOSERS: Final = re.compile(r"[.,;:!?%)\]}’”]+\Z|['’](?:s|S|t|ll|re|ve|d|m|em)\Z|n['’]t\Z")
_OPENERS: Final = frozenset("([{‘“$£")
_BOUND: Final = re.compile(r"T[0-9]+\t(?P<label>\S+) (?P<start>[0-9]+) (?P<end>[0-9]+)\t(?P<text>.*)")
_ENTITY_ID: Final = re.compile(r"-[0-9]+\Z")


def entries(path: Path, split: str) -> list[Entry]:
    """The novels of a split, by their Gutenberg number: divisible by 10 `test`, remainder 1 `dev`, else `train`.

    Args:
        path: The corpus (with `quotations/tsv` and `coref/brat`) or a folder with the `.txt` and `.ann` of quotations.
        split: `train`, `dev`, `test` or `all`.
    """
    folder = path / "quotations" / "tsv" if (path / "quotations" / "tsv").is_dir() else path
    found = []
    for file in sorted(folder.glob("*.ann")):
        if split in ("all", _split(file.name)):
            coref = path / "coref" / "brat" / file.name
            found.append(Entry(name=file.stem, read=partial(read_litbank, file, coref)))
    return found


def _split(name: str) -> str:
    number = re.match(r"[0-9]+", name)
    return "train" if number is None else {0: "test", 1: "dev"}.get(int(number[0]) % 10, "train")


def read_litbank(path: Path, coref: Path | None = None) -> GoldDocument:
    """Read one opening.

    A speaker is an entity of the coreference layer: its proper names are the right answers, or all its descriptions
    where it has no proper name. Without that layer it is called by its identifier.

    Args:
        path: The `.ann` file of quotations; its tokens lie beside it as `.txt`.
        coref: The brat file of the coreference layer, or `None`.

    Raises:
        FormatError: A line cannot be read, or a quotation stands outside the text; with file and line.
        OSError: A file cannot be read.
    """
    text, places = detokenize(read_text(path.with_suffix(".txt")))
    names = _entities(coref) if coref is not None and coref.is_file() else {}
    quotes: dict[str, GoldQuote] = {}
    speakers: dict[str, str] = {}
    for number, line in enumerate(read_text(path).splitlines(), 1):
        fields = line.split("\t")
        if fields[0] == "QUOTE" and len(fields) >= 6:
            quotes[fields[1]] = _quote(text, places, fields, path, number)
        elif fields[0] == "ATTRIB" and len(fields) >= 3:
            speakers[fields[1]] = fields[2]
        elif line.strip():
            raise FormatError(f"expected QUOTE or ATTRIB, got {line[:60]!r}", str(path), number)
    judged = (_attributed(quote, speakers.get(quote.id), names) for quote in quotes.values())
    return GoldDocument(
        name=path.stem,
        text=text,
        quotes=tuple(sorted(judged, key=lambda quote: quote.written[0].start_char)),
        kinds=frozenset({QuoteKind.DIRECT, QuoteKind.MIXED}),
        nested=False,
        stretches=True,
        fiction=True,
        genre="fiction",
    )


def detokenize(tokens: str) -> tuple[str, tuple[tuple[tuple[int, int], ...], ...]]:
    """Text with the usual spacing from tokens separated by spaces, one sentence a line.

    A line ends as a paragraph does, but for a sentence inside double marks: the next one goes on behind a space.

    Returns:
        The text, and for each line, for each token, its start and end in the text.

    >>> detokenize("“ It leaks , ” said Lee .")[0]
    '“It leaks,” said Lee.'
    """
    pieces: list[str] = []
    places: list[tuple[tuple[int, int], ...]] = []
    length, straight, curly = 0, False, False
    for line in tokens.splitlines():
        sentence: list[tuple[int, int]] = []
        after_opener = True
        words = line.split()
        if places:
            pieces.append(" " if (straight or curly) and words and words[0] not in _DOUBLE else "\n")
            length += 1
        for index, token in enumerate(words):
            if token == '"':
                # open and closed in turn; one that begins or ends a sentence tells which it is
                straight = index != len(words) - 1 and (index == 0 or not straight)
            closes = bool(_CLOSERS.match(token)) or (token == '"' and not straight)
            if not (closes or after_opener):
                pieces.append(" ")
                length += 1
            sentence.append((length, length + len(token)))
            pieces.append(token)
            length += len(token)
            after_opener = token in _OPENERS or (token == '"' and straight)
            curly = token in _DOUBLE[:2] or (curly and token not in _DOUBLE[2:])
        places.append(tuple(sentence))
    return "".join(pieces), tuple(places)


def _quote(
    text: str, places: tuple[tuple[tuple[int, int], ...], ...], fields: list[str], path: Path, line: int
) -> GoldQuote:
    try:
        first, start, last, end = map(int, fields[2:6])
        span = span_of(text, places[first][start][0], places[last][end][1])
    except (ValueError, IndexError) as error:
        raise FormatError(f"{fields[1]} stands outside the text", str(path), line) from error
    if not span.text:
        raise FormatError(f"{fields[1]} ends before it begins", str(path), line)
    return GoldQuote(id=fields[1], segments=(trim(text, span.start_char, span.end_char),), written=(span,))


def _attributed(quote: GoldQuote, entity: str | None, names: Mapping[str, tuple[str, ...]]) -> GoldQuote:
    speaker = None
    if entity:
        given = names.get(entity) or (_ENTITY_ID.sub("", entity).replace("_", " ").strip(),)
        speaker = GoldSpeaker(name=given[0], aliases=given[1:])
    return GoldQuote(id=quote.id, segments=quote.segments, written=quote.written, speaker=speaker)


def _entities(path: Path) -> dict[str, tuple[str, ...]]:
    """The names of each entity, longest first: a mention has a line with its category and one with its entity."""
    categories: dict[tuple[str, str], str] = {}
    mentions: dict[str, list[tuple[tuple[str, str], str]]] = {}
    for line in read_text(path).splitlines():
        bound = _BOUND.match(line)
        if bound is None:
            continue
        place = (bound["start"], bound["end"])
        if _ENTITY_ID.search(bound["label"]):
            mentions.setdefault(bound["label"], []).append((place, detokenize(bound["text"])[0]))
        else:
            categories[place] = bound["label"]
    found = {}
    for entity, places in mentions.items():
        for prefix in ("PROP_", "NOM_"):
            names = {text for place, text in places if categories.get(place, "").startswith(prefix)}
            if names:
                found[entity] = tuple(sorted(names, key=lambda name: (-len(name), name)))
                break
    return found
