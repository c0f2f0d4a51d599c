"""Stage 6: acts of saying and entities become an `Extraction`. `extract_reading` shows the order of the stages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

import attrs

from quotex._acts import Act, find_acts
from quotex._confidence import CONFIDENCE, LEAST, confidence, confidence_features, mention_form
from quotex._entities import Entity
from quotex._extraction import Extraction
from quotex._manner import manner_of
from quotex._marks import Marked, Marks
from quotex._mending import mended
from quotex._mentions import FIRST_PERSON
from quotex._phrases import Phrase
from quotex._reading import Name, Reading
from quotex._role_words import fullest_role
from quotex._scorer import Decision, Observer
from quotex._speakers import SPEAKER, Key, Reference, Resolution, resolve
from quotex._turns import Turn
from quotex._types import Context, Note, Quote, Span, Speaker, SpeakerKind
from quotex._utterances import Utterance, outside, segments_of

_ADDRESSEE = "addressee"
_Sides: TypeAlias = tuple[Entity | None, Entity | None]
"""Who speaks some words, and to whom."""


def extract_reading(
    reading: Reading, marks: Marks, *, observe: Observer | None = None, least: float = LEAST
) -> Extraction:
    """Everything after the models: cues, utterances, attributions, speakers, result.

    Args:
        reading: The text.
        marks: Its marks.
        observe: Told of every decision of a scorer with its candidates.
        least: The confidence below which no speaker is given.
    """
    reading = mended(reading)
    words = frozenset(range(len(reading.words)))
    found = find_acts(reading, marks.marked, words)
    keys = dict(_numbered(found.acts))
    resolution = resolve(
        reading,
        outside(words, reading, tuple(_enclosed(marks.marked))),
        [reference for act in found.acts for reference in _references(reading, act, keys, nested=False)],
        [Turn(number=keys[id(act)], attribution=act.attribution) for act in found.acts],
        found.reported,
        tellers=dict(_tellers(found.acts, keys)),
        observe=observe,
    )
    who = dict(_settled(reading, found.acts, keys, resolution.entities))
    weighed = {
        keys[id(act)]: _weigh(reading, act, (keys[id(act)], SPEAKER), who, resolution, observe)
        for level in _levels(found.acts)
        for act in level
    }
    who = {key: entity for key, entity in who.items() if key[1] != SPEAKER or weighed[key[0]].confidence >= least}
    speakers = _speakers(reading, who.values())
    named = {key: speakers[entity] for key, entity in who.items() if entity in speakers}
    return Extraction(
        text=reading.text,
        quotes=tuple(_quote(reading, act, keys, named, weighed) for act in found.acts),
        speakers=tuple(sorted(speakers.values(), key=lambda speaker: speaker.id)),
        notes=tuple(sorted((*marks.notes, *found.notes), key=_note_order)),
    )


def _enclosed(marked: Sequence[Marked]) -> Iterator[Marked]:
    """The pairings of marks that enclose what narration does not tell: those inside turns and block quotations too."""
    for one in marked:
        yield from _enclosed(one.children) if one.form.tells else (one,)


def _tellers(acts: Sequence[Act], keys: Mapping[int, int]) -> Iterator[tuple[int, Key]]:
    """The words of turns and block quotations, each with the key of who speaks them."""
    for act in acts:
        utterance = act.attribution.utterance
        if utterance.form.tells:
            key = keys[id(act)], SPEAKER
            yield from ((index, key) for index in range(utterance.first, utterance.last + 1))


def _note_order(note: Note) -> tuple[int, int, str]:
    return note.span.start_char, note.span.end_char, note.code


def _levels(acts: Sequence[Act]) -> Iterator[Sequence[Act]]:
    """This level of acts and all those nested in it."""
    yield acts
    for act in acts:
        yield from _levels(act.nested)


def _numbered(acts: Sequence[Act]) -> Iterator[tuple[int, int]]:
    """The number of each act, by its identity."""
    everything = (act for level in _levels(acts) for act in level)
    for number, act in enumerate(everything):
        yield id(act), number


def _references(
    reading: Reading, act: Act, keys: Mapping[int, int], *, nested: bool, outer: Name | None = None
) -> Iterator[Reference]:
    """What is asked about an act and those nested in it: who speaks, who may speak, and who is spoken to."""
    number, attribution = keys[id(act)], act.attribution
    phrase = attribution.phrase
    if phrase is not None and not (nested and _is_first_person(reading, phrase)):
        words = tuple(index for stretch in attribution.utterance.stretches for index in stretch.words)
        yield Reference(key=(number, SPEAKER), phrase=phrase, words=words, teller=attribution.teller, outer=outer)
    if not nested:
        for proposal in attribution.proposals:
            yield Reference(key=(number, proposal.rule), phrase=proposal.phrase, source=False)
    if act.addressee is not None and not (nested and _is_first_person(reading, act.addressee)):
        yield Reference(key=(number, _ADDRESSEE), phrase=act.addressee, source=False)
    for inner in act.nested:
        yield from _references(reading, inner, keys, nested=True, outer=None if phrase is None else phrase.name)


def _is_first_person(reading: Reading, phrase: Phrase) -> bool:
    return reading.words[phrase.head].text.casefold() in FIRST_PERSON


def _settled(
    reading: Reading,
    level: Sequence[Act],
    keys: Mapping[int, int],
    entities: Mapping[Key, Entity | None],
    around: _Sides = (None, None),
) -> Iterator[tuple[Key, Entity]]:
    """The entities of a level and those nested in it by key.

    Inside somebody's words `I` is that speaker and `you` the addressee, and an utterance without a cue in the same
    paragraph goes on with the one before.

    Args:
        reading: The text.
        level: The acts.
        keys: Their numbers.
        entities: What was resolved.
        around: Who speaks the words around the level, and to whom.
    """
    before: Entity | None = None
    for act in level:
        number, attribution = keys[id(act)], act.attribution
        speaker = entities.get((number, SPEAKER))
        if speaker is None and attribution.phrase is not None:
            speaker = _side(reading, attribution.phrase, around)
        elif attribution.open and (number, SPEAKER) not in entities and attribution.gap == 0:
            speaker = before
        before = speaker
        addressee = entities.get((number, _ADDRESSEE)) or _side(reading, act.addressee, around)
        addressee = None if addressee is speaker else addressee
        for key, entity in (((number, SPEAKER), speaker), ((number, _ADDRESSEE), addressee)):
            if entity is not None:
                yield key, entity
        yield from _settled(reading, act.nested, keys, entities, (speaker, addressee))


def _side(reading: Reading, phrase: Phrase | None, around: _Sides) -> Entity | None:
    """Who is meant by `I` and by `you` inside words that somebody says to somebody."""
    if phrase is None:
        return None
    if _is_first_person(reading, phrase):
        return around[0]
    return around[1] if reading.words[phrase.head].text.casefold() == "you" else None


@attrs.frozen
class _Weighed:
    """By which rule the speaker of an act was decided, and how sure that is."""

    method: str
    confidence: float


def _weigh(
    reading: Reading,
    act: Act,
    key: Key,
    who: Mapping[Key, Entity],
    resolution: Resolution,
    observe: Observer | None,
) -> _Weighed:
    attribution, entity = act.attribution, who.get(key)
    if entity is None:
        return _Weighed("none" if attribution.phrase is None else attribution.method, 0.0)
    method, probability = attribution.method, resolution.probabilities.get(key)
    if key in resolution.taken:
        method, probability = resolution.taken[key].method, resolution.taken[key].probability
    elif attribution.phrase is None:
        method = "continuation"  # inside somebody's words
    link = attribution.utterance.link
    phrase = None if link is None else link.phrase
    mention = None if phrase is None else reading.word_span(phrase.start, phrase.end).text
    features = confidence_features(method, mention_form(mention, _name(reading, entity)), probability)
    if observe is not None:
        place = attribution.utterance.first
        observe(Decision(name=CONFIDENCE, word=place, features=(features,), entities=(entity,)))
    return _Weighed(method, confidence(features))


def _speakers(reading: Reading, entities: Iterable[Entity]) -> dict[Entity, Speaker]:
    """The result's speakers, numbered in order of first mention."""
    ordered = sorted(dict.fromkeys(entities), key=lambda entity: min(entity.spans()))
    return {entity: _speaker(reading, number, entity) for number, entity in enumerate(ordered)}


