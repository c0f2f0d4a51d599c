"""Reading and writing CoNLL-U, as far as training needs it: sentences of rows, nothing interpreted that is not used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TextIO

import attrs

ID, FORM, LEMMA, UPOS, XPOS, FEATS, HEAD, DEPREL, DEPS, MISC = range(10)


@attrs.frozen(kw_only=True)
class Row:
    """One line of a CoNLL-U sentence.

    Attributes:
        columns: the ten columns as written.
    """

    columns: tuple[str, ...]

    @property
    def form(self) -> str:
        """The FORM column."""
        return self.columns[FORM]

    @property
    def is_range(self) -> bool:
        """Whether this row is a multi-word token (``3-4``)."""
        return "-" in self.columns[ID]

    @property
    def is_word(self) -> bool:
        """Whether this row is a syntactic word (neither a range nor an empty node)."""
        return self.columns[ID].isdecimal()

    @property
    def space_after(self) -> bool:
        """Whether white space follows, as ``SpaceAfter`` in MISC says."""
        return "SpaceAfter=No" not in self.columns[MISC].split("|")

    def with_form(self, form: str) -> Row:
        """The same row with another form."""
        return Row(columns=(self.columns[ID], form, *self.columns[LEMMA:]))


@attrs.frozen(kw_only=True)
class Sentence:
    """One CoNLL-U sentence.

    Attributes:
        comments: the ``#`` lines without line ends, the ``# text`` line left out (it follows from the rows).
        rows: its rows in order: words and multi-word token ranges, no empty nodes.
    """

    comments: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def words(self) -> tuple[Row, ...]:
        """The syntactic words, in order."""
        return tuple(row for row in self.rows if row.is_word)

    @property
    def tokens(self) -> tuple[Row, ...]:
        """The surface tokens, in order: ranges stand for their words."""
        tokens = []
        covered = 0
        for row in self.rows:
            first, _, last = row.columns[ID].partition("-")
            if int(first) <= covered:
                continue
            covered = int(last or first)
            tokens.append(row)
        return tuple(tokens)

    @property
    def text(self) -> str:
        """The surface text, rebuilt from the tokens and their spaces."""
        return "".join(row.form + " " * row.space_after for row in self.tokens).rstrip(" ")

    @property
    def starts_paragraph(self) -> bool:
        """Whether the comments say that a paragraph or a document starts here."""
        return any(comment.startswith(("# newpar", "# newdoc")) for comment in self.comments)


def read_conllu(path: Path) -> Iterator[Sentence]:
    """Yield the sentences of a CoNLL-U file.

    Raises:
        ValueError: a row has not ten columns; the message says file and line.
    """
    comments: list[str] = []
    rows: list[Row] = []
    with path.open(encoding="utf-8", newline="\n") as lines:
        for number, raw in enumerate(lines, start=1):
            line = raw.rstrip("\r\n")
            if not line:
                if rows:
                    yield Sentence(comments=tuple(comments), rows=tuple(rows))
                comments, rows = [], []
            elif line.startswith("#"):
                if not line.startswith("# text ="):
                    comments.append(line)
            else:
                columns = tuple(line.split("\t"))
                if len(columns) != 10:
                    raise ValueError(f"{path}:{number}: {len(columns)} columns, a CoNLL-U row has 10")
                if "." not in columns[ID]:
                    rows.append(Row(columns=columns))
    if rows:
        yield Sentence(comments=tuple(comments), rows=tuple(rows))


def write_conllu(sentences: Iterable[Sentence], out: TextIO) -> None:
    """Write sentences as CoNLL-U, with a ``# text`` line rebuilt for each."""
    for sentence in sentences:
        lines = [*sentence.comments, f"# text = {sentence.text}"]
        lines += ["\t".join(row.columns) for row in sentence.rows]
        out.write("\n".join(lines) + "\n\n")


def save_conllu(sentences: Iterable[Sentence], path: Path) -> None:
    """Write sentences to a CoNLL-U file."""
    with path.open("w", encoding="utf-8", newline="\n") as out:
        write_conllu(sentences, out)
