"""Where a role stands beside a name, told by commas, brackets and lines rather than by the parse."""

from __future__ import annotations

from collections.abc import Iterator, Set
from itertools import pairwise

import regex

from quotex._lexicon import load_lexicon
from quotex._phrases import first_subject
from quotex._reading import Name, Reading, Word
from quotex._role_words import is_role_noun
from quotex._types import Span

_CLAUSES = ("appos", "acl", "parataxis", "advcl", "punct", "cop", "nsubj", "aux", "mark")
_LEADING = frozenset({"DET", "PUNCT", "CCONJ", "ADP", "SCONJ", "PRON", "INTJ", "ADV"})
"""Parts of speech that are left out at the beginning of a role."""
_RELATIVE = frozenset({"who", "that", "which", "whom", "whose", "where"})
_CLIMBED = frozenset({"det", "amod", "compound", "nmod", "nummod", "advmod", "case", "flat"})
_NOMINAL = _CLIMBED | {"conj"}
_LONGEST = 16
# — Ann Lee, Director / - Commissioner Ann Lee, Lakes Board / From the desk of Ann Lee, Director:
_LINE_START = regex.compile(
    r"[\s>*_]*(?:[-\u2010-\u2015~]+|from the desk of)\s*(?:[\p{L}.]+\s+){0,3}", regex.IGNORECASE
)
_LINE_REST = regex.compile(r",\s*(?P<role>[^\n]+?)[\s:.*_]*")


def noun_phrase(reading: Reading, head: int, blocked: Set[int] = frozenset()) -> tuple[int, int]:
    """First and last word of the phrase of a head word, up to its clauses, appositions and brackets."""
    closed = set(blocked)
    for child in reading.children(head):
        word = reading.words[child]
        clause = word.relation == "conj" and (
            word.upos in ("VERB", "AUX") or reading.child(child, "nsubj", "cop", "aux") is not None
        )
        others = word.relation == "conj" and _is_plural(word) and not _is_plural(reading.words[head])
        split = word.relation == "appos" and abs(child - head) == 1  # attorney general
        compared = word.relation == "advmod" and child > head and reading.child(child, "obl", "advcl") is not None
        owned = word.relation == "acl" and reading.words[child - 1].deprel == "case"  # India’s governing party
        apart = word.relation in _CLAUSES and word.text != "-" and not split and not owned
        if apart or clause or others or compared:
            closed.update(reading.subtree(child))
    indices = {index for index in reading.subtree(head) if index not in closed}
    start = end = head
    while start - 1 in indices:
        start -= 1
    while start > 1 and reading.words[start - 1].text == "-" and start - 1 not in closed:
        start -= 2  # director-general, where the parse makes two words of it
    while end + 1 in indices and not _ends_phrase(reading, end + 1):
        end += 1
    while _is_hyphenated(reading, end) and not {end + 1, end + 2} & blocked:
        end += 2  # sister-in-law, whatever the parse hangs the parts on
    return start, end


def _is_hyphenated(reading: Reading, index: int) -> bool:
    """Whether a hyphen joins a word to the next without a blank."""
    parts = reading.words[index : index + 3]
    joined = all(left.end_char == right.start_char for left, right in pairwise(parts))
    return len(parts) == 3 and parts[1].text == "-" and joined


def _is_plural(word: Word) -> bool:
    return "Number=Plur" in word.feats


def _ends_phrase(reading: Reading, index: int) -> bool:
    """Whether a word begins what is no part of a title: brackets, a relative clause, an apposition to its last noun."""
    word = reading.words[index]
    if word.text in ("(", "[") or (word.text.casefold() in _RELATIVE and word.upos != "SCONJ"):
        return True
    apposed = word.text == "," and word.head is not None and reading.words[word.head].relation == "appos"
    return apposed and index + 1 < len(reading.words) and reading.words[index + 1].upos == "DET"


def role_phrase(reading: Reading, head: int, name: Name | None = None) -> Span:
    """The phrase of a head word up to its relative clauses, without the name and a leading article."""
    blocked = set(range(name.start, name.end)) if name is not None else set()
    start, end = noun_phrase(reading, head, blocked)
    while start < head and is_leading(reading, start):
        start += 1
    start = _with_owner(reading, start, head)
    while end > head and reading.words[end].upos in ("PUNCT", "CCONJ", "ADP", "SCONJ"):
        end -= 1
    return reading.word_span(start, continued(reading, end))


def _with_owner(reading: Reading, start: int, head: int) -> int:
    """The start of a title with the body whose it is, where the parse makes them apposed: `Lakes Bank | director`."""
    above = reading.words[head].head
    if start == 0 or reading.words[head].relation != "appos" or above is None or above >= start:
        return start
    body = reading.name_at(start - 1)
    owner = body is not None and body.label == "ORG" and body.end == start and body.start <= above
    return body.start if body is not None and owner else start


def is_leading(reading: Reading, index: int) -> bool:
    """Whether a word at the beginning of a role is left out: `the`, `once`; not the `well` of `well-known`."""
    word = reading.words[index]
    if index + 1 < len(reading.words) and reading.words[index + 1].text == "-":
        return False
    return word.upos in _LEADING or word.relation in ("case", "fixed") or word.text.casefold() == "one"


