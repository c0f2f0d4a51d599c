"""Stage 3, close by: the cues right beside a marked span, and the repair of their sources by position."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import attrs

from quotex._cues import Cue, CueKind
from quotex._lexicon import load_lexicon
from quotex._naming import is_title_case
from quotex._phrases import Phrase, source_phrase
from quotex._reading import Reading, Word
from quotex._stretches import Stretch
from quotex._subjects import can_speak, is_passive

REPORTS = (CueKind.REPORTING, CueKind.NAMING, CueKind.ACCORDING)
BESIDE = (*REPORTS, CueKind.TAG, CueKind.THOUGHT)
"""Cues that report words right beside them."""
_CLOSING = ",.?!\N{EM DASH}\N{HORIZONTAL ELLIPSIS}-"
"""Characters that close an utterance before its cue."""
_NOMINAL = ("NOUN", "PROPN", "PRON")


@attrs.define
class CueTable:
    """The cues of a level of marks by the word they stand at."""

    cues: Sequence[Cue]

    @cached_property
    def by_head(self) -> dict[int, Cue]:
        """The cue at each word that has one."""
        return {cue.head: cue for cue in self.cues}

    def within(self, words: range) -> list[Cue]:
        """The cues at the given words, in order."""
        return [self.by_head[index] for index in words if index in self.by_head]


def cue_after(reading: Reading, stretch: Stretch, cues: CueTable) -> Cue | None:
    """The cue whose clause begins right after the closing mark."""
    if _begins_anew(reading, stretch):
        return None
    for cue in cues.within(stretch.tail):
        beside = cue.kind in BESIDE
        if (not beside and not _closes_utterance(stretch)) or _modifies(reading, cue):
            continue
        if stretch.ends not in _CLOSING and _has_marked_subject(reading, cue, stretch):
            continue
        phrase = cue.phrase
        if phrase is None or not cue.own_subject or not _stands_beside(reading, cue, phrase, stretch.tail):
            inverts = beside and not _has_subject_before(reading, cue, stretch)
            phrase = neighbour(reading, cue, stretch.tail) if inverts else None
        if phrase is None:
            continue
        edge = min(phrase.source_start, cue.start)
        between = [reading.words[index] for index in range(stretch.tail.start, edge)]
        if len(between) > 4 or any(not _may_precede_cue(word) for word in between):
            continue
        if cue.kind is CueKind.NAMING and cue.lemma == "call" and stretch.ends in ",?!" and not _names(reading, cue):
            cue = attrs.evolve(cue, kind=CueKind.REPORTING)
        addressee = cue.addressee
        if addressee is not None and phrase.source_start <= addressee < phrase.source_end:
            addressee = None  # `asked Wren`: parsers make Wren the object
        return attrs.evolve(cue, phrase=phrase, addressee=addressee, own_subject=True)
    return None


def _has_marked_subject(reading: Reading, cue: Cue, stretch: Stretch) -> bool:
    """Whether the marked words are what the verb tells of: `the “waiting economy” reflects a decline`."""
    subjects = [child for child in reading.children(cue.head) if reading.words[child].relation == "nsubj"]
    marked = bool(subjects) and all(child in stretch.words for child in subjects)
    return marked and (reading.child(cue.head, "obj") is not None or is_passive(reading, cue.head))


def _modifies(reading: Reading, cue: Cue) -> bool:
    """Whether a participle only describes the noun before it: `“vile,” a word showing that he was cross`."""
    word = reading.words[cue.head]
    return word.deprel == "acl" and word.text.casefold().endswith("ing")


def _begins_anew(reading: Reading, stretch: Stretch) -> bool:
    """Whether the words after the mark are a sentence of their own, joined by mistake: `“Go!” She left.`"""
    if not stretch.tail or stretch.ends not in ".!?":
        return False
    word = reading.words[stretch.tail.start]
    return word.text[:1].isupper() and word.text != "I" and word.upos in ("PRON", "DET")


def _may_precede_cue(word: Word) -> bool:
    if word.text == ";":
        return False
    return word.upos in ("PUNCT", "ADV", "AUX", "INTJ") or word.text.casefold() == "as"


def _names(reading: Reading, cue: Cue) -> bool:
    """Whether `call` has something that it gives a name, rather than calling out."""
    return any(child > cue.head for child in reading.children(cue.head) if reading.words[child].relation == "obj")


def _stands_beside(reading: Reading, cue: Cue, phrase: Phrase, tail: range) -> bool:
    """Whether a source phrase is where a subject can be: after the mark, and before the verb if anything is."""
    if phrase.source_start not in tail:
        return False
    if reading.words[phrase.head].deprel == "obl:agent" and is_passive(reading, cue.head):
        return True  # “…,” he was told by Lee
    nominal = any(reading.words[index].upos in _NOMINAL for index in range(tail.start, cue.start))
    return phrase.start < cue.start or not nominal


def _has_subject_before(reading: Reading, cue: Cue, stretch: Stretch) -> bool:
    """Whether the marked words part a subject from its verb: `Lee, who called it “vile,” praised the mayor.`"""
    if cue.phrase is None or cue.phrase.source_start not in stretch.lead:
        return False
    behind = next((index for index in range(cue.end, stretch.tail.stop) if reading.words[index].upos in _NOMINAL), None)
    if behind is None:
        return False
    word = reading.words[highest(reading, behind, range(cue.end, stretch.tail.stop))]
    relation = word.relation if word.head == cue.head else None
    return relation != "nsubj" if cue.own_subject else relation == "obj"


def neighbour(reading: Reading, cue: Cue, tail: range) -> Phrase | None:
    """The noun phrase that stands where a subject would, whatever the parser made of it: `” said Lee`, `” Lee said`."""
    if is_passive(reading, cue.head):
        return None  # `the “savings,” as cuts are known here`; `“yes” votes were declared a majority`
    if cue.kind is CueKind.TAG and reading.words[cue.head].deprel == "acl":
        return None  # `the “flag,” a cloth with prices painted on it`
    before = range(tail.start, cue.start)
    after = range(cue.end, tail.stop)
    if not any(reading.words[index].upos in _NOMINAL for index in before):
        if reading.words[cue.head].text.casefold().endswith("ing"):
            return None  # nobody stands behind a participle: `…,” telling reporters`
        head = next((index for index in after if not _is_determiner(reading, index)), None)
        name = None if head is None else reading.name_at(head)
        head = head if name is None else name.end - 1
        if head is None or reading.words[head].upos not in (*_NOMINAL, "ADJ", "NUM", "DET"):
            return None
        head = highest(reading, head, after)
        named = cue.lemma in load_lexicon("naming_verbs") and reading.words[head].relation == "obj"
        if named and not can_speak(reading, head):
            return None  # summed it up as “a farce,” denounced her record
        return source_phrase(reading, head, lambda index: index in after)
    if any(_is_predicate(reading, index, before) or _is_conjunction(reading, index) for index in before):
        return None
    persons = [name.end - 1 for name in map(reading.name_at, before) if name is not None and name.label == "PER"]
    last = persons[0] if persons else max(index for index in before if reading.words[index].upos in _NOMINAL)
    if "PronType=Rel" in reading.words[last].feats or reading.words[last].text.casefold() == "which":
        return None
    head = highest(reading, last, before)
    if reading.child(head, "case") is not None and not persons:
        return None  # no subject behind a preposition: `“no agent” under the act but said`
    return source_phrase(reading, head, lambda index: index in before)


def _is_predicate(reading: Reading, index: int, region: range) -> bool:
    """Whether a verb is none of a relative clause in a region: `“…,” Ann Lee, head of a club that rows, told us`."""
    above = [reading.words[node] for node in (index, *reading.ancestors(index)) if node in region]
    return reading.words[index].upos == "VERB" and not any(
        word.relation == "acl" and word.head in region for word in above
    )


def _is_conjunction(reading: Reading, index: int) -> bool:
    """Whether a word begins a clause that is no comment: `last month when asked`; not `as Lee put it`."""
    word = reading.words[index]
    return word.text.casefold() == "when" or (word.upos == "SCONJ" and word.text.casefold() != "as")


def _is_determiner(reading: Reading, index: int) -> bool:
    """Whether a word only leads to a noun: `the` does; `another`, `both of them` and `three voices` begin a phrase."""
    word = reading.words[index]
    return word.upos == "DET" and word.relation == "det"


def highest(reading: Reading, index: int, region: range) -> int:
    """The head of the noun phrase of a word, inside a region."""
    above = reading.words[index].head
    while above is not None and above in region and _is_nominal(reading, above):
        index, above = above, reading.words[above].head
    return index


def _is_nominal(reading: Reading, index: int) -> bool:
    """Whether a word can head a noun phrase; an adjective can behind a hyphen: `the 46-year-old`."""
    word = reading.words[index]
    return word.upos in _NOMINAL or (word.upos == "ADJ" and reading.words[index - 1].text == "-")


def _closes_utterance(stretch: Stretch) -> bool:
    return stretch.ends in _CLOSING and stretch.ends != "." and stretch.opens


def right_before(reading: Reading, stretch: Stretch, cues: CueTable) -> Cue | None:
    """The cue that nothing but a comma or colon parts from the opening mark: `chanted “Ships first!”`, `joked, “No.”`

    A verb that no list has counts with a comma (`a song that goes, “Low water”`).
    """
    found = cues.within(stretch.lead)
    if not found or found[-1].phrase is None or found[-1].kind in REPORTS:
        return None
    between = [reading.words[index].text for index in range(found[-1].end, stretch.lead.stop)]
    if found[-1].kind is CueKind.OTHER:
        return found[-1] if between == [","] and stretch.opens else None
    if between == []:
        return None if is_title_case(reading, stretch) and stretch.ends not in "!?" else found[-1]
    return found[-1] if between in ([","], [":"]) and stretch.opens else None
