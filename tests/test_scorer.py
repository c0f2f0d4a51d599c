"""The linear scorers: choosing among candidates, and the tables of weights."""

from __future__ import annotations

import math
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import pytest

from quotex import FormatError
from quotex._confidence import CONFIDENCE, confidence, confidence_features, mention_form
from quotex._mentions import ANTECEDENT
from quotex._scorer import choose, load_weights
from quotex._turns import DIALOGUE, TURN


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of weights in place of the library's."""
    folder = tmp_path / "data" / "en" / "weights"
    folder.mkdir(parents=True)
    monkeypatch.setattr("quotex._scorer.resources.files", lambda _: tmp_path)
    load_weights.cache_clear()
    yield folder
    load_weights.cache_clear()


def test_the_heaviest_candidate_is_taken_with_its_softmax(table: Path) -> None:
    (table / "toy.tsv").write_text("# what it is\nnear\t2\nfar\t-1\n", encoding="utf-8")
    choice = choose("toy", [{"far": 1.0}, {"near": 1.0, "unheard-of": 7.0}, {}])
    assert choice is not None
    assert choice.place == 1
    assert choice.probability == pytest.approx(math.exp(2) / (math.exp(2) + math.exp(0) + math.exp(-1)))


def test_the_first_of_equals_is_taken(table: Path) -> None:
    (table / "toy.tsv").write_text("near\t1\n", encoding="utf-8")
    choice = choose("toy", [{}, {"near": 1.0}, {"near": 1.0}])
    assert choice is not None
    assert choice.place == 1


def test_without_candidates_nothing_is_taken(table: Path) -> None:
    (table / "toy.tsv").write_text("near\t1\n", encoding="utf-8")
    assert choose("toy", []) is None


@pytest.mark.parametrize("row", ["near", "near\tmuch", "near\t1\t2"])
def test_a_bad_row_is_refused_with_its_line(table: Path, row: str) -> None:
    (table / "toy.tsv").write_text(f"# head\n{row}\n", encoding="utf-8")
    with pytest.raises(FormatError, match=r"toy\.tsv.*2"):
        load_weights("toy")


@pytest.mark.parametrize("name", [ANTECEDENT, TURN, DIALOGUE, CONFIDENCE])
def test_the_packaged_tables_are_readable(name: str) -> None:
    text = (resources.files("quotex") / "data" / "en" / "weights" / f"{name}.tsv").read_text(encoding="utf-8")
    rows = [line.partition("\t")[0] for line in text.splitlines() if not line.startswith("#")]
    assert rows == sorted(set(rows))
    assert set(load_weights(name)) == set(rows)
    assert text.startswith("# Feature and weight. Made by ")


def test_a_likelier_candidate_is_a_surer_speaker() -> None:
    sure, unsure = (confidence(confidence_features("cue-after", "pronoun", share)) for share in (0.95, 0.3))
    assert 0 < unsure < sure < 1


def test_a_method_that_was_never_seen_has_a_confidence() -> None:
    assert 0 < confidence(confidence_features("no-such-method", "name", None)) < 1


@pytest.mark.parametrize(
    ("mention", "name", "wanted"),
    [
        (None, "Ada Quist", "none"),
        ("She", "Ada Quist", "pronoun"),
        ("Quist", "Ada Quist", "name"),
        ("the keeper", "Ada Quist", "description"),
    ],
)
def test_the_form_of_a_mention(mention: str | None, name: str, wanted: str) -> None:
    assert mention_form(mention, name) == wanted
