"""The persons and bodies of a text, and which of its names belong to which."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import attrs

from quotex._lexicon import load_lexicon
from quotex._names import fold, is_acronym, is_part, is_short_body, name_words, same_name
from quotex._phrases import Phrase, without_titles
from quotex._reading import SPEAKING, Name, Reading
from quotex._role_words import AGES, is_role_noun, kin_nouns
from quotex._roles import roles_of
from quotex._types import Span, SpeakerKind

PRONOUN_GENDERS = {
    "he": "m", "him": "m", "his": "m", "himself": "m",
    "she": "f", "her": "f", "hers": "f", "herself": "f",
}  # fmt: skip
_CONSORT = "lady"
"""The head of `First Lady`."""
_TITLE_EVIDENCE, _ROLE_EVIDENCE, FIRST_NAME_EVIDENCE = 3, 2, 1


@attrs.define(eq=False)
class Entity:
    """A person or body while its mentions are collected.

    Attributes:
        kind: What it is.
        words: The words of its fullest name or of its description.
        names: The mentions that are names.
        mentions: All mentions seen so far, as (first word, after-last word).
        gender: Evidence for `m` and `f` that the text states: titles, role nouns, first names.
        called: How often a pronoun of `m` and `f` was resolved to it.
        roles: The roles stated for it, in the order in which they were met.
        pronouns: The subject forms of the pronouns resolved to it, in order.
        heads: Lemmas of the nouns by which a description may refer to it.
        plural: Whether it is several.
    """

    kind: SpeakerKind
    words: tuple[str, ...] = ()
    names: list[Name] = attrs.field(factory=list)
    mentions: list[tuple[int, int]] = attrs.field(factory=list)
    gender: Counter[str] = attrs.field(factory=Counter)
    called: Counter[str] = attrs.field(factory=Counter)
    roles: list[Span] = attrs.field(factory=list)
    pronouns: list[str] = attrs.field(factory=list)
    heads: set[str] = attrs.field(factory=set)
    plural: bool = False

    def fits(self, gender: str) -> bool:
        """Whether nothing stated speaks against a gender."""
        return self.gender[gender] >= self.gender["f" if gender == "m" else "m"]

    def suits(self, gender: str | None) -> bool:
        """Whether neither what is stated nor the pronouns resolved to it so far speak against a gender."""
        other = "f" if gender == "m" else "m"
        return gender is None or (self.fits(gender) and self.called[gender] >= self.called[other])

    def note_pronoun(self, form: str, gender: str | None = None) -> None:
        """Record a pronoun that was resolved to this entity, by its subject form."""
        if gender is not None:
            self.called[gender] += 1
        if form not in self.pronouns:
            self.pronouns.append(form)

    def spans(self) -> set[tuple[int, int]]:
        """All mentions and names, as (first word, after-last word)."""
        return {*self.mentions, *((name.start, name.end) for name in self.names)}


def gender_of(word: str) -> str | None:
    """The gender that a noun or title tells, `m` or `f`, or `None`."""
    if word in load_lexicon("feminine_words"):
        return "f"
    return "m" if word in load_lexicon("masculine_words") else None


class EntityTable:
    """The entities of a text. Its names are joined when the table is made; descriptions are added later.

    Args:
        reading: The text.
    """

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._entities: list[Entity] = []
        self._at_word: dict[int, Entity] = {}
        self._by_words: dict[tuple[str, ...], Entity] = {}
        self._short_forms: dict[tuple[str, ...], Entity] = {}
        self._places = {self._words(name) for name in reading.names if name.label in ("LOC", "NORP")}
        names = [name for name in reading.names if name.label in SPEAKING]
        names = [without_titles(reading, name) for name in names]
        self._apart = self._told_apart(names)
        # longest first, so that a surname finds the full name that it is part of; nicknames behind those who bear them
        given = {self._words(name): bearer for name in names if (bearer := self._bearer(name)) is not None}
        for name in sorted(names, key=lambda name: (self._words(name) in given, -len(self._words(name)), name.start)):
            bearer = given.get(self._words(name))
            self.name(name, None if bearer is None else self._at_word.get(bearer))

    def __iter__(self) -> Iterator[Entity]:
        return iter(self._entities)

    def at(self, index: int) -> Entity | None:
        """The entity whose name covers a word, or `None`."""
        return self._at_word.get(index)

    def within(self, start: int, end: int) -> Entity | None:
        """The first entity that is named between two words, or `None`."""
        return next((self._at_word[index] for index in range(start, end) if index in self._at_word), None)

    def worded(self, words: tuple[str, ...]) -> Entity | None:
        """The entity with exactly these words as its name or description, or `None`."""
        return self._by_words.get(words)

    def add(self, entity: Entity) -> Entity:
        """Take in a new entity."""
        self._entities.append(entity)
        if entity.words:
            self._by_words.setdefault(entity.words, entity)
        return entity

    def name(self, name: Name, bearer: Entity | None = None) -> Entity:
        """The entity that a name belongs to, made new if the text has not named it yet.

        Args:
            name: The name.
            bearer: Whom the text says that it is a name for.
        """
        words = self._words(name)
        entity = bearer or self._abbreviated(name)
        if entity is not None:
            self._short_forms[words] = entity
        elif name.label == "ORG":
            entity = self._short_forms.get(words)
        entity = entity or self._known(name, words) or self.add(self._new(name, words))
        entity.names.append(name)
        self._at_word.update(dict.fromkeys(range(name.start, name.end), entity))
        gender = self._title_gender(name)
        if gender is not None:
            entity.gender[gender] += _TITLE_EVIDENCE
        if entity.kind is SpeakerKind.PERSON:
            self.state(entity, roles_of(self._reading, name))
        return entity

    def proper(self, phrase: Phrase) -> Entity | None:
        """The entity of a proper noun that the name model missed; `None` where it is a title (`the First Lady`)."""
        words, reading = self._reading.words, self._reading
        start = phrase.start
        while start < phrase.end - 1 and words[start].upos in ("DET", "ADJ", "NOUN"):
            start += 1
        folded = {fold(words[index].text) for index in range(start, phrase.end)}
        title = folded & (load_lexicon("polite_titles") | load_lexicon("titles"))
        if any(is_role_noun(words[index]) for index in range(start, phrase.end)) or (title and start > phrase.start):
            return None
        body = bool(folded & load_lexicon("organization_words")) or words[phrase.start].upos == "DET"
        label = "ORG" if body and not self._is_named(name_words(reading.word_span(start, phrase.end).text)) else "PER"
        return self.name(Name(start=start, end=phrase.end, label=label))

    def _is_named(self, words: Sequence[str]) -> bool:
        return any(entity.kind is SpeakerKind.PERSON and is_part(words, entity.words) for entity in self._entities)

    def _told_apart(self, names: Sequence[Name]) -> set[frozenset[tuple[str, ...]]]:
        """Pairs of persons’ names of two words or more in one sentence, which are of two: `Ann Lee met Bo Ann Lee`."""
        full = [name for name in names if name.label == "PER" and len(self._words(name)) > 1]
        sentences = [self._reading.words[name.start].sentence for name in full]
        pairs = (
            (self._words(one), self._words(other))
            for place, one in enumerate(full)
            for other, sentence in zip(full[place + 1 :], sentences[place + 1 :], strict=True)
            if sentence == sentences[place]
        )
        return {frozenset(pair) for pair in pairs if not same_name(*pair)}

    def _words(self, name: Name) -> tuple[str, ...]:
        return name_words(self._reading.word_span(name.start, name.end).text)

    def _known(self, name: Name, words: tuple[str, ...]) -> Entity | None:
        """The entity with the same or a longer name; of several, the one introduced first.

        Reporters use the surname alone for the first of two people who share it, and a fuller name for the other. Where
        it comes first (`Kim Ji-woo`), many share it who are not of one family, and the one told of last is meant.
        """
        if not words:
            return None
        person = name.label == "PER"
        gender = self._title_gender(name)
        fitting = [
            entity
            for entity in self._entities
            if entity.names
            and (entity.kind is SpeakerKind.PERSON) is person
            and (gender is None or entity.fits(gender))
            and self._is_same(name, words, entity)
        ]
        if person and len(words) == 1:
            fitting = self._titled(fitting, name)
        if person and len(words) == 1 and self._are_strangers(words[0], fitting):
            return max(fitting, key=lambda entity: self._latest(entity, name.start), default=None)
        return max(fitting, key=lambda entity: self._precedence(entity, name.start), default=None)

    def _is_same(self, name: Name, words: tuple[str, ...], entity: Entity) -> bool:
        if same_name(words, entity.words):
            return True
        if entity.kind is SpeakerKind.PERSON:
            text = self._reading.word_span(name.start, name.end).text
            full = self._reading.word_span(entity.names[0].start, entity.names[0].end).text
            if len(words) == 1 and text.isupper() and is_acronym(text, full):
                return True  # JN: Jane Novak
            return is_part(words, entity.words) and frozenset((words, entity.words)) not in self._apart
        full = self._reading.word_span(entity.names[0].start, entity.names[0].end).text
        text = self._reading.word_span(name.start, name.end).text
        if len(words) == 1 and is_acronym(text, full):
            return True
        if len(words) == 1 and text.isupper() and entity.words[:1] == words:
            return False  # the UN is not the UN Fund
        return words not in self._places and is_short_body(words, entity.words, load_lexicon("organization_words"))

    def _bearer(self, name: Name) -> int | None:
        """A word of the person’s name that a clause gives another: `Lee, whom everyone calls “Captain Calm,”`."""
        words = self._reading.words
        for index in range(name.start, name.end) if name.label == "PER" else ():
            verb = words[index].head
            if verb is None or words[verb].relation != "acl" or words[verb].lemma not in load_lexicon("calling_verbs"):
                continue
            head = words[verb].head
            bearer = None if head is None else self._reading.name_at(head)
            if bearer is None or bearer.label != "PER" or not bearer.end <= verb < name.start:
                continue
            bare = self._reading.child(index, "det") is None  # not `who was called a second Lee`
            if bare and words[index].relation in ("xcomp", "obj") and self._is_called(verb):
                return head
        return None

    def _is_called(self, verb: int) -> bool:
        """Whether whom a clause describes is called, not who calls: `whom they call`, `nicknamed`; not `who called`."""
        subject = self._reading.child(verb, "nsubj")
        if subject is None:
            return "Tense=Past" in self._reading.words[verb].feats
        passive = self._reading.words[subject].deprel == "nsubj:pass"
        called = self._reading.child(verb, "obj")
        return passive or (called is not None and "PronType=Rel" in self._reading.words[called].feats)

    def _abbreviated(self, name: Name) -> Entity | None:
        """The body whose name stands right before its short form: `the Drivers’ Union (SCA)`, `the Board, or HSB,`."""
        words, before = self._reading.words, name.start - 1
        text = self._reading.word_span(name.start, name.end).text
        if name.label != "ORG" or before < 1 or not text.replace(".", "").isalpha():
            return None
        if words[before].text.casefold() == "or" and text[-1].isupper():
            before -= words[before - 1].text == ","
        elif words[before].text != "(":
            return None
        found = self._at_word.get(before - 1)
        return found if found is not None and found.kind is SpeakerKind.ORGANIZATION else None

    def _titled(self, fitting: list[Entity], name: Name) -> list[Entity]:
        """Whom a surname behind a word means: `the younger Lee`, `President Lee` when the text has a `First Lady` too.

        Who is whose son or aunt tells the younger and the elder; the wife of a president is not called by his title.
        """
        before = self._reading.words[name.start - 1] if name.start else None
        if before is None:
            return fitting
        title, age = before.lemma.casefold(), before.text.casefold()
        if before.text[:1].isupper() and title in load_lexicon("titles") - load_lexicon("polite_titles"):
            same = [one for one in fitting if title in one.heads]
            return same or [one for one in fitting if _CONSORT not in one.heads]
        if age not in AGES:
            return fitting
        wanted, other = (load_lexicon(f"{kin}_kin") for kin in (AGES if age == "younger" else AGES[::-1]))
        chosen = [one for one in fitting if one.heads & wanted]
        others = [one for one in fitting if any(rest.heads & other for rest in fitting if rest is not one)]
        return chosen or others or fitting

    @staticmethod
    def _precedence(entity: Entity, position: int) -> tuple[bool, int]:
        first = min(name.start for name in entity.names)
        return first < position, -first

    @staticmethod
    def _are_strangers(surname: str, namesakes: Sequence[Entity]) -> bool:
        """Whether persons share a name that comes first, and nothing tells that they are of one family."""
        return all(one.words[0] == surname and one.heads.isdisjoint(kin_nouns()) for one in namesakes)

    def _latest(self, entity: Entity, position: int) -> tuple[bool, int]:
        """Where an entity was last named in full before a position, or first after it."""
        full = [name.start for name in entity.names if len(self._words(name)) > 1]
        before = [start for start in full if start < position]
        return (True, max(before)) if before else (False, -min(full, default=0))

    def _new(self, name: Name, words: tuple[str, ...]) -> Entity:
        entity = Entity(kind=SpeakerKind.PERSON if name.label == "PER" else SpeakerKind.ORGANIZATION, words=words)
        if entity.kind is SpeakerKind.PERSON and len(words) > 1:
            for lexicon, gender in (("feminine_names", "f"), ("masculine_names", "m")):
                if words[0] in load_lexicon(lexicon):
                    entity.gender[gender] += FIRST_NAME_EVIDENCE
        return entity

    def _title_gender(self, name: Name) -> str | None:
        """The gender that a title before or inside the name tells, or `None`."""
        places = [place for place in (name.start, name.start - 1) if place >= 0]
        words = [self._reading.words[place].text.casefold().strip(".") for place in places]
        return next(filter(None, map(gender_of, words)), None)

    def state(self, entity: Entity, roles: Iterable[Span]) -> None:
        """Record what the text says that an entity is: its roles, the nouns in them, the gender that they tell."""
        for span in roles:
            entity.roles.append(span)
            for index in self._reading.words_in(span.start_char, span.end_char):
                word = self._reading.words[index]
                if word.upos in ("NOUN", "PROPN"):
                    entity.heads.add(word.lemma.casefold().strip("."))
                gender = gender_of(word.text.casefold())
                if gender is not None:
                    entity.gender[gender] += _ROLE_EVIDENCE
