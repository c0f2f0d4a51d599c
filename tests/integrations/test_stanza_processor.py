"""The Stanza processor: its logic on documents of a stub, its place in a real pipeline on the pack."""

from __future__ import annotations

import importlib
from types import SimpleNamespace
from typing import Any

import attrs
import pytest
import stanza
from stanza.models.common.doc import Document
from stanza.models.coref.coref_chain import CorefChain, CorefMention
from stub_pipeline import Pipeline, Tokenizer, annotate

import quotex
import quotex.integrations.stanza as integration
from quotex import Extraction, Extractor
from quotex.integrations.stanza import QuoteProcessor, pack_options, tokenize, write_speakers

LEAKS = "“It leaks,” Ann said."
TALK = "“I know that it leaks and leaks,” Ann said. “It leaks. It always has.” Nobody moved. “Well,” Ben said."
TEXTS = (
    "Mayor Rosa Lind opened the meeting. “We have waited long enough,” she said. “Where is the money?” asked Tom Reed, "
    "the treasurer.\n\n“In the bank!” Lind shouted. “Where else?”",
    "",
    "Nobody spoke, and nothing was decided.",
    "According to the harbour master, Ola Berg, the quay is “a danger to everybody who walks on it”.\r\n\r\n“I don’t "
    "walk there,” Berg said, “and neither should you.”",
    "“The roof came off,” said a neighbour, Ida Moss. “I heard it go. It was like thunder.”",
)


class Chains:
    """Stands for Stanza's coreference: every `Ann` is one chain; it keeps the speakers it was shown."""

    def __init__(self) -> None:
        self.shown: list[list[str | None]] = []

    def process(self, document: Document) -> Document:
        self.shown.append([sentence.speaker for sentence in document.sentences])
        mentions = [
            CorefMention(number, word.id - 1, word.id)
            for number, sentence in enumerate(document.sentences)
            for word in sentence.words
            if word.text == "Ann"
        ]
        document.coref = [CorefChain(0, mentions, "Ann", 0)] if mentions else []
        return document


def read(text: str) -> Document:
    return annotate(Tokenizer().process(text)) if text else Document([], text=text)


def processor(chains: Chains | None = None, **options: object) -> QuoteProcessor:
    pipeline = SimpleNamespace(processors={} if chains is None else {"coref": chains}, loaded_processors=[])
    return QuoteProcessor({"lang": "en", "check_requirements": False, **options}, pipeline, "cpu")


# the processor


def test_quotes_are_those_of_extract() -> None:
    document = read(TALK)
    assert processor().process(document) is document
    assert document.quotes == quotex.extract(read(TALK))
    assert [quote.text for quote in document.quotes] == [
        "I know that it leaks and leaks, It leaks. It always has.",
        "Well,",
    ]


def test_a_document_has_no_quotes_before() -> None:
    assert read(LEAKS).quotes is None
    importlib.reload(integration)
    assert read(LEAKS).quotes is None


def test_documents_do_not_share_quotes() -> None:
    first, second = processor().bulk_process([read(LEAKS), read("Nothing.")])
    assert (len(first.quotes), len(second.quotes)) == (1, 0)


def test_empty_document() -> None:
    assert processor().process(read("")).quotes == Extraction(text="")


def test_speakers_are_written_on_request() -> None:
    document = processor(write_speakers=True).process(read(TALK))
    assert [(sentence.text, sentence.speaker) for sentence in document.sentences] == [
        ("“I know that it leaks and leaks,” Ann said.", "Ann"),
        ("“It leaks.", "Ann"),
        ("It always has.", "Ann"),
        ("” Nobody moved.", None),
        ("“Well,” Ben said.", None),
    ]
    assert {sentence.speaker for sentence in processor().process(read(TALK)).sentences} == {None}


def test_other_speakers_are_left_alone() -> None:
    document = read(TALK)
    document.sentences[3].speaker = "narrator"
    write_speakers(document, quotex.extract(document))
    assert document.sentences[3].speaker == "narrator"


def test_coreference_again_sees_the_speakers() -> None:
    chains = Chains()
    document = processor(chains, write_speakers="True", coref_again=True).process(read(TALK))
    assert chains.shown == [["Ann", "Ann", "Ann", None, None]]
    assert document.quotes == quotex.extract(document)


@pytest.mark.parametrize("options", [{"coref_again": True}, {"coref_again": True, "write_speakers": True}])
def test_coreference_again_needs_what_it_needs(options: dict[str, bool]) -> None:
    with pytest.raises(ValueError, match="needs quote_write_speakers=True and the processor coref"):
        processor(None, **options)


def test_in_bulk_coreference_is_run_document_by_document() -> None:
    chains = Chains()
    documents = processor(chains).bulk_process([read(LEAKS), read(""), read("“It leaks,” Ben said.")])
    assert chains.shown == [[None], [None]]
    assert [len(document.coref) for document in documents] == [1, 0, 0]


