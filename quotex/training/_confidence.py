"""Measure how often each rule names the right speaker, for `quotex/data/<language>/confidence.tsv`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from quotex._confidence import mention_form
from quotex.evaluation import Extracts, GoldDocument
from quotex.evaluation._judge import Field
from quotex.evaluation._score import pools

Cell = tuple[str, str]
"""Method and form of the mention."""

# A cell is drawn to its method's share, and that to the share of all, as if so many quotations had shown it.
_PRIOR = 4


def count_decisions(extractor: Extracts, documents: Iterable[GoldDocument]) -> dict[Cell, Counter[bool]]:
    """Right and wrong speakers of the quotations found in marks, by method and form of the mention."""
    counts: dict[Cell, Counter[bool]] = {}
    for document in documents:
        for verdict in pools(document, extractor.extract(document.text))[0].verdicts:
            judgement = verdict.judgements.get(Field.SPEAKER)
            quote = None if verdict.answer is None else verdict.answer.quote
            if judgement is None or quote is None or quote.speaker is None:
                continue
            cell = (quote.method, mention_form(quote.mention, quote.speaker))
            counts.setdefault(cell, Counter())[judgement.lenient] += 1
    return counts


def write_table(counts: dict[Cell, Counter[bool]], path: Path) -> None:
    """Write the shares with their counts; small cells are drawn to the share of their method."""
    overall = sum(counts.values(), Counter[bool]())
    share = overall[True] / overall.total()
    methods: dict[str, Counter[bool]] = {}
    for (method, _), found in counts.items():
        methods[method] = methods.get(method, Counter()) + found
    rows = [("*", "*", share, overall.total())]
    for (method, form), found in sorted(counts.items()):
        rows.append((method, form, _drawn(found, _drawn(methods[method], share)), found.total()))
    head = (
        "# Share of right speakers by method and form of the mention, and on how many quotations it was measured.\n"
        "# Source: `python -m quotex.training confidence` on the corpora of `quotex evaluate world` and `own`.\n"
    )
    lines = (f"{method}\t{form}\t{value:.3f}\t{total}\n" for method, form, value, total in rows)
    path.write_text(head + "".join(lines), encoding="utf-8")


def _drawn(found: Counter[bool], prior: float) -> float:
    return (found[True] + _PRIOR * prior) / (found.total() + _PRIOR)
