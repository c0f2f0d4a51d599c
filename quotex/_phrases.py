"""Noun phrases as sources: the core that is the mention, and the whole phrase with titles and appositions."""

from __future__ import annotations

from collections.abc import Set

import attrs
import regex

from quotex._lexicon import load_lexicon
from quotex._mark_shapes import FAMILY
from quotex._phrase_bounds import WordTest, contiguous, is_dated, whole_phrase
from quotex._reading import SPEAKING, Name, Reading, Word
from quotex._role_words import is_role_noun

_LOOSE = frozenset(
    {
        *("acl", "appos", "parataxis", "advcl", "dep", "discourse", "list", "punct", "orphan"),
        *("cop", "nsubj", "expl", "aux", "mark"),
    }
)
"""Relations of what belongs to the source phrase but not to the mention."""

_NAME_LINKS = frozenset({"appos", "flat", "compound", "dep", "nmod", "goeswith"})
"""Relations by which a title or description governs the name it belongs to: `director Ann Lee`."""

_EXCELLENCY = regex.compile(r"(?:H\.? ?[EH]\.?|H\.?[RIS]\.?H\.?) (?=\S+ \S)")  # H E, H.E., HRH


@attrs.frozen(kw_only=True)
class Phrase:
    """A noun phrase that can be a source. All positions are word indices; ends are exclusive.

    Attributes:
        head: The head word of the mention.
        start: First word of the mention: the core without title and apposition.
        end: After the last word of the mention.
        source_start: First word of the whole phrase, titles and appositions included.
        source_end: After the last word of the whole phrase.
        name: The name that the mention is, or `None` for pronouns, descriptions and several names together.
        members: Names of the persons or bodies of a coordination (`Lee and Ortiz`), else empty.
    """

    head: int
    start: int
    end: int
    source_start: int
    source_end: int
    name: Name | None = None
    members: tuple[Name, ...] = ()


def source_phrase(reading: Reading, head: int, allowed: WordTest) -> Phrase:
    """The source phrase around a head word.

    Args:
        reading: The text.
        head: The head of the phrase in the parse, such as the subject of a reporting verb.
        allowed: Whether a word may belong to the phrase: false for quoted words and for the cue.
    """
    head = _before_brackets(reading, head)
    whole = whole_phrase(reading, head, allowed)
    members = _coordinated_names(reading, head, whole)
    if len(members) > 1:
        start, end = without_titles(reading, members[0]).start, members[-1].end
        return _phrase(reading, head, (start, end), whole, None, members)
    name = _own_name(reading, head, whole)
    if name is None:
        core = contiguous(head, _core(reading, head), allowed)
        alias = called(reading, head)
        phrase = _phrase(reading, head, _trimmed(reading, core, head), whole, alias, ())
        return phrase if alias is None else attrs.evolve(phrase, source_end=_with_alias(reading, phrase, alias))
    if name.label != "PER" and reading.name_at(head) is not name:
        inner = next(
            at for at in range(name.start, name.end) if reading.words[at].head not in range(name.start, name.end)
        )
        core = contiguous(inner, _core(reading, inner), allowed)
        return _phrase(reading, inner, _trimmed(reading, core, inner), whole, name, ())
    name = without_titles(reading, name)
    start, end = name.start, name.end
    if name.label != "PER":
        core = [index for index in contiguous(head, _core(reading, head), allowed) if index in whole]
        start, end = min(start, core[0]), max(end, core[-1] + 1)
    return _phrase(reading, name.end - 1 if head < name.start else head, (start, end), whole, name, ())


def _before_brackets(reading: Reading, head: int) -> int:
    """The head of the phrase before an acronym in brackets that is parsed as the subject: `the Board (HSB) said`."""
    words = reading.words
    if not 1 < head < len(words) - 1 or words[head - 1].text != "(" or words[head + 1].text != ")":
        return head
    top = last = head - 2
    if words[last].sentence != words[head].sentence or words[last].upos not in ("NOUN", "PROPN"):
        return head
    for above in reading.ancestors(last):
        if words[above].upos not in ("NOUN", "PROPN") or any(words[at].text == "," for at in range(above, last)):
            break
        top = min(top, above) if above <= last else top
    return top


