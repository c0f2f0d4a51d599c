"""Roles: the titles, offices, occupations and relations that a text states for a person, as written."""

from __future__ import annotations

from collections.abc import Iterator

from quotex._lexicon import load_lexicon
from quotex._phrases import Phrase
from quotex._reading import Name, Reading, Word
from quotex._types import Span

_LEADING = frozenset({"DET", "PUNCT", "CCONJ", "ADP", "SCONJ", "PRON", "INTJ"})
_LINKS = frozenset({"of", "for", "to", "at", "in", "and", "&", "the"})
AGENT_ENDINGS = ("ologist", "grapher", "maker", "keeper", "holder", "worker", "monger", "ist", "woman", "man", "smith")
_SHORTEST_AGENT = 5
_MAX_WORDS = 16


def roles_of(reading: Reading, name: Name) -> tuple[Span, ...]:
    """The roles that the text states at one mention of a person.

    A title before the name (`NATO Secretary General Jens Stoltenberg`), an apposition on either side (`Ann Lee, the
    director`, `the director, Ann Lee`), a copula (`Lee is the mayor`), a relative clause (`who heads the board`).

    Args:
        reading: The text.
        name: The mention, titles left out.
    """
    stated = [span for span in _appositions(reading, name) if _is_description(reading, span)]
    found = [*_before(reading, name), *_predicates(reading, name)]
    return (*stated, *(span for span in found if _is_role(reading, span)))


def is_role_noun(word: Word) -> bool:
    """Whether a word names what a person is or does: it is in the lexicon, or it ends as such nouns do."""
    lemma = word.lemma.casefold()
    if lemma in load_lexicon("role_nouns"):
        return lemma not in load_lexicon("generic_persons")
    return word.upos == "NOUN" and lemma.endswith(AGENT_ENDINGS) and len(lemma) > _SHORTEST_AGENT


def is_clause(reading: Reading, span: Span) -> bool:
    """Whether a role is put in a clause (`heads the board`) rather than named (`director`)."""
    first = reading.words[reading.words_in(span.start_char, span.end_char)[0]]
    return first.upos == "VERB"


def described_role(reading: Reading, phrase: Phrase) -> Span | None:
    """What the description of an unnamed person says that it does: `a spokesman for the council`; not `a woman`."""
    head = reading.words[phrase.head]
    if not is_role_noun(head) or "Number=Plur" in head.feats:
        return None
    start = phrase.start
    while start < phrase.head and reading.words[start].upos in (*_LEADING, "NUM"):
        start += 1
    return reading.word_span(start, phrase.end)


def _before(reading: Reading, name: Name) -> Iterator[Span]:
    """The words right before the name that belong to its noun phrase."""
    start = name.start
    while start > 0 and _is_title_word(reading, start - 1, name):
        start -= 1
    while start < name.start and (reading.words[start].upos in _LEADING or _is_possessive(reading.words[start])):
        start += 1
    end = name.start
    while end > start and reading.words[end - 1].upos in ("CCONJ", "ADP", "DET", "PUNCT"):
        end -= 1
    if start < end:
        yield reading.word_span(start, end)


def _is_title_word(reading: Reading, index: int, name: Name) -> bool:
    word, after = reading.words[index], reading.words[index + 1]
    if word.sentence != reading.words[name.start].sentence or "\n" in reading.text[word.end_char : after.start_char]:
        return False
    named = reading.name_at(index)
    if named is not None and named.label == "PER" and named.end <= name.start:
        return False
    if word.upos in ("NOUN", "PROPN", "ADJ"):
        return word.text[-1] not in ",;:" and named is not name
    if _is_possessive(word) or word.text == "-":
        return True
    return word.text.casefold() in _LINKS and index > 0 and _links(reading.words[index - 1], after)


def _links(before: Word, after: Word) -> bool:
    """Whether a preposition or `and` is inside a title: `Ambassador to Qatar Ann Lee`, not `the tenure of Ann Lee`."""
    title = before.text[:1].isupper() or before.lemma.casefold() in load_lexicon("role_nouns")
    return title and before.upos in ("NOUN", "PROPN") and after.upos in ("NOUN", "PROPN", "ADJ", "DET")


def _is_possessive(word: Word) -> bool:
    return word.text in ("'s", "’s", "'", "’") and word.upos == "PART"


