"""Names compared: the same person under a full name, a surname, a first name, an initial or a misspelling."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache

import regex

from quotex._lexicon import load_lexicon

_WORD = regex.compile(r"[\p{L}\p{M}\p{N}][\p{L}\p{M}\p{N}.’'\-‐-]*")
_MISSPELT = 7
"""Shortest word in which one wrong letter is forgiven."""


@cache
def fold(text: str) -> str:
    """Lower case without accents."""
    return "".join(
        character for character in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(character)
    )


@cache
def name_words(text: str) -> tuple[str, ...]:
    """The words of a name, folded, without titles before it and without a possessive ending.

    >>> name_words("Mr. Tomás Ferreira’s")
    ('tomas', 'ferreira')
    """
    words = [fold(word).removesuffix("'s").removesuffix("’s").strip(".'’-") for word in _WORD.findall(text)]
    words = [word for word in words if word]
    titles = load_lexicon("titles")
    while len(words) > 1 and (words[0] in titles or words[0] == "the"):
        words.pop(0)
    return tuple(words)


def is_part(short: Sequence[str], full: Sequence[str]) -> bool:
    """Whether a name can be a shorter form of another.

    A surname, a first name, both ends of a longer name, or initials; words longer than six letters may differ in one
    letter.

    >>> is_part(("ruiz",), ("elena", "ruiz", "ortega"))
    True
    >>> is_part(("j", "smith"), ("john", "smith"))
    True
    >>> is_part(("smith",), ("john", "smithson"))
    False
    """
    if not short or len(short) > len(full):
        return False
    place = 0
    for word in short:
        while place < len(full) and not _same_word(word, full[place]):
            place += 1
        if place == len(full):
            return False
        place += 1
    if len(short) == 1:
        return len(short[0]) > 1
    return _same_word(short[-1], full[-1]) or _same_word(short[0], full[0])


def same_name(left: Sequence[str], right: Sequence[str]) -> bool:
    """Whether two names of equally many words are the same, one misspelt letter a long word forgiven."""
    return len(left) == len(right) and all(a == b or _misspelt(a, b) for a, b in zip(left, right, strict=True))


def _same_word(left: str, right: str) -> bool:
    if left == right or _misspelt(left, right):
        return True
    initial, word = sorted((left, right), key=len)
    return len(initial) == 1 and word.startswith(initial) and initial.isalpha()


def _misspelt(left: str, right: str) -> bool:
    """Whether two long words differ by one letter added, left out or changed."""
    if min(len(left), len(right)) < _MISSPELT or abs(len(left) - len(right)) > 1:
        return False
    if len(left) > len(right):
        left, right = right, left
    if right == left + "s":
        return False  # a family: the Fernandos
    start = 0
    while start < len(left) and left[start] == right[start]:
        start += 1
    if len(left) == len(right):
        return left[start + 1 :] == right[start + 1 :]
    return left[start:] == right[start + 1 :]


def is_acronym(short: str, full: str) -> bool:
    """Whether capitals are the initials of a longer name.

    >>> is_acronym("JSC", "Judicial Service Commission")
    True
    """
    letters = [character for character in short if character.isalpha()]
    if len(letters) < 2 or not short.replace(".", "").isupper():
        return False
    initials = [word[0] for word in _WORD.findall(full) if word[0].isupper()]
    return len(initials) > 1 and "".join(letters).casefold() == "".join(initials).casefold()
