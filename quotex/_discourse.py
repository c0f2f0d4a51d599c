"""How present each entity is at a point of the text.

The weights follow the idea of centering (Grosz, Joshi and Weinstein 1995) and of Lappin and Leass (1994): the subject
of a main clause before other mentions, near before far, the same paragraph before another.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Container, Sequence, Set
from typing import TypeAlias

import attrs

from quotex._entities import Entity
from quotex._reading import Reading

SUBJECT, CLAUSE_SUBJECT, SOURCE, INSIDE_MARKS = 1.6, 0.8, 0.3, -100.0
"""What a mention adds as the subject of a sentence, of a clause, as the source of a quotation, and inside marks.

Who is only spoken of or to inside marks is not meant by the narrator's pronoun: `“You are late, Ada,” he said.`
"""
_LEAST = -50.0
_GENDER_KNOWN, _EACH_MENTION, _MENTIONS = 0.4, 0.1, 5
_LINKED = 0.6
"""What a coreference chain that names the entity adds.

As the first word on a pronoun the chains of the pack cost 4 points of right speakers on `world` and 2 on `own`; as
evidence beside the rest they add one point on `world` and a quarter of one on `own`, at 0.4 as at 0.8.
"""
_SENTENCE_COST, _PARAGRAPH_COST, _REACH = 0.6, 1.1, 12
_LATEST = 4
_HORIZON = 60
"""Sentences after which an entity that was not mentioned is no longer looked at."""

EntityTest: TypeAlias = Callable[[Entity], bool]


@attrs.define
class _Trace:
    """Where an entity was mentioned, in order, and how prominently."""

    places: list[int] = attrs.field(factory=list)
    weights: list[float] = attrs.field(factory=list)


class Discourse:
    """The mentions met so far.

    Args:
        reading: The text.
        narration: The words outside marks.
        told: Those of them that stand in turns and block quotations; what they name is near only to one another.
    """

    def __init__(self, reading: Reading, narration: Set[int], told: Container[int] = ()) -> None:
        self._reading = reading
        self._narration = narration
        self._told = told
        self._traces: dict[Entity, _Trace] = {}

    def see(self, entity: Entity, start: int, end: int, bonus: float = 0.0) -> None:
        """Record a mention that spans two words; mentions are recorded in reading order."""
        entity.mentions.append((start, end))
        trace = self._traces.pop(entity, None) or _Trace()
        # the entity mentioned last stands last, so that old ones need not be looked at
        self._traces[entity] = trace
        trace.places.append(start)
        trace.weights.append(bonus + self.prominence(end - 1))

    def prominence(self, index: int) -> float:
        """What a mention's place in its sentence adds, by its last word."""
        if index not in self._narration:
            return INSIDE_MARKS
        word = self._reading.words[index]
        while word.relation in ("flat", "compound", "appos", "goeswith", "nmod") and word.head is not None:
            if word.deprel == "nmod:poss":
                break
            word = self._reading.words[word.head]
        if word.relation != "nsubj" or word.head is None:
            return 0.0
        return SUBJECT if self._reading.words[word.head].head is None else CLAUSE_SUBJECT

    def nearest(
        self, index: int, fits: EntityTest, gender: str | None = None, linked: Sequence[Entity] = ()
    ) -> Entity | None:
        """The most salient entity before a word among those that fit, or `None`.

        Args:
            index: The word.
            fits: Which entities can be meant.
            gender: A gender whose known bearers are preferred.
            linked: Entities that the coreference chain of the word names; they are preferred.
        """
        here = self._reading.words[index].sentence
        best: tuple[float, Entity | None] = (float("-inf"), None)
        for entity in reversed(self._traces):
            trace = self._traces[entity]
            if here - self._reading.words[trace.places[-1]].sentence > _HORIZON:
                break
            if fits(entity):
                score = self._salience(trace, index) + (_GENDER_KNOWN if gender and entity.gender[gender] else 0.0)
                score += _LINKED if entity in linked else 0.0
                best = max(best, (score, entity), key=lambda pair: pair[0])
        return best[1] if best[0] > _LEAST else None

    def _salience(self, trace: _Trace, index: int) -> float:
        sentences, words = self._reading.sentences, self._reading.words
        here = sentences[words[index].sentence]
        end = bisect_left(trace.places, index)
        best = float("-inf")
        for place, weight in zip(
            trace.places[max(0, end - _LATEST) : end], trace.weights[max(0, end - _LATEST) : end], strict=True
        ):
            there = sentences[words[place].sentence]
            sentence_cost = _SENTENCE_COST * min(here.index - there.index, _REACH)
            paragraph_cost = _PARAGRAPH_COST * min(here.paragraph - there.paragraph, _REACH)
            if place in self._told and index not in self._told:
                weight += INSIDE_MARKS
            best = max(best, weight - sentence_cost - paragraph_cost)
        return best + _EACH_MENTION * min(end, _MENTIONS)
