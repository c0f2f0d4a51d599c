"""What coreference chains say about single mentions: which entity a chain is about, told by the names in it."""

from __future__ import annotations

from collections import Counter

from quotex._entities import FIRST_NAME_EVIDENCE, PRONOUN_GENDERS, Entity, EntityTable
from quotex._reading import Reading
from quotex._types import SpeakerKind

_LONGEST = 12
"""Words of a mention above which it is a clause that names somebody on its way."""


_CALLED = 2
"""Pronouns of the other gender from which on a first name tells nothing."""


class ChainTable:
    """The coreference chains of a text by their mentions.

    Args:
        reading: The text.
        table: Its entities.
    """

    def __init__(self, reading: Reading, table: EntityTable) -> None:
        self._reading = reading
        self._table = table
        self._numbers = {mention: number for number, chain in enumerate(reading.chains) for mention in chain}

    def entities(self, start: int, end: int) -> list[Entity]:
        """The entities that the chain of a mention names, each once: those up to it first, nearest first.

        Args:
            start, end: The words of the mention, half-open.
        """
        number = self._numbers.get((start, end))
        if number is None:
            return []
        chain = self._reading.chains[number]
        nearest_first = sorted(chain, key=lambda mention: (mention[0] >= end, abs(mention[0] - start)))
        named = (self._named(*mention) for mention in nearest_first)
        return list(dict.fromkeys(entity for entity in named if entity is not None))

    def correct_genders(self) -> None:
        """Drop what first names tell of a gender where the pronouns of chains tell the other: Lindsey Lee can be he."""
        called: dict[Entity, Counter[str]] = {}
        for chain in self._reading.chains:
            named = {entity for mention in chain if (entity := self._named(*mention)) is not None}
            entity = named.pop() if len(named) == 1 else None
            if entity is not None and entity.kind is SpeakerKind.PERSON:
                forms = (self._reading.words[start].text.casefold() for start, end in chain if end - start == 1)
                genders = (PRONOUN_GENDERS[form] for form in forms if form in PRONOUN_GENDERS)
                called.setdefault(entity, Counter()).update(genders)
        for entity, counts in called.items():
            for gender, other in ("mf", "fm"):
                if entity.gender[gender] == FIRST_NAME_EVIDENCE and counts[other] - counts[gender] >= _CALLED:
                    entity.gender[gender] = 0

    def _named(self, start: int, end: int) -> Entity | None:
        """The entity that a mention names: not whom it only belongs to (`Lind’s wife`)."""
        if end - start > _LONGEST:
            return None
        entity = self._table.within(start, end)
        if entity is None:
            return None
        last = next(index for index in range(start, end) if self._table.at(index) is entity)
        while last + 1 < end and self._table.at(last + 1) is entity:
            last += 1
        owner = last + 2 < end and self._reading.words[last + 1].upos == "PART"
        return None if owner else entity
