"""Stage 5: who the mentions are.

Names are joined by their words (`_entities`), descriptions by their heads and the roles of named persons, pronouns by
how present their antecedents are (`_discourse`) and whom their coreference chains name (`_coreference`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from types import MappingProxyType

import attrs

from quotex._coreference import ChainTable
from quotex._discourse import SOURCE, Discourse
from quotex._entities import Entity, EntityTable, gender_of
from quotex._lexicon import load_lexicon
from quotex._names import name_words
from quotex._phrases import Phrase, source_phrase
from quotex._reading import Name, Reading
from quotex._roles import described_role, is_role_noun
from quotex._types import SpeakerKind

_GENDERS = {
    "he": "m", "him": "m", "his": "m", "himself": "m",
    "she": "f", "her": "f", "hers": "f", "herself": "f",
}  # fmt: skip
_SUBJECT_FORMS = {"m": "he", "f": "she"}
_PLURAL = frozenset({"they", "them", "their", "both", "others"})
FIRST_PERSON = frozenset({"i", "we", "me", "us"})
"""Pronouns that mean whoever speaks the words around them."""
_DETERMINED = frozenset({"the", "this", "that", "these", "those"})
_POSSESSIVES = frozenset({"his", "her", "their", "its", "my", "our", "your"})
_DESCRIPTION_EVIDENCE = 3


@attrs.frozen(kw_only=True)
class Reference:
    """A phrase to be resolved.

    Attributes:
        key: What the answer is asked under.
        phrase: The phrase.
        source: Whether it is the source of marked words.
    """

    key: int
    phrase: Phrase
    source: bool = True


def resolve(
    reading: Reading,
    narration: Set[int],
    references: Sequence[Reference],
    reported: Sequence[Phrase],
    tellers: Mapping[int, int] = MappingProxyType({}),
) -> dict[int, Entity | None]:
    """Resolve references, walking the text from left to right.

    Args:
        reading: The text.
        narration: The words outside marks.
        references: What is asked.
        reported: Other source phrases, such as those of indirect speech: whoever is reported can be meant later.
        tellers: Words that somebody tells, each with the key of who does; in them `he` and `she` are others.

    Returns:
        The entity of each key; `None` where the text does not tell.
    """
    result: dict[int, Entity | None] = {}
    resolver = _Resolver(reading, narration, tellers, result)
    starts: dict[int, list[Reference]] = {}
    for reference in references:
        starts.setdefault(reference.phrase.start, []).append(reference)
    others = {phrase.start: phrase for phrase in reported}
    index = 0
    while index < len(reading.words):
        if index in starts:
            for reference in starts[index]:
                result[reference.key] = resolver.mention(reference.phrase, SOURCE if reference.source else 0.0)
            index = _next(index, starts[index][0].phrase, starts)
        elif index in others:
            resolver.mention(others[index], 0.0)
            index = _next(index, others[index], starts)
        else:
            index = resolver.step(index)
    return result


def _next(index: int, phrase: Phrase, starts: Mapping[int, object]) -> int:
    """Where to go on after a phrase: behind it, or at a reference inside it."""
    return next((place for place in range(index + 1, phrase.end) if place in starts), max(index + 1, phrase.end))


class _Resolver:
    """The state of the walk.

    Args:
        reading: The text.
        narration: The words outside marks.
        tellers: Words that somebody tells, each with the key of who does.
        result: The answers, which the walk fills in.
    """

    def __init__(
        self, reading: Reading, narration: Set[int], tellers: Mapping[int, int], result: Mapping[int, Entity | None]
    ) -> None:
        self._reading = reading
        self._tellers = tellers
        self._result = result
        self._narration = narration
        self._table = EntityTable(reading)
        self._chains = ChainTable(reading, self._table)
        self._discourse = Discourse(reading, narration, tellers)
        self._narrator = Entity(kind=SpeakerKind.NARRATOR)

    def mention(self, phrase: Phrase, bonus: float) -> Entity | None:
        """Resolve a phrase and record it as a mention."""
        entity = self._resolve(phrase)
        if entity is not None:
            self._discourse.see(entity, phrase.start, phrase.end, bonus)
        return entity

    def step(self, index: int) -> int:
        """Record a name or pronoun that nothing refers to; the index to go on with."""
        entity = self._table.at(index)
        if entity is not None:
            end = index + 1
            while self._table.at(end) is entity:
                end += 1
            self._discourse.see(entity, index, end)
            return end
        word = self._reading.words[index]
        gender = _GENDERS.get(word.text.casefold())
        if gender is not None and index in self._narration and word.upos == "PRON":
            entity = self._person(index, gender)
            if entity is not None:
                self._discourse.see(entity, index, index + 1)
        return index + 1

    def _resolve(self, phrase: Phrase) -> Entity | None:
        word = self._reading.words[phrase.head]
        form = word.text.casefold()
        if len(phrase.members) > 1:
            return self._group(phrase)
        if phrase.name is not None:
            return self._table.within(phrase.name.start, phrase.name.end) or self._table.name(
                attrs.evolve(phrase.name, label="PER" if phrase.name.label == "PER" else "ORG")
            )
        if form in _GENDERS:
            return self._person(phrase.head, _GENDERS[form])
        if form in _PLURAL:
            return self._several(phrase.head)
        if form in FIRST_PERSON:
            return self._narrator
        if form == "it":
            return self._thing(phrase.head)
        if word.upos in ("PRON", "PART", "PUNCT", "SYM"):
            return None
        if word.upos == "PROPN" and (found := self._table.proper(phrase)) is not None:
            return found
        return self._described(phrase)

    def _group(self, phrase: Phrase) -> Entity:
        words = name_words(self._reading.word_span(phrase.start, phrase.end).text)
        found = self._table.worded(words)
        if found is None:
            found = self._table.add(Entity(kind=SpeakerKind.GROUP, words=words, plural=True))
        found.names.append(Name(start=phrase.start, end=phrase.end, label="GROUP"))
        return found

    def _person(self, index: int, gender: str) -> Entity | None:
        """The antecedent of `he` or `she`."""
        key = self._tellers.get(index)
        teller = None if key is None else self._result.get(key)

        def fits(entity: Entity) -> bool:
            single = entity.kind is SpeakerKind.PERSON and not entity.plural
            return single and entity.fits(gender) and entity is not teller

        found = self._discourse.nearest(index, fits, gender, self._chains.entities(index, index + 1))
        if found is not None:
            found.note_pronoun(_SUBJECT_FORMS[gender], gender)
        return found

    def _several(self, index: int) -> Entity | None:
        """The antecedent of `they`: several, a body, or an unnamed person."""
        found = self._discourse.nearest(
            index, lambda entity: entity.plural or entity.kind is not SpeakerKind.PERSON or not entity.names
        )
        if found is not None:
            found.note_pronoun("they")
        return found

    def _thing(self, index: int) -> Entity | None:
        """What `it` means: the subject of the sentence before, where it is no person, else the nearest body."""
        number = self._reading.words[index].sentence
        before = self._reading.sentences[max(number - 1, 0)]
        subject = next((at for at in range(before.start, before.end) if self._is_main_subject(at)), None)
        if subject is not None and self._reading.words[subject].upos != "PRON":
            phrase = source_phrase(self._reading, subject, lambda place: place in self._narration)
            # a parser may take `it` for a noun
            again = self._reading.words[phrase.head].text.casefold() == "it"
            entity = None if again else self._resolve(phrase)
            if entity is not None and entity.kind is not SpeakerKind.PERSON:
                entity.mentions.append((phrase.start, phrase.end))
                entity.note_pronoun("it")
                return entity
        found = self._discourse.nearest(
            index, lambda entity: entity.kind is not SpeakerKind.PERSON and not entity.plural
        )
        if found is not None:
            found.note_pronoun("it")
        return found

    def _is_main_subject(self, index: int) -> bool:
        word = self._reading.words[index]
        main = word.head is not None and self._reading.words[word.head].head is None
        return index in self._narration and word.relation == "nsubj" and main

    def _described(self, phrase: Phrase) -> Entity:
        """The entity of a description: who made a document, who is known by its head noun, or somebody new."""
        words = name_words(self._reading.word_span(phrase.start, phrase.end).text)
        found = self._document_owner(phrase)
        if found is None and self._is_definite(phrase):
            found = self._by_head(phrase)
        return found or self._table.worded(words) or self._table.add(self._unnamed(phrase, words))

    def _unnamed(self, phrase: Phrase, words: tuple[str, ...]) -> Entity:
        word = self._reading.words[phrase.head]
        lemma = word.lemma.casefold()
        plural = "Number=Plur" in word.feats
        entity = Entity(kind=self._kind(phrase, plural), words=words, plural=plural, heads={lemma})
        role = described_role(self._reading, phrase)
        if role is not None:
            entity.roles.append(role)
        gender = gender_of(lemma)
        if gender is not None:
            entity.gender[gender] += _DESCRIPTION_EVIDENCE
        return entity

    def _kind(self, phrase: Phrase, plural: bool) -> SpeakerKind:
        word = self._reading.words[phrase.head]
        lemma = word.lemma.casefold()
        if {word.text.casefold(), lemma} & load_lexicon("group_words"):
            return SpeakerKind.GROUP
        if lemma in load_lexicon("organization_words"):
            return SpeakerKind.ORGANIZATION
        if lemma in load_lexicon("document_words"):
            return SpeakerKind.DOCUMENT
        if plural:
            return SpeakerKind.GROUP
        person = is_role_noun(word) or lemma in load_lexicon("generic_persons") or gender_of(lemma) is not None
        return SpeakerKind.PERSON if person else SpeakerKind.UNKNOWN

    def _is_definite(self, phrase: Phrase) -> bool:
        """Whether a description can mean somebody known: `the minister`, `Judge`; not `a judge`, `his mother`."""
        first = self._reading.words[phrase.start]
        form = first.text.casefold()
        if form in _DETERMINED or form in _POSSESSIVES:
            return True
        return "Number=Plur" not in self._reading.words[phrase.head].feats and first.upos not in ("DET", "NUM")

    def _document_owner(self, phrase: Phrase) -> Entity | None:
        """Who made a document: `a JSC statement`, `the ministry’s report`."""
        lemma = self._reading.words[phrase.head].lemma.casefold()
        if lemma not in load_lexicon("statement_nouns") | load_lexicon("document_words"):
            return None
        named = self._table.within(phrase.source_start, phrase.source_end)
        if named is not None:
            return named
        for child in self._reading.children(phrase.head):
            word = self._reading.words[child]
            gender = _GENDERS.get(word.text.casefold())
            if word.deprel == "nmod:poss" and gender is not None:
                return self._person(child, gender)
            if word.deprel == "nmod:poss" and word.upos == "NOUN":
                return self._resolve(source_phrase(self._reading, child, lambda place: place < phrase.head))
        return None

    def _by_head(self, phrase: Phrase) -> Entity | None:
        """The latest entity that a definite description can mean, or `None`."""
        lemma = self._reading.words[phrase.head].lemma.casefold()
        heads = _synonyms(lemma)
        found = self._discourse.nearest(
            phrase.head, lambda entity: bool(entity.heads & heads) and not entity.plural
        ) or self._titled(phrase, heads)
        if found is not None or self._reading.words[phrase.start].text.casefold() in _POSSESSIVES:
            return found
        if lemma in load_lexicon("organization_words"):
            return self._discourse.nearest(
                phrase.head, lambda entity: entity.kind is SpeakerKind.ORGANIZATION and lemma in entity.words
            ) or self._discourse.nearest(phrase.head, lambda entity: entity.kind is SpeakerKind.ORGANIZATION)
        gender = gender_of(lemma)
        broad = lemma in load_lexicon("broad_roles")
        if "Number=Plur" in self._reading.words[phrase.head].feats:
            return None
        if broad or (lemma in load_lexicon("generic_persons") and gender is not None) or lemma in ("old", "year-old"):
            return self._discourse.nearest(
                phrase.head,
                lambda entity: entity.kind is SpeakerKind.PERSON and (gender is None or entity.fits(gender)),
                gender,
            )
        return None

    def _titled(self, phrase: Phrase, heads: set[str]) -> Entity | None:
        """The person who is named with the same title only later: `the Mexico director`, `Mexico director Ann Lee`.

        `the director` alone is enough where the only director of the text is `the director, Ann Lee`.
        """
        words = {self._reading.words[index].lemma.casefold() for index in range(phrase.start, phrase.end)}
        title = self._reading.word_span(phrase.start, phrase.end).text.casefold().removeprefix("the ")
        alike = [entity for entity in self._table if entity.names and entity.heads & heads]
        for entity in alike:
            same = len(alike) == 1 and any(span.text.casefold() == title for span in entity.roles)
            if same or len(entity.heads & words) > 1:
                role = described_role(self._reading, phrase)
                if role is not None:
                    entity.roles.append(role)
                return entity
        return None


def _synonyms(lemma: str) -> set[str]:
    """A noun with its forms for either gender: `spokesman`, `spokeswoman`, `spokesperson`."""
    for ending in ("woman", "man", "person"):
        if lemma.endswith(ending) and len(lemma) > len(ending) + 2:
            stem = lemma.removesuffix(ending)
            return {stem + other for other in ("woman", "man", "person")} | {stem.rstrip("s")}
    return {lemma}
