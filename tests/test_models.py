"""The real pack inside the package, end to end. Run with `-m model`; skipped where the pack has not been built."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import NoReturn

import pytest

import quotex
from quotex._assembly import extract_reading
from quotex._extraction import Extraction
from quotex._marks import find_marks
from quotex._packages import load_pipeline
from quotex._stanza import read_texts
from quotex._types import Quote, QuoteKind, Span

ROOT = Path(__file__).parents[1]
PACK = Path(quotex.__file__).parent / "models"
EXAMPLES = sorted((ROOT / "docs" / "examples").glob("*.txt"))
DATA = Path(os.environ.get("QUOTEX_DATA", ROOT.parent / "shared" / "data"))
STOLTENBERG = DATA / "articles" / "stoltenberg-japan.txt"

pytestmark = [
    pytest.mark.model,
    pytest.mark.skipif(not (PACK / "resources.json").is_file(), reason=f"no model pack in {PACK}"),
]


@pytest.fixture(scope="module")
def extractor() -> quotex.Extractor:
    return quotex.Extractor()


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever connects to anything fails the test."""

    def refuse(*_: object) -> NoReturn:
        raise AssertionError("the network was touched")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def read(path: Path) -> str:
    # not read_text: it would translate line ends
    return path.read_bytes().decode("utf-8")


def walk(quotes: tuple[Quote, ...]) -> Iterator[Quote]:
    for quote in quotes:
        yield quote
        yield from walk(quote.nested)


def spans(extraction: Extraction) -> Iterator[Span]:
    for quote in walk(extraction.quotes):
        yield from (*quote.segments, quote.extent, quote.context.sentence, quote.context.paragraph)
        yield from filter(None, (quote.mention, quote.source, quote.cue, quote.context.before, quote.context.after))
    for speaker in extraction.speakers:
        yield from speaker.mentions
        if speaker.role_span is not None:
            yield speaker.role_span
    for note in extraction.notes:
        yield note.span


def check_spans(extraction: Extraction) -> None:
    for span in spans(extraction):
        assert span.text
        assert extraction.text[span.start_char : span.end_char] == span.text
    assert "".join(segment.span.text for segment in extraction.segments()) == extraction.text


def named(quote: Quote) -> str | None:
    return None if quote.speaker is None else quote.speaker.name


PORT = [
    ("“the easiest decision", QuoteKind.MIXED, "Ruth Adeyemi", 1),
    ("“We were told that", QuoteKind.DIRECT, "Ruth Adeyemi", 2),
    ("“I have nothing against", QuoteKind.DIRECT, "Daniel Whitlock", 2),
    ("“a sentimental one", QuoteKind.MIXED, "Daniel Whitlock", 1),
    ("“back in this room", QuoteKind.MIXED, "Daniel Whitlock", 1),
    ("“The nearest private tug", QuoteKind.DIRECT, "Tomás Ferreira", 2),
    ("“My father worked", QuoteKind.DIRECT, "Tomás Ferreira", 3),
    ("“respect the decision", QuoteKind.MIXED, "A spokeswoman for Marlin Towage", 1),
    ("“waiting for exactly", QuoteKind.MIXED, "Ruth Adeyemi", 1),
    ("“Ask me again", QuoteKind.DIRECT, "Daniel Whitlock", 2),
]
"""The quotations of the example about the tugboats: how each begins, its kind, its speaker, its number of segments."""


@pytest.fixture(scope="module")
def port() -> str:
    return read(ROOT / "docs" / "examples" / "harbour.txt")


def test_the_example_article(extractor: quotex.Extractor, port: str) -> None:
    extraction = extractor.extract(port)
    check_spans(extraction)
    expected = [(start, kind, name, count) for start, kind, name, count in PORT]
    found = [
        (start, quote.kind, named(quote), len(quote.segments))
        for (start, *_), quote in zip(PORT, extraction, strict=True)
        if quote.extent.text.startswith(start)
    ]
    assert found == expected
    assert [note.span.text for note in extraction.notes if note.code == "scare-quote"] == ["“temporary”"]
    roles = {speaker.name: speaker.role for speaker in extraction.speakers}
    assert roles["Ruth Adeyemi"] == "Mayor"
    assert roles["Daniel Whitlock"] == "council’s finance chair"
    assert roles["Tomás Ferreira"] == "Harbour master"


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_span_is_its_slice(extractor: quotex.Extractor, path: Path) -> None:
    check_spans(extractor.extract(read(path)))


def test_line_ends_and_emoji_change_nothing(extractor: quotex.Extractor, port: str) -> None:
    plain = extractor.extract(port)
    changed = port.replace("\n", "\r\n")
    assert changed != port
    extraction = extractor.extract(changed)
    check_spans(extraction)
    assert [named(quote) for quote in extraction] == [named(quote) for quote in plain]
    assert [quote.text for quote in extraction] == [quote.text for quote in plain]

    decorated = changed.replace("tug", "tug👩🏽‍🚀").replace(" the ", " the\u00a0").replace("\r\n\r\n", "\r\n🙂\r\n\r\n")
    check_spans(extractor.extract(decorated))
    assert len(extractor.extract("🙂🙂 " + changed)) == len(plain)


