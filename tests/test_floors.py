"""Quality on the project's own corpus, pinned: a figure may not fall below its floor in `floors.json`.

`pytest --allow-regression` rewrites the floors to the figures of the run, whether they rose or fell. A floor is lowered
only with its reason in CHANGELOG.md.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final

import attrs
import cattrs
import pytest

import quotex
from quotex.evaluation import DocumentScore, GoldDocument, Ratio, evaluate, open_corpus

FLOORS: Final = Path(__file__).with_name("floors.json")
PACK: Final = Path(quotex.__file__).parent / "models"

MEASURES: Final = (
    "quotation.f1",
    "speaker.lenient",
    "mention.lenient",
    "cue.lenient",
    "kind",
    "role.lenient",
    "not_speech",
)
GROUPS: Final[Mapping[str, Callable[[str], bool]]] = {
    "all": lambda _: True,
    "news-like": lambda genre: genre != "fiction",
    "fiction": lambda genre: genre == "fiction",
}
"""Which genres of the corpus's headers each group of figures covers."""

SLACK: Final = 0.2
"""Points that a figure may lie below its floor: what another build of the numerics may change."""

RAISE: Final = 1.0
"""Points above its floor from which a figure is worth a higher floor."""

_NOISE: Final = 1e-6  # of differences of decimal fractions

Figures = Mapping[str, float]
"""Percentages, rounded to a tenth, by group and measure: `fiction speaker.lenient`."""


@attrs.frozen(kw_only=True)
class Floors:
    """What `floors.json` holds.

    Attributes:
        measured: On what the figures were measured, as the report's title.
        figures: The floors.
    """

    measured: str
    figures: Figures


@attrs.frozen(kw_only=True)
class Outcome:
    """Figures beside their floors, one line each.

    Attributes:
        failures: Figures below their floors, without a floor, and floors without a figure.
        raisable: Figures above their floors by `RAISE` or more.
    """

    failures: tuple[str, ...]
    raisable: tuple[str, ...]


def measure(documents: Iterable[DocumentScore], genres: Mapping[str, str]) -> Figures:
    """The pinned figures of a run.

    Args:
        documents: The counts of the run.
        genres: The genre of each document by its name.
    """
    documents = tuple(documents)
    found = {}
    for group, covers in GROUPS.items():
        counted = [document.ratios for document in documents if covers(genres[document.name])]
        for key in MEASURES:
            ratios = [ratios[key] for ratios in counted if key in ratios]
            ratio = Ratio(hits=sum(each.hits for each in ratios), total=sum(each.total for each in ratios))
            if ratio.value is not None:
                found[f"{group} {key}"] = round(100 * ratio.value, 1)
    return found


def compare(floors: Figures, figures: Figures) -> Outcome:
    """Judge each figure by its floor."""
    failures, raisable = [], []
    for key, floor in floors.items():
        value = figures.get(key)
        if value is None:
            failures.append(f"{key}: floor {floor:.1f}, not measured")
        elif floor - value > SLACK + _NOISE:
            failures.append(f"{key}: floor {floor:.1f}, now {value:.1f}")
        elif value - floor > RAISE - _NOISE:
            raisable.append(f"{key}: floor {floor:.1f}, now {value:.1f}")
    failures += [f"{key}: no floor, now {value:.1f}" for key, value in figures.items() if key not in floors]
    return Outcome(failures=tuple(failures), raisable=tuple(raisable))


def changes(old: Figures, new: Figures) -> tuple[str, ...]:
    """One line for each floor that a rewrite changes, and one more where it lowers any."""
    lines = []
    lowered = 0
    for key in dict.fromkeys((*old, *new)):
        before, after = old.get(key), new.get(key)
        if before != after:
            lines.append(f"{key}: {_figure(before)} → {_figure(after)}")
            lowered += before is not None and (after is None or after < before)
    if lowered:
        lines.append(f"{lowered} lowered: CHANGELOG.md needs a line with the reason")
    return tuple(lines)


def _figure(value: float | None) -> str:
    return "none" if value is None else f"{value:.1f}"


def read(path: Path) -> Floors:
    """The floors."""
    return cattrs.Converter(forbid_extra_keys=True).structure(json.loads(path.read_bytes()), Floors)


def write(path: Path, floors: Floors) -> None:
    """Write the floors."""
    path.write_text(json.dumps(attrs.asdict(floors), indent=1) + "\n", encoding="utf-8")


