"""Scores of coreference: the CoNLL mean over chains (Pradhan et al. 2014) and GAP's score of pronouns."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence

import attrs
import numpy as np
from scipy.optimize import linear_sum_assignment

Chains = Sequence[Collection[Hashable]]


@attrs.define(kw_only=True)
class _Tally:
    """Sums of one metric over documents, as the official scorer adds them up."""

    hits: float = 0.0
    wanted: float = 0.0
    found: float = 0.0
    given: float = 0.0

    @property
    def f1(self) -> float:
        recall = self.hits / self.wanted if self.wanted else 0.0
        precision = self.found / self.given if self.given else 0.0
        return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def conll_f1(documents: Iterable[tuple[Chains, Chains]]) -> dict[str, float]:
    """MUC, B cubed, CEAF with entity similarity (phi 4) and their mean `CoNLL`: F1 in per cent, singletons left out.

    Args:
        documents: for each document the gold chains and the predicted ones, each a collection of mentions.
    """
    tallies = {"MUC": _Tally(), "B3": _Tally(), "CEAFe": _Tally()}
    for gold, predicted in documents:
        key = [set(chain) for chain in gold if len(chain) > 1]
        response = [set(chain) for chain in predicted if len(chain) > 1]
        for name, measure in (("MUC", _muc), ("B3", _b_cubed)):
            tally = tallies[name]
            tally.hits, tally.wanted = _plus((tally.hits, tally.wanted), measure(key, response))
            tally.found, tally.given = _plus((tally.found, tally.given), measure(response, key))
        similarity = _ceaf(key, response)
        tally = tallies["CEAFe"]
        tally.hits, tally.wanted = _plus((tally.hits, tally.wanted), (similarity, len(key)))
        tally.found, tally.given = _plus((tally.found, tally.given), (similarity, len(response)))
    scores = {name: round(100 * tally.f1, 2) for name, tally in tallies.items()}
    return {**scores, "CoNLL": round(sum(100 * tally.f1 for tally in tallies.values()) / 3, 2)}


def _plus(left: tuple[float, float], right: tuple[float, float]) -> tuple[float, float]:
    return left[0] + right[0], left[1] + right[1]


def _muc(key: Sequence[set[Hashable]], response: Sequence[set[Hashable]]) -> tuple[float, float]:
    """Links of the key that the response has, and all links of the key (Vilain et al. 1995)."""
    chain_of = {mention: number for number, chain in enumerate(response) for mention in chain}
    links = 0
    for chain in key:
        parts = {chain_of[mention] for mention in chain if mention in chain_of}
        links += len(chain) - len(parts) - sum(mention not in chain_of for mention in chain)
    return links, sum(len(chain) - 1 for chain in key)


def _b_cubed(key: Sequence[set[Hashable]], response: Sequence[set[Hashable]]) -> tuple[float, float]:
    """The sum over the key's mentions of the share of their chain that the response keeps, and their number."""
    chain_of = {mention: chain for chain in response for mention in chain}
    kept = (len(chain & chain_of.get(mention, set())) / len(chain) for chain in key for mention in chain)
    return sum(kept), sum(len(chain) for chain in key)


def _ceaf(key: Sequence[set[Hashable]], response: Sequence[set[Hashable]]) -> float:
    """The total similarity of the best one-to-one matching of chains (Luo 2005, phi 4)."""
    if not key or not response:
        return 0.0
    similar = np.array([[2 * len(left & right) / (len(left) + len(right)) for right in response] for left in key])
    rows, columns = linear_sum_assignment(-similar)
    return float(similar[rows, columns].sum())


def gap_scores(answers: Iterable[tuple[bool, Mapping[str, bool], Mapping[str, bool]]]) -> dict[str, float]:
    """GAP's score: F1 over both names of all passages, in per cent, by gender of the pronoun, and the ratio of the two.

    Args:
        answers: for each passage whether its pronoun is feminine, and by name what is right and what was given.
    """
    tallies = {"masculine": _Tally(), "feminine": _Tally(), "all": _Tally()}
    for feminine, gold, given in answers:
        for name, right in gold.items():
            for tally in (tallies["feminine" if feminine else "masculine"], tallies["all"]):
                tally.wanted += right
                tally.given += given[name]
                tally.hits += right and given[name]
                tally.found += right and given[name]
    scores = {name: round(100 * tally.f1, 2) for name, tally in tallies.items()}
    ratio = tallies["feminine"].f1 / tallies["masculine"].f1 if tallies["masculine"].f1 else 0.0
    return {**scores, "ratio": round(ratio, 3)}
