"""The figures of a run over all documents: micro, per document, bootstrap intervals, calibration."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

import attrs
import cattrs
import numpy as np

from quotex._errors import FormatError
from quotex.evaluation._corpora import Broken
from quotex.evaluation._misses import Miss
from quotex.evaluation._score import DocumentScore, Item, Ratio

SCHEMA: Final = 1
"""Version of the JSON form."""

BINS: Final = 10
"""Bins of confidence, of equal width."""


@attrs.frozen(kw_only=True)
class Figure:
    """One measure over all documents.

    Attributes:
        key: Its name, as `speaker.lenient`.
        hits: Numerator of the micro average.
        total: Denominator: the items of all documents; 0 gives no value.
        value: The micro average, 0 to 1, or `None`.
        macro: The mean over the documents that have such items, or `None`.
        low: Lower end of the 95 % interval, or `None` with fewer than two documents.
        high: Its upper end.
    """

    key: str
    hits: int
    total: int
    value: float | None
    macro: float | None
    low: float | None = None
    high: float | None = None


@attrs.frozen(kw_only=True)
class Bin:
    """Attributions of similar confidence.

    Attributes:
        low: Lower end of the bin, included.
        high: Upper end, left out but for the last bin.
        count: How many attributions.
        confidence: Their mean confidence, or `None` where there are none.
        accuracy: The share that is right, or `None`.
    """

    low: float
    high: float
    count: int
    confidence: float | None
    accuracy: float | None


@attrs.frozen(kw_only=True)
class Calibration:
    """How well confidences tell what is right, over matched quotations that were given a speaker.

    Attributes:
        count: How many.
        error: Expected calibration error: the mean over attributions of the distance between confidence and accuracy of
            their bin, 0 to 1 (Naeini, Cooper and Hauskrecht 2015); `None` where there are none.
        bins: The reliability table.
    """

    count: int
    error: float | None
    bins: tuple[Bin, ...]


@attrs.frozen(kw_only=True)
class Report:
    """A finished run, or what was finished of an interrupted one.

    Attributes:
        corpus, split, path: What was measured.
        models: Name of the model pack.
        version: Version of quotex.
        figures: The measures by key, in the order of the table.
        calibration: How well confidences tell what is right.
        documents: The counts of each finished document.
        skipped: Broken documents.
        planned: How many documents there were to do.
        interrupted: Whether the run was stopped.
        misses: Everything that went wrong.
    """

    corpus: str
    split: str
    path: str
    models: str
    version: str
    figures: Mapping[str, Figure]
    calibration: Calibration
    documents: tuple[DocumentScore, ...]
    skipped: tuple[Broken, ...] = ()
    planned: int = 0
    interrupted: bool = False
    misses: tuple[Miss, ...] = ()

    @property
    def words(self) -> int:
        """Words in the finished documents, separated by space."""
        return sum(document.words for document in self.documents)

    @property
    def seconds(self) -> float:
        """Time that extraction took on them."""
        return sum(document.seconds for document in self.documents)

    @property
    def words_per_second(self) -> float | None:
        """Speed of extraction, loading of models and reading of files left out."""
        return self.words / self.seconds if self.seconds else None

    @property
    def items(self) -> tuple[Item, ...]:
        """Every annotated quotation with what became of it."""
        return tuple(item for document in self.documents for item in document.items)

    @property
    def title(self) -> str:
        """Corpus, split, number of items, model pack and version, as every figure must name them."""
        return (
            f"{self.corpus} ({self.split}): {len(self.documents)} documents, {len(self.items)} quotations; "
            f"models {self.models}, quotex {self.version}"
        )

    def to_dict(self) -> dict[str, Any]:
        """The JSON form: figures, calibration, each document's counts, and each item for `--compare`."""
        return {
            "schema": SCHEMA,
            "corpus": self.corpus,
            "split": self.split,
            "path": self.path,
            "models": self.models,
            "version": self.version,
            "interrupted": self.interrupted,
            "documents": len(self.documents),
            "planned": self.planned,
            "skipped": [attrs.asdict(broken) for broken in self.skipped],
            "quotations": len(self.items),
            "words": self.words,
            "seconds": round(self.seconds, 3),
            "words_per_second": self.words_per_second and round(self.words_per_second, 1),
            "figures": {key: attrs.asdict(figure) for key, figure in self.figures.items()},
            "calibration": attrs.asdict(self.calibration),
            "per_document": {
                document.name: {key: [ratio.hits, ratio.total] for key, ratio in document.ratios.items()}
                for document in self.documents
            },
            "items": [attrs.asdict(item) for item in self.items],
        }


