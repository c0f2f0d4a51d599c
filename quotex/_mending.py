"""Stage 2, after the models: names that the name model cut short, split or labelled wrongly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import attrs

from quotex._lexicon import load_lexicon
from quotex._mark_shapes import FAMILY
from quotex._names import fold, name_words
from quotex._reading import Name, Reading

_BODIES = frozenset({"ORG", "LOC", "FAC", "NORP"})
_MOVABLE = frozenset({"ORG", "LOC", "FAC", "MISC"})
_LONGEST_NICKNAME = 3
_LONGEST_INSTITUTE = 3
_INSIDE = "_@"
"""Signs inside the names that users of the web give themselves."""
_GLOTTAL = "'\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}\N{MODIFIER LETTER TURNED COMMA}"
"""Signs for the glottal stop inside names."""
_PLACING = frozenset({"in", "at", "to", "near", "from", "into", "around", "across", "outside", "of"})
"""Prepositions before a place; a person of the same name is not looked for behind them."""


def mended(reading: Reading) -> Reading:
    """The reading with its names made whole: joined, extended and labelled by what the rest of the text calls them.

    A name that is split at a nickname in marks (`Rodelio “Boyet” Manansala`), at a particle or a place (`Addis Ababa`
    + `Youth Forum`), one that lacks its last words (`Blue Meridian` of `Blue Meridian Dredging`), a person taken for a
    place or body (`Okabe Tetsuzō` beside `Okabe`), a body taken for a person (`the Minazuki Shimpō`). What is no name
    is left out.
    """
    names: list[Name] = []
    for name in (part for whole in reading.names for part in _without_owner(reading, whole)):
        if _is_office(reading, name) or _is_quality(reading, name):
            continue
        name = _extended(reading, name)
        if names and name.start < names[-1].end:
            continue
        names.append(name)
        while len(names) > 1 and (joined := _joined(reading, names[-2], names[-1])) is not None:
            names[-2:] = [joined]
    return attrs.evolve(reading, names=tuple(_relabelled(reading, names)))


def _is_office(reading: Reading, name: Name) -> bool:
    """Whether a person's name is the title of the person named right behind it: `Peace Laureate` + `Ann Lee`."""
    last, following = reading.words[name.end - 1], reading.name_at(name.end) if name.end < len(reading.words) else None
    if (
        name.label != "PER"
        or following is None
        or following.label != "PER"
        or last.sentence != reading.words[name.end].sentence
    ):
        return False
    return last.lemma.casefold() in load_lexicon("role_nouns") and following.end - following.start > 1


def _is_quality(reading: Reading, name: Name) -> bool:
    """Whether a person's name is an adjective or adverb that the text never uses as a name: `— Short — says Ann.`"""
    word = reading.words[name.start]
    return (
        name.label == "PER"
        and name.end - name.start == 1
        and word.upos in ("ADJ", "ADV")
        and not any(other.text == word.text and other.upos == "PROPN" for other in reading.words)
    )


def _without_owner(reading: Reading, name: Name) -> Iterator[Name]:
    """A name, or its two where it takes in whose it is and the text names that alone: `Lakes Bank’s | Board`."""
    inner = range(name.start + 1, name.end - 1)
    cut = next((at for at in inner if reading.words[at].upos == "PART" and reading.words[at].relation == "case"), None)
    owner = "" if cut is None else reading.word_span(name.start, cut).text
    others = (one for one in reading.names if reading.word_span(one.start, one.end).text == owner)
    known = None if cut is None else next(others, None)
    if cut is None or known is None:
        yield name
    else:
        yield attrs.evolve(name, end=cut, label=known.label)
        yield attrs.evolve(name, start=cut + 1)


def _extended(reading: Reading, name: Name) -> Name:
    """The name with the words of its own phrase that were left out after it, or that a nickname parts from it."""
    start = name.start
    while start < name.end - 1 and reading.words[start].text in ",;":
        start += 1
    end = name.end
    while end - 1 > start and reading.words[end - 1].upos == "ADP" and name.label == "PER":
        end -= 1
    name = attrs.evolve(name, start=_before_sign(reading, start), end=_whole_word(reading, end))
    if name.label == "PER":
        if _leads_firm(reading, name):
            return attrs.evolve(name, end=name.end + 2, label="ORG")
        institute = _institute(reading, name)
        if institute is not None:
            return attrs.evolve(name, end=institute, label="ORG")
        whole = _after_nickname(reading, name)
        return attrs.evolve(name, end=whole) if whole is not None else name
    if name.label != "ORG":
        return name
    end = name.end
    while end < len(reading.words) and _continues(reading, name, end):
        end += 1
    return attrs.evolve(name, end=end)