# the corpus ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def measured() -> Floors:
    """The figures of the corpus inside the package, with the models inside the package."""
    documents = open_corpus("own").read()
    genres = {document.name: document.genre for document in documents if isinstance(document, GoldDocument)}
    report = evaluate("own", extractor=quotex.Extractor(), resamples=1)
    assert not report.skipped
    return Floors(measured=report.title, figures=measure(report.documents, genres))


@pytest.mark.model
@pytest.mark.skipif(not (PACK / "resources.json").is_file(), reason=f"no model pack in {PACK}")
def test_own_corpus(measured: Floors, pytestconfig: pytest.Config, end_of_run: list[str]) -> None:
    floors = read(FLOORS)
    if pytestconfig.getoption("allow_regression"):
        write(FLOORS, measured)
        end_of_run += [f"{FLOORS.name} is rewritten: {measured.measured}", *changes(floors.figures, measured.figures)]
        return
    outcome = compare(floors.figures, measured.figures)
    end_of_run += [f"may be raised: {line}" for line in outcome.raisable]
    if outcome.failures:
        lines = [f"measured on {measured.measured}", f"pinned on {floors.measured}", *outcome.failures]
        lines.append("lower floors only with --allow-regression and a reason in CHANGELOG.md")
        pytest.fail("\n".join(lines), pytrace=False)


# the logic -----------------------------------------------------------------------------------------------------------


def test_every_measure_of_every_group_has_a_floor() -> None:
    assert set(read(FLOORS).figures) == {f"{group} {key}" for group in GROUPS for key in MEASURES}


def score(name: str, hits: Mapping[str, int]) -> DocumentScore:
    """A document with ten items of each measure."""
    ratios = {key: Ratio(hits=right, total=10) for key, right in hits.items()}
    return DocumentScore(name=name, words=0, seconds=0, ratios=ratios, confidences=(), items=())


def test_figures_are_summed_over_the_documents_of_a_group() -> None:
    documents = [
        score("a", {"speaker.lenient": 9, "kind": 10, "speaker.strict": 1}),
        score("b", {"speaker.lenient": 6}),
        score("c", {"speaker.lenient": 0}),
    ]
    assert measure(documents, {"a": "news", "b": "fiction", "c": "court"}) == {
        "all speaker.lenient": 50.0,
        "all kind": 100.0,
        "news-like speaker.lenient": 45.0,
        "news-like kind": 100.0,
        "fiction speaker.lenient": 60.0,
    }


@pytest.mark.parametrize(
    ("value", "failures", "raisable"),
    [
        (89.7, ("all kind: floor 90.0, now 89.7",), ()),
        (89.8, (), ()),
        (90.0, (), ()),
        (90.9, (), ()),
        (91.0, (), ("all kind: floor 90.0, now 91.0",)),
    ],
)
def test_a_figure_and_its_floor(value: float, failures: tuple[str, ...], raisable: tuple[str, ...]) -> None:
    assert compare({"all kind": 90.0}, {"all kind": value}) == Outcome(failures=failures, raisable=raisable)


def test_a_figure_without_a_floor_and_a_floor_without_a_figure_fail() -> None:
    assert compare({"all kind": 90.0}, {"all role.lenient": 80.0}).failures == (
        "all kind: floor 90.0, not measured",
        "all role.lenient: no floor, now 80.0",
    )


def test_floors_are_rewritten(tmp_path: Path) -> None:
    floors = Floors(measured="own (all): 2 documents", figures={"all kind": 89.9, "fiction kind": 80.0})
    write(tmp_path / "floors.json", floors)
    assert read(tmp_path / "floors.json") == floors


def test_a_lowered_floor_asks_for_a_reason() -> None:
    assert changes({"all kind": 90.0, "fiction kind": 80.0}, {"all kind": 89.9, "fiction kind": 81.0}) == (
        "all kind: 90.0 → 89.9",
        "fiction kind: 80.0 → 81.0",
        "1 lowered: CHANGELOG.md needs a line with the reason",
    )


def test_a_raised_or_new_floor_asks_for_nothing() -> None:
    assert changes({"all kind": 90.0}, {"all kind": 91.0, "all not_speech": 50.0}) == (
        "all kind: 90.0 → 91.0",
        "all not_speech: none → 50.0",
    )
