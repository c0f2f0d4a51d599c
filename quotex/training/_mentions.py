"""Names out of corpora that mark mentions: what their readers share, and how a tagger adds the types that they lack.

GUM and LitBank mark whole phrases (``the tireless Ada Reed``, ``poor Miss Ashe``), nominal ones too. A name is what the
tagger's own corpora call one: no article, title, possessive clitic, apposition, or place after a comma.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

import attrs

from quotex._lexicon import load_lexicon
from quotex.training._names import NamedSentence

Name = tuple[int, int, str]
"""A name as ``(first token, end token, type)``, half-open."""

MARKED = frozenset({"PER", "ORG", "LOC", "FAC"})
"""The types that the corpora mark throughout; GUM does not tell a facility from a place."""

LINKS = frozenset(("of", "for", "and", "&", "the", "de", "la", "du", "del", "da", "di")) | frozenset(
    ("-", "\N{EN DASH}", "'s", "\N{RIGHT SINGLE QUOTATION MARK}s")
)
"""What stands between the capitalized words of a name, lower case."""

# A country that acts is an organization in GUM and a people are persons: to the tagger's corpora a place and a NORP.
_GIVEN_WAY = frozenset({("ORG", "LOC"), ("ORG", "NORP"), ("PER", "NORP")})


@attrs.frozen(kw_only=True)
class MentionedSentence:
    """A sentence with mentions and the names in them.

    Attributes:
        tokens: the surface tokens, clitics joined to their host.
        names: its names, in order; none overlaps another.
        mentions: what the corpus marks, nominal phrases too, by the types of the names.
    """

    tokens: tuple[str, ...]
    names: tuple[Name, ...]
    mentions: frozenset[Name]


def complete(sentence: MentionedSentence, tagged: Iterable[Name]) -> NamedSentence | None:
    """The sentence with names of all types: the corpus's, and the tagger's where they overlap none of those.

    What the tagger calls a person, body or place must lie in a mention of that type; if not, tagger or corpus is wrong.

    Args:
        sentence: the sentence.
        tagged: the names that a tagger finds in it.

    Returns:
        The sentence, or `None` if the two disagree.
    """
    given = set(tagged)
    names = {(start, end, _kind(start, end, kind, given)) for start, end, kind in sentence.names}
    for name in given:
        if any(_overlap(name, other) for other in sentence.names):
            continue
        if name[2] in MARKED and not any(_holds(mention, name) for mention in sentence.mentions):
            return None
        names.add(name)
    labels = ["O"] * len(sentence.tokens)
    for start, end, kind in names:
        labels[start:end] = [f"B-{kind}", *[f"I-{kind}"] * (end - start - 1)]
    return NamedSentence(tokens=sentence.tokens, labels=tuple(labels))


def _kind(start: int, end: int, kind: str, tagged: Iterable[Name]) -> str:
    given = (other for first, last, other in tagged if (first, last) == (start, end))
    return next((other for other in given if (kind, other) in _GIVEN_WAY), kind)


def _overlap(name: Name, other: Name) -> bool:
    return name[0] < other[1] and other[0] < name[1]


def _holds(mention: Name, name: Name) -> bool:
    same = mention[2] == name[2] or {mention[2], name[2]} == {"LOC", "FAC"}
    return same and mention[0] <= name[0] and name[1] <= mention[1]


def on_tokens(names: Iterable[Name], firsts: Sequence[int]) -> set[Name]:
    """Names over words as names over tokens; a token that holds a word of the name belongs to it.

    Args:
        names: the names, ranges of words.
        firsts: the first word of each token, ascending, from 0.
    """
    return {(bisect_right(firsts, start) - 1, bisect_left(firsts, end), kind) for start, end, kind in names}


def outermost(names: Iterable[Name]) -> tuple[Name, ...]:
    """The longest of names that overlap, in order."""
    kept: list[Name] = []
    for name in sorted(set(names), key=lambda name: (name[0] - name[1], name)):
        if not any(_overlap(name, other) for other in kept):
            kept.append(name)
    return tuple(sorted(kept))


def after_titles(forms: Sequence[str]) -> int:
    """How many of the words of a person's name are no name: those up to the last title, all where no name follows.

    >>> after_titles(["US", "President", "Ana", "Lima"])
    2
    >>> after_titles(["Martin", "King"])
    0
    >>> after_titles(["Chairman"])
    1
    """
    if all(_is_title(form) or _is_description(form) for form in forms):
        return len(forms)
    return max((place + 1 for place, form in enumerate(forms[:-1]) if _is_title(form)), default=0)


def _is_title(form: str) -> bool:
    folded = form.casefold().strip(".")
    return any(folded in load_lexicon(name) for name in ("titles", "polite_titles", "abbreviated_titles"))


def _is_description(form: str) -> bool:
    folded = form.casefold()
    # newspapers' annotators seldom call God a name
    return folded == "god" or any(folded in load_lexicon(name) for name in ("role_nouns", "elder_kin"))
