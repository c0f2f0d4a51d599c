"""Marked words that nobody says: names, titles, terms and scare quotes become notes."""

from __future__ import annotations

from collections.abc import Sequence

from quotex._cues import Cue, CueKind
from quotex._lexicon import load_lexicon
from quotex._mark_shapes import FAMILY
from quotex._reading import Reading, Word
from quotex._role_words import is_role_noun
from quotex._stretches import Stretch, roots
from quotex._subjects import is_passive
from quotex._types import Note, Span

_MESSAGES = {
    "nickname": "a nickname in marks",
    "title": "a title or name in marks",
    "term": "a word or name that is mentioned, not said",
    "scare-quote": "marked words that nothing reports",
}


_PUBLISHERS = ("ORG", "DATE", "MISC")
"""Labels of names whose possessive can stand before the title of a programme: `CBS’s`, `Sunday’s`."""


_LONGEST_APPOSITION = 5
_MOTTOES = frozenset({"motto", "slogan", "theme"})
_EDGES = " ,.;:" + "".join(sorted(FAMILY))
_LONGEST_SUBJECT = 4


def naming_code(reading: Reading, stretch: Stretch) -> str | None:
    """What the words before the mark say that it encloses, `nickname`, `title` or `term`, or `None`."""
    if is_title_case(reading, stretch) and _is_told_work(reading, stretch):
        return "title"
    if _follows_theme(reading, stretch):
        return "title"
    if is_title_case(reading, stretch) and (_names_work(reading, stretch) or _is_place(reading, stretch)):
        return "title"
    if stretch.clause and stretch.opens and stretch.ends in ",.?!":
        return None
    before = [reading.words[index] for index in list(stretch.lead)[-3:]]
    after = [reading.words[index] for index in list(stretch.tail)[:1]]
    amid = bool(before and after) and before[-1].upos == after[0].upos == "PROPN"
    if amid and len(stretch.words) < 4 and stretch.ends not in ",.?!":
        return "nickname"
    if after and after[0].lemma == "mean" and len(stretch.words) < 4:
        return "term"
    texts = [word.text.casefold() for word in before]
    if texts[-1:] == ["by"] and before[-2:-1] and before[-2].lemma == "go" and len(stretch.words) < 4:
        return "nickname"
    lemmas = [word.lemma.casefold() for word in before]
    if any(lemma in load_lexicon("work_nouns") for lemma in lemmas[-1:]) and is_title_case(reading, stretch):
        return "title"
    if is_title_case(reading, stretch) and (_names_noun(reading, stretch) or _is_body(reading, stretch)):
        return "title"
    called = any(lemma in load_lexicon("calling_verbs") for lemma in lemmas) or texts[-2:] == ["known", "as"]
    called = called and not _calls_somebody(reading, before) and not _is_what_they_call(reading, stretch)
    if called and texts[-1].endswith("selves") and len(stretch.words) < 3:
        return "nickname"
    if len(stretch.words) < 4 and is_title_case(reading, stretch) and (called or _follows_name(reading, stretch)):
        return "nickname"
    if texts[-3:] == ["be", "known", ":"]:
        return None  # Lee let it be known: “No boat sails”
    terms = [text in load_lexicon("term_words") for text in texts[-2:]]
    joined = bool(before) and before[-1].upos in ("DET", "ADP", "AUX", "PUNCT", "ADJ", "PRON")
    return "term" if any(terms[-1:]) or (any(terms) and joined) else None


def _is_told_work(reading: Reading, stretch: Stretch) -> bool:
    """Whether words beside a title say what has it: `her drama, “Salt,”`, `the theme: “Salt”`, `“Salt,” a play`."""
    before = [reading.words[index] for index in list(stretch.lead)[-2:]]
    if len(before) == 2 and before[1].text in (",", ":") and before[0].lemma.casefold() in load_lexicon("work_nouns"):
        return len(stretch.words) > 1
    after = [reading.words[index] for index in list(stretch.tail)[:_LONGEST_APPOSITION]]
    if stretch.ends != "," or not after or after[0].text.casefold() not in ("a", "an", "the"):
        return False
    noun = next((word for word in after[1:] if word.upos == "NOUN"), None)
    if noun is None or any(word.upos not in ("ADJ", "PROPN", "NUM") for word in after[1 : after.index(noun)]):
        return False
    return noun.lemma.casefold() in load_lexicon("work_nouns")


