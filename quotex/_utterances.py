"""Stages 3 and 4, close by: which cue stands at each marked span, and which spans are one utterance.

Marked words that no cue reports and that are no clause of their own are not speech: they become notes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

import attrs

from quotex._cues import Cue, CueKind
from quotex._lexicon import load_lexicon
from quotex._phrases import Phrase, source_phrase
from quotex._reading import Reading, Word
from quotex._stretches import Stretch, roots
from quotex._types import Note, QuoteKind, Span

_NOMINAL = ("NOUN", "PROPN", "PRON")
_REPORTS = (CueKind.REPORTING, CueKind.NAMING, CueKind.ACCORDING)
_BESIDE = (*_REPORTS, CueKind.TAG, CueKind.THOUGHT)
"""Cues that report words right beside them."""


@attrs.frozen(kw_only=True)
class Utterance:
    """One act of saying before its speaker is known.

    Attributes:
        stretches: Its marked spans, in reading order.
        kind: Direct or mixed.
        cue: The cue at the utterance, or `None`.
        method: The rule that found the cue, `none` without one.
    """

    stretches: tuple[Stretch, ...]
    kind: QuoteKind
    cue: Cue | None = None
    method: str = "none"

    @property
    def start_char(self) -> int:
        return self.stretches[0].marked.extent.start_char

    @property
    def end_char(self) -> int:
        return self.stretches[-1].marked.extent.end_char

    @property
    def first(self) -> int:
        """Index of the first quoted word."""
        return self.stretches[0].words[0]

    @property
    def last(self) -> int:
        """Index of the last quoted word."""
        return self.stretches[-1].words[-1]


@attrs.define
class _Cues:
    """The cues of a text by the word they stand at."""

    cues: Sequence[Cue]

    @cached_property
    def by_head(self) -> dict[int, Cue]:
        return {cue.head: cue for cue in self.cues}

    def within(self, words: range) -> list[Cue]:
        return [self.by_head[index] for index in words if index in self.by_head]


def find_utterances(
    reading: Reading, stretches: Sequence[Stretch], cues: Sequence[Cue]
) -> tuple[tuple[Utterance, ...], tuple[Note, ...]]:
    """Turn marked spans into utterances and notes.

    Args:
        reading: The text.
        stretches: Its marked spans, outermost level, in order.
        cues: Its cues outside marks, in order.
    """
    table = _Cues(cues)
    utterances: list[Utterance] = []
    notes: list[Note] = []
    for stretch in stretches:
        single = _single(reading, stretch, table)
        if single is None:
            notes.append(_not_speech(reading, stretch))
        elif utterances and _resumes(reading, utterances[-1], single):
            utterances[-1] = _joined(utterances[-1], single)
        else:
            utterances.append(single)
    return tuple(utterances), tuple(notes)


def _single(reading: Reading, stretch: Stretch, cues: _Cues) -> Utterance | None:
    """The utterance that one marked span is on its own, or `None` where it is not speech."""
    if _is_named(reading, stretch):
        return None
    cue, method = _local_cue(reading, stretch, cues)
    whole = _is_whole(stretch, cue, method)
    if cue is None and not whole:
        return None
    if cue is not None and not whole and cue.kind is CueKind.OTHER:
        return None
    return Utterance(stretches=(stretch,), kind=QuoteKind.DIRECT if whole else QuoteKind.MIXED, cue=cue, method=method)


def _is_whole(stretch: Stretch, cue: Cue | None, method: str) -> bool:
    """Whether the marked words stand as an utterance of their own rather than inside the writer's sentence."""
    if stretch.clause and (stretch.opens or cue is not None):
        return True
    if method == "cue-after":
        return not stretch.lead
    if stretch.alone:
        return stretch.opens and (stretch.ends in ".?!\N{HORIZONTAL ELLIPSIS}," or len(stretch.words) > 4)
    return stretch.opens and stretch.ends in ".?!\N{HORIZONTAL ELLIPSIS}" and not stretch.tail and cue is not None


