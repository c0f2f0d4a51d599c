"""Cutting running text into windows and pieces, and joining the chains of pieces."""

from __future__ import annotations

from itertools import pairwise

import pytest

from quotex._windows import CONTEXT, OVERLAP, PIECE, WINDOW, cut, join, split, with_contexts


def test_windows_hold_whole_sentences() -> None:
    assert cut([WINDOW - 10, 10, 1, WINDOW + 5, 3]) == [2, 1, 1, 1]
    assert cut([]) == []


def test_a_window_begins_with_the_end_of_the_one_before() -> None:
    long = list(range(100, 100 + CONTEXT + 7))
    assert with_contexts([[1, *long, 2], [1, 8, 9, 2], [1, 5, 2]]) == [
        (1, *long, 2),
        (1, *long[-CONTEXT:], 8, 9, 2),
        (1, 8, 9, 5, 2),
    ]
    assert with_contexts([]) == []


@pytest.mark.parametrize("windows", [0, 1, PIECE, PIECE + 1, 2 * PIECE, 50])
def test_pieces_cover_all_windows_and_overlap(windows: int) -> None:
    pieces = split(windows)
    assert (pieces[0].start, pieces[0].new, pieces[-1].end) == (0, 0, windows)
    for before, after in pairwise(pieces):
        assert after.start == before.end - OVERLAP
        assert after.new == before.end
    assert all(piece.end - piece.start <= PIECE for piece in pieces)


def test_chains_that_share_a_mention_are_one() -> None:
    first = [[(0, 2), (9, 10)], [(3, 4), (8, 9)]]
    second = [[(9, 10), (20, 21)], [(30, 31), (40, 41)]]
    assert join([first, second]) == [((0, 2), (9, 10), (20, 21)), ((3, 4), (8, 9)), ((30, 31), (40, 41))]


def test_a_chain_can_tie_two_together() -> None:
    assert join([[[(0, 1), (5, 6)], [(2, 3), (7, 8)]], [[(5, 6), (7, 8)]]]) == [((0, 1), (2, 3), (5, 6), (7, 8))]


def test_a_chain_of_one_is_none() -> None:
    assert join([[[(0, 1)]]]) == []
