"""Stage 4: one decision per utterance: whose words they are, and by which rule.

An utterance with a cue of its own takes the cue's source. Without one it takes, nearest first, the source of a
reporting sentence before it, the subject of a sentence beside it in its paragraph, or the speaker before it; in
dialogue that alternates by its own explicit cues, the speaker before that one.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from itertools import pairwise

import attrs

from quotex._cues import Cue, CueKind, subject_of
from quotex._labels import Parties, find_parties, label_speaker
from quotex._layout import Form
from quotex._lexicon import load_lexicon
from quotex._phrases import Phrase, source_phrase
from quotex._reading import SPEAKING, Reading, Sentence
from quotex._utterances import Utterance

_SHORT = 20
"""Words of an utterance, on average, below which a text is dialogue."""
_MAX_GAP = 2
"""Paragraphs over which a speaker goes on without being named again."""


@attrs.frozen(kw_only=True)
class Attribution:
    """Who speaks an utterance.

    Attributes:
        utterance: The utterance.
        phrase: The source phrase, or `None` where there is none of its own.
        same_as: Number of the earlier utterance whose speaker it shares, or `None`.
        answers: Whether it is the turn of whoever spoke last before the speaker of the utterance before.
        method: The rule that decided, `none` where none did.
    """

    utterance: Utterance
    phrase: Phrase | None = None
    same_as: int | None = None
    answers: bool = False
    method: str = "none"


def attribute(
    reading: Reading, utterances: Sequence[Utterance], cues: Sequence[Cue], narration: Set[int]
) -> tuple[Attribution, ...]:
    """Decide for each utterance; numbers in `same_as` count from 0 along `utterances`.

    Args:
        reading: The text.
        utterances: Its utterances, in order.
        cues: Its cues outside marks, in order.
        narration: The words outside marks.
    """
    alternating = alternates(reading, utterances)
    parties = _parties(reading, utterances, narration)
    decided: list[Attribution] = []
    for number, utterance in enumerate(utterances):
        decided.append(
            _own(reading, utterance, parties)
            or _beside(reading, utterance, narration, alternating)
            or _beat_before(reading, utterance, narration)
            or _reported_before(reading, utterances, number, cues)
            or _reported_after(reading, utterance, cues, narration)
            or _continued(reading, utterances, number, alternating)
            or Attribution(utterance=utterance)
        )
    return tuple(decided)


def _parties(reading: Reading, utterances: Sequence[Utterance], narration: Set[int]) -> Parties:
    """Who asks and who answers where turns say no more than `Q` and `A`."""
    turn = next((one for one in utterances if one.form is Form.TURN and one.link is not None), None)
    if turn is None or turn.link is None or turn.link.phrase is None:
        return Parties()
    first = turn.link.phrase.source_start
    return find_parties(reading, frozenset(index for index in narration if index < first))


def _own(reading: Reading, utterance: Utterance, parties: Parties) -> Attribution | None:
    """What a cue, a label or a signature at the utterance decides; a block quotation without any is nobody's."""
    link = utterance.link
    if link is None:
        return Attribution(utterance=utterance) if utterance.form is Form.BLOCK else None
    phrase = link.phrase
    if phrase is not None and utterance.form is Form.TURN:
        phrase = label_speaker(reading, phrase, parties)
    return Attribution(utterance=utterance, phrase=phrase, method=link.method)


def alternates(reading: Reading, utterances: Sequence[Utterance]) -> bool:
    """Whether speakers take turns, as in novels.

    They do where neighbouring paragraphs with explicit cues mostly name different sources, a good part of the
    utterances has no cue, and utterances are short.
    """
    same = different = 0
    for before, after in pairwise(utterances):
        one, other = _phrase_of(before), _phrase_of(after)
        if one is None or other is None or one == other:
            continue
        if paragraph_of(reading, after.first) - paragraph_of(reading, before.last) != 1:
            continue
        if _text(reading, one) == _text(reading, other):
            same += 1
        else:
            different += 1
    bare = sum(utterance.link is None for utterance in utterances)
    length = sum(len(stretch.words) for utterance in utterances for stretch in utterance.stretches)
    return different > same and bare * 4 > len(utterances) and length < _SHORT * len(utterances)


def _phrase_of(utterance: Utterance) -> Phrase | None:
    return None if utterance.link is None else utterance.link.phrase


def _text(reading: Reading, phrase: Phrase) -> str:
    return reading.word_span(phrase.start, phrase.end).text.casefold()


def paragraph_of(reading: Reading, word: int) -> int:
    """The number of the paragraph a word stands in."""
    return reading.sentences[reading.words[word].sentence].paragraph