def continued(reading: Reading, last: int) -> int:
    """The end of a title whose `of` phrase was attached to something else: `Minister of ICT` after a name."""
    words, end = reading.words, last + 1
    stop = reading.sentences[words[last].sentence].end
    if end >= stop or words[end].text != "of":
        return end
    place = end + 1
    person = next(
        (name.start for at in range(place, stop) if (name := reading.name_at(at)) and name.label == "PER"), stop
    )
    while place < person and (words[place].upos in ("PROPN", "DET") or words[place].text in ("and", "of", "&")):
        place += 1
    closed = place == person or words[place].upos == "PUNCT"
    return place if closed and words[place - 1].upos == "PROPN" else end


def after_name(reading: Reading, name: Name) -> Iterator[int | Span]:
    """What describes a person right behind the name: words in brackets, or the head of a phrase after a comma.

    `Ann Lee (director, Lakes Bank)`; `Ann Lee, 61, director of the bank,`; `Ann Lee, who is the director,`: also where
    the parse attaches the phrase to something else.
    """
    words, place = reading.words, name.end
    last = reading.sentences[words[name.start].sentence].end
    if place < last and words[place].text == "(":
        closing = next((at for at in range(place + 1, min(last, place + _LONGEST)) if words[at].text == ")"), None)
        if closing is not None and closing > place + 1:
            yield reading.word_span(place + 1 + (words[place + 1].upos == "DET"), closing)
        return
    if place >= last or words[place].text != ",":
        return
    place += 1
    if place + 1 < last and words[place].upos == "NUM" and words[place + 1].text == ",":
        place += 2
    if place < last and (head := _described_head(reading, name, place, last)) is not None:
        yield head
    elif place < last and (joint := _joint_modifiers(reading, place, last)) is not None:
        yield joint
    elif place < last and (noun := _participle_object(reading, place)) is not None:
        yield reading.word_span(place, noun_phrase(reading, noun)[1] + 1)


def before_name(reading: Reading, name: Name) -> Iterator[Span]:
    """The title before a comma and the name, closed by another: `According to the head of the port, Ann Lee, ships`.

    For where the parse attaches both to something else. The title is a known one, with `the`: whoever is told of
    first and then named.
    """
    words, comma = reading.words, name.start - 1
    while comma > 2 and words[comma].text.casefold().strip(".") in load_lexicon("polite_titles"):
        comma -= 1
    if comma < 2 or name.end >= len(words) or words[comma].text != "," or words[name.end].text not in (",", "and"):
        return
    last = comma - 1 - 3 * (words[comma - 1].text == ")" and words[comma - 3].text == "(")
    heads = [last]
    while words[heads[-1]].relation in _NOMINAL and (above := words[heads[-1]].head) is not None and above < comma:
        heads.append(above)
    head = next((at for at in reversed(heads) if is_role_noun(words[at])), last)
    if not is_role_noun(words[head]) or _is_plural(words[head]) or noun_phrase(reading, head)[1] != last:
        return
    start = noun_phrase(reading, head)[0]
    while words[start].relation in ("case", "fixed", "cc"):
        start += 1
    bare = words[start].upos != "DET" and all(words[child].deprel != "nmod:poss" for child in reading.children(head))
    while bare and start > 1 and words[start - 1].upos in ("NOUN", "PROPN", "ADJ"):
        start -= 1  # the ministry | executive director
    first = start if words[start].upos == "DET" else start - 1
    if words[first].text.casefold() == "the":
        yield reading.word_span(first + 1, last + 1)


def _described_head(reading: Reading, name: Name, place: int, last: int) -> int | None:
    """The head of the phrase or relative clause that begins at a word, or `None` where it is another's."""
    words = reading.words
    if words[place].text.casefold() in ("who", "that", "which"):
        return words[place].head
    if _joint_modifiers(reading, place, last) is not None:
        return None
    if words[place].upos == "ADP":
        return None  # Lee, through his lawyer, said
    head = place
    while words[head].relation in _CLIMBED and (above := words[head].head) is not None and head < above < last:
        head = above
    if words[head].upos not in ("NOUN", "PROPN") or reading.name_at(head) is not None:
        return None
    following = noun_phrase(reading, head)[1] + 1
    if following < last:
        named = reading.name_at(following)
        if named is not None and named.label == "PER":
            return None  # Ann Lee, director Tom Ray and others
        subject = first_subject(reading, head)
        if (
            words[head].relation == "nsubj"
            and words[following].text != ","
            and (not subject or subject.end != name.end)
        ):
            return None
    return head


def _joint_modifiers(reading: Reading, place: int, last: int) -> Span | None:
    """`heritage and land worker` behind a name and a comma, where the parse makes two things of it."""
    words = reading.words
    while place < last and words[place].upos in ("DET", "ADJ"):
        place += 1
    joint = place + 1
    if joint + 1 >= last or words[place].upos != "NOUN" or words[joint].text not in ("and", "&"):
        return None
    head = joint + 1
    while words[head].relation in _CLIMBED and (above := words[head].head) is not None and head < above < last:
        head = above
    if is_role_noun(words[place]) or not is_role_noun(words[head]) or reading.name_at(head) is not None:
        return None
    return reading.word_span(place, noun_phrase(reading, head)[1] + 1)


