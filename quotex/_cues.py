"""Stage 3: cues, the words that report, each with its source phrase.

UD attaches a reported clause to its verb as `ccomp`, but where the cue interrupts or follows, as `parataxis` in either
direction; parsers mix the two. So a cue is found from the verb and its subject alone, and what it reports is decided
later.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from enum import StrEnum

import attrs

from quotex._lexicon import load_lexicon
from quotex._phrases import Phrase, source_phrase
from quotex._reading import Reading, Word
from quotex._subjects import can_speak, is_passive, subject_of
from quotex._types import Manner
from quotex._verbs import phrasal_forms, reporting_verbs, verb_forms

_INSIDE_PHRASE = frozenset({"det", "amod", "compound", "nummod", "nmod", "flat", "case", "advmod", "punct"})
_WORDS_OF = ("in", "the", "words", "of")
_CALL = frozenset({"call", "calls", "called", "calling"})
"""Forms that call out in a novel and call names in a newspaper."""


class CueKind(StrEnum):
    """What sort of words report."""

    REPORTING = "reporting"
    """A verb of speech or writing."""
    TAG = "tag"
    """A verb that reports only right beside direct speech: `she sighed`, `he went on`."""
    THOUGHT = "thought"
    """A verb of thought, belief or feeling."""
    NAMING = "naming"
    """A verb that gives a description or name in the source's words: `called it “a farce”`."""
    ACCORDING = "according"
    """`according to`."""
    OTHER = "other"
    """Any other verb with a subject: an action beat, or a verb of saying that no list has."""


_KINDS = (
    ("naming_verbs", CueKind.NAMING, Manner.SPEECH),
    ("speech_verbs", CueKind.REPORTING, Manner.SPEECH),
    ("writing_verbs", CueKind.REPORTING, Manner.WRITING),
    ("thought_verbs", CueKind.THOUGHT, Manner.THOUGHT),
    ("tag_verbs", CueKind.TAG, Manner.SPEECH),
)
"""The lists of verbs, the first that has a verb deciding."""


@attrs.frozen(kw_only=True)
class Cue:
    """A reporting expression.

    Attributes:
        head: Index of its main word.
        start: Index of its first word.
        end: Index after its last word.
        kind: What sort it is.
        lemma: The lemma of its main word.
        manner: What the source does.
        phrase: The source phrase, or `None` where the cue has none of its own.
        addressee: Index of the head of the addressee's phrase, or `None`.
        sentence: Number of its sentence.
        own_subject: Whether the source stands at the cue itself, not at a verb that governs it.
        agentless: Whether it is a passive that leaves its source out: `was called`, `it is said`.
        irrealis: Whether it says what might be said: `would call`, `wants to call`.
    """

    head: int
    start: int
    end: int
    kind: CueKind
    lemma: str
    manner: Manner = Manner.SPEECH
    phrase: Phrase | None = None
    addressee: int | None = None
    sentence: int
    own_subject: bool = True
    agentless: bool = False
    irrealis: bool = False


def find_cues(reading: Reading, frame: Set[int]) -> tuple[Cue, ...]:
    """All cues among the words of `frame`, in order.

    Args:
        reading: The text.
        frame: Indices of the words that may report: all words outside quotation marks.
    """
    cues = [cue for index in sorted(frame) for cue in _cues_at(reading, index, frame)]
    cues = [cue for cue in cues if not _is_said_through(reading, cue)]
    phrases = [cue.phrase for cue in cues if cue.phrase is not None and cue.kind is not CueKind.OTHER]
    # who said it, `several women who had walked down`, has verbs of its own
    sources = {index for phrase in phrases for index in range(phrase.source_start, phrase.source_end)}
    cues = [cue for cue in cues if cue.head not in sources or cue.kind is CueKind.ACCORDING]
    inside = {index for cue in cues for index in range(cue.start, cue.end) if index != cue.head}
    return tuple(sorted((cue for cue in cues if cue.head not in inside), key=lambda cue: cue.head))


def _cues_at(reading: Reading, index: int, frame: Set[int]) -> Iterator[Cue]:
    word = reading.words[index]
    form = word.text.casefold()
    if form in ("according", "in"):
        cue = _according(reading, index, frame) if form == "according" else _words_of(reading, index, frame)
        if cue is not None:
            yield cue
    elif is_verb(word):
        yield _verb_cue(reading, word, frame)


def is_verb(word: Word) -> bool:
    """Whether a word can be the verb of a cue: tagged a verb, or an unmistakable form of saying."""
    return word.upos == "VERB" or word.text.casefold() in ("said", "says", "asked", "replied", "told")