def _whole_word(reading: Reading, end: int) -> int:
    """The end of a name that a tokenizer cut at a sign inside it: `lakelady | _ | 58`."""
    words = reading.words
    while end < len(words) and words[end].start_char == words[end - 1].end_char:
        if not (words[end].text[:1] in _INSIDE or words[end - 1].text[-1:] in _INSIDE):
            break
        end += 1
    return end


def _before_sign(reading: Reading, start: int) -> int:
    """Where a name begins that a tokenizer cut behind a glottal stop: `Fa‘ | afetai`."""
    before = reading.words[start - 1] if start else None
    if before is None or before.end_char != reading.words[start].start_char or not before.text[0].isalpha():
        return start
    return start - 1 if before.text[-1] in _GLOTTAL else start


def _leads_firm(reading: Reading, name: Name) -> bool:
    """Whether a person's name goes on as a firm's: `Rivers | & Sons`."""
    following = [word.text for word in reading.words[name.end : name.end + 2]]
    return following[:1] == ["&"] and fold(following[-1]).strip(".") in load_lexicon("company_words")


def _institute(reading: Reading, name: Name) -> int | None:
    """The end of the name of a body that a person's name begins: `Ann Lee | China Centre`; `Lee Centre` is its own."""
    if name.end - name.start < 2:
        return None
    for index in range(name.end, min(name.end + _LONGEST_INSTITUTE, len(reading.words))):
        word, last = reading.words[index], reading.words[index - 1]
        other = reading.name_at(index)
        named = other is not None and other.label in ("PER", "ORG")
        if word.sentence != last.sentence or not word.text[:1].isupper() or named or word.upos == "VERB":
            return None
        if fold(word.text) in load_lexicon("organization_words"):
            return index + 1
    return None


def _continues(reading: Reading, name: Name, index: int) -> bool:
    """Whether a capitalised word right after a body's name governs it: `Dredging` in `Blue Meridian Dredging`."""
    word, last = reading.words[index], reading.words[index - 1]
    if word.sentence != last.sentence or reading.name_at(index) is not None or word.upos != "PROPN":
        return False
    if not word.text[:1].isupper() or word.start_char - last.end_char > 1:
        return False
    if word.lemma.casefold() in load_lexicon("role_nouns") or _is_title(word.text):
        return False
    inside = range(name.start, index)
    return any(reading.words[place].head == index for place in inside) or word.head in inside


def _after_nickname(reading: Reading, name: Name) -> int | None:
    """The end of a person's name that goes on after a nickname in marks or brackets, or `None`."""
    words = reading.words
    opening = next((at for at in range(name.start + 1, name.end) if _opens(words[at].text)), name.end)
    if opening >= len(words) or not _opens(words[opening].text):
        return None
    last = next((at for at in range(opening + 2, opening + _LONGEST_NICKNAME + 2) if _is_closing(reading, at)), None)
    inner = [words[at].text for at in range(opening + 1, last)] if last is not None else []
    coded = words[opening].text == "(" and all(text.isupper() for text in inner)  # a results list: Ann Lee (GBR)
    if last is None or coded or not all(text[:1].isupper() for text in inner):
        return None
    end = last + 1
    while end < len(words) and words[end].upos == "PROPN" and words[end].text[:1].isupper():
        if words[end].sentence != words[name.start].sentence or _is_title(words[end].text):
            break
        end += 1
    return end if end > last + 1 else None


def _opens(text: str) -> bool:
    return len(text) == 1 and (text in FAMILY or text == "(")


def _is_closing(reading: Reading, index: int) -> bool:
    return (
        index < len(reading.words) and len(text := reading.words[index].text) == 1 and (text in FAMILY or text == ")")
    )


def _is_title(text: str) -> bool:
    return text.casefold().strip(".") in load_lexicon("titles")


def _joined(reading: Reading, left: Name, right: Name) -> Name | None:
    """Two names that are one, or `None`."""
    words = reading.words
    if words[left.start].sentence != words[right.start].sentence:
        return None
    gap = [words[index] for index in range(left.end, right.start)]
    if any(
        "\n" in reading.text[words[at].end_char : words[at + 1].start_char] for at in range(left.end - 1, right.start)
    ):
        return None
    if left.label == "PER" and not gap and words[right.start].relation == "flat":
        whole = words[right.start].head in range(left.start, left.end)
        return Name(start=left.start, end=right.end, label="PER") if whole and right.label != "NORP" else None
    if left.label == right.label == "PER":
        particles = all(word.text.casefold() in load_lexicon("name_particles") for word in gap)
        hyphen = [word.text for word in gap] == ["-"] and words[right.start].start_char == gap[0].end_char
        one = bool(gap) and (particles or hyphen)
        return Name(start=left.start, end=right.end, label="PER") if one else None
    if left.label == "PER" and right.label == "ORG" and not gap and _is_named_after(reading, right):
        return Name(start=left.start, end=right.end, label="ORG")
    if {left.label, right.label} <= _BODIES and _is_one_body(reading, left, right, len(gap)):
        return Name(start=left.start, end=right.end, label="ORG")
    return None


