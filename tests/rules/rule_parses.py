"""`parses.conllu` read into `Reading`s: the parse of each case, without Stanza and without a model.

One document a case, `# newdoc id = FILE/HEADING`; names in MISC as `NER=B-PER`, `NER=I-PER`. Words carry no offsets:
they are found in the text one after the other.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import attrs

from quotex._marks import find_marks
from quotex._reading import Name, Reading, Sentence, Word

PARSES = Path(__file__).parent / "parses.conllu"

_UNREAD = " \n>"
"""What the models do not see: blanks, and the signs before quoted lines."""
_SUBTYPED = frozenset("abcdefghijklmnopqrstuvwxyz:")


@attrs.frozen(kw_only=True)
class Row:
    """One line of CoNLL-U that is a word.

    Attributes:
        number: Its number in the sentence, from 1.
        head: Number of its head, 0 for the root.
        misc: The last column, taken apart.
        line: Line in the file, from 1.
    """

    number: int
    form: str
    lemma: str
    upos: str
    feats: frozenset[str]
    head: int
    deprel: str
    misc: Mapping[str, str]
    line: int


@attrs.frozen(kw_only=True)
class Token:
    """A surface token with its words: several for `don’t`."""

    form: str
    rows: tuple[Row, ...]


class ParseError(ValueError):
    """The file of parses is not what a case needs; says where."""


@cache
def read_parses(path: Path = PARSES) -> Mapping[str, tuple[tuple[Token, ...], ...]]:
    """The sentences of each document by its id."""
    documents: dict[str, tuple[tuple[Token, ...], ...]] = {}
    name = ""
    for block in _blocks(path):
        for line, comment in block:
            if comment.startswith("# newdoc id = "):
                name = comment.removeprefix("# newdoc id = ")
                if name in documents:
                    raise ParseError(f"line {line}: the document {name!r} occurs twice")
                documents[name] = ()
        tokens = tuple(_tokens([(line, text.split("\t")) for line, text in block if not text.startswith("#")]))
        documents[name] = (*documents[name], tokens)
    return documents


def _blocks(path: Path) -> Iterator[list[tuple[int, str]]]:
    block: list[tuple[int, str]] = []
    for line, text in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if text:
            block.append((line, text))
        elif block:
            yield block
            block = []
    if block:
        yield block


def _tokens(cells: list[tuple[int, list[str]]]) -> Iterator[Token]:
    place = 0
    while place < len(cells):
        line, row = cells[place]
        if len(row) != 10:
            raise ParseError(f"line {line}: {len(row)} columns, not 10")
        first, dash, last = row[0].partition("-")
        count = int(last) - int(first) + 1 if dash else 1
        place += bool(dash)
        yield Token(form=row[1], rows=tuple(_row(*cell) for cell in cells[place : place + count]))
        place += count


def _row(line: int, cells: list[str]) -> Row:
    number, form, lemma, upos, _, feats, head, deprel, _, misc = cells
    return Row(
        number=int(number),
        form=form,
        lemma=lemma,
        upos=upos,
        feats=frozenset(feats.split("|")) - {"_"},
        head=int(head),
        deprel=deprel,
        misc=dict(part.split("=", 1) for part in misc.split("|") if "=" in part),
        line=line,
    )


def to_reading(text: str, parse: tuple[tuple[Token, ...], ...]) -> Reading:
    """The `Reading` of a text from its parse.

    Raises:
        ParseError: The words are not those of the text.
    """
    paragraphs = find_marks(text).paragraphs
    starts = [paragraph.start_char for paragraph in paragraphs]
    words: list[Word] = []
    labels: list[str] = []
    sentences: list[Sentence] = []
    done = 0
    for number, tokens in enumerate(parse):
        first = len(words)
        for token in tokens:
            begin = text.find(token.form, done)
            if begin < 0 or text[done:begin].strip(_UNREAD):
                raise ParseError(f"line {token.rows[0].line}: {token.form!r} is not next in {text[done:]!r}")
            done = begin + len(token.form)
            for row, (start, end) in zip(token.rows, _offsets(token, begin), strict=True):
                words.append(_word(row, number, first, start, end))
                labels.append(row.misc.get("NER", "O"))
        sentences.append(
            Sentence(
                index=number,
                start=first,
                end=len(words),
                start_char=words[first].start_char,
                end_char=done,
                paragraph=max(bisect_right(starts, words[first].start_char) - 1, 0),
            )
        )
    if text[done:].strip():
        raise ParseError(f"no parse for {text[done:]!r}")
    return Reading(
        text=text,
        words=tuple(words),
        sentences=tuple(sentences),
        names=tuple(_names(labels)),
        paragraphs=paragraphs,
    )


def _offsets(token: Token, begin: int) -> Iterator[tuple[int, int]]:
    """Each word's own place where the token is its words written together, else that of the token."""
    together = "".join(row.form for row in token.rows) == token.form
    done = begin
    for row in token.rows:
        yield (done, done + len(row.form)) if together else (begin, begin + len(token.form))
        done += len(row.form)


def _word(row: Row, sentence: int, first: int, start: int, end: int) -> Word:
    return Word(
        index=first + row.number - 1,
        sentence=sentence,
        text=row.form,
        lemma=row.lemma,
        upos=row.upos,
        feats=row.feats,
        head=first + row.head - 1 if row.head else None,
        deprel=row.deprel,
        start_char=start,
        end_char=end,
    )


def _names(labels: list[str]) -> Iterator[Name]:
    index = 0
    while index < len(labels):
        prefix, _, label = labels[index].partition("-")
        start = index
        index += 1
        if prefix == "B":
            while index < len(labels) and labels[index] == f"I-{label}":
                index += 1
            yield Name(start=start, end=index, label=label)


def problems(parse: tuple[tuple[Token, ...], ...]) -> Iterator[str]:
    """What makes a parse no tree, and labels that are not Universal Dependencies."""
    for tokens in parse:
        rows = [row for token in tokens for row in token.rows]
        roots = [row for row in rows if row.head == 0]
        if len(roots) != 1 or any((row.head == 0) != (row.deprel == "root") for row in rows):
            yield f"line {rows[0].line}: {len(roots)} roots"
        for place, row in enumerate(rows, 1):
            if row.number != place:
                yield f"line {row.line}: word {row.number} stands at place {place}"
            if row.upos not in _UPOS:
                yield f"line {row.line}: no part of speech {row.upos!r}"
            if row.deprel.partition(":")[0] not in _RELATIONS or not _SUBTYPED.issuperset(row.deprel):
                yield f"line {row.line}: no relation {row.deprel!r}"
            seen = {row.number}
            head = row.head
            while head and head not in seen and head <= len(rows):
                seen.add(head)
                head = rows[head - 1].head
            if head:
                yield f"line {row.line}: the heads above {row.form!r} lead to no root"


_UPOS = frozenset(
    {
        *("ADJ", "ADP", "ADV", "AUX", "CCONJ", "DET", "INTJ", "NOUN", "NUM"),
        *("PART", "PRON", "PROPN", "PUNCT", "SCONJ", "SYM", "VERB", "X"),
    }
)
_RELATIONS = frozenset(
    {
        *("acl", "advcl", "advmod", "amod", "appos", "aux", "case", "cc", "ccomp", "clf", "compound", "conj", "cop"),
        *("csubj", "dep", "det", "discourse", "dislocated", "expl", "fixed", "flat", "goeswith", "iobj", "list"),
        *("mark", "nmod", "nsubj", "nummod", "obj", "obl", "orphan", "parataxis", "punct", "reparandum", "root"),
        *("vocative", "xcomp"),
    }
)
