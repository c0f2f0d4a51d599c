"""Texts as the models read them, kept in a folder: reading takes longer than all that is learned from it."""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Iterator
from pathlib import Path

import stanza

from quotex._marks import find_marks
from quotex._packages import load_pipeline
from quotex._reading import Reading
from quotex._stanza import read_texts
from quotex.evaluation import Corpus, GoldDocument


class Readings:
    """The readings of texts by the compact models.

    Args:
        folder: where they are kept; made if it is not there. It must be emptied when the models or the sentence rules
            change.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._pipeline: stanza.Pipeline | None = None

    def of(self, text: str) -> Reading:
        """The reading of a text."""
        path = self._folder / f"{hashlib.sha256(text.encode()).hexdigest()}.pickle"
        if path.exists():
            kept: Reading = pickle.loads(path.read_bytes())
            return kept
        if self._pipeline is None:
            self._pipeline = load_pipeline("compact", "en")
        reading = next(iter(read_texts(self._pipeline, [text], [find_marks(text)])))
        partial = path.with_suffix(".part")
        partial.write_bytes(pickle.dumps(reading))
        partial.replace(path)
        return reading


def gold(corpus: Corpus) -> Iterator[GoldDocument]:
    """The documents of a corpus that can be read."""
    return (document for document in corpus.read() if isinstance(document, GoldDocument))


def opening(document: GoldDocument, first: int, last: int) -> tuple[int, int]:
    """Where whole paragraphs begin and end, from behind word `first` to behind `last`; all of a short document."""
    starts = list(_word_starts(document.text))
    if len(starts) <= last:
        return 0, len(document.text)
    start = document.text.find("\n\n", starts[first])
    end = document.text.find("\n\n", starts[last])
    return start + 2, end if end >= 0 else len(document.text)


def _word_starts(text: str) -> Iterator[int]:
    inside = False
    for place, character in enumerate(text):
        if character.isspace():
            inside = False
        elif not inside:
            inside = True
            yield place