def _local_cue(reading: Reading, stretch: Stretch, cues: _Cues) -> tuple[Cue | None, str]:
    """The cue at a marked span and the rule that chose it.

    In order: a verb right after (`“…,” said Lee`), the verb whose clause the words are part of, a verb or
    `according to` right before, any other reporting verb of the sentence, an unlisted verb that leads in with a colon.
    """
    after = _cue_after(reading, stretch, cues)
    before = [cue for cue in cues.within(stretch.lead) if cue.kind in _REPORTS and cue.phrase is not None]
    governing = _governing(reading, stretch, cues)
    if after is not None and not (before and governing is before[-1] and after.kind is CueKind.OTHER):
        return after, "cue-after"
    if governing is not None:
        return governing, "according-to" if governing.kind is CueKind.ACCORDING else "cue-verb"
    if before and (not stretch.clause or _leads_in(reading, stretch, before[-1])):
        return before[-1], "according-to" if before[-1].kind is CueKind.ACCORDING else "cue-before"
    later = [cue for cue in cues.within(stretch.tail) if cue.kind in _REPORTS and cue.phrase is not None]
    parenthetic = [cue for cue in later if cue.kind is CueKind.ACCORDING or _is_parenthetic(reading, cue)]
    if parenthetic:
        return parenthetic[0], "according-to" if parenthetic[0].kind is CueKind.ACCORDING else "cue-sentence"
    if before:
        return before[-1], "cue-sentence"
    lead = [cue for cue in cues.within(stretch.lead) if cue.phrase is not None]
    if lead and _ends_in_colon(reading, stretch):
        return lead[0], "colon"
    return None, "none"


def _cue_after(reading: Reading, stretch: Stretch, cues: _Cues) -> Cue | None:
    """The cue whose clause begins right after the closing mark."""
    for cue in cues.within(stretch.tail):
        beside = cue.kind in _BESIDE
        if not beside and not _closes_utterance(stretch):
            continue
        phrase = cue.phrase
        if phrase is None or not cue.own_subject or not _stands_beside(reading, cue, phrase, stretch.tail):
            phrase = _neighbour(reading, cue, stretch.tail) if beside else None
        if phrase is None:
            continue
        edge = min(phrase.source_start, cue.start)
        between = [reading.words[index] for index in range(stretch.tail.start, edge)]
        if len(between) > 4 or any(not _may_precede_cue(word) for word in between):
            continue
        return attrs.evolve(cue, phrase=phrase, own_subject=True)
    return None


def _may_precede_cue(word: Word) -> bool:
    return word.upos in ("PUNCT", "ADV", "AUX", "INTJ") or word.text.casefold() == "as"


def _stands_beside(reading: Reading, cue: Cue, phrase: Phrase, tail: range) -> bool:
    """Whether a source phrase is where a subject can be: after the mark, and before the verb if anything is."""
    if phrase.source_start not in tail:
        return False
    nominal = any(reading.words[index].upos in _NOMINAL for index in range(tail.start, cue.start))
    return phrase.start < cue.start or not nominal


def _neighbour(reading: Reading, cue: Cue, tail: range) -> Phrase | None:
    """The noun phrase that stands where a subject would, whatever the parser made of it: `” said Lee`, `” Lee said`."""
    before = range(tail.start, cue.start)
    after = range(cue.end, tail.stop)
    if not any(reading.words[index].upos in _NOMINAL for index in before):
        head = next((index for index in after if reading.words[index].upos != "DET"), None)
        if head is None or reading.words[head].upos not in (*_NOMINAL, "ADJ"):
            return None
        head = _highest(reading, head, after)
        return source_phrase(reading, head, lambda index: index in after)
    if any(reading.words[index].upos == "VERB" for index in before):
        return None
    persons = [name.end - 1 for name in map(reading.name_at, before) if name is not None and name.label == "PER"]
    last = persons[0] if persons else max(index for index in before if reading.words[index].upos in _NOMINAL)
    return source_phrase(reading, _highest(reading, last, before), lambda index: index in before)


def _highest(reading: Reading, index: int, region: range) -> int:
    """The head of the noun phrase of a word, inside a region."""
    above = reading.words[index].head
    while above is not None and above in region and reading.words[above].upos in _NOMINAL:
        index, above = above, reading.words[above].head
    return index


def _closes_utterance(stretch: Stretch) -> bool:
    return stretch.ends in ",?!\N{EM DASH}\N{HORIZONTAL ELLIPSIS}-" and stretch.opens


def _governing(reading: Reading, stretch: Stretch, cues: _Cues) -> Cue | None:
    """The nearest cue above the marked words in the parse; a verb of thought only over a whole clause."""
    thought: Cue | None = None
    for root in roots(reading, stretch.words):
        for node in reading.ancestors(root):
            cue = cues.by_head.get(node)
            if cue is None or cue.phrase is None or not _reaches(cue, root):
                continue
            if cue.kind in _REPORTS:
                return cue
            if cue.kind is CueKind.THOUGHT and stretch.clause and reading.words[root].head == node:
                thought = thought or cue
    return thought


def _reaches(cue: Cue, word: int) -> bool:
    """Whether the marked word can be what the cue reports: it is not part of the cue's own source phrase."""
    return cue.phrase is None or not cue.phrase.source_start <= word < cue.phrase.source_end


