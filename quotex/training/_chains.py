"""Coreference corpora: LitBank, GUM, WikiCoref and GAP, brought to Stanza's coreference JSON."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import attrs

from quotex.training._conllu import DEPREL, HEAD, MISC, Row, read_conllu

Mention = tuple[int, int]

GUM_TYPES = frozenset({"person", "organization", "place", "animal"})
"""What can speak or be spoken of as a speaker; GUM's other types are things, events, times and abstract ideas."""

_NAMED = ("PERSON", "ORG", "GPE", "NORP", "FAC", "LOC")
_PRONOUNS = frozenset(
    ("he", "him", "his", "himself", "she", "her", "hers", "herself", "who", "whom", "whose", "you", "your", "yours")
) | frozenset(("i", "me", "my", "mine", "myself", "we", "us", "our", "ours", "ourselves"))
_BRACKETS = {"-LRB-": "(", "-RRB-": ")", "-LSB-": "[", "-RSB-": "]", "-LCB-": "{", "-RCB-": "}", "/.": ".", "/?": "?"}
_BRACKETS |= {"``": "\N{LEFT DOUBLE QUOTATION MARK}", "''": "\N{RIGHT DOUBLE QUOTATION MARK}"}
_ENTITY = re.compile(r"(?P<open>\()?(?P<body>[^()]+)(?P<close>\))?")


@attrs.frozen(kw_only=True)
class CorefDocument:
    """A document with chains.

    Attributes:
        name: of the document.
        corpus: `litbank`, `gum` or `wikicoref`.
        words: all its words.
        sentences: for each word the number of its sentence, from 0.
        chains: for each chain its mentions, half-open ranges of words.
        heads: for each word the index of its syntactic head, `None` for a root; empty where there is no tree.
        relations: for each word its relation; empty likewise.
    """

    name: str
    corpus: str
    words: tuple[str, ...]
    sentences: tuple[int, ...]
    chains: tuple[tuple[Mention, ...], ...]
    heads: tuple[int | None, ...] = ()
    relations: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class GapPassage:
    """A passage of GAP: a pronoun and two names, each of which it may stand for.

    Attributes:
        name: of the passage.
        text: as published.
        pronoun, first, second: half-open code-point ranges of the pronoun and the two names.
        first_right, second_right: whether the pronoun stands for it.
    """

    name: str
    text: str
    pronoun: tuple[int, int]
    first: tuple[int, int]
    second: tuple[int, int]
    first_right: bool
    second_right: bool

    @property
    def feminine(self) -> bool:
        """Whether the pronoun is feminine; else it is masculine."""
        return self.text[slice(*self.pronoun)].lower() in ("she", "her", "hers", "herself")


def litbank_split(name: str) -> str:
    """The split of a LitBank document by its Gutenberg number, which begins its name: 0 of 10 test, 1 of 10 dev."""
    return {0: "test", 1: "dev"}.get(int(name.partition("_")[0]) % 10, "train")


def read_litbank(folder: Path, split: str) -> list[CorefDocument]:
    """One split of LitBank's `coref/conll` folder, all chains kept."""
    paths = [path for path in sorted(folder.glob("*.conll")) if litbank_split(path.name) == split]
    return [_document(path.stem.removesuffix("_brat"), "litbank", _conll_rows(path)) for path in paths]


def read_wikicoref(folder: Path) -> list[CorefDocument]:
    """WikiCoref; a chain is kept if a mention of it holds a name of a person, body or place, or a personal pronoun."""
    found = []
    for path in sorted(folder.glob("*.v4_gold_conll")):
        rows = list(_conll_rows(path))
        document = _document(path.name.removesuffix(".v4_gold_conll"), "wikicoref", rows)
        flat = [row for sentence in rows for row in sentence]
        speaks = [word.lower() in _PRONOUNS for word in document.words]
        for place in _name_words([row[10] for row in flat]):
            speaks[place] = True
        chains = tuple(chain for chain in document.chains if any(any(speaks[slice(*span)]) for span in chain))
        found.append(attrs.evolve(document, chains=chains))
    return found


