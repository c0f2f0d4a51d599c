"""Names from corpora of mentions: GUM's and LitBank's persons, bodies and places, cut to the names inside them.

Both mark whole phrases (``the clearly qualified Theodorus``, ``poor Miss Birch``). A name is what the tagger's own
corpora call one: no article, title, possessive clitic, apposition or place that follows after a comma. Types that they
do not mark are filled in by a tagger that is there already (`complete`).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import attrs

from quotex._lexicon import load_lexicon
from quotex.training._conllu import DEPREL, HEAD, ID, MISC, XPOS, Row, Sentence, read_conllu
from quotex.training._chains import ENTITY, litbank_split
from quotex.training._names import NamedSentence, join_clitics

Name = tuple[int, int, str]
"""A name as ``(first word, end word, type)``, half-open."""

CORE = frozenset({"PER", "ORG", "LOC", "FAC"})
"""The types that both corpora mark; a facility is a place."""

GUM_TYPES = {"person": "PER", "organization": "ORG", "place": "LOC"}
LITBANK_TYPES = {"PER": "PER", "ORG": "ORG", "GPE": "LOC", "LOC": "LOC", "FAC": "FAC", "VEH": "PRODUCT"}

# A country that acts is an organization in GUM, a people a person; the tagger's corpora call them places and peoples.
_GIVEN_WAY = frozenset({("ORG", "LOC"), ("ORG", "NORP"), ("PER", "NORP")})

_LINKS = frozenset({"of", "for", "and", "&", "the", "de", "la", "du", "del", "da", "di", "-", "\N{EN DASH}", "'s", "\N{RIGHT SINGLE QUOTATION MARK}s"})
_BEFORE = frozenset({"the", "a", "an", "poor", "old", "young", "little", "dear", "good", "late"})
# What stands where a name does, but is none in the tagger's corpora.
_NO_NAMES = frozenset({"god", "lord", "devil", "heaven", "heavens", "mom", "mum", "mommy", "mummy", "dad", "daddy", "mama", "mamma", "papa", "ma", "pa"})


@attrs.frozen(kw_only=True)
class MentionedSentence:
    """A sentence with names and with all mentions.

    Attributes:
        tokens: the surface tokens.
        names: its names.
        mentions: what the corpus marks, nominal phrases too, by the same types.
    """

    tokens: tuple[str, ...]
    names: tuple[Name, ...]
    mentions: frozenset[Name]


def read_gum_names(path: Path) -> list[MentionedSentence]:
    """The sentences of a GUM file with its persons, organizations and places."""
    return [_gum_sentence(sentence) for sentence in read_conllu(path)]


def read_litbank_names(folder: Path, split: str) -> list[MentionedSentence]:
    """The sentences of one split of LitBank's ``coref/brat`` folder with its proper and common mentions."""
    paths = [path for path in sorted(folder.glob("*.txt")) if litbank_split(path.name) == split]
    return [sentence for path in paths for sentence in _litbank_document(path)]


def complete(sentence: MentionedSentence, tagged: Iterable[Name]) -> NamedSentence | None:
    """The sentence with all types of names: its own, and those of a tagger that overlap none of them.

    What the tagger calls a person, body or place has to lie in such a mention of the corpus. If it does not, one of the
    two is wrong, and there is no telling which.

    Args:
        sentence: the sentence.
        tagged: the names that the tagger finds in it.

    Returns:
        The sentence; `None` if tagger and corpus disagree.
    """
    tagged = set(tagged)
    names = {
        (start, end, next((new for *at, new in tagged if at == [start, end] and (kind, new) in _GIVEN_WAY), kind))
        for start, end, kind in sentence.names
    }
    for start, end, kind in tagged:
        if any(start < other[1] and other[0] < end for other in sentence.names):
            continue
        if kind in CORE and not any(a <= start and end <= b and _alike(kind, of) for a, b, of in sentence.mentions):
            return None
        names.add((start, end, kind))
    return NamedSentence(tokens=sentence.tokens, labels=_labels(names, len(sentence.tokens)))


def _alike(kind: str, other: str) -> bool:
    return kind == other or {kind, other} == {"LOC", "FAC"}


