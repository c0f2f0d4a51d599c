"""The table of confidences: counted from decisions, small cells drawn to their method."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from quotex._extraction import Extraction
from quotex._types import Context, Quote, QuoteKind, Span, Speaker
from quotex.evaluation import parse_tagged
from quotex.training._confidence import count_decisions, write_table


class _Answers:
    """An extractor that gives the same speaker to the marked words of every text."""

    def __init__(self, name: str) -> None:
        self.name = name

    def extract(self, text: str, /) -> Extraction:
        def span(start: int, end: int) -> Span:
            return Span(start_char=start, end_char=end, text=text[start:end])

        begin, end = text.index("“") + 1, text.index("”")
        speaker = Speaker(id=0, name=self.name)
        whole = span(0, len(text))
        quote = Quote(
            text=text[begin:end],
            segments=(span(begin, end),),
            extent=span(begin - 1, end + 1),
            kind=QuoteKind.DIRECT,
            speaker=speaker,
            mention=None,
            context=Context(sentence=whole, paragraph=whole),
            method="cue-after",
        )
        return Extraction(text=text, quotes=(quote,), speakers=(speaker,))


def test_decisions_are_counted_by_method_and_form() -> None:
    document = parse_tagged("<q1>“It rains,”</q1> <c1>said</c1> <s1>Mira Holt</s1>.", "case")
    assert count_decisions(_Answers("Mira Holt"), [document]) == {("cue-after", "none"): Counter({True: 1})}
    assert count_decisions(_Answers("Jon Pike"), [document]) == {("cue-after", "none"): Counter({False: 1})}


def test_a_small_cell_is_drawn_to_its_method(tmp_path: Path) -> None:
    table = tmp_path / "confidence.tsv"
    write_table(
        {("colon", "name"): Counter({True: 90, False: 10}), ("colon", "pronoun"): Counter({False: 1})},
        table,
    )
    lines = [line.split("\t") for line in table.read_text("utf-8").splitlines() if not line.startswith("#")]
    rows = {(method, form): float(share) for method, form, share, _ in lines}
    assert rows["*", "*"] == 0.891
    assert 0.89 < rows["colon", "name"] < 0.91
    assert 0.6 < rows["colon", "pronoun"] < 0.8
