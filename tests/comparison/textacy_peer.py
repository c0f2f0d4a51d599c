"""Run textacy's `direct_quotations` on quotex's own parses and score both with quotex's own measures.

Setting up, from a checkout, in an environment of its own (spaCy and textacy are no dependencies of quotex):

    python3 -m venv .venv-peers
    .venv-peers/bin/pip install -c constraints.txt -e . "spacy==3.8.*" "textacy==0.13.*"

and then

    .venv-peers/bin/python tests/comparison/textacy_peer.py [--limit N] [own] [world] [polnear] [litbank]

It prints one Markdown table a corpus (`own`, `world` and `polnear` when none is named). Corpora other than `own` are
looked for as `quotex evaluate` does. Each text is read once by the model pack inside quotex; quotex gets that reading,
and textacy gets it as a spaCy `Doc`, so that what differs is the rules and not the parser.

What textacy looks at in a `Doc`, and where that comes from:

- the words, and whether a word is a quotation mark, punctuation, a stop word or a title: from the vocabulary of
  `spacy.blank("en")`, that is from the words alone;
- `pos`: the reading's universal part of speech (textacy asks only whether it is `VERB`);
- `lemma_`: the reading's lemma;
- sentence starts and heads: the reading's; the root of a sentence is its own head, as spaCy has it;
- `dep`: the reading's universal relation under the label that spaCy's English models use, see `relation`.

textacy gives triples of words (speaker, cue) and the quotation with its marks, and it resolves nobody. A triple becomes
a quotation with one segment, the words between the marks; its mention and cue run from the first to the last of their
words; its speaker is called as the mention. The kind is direct: that is what textacy says that it extracts.

An odd number of marks (an apostrophe that is a word of its own counts) makes textacy refuse the whole text. Such a text
is scored as one without quotations, and counted. A second column gives textacy one paragraph at a time: then a mark too
many loses only its paragraph, and a cue in the next paragraph is out of sight.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from itertools import pairwise
from typing import Final

import attrs
import stanza
from rich.console import Console

from quotex import Extraction
from quotex._assembly import extract_reading
from quotex._marks import Marks, find_marks
from quotex._packages import COMPACT, load_pipeline
from quotex._reading import Reading, Word
from quotex._stanza import read_texts
from quotex._types import Context, Quote, QuoteKind, Span, Speaker
from quotex.evaluation import CORPORA, Extracts, MissKind, Ratio, Report, evaluate

DEFAULT: Final = ("own", "world", "polnear")

_RELATIONS: Final = {
    "root": "ROOT",
    "nsubj:pass": "nsubjpass",
    "csubj:pass": "csubjpass",
    "nsubj:outer": "nsubj",
    "csubj:outer": "csubj",
    "aux:pass": "auxpass",
    "compound:prt": "prt",
    # a name is flat in UD, its later words below the first; spaCy hangs its earlier words below the last
    "flat": "compound",
    "flat:name": "compound",
}


def relation(word: Word) -> str:
    """The label for a word's relation that spaCy's English models use, where textacy looks at it; else the UD one.

    textacy looks for `nsubj` and `csubj` below a cue (passive subjects have labels of their own there), for `aux`,
    `auxpass` and `neg` around the cue, and for `conj` and `compound` around the speaker. UD has no `neg`: it is the
    adverbial modifier that is a negation.
    """
    if word.relation == "advmod" and ("Polarity=Neg" in word.feats or word.lemma in ("not", "n't", "never")):
        return "neg"
    return _RELATIONS.get(word.deprel, word.deprel)


@attrs.frozen(kw_only=True)
class Columns:
    """A stretch of a reading as the constructor of spaCy's `Doc` takes it.

    Attributes:
        words: The words.
        spaces: Whether white space follows each.
        pos: Their universal parts of speech.
        lemmas: Their lemmas.
        heads: The place of each one's head in the stretch, from 0; its own for a root.
        deps: Their relations, see `relation`.
        sent_starts: Whether a sentence starts at each.
    """

    words: list[str]
    spaces: list[bool]
    pos: list[str]
    lemmas: list[str]
    heads: list[int]
    deps: list[str]
    sent_starts: list[bool]


def columns(reading: Reading, start: int, end: int) -> Columns:
    """The words from index `start` to before index `end`, which must be whole sentences."""
    words = reading.words[start:end]
    following = [word.start_char for word in words[1:]] + [words[-1].end_char if words else 0]
    starts = {sentence.start for sentence in reading.sentences}
    return Columns(
        words=[word.text for word in words],
        spaces=[word.end_char < after for word, after in zip(words, following, strict=True)],
        pos=[word.upos for word in words],
        lemmas=[word.lemma for word in words],
        heads=[(word.index if word.head is None else word.head) - start for word in words],
        deps=[relation(word) for word in words],
        sent_starts=[word.index in starts for word in words],
    )


def whole(reading: Reading) -> Iterator[tuple[int, int]]:
    """The text in one piece: first word and the one after the last."""
    yield 0, len(reading.words)


def paragraphs(reading: Reading) -> Iterator[tuple[int, int]]:
    """The text in pieces of one paragraph: the first word of each and the one after its last."""
    firsts: dict[int, int] = {}
    for sentence in reading.sentences:
        firsts.setdefault(sentence.paragraph, sentence.start)
    starts = list(firsts.values())
    yield from pairwise([*starts, len(reading.words)])


@attrs.frozen(kw_only=True)
class Triple:
    """What textacy found, in words of the reading.

    Attributes:
        speaker: Indexes of the words of the speaker, in order.
        cue: Indexes of the words of the cue, in order.
        opening: Index of the opening mark.
        closing: Index of the closing mark.
    """

    speaker: tuple[int, ...]
    cue: tuple[int, ...]
    opening: int
    closing: int


def extraction_of(reading: Reading, triples: Sequence[Triple]) -> Extraction:
    """The triples as quotex's results."""
    speakers: dict[str, Speaker] = {}
    quotes = []
    for triple in triples:
        mention = _span(reading, triple.speaker[0], triple.speaker[-1])
        name = " ".join(mention.text.split())
        speaker = speakers.setdefault(name, Speaker(id=len(speakers), name=name, aliases=(name,)))
        extent = _span(reading, triple.opening, triple.closing)
        content = _span(reading, triple.opening + 1, triple.closing - 1)
        quotes.append(
            Quote(
                text=content.text,
                segments=(content,),
                extent=extent,
                kind=QuoteKind.DIRECT,
                speaker=speaker,
                mention=mention,
                source=mention,
                cue=_span(reading, triple.cue[0], triple.cue[-1]),
                context=Context(sentence=extent, paragraph=extent),
                method="textacy",
            )
        )
    return Extraction(text=reading.text, quotes=tuple(quotes), speakers=tuple(speakers.values()))


