"""The spaCy component, in blank pipelines; the stub stands for the models in all but one test."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("spacy", reason="spaCy is not installed: pip install quotex[spacy]")

import spacy
from spacy import displacy
from spacy.tokens import Doc, DocBin
from stub_pipeline import Pipeline

import quotex
from quotex import Extraction, Extractor
from quotex.integrations import spacy as integration
from quotex.integrations.spacy import QuotexComponent, set_quotes

TALK = "“It leaks,” Ann said. “Ben said ‘It leaks.’” Nobody moved. 🚢\r\n\r\n“Well,” Ben said."
TEXTS = [TALK, "", "Nothing.", "“It leaks” .", "  “It leaks,” Ben said.\n"]


@pytest.fixture
def stub(monkeypatch: pytest.MonkeyPatch) -> Extractor:
    extractor = Extractor(Pipeline())
    monkeypatch.setattr(QuotexComponent, "_extractor", extractor)
    return extractor


@pytest.fixture
def nlp(stub: Extractor) -> Any:  # noqa: ARG001 (for its effect)
    nlp = spacy.blank("en")
    nlp.add_pipe("quotex")
    return nlp


@pytest.mark.parametrize("text", TEXTS)
def test_quotes_are_those_of_extract(nlp: Any, stub: Extractor, text: str) -> None:
    doc = nlp(text)
    assert doc._.quotes == stub.extract(text)
    assert doc._.quote_dicts == stub.extract(text).to_dicts()


def test_spans(nlp: Any) -> None:
    doc = nlp(TALK)
    found = {key: [(span.label_, span.id_, span.text) for span in spans] for key, spans in doc.spans.items()}
    assert found == {
        "quotes": [
            ("QUOTE", "0", "“It leaks,” Ann said. “Ben said ‘It leaks.’”"),
            ("QUOTE", "0.0", "‘It leaks.’"),
            ("QUOTE", "1", "“Well,”"),
        ],
        "quote_speakers": [("SPEAKER", "0", "Ann"), ("SPEAKER", "0.0", "Ben"), ("SPEAKER", "1", "Ben")],
        "quote_cues": [("CUE", "0", "said"), ("CUE", "0.0", "said"), ("CUE", "1", "said")],
    }


def test_a_pipeline_without_us_has_no_quotes() -> None:
    doc = spacy.blank("en")(TALK)
    assert doc._.quotes is None
    assert doc._.quote_dicts == []


@pytest.mark.parametrize("batch_size", [1, 2, 100])
def test_in_batches(nlp: Any, stub: Extractor, batch_size: int) -> None:
    docs = list(nlp.pipe(TEXTS * 2, batch_size=batch_size))
    assert [doc.text for doc in docs] == TEXTS * 2
    assert [doc._.quotes for doc in docs] == [stub.extract(text) for text in TEXTS] * 2


def test_no_more_is_taken_from_a_stream_than_a_batch(nlp: Any) -> None:
    taken: list[int] = []

    def texts() -> Iterator[str]:
        for number in range(10):
            taken.append(number)
            yield TALK

    next(nlp.pipe(texts(), batch_size=2))
    assert taken == [0, 1]


def test_a_document_is_written_and_read_with_its_quotes(nlp: Any, tmp_path: Path) -> None:
    doc = nlp(TALK)
    doc.to_disk(tmp_path / "doc")
    binary = DocBin(store_user_data=True, docs=[doc])
    copies = [
        Doc(nlp.vocab).from_bytes(doc.to_bytes()),
        Doc(nlp.vocab).from_disk(tmp_path / "doc"),
        *DocBin(store_user_data=True).from_bytes(binary.to_bytes()).get_docs(spacy.blank("en").vocab),
        pickle.loads(pickle.dumps(doc)),
        doc.copy(),
    ]
    for copy in copies:
        assert copy._.quotes == doc._.quotes
        for key, spans in doc.spans.items():
            assert [(span.text, span.label_, span.id_) for span in copy.spans[key]] == [
                (span.text, span.label_, span.id_) for span in spans
            ]


def test_json(nlp: Any) -> None:
    doc = nlp(TALK)
    data = doc.to_json(underscore=["quote_dicts"])
    assert data["spans"]["quote_cues"][0]["label"] == "CUE"
    assert data["_"]["quote_dicts"] == doc._.quotes.to_dicts()


def test_a_pipeline_is_written_and_read(nlp: Any, tmp_path: Path) -> None:
    nlp.to_disk(tmp_path / "nlp")
    again = spacy.load(tmp_path / "nlp")
    assert again.pipe_names == ["quotex"]
    assert again.config["components"]["quotex"] == {"factory": "quotex", "models": "compact", "language": "en"}
    assert again(TALK)._.quotes == nlp(TALK)._.quotes


def test_displacy(nlp: Any) -> None:
    html = displacy.render(nlp(TALK), style="span", options={"spans_key": "quotes"}, jupyter=False)
    assert html.count("QUOTE") >= 3


def test_analysis_knows_what_is_assigned(nlp: Any) -> None:
    assert nlp.analyze_pipes()["summary"]["quotex"]["assigns"] == ["doc._.quotes", "doc.spans"]


def test_wrong_language() -> None:
    with pytest.raises(quotex.LanguageError):
        spacy.blank("en").add_pipe("quotex", config={"language": "xx"})


def test_quotes_of_another_text(nlp: Any) -> None:
    with pytest.raises(ValueError, match="another text"):
        set_quotes(nlp("Other."), Extraction(text="Text."))


def test_an_extension_of_somebody_else_is_not_overwritten() -> None:
    Doc.set_extension("quotes", default=None, force=True)
    try:
        with pytest.raises(ValueError, match="belongs to somebody else"):
            QuotexComponent()
    finally:
        Doc.remove_extension("quotes")
        integration._set_extensions()


def test_models_are_loaded_in_each_process_anew() -> None:
    component = QuotexComponent("other")
    copy = pickle.loads(pickle.dumps(component))
    assert (copy._models, copy._loaded) == ("other", None)


@pytest.mark.model
def test_with_the_pack() -> None:
    text = Path(__file__).parents[2].joinpath("docs", "examples", "harbour.txt").read_bytes().decode()
    nlp = spacy.blank("en")
    nlp.add_pipe("quotex")
    (doc,) = nlp.pipe([text])
    assert doc._.quotes == quotex.extract(text)
    assert len(doc._.quotes) > 5
