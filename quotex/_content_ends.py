"""Stage 3, the end of the content: what the writer adds behind the last marked word is not reported."""

from __future__ import annotations

from collections.abc import Set

from quotex._cues import Cue
from quotex._lexicon import load_lexicon
from quotex._mark_shapes import FAMILY
from quotex._reading import DASHES, Reading, Word
from quotex._verbs import reporting_verbs, verb_forms

CIRCUMSTANCES = frozenset({"after", "as", "before", "when", "while"})
"""Words that begin a clause on when something was said."""
CONDITIONS = frozenset({"although", "because", "if", "though", "unless"})
"""Words that begin a clause which is reported, not one on when something was said."""
_RELATIVES = frozenset({"where", "which", "who", "whose"})
"""Words that begin a relative clause behind a comma."""
_ANSWERING = frozenset({"answering", "replying", "responding"})
_LONGEST_NAME = 5
"""Words within which the verb of a name at the start of a clause is looked for."""


def end_behind(reading: Reading, cue: Cue, found: Set[int], marked: Set[int]) -> int:
    """Where the content of a cue before it ends behind the last marked word.

    The writer's own are a relative clause or participle behind a comma, `said it was “over” for Ito, who left`, what is
    called a claim there, `said it was “over,” a charge that Ito denied`, what a conjunction or participle adds behind a
    dash, `said it was “over” — but he stayed`, a verb that the cue's is coordinated with, `said it was “over” and asked
    him to leave`, and what the source did beside it: `said it was “over” before leaving`.
    """
    for index in sorted(found):
        if index <= max(marked):
            continue
        if reading.words[index].text == "," and _begins_aside(reading, index + 1):
            return index
        if reading.words[index].text in DASHES and _begins_addition(reading, index + 1):
            return index
        if reading.words[index].upos == "CCONJ" and (
            _reports_next(reading, cue, index + 1) or _others_report(reading, index + 1)
        ):
            return index
        if _begins_circumstance(reading, index):
            return index
        name = reading.name_at(index)
        if name is not None and name.label == "DATE" and reading.words[index - 1].text in FAMILY:
            return index  # said it was “over” Friday
    return len(reading.words)


def _begins_aside(reading: Reading, start: int) -> bool:
    """Whether a relative pronoun, a participle or a noun for what was said stands at a word, marks left out."""
    while start < len(reading.words) and reading.words[start].text in FAMILY:
        start += 1
    if start == len(reading.words):
        return False
    word = reading.words[start]
    if word.text.casefold() in ("a", "an") and word.head is not None and word.relation == "det":
        return reading.words[word.head].lemma.casefold() in load_lexicon("statement_nouns")
    return _is_participle(word) or word.text.casefold() in _RELATIVES


def _begins_addition(reading: Reading, start: int) -> bool:
    """Whether a conjunction or a participle stands at a word: `— while`, `— but`, `— having`."""
    if start >= len(reading.words):
        return False
    word = reading.words[start]
    adds = word.upos in ("CCONJ", "SCONJ") and word.text.casefold() != "that"
    adds = adds or word.text.casefold() in ("a", "an")  # — a modest gain for the owners
    return adds or _is_participle(word) or word.text.casefold() == "having"


def _begins_circumstance(reading: Reading, index: int) -> bool:
    """Whether a word leads to what the source did, or somebody else said: `before leaving`, `while Ito said`."""
    word, following = reading.words[index], reading.words[min(index + 1, len(reading.words) - 1)]
    form = word.text.casefold()
    if form in CIRCUMSTANCES and form != "as" and _is_participle(following):
        return True
    if form == "in" and following.text.casefold() in _ANSWERING:
        return True
    if form in ("although", "though") and reading.words[index - 1].upos == "PUNCT":
        return True
    if form != "while" or word.relation != "mark" or word.head is None:
        return False
    subject = reading.child(word.head, "nsubj")
    contrasts = reading.words[word.head].text.casefold() in reporting_verbs()
    return contrasts and subject is not None and reading.words[subject].upos != "PRON"


def _reports_next(reading: Reading, cue: Cue, start: int) -> bool:
    """Whether the next verb, of the cue's form and without a subject of its own, reports too."""
    own = reading.words[cue.head]
    for word in reading.words[start : start + 3]:
        if word.upos == "VERB":
            form = word.text.casefold()
            alike = word.feats == own.feats or (form.endswith("ing") and own.text.casefold().endswith("ing"))
            alike = alike or (reading.child(cue.head, "aux") is not None and "VerbForm=Fin" in word.feats)
            reports = form in reporting_verbs() or form in verb_forms("naming_verbs")
            return reports and alike and reading.child(word.index, "nsubj") is None
        if word.upos not in ("ADV", "AUX"):
            return False
    return False


def _others_report(reading: Reading, start: int) -> bool:
    """Whether somebody else's report begins at a word: `Lee saying he was “glad” and Ito calling it “great”`."""
    for word in reading.words[start : start + _LONGEST_NAME]:
        subject = reading.child(word.index, "nsubj")
        if word.upos == "VERB" and subject is not None:
            form = word.text.casefold()
            reports = form in reporting_verbs() or form in verb_forms("naming_verbs")
            begins = subject >= start and reading.subtree(subject)[0] <= start
            return reports and begins and reading.words[subject].upos == "PROPN"
    return False


def breaks(reading: Reading, index: int) -> bool:
    """Whether a name given to something ends here: `called it “a farce,” and left`."""
    word = reading.words[index]
    if _is_inside_word(reading, index):
        return False
    if word.upos == "CCONJ":
        rest = reading.words[index + 1 : index + 4]
        following = next((other for other in rest if other.upos != "ADV"), None)
        subject = following is not None and following.upos == "PRON" and following.deprel != "nmod:poss"
        return following is None or subject or following.upos in ("VERB", "AUX")
    return word.upos == "PUNCT" and word.text not in FAMILY


def _is_inside_word(reading: Reading, index: int) -> bool:
    """Whether a hyphen joins two words: `self-described`."""
    if not 0 < index < len(reading.words) - 1:
        return False
    before, word, after = reading.words[index - 1 : index + 2]
    return word.text == "-" and before.end_char == word.start_char and word.end_char == after.start_char


def _is_participle(word: Word) -> bool:
    progressive = word.text.casefold().endswith("ing") and word.text.casefold() != word.lemma.casefold()  # not `bring`
    return word.upos == "VERB" and word.relation != "case" and progressive
