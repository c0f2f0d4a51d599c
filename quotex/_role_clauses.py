"""Roles in clauses: what a predicate, a relative clause or an `as` phrase says that somebody is."""

from __future__ import annotations

from collections.abc import Iterator

from quotex._lexicon import load_lexicon
from quotex._reading import Reading
from quotex._role_places import role_phrase
from quotex._role_words import is_office, is_role, is_role_noun
from quotex._types import Span

_UNCERTAIN = frozenset(
    {
        *("not", "n't", "n’t", "never", "may", "might", "could", "would", "should", "must"),
        *("if", "unless", "whether"),
    }
)


def subject_roles(reading: Reading, subject: int) -> tuple[Span, ...]:
    """The roles that a clause states for its subject, or for whom a pronoun owns them.

    `Lee is the mayor`, `she became mayor`, `he was elected mayor`, `Lee serves as mayor`, `Speaking as mayor, Lee
    said`, `in her role as mayor`.

    Args:
        reading: The text.
        subject: The head word of the mention, a name’s or a pronoun.
    """
    word = reading.words[subject]
    found: list[Span] = []
    if word.relation == "nsubj" and word.head is not None:
        found.extend(_predicate(reading, word.head, passive=word.deprel == "nsubj:pass"))
    found.extend(_as_roles(reading, subject))
    return tuple(span for span in found if is_role(reading, span))


def relative_roles(reading: Reading, head: int) -> Iterator[Span]:
    """`Lee, who is the mayor`; `Lee, who heads the board`."""
    for child in reading.children(head):
        subject = reading.child(child, "nsubj")
        relative = subject is not None and reading.words[subject].text.casefold() in ("who", "that", "which")
        if reading.words[child].deprel == "acl:relcl" and relative:
            yield from nominal_roles(reading, child)


def nominal_roles(reading: Reading, predicate: int) -> Iterator[Span]:
    """The role in a predicate noun, or in a clause whose verb states an office, unless denied or only possible."""
    if _is_uncertain(reading, predicate):
        return
    word = reading.words[predicate]
    if word.upos in ("NOUN", "PROPN"):
        if is_role_noun(word) or is_office(word) or word.lemma.casefold() in load_lexicon("generic_persons"):
            yield role_phrase(reading, predicate)
    elif word.lemma in load_lexicon("heading_verbs"):
        yield role_phrase(reading, predicate)


def _is_uncertain(reading: Reading, predicate: int) -> bool:
    """Whether a predicate is denied, only possible, or a condition."""
    below = (reading.words[child] for child in reading.children(predicate))
    return any(word.upos != "PROPN" and word.lemma.casefold() in _UNCERTAIN for word in below)


def _predicate(reading: Reading, predicate: int, *, passive: bool) -> Iterator[Span]:
    """`Lee is the mayor`, `Lee became mayor`, `Lee was elected mayor`."""
    word = reading.words[predicate]
    if reading.child(predicate, "cop") is not None:
        if word.upos in ("NOUN", "PROPN"):
            yield from nominal_roles(reading, predicate)
    elif word.lemma in load_lexicon("appointing_verbs" if passive else "becoming_verbs") and not _is_uncertain(
        reading, predicate
    ):
        child = reading.child(predicate, "xcomp", "obj", "iobj")
        if child is not None and reading.words[child].upos in ("NOUN", "PROPN") and is_role_noun(reading.words[child]):
            yield role_phrase(reading, child)


def _as_roles(reading: Reading, subject: int) -> Iterator[Span]:
    """What the subject is said to act as: `serves as mayor`, `Speaking as mayor`, `in her role as mayor`."""
    sentence = reading.sentences[reading.words[subject].sentence]
    for index in range(sentence.start + 1, sentence.end - 1):
        if reading.words[index].text.casefold() != "as" or subject not in _acting(reading, index - 1):
            continue
        head = index + 1
        while (above := reading.words[head].head) is not None and head < above < sentence.end:
            if reading.words[head].relation not in ("det", "amod", "compound", "nmod", "advmod", "case", "flat"):
                break
            head = above
        if reading.words[head].relation == "nsubj" or "Number=Plur" in reading.words[head].feats:
            continue  # as the members are guests
        span = role_phrase(reading, head)
        if is_role(reading, reading.span(span.start_char, reading.words[head].end_char)):
            yield span


def _acting(reading: Reading, index: int) -> tuple[int, ...]:
    """The subjects of a verb or noun before `as` that says in what office somebody acts."""
    word = reading.words[index]
    if word.lemma in load_lexicon("office_nouns"):
        owner = next((child for child in reading.children(index) if reading.words[child].deprel == "nmod:poss"), None)
        if owner is not None:
            return (owner,)
    elif not (word.upos == "VERB" and word.lemma in load_lexicon("office_verbs")) and word.upos not in ("ADV", "ADP"):
        return ()
    for place in (index, *reading.ancestors(index)):
        if reading.words[place].upos in ("VERB", "AUX") and (child := reading.child(place, "nsubj")) is not None:
            return (child,)
    return ()