def _outermost(names: Iterable[Name]) -> tuple[Name, ...]:
    kept: list[Name] = []
    for name in sorted(set(names), key=lambda name: (name[0] - name[1], name)):
        if all(name[1] <= other[0] or other[1] <= name[0] for other in kept):
            kept.append(name)
    return tuple(sorted(kept))


def _labels(names: Iterable[Name], size: int) -> tuple[str, ...]:
    labels = ["O"] * size
    for start, end, kind in names:
        labels[start:end] = [f"B-{kind}", *[f"I-{kind}"] * (end - start - 1)]
    return tuple(labels)


# GUM


def _gum_sentence(sentence: Sentence) -> MentionedSentence:
    words, tokens = sentence.words, sentence.tokens
    firsts = [int(token.columns[ID].partition("-")[0]) - 1 for token in tokens]

    def placed(names: Iterable[Name]) -> Iterator[Name]:
        for start, end, kind in names:
            first = bisect_right(firsts, start) - 1
            yield first, max(first + 1, bisect_left(firsts, end)), kind

    mentions = list(_gum_mentions(words))
    return MentionedSentence(
        tokens=tuple(token.form for token in tokens),
        names=_outermost(placed(_outermost(_gum_names(words, mentions)))),
        mentions=frozenset(placed(mentions)),
    )


def _gum_names(words: Sequence[Row], mentions: Iterable[Name]) -> Iterator[Name]:
    heads = [int(word.columns[HEAD]) - 1 for word in words]
    for start, end, kind in mentions:
        head = next(place for place in range(start, end) if not start <= heads[place] < end)
        tag = words[head].columns[XPOS]
        if not tag.startswith("NNP") or (tag == "NNPS" and kind == "PER"):
            continue
        if kind == "PER":
            first, last = _person(words, heads, head, end)
        else:
            first, last = _body(words, heads, head, start, end)
        if first < last:
            yield first, last, kind


def _gum_mentions(words: Sequence[Row]) -> Iterator[Name]:
    opened: dict[str, list[tuple[int, str]]] = {}
    for place, word in enumerate(words):
        entity = next((part[7:] for part in word.columns[MISC].split("|") if part.startswith("Entity=")), "")
        for match in ENTITY.finditer(entity):
            identity, _, rest = match["body"].partition("-")
            if match["open"]:
                opened.setdefault(identity, []).append((place, rest.partition("-")[0]))
            if (match["close"] or not match["open"]) and opened.get(identity):
                start, kind = opened[identity].pop()
                if "[" not in identity and kind in GUM_TYPES:
                    yield start, place + 1, GUM_TYPES[kind]


def _person(words: Sequence[Row], heads: Sequence[int], head: int, end: int) -> tuple[int, int]:
    """The head and the flat words that follow it, titles left out."""
    last = head + 1
    while last < end and (
        (words[last].columns[DEPREL].startswith("flat") and words[last].columns[XPOS] not in ("NN", "NNS"))
        or (words[last].form == "-" and last + 1 < end and words[last + 1].columns[DEPREL].startswith("flat"))
    ):
        last += 1
    forms = [word.form for word in words]
    first = head
    while first < last and forms[first].islower() and forms[first] not in load_lexicon("name_particles"):
        first += 1
    return _after_titles(forms, first, last), last


def _body(words: Sequence[Row], heads: Sequence[int], head: int, start: int, end: int) -> tuple[int, int]:
    """The capitalized words around the head that depend on it, with the links between them."""

    def inside(place: int) -> bool:
        return _under(heads, place, head) and not (
            words[place].columns[DEPREL].startswith(("appos", "acl", "advcl", "parataxis", "det")) and place > head
        )

    def link(place: int) -> bool:
        if words[place].form.lower() not in _LINKS:
            return False
        owner = heads[heads[place]] if heads[place] >= 0 else -1
        return not (words[place].columns[DEPREL] == "cc" and owner == head)

    def proper(place: int) -> bool:
        form = words[place].form
        return form[:1].isupper() or form[:1].isdigit() or words[place].columns[XPOS].startswith("NNP")

    first = head
    for place in range(head - 1, start - 1, -1):
        if words[place].columns[DEPREL] == "det" or not inside(place) or not (proper(place) or link(place)):
            break
        if proper(place):
            first = place
    last = head + 1
    for place in range(head + 1, end):
        if not inside(place) or not (proper(place) or link(place)):
            break
        if words[place].columns[DEPREL] == "case" and words[place].form.lower().endswith("s"):
            break
        if proper(place):
            last = place + 1
    return first, last


