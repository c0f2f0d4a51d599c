"""Stage 3, the content as spans: the unbroken runs of its words."""

from __future__ import annotations

from collections.abc import Set

from quotex._mark_shapes import FAMILY
from quotex._reading import Reading
from quotex._types import Span


def runs_of(reading: Reading, words: Set[int]) -> tuple[Span, ...]:
    """The unbroken runs of some words, without punctuation at their edges other than marks."""
    runs: list[list[int]] = []
    for index in sorted(words):
        if runs and runs[-1][-1] == index - 1:
            runs[-1].append(index)
        else:
            runs.append([index])
    spans: list[Span] = []
    for start, end in filter(None, (_trimmed(reading, run) for run in runs)):
        span = reading.word_span(start, end)
        if spans and span.start_char < spans[-1].end_char:  # the halves of one token: `don't`
            before = spans.pop()
            span = reading.span(before.start_char, max(before.end_char, span.end_char))
        spans.append(span)
    return tuple(spans)


def _trimmed(reading: Reading, run: list[int]) -> tuple[int, int] | None:
    kept = [index for index in run if reading.words[index].upos != "PUNCT" or reading.words[index].text in FAMILY]
    if all(reading.words[index].upos == "PUNCT" for index in kept):
        return None
    start, end = kept[0], kept[-1] + 1
    if sum(reading.words[index].text in FAMILY for index in kept) % 2:
        return _with_mark(reading, start, end)
    return start, end


def _with_mark(reading: Reading, start: int, end: int) -> tuple[int, int]:
    """A run with the mark right behind or before it that parsers hang elsewhere: `was “a farce` and `”`."""
    behind = end
    while behind < len(reading.words) and reading.words[behind].upos == "PUNCT":
        if reading.words[behind].text in FAMILY:
            return start, behind + 1
        behind += 1
    return (start - 1, end) if start and reading.words[start - 1].text in FAMILY else (start, end)
