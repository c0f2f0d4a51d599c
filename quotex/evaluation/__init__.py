"""Measuring quotex, or any extractor with its result types, on public corpora and on a corpus of your own."""

from quotex.evaluation._compare import Change, Comparison, compare
from quotex.evaluation._corpora import CORPORA, Broken, Corpus, CorpusError, open_corpus
from quotex.evaluation._gold import (
    UNJUDGED,
    GoldDocument,
    GoldQuote,
    GoldSpeaker,
    NotSpeech,
    QuoteType,
    Unjudged,
)
from quotex.evaluation._header import Header
from quotex.evaluation._misses import Miss, MissKind
from quotex.evaluation._report import Calibration, Figure, Report
from quotex.evaluation._run import Extracts, evaluate
from quotex.evaluation._score import DocumentScore, Item, Ratio
from quotex.evaluation._tagged import Case, parse_tagged, read_cases, read_tagged

__all__ = [
    "CORPORA",
    "UNJUDGED",
    "Broken",
    "Calibration",
    "Case",
    "Change",
    "Comparison",
    "Corpus",
    "CorpusError",
    "DocumentScore",
    "Extracts",
    "Figure",
    "GoldDocument",
    "GoldQuote",
    "GoldSpeaker",
    "Header",
    "Item",
    "Miss",
    "MissKind",
    "NotSpeech",
    "QuoteType",
    "Ratio",
    "Report",
    "Unjudged",
    "compare",
    "evaluate",
    "open_corpus",
    "parse_tagged",
    "read_cases",
    "read_tagged",
]
