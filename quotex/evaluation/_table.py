"""The report for people: tables on a rich console, and the misses as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from quotex.evaluation._compare import Change, Comparison
from quotex.evaluation._misses import Miss, MissKind
from quotex.evaluation._report import Calibration, Figure, Report

_HEADLINES: Final = frozenset(
    {
        "quotation.f1",
        "speaker.lenient",
        "speaker_listed",
        "role.lenient",
        "not_speech",
        "content.f1",
        "linked.f1",
    }
)
_ORDER: Final = (
    "quotation.",
    "quotation_exact",
    "speaker.lenient",
    "speaker.strict",
    "speaker.none",
    "speaker.",
    "speaker_listed",
    "mention",
    "source",
    "cue",
    "content.",
    "content_overlap",
    "linked",
    "kind",
    "manner",
    "role",
    "addressee",
    "not_speech",
)
_SHORT: Final = 160
_LONG_PASSAGE: Final = 600


def print_report(report: Report, console: Console) -> None:
    """Print the figures, the calibration, the speed, and what was skipped.

    Args:
        report: The run.
        console: Where to.
    """
    console.print(_figures(report))
    if report.calibration.count:
        console.print(_calibration(report.calibration))
    speed = report.words_per_second
    if speed is not None:
        console.print(f"{report.words:,} words in {report.seconds:,.1f} s: {speed:,.0f} words per second")
    for broken in report.skipped:
        console.print(f"skipped {escape(broken.name)}: {escape(broken.reason)}", style="yellow")
    if report.interrupted:
        console.print(f"interrupted: {len(report.documents)} of {report.planned} documents are counted", style="yellow")


def _figures(report: Report) -> Table:
    table = Table(title=escape(report.title), title_justify="left", min_width=len(report.title))
    table.add_column("measure")
    for name in ("value", "95 % interval", "right", "of", "per document", "of those found"):
        table.add_column(name, justify="right")
    for key in _ordered(report):
        figure = report.figures[key]
        table.add_row(
            label(key),
            _percent(figure.value),
            _interval(figure),
            *_counts(figure),
            _percent(figure.macro),
            _percent(found.value) if (found := report.figures.get(f"{key}_matched")) else "",
            style="bold" if key in _HEADLINES else None,
        )
    return table


def _ordered(report: Report) -> list[str]:
    """The keys with items, field by field; those on found quotations are a column of the others."""

    def rank(key: str) -> tuple[bool, int]:
        name = key.removeprefix("indirect.")
        return key != name, next((place for place, start in enumerate(_ORDER) if name.startswith(start)), len(_ORDER))

    keys = (key for key, figure in report.figures.items() if figure.total)
    shown = (key for key in keys if not (_found(key) and key.removesuffix("_matched") in report.figures))
    return sorted(shown, key=rank)


def _found(key: str) -> bool:
    return key.endswith("_matched")


def _counts(figure: Figure) -> tuple[str, str]:
    """F1 is twice the matches over both sides' items: its counts would mislead."""
    if figure.key.endswith(".f1"):
        return "", ""
    return f"{figure.hits:,}", f"{figure.total:,}"


def label(key: str) -> str:
    """A measure's key in words.

    >>> label("speaker.lenient_matched")
    'speaker lenient, of those found'
    >>> label("role.none")
    'role: none where there is none'
    """
    matched = key.endswith("_matched")
    words = key.removesuffix("_matched")
    words = re.sub(r"\.none$", ": none where there is none", words)
    for short, long in (
        ("speaker_listed", "speaker, characters given"),
        ("quotation_exact", "quotation exact"),
        ("content_overlap", "content at overlap 0.5"),
        ("linked", "content with source and cue"),
        ("not_speech", "not-speech left out"),
    ):
        words = words.replace(short, long)
    words = re.sub(r"\.(?=[a-z])", " ", words)
    return words + (", of those found" if matched else "")


def _percent(value: float | None) -> str:
    return "" if value is None else f"{100 * value:.1f}"


def _interval(figure: Figure) -> str:
    if figure.low is None or figure.high is None:
        return ""
    return f"{_percent(figure.low)} – {_percent(figure.high)}"


