"""The tagged form: a text with tags around what a reader would mark (docs/tagged-text.md), read and validated."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final, get_args

import attrs

from quotex._errors import FormatError
from quotex._types import Manner, QuoteKind, Span
from quotex.evaluation._gold import (
    UNJUDGED,
    GoldDocument,
    GoldQuote,
    GoldSpeaker,
    NotSpeech,
    NotSpeechCode,
    Unjudged,
    characters,
    span_of,
    trim,
)
from quotex.evaluation._header import Header, Place, parse_header
from quotex.evaluation._names import is_pronoun

_ATTRIBUTES: Final = {"q": ("by", "role", "kind", "manner", "to"), "c": (), "s": (), "m": (), "x": ("code",)}

# <q1 by="lee">, </q1>, <c1,2>; anything that looks so is a tag and must be a right one, anything else is text
_TAG = re.compile(r"<(?P<close>/?)(?P<letter>[A-Za-z])(?P<numbers>[0-9][0-9,]*)(?P<rest>(?:\s[^<>]*)?)>")
_ATTRIBUTE = re.compile(r'\s+(?P<name>[^\s="]+)="(?P<value>[^"]*)"')
_HEADING = re.compile(r"(?m)^## +(?P<title>\S.*?)[ \t]*\r?$\n?")
_KEY_LIKE = re.compile(r"[a-z][a-z0-9_-]*\Z")


@attrs.frozen(kw_only=True)
class Case:
    """One short text of an example file.

    Attributes:
        title: The heading.
        document: The text with its annotation, named by the title.
        line: Line of the heading in the file, from 1.
    """

    title: str
    document: GoldDocument
    line: int


@attrs.frozen(kw_only=True)
class _Tagged:
    """A matched pair of tags: its letter, numbers, attributes, the stretch between, and the offset of the opening tag
    in the tagged text."""

    letter: str
    numbers: tuple[str, ...]
    attributes: Mapping[str, str]
    span: Span
    offset: int


def read_tagged(path: Path | str) -> GoldDocument:
    """Read a tagged document: header, `---`, tagged text.

    Args:
        path: A UTF-8 file; the document is named by its stem.

    Raises:
        FormatError: The file is not in the tagged form; says what, with file and line.
        OSError: The file cannot be read.
    """
    path = Path(path)
    content = _read(path)
    found = re.search(r"(?m)^---[ \t]*\r?$\n?", content)
    if found is None:
        Place(source=str(path), line=1).fail("no line `---` between the header and the text")
    header = parse_header(content[: found.start()], str(path))
    line = 1 + content.count("\n", 0, found.end())
    body = content[found.end() :]
    return parse_tagged(body.rstrip("\r\n"), str(path), header=header, name=path.stem, line=line)


def read_cases(path: Path | str) -> tuple[Case, ...]:
    """Read an example file: `## Title`, a blank line, tagged text up to the next heading.

    Args:
        path: A UTF-8 file. Text before the first heading is left out.

    Raises:
        FormatError: A case is not in the tagged form, is empty, or repeats a title; with file and line.
        OSError: The file cannot be read.
    """
    path = Path(path)
    content = _read(path)
    headings = list(_HEADING.finditer(content))
    cases: list[Case] = []
    titles: set[str] = set()
    for index, heading in enumerate(headings):
        title = heading["title"]
        place = Place(source=str(path), line=1 + content.count("\n", 0, heading.start()))
        if title in titles:
            place.fail(f"the title {title!r} occurs twice")
        titles.add(title)
        end = headings[index + 1].start() if index + 1 < len(headings) else len(content)
        body = content[heading.end() : end].rstrip()
        if not body:
            place.fail(f"no text under {title!r}")
        start = len(body) - len(body.lstrip("\r\n"))
        line = 1 + content.count("\n", 0, heading.end() + start)
        document = parse_tagged(body[start:], str(path), name=title, line=line)
        cases.append(Case(title=title, document=document, line=place.line))
    return tuple(cases)


def _read(path: Path) -> str:
    try:
        # not read_text: it would translate line ends and so shift every offset
        return path.read_bytes().decode("utf-8").removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")
    except UnicodeDecodeError as error:
        raise FormatError(f"not UTF-8: {error.reason} at byte {error.start}", str(path)) from error


def parse_tagged(
    tagged: str, source: str = "tagged text", *, header: Header | None = None, name: str = "", line: int = 1
) -> GoldDocument:
    """Parse tagged text, which has no header of its own.

    Args:
        tagged: The text with its tags.
        source: What to call the text in errors.
        header: Title, genre and declared speakers.
        name: The document's name; `source` when left out.
        line: Line of the first character in `source`, from 1.

    Raises:
        FormatError: An unknown tag or attribute, tags that cross or are not closed, an empty segment, a number without
            a `q`, an undeclared speaker key, ...; with source and line.
    """
    place = Place(source=source, line=line)
    header = Header() if header is None else header
    text, pairs = _strip(tagged, place)
    groups = _group(pairs, tagged, place)
    reader = _Reader(text=text, header=header, tagged=tagged, place=place)
    quotes = [reader.quote(number, group) for number, group in groups.items()]
    quotes.sort(key=lambda quote: (quote.written[0].start_char, -quote.written[0].end_char))
    return GoldDocument(
        name=name or source,
        text=text,
        quotes=_with_parents(quotes),
        not_speech=tuple(reader.not_speech(pair) for pair in pairs if pair.letter == "x"),
        speakers=tuple(header.speakers.values()),
        fiction=header.genre == "fiction",
        title=header.title,
        genre=header.genre,
        marks=header.marks,
        exercises=header.exercises,
    )


def _strip(tagged: str, place: Place) -> tuple[str, tuple[_Tagged, ...]]:
    """The text without its tags, and the pairs of tags in order of their opening."""
    pieces: list[str] = []
    length = done = 0
    opened: list[tuple[re.Match[str], int]] = []
    closed: list[tuple[re.Match[str], int, int]] = []
    for tag in _TAG.finditer(tagged):
        pieces.append(tagged[done : tag.start()])
        length += tag.start() - done
        done = tag.end()
        if tag["letter"] not in _ATTRIBUTES:
            place.fail(f"unknown tag {tag[0]}; expected one of {', '.join(_ATTRIBUTES)}", tagged, tag.start())
        if not tag["close"]:
            opened.append((tag, length))
            continue
        if tag["rest"]:
            place.fail(f"a closing tag takes nothing else: {tag[0]}", tagged, tag.start())
        if not opened:
            place.fail(f"{tag[0]} closes nothing", tagged, tag.start())
        start, where = opened.pop()
        if (start["letter"], start["numbers"]) != (tag["letter"], tag["numbers"]):
            place.fail(f"{tag[0]} crosses {start[0]}: tags nest and never cross", tagged, tag.start())
        closed.append((start, where, length))
    if opened:
        place.fail(f"{opened[-1][0][0]} is never closed", tagged, opened[-1][0].start())
    pieces.append(tagged[done:])
    text = "".join(pieces)
    closed.sort(key=lambda item: item[0].start())
    return text, tuple(_pair(text, tagged, item, place) for item in closed)


def _pair(text: str, tagged: str, item: tuple[re.Match[str], int, int], place: Place) -> _Tagged:
    tag, start, end = item
    letter, numbers = tag["letter"], tuple(tag["numbers"].split(","))
    if "" in numbers or len(set(numbers)) < len(numbers):
        place.fail(f"malformed numbers in {tag[0]}", tagged, tag.start())
    if letter in "qx" and len(numbers) > 1:
        place.fail(f"{tag[0]}: a {letter} takes one number", tagged, tag.start())
    span = span_of(text, start, end)
    if not any(char.isalnum() for char in span.text) and (letter != "q" or not _has_content(span.text)):
        place.fail(f"{tag[0]} is around nothing", tagged, tag.start())
    attributes = _parse_attributes(tag, tagged, place)
    return _Tagged(letter=letter, numbers=numbers, attributes=attributes, span=span, offset=tag.start())


def _has_content(text: str) -> bool:
    """Whether anything stands between the marks: `“?”` and `“…”` can be said."""
    return bool(re.search(r"[^\s\"'`\u2018-\u201f\u00ab\u00bb\u2039\u203a\u300c-\u300f]", text))


def _parse_attributes(tag: re.Match[str], tagged: str, place: Place) -> dict[str, str]:
    allowed = _ATTRIBUTES[tag["letter"]]
    found: dict[str, str] = {}
    rest, position = tag["rest"].rstrip(), 0
    while position < len(rest):
        attribute = _ATTRIBUTE.match(rest, position)
        if attribute is None:
            place.fail(f'malformed attributes in {tag[0]}; expected name="value"', tagged, tag.start())
        name = attribute["name"]
        if name not in allowed:
            takes = f"a {tag['letter']} takes {', '.join(allowed) or 'none'}"
            place.fail(f"unknown attribute {name!r} in {tag[0]}; {takes}", tagged, tag.start())
        if name in found:
            place.fail(f"attribute {name!r} occurs twice in {tag[0]}", tagged, tag.start())
        found[name] = attribute["value"].strip()
        position = attribute.end()
    return found


def _group(pairs: tuple[_Tagged, ...], tagged: str, place: Place) -> dict[str, dict[str, list[_Tagged]]]:
    """The pairs of each quotation by number and letter; numbers in order of their first `q`."""
    groups: dict[str, dict[str, list[_Tagged]]] = {
        pair.numbers[0]: {letter: [] for letter in "qcsm"} for pair in pairs if pair.letter == "q"
    }
    marked: set[str] = set()
    for pair in pairs:
        for number in pair.numbers:
            if pair.letter == "x":
                if number in marked:
                    place.fail(f"a second x{number}", tagged, pair.offset)
                marked.add(number)
                continue
            if number not in groups:
                place.fail(f"{pair.letter}{number} without a q{number}", tagged, pair.offset)
            same = groups[number][pair.letter]
            if same and pair.letter != "q":
                place.fail(f"a second {pair.letter}{number}", tagged, pair.offset)
            if same and pair.attributes:
                place.fail(f"attributes stand on the first q{number} only", tagged, pair.offset)
            if same and pair.span.start_char < same[-1].span.end_char:
                place.fail(f"q{number} inside itself", tagged, pair.offset)
            same.append(pair)
    return groups


@attrs.frozen(kw_only=True)
class _Reader:
    """Turns pairs of tags into gold, with what that needs to know."""

    text: str
    header: Header
    tagged: str
    place: Place

    def quote(self, number: str, group: Mapping[str, list[_Tagged]]) -> GoldQuote:
        first = group["q"][0]
        cue, source, mention = (group[letter][0].span if group[letter] else None for letter in "csm")
        if source and mention and not characters([mention]) <= characters([source]):
            self.place.fail(f"m{number} outside s{number}", self.tagged, group["m"][0].offset)
        mention, source = mention or source, source or mention
        written = tuple(pair.span for pair in group["q"])
        speaker = self._speaker(first, mention)
        role: str | Unjudged | None = UNJUDGED
        if "role" in first.attributes:
            role = first.attributes["role"] or None
        elif isinstance(speaker, GoldSpeaker):
            role = speaker.role
        return GoldQuote(
            id=number,
            segments=tuple(trim(self.text, span.start_char, span.end_char) for span in written),
            written=written,
            kind=QuoteKind(self._choice(first, "kind", tuple(QuoteKind), QuoteKind.DIRECT)),
            manner=Manner(self._choice(first, "manner", tuple(Manner), Manner.SPEECH)),
            speaker=speaker,
            mention=mention,
            source=source,
            cue=cue,
            role=role,
            addressees=self._addressees(first),
        )

    def not_speech(self, pair: _Tagged) -> NotSpeech:
        codes: tuple[NotSpeechCode, ...] = get_args(NotSpeechCode)
        value = pair.attributes.get("code", "scare-quote")
        code = next((code for code in codes if code == value), None)
        if code is None:
            self.place.fail(f"unknown code {value!r}; expected one of {', '.join(codes)}", self.tagged, pair.offset)
        return NotSpeech(span=trim(self.text, pair.span.start_char, pair.span.end_char), code=code)

    def _choice(self, pair: _Tagged, name: str, allowed: tuple[str, ...], default: str) -> str:
        value = pair.attributes.get(name, default)
        if value not in allowed:
            self.place.fail(f"unknown {name} {value!r}; expected one of {', '.join(allowed)}", self.tagged, pair.offset)
        return value

    def _speaker(self, pair: _Tagged, mention: Span | None) -> GoldSpeaker | Unjudged | None:
        value = pair.attributes.get("by")
        if value == "":
            return None
        if value is not None:
            return self._named(value, pair)
        if mention is None or is_pronoun(mention.text):
            return UNJUDGED
        return self._declared(mention.text) or GoldSpeaker(name=mention.text)

    def _addressees(self, pair: _Tagged) -> tuple[GoldSpeaker, ...] | Unjudged:
        if "to" not in pair.attributes:
            return UNJUDGED
        value = pair.attributes["to"]
        return (self._named(value, pair),) if value else ()

    def _named(self, value: str, pair: _Tagged) -> GoldSpeaker:
        speaker = self.header.speakers.get(value) or self._declared(value)
        if speaker is None and self.header.speakers and _KEY_LIKE.match(value) and not self._written(value):
            known = ", ".join(self.header.speakers)
            self.place.fail(f"the speaker {value!r} is not declared; declared: {known}", self.tagged, pair.offset)
        return speaker or GoldSpeaker(name=value)

    def _written(self, word: str) -> bool:
        """Whether the text has the word: `reporters` may be a name as well as a key."""
        return re.search(rf"(?i)\b{re.escape(word)}\b", self.text) is not None

    def _declared(self, name: str) -> GoldSpeaker | None:
        found = [speaker for speaker in self.header.speakers.values() if name in speaker.names]
        return found[0] if len(found) == 1 else None


def _with_parents(quotes: list[GoldQuote]) -> tuple[GoldQuote, ...]:
    """Each quotation with the smallest other one that contains it."""
    covered = {quote.id: characters(quote.written) for quote in quotes}
    result = []
    for quote in quotes:
        around = [other.id for other in quotes if covered[quote.id] < covered[other.id]]
        parent = min(around, key=lambda number: len(covered[number]), default=None)
        result.append(attrs.evolve(quote, parent=parent))
    return tuple(result)
