"""Roles: the titles, offices, occupations and relations that a text states for a person, as written."""

from __future__ import annotations

from collections.abc import Iterator

from quotex._lexicon import load_lexicon
from quotex._phrases import Phrase, called, second_subject
from quotex._reading import Name, Reading, Word
from quotex._role_clauses import nominal_roles, relative_roles, subject_roles
from quotex._role_places import (
    affiliation,
    after_name,
    before_name,
    is_leading,
    line_role,
    noun_phrase,
    role_phrase,
    with_body,
)
from quotex._role_words import AGES, is_labelled, is_office, is_rank, is_role, is_role_noun
from quotex._types import Span

_PREPOSITIONS = frozenset({"of", "for", "to", "at", "in"})
_FIELDS = frozenset({"justice"})
"""Words that name an office and what a minister is over."""
_LINKS = _PREPOSITIONS | {"and", "&", "the"}


def roles_of(reading: Reading, name: Name) -> tuple[Span, ...]:
    """The roles that the text states at one mention of a person.

    A title before the name (`NATO Secretary General Jens Stoltenberg`), an apposition on either side (`Ann Lee, the
    director`, `the director, Ann Lee`), words in brackets (`Ann Lee (director, Lakes Bank)`), the line of a signature,
    and all that `subject_roles` finds.

    Args:
        reading: The text.
        name: The mention, titles left out.
    """
    found = [
        *_appositions(reading, name),
        *_before(reading, name),
        *_in_front(reading, name),
        *line_role(reading, name),
        *before_name(reading, name),
    ]
    for head in after_name(reading, name):
        found.extend(nominal_roles(reading, head) if isinstance(head, int) else [head])
    whole = _with_titles(reading, name)
    heads = [place for place in whole if reading.words[place].head not in whole]
    found.extend(span for head in heads for span in relative_roles(reading, head))
    told = [span for head in heads for span in subject_roles(reading, head)]
    own = (span for span in found if is_role(reading, span) and not _is_anothers(reading, span))
    stated = [*own, *told, *affiliation(reading, name)]
    return tuple(with_body(reading, span) for span in stated)


def _is_anothers(reading: Reading, span: Span) -> bool:
    """Whether a phrase is somebody else's title and name: `club president Tom Ray`; not `spokesman for Tom Ray`."""
    place = reading.words_in(span.start_char, span.end_char)
    for index in place:
        name = reading.name_at(index)
        if name is None or name.label != "PER" or index != name.start or index == place.start:
            continue
        linked = any(reading.words[at].upos in ("ADP", "PART", "VERB", "PUNCT") for at in range(place.start, index))
        owner = name.end < place.stop and reading.words[name.end].text[0] in "'\N{RIGHT SINGLE QUOTATION MARK}"
        if not linked and not owner and is_role_noun(reading.words[index - 1]):
            return True
    return False


def described_role(reading: Reading, phrase: Phrase) -> Span | None:
    """What the description of an unnamed person says that it does: `a spokesman for the council`; not `a woman`."""
    head = reading.words[phrase.head]
    joined = (reading.words[child] for child in reading.children(phrase.head))
    if "Number=Plur" in head.feats or any(word.relation == "conj" and word.upos == "PRON" for word in joined):
        return None
    start = phrase.start
    while start < phrase.head and (is_leading(reading, start) or reading.words[start].upos == "NUM"):
        start += 1
    words = [reading.words[index] for index in range(start, phrase.end)]
    if not is_role_noun(head) and not is_labelled(words, head):
        return None
    span = reading.word_span(start, phrase.end)
    return None if _is_anothers(reading, span) else span


