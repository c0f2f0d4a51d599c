"""Named entities of English Worldwide Newswire (Shan et al. 2023): reading, token conventions, split by article."""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Sequence
from pathlib import Path

import attrs

from quotex.training._marks import RIGHT_SINGLE, draw_style, rewrite_forms

# The nine types of the corpus, by the names that CoNLL-2003 and OntoNotes use for them.
TYPES = {
    "Person": "PER",
    "Organization": "ORG",
    "Location": "LOC",
    "Facility": "FAC",
    "NORP": "NORP",
    "Product": "PRODUCT",
    "Date": "DATE",
    "Money": "MONEY",
    "Misc": "MISC",
}
SPLITS = ("test", "dev", "train", "train", "train", "train", "train", "train", "train", "train")

_LABEL = re.compile(r"[BIES]-(?P<type>\w+)")
_APOSTROPHES = frozenset("'\N{RIGHT SINGLE QUOTATION MARK}")
_CLOSING = frozenset({"\N{RIGHT DOUBLE QUOTATION MARK}", "\N{RIGHT SINGLE QUOTATION MARK}", ")"})
_STARTS = re.compile("[A-Z0-9\N{LEFT DOUBLE QUOTATION MARK}\N{LEFT SINGLE QUOTATION MARK}]")
_CLITICS = frozenset({"s", "S", "re", "ve", "ll", "d", "m"})
_HOST_AND_CLITIC = re.compile(
    rf"(?P<host>.*\w)(?P<clitic>n['{RIGHT_SINGLE}]t|['{RIGHT_SINGLE}](?:{'|'.join(sorted(_CLITICS))})?)"
)
"""`Wales's`, `ours’`, `couldn't`."""


@attrs.frozen(kw_only=True)
class NamedSentence:
    """A sentence with names.

    Attributes:
        tokens: the surface tokens, clitics joined to their host as in Universal Dependencies (``Japan’s`` is one).
        labels: one IOB2 label a token (``B-PER``, ``I-PER``, ``O``).
    """

    tokens: tuple[str, ...]
    labels: tuple[str, ...]


def split_of(file_name: str) -> str:
    """The split of an article: ``train``, ``dev`` or ``test``, by a hash of its file name.

    The first eight hexadecimal digits of the MD5 of the name, modulo ten: 0 is test, 1 development.
    """
    digest = hashlib.md5(file_name.encode("utf-8"), usedforsecurity=False).hexdigest()
    return SPLITS[int(digest[:8], 16) % 10]


def read_split(folder: Path, split: str) -> list[NamedSentence]:
    """All sentences of one split (``train``, ``dev`` or ``test``), articles in order of their names."""
    paths = [path for path in sorted(folder.glob("*.tsv")) if split_of(path.name) == split]
    return [sentence for path in paths for sentence in read_article(path)]


def read_article(path: Path) -> list[NamedSentence]:
    """The sentences of one article, its address (first line) left out; labels become IOB2 of :data:`TYPES`."""
    blocks: list[list[tuple[str, str]]] = [[]]
    for line in path.read_text(encoding="utf-8").splitlines():
        parts = line.split()
        if not parts:
            blocks.append([])
        elif not parts[0].startswith(("http:", "https:")):
            blocks[-1].append((parts[0], parts[-1] if len(parts) > 1 else "O"))
    return [piece for block in blocks if block for piece in split_sentences(_sentence(block))]


def read_uner(path: Path) -> list[NamedSentence]:
    """The sentences of a file of Universal NER (IOB2, one token a line: number, token, label)."""
    sentences: list[list[list[str]]] = [[]]
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line:
            sentences.append([])
        elif not line.startswith("#"):
            sentences[-1].append(line.split("\t"))
    return [
        NamedSentence(tokens=tuple(row[1] for row in rows), labels=tuple(row[2] for row in rows))
        for rows in sentences
        if rows
    ]


def _sentence(pairs: Sequence[tuple[str, str]]) -> NamedSentence:
    joined = join_clitics([(token, short_label(label)) for token, label in pairs])
    return NamedSentence(tokens=tuple(token for token, _ in joined), labels=to_iob2([label for _, label in joined]))


def restyle(sentence: NamedSentence, rng: random.Random) -> NamedSentence:
    """The sentence with its marks rewritten in a style drawn at random."""
    return attrs.evolve(sentence, tokens=tuple(rewrite_forms(sentence.tokens, draw_style(rng))))


def part_clitics(sentence: NamedSentence) -> NamedSentence:
    """The sentence with its clitics as words of their own, as treebanks have words and Universal NER its tokens.

    A clitic belongs to a name only where the next token does: ``Ada ’s Bakery``, but ``Ada`` in ``Ada ’s aunt``.
    """
    tokens, labels = [], []
    following = (*sentence.labels[1:], "O")
    for token, label, after in zip(sentence.tokens, sentence.labels, following, strict=True):
        match = _HOST_AND_CLITIC.fullmatch(token)
        if match is None:
            tokens.append(token)
            labels.append(label)
        else:
            tokens += [match["host"], match["clitic"]]
            labels += [label, after if after.startswith("I-") else "O"]
    return NamedSentence(tokens=tuple(tokens), labels=tuple(labels))


