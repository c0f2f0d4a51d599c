"""Stage 5: whom a description means: who made a document, who is known by its noun, or somebody new."""

from __future__ import annotations

from collections.abc import Callable, Set
from typing import TypeAlias

from quotex._coreference import ChainTable, only_speakers_name, subject_before
from quotex._discourse import Discourse, EntityTest
from quotex._entities import Entity, EntityTable, gender_of
from quotex._lexicon import load_lexicon
from quotex._names import name_words
from quotex._phrases import Phrase, source_phrase
from quotex._reading import Reading
from quotex._role_words import head_of, is_role_noun, kin_nouns, synonyms
from quotex._roles import described_role
from quotex._types import Span, SpeakerKind

_DETERMINED = frozenset({"the", "this", "that", "these", "those"})
INTRODUCING = frozenset({"a", "an", "one", "another"})
"""Words before somebody whom the text has not told of."""
_RECENT = 12
"""Sentences over which somebody without a name is remembered by a noun."""
_COMING, _GOING = frozenset({"incoming", "new", "next"}), frozenset({"former", "late", "old", "outgoing", "previous"})
_HEADS_OF_STATE = frozenset({"emir", "king", "monarch", "president", "queen", "sultan"})
_NEAR = 2
"""Paragraphs over which somebody told of is the one whose age comes next."""
_ABSTRACT = frozenset({"head", "justice", "lead"})
"""Nouns that name somebody only with a determiner."""
POSSESSIVES = frozenset({"his", "her", "their", "its", "my", "our", "your"})
_DESCRIPTION_EVIDENCE = 3

Resolve: TypeAlias = Callable[[Phrase], Entity | None]