def _leads_in(reading: Reading, stretch: Stretch, cue: Cue) -> bool:
    """Whether a cue before the opening mark introduces it: nothing but its complement stands between."""
    between = range(max(cue.end, stretch.lead.start), stretch.lead.stop)
    last = reading.words[stretch.lead.stop - 1].text
    if last in (":", ",", "that") or not between:
        return True
    return all(reading.words[index].upos != "VERB" for index in between)


def _is_parenthetic(reading: Reading, cue: Cue) -> bool:
    """Whether a later cue comments on the sentence: `…, he said`, `…, campaigners suggest`."""
    if cue.phrase is None:
        return False
    edge = min(cue.phrase.source_start, cue.start)
    return edge > 0 and reading.words[edge - 1].upos == "PUNCT"


def _ends_in_colon(reading: Reading, stretch: Stretch) -> bool:
    return len(stretch.lead) > 0 and reading.words[stretch.lead.stop - 1].text == ":"


def _resumes(reading: Reading, utterance: Utterance, single: Utterance) -> bool:
    """Whether a marked span goes on with an utterance that its cue interrupted: `“A,” she said. “B.”`"""
    cue = utterance.cue
    if cue is None or cue.head < utterance.last or utterance.kind is not QuoteKind.DIRECT:
        return False
    if single.method == "cue-after" or single.kind is not QuoteKind.DIRECT:
        return False
    gap = reading.text[utterance.end_char : single.start_char]
    first = reading.sentences[reading.words[cue.head].sentence]
    second = reading.sentences[reading.words[single.first].sentence]
    if first.paragraph != second.paragraph or second.index - first.index > 1 or not gap.strip():
        return False
    if single.cue is None or single.cue is cue:
        return second.index == first.index or not single.stretches[0].lead
    return not single.cue.own_subject and second.index == first.index


def _joined(utterance: Utterance, single: Utterance) -> Utterance:
    return attrs.evolve(utterance, stretches=(*utterance.stretches, *single.stretches))


def _is_named(reading: Reading, stretch: Stretch) -> bool:
    """Whether the words before the mark say that it encloses a name, a title or a term."""
    return _naming_code(reading, stretch) is not None


def _naming_code(reading: Reading, stretch: Stretch) -> str | None:
    if stretch.clause and stretch.opens and stretch.ends in ",.?!":
        return None
    before = [reading.words[index] for index in list(stretch.lead)[-3:]]
    after = [reading.words[index] for index in list(stretch.tail)[:1]]
    if before and after and before[-1].upos == "PROPN" and after[0].upos == "PROPN" and len(stretch.words) < 4:
        return "nickname"
    texts = [word.text.casefold() for word in before]
    lemmas = [word.lemma.casefold() for word in before]
    if any(lemma in load_lexicon("work_nouns") for lemma in lemmas[-1:]) and _is_title_case(reading, stretch):
        return "title"
    if any(text in load_lexicon("term_words") for text in texts[-2:]):
        return "term"
    return None


def _is_title_case(reading: Reading, stretch: Stretch) -> bool:
    """Whether all words of weight begin with a capital, and there are at least two of any kind."""
    heavy = [
        word
        for word in (reading.words[index] for index in stretch.words)
        if word.upos not in ("ADP", "DET", "CCONJ", "PART")
    ]
    return bool(heavy) and all(not word.text[:1].islower() for word in heavy)


_MESSAGES = {
    "nickname": "a nickname in marks",
    "title": "a title or name in marks",
    "term": "a word or name that is mentioned, not said",
    "scare-quote": "marked words that nothing reports",
}


def _not_speech(reading: Reading, stretch: Stretch) -> Note:
    code = _naming_code(reading, stretch)
    if code is None:
        code = "title" if len(stretch.words) > 1 and _is_title_case(reading, stretch) else "scare-quote"
    return Note(code=code, span=stretch.marked.extent, message=_MESSAGES[code])


def narration(reading: Reading, stretches: Sequence[Stretch]) -> frozenset[int]:
    """The words outside all marked spans."""
    return frozenset(range(len(reading.words))) - frozenset(_inside(reading, stretches))


def _inside(reading: Reading, stretches: Sequence[Stretch]) -> Iterator[int]:
    for stretch in stretches:
        for span in (stretch.marked.extent, *stretch.marked.segments):
            yield from reading.words_in(span.start_char, span.end_char)


def segments_of(utterance: Utterance) -> tuple[Span, ...]:
    """The quoted stretches of an utterance, marks excluded."""
    return tuple(span for stretch in utterance.stretches for span in stretch.marked.segments)