def _under(heads: Sequence[int], place: int, head: int) -> bool:
    while place >= 0:
        if place == head:
            return True
        place = heads[place]
    return False


def _after_titles(forms: Sequence[str], first: int, last: int) -> int:
    """Where the name begins that ends at `last`: after its last title; at `last` if there is nothing but titles."""
    if all(_is_title(form) or form.casefold() in load_lexicon("role_nouns") for form in forms[first:last]):
        return last
    return max((place + 1 for place in range(first, last - 1) if _is_title(forms[place])), default=first)


def _is_title(form: str) -> bool:
    folded = form.casefold().strip(".")
    return folded in load_lexicon("titles") | load_lexicon("polite_titles") | load_lexicon("abbreviated_titles") | _NO_NAMES


# LitBank


def _litbank_document(path: Path) -> Iterator[MentionedSentence]:
    starts: dict[int, tuple[int, int]] = {}
    ends: dict[int, tuple[int, int]] = {}
    lines: list[list[str]] = []
    at = 0
    for line in path.read_text(encoding="utf-8").split("\n"):
        tokens = line.split(" ") if line.strip() else []
        for number, token in enumerate(tokens):
            starts[at] = (len(lines), number)
            at += len(token)
            ends[at] = (len(lines), number + 1)
            at += 1
        if not tokens:
            at += len(line) + 1
        lines.append(tokens)
    names: list[list[Name]] = [[] for _ in lines]
    mentions: list[list[Name]] = [[] for _ in lines]
    for row in path.with_suffix(".ann").read_text(encoding="utf-8").splitlines():
        label, _, span = row.partition("\t")[2].partition(" ")
        form, _, kind = label.partition("_")
        if form not in ("PROP", "NOM"):
            continue
        start, end = (int(place) for place in span.partition("\t")[0].split())
        line, first = starts[start]
        last = ends[end][1]
        mentions[line].append((first, last, LITBANK_TYPES[kind]))
        if form == "PROP":
            names[line] += _cut(lines[line], first, last, LITBANK_TYPES[kind])
    for tokens, named, mentioned in zip(lines, names, mentions, strict=True):
        if tokens:
            yield _joined(tokens, _outermost(named), mentioned)


def _joined(tokens: Sequence[str], names: Iterable[Name], mentions: Iterable[Name]) -> MentionedSentence:
    """The sentence with its clitics joined to their hosts."""
    joined = join_clitics([(token, str(place)) for place, token in enumerate(tokens)])
    firsts = [int(place) for _, place in joined]

    def placed(found: Iterable[Name]) -> Iterator[Name]:
        for start, end, kind in found:
            first = bisect_right(firsts, start) - 1
            yield first, max(first + 1, bisect_left(firsts, end)), kind

    return MentionedSentence(
        tokens=tuple(token for token, _ in joined), names=_outermost(placed(names)), mentions=frozenset(placed(mentions))
    )


def _cut(tokens: Sequence[str], first: int, last: int, kind: str) -> Iterator[Name]:
    """The name inside a proper mention: its first stretch of capitalized words."""
    links = _LINKS - {"of", "and", "&"} if kind == "PER" else _LINKS
    while first < last and (not tokens[first][:1].isupper() or tokens[first].lower() in _BEFORE):
        first += 1
    end = first
    for place in range(first, last):
        if tokens[place][:1].isupper():
            end = place + 1
        elif tokens[place].lower() not in links and not (kind == "PER" and _is_title(tokens[place - 1])):
            break
    if kind == "PER":
        first = _after_titles(tokens, first, end)
    if first < end:
        yield first, end, kind