def _appositions(reading: Reading, name: Name) -> Iterator[Span]:
    """Appositions after the name, and the phrase that the name is in apposition to."""
    inside = range(name.start, name.end)
    for index in inside:
        for child in reading.children(index):
            if child not in inside and reading.words[child].relation == "appos" and child >= name.end:
                yield _phrase(reading, child, name)
        word = reading.words[index]
        if word.relation == "appos" and word.head is not None and word.head < name.start:
            yield _phrase(reading, word.head, name)


def _phrase(reading: Reading, head: int, name: Name) -> Span:
    """The phrase of a head word up to its relative clauses, without the name and a leading article."""
    blocked = set(range(name.start, name.end))
    for child in reading.children(head):
        word = reading.words[child]
        if word.relation in ("appos", "acl", "parataxis", "advcl", "punct", "cop", "nsubj", "aux", "mark") or (
            word.relation == "conj" and reading.child(child, "nsubj") is not None
        ):
            blocked.update(reading.subtree(child))
    indices = [index for index in reading.subtree(head) if index not in blocked]
    start = end = head
    while start - 1 in indices:
        start -= 1
    while end + 1 in indices:
        end += 1
    while start < head and reading.words[start].upos in _LEADING:
        start += 1
    while end > head and reading.words[end].upos in ("PUNCT", "CCONJ", "ADP", "SCONJ"):
        end -= 1
    return reading.word_span(start, end + 1)


def _predicates(reading: Reading, name: Name) -> Iterator[Span]:
    """`Lee is the mayor`; `Lee, who is the mayor`; `Lee, who heads the board`."""
    heads = {
        index for index in range(name.start, name.end) if reading.words[index].head not in range(name.start, name.end)
    }
    for head in heads:
        word = reading.words[head]
        if word.deprel == "nsubj" and word.head is not None and reading.child(word.head, "cop") is not None:
            yield from _nominal(reading, word.head, name)
        for child in reading.children(head):
            subject = reading.child(child, "nsubj")
            if reading.words[child].deprel != "acl:relcl" or subject is None or not _is_relative(reading, subject):
                continue
            if reading.child(child, "cop") is not None:
                yield from _nominal(reading, child, name)
            elif reading.words[child].lemma in load_lexicon("heading_verbs"):
                yield _phrase(reading, child, name)


def _is_relative(reading: Reading, index: int) -> bool:
    return reading.words[index].text.casefold() in ("who", "that", "which")


def _nominal(reading: Reading, predicate: int, name: Name) -> Iterator[Span]:
    negated = any(reading.words[child].lemma in ("not", "n't", "n’t") for child in reading.children(predicate))
    if reading.words[predicate].upos in ("NOUN", "PROPN") and not negated:
        yield _phrase(reading, predicate, name)


def _is_description(reading: Reading, span: Span) -> bool:
    """Whether an apposition describes a person: a common noun that is no age, date, amount or other name."""
    words = [reading.words[index] for index in reading.words_in(span.start_char, span.end_char)]
    if not words or len(words) > _MAX_WORDS:
        return False
    inside = {word.index for word in words}
    head = next((word for word in words if word.head not in inside), words[-1])
    named = reading.name_at(head.index)
    common = head.upos == "NOUN" and "Number=Plur" not in head.feats and not any(c.isdigit() for c in head.text)
    plain = all(word.text.casefold().strip(".") in load_lexicon("polite_titles") for word in words)
    return (common and named is None and not plain) or _is_role(reading, span)


def _is_role(reading: Reading, span: Span) -> bool:
    """Whether a phrase says what somebody is or does, beyond `Mr`, an age or a nationality."""
    words = [reading.words[index] for index in reading.words_in(span.start_char, span.end_char)]
    if not words or len(words) > _MAX_WORDS:
        return False
    if any(is_role_noun(word) for word in words):
        return True
    nouns, polite = load_lexicon("role_nouns"), load_lexicon("polite_titles")
    texts = [word.text.casefold().strip(".") for word in words]
    if all(text in polite for text in texts):
        return False
    lemmas = {word.lemma.casefold() for word in words} | set(texts)
    hyphened = {part for text in texts for part in text.split("-")}
    joined = " ".join(texts)
    return (
        bool((lemmas | hyphened) & nouns)
        or any(" " in noun and noun in joined for noun in nouns)
        or words[0].lemma in load_lexicon("heading_verbs")
    )