def _with_alias(reading: Reading, phrase: Phrase, alias: Name) -> int:
    """The end of a source with the name that it gives itself, marks included: `a man who goes by “Lefty”`."""
    end = alias.end
    if end < len(reading.words) and reading.words[end].text in FAMILY:
        end += 1
    return max(phrase.source_end, end)


def _phrase(
    reading: Reading,
    head: int,
    mention: tuple[int, int],
    whole: list[int],
    name: Name | None,
    members: tuple[Name, ...],
) -> Phrase:
    start, end = _trimmed(reading, whole, head)
    return Phrase(
        head=head,
        start=mention[0],
        end=mention[1],
        source_start=min(start, mention[0]),
        source_end=max(end, mention[1]),
        name=name,
        members=members,
    )


def _core(reading: Reading, head: int) -> set[int]:
    """The head with its determiners, modifiers and prepositional phrases."""
    found = {head}
    pending = [head]
    while pending:
        for child in reading.children(pending.pop()):
            word = reading.words[child]
            loose = word.relation in _LOOSE and word.text != "-" and not _is_restrictive(reading, child)
            if loose or _is_beside(reading, child) or (word.relation == "conj" and _is_clause(reading, child)):
                continue
            found.add(child)
            pending.append(child)
    return found


def _is_beside(reading: Reading, child: int) -> bool:
    """Whether a part is a date or another form of the name: `the board | on Monday`, `the Board, | or HSB,`."""
    other = reading.words[child].relation == "conj" and _is_other_form(reading, child)
    return other or is_dated(reading, child)


def _is_other_form(reading: Reading, conjunct: int) -> bool:
    """Whether a conjunct is a short form of the name before it: `the Harbour Safety Board, or HSB`."""
    joint = reading.child(conjunct, "cc")
    return joint is not None and reading.words[joint].text.casefold() == "or" and reading.words[conjunct].text.isupper()


def _is_restrictive(reading: Reading, child: int) -> bool:
    """Whether a body's name stands right behind the word for it: `the organization The Lakes Bank`."""
    name = reading.name_at(child)
    word = reading.words[child]
    if word.relation != "appos" or word.head is None or name is None or name.label == "PER":
        return False
    if reading.words[word.head].lemma.casefold() not in load_lexicon("organization_words"):
        return False
    first = reading.subtree(child)[0]
    return first > 0 and reading.words[first - 1].upos != "PUNCT"


def _is_clause(reading: Reading, index: int) -> bool:
    return reading.child(index, "nsubj", "cop") is not None or reading.words[index].upos in ("VERB", "AUX")


def _trimmed(reading: Reading, indices: list[int], head: int) -> tuple[int, int]:
    """First and after-last of a run, without punctuation and small words at its edges; its head stays."""
    start, end = indices[0], indices[-1] + 1
    while end - start > 1 and start != head and _is_edge(reading.words[start]):
        start += 1
    marks = sum(word.text in FAMILY for word in reading.words[start:end])
    while end - start > 1 and end - 1 != head and _is_trailing(reading.words[end - 1]):
        if marks > 1 and reading.words[end - 1].text in FAMILY:
            break  # the mark that closes a nickname: `a man who goes by “Lefty”`
        end -= 1
    return start, end


def _is_edge(word: Word) -> bool:
    loose = word.relation in ("case", "fixed", "mark") and word.upos == "VERB"  # according to
    return (
        loose
        or word.upos in ("PUNCT", "CCONJ", "SCONJ", "ADP", "SYM")
        or (word.upos == "ADV" and word.relation == "advmod")
    )


def _is_trailing(word: Word) -> bool:
    relative = word.text.casefold() in ("who", "which", "that", "whose", "whom")
    loose = word.upos in ("PUNCT", "CCONJ", "SCONJ", "ADP") or (word.upos == "PART" and word.relation == "case")
    return relative or (loose and word.text not in (")", "."))


