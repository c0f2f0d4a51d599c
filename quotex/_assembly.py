"""Stage 6: utterances, attributions and entities become an `Extraction`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set

import attrs

from quotex._attribution import Attribution, attribute
from quotex._confidence import confidence
from quotex._cues import Cue, CueKind, find_cues
from quotex._extraction import Extraction
from quotex._lexicon import load_lexicon
from quotex._marks import Marks
from quotex._phrases import Phrase, source_phrase
from quotex._reading import Reading
from quotex._speakers import Entities, Entity
from quotex._stretches import Stretch, place
from quotex._types import Context, Manner, Note, Quote, Span, Speaker, SpeakerKind
from quotex._utterances import Utterance, find_utterances, narration, segments_of


@attrs.frozen(kw_only=True)
class _Found:
    """An utterance with its attribution and the entities it was resolved to."""

    attribution: Attribution
    speaker: Entity | None
    addressee: Entity | None
    nested: tuple[_Found, ...]


def extract_reading(reading: Reading, marks: Marks) -> Extraction:
    """Everything after the models: cues, utterances, attributions, speakers, result."""
    stretches = place(reading, marks.marked)
    outside = narration(reading, stretches)
    entities = Entities(reading, outside)
    notes = list(marks.notes)
    found = _find(reading, entities, stretches, outside, None, notes)
    speakers = _speakers(reading, found)
    quotes = tuple(_quote(reading, one, speakers) for one in found)
    return Extraction(
        text=reading.text,
        quotes=quotes,
        speakers=tuple(sorted(speakers.values(), key=lambda speaker: speaker.id)),
        notes=tuple(sorted(notes, key=lambda note: (note.span.start_char, note.span.end_char, note.code))),
    )


def _find(
    reading: Reading,
    entities: Entities,
    stretches: Sequence[Stretch],
    frame: Set[int],
    outer: Entity | None,
    notes: list[Note],
) -> tuple[_Found, ...]:
    """Utterances of one level of marks with their speakers, then those nested in them.

    Args:
        reading: The text.
        entities: The persons and bodies known so far.
        stretches: The marked spans of this level.
        frame: The words around them.
        outer: Who speaks the words around them; `None` for the writer.
        notes: Taken notes, added to.
    """
    cues = find_cues(reading, frame)
    utterances, unspoken = find_utterances(reading, stretches, cues)
    notes.extend(unspoken)
    attributions = attribute(reading, utterances, cues, frame)
    reported = [cue.phrase for cue in cues if cue.phrase is not None and _introduces(reading, cue)]
    speakers = _resolve(entities, attributions, outer, reported)
    addressees = [_addressee(reading, entities, utterance, frame) for utterance in utterances]
    return tuple(
        _Found(
            attribution=attribution,
            speaker=speaker,
            addressee=addressee,
            nested=_nested(reading, entities, attribution.utterance, speaker, notes),
        )
        for attribution, speaker, addressee in zip(attributions, speakers, addressees, strict=True)
    )


def _introduces(reading: Reading, cue: Cue) -> bool:
    """Whether the source of a cue that reports no marked words can be meant by a later pronoun or description."""
    if cue.phrase is None or not cue.own_subject:
        return False
    return cue.kind is CueKind.REPORTING or reading.words[cue.phrase.head].lemma.casefold() in load_lexicon(
        "role_nouns"
    )


def _resolve(
    entities: Entities, attributions: Sequence[Attribution], outer: Entity | None, reported: Sequence[Phrase]
) -> list[Entity | None]:
    sources = [(number, found.phrase) for number, found in enumerate(attributions) if found.phrase is not None]
    resolved = entities.walk(sources, reported) if outer is None else entities.resolve_inside(sources, outer)
    speakers: list[Entity | None] = []
    for number, found in enumerate(attributions):
        speakers.append(speakers[found.same_as] if found.same_as is not None else resolved.get(number))
    return speakers


def _addressee(reading: Reading, entities: Entities, utterance: Utterance, frame: Set[int]) -> Entity | None:
    cue = utterance.cue
    if cue is None or cue.addressee is None:
        return None
    phrase = source_phrase(reading, cue.addressee, lambda index: index in frame and not cue.start <= index < cue.end)
    return entities.resolve(phrase)


def _nested(
    reading: Reading, entities: Entities, utterance: Utterance, speaker: Entity | None, notes: list[Note]
) -> tuple[_Found, ...]:
    children = [child for stretch in utterance.stretches for child in stretch.marked.children]
    if not children:
        return ()
    inner = place(reading, children)
    quoted = {index for stretch in utterance.stretches for index in range(stretch.words[0], stretch.words[-1] + 1)}
    within = narration(reading, inner) & quoted
    return _find(reading, entities, inner, within, speaker or Entity(kind=SpeakerKind.UNKNOWN), notes)


def _everybody(found: Sequence[_Found]) -> Iterator[Entity]:
    for one in found:
        for entity in (one.speaker, one.addressee):
            if entity is not None:
                yield entity
        yield from _everybody(one.nested)


def _speakers(reading: Reading, found: Sequence[_Found]) -> dict[int, Speaker]:
    """The result's speakers by the identity of their entity, numbered in order of first mention."""
    entities = {id(entity): entity for entity in _everybody(found) if entity.mentions or entity.names}
    ordered = sorted(entities.values(), key=lambda entity: min(_spans(entity)))
    return {id(entity): _speaker(reading, number, entity) for number, entity in enumerate(ordered)}


