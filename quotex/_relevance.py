"""Which sentences a quotation can depend on: only those are tagged and parsed.

A quotation depends on the sentences in its paragraph and in the paragraphs beside it, where its cue stands; on every
sentence that names somebody, whose role may be told there; on every pronoun that tells who is present; and on every
sentence that reports or whose subject is described as a person, since whoever is told of there can be meant later. The
rest of a text is tokenized and searched for names and chains, and is not parsed.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cache

import attrs

from quotex._lexicon import load_lexicon
from quotex._marks import Marks
from quotex._role_words import AGENT_ENDINGS
from quotex._verbs import verb_forms

_PRONOUNS = frozenset(("he", "him", "his", "himself", "she", "her", "hers", "herself", "according"))


_PERSONS = ("role_nouns", "generic_persons", "group_words", "feminine_words", "masculine_words")


@attrs.frozen(kw_only=True)
class Passage:
    """A sentence before it is parsed.

    Attributes:
        start_char: Offset of its first code point.
        end_char: Offset after its last code point.
        words: Its words, case folded.
        named: Whether it names somebody who can speak.
    """

    start_char: int
    end_char: int
    words: frozenset[str]
    named: bool


def relevant(passages: Sequence[Passage], marks: Marks, language: str = "en") -> list[int]:
    """The numbers of the sentences that a quotation can depend on.

    Args:
        passages: Sentences of a text, in order.
        marks: The marks of the text.
        language: Whose words to look for.
    """
    starts = [paragraph.start_char for paragraph in marks.paragraphs]
    beside: set[int] = set()
    for marked in marks.marked:
        first = bisect_right(starts, marked.extent.start_char) - 1
        last = bisect_left(starts, marked.extent.end_char) - 1
        beside.update(range(first - 1, last + 2))
    return [
        number
        for number, passage in enumerate(passages)
        if passage.named
        or bisect_right(starts, passage.start_char) - 1 in beside
        or any(_tells(word, language) for word in passage.words)
    ]


@cache
def _tells(word: str, language: str) -> bool:
    """Whether a word, in any inflection, makes its sentence matter wherever it stands."""
    singular = f"{word[:-2]}an" if word.endswith("men") else word.removesuffix("s")
    known = _telling(language)
    return word in known or singular in known or singular.endswith(AGENT_ENDINGS)


@cache
def _telling(language: str) -> frozenset[str]:
    persons = frozenset().union(*(load_lexicon(name, language) for name in _PERSONS))
    verbs = frozenset(verb_forms("speech_verbs", language)) | frozenset(verb_forms("writing_verbs", language))
    return _PRONOUNS | persons | verbs
