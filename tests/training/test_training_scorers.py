"""Training of the linear scorers on decisions with known answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from quotex._mentions import ANTECEDENT
from quotex._turns import DIALOGUE, TURN
from quotex._types import Span
from quotex.evaluation import GoldDocument, GoldQuote
from quotex.training._readings import opening
from quotex.training._scorers import Example, accuracy, excerpt, fit, scorer_examples, write_weights

NEAR, FAR = {"near": 1.0}, {"far": 1.0}


def test_what_right_candidates_share_gets_weight() -> None:
    found = [Example(TURN, (FAR, NEAR), (False, True))] * 60 + [Example(TURN, (FAR, NEAR), (True, False))] * 20
    weights = fit(found, {})
    assert weights["near"] > 0 > weights["far"]
    assert accuracy(found, weights) == pytest.approx(0.75)


def test_without_examples_the_prior_stays() -> None:
    assert fit([], {"near": 1.5}) == {"near": pytest.approx(1.5)}


def test_a_feature_that_is_too_rare_gets_no_weight() -> None:
    found = [Example(TURN, (FAR, NEAR), (False, True))] * 20
    rare = Example(TURN, ({"once": 1.0}, NEAR), (True, False))
    assert "once" not in fit([*found, rare], {})


def test_several_right_candidates_share_the_likelihood() -> None:
    both = Example(TURN, (NEAR, FAR, {}), (True, True, False))
    weights = fit([both] * 50, {})
    assert weights["near"] == pytest.approx(weights["far"], abs=1e-3)
    assert weights["near"] > 0


def test_each_scorer_learns_from_its_corpora() -> None:
    found = {
        corpus: [Example(name, (NEAR, FAR), (True, False)) for name in (ANTECEDENT, TURN, DIALOGUE)]
        for corpus in ("pdnc", "polnear", "gap")
    }
    assert [len(scorer_examples(name, found)) for name in (ANTECEDENT, TURN, DIALOGUE)] == [1, 1, 1]


def test_a_table_is_written_in_order(tmp_path: Path) -> None:
    write_weights({"near": 1.0, "far": -0.5}, tmp_path / "turn.tsv", "Made by a test.")
    assert (tmp_path / "turn.tsv").read_text(
        "utf-8"
    ) == "# Feature and weight. Made by a test.\nfar\t-0.500\nnear\t1.000\n"


def span(text: str, words: str) -> Span:
    start = text.index(words)
    return Span(start_char=start, end_char=start + len(words), text=words)


def test_an_excerpt_keeps_the_quotations_inside_it_at_their_new_places() -> None:
    text = "One. “Two,” she said.\n\n“Three,” he said.\n\n“Four.”"
    quotes = tuple(
        GoldQuote(id=words, segments=(span(text, words),), written=(span(text, words),))
        for words in ("Two", "Three", "Four")
    )
    part = excerpt(GoldDocument(name="x", text=text, quotes=quotes), text.index("“Three"), text.index("\n\n“Four"))
    assert part.text == "“Three,” he said."
    assert [quote.id for quote in part.quotes] == ["Three"]
    place = part.quotes[0].segments[0]
    assert part.text[place.start_char : place.end_char] == "Three"


@pytest.mark.parametrize(
    ("first", "last", "wanted"),
    [(1, 4, "c d\n\ne f"), (0, 2, "c d"), (0, 9, "a b\n\nc d\n\ne f\n\ng h")],
    ids=["inside", "from the start", "short"],
)
def test_an_opening_is_whole_paragraphs(first: int, last: int, wanted: str) -> None:
    document = GoldDocument(name="x", text="a b\n\nc d\n\ne f\n\ng h", quotes=())
    start, end = opening(document, first, last)
    assert document.text[start:end] == wanted
