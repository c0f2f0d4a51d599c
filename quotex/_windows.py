"""Windows: how running text is cut for coreference, and how the chains of a long text's pieces are joined."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

import attrs

WINDOW = 382
"""Subwords of a window without its two special ones.

Attention over 512 costs a quarter more time in use and twice as much in training.
"""

CONTEXT = 120
"""Subwords of the window before it that are read with a window, so that its first words are not read out of nothing."""

BLANK = "-"
"""Stands for a word that the tokenizer erases (a lone control character), as Stanza has it."""


def cut(lengths: Iterable[int]) -> list[int]:
    """Cut a text into windows of whole consecutive sentences, as many as fit; the cut is Stanza's.

    Args:
        lengths: The subwords of each sentence.

    Returns:
        The number of sentences of each window. A sentence longer than a window stands alone.
    """
    counts: list[int] = []
    size = 0
    for length in lengths:
        if counts and size + length <= WINDOW:
            counts[-1] += 1
            size += length
        else:
            counts.append(1)
            size = length
    return counts


def with_contexts(windows: Sequence[Sequence[int]]) -> list[tuple[int, ...]]:
    """Consecutive windows, special subwords at both ends, each with up to `CONTEXT` subwords of the one before it."""
    before = chain([()], (window[1:-1][-CONTEXT:] for window in windows))
    return [(window[0], *end, *window[1:]) for end, window in zip(before, windows, strict=False)]


@attrs.frozen(kw_only=True)
class Piece:
    """Part of a text whose chains are found together.

    Attributes:
        start, end: Its windows, half-open.
        new: The first of them that no piece before it holds.
    """

    start: int
    end: int
    new: int


PIECE = 8
"""Windows whose chains are found together, some 2,200 words: a document of the corpora it was trained on."""

OVERLAP = 2
"""Windows that neighbouring pieces share; the mentions in them tie the chains together."""


def split(windows: int) -> list[Piece]:
    """Split the windows of a text into overlapping pieces; memory and time grow with their number, not its square."""
    pieces = [Piece(start=0, end=min(PIECE, windows), new=0)]
    while pieces[-1].end < windows:
        start = pieces[-1].end - OVERLAP
        pieces.append(Piece(start=start, end=min(start + PIECE, windows), new=pieces[-1].end))
    return pieces


Mention = tuple[int, int]
Chains = Sequence[Iterable[Mention]]


def join(parts: Iterable[Chains]) -> list[tuple[Mention, ...]]:
    """Join the chains of overlapping pieces of a text: chains that share a mention are one.

    Args:
        parts: For each piece its chains, mentions as half-open ranges of the text's words.

    Returns:
        The chains in order of their first mentions, mentions in order.
    """
    owner: dict[Mention, int] = {}
    chains: dict[int, set[Mention]] = {}
    number = 0
    for part in parts:
        for found in part:
            mentions = set(found)
            for known in {owner[mention] for mention in mentions if mention in owner}:
                mentions |= chains.pop(known)
            chains[number] = mentions
            owner.update(dict.fromkeys(mentions, number))
            number += 1
    return sorted(tuple(sorted(mentions)) for mentions in chains.values() if len(mentions) > 1)