def _beside(reading: Reading, utterance: Utterance, narration: Set[int], alternating: bool) -> Attribution | None:
    """The subject of the sentence right before the utterance in its paragraph, or in dialogue right after it."""
    first = reading.sentences[reading.words[utterance.first].sentence]
    last = reading.sentences[reading.words[utterance.last].sentence]
    places = [(first.index - 1, "sentence-before")]
    if alternating:
        places.insert(0, (last.index + 1, "beat"))
    for index, method in places:
        if not 0 <= index < len(reading.sentences):
            continue
        sentence = reading.sentences[index]
        beside = last if method == "beat" else first
        if sentence.paragraph != beside.paragraph or not _all_in(sentence, narration):
            continue
        phrase = _subject_phrase(reading, sentence, narration)
        if phrase is not None:
            return Attribution(utterance=utterance, phrase=phrase, method=method)
    return None


def _all_in(sentence: Sentence, narration: Set[int]) -> bool:
    return all(index in narration for index in range(sentence.start, sentence.end))


def _subject_phrase(reading: Reading, sentence: Sentence, narration: Set[int]) -> Phrase | None:
    """The source phrase of a sentence's main subject, where it can be somebody."""
    root = next((index for index in range(sentence.start, sentence.end) if reading.words[index].head is None), None)
    if root is None:
        return None
    subject, own = subject_of(reading, root, narration)
    if subject is None or not own:
        return None
    phrase = source_phrase(reading, subject, lambda place: place in narration and place != root)
    return phrase if _can_speak(reading, phrase) else None


def _beat_before(reading: Reading, utterance: Utterance, narration: Set[int]) -> Attribution | None:
    """The subject of the paragraph before words behind a dash, where that is one sentence: `Ana stood up.`"""
    first = reading.sentences[reading.words[utterance.first].sentence]
    if utterance.form is not Form.DASH or not first.index:
        return None
    sentence = reading.sentences[first.index - 1]
    alone = sentence.index == 0 or reading.sentences[sentence.index - 1].paragraph != sentence.paragraph
    if not alone or sentence.paragraph != first.paragraph - 1 or not _all_in(sentence, narration):
        return None
    phrase = _subject_phrase(reading, sentence, narration)
    return None if phrase is None else Attribution(utterance=utterance, phrase=phrase, method="sentence-before")


def _can_speak(reading: Reading, phrase: Phrase) -> bool:
    word = reading.words[phrase.head]
    if phrase.name is not None:
        return phrase.name.label in SPEAKING
    if word.text.casefold() in ("he", "she", "i", "they") or word.upos == "PROPN":
        return True
    lemma = word.lemma.casefold()
    return lemma in load_lexicon("role_nouns") or word.text.casefold() in load_lexicon("group_words")


def _reported_before(
    reading: Reading, utterances: Sequence[Utterance], number: int, cues: Sequence[Cue]
) -> Attribution | None:
    """The source of the last reporting cue between the utterance before and this one."""
    utterance = utterances[number]
    paragraph = paragraph_of(reading, utterance.first)
    before = utterances[number - 1] if number else None
    done = -1 if before is None else before.last
    own = None if before is None or before.cue is None else before.cue.head
    for cue in reversed(cues):
        if not done < cue.head < utterance.first or cue.head == own:
            continue
        if paragraph - paragraph_of(reading, cue.head) > 1:
            return None
        if cue.phrase is not None and cue.kind in (CueKind.REPORTING, CueKind.ACCORDING):
            return Attribution(utterance=utterance, phrase=cue.phrase, method="reported-before")
    return None


def _reported_after(
    reading: Reading, utterance: Utterance, cues: Sequence[Cue], narration: Set[int]
) -> Attribution | None:
    """The source of the sentence right after the utterance in its paragraph, where that reports."""
    last = reading.sentences[reading.words[utterance.last].sentence]
    if last.index + 1 == len(reading.sentences):
        return None
    after = reading.sentences[last.index + 1]
    if after.paragraph != last.paragraph or not _all_in(after, narration):
        return None
    for cue in cues:
        inside = after.start <= cue.head < after.end and reading.words[cue.head].head is None
        if inside and cue.kind is CueKind.REPORTING and cue.phrase is not None:
            return Attribution(utterance=utterance, phrase=cue.phrase, method="reported-after")
    return None


def _continued(reading: Reading, utterances: Sequence[Utterance], number: int, alternating: bool) -> Attribution | None:
    """The speaker of an utterance not far before; in dialogue, and after a question, the other speaker."""
    if not number:
        return None
    utterance, before = utterances[number], utterances[number - 1]
    gap = paragraph_of(reading, utterance.first) - paragraph_of(reading, before.last)
    if gap > _MAX_GAP:
        return None
    asked = gap == 1 and before.stretches[-1].ends == "?"
    dashes = utterance.form is Form.DASH  # each dash before a paragraph is somebody else's
    if (alternating or asked or dashes) and gap > 0:
        return Attribution(utterance=utterance, answers=True, method="turn-taking") if gap == 1 else None
    return Attribution(utterance=utterance, same_as=number - 1, method="continuation")
