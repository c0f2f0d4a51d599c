"""Marked words that nobody says: names, titles, terms and scare quotes become notes."""

from __future__ import annotations

from quotex._lexicon import load_lexicon
from quotex._reading import Reading
from quotex._stretches import Stretch
from quotex._types import Note

_MESSAGES = {
    "nickname": "a nickname in marks",
    "title": "a title or name in marks",
    "term": "a word or name that is mentioned, not said",
    "scare-quote": "marked words that nothing reports",
}


def naming_code(reading: Reading, stretch: Stretch) -> str | None:
    """What the words before the mark say that it encloses, `nickname`, `title` or `term`, or `None`."""
    if stretch.clause and stretch.opens and stretch.ends in ",.?!":
        return None
    before = [reading.words[index] for index in list(stretch.lead)[-3:]]
    after = [reading.words[index] for index in list(stretch.tail)[:1]]
    if before and after and before[-1].upos == "PROPN" and after[0].upos == "PROPN" and len(stretch.words) < 4:
        return "nickname"
    texts = [word.text.casefold() for word in before]
    lemmas = [word.lemma.casefold() for word in before]
    if any(lemma in load_lexicon("work_nouns") for lemma in lemmas[-1:]) and is_title_case(reading, stretch):
        return "title"
    called = any(lemma in load_lexicon("calling_verbs") for lemma in lemmas) or texts[-2:] == ["known", "as"]
    if len(stretch.words) < 4 and is_title_case(reading, stretch) and (called or _follows_name(reading, stretch)):
        return "nickname"
    if any(text in load_lexicon("term_words") for text in texts[-2:]):
        return "term"
    return None


def _follows_name(reading: Reading, stretch: Stretch) -> bool:
    """Whether the marks stand in brackets after a person's name: `Clara Weiss (“Queenie”)`."""
    end = stretch.lead.stop
    if len(stretch.lead) < 2 or reading.words[end - 1].text not in ("(", "["):
        return False
    name = reading.name_at(end - 2)
    return name is not None and name.label == "PER"


def is_title_case(reading: Reading, stretch: Stretch) -> bool:
    """Whether all words of weight begin with a capital."""
    heavy = [
        word
        for word in (reading.words[index] for index in stretch.words)
        if word.upos not in ("ADP", "DET", "CCONJ", "PART")
    ]
    return bool(heavy) and all(not word.text[:1].islower() for word in heavy)


def not_speech(reading: Reading, stretch: Stretch) -> Note:
    """The note on marked words that are not speech."""
    code = naming_code(reading, stretch)
    if code is None:
        code = "title" if len(stretch.words) > 1 and is_title_case(reading, stretch) else "scare-quote"
    return Note(code=code, span=stretch.marked.extent, message=_MESSAGES[code])
