"""Names compared: the same person under a full name, a surname, a first name, an initial or a misspelling."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence
from functools import cache

import regex

from quotex._lexicon import load_lexicon

_WORD = regex.compile(r"[\p{L}\p{M}\p{N}][\p{L}\p{M}\p{N}.’'\-‐-]*")
_INITIALS = regex.compile(r"\p{Lu}{2}|\p{Lu}(?:\.\p{Lu})+\.?")  # JK, J.K., J.R.R.
_ARTICLE = regex.compile(r"(?:al|el|ul|as|ash|ad|ar|az)[-‐]")  # al-Harbani, El-Baradei
_PARTS = regex.compile(r"\p{Lu}\p{Ll}*")
_HYPHENS = str.maketrans("", "", "-‐’'")
_OF = frozenset({"of", "for", "in", "at"})
"""Behind the name of a body, before what it is for or where it is: Adair University of the Lakes."""
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
    """The words of a name, folded, without titles before it and without a possessive ending; initials each for itself.

    >>> name_words("Mr. Tomás Ferreira’s")
    ('tomas', 'ferreira')
    >>> name_words("JK Rowe"), name_words("Maryam al-Harbani")
    (('j', 'k', 'rowe'), ('maryam', 'al', 'harbani'))
    """
    found = _WORD.findall(text)
    mixed = any(character.islower() for character in text)
    words: list[str] = []
    for place, word in enumerate(found):
        if mixed and place < len(found) - 1 and _INITIALS.fullmatch(word):
            words.extend(fold(letter) for letter in word if letter.isalpha())
            continue
        plain = fold(word).removesuffix("'s").removesuffix("’s").strip(".'’-")
        article = _ARTICLE.match(plain)
        if article is not None and article.end() < len(plain):
            words.append(plain[: article.end() - 1])
            plain = plain[article.end() :]
        words.append(plain)
    words = [word for word in words if word]
    titles = load_lexicon("titles")
    while len(words) > 1 and (words[0] in titles or words[0] == "the"):
        words.pop(0)
    return tuple(words)


def is_part(short: Sequence[str], full: Sequence[str]) -> bool:
    """Whether a name can be a shorter form of another.

    A surname, a first name, both ends of a longer name, initials, or the same two words in the other order; words
    longer than six letters may differ in one letter.

    >>> is_part(("ruiz",), ("elena", "ruiz", "ortega"))
    True
    >>> is_part(("j", "smith"), ("john", "smith"))
    True
    >>> is_part(("smith",), ("john", "smithson"))
    False
    >>> is_part(("gabor", "kertesz"), ("kertesz", "gabor"))
    True
    """
    if not short:
        return False
    if same_name(short, full):
        return True
    if len(short) > len(full):
        return False
    if len(short) == 1:
        return len(short[0]) > 1 and any(short[0] == word or _misspelt(short[0], word) for word in full)
    if len(short) == len(full) == 2 and min(map(len, short)) > 1 and same_name(short, full[::-1]):
        return True
    place = 0
    for number, word in enumerate(short, 1):
        # a surname is not the initial of a middle name: Michael Moyo, Michael M. Lind
        same = _same_word if number < len(short) else _same_surname
        while place < len(full) and not same(word, full[place]):
            place += 1
        if place == len(full):
            return False
        place += 1
    return _same_word(short[-1], full[-1]) or _same_word(short[0], full[0])


def same_name(left: Sequence[str], right: Sequence[str]) -> bool:
    """Whether two names are the same; one misspelt letter in a long word, and hyphens, are forgiven.

    >>> same_name(("kim", "min-ji"), ("kim", "min", "ji"))
    True
    """
    if "".join(left).translate(_HYPHENS) == "".join(right).translate(_HYPHENS):
        return True
    if len(left) == len(right) > 2:  # a shorter word too where two others are the same
        unlike = [(a, b) for a, b in zip(left, right, strict=True) if a != b]
        return len(unlike) == 1 and _misspelt(*unlike[0], shortest=_MISSPELT - 2)
    return len(left) == len(right) and all(a == b or _misspelt(a, b) for a, b in zip(left, right, strict=True))


def _same_word(left: str, right: str) -> bool:
    if left == right or _misspelt(left, right):
        return True
    initial, word = sorted((left, right), key=len)
    return len(initial) == 1 and word.startswith(initial) and initial.isalpha()


def _same_surname(short: str, full: str) -> bool:
    return _same_word(short, full) and (len(full) > 1 or len(short) == 1)


def _misspelt(left: str, right: str, *, shortest: int = _MISSPELT) -> bool:
    """Whether two long words differ by one letter added, left out or changed; in shorter ones, by a doubled letter."""
    if min(len(left), len(right)) < shortest - 1 or abs(len(left) - len(right)) > 1:
        return False
    if min(len(left), len(right)) < shortest:
        return _undoubled(left) == _undoubled(right)
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


def _undoubled(word: str) -> str:
    """A word with its doubled letters written once: `bennett`, `benet`."""
    return "".join(letter for place, letter in enumerate(word) if word[place - 1 : place] != letter)


def is_acronym(short: str, full: str) -> bool:
    """Whether a short name is the initials of a longer one, of all its words or of those with a capital.

    >>> is_acronym("JSC", "Judicial Service Commission")
    True
    >>> is_acronym("BoE", "Bank of England")
    True
    >>> is_acronym("LISc", "Lakes Institute of Science")
    True
    """
    letters = [character for character in short if character.isalpha()]
    if sum(letter.isupper() for letter in letters) < 2 or not letters[0].isupper():
        return False
    words = [word for word in _WORD.findall(full) if word.casefold() != "the"]
    wanted = "".join(letters).casefold()
    initials = ["".join(word[0] for word in words if word[0].isupper())]
    if words and words[0][0].isupper() and words[-1][0].isupper():
        initials.append("".join(word[0] for word in words))
    if wanted in {text.casefold() for text in initials if len(text) > 1}:
        return True
    parts = _PARTS.findall(short)
    capitals = [word for word in words if word[0].isupper()]
    return len(parts) == len(capitals) > 1 and all(map(str.startswith, capitals, parts))


def is_short_body(short: Sequence[str], full: Sequence[str], generic: Collection[str]) -> bool:
    """Whether a body's name is a shorter form of another: its leading words, or its last ones.

    Args:
        short: The words of the shorter name.
        full: Those of the longer one.
        generic: Nouns for bodies, such as `commission`, which name one alone only at the end of the longer name.

    >>> is_short_body(("marlin",), ("marlin", "towage"), {"board"})
    True
    >>> is_short_body(("board",), ("harbour", "safety", "board"), {"board"})
    True
    >>> is_short_body(("adair", "board"), ("adair", "board", "of", "the", "lakes"), {"board"})
    True
    """
    if not 0 < len(short) < len(full):
        return False
    short, full = tuple(short), tuple(full)
    if full[-len(short) :] == short and (len(short) > 1 or short[0] in generic):
        return True
    if full[: len(short)] != short or (len(short) == 1 and len(short[0]) < 4):
        return False
    called = set(short) - set(generic)
    return called == set(short) or (bool(called) and full[len(short)] in _OF)