def _own_name(reading: Reading, head: int, whole: list[int]) -> Name | None:
    """The name that the phrase is: its head's, or a person's that a title or description leads to."""
    name = reading.name_at(head)
    if name is not None and name.label == "PER":
        return name
    above = reading.words[head].head
    if reading.words[head].relation == "appos" and above is not None and above < head:
        described = reading.name_at(above)
        if described is not None and described.label == "PER":
            return described  # on the word of Ann Lee, a linguist, who found
    subject = second_subject(reading, head) or first_subject(reading, head)
    if subject is not None:
        return subject
    linked = _linked_person(reading, head, whole) or _closing_person(reading, head, whole)
    linked = linked or _lettered(reading, head) or _linked_body(reading, head, whole)
    if linked is not None:
        return linked
    return name if name is not None and name.label in ("ORG", "LOC", "FAC", "MISC", "PRODUCT") else None


def _linked_person(reading: Reading, head: int, whole: list[int]) -> Name | None:
    """`director Ann Lee`, `the director, Ann Lee`: the person's name below a title; not `Lee’s lawyer`."""
    pending = [head]
    inside = set(whole)
    while pending:
        for child in reading.children(pending.pop(0)):
            word = reading.words[child]
            if child not in inside or word.relation not in _NAME_LINKS or word.deprel == "nmod:poss":
                continue
            if reading.child(child, "case") is not None:
                continue
            name = reading.name_at(child)
            if name is not None and name.label == "PER":
                adjacent = word.relation == "appos" or name.start > head
                if adjacent and name.start in inside:
                    return name
            pending.append(child)
    return None


def _closing_person(reading: Reading, head: int, whole: list[int]) -> Name | None:
    """The person whose name ends a title, where parsers take it for a part: `Director of Harbour Training Ann Lee`."""
    name = reading.name_at(whole[-1])
    if name is None or name.label != "PER" or not head < name.start - 1 or not is_role_noun(reading.words[head]):
        return None
    before = reading.words[name.start - 1]
    other = reading.name_at(before.index)
    body = before.text[:1].isupper() or (other is not None and other.label in ("ORG", "LOC"))
    title = is_role_noun(before) or before.text.casefold().strip(".") in load_lexicon("titles")
    return name if body and not title else None


def _lettered(reading: Reading, head: int) -> Name | None:
    """The person whose name the letters of an honour follow, where parsers take those for the head: `Ann Lee AM`."""
    name = reading.name_at(head - 1) if head else None
    if name is None or name.label != "PER" or reading.words[name.end - 1].head != head:
        return None
    return name if name.end == head and reading.words[head].text.isupper() else None


def second_subject(reading: Reading, head: int) -> Name | None:
    """The person behind a description where a parse has two subjects: `Secretary for Trade and Sports Ann Lee`."""
    word = reading.words[head]
    if word.relation != "nsubj" or word.head is None or word.upos not in ("NOUN", "PROPN"):
        return None
    for other in reading.children(word.head):
        name = reading.name_at(other)
        if other <= head or reading.words[other].relation != "nsubj" or name is None or name.label != "PER":
            continue
        between = range(head + 1, name.start)
        if all(reading.words[at].upos not in ("VERB", "AUX", "PRON") for at in between):
            return name
    return None


def first_subject(reading: Reading, head: int) -> Name | None:
    """The person right before a description where a parse has two subjects: `Ann Lee, a port clerk told reporters`."""
    word, comma = reading.words[head], reading.subtree(head)[0]
    comma -= reading.words[comma].text != ","
    if word.relation != "nsubj" or word.upos not in ("NOUN", "PROPN") or comma < 1 or reading.words[comma].text != ",":
        return None
    name = reading.name_at(comma - 1)
    if name is None or name.label != "PER" or name.end != comma:
        return None
    inside = (reading.words[at] for at in range(name.start, name.end))
    return name if any(one.relation == "nsubj" and one.head == word.head for one in inside) else None


def _linked_body(reading: Reading, head: int, whole: list[int]) -> Name | None:
    """`the contractor, Blue Meridian Dredging`: a body in apposition to a noun that can be one."""
    lemma = reading.words[head].lemma.casefold()
    if reading.name_at(head) is not None or lemma not in load_lexicon("body_roles") | load_lexicon(
        "organization_words"
    ):
        return None
    for child in reading.children(head):
        name = reading.name_at(child)
        if reading.words[child].relation == "appos" and name is not None and name.label == "ORG" and child in whole:
            return name if name.start > head else None
    return None


