"""How present each entity is at a point of the text.

The weights of `nearest` follow the idea of centering (Grosz, Joshi and Weinstein 1995) and of Lappin and Leass (1994):
the subject of a main clause before other mentions, near before far, the same paragraph before another. The trained
scorer of pronouns takes the same salience as one feature among others.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Container, Iterable, Sequence, Set
from enum import StrEnum
from typing import TypeAlias

import attrs

from quotex._entities import Entity
from quotex._reading import Reading
from quotex._scorer import Features

_LEAST = -50.0
_SOURCE, _EACH_MENTION, _MENTIONS = 0.3, 0.1, 5
"""What a mention adds as the source of a quotation, and each of so many mentions before it."""
_SENTENCE_COST, _PARAGRAPH_COST, _REACH = 0.6, 1.1, 12
_LATEST = 4
_HORIZON = 60
"""Sentences after which an entity that was not mentioned is no longer looked at."""
_GAPS = (0, 1, 2, 3, 6, 12)
"""Upper ends, in sentences, of the classes of distance."""
_FAR_PARAGRAPHS = 3

EntityTest: TypeAlias = Callable[[Entity], bool]


class Standing(StrEnum):
    """Where a mention stands in its sentence."""

    SUBJECT = "subject"
    """Subject of a main clause."""
    CLAUSE_SUBJECT = "clause-subject"
    """Subject of another clause."""
    OTHER = "other"
    INSIDE = "inside"
    """Inside marks. Who is only spoken of or to there is not meant by the narrator's pronoun: `“Ada,” he said.`"""


_PROMINENCE = {
    Standing.SUBJECT: 1.6,
    Standing.CLAUSE_SUBJECT: 0.8,
    Standing.OTHER: 0.0,
    Standing.INSIDE: -100.0,
}


@attrs.frozen
class _Sighting:
    """A mention: its first word, where it stands, and whether it is the source of marked words."""

    place: int
    standing: Standing
    source: bool