def read_items(path: Path) -> tuple[Item, ...]:
    """The items of a file that `--json` wrote.

    Raises:
        FormatError: It is not such a file.
        OSError: It cannot be read.
    """
    try:
        data = json.loads(path.read_bytes())
        if not isinstance(data, dict) or data.get("schema") != SCHEMA:
            raise FormatError(f"expected the JSON of `quotex evaluate`, schema {SCHEMA}", str(path))
        return cattrs.Converter().structure(data["items"], tuple[Item, ...])
    except json.JSONDecodeError as error:
        raise FormatError(f"not JSON: {error.msg}", str(path), error.lineno) from error
    except (KeyError, cattrs.BaseValidationError) as error:
        raise FormatError(f"malformed: {error!r}", str(path)) from error


def installed_version() -> str:
    """The version of quotex, `unknown` in a tree that is not installed."""
    try:
        return version("quotex")
    except PackageNotFoundError:
        return "unknown"


def figures(documents: Sequence[DocumentScore], *, resamples: int = 1000, seed: int = 0) -> dict[str, Figure]:
    """Each measure over all documents, with a percentile bootstrap interval over documents.

    Args:
        documents: The counts.
        resamples: How many times to draw as many documents with replacement.
        seed: Of the random draws: the same counts give the same interval.
    """
    keys = list(dict.fromkeys(key for document in documents for key in document.ratios))
    if not keys:
        return {}
    nothing = Ratio(hits=0, total=0)
    counts = [[document.ratios.get(key, nothing) for key in keys] for document in documents]
    hits = np.array([[ratio.hits for ratio in row] for row in counts], dtype=np.float64)
    totals = np.array([[ratio.total for ratio in row] for row in counts], dtype=np.float64)
    number = len(documents)
    draws = np.random.default_rng(seed).multinomial(number, np.full(number, 1 / number), size=resamples)
    with np.errstate(invalid="ignore", divide="ignore"):
        sampled = (draws @ hits) / (draws @ totals)
        each = hits / totals
    made = {}
    for column, key in enumerate(keys):
        ratio = Ratio(hits=int(hits[:, column].sum()), total=int(totals[:, column].sum()))
        low, high = _interval(sampled[:, column]) if number > 1 and ratio.total else (None, None)
        values = each[:, column][totals[:, column] > 0]
        macro = float(values.mean()) if len(values) else None
        made[key] = Figure(
            key=key, hits=ratio.hits, total=ratio.total, value=ratio.value, macro=macro, low=low, high=high
        )
    return made


def _interval(sampled: np.ndarray[Any, np.dtype[np.float64]]) -> tuple[float | None, float | None]:
    known = sampled[~np.isnan(sampled)]
    if not len(known):
        return None, None
    low, high = np.percentile(known, [2.5, 97.5])
    return float(low), float(high)


def calibration(pairs: Iterable[tuple[float, bool]]) -> Calibration:
    """Expected calibration error and reliability table.

    Args:
        pairs: Of each attribution, its confidence, 0 to 1, and whether it is right.
    """
    pairs = tuple(pairs)
    grouped: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for confidence, right in pairs:
        grouped[min(BINS - 1, max(0, int(confidence * BINS)))].append((confidence, right))
    bins, distance = [], 0.0
    for index, group in enumerate(grouped):
        mean = sum(confidence for confidence, _ in group) / len(group) if group else None
        accuracy = sum(right for _, right in group) / len(group) if group else None
        if mean is not None and accuracy is not None:
            distance += len(group) * abs(mean - accuracy)
        bins.append(
            Bin(low=index / BINS, high=(index + 1) / BINS, count=len(group), confidence=mean, accuracy=accuracy)
        )
    return Calibration(count=len(pairs), error=distance / len(pairs) if pairs else None, bins=tuple(bins))
