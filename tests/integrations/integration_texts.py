"""Two hundred short texts, written for these tests, and what has to be the same about them."""

from __future__ import annotations

from typing import Any

NAMES = ("Rosa Lind", "Tom Reed", "Ida Moss", "Ola Berg", "June Abara", "Karl Weiss")
ROLES = ("the mayor", "a plumber", "the harbour master", "a retired teacher")
WORDS = (
    "The pump is broken",
    "Nobody asked us",
    "It will be ready by May",
    "We had no choice",
    "I never saw the letter",
)
CUES = ("said", "added", "told reporters", "insisted", "warned")


def texts(number: int) -> list[str]:
    """Short articles, all different; every ninth has no quotation."""
    return [_text(place) for place in range(number)]


def _text(place: int) -> str:
    first, second = NAMES[place % len(NAMES)], NAMES[(place + 1 + place // 7) % len(NAMES)]
    words, cue = WORDS[place % len(WORDS)], CUES[(place // 3) % len(CUES)]
    if place % 9 == 8:
        return f"Report {place}. {first} did not come to the meeting."
    return (
        f"Report {place}. {first}, {ROLES[place % len(ROLES)]}, opened the meeting. “{words},” {first} {cue}. "
        f"“That makes {place} complaints.”\n\n“{WORDS[(place + 2) % len(WORDS)]}!” {second} {CUES[place % len(CUES)]}."
    )


def plain(row: dict[str, Any]) -> tuple[tuple[str, Any], ...]:
    """A row for comparison, whatever an engine has for a missing value or a list."""
    return tuple((name, _value(value)) for name, value in row.items())


def _value(value: Any) -> Any:
    if value is None or isinstance(value, str):
        return value
    if hasattr(value, "__len__"):
        return tuple(int(item) for item in value)
    if str(value) in ("nan", "<NA>"):
        return None
    return float(value)
