"""Training of the linear scorers of pronouns and turns, for `quotex/data/<language>/scorer.tsv`.

Every decision that the library takes on a text is an example where the annotation tells which candidates are right:
at PDNC's quotations with an anaphoric cue or none, at PolNeAR's without a cue, at GAP's pronouns.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

import attrs
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from quotex._assembly import extract_reading
from quotex._entities import Entity
from quotex._marks import find_marks
from quotex._mentions import ANTECEDENT
from quotex._reading import Reading
from quotex._scorer import Decision, Features
from quotex._turns import DIALOGUE, TURN
from quotex._types import Quote, Span
from quotex.evaluation import GoldDocument, GoldQuote, GoldSpeaker
from quotex.evaluation._names import compatible_name, is_alias
from quotex.evaluation._score import pools
from quotex.evaluation._triples import align_contents
from quotex.training._chains import GapPassage

_log = logging.getLogger(__name__)

PENALTY = 10.0
"""Of the squared distance of weights and prior ones, against the summed log-likelihood of a scorer's examples."""
RARE = 10
"""Examples in which a feature must occur to get a weight."""

PRIOR: Mapping[str, Mapping[str, float]] = {
    ANTECEDENT: {
        "salience": 1.0, "gender:stated": 0.4, "linked": 0.6, "called-same": 0.4, "called-other": -1.5,
        "inside-only": -50.0, "called": -1.0,
    },
    TURN: {
        "rule:sentence-before": 4.0, "rule:paragraph-before": 3.0, "rule:reported-before": 3.0,
        "rule:reported-after": 2.5, "rule:beat": 1.0,
        "previous:0": 2.0, "previous:1": 0.8, "previous:2": 0.8, "previous:0:asked": -6.0, "other:1:asked": 1.2,
    },
    DIALOGUE: {
        "rule:sentence-before": 4.0, "rule:paragraph-before": 3.0, "rule:reported-before": 3.0,
        "rule:reported-after": 2.5, "rule:beat": 1.0,
        "previous:0": 2.0, "previous:0:asked": -6.0, "other:1": 1.2, "other:1:asked": 1.2,
    },
}  # fmt: skip
"""Where the weights start from and are drawn to: the salience and the order of rules that decided before."""

_TINY = 1e-12

Right: TypeAlias = Callable[[Entity], bool]
Weights: TypeAlias = dict[str, dict[str, float]]


@attrs.frozen
class Example:
    """A decision and which of its candidates are right: at least one, and not all."""

    name: str
    features: tuple[Features, ...]
    right: tuple[bool, ...]


def excerpt(document: GoldDocument, start: int, end: int) -> GoldDocument:
    """The part of a document between two code points with the quotations that lie in it."""

    def moved(spans: Iterable[Span]) -> tuple[Span, ...]:
        return tuple(
            attrs.evolve(span, start_char=span.start_char - start, end_char=span.end_char - start) for span in spans
        )

    quotes = (
        attrs.evolve(quote, segments=moved(quote.segments), written=moved(quote.written))
        for quote in document.quotes
        if start <= quote.written[0].start_char and quote.written[-1].end_char <= end
    )
    return attrs.evolve(document, text=document.text[start:end], quotes=tuple(quotes))


def scorer_examples(scorer: str, found: Mapping[str, Sequence[Example]]) -> list[Example]:
    """The examples of a scorer by corpus: news for turns in prose, novels for dialogue, GAP for pronouns."""
    corpora = {TURN: ("polnear",), DIALOGUE: ("pdnc",), ANTECEDENT: ("gap",)}[scorer]
    return [example for corpus in corpora for example in found.get(corpus, ()) if example.name == scorer]


def document_examples(document: GoldDocument, reading: Reading) -> list[Example]:
    """The decisions about the quotations of an annotated text."""
    rights = {}
    for gold, quote in _matched(document, reading):
        right = _right(document, gold, reading)
        if right is not None:
            place = quote.segments[0] if quote.mention is None else quote.mention
            rights[place.start_char] = right
    return _examples(reading, rights)


def passage_examples(passage: GapPassage, reading: Reading) -> list[Example]:
    """The decision about the pronoun of a passage of GAP."""
    spans = [
        span for span, right in ((passage.first, passage.first_right), (passage.second, passage.second_right)) if right
    ]

    def right(entity: Entity) -> bool:
        named = (reading.word_span(name.start, name.end) for name in entity.names)
        return any(span[0] < name.end_char and name.start_char < span[1] for name in named for span in spans)

    return _examples(reading, {passage.pronoun[0]: right})


