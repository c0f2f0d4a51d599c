"""Stage 5: who the mentions are.

Names are joined by their words (`_entities`), descriptions by their heads and the roles of named persons, pronouns by
how present their antecedents are (`_discourse`) and whom their coreference chains name (`_coreference`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from types import MappingProxyType
from typing import TypeAlias

import attrs

from quotex._coreference import ChainTable
from quotex._discourse import Discourse, gender_features
from quotex._entities import Entity, EntityTable, gender_of
from quotex._lexicon import load_lexicon
from quotex._names import name_words
from quotex._phrases import Phrase, source_phrase
from quotex._reading import Name, Reading
from quotex._role_clauses import subject_roles
from quotex._role_words import head_of, is_role_noun
from quotex._roles import described_role
from quotex._scorer import Decision, Features, Observer, choose
from quotex._turns import Conversation, Taken, Turn
from quotex._types import Span, SpeakerKind

_GENDERS = {
    "he": "m", "him": "m", "his": "m", "himself": "m",
    "she": "f", "her": "f", "hers": "f", "herself": "f",
}  # fmt: skip
_SUBJECT_FORMS = {"m": "he", "f": "she"}
_ORDER = {"latter": 0, "former": 1}
_PLURAL = frozenset({"they", "them", "their", "both", "others"})
FIRST_PERSON = frozenset({"i", "we", "me", "us"})
"""Pronouns that mean whoever speaks the words around them."""
_DETERMINED = frozenset({"the", "this", "that", "these", "those"})
_INTRODUCING = frozenset({"a", "an", "one", "another"})
_RECENT = 12
"""Sentences over which somebody without a name is remembered by a noun."""
_POSSESSIVES = frozenset({"his", "her", "their", "its", "my", "our", "your"})
_DESCRIPTION_EVIDENCE = 3
_BARE = 2
"""Words of a description that is a noun with its article."""
ANTECEDENT = "antecedent"
"""The scorer of pronouns."""


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
    """

    key: Key
    phrase: Phrase
    source: bool = True
    words: tuple[int, ...] = ()


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
    resolver = _Resolver(reading, narration, tellers, found, observe)
    _Walk(resolver, references, turns, reported, found).run(len(reading.words))
    return found


