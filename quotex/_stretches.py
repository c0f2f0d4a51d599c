"""Marked spans placed in the parse: their words, their form, and what stands before and after them."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from quotex._marks import Marked
from quotex._reading import Reading, Word

_HEADING_WORDS = 20
_ENDS = (".", "?", "!", "\N{HORIZONTAL ELLIPSIS}", "...", "\N{EM DASH}")


@attrs.frozen(kw_only=True)
class Stretch:
    """A marked span with its place in the reading. Positions are word indices; ranges are half open.

    Attributes:
        marked: The pairing of marks.
        words: The words between the marks, in order; never empty.
        lead: The words before the opening mark that belong to the same sentence.
        tail: The words after the closing mark that belong to the same sentence.
        clause: Whether the words form at least a whole clause: a predicate with its subject.
        opens: Whether the words begin as a sentence does, with a capital or a figure.
        ends: The last character between the marks.
    """

    marked: Marked
    words: tuple[int, ...]
    lead: range
    tail: range
    clause: bool
    opens: bool
    ends: str

    @property
    def alone(self) -> bool:
        """Whether nothing else stands in the sentence."""
        return not self.lead and not self.tail


def place(reading: Reading, marked: Sequence[Marked]) -> tuple[Stretch, ...]:
    """Place marked spans in the reading; those without a word are left out."""
    bounds = [span.extent.start_char for span in marked]
    stretches: list[Stretch] = []
    for number, span in enumerate(marked):
        words = tuple(
            index
            for segment in span.segments
            for index in reading.words_in(segment.start_char, segment.end_char)
            if reading.words[index].upos != "PUNCT"
        )
        if not words:
            continue
        after = marked[number - 1].extent.end_char if number else 0
        before = bounds[number + 1] if number + 1 < len(bounds) else len(reading.text)
        stretches.append(
            Stretch(
                marked=span,
                words=words,
                lead=_lead(reading, span, words[0], after),
                tail=_tail(reading, span, words[-1], before),
                clause=_is_clause(reading, words),
                opens=not span.segments[0].text.lstrip("[(\N{HORIZONTAL ELLIPSIS}. ")[:1].islower(),
                ends=span.segments[-1].text[-1],
            )
        )
    return tuple(stretches)


def _lead(reading: Reading, span: Marked, first: int, after: int) -> range:
    """Words of the sentence before the opening mark and after the mark before it.

    Where the sentence before is not finished (`She was blunt:` on a line of its own), it belongs to the lead.
    """
    end = _first_word_at(reading, span.extent.start_char)
    sentence = reading.sentences[reading.words[first].sentence]
    start = sentence.start
    if start >= end and sentence.index and not _finished(reading, sentence.index - 1, after):
        start = reading.sentences[sentence.index - 1].start
    start = max(start, _first_word_at(reading, after))
    return range(min(start, end), end)


def _finished(reading: Reading, number: int, after: int) -> bool:
    """Whether a sentence is complete, so that a quotation after it does not continue it."""
    sentence = reading.sentences[number]
    last = reading.words[sentence.end - 1]
    if sentence.end_char <= after or last.text.endswith(_ENDS):
        return True
    if last.text.endswith(":") or is_heading(reading, range(sentence.start, sentence.end)):
        return False
    return sentence.paragraph != reading.sentences[number + 1].paragraph


def is_heading(reading: Reading, words: range) -> bool:
    """Whether a line says who the words below are from: `From the desk of Ann Lee, Director`."""
    opening = [reading.words[index].text.casefold() for index in words[:2]]
    return "from" in opening and reading.words[words.stop - 1].upos != "PUNCT" and len(words) < _HEADING_WORDS


def _tail(reading: Reading, span: Marked, last: int, before: int) -> range:
    """Words of the sentence after the closing mark and before the next one."""
    start = _first_word_at(reading, span.extent.end_char)
    sentence = reading.sentences[reading.words[last].sentence]
    end = sentence.end
    if start >= end and sentence.index + 1 < len(reading.sentences):
        following = reading.sentences[sentence.index + 1]
        if following.paragraph == sentence.paragraph and _goes_on(reading, span, following.start):
            end = following.end
    end = min(end, _first_word_at(reading, before))
    return range(start, max(start, end))


def _goes_on(reading: Reading, span: Marked, start: int) -> bool:
    """Whether the sentence after a closing mark belongs to it: it begins small, or the quotation ends in a comma."""
    word = reading.words[start]
    return word.text[:1].islower() or span.segments[-1].text.endswith(",")


def _first_word_at(reading: Reading, offset: int) -> int:
    return reading.words_in(offset, len(reading.text) + 1).start


def roots(reading: Reading, words: Sequence[int]) -> tuple[int, ...]:
    """The words of a stretch whose heads stand outside it."""
    inside = set(words)
    return tuple(index for index in words if reading.words[index].head not in inside)


def _is_clause(reading: Reading, words: Sequence[int]) -> bool:
    """Whether some head of the stretch is a predicate with its subject inside, or an imperative."""
    inside = set(words)
    for index in words:
        word = reading.words[index]
        subject = reading.child(index, "nsubj", "expl", "csubj")
        if subject in inside and word.relation not in ("acl", "amod") and _finite(reading, word):
            return True
    return len(words) > 2 and "Mood=Imp" in reading.words[words[0]].feats


def _finite(reading: Reading, word: Word) -> bool:
    if "VerbForm=Fin" in word.feats:
        return True
    return any(
        reading.words[child].relation in ("aux", "cop") and "VerbForm=Fin" in reading.words[child].feats
        for child in reading.children(word.index)
    )