def _according(reading: Reading, index: int, frame: Set[int]) -> Cue | None:
    """`according to X`: UD makes `according` a case of X; older parses make it a verb with an oblique."""
    to = index + 1
    if to >= len(reading.words) or reading.words[to].text.casefold() != "to" or to + 1 not in frame:
        return None
    head = to + 1
    while reading.words[head].relation in _INSIDE_PHRASE and (above := reading.words[head].head) is not None:
        if above <= to or above not in frame:
            break
        head = above
    return Cue(
        head=index,
        start=index,
        end=to + 1,
        kind=CueKind.ACCORDING,
        lemma="according to",
        phrase=source_phrase(reading, head, lambda place: place in frame and place > to),
        sentence=reading.words[index].sentence,
    )


def _words_of(reading: Reading, start: int, frame: Set[int]) -> Cue | None:
    """`in the words of X`."""
    end = start + len(_WORDS_OF)
    if end not in frame or tuple(word.text.casefold() for word in reading.words[start:end]) != _WORDS_OF:
        return None
    head = reading.child(start + 2, "nmod")
    if head is None:
        return None
    return Cue(
        head=start + 2,
        start=start,
        end=end,
        kind=CueKind.ACCORDING,
        lemma="in the words of",
        phrase=source_phrase(reading, head, lambda place: place in frame and place >= end),
        sentence=reading.words[start].sentence,
    )


def _verb_cue(reading: Reading, word: Word, frame: Set[int]) -> Cue:
    form = word.text.casefold()
    lemma = reporting_verbs().get(form, word.lemma.casefold())
    subject, own = subject_of(reading, word.index, frame)
    kind, manner = _kind(reading, word, subject)
    quoted = reading.child(word.index, "obj", "iobj")
    if kind is CueKind.REPORTING and quoted in frame and _is_said_by_object(reading, word, lemma):
        subject, own = quoted, True
    start, end = _extent(reading, word, lemma)
    second = end - 1 if end > word.index + 2 and reading.words[end - 1].upos == "VERB" else word.index
    if second != word.index:
        kind, manner = _kind(reading, reading.words[second], subject)
    thought = _said_or_thought(reading, end, word.index)
    if thought is not None:
        start, end, kind, manner = thought.index, thought.index + 1, *_kind(reading, thought, subject)
    phrase = None
    if subject is not None:
        phrase = source_phrase(reading, subject, lambda place: place in frame and not start <= place < end)
    passive = is_passive(reading, word.index)
    return Cue(
        head=word.index,
        start=start,
        end=end,
        kind=kind,
        lemma=lemma,
        manner=manner,
        phrase=phrase,
        addressee=_addressee(reading, second, reading.words[second].lemma if second != word.index else lemma, frame),
        sentence=word.sentence,
        own_subject=own,
        agentless=subject is None and kind in (CueKind.REPORTING, CueKind.NAMING) and passive,
        irrealis=_is_irrealis(reading, word),
    )


def _said_or_thought(reading: Reading, place: int, verb: int) -> Word | None:
    """The second verb of `remembered thinking`, `began by saying`: it is the one that reports."""
    if place < len(reading.words) and reading.words[place].text.casefold() == "by":
        place += 1
    if place >= len(reading.words) or reading.words[place].head != verb:
        return None
    word = reading.words[place]
    form = word.text.casefold()
    return word if form.endswith("ing") and form in reporting_verbs() and word.upos == "VERB" else None


def _is_irrealis(reading: Reading, word: Word) -> bool:
    """Whether a verb has a modal or stands in the infinitive."""
    below = [reading.words[child] for child in reading.children(word.index)]
    modal = any(child.upos == "AUX" and child.lemma.casefold() in load_lexicon("modal_verbs") for child in below)
    if modal or any(child.relation == "mark" and child.text.casefold() == "to" for child in below):
        return True
    above = word.head
    return word.relation == "conj" and above is not None and _is_irrealis(reading, reading.words[above])


def _is_said_by_object(reading: Reading, word: Word, lemma: str) -> bool:
    """`quoted Novak as saying`: the words are Novak's."""
    if lemma not in load_lexicon("passive_report_verbs") or is_passive(reading, word.index):
        return False
    below = (reading.words[child] for child in reading.children(word.index))
    return any(child.lemma == "say" and child.relation in ("advcl", "xcomp", "obl", "acl") for child in below)


def _is_said_through(reading: Reading, cue: Cue) -> bool:
    """Whether a cue is the `saying` of `quoted Novak as saying`, which `quoted` reports."""
    above = reading.words[cue.head].head
    if cue.lemma != "say" or above is None or reading.words[cue.head - 1].text.casefold() != "as":
        return False
    return _is_said_by_object(reading, reading.words[above], reporting_verbs().get(reading.words[above].text, ""))


