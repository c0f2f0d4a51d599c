"""Stage 5: who the mentions are, in one walk through the text.

Names are joined by their words (`_entities`), descriptions by their heads and the roles of named persons
(`_descriptions`), pronouns by a scorer of how present their antecedents are and whom their coreference chains name
(`_mentions`); utterances without a source of their own are turns (`_turns`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from types import MappingProxyType
from typing import TypeAlias

import attrs

from quotex._entities import Entity
from quotex._mentions import Resolver
from quotex._phrases import Phrase
from quotex._reading import Name, Reading
from quotex._scorer import Observer
from quotex._turns import Taken, Turn

Key: TypeAlias = tuple[int, str]
"""What an answer is asked under: the number of an act of saying, and what is asked about it."""
SPEAKER = "speaker"


@attrs.frozen(kw_only=True)
class Reference:
    """A phrase to be resolved.

    Attributes:
        key: What the answer is asked under.
        phrase: The phrase.
        source: Whether it is the source of marked words.
        words: Those words.
        teller: Whose report the sentence before them is, where the phrase is a pronoun.
        outer: Inside words of somebody named: the name. There `he` and `she` are others.
    """

    key: Key
    phrase: Phrase
    source: bool = True
    words: tuple[int, ...] = ()
    teller: Phrase | None = None
    outer: Name | None = None


@attrs.frozen
class Resolution:
    """Who the references and turns of a text are.

    Attributes:
        entities: The entity of each key; `None` where the text does not tell.
        taken: The decisions about turns without a cue of their own, by key.
        probabilities: What the scorer of pronouns gives the entity of a key that it decided.
    """

    entities: dict[Key, Entity | None] = attrs.field(factory=dict)
    taken: dict[Key, Taken] = attrs.field(factory=dict)
    probabilities: dict[Key, float] = attrs.field(factory=dict)


def resolve(
    reading: Reading,
    narration: Set[int],
    references: Sequence[Reference],
    turns: Sequence[Turn],
    reported: Sequence[Phrase],
    *,
    tellers: Mapping[int, Key] = MappingProxyType({}),
    observe: Observer | None = None,
) -> Resolution:
    """Resolve references and turns, walking the text from left to right.

    Args:
        reading: The text.
        narration: The words outside marks.
        references: What is asked.
        turns: The utterances of the outermost level, in order.
        reported: Other source phrases, such as those of indirect speech: whoever is reported can be meant later.
        tellers: Words that somebody tells, each with the key of who does; in them `he` and `she` are others.
        observe: Told of every decision of a scorer with its candidates.
    """
    found = Resolution()

    def teller(index: int) -> Entity | None:
        key = tellers.get(index)
        return None if key is None else found.entities.get(key)

    resolver = Resolver(reading, narration, tellers, teller, observe)
    _Walk(resolver, references, turns, reported, found).run(len(reading.words))
    return found


class _Walk:
    """The walk through a text: what is asked at which word, and what has been answered."""

    def __init__(
        self,
        resolver: Resolver,
        references: Sequence[Reference],
        turns: Sequence[Turn],
        reported: Sequence[Phrase],
        found: Resolution,
    ) -> None:
        self._resolver = resolver
        self._starts: dict[int, list[Reference]] = {}
        for reference in references:
            self._starts.setdefault(reference.phrase.start, []).append(reference)
        self._others = {phrase.start: phrase for phrase in reported}
        self._turns = {turn.first: turn for turn in turns}
        self._open: Turn | None = None
        self._heard: dict[int, Entity | None] = {}
        self._found = found

    def run(self, length: int) -> None:
        """Walk a text of so many words."""
        index = 0
        while index < length:
            if index in self._turns:
                self._close()
                self._open = self._turns[index]
                self._resolver.conversation.begin(self._open)
            index = self._step(index)
        self._close()

    def _step(self, index: int) -> int:
        """Answer what is asked at a word; the index to go on with."""
        if index in self._starts:
            for reference in self._starts[index]:
                self._answer(reference)
            return self._after(index, self._starts[index][0].phrase)
        if index in self._others:
            self._heard[index] = self._resolver.mention(self._others[index])
            return self._after(index, self._others[index])
        end = self._resolver.step(index)
        return next((place for place in range(index + 1, end) if place in self._turns), end)

    def _answer(self, reference: Reference) -> None:
        teller = None if reference.teller is None else self._heard.get(reference.teller.start)
        entity = self._resolver.mention(
            reference.phrase, source=reference.source, words=reference.words, teller=teller, outer=reference.outer
        )
        self._heard[reference.phrase.start] = entity
        self._found.entities[reference.key] = entity
        if self._resolver.probability is not None:
            self._found.probabilities[reference.key] = self._resolver.probability

    def _after(self, index: int, phrase: Phrase) -> int:
        """Where to go on after a phrase: behind it, or at what is asked inside it."""
        inside = range(index + 1, phrase.end)
        return next(
            (place for place in inside if place in self._starts or place in self._turns), max(index + 1, phrase.end)
        )

    def _close(self) -> None:
        """Settle the turn that is open."""
        if self._open is None:
            return
        number, attribution = self._open.number, self._open.attribution
        proposed = {one.rule: self._found.entities.get((number, one.rule)) for one in attribution.proposals}
        taken = self._resolver.conversation.settle(self._found.entities.get((number, SPEAKER)), proposed)
        if taken is not None:
            self._found.entities[number, SPEAKER] = taken.entity
            self._found.taken[number, SPEAKER] = taken