class Descriptions:
    """Resolves the descriptions of a text.

    Args:
        reading: The text.
        narration: The words outside marks.
        table: Its entities.
        chains: Its coreference chains.
        discourse: The mentions met so far.
        resolve: Resolves the phrases inside a description: the owner of a document, somebody introduced before.
    """

    def __init__(
        self,
        reading: Reading,
        narration: Set[int],
        table: EntityTable,
        chains: ChainTable,
        discourse: Discourse,
        resolve: Resolve,
    ) -> None:
        self._reading = reading
        self._narration = narration
        self._table = table
        self._chains = chains
        self._discourse = discourse
        self._resolve = resolve

    def entity(self, phrase: Phrase) -> Entity:
        """The entity of a description: who made a document, who is known by its head noun, or somebody new."""
        words = name_words(self._reading.word_span(phrase.start, phrase.end).text)
        found = self._document_owner(phrase)
        if found is None and self._is_definite(phrase):
            found = self._by_head(phrase) or self._introduced(phrase)
        return found or self._table.worded(words) or self._table.add(self._unnamed(phrase, words))

    def _introduced(self, phrase: Phrase) -> Entity | None:
        """Who was introduced without a name shortly before: `the spokesman` after `A spokesperson for the port`."""
        words = self._reading.words
        lemma = words[phrase.head].lemma.casefold()
        if words[phrase.start].text.casefold() != "the" or "Number=Plur" in words[phrase.head].feats:
            return None
        if not is_role_noun(words[phrase.head]) and lemma not in load_lexicon("generic_persons"):
            return None
        first = self._reading.sentences[max(words[phrase.head].sentence - _RECENT, 0)].start
        for index in range(phrase.start - 1, first - 1, -1):
            word = words[index]
            if index not in self._narration or word.lemma.casefold() not in synonyms(lemma) or word.upos != "NOUN":
                continue
            determiner = self._reading.child(index, "det", "nummod")
            introducing = determiner is not None and words[determiner].text.casefold() in INTRODUCING
            owned = any(words[child].deprel == "nmod:poss" for child in self._reading.children(index))
            if introducing or (owned and lemma in kin_nouns()):
                first_one = source_phrase(self._reading, index, lambda place: place in self._narration)
                entity = self._resolve(first_one)
                if entity is not None:
                    entity.mentions.append((first_one.start, first_one.end))
                return entity
        return None

    def _unnamed(self, phrase: Phrase, words: tuple[str, ...]) -> Entity:
        word = self._reading.words[phrase.head]
        lemma = word.lemma.casefold()
        joined = (self._reading.words[child] for child in self._reading.children(phrase.head))
        conjuncts = [one for one in joined if one.relation == "conj" and one.index < phrase.end and one.upos == "NOUN"]
        several = any(lemma in kin_nouns() or self._is_determined(one.index) for one in conjuncts)
        plural = "Number=Plur" in word.feats or several
        entity = Entity(kind=self._kind(phrase, plural), words=words, plural=plural, heads={lemma})
        role = described_role(self._reading, phrase)
        if role is not None and entity.kind in (SpeakerKind.PERSON, SpeakerKind.UNKNOWN):
            entity.roles.append(role)
        gender = gender_of(lemma)
        if gender is not None:
            entity.gender[gender] += _DESCRIPTION_EVIDENCE
        return entity

    def _is_determined(self, noun: int) -> bool:
        """Whether a conjunct has a determiner, and is somebody else: `the minister and his team`."""
        return any(self._reading.words[child].deprel in ("det", "nmod:poss") for child in self._reading.children(noun))

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
        if phrase.start == phrase.head and word.upos == "NOUN" and lemma in _ABSTRACT:
            return SpeakerKind.UNKNOWN  # justice in court
        return SpeakerKind.PERSON if person else SpeakerKind.UNKNOWN

    def _is_definite(self, phrase: Phrase) -> bool:
        """Whether a description can mean somebody known: `the minister`, `Judge`; not `a judge`, `his mother`."""
        first = self._reading.words[phrase.start]
        form = first.text.casefold()
        if form in _DETERMINED or form in POSSESSIVES:
            return True
        return "Number=Plur" not in self._reading.words[phrase.head].feats and first.upos not in ("DET", "NUM")

    def _document_owner(self, phrase: Phrase) -> Entity | None:
        """Who made a document: `a report by the board`, `a JSC statement`, `the ministry’s report`."""
        lemma = self._reading.words[phrase.head].lemma.casefold()
        if lemma not in load_lexicon("statement_nouns") | load_lexicon("document_words"):
            return None
        named = self._table.within(phrase.source_start, phrase.source_end)
        first = self._reading.words[phrase.start]
        if first.text.casefold() == "its" and first.head == phrase.head:
            return self._discourse.nearest(phrase.start, lambda entity: entity.kind is SpeakerKind.ORGANIZATION)
        makers = [child for child in self._reading.children(phrase.head) if self._is_maker(child)]
        owners = [child for child in self._reading.children(phrase.head) if self._is_owner(child)]
        for child in self._reading.children(phrase.head) if named is None else ():
            pronoun = self._reading.words[child].text.casefold() in ("his", "her")
            if pronoun and self._reading.words[child].deprel == "nmod:poss":
                return self._resolve(source_phrase(self._reading, child, {child}.__contains__))
        for child in makers or ([] if named is not None else owners):
            maker = source_phrase(self._reading, child, lambda place: place != phrase.head)
            owner = self._resolve(maker)
            mute = (SpeakerKind.UNKNOWN,) if makers else (SpeakerKind.PERSON,)
            if owner is not None and owner.kind not in mute:
                owner.mentions.append((maker.start, maker.end))
                return owner
        return named

    def author(self, index: int) -> Entity | None:
        """Who made the text that was told of last before a word, not before the sentence before its own."""
        start = self._reading.sentences[max(self._reading.words[index].sentence - 1, 0)].start
        texts = load_lexicon("document_words") | load_lexicon("statement_nouns") | load_lexicon("written_media")
        for place in range(index - 1, start - 1, -1):
            word = self._reading.words[place]
            if place not in self._narration or word.upos != "NOUN" or word.lemma.casefold() not in texts:
                continue
            owner = self._document_owner(source_phrase(self._reading, place, lambda at: at in self._narration))
            maker = self._maker_beside(place)
            if owner is None and maker is not None:
                owner = self._resolve(source_phrase(self._reading, maker, lambda at: at in self._narration))
            return owner
        return None

    def _maker_beside(self, noun: int) -> int | None:
        """`Lee issued a note`, `a note came from Lee`: the head of who made it."""
        verb = self._reading.words[noun].head
        if verb is None:
            return None
        if self._reading.words[noun].relation == "obj":
            return self._reading.child(verb, "nsubj")
        origins = (child for child in self._reading.children(verb) if self._reading.words[child].relation == "obl")
        return next((child for child in origins if self._is_from(child)), None)

    def _is_from(self, noun: int) -> bool:
        case = self._reading.child(noun, "case")
        return case is not None and self._reading.words[case].text in ("by", "from")

    def _is_maker(self, child: int) -> bool:
        return self._is_from(child) and self._reading.words[child].relation == "nmod"

    def _is_owner(self, child: int) -> bool:
        return self._reading.words[child].deprel == "nmod:poss" and self._reading.words[child].upos == "NOUN"

    def _by_head(self, phrase: Phrase) -> Entity | None:
        """The latest entity that a definite description can mean, or `None`."""
        lemma = self._reading.words[phrase.head].lemma.casefold()
        heads = synonyms(lemma)
        if self._reading.word_span(phrase.start, phrase.end).text.casefold().endswith(" head of state"):
            heads = set(_HEADS_OF_STATE)
        found = (
            self._nearest(phrase, lambda entity: not entity.plural and self._bears(entity, phrase, heads))
            or self._titled(phrase, heads)
            or self._chained(phrase)
            or subject_before(self._reading, self._table, phrase)
        )
        found = self._newly_told(phrase, found) or found
        if found is not None or self._reading.words[phrase.start].text.casefold() in POSSESSIVES:
            return found
        if lemma in load_lexicon("organization_words") or any(self._is_body(entity, lemma) for entity in self._table):
            return self._body(phrase, lemma)
        gender = gender_of(lemma)
        broad = lemma in load_lexicon("broad_roles")
        if "Number=Plur" in self._reading.words[phrase.head].feats:
            return None
        if broad or (lemma in load_lexicon("generic_persons") and gender is not None) or lemma in ("old", "year-old"):
            return self._nearest(
                phrase,
                lambda entity: entity.kind is SpeakerKind.PERSON and entity.suits(gender),
            )
        return None

    def _newly_told(self, phrase: Phrase, known: Entity | None) -> Entity | None:
        """Who was told of right before an age or former office, which is new; not where the noun fits somebody near.

        `Tom is glad. “It went well,” said the 42-year-old clerk` is Tom, whoever was called a clerk long before.
        """
        told = self._reading.word_span(phrase.start, phrase.head + 1).text.casefold()
        if "-old" not in told and (known is not None or not told.startswith("the former ")):
            return None
        gender = gender_of(self._reading.words[phrase.head].lemma.casefold())
        near = self._discourse.present(
            phrase.head,
            lambda entity: entity.kind is SpeakerKind.PERSON and entity.suits(gender),
            within=_NEAR,
        )
        return None if known in near else self._discourse.nearest(phrase.head, near.__contains__)

    def _nearest(self, phrase: Phrase, fits: EntityTest) -> Entity | None:
        """The nearest entity that fits, one of the place that a description tells before others: `the US diplomat`."""
        names = {name for at in range(phrase.start, phrase.head) if (name := self._reading.name_at(at)) is not None}
        places = [self._reading.word_span(name.start, name.end).text for name in names]

        def is_there(entity: Entity) -> bool:
            return fits(entity) and any(place in role.text for role in entity.roles for place in places)

        there = self._discourse.nearest(phrase.head, is_there) if places else None
        return there or self._discourse.nearest(phrase.head, fits)

    def _bears(self, entity: Entity, phrase: Phrase, heads: set[str]) -> bool:
        """Whether a noun can mean an entity; the museum is not its director, nor the vice president the president."""
        if not entity.heads & heads or self._is_other_office(entity, phrase, heads):
            return False
        if entity.kind is not SpeakerKind.PERSON or self._kind(phrase, plural=False) is SpeakerKind.PERSON:
            return True
        return any(head_of(self._reading, role) in heads for role in entity.roles)

    def _is_other_office(self, entity: Entity, phrase: Phrase, heads: set[str]) -> bool:
        """Whether all offices of somebody that a noun names have another rank, or are at another body."""
        offices = [role for role in entity.roles if head_of(self._reading, role) in heads]
        asked = range(phrase.start, phrase.end)
        places = [self._reading.words_in(role.start_char, role.end_char) for role in offices]
        return bool(places) and all(
            self._ranks(asked) != self._ranks(place) or self._are_apart(asked, place) or self._is_past(asked, place)
            for place in places
        )

    def _ranks(self, words: range) -> set[str]:
        return {self._reading.words[at].text.casefold() for at in words} & load_lexicon("rank_words")

    def _is_past(self, words: range, others: range) -> bool:
        """Whether one phrase is of who comes and the other of who goes: `the new mayor`, `the previous one`."""
        forms = [{self._reading.words[at].text.casefold() for at in place} for place in (words, others)]
        if "previous" in forms[0]:
            return not forms[1] & _GOING
        return any(one & _COMING and other & _GOING for one, other in (forms, forms[::-1]))

    def _are_apart(self, words: range, others: range) -> bool:
        """Whether two phrases name different bodies: `the editor of the Lakes Post`, `Harbour News editor`."""
        bodies, more = self._bodies(words), self._bodies(others)
        return bool(bodies) and bool(more) and bodies.isdisjoint(more)

    def _bodies(self, words: range) -> set[Entity | str]:
        """The bodies that a phrase names, and the words of their names: the UN Relief Fund is the UN too."""
        found: set[Entity | str] = set()
        for at in words:
            entity = self._table.at(at)
            if entity is not None and entity.kind is SpeakerKind.ORGANIZATION:
                found |= {entity, self._reading.words[at].text.casefold()}
        return found - load_lexicon("name_particles")

    @staticmethod
    def _is_body(entity: Entity, lemma: str) -> bool:
        return entity.kind is SpeakerKind.ORGANIZATION and lemma in entity.words

    def _body(self, phrase: Phrase, lemma: str) -> Entity | None:
        """The body that a description means: one with its words in the name, for a bare `the company` any body."""
        bare = phrase.head == phrase.start + 1 and phrase.end == phrase.head + 1
        if "Number=Plur" in self._reading.words[phrase.head].feats:
            return self._described_before(phrase) if bare else None  # the agencies are no agency
        words = set(name_words(self._reading.word_span(phrase.start, phrase.head + 1).text))

        def named(entity: Entity) -> bool:
            return self._is_body(entity, lemma) and (bare or words <= set(entity.words))

        found = self._discourse.nearest(phrase.head, named)
        if found is None and bare and lemma in load_lexicon("organization_words") - load_lexicon("state_bodies"):
            return self._described_before(phrase) or self._discourse.nearest(
                phrase.head, lambda entity: entity.kind is SpeakerKind.ORGANIZATION
            )
        return found

    def _described_before(self, phrase: Phrase) -> Entity | None:
        """The body that was described more fully before: `the council` after `the municipal council`."""
        words = self._reading.words
        several = "Number=Plur" in words[phrase.head].feats
        for index in range(phrase.start - 1, -1, -1):
            if words[index].lemma.casefold() != words[phrase.head].lemma.casefold() or index not in self._narration:
                continue
            if ("Number=Plur" in words[index].feats) is not several:
                continue
            fuller = source_phrase(self._reading, index, lambda place: place in self._narration)
            if fuller.name is None and fuller.head == index and fuller.end - fuller.start > phrase.end - phrase.start:
                entity = self._resolve(fuller)
                if entity is not None:
                    entity.mentions.append((fuller.start, fuller.end))
                return entity
        return None

    def _titled(self, phrase: Phrase, heads: set[str]) -> Entity | None:
        """The person who is named with the same title only later: `the Mexico director`, `Mexico director Ann Lee`.

        `the director` alone is enough where the only director of the text is `the director, Ann Lee`.
        """
        words = {self._reading.words[index].lemma.casefold() for index in range(phrase.start, phrase.end)}
        sharing = [entity for entity in self._table if entity.names and self._bears(entity, phrase, heads)]
        title = self._reading.word_span(phrase.start, phrase.end).text.casefold().removeprefix("the ")
        titles = {title, *(short + "." for short in synonyms(title) & load_lexicon("abbreviated_titles"))}
        for entity in sharing:
            known = any(span.text.casefold() in titles or self._is_bare_role(span) for span in entity.roles)
            if (len(sharing) == 1 and known) or len(entity.heads & words) > 1:
                role = described_role(self._reading, phrase)
                if role is not None:
                    entity.roles.append(role)
                return entity
        return None

    def _is_bare_role(self, span: Span) -> bool:
        """Whether a role is one word that is taken as known: `the controller, Ann Lee`."""
        place = self._reading.words_in(span.start_char, span.end_char)
        before = self._reading.words[place.start - 1] if place.start else None
        return len(place) == 1 and before is not None and before.text.casefold() == "the"

    def _chained(self, phrase: Phrase) -> Entity | None:
        """The one person whom the coreference chain of a description names.

        Not whose relative or aide somebody is, of which chains make the relative or whoever employs the aide.
        """
        lemma = self._reading.words[phrase.head].lemma.casefold()
        owners = (child for child in self._reading.children(phrase.head) if self._table.at(child) is not None)
        owned = any(self._reading.words[child].deprel == "nmod:poss" for child in owners)  # not Peru’s president
        if not is_role_noun(self._reading.words[phrase.head]) or lemma in kin_nouns() or owned:
            return None
        role = described_role(self._reading, phrase)
        inside = {self._table.at(index) for index in range(phrase.source_start, phrase.source_end)}
        named = [one for one in self._chains.entities(phrase.start, phrase.end) if one.kind is SpeakerKind.PERSON]
        named = [one for one in named if one not in inside]
        if role is None or len(named) != 1 or named[0].plural or self._is_told_apart(phrase, named[0]):
            return None
        if only_speakers_name(named[0], self._narration, phrase.start):
            return None
        if self._reading.words[phrase.head].text[0].isupper() and named[0].roles:
            return None  # the Vicar is not Brigadier Lee
        first = self._reading.words[phrase.start]
        if first.text.casefold() in ("his", "her") and first.head == phrase.head:
            owner = self._resolve(source_phrase(self._reading, first.index, {first.index}.__contains__))
            if owner is named[0]:
                return None  # nobody is his own aide
        self._table.state(named[0], () if named[0].roles else (role,))
        return named[0]

    def _is_told_apart(self, phrase: Phrase, entity: Entity) -> bool:
        """Whether a clause with the same description for its subject names an entity: `The mayor met Lee’s team`.

        Principle C again: such a subject is somebody else.
        """
        words = [word.text.casefold() for word in self._reading.words[phrase.start : phrase.end]]
        for name in entity.names:
            for above in self._reading.ancestors(name.start):
                subject = self._reading.child(above, "nsubj")
                if subject is not None and subject < name.start:
                    before = self._reading.words[max(subject + 1 - len(words), 0) : subject + 1]
                    if [word.text.casefold() for word in before] == words:
                        return True
        return False
