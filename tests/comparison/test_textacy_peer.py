"""The border between quotex and textacy, on a parse made by hand; textacy itself runs where it is installed."""

from __future__ import annotations

import importlib.util

import pytest
import textacy_peer as peer

from quotex._marks import find_marks
from quotex._reading import Reading, Sentence, Word
from quotex._types import QuoteKind, Span

# text, lemma, part of speech, head (from 1, 0 for the root), relation
Row = tuple[str, str, str, int, str]

TEXT = "It rained.\n\n“It did not leak,” said Ana Lee."
RAINED: list[Row] = [
    ("It", "it", "PRON", 2, "nsubj"),
    ("rained", "rain", "VERB", 0, "root"),
    (".", ".", "PUNCT", 2, "punct"),
]
SAID: list[Row] = [
    ("“", "“", "PUNCT", 8, "punct"),
    ("It", "it", "PRON", 5, "nsubj"),
    ("did", "do", "AUX", 5, "aux"),
    ("not", "not", "PART", 5, "advmod"),
    ("leak", "leak", "VERB", 8, "ccomp"),
    (",", ",", "PUNCT", 8, "punct"),
    ("”", "”", "PUNCT", 8, "punct"),
    ("said", "say", "VERB", 0, "root"),
    ("Ana", "Ana", "PROPN", 8, "nsubj"),
    ("Lee", "Lee", "PROPN", 9, "flat"),
    (".", ".", "PUNCT", 8, "punct"),
]


def reading_of(text: str, *sentences: list[Row]) -> Reading:
    """A text with one sentence a paragraph."""
    words: list[Word] = []
    found: list[Sentence] = []
    offset = 0
    for number, rows in enumerate(sentences):
        start = len(words)
        for form, lemma, upos, head, deprel in rows:
            offset = text.index(form, offset)
            words.append(
                Word(
                    index=len(words),
                    sentence=number,
                    text=form,
                    lemma=lemma,
                    upos=upos,
                    head=start + head - 1 if head else None,
                    deprel=deprel,
                    start_char=offset,
                    end_char=offset + len(form),
                )
            )
            offset += len(form)
        first, last = words[start].start_char, words[-1].end_char
        found.append(
            Sentence(index=number, start=start, end=len(words), start_char=first, end_char=last, paragraph=number)
        )
    spans = [Span(start_char=s.start_char, end_char=s.end_char, text=text[s.start_char : s.end_char]) for s in found]
    return Reading(text=text, words=tuple(words), sentences=tuple(found), names=(), paragraphs=tuple(spans))


READING = reading_of(TEXT, RAINED, SAID)


@pytest.mark.parametrize(
    ("deprel", "lemma", "wanted"),
    [
        ("nsubj", "Lee", "nsubj"),
        ("nsubj:outer", "Lee", "nsubj"),
        ("nsubj:pass", "Lee", "nsubjpass"),
        ("csubj:pass", "rain", "csubjpass"),
        ("aux:pass", "be", "auxpass"),
        ("advmod", "not", "neg"),
        ("advmod", "often", "advmod"),
        ("flat", "Lee", "compound"),
        ("compound:prt", "out", "prt"),
        ("conj", "Lee", "conj"),
        ("root", "say", "ROOT"),
    ],
)
def test_relations(deprel: str, lemma: str, wanted: str) -> None:
    word = Word(
        index=0, sentence=0, text=lemma, lemma=lemma, upos="X", head=None, deprel=deprel, start_char=0, end_char=1
    )
    assert peer.relation(word) == wanted


def test_columns_of_a_later_paragraph_count_from_its_first_word() -> None:
    columns = peer.columns(READING, 3, 14)
    assert columns.words == ["“", "It", "did", "not", "leak", ",", "”", "said", "Ana", "Lee", "."]
    assert columns.spaces == [False, True, True, True, False, False, True, True, True, False, False]
    assert columns.heads == [7, 4, 4, 4, 7, 7, 7, 7, 7, 8, 7]
    assert columns.deps[3] == "neg"
    assert columns.deps[7:10] == ["ROOT", "nsubj", "compound"]
    assert [place for place, start in enumerate(columns.sent_starts) if start] == [0]


def test_pieces() -> None:
    assert list(peer.whole(READING)) == [(0, 14)]
    assert list(peer.paragraphs(READING)) == [(0, 3), (3, 14)]
    assert list(peer.paragraphs(reading_of(""))) == []


def test_a_triple_becomes_a_quotation() -> None:
    (quote,) = peer.extraction_of(READING, [peer.Triple(speaker=(11, 12), cue=(10,), opening=3, closing=9)])
    assert quote.text == "It did not leak,"
    assert quote.extent.text == "“It did not leak,”"
    assert quote.kind is QuoteKind.DIRECT
    assert quote.speaker is not None
    assert quote.speaker.name == "Ana Lee"
    assert quote.mention is not None
    assert quote.cue is not None
    assert (quote.mention.text, quote.cue.text) == ("Ana Lee", "said")
    for span in (*quote.segments, quote.extent, quote.mention, quote.cue):
        assert TEXT[span.start_char : span.end_char] == span.text


def test_the_same_name_is_the_same_speaker() -> None:
    triple = peer.Triple(speaker=(11, 12), cue=(10,), opening=3, closing=9)
    first, second = peer.extraction_of(READING, [triple, triple])
    assert first.speaker is second.speaker


needs_textacy = pytest.mark.skipif(
    any(importlib.util.find_spec(name) is None for name in ("spacy", "textacy")),
    reason="spaCy and textacy live in an environment of their own (see textacy_peer.py)",
)


class Read(peer.Readings):
    """Readings made by hand."""

    def __init__(self, *readings: Reading) -> None:
        self._read = {reading.text: (reading, find_marks(reading.text)) for reading in readings}


@needs_textacy
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("by_paragraph", [False, True])
def test_textacy_finds_what_it_can(by_paragraph: bool) -> None:
    system = peer.Textacy(Read(READING), by_paragraph=by_paragraph)
    (quote,) = system.extract(TEXT)
    assert quote.text == "It did not leak,"
    assert quote.mention is not None
    assert quote.mention.text == "Ana Lee"
    assert (system.texts, system.refused) == (1, 0)


@needs_textacy
@pytest.mark.filterwarnings("ignore")
def test_an_odd_mark_costs_the_text_or_its_paragraph() -> None:
    text = "The ” rained." + TEXT.removeprefix("It rained.")
    odd = reading_of(text, [("The", "the", "DET", 3, "det"), ("”", "”", "PUNCT", 3, "punct"), *RAINED[1:]], SAID)
    strict, lenient = (peer.Textacy(Read(odd), by_paragraph=by_paragraph) for by_paragraph in (False, True))
    assert len(strict.extract(text)) == 0
    assert len(lenient.extract(text)) == 1
    assert (strict.refused, lenient.refused) == (1, 1)