def test_many_are_what_each_is_alone(extractor: quotex.Extractor, port: str) -> None:
    paragraphs = port.split("\n\n")
    texts = [port, "", *paragraphs[2:6], port[: len(port) // 2]]
    many = list(extractor.extract_many(texts))
    assert [one.text for one in many] == texts
    for one, text in zip(many, texts, strict=True):
        alone = extractor.extract(text)
        assert [(quote.extent, named(quote), quote.cue) for quote in one] == [
            (quote.extent, named(quote), quote.cue) for quote in alone
        ]


def test_an_annotated_document() -> None:
    """The document of a pipeline that quotex did not run."""
    pipeline = load_pipeline("compact", "en")
    document = pipeline("Mayor Ruth Lind opened the quay. “It is ours,” she said.")
    (quote,) = quotex.Extractor(pipeline).extract(document)
    assert (quote.text, named(quote), quote.role) == ("It is ours,", "Ruth Lind", "Mayor")


@pytest.mark.parametrize(
    "text",
    [
        "“",
        "\ud800“It leaks,” Ann said.",
        "“It leaks,” Ann said. " * 2 + "x" * 5000,
        "word " * 3000,
        "“" * 500,
        "\x00\x01\u200b",
        "« Le pont est fermé », dit-elle. 「橋は閉まっている。」",
        "“No.”\n" * 50,
    ],
    ids=["mark", "surrogate", "long-word", "long-sentence", "marks", "controls", "languages", "lines"],
)
def test_odd_text_raises_nothing(extractor: quotex.Extractor, text: str) -> None:
    check_spans(extractor.extract(text))


@pytest.mark.skipif(not STOLTENBERG.is_file(), reason=f"no {STOLTENBERG}; QUOTEX_DATA names the folder of the data")
def test_a_real_article(extractor: quotex.Extractor) -> None:
    extraction = extractor.extract(read(STOLTENBERG))
    check_spans(extraction)
    assert [(named(quote), quote.role) for quote in extraction] == [("Jens Stoltenberg", "NATO Secretary General")] * 4
    assert sorted(len(quote.segments) for quote in extraction) == [1, 1, 1, 2]
    assert not any(quote.nested for quote in extraction)
    assert len(extraction.speakers) == 1
    assert any("[Vladimir]" in quote.text or "(Vladimir)" in quote.text for quote in extraction)


# reading -------------------------------------------------------------------------------------------------------------

LONG = (
    "The ferry was late.\n\nNobody minded. The quay was dry and the gulls were loud.\n\n"
    "Mayor Ruth Lind opened the gate. A spokesman for the harbour waited there with Ivo Brandt, the chief engineer.\n\n"
    "The water rose. It fell again.\n\n“It is ours,” she said. “It leaks,” Brandt told reporters, and he left.\n\n"
    "Rain came in the evening. The lamps were lit."
)


@pytest.mark.parametrize("text", [LONG, *map(read, EXAMPLES)], ids=["long", *(path.stem for path in EXAMPLES)])
def test_reading_what_is_needed_gives_what_reading_everything_gives(text: str) -> None:
    pipeline = load_pipeline("compact", "en")
    marks = find_marks(text)
    (needed,), (whole,) = (read_texts(pipeline, [text], [marks], everything=everything) for everything in (False, True))
    assert extract_reading(needed, marks) == extract_reading(whole, marks)


def test_sentences_that_no_quotation_can_depend_on_are_not_parsed() -> None:
    pipeline = load_pipeline("compact", "en")
    (reading,) = read_texts(pipeline, [LONG], [find_marks(LONG)])
    parsed = {
        sentence.paragraph
        for sentence in reading.sentences
        if any(word.head is not None for word in reading.words[sentence.start : sentence.end])
    }
    assert {2, 4} <= parsed
    assert 0 not in parsed


def test_several_threads_share_an_extractor(extractor: quotex.Extractor, port: str) -> None:
    texts = [port, LONG, port[: len(port) // 2], LONG * 2] * 2
    with ThreadPoolExecutor(max_workers=4) as pool:
        found = list(pool.map(extractor.extract, texts))
    assert found == [extractor.extract(text) for text in texts]


def test_a_worker_process_rebuilds_the_extractor(extractor: quotex.Extractor) -> None:
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as pool:
        found = pool.submit(extractor.extract, LONG).result()
    assert found == extractor.extract(LONG)


def test_chains_are_stanza_s() -> None:
    """The ordinary `coref` processor fills `doc.coref`, and a pronoun stands in a chain with its name."""
    document = load_pipeline("compact", "en")("Ruth Lind opened the quay. She said that it leaks.")
    words = [[word.text for word in sentence.words] for sentence in document.sentences]
    chains = [
        {" ".join(words[mention.sentence][mention.start_word : mention.end_word]) for mention in chain.mentions}
        for chain in document.coref
    ]
    assert any({"Ruth Lind", "She"} <= chain for chain in chains)


def test_a_long_text_is_resolved_in_pieces_that_are_joined() -> None:
    """Chains of neighbouring pieces share mentions; no mention stands in two chains."""
    text = "\n\n".join([LONG] * 60)
    (reading,) = read_texts(load_pipeline("compact", "en"), [text], [find_marks(text)])
    mentions = [mention for chain in reading.chains for mention in chain]
    assert len(mentions) == len(set(mentions))
    assert all(0 <= start < end <= len(reading.words) for start, end in mentions)
    spread = max(chain[-1][0] - chain[0][0] for chain in reading.chains)
    assert spread > len(reading.words) // 2


def test_its_is_one_word(extractor: quotex.Extractor) -> None:
    (quote,) = extractor.extract("The mill is old. Its owner said on Monday: “The roof leaks.”").quotes
    assert quote.mention is not None
    assert quote.mention.text == "Its owner"