def called(reading: Reading, head: int) -> Name | None:
    """The name by which a description says that somebody goes, or `None`.

    `a critic called Ann Lee`, `a man identified as Tom Ray`, `a man who goes by “Shorty”`.
    """
    for child in reading.children(head):
        verb = reading.words[child]
        if verb.relation != "acl" or not _names_its_noun(reading, child):
            continue
        for place in reading.children(child):
            word = reading.words[place]
            if place < child or word.relation not in ("xcomp", "obj", "obl", "nmod") or word.upos == "PRON":
                continue
            name = reading.name_at(place)
            if name is not None and name.label not in ("LOC", "DATE", "NORP"):
                return name
            if word.upos == "PROPN" and name is None:
                last = max(
                    (at for at in reading.children(place) if reading.words[at].relation == "flat"), default=place
                )
                return Name(start=place, end=last + 1, label="PER")
    return None


def _names_its_noun(reading: Reading, verb: int) -> bool:
    """Whether a participle or relative clause gives its noun a name: `called`, `who goes by`, `who calls herself`."""
    word = reading.words[verb]
    links = {reading.words[at].text.casefold() for child in reading.children(verb) for at in reading.children(child)}
    if word.lemma in load_lexicon("identifying_verbs"):
        return bool(links & {"as", "by"})
    if word.lemma not in load_lexicon("calling_verbs"):
        return False
    below = [reading.words[child] for child in reading.children(verb)]
    return word.deprel == "acl" or any(one.deprel == "nsubj:pass" or one.text.endswith("self") for one in below)


def _coordinated_names(reading: Reading, head: int, whole: list[int]) -> tuple[Name, ...]:
    """The persons of `Lee and Ortiz`, in order; empty unless the head and a conjunct are names."""
    heads = [head, *(child for child in reading.children(head) if reading.words[child].relation == "conj")]
    if len(heads) < 2 or any(_is_other_form(reading, index) for index in heads[1:]):
        return ()
    names = [_own_name(reading, index, whole) for index in sorted(heads) if index in whole]
    found = tuple(name for name in names if name is not None and name.label in SPEAKING)
    return found if len(found) == len(names) > 1 else ()


def without_titles(reading: Reading, name: Name) -> Name:
    """The name without titles before it and a possessive ending that the name model took in."""
    titles = load_lexicon("titles")
    start = _after_excellency(reading, name)
    while start < name.end - 1 and (_is_title(reading, start, titles) or _leads_to_title(reading, name, start)):
        start += 1
    end = name.end
    while end - 1 > start and reading.words[end - 1].text.casefold() in ("'s", "’s", "'", "’"):
        end -= 1
    return attrs.evolve(name, start=start, end=end) if name.label == "PER" else attrs.evolve(name, end=end)


def _is_title(reading: Reading, index: int, titles: Set[str]) -> bool:
    return reading.words[index].text.casefold().rstrip(".") in titles | {""}


def _leads_to_title(reading: Reading, name: Name, index: int) -> bool:
    """Whether a word is the first part of a rank with an abbreviated second: `Pol Col Ann Lee`."""
    ranks = load_lexicon("abbreviated_titles") - load_lexicon("name_particles")
    return index == name.start and index + 2 < name.end and _is_title(reading, index + 1, ranks)


def _after_excellency(reading: Reading, name: Name) -> int:
    """Where a name begins behind `H E`, `H.E.`, `HRH`; two words must follow, for `H. E. Bates` has initials."""
    cut = name.start > 0 and [reading.words[at].text.strip(".") for at in (name.start - 1, name.start)] == ["H", "E"]
    if cut and name.end - name.start > 2:
        return name.start + 1  # H | E Ann Lee
    text = reading.word_span(name.start, name.end).text
    found = _EXCELLENCY.match(text)
    if found is None:
        return name.start
    return reading.words_in(reading.words[name.start].start_char + found.end(), reading.words[name.end - 1].end_char)[0]