def _kind(reading: Reading, word: Word, subject: int | None) -> tuple[CueKind, Manner]:
    """What sort of cue a verb is, and what its source does."""
    form = word.text.casefold()
    following = reading.words[word.index + 1].text.casefold() if word.index + 1 < len(reading.words) else ""
    if _puts_it(form, following) or _makes_it_clear(reading, word):
        return CueKind.REPORTING, Manner.SPEECH
    if form in verb_forms("inscribing_verbs") and not _has_as(reading, word.index):
        return CueKind.TAG, Manner.WRITING
    if form in verb_forms("reading_verbs") and subject is not None and not _is_person(reading, subject):
        return CueKind.REPORTING, Manner.WRITING
    if form in ("go", "goes", "went") and following in (",", ":") and _is_saying(reading, subject):
        return CueKind.REPORTING, Manner.SPEECH
    for lexicon, kind, manner in _KINDS:
        phrasal = (form, following) in phrasal_forms(lexicon)
        if phrasal or (form in verb_forms(lexicon) and not (kind is CueKind.NAMING and _rather_says(form))):
            return kind, manner
    return CueKind.OTHER, Manner.SPEECH


def _is_saying(reading: Reading, subject: int | None) -> bool:
    """Whether a subject is made of words: `as the saying goes`, `a song that goes`."""
    if subject is None:
        return False
    lemma = reading.words[subject].lemma.casefold()
    return lemma in load_lexicon("document_words") | load_lexicon("statement_nouns")


def _puts_it(form: str, following: str) -> bool:
    return form in ("put", "puts", "putting") and following == "it"


def _makes_it_clear(reading: Reading, word: Word) -> bool:
    """Whether a verb and the two words behind it are `made it clear`."""
    behind = [other.text.casefold() for other in reading.words[word.index + 1 : word.index + 3]]
    return word.lemma == "make" and behind in (["it", "clear"], ["it", "plain"])


def _rather_says(form: str) -> bool:
    """Whether a form that names also says: `complain` does, `call` names in a newspaper and calls out in a novel."""
    return form in verb_forms("speech_verbs") and form not in _CALL


def _has_as(reading: Reading, verb: int) -> bool:
    """Whether `as` follows: `painted him as “a liar”`."""
    below = (node for child in reading.children(verb) for node in (child, *reading.children(child)))
    return any(reading.words[node].text.casefold() == "as" and node > verb for node in below)


def _is_person(reading: Reading, index: int) -> bool:
    """Whether a subject is somebody rather than something written: who reads, and what reads."""
    word = reading.words[index]
    lemma, form = word.lemma.casefold(), word.text.casefold()
    if lemma in load_lexicon("document_words") or form in ("it", "one", "another", "which", "that"):
        return False
    return can_speak(reading, index)


def _extent(reading: Reading, word: Word, lemma: str) -> tuple[int, int]:
    """First and after-last word of a verb cue: the verb with its particle and, in a passive, its auxiliaries."""
    start, end = word.index, word.index + 1
    last = len(reading.words)
    form = word.text.casefold()
    if end < last:
        following = reading.words[end]
        phrasal = any((form, following.text.casefold()) in phrasal_forms(lexicon) for lexicon, _, _ in _KINDS)
        particle = following.deprel == "compound:prt" and following.head == word.index
        if particle or phrasal or _puts_it(form, following.text.casefold()):
            end += 1
        if _makes_it_clear(reading, word):
            end += 2
    if is_passive(reading, word.index):
        while start > 0 and reading.words[start - 1].deprel == "aux:pass":
            start -= 1
        if lemma in load_lexicon("passive_report_verbs") and end + 1 < last:
            joint, said = (reading.words[place].text.casefold() for place in (end, end + 1))
            if said in reporting_verbs() and (joint == "to" or (joint == "as" and said.endswith("ing"))):
                end += 2  # was quoted as saying, was heard to promise
    return start, end


def _addressee(reading: Reading, verb: int, lemma: str, frame: Set[int]) -> int | None:
    """`told reporters`, `said to her`: the head of the addressee's phrase."""
    for child in reading.children(verb):
        word = reading.words[child]
        if child not in frame or child < verb:
            continue
        if (
            lemma in load_lexicon("telling_verbs")
            and word.relation in ("obj", "iobj")
            and word.upos in ("NOUN", "PROPN", "PRON")
        ):
            return child
        if lemma in load_lexicon("addressing_verbs") and word.relation == "obl":
            case = reading.child(child, "case")
            if case is not None and reading.words[case].text.casefold() in ("to", "at"):
                return child
    return None