def _is_body(reading: Reading, stretch: Stretch) -> bool:
    """Whether the marks enclose the name of a body and no more: `told “The Lakes Post” that`."""
    if not stretch.lead:
        return False  # “Towage,” he replied
    name = reading.name_at(stretch.words[0])
    whole = name is not None and (name.start, name.end) == (stretch.words[0], stretch.words[-1] + 1)
    return name is not None and whole and name.label == "ORG" and stretch.ends not in ",.?!"


def _names_noun(reading: Reading, stretch: Stretch) -> bool:
    """Whether a name in marks modifies the noun behind it: `the “Clear Water” strategy`, `the “ECHO” programme`."""
    if not stretch.tail or stretch.ends in ",.?!" or reading.words[stretch.tail[0]].upos != "NOUN":
        return False
    heads = [reading.words[index] for index in roots(reading, stretch.words)]
    many = len(stretch.words) > 1
    return all(
        word.head == stretch.tail[0] and (word.upos == "PROPN" or (many and word.relation == "compound"))
        for word in heads
    )


def _is_what_they_call(reading: Reading, stretch: Stretch) -> bool:
    """Whether the words are somebody's own for a thing: `what he called the “Empire”`, `he calls for an “Empire”`."""
    verb = next((at for at in reversed(stretch.lead) if reading.words[at].lemma.casefold() == "call"), None)
    if verb is None or is_passive(reading, verb):
        return False
    if reading.words[verb + 1].text.casefold() == "for":
        return True
    before = range(max(verb - _LONGEST_SUBJECT, stretch.lead.start), verb)
    return any(reading.words[at].text.casefold() == "what" for at in before)


def _calls_somebody(reading: Reading, before: Sequence[Word]) -> bool:
    """Whether somebody is called names, which is to speak: `Lee called Ito “Captain Chaos”`."""
    name = reading.name_at(before[-1].index) if before else None
    person = name is not None and name.label == "PER"
    person = person or (bool(before) and is_role_noun(before[-1]))
    return person and any(word.lemma.casefold() == "call" for word in before[:-1])


def _names_work(reading: Reading, stretch: Stretch) -> bool:
    """Whether what stands before a title is what it belongs to: `NBC’s “Meet the Press”`, `a host of “The Five”`."""
    if stretch.ends in "!?" or len(stretch.lead) < 2:
        return False
    before, last = reading.words[stretch.lead.stop - 2], reading.words[stretch.lead.stop - 1]
    if last.deprel == "case" and last.text.casefold() in ("'s", "’s", "'", "’"):
        name = reading.name_at(before.index)
        return name is not None and name.label in _PUBLISHERS
    return last.text.casefold() == "of" and before.lemma.casefold() in load_lexicon("work_makers")


def _is_place(reading: Reading, stretch: Stretch) -> bool:
    """Whether a title is where something was said: `On “Harbour Talk,” Lee said`."""
    if len(stretch.words) < 2 or not stretch.lead or stretch.ends in "!?":
        return False
    before = reading.words[stretch.lead.stop - 1]
    return (
        before.text.casefold() in ("on", "in") and before.relation in ("case", "mark") and before.head in stretch.words
    )


def _follows_theme(reading: Reading, stretch: Stretch) -> bool:
    """Whether words are the theme or motto of something: `on the theme of “growing together”`."""
    before = [reading.words[index] for index in list(stretch.lead)[-2:]]
    return len(before) == 2 and before[1].text.casefold() == "of" and before[0].lemma.casefold() in _MOTTOES


