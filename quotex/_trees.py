"""The best tree of a sentence from the scores of its arcs. Imports Stanza, so it is imported lazily."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from stanza.models.common.chuliu_edmonds import chuliu_edmonds


def best_tree(scores: NDArray[Any]) -> NDArray[Any]:
    """The heads of the maximum spanning tree in which one word alone depends on the root.

    This is Stanza's `chuliu_edmonds_one_root`, which weighs the arcs from the root so low that at first every sentence
    falls apart into cycles, and mends these one by one. Here the root's dependent is chosen first. With it fixed, the
    best heads of the other words are an upper bound of the tree's score, and mostly a tree; only where they have a
    cycle does the algorithm of Chu, Liu and Edmonds run. Dependents are tried from the highest bound on, until no
    bound is above the best tree found, so the result is exact.

    Args:
        scores: ``(n, n)``, where ``scores[word, head]`` is the score of an arc and 0 the root.

    Returns:
        ``(n,)``, the head of each word; the root's own is 0.
    """
    arcs = scores.astype(np.float64)
    size = len(arcs)
    np.fill_diagonal(arcs, -np.inf)
    roots = arcs[:, 0].copy()
    arcs[:, 0] = -np.inf
    arcs[0] = -np.inf
    arcs[0, 0] = 0
    heads: NDArray[Any] = arcs.argmax(axis=1)
    chosen = arcs[np.arange(size), heads]
    gains = np.where(np.isfinite(chosen), roots - chosen, np.inf)
    best, found = -np.inf, np.zeros_like(heads)
    for word in 1 + np.argsort(-gains[1:], kind="stable"):
        bound = np.delete(chosen, word).sum() + roots[word]
        if bound <= best:
            break
        tree = heads.copy()
        tree[word] = 0
        if not _is_tree(tree):
            fixed = arcs.copy()
            fixed[word] = -np.inf
            fixed[word, 0] = roots[word]
            tree = chuliu_edmonds(fixed)
        taken = np.arange(1, size)[tree[1:] != 0]
        total = arcs[taken, tree[taken]].sum() + roots[word]
        if total > best:
            best, found = total, tree
    return found


def _is_tree(heads: NDArray[Any]) -> bool:
    """Whether every word hangs from 0: heads of heads, twice as far up in each round."""
    for _ in range(len(heads).bit_length()):
        heads = heads[heads]
    return not bool(heads.any())
