"""Stages 3 and 4 over all levels of marks: who is attributed what, before anybody is known by name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set

import attrs

from quotex._attribution import Attribution, attribute
from quotex._cues import Cue, CueKind, find_cues
from quotex._entities import gender_of
from quotex._layout import Form
from quotex._lexicon import load_lexicon
from quotex._marks import Marked
from quotex._naming import naming_code
from quotex._phrases import Phrase, source_phrase
from quotex._reading import Reading, Word
from quotex._role_words import is_role_noun
from quotex._stretches import place
from quotex._types import Note, Span
from quotex._utterances import Utterance, contents_of, find_utterances, outside


@attrs.frozen(kw_only=True)
class Act:
    """One act of saying.

    Attributes:
        attribution: The utterance with the decision whose it is.
        content: The stretches of what is reported as a whole.
        addressee: The phrase of who is spoken to, or `None`.
        nested: The acts of saying inside its words; `Attribution.same_as` counts within one such level.
    """

    attribution: Attribution
    content: tuple[Span, ...]
    addressee: Phrase | None = None
    nested: tuple[Act, ...] = ()


@attrs.frozen(kw_only=True)
class Acts:
    """What the marks of a text hold.

    Attributes:
        acts: The acts of saying of the outermost level, in reading order.
        reported: Subjects of the narration's verbs that somebody can be meant by later, those of cues included; with
            them those in turns and block quotations, which tell as narration does.
        notes: The marked words that are not speech, on all levels.
    """

    acts: tuple[Act, ...]
    reported: tuple[Phrase, ...]
    notes: tuple[Note, ...]


def find_acts(reading: Reading, marked: Sequence[Marked], frame: Set[int]) -> Acts:
    """The acts of saying of one level of marks and of those nested in it.

    Args:
        reading: The text.
        marked: The pairings of the level.
        frame: The words around them, on their own level.
    """
    stretches = place(reading, marked)
    # a nickname or title belongs to the phrase around it: `said a man who goes by “Lefty”`, `a host of “The Five”`
    names = [stretch.marked for stretch in stretches if naming_code(reading, stretch) in ("nickname", "title")]
    around = outside(frame, reading, [one for one in marked if one not in names])
    cues = find_cues(reading, around)
    utterances, unspoken = find_utterances(reading, stretches, cues)
    inner = [_nested(reading, utterance) for utterance in utterances]
    attributions = attribute(reading, utterances, cues, around)
    acts = tuple(
        Act(
            attribution=attribution,
            content=content,
            addressee=_addressee(reading, attribution.utterance.cue, around) or _partner(attributions, number),
            nested=nested.acts,
        )
        for number, (attribution, content, nested) in enumerate(
            zip(attributions, contents_of(reading, utterances), inner, strict=True)
        )
    )
    return Acts(
        acts=acts,
        reported=(
            *_introduced(reading, cues, around),
            *(phrase for nested in inner for phrase in nested.reported if reading.words[phrase.head].upos != "PRON"),
        ),
        notes=(*unspoken, *(note for nested in inner for note in nested.notes)),
    )


def _nested(reading: Reading, utterance: Utterance) -> Acts:
    children = [child for stretch in utterance.stretches for child in stretch.marked.children]
    if not children and not utterance.form.tells:
        return Acts(acts=(), reported=(), notes=())
    acts = find_acts(reading, children, frozenset(_words_of(utterance)))
    return acts if utterance.form.tells else attrs.evolve(acts, reported=())


def _words_of(utterance: Utterance) -> Iterator[int]:
    for stretch in utterance.stretches:
        yield from range(stretch.words[0], stretch.words[-1] + 1)


def _addressee(reading: Reading, cue: Cue | None, frame: Set[int]) -> Phrase | None:
    if cue is None or cue.addressee is None:
        return None
    return source_phrase(reading, cue.addressee, lambda index: index in frame and not cue.start <= index < cue.end)


def _introduced(reading: Reading, cues: Sequence[Cue], frame: Set[int]) -> Iterator[Phrase]:
    """Who can be meant by a later pronoun or description: subjects that report, and those described as persons."""
    reporting = {
        cue.phrase.head: cue.phrase
        for cue in cues
        if cue.phrase is not None and cue.own_subject and cue.kind is CueKind.REPORTING
    }
    for index in sorted(frame):
        word = reading.words[index]
        if index in reporting:
            yield reporting[index]
        elif word.relation == "nsubj" and _is_person_noun(word) and not _is_quantified(reading, index):
            yield source_phrase(reading, index, lambda place: place in frame)


def _is_person_noun(word: Word) -> bool:
    lemma = word.lemma.casefold()
    several = bool({lemma, word.text.casefold()} & load_lexicon("group_words"))
    return is_role_noun(word) or gender_of(lemma) is not None or several


def _is_quantified(reading: Reading, noun: int) -> bool:
    """Whether a noun means nobody in particular, whom no later pronoun can mean: `every pupil`, `no pupil`."""
    determiner = reading.child(noun, "det")
    return determiner is not None and reading.words[determiner].text.casefold() in ("any", "each", "every", "no")


def _partner(attributions: Sequence[Attribution], number: int) -> Phrase | None:
    """Whom a turn speaks to: who has just asked something, or, where it asks itself, who speaks next."""
    own = attributions[number]
    if own.utterance.form is not Form.TURN:
        return None
    before = attributions[number - 1] if number else None
    after = attributions[number + 1] if number + 1 < len(attributions) else None
    if before is not None and _asks(before.utterance) and before.phrase != own.phrase:
        return before.phrase
    if after is not None and after.utterance.form is Form.TURN and _asks(own.utterance) and after.phrase != own.phrase:
        return after.phrase
    return None


def _asks(utterance: Utterance) -> bool:
    return utterance.form is Form.TURN and utterance.stretches[-1].ends == "?"