def _speaker(reading: Reading, number: int, entity: Entity) -> Speaker:
    mentions = tuple(reading.word_span(start, end) for start, end in sorted(entity.spans()))
    aliases = _aliases(reading, entity)
    role = fullest_role(reading, entity.roles)
    return Speaker(
        id=number,
        name=_name(reading, entity),
        kind=entity.kind,
        role=None if role is None else role.text,
        role_span=role,
        aliases=aliases,
        mentions=mentions,
        pronouns=_pronouns(entity),
    )


def _pronouns(entity: Entity) -> tuple[str, ...]:
    """The pronouns resolved to an entity; of `he` and `she` the one that was resolved to it more often."""
    rarer = {"m": "he", "f": "she"}[min("mf", key=lambda gender: entity.called[gender])]
    both = {"he", "she"} <= set(entity.pronouns)
    return tuple(form for form in entity.pronouns if not (both and form == rarer))


def _name(reading: Reading, entity: Entity) -> str:
    """The fullest of the names of an entity."""
    return max(_aliases(reading, entity), key=lambda alias: (len(alias.split()), not _is_shouted(alias)))


def _is_shouted(alias: str) -> bool:
    """Whether a name has a word in capitals, as in a headline or at the beginning of an article."""
    return any(len(word) > 3 and word.isupper() for word in alias.split())