def mention_code(reading: Reading, stretch: Stretch, cue: Cue | None) -> str | None:
    """What words are that a cue has for its object but that nobody says: `nobody said “hero”`, or `None`.

    `Sailors call the line a “painter”` tells the common word for a thing, not what somebody called it.
    """
    if cue is None or cue.kind is CueKind.ACCORDING:
        return None
    beside = cue.end == stretch.lead.stop and bool(stretch.lead)
    if beside and cue.lemma in load_lexicon("mention_verbs") and _is_unsaid(reading, cue):
        return "term"
    titled = is_title_case(reading, stretch) and not stretch.clause and stretch.ends not in "!?"
    if beside and titled and len(stretch.words) > 1 and cue.lemma in load_lexicon("authoring_verbs"):
        return "title"
    if cue.lemma != "call" or len(stretch.words) > 1 or not _is_common(reading, cue) or _is_disowned(reading, cue):
        return None
    article = stretch.lead and reading.words[stretch.lead.stop - 1].relation == "det"
    return "term" if article else "scare-quote"


def _is_unsaid(reading: Reading, cue: Cue) -> bool:
    """Whether a cue denies or supposes: `never said`, `nobody said`, `if I say`, `declined to define`."""
    below = [reading.words[child].text.casefold() for child in reading.children(cue.head)]
    if cue.phrase is not None:
        below.append(reading.words[cue.phrase.start].text.casefold())
    above = reading.words[cue.head].head
    refused = above is not None and reading.words[above].lemma in ("decline", "refuse")
    return refused or not load_lexicon("denying_words").isdisjoint(below)


def _is_disowned(reading: Reading, cue: Cue) -> bool:
    """Whether the writer leaves a name to those who give it: `what they call the “crooked” vote`."""
    subject = None if cue.phrase is None else reading.words[cue.phrase.head]
    return subject is not None and subject.upos == "PRON" and reading.words[subject.index - 1].text.casefold() == "what"


def _is_common(reading: Reading, cue: Cue) -> bool:
    """Whether people at large use a word: `sailors call`, `they call it`, `is called`."""
    if "Tense=Past" in reading.words[cue.head].feats and not cue.agentless:
        return False
    if cue.agentless:
        return cue.start > 0 and reading.words[cue.start].text.casefold() in ("is", "are")
    if cue.phrase is None or cue.phrase.end - cue.phrase.start > 1:
        return False
    word = reading.words[cue.phrase.head]
    form = word.text.casefold()
    plural = word.upos == "NOUN" and "Number=Plur" in word.feats and form not in load_lexicon("group_words")
    return plural or form in ("they", "people")


def is_modifier(reading: Reading, stretch: Stretch) -> bool:
    """Whether the marked words only modify a noun behind them: `the “temporary” closure`."""
    heads = roots(reading, stretch.words)
    if len(heads) != 1 or len(stretch.words) > 2:
        return False
    word = reading.words[heads[0]]
    return word.relation in ("amod", "compound") and word.head is not None and word.head in stretch.tail


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
        if word.upos not in ("ADP", "DET", "CCONJ", "PART") and reading.words[word.index - 1].text != "-"
    ]
    return bool(heavy) and all(not word.text[:1].islower() for word in heavy)


def is_named(reading: Reading, stretch: Stretch, notes: Sequence[Note]) -> bool:
    """Whether the same words are a title or a name elsewhere in the text: `the “Salt Route” … the “Salt Route”`."""
    text = _bare(reading.text, stretch.marked.segments)
    named = (note for note in notes if note.code in ("title", "nickname"))
    return is_title_case(reading, stretch) and any(_bare(reading.text, (note.span,)) == text for note in named)


def _bare(text: str, spans: Sequence[Span]) -> str:
    """Words without marks and punctuation at their edges, in lower case."""
    joined = " ".join(text[span.start_char : span.end_char] for span in spans)
    return joined.casefold().strip(_EDGES)


def not_speech(reading: Reading, stretch: Stretch, code: str | None = None) -> Note:
    """The note on marked words that are not speech; its code where that is known."""
    if code is None:
        code = "title" if len(stretch.words) > 1 and is_title_case(reading, stretch) else "scare-quote"
    return Note(code=code, span=stretch.marked.extent, message=_MESSAGES[code])
