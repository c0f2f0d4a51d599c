"""The word lists under `quotex/data/<language>/`: one entry a line, sorted, in normal form C, comments on `#` lines."""

from __future__ import annotations

import unicodedata
from functools import cache
from importlib import resources

from quotex._errors import FormatError


@cache
def load_lexicon(name: str, language: str = "en") -> frozenset[str]:
    """The entries of one word list.

    Args:
        name: The file name without `.txt`.
        language: The folder under `quotex/data`.

    Raises:
        FileNotFoundError: There is no such list.
        FormatError: An entry is repeated, out of order, padded with blanks or not in normal form C. Lists are checked
            when they are read because a repeat or a misplaced entry is nearly always a merge gone wrong.

    >>> "’tis" in load_lexicon("elisions")
    True
    """
    file = resources.files("quotex") / "data" / language / f"{name}.txt"
    return parse_lexicon(file.read_text(encoding="utf-8"), f"{language}/{name}.txt")


def parse_lexicon(content: str, source: str) -> frozenset[str]:
    """The entries of a word list given as text; `source` is its name in errors."""
    entries: list[str] = []
    for number, line in enumerate(content.split("\n"), start=1):
        if not line or line.startswith("#"):
            continue
        problem = _problem(line, entries[-1] if entries else None)
        if problem is not None:
            raise FormatError(problem, source, number)
        entries.append(line)
    return frozenset(entries)


def _problem(entry: str, previous: str | None) -> str | None:
    """What is wrong with an entry that stands after `previous`; `None` when it is fine."""
    if entry != entry.strip():
        return f"blanks around {entry.strip()!r}; remove them"
    if not unicodedata.is_normalized("NFC", entry):
        return f"{entry!r} is not in Unicode normal form C"
    if previous is None or entry > previous:
        return None
    if entry == previous:
        return f"{entry!r} is repeated; keep one"
    return f"{entry!r} stands after {previous!r}; sort the entries by code point"