def _before(reading: Reading, name: Name) -> Iterator[Span]:
    """The words right before the name that belong to its noun phrase."""
    words, start, end = reading.words, name.start, name.start
    if start > 3 and words[start - 1].text == ")" and words[start - 3].text == "(":
        start = end = start - 3  # chief executive officer (CEO) Ann Lee
    while start > 0 and _is_title_word(reading, start - 1, name):
        start -= 1
    inner = (at for at in range(end - 1, start, -1) if words[at].upos == "DET" and words[at - 1].upos == "NOUN")
    start = next(inner, start)  # His Highness | the Emir
    while start < end and (is_leading(reading, start) or _is_possessive(words[start])):
        start += 1
    while end > start and (words[end - 1].upos == "PUNCT" or _is_address(words[end - 1])):
        end -= 1
    ranked = end
    while ranked - start > 1 and is_rank(words[ranked - 1]):
        ranked -= 1
    if ranked < end and is_role_noun(words[ranked - 1]) and not _is_one_rank(words[ranked - 1], words[ranked]):
        end = ranked  # director Prof Ann Lee, chairman Sheikh Ali Lee, analyst Maj Gen Bo Ray
    if end > start and words[end - 1].upos in ("CCONJ", "ADP", "DET"):
        return  # advisers to Mr Lee
    start = _own_title(reading, start, end)
    if end - start == 1 and words[start].text in AGES and words[start - 1].text.casefold() == "the":
        return  # the elder Lee
    if start < end and (_ends_title(reading, start, end) or not words[end - 1].text[:1].islower()):
        yield reading.word_span(start, end)


def _is_address(word: Word) -> bool:
    """`Dr`, `Mr`, `H E` between an office and the name; not the last word of `First Lady`."""
    text = word.text.casefold().strip(".")
    return text in load_lexicon("polite_titles") - load_lexicon("role_nouns") or word.text in ("H", "E", "H.E.", "HE")


def _is_one_rank(before: Word, word: Word) -> bool:
    """Whether a title and the rank behind it are one: `Detective Sergeant`; not `chairman Sheikh`."""
    title = before.text.casefold() in load_lexicon("titles")
    if before.text.casefold() in load_lexicon("rank_words"):
        return True
    return is_rank(before) or (title and word.text.casefold() in load_lexicon("ranks"))


def _own_title(reading: Reading, start: int, end: int) -> int:
    """Where the name's own title begins: behind whose it is (`son of | Education Minister`), behind another phrase.

    `In the match programme | Adler trainer`: lower-case nouns before capitalised ones after a preposition are no title.
    """
    words = reading.words
    link = next((at for at in range(end - 2, start, -1) if words[at].text.casefold() in _PREPOSITIONS), None)
    field = words[end - 1].lemma.casefold() in _FIELDS
    if link is not None and is_role_noun(words[end - 1]) and not field:
        start = link + 1
    joint = next((at for at in range(end - 2, start, -1) if words[at].upos == "CCONJ"), None)
    if joint is not None and link is None and _is_argument(words[joint - 1]) and is_role_noun(words[end - 1]):
        start = joint + 1  # the Assembly and | President
    while start < end - 1 and words[start].upos == "DET":
        start += 1
    place = next((at for at in range(start, end) if words[at].text[:1].isupper()), start)
    led = any(words[at].upos == "ADP" for at in range(max(start - 2, 0), start))
    if (
        led
        and place > start
        and all(words[at].upos == "NOUN" and not is_role_noun(words[at]) for at in range(start, place))
    ):
        return place
    return start


def _is_argument(word: Word) -> bool:
    """Whether a word is what a verb has beside it, no part of a title."""
    return word.relation in ("nsubj", "obj", "iobj", "obl") and not is_role_noun(word)


def _ends_title(reading: Reading, start: int, end: int) -> bool:
    """Whether a phrase before a name is a title: it ends in one, or in what a title is over (`Minister for Health`)."""
    words = reading.words
    if is_role_noun(words[end - 1]) or is_office(words[end - 1]):
        return True
    if words[end - 1].lemma.casefold() in load_lexicon("generic_persons"):
        return is_labelled([words[place] for place in range(start, end)], words[end - 1])
    linked = (place for place in range(start, end) if words[place].text.casefold() in _LINKS)
    return any(is_role_noun(words[place - 1]) for place in linked if place > start)


