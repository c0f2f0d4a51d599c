"""Stages 3 and 4, close by: which marked spans are speech, and which of them are one utterance.

Marked words that no cue reports and that are no clause of their own are not speech: they become notes.
"""

from __future__ import annotations

from collections.abc import Sequence, Set

import attrs

from quotex._cues import Cue, CueKind
from quotex._layout import Form
from quotex._links import CueTable, Link, cue_after, find_link
from quotex._marks import Marked
from quotex._naming import naming_code, not_speech
from quotex._reading import Reading
from quotex._stretches import Stretch
from quotex._types import Note, QuoteKind, Span

_STOPS = (".", "?", "!", ",", "\N{HORIZONTAL ELLIPSIS}")
"""What an utterance of its own ends in."""


@attrs.frozen(kw_only=True)
class Utterance:
    """One act of saying before its speaker is known.

    Attributes:
        stretches: Its marked spans, in reading order.
        kind: Direct or mixed.
        link: The cue or label at the utterance with its source, or `None`.
    """

    stretches: tuple[Stretch, ...]
    kind: QuoteKind
    link: Link | None = None

    @property
    def cue(self) -> Cue | None:
        """The cue at the utterance, or `None`."""
        return None if self.link is None else self.link.cue

    @property
    def form(self) -> Form:
        """What sets its words off."""
        return self.stretches[0].marked.form

    @property
    def start_char(self) -> int:
        """Offset of the first opening mark."""
        return self.stretches[0].marked.extent.start_char

    @property
    def end_char(self) -> int:
        """Offset after the last closing mark."""
        return self.stretches[-1].marked.extent.end_char

    @property
    def first(self) -> int:
        """Index of the first quoted word."""
        return self.stretches[0].words[0]

    @property
    def last(self) -> int:
        """Index of the last quoted word."""
        return self.stretches[-1].words[-1]


def find_utterances(
    reading: Reading, stretches: Sequence[Stretch], cues: Sequence[Cue]
) -> tuple[tuple[Utterance, ...], tuple[Note, ...]]:
    """Turn marked spans into utterances and notes.

    Args:
        reading: The text.
        stretches: Its marked spans, outermost level, in order.
        cues: Its cues outside marks, in order.
    """
    table = CueTable(cues)
    utterances: list[Utterance] = []
    notes: list[Note] = []
    for stretch in stretches:
        if utterances and _resumes(reading, utterances[-1], stretch, table):
            utterances[-1] = attrs.evolve(utterances[-1], stretches=(*utterances[-1].stretches, stretch))
            continue
        single = _single(reading, stretch, table)
        if single is None:
            notes.append(not_speech(reading, stretch))
        else:
            utterances.append(single)
    return tuple(utterances), tuple(notes)


def _single(reading: Reading, stretch: Stretch, cues: CueTable) -> Utterance | None:
    """The utterance that one marked span is on its own, or `None` where it is not speech."""
    if stretch.marked.form is not Form.MARKS:
        return Utterance(stretches=(stretch,), kind=QuoteKind.DIRECT, link=find_link(reading, stretch, cues))
    if naming_code(reading, stretch) is not None:
        return None
    link = find_link(reading, stretch, cues)
    whole = _is_whole(reading, stretch, link)
    if not whole and (link is None or link.cue is None or link.cue.kind is CueKind.OTHER):
        return None
    return Utterance(stretches=(stretch,), kind=QuoteKind.DIRECT if whole else QuoteKind.MIXED, link=link)


def _is_whole(reading: Reading, stretch: Stretch, link: Link | None) -> bool:
    """Whether the marked words stand as an utterance of their own rather than inside the writer's sentence."""
    if stretch.clause and (stretch.opens or link is not None):
        return True
    if link is not None and link.cue is not None and link.cue.kind is CueKind.NAMING:
        return False
    lead = [reading.words[index] for index in stretch.lead]
    if link is not None and link.method in ("cue-after", "signature"):
        return all(word.upos in ("PUNCT", "CCONJ") for word in lead)
    if stretch.alone:
        return stretch.opens and (stretch.ends in _STOPS or len(stretch.words) > 4)
    introduced = bool(lead) and lead[-1].text in (",", ":")
    closed = stretch.ends in ("!", "?") or (stretch.ends in _STOPS and (introduced or not stretch.tail))
    return stretch.opens and closed and link is not None


def _resumes(reading: Reading, utterance: Utterance, stretch: Stretch, cues: CueTable) -> bool:
    """Whether a marked span goes on with an utterance that its cue interrupted: `“A,” she said. “B.”`

    In the same sentence it follows the cue's clause behind punctuation; in the next one it begins it. Behind what the
    narrator puts between dashes it always does.
    """
    if stretch.marked.form is not Form.MARKS:
        before = utterance.stretches[-1].marked
        return stretch.marked.resumes and before.form is Form.DASH and _same_paragraph(reading, utterance.last, stretch)
    cue = utterance.cue
    if cue is None or cue.head < utterance.last or utterance.kind is not QuoteKind.DIRECT:
        return False
    if cue.head > stretch.words[0] or cue_after(reading, stretch, cues) is not None:
        return False
    here, there = reading.words[cue.head].sentence, reading.words[stretch.words[0]].sentence
    sentences = reading.sentences
    if sentences[here].paragraph != sentences[there].paragraph or there - here > 1:
        return False
    later = [
        found
        for found in cues.within(stretch.lead)
        if found.kind in (CueKind.REPORTING, CueKind.NAMING) and found.head > cue.head
    ]
    if there == here or len(stretch.lead):
        behind = len(stretch.lead) > 0 and reading.words[stretch.lead.stop - 1].upos == "PUNCT"
        participle = bool(later) and stretch.opens and not any(found.own_subject for found in later)
        return participle or (behind and not later)
    return stretch.opens or stretch.clause


def _same_paragraph(reading: Reading, last: int, stretch: Stretch) -> bool:
    here, there = reading.words[last].sentence, reading.words[stretch.words[0]].sentence
    return reading.sentences[here].paragraph == reading.sentences[there].paragraph


def outside(frame: Set[int], reading: Reading, marked: Sequence[Marked]) -> frozenset[int]:
    """The words of a frame outside pairings of marks."""
    inside = {
        index
        for one in marked
        for span in (one.extent, *one.segments)
        for index in reading.words_in(span.start_char, span.end_char)
    }
    return frozenset(frame) - inside


def segments_of(utterance: Utterance) -> tuple[Span, ...]:
    """The quoted stretches of an utterance, marks excluded."""
    return tuple(span for stretch in utterance.stretches for span in stretch.marked.segments)