def _span(reading: Reading, first: int, last: int) -> Span:
    """The source from the start of one word to the end of another."""
    start, end = reading.words[first].start_char, reading.words[last].end_char
    return Span(start_char=start, end_char=end, text=reading.text[start:end])


class Readings:
    """Reads each text once, for all systems."""

    def __init__(self, pipeline: stanza.Pipeline) -> None:
        self._pipeline = pipeline
        self._read: dict[str, tuple[Reading, Marks]] = {}

    def __call__(self, text: str) -> tuple[Reading, Marks]:
        """The reading of a text and its marks."""
        if text not in self._read:
            marks = find_marks(text)
            self._read[text] = read_texts(self._pipeline, [text], [marks])[0], marks
        return self._read[text]


class Quotex:
    """quotex on a shared reading."""

    def __init__(self, readings: Readings) -> None:
        self._readings = readings

    def extract(self, text: str) -> Extraction:
        """The quotations of the text."""
        return extract_reading(*self._readings(text))


class Textacy:
    """textacy's `direct_quotations` on a shared reading.

    Attributes:
        texts: How many texts it was given.
        refused: In how many of them it refused some piece.
    """

    def __init__(self, readings: Readings, *, by_paragraph: bool) -> None:
        import spacy

        self._readings = readings
        self._pieces = paragraphs if by_paragraph else whole
        self._vocab = spacy.blank("en").vocab
        self.texts = 0
        self.refused = 0

    def extract(self, text: str) -> Extraction:
        """The quotations of the text."""
        reading, _ = self._readings(text)
        triples: list[Triple] = []
        complete = True
        for start, end in self._pieces(reading):
            found = self.triples(reading, start, end)
            complete = complete and found is not None
            triples += found or ()
        self.texts += 1
        self.refused += not complete
        return extraction_of(reading, triples)

    def triples(self, reading: Reading, start: int, end: int) -> list[Triple] | None:
        """What textacy finds in a piece of the text, or `None` where it refuses it for an odd number of marks."""
        from spacy.tokens import Doc
        from textacy.extract import direct_quotations

        doc = Doc(self._vocab, **attrs.asdict(columns(reading, start, end)))
        try:
            return [
                Triple(
                    speaker=tuple(start + token.i for token in found.speaker),
                    cue=tuple(start + token.i for token in found.cue),
                    opening=start + found.content.start,
                    closing=start + found.content.end - 1,
                )
                for found in direct_quotations(doc)
            ]
        except ValueError as error:
            if "unclosed quotation" not in str(error):
                raise
            return None