class _Walk:
    """The walk through a text: what is asked at which word, and what has been answered."""

    def __init__(
        self,
        resolver: _Resolver,
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
            self._resolver.mention(self._others[index])
            return self._after(index, self._others[index])
        end = self._resolver.step(index)
        return next((place for place in range(index + 1, end) if place in self._turns), end)

    def _answer(self, reference: Reference) -> None:
        entity = self._resolver.mention(reference.phrase, source=reference.source, words=reference.words)
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


class _Resolver:
    """The state of the walk.

    Args:
        reading: The text.
        narration: The words outside marks.
        tellers: Words that somebody tells, each with the key of who does.
        found: The answers, which the walk fills in.
        observe: Told of every decision of a scorer.

    Attributes:
        conversation: The turns.
        probability: Of the last mention, where the scorer of pronouns decided it.
    """

    def __init__(
        self,
        reading: Reading,
        narration: Set[int],
        tellers: Mapping[int, Key],
        found: Resolution,
        observe: Observer | None,
    ) -> None:
        self._reading = reading
        self._tellers = tellers
        self._found = found
        self._narration = narration
        self._observe = observe
        self._table = EntityTable(reading)
        self._chains = ChainTable(reading, self._table)
        self._discourse = Discourse(reading, narration, tellers)
        self.conversation = Conversation(self._table, self._discourse, observe)
        self.probability: float | None = None
        self._narrator = Entity(kind=SpeakerKind.NARRATOR)

    def mention(self, phrase: Phrase, *, source: bool = False, words: Sequence[int] = ()) -> Entity | None:
        """Resolve a phrase, the source of some words, and record it as a mention."""
        self.probability = None
        entity = self._resolve(phrase, words)
        if entity is not None:
            self._discourse.see(entity, phrase.start, phrase.end, source=source)
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
                self._state(entity, index)
        return index + 1

    def _state(self, entity: Entity, pronoun: int) -> None:
        """Record a role stated with a pronoun, where none is stated with the name or it is a fuller form of one."""
        found = subject_roles(self._reading, pronoun)
        known = bool(entity.roles)
        self._table.state(entity, (span for span in found if not known or head_of(self._reading, span) in entity.heads))

    def _resolve(self, phrase: Phrase, words: Sequence[int] = ()) -> Entity | None:
        word = self._reading.words[phrase.head]
        form = word.text.casefold()
        if len(phrase.members) > 1:
            return self._group(phrase)
        if phrase.name is not None:
            return self._table.within(phrase.name.start, phrase.name.end) or self._table.name(
                attrs.evolve(phrase.name, label="PER" if phrase.name.label == "PER" else "ORG")
            )
        if form in _GENDERS:
            return self._person(phrase.head, _GENDERS[form], words)
        if form in _PLURAL:
            return self._several(phrase.head)
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
        return self._described(phrase)

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

    def _person(self, index: int, gender: str, words: Sequence[int] = ()) -> Entity | None:
        """The antecedent of `he` or `she`, the source of some words where it is one."""
        key = self._tellers.get(index)
        teller = None if key is None else self._found.entities.get(key)

        def fits(entity: Entity) -> bool:
            single = entity.kind is SpeakerKind.PERSON and not entity.plural
            return single and entity.fits(gender) and entity is not teller

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

    def _antecedent_features(
        self, index: int, candidates: Sequence[Entity], gender: str, words: Sequence[int]
    ) -> list[Features]:
        linked = self._chains.entities(index, index + 1)
        called = set(map(self._table.at, words))
        features = self._discourse.describe(index, candidates)
        for entity, known, found in zip(candidates, gender_features(candidates, gender), features, strict=True):
            found.update(known)
            if linked:
                found["linked" if entity in linked else "linked:another"] = 1.0
            if entity in called:
                found["called"] = 1.0
        return features

    def _several(self, index: int) -> Entity | None:
        """The antecedent of `they`: several, a body, or an unnamed person."""
        found = self._discourse.nearest(
            index, lambda entity: entity.plural or entity.kind is not SpeakerKind.PERSON or not entity.names
        )
        if found is not None:
            found.note_pronoun("they")
        return found

    def _thing(self, index: int, *, written: bool) -> Entity | None:
        """What `it` means: the subject of the sentence before, where it is no person, else the nearest body.

        What `it` says is told of in the sentence before or in this one, where there is a text: `Lee issued a note. It
        read: “…”` is Lee's.
        """
        author = self._author(index) if written else None
        if author is not None:
            author.note_pronoun("it")
            return author
        number = self._reading.words[index].sentence
        before = self._reading.sentences[max(number - 1, 0)]
        subject = next((at for at in range(before.start, before.end) if self._is_main_subject(at)), None)
        if subject is not None and self._reading.words[subject].upos != "PRON":
            phrase = source_phrase(self._reading, subject, lambda place: place in self._narration)
            # a parser may take `it` for a noun
            again = self._reading.words[phrase.head].text.casefold() == "it"
            entity = None if again else self._resolve(phrase)
            written = self._reading.words[subject].lemma.casefold() in load_lexicon("document_words")
            if entity is not None and (written or entity.kind is not SpeakerKind.PERSON):
                entity.mentions.append((phrase.start, phrase.end))
                entity.note_pronoun("it")
                return entity
        found = self._discourse.nearest(
            index, lambda entity: entity.kind is not SpeakerKind.PERSON and not entity.plural
        )
        if found is not None:
            found.note_pronoun("it")
        return found

    def _author(self, index: int) -> Entity | None:
        """Who made the text that was told of last before a word, not before the sentence before its own."""
        start = self._reading.sentences[max(self._reading.words[index].sentence - 1, 0)].start
        texts = load_lexicon("document_words") | load_lexicon("statement_nouns")
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

    def _is_main_subject(self, index: int) -> bool:
        word = self._reading.words[index]
        main = word.head is not None and self._reading.words[word.head].head is None
        return index in self._narration and word.relation == "nsubj" and main

    def _described(self, phrase: Phrase) -> Entity:
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
            if index not in self._narration or word.lemma.casefold() not in _synonyms(lemma) or word.upos != "NOUN":
                continue
            determiner = self._reading.child(index, "det", "nummod")
            if determiner is not None and words[determiner].text.casefold() in _INTRODUCING:
                first_one = source_phrase(self._reading, index, lambda place: place in self._narration)
                entity = self._resolve(first_one)
                if entity is not None:
                    entity.mentions.append((first_one.start, first_one.end))
                return entity
        return None

    def _unnamed(self, phrase: Phrase, words: tuple[str, ...]) -> Entity:
        word = self._reading.words[phrase.head]
        lemma = word.lemma.casefold()
        plural = "Number=Plur" in word.feats
        entity = Entity(kind=self._kind(phrase, plural), words=words, plural=plural, heads={lemma})
        role = described_role(self._reading, phrase)
        if role is not None and entity.kind in (SpeakerKind.PERSON, SpeakerKind.UNKNOWN):
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
        """Who made a document: `a report by the board`, `a JSC statement`, `the ministry’s report`."""
        lemma = self._reading.words[phrase.head].lemma.casefold()
        if lemma not in load_lexicon("statement_nouns") | load_lexicon("document_words"):
            return None
        makers = [child for child in self._reading.children(phrase.head) if self._is_maker(child)]
        owners = [child for child in self._reading.children(phrase.head) if self._is_owner(child)]
        named = self._table.within(phrase.source_start, phrase.source_end)
        for child in self._reading.children(phrase.head) if named is None else ():
            gender = _GENDERS.get(self._reading.words[child].text.casefold())
            if gender is not None and self._reading.words[child].deprel == "nmod:poss":
                return self._person(child, gender)
        for child in makers or ([] if named is not None else owners):
            maker = source_phrase(self._reading, child, lambda place: place != phrase.head)
            owner = self._resolve(maker)
            if owner is not None and (makers or owner.kind is not SpeakerKind.PERSON):
                owner.mentions.append((maker.start, maker.end))
                return owner
        return named

    def _is_maker(self, child: int) -> bool:
        return self._is_from(child) and self._reading.words[child].relation == "nmod"

    def _is_owner(self, child: int) -> bool:
        return self._reading.words[child].deprel == "nmod:poss" and self._reading.words[child].upos == "NOUN"

    def _is_document(self, phrase: Phrase) -> bool:
        lemma = self._reading.words[phrase.head].lemma.casefold()
        return phrase.name is None and lemma in load_lexicon("statement_nouns") | load_lexicon("document_words")

    def _by_head(self, phrase: Phrase) -> Entity | None:
        """The latest entity that a definite description can mean, or `None`."""
        lemma = self._reading.words[phrase.head].lemma.casefold()
        heads = _synonyms(lemma)
        found = (
            self._discourse.nearest(
                phrase.head, lambda entity: not entity.plural and self._bears(entity, phrase, heads)
            )
            or self._titled(phrase, heads)
            or self._chained(phrase)
        )
        if found is not None or self._reading.words[phrase.start].text.casefold() in _POSSESSIVES:
            return found
        if lemma in load_lexicon("organization_words") or any(self._is_body(entity, lemma) for entity in self._table):
            return self._body(phrase, lemma)
        gender = gender_of(lemma)
        broad = lemma in load_lexicon("broad_roles")
        if "Number=Plur" in self._reading.words[phrase.head].feats:
            return None
        if broad or (lemma in load_lexicon("generic_persons") and gender is not None) or lemma in ("old", "year-old"):
            return self._discourse.nearest(
                phrase.head,
                lambda entity: entity.kind is SpeakerKind.PERSON and (gender is None or entity.fits(gender)),
            )
        return None

    def _bears(self, entity: Entity, phrase: Phrase, heads: set[str]) -> bool:
        """Whether a noun can mean an entity; the museum is not its director."""
        if not entity.heads & heads:
            return False
        if entity.kind is not SpeakerKind.PERSON or self._kind(phrase, plural=False) is SpeakerKind.PERSON:
            return True
        return any(head_of(self._reading, role) in heads for role in entity.roles)

    @staticmethod
    def _is_body(entity: Entity, lemma: str) -> bool:
        return entity.kind is SpeakerKind.ORGANIZATION and lemma in entity.words

    def _body(self, phrase: Phrase, lemma: str) -> Entity | None:
        """The body that a description means: one with its words in the name, for a bare `the company` any body."""
        bare = phrase.head == phrase.start + 1 and phrase.end == phrase.head + 1
        words = set(name_words(self._reading.word_span(phrase.start, phrase.head + 1).text))

        def named(entity: Entity) -> bool:
            return self._is_body(entity, lemma) and (bare or words <= set(entity.words))

        found = self._discourse.nearest(phrase.head, named)
        if found is None and bare and lemma in load_lexicon("organization_words"):
            found = self._discourse.nearest(phrase.head, lambda entity: entity.kind is SpeakerKind.ORGANIZATION)
        return found

    def _titled(self, phrase: Phrase, heads: set[str]) -> Entity | None:
        """The person who is named with the same title only later: `the Mexico director`, `Mexico director Ann Lee`.

        `the director` alone is enough where one person of the text is a director.
        """
        words = {self._reading.words[index].lemma.casefold() for index in range(phrase.start, phrase.end)}
        sharing = [entity for entity in self._table if entity.names and self._bears(entity, phrase, heads)]
        bare = phrase.start == phrase.head or self._reading.words[phrase.start].text.casefold() == "the"
        for entity in sharing:
            known = bare or any(self._is_bare_role(span) for span in entity.roles)
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
        """The one person whom the coreference chain of a description names."""
        if not is_role_noun(self._reading.words[phrase.head]):
            return None
        role = described_role(self._reading, phrase)
        inside = {self._table.at(index) for index in range(phrase.source_start, phrase.source_end)}
        named = [one for one in self._chains.entities(phrase.start, phrase.end) if one.kind is SpeakerKind.PERSON]
        named = [one for one in named if one not in inside]
        if role is None or len(named) != 1 or named[0].plural:
            return None
        self._table.state(named[0], () if named[0].roles else (role,))
        return named[0]


def _synonyms(lemma: str) -> set[str]:
    """A noun with its forms for either gender and those that mean the same office: `spokesman`, `spokesperson`."""
    same = {noun for line in load_lexicon("role_synonyms") if lemma in (nouns := line.split()) for noun in nouns}
    for ending in ("woman", "man", "person"):
        if lemma.endswith(ending) and len(lemma) > len(ending) + 2:
            stem = lemma.removesuffix(ending)
            return same | {stem + other for other in ("woman", "man", "person")} | {stem.rstrip("s")}
    return same | {lemma}
