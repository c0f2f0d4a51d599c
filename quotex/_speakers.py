"""Stage 5: who the mentions are.

Without a coreference model: names are joined by their words, descriptions by their heads and the roles of named
persons, pronouns by recency, grammatical role and gender, as in centering (Grosz, Joshi and Weinstein 1995) and the
salience weights of Lappin and Leass (1994).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence, Set
from typing import TypeAlias

import attrs

from quotex._lexicon import load_lexicon
from quotex._names import fold, is_acronym, is_part, name_words, same_name
from quotex._phrases import Phrase, source_phrase
from quotex._reading import Name, Reading
from quotex._roles import described_role, roles_of
from quotex._types import Span, SpeakerKind

_PRONOUNS = {
    "he": "m", "him": "m", "his": "m", "himself": "m",
    "she": "f", "her": "f", "hers": "f", "herself": "f",
}  # fmt: skip
_PLURAL = frozenset({"they", "them", "their", "both", "others"})
_FIRST = frozenset({"i", "we", "me", "us"})
_NAME_LABELS = ("PER", "ORG")
_SUBJECT_BONUS, _CLAUSE_BONUS, _SOURCE_BONUS, _GENDER_BONUS, _COUNT_BONUS = 1.6, 0.8, 0.8, 0.6, 0.1
_QUOTED_COST, _SENTENCE_COST, _PARAGRAPH_COST, _REACH = -1.5, 0.4, 1.0, 12


@attrs.define(eq=False)
class Entity:
    """A person or body while its mentions are collected.

    Attributes:
        kind: What it is.
        words: The words of its fullest name, empty for the unnamed.
        mentions: Its mentions so far, as (first word, after-last word).
        names: The mentions that are names.
        gender: Counts of the evidence for `m` and `f`.
        roles: The roles stated for it, in reading order.
        pronouns: The pronouns used for it, in order.
        heads: Lemmas by which a description may refer to it.
        plural: Whether it is several.
        seen: Positions as (word index, weight), for salience.
    """

    kind: SpeakerKind
    words: tuple[str, ...] = ()
    mentions: list[tuple[int, int]] = attrs.field(factory=list)
    names: list[Name] = attrs.field(factory=list)
    gender: Counter[str] = attrs.field(factory=Counter)
    roles: list[Span] = attrs.field(factory=list)
    pronouns: list[str] = attrs.field(factory=list)
    heads: set[str] = attrs.field(factory=set)
    plural: bool = False
    seen: list[tuple[int, float]] = attrs.field(factory=list)

    def fits(self, gender: str) -> bool:
        """Whether nothing known speaks against a gender."""
        other = "f" if gender == "m" else "m"
        return self.gender[gender] >= self.gender[other]


EntityTest: TypeAlias = Callable[[Entity], bool]


class Entities:
    """All entities of a text, filled from left to right."""

    def __init__(self, reading: Reading, narration: Set[int]) -> None:
        self.reading = reading
        self.narration = narration
        self.entities: list[Entity] = []
        self._of_name: dict[Name, Entity] = {}
        self._of_word: dict[int, Entity] = {}
        self._cluster_names()
        self._observe_names()

    # names -----------------------------------------------------------------------------------------------------------

    def _cluster_names(self) -> None:
        names = [name for name in self.reading.names if name.label in _NAME_LABELS]
        longest = sorted(names, key=lambda name: (-len(self._words(name)), name.start))
        for name in longest:
            words = self._words(name)
            if not words:
                continue
            entity = self._known(name, words) or self._create(name, words)
            self._of_name[name] = entity
            entity.names.append(name)

    def _words(self, name: Name) -> tuple[str, ...]:
        return name_words(self.reading.word_span(name.start, name.end).text)

    def _known(self, name: Name, words: tuple[str, ...]) -> Entity | None:
        """The entity that a name belongs to: the same or a longer name, the first introduced where several fit."""
        person = name.label == "PER"
        gender = self._title_gender(name)
        fitting = [
            entity
            for entity in self.entities
            if (entity.kind is SpeakerKind.PERSON) is person
            and (gender is None or entity.fits(gender))
            and self._is_same(words, entity, person)
        ]
        if len(fitting) < 2:
            return fitting[0] if fitting else None
        return max(fitting, key=lambda entity: self._precedence(entity, name.start))

    def _is_same(self, words: tuple[str, ...], entity: Entity, person: bool) -> bool:
        if same_name(words, entity.words):
            return True
        if person:
            return is_part(words, entity.words)
        full = self.reading.word_span(entity.names[0].start, entity.names[0].end).text
        return is_acronym("".join(words).upper(), full) if len(words) == 1 else False

    def _precedence(self, entity: Entity, position: int) -> tuple[bool, int]:
        """Among persons who share a surname it alone means the one who was introduced first."""
        first = min(name.start for name in entity.names)
        return first < position, -first

    def _create(self, name: Name, words: tuple[str, ...]) -> Entity:
        kind = SpeakerKind.PERSON if name.label == "PER" else SpeakerKind.ORGANIZATION
        entity = Entity(kind=kind, words=words)
        gender = self._title_gender(name)
        if gender is not None:
            entity.gender[gender] += 3
        elif kind is SpeakerKind.PERSON and len(words) > 1:
            entity.gender["f"] += words[0] in load_lexicon("feminine_names")
            entity.gender["m"] += words[0] in load_lexicon("masculine_names")
        self.entities.append(entity)
        return entity

    def _title_gender(self, name: Name) -> str | None:
        """The gender that a title before or inside the name tells, or `None`."""
        words = [self.reading.words[index].text.casefold().strip(".") for index in (name.start, name.start - 1)]
        return next(filter(None, map(_gender_of, words)), None)

    def _observe_names(self) -> None:
        for name in self.reading.names:
            entity = self._of_name.get(name)
            if entity is None:
                continue
            gender = self._title_gender(name)
            if gender is not None:
                entity.gender[gender] += 3
            if entity.kind is SpeakerKind.PERSON:
                self._add_roles(entity, name)

    def _add_roles(self, entity: Entity, name: Name) -> None:
        for span in roles_of(self.reading, name):
            entity.roles.append(span)
            words = [self.reading.words[index] for index in self.reading.words_in(span.start_char, span.end_char)]
            entity.heads.update(word.lemma.casefold() for word in words if word.upos in ("NOUN", "PROPN"))
            entity.gender.update(
                {gender: 2 for gender in (_gender_of(word.text.casefold()) for word in words) if gender}
            )

    # the walk --------------------------------------------------------------------------------------------------------

    def walk(self, sources: Sequence[tuple[int, Phrase]], reported: Sequence[Phrase] = ()) -> dict[int, Entity | None]:
        """Resolve names, pronouns and source phrases in reading order.

        Args:
            sources: Pairs of a key and a source phrase, such as an utterance's number and its source.
            reported: Other source phrases, such as those of indirect speech: whoever is reported can be meant later.

        Returns:
            The entity of each key; `None` where the text does not tell.
        """
        by_head: dict[int, list[int]] = {}
        phrases = {phrase.start: phrase for phrase in reported}
        for key, phrase in sources:
            by_head.setdefault(phrase.start, []).append(key)
            phrases[phrase.start] = phrase
        result: dict[int, Entity | None] = {}
        index = 0
        while index < len(self.reading.words):
            if index in phrases:
                phrase = phrases[index]
                entity = self.resolve(phrase)
                for key in by_head.get(index, ()):
                    result[key] = entity
                if entity is not None:
                    bonus = _SOURCE_BONUS if index in by_head else 0.0
                    self._see(entity, phrase.start, phrase.end, bonus + max(_CLAUSE_BONUS, self._weight(phrase.head)))
                index = max(index + 1, phrase.end)
                continue
            index = self._pass(index)
        return result

    def resolve_inside(self, sources: Sequence[tuple[int, Phrase]], outer: Entity) -> dict[int, Entity | None]:
        """Resolve source phrases inside somebody's words, where `I` and `we` are that person."""
        return {
            key: outer if self.reading.words[phrase.head].text.casefold() in _FIRST else self.resolve(phrase)
            for key, phrase in sources
        }

    def _pass(self, index: int) -> int:
        """Note a name or pronoun that is no source; the index to go on with."""
        name = self.reading.name_at(index)
        if name is not None and name in self._of_name:
            head = name.end - 1
            weight = self._weight(head) if index in self.narration else _QUOTED_COST
            self._see(self._of_name[name], name.start, name.end, weight)
            return max(index + 1, head + 1)
        word = self.reading.words[index]
        form = word.text.casefold()
        if form in _PRONOUNS and index in self.narration and word.upos == "PRON":
            entity = self._antecedent(index, _PRONOUNS[form])
            if entity is not None:
                self._see(entity, index, index + 1, self._weight(index))
                self._note_pronoun(entity, form)
        return index + 1

    def _weight(self, index: int) -> float:
        """How prominent a mention is: the subject of the sentence, of a clause, or anything else."""
        word = self.reading.words[index]
        while word.relation in ("flat", "compound", "appos", "goeswith", "nmod") and word.head is not None:
            if word.deprel == "nmod:poss":
                break
            word = self.reading.words[word.head]
        if word.relation != "nsubj" or word.head is None:
            return 0.0
        return _SUBJECT_BONUS if self.reading.words[word.head].head is None else _CLAUSE_BONUS

    def _see(self, entity: Entity, start: int, end: int, weight: float) -> None:
        entity.mentions.append((start, end))
        entity.seen.append((start, weight))

    def _note_pronoun(self, entity: Entity, form: str) -> None:
        entity.gender[_PRONOUNS[form]] += 1
        subject = {"m": "he", "f": "she"}[_PRONOUNS[form]]
        if subject not in entity.pronouns:
            entity.pronouns.append(subject)

    # resolution ------------------------------------------------------------------------------------------------------

    def resolve(self, phrase: Phrase) -> Entity | None:
        """The entity of a source phrase, made new where the text introduces one; `None` where it does not tell."""
        word = self.reading.words[phrase.head]
        form = word.text.casefold()
        if len(phrase.members) > 1:
            return self._group(phrase)
        if phrase.name is not None:
            return self._named(phrase, phrase.name)
        if word.upos == "PRON" or form in _PRONOUNS or form in _PLURAL or form in _FIRST:
            return self._of_pronoun(phrase, form)
        if word.upos == "PROPN" and (found := self._proper(phrase)) is not None:
            return found
        return self._described(phrase)

    def _named(self, phrase: Phrase, name: Name) -> Entity:
        for known, entity in self._of_name.items():
            if known.start <= name.start < known.end:
                return entity
        words = name_words(self.reading.word_span(phrase.start, phrase.end).text)
        entity = self._same_words(words) or Entity(kind=SpeakerKind.ORGANIZATION, words=words)
        if entity not in self.entities:
            self.entities.append(entity)
        entity.names.append(name)
        self._of_name[name] = entity
        return entity

    def _same_words(self, words: tuple[str, ...]) -> Entity | None:
        return next((entity for entity in self.entities if entity.words == words and words), None)

    def _group(self, phrase: Phrase) -> Entity:
        words = name_words(self.reading.word_span(phrase.start, phrase.end).text)
        found = self._same_words(words)
        if found is None:
            found = Entity(kind=SpeakerKind.GROUP, words=words, plural=True)
            found.names.append(Name(start=phrase.start, end=phrase.end, label="GROUP"))
            self.entities.append(found)
        return found

    def _proper(self, phrase: Phrase) -> Entity | None:
        """A proper noun that the name model missed: a known name, or a new one."""
        start = phrase.start
        while start < phrase.end - 1 and self.reading.words[start].upos in ("DET", "ADJ", "NOUN"):
            start += 1
        words = name_words(self.reading.word_span(start, phrase.end).text)
        if not words or {fold(word) for word in words} & load_lexicon("role_nouns"):
            return None
        fitting = [entity for entity in self.entities if entity.names and is_part(words, entity.words)]
        if fitting:
            return max(fitting, key=lambda entity: self._precedence(entity, phrase.start))
        body = bool({fold(word) for word in words} & load_lexicon("organization_words"))
        determined = self.reading.words[phrase.start].upos == "DET"
        kind = SpeakerKind.ORGANIZATION if body or determined else SpeakerKind.PERSON
        name = Name(start=start, end=phrase.end, label="ORG" if kind is SpeakerKind.ORGANIZATION else "PER")
        entity = Entity(kind=kind, words=words)
        entity.names.append(name)
        self._of_name[name] = entity
        self.entities.append(entity)
        gender = self._title_gender(name)
        if gender is not None:
            entity.gender[gender] += 3
        if kind is SpeakerKind.PERSON:
            self._add_roles(entity, name)
        return entity

    def _of_pronoun(self, phrase: Phrase, form: str) -> Entity | None:
        if form in _PRONOUNS:
            entity = self._antecedent(phrase.head, _PRONOUNS[form])
            if entity is not None:
                self._note_pronoun(entity, form)
            return entity
        if form in _PLURAL:
            entity = self._nearest(phrase.head, lambda known: known.plural or known.kind is not SpeakerKind.PERSON)
            entity = entity or self._nearest(phrase.head, lambda known: not known.words)
            if entity is not None and "they" not in entity.pronouns:
                entity.pronouns.append("they")
            return entity
        if form in _FIRST:
            return self._narrator()
        return self._thing(phrase.head) if form == "it" else None

    def _thing(self, index: int) -> Entity | None:
        """What `it` means: the subject of the sentence before, where it is no person, else the nearest body."""
        number = self.reading.words[index].sentence
        if number:
            before = self.reading.sentences[number - 1]
            subject = next((place for place in range(before.start, before.end) if self._is_main_subject(place)), None)
            if subject is not None and self.reading.words[subject].upos != "PRON":
                phrase = source_phrase(self.reading, subject, lambda place: place in self.narration)
                entity = self.resolve(phrase)
                if entity is not None and entity.kind is not SpeakerKind.PERSON:
                    self._see(entity, phrase.start, phrase.end, _SUBJECT_BONUS)
                    return entity
        return self._nearest(index, lambda known: known.kind is not SpeakerKind.PERSON and not known.plural)

    def _is_main_subject(self, index: int) -> bool:
        word = self.reading.words[index]
        main = word.head is not None and self.reading.words[word.head].head is None
        return index in self.narration and word.relation == "nsubj" and main

    def _narrator(self) -> Entity:
        for entity in self.entities:
            if entity.kind is SpeakerKind.NARRATOR:
                return entity
        entity = Entity(kind=SpeakerKind.NARRATOR)
        self.entities.append(entity)
        return entity

    def _antecedent(self, index: int, gender: str) -> Entity | None:
        return self._nearest(
            index,
            lambda entity: entity.kind is SpeakerKind.PERSON and not entity.plural and entity.fits(gender),
            gender,
        )

    def _nearest(self, index: int, fits: EntityTest, gender: str | None = None) -> Entity | None:
        """The most salient entity before a word among those that fit."""
        scored = [
            (self._salience(entity, index) + (_GENDER_BONUS if gender and entity.gender[gender] else 0.0), entity)
            for entity in self.entities
            if entity.seen and fits(entity)
        ]
        return max(scored, key=lambda pair: pair[0])[1] if scored else None

    def _salience(self, entity: Entity, index: int) -> float:
        """How present an entity is at a word: its latest mentions, weighed by grammatical role and distance."""
        here = self.reading.sentences[self.reading.words[index].sentence]
        best = -100.0
        for position, weight in [seen for seen in entity.seen if seen[0] < index][-4:]:
            there = self.reading.sentences[self.reading.words[position].sentence]
            distance = min(here.index - there.index, _REACH)
            paragraphs = min(here.paragraph - there.paragraph, _REACH)
            best = max(best, weight - _SENTENCE_COST * distance - _PARAGRAPH_COST * paragraphs)
        return best + _COUNT_BONUS * min(len(entity.seen), 5)

    def _described(self, phrase: Phrase) -> Entity | None:
        word = self.reading.words[phrase.head]
        lemma = word.lemma.casefold()
        text = self.reading.word_span(phrase.start, phrase.end).text
        owner = self._document_owner(phrase, lemma)
        if owner is not None:
            return owner
        if self._is_definite(phrase):
            found = self._by_head(phrase, lemma)
            if found is not None:
                return found
        same = self._same_words(name_words(text))
        if same is not None:
            return same
        entity = Entity(kind=_kind_of(lemma, word.text, "Number=Plur" in word.feats), words=name_words(text))
        entity.plural = "Number=Plur" in word.feats
        entity.heads.add(lemma)
        role = described_role(self.reading, phrase)
        if role is not None:
            entity.roles.append(role)
        gender = _gender_of(lemma)
        if gender is not None:
            entity.gender[gender] += 3
        self.entities.append(entity)
        return entity

    def _is_definite(self, phrase: Phrase) -> bool:
        first = self.reading.words[phrase.start]
        if first.text.casefold() in ("the", "this", "that", "these", "those", "his", "her", "their", "its"):
            return True
        return "Number=Plur" not in self.reading.words[phrase.head].feats and first.upos not in ("DET", "NUM")

    def _document_owner(self, phrase: Phrase, lemma: str) -> Entity | None:
        """Who made a document: `a JSC statement`, `the ministry’s report`."""
        if lemma not in load_lexicon("statement_nouns") | load_lexicon("document_words"):
            return None
        for name, entity in self._of_name.items():
            if phrase.source_start <= name.start and name.end <= phrase.source_end:
                return entity
        return None

    def _by_head(self, phrase: Phrase, lemma: str) -> Entity | None:
        """The latest entity that a definite description can mean."""
        synonyms = _synonyms(lemma)
        found = self._nearest(phrase.head, lambda entity: bool(entity.heads & synonyms) and not entity.plural)
        found = found or self._titled(phrase, synonyms)
        if found is not None:
            return found
        if lemma in load_lexicon("organization_words"):
            same = self._nearest(
                phrase.head,
                lambda entity: entity.kind is SpeakerKind.ORGANIZATION and lemma in entity.words,
            )
            return same or self._nearest(phrase.head, lambda entity: entity.kind is SpeakerKind.ORGANIZATION)
        if lemma in load_lexicon("generic_persons") or lemma.endswith("-old"):
            gender = _gender_of(lemma)
            return self._nearest(
                phrase.head,
                lambda entity: entity.kind is SpeakerKind.PERSON and (gender is None or entity.fits(gender)),
                gender,
            )
        return None

    def _titled(self, phrase: Phrase, heads: set[str]) -> Entity | None:
        """The person who is named with the same title only later: `the Mexico director`, `Mexico director Ann Lee`."""
        words = {self.reading.words[index].lemma.casefold() for index in range(phrase.start, phrase.end)}
        for entity in self.entities:
            if entity.names and entity.heads & heads and len(entity.heads & words) > 1:
                role = described_role(self.reading, phrase)
                if role is not None:
                    entity.roles.append(role)
                return entity
        return None


