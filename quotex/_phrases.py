"""Noun phrases as sources: the core that is the mention, and the whole phrase with titles and appositions."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import attrs

from quotex._lexicon import load_lexicon
from quotex._mark_shapes import FAMILY
from quotex._reading import SPEAKING, Name, Reading, Word

_LOOSE = frozenset({"acl", "appos", "parataxis", "advcl", "dep", "discourse", "list", "punct", "orphan"})
"""Relations of what belongs to the source phrase but not to the mention."""

_NAME_LINKS = frozenset({"appos", "flat", "compound", "dep", "nmod", "goeswith"})
"""Relations by which a title or description governs the name it belongs to: `director Ann Lee`."""

WordTest: TypeAlias = Callable[[int], bool]


@attrs.frozen(kw_only=True)
class Phrase:
    """A noun phrase that can be a source. All positions are word indices; ends are exclusive.

    Attributes:
        head: The head word of the mention.
        start: First word of the mention: the core without title and apposition.
        end: After the last word of the mention.
        source_start: First word of the whole phrase, titles and appositions included.
        source_end: After the last word of the whole phrase.
        name: The name that the mention is, or `None` for pronouns, descriptions and several names together.
        members: Names of the persons or bodies of a coordination (`Lee and Ortiz`), else empty.
    """

    head: int
    start: int
    end: int
    source_start: int
    source_end: int
    name: Name | None = None
    members: tuple[Name, ...] = ()


def source_phrase(reading: Reading, head: int, allowed: WordTest) -> Phrase:
    """The source phrase around a head word.

    Args:
        reading: The text.
        head: The head of the phrase in the parse, such as the subject of a reporting verb.
        allowed: Whether a word may belong to the phrase: false for quoted words and for the cue.
    """
    whole = _whole(reading, head, allowed)
    members = _coordinated_names(reading, head, whole)
    if len(members) > 1:
        start, end = without_titles(reading, members[0]).start, members[-1].end
        return _phrase(reading, head, (start, end), whole, None, members)
    name = _own_name(reading, head, whole)
    if name is None:
        core = _contiguous(head, _core(reading, head), allowed)
        return _phrase(reading, head, _trimmed(reading, core), whole, None, ())
    name = without_titles(reading, name)
    start, end = name.start, name.end
    if name.label != "PER":
        core = [index for index in _contiguous(head, _core(reading, head), allowed) if index in whole]
        start, end = min(start, core[0]), max(end, core[-1] + 1)
    return _phrase(reading, name.end - 1 if head < name.start else head, (start, end), whole, name, ())


def _phrase(
    reading: Reading,
    head: int,
    mention: tuple[int, int],
    whole: list[int],
    name: Name | None,
    members: tuple[Name, ...],
) -> Phrase:
    start, end = _trimmed(reading, whole)
    return Phrase(
        head=head,
        start=mention[0],
        end=mention[1],
        source_start=min(start, mention[0]),
        source_end=max(end, mention[1]),
        name=name,
        members=members,
    )


def _core(reading: Reading, head: int) -> set[int]:
    """The head with its determiners, modifiers and prepositional phrases."""
    found = {head}
    pending = [head]
    while pending:
        for child in reading.children(pending.pop()):
            word = reading.words[child]
            loose = word.relation in _LOOSE and word.text != "-"
            if loose or (word.relation == "conj" and _is_clause(reading, child)):
                continue
            found.add(child)
            pending.append(child)
    return found


def _is_clause(reading: Reading, index: int) -> bool:
    return reading.child(index, "nsubj", "cop") is not None or reading.words[index].upos in ("VERB", "AUX")


def _contiguous(head: int, members: set[int], allowed: WordTest) -> list[int]:
    """The unbroken run of allowed members around the head."""
    start = end = head
    while start - 1 in members and allowed(start - 1):
        start -= 1
    while end + 1 in members and allowed(end + 1):
        end += 1
    return list(range(start, end + 1))


def _whole(reading: Reading, head: int, allowed: WordTest) -> list[int]:
    """The whole phrase of a head word, without a relative clause that a mark or the cue cuts short."""
    below = reading.subtree(head)
    run = _contiguous(head, set(below), allowed)
    for index in below:
        if reading.words[index].relation == "acl" and index != head:
            clause = reading.subtree(index)
            if head < clause[0] <= run[-1] < clause[-1]:
                return [place for place in run if place < clause[0]]
    return run


def _trimmed(reading: Reading, indices: list[int]) -> tuple[int, int]:
    """First and after-last of a run, without punctuation, prepositions and conjunctions at its edges."""
    start, end = indices[0], indices[-1] + 1
    while end - start > 1 and _is_edge(reading.words[start]):
        start += 1
    marks = sum(word.text in FAMILY for word in reading.words[start:end])
    while end - start > 1 and _is_trailing(reading.words[end - 1]):
        if marks > 1 and reading.words[end - 1].text in FAMILY:
            break  # the mark that closes a nickname: `a man who goes by “Lefty”`
        end -= 1
    return start, end


def _is_edge(word: Word) -> bool:
    return word.upos in ("PUNCT", "CCONJ", "SCONJ", "ADP", "SYM") or (word.upos == "ADV" and word.relation == "advmod")


def _is_trailing(word: Word) -> bool:
    relative = word.text.casefold() in ("who", "which", "that", "whose", "whom")
    if word.text.casefold() in ("'s", "’s", "'", "’") and word.relation == "case":
        return True
    return relative or (word.upos in ("PUNCT", "CCONJ", "SCONJ", "ADP") and word.text not in (")", "."))


def _own_name(reading: Reading, head: int, whole: list[int]) -> Name | None:
    """The name that the phrase is: its head's, or a person's that a title or description leads to."""
    name = reading.name_at(head)
    if name is not None and name.label == "PER":
        return name
    linked = _linked_person(reading, head, whole)
    if linked is not None:
        return linked
    return name if name is not None and name.label in ("ORG", "LOC", "FAC", "MISC", "PRODUCT") else None


def _linked_person(reading: Reading, head: int, whole: list[int]) -> Name | None:
    """`director Ann Lee`, `the director, Ann Lee`: the person's name below a title; not `Lee’s lawyer`."""
    pending = [head]
    inside = set(whole)
    while pending:
        for child in reading.children(pending.pop(0)):
            word = reading.words[child]
            if child not in inside or word.relation not in _NAME_LINKS or word.deprel == "nmod:poss":
                continue
            if reading.child(child, "case") is not None:
                continue
            name = reading.name_at(child)
            if name is not None and name.label == "PER":
                adjacent = word.relation == "appos" or name.start > head
                if adjacent and name.start in inside:
                    return name
            pending.append(child)
    return None


def _coordinated_names(reading: Reading, head: int, whole: list[int]) -> tuple[Name, ...]:
    """The persons of `Lee and Ortiz`, in order; empty unless the head and a conjunct are names."""
    heads = [head, *(child for child in reading.children(head) if reading.words[child].relation == "conj")]
    if len(heads) < 2:
        return ()
    names = [_own_name(reading, index, whole) for index in heads if index in whole]
    found = tuple(name for name in names if name is not None and name.label in SPEAKING)
    return found if len(found) == len(names) > 1 else ()


def without_titles(reading: Reading, name: Name) -> Name:
    """The name without titles before it and a possessive ending that the name model took in."""
    titles = load_lexicon("titles")
    start = name.start
    while start < name.end - 1 and reading.words[start].text.casefold().rstrip(".") in titles | {""}:
        start += 1
    end = name.end
    while end - 1 > start and reading.words[end - 1].text.casefold() in ("'s", "’s", "'", "’"):
        end -= 1
    return attrs.evolve(name, start=start, end=end) if name.label == "PER" else attrs.evolve(name, end=end)