def _spans(entity: Entity) -> set[tuple[int, int]]:
    return {*entity.mentions, *((name.start, name.end) for name in entity.names)}


def _speaker(reading: Reading, number: int, entity: Entity) -> Speaker:
    mentions = tuple(reading.word_span(start, end) for start, end in sorted(_spans(entity)))
    named = [reading.word_span(name.start, name.end) for name in sorted(entity.names, key=lambda name: name.start)]
    if entity.kind is SpeakerKind.NARRATOR:
        aliases = ["narrator"]
    else:
        described = [
            span
            for span in mentions
            if reading.words[reading.words_in(span.start_char, span.end_char)[0]].upos != "PRON"
        ]
        aliases = list(dict.fromkeys(_plain(span.text) for span in named or described or mentions))
    name = max(aliases, key=lambda alias: len(alias.split()))
    role = max(entity.roles, key=lambda span: len(span.text.split()), default=None)
    return Speaker(
        id=number,
        name=name,
        kind=entity.kind,
        role=None if role is None else role.text,
        role_span=role,
        aliases=tuple(aliases),
        mentions=mentions,
        pronouns=tuple(entity.pronouns),
    )


def _plain(text: str) -> str:
    """A name on one line."""
    return " ".join(text.split())


def _quote(reading: Reading, found: _Found, speakers: dict[int, Speaker]) -> Quote:
    attribution = found.attribution
    utterance = attribution.utterance
    phrase = None if utterance.link is None else utterance.link.phrase
    segments = segments_of(utterance)
    speaker = speakers.get(id(found.speaker))
    return Quote(
        text=" ".join(segment.text for segment in segments),
        segments=segments,
        extent=reading.span(utterance.start_char, utterance.end_char),
        kind=utterance.kind,
        manner=_manner(utterance, speaker),
        speaker=speaker,
        mention=None if phrase is None else reading.word_span(phrase.start, phrase.end),
        source=None if phrase is None else reading.word_span(phrase.source_start, phrase.source_end),
        cue=None if utterance.cue is None else reading.word_span(utterance.cue.start, utterance.cue.end),
        addressee=speakers.get(id(found.addressee)),
        context=_context(reading, utterance),
        nested=tuple(_quote(reading, one, speakers) for one in found.nested),
        method=attribution.method,
        confidence=0.0 if speaker is None else confidence(attribution.method, _form(reading, attribution)),
    )


def _manner(utterance: Utterance, speaker: Speaker | None) -> Manner:
    if speaker is not None and speaker.kind is SpeakerKind.DOCUMENT:
        return Manner.WRITING
    return Manner.SPEECH if utterance.cue is None else utterance.cue.manner


def _form(reading: Reading, attribution: Attribution) -> str:
    """What kind of mention the decision rests on: `name`, `pronoun`, `description`, or `none`."""
    phrase = attribution.phrase
    if phrase is None:
        return "none"
    if phrase.name is not None or phrase.members:
        return "name"
    return {"PRON": "pronoun", "PROPN": "name"}.get(reading.words[phrase.head].upos, "description")


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
