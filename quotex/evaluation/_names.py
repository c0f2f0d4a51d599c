"""When two names are the same: the rules by which a speaker, a role or a phrase counts as right."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib import resources
from typing import Final

from quotex._errors import FormatError
from quotex.evaluation._gold import GoldSpeaker

_WORD: Final = re.compile(r"[^\W_](?:[\w'’.-]*[^\W_])?")
# "Lee's", "Jones’", and nothing of "O'Neill"
_POSSESSIVE: Final = re.compile(r"['’]s?$")
_PREPOSITIONS: Final = frozenset({"of", "for", "in", "at"})
_ARTICLES: Final = frozenset({"a", "an", "the"})


@cache
def _lexicon(name: str) -> frozenset[str]:
    file = resources.files("quotex.evaluation").joinpath("data", name)
    entries: list[str] = []
    for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        if entries and line <= entries[-1]:
            raise FormatError(f"{line!r} is out of order or repeated", name, number)
        entries.append(line)
    return frozenset(entries)


def is_pronoun(text: str) -> bool:
    """Whether the text is one pronoun, which names nobody."""
    return text.strip().casefold() in _lexicon("pronouns.txt")


@lru_cache(maxsize=65536)
def fold(text: str) -> tuple[str, ...]:
    """The words of a phrase for comparison: case, accents, dots and a final possessive are folded.

    >>> fold("José O’Neill’s")
    ('jose', "o'neill")
    """
    plain = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    words = (word.casefold().replace("’", "'").replace(".", "") for word in _WORD.findall(plain))
    return tuple(word for word in (_POSSESSIVE.sub("", word) for word in words) if word)


@lru_cache(maxsize=65536)
def name_words(name: str) -> tuple[str, ...]:
    """The words of a name without articles and the titles before it; a title that is all there is stays.

    `Martin King` keeps its surname, `the president of the club` its noun.

    >>> name_words("Dr. Ana Ruíz")
    ('ana', 'ruiz')
    """
    words = without_articles(name)
    first = next((place for place, word in enumerate(words) if word not in _lexicon("titles.txt")), len(words))
    return words[first:] if first < len(words) and words[first] not in _PREPOSITIONS else words


@lru_cache(maxsize=65536)
def without_articles(phrase: str) -> tuple[str, ...]:
    """The folded words of a phrase without articles; all its words where it has no others."""
    words = fold(phrase)
    return tuple(word for word in words if word not in _ARTICLES) or words


def same_name(given: str, wanted: str) -> bool:
    """Strict rule: the same words after folding case, accents, titles and articles."""
    words = name_words(given)
    return bool(words) and words == name_words(wanted)


def compatible_name(given: str, wanted: str) -> bool:
    """Lenient rule for news (DESIGN section 6): as `same_name`, or one name's words contain the other's and the two
    share their first or their last word.

    >>> compatible_name("Stoltenberg", "Jens Stoltenberg")
    True
    >>> compatible_name("Jens Berg", "Jens Stoltenberg")
    False
    """
    first, second = name_words(given), name_words(wanted)
    if not first or not second:
        return False
    if first == second:
        return True
    contained = set(first) <= set(second) or set(second) <= set(first)
    return contained and (first[0] == second[0] or first[-1] == second[-1])


def is_alias(given: Iterable[str], speaker: GoldSpeaker) -> bool:
    """Rule for novels: one of the given names is, strictly, one of the character's.

    Titles are kept apart here, as `Mr Bennet` and `Mrs Bennet` are two people: names are compared with their titles.
    """
    wanted = {without_articles(name) for name in speaker.names}
    return any(words and words in wanted for words in map(without_articles, given))


def contains_words(given: str, wanted: str) -> bool:
    """Lenient rule for roles: one phrase's words, articles left out, contain the other's."""
    first, second = set(without_articles(given)), set(without_articles(wanted))
    return bool(first and second) and (first <= second or second <= first)