def _aliases(reading: Reading, entity: Entity) -> tuple[str, ...]:
    """The distinct names of an entity on one line each, or its descriptions where it has none."""
    if entity.kind is SpeakerKind.NARRATOR:
        return ("narrator",)
    spans = sorted((name.start, name.end) for name in entity.names)
    if not spans:
        spans = sorted(entity.spans())
        spans = [span for span in spans if reading.words[span[0]].upos != "PRON"] or spans
        # `the board’s report` is a mention of the board, not a name for it
        spans = [span for span in spans if not any(_holds(span, other) for other in spans)]
    texts = (" ".join(reading.word_span(start, end).text.split()) for start, end in spans)
    return tuple(dict.fromkeys(texts))


def _holds(span: tuple[int, int], other: tuple[int, int]) -> bool:
    return span != other and span[0] <= other[0] and other[1] <= span[1]


def _quote(
    reading: Reading,
    act: Act,
    keys: Mapping[int, int],
    speakers: Mapping[Key, Speaker],
    weighed: Mapping[int, _Weighed],
) -> Quote:
    attribution = act.attribution
    number = keys[id(act)]
    utterance = attribution.utterance
    phrase = None if utterance.link is None else utterance.link.phrase
    mention = None if phrase is None else reading.word_span(phrase.start, phrase.end)
    segments = segments_of(utterance)
    speaker = speakers.get((number, SPEAKER))
    return Quote(
        text=" ".join(segment.text for segment in segments),
        segments=segments,
        extent=reading.span(utterance.start_char, utterance.end_char),
        kind=utterance.kind,
        manner=manner_of(reading, utterance, None if speaker is None else speaker.kind),
        speaker=speaker,
        mention=mention,
        source=None if phrase is None else reading.word_span(phrase.source_start, phrase.source_end),
        cue=None if utterance.cue is None else reading.word_span(utterance.cue.start, utterance.cue.end),
        addressee=speakers.get((number, _ADDRESSEE)),
        content=act.content,
        context=_context(reading, utterance),
        nested=tuple(_quote(reading, inner, keys, speakers, weighed) for inner in act.nested),
        method=weighed[number].method if speaker is not None or phrase is not None else "none",
        confidence=0.0 if speaker is None else weighed[number].confidence,
    )


def _context(reading: Reading, utterance: Utterance) -> Context:
    first = reading.words[utterance.first].sentence
    last = reading.words[utterance.last].sentence
    sentences = reading.sentences
    opening, closing = sentences[first], sentences[last]
    paragraphs = reading.paragraphs[opening.paragraph : closing.paragraph + 1]
    return Context(
        sentence=_cover(reading, utterance, (opening.start_char, closing.end_char)),
        paragraph=_cover(reading, utterance, (paragraphs[0].start_char, paragraphs[-1].end_char)),
        before=reading.span(sentences[first - 1].start_char, sentences[first - 1].end_char) if first else None,
        after=reading.span(sentences[last + 1].start_char, sentences[last + 1].end_char)
        if last + 1 < len(sentences)
        else None,
    )


def _cover(reading: Reading, utterance: Utterance, bounds: tuple[int, int]) -> Span:
    """The bounds, widened to the utterance's extent where a mark was put into the neighbouring sentence."""
    return reading.span(min(bounds[0], utterance.start_char), max(bounds[1], utterance.end_char))
