"""Stage 6: acts of saying and entities become an `Extraction`. `extract_reading` shows the order of the stages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from quotex._acts import Act, find_acts
from quotex._confidence import confidence
from quotex._entities import Entity
from quotex._extraction import Extraction
from quotex._lexicon import load_lexicon
from quotex._marks import Marked, Marks
from quotex._phrases import Phrase
from quotex._reading import Reading
from quotex._roles import is_clause
from quotex._speakers import FIRST_PERSON, Reference, resolve
from quotex._types import Context, Manner, Note, Quote, Span, Speaker, SpeakerKind
from quotex._utterances import Utterance, outside, segments_of

_CONVERSATION = 8
"""Utterances over which two speakers go on taking turns."""
_ADDRESSEE = 1
_STEP = 2
"""Each act has two keys, its number doubled for the speaker and one more for the addressee."""
_Sides: TypeAlias = tuple[Entity | None, Entity | None]


def extract_reading(reading: Reading, marks: Marks) -> Extraction:
    """Everything after the models: cues, utterances, attributions, speakers, result."""
    words = frozenset(range(len(reading.words)))
    found = find_acts(reading, marks.marked, words)
    keys = dict(_numbered(found.acts))
    references = [reference for act in found.acts for reference in _references(reading, act, keys, nested=False)]
    narration = outside(words, reading, tuple(_enclosed(marks.marked)))
    entities = resolve(reading, narration, references, found.reported, dict(_tellers(found.acts, keys)))
    who = dict(_settled(reading, found.acts, keys, entities))
    speakers = _speakers(reading, who.values())
    named = {key: speakers[entity] for key, entity in who.items() if entity in speakers}
    return Extraction(
        text=reading.text,
        quotes=tuple(_quote(reading, act, keys, named) for act in found.acts),
        speakers=tuple(sorted(speakers.values(), key=lambda speaker: speaker.id)),
        notes=tuple(sorted((*marks.notes, *found.notes), key=_note_order)),
    )


def _enclosed(marked: Sequence[Marked]) -> Iterator[Marked]:
    """The pairings of marks that enclose what narration does not tell: those inside turns and block quotations too."""
    for one in marked:
        yield from _enclosed(one.children) if one.form.tells else (one,)


def _tellers(acts: Sequence[Act], keys: Mapping[int, int]) -> Iterator[tuple[int, int]]:
    """The words of turns and block quotations, each with the key of who speaks them."""
    for act in acts:
        utterance = act.attribution.utterance
        if utterance.form.tells:
            yield from ((index, keys[id(act)]) for index in range(utterance.first, utterance.last + 1))


def _note_order(note: Note) -> tuple[int, int, str]:
    return note.span.start_char, note.span.end_char, note.code


def _levels(acts: Sequence[Act]) -> Iterator[Sequence[Act]]:
    """This level of acts and all those nested in it."""
    yield acts
    for act in acts:
        yield from _levels(act.nested)


def _numbered(acts: Sequence[Act]) -> Iterator[tuple[int, int]]:
    """The key of each act, by its identity."""
    number = 0
    for level in _levels(acts):
        for act in level:
            yield id(act), number
            number += _STEP


def _references(reading: Reading, act: Act, keys: Mapping[int, int], *, nested: bool) -> Iterator[Reference]:
    """What is asked about an act and those nested in it: who speaks, and who is spoken to."""
    key, phrase = keys[id(act)], act.attribution.phrase
    if phrase is not None and not (nested and _is_first_person(reading, phrase)):
        yield Reference(key=key, phrase=phrase)
    if act.addressee is not None and not (nested and _is_first_person(reading, act.addressee)):
        yield Reference(key=key + _ADDRESSEE, phrase=act.addressee, source=False)
    for inner in act.nested:
        yield from _references(reading, inner, keys, nested=True)


def _is_first_person(reading: Reading, phrase: Phrase) -> bool:
    return reading.words[phrase.head].text.casefold() in FIRST_PERSON


def _settled(
    reading: Reading,
    level: Sequence[Act],
    keys: Mapping[int, int],
    entities: Mapping[int, Entity | None],
    around: _Sides = (None, None),
) -> Iterator[tuple[int, Entity]]:
    """The entities of a level and those nested in it by key; continued speakers, turns, `I` and `you` are settled here.

    Args:
        reading: The text.
        level: The acts.
        keys: Their keys.
        entities: What was resolved from phrases.
        around: Who speaks the words around the level, and to whom.
    """
    speakers: list[Entity | None] = []
    for act in level:
        key, attribution = keys[id(act)], act.attribution
        speaker = entities.get(key)
        if attribution.same_as is not None:
            speaker = speakers[attribution.same_as]
        elif attribution.answers:
            speaker = _other(speakers)
        elif speaker is None:
            speaker = _side(reading, attribution.phrase, around)
        speakers.append(speaker)
        addressee = entities.get(key + _ADDRESSEE) or _side(reading, act.addressee, around)
        addressee = None if addressee is speaker else addressee
        for place, entity in ((key, speaker), (key + _ADDRESSEE, addressee)):
            if entity is not None:
                yield place, entity
        yield from _settled(reading, act.nested, keys, entities, (speaker, addressee))


def _side(reading: Reading, phrase: Phrase | None, around: _Sides) -> Entity | None:
    """Who is meant by `I` and by `you` inside words that somebody says to somebody."""
    if phrase is None:
        return None
    if _is_first_person(reading, phrase):
        return around[0]
    return around[1] if reading.words[phrase.head].text.casefold() == "you" else None


def _other(speakers: Sequence[Entity | None]) -> Entity | None:
    """Whose turn it is after the last of the speakers: whoever spoke last of the others, in the same conversation."""
    recent = speakers[-_CONVERSATION:]
    return next((one for one in reversed(recent) if one is not None and one is not recent[-1]), None)


def _speakers(reading: Reading, entities: Iterable[Entity]) -> dict[Entity, Speaker]:
    """The result's speakers, numbered in order of first mention."""
    ordered = sorted(set(entities), key=lambda entity: min(entity.spans()))
    return {entity: _speaker(reading, number, entity) for number, entity in enumerate(ordered)}


