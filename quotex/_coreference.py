"""What coreference chains say about single mentions: which entity a chain is about, told by the names in it."""

from __future__ import annotations

from quotex._entities import Entity, EntityTable
from quotex._reading import Reading

_LONGEST = 12
"""Words of a mention above which it is a clause that names somebody on its way."""


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
