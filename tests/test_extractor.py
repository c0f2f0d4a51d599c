from __future__ import annotations

from collections.abc import Iterator

import pytest
from stanza.models.common.doc import Document
from stub_pipeline import Pipeline, Tokenizer, annotate

import quotex
from quotex._errors import LanguageError
from quotex._extraction import Extraction
from quotex._extractor import BATCH_CHARACTERS, Extractor

LEAKS = "“It leaks,” Ann said."


@pytest.fixture
def pipeline() -> Pipeline:
    return Pipeline()


@pytest.fixture
def extractor(pipeline: Pipeline) -> Extractor:
    return Extractor(pipeline)


def speakers(extraction: Extraction) -> list[str | None]:
    return [None if quote.speaker is None else quote.speaker.name for quote in extraction]


def test_a_text(extractor: Extractor) -> None:
    (quote,) = extractor.extract(LEAKS)
    assert quote.text == "It leaks,"
    assert quote.extent.text == "“It leaks,”"
    assert quote.speaker is not None
    assert quote.speaker.name == "Ann"
    assert quote.cue is not None
    assert quote.cue.text == "said"
    assert quote.context.sentence.text == LEAKS
    assert 0 < quote.confidence <= 1


@pytest.mark.parametrize("blank", ["", " ", "\n", "\r\n\t\N{NO-BREAK SPACE}\N{ZERO WIDTH SPACE}"])
def test_blank_text(extractor: Extractor, pipeline: Pipeline, blank: str) -> None:
    assert extractor.extract(blank) == Extraction(text=blank)
    assert pipeline.batches == []


@pytest.mark.parametrize("wrong", [None, b"text", 7, ["text"], object()])
def test_wrong_type(extractor: Extractor, wrong: object) -> None:
    with pytest.raises(TypeError, match=rf"not {type(wrong).__name__}$"):
        extractor.extract(wrong)


def test_wrong_type_among_many_comes_after_the_texts_before_it(extractor: Extractor) -> None:
    results = extractor.extract_many([LEAKS, 7, LEAKS])
    assert len(next(results)) == 1
    with pytest.raises(TypeError, match="not int"):
        next(results)


@pytest.mark.parametrize("wrong", [None, 7, object()])
def test_wrong_models(wrong: object) -> None:
    with pytest.raises(TypeError, match=rf"not {type(wrong).__name__}$"):
        Extractor(wrong)


@pytest.mark.parametrize("language", ["xx", "", "EN", "english"])
def test_wrong_language(pipeline: Pipeline, language: str) -> None:
    with pytest.raises(LanguageError, match="available: en") as caught:
        Extractor(pipeline, language)
    assert (caught.value.language, caught.value.available) == (language, ("en",))
    assert isinstance(caught.value, ValueError)


def test_many_keep_their_order(extractor: Extractor) -> None:
    texts = [LEAKS, "", "Nothing.", "“It leaks,” said Ben.", LEAKS]
    results = list(extractor.extract_many(texts))
    assert [result.text for result in results] == texts
    assert [speakers(result) for result in results] == [["Ann"], [], [], ["Ben"], ["Ann"]]


def test_many_give_what_one_gives(extractor: Extractor) -> None:
    texts = [LEAKS, "", "“It leaks,” said Ben.\r\n\r\n“It leaks again.”"]
    assert list(extractor.extract_many(texts)) == [extractor.extract(text) for text in texts]


def test_short_texts_go_through_the_models_together(extractor: Extractor, pipeline: Pipeline) -> None:
    texts = [f"{LEAKS} That was {number}." for number in range(9)]
    assert len(list(extractor.extract_many(texts))) == 9
    assert pipeline.batches == [texts]


def test_a_long_text_goes_through_the_models_in_parts(extractor: Extractor, pipeline: Pipeline) -> None:
    text = f"{LEAKS} " * 1000
    assert len(extractor.extract(text)) == 1000
    assert pipeline.batches == [[text]] * 2


def test_many_are_read_no_sooner_than_needed(extractor: Extractor) -> None:
    taken: list[int] = []

    def texts() -> Iterator[str]:
        for number in range(6):
            taken.append(number)
            yield "x" * (BATCH_CHARACTERS // 2)

    results = extractor.extract_many(texts())
    assert taken == []
    next(results)
    assert taken == [0, 1]


def test_a_text_without_a_pair_of_marks_is_not_read(extractor: Extractor, pipeline: Pipeline) -> None:
    extraction = extractor.extract("Ann said that it leaks. “It")
    assert (extraction.quotes, extraction.speakers) == ((), ())
    assert [note.code for note in extraction.notes] == ["unclosed-quote"]
    assert pipeline.batches == []


def test_no_texts(extractor: Extractor) -> None:
    assert list(extractor.extract_many([])) == []


def test_an_annotated_document(extractor: Extractor, pipeline: Pipeline) -> None:
    document = annotate(Tokenizer().process(LEAKS))
    assert extractor.extract(document) == extractor.extract(LEAKS)
    assert pipeline.batches == [[LEAKS]]


def test_documents_and_texts_mixed_keep_their_order(extractor: Extractor) -> None:
    document = annotate(Tokenizer().process("“It leaks,” Ben said."))
    results = list(extractor.extract_many([LEAKS, document, "", document]))
    assert [speakers(result) for result in results] == [["Ann"], ["Ben"], [], ["Ben"]]


def test_a_document_without_its_text(extractor: Extractor) -> None:
    with pytest.raises(TypeError, match="not Document"):
        extractor.extract(Document([[{"id": (1,), "text": "It"}]]))


def test_the_function_keeps_a_pipeline_loaded(pipeline: Pipeline) -> None:
    assert speakers(quotex.extract(LEAKS, models=pipeline)) == ["Ann"]
    assert speakers(quotex.extract(LEAKS, models=pipeline)) == ["Ann"]
    assert len(pipeline.batches) == 2


def test_the_function_refuses_what_the_class_refuses(pipeline: Pipeline) -> None:
    with pytest.raises(LanguageError):
        quotex.extract(LEAKS, models=pipeline, language="xx")
    with pytest.raises(TypeError, match="not int"):
        quotex.extract(7, models=pipeline)


def test_two_pipelines_are_not_confused() -> None:
    """The cache of `extract` must not take a new pipeline for one that is gone and had the same address."""
    for _ in range(50):
        pipeline = Pipeline()
        quotex.extract(LEAKS, models=pipeline)
        assert len(pipeline.batches) == 1
