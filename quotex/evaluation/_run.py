"""A run over a corpus: extract, score, collect; a broken document or an interruption loses nothing else."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol

import attrs

from quotex._errors import ModelNotFoundError, ModelPackageError, QuotexError
from quotex._extraction import Extraction
from quotex.evaluation._corpora import Broken, Corpus, open_corpus
from quotex.evaluation._gold import GoldDocument
from quotex.evaluation._misses import Miss, misses, triple_misses
from quotex.evaluation._report import Report, calibration, figures, installed_version
from quotex.evaluation._score import DocumentScore, pools, score_document
from quotex.evaluation._triples import align_contents, score_triples


class Extracts(Protocol):
    """What is measured: `quotex.Extractor`, or anything that answers as it does."""

    def extract(self, text: str, /) -> Extraction:
        """The quotations of the text."""


Progress = Callable[[int, int, str], None]
"""Called after each document with the number done, the number planned, and the document's name."""


# what models and rules may stumble over in one text must not cost the scores of the others
_FAILURES: Final = (QuotexError, ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)


@attrs.frozen(kw_only=True)
class _Outcome:
    score: DocumentScore
    misses: tuple[Miss, ...]


def evaluate(
    corpus: str,
    path: Path | str | None = None,
    *,
    extractor: Extracts,
    split: str | None = None,
    limit: int | None = None,
    models: str = "compact",
    progress: Progress | None = None,
    resamples: int = 1000,
    seed: int = 0,
) -> Report:
    """Score an extractor on a corpus.

    A document that cannot be read, or that the extractor fails on, is skipped and listed in `Report.skipped`. On
    `KeyboardInterrupt` the report of the finished documents is returned, with `interrupted` set.

    Args:
        corpus: `own`, `world`, `polnear`, `pdnc` or `litbank`.
        path: Where it lies, or its usual place.
        extractor: What to measure.
        split: Which part, or the usual one.
        limit: Use only so many documents.
        models: What to call the extractor's models in the report.
        progress: Told of every document.
        resamples: For the bootstrap intervals.
        seed: Of the bootstrap.

    Raises:
        CorpusError: No such corpus or split, or no documents there.
        ModelNotFoundError, ModelPackageError: The extractor's models are missing.
    """
    opened = open_corpus(corpus, path, split=split, limit=limit)
    outcomes: list[_Outcome] = []
    skipped: list[Broken] = []
    interrupted = False
    try:
        _work(opened, extractor, outcomes, skipped, progress)
    except KeyboardInterrupt:
        interrupted = True
    return _report(opened, outcomes, skipped, interrupted=interrupted, models=models, sampling=(resamples, seed))


def _report(
    corpus: Corpus,
    outcomes: list[_Outcome],
    skipped: list[Broken],
    *,
    interrupted: bool,
    models: str,
    sampling: tuple[int, int],
) -> Report:
    resamples, seed = sampling
    scores = tuple(outcome.score for outcome in outcomes)
    return Report(
        corpus=corpus.name,
        split=corpus.split,
        path=str(corpus.path),
        models=models,
        version=installed_version(),
        figures=figures(scores, resamples=resamples, seed=seed),
        calibration=calibration(pair for score in scores for pair in score.confidences),
        documents=scores,
        skipped=tuple(skipped),
        planned=len(corpus.documents),
        interrupted=interrupted,
        misses=tuple(miss for outcome in outcomes for miss in outcome.misses),
    )


def _work(
    corpus: Corpus,
    extractor: Extracts,
    outcomes: list[_Outcome],
    skipped: list[Broken],
    progress: Progress | None,
) -> None:
    """Fill `outcomes` and `skipped` document by document: what is there when a run is interrupted is kept."""
    names = corpus.documents
    for number, document in enumerate(corpus.read(), 1):
        if isinstance(document, Broken):
            skipped.append(document)
        else:
            try:
                outcomes.append(_measure(document, extractor))
            except (ModelNotFoundError, ModelPackageError):
                raise
            except _FAILURES as error:
                skipped.append(Broken(name=document.name, reason=f"{type(error).__name__}: {error}"))
        if progress is not None:
            progress(number, len(names), names[number - 1])


def _measure(document: GoldDocument, extractor: Extracts) -> _Outcome:
    start = time.perf_counter()
    extraction = extractor.extract(document.text)
    seconds = time.perf_counter() - start
    if document.triples:
        alignment = align_contents(document, extraction.quotes)
        score = score_triples(document, alignment, seconds=seconds)
        return _Outcome(score=score, misses=tuple(triple_misses(document, alignment, score.items)))
    made = pools(document, extraction)
    score = score_document(document, extraction, made, seconds=seconds)
    return _Outcome(score=score, misses=tuple(misses(document, extraction.quotes, made)))
