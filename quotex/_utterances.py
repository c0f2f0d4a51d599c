"""Stages 3 and 4, close by: which marked spans are speech, and which of them are one utterance.

Marked words that no cue reports and that are no clause of their own are not speech: they become notes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set

import attrs

from quotex._beside import CueTable, cue_after
from quotex._content_ends import CONDITIONS
from quotex._content_runs import runs_of
from quotex._contents import goes_beyond, reported_words
from quotex._cues import Cue, CueKind
from quotex._layout import Form
from quotex._links import Link, find_link
from quotex._marks import Marked
from quotex._naming import is_modifier, is_named, mention_code, naming_code, not_speech
from quotex._reading import DASHES, Reading
from quotex._stretches import Stretch
from quotex._types import Note, QuoteKind, Span
from quotex._verbs import reporting_verbs

_SOMEBODY = frozenset({"a", "an", "one", "somebody", "someone"})
_STOPS = (".", "?", "!", ",", "\N{HORIZONTAL ELLIPSIS}")
"""What an utterance of its own ends in."""
_LONG = 4
"""Words above which an utterance shows by its length that it is one."""


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
        marks = stretch.marked.form is Form.MARKS
        code = naming_code(reading, stretch) if marks else None
        if code is None and utterances and _resumes(reading, utterances[-1], stretch, table):
            utterances[-1] = attrs.evolve(utterances[-1], stretches=(*utterances[-1].stretches, stretch))
            continue
        link = None if code is not None else find_link(reading, stretch, table)
        if link is None and code is None and utterances and _is_coordinated(reading, utterances[-1], stretch):
            link = utterances[-1].link
        if marks:
            code = code or mention_code(reading, stretch, None if link is None else link.cue)
        single = None if code is not None else _single(reading, stretch, link)
        if single is None:
            notes.append(not_speech(reading, stretch, code))
        else:
            utterances.append(single)
    mixed = [one for one in utterances if one.kind is QuoteKind.MIXED and one.form is Form.MARKS]
    used = [one for one in mixed if one.cue is None or one.cue.kind is not CueKind.NAMING]
    named = [one for one in used if len(one.stretches) == 1 and is_named(reading, one.stretches[0], notes)]
    spent = [*named, *(one for one in mixed if one not in named and _is_scare(reading, one, utterances))]
    notes.extend(not_speech(reading, one.stretches[0], "title" if one in named else None) for one in spent)
    return tuple(one for one in utterances if one not in spent), tuple(notes)


def _is_coordinated(reading: Reading, utterance: Utterance, stretch: Stretch) -> bool:
    """Whether a conjunction parts marked words from those before, to which a cue leads: `said “No” and “Go”`."""
    cue = utterance.cue
    if cue is None or cue.head > utterance.first or not stretch.lead:
        return False
    if (
        reading.words[cue.head].sentence != reading.words[stretch.words[0]].sentence
        or stretch.lead.start < utterance.last
    ):
        return False
    words = [reading.words[index] for index in stretch.lead]
    joined = any(word.upos == "CCONJ" for word in words)
    return joined and all(word.upos in ("PUNCT", "CCONJ") for word in words)


def _single(reading: Reading, stretch: Stretch, link: Link | None) -> Utterance | None:
    """The utterance that one marked span is on its own, or `None` where it is not speech."""
    if stretch.marked.form is not Form.MARKS:
        return Utterance(stretches=(stretch,), kind=QuoteKind.DIRECT, link=link)
    whole = _is_whole(reading, stretch, link)
    if not whole and (link is None or link.cue is None or link.cue.kind is CueKind.OTHER):
        return None
    return Utterance(stretches=(stretch,), kind=QuoteKind.DIRECT if whole else QuoteKind.MIXED, link=link)


def _is_scare(reading: Reading, utterance: Utterance, utterances: Sequence[Utterance]) -> bool:
    """Whether a marked modifier is left over by a cue that reports words of its own: `said of the “old” man: “…”`."""
    if utterance.cue is None:
        return False
    spent = any(one.kind is QuoteKind.DIRECT and one.cue and one.cue.head == utterance.cue.head for one in utterances)
    return spent and is_modifier(reading, utterance.stretches[0])


def _is_whole(reading: Reading, stretch: Stretch, link: Link | None) -> bool:
    """Whether the marked words stand as an utterance of their own rather than inside the writer's sentence."""
    lead = [reading.words[index] for index in stretch.lead]
    cue = None if link is None else link.cue
    introduced = bool(lead) and lead[-1].text in (",", ":") and not _is_under_way(reading, stretch, cue)
    if stretch.clause and (stretch.opens or link is not None):
        set_off = stretch.opens and introduced and not _runs_on(reading, stretch)
        return set_off or not _is_part(reading, stretch, link)
    if link is not None and link.cue is not None and link.cue.kind is CueKind.NAMING:
        return False
    if link is not None and link.method in ("cue-after", "signature"):
        return not lead or (lead[-1].upos in ("PUNCT", "CCONJ") and _is_begun(reading, stretch))
    if stretch.alone:
        return stretch.opens and (stretch.ends in _STOPS or len(stretch.words) > _LONG)
    last = all(reading.words[index].upos == "PUNCT" for index in stretch.tail)
    if introduced and last and (len(stretch.words) > _LONG or lead[-1].text == ":"):
        return stretch.opens
    beside = link is not None and (introduced or _is_object(reading, stretch, link))
    return stretch.opens and beside and stretch.ends in _STOPS