def _is_named_after(reading: Reading, name: Name) -> bool:
    """Whether a body is named after the person before it: `Ann Lee` + `University of the Lakes`."""
    return fold(reading.words[name.start].text) in load_lexicon("organization_words")


def _is_one_body(reading: Reading, left: Name, right: Name, gap: int) -> bool:
    """`Addis Ababa` + `Youth Forum`, `Association of the` + `Eastern Belt`, `French` + `Embassy`."""
    if gap or "ORG" not in (left.label, right.label):
        return False
    if reading.words[left.end - 1].upos in ("ADP", "DET"):
        return left.label == "ORG"
    if right.label not in ("ORG", "LOC") or reading.words[left.end - 1].text.casefold().endswith("-based"):
        return False
    if left.label == "NORP" and not _bodily(reading, right):
        return False
    first, second = set(range(left.start, left.end)), set(range(right.start, right.end))
    return any(reading.words[place].head in second for place in first) or any(
        reading.words[place].head in first for place in second
    )


def _bodily(reading: Reading, name: Name) -> bool:
    """Whether a name holds a word such as `Embassy` or `Ltd`."""
    bodies = load_lexicon("organization_words") | load_lexicon("company_words")
    return any(fold(reading.words[index].text).strip(".") in bodies for index in range(name.start, name.end))


def _relabelled(reading: Reading, names: Sequence[Name]) -> Iterator[Name]:
    """The names, each as a person or a body where the text tells that it is one."""
    people = [name_words(reading.word_span(name.start, name.end).text) for name in names if name.label == "PER"]
    single = {words[0] for words in people if len(words) == 1}
    surnames = {words[-1] for words in people if len(words) > 1}
    persons = {word for words in people if len(words) > 1 for word in words}
    bodies = [name for name in names if name.label == "ORG"]
    firms = {text for name in bodies for text in (_firm(reading, name), _short_form(reading, name))} - persons
    for name in names:
        short = reading.word_span(name.start, name.end).text.casefold()
        if name.label == "PER" and (short in firms or _is_body(reading, name)):
            yield attrs.evolve(name, label="ORG")
        elif name.label in _MOVABLE and _is_person(reading, name, single, surnames):
            yield attrs.evolve(name, label="PER")
        else:
            yield name


def _firm(reading: Reading, name: Name) -> str:
    """The first word of a name that goes on as firms’ names do, folded: `marlin` of `Marlin Towage`; else nothing."""
    texts = [fold(reading.words[index].text).strip(".") for index in range(name.start, name.end)]
    rest = texts[1:]
    return texts[0] if rest and all(text in load_lexicon("company_words") for text in rest) else ""


def _short_form(reading: Reading, name: Name) -> str:
    """The word in brackets right behind a body’s name, folded: `cenidh`; else nothing."""
    words, place = reading.words, name.end
    if place + 2 >= len(words) or (words[place].text, words[place + 2].text) != ("(", ")"):
        return ""
    return words[place + 1].text.casefold() if words[place + 1].text[:1].isupper() else ""


def _is_body(reading: Reading, name: Name) -> bool:
    """Whether a person's name is that of a body: `the Minazuki Shimpō`, `Tres Hermanas Energy`, `Rivers & Sons`."""
    texts = [fold(reading.words[index].text).strip(".") for index in range(name.start, name.end)]
    if len(texts) > 1 and (texts[-1] in load_lexicon("company_words") or "&" in texts):
        return True
    before = reading.words[name.start - 1] if name.start else None
    return len(texts) > 1 and before is not None and before.text == "the" and _depends(before.head, name)


def _depends(head: int | None, name: Name) -> bool:
    return head is not None and name.start <= head < name.end


def _is_person(reading: Reading, name: Name, single: Iterable[str], surnames: Iterable[str]) -> bool:
    """Whether a place or body is somebody whom the text names elsewhere: `Okabe Tetsuzō` beside `Okabe`."""
    words = name_words(reading.word_span(name.start, name.end).text)
    if not words or _bodily(reading, name) or reading.words[name.start].text.casefold() == "the":
        return False
    before = [word.text.casefold() for word in reading.words[max(name.start - 2, 0) : name.start]]
    if before[-1:] == ["the"] or (before[-1:] and before[-1] in _PLACING and before != ["according", "to"]):
        return False
    if len(words) == 1:
        likely = name.label == "ORG" or reading.words[name.start].relation in ("nsubj", "obj", "appos", "conj")
        return words[0] in surnames and likely
    return len(words) == 2 and (words[0] in single or words[-1] in single)
