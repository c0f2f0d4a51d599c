"""Stage 3, the content: what a cue reports as a whole, of which the marked words may be a part.

Source, cue and content are the standard triple of the field. The content of a direct quotation is its words; that of
a mixed one is the reported clause that holds the marked words, without cue and source.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set

from quotex._cues import Cue, CueKind
from quotex._reading import Reading
from quotex._types import QuoteKind, Span
from quotex._utterances import Utterance, segments_of

_CLAUSES = frozenset({"ccomp", "xcomp", "parataxis", "csubj", "advcl", "conj"})
_OBJECTS = frozenset({"obj", "iobj", "obl", "nsubj"})


def find_contents(reading: Reading, utterances: Sequence[Utterance]) -> tuple[tuple[Span, ...], ...]:
    """The content of each utterance of a level of marks; mixed ones of one clause under one cue share theirs."""
    return tuple(_content(reading, utterance, utterances) for utterance in utterances)


def _content(reading: Reading, utterance: Utterance, utterances: Sequence[Utterance]) -> tuple[Span, ...]:
    cue = utterance.cue
    if cue is None or utterance.kind is not QuoteKind.MIXED:
        return segments_of(utterance)
    together = [
        one for one in utterances if one.kind is QuoteKind.MIXED and one.cue is not None and one.cue.head == cue.head
    ]
    marked = {index for one in together for stretch in one.stretches for index in stretch.words}
    words = _reported(reading, cue, marked) | marked
    if words <= marked:
        return segments_of(utterance)
    return tuple(_runs(reading, words))


def _reported(reading: Reading, cue: Cue, marked: Set[int]) -> set[int]:
    """The words of the clause that a cue reports."""
    holding = [child for child in reading.children(cue.head) if not marked.isdisjoint(reading.subtree(child))]
    clauses = [child for child in holding if reading.words[child].relation in _CLAUSES]
    if cue.kind is CueKind.ACCORDING or not holding:
        found = _sentence_without(reading, cue)
    elif clauses:
        found = {index for child in clauses for index in reading.subtree(child)}
    else:
        found = _objects(reading, cue, holding)
    return found - _triple_words(cue)


def _objects(reading: Reading, cue: Cue, holding: Sequence[int]) -> set[int]:
    """What a verb that names or treats something has behind it: `called the plan “a farce”`."""
    children = {
        child
        for child in reading.children(cue.head)
        if reading.words[child].relation == "obj" and child != cue.addressee
    }
    return {index for child in (*children, *holding) for index in reading.subtree(child)}


def _sentence_without(reading: Reading, cue: Cue) -> set[int]:
    """The sentence that a cue comments on, without the cue's own clause."""
    sentence = reading.sentences[cue.sentence]
    below = set() if reading.words[cue.head].head is None else set(reading.subtree(cue.head))
    return set(range(sentence.start, sentence.end)) - below


def _triple_words(cue: Cue) -> set[int]:
    """The words of the cue and of its source."""
    words = set(range(cue.start, cue.end))
    if cue.phrase is not None:
        words |= set(range(cue.phrase.source_start, cue.phrase.source_end))
    return words


def _runs(reading: Reading, words: Set[int]) -> Iterator[Span]:
    """The unbroken runs of some words, without punctuation at their edges."""
    run: list[int] = []
    for index in (*sorted(words), len(reading.words)):
        if run and index != run[-1] + 1:
            yield from _trimmed(reading, run)
            run = []
        run.append(index)


def _trimmed(reading: Reading, run: list[int]) -> Iterator[Span]:
    heavy = [index for index in run if reading.words[index].upos != "PUNCT"]
    if heavy:
        yield reading.word_span(heavy[0], heavy[-1] + 1)
