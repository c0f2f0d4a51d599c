"""How sure a decision is: a logistic model of right and wrong speakers among development quotations."""

from __future__ import annotations

import math

from quotex._names import is_part, name_words
from quotex._scorer import Features, load_weights

CONFIDENCE = "confidence"
"""The name of the model in the table of weights."""

LEAST = 0.2
"""The confidence below which no speaker is given. It maximises right speakers less half the wrong ones, in tenfold
cross-validation over the documents of `world` and `own`."""

_PRONOUNS = frozenset({"he", "she", "they", "it", "i", "we", "who", "him", "her", "them"})
_SUREST = 0.99


def mention_form(mention: str | None, name: str) -> str:
    """How far the local mention is from the speaker's name: `name`, `pronoun`, `description`, or `none`."""
    if mention is None:
        return "none"
    if mention.casefold() in _PRONOUNS:
        return "pronoun"
    return "name" if is_part(name_words(mention), name_words(name)) else "description"


def confidence_features(method: str, form: str, probability: float | None) -> Features:
    """What the confidence in a speaker depends on.

    Args:
        method: The rule that decided.
        form: The form of the mention.
        probability: What a scorer gave the speaker, where one decided.
    """
    features = {"always": 1.0, f"method:{method}": 1.0, f"form:{form}": 1.0, f"{method}/{form}": 1.0}
    if probability is not None:
        bounded = min(max(probability, 1 - _SUREST), _SUREST)
        features["scored"] = 1.0
        features[f"scored:{form}"] = math.log(bounded / (1 - bounded))
    return features


def confidence(features: Features, language: str = "en") -> float:
    """The share of right speakers among decisions like this, 0 to 1."""
    weights = load_weights(CONFIDENCE, language)
    return 1 / (1 + math.exp(-sum(weights.get(key, 0.0) * value for key, value in features.items())))