_SPANS: Final = {
    "quotation precision": "quotation.precision",
    "quotation recall": "quotation.recall",
    "quotation F1": "quotation.f1",
    "quotation F1, exact": "quotation_exact.f1",
    "speaker, lenient": "speaker.lenient",
    "speaker, of those found": "speaker.lenient_matched",
    "mention, lenient": "mention.lenient",
    "mention, of those found": "mention.lenient_matched",
    "cue, lenient": "cue.lenient",
    "cue, of those found": "cue.lenient_matched",
    "not-speech left out": "not_speech",
}
_TRIPLES: Final = {
    "source, exact F1": "source.f1",
    "cue, exact F1": "cue.f1",
    "content, exact F1": "content.f1",
    "content precision at overlap 0.5": "content_overlap.precision",
    "content recall at overlap 0.5, direct": "content_overlap.recall.direct",
    "content recall at overlap 0.5, mixed": "content_overlap.recall.mixed",
    "with source and cue, precision": "linked.precision",
    "with source and cue, recall, direct": "linked.recall.direct",
    "with source and cue, recall, mixed": "linked.recall.mixed",
    "source, of contents found": "source_matched",
    "cue, of contents found": "cue_matched",
}


def table(reports: Mapping[str, Report]) -> Iterator[str]:
    """The lines of a Markdown table: measures down, systems across, each with right / all.

    Args:
        reports: A report for each system, all of the same corpus.
    """
    first = next(iter(reports.values()))
    yield f"**{first.title}**"
    yield ""
    yield " | ".join(["| measure", *reports, ""]).rstrip()
    yield "| --- |" + " ---: |" * len(reports)
    for label, key in (_TRIPLES if "content.f1" in first.figures else _SPANS).items():
        ratios = [_ratio(report, key) for report in reports.values()]
        if any(ratio.total for ratio in ratios):
            yield _row(label, [_cell(ratio, counts=not key.endswith(".f1")) for ratio in ratios])
    direct = [_direct(report) for report in reports.values()]
    if any(ratio.total for ratio in direct):
        yield _row("recall of direct quotations alone", [_cell(ratio, counts=True) for ratio in direct])
    for kind in (MissKind.SPLIT, MissKind.MERGED, MissKind.SPURIOUS):
        counts = [sum(miss.kind is kind for miss in report.misses) for report in reports.values()]
        yield _row(f"quotations {kind}", [str(count) for count in counts])


def _row(label: str, cells: Sequence[str]) -> str:
    return " | ".join([f"| {label}", *cells]) + " |"


def _ratio(report: Report, key: str) -> Ratio:
    figure = report.figures.get(key)
    return Ratio(hits=0, total=0) if figure is None else Ratio(hits=figure.hits, total=figure.total)


def _direct(report: Report) -> Ratio:
    """Recall of annotated quotations of the kind that textacy says that it extracts."""
    found = [item.found for item in report.items if item.wanted.get("kind") == QuoteKind.DIRECT]
    return Ratio(hits=sum(found), total=len(found))


def _cell(ratio: Ratio, *, counts: bool) -> str:
    """A percentage with its counts; F1 is of sums on both sides, whose counts would mislead."""
    if ratio.value is None:
        return ""
    return f"{100 * ratio.value:.1f}" + (f" ({ratio.hits}/{ratio.total})" if counts else "")


def compare(corpus: str, readings: Readings, limit: int | None) -> Iterator[str]:
    """Score the three on one corpus: the lines of the table and a line on what textacy refused."""
    peers = {
        "textacy": Textacy(readings, by_paragraph=False),
        "textacy, paragraph by paragraph": Textacy(readings, by_paragraph=True),
    }
    systems: dict[str, Extracts] = {"quotex": Quotex(readings), **peers}
    yield from table({name: evaluate(corpus, extractor=system, limit=limit) for name, system in systems.items()})
    yield ""
    refused = [f"{peer.refused} of {peer.texts} ({name})" for name, peer in peers.items()]
    yield f"Texts that textacy refused or refused a paragraph of: {', '.join(refused)}."


def main(argv: list[str] | None = None) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description="Compare quotex with textacy on the same parses.")
    parser.add_argument("corpora", nargs="*", metavar="CORPUS", help=f"of {', '.join(CORPORA)} ({' '.join(DEFAULT)})")
    parser.add_argument("--limit", type=int, metavar="N", help="only the first N documents of each")
    options = parser.parse_args(argv)
    console = Console(soft_wrap=True, highlight=False, markup=False)
    console.print(", ".join(f"{name} {version(name)}" for name in ("quotex", "stanza", "spacy", "textacy")))
    readings = Readings(load_pipeline(COMPACT, "en"))
    for corpus in options.corpora or DEFAULT:
        console.print()
        for line in compare(corpus, readings, options.limit):
            console.print(line)


if __name__ == "__main__":
    main()