def _gender_of(word: str) -> str | None:
    """The gender that a noun or title tells, or `None`."""
    if word in load_lexicon("feminine_words"):
        return "f"
    return "m" if word in load_lexicon("masculine_words") else None


def _synonyms(lemma: str) -> set[str]:
    """A noun with its forms for either gender: `spokesman`, `spokeswoman`, `spokesperson`."""
    for ending in ("woman", "man", "person"):
        if lemma.endswith(ending) and len(lemma) > len(ending) + 2:
            stem = lemma.removesuffix(ending)
            return {stem + other for other in ("woman", "man", "person")} | {stem.rstrip("s")}
    return {lemma}


def _kind_of(lemma: str, text: str, plural: bool) -> SpeakerKind:
    if text.casefold() in load_lexicon("group_words") or lemma in load_lexicon("group_words"):
        return SpeakerKind.GROUP
    if lemma in load_lexicon("organization_words"):
        return SpeakerKind.ORGANIZATION
    if lemma in load_lexicon("document_words"):
        return SpeakerKind.DOCUMENT
    if plural:
        return SpeakerKind.GROUP
    gendered = load_lexicon("feminine_words") | load_lexicon("masculine_words")
    return SpeakerKind.PERSON if lemma in load_lexicon("role_nouns") | gendered else SpeakerKind.UNKNOWN
