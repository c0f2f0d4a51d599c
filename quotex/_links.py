"""Stage 3, close by: the cue or the label that stands at a marked span, and its source."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from quotex._beside import BESIDE, REPORTS, CueTable, cue_after, highest, neighbour, right_before
from quotex._contents import is_fronted
from quotex._cue_nouns import noun_before, noun_cue
from quotex._cues import Cue, CueKind
from quotex._governing import governing_cue, is_part_of_report
from quotex._labels import label_phrase, person_in, signature_phrase, signed_phrase
from quotex._layout import Form
from quotex._lexicon import load_lexicon
from quotex._phrases import Phrase, source_phrase
from quotex._reading import Reading
from quotex._stretches import Stretch, is_heading
from quotex._subjects import can_speak
from quotex._types import Span

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


def find_link(reading: Reading, stretch: Stretch, cues: CueTable) -> Link | None:
    """The link of a marked span, or `None`.

    What the layout sets off has the label or signature that it names. Else, in order: a verb right after (`“…,” said
    Lee`), the verb whose clause the words are part of, a verb or `according to` right before, any other reporting verb
    of the sentence, a signature, a verb, noun or label that leads in with a colon, a sentence behind the words that
    says whose they are.
    """
    source = stretch.marked.source
    if source is not None:
        return _labelled(reading, stretch.marked.form, source)
    after = cue_after(reading, stretch, cues)
    before = _before(reading, stretch, cues)
    governing = governing_cue(reading, stretch, cues)
    if before and len(stretch.marked.segments) > 1 and reading.words[stretch.lead.stop - 1].text == ":":
        return _link(before[-1], "cue-before")  # `Lee said: “…` is not undone by `he added` paragraphs later
    fronted = [cue for cue in before if _is_before_report(reading, stretch, cue, cues)]
    if fronted:
        return _link(fronted[-1], "cue-verb")
    beside = right_before(reading, stretch, cues)
    reported = governing is not None and bool(before) and governing.head == before[-1].head
    other = after is not None and after.kind is CueKind.OTHER and (reported or beside is not None)
    led = reported or (stretch.opens and bool(before) and _leads_in(reading, stretch, before[-1]))
    answered = led and after is not None and _has_clause(reading, after)
    other = other or answered or (after is not None and _retold(reading, stretch, after))
    if after is not None and not other and not (reported and _leads_on(reading, stretch, governing)):
        return _link(after, "cue-after")
    if led and other and after is not None and governing is not None and governing.head == after.head:
        return _link(before[-1], "cue-before")  # Lee asked him, “Why?” Ito replied that he fell
    if beside is not None and stretch.opens and beside.own_subject and beside.end == stretch.lead.stop:
        return _link(beside, "cue-before")
    if governing is not None:
        nearer = [cue for cue in before if cue.head > governing.head and _is_nearer(reading, stretch, cue)]
        return _link((nearer or [governing])[-1], "cue-verb")
    if before and (not stretch.clause or _leads_in(reading, stretch, before[-1])):
        return _link(before[-1], "cue-before")
    if beside is not None:
        return _link(beside, "cue-before")
    tags = [cue for cue in cues.within(stretch.lead) if cue.kind in BESIDE and cue.own_subject and cue.phrase]
    if tags and stretch.opens and reading.words[stretch.lead.stop - 1].text in (",", ":"):
        return _link(tags[-1], "cue-before")
    later = [cue for cue in _with_source(cues.within(stretch.tail)) if _is_parenthetic(reading, cue)]
    if later or before:
        return _link((later or before[-1:])[0], "cue-sentence")
    noun = noun_before(reading, stretch.lead, stretch.tail)
    if noun is not None:
        return _link(noun, "cue-before")
    signed = signed_phrase(reading, stretch)
    if signed is not None:
        return Link(phrase=signed, method="signature")
    return _colon(reading, stretch, cues) or _said_it(reading, stretch, cues)


def _retold(reading: Reading, stretch: Stretch, after: Cue) -> bool:
    """Whether a cue behind says when words were said that are led in, or who retold them.

    `Lee said: “No”, as cited by the paper`; `Earlier, Lee said, “No,” when Ito asked.`
    """
    led = bool(stretch.lead) and reading.words[stretch.lead.stop - 1].text
    marks = [reading.words[child].text.casefold() for child in reading.children(after.head)]
    retold = led == ":" and "as" in marks and reading.words[stretch.tail.start].text == ","
    return retold or (led in (",", ":") and "when" in marks and len(stretch.lead) > 1)


def _leads_on(reading: Reading, stretch: Stretch, governing: Cue | None) -> bool:
    """Whether the words behind the mark introduce the next one: `When Lee shouted “No,” Ito said: “Why?”`"""
    last = reading.words[stretch.tail.stop - 1].text if stretch.tail else ""
    clause = governing is not None and reading.words[governing.head].relation == "advcl"
    return last == ":" or (last == "," and clause)


def _has_clause(reading: Reading, cue: Cue) -> bool:
    """Whether a cue reports a clause behind it: `Although Lee said it was “old,” she claimed that it held.`"""
    clauses = (child for child in reading.children(cue.head) if reading.words[child].relation == "ccomp")
    return any(child > cue.head for child in clauses)


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
        phrase, kind = cue.phrase, cue.kind
        if kind is CueKind.TAG and reading.words[stretch.lead.stop - 1].text == ":":
            kind = CueKind.REPORTING  # Continued Lee: “…”
        if phrase is None and kind is CueKind.REPORTING and cue.start == stretch.lead.start:
            phrase = neighbour(reading, cue, stretch.lead)
            found.append(attrs.evolve(cue, phrase=phrase, kind=kind))
        else:
            found.append(cue)
    return _main(reading, _with_source(found), stretch.lead)


def _main(reading: Reading, cues: list[Cue], lead: range) -> list[Cue]:
    """Of the cues before a colon those outside relative clauses, if any: `Lee wrote a note that two signed: “…”`"""
    main = [cue for cue in cues if reading.words[cue.head].deprel != "acl:relcl"]
    return main if main and reading.words[lead.stop - 1].text == ":" else cues


def _with_source(cues: Sequence[Cue]) -> list[Cue]:
    return [cue for cue in cues if cue.kind in REPORTS and cue.phrase is not None]


def _is_name_given(reading: Reading, stretch: Stretch, cue: Cue) -> bool:
    """Whether somebody names: `said that Ito called it`; not the `talking` of `called her way of talking “a river”`.

    Nor where one more reported clause begins behind it: `said that he spoke to Ito and that she was “glad”`.
    """
    if cue.kind is not CueKind.NAMING or cue.irrealis or cue.phrase is None or is_part_of_report(reading, cue):
        return False
    if cue.lemma == "call" and not cue.agentless and reading.child(cue.head, "obj", "iobj", "xcomp") is None:
        return False  # `they were calling “every hour”`
    between = (reading.words[index].text.casefold() for index in range(cue.end, stretch.lead.stop))
    return can_speak(reading, cue.phrase.head) and "that" not in between


def _is_before_report(reading: Reading, stretch: Stretch, cue: Cue, cues: CueTable) -> bool:
    """Whether the main clause behind that of a cue reports something else: `While Lee said “no,” he argued that …`."""
    above = reading.words[cue.head].head
    main = cues.by_head.get(above) if above is not None and is_fronted(reading, cue, stretch.words[0]) else None
    return main is not None and _has_clause(reading, main)


def _is_nearer(reading: Reading, stretch: Stretch, cue: Cue) -> bool:
    """Whether a cue between the governing one and the mark is the one that reports."""
    given = _is_name_given(reading, stretch, cue) or _is_aside(reading, stretch, cue)
    return given or _leads_straight(reading, stretch, cue)


def _leads_straight(reading: Reading, stretch: Stretch, cue: Cue) -> bool:
    """Whether a verb of saying has only its addressee before the mark: `defended him, telling reporters: “…”`."""
    if cue.kind is not CueKind.REPORTING or not stretch.opens:
        return False
    spoken_to = () if cue.addressee is None else reading.subtree(cue.addressee)
    between = (index for index in range(cue.end, stretch.lead.stop) if index not in spoken_to)
    return all(reading.words[index].upos == "PUNCT" for index in between)


def _is_aside(reading: Reading, stretch: Stretch, cue: Cue) -> bool:
    """Whether a cue stands between commas right before the mark: `, as one letter put it, “…”`."""
    if cue.phrase is None:
        return False
    mark = reading.words[max(cue.phrase.source_start - 1, 0)]
    return mark.text.casefold() == "as" and stretch.lead.stop - 1 == cue.end and reading.words[cue.end].text == ","


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
    if not lead or not (_is_led_in(reading, stretch) or is_heading(reading, lead)):
        return None
    verbs = _main(reading, [cue for cue in cues.within(lead) if cue.phrase is not None], lead)
    if reading.words[lead.stop - 1].text == ",":
        verbs = [cue for cue in verbs if cue.own_subject and _is_named(cue)]
        return _link(verbs[-1], "colon") if verbs else None
    if verbs:
        own = [cue for cue in verbs if cue.own_subject]
        return _link((own or verbs)[-1], "colon")
    if any(reading.words[index].upos in ("VERB", "AUX") for index in lead):
        return _predicate(reading, lead)
    nominal = [index for index in lead if reading.words[index].upos in ("PROPN", "NOUN")]
    if not nominal:
        return None
    person = person_in(reading, lead)
    head = highest(reading, nominal[-1], lead) if person is None else person
    if reading.words[head].lemma.casefold() in load_lexicon("statement_nouns"):
        cue = noun_cue(reading, head, frozenset(lead))
        if cue is not None:
            return _link(cue, "colon")
    return Link(phrase=source_phrase(reading, head, lambda index: index in lead), method="colon")


def _is_named(cue: Cue) -> bool:
    return cue.phrase is not None and cue.phrase.name is not None


def _is_led_in(reading: Reading, stretch: Stretch) -> bool:
    """Whether a colon leads in, or a comma a whole sentence: `Lee caught the mood, “Nobody is to blame.”`"""
    last = reading.words[stretch.lead.stop - 1].text
    sentence = stretch.clause and stretch.opens and stretch.ends in ".!?" and not stretch.tail
    return last == ":" or (last == "," and sentence)


def _predicate(reading: Reading, lead: range) -> Link | None:
    """The subject of a lead-in without a verb of its own: `Lee was blunt:`."""
    subject = next((index for index in lead if reading.words[index].deprel == "nsubj"), None)
    if subject is None:
        return None
    if reading.words[subject].lemma.casefold() in load_lexicon("statement_nouns"):
        cue = noun_cue(reading, subject, frozenset(lead))
        if cue is not None:
            return _link(cue, "colon")
    return Link(phrase=source_phrase(reading, subject, lambda place: place in lead), method="colon")


def _said_it(reading: Reading, stretch: Stretch, cues: CueTable) -> Link | None:
    """A sentence right after the words that says who said them: `“Not on my boat.” Lee said it twice.`"""
    sentence = reading.sentences[reading.words[stretch.words[-1]].sentence]
    if not stretch.alone or sentence.index + 1 == len(reading.sentences):
        return None
    after = reading.sentences[sentence.index + 1]
    for cue in cues.within(range(after.start, after.end)) if after.paragraph == sentence.paragraph else ():
        said = reading.child(cue.head, "obj")
        it = said is not None and reading.words[said].text.casefold() in ("it", "so", "this", "that")
        if it and cue.lemma in load_lexicon("clause_verbs") and reading.words[cue.head].head is None:
            return _link(cue, "reported-after")
    return None
