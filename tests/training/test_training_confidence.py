"""The confidence in a speaker: a logistic model of right and wrong decisions."""

from __future__ import annotations

import pytest

from quotex._confidence import CONFIDENCE, confidence_features
from quotex._entities import Entity
from quotex._extraction import Extraction
from quotex._marks import find_marks
from quotex._reading import Reading, Sentence, Word
from quotex._scorer import Decision, Features, Observer
from quotex._types import Context, Quote, QuoteKind, Span, Speaker, SpeakerKind
from quotex.evaluation import parse_tagged
from quotex.training import _confidence
from quotex.training._confidence import fit, outcomes

TEXT = "<q1>“Rain,”</q1> <c1>said</c1> <s1>Mira Holt</s1>."


def reading(text: str) -> Reading:
    """One sentence, of which only the places of its words matter here."""
    places = [(start, start + len(word)) for word in ("Rain", "said", "Mira", "Holt") for start in [text.index(word)]]
    words = tuple(
        Word(
            index=number,
            sentence=0,
            text=text[start:end],
            lemma=text[start:end],
            upos="X",
            head=None,
            deprel="root",
            start_char=start,
            end_char=end,
        )
        for number, (start, end) in enumerate(places)
    )
    whole = Span(start_char=0, end_char=len(text), text=text)
    sentence = Sentence(index=0, start=0, end=len(words), start_char=0, end_char=len(text), paragraph=0)
    return Reading(text=text, words=words, sentences=(sentence,), names=(), paragraphs=(whole,))


@pytest.mark.parametrize(("name", "right"), [("Mira Holt", True), ("Jon Pike", False)])
def test_a_decision_is_told_right_or_wrong(name: str, right: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    document = parse_tagged(TEXT, "case")
    features = confidence_features("cue-after", "name", None)

    def answer(read: Reading, _marks: object, *, observe: Observer, least: float) -> Extraction:
        assert least == 0.0  # speakers that are not sure are learned from too
        marked = find_marks(read.text).marked[0]
        entity = Entity(kind=SpeakerKind.PERSON)
        observe(Decision(name=CONFIDENCE, word=0, features=(features,), entities=(entity,)))
        speaker = Speaker(id=0, name=name)
        quote = Quote(
            text="Rain,",
            segments=marked.segments,
            extent=marked.extent,
            kind=QuoteKind.DIRECT,
            speaker=speaker,
            mention=None,
            context=Context(sentence=read.paragraphs[0], paragraph=read.paragraphs[0]),
            method="cue-after",
        )
        return Extraction(text=read.text, quotes=(quote,), speakers=(speaker,))

    monkeypatch.setattr(_confidence, "extract_reading", answer)
    assert outcomes(document, reading(document.text)) == [(features, right)]


def test_the_model_gives_each_method_its_share() -> None:
    def seen(method: str, right: int, wrong: int) -> list[tuple[Features, bool]]:
        features = confidence_features(method, "name", None)
        return [(features, True)] * right + [(features, False)] * wrong

    found = [*seen("colon", 90, 10), *seen("beat", 100, 100)]
    weights = fit(found)

    def score(method: str) -> float:
        return sum(weights[key] * value for key, value in confidence_features(method, "name", None).items())

    assert score("colon") == pytest.approx(2.197, abs=0.15)  # the log odds of nine in ten
    assert score("beat") == pytest.approx(0.0, abs=0.15)


def test_a_rare_method_is_drawn_to_the_others() -> None:
    common = [(confidence_features("colon", "name", None), True)] * 90
    weights = fit([*common, (confidence_features("beat", "none", None), False)])
    assert weights["always"] > 0 > weights["method:beat"]