def _runs_on(reading: Reading, stretch: Stretch) -> bool:
    """Whether the writer's sentence goes on from the marked words: `said that, “It will hold” against any storm`."""
    if not stretch.tail or stretch.ends in (*_STOPS, *DASHES):
        return False
    return reading.words[stretch.tail.start].upos in ("ADP", "SCONJ")


def _is_under_way(reading: Reading, stretch: Stretch, cue: Cue | None) -> bool:
    """Whether a reported clause has begun before the mark: `said that if it rained, “We shall starve.”`"""
    if cue is None or cue.kind is not CueKind.REPORTING or cue.head > stretch.words[0]:
        return False
    spoken_to = () if cue.addressee is None else reading.subtree(cue.addressee)
    between = [reading.words[index] for index in range(cue.end, stretch.lead.stop) if index not in spoken_to]
    words = [word for word in between if word.upos not in ("PUNCT", "ADV")]
    if not words or words[-1].text.casefold() in reporting_verbs():
        return False  # told us that it rained, asking, “Why?”
    that = any(word.text.casefold() == "that" and word.relation == "mark" for word in words[:-1])
    return that or words[0].text.casefold() in CONDITIONS


def _is_begun(reading: Reading, stretch: Stretch) -> bool:
    """Whether the words before the mark are none, or of the quotation before it: `said Lee, and “No,” said Ito`."""
    start = reading.sentences[reading.words[stretch.words[0]].sentence].start
    words = [reading.words[index] for index in stretch.lead]
    if stretch.opens and words[-1].text in (*DASHES, ":"):
        return True
    return stretch.lead.start > start or all(word.upos in ("PUNCT", "CCONJ") for word in words)


def _is_part(reading: Reading, stretch: Stretch, link: Link | None) -> bool:
    """Whether the cue reports more than the marked words: `said that, without rain, “we shall starve”`."""
    if link is None or link.cue is None:
        return False
    if link.method == "cue-after":
        return not stretch.opens and any(reading.words[index].upos not in ("PUNCT", "CCONJ") for index in stretch.lead)
    return goes_beyond(reading, link.cue, frozenset(stretch.words))


def _is_object(reading: Reading, stretch: Stretch, link: Link) -> bool:
    """Whether only the addressee stands between the cue and the mark: `told Lee “No.”`; not `spoke for “Lee.”`"""
    cue = link.cue
    if cue is None or cue.head > stretch.words[0]:
        return True
    addressee = () if cue.addressee is None else reading.subtree(cue.addressee)
    between = (index for index in range(cue.end, stretch.lead.stop) if index not in addressee)
    joint = "ADP" if reading.words[cue.head].upos == "NOUN" else "ADV"  # chants of “Shame!”
    return all(reading.words[index].upos in ("PUNCT", "ADV", joint) for index in between)


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
        if found.head > cue.head and _reports_again(reading, stretch, found)
    ]
    if there == here or len(stretch.lead):
        behind = len(stretch.lead) > 0 and reading.words[stretch.lead.stop - 1].upos == "PUNCT"
        participle = bool(later) and stretch.opens and not any(found.own_subject for found in later)
        participle = participle and not _is_under_way(reading, stretch, later[-1])
        return participle or (behind and not later)
    return (stretch.opens or stretch.clause) and not _is_asked(reading, utterance)


def _is_asked(reading: Reading, utterance: Utterance) -> bool:
    """Whether somebody who is not told of again has asked, so that what follows answers: `“Why?” a reporter asked.`"""
    phrase = None if utterance.link is None else utterance.link.phrase
    if phrase is None or utterance.stretches[-1].ends != "?":
        return False
    return reading.words[phrase.start].text.casefold() in _SOMEBODY


def _reports_again(reading: Reading, stretch: Stretch, cue: Cue) -> bool:
    """Whether a cue before the mark begins something new: a verb of saying, or any with a colon: `Lee nodded: “…”`"""
    if cue.kind in (CueKind.REPORTING, CueKind.NAMING):
        return True
    return cue.own_subject and cue.phrase is not None and reading.words[stretch.lead.stop - 1].text == ":"


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


def contents_of(reading: Reading, utterances: Sequence[Utterance]) -> tuple[tuple[Span, ...], ...]:
    """The content of each utterance of a level: its words, or the reported clause that holds them.

    Mixed quotations in one clause under one cue share theirs.
    """
    marked: dict[int, frozenset[int]] = {}
    for utterance in utterances:
        if utterance.cue is not None and utterance.kind is QuoteKind.MIXED:
            words = frozenset(index for stretch in utterance.stretches for index in stretch.words)
            marked[utterance.cue.head] = marked.get(utterance.cue.head, frozenset()) | words
    return tuple(_content_of(reading, utterance, marked) for utterance in utterances)


def _content_of(reading: Reading, utterance: Utterance, marked: Mapping[int, frozenset[int]]) -> tuple[Span, ...]:
    cue = utterance.cue
    if cue is None or utterance.kind is not QuoteKind.MIXED:
        return segments_of(utterance)
    words = reported_words(reading, cue, marked[cue.head])
    return segments_of(utterance) if words <= marked[cue.head] else runs_of(reading, words)
