"""Stage 5: who a single mention is: a name, a pronoun, several together; descriptions are `_descriptions`."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence, Set

import attrs

from quotex._coreference import ChainTable
from quotex._descriptions import INTRODUCING, POSSESSIVES, Descriptions
from quotex._discourse import Discourse, gender_features
from quotex._entities import PRONOUN_GENDERS, Entity, EntityTable, gender_of
from quotex._lexicon import load_lexicon
from quotex._names import name_words
from quotex._phrases import Phrase, source_phrase
from quotex._reading import Name, Reading
from quotex._role_clauses import subject_roles
from quotex._role_words import head_of, is_role_noun, kin_nouns
from quotex._scorer import Decision, Features, Observer, choose
from quotex._turns import Conversation
from quotex._types import SpeakerKind

_SUBJECT_FORMS = {"m": "he", "f": "she"}
_ORDER = {"latter": 0, "former": 1}
_PLURAL = frozenset({"they", "them", "their", "both", "others"})
_COMPLEMENTS = frozenset({"obj", "iobj", "ccomp", "xcomp", "obl"})
"""Relations of what a subject commands in its own clause."""
_DATELINE_ENDS = frozenset({":", "-", "--", "(", "\N{EN DASH}", "\N{EM DASH}"})
FIRST_PERSON = frozenset({"i", "we", "me", "us"})
"""Pronouns that mean whoever speaks the words around them."""
ANTECEDENT = "antecedent"
"""The scorer of pronouns."""


class Resolver:
    """Resolves the mentions of a text, one after the other in reading order.

    Args:
        reading: The text.
        narration: The words outside marks.
        told: Words that somebody tells; in them `he` and `she` are others.
        teller: Who tells a word of them, where that is known.
        observe: Told of every decision of a scorer.

    Attributes:
        conversation: The turns.
        probability: Of the last mention, where the scorer of pronouns decided it.
    """

    def __init__(
        self,
        reading: Reading,
        narration: Set[int],
        told: Container[int],
        teller: Callable[[int], Entity | None],
        observe: Observer | None,
    ) -> None:
        self._reading = reading
        self._teller = teller
        self._narration = narration
        self._told = told
        self._observe = observe
        self._table = EntityTable(reading)
        self._chains = ChainTable(reading, self._table)
        self._chains.correct_genders()
        self._discourse = Discourse(reading, narration, told)
        self._descriptions = Descriptions(reading, narration, self._table, self._chains, self._discourse, self._resolve)
        self.conversation = Conversation(self._table, self._discourse, observe)
        self.probability: float | None = None
        self._outer: Entity | None = None
        self._narrator = Entity(kind=SpeakerKind.NARRATOR)

    def mention(
        self,
        phrase: Phrase,
        *,
        source: bool = False,
        words: Sequence[int] = (),
        teller: Entity | None = None,
        outer: Name | None = None,
    ) -> Entity | None:
        """Resolve a phrase, the source of some words, and record it as a mention.

        Args:
            phrase: The phrase.
            source: Whether it is the source of marked words.
            words: Those words.
            teller: Whose report the sentence before them is; `he` and `she` mean whom they fit of those.
            outer: Who tells the words around them; `he` and `she` are others.
        """
        self.probability = None
        self._outer = None if outer is None else self._table.at(outer.start)
        entity = self._resolve(phrase, words, teller)
        if entity is not None and self._is_writer(phrase):
            entity.mentions.append((phrase.start, phrase.end))
        elif entity is not None:
            self._discourse.see(entity, phrase.start, phrase.end, source=source)
        return entity

    def _is_writer(self, phrase: Phrase) -> bool:
        """Whether a phrase means who writes, and so no `he` or `she` of the text: `told this reporter`."""
        first, head = self._reading.words[phrase.start], self._reading.words[phrase.head]
        return first.text.casefold() == "this" and head.lemma.casefold() in load_lexicon("asking_roles")

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
        gender = PRONOUN_GENDERS.get(word.text.casefold())
        if gender is not None and index in self._narration and word.upos == "PRON":
            entity = self._person(index, gender)
            if entity is not None:
                self._discourse.see(entity, index, index + 1)
                self._state(entity, index)
        return index + 1

    def _state(self, entity: Entity, pronoun: int) -> None:
        """Record a role stated with a pronoun, where none is stated with the name or it is a fuller form of one."""
        found = subject_roles(self._reading, pronoun)
        known = bool(entity.roles)
        self._table.state(entity, (span for span in found if not known or head_of(self._reading, span) in entity.heads))

    def _resolve(self, phrase: Phrase, words: Sequence[int] = (), teller: Entity | None = None) -> Entity | None:
        word = self._reading.words[phrase.head]
        form = word.text.casefold()
        if len(phrase.members) > 1:
            return self._group(phrase)
        if phrase.name is not None:
            return self._table.within(phrase.name.start, phrase.name.end) or self._table.name(
                attrs.evolve(phrase.name, label="PER" if phrase.name.label == "PER" else "ORG")
            )
        if form in PRONOUN_GENDERS:
            return self._person(phrase.head, PRONOUN_GENDERS[form], words, teller)
        if form in _PLURAL:
            return self._several(phrase.head, teller)
        if form in FIRST_PERSON:
            return self._narrator
        if form == "it":
            return self._thing(phrase.head, written=bool(words))
        if form in _ORDER:
            return self._by_order(phrase.head, _ORDER[form])
        if word.upos in ("PRON", "PART", "PUNCT", "SYM"):
            return None
        if word.upos == "PROPN" and (found := self._table.proper(phrase)) is not None:
            return found
        return self._descriptions.entity(phrase)

    def _by_order(self, index: int, place: int) -> Entity | None:
        """Whom `the latter` or `the former` means: the last or the last but one of those named before."""
        named: list[Entity] = []
        for at in range(index - 1, -1, -1):
            entity = self._table.at(at)
            if entity is not None and entity not in named:
                named.append(entity)
            if len(named) > place:
                return named[place]
        return None

    def _group(self, phrase: Phrase) -> Entity:
        words = name_words(self._reading.word_span(phrase.start, phrase.end).text)
        found = self._table.worded(words)
        if found is None:
            found = self._table.add(Entity(kind=SpeakerKind.GROUP, words=words, plural=True))
        found.names.append(Name(start=phrase.start, end=phrase.end, label="GROUP"))
        return found

    def _person(
        self, index: int, gender: str, words: Sequence[int] = (), teller: Entity | None = None
    ) -> Entity | None:
        """The antecedent of `he` or `she`, the source of some words where it is one."""
        others = {self._teller(index), self._outer, *self._named_below(index)}

        def fits(entity: Entity) -> bool:
            single = entity.kind is SpeakerKind.PERSON and not entity.plural
            return single and entity.fits(gender) and entity not in others

        known = next((one for one in (self._asked(index), teller) if one is not None and fits(one)), None)
        if known is None and words:
            known = self._told_of(index, gender)
        if known is not None:
            known.note_pronoun(_SUBJECT_FORMS[gender], gender)
            return known
        candidates = self._discourse.present(index, fits)
        features = self._antecedent_features(index, candidates, gender, words)
        if self._observe is not None:
            self._observe(Decision(name=ANTECEDENT, word=index, features=tuple(features), entities=tuple(candidates)))
        choice = choose(ANTECEDENT, features)
        if choice is None:
            return None
        found = candidates[choice.place]
        found.note_pronoun(_SUBJECT_FORMS[gender], gender)
        self.probability = choice.probability
        return found

    def _told_of(self, index: int, gender: str) -> Entity | None:
        """Whom somebody's words told of last without a name, before `he` or `she`: `“My aunt rang. She said ‘Go.’”`.

        They are others than those of whom the narrator tells. Somebody named in between may be meant as well.
        """
        inside = index in self._narration
        if inside and index not in self._told:
            return None
        paragraph = self._reading.sentences[self._reading.words[index].sentence].paragraph
        for place in range(index - 1, -1, -1):
            if self._reading.sentences[self._reading.words[place].sentence].paragraph != paragraph:
                return None
            entity = self._table.at(place)
            if (place in self._narration) is not inside:
                continue
            if entity is not None and entity.kind is SpeakerKind.PERSON and entity.fits(gender):
                return None
            if self._introduces(place, gender):
                phrase = source_phrase(self._reading, place, lambda at: (at in self._narration) is inside)
                found = self._descriptions.entity(phrase)
                found.mentions.append((phrase.start, phrase.end))
                return found
        return None

    def _introduces(self, noun: int, gender: str) -> bool:
        """Whether a subject or predicate tells of somebody new: `my aunt rang`, `it was a bank manager`."""
        word = self._reading.words[noun]
        lemma = word.lemma.casefold()
        told = word.relation == "nsubj" or self._reading.child(noun, "cop") is not None
        if word.upos != "NOUN" or not told or "Number=Plur" in word.feats or gender_of(lemma) not in (None, gender):
            return False
        leading = (self._reading.words[child].text.casefold() for child in self._reading.children(noun))
        return (is_role_noun(word) or lemma in kin_nouns()) and not (INTRODUCING | POSSESSIVES).isdisjoint(leading)

    def _asked(self, index: int) -> Entity | None:
        """Who is asked in a clause before a subject, since the one asked answers: `When Lee asked Ito, he said no`."""
        words, verb = self._reading.words, self._reading.words[index].head
        if words[index].relation != "nsubj" or verb is None:
            return None
        for clause in self._reading.children(verb):
            if clause < index and words[clause].relation == "advcl" and words[clause].lemma == "ask":
                subject = self._reading.child(clause, "nsubj")
                passive = subject is not None and words[subject].deprel == "nsubj:pass"
                asked = subject if passive else self._reading.child(clause, "iobj", "obj")
                return None if asked is None else self._table.at(asked)
        return None

    def _named_below(self, index: int) -> Iterator[Entity]:
        """Whom the clause of a subject names: `He said Lee’s talk was long`, `Lee’s staff left, he said` are others’.

        Principle C of the binding theory (Chomsky 1981): a name is not bound by a pronoun that commands it.
        """
        verb = self._reading.words[index].head
        if self._reading.words[index].relation != "nsubj" or verb is None:
            return
        for child in self._reading.children(verb):
            relation = self._reading.words[child].relation
            below = self._narration & set(self._reading.subtree(child))
            said = child < index and relation == "ccomp" and not any(map(self._reports, below))
            if said or (child > index and relation in _COMPLEMENTS):
                yield from (entity for entity in map(self._table.at, below) if entity is not None)

    def _reports(self, verb: int) -> bool:
        """Whether a clause before is more than content, since a word of it reports as well: `Lee said so, he added`."""
        return self._reading.words[verb].lemma.casefold() in load_lexicon("speech_verbs")

    def _antecedent_features(
        self, index: int, candidates: Sequence[Entity], gender: str, words: Sequence[int]
    ) -> list[Features]:
        linked = self._chains.entities(index, index + 1)[:1]
        called = set(map(self._table.at, words))
        features = self._discourse.describe(index, candidates)
        for entity, known, found in zip(candidates, gender_features(candidates, gender), features, strict=True):
            found.update(known)
            if linked:
                found["linked" if entity in linked else "linked:another"] = 1.0
            if entity in called:
                found["called"] = 1.0
        return features

    def _several(self, index: int, teller: Entity | None = None) -> Entity | None:
        """The antecedent of `they`: several, a body, or an unnamed person."""

        def fits(entity: Entity) -> bool:
            return entity.plural or entity.kind is not SpeakerKind.PERSON or not entity.names

        several = teller is not None and (teller.plural or teller.kind is not SpeakerKind.PERSON)
        found = teller if several else self._discourse.nearest(index, fits)
        if found is not None:
            found.note_pronoun("they")
        return found

    def _thing(self, index: int, *, written: bool) -> Entity | None:
        """What `it` means: the subject of the sentence before, where it is no person, else the nearest body.

        What `it` says is told of in the sentence before or in this one, where there is a text: `Lee issued a note. It
        read: “…”` is Lee's.
        """
        author = self._descriptions.author(index) if written else None
        if author is not None:
            author.note_pronoun("it")
            return author
        number = self._reading.words[index].sentence
        before = self._reading.sentences[max(number - 1, 0)]
        subject = next((at for at in range(before.start, before.end) if self._is_main_subject(at)), None)
        if written:
            subject = next((at for at in range(before.start, before.end) if self._is_source(at)), subject)
        if subject is not None and self._reading.words[subject].upos != "PRON":
            phrase = source_phrase(self._reading, subject, lambda place: place in self._narration)
            # a parser may take `it` for a noun
            again = self._reading.words[phrase.head].text.casefold() == "it"
            entity = None if again else self._resolve(phrase)
            document = self._reading.words[subject].lemma.casefold() in load_lexicon("document_words")
            mute = (SpeakerKind.PERSON, SpeakerKind.UNKNOWN) if written else (SpeakerKind.PERSON,)
            if entity is not None and (document or entity.kind not in mute):
                entity.mentions.append((phrase.start, phrase.end))
                entity.note_pronoun("it")
                return entity
        mute = (SpeakerKind.PERSON, SpeakerKind.UNKNOWN) if written else (SpeakerKind.PERSON,)
        found = self._discourse.nearest(index, lambda entity: entity.kind not in mute and not entity.plural)
        if found is not None:
            found.note_pronoun("it")
        return found

    def _is_main_subject(self, index: int) -> bool:
        word = self._reading.words[index]
        main = word.head is not None and self._reading.words[word.head].head is None
        return index in self._narration and word.relation == "nsubj" and main and not self._is_dateline(index)

    def _is_source(self, index: int) -> bool:
        """Whether a noun is the subject of a verb of saying: `The priests left, the newspaper said.`"""
        word = self._reading.words[index]
        if index not in self._narration or word.relation != "nsubj" or word.head is None or word.upos == "PRON":
            return False
        return self._reports(word.head)

    def _is_dateline(self, index: int) -> bool:
        """Whether a place stands before a report from there: `LIMA: The council said`, `LIMA – The council`."""
        name = self._reading.name_at(index)
        if name is None or name.start != self._reading.sentences[self._reading.words[index].sentence].start:
            return False
        following = self._reading.words[name.end].text if name.end < len(self._reading.words) else ""
        return following in _DATELINE_ENDS
