"""Chains from scored links: every word joins the chain that its links into it make likeliest, and that it can be of.

The model learns that the antecedents of a word are likely together (the marginal likelihood of Lee et al. 2017), so for
pronouns chains are compared by all links into them: two middling ones to the same person tell more than the best to
another. A name or noun goes by its best link. A pairwise model may also link `she` to a name and the name to a man.
Words join from the surest to the least sure, and a chain that would make a man and a woman the same, or people and
bodies of different names, gives way to the word's next.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Mapping, Sequence
from itertools import islice

import attrs

from quotex._entities import PRONOUN_GENDERS, gender_of
from quotex._lexicon import load_lexicon
from quotex._names import fold, is_acronym
from quotex._role_words import kin_nouns

_ARTICLES = frozenset({"the", "a", "an"})
_PREFIX = 3
"""Letters that variants of a name share: Will, William; Irish, Ireland."""
_TITLES = ("titles", "polite_titles", "ranks", "rank_words", "role_nouns")
"""Lists of words that belong to no name; those for kin do not either."""

Name = tuple[str, ...]
"""The capitalized words of a name as they stand, titles and offices left out."""

Links = Mapping[int, Sequence[tuple[float, int]]]
"""For words that may have antecedents those words, each with the logarithm of how much likelier it is than none."""


@attrs.define(kw_only=True)
class _Chain:
    """What is known of all words of a chain so far.

    Attributes:
        words: Their numbers.
        genders: The genders of its pronouns and nouns, `m` and `f`.
        names: Its names.
        known: Who it is, where that is known.
    """

    words: list[int]
    genders: frozenset[str] = frozenset()
    names: frozenset[Name] = frozenset()
    known: int | None = None

    def may_join(self, other: _Chain) -> bool:
        """Whether both can be about the same."""
        if self.known is not None and other.known is not None:
            return self.known == other.known
        if len(self.genders | other.genders) > 1:
            return False
        if not self.names or not other.names:
            return True
        return any(_alike(left, right) for left in self.names for right in other.names)

    def add(self, other: _Chain) -> None:
        """Take in the words of another, and what is known of them."""
        self.words += other.words
        self.genders |= other.genders
        self.names |= other.names
        self.known = other.known if self.known is None else self.known


def clusters(
    words: Sequence[str], sentences: Sequence[int], links: Links, known: Mapping[int, int] | None = None
) -> list[list[int]]:
    """The chains of a text's words, at least two in each, in order.

    Args:
        words: The words.
        sentences: For each word the number of its sentence.
        links: The possible antecedents of words.
        known: For words of whom it is known who they are, a number for each person.
    """
    described = _Words(words, sentences)
    chain_of = {word: described.chain(word) for word in {*links, *(word for row in links.values() for _, word in row)}}
    for word, person in (known or {}).items():
        if word in chain_of:
            chain_of[word].known = person

    def likeliest(word: int) -> tuple[float, _Chain] | None:
        own = chain_of[word]
        combined = _together if _is_pronoun(words[word]) else max
        into: dict[int, list[float]] = {}
        for score, antecedent in links[word]:
            into.setdefault(chain_of[antecedent].words[0], []).append(score)
        found = ((combined(scores), first) for first, scores in into.items() if chain_of[first].may_join(own))
        score, first = max(found, default=(0.0, word))
        return (score, chain_of[first]) if score > 0 else None

    # a word whose links are none of them likely waits until all others have joined
    waiting = [(-found[0] if (found := likeliest(word)) else 0.0, word) for word in links]
    heapq.heapify(waiting)
    while waiting:
        expected, word = heapq.heappop(waiting)
        own = chain_of[word]
        if any(chain_of[antecedent] is own for _, antecedent in links[word]):
            continue
        found = likeliest(word)
        if found is None:
            continue
        score, chain = found
        if -score > expected:  # what it was to join has joined others since
            heapq.heappush(waiting, (-score, word))
            continue
        chain.add(own)
        chain_of.update(dict.fromkeys(own.words, chain))
    chains = {id(chain): chain for chain in chain_of.values()}
    return sorted(sorted(chain.words) for chain in chains.values() if len(chain.words) > 1)


def _together(scores: Sequence[float]) -> float:
    """The logarithm of how much likelier one of some antecedents is than none."""
    best = max(scores)
    return best + math.log(sum(math.exp(score - best) for score in scores))


class _Words:
    """The words of a text, and what single ones say of gender and name.

    Args:
        words: The words.
        sentences: For each word the number of its sentence.
    """

    def __init__(self, words: Sequence[str], sentences: Sequence[int]) -> None:
        self._words = words
        self._sentences = sentences
        self._small = {word for word in words if word.islower()}

    def chain(self, word: int) -> _Chain:
        """A chain of one word."""
        run = self._run(word) if self._is_proper(word) else range(word, word + 1)
        # the last of several may be a surname: Ann King
        genders = filter(None, (_gender(self._words[place]) for place in run[:-1] or run))
        name = tuple(
            self._words[place] for place in run if self._is_proper(place) and not _is_title(self._words[place])
        )
        return _Chain(words=[word], genders=frozenset(islice(genders, 1)), names=frozenset({name} if name else ()))

    def _run(self, word: int) -> range:
        """The proper words around a proper one, in its sentence."""
        start, end = word, word + 1
        while start and self._is_proper(start - 1) and self._sentences[start - 1] == self._sentences[word]:
            start -= 1
        while end < len(self._words) and self._is_proper(end) and self._sentences[end] == self._sentences[word]:
            end += 1
        return range(start, end)

    def _is_proper(self, place: int) -> bool:
        """Whether a word is capitalized, and not for beginning a sentence or quotation or for being `I`."""
        word = self._words[place]
        plain = _plain(word)
        if not word[:1].isupper() or len(plain) < 2 or plain in PRONOUN_GENDERS or plain in _ARTICLES:
            return False
        if plain not in self._small and plain not in load_lexicon("function_words"):
            return True
        before = self._words[place - 1] if place else ""
        starts = not before or self._sentences[place - 1] != self._sentences[place]
        return not starts and (before[-1].isalnum() or len(before) > 1)


def _is_pronoun(word: str) -> bool:
    """Whether a word that stands for somebody is a pronoun; few other function words do."""
    plain = word.casefold()
    return plain not in _ARTICLES and any(
        plain in load_lexicon(name) for name in ("function_words", "speaking_pronouns")
    )


def _plain(word: str) -> str:
    return word.casefold().rstrip(".")


def _gender(word: str) -> str | None:
    """The gender of a pronoun, a noun or a title, as `gender_of` says it."""
    plain = _plain(word)
    return PRONOUN_GENDERS.get(plain) or gender_of(plain)


def _is_title(word: str) -> bool:
    plain = _plain(word)
    return plain in kin_nouns() or any(plain in load_lexicon(name) for name in _TITLES)


def _alike(left: Name, right: Name) -> bool:
    """Whether two names can be of the same: they share a word or its beginning, or one is the other's initials."""
    begins = {fold(word)[:_PREFIX] for word in left}
    if any(fold(word)[:_PREFIX] in begins for word in right):
        return True
    return any(
        len(short) == 1 and is_acronym(short[0], " ".join(full)) for short, full in ((left, right), (right, left))
    )