def _calibration(result: Calibration) -> Table:
    error = "" if result.error is None else f"{result.error:.3f}"
    title = f"confidence: expected calibration error {error} over {result.count:,} attributions"
    table = Table(title=title, title_justify="left", min_width=len(title))
    for name in ("confidence", "attributions", "mean confidence", "right"):
        table.add_column(name, justify="right")
    for entry in result.bins:
        if entry.count:
            bounds = f"{entry.low:.1f} – {entry.high:.1f}"
            table.add_row(bounds, f"{entry.count:,}", _percent(entry.confidence), _percent(entry.accuracy))
    return table


def print_comparison(comparison: Comparison, console: Console) -> None:
    """Print what was gained and lost, item by item, losses last.

    Args:
        comparison: Two runs.
        console: Where to.
    """
    gains = [change for change in comparison.changes if change.gained]
    losses = [change for change in comparison.changes if not change.gained]
    console.print(f"compared {comparison.shared:,} quotations: {len(gains)} gains, {len(losses)} losses")
    if comparison.only_old or comparison.only_new:
        console.print(f"not compared: {comparison.only_old} only in the old run, {comparison.only_new} only in the new")
    for title, changes in (("gains", gains), ("losses", losses)):
        if changes:
            console.print(_changes(title, changes))


def _changes(title: str, changes: list[Change]) -> Table:
    table = Table(title=title, title_justify="left")
    for name in ("document", "field", "quotation", "wanted", "before", "after"):
        table.add_column(name, overflow="fold")
    for change in changes:
        found = change.field == "found"
        answers = ("", "", "") if found else (change.wanted, change.before, change.after)
        cells = (f"{change.document} {change.item}", change.field, _shorten(change.text), *answers)
        table.add_row(*(escape("none" if cell is None else cell) for cell in cells))
    return table


def errors_markdown(report: Report) -> str:
    """Every miss as Markdown, grouped by kind: where, the passage with the quotation marked, wanted, given, method."""
    groups: dict[MissKind, list[Miss]] = {kind: [] for kind in MissKind}
    for miss in report.misses:
        groups[miss.kind].append(miss)
    lines = [f"# Errors: {report.title}", ""]
    lines += [f"- {kind}: {len(found)}" for kind, found in groups.items() if found]
    if report.interrupted:
        lines += ["", f"Interrupted: {len(report.documents)} of {report.planned} documents are counted."]
    lines += ["" for _ in report.skipped[:1]]
    lines += [f"Skipped {_plain(broken.name)}: {_plain(broken.reason)}" for broken in report.skipped]
    for kind, found in groups.items():
        if found:
            lines += ["", f"## {kind[0].upper()}{kind[1:]} ({len(found)})"]
            for miss in found:
                lines += ["", *_miss(miss)]
    return "\n".join(lines) + "\n"


def _miss(miss: Miss) -> Iterator[str]:
    place = " ".join(filter(None, (miss.document, miss.item)))
    passage = _plain(_middle_out(miss.passage))
    yield f"### {_plain(place)}"
    yield ""
    yield f"> …{_plain(miss.before)}**⟦**{passage}**⟧**{_plain(miss.after)}…"
    yield ""
    yield f"- wanted: {_answer(miss.wanted)}"
    yield f"- given: {_answer(miss.given)}"
    if miss.method is not None:
        confidence = "" if miss.confidence is None else f", confidence {miss.confidence:.2f}"
        yield f"- method: {_plain(miss.method)}{confidence}"


def _answer(value: str | None) -> str:
    return "*none*" if value is None else _plain(_shorten(value))


def _shorten(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _SHORT else f"{text[:_SHORT]}…"


def _middle_out(text: str) -> str:
    half = _LONG_PASSAGE // 2
    return text if len(text) <= _LONG_PASSAGE else f"{text[:half]} […] {text[-half:]}"


def _plain(text: str) -> str:
    """One line of Markdown that shows the text as it is; `¶` stands for a paragraph break."""
    text = re.sub(r"\s*\n\s*\n\s*", " ¶ ", text)
    return re.sub(r"([\\`*_\[\]<>#|])", r"\\\1", re.sub(r"\s+", " ", text))
