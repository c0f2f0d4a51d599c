"""The header of a tagged document: title, genre, marks, what it exercises, and its speakers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, NoReturn

import attrs

from quotex._errors import FormatError
from quotex._types import SpeakerKind
from quotex.evaluation._gold import GoldSpeaker

GENRES: Final = ("news", "press-release", "interview", "court", "sports", "feature", "fiction")
MARKS: Final = ("american", "british", "straight", "other")
_KINDS: Final = tuple(kind for kind in SpeakerKind if kind is not SpeakerKind.UNKNOWN)
_SPEAKER_KEY = re.compile(r"speaker (?P<key>[a-z][a-z0-9_-]*)\Z")
_TITLE: Final = ("title", "genre", "marks", "exercises")


@attrs.frozen(kw_only=True)
class Place:
    """Where text being read stands in its file, for error messages.

    Attributes:
        source: The file, as a person would name it.
        line: The line that the text begins on, from 1.
    """

    source: str
    line: int

    def fail(self, reason: str, text: str = "", offset: int = 0) -> NoReturn:
        """Raise the `FormatError` for what stands at `offset` in `text`, which begins at this place."""
        raise FormatError(reason, self.source, self.line + text.count("\n", 0, offset))


@attrs.frozen(kw_only=True)
class Header:
    """The lines before `---` of a tagged document.

    Attributes:
        title: What the document is about.
        genre: One of `GENRES`, or empty.
        marks: One of `MARKS`, or empty.
        exercises: The constructions that it was written for.
        speakers: The declared speakers by their key, in order.
    """

    title: str = ""
    genre: str = ""
    marks: str = ""
    exercises: tuple[str, ...] = ()
    speakers: Mapping[str, GoldSpeaker] = attrs.field(factory=dict)


def parse_header(text: str, source: str) -> Header:
    """Read the lines before `---`.

    Raises:
        FormatError: An unknown or repeated key, or a value that is not allowed; with file and line.
    """
    fields: dict[str, str] = {}
    speakers: dict[str, GoldSpeaker] = {}
    for number, line in enumerate(text.splitlines(), 1):
        place = Place(source=source, line=number)
        if not line.strip():
            continue
        key, colon, value = (part.strip() for part in line.partition(":"))
        if not colon:
            place.fail(f"expected `key: value`, got {line!r}")
        named = _SPEAKER_KEY.match(key)
        if named is None and key not in _TITLE:
            place.fail(f"unknown key {key!r}; expected {', '.join(_TITLE)} or `speaker KEY` with a lower-case KEY")
        if key in fields or (named is not None and named["key"] in speakers):
            place.fail(f"the key {key!r} occurs twice")
        if named is not None:
            speakers[named["key"]] = _parse_speaker(value, place)
            continue
        for name, allowed in (("genre", GENRES), ("marks", MARKS)):
            if key == name and value not in allowed:
                place.fail(f"unknown {name} {value!r}; expected one of {', '.join(allowed)}")
        fields[key] = value
    return Header(
        title=fields.get("title", ""),
        genre=fields.get("genre", ""),
        marks=fields.get("marks", ""),
        exercises=_list(fields.get("exercises", "")),
        speakers=speakers,
    )


def _parse_speaker(value: str, place: Place) -> GoldSpeaker:
    parts = [part.strip() for part in value.split("|")]
    if not 2 <= len(parts) <= 4:
        place.fail(f"expected `name | kind | role | aliases`, got {value!r}")
    name, kind, role, aliases = (*parts, "", "")[:4]
    if not name:
        place.fail("a speaker needs a name")
    if kind not in _KINDS:
        place.fail(f"unknown kind of speaker {kind!r}; expected one of {', '.join(_KINDS)}")
    return GoldSpeaker(name=name, aliases=_list(aliases), kind=SpeakerKind(kind), role=role or None)


def _list(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(";") if part.strip())
