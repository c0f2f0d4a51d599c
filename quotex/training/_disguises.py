"""Other names and pronouns in documents with chains, drawn anew each time, so that few documents teach more.

A model that has seen a hundred novels' openings knows their people by name. Given other names each time, it has to tell
from the text who is meant; and where a name that was mentioned before gives way to a pronoun, it learns of one more
pronoun whom it stands for, without anybody having annotated it (after Kocijan et al. 2019, "WikiCREM").
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

import attrs

from quotex._lexicon import load_lexicon
from quotex.training._linked import LinkedDocument

_PRONOUNS = {"m": ("he", "him", "his"), "f": ("she", "her", "her")}
_GENDERS = {form: gender for gender, forms in _PRONOUNS.items() for form in forms} | {"himself": "m", "herself": "f"}
_NO_NAMES = frozenset(_GENDERS) | {"i", "me", "my", "you", "your", "who", "whom", "whose"}
_MONTHS = frozenset({"april", "may", "june", "july", "august"})
_FORMS = {"nsubj": 0, "nsubj:pass": 0, "obj": 1, "iobj": 1, "obl": 1, "obl:agent": 1, "nmod:poss": 2}
_PARTS = frozenset({"flat", "compound"})
_POSSESSIVES = frozenset({"\N{RIGHT SINGLE QUOTATION MARK}s", "'s"})


@attrs.frozen(kw_only=True)
class DisguiseSettings:
    """How much is disguised.

    Attributes:
        renamed: the part of the documents in which all people get other names.
        hidden: the part of the names that could be pronouns that become one.
        near: words between a name that becomes a pronoun and the name of the same chain before it, at most.
    """

    renamed: float = 0.8
    hidden: float = 0.3
    near: int = 60


class Disguises:
    """Draws disguises of documents.

    Args:
        documents: whose surnames it draws from.
        rng: draws.
        settings: how much; by default what `DisguiseSettings` says.
    """

    def __init__(
        self, documents: Iterable[LinkedDocument], rng: random.Random, settings: DisguiseSettings | None = None
    ) -> None:
        self._rng = rng
        self._settings = settings or DisguiseSettings()
        self._firsts = {gender: sorted(names) for gender, names in _first_names().items()}
        self._surnames = sorted({name for document in documents for name in _surnames(document.numbered()[0])})

    def draw(self, document: LinkedDocument) -> LinkedDocument:
        """The document in a disguise: as many sentences and chains, maybe fewer words."""
        if self._rng.random() < self._settings.renamed:
            document = self._renamed(document)
        return self._with_pronouns(document) if document.heads else document

    def _renamed(self, document: LinkedDocument) -> LinkedDocument:
        words = document.numbered()[0]
        others = {word: self._rng.choice(self._surnames) for word in sorted(_surnames(words))}
        small = {word for word in words if word.islower()} | _MONTHS
        for gender, names in _first_names().items():
            for word in sorted({word for word in words if word.istitle() and word.lower() in names - small}):
                others[word] = self._rng.choice(self._firsts[gender]).title()
        renamed = (tuple(others.get(word, word) for word in sentence) for sentence in document.sentences)
        return attrs.evolve(document, sentences=tuple(renamed))

    def _with_pronouns(self, document: LinkedDocument) -> LinkedDocument:
        words = document.numbered()[0]
        children: dict[int, list[int]] = {}
        for place, head in enumerate(document.heads):
            children.setdefault(head, []).append(place)
        pronouns: dict[int, tuple[range, str]] = {}
        for cluster in document.links.clusters:
            gender = _gender(words[head] for head in cluster)
            if gender is None:
                continue
            named = [head for head in cluster if words[head][0].isupper() and words[head].lower() not in _NO_NAMES]
            for before, head in pairwise(named):
                if head - before > self._settings.near or before in pronouns:
                    continue
                name = _name(words, document.relations, head, children.get(head, ()))
                if name is not None and self._rng.random() < self._settings.hidden:
                    pronouns[head] = name, _PRONOUNS[gender][_FORMS[document.relations[head]]]
        return _replaced(document, pronouns) if pronouns else document


def _first_names() -> Mapping[str, frozenset[str]]:
    return {"m": load_lexicon("masculine_names"), "f": load_lexicon("feminine_names")}


def _surnames(words: Sequence[str]) -> set[str]:
    """Capitalized words behind a first name or a polite title that are neither themselves and never written small."""
    firsts = frozenset().union(*_first_names().values())
    leads = firsts | load_lexicon("polite_titles")
    none = leads | {word for word in words if word.islower()}
    return {
        after
        for before, after in pairwise(words)
        if before.istitle() and before.lower().rstrip(".") in leads
        if after.istitle() and after.isalpha() and len(after) > 2 and after.lower() not in none
    }


def _gender(words: Iterable[str]) -> str | None:
    """The gender of the pronouns among some words, if there are any and all have one."""
    found = {_GENDERS[word.lower()] for word in words if word.lower() in _GENDERS}
    return found.pop() if len(found) == 1 else None


def _name(words: Sequence[str], relations: Sequence[str], head: int, children: Iterable[int]) -> range | None:
    """The words of a name by its head, with the clitic of a possessive; `None` where a pronoun cannot stand for it."""
    parts = [head]
    for child in children:
        possessive = relations[child] == "case" and words[child] in _POSSESSIVES
        if possessive or (relations[child] in _PARTS and words[child][0].isupper()):
            parts.append(child)
        elif relations[child] != "case" or child > head:
            return None  # the mayor Ann Lee, Ann Lee and Bo, Ann Lee, who
    name = range(min(parts), max(parts) + 1)
    ends_possessive = words[name[-1]] in _POSSESSIVES
    fits = relations[head] in _FORMS and ends_possessive == (relations[head] == "nmod:poss")
    return name if fits and len(name) == len(parts) else None


def _replaced(document: LinkedDocument, pronouns: Mapping[int, tuple[range, str]]) -> LinkedDocument:
    """The document with pronouns in the place of names, each by the head of the name."""
    gone = {place for head, (name, _) in pronouns.items() for place in name if place != head}
    kept: list[int] = []
    sentences = []
    place = 0
    for sentence in document.sentences:
        rewritten: list[str] = []
        for word in sentence:
            if place not in gone:
                kept.append(place)
                form = pronouns[place][1] if place in pronouns else word
                rewritten.append(form if rewritten or place not in pronouns else form.capitalize())
            place += 1
        sentences.append(tuple(rewritten))
    new = {old: number for number, old in enumerate(kept)}
    # a word that is gone counts as the next one that is left
    after = [0] * (place + 1)
    after[place] = len(kept)
    for old in reversed(range(place)):
        after[old] = new.get(old, after[old + 1])
    links = document.links
    return attrs.evolve(
        document,
        sentences=tuple(sentences),
        heads=(),
        relations=(),
        links=attrs.evolve(
            links,
            clusters=tuple(tuple(new[head] for head in cluster if head in new) for cluster in links.clusters),
            spans=tuple(
                (new[head], *((new[head], new[head] + 1) if head in pronouns else (after[start], after[end])))
                for head, start, end in links.spans
                if head in new
            ),
            unsure=tuple(new[word] for word in links.unsure if word in new and word not in pronouns),
        ),
    )