def _examples(reading: Reading, rights: Mapping[int, Right]) -> list[Example]:
    """The decisions that can be learned from; `rights` are given by the offset of what is decided about."""
    found: list[Example] = []

    def observe(decision: Decision) -> None:
        right = rights.get(reading.words[decision.word].start_char)
        if right is None:
            return
        verdicts = tuple(map(right, decision.entities))
        if any(verdicts) and not all(verdicts):
            found.append(Example(decision.name, decision.features, verdicts))

    extract_reading(reading, find_marks(reading.text), observe=observe, least=0.0)
    return found


def _matched(document: GoldDocument, reading: Reading) -> Iterator[tuple[GoldQuote, Quote]]:
    extraction = extract_reading(reading, find_marks(document.text))
    if document.triples:
        alignment = align_contents(document, extraction.quotes)
    else:
        alignment = pools(document, extraction)[0].alignment
    for number, wanted in enumerate(alignment.wanted):
        answer = alignment.answer(number)
        if answer is not None:
            yield wanted.quote, answer.quote


def _right(document: GoldDocument, gold: GoldQuote, reading: Reading) -> Right | None:
    """Which entities are the speaker of a quotation, or `None` where the annotation does not say."""
    if isinstance(gold.speaker, GoldSpeaker):
        rule = is_alias if document.fiction else _is_compatible
        speaker = gold.speaker
        return lambda entity: rule(_names(entity, reading), speaker)
    if not gold.sources:
        return None
    source = GoldSpeaker(name=" ".join(span.text for span in gold.sources))
    return lambda entity: _is_compatible(_names(entity, reading), source) or _overlaps(entity, reading, gold.sources)


def _is_compatible(names: Iterable[str], speaker: GoldSpeaker) -> bool:
    return any(compatible_name(name, wanted) for name in names for wanted in speaker.names)


def _names(entity: Entity, reading: Reading) -> list[str]:
    spans = [(name.start, name.end) for name in entity.names] or entity.mentions
    return [" ".join(reading.word_span(start, end).text.split()) for start, end in spans]


def _overlaps(entity: Entity, reading: Reading, spans: Sequence[Span]) -> bool:
    mentions = (reading.word_span(start, end) for start, end in entity.spans())
    return any(
        mention.start_char < span.end_char and span.start_char < mention.end_char
        for mention in mentions
        for span in spans
    )


def fit(found: Sequence[Example], prior: Mapping[str, float]) -> dict[str, float]:
    """The weights of one scorer: penalized maximum likelihood that a right candidate is taken."""
    counts = Counter(key for example in found for key in {key for row in example.features for key in row})
    keys = sorted({key for key, count in counts.items() if count >= RARE} | set(prior))
    start = np.array([prior.get(key, 0.0) for key in keys])
    place = {key: number for number, key in enumerate(keys)}
    tables = []
    for example in found:
        table = np.zeros((len(example.features), len(keys)))
        for row, features in enumerate(example.features):
            for key, value in features.items():
                if key in place:
                    table[row, place[key]] = value
        tables.append((table, np.array(example.right)))
    solved = minimize(_loss, start, args=(start, tables), jac=True, method="L-BFGS-B")
    return {key: float(weight) for key, weight in zip(keys, solved.x, strict=True)}


def _loss(
    weights: NDArray[np.float64],
    start: NDArray[np.float64],
    tables: Sequence[tuple[NDArray[np.float64], NDArray[np.bool_]]],
) -> tuple[float, NDArray[np.float64]]:
    away = weights - start
    loss, gradient = PENALTY * float(away @ away), 2 * PENALTY * away
    for table, right in tables:
        scores = table @ weights
        raised = np.exp(scores - scores.max())
        shares = raised / raised.sum()
        among = np.where(right, shares, 0.0) + _TINY * right
        loss -= float(np.log(among.sum()))
        gradient += table.T @ (shares - among / among.sum())
    return loss, gradient


def accuracy(found: Sequence[Example], weights: Mapping[str, float]) -> float:
    """The share of examples whose best candidate is right."""
    hits = 0
    for example in found:
        scores = [sum(weights.get(key, 0.0) * value for key, value in row.items()) for row in example.features]
        hits += example.right[max(range(len(scores)), key=scores.__getitem__)]
    return hits / max(1, len(found))


def write_weights(weights: Mapping[str, float], path: Path, source: str) -> None:
    """Write the table of a scorer; `source` says what it was made from."""
    lines = (f"{key}\t{value:.3f}\n" for key, value in sorted(weights.items()))
    path.write_text(f"# Feature and weight. {source}\n" + "".join(lines), encoding="utf-8")