def part_places(sentence: NamedSentence) -> NamedSentence:
    """The sentence with a place and the one that it lies in as two names: ``Ghent , Belgium``.

    The newspapers' annotators wrote them as one name 119 times and as two 389 times, Universal NER's always as two.
    """
    labels = list(sentence.labels)
    begins = False
    for place, (token, label) in enumerate(zip(sentence.tokens, sentence.labels, strict=True)):
        if label != "I-LOC":
            begins = False
        elif token == ",":
            labels[place], begins = "O", True
        elif begins:
            begins = not token[:1].isupper()
            labels[place] = "O" if begins else "B-LOC"
    return attrs.evolve(sentence, labels=tuple(labels))


def in_one_case(sentence: NamedSentence, *, upper: bool) -> NamedSentence:
    """The sentence in capitals or in small letters alone, as people write on the web."""
    tokens = (token.upper() if upper else token.lower() for token in sentence.tokens)
    return attrs.evolve(sentence, tokens=tuple(tokens))


def split_sentences(paragraph: NamedSentence) -> list[NamedSentence]:
    """Cut a paragraph where a sentence ends; the corpus has one block a paragraph.

    A sentence ends after ``.``, ``?`` or ``!`` and the closing mark that follows, before a capital, a digit or an
    opening mark, outside of names and not after a one-letter token (an initial).
    """
    cuts = [0]
    tokens, labels = paragraph.tokens, paragraph.labels
    for position in range(2, len(tokens) - 1):
        stop = position - 1 if tokens[position] in _CLOSING else position
        if (
            tokens[stop] in (".", "?", "!")
            and len(tokens[stop - 1]) > 1
            and _STARTS.match(tokens[position + 1])
            and not labels[position + 1].startswith("I-")
        ):
            cuts.append(position + 1)
    ends = [*cuts[1:], len(tokens)]
    return [NamedSentence(tokens=tokens[a:b], labels=labels[a:b]) for a, b in zip(cuts, ends, strict=True)]


def short_label(label: str) -> str:
    """``B-Person`` as ``B-PER``; anything that is no label of the corpus as ``O``."""
    match = _LABEL.fullmatch(label)
    if match is None or match["type"] not in TYPES:
        return "O"
    return f"{label[0]}-{TYPES[match['type']]}"


def join_clitics(pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Join clitics to their host, the host's label kept, as the tokens of Universal Dependencies have them.

    The corpus writes ``Japan ’ s``, ``Japan ’s`` and ``couldn ’ t``; English UD has the tokens ``Japan’s`` and
    ``couldn’t``, and Stanza's tagger of names reads tokens, not words.
    """
    joined: list[tuple[str, str]] = []
    position = 0
    while position < len(pairs):
        token, label = pairs[position]
        following = pairs[position + 1][0] if position + 1 < len(pairs) else ""
        host = joined[-1][0] if joined else ""
        if host[-1:].isalnum() and token in _APOSTROPHES and _is_clitic(host, following):
            joined[-1] = (host + token + following, joined[-1][1])
            position += 2
        elif host[-1:].isalpha() and _is_written_clitic(token):
            joined[-1] = (host + token, joined[-1][1])
            position += 1
        else:
            joined.append((token, label))
            position += 1
    return joined


def _is_clitic(host: str, following: str) -> bool:
    return following in _CLITICS or (following == "t" and host.endswith("n"))


def _is_written_clitic(token: str) -> bool:
    return (token[0] in _APOSTROPHES and token[1:] in _CLITICS) or (
        token[:1] == "n" and token[1:2] in _APOSTROPHES and token[2:] == "t"
    )


def to_iob2(labels: Sequence[str]) -> tuple[str, ...]:
    """BIO, BIOES or damaged sequences as IOB2: a name that starts with ``I-`` or ``E-`` starts with ``B-``."""
    fixed = []
    previous = "O"
    for label in labels:
        if label == "O":
            current = "O"
        else:
            prefix, _, kind = label.partition("-")
            goes_on = prefix in "IE" and previous[2:] == kind
            current = f"{'I' if goes_on else 'B'}-{kind}"
        fixed.append(current)
        previous = current
    return tuple(fixed)


def spans(labels: Sequence[str]) -> set[tuple[int, int, str]]:
    """The names of an IOB2 sequence as ``(first token, end token, type)``, half-open."""
    found = set()
    start = 0
    for position, label in enumerate([*labels, "O"]):
        previous = labels[position - 1] if position else "O"
        if previous != "O" and not label.startswith("I-"):
            found.add((start, position, previous[2:]))
        if label.startswith("B-"):
            start = position
    return found
