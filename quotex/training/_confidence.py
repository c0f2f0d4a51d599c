"""Training of the confidence in a speaker: a logistic model on what the rules and scorers decided."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from quotex._assembly import extract_reading
from quotex._confidence import CONFIDENCE
from quotex._marks import find_marks
from quotex._reading import Reading
from quotex._scorer import Decision, Features
from quotex.evaluation import GoldDocument
from quotex.evaluation._judge import Field
from quotex.evaluation._score import pools

PENALTY = 1.0
"""Of the squared weights, against the summed log-likelihood."""

Outcome = tuple[Features, bool]
"""What a decision about a speaker depended on, and whether it is right."""


def outcomes(document: GoldDocument, reading: Reading) -> list[Outcome]:
    """The decisions about the speakers of the quotations found in marks that the annotation can judge."""
    seen: dict[int, Features] = {}

    def observe(decision: Decision) -> None:
        if decision.name == CONFIDENCE:
            seen[reading.words[decision.word].start_char] = decision.features[0]

    extraction = extract_reading(reading, find_marks(document.text), observe=observe, least=0.0)
    found: list[Outcome] = []
    for verdict in pools(document, extraction)[0].verdicts:
        judgement = verdict.judgements.get(Field.SPEAKER)
        if judgement is None or verdict.answer is None:
            continue
        quote = verdict.answer.quote
        words = reading.words_in(quote.segments[0].start_char, quote.segments[0].end_char)
        features = seen.get(reading.words[words[0]].start_char) if words else None
        if features is not None and quote.speaker is not None:
            found.append((features, judgement.lenient and judgement.wanted is not None))
    return found


def fit(found: Sequence[Outcome]) -> dict[str, float]:
    """The weights of the model: penalized maximum likelihood."""
    keys = sorted({key for features, _ in found for key in features})
    table = np.array([[features.get(key, 0.0) for key in keys] for features, _ in found])
    right = np.array([verdict for _, verdict in found])
    solved = minimize(_loss, np.zeros(len(keys)), args=(table, right), jac=True, method="L-BFGS-B")
    return {key: float(weight) for key, weight in zip(keys, solved.x, strict=True)}


def _loss(
    weights: NDArray[np.float64], table: NDArray[np.float64], right: NDArray[np.bool_]
) -> tuple[float, NDArray[np.float64]]:
    scores = table @ weights
    loss = np.logaddexp(0, np.where(right, -scores, scores)).sum() + PENALTY * float(weights @ weights)
    gradient = table.T @ (1 / (1 + np.exp(-scores)) - right) + 2 * PENALTY * weights
    return float(loss), gradient