def _is_title_word(reading: Reading, index: int, name: Name) -> bool:
    word, after = reading.words[index], reading.words[index + 1]
    if word.sentence != reading.words[name.start].sentence or "\n" in reading.text[word.end_char : after.start_char]:
        return False
    named = reading.name_at(index)
    if named is not None and named.label == "PER" and named.end <= name.start:
        return index == named.start == named.end - 1 and word.relation == "compound" and after.upos in ("NOUN", "ADJ")
    if word.upos in ("NOUN", "PROPN", "ADJ") or (word.upos == "VERB" and word.relation == "amod"):
        return word.text[-1] not in ",;:" and named is not name
    if _is_possessive(word) or word.text == "-" or _is_bracketed(reading, index):
        return True
    before = reading.words[max(index - 1, 0)]
    if word.upos == "DET" and before.text.casefold() in _PREPOSITIONS and after.text[:1].isupper():
        before = reading.words[max(index - 2, 0)]  # Leader of the Opposition Ann Lee
    return word.text.casefold() in _LINKS and index > 0 and _links(before, after)


def _is_bracketed(reading: Reading, index: int) -> bool:
    """Whether a word is a bracket around an acronym: `Harbour Safety Board (HSB) director Ann Lee`."""
    words, text = reading.words, reading.words[index].text
    if text == ")":
        return index > 1 and words[index - 2].text == "(" and words[index - 1].text.isupper()
    behind = words[index + 1 : index + 3]
    return text == "(" and len(behind) == 2 and behind[1].text == ")" and behind[0].text.isupper()


def _links(before: Word, after: Word) -> bool:
    """Whether a preposition or `and` is inside a title: `Ambassador to Qatar Ann Lee`, not `the tenure of Ann Lee`."""
    title = before.text[:1].isupper() or before.lemma.casefold() in load_lexicon("role_nouns")
    return title and before.upos in ("NOUN", "PROPN") and after.upos in ("NOUN", "PROPN", "ADJ", "DET")


def _is_possessive(word: Word) -> bool:
    return word.text in ("'s", "’s", "'", "’") and word.upos == "PART"


def _appositions(reading: Reading, name: Name) -> Iterator[Span]:
    """Appositions after the name, and the phrase that the name is in apposition to with its other appositions."""
    inside = _with_titles(reading, name)
    for index in inside:
        for child in reading.children(index):
            if child < name.end or _leads_to_name(reading, child) or _parts_from(reading, index, child):
                continue
            if _is_behind_another(reading, name, child):
                continue
            if reading.words[child].relation == "appos" or _is_further(reading, child):
                yield _with_first(reading, index, role_phrase(reading, child, name))
        word = reading.words[index]
        if word.relation in ("appos", "flat") and word.head is not None and word.head < inside.start:
            span = role_phrase(reading, _titled_head(reading, word.head), name)
            yield span
            yield from _said_before(reading, span)
            for child in reading.children(word.head):
                if child >= name.end and reading.words[child].relation == "appos":
                    yield role_phrase(reading, child, name)


def _with_titles(reading: Reading, name: Name) -> range:
    """The words of a name and of the titles before it, one of which may be its head in the parse: `Madame Ann Lee`."""
    words, start = reading.words, name.start
    while start > 0 and words[start - 1].sentence == words[name.start].sentence and _is_address(words[start - 1]):
        start -= 1
    return range(start, name.end)


def _in_front(reading: Reading, name: Name) -> Iterator[Span]:
    """Phrases in front of the name: `Secretary for Trade and Sports Ann Lee`, `a critic called Ann Lee`."""
    for index in range(name.start, name.end):
        word = reading.words[index]
        titles = [child for child in reading.children(index) if reading.words[child].deprel == "nmod:desc"]
        if word.relation == "nsubj" and word.head is not None:
            for child in reading.children(word.head):
                person = (other := reading.name_at(child)) is not None and other.label == "PER"
                second = second_subject(reading, child) if child < name.start and not person else None
                if second is not None and second.end == name.end:
                    titles.append(child)
        for title in titles:
            if title < name.start and any(reading.words[at].upos == "ADP" for at in range(title, name.start)):
                yield _up_to(reading, role_phrase(reading, title, name), name)
        above = next((at for at in reading.ancestors(index)[1:2] if called(reading, at) is not None), None)
        if above is not None and above < name.start:
            yield role_phrase(reading, above, name)