def test_other_languages() -> None:
    with pytest.raises(quotex.LanguageError):
        QuoteProcessor({"lang": "xx"}, SimpleNamespace(processors={}, loaded_processors=[]), "cpu")


# extract on documents


@pytest.fixture
def no_models(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a model was loaded")

    monkeypatch.setattr("quotex._packages.load_pipeline", refuse)
    monkeypatch.setattr("quotex._extractor._loaded", {})


@pytest.mark.usefixtures("no_models")
def test_nothing_is_loaded_for_a_parsed_document() -> None:
    assert quotex.extract(read(LEAKS)) == Extractor(Pipeline()).extract(LEAKS)
    with pytest.raises(quotex.LanguageError):
        quotex.extract(read(LEAKS), language="xx")


def test_what_is_missing_is_run_in_place() -> None:
    pipeline = Pipeline()
    document = Tokenizer().process(LEAKS)
    assert quotex.extract(document, models=pipeline) == quotex.extract(LEAKS, models=pipeline)
    assert document.sentences[0].words[0].upos == "PUNCT"
    assert [entity.text for entity in document.ents] == ["Ann"]
    assert pipeline.tokenizer.texts == [LEAKS]


def test_what_is_there_is_not_run_again() -> None:
    pipeline = Pipeline()
    document = read(LEAKS)
    for word in document.sentences[0].words:
        word.lemma = None
    pipeline.processors["lemma"] = pipeline.processors.pop("depparse")
    pipeline.processors["ner"] = None
    assert len(quotex.extract(document, models=pipeline)) == 1
    assert pipeline.batches == [[LEAKS]]


def test_an_untokenized_document_is_read_like_its_text() -> None:
    pipeline = Pipeline()
    assert quotex.extract(Document([], text=LEAKS), models=pipeline) == quotex.extract(LEAKS, models=pipeline)


def test_a_document_without_offsets() -> None:
    document = Document([[{"id": (1,), "text": "“"}, {"id": (2,), "text": "”"}]], text="“”")
    with pytest.raises(TypeError, match="character offsets"):
        quotex.extract(document, models=Pipeline())


# a real pipeline

PROCESSORS = "tokenize,mwt,pos,lemma,depparse,ner,quote"


@pytest.fixture(scope="module")
def nlp() -> Any:
    return stanza.Pipeline(
        "en", processors=PROCESSORS, quote_write_speakers=True, logging_level="ERROR", **pack_options()
    )


@pytest.mark.model
@pytest.mark.parametrize("text", TEXTS)
def test_one_document_in_three_ways(nlp: Any, text: str) -> None:
    document = nlp(text)
    (bulk,) = nlp.bulk_process([text])
    (streamed,) = nlp.stream([text])
    assert document.quotes == quotex.extract(document) == bulk.quotes == streamed.quotes
    assert document.quotes.text == text


@pytest.mark.model
def test_many_documents_are_not_mixed_up(nlp: Any) -> None:
    wanted = [nlp(text).quotes for text in TEXTS]
    assert [len(quotes) for quotes in wanted] == [4, 0, 0, 2, 1]
    assert [document.quotes for document in nlp.bulk_process(list(TEXTS))] == wanted
    assert [document.quotes for document in nlp.stream(list(TEXTS), batch_size=2)] == wanted


@pytest.mark.model
def test_with_our_sentences_a_pipeline_equals_extract(nlp: Any) -> None:
    rest = PROCESSORS.removeprefix("tokenize,")
    # but for the note that this pipeline has no coreference
    wanted = [attrs.evolve(found, notes=()) for found in (quotex.extract(text, models=nlp) for text in TEXTS)]
    found = (nlp.process(tokenize(nlp, text), processors=rest).quotes for text in TEXTS)
    assert [attrs.evolve(extraction, notes=()) for extraction in found] == wanted
    bulk = nlp.bulk_process([tokenize(nlp, text) for text in TEXTS], processors=rest)
    assert [document.quotes for document in bulk] == wanted


@pytest.mark.model
def test_with_coreference_a_pipeline_equals_extract() -> None:
    processors = f"{PROCESSORS.removesuffix('quote')}coref,quote"
    nlp = stanza.Pipeline("en", processors=processors, logging_level="ERROR", **pack_options())
    rest = processors.removeprefix("tokenize,")
    texts = [text for text in TEXTS if text]  # Stanza's coreference fails on a text without words
    found = [nlp.process(tokenize(nlp, text), processors=rest).quotes for text in texts]
    assert found == [quotex.extract(text) for text in texts]


@pytest.mark.model
def test_the_requirements_are_checked() -> None:
    with pytest.raises(stanza.pipeline.core.PipelineRequirementsException):
        stanza.Pipeline("en", processors="tokenize,mwt,quote", logging_level="ERROR", **pack_options())
