"""What coreference chains, and the sentence before, say about single mentions: which entity they are about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Set

from quotex._entities import FIRST_NAME_EVIDENCE, PRONOUN_GENDERS, Entity, EntityTable
from quotex._lexicon import load_lexicon
from quotex._phrases import Phrase
from quotex._reading import Reading
from quotex._role_words import is_role_noun, kin_nouns
from quotex._roles import described_role
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


def only_speakers_name(entity: Entity, narration: Set[int], index: int) -> bool:
    """Whether an entity is named before a word, and only inside what others say."""
    before = [name.start for name in entity.names if name.start < index]
    return bool(before) and narration.isdisjoint(before)


def subject_before(reading: Reading, table: EntityTable, phrase: Phrase) -> Entity | None:
    """Whom an office or trade that begins a sentence describes where no chain tells: the subject before it.

    `Ann Lee has built stations for thirty years. The architect, 61, met us`: the sentence before is about one person,
    whom it names and of whom no office is known.
    """
    head, first = reading.words[phrase.head], reading.words[phrase.start]
    sentence = reading.sentences[head.sentence]
    if first.text != "The" or first.index != sentence.start or not head.sentence or head.relation != "nsubj":
        return None
    if reading.child(head.index, "conj") is not None:
        return None  # the minister and his team
    role, lemma = described_role(reading, phrase), head.lemma.casefold()
    others = kin_nouns() | load_lexicon("organization_words") | load_lexicon("group_words")
    if role is None or "Number=Plur" in head.feats or not is_role_noun(head) or lemma in others:
        return None
    before = reading.sentences[head.sentence - 1]
    named = {entity for index in range(before.start, before.end) if (entity := table.at(index)) is not None}
    people = [entity for entity in named if entity.kind is SpeakerKind.PERSON]
    if len(people) != 1 or people[0].roles:
        return None
    places = (index for index in range(before.start, before.end) if table.at(index) is people[0])
    if not any(reading.words[index].relation == "nsubj" for index in places):
        return None
    table.state(people[0], (role,))
    return people[0]