def _up_to(reading: Reading, span: Span, name: Name) -> Span:
    """A title widened to all that stands between it and the name, where only nouns and their links do."""
    last = name.start - 1
    while reading.words[last].upos == "PUNCT" or _is_address(reading.words[last]):
        last -= 1
    return reading.span(span.start_char, max(span.end_char, reading.words[last].end_char))


def _is_further(reading: Reading, conjunct: int) -> bool:
    """Whether a conjunct is one more thing that somebody is: `Ann Lee, owner of the bank and only child of Bo Lee`."""
    word = reading.words[conjunct]
    bare = not any(reading.words[child].deprel in ("det", "nmod:poss") for child in reading.children(conjunct))
    one = word.upos == "NOUN" and "Number=Plur" not in word.feats
    return word.relation == "conj" and one and bare and is_role_noun(word)


def _with_first(reading: Reading, index: int, span: Span) -> Span:
    """A further role with the one before it: `Ann Lee, painter | and poet`, `Ann Lee, painter, | poet and nun`."""
    inside = reading.words_in(span.start_char, span.end_char)
    joint = inside.start - 1
    listed = reading.words[joint].text == "," and any(reading.words[at].text == "and" for at in inside)
    for child in reading.children(index) if listed or reading.words[joint].text == "and" else ():
        last, word = noun_phrase(reading, child)[1], reading.words[child]
        if word.relation == "appos" and last == joint - 1 and is_role_noun(word) and child < joint:
            return reading.span(role_phrase(reading, child).start_char, span.end_char)
    return span


def _is_behind_another(reading: Reading, name: Name, noun: int) -> bool:
    """Whether a phrase stands right behind another person's name: `Lee, who works for Tom Ray, the mayor, said`."""
    comma = noun_phrase(reading, noun)[0] - 1
    other = reading.name_at(comma - 1) if comma > name.end and reading.words[comma].text == "," else None
    return other is not None and other.label == "PER" and other.end == comma


def _parts_from(reading: Reading, head: int, noun: int) -> bool:
    """Whether another person stands before a phrase, joined by `and`: `Ann Lee and Tom Ray, the mayor`."""
    joint = (child for child in reading.children(head) if reading.words[child].relation == "conj" and child < noun)
    return any((name := reading.name_at(child)) is not None and name.label == "PER" for child in joint)


def _leads_to_name(reading: Reading, noun: int) -> bool:
    """Whether a phrase belongs to the name behind it: `Lee, club president Tom Ray and others`."""
    following = noun_phrase(reading, noun)[1] + 1
    named = reading.name_at(following) if following < len(reading.words) else None
    return named is not None and named.label == "PER"


def _said_before(reading: Reading, span: Span) -> Iterator[Span]:
    """The fuller title by which somebody was spoken of before: `the minister, Ann Lee` after `the finance minister`."""
    place = reading.words_in(span.start_char, span.end_char)
    if len(place) > 1 or place.start == 0 or reading.words[place.start - 1].text.casefold() != "the":
        return
    noun = reading.words[place.start]
    for index in range(place.start - 1, 0, -1):
        word = reading.words[index]
        if word.lemma == noun.lemma and "Number=Plur" not in word.feats and word.relation not in ("compound", "appos"):
            if reading.words[index - 1].upos in ("NOUN", "PROPN", "ADJ", "PART"):
                yield role_phrase(reading, index)
            return


def _titled_head(reading: Reading, index: int) -> int:
    """The role noun above a word that an apposition was attached to: `the minister of labour, Ann Lee`."""
    if is_role_noun(reading.words[index]):
        return index
    for above in reading.ancestors(index):
        if is_role_noun(reading.words[above]):
            return above
        if reading.words[above].relation not in ("nmod", "conj"):
            break
    return index
