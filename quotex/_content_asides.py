"""Stage 3, the content of an aside: a comment between commas gives one phrase or clause, not the whole sentence."""

from __future__ import annotations

from collections.abc import Set

from quotex._content_ends import breaks
from quotex._cues import Cue
from quotex._reading import Reading

_CLAUSES = frozenset({"acl", "advcl", "ccomp", "conj", "csubj", "parataxis"})
"""Relations of the head of a clause to the word above it."""


def leads_to_phrase(reading: Reading, cue: Cue, marked: Set[int]) -> bool:
    """Whether a cue between commas gives only the phrase behind it: `was, in the words of Lee, “a mess”`."""
    if cue.phrase is None or cue.head > min(marked):
        return False
    end = max(cue.end, cue.phrase.source_end)
    lead = [reading.words[index] for index in range(end, min(marked)) if reading.words[index].upos != "DET"]
    if not lead or any(word.upos != "PUNCT" for word in lead) or lead[0].text != ",":
        return False
    first = min(cue.start, cue.phrase.source_start)
    aside = first > 0 and reading.words[first - 1].text.casefold() == "as"
    return aside or cue.lemma == "in the words of"


def phrase_behind(reading: Reading, cue: Cue, marked: Set[int]) -> set[int]:
    """The phrase right behind a cue with the marked words in it: `“a mess” of her own making`."""
    first = cue.end if cue.phrase is None else max(cue.end, cue.phrase.source_end)
    found = {index for word in marked for index in reading.subtree(word) if index >= first}
    ends = (index for index in sorted(found) if index > max(marked) and breaks(reading, index))
    end = next(ends, len(reading.words))
    return {index for index in found if index < end}


def is_aside_behind(reading: Reading, cue: Cue, marked: Set[int]) -> bool:
    """Whether a cue behind the marked words gives only the clause before it: `for the plan “leaks,” as Lee put it`."""
    if cue.phrase is None or not cue.own_subject or cue.phrase.source_start <= max(marked) + 2:
        return False
    return reading.words[cue.phrase.source_start - 1].text.casefold() == "as"


def clause_of(reading: Reading, marked: Set[int]) -> set[int]:
    """The clause that marked words are part of, without the conjunction before it."""
    found: set[int] = set()
    for index in marked:
        if reading.words[index].head in marked:
            continue
        path = (index, *reading.ancestors(index))
        head = next((node for node in path if reading.words[node].relation in _CLAUSES), path[-1])
        found |= set(reading.subtree(head)) - {reading.child(head, "mark"), reading.child(head, "cc")}
    return found