@attrs.define
class _Trace:
    """The mentions of an entity, in order."""

    places: list[int] = attrs.field(factory=list)
    sightings: list[_Sighting] = attrs.field(factory=list)

    def latest(self, index: int) -> list[_Sighting]:
        """The last few mentions before a word."""
        end = bisect_left(self.places, index)
        return self.sightings[max(0, end - _LATEST) : end]


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
        self._sources: list[Entity] = []

    def see(self, entity: Entity, start: int, end: int, *, source: bool = False) -> None:
        """Record a mention that spans two words; mentions are recorded in reading order."""
        entity.mentions.append((start, end))
        trace = self._traces.pop(entity, None) or _Trace()
        # the entity mentioned last stands last, so that old ones need not be looked at
        self._traces[entity] = trace
        trace.places.append(start)
        trace.sightings.append(_Sighting(start, self._standing(end - 1), source))
        if source:
            self.spoke(entity)

    def spoke(self, entity: Entity) -> None:
        """Record that an utterance is an entity's."""
        self._sources.append(entity)

    def _standing(self, index: int) -> Standing:
        if index not in self._narration:
            return Standing.INSIDE
        word = self._reading.words[index]
        while word.relation in ("flat", "compound", "appos", "goeswith", "nmod") and word.head is not None:
            above = self._reading.words[word.head]
            if word.deprel == "nmod:poss" or (word.relation == "compound" and above.upos == "NOUN"):
                break  # Lee’s staff, the Lee government
            word = above
        if word.relation != "nsubj" or word.head is None:
            return Standing.OTHER
        verb = self._reading.words[word.head]
        while verb.relation == "conj" and verb.head is not None:
            verb = self._reading.words[verb.head]
        return Standing.SUBJECT if verb.head is None else Standing.CLAUSE_SUBJECT

    def present(self, index: int, fits: EntityTest, *, within: int | None = None) -> list[Entity]:
        """The entities that were mentioned not long before a word and fit, the latest first.

        Args:
            index: The word.
            fits: Which entities can be meant.
            within: Paragraphs from which on a mention is too far.
        """
        found = []
        for entity in reversed(self._traces):
            sentences, paragraphs = self._distance(self._traces[entity].places[-1], index)
            if sentences > _HORIZON or (within is not None and paragraphs >= within):
                break
            if fits(entity):
                found.append(entity)
        return found

    def nearest(self, index: int, fits: EntityTest) -> Entity | None:
        """The most salient entity before a word among those that fit, or `None`."""
        scored = [(self._salience(self._traces[entity], index), entity) for entity in self.present(index, fits)]
        best = max(scored, key=lambda pair: pair[0], default=(float("-inf"), None))
        return best[1] if best[0] > _LEAST else None

    def _salience(self, trace: _Trace, index: int) -> float:
        best = float("-inf")
        for sighting in trace.latest(index):
            sentences, paragraphs = self._distance(sighting.place, index)
            cost = _SENTENCE_COST * min(sentences, _REACH) + _PARAGRAPH_COST * min(paragraphs, _REACH)
            weight = _PROMINENCE[self._standing_at(sighting, index)] + (_SOURCE if sighting.source else 0.0)
            best = max(best, weight - cost)
        return best + _EACH_MENTION * min(bisect_left(trace.places, index), _MENTIONS)

    def _standing_at(self, sighting: _Sighting, index: int) -> Standing:
        """How a mention stands for a word elsewhere: what somebody's turn tells is inside marks for the narrator."""
        hidden = sighting.place in self._told and index not in self._told
        return Standing.INSIDE if hidden else sighting.standing

    def _distance(self, place: int, index: int) -> tuple[int, int]:
        """Sentences and paragraphs between two words."""
        sentences, words = self._reading.sentences, self._reading.words
        here, there = sentences[words[index].sentence], sentences[words[place].sentence]
        return here.index - there.index, here.paragraph - there.paragraph

    def describe(self, index: int, entities: Sequence[Entity]) -> list[Features]:
        """What a scorer is told of candidates at a word: distance, standing, salience, and who spoke last."""
        saliences = [self._salience_of(entity, index) for entity in entities]
        ranked = sorted(range(len(entities)), key=lambda number: -saliences[number])
        rank = {number: place for place, number in enumerate(ranked)}
        return [
            {
                **self._place_features(entity, index),
                **_ranks(number, rank[number]),
                **self._source_features(entity),
                "salience": max(saliences[number], -8.0),
            }
            for number, entity in enumerate(entities)
        ]

    def _salience_of(self, entity: Entity, index: int) -> float:
        return self._salience(self._traces[entity], index) if entity in self._traces else _LEAST

    def _place_features(self, entity: Entity, index: int) -> Features:
        trace = self._traces.get(entity)
        told = [] if trace is None else trace.latest(index)
        outside = [sighting for sighting in told if self._standing_at(sighting, index) is not Standing.INSIDE]
        if trace is None or not outside:
            return {"inside-only": 1.0}
        last = outside[-1]
        sentences, paragraphs = self._distance(last.place, index)
        gap = next((str(end) for end in _GAPS if sentences <= end), "far")
        return {
            f"gap:{gap}": 1.0,
            f"paragraphs:{min(paragraphs, _FAR_PARAGRAPHS)}": 1.0,
            f"as:{last.standing}": 1.0,
            f"as:{last.standing}:{'near' if sentences < 2 else 'off'}": 1.0,
            "subject-lately": float(any(sighting.standing is Standing.SUBJECT for sighting in outside)),
            "inside-last": float(self._standing_at(told[-1], index) is Standing.INSIDE),
            "source-mention": float(last.source),
            "pronoun-mention": float(self._reading.words[last.place].upos == "PRON"),
            "mentions": math.log1p(min(len(trace.places), 20)),
        }

    def _source_features(self, entity: Entity) -> Features:
        recent = list(dict.fromkeys(reversed(self._sources[-_LATEST * 2 :])))
        if entity not in recent[:2]:
            return {}
        return {f"spoke:{('last', 'before')[recent.index(entity)]}": 1.0}


def _ranks(recency: int, salience: int) -> Features:
    found = {}
    if recency < 3:
        found[f"recency:{recency}"] = 1.0
    if salience < 3:
        found[f"salient:{salience}"] = 1.0
    return found


def gender_features(entities: Iterable[Entity], gender: str) -> list[Features]:
    """What is known of the gender of each: what the text states, and how earlier pronouns were resolved."""
    other = "f" if gender == "m" else "m"
    return [
        {
            f"gender:{'stated' if entity.gender[gender] else 'open'}": 1.0,
            "called-same": math.log1p(entity.called[gender]),
            "called-other": math.log1p(entity.called[other]),
            "unnamed": float(not entity.names),
        }
        for entity in entities
    ]