def _speaker(reading: Reading, number: int, entity: Entity) -> Speaker:
    mentions = tuple(reading.word_span(start, end) for start, end in sorted(entity.spans()))
    aliases = _aliases(reading, entity)
    role = max(entity.roles, key=lambda span: (not is_clause(reading, span), len(span.text.split())), default=None)
    return Speaker(
        id=number,
        name=max(aliases, key=lambda alias: len(alias.split())),
        kind=entity.kind,
        role=None if role is None else role.text,
        role_span=role,
        aliases=aliases,
        mentions=mentions,
        pronouns=tuple(entity.pronouns),
    )


def _aliases(reading: Reading, entity: Entity) -> tuple[str, ...]:
    """The distinct names of an entity on one line each, or its descriptions where it has none."""
    if entity.kind is SpeakerKind.NARRATOR:
        return ("narrator",)
    spans = sorted((name.start, name.end) for name in entity.names)
    if not spans:
        spans = sorted(entity.spans())
        spans = [span for span in spans if reading.words[span[0]].upos != "PRON"] or spans
    texts = (" ".join(reading.word_span(start, end).text.split()) for start, end in spans)
    return tuple(dict.fromkeys(texts))


def _quote(reading: Reading, act: Act, keys: Mapping[int, int], speakers: Mapping[int, Speaker]) -> Quote:
    attribution = act.attribution
    key = keys[id(act)]
    utterance = attribution.utterance
    phrase = None if utterance.link is None else utterance.link.phrase
    mention = None if phrase is None else reading.word_span(phrase.start, phrase.end)
    segments = segments_of(utterance)
    speaker = speakers.get(key)
    return Quote(
        text=" ".join(segment.text for segment in segments),
        segments=segments,
        extent=reading.span(utterance.start_char, utterance.end_char),
        kind=utterance.kind,
        manner=_manner(reading, utterance, speaker),
        speaker=speaker,
        mention=mention,
        source=None if phrase is None else reading.word_span(phrase.source_start, phrase.source_end),
        cue=None if utterance.cue is None else reading.word_span(utterance.cue.start, utterance.cue.end),
        addressee=speakers.get(key + _ADDRESSEE),
        context=_context(reading, utterance),
        nested=tuple(_quote(reading, inner, keys, speakers) for inner in act.nested),
        method=attribution.method,
        confidence=confidence(attribution.method, mention, speaker),
    )


def _manner(reading: Reading, utterance: Utterance, speaker: Speaker | None) -> Manner:
    phrase = None if utterance.link is None else utterance.link.phrase
    head = None if phrase is None else reading.words[phrase.head]
    text = head is not None and head.upos == "NOUN" and head.lemma.casefold() in load_lexicon("document_words")
    if text or (speaker is not None and speaker.kind is SpeakerKind.DOCUMENT):
        return Manner.WRITING
    return Manner.SPEECH if utterance.cue is None else utterance.cue.manner


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
