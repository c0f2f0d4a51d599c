"""Stage 3, nouns as cues: `Lee’s answer was short: “…”`, `chants of “…”`, `her remark that “…”`."""

from __future__ import annotations

from collections.abc import Set

from quotex._cues import Cue, CueKind
from quotex._lexicon import load_lexicon
from quotex._phrases import source_phrase
from quotex._reading import Reading
from quotex._subjects import can_speak, owner_of


def noun_before(reading: Reading, lead: range, tail: range) -> Cue | None:
    """The noun of saying right before the mark, with whose words they are: `chants of “…”`, `her remark that “…”`."""
    if len(lead) < 2:
        return None
    claim = _predicated(reading, lead)
    if claim is not None:
        return noun_cue(reading, claim, frozenset((*lead, *tail)))
    joint, noun = reading.words[lead.stop - 1], reading.words[lead.stop - 2]
    lists = {"of": ("outcry_nouns",), "that": ("statement_nouns",)}.get(joint.text.casefold(), ())
    if noun.upos != "NOUN" or not any(noun.lemma.casefold() in load_lexicon(name) for name in lists):
        return None
    return noun_cue(reading, noun.index, frozenset((*lead, *tail)))


def _predicated(reading: Reading, lead: range) -> int | None:
    """The noun of saying whose content a clause with `that` tells: `her latest claim is that the ferry is “old”`."""
    for index in reversed(lead[2:]):
        word, be = reading.words[index], reading.words[index - 1]
        if word.text.casefold() == "that" and be.lemma.casefold() == "be" and be.upos == "AUX":
            noun = reading.words[index - 2]
            said = noun.upos == "NOUN" and noun.lemma.casefold() in load_lexicon("statement_nouns")
            owned = any(_is_owner(reading, child) for child in reading.children(noun.index))
            return noun.index if said and owned else None
    return None


def claim_cue(reading: Reading, noun: int, clause: int, around: Set[int]) -> Cue | None:
    """A noun of saying that a clause with `that` belongs to, where it says whose it is: `her claim that it is “old”`.

    Without an owner it is often somebody else's: `Lee dismissed claims that he was “crooked”`.
    """
    word = reading.words[noun]
    if word.upos != "NOUN" or word.lemma.casefold() not in load_lexicon("statement_nouns") or clause < noun:
        return None
    following = reading.words[noun + 1]
    mark = following.index if following.upos == "SCONJ" else reading.child(clause, "mark")
    if mark is None and reading.words[clause].relation == "nmod":
        clauses = (child for child in reading.children(clause) if reading.words[child].relation == "acl")
        mark = next((reading.child(child, "mark") for child in clauses), None)  # her claim at the hearing that
    told = mark is not None and reading.words[mark].text.casefold() in ("that", "to")
    if not told and not _is_told_of(reading, noun, clause):
        return None
    owned = any(_is_owner(reading, child) for child in reading.children(noun))
    return noun_cue(reading, noun, around) if owned else None


def _is_told_of(reading: Reading, noun: int, phrase: int) -> bool:
    """Whether a phrase says what somebody's noun of saying is about: `her promise of “free ferries”`."""
    case = reading.child(phrase, "case")
    joint = None if case is None else reading.words[case].text.casefold()
    owned = any(reading.words[child].deprel == "nmod:poss" for child in reading.children(noun))
    return reading.words[phrase].relation == "nmod" and owned and joint in ("of", "for", "against")


def _is_owner(reading: Reading, child: int) -> bool:
    return reading.words[child].deprel == "nmod:poss" or _is_from(reading, child)


def noun_cue(reading: Reading, noun: int, around: Set[int]) -> Cue | None:
    """A noun of saying as cue, where the words around tell whose it is: an owner, or who it comes from."""
    owners = [child for child in reading.children(noun) if child in around and _is_owner(reading, child)]
    owner = min(owners, key=lambda child: _is_from(reading, child), default=None)  # a possessive before `of` and `by`
    owner = owner_of(reading, noun, around) if owner is None else owner
    if owner is None or owner == noun:
        above = reading.words[noun].head if reading.words[noun].relation == "nsubj" else None
        beside = () if above is None else reading.children(above)  # cries of “…” came from the crowd
        owner = next((child for child in beside if _is_from(reading, child) and child in around), None)
    if owner is None:
        return None
    return Cue(
        head=noun,
        start=noun,
        end=noun + 1,
        kind=CueKind.REPORTING,
        lemma=reading.words[noun].lemma.casefold(),
        phrase=source_phrase(reading, owner, lambda place: place in around and place != noun),
        sentence=reading.words[noun].sentence,
    )


def _is_from(reading: Reading, child: int) -> bool:
    """Whether a phrase says who makes a statement: `by Lee`, `from the crowd`, `the claim of Lee`."""
    case = reading.child(child, "case")
    preposition = None if case is None else reading.words[case].text.casefold()
    return preposition in ("by", "from") or (preposition == "of" and can_speak(reading, child))
