"""Stage 3, close by: the label before a turn and the signature below a block quotation; who asks and who answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence, Set

import attrs

from quotex._beside import highest
from quotex._lexicon import load_lexicon
from quotex._names import is_part, name_words
from quotex._phrases import Phrase, source_phrase, without_titles
from quotex._reading import DASHES, Name, Reading
from quotex._role_places import line_role
from quotex._role_words import is_role, is_role_noun
from quotex._roles import roles_of
from quotex._stretches import Stretch
from quotex._types import Span

_NOMINAL = ("NOUN", "PROPN")


@attrs.frozen(kw_only=True)
class Parties:
    """Who talks in an interview, as its introduction says.

    Attributes:
        asking: The phrase for whoever asks, or `None`.
        answering: The phrase for whoever is asked, or `None`.
    """

    asking: Phrase | None = None
    answering: Phrase | None = None


def label_phrase(reading: Reading, label: Span) -> Phrase | None:
    """The source phrase that a label is: a name with its titles and post, or a description (`THE CHAIR`)."""
    whole = _words(reading, label)
    if not whole:
        return None
    comma = next((index for index in whole if reading.words[index].text == ","), whole.stop)
    words = range(whole.start, max(comma, whole.start + 1))
    name = _name(reading, words)
    start, end = (words.start, words.stop) if name is None else (name.start, name.end)
    return Phrase(head=end - 1, start=start, end=end, source_start=whole.start, source_end=whole.stop, name=name)


def signature_phrase(reading: Reading, signature: Span) -> Phrase | None:
    """The source phrase of a signature: `Ann Lee, Director`, `a visitor`; `None` where it names nobody."""
    words = _words(reading, signature)
    if not words or reading.words[words[0]].text.casefold() in load_lexicon("unnamed_labels"):
        return None
    named = (reading.name_at(index) for index in words)
    person = next((_within(words, name) for name in named if name is not None and name.label == "PER"), None)
    inside = words if person is None else range(person.start, person.end)
    head = next((i for i in inside if reading.words[i].head not in inside and reading.words[i].upos in _NOMINAL), None)
    if head is None:
        return None
    phrase = source_phrase(reading, head, lambda index: index in words)
    if person is not None:
        phrase = attrs.evolve(phrase, start=person.start, end=person.end, name=person)
    elif phrase.start < words.start or phrase.end > words.stop:
        phrase = attrs.evolve(phrase, start=words.start, end=words.stop, name=None)
    return attrs.evolve(phrase, source_start=words.start, source_end=words.stop)


def _within(words: range, name: Name) -> Name:
    """The part of a name that stands among some words: a line may end where the parser sees no end of a sentence."""
    return attrs.evolve(name, start=max(name.start, words.start), end=min(name.end, words.stop))


def signed_phrase(reading: Reading, stretch: Stretch) -> Phrase | None:
    """Who stands behind the closing mark without a verb, as an author.

    A dash and a name on the same line or the next: `“…” — Ann Lee, Director`. A comma in the marks, a name and what
    somebody is: `“We hoped for more,” Ann Lee, a nurse.`
    """
    start, end = stretch.tail.start, len(reading.words)
    if start + 1 >= end:
        return None
    dashed = reading.words[start].text in DASHES
    if not dashed and not _is_captioned(reading, stretch):
        return None
    first = start + 1 if dashed else start
    region = range(first, reading.sentences[reading.words[first].sentence].end)
    person = person_in(reading, region)
    head = first if person is None else person
    if reading.words[head].upos not in _NOMINAL or (person is None and not stretch.tail and not _signs(reading, head)):
        return None
    if any(reading.words[index].upos == "VERB" for index in region):
        return None
    return source_phrase(reading, highest(reading, head, region), lambda index: index in region)


def _signs(reading: Reading, index: int) -> bool:
    """Whether a name and what somebody is fill a line behind a dash, whatever the name model takes it for."""
    name = reading.name_at(index)
    return name is not None and any(is_role(reading, span) for span in line_role(reading, name))


def _is_captioned(reading: Reading, stretch: Stretch) -> bool:
    """Whether a person’s name and a comma follow marks that close with one and that nothing precedes."""
    if not stretch.tail or stretch.lead or stretch.ends != "," or not stretch.opens:
        return False
    name = reading.name_at(stretch.tail.start)
    if name is None or name.label != "PER" or name.start != stretch.tail.start or name.end not in stretch.tail:
        return False
    return reading.words[name.end].text == ","


def person_in(reading: Reading, words: range) -> int | None:
    """The head of the first person's name among some words."""
    names = (reading.name_at(index) for index in words)
    person = next((name for name in names if name is not None and name.label == "PER"), None)
    if person is None:
        return None
    inside = range(person.start, person.end)
    return next((index for index in inside if reading.words[index].head not in inside), person.start)


