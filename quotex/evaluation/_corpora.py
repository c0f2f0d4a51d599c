"""The corpora by name: where they lie, what splits they have, and their documents one after another."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Final

import attrs

from quotex._errors import FormatError, QuotexError
from quotex.evaluation import _litbank, _pdnc, _polnear, _world
from quotex.evaluation._gold import GoldDocument
from quotex.evaluation._sources import Entry
from quotex.evaluation._tagged import read_tagged


class CorpusError(QuotexError, ValueError):
    """A corpus, or a split of it, that is unknown or holds no documents.

    Attributes:
        corpus: The name that was asked for.
    """

    def __init__(self, message: str, corpus: str) -> None:
        self.corpus = corpus
        super().__init__(message)

    def __reduce__(self) -> tuple[type[CorpusError], tuple[str, str]]:
        return type(self), (str(self.args[0]), self.corpus)


@attrs.frozen(kw_only=True)
class Broken:
    """A document that could not be read or extracted from.

    Attributes:
        name: The document.
        reason: What is wrong.
    """

    name: str
    reason: str


@attrs.frozen(kw_only=True)
class _Corpus:
    """A corpus: its list of documents, its folder below the data root, and its splits, the default one first."""

    entries: Callable[[Path, str], list[Entry]]
    folder: str
    splits: tuple[str, ...]


def _own_entries(path: Path, split: str) -> list[Entry]:
    del split
    files = [path] if path.is_file() else sorted(path.glob("*.txt"))
    return [Entry(name=file.stem, read=partial(read_tagged, file)) for file in files]


_CORPORA: Final = {
    "own": _Corpus(entries=_own_entries, folder="", splits=("all",)),
    "world": _Corpus(entries=_world.entries, folder="world-dev", splits=("all",)),
    "polnear": _Corpus(entries=_polnear.entries, folder="polnear", splits=("dev", "train", "test", "all")),
    "pdnc": _Corpus(entries=_pdnc.entries, folder="pdnc", splits=("dev", "train", "test", "all")),
    "litbank": _Corpus(entries=_litbank.entries, folder="litbank", splits=("dev", "train", "test", "all")),
}
CORPORA: Final = tuple(_CORPORA)
"""The names of the corpora."""


def corpus_path(corpus: str) -> Path:
    """Where a corpus lies when no path is given: `own` in the package, the others below `QUOTEX_DATA`."""
    if corpus == "own":
        return Path(__file__).with_name("corpus")
    return Path(os.environ.get("QUOTEX_DATA", "../shared/data")) / _known(corpus).folder


def _known(corpus: str) -> _Corpus:
    if corpus not in _CORPORA:
        raise CorpusError(f"unknown corpus {corpus!r}; available: {', '.join(CORPORA)}", corpus)
    return _CORPORA[corpus]


@attrs.frozen(kw_only=True)
class Corpus:
    """The documents of one split of a corpus, not yet read.

    Attributes:
        name: One of `CORPORA`.
        split: Which part.
        path: Where it lies.
        documents: The names of the documents, in order.
    """

    name: str
    split: str
    path: Path
    _entries: tuple[Entry, ...] = attrs.field(alias="entries", repr=False)

    @property
    def documents(self) -> tuple[str, ...]:
        """The names of the documents, in order."""
        return tuple(entry.name for entry in self._entries)

    def read(self) -> Iterator[GoldDocument | Broken]:
        """Each document, or what is wrong with it."""
        for entry in self._entries:
            try:
                yield entry.read()
            except (FormatError, OSError) as error:
                yield Broken(name=entry.name, reason=str(error))


def open_corpus(
    corpus: str, path: Path | str | None = None, *, split: str | None = None, limit: int | None = None
) -> Corpus:
    """Find the documents of a corpus.

    Args:
        corpus: One of `CORPORA`.
        path: A file or folder in the corpus's format; the corpus's usual place when left out.
        split: Which part; when left out, the development part, or everything at a `path` that has none.
        limit: Use only so many documents, from the first.

    Raises:
        CorpusError: The corpus or split is unknown, or there are no documents; says where they were looked for.
    """
    known = _known(corpus)
    if split is not None and split not in known.splits:
        raise CorpusError(f"{corpus} has no split {split!r}; available: {', '.join(known.splits)}", corpus)
    place = corpus_path(corpus) if path is None else Path(path)
    part = split or known.splits[0]
    entries = known.entries(place, part)
    if not entries and split is None:
        part = "all"
        entries = known.entries(place, part)
    if not entries:
        raise CorpusError(f"no {corpus} documents (split {part}) in {place}; give a path, or set QUOTEX_DATA", corpus)
    return Corpus(name=corpus, split=part, path=place, entries=tuple(entries[:limit]))
