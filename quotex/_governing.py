"""Stage 3, close by: the cue above marked words in the parse."""

from __future__ import annotations

from quotex._beside import REPORTS, CueTable
from quotex._contents import is_further, that_clause
from quotex._cue_nouns import claim_cue
from quotex._cues import Cue, CueKind
from quotex._lexicon import load_lexicon
from quotex._naming import is_modifier
from quotex._reading import Reading
from quotex._role_words import is_role_noun
from quotex._stretches import Stretch, roots
from quotex._subjects import can_speak

_ANSWERS = frozenset({"answer", "reply", "respond"})
"""Verbs whose `to` or `with` tells what somebody speaks about or does, not what is said."""
_ASKING_FOR = frozenset({"ask", "beg", "call", "plead"})
"""Verbs whose `for` tells what somebody asked for."""


def governing_cue(reading: Reading, stretch: Stretch, cues: CueTable) -> Cue | None:
    """The nearest cue above the marked words in the parse; a verb of thought only over a whole clause.

    A verb that only might be said (`he said he would call it “a farce”`) gives way to one above it.
    """
    possible: Cue | None = None
    thought: Cue | None = None
    for root in roots(reading, stretch.words):
        below = root
        for node in reading.ancestors(root):
            claim = _claim_before(reading, stretch, cues, below)
            if claim is not None:
                return claim
            cue = cues.by_head.get(node) or _claim(reading, stretch, cues, node, below)
            below = node
            if cue is None or (cue.phrase is None and not cue.agentless) or not _reaches(reading, cue, root):
                continue
            apart = not stretch.opens and cue.end != stretch.lead.stop
            charged = _is_charge(reading, cues, cue)
            beside = _is_beside(reading, cue, root)
            weak = cue.phrase is None or charged or beside or is_part_of_report(reading, cue)
            weak = weak or (apart and (cue.irrealis or _repeats(reading, cue) or _is_told(reading, stretch, cues, cue)))
            if cue.kind in REPORTS and weak:
                possible = possible or cue
            elif cue.kind in REPORTS:
                return cue
            elif cue.kind is CueKind.THOUGHT and _is_thought(reading, stretch, root, node):
                thought = thought or cue
    return possible or thought


def _is_beside(reading: Reading, cue: Cue, word: int) -> bool:
    """Whether marked words are coordinated with a cue: `Lee said Ito begged her and “fell to his knees”`.

    So are two clauses with `that` under one verb: `told us that she spoke to Ito and that “we will sail”`.
    """
    path = (word, *reading.ancestors(word))
    below = path[path.index(cue.head) - 1]
    if reading.words[below].relation != "conj":
        return False
    return not is_further(reading, below) or (_has_that(reading, cue.head) and _has_that(reading, below))


def _has_that(reading: Reading, verb: int) -> bool:
    """Whether a clause begins with `that`."""
    mark = reading.child(verb, "mark")
    return mark is not None and reading.words[mark].text.casefold() == "that"


def _is_charge(reading: Reading, cues: CueTable, cue: Cue) -> bool:
    """Whether a verb of saying charges somebody with a cue: the `calling` of `accused her of calling it “vile”`."""
    mark, above = reading.child(cue.head, "mark", "case"), reading.words[cue.head].head
    if cue.own_subject or mark is None or reading.words[mark].text.casefold() not in ("of", "for"):
        return False
    charging = (cues.by_head.get(node) for node in reading.ancestors(cue.head)[:2]) if above is not None else ()
    return any(verb is not None and verb.kind in (CueKind.REPORTING, CueKind.NAMING) for verb in charging)


def _claim(reading: Reading, stretch: Stretch, cues: CueTable, noun: int, clause: int) -> Cue | None:
    """A noun of saying over a reported clause."""
    if _is_occasion(reading, cues, noun):
        return None
    return claim_cue(reading, noun, clause, frozenset((*stretch.lead, *stretch.tail)))


def _is_occasion(reading: Reading, cues: CueTable, noun: int) -> bool:
    """Whether a noun only tells on what occasion something was said: `said in her remarks that it was “open”`."""
    above = reading.words[noun].head
    verb = None if above is None else cues.by_head.get(above)
    return verb is not None and verb.kind is CueKind.REPORTING and reading.words[noun].relation == "obl"


def _claim_before(reading: Reading, stretch: Stretch, cues: CueTable, clause: int) -> Cue | None:
    """A noun of saying right before a clause that parsers hang on the verb: `rallied them with calls to “end” it`."""
    mark = reading.child(clause, "mark")
    if mark is None or mark == 0 or reading.words[clause].head == mark - 1 or _is_occasion(reading, cues, mark - 1):
        return None
    return claim_cue(reading, mark - 1, clause, frozenset((*stretch.lead, *stretch.tail)))