def _words(reading: Reading, span: Span) -> range:
    words = reading.words_in(span.start_char, span.end_char)
    end = words.stop
    while end > words.start and reading.words[end - 1].upos == "PUNCT":
        end -= 1
    return range(words.start, end)


def _name(reading: Reading, words: range) -> Name | None:
    """The name in a label. One that the name model missed is a name too, unless it describes somebody."""
    found = next((name for name in map(reading.name_at, words) if name is not None), None)
    label = found.label if found is not None and found.label in ("PER", "ORG") else None
    first, last = reading.words[words[0]], reading.words[words[-1]]
    texts = {reading.words[index].text.casefold() for index in words}
    described = is_role_noun(last) or first.upos == "DET" or bool(texts & _descriptions())
    if label != "PER" and described:
        return None
    return without_titles(reading, Name(start=words[0], end=words[-1] + 1, label=label or "PER"))


def _descriptions() -> frozenset[str]:
    return load_lexicon("generic_persons") | load_lexicon("group_words") | load_lexicon("role_nouns")


def label_speaker(reading: Reading, label: Phrase, parties: Parties) -> Phrase | None:
    """The phrase that says who a label means: itself, for `Q` and `A` a party, `None` for `UNIDENTIFIED SPEAKER`."""
    words = reading.word_span(label.start, label.end).text.casefold()
    if words.split()[0] in load_lexicon("unnamed_labels"):
        return None
    for lexicon, party in (("asking_labels", parties.asking), ("answering_labels", parties.answering)):
        if words in load_lexicon(lexicon):
            return label if party is None and len(words) > len("question") else party
    return label


def find_parties(reading: Reading, introduction: Set[int]) -> Parties:
    """Who asks and who answers, by the words before the first turn.

    Whoever is a reporter there, interviews somebody, or is `I`, asks. Of the others the one who is quoted most often
    answers, then the one named most often.

    Args:
        reading: The text.
        introduction: The words before the first turn that no marks enclose.
    """
    names = [name for name in reading.names if name.label == "PER" and name.start in introduction]
    asking = next((name for name in names if _asks(reading, name)), None)
    counts = Counter(_key(reading, name) for name in names)
    others = [name for name in names if asking is None or not _same(reading, name, asking)]
    quoted = Counter(_key(reading, name) for name in names if _is_quoted(reading, name))

    def told(name: Name) -> tuple[int, int]:
        one, other = (sum(some[key] for key in some if is_part(key, _key(reading, name))) for some in (quoted, counts))
        return one, other

    answering = max(others, key=told, default=None)
    if asking is None:
        narrator = next((i for i in sorted(introduction) if reading.words[i].text == "I"), None)
        asker = None if narrator is None else source_phrase(reading, narrator, lambda index: index == narrator)
    else:
        asker = _named(reading, asking)
    return Parties(asking=asker, answering=None if answering is None else _named(reading, answering))


def _is_quoted(reading: Reading, name: Name) -> bool:
    """Whether somebody is the subject of a verb of saying."""
    subjects = (
        reading.words[index] for index in range(name.start, name.end) if reading.words[index].relation == "nsubj"
    )
    heads = (reading.words[word.head] for word in subjects if word.head is not None)
    return any(head.lemma.casefold() in load_lexicon("speech_verbs") | load_lexicon("telling_verbs") for head in heads)


def _asks(reading: Reading, name: Name) -> bool:
    roles = load_lexicon("asking_roles")
    for span in roles_of(reading, name):
        words = reading.words_in(span.start_char, span.end_char)
        if any(reading.words[index].lemma.casefold() in roles for index in words):
            return True
    for index in range(name.start, name.end):
        word = reading.words[index]
        governs = word.head is not None and reading.words[word.head].lemma == "interview"
        if governs and word.deprel in ("nsubj", "obl:agent"):
            return True
    return False


def _key(reading: Reading, name: Name) -> tuple[str, ...]:
    return name_words(reading.word_span(name.start, name.end).text)


def _same(reading: Reading, one: Name, other: Name) -> bool:
    keys: Sequence[tuple[str, ...]] = (_key(reading, one), _key(reading, other))
    return is_part(*keys) or is_part(*reversed(keys))


def _named(reading: Reading, name: Name) -> Phrase:
    name = without_titles(reading, name)
    return Phrase(
        head=name.end - 1, start=name.start, end=name.end, source_start=name.start, source_end=name.end, name=name
    )
