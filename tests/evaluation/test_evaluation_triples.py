"""PolNeAR's measures on an example made by hand."""

from __future__ import annotations

import attrs
from evaluation_stubs import Empty, Perfect, person, quote, span

from quotex import Quote, QuoteKind
from quotex.evaluation import GoldDocument, GoldQuote, MissKind
from quotex.evaluation._misses import triple_misses
from quotex.evaluation._polnear import trim_content
from quotex.evaluation._score import DocumentScore
from quotex.evaluation._triples import align_contents, score_triples

TEXT = "Jo Lee said that the pipes leak. “It drips,” she added, “at night.” Critics doubt it works."


def _gold(number: str, kind: QuoteKind, source: str | None, cue: str, *content: str) -> GoldQuote:
    written = tuple(span(TEXT, words) for words in content)
    return GoldQuote(
        id=number,
        segments=trim_content(TEXT, written),
        written=written,
        kind=kind,
        sources=() if source is None else (span(TEXT, source),),
        cues=(span(TEXT, cue),),
    )


DOCUMENT = GoldDocument(
    name="pipes",
    text=TEXT,
    triples=True,
    quotes=(
        _gold("E1", QuoteKind.INDIRECT, "Jo Lee", "said", "that the pipes leak"),
        _gold("E2", QuoteKind.DIRECT, "she", "added", "“It drips,”", "“at night.”"),
        _gold("E3", QuoteKind.INDIRECT, None, "doubt", "it works"),
    ),
)


def measure(quotes: tuple[Quote, ...]) -> DocumentScore:
    return score_triples(DOCUMENT, align_contents(DOCUMENT, quotes), seconds=1.0)


def test_perfect_and_empty() -> None:
    perfect = measure(Perfect([DOCUMENT]).extract(TEXT).quotes)
    assert {ratio.value for ratio in perfect.ratios.values()} == {1.0, None}  # no mixed one: None
    empty = measure(Empty().extract(TEXT).quotes)
    assert {ratio.value for ratio in empty.ratios.values()} == {0.0, None}


def test_counts_by_hand() -> None:
    answers = (
        # the content without its "that"; the source too long, yet overlapping by half
        quote(
            TEXT, "the pipes leak", kind=QuoteKind.INDIRECT, source=span(TEXT, "Jo Lee said"), cue=span(TEXT, "said")
        ),
        # one stretch of two: 8 of 16 characters, half; the mention stands for the source
        quote(TEXT, "It drips", speaker=person("she"), mention=span(TEXT, "she"), cue=span(TEXT, "added")),
        # a source where there is none
        quote(TEXT, "it works", kind=QuoteKind.INDIRECT, source=span(TEXT, "Critics"), cue=span(TEXT, "doubt")),
        quote(TEXT, "Critics", kind=QuoteKind.MIXED),
    )
    score = measure(answers)
    found = {key: (ratio.hits, ratio.total) for key, ratio in score.ratios.items()}
    assert found["source.precision"] == (1, 3)
    assert found["source.recall"] == (1, 2)
    assert found["cue.f1"] == (6, 6)
    assert found["content.precision"] == (3, 4)
    assert found["content.recall"] == (3, 4)  # the second stretch is missing
    assert found["content_overlap.precision"] == (3, 4)
    assert found["content_overlap.recall"] == (3, 3)
    assert found["content_overlap.recall.direct"] == (1, 1)
    assert found["content_overlap.recall.indirect"] == (2, 2)
    assert found["content_overlap.precision.mixed"] == (0, 1)
    assert found["source_matched"] == (2, 3)
    assert found["cue_matched"] == (3, 3)
    assert found["linked.recall"] == (2, 3)
    assert found["linked.precision"] == (2, 4)
    assert found["linked.recall.indirect"] == (1, 2)
    assert score.confidences == ()


def test_misses() -> None:
    answers = (
        quote(TEXT, "the pipes leak", kind=QuoteKind.INDIRECT, source=span(TEXT, "Jo Lee")),
        quote(TEXT, "night"),
    )
    alignment = align_contents(DOCUMENT, answers)
    found = list(triple_misses(DOCUMENT, alignment, score_triples(DOCUMENT, alignment, seconds=1.0).items))
    assert [miss.kind for miss in found] == [MissKind.EXTENT, MissKind.NOT_FOUND, MissKind.WRONG_CUE]
    assert (found[2].wanted, found[2].given, found[2].method) == ("said", None, "by-hand")


def test_nested_contents_are_compared_too() -> None:
    outer = attrs.evolve(quote(TEXT, "the pipes leak"), nested=(quote(TEXT, "it works"),))
    assert measure((outer,)).ratios["content_overlap.recall"].hits == 2


def test_a_content_that_two_quotations_share_counts_once() -> None:
    content = (span(TEXT, "that the pipes leak"),)
    shared = tuple(
        attrs.evolve(quote(TEXT, words, kind=QuoteKind.MIXED), content=content) for words in ("pipes", "leak")
    )
    ratios = measure(shared).ratios
    assert (ratios["content_overlap.precision"].hits, ratios["content_overlap.precision"].total) == (1, 1)
    assert ratios["content_overlap.recall.indirect"].hits == 1
