"""Stage 3, close by: the cue or the label that stands at a marked span, and its source."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import attrs

from quotex._cues import Cue, CueKind, owner_of
from quotex._labels import label_phrase, signature_phrase
from quotex._layout import Form
from quotex._lexicon import load_lexicon
from quotex._phrases import Phrase, source_phrase
from quotex._reading import Reading, Word
from quotex._stretches import Stretch, is_heading, roots
from quotex._types import Span

_NOMINAL = ("NOUN", "PROPN", "PRON")
_REPORTS = (CueKind.REPORTING, CueKind.NAMING, CueKind.ACCORDING)
_BESIDE = (*_REPORTS, CueKind.TAG, CueKind.THOUGHT)
"""Cues that report words right beside them."""
_DASHES = ("\N{EM DASH}", "\N{EN DASH}", "\N{HORIZONTAL BAR}", "-", "--")
_ACCORDING = "according-to"


@attrs.frozen(kw_only=True)
class Link:
    """What ties a marked span to its source close by.

    Attributes:
        phrase: The source phrase; `None` where a passive leaves it out (`was called “a farce”`).
        cue: The cue, or `None` for a label (`SMITH:`) or signature (`— Ann Lee, Director`).
        method: The rule that found it.
    """

    phrase: Phrase | None
    cue: Cue | None = None
    method: str


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


def find_link(reading: Reading, stretch: Stretch, cues: CueTable) -> Link | None:
    """The link of a marked span, or `None`.

    What the layout sets off has the label or signature that it names. Else, in order: a verb right after (`“…,” said
    Lee`), the verb whose clause the words are part of, a verb or `according to` right before, any other reporting verb
    of the sentence, a signature, a verb, noun or label that leads in with a colon.
    """
    source = stretch.marked.source
    if source is not None:
        return _labelled(reading, stretch.marked.form, source)
    after = cue_after(reading, stretch, cues)
    before = _before(reading, stretch, cues)
    governing = _governing(reading, stretch, cues)
    if before and len(stretch.marked.segments) > 1 and reading.words[stretch.lead.stop - 1].text == ":":
        return _link(before[-1], "cue-before")  # `Lee said: “…` is not undone by `he added` paragraphs later
    reported = governing is not None and bool(before) and governing.head == before[-1].head
    if after is not None and not (reported and after.kind is CueKind.OTHER):
        return _link(after, "cue-after")
    if governing is not None:
        nearer = [cue for cue in before if cue.kind is CueKind.NAMING and cue.head > governing.head]
        return _link((nearer or [governing])[-1], "cue-verb")
    if before and (not stretch.clause or _leads_in(reading, stretch, before[-1])):
        return _link(before[-1], "cue-before")
    tags = [cue for cue in cues.within(stretch.lead) if cue.kind in _BESIDE and cue.own_subject and cue.phrase]
    if tags and stretch.opens and reading.words[stretch.lead.stop - 1].text in (",", ":"):
        return _link(tags[-1], "cue-before")
    later = [cue for cue in _with_source(cues.within(stretch.tail)) if _is_parenthetic(reading, cue)]
    if later or before:
        return _link((later or before[-1:])[0], "cue-sentence")
    return _signature(reading, stretch) or _colon(reading, stretch, cues)


def _labelled(reading: Reading, form: Form, source: Span) -> Link | None:
    turn = form is Form.TURN
    phrase = label_phrase(reading, source) if turn else signature_phrase(reading, source)
    return None if phrase is None else Link(phrase=phrase, method="label" if turn else "signature")


def _link(cue: Cue, method: str) -> Link | None:
    if cue.phrase is None and not cue.agentless:
        return None
    return Link(phrase=cue.phrase, cue=cue, method=_ACCORDING if cue.kind is CueKind.ACCORDING else method)


def _before(reading: Reading, stretch: Stretch, cues: CueTable) -> list[Cue]:
    """The cues before the opening mark, with the source that stands behind an inverted one: `Said Lee: “…”`."""
    found: list[Cue] = []
    for cue in cues.within(stretch.lead):
        phrase = cue.phrase
        if phrase is None and cue.kind is CueKind.REPORTING and cue.start == stretch.lead.start:
            phrase = _neighbour(reading, cue, stretch.lead)
        found.append(attrs.evolve(cue, phrase=phrase))
    return _main(reading, _with_source(found), stretch.lead)


def _main(reading: Reading, cues: list[Cue], lead: range) -> list[Cue]:
    """Of the cues before a colon those outside relative clauses, if any: `Lee wrote a note that two signed: “…”`"""
    main = [cue for cue in cues if reading.words[cue.head].deprel != "acl:relcl"]
    return main if main and reading.words[lead.stop - 1].text == ":" else cues


def _with_source(cues: Sequence[Cue]) -> list[Cue]:
    return [cue for cue in cues if cue.kind in _REPORTS and cue.phrase is not None]


def cue_after(reading: Reading, stretch: Stretch, cues: CueTable) -> Cue | None:
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
        addressee = cue.addressee
        if addressee is not None and phrase.source_start <= addressee < phrase.source_end:
            addressee = None  # `asked Wren`: parsers make Wren the object
        return attrs.evolve(cue, phrase=phrase, addressee=addressee, own_subject=True)
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
    if "PronType=Rel" in reading.words[last].feats or reading.words[last].text.casefold() == "which":
        return None
    return source_phrase(reading, _highest(reading, last, before), lambda index: index in before)


def _highest(reading: Reading, index: int, region: range) -> int:
    """The head of the noun phrase of a word, inside a region."""
    above = reading.words[index].head
    while above is not None and above in region and reading.words[above].upos in _NOMINAL:
        index, above = above, reading.words[above].head
    return index


def _closes_utterance(stretch: Stretch) -> bool:
    return stretch.ends in ",?!\N{EM DASH}\N{HORIZONTAL ELLIPSIS}-" and stretch.opens


def _governing(reading: Reading, stretch: Stretch, cues: CueTable) -> Cue | None:
    """The nearest cue above the marked words in the parse; a verb of thought only over a whole clause."""
    thought: Cue | None = None
    for root in roots(reading, stretch.words):
        for node in reading.ancestors(root):
            cue = cues.by_head.get(node)
            if cue is None or (cue.phrase is None and not cue.agentless) or not _reaches(reading, cue, root):
                continue
            if cue.kind in _REPORTS:
                return cue
            if cue.kind is CueKind.THOUGHT and stretch.clause and reading.words[root].head == node:
                thought = thought or cue
    return thought


def _reaches(reading: Reading, cue: Cue, word: int) -> bool:
    """Whether a marked word can be what the cue reports.

    Not if it is part of the source phrase, nor if it stands behind a preposition of a verb that reports clauses: `said
    of the “temporary” closure`.
    """
    if cue.phrase is not None and cue.phrase.source_start <= word < cue.phrase.source_end:
        return False
    path = (word, *reading.ancestors(word))
    below = path[path.index(cue.head) - 1]
    return not (reading.words[below].relation == "obl" and cue.lemma in load_lexicon("clause_verbs"))


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
    if cue.kind is CueKind.ACCORDING:
        return True
    edge = min(cue.phrase.source_start, cue.start)
    return edge > 0 and reading.words[edge - 1].upos == "PUNCT"


def _colon(reading: Reading, stretch: Stretch, cues: CueTable) -> Link | None:
    """Words that lead in with a colon: any verb with a subject, a noun of saying with its owner, or a bare label.

    `From the desk of Ann Lee` does so on a line of its own.
    """
    lead = stretch.lead
    if not lead or (reading.words[lead.stop - 1].text != ":" and not is_heading(reading, lead)):
        return None
    verbs = _main(reading, [cue for cue in cues.within(lead) if cue.phrase is not None], lead)
    if verbs:
        own = [cue for cue in verbs if cue.own_subject]
        return _link((own or verbs)[-1], "colon")
    if any(reading.words[index].upos in ("VERB", "AUX") for index in lead):
        return _predicate(reading, lead)
    nominal = [index for index in lead if reading.words[index].upos in ("PROPN", "NOUN")]
    if not nominal:
        return None
    person = _person_in(reading, lead)
    head = _highest(reading, nominal[-1], lead) if person is None else person
    if reading.words[head].lemma.casefold() in load_lexicon("statement_nouns"):
        head = owner_of(reading, head, frozenset(lead)) or head
    return Link(phrase=source_phrase(reading, head, lambda index: index in lead), method="colon")


def _predicate(reading: Reading, lead: range) -> Link | None:
    """The subject of a lead-in without a verb of its own: `Lee was blunt:`."""
    subject = next((index for index in lead if reading.words[index].deprel == "nsubj"), None)
    if subject is None:
        return None
    if reading.words[subject].lemma.casefold() in load_lexicon("statement_nouns"):
        subject = owner_of(reading, subject, frozenset(lead)) or subject
    return Link(phrase=source_phrase(reading, subject, lambda place: place in lead), method="colon")


def _person_in(reading: Reading, words: range) -> int | None:
    """The head of the first person's name among some words."""
    names = (reading.name_at(index) for index in words)
    person = next((name for name in names if name is not None and name.label == "PER"), None)
    if person is None:
        return None
    inside = range(person.start, person.end)
    return next((index for index in inside if reading.words[index].head not in inside), person.start)


def _signature(reading: Reading, stretch: Stretch) -> Link | None:
    """A dash and a name after the closing mark, on the same line or the next: `— Ann Lee, Director`."""
    start = stretch.tail.start
    if start + 1 >= len(reading.words) or reading.words[start].text not in _DASHES:
        return None
    region = range(start + 1, reading.sentences[reading.words[start + 1].sentence].end)
    person = _person_in(reading, region)
    head = start + 1 if person is None else person
    if reading.words[head].upos not in ("PROPN", "NOUN") or (person is None and not stretch.tail):
        return None
    if any(reading.words[index].upos == "VERB" for index in region):
        return None
    return Link(
        phrase=source_phrase(reading, _highest(reading, head, region), lambda i: i in region), method="signature"
    )
