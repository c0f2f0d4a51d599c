"""How far a noun phrase reaches: its unbroken run of words, with what parsers hang on the verb of its clause."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from quotex._reading import Reading
from quotex._role_words import is_role_noun
from quotex._verbs import reporting_verbs

WordTest: TypeAlias = Callable[[int], bool]


def contiguous(head: int, members: set[int], allowed: WordTest) -> list[int]:
    """The unbroken run of allowed members around the head."""
    start = end = head
    while start - 1 in members and allowed(start - 1):
        start -= 1
    while end + 1 in members and allowed(end + 1):
        end += 1
    return list(range(start, end + 1))


def is_dated(reading: Reading, child: int) -> bool:
    """Whether a phrase says when: `the board | on Monday`."""
    word, name = reading.words[child], reading.name_at(child)
    dated = word.relation in ("nmod", "obl") and name is not None and name.label == "DATE"
    return dated and reading.child(child, "case") is not None


def whole_phrase(reading: Reading, head: int, allowed: WordTest) -> list[int]:
    """The whole phrase of a head word, without a relative clause that a mark or the cue cuts short."""
    beside = {place for child in reading.children(head) if is_dated(reading, child) for place in reading.subtree(child)}
    below = reading.subtree(head)
    beside |= {place for index in below if _is_manner(reading, head, index) for place in reading.subtree(index)}
    run = contiguous(head, (set(below) | set(_misplaced(reading, head))) - beside, allowed)
    for index in below:
        if reading.words[index].relation == "acl" and index != head:
            clause = reading.subtree(index)
            if head < clause[0] <= run[-1] < clause[-1]:
                return [place for place in run if place < clause[0]]
    return run


def _is_manner(reading: Reading, head: int, clause: int) -> bool:
    """Whether a participle behind a subject goes with the verb: `said Lee, pointing at it`, `Lee, smiling, said`."""
    word, verb = reading.words[clause], reading.words[head].head
    inverted = verb is not None and verb < head
    adds = inverted and word.relation == "advcl" and word.text.casefold() in reporting_verbs()  # who is here, citing it
    if (word.deprel != "acl" and not adds) or reading.words[head].relation != "nsubj" or clause < head:
        return False
    apart = reading.words[clause - 1].text == "," and reading.subtree(clause)[0] >= clause - 1
    office = clause + 1 < len(reading.words) and is_role_noun(reading.words[clause + 1])  # managing director
    return apart and word.text.casefold().endswith("ing") and not office


def _misplaced(reading: Reading, head: int) -> Iterator[int]:
    """Words of a subject's phrase that parsers hang on its verb.

    A phrase between the subject and the verb, `the plea on the wall says`; one before an apposition, `said the mayor at
    the time, Ann Lee`; a relative clause behind an inverted subject, `said Lee, who works in Ghent`.
    """
    verb = reading.words[head].head
    if verb is None or reading.words[head].relation != "nsubj":
        return
    below = set(reading.subtree(head))
    end = next(index for index in range(head + 1, len(reading.words) + 1) if index not in below)
    named = any(child > end and reading.words[child].relation == "appos" for child in reading.children(head))
    for child in reading.children(verb):
        whole, relation = reading.subtree(child), reading.words[child].relation
        if child < head or whole[0] != end or is_dated(reading, child):
            continue
        apart = reading.words[end - 1].upos == "PUNCT"  # Lee, in reply, said
        phrase = relation == "obl" and reading.child(child, "case") == end and not apart
        if relation == "nsubj" and reading.name_at(child) is not None and whole[-1] == verb - 1 and not apart:
            yield from whole  # a story on the website Lakes News says
        clause = relation in ("ccomp", "advcl", "parataxis") and _is_relative(reading, end)
        if (phrase and (named if verb < head else whole[-1] < verb)) or (clause and verb < head):
            yield from whole


def _is_relative(reading: Reading, start: int) -> bool:
    """Whether a relative clause about somebody begins with a comma: `, who`."""
    return [word.text.casefold() for word in reading.words[start : start + 2]] in ([",", "who"], [",", "whose"])
