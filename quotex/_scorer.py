"""Linear scorers: which of several candidates a decision takes, and how likely that is right.

A candidate is described by named features; its score is their weighted sum, and the softmax over the candidates of a
decision gives each its probability (a conditional logit, as in mention ranking: Denis and Baldridge 2008). The weights
are a readable table, `weights/NAME.tsv`, made by `python -m quotex.training scorers` and `confidence`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import TypeAlias

import attrs

from quotex._entities import Entity
from quotex._errors import FormatError

Features: TypeAlias = dict[str, float]


@attrs.frozen(kw_only=True)
class Decision:
    """A decision with all its candidates, for those who train on them.

    Attributes:
        name: Which scorer.
        word: The word it is about: a pronoun, or the first word of an utterance.
        features: What is known of each candidate.
        entities: The candidates.
    """

    name: str
    word: int
    features: tuple[Features, ...]
    entities: tuple[Entity, ...]


Observer: TypeAlias = Callable[[Decision], None]


@attrs.frozen
class Choice:
    """The candidate that a scorer takes.

    Attributes:
        place: Its number among the candidates.
        probability: What the scorer gives it, 0 to 1; not calibrated.
    """

    place: int
    probability: float


def choose(name: str, candidates: Sequence[Features], language: str = "en") -> Choice | None:
    """The best candidate, the first of equals; `None` where there is none.

    Args:
        name: Which scorer.
        candidates: The features of each candidate.
        language: Whose weights to use.
    """
    if not candidates:
        return None
    weights = load_weights(name, language)
    scores = [sum(weights.get(key, 0.0) * value for key, value in features.items()) for features in candidates]
    place = max(range(len(scores)), key=scores.__getitem__)
    return Choice(place, 1 / sum(math.exp(score - scores[place]) for score in scores))


@cache
def load_weights(name: str, language: str = "en") -> Mapping[str, float]:
    """The weights of a scorer by feature.

    Raises:
        FormatError: A row of the table is not a feature and its weight.
    """
    file = resources.files("quotex") / "data" / language / "weights" / f"{name}.tsv"
    weights: dict[str, float] = {}
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        feature, _, weight = line.partition("\t")
        try:
            weights[feature] = float(weight)
        except ValueError as error:
            raise FormatError("expected a feature and its weight", file.name, number) from error
    return MappingProxyType(weights)