def _name_words(column: Iterable[str]) -> Iterator[int]:
    inside = False
    for place, entry in enumerate(column):
        inside = inside or entry.strip("(").startswith(_NAMED)
        if inside:
            yield place
        if entry.endswith(")"):
            inside = False


def _conll_rows(path: Path) -> Iterator[list[list[str]]]:
    sentence: list[list[str]] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            sentence.append(line.split("\t") if "\t" in line else line.split())
        elif sentence:
            yield sentence
            sentence = []
    if sentence:
        yield sentence


def _document(name: str, corpus: str, sentences: Iterable[list[list[str]]]) -> CorefDocument:
    """A document from rows of CoNLL-2012: the word in the fourth column, brackets of chains in the last."""
    words: list[str] = []
    numbers: list[int] = []
    chains: dict[str, list[Mention]] = {}
    for number, rows in enumerate(sentences):
        open_at: dict[str, list[int]] = {}
        for row in rows:
            for part in row[-1].strip().split("|"):
                chain = part.strip("()")
                if part.startswith("("):
                    open_at.setdefault(chain, []).append(len(words))
                if part.endswith(")"):
                    chains.setdefault(chain, []).append((open_at[chain].pop(), len(words) + 1))
            words.append(_BRACKETS.get(row[3], row[3]))
            numbers.append(number)
    return CorefDocument(
        name=name,
        corpus=corpus,
        words=tuple(words),
        sentences=tuple(numbers),
        chains=tuple(tuple(sorted(set(spans))) for spans in chains.values()),
    )


def read_gum(path: Path, types: frozenset[str] = GUM_TYPES) -> list[CorefDocument]:
    """The documents of a GUM file with the chains of some entity types, from `Entity=` in MISC.

    The parts of a discontinuous mention count as its first part alone.
    """
    documents: list[_GumReader] = []
    for sentence in read_conllu(path):
        named = [comment for comment in sentence.comments if comment.startswith("# newdoc")]
        if named:
            documents.append(_GumReader(name=named[0].partition("=")[2].strip()))
        documents[-1].add(sentence.words)
    return [document.finished(types) for document in documents]


def gum_mentions(rows: Sequence[Row]) -> Iterator[tuple[str, Mention, str]]:
    """The mentions that `Entity=` marks in the words of a sentence: chain, range and type, those that end first first.

    Of the parts of a discontinuous mention the first one counts.
    """
    opened: dict[str, list[tuple[int, str]]] = {}
    for place, row in enumerate(rows):
        entity = next((part[7:] for part in row.columns[MISC].split("|") if part.startswith("Entity=")), "")
        for match in _ENTITY.finditer(entity):
            identity, _, rest = match["body"].partition("-")
            chain = identity.partition("[")[0]
            if match["open"]:
                opened.setdefault(chain, []).append((place, rest.partition("-")[0]))
            if (match["close"] or not match["open"]) and opened.get(chain):
                start, kind = opened[chain].pop()
                if "[" not in identity or "[1/" in identity:
                    yield chain, (start, place + 1), kind


@attrs.define(kw_only=True)
class _GumReader:
    name: str
    words: list[str] = attrs.field(factory=list)
    sentences: list[int] = attrs.field(factory=list)
    heads: list[int | None] = attrs.field(factory=list)
    relations: list[str] = attrs.field(factory=list)
    chains: dict[str, list[tuple[Mention, str]]] = attrs.field(factory=dict)

    def add(self, rows: Sequence[Row]) -> None:
        first = len(self.words)
        number = self.sentences[-1] + 1 if self.sentences else 0
        for row in rows:
            head = int(row.columns[HEAD])
            self.words.append(row.form)
            self.sentences.append(number)
            self.heads.append(first + head - 1 if head else None)
            self.relations.append(row.columns[DEPREL])
        for chain, (start, end), kind in gum_mentions(rows):
            self.chains.setdefault(chain, []).append(((first + start, first + end), kind))

    def finished(self, types: frozenset[str]) -> CorefDocument:
        kept = (found for found in self.chains.values() if any(kind in types for _, kind in found))
        return CorefDocument(
            name=self.name,
            corpus="gum",
            words=tuple(self.words),
            sentences=tuple(self.sentences),
            chains=tuple(tuple(sorted({span for span, _ in found})) for found in kept),
            heads=tuple(self.heads),
            relations=tuple(self.relations),
        )


