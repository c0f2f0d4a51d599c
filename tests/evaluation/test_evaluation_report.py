"""Adding documents up: averages, intervals, calibration, comparison, and the written forms."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from quotex import FormatError
from quotex.evaluation import DocumentScore, Item, Miss, MissKind, Ratio, Report, compare
from quotex.evaluation._report import calibration, figures, read_items
from quotex.evaluation._table import errors_markdown, label, print_comparison, print_report


def score(name: str, items: tuple[Item, ...] = (), **ratios: tuple[int, int]) -> DocumentScore:
    return DocumentScore(
        name=name,
        words=100,
        seconds=0.5,
        ratios={key: Ratio(hits=hits, total=total) for key, (hits, total) in ratios.items()},
        confidences=(),
        items=items,
    )


def item(number: str, *, found: bool = True, speaker: bool = True, given: str | None = "Lee") -> Item:
    return Item(
        document="a",
        id=number,
        text=f"words {number}",
        found=found,
        verdicts={"speaker": speaker},
        wanted={"speaker": "Lee"},
        given={"speaker": given},
    )


def report(*documents: DocumentScore, misses: tuple[Miss, ...] = ()) -> Report:
    return Report(
        corpus="own",
        split="all",
        path="corpus",
        models="compact",
        version="0.1",
        figures=figures(documents),
        calibration=calibration([(0.95, True), (0.9, False)]),
        documents=documents,
        planned=3,
        misses=misses,
    )


def test_micro_and_per_document() -> None:
    found = figures([score("a", x=(1, 1)), score("b", x=(1, 3)), score("c", y=(0, 0))])
    assert (found["x"].hits, found["x"].total, found["x"].value) == (2, 4, 0.5)
    assert found["x"].macro == pytest.approx(2 / 3)
    assert (found["y"].value, found["y"].macro, found["y"].low) == (None, None, None)
    assert figures([]) == {}


def test_intervals_are_seeded_and_cover_the_value() -> None:
    documents = [score(str(number), x=(number, 10)) for number in range(1, 10)]
    first, again = (figures(documents, seed=1)["x"] for _ in range(2))
    assert (first.low, first.high) == (again.low, again.high)
    assert first.low is not None
    assert first.high is not None
    # nine documents of mean 0.5 and standard deviation 0.26: a standard error of 0.086
    assert 0.28 < first.low < 0.38
    assert 0.62 < first.high < 0.72


def test_no_interval_from_one_document() -> None:
    assert figures([score("a", x=(1, 2))])["x"].low is None


def test_calibration_by_hand() -> None:
    result = calibration([(0.95, True), (1.0, True), (0.91, False), (0.2, False), (0.24, True)])
    last, third = result.bins[9], result.bins[2]
    assert last.count == 3
    assert last.accuracy == pytest.approx(2 / 3)
    assert last.confidence == pytest.approx(2.86 / 3)
    assert (third.count, third.accuracy) == (2, 0.5)
    assert third.confidence == pytest.approx(0.22)
    assert result.error == pytest.approx((3 * (2.86 / 3 - 2 / 3) + 2 * (0.5 - 0.22)) / 5)
    assert len(result.bins) == 10
    assert calibration([]).error is None


def test_comparison() -> None:
    old = [
        item("1"),
        item("2", speaker=False, given="Ruiz"),
        item("3"),
        item("4", found=False, speaker=False),
        item("5"),
    ]
    new = [item("1"), item("2"), item("3", found=False, speaker=False), item("4"), item("6")]
    found = compare(old, new)
    assert [(change.item, change.field, change.gained) for change in found.changes] == [
        ("2", "speaker", True),
        ("3", "found", False),
        ("4", "found", True),
    ]
    assert (found.shared, found.only_old, found.only_new) == (4, 1, 1)
    assert (found.changes[0].before, found.changes[0].after, found.changes[0].wanted) == ("Ruiz", "Lee", "Lee")
    output = io.StringIO()
    print_comparison(found, Console(file=output, width=120))
    assert "2 gains, 1 losses" in output.getvalue()
    assert "Ruiz" in output.getvalue()


def test_json_and_back(tmp_path: Path) -> None:
    written = report(score("a", (item("1"), item("2", given=None)), x=(1, 2)))
    data = written.to_dict()
    assert data["figures"]["x"]["value"] == 0.5
    assert data["per_document"] == {"a": {"x": [1, 2]}}
    assert (data["words"], data["words_per_second"], data["quotations"]) == (100, 200.0, 2)
    path = tmp_path / "old.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    assert read_items(path) == written.items


@pytest.mark.parametrize("content", ["{", "[]", '{"schema": 0}', '{"schema": 1}', '{"schema": 1, "items": [{}]}'])
def test_json_that_cannot_be_compared(tmp_path: Path, content: str) -> None:
    path = tmp_path / "old.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(FormatError):
        read_items(path)


def test_table_names_corpus_split_items_models_and_version() -> None:
    output = io.StringIO()
    documents = (score("a", (item("1"),), **{"quotation.f1": (1, 2)}), score("b"))
    print_report(report(*documents), Console(file=output, width=140))
    text = output.getvalue()
    assert "own (all): 2 documents, 1 quotations; models compact, quotex 0.1" in text
    assert "quotation f1" in text
    assert "50.0" in text
    assert "200 words per second" in text
    assert "expected calibration error" in text


def test_labels() -> None:
    assert label("quotation_exact.f1") == "quotation exact f1"
    assert label("speaker_listed.implicit") == "speaker, characters given implicit"


def test_errors_show_the_passage_and_both_answers() -> None:
    miss = Miss(
        kind=MissKind.WRONG_SPEAKER,
        document="a_b",
        item="1",
        before="He *said*\n\n",
        passage="“Go”",
        after=" then.",
        wanted="Lee",
        given=None,
        method="cue-verb",
        confidence=0.5,
    )
    text = errors_markdown(report(score("a"), misses=(miss,)))
    assert "- wrong speaker: 1" in text
    assert "## Wrong speaker (1)" in text
    assert "### a\\_b 1" in text
    assert "> …He \\*said\\* ¶ **⟦**“Go”**⟧** then.…" in text
    assert "- wanted: Lee\n- given: *none*\n- method: cue-verb, confidence 0.50" in text