def _participle_object(reading: Reading, place: int) -> int | None:
    """The noun of `founding director` or `acting head` after a name, parsed as if somebody were founding something."""
    word = reading.words[place]
    noun = reading.child(place, "obj") if word.upos == "VERB" and word.text.endswith("ing") else None
    if noun is None or "Number=Plur" in reading.words[noun].feats:
        return None
    bare = all(reading.child(noun, relation) is None for relation in ("det", "nmod"))
    return noun if bare and 0 < noun - place < 4 else None


def affiliation(reading: Reading, name: Name) -> Iterator[Span]:
    """The body that somebody is of, right behind a name: `of the Lakes Bank`, `, from Peru’s Lakes Bank`."""
    words = reading.words
    last = reading.sentences[words[name.start].sentence].end
    place = name.end + (name.end < last and words[name.end].text == ",")
    if place + 1 >= last or words[place].text not in ("of", "from", "at", "with"):
        return
    start = place + 1
    land = reading.name_at(start)
    if land is not None and land.label == "LOC" and land.end < last and words[land.end].relation == "case":
        start = land.end + 1  # of Peru’s Lakes Bank
    elif words[start].upos == "DET":
        start += 1
        while start < last - 1 and _is_qualifying(reading, start):
            start += 1  # of the ruling Lakes Party
    body = reading.name_at(start) if start < last else None
    if body is None or body.label not in ("ORG", "FAC") or body.start not in (start, place + 1):
        return
    head = words[body.end - 1].head
    if head is not None:
        end = body.end
        if head >= end and words[head].upos == "NOUN" and words[body.end - 1].relation == "compound":
            end = noun_phrase(reading, head)[1] + 1  # from the Lakes Bank office in Bangui
        yield reading.word_span(place, end)


def _is_qualifying(reading: Reading, index: int) -> bool:
    name = reading.name_at(index)
    return reading.words[index].upos in ("ADJ", "VERB") and (name is None or name.label == "NORP")


def line_role(reading: Reading, name: Name) -> Iterator[Span]:
    """The rest of a line that is a signature: `— Ann Lee, Director`, `From the desk of Ann Lee, Director:`."""
    text, start = reading.text, reading.words[name.start].start_char
    end = reading.words[name.end - 1].end_char
    line = text.rfind("\n", 0, start) + 1
    rest = text.find("\n", end)
    if not _LINE_START.fullmatch(text, line, start):
        return
    found = _LINE_REST.fullmatch(text, end, len(text) if rest < 0 else rest)
    if found is not None:
        yield reading.span(*found.span("role"))


def with_body(reading: Reading, span: Span) -> Span:
    """A title with the body after its comma: `Director, Lakes Bank` in `Ann Lee, Director, Lakes Bank,`."""
    inside = reading.words_in(span.start_char, span.end_char)
    words, end = reading.words, inside.stop
    if not inside or any(words[at].upos == "ADP" for at in inside):
        return span
    last = _body_below_noun(reading, end) if is_role_noun(words[end - 1]) else None
    if last is not None:
        return reading.span(span.start_char, words[last - 1].end_char)
    if inside.start and words[inside.start - 1].upos == "DET":
        return span
    if end < len(words) and words[end].text == "(":  # director (heart surgery), Lakes Hospital
        end = next((at + 1 for at in range(end, min(end + _LONGEST, len(words))) if words[at].text == ")"), end)
    if end + 1 >= len(words) or words[end].text != ",":
        return span
    last = _body_end(reading, end + 1)
    if last is None or (last < len(words) and words[last].text not in (",", ")", ".", ":", ";")):
        return span
    return reading.span(span.start_char, words[last - 1].end_char)


def _body_below_noun(reading: Reading, place: int) -> int | None:
    """The end of `at the Lakes Bank` behind a title, where the parse hangs it on the name that has the title."""
    words = reading.words
    if place + 1 >= len(words) or words[place].text not in ("of", "at", "for"):
        return None
    start = place + 1 + (words[place + 1].upos == "DET")
    body = reading.name_at(start) if start < len(words) else None
    if body is None or body.label != "ORG" or body.start != start:
        return None
    heads = (words[at] for at in range(body.start, body.end))
    below = any(word.relation == "nmod" and word.head is not None and word.head < place for word in heads)
    return body.end if below else None


def _body_end(reading: Reading, place: int) -> int | None:
    """Where the name of a body from a word on ends, with what it is a part of: `Heart Unit at Lakes Hospital`."""
    body = reading.name_at(place) if place < len(reading.words) else None
    if body is None or body.label not in ("ORG", "FAC") or body.start != place:
        return None
    inner = body.end + 1
    if inner < len(reading.words) and reading.words[body.end].text in ("of", "at", "in"):
        inner += reading.words[inner].upos == "DET"
        return _body_end(reading, inner) or body.end
    return body.end