def read_gap(path: Path) -> list[GapPassage]:
    """A part of GAP.

    Raises:
        ValueError: a name does not stand where the file says.
    """
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    found = []
    for row in rows:
        spans = []
        for key in ("Pronoun", "A", "B"):
            start = int(row[f"{key}-offset"])
            spans.append((start, start + len(row[key])))
            if row["Text"][slice(*spans[-1])] != row[key]:
                raise ValueError(f"{path}: {row['ID']}: no {row[key]!r} at {start}")
        found.append(
            GapPassage(
                name=row["ID"],
                text=row["Text"],
                pronoun=spans[0],
                first=spans[1],
                second=spans[2],
                first_right=row["A-coref"] == "TRUE",
                second_right=row["B-coref"] == "TRUE",
            )
        )
    return found


def to_stanza(document: CorefDocument) -> dict[str, Any]:
    """A document with trees in Stanza's coreference JSON.

    Two mentions with the same head cannot both be kept in a word-level model: that of the chain with more mentions
    stays, within one chain the longer.
    """
    spans: dict[int, Mention] = {}
    owner: dict[int, int] = {}
    clusters: list[set[int]] = [set() for _ in document.chains]
    for number in sorted(range(len(clusters)), key=lambda chain: -len(document.chains[chain])):
        for span in document.chains[number]:
            head = head_of(span, document.heads, document.relations)
            if owner.setdefault(head, number) != number:
                continue
            known = spans.get(head)
            if known is None or span[1] - span[0] > known[1] - known[0]:
                spans[head] = span
            clusters[number].add(head)
    words = [sorted(heads) for heads in clusters if heads]
    return {
        "document_id": document.name,
        "corpus": document.corpus,
        "cased_words": list(document.words),
        "sent_id": list(document.sentences),
        "part_id": 0,
        "head": [-1 if head is None else head for head in document.heads],
        "deprel": list(document.relations),
        "head2span": [[head, *span] for head, span in sorted(spans.items())],
        "word_clusters": words,
        "span_clusters": [[list(spans[head]) for head in cluster] for cluster in words],
        "gold_chains": [[list(span) for span in chain] for chain in document.chains],
        "speaker": ["_"] * len(document.words),
    }


def head_of(span: Mention, heads: Sequence[int | None], relations: Sequence[str]) -> int:
    """The head of a mention: its word nearest to the root, punctuation last, the first of several."""

    def rank(word: int) -> tuple[bool, int, int]:
        return relations[word] == "punct", _depth(word, heads), word

    return min(range(*span), key=rank)


def _depth(word: int, heads: Sequence[int | None]) -> int:
    depth = 0
    head = heads[word]
    while head is not None and depth < len(heads):
        depth += 1
        head = heads[head]
    return depth


@attrs.frozen(kw_only=True)
class PlacedWord:
    """A word of a passage.

    Attributes:
        text: the word.
        sentence: number of its sentence.
        start_char, end_char: its half-open code-point range.
    """

    text: str
    sentence: int
    start_char: int
    end_char: int


def gap_to_stanza(passage: GapPassage, words: Sequence[PlacedWord]) -> dict[str, Any] | None:
    """A passage of GAP in Stanza's coreference JSON with the key `gap`; `None` if a span fits no words.

    The head of a name is its first word, as in the flat names of Universal Dependencies, so that no tree is needed.

    Args:
        passage: the passage.
        words: its words.
    """
    found = []
    for start, end in (passage.pronoun, passage.first, passage.second):
        inside = [place for place, word in enumerate(words) if word.start_char < end and start < word.end_char]
        if not inside or len({words[place].sentence for place in inside}) > 1:
            return None
        found.append(inside[0])
    if len(set(found)) < 3:
        return None
    return {
        "document_id": passage.name,
        "corpus": "gap",
        "cased_words": [word.text for word in words],
        "sent_id": [word.sentence for word in words],
        "gap": {
            "pronoun": found[0],
            "a": found[1],
            "b": found[2],
            "a_coref": passage.first_right,
            "b_coref": passage.second_right,
        },
    }