def _repeats(reading: Reading, cue: Cue) -> bool:
    """Whether a cue of a pronoun or a thing stands inside what a verb reports: `Lee said she called it “a farce”`."""
    if cue.phrase is None:
        return False
    if reading.words[cue.phrase.head].upos != "PRON" and can_speak(reading, cue.phrase.head):
        return False
    if reading.words[cue.head].deprel == "acl:relcl" and reading.words[cue.phrase.head].upos == "PRON":
        return False  # said the plan, which she called “a farce,” was dead
    return any(reading.words[node].relation == "ccomp" for node in (cue.head, *reading.ancestors(cue.head)))


def _is_told(reading: Reading, stretch: Stretch, cues: CueTable, cue: Cue) -> bool:
    """Whether somebody tells before that somebody reports: `Ito said Lee had told the crew that it was “over”`.

    Not where the marked words are all that is reported: `Ito said Lee had made it clear that “it is over”`.
    """
    between = [reading.words[index] for index in range(cue.end, stretch.lead.stop)]
    if cue.head < stretch.words[0] and all(word.upos == "PUNCT" or word.text.casefold() == "that" for word in between):
        return False
    word = reading.words[cue.head]
    if cue.kind is CueKind.NAMING or not cue.own_subject or word.relation != "ccomp" or word.head is None:
        return False
    teller = cues.by_head.get(word.head)
    return teller is not None and teller.kind in REPORTS and teller.phrase is not None and teller.head < cue.head


def is_part_of_report(reading: Reading, cue: Cue) -> bool:
    """Whether a pronoun names a thing inside what a verb reports: `Lee said it would end in what she calls “war”`."""
    if cue.kind is not CueKind.NAMING or cue.phrase is None or cue.phrase.source_start == 0:
        return False
    free = reading.words[cue.phrase.source_start - 1].text.casefold() == "what"
    if not free or reading.words[cue.phrase.head].upos != "PRON":
        return False
    clauses = (reading.words[node] for node in reading.ancestors(cue.head))
    verbs = (clause.head for clause in clauses if clause.relation == "ccomp" and clause.head is not None)
    subjects = (reading.child(verb, "nsubj") for verb in verbs)
    return any(subject is not None and _is_somebody(reading, subject) for subject in subjects)


def _is_somebody(reading: Reading, index: int) -> bool:
    """Whether a word is a pronoun, a person's name or what somebody is."""
    name, word = reading.name_at(index), reading.words[index]
    return word.upos == "PRON" or (name is not None and name.label == "PER") or is_role_noun(word)


def _is_thought(reading: Reading, stretch: Stretch, root: int, verb: int) -> bool:
    """Whether a verb of thought reports marked words: a clause, or part of one: `feared it was “over”`."""
    path = (root, *reading.ancestors(root))
    below = path[path.index(verb) - 1]
    if reading.words[below].relation != "ccomp":
        return below == root and stretch.clause
    return not is_modifier(reading, stretch)


def _reaches(reading: Reading, cue: Cue, word: int) -> bool:
    """Whether a marked word can be what the cue reports.

    Not if it is part of the source phrase (`a host of “The Five” said`), nor if it stands behind a preposition of a
    verb that reports clauses: `said of the “temporary” closure`.
    """
    if cue.phrase is not None and cue.phrase.source_start <= word < cue.phrase.source_end:
        return False
    path = (word, *reading.ancestors(word))
    if cue.phrase is not None and cue.phrase.head in path:
        inner = path[: path.index(cue.phrase.head)]
        if all(reading.words[index].relation in ("nmod", "appos", "compound", "amod") for index in inner):
            return False
    below = path[path.index(cue.head) - 1]
    if reading.words[below].relation != "obl":
        return True
    if that_clause(reading, below, {word}) is not None:
        return cue.kind is CueKind.REPORTING
    if cue.lemma == "call" and reading.words[below].deprel == "obl:unmarked":
        return reading.child(cue.head, "obj") is not None  # not `they were calling “every hour”`
    case = reading.child(below, "case")
    form = "" if case is None else reading.words[case].text.casefold()
    if form in ("to", "with") and cue.lemma in _ANSWERS:
        return False  # they responded to a “violation” with a “campaign”
    if form == "for" and cue.lemma in _ASKING_FOR:
        return True  # asked for “a wet cloth”
    return cue.lemma not in load_lexicon("clause_verbs") and not (form == "about" and cue.kind is CueKind.NAMING)
