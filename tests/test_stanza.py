"""The adapter, on documents and pipelines made by hand."""

from __future__ import annotations

from typing import Any

import pytest
from stanza.models.common.doc import Document
from stub_pipeline import Pipeline

import quotex._stanza as adapter
from quotex._marks import find_marks
from quotex._reading import Name, Reading

# documents -----------------------------------------------------------------------------------------------------------


def token(number: int, text: str, start: int, head: int, deprel: str, **fields: object) -> dict[str, object]:
    entry: dict[str, object] = {"id": (number,), "text": text, "start_char": start, "end_char": start + len(text)}
    return {**entry, "head": head, "deprel": deprel, "upos": "X", "lemma": text, **fields}


def reading_of(text: str, *sentences: list[dict[str, object]]) -> Reading:
    return adapter.to_reading(Document(list(sentences), text=text), find_marks(text).paragraphs)


def test_words_are_numbered_through_the_text() -> None:
    text = "Ann left.\n\nBen slept."
    reading = reading_of(
        text,
        [token(1, "Ann", 0, 2, "nsubj"), token(2, "left", 4, 0, "root"), token(3, ".", 8, 2, "punct")],
        [token(1, "Ben", 11, 2, "nsubj"), token(2, "slept", 15, 0, "root"), token(3, ".", 20, 2, "punct")],
    )
    assert [word.index for word in reading.words] == [0, 1, 2, 3, 4, 5]
    assert [word.head for word in reading.words] == [1, None, 1, 4, None, 4]
    assert [word.sentence for word in reading.words] == [0, 0, 0, 1, 1, 1]
    assert " ".join(text[word.start_char : word.end_char] for word in reading.words) == "Ann left . Ben slept ."
    assert [(each.start, each.end, each.start_char, each.end_char, each.paragraph) for each in reading.sentences] == [
        (0, 3, 0, 9, 0),
        (3, 6, 11, 21, 1),
    ]
    assert [span.text for span in reading.paragraphs] == ["Ann left.", "Ben slept."]


def test_features_and_lemmas() -> None:
    reading = reading_of(
        "Lee Left",
        [
            token(1, "Lee", 0, 2, "nsubj", upos="PROPN", lemma="Lee", feats="Number=Sing"),
            token(2, "Left", 4, 0, "root", upos="VERB", lemma="Leave", feats="Tense=Past|VerbForm=Fin"),
        ],
    )
    assert [word.lemma for word in reading.words] == ["Lee", "leave"]
    assert reading.words[1].feats == {"Tense=Past", "VerbForm=Fin"}


def test_what_the_models_did_not_say() -> None:
    """A document that is only tokenized has no lemma, tag, head or relation."""
    reading = reading_of("It Leaks", [{"id": (1,), "text": "It", "start_char": 0, "end_char": 2}])
    word = reading.words[0]
    assert (word.lemma, word.upos, word.head, word.deprel, word.feats) == ("it", "X", None, "dep", frozenset())


def multiword(*, located: bool) -> Reading:
    text = "I don’t."
    parts = [{"id": (2,), "text": "do", "lemma": "do"}, {"id": (3,), "text": "n’t", "lemma": "not"}]
    offsets = [(2, 4), (4, 7)]
    words = [
        {**part, "head": head, "deprel": deprel, **({"start_char": a, "end_char": b} if located else {})}
        for part, head, deprel, (a, b) in zip(parts, (0, 2), ("root", "advmod"), offsets, strict=True)
    ]
    return reading_of(
        text,
        [
            token(1, "I", 0, 2, "nsubj"),
            {"id": (2, 3), "text": "don’t", "start_char": 2, "end_char": 7},
            *words,
            token(4, ".", 7, 2, "punct"),
        ],
    )


def test_parts_of_a_token_with_offsets() -> None:
    assert [(word.text, word.start_char, word.end_char) for word in multiword(located=True).words] == [
        ("I", 0, 1),
        ("do", 2, 4),
        ("n’t", 4, 7),
        (".", 7, 8),
    ]


def test_parts_of_a_token_without_offsets_have_those_of_the_token() -> None:
    reading = multiword(located=False)
    assert [(word.text, word.start_char, word.end_char) for word in reading.words] == [
        ("I", 0, 1),
        ("do", 2, 7),
        ("n’t", 2, 7),
        (".", 7, 8),
    ]
    assert [word.head for word in reading.words] == [1, None, 1, 1]
    assert reading.word_span(1, 3).text == "don’t"
    assert (reading.sentences[0].start_char, reading.sentences[0].end_char) == (0, 8)


def named(text: str, *labels: str) -> tuple[Name, ...]:
    """The names of a text of words with one blank between, each with its NER label."""
    entries: list[dict[str, object]] = []
    done = 0
    for number, (word, label) in enumerate(zip(text.split(), labels, strict=True), 1):
        start = text.index(word, done)
        done = start + len(word)
        entries.append(token(number, word, start, number - 1, "root" if number == 1 else "flat", ner=label))
    return reading_of(text, entries).names


def test_names_and_their_labels() -> None:
    assert named("Ann Lee in Oslo", "B-PERSON", "E-PERSON", "O", "S-GPE") == (
        Name(start=0, end=2, label="PER"),
        Name(start=3, end=4, label="LOC"),
    )


@pytest.mark.parametrize(
    ("label", "ours"),
    [
        ("PER", "PER"),
        ("Person", "PER"),
        ("Organization", "ORG"),
        ("LOCATION", "LOC"),
        ("NORP", "NORP"),
        ("Misc", "MISC"),
    ],
)
def test_labels_of_other_packages(label: str, ours: str) -> None:
    assert named("Ann", f"S-{label}") == (Name(start=0, end=1, label=ours),)


def test_a_name_ends_before_its_possessive() -> None:
    """Names are found on tokens, and `Lee’s` is one token."""
    text = "Ann Lee’s boat"
    reading = reading_of(
        text,
        [
            token(1, "Ann", 0, 4, "nmod:poss", ner="B-PER"),
            {"id": (2, 3), "text": "Lee’s", "start_char": 4, "end_char": 9, "ner": "E-PER"},
            token(2, "Lee", 4, 1, "flat", upos="PROPN"),
            token(3, "’s", 7, 1, "case", upos="PART"),
            token(4, "boat", 10, 0, "root", ner="O"),
        ],
    )
    assert reading.names == (Name(start=0, end=2, label="PER"),)


def hyphened(*labels: str) -> tuple[Name, ...]:
    text = "Anne-Marie Lee"
    places = [("Anne", 0), ("-", 4), ("Marie", 5), ("Lee", 11)]
    entries = [
        token(number, word, start, number - 1, "root" if number == 1 else "flat", ner=label)
        for number, ((word, start), label) in enumerate(zip(places, labels, strict=True), 1)
    ]
    return reading_of(text, entries).names


@pytest.mark.parametrize(
    "labels",
    [
        ("B-PER", "I-PER", "I-PER", "E-PER"),
        ("O", "O", "B-PER", "E-PER"),
        ("O", "B-PER", "I-PER", "E-PER"),
    ],
)
def test_a_name_reaches_over_its_hyphens(labels: tuple[str, ...]) -> None:
    assert hyphened(*labels) == (Name(start=0, end=4, label="PER"),)


def test_a_name_that_stops_at_a_hyphen_goes_on_behind_it() -> None:
    assert hyphened("S-PER", "O", "O", "O") == (Name(start=0, end=3, label="PER"),)


def test_two_names_that_a_hyphen_joins_are_one() -> None:
    assert hyphened("S-PER", "O", "B-PER", "E-PER")[0].start == 0
    assert len(hyphened("S-PER", "O", "S-PER", "O")) == 1


def test_an_empty_document() -> None:
    reading = reading_of("  ")
    assert (reading.words, reading.sentences, reading.names, reading.paragraphs) == ((), (), (), ())


# reading texts -------------------------------------------------------------------------------------------------------


def read(pipeline: Any, *texts: str) -> tuple[Reading, ...]:
    return adapter.read_texts(pipeline, texts, [find_marks(text) for text in texts])


def test_texts_are_read_in_one_batch_without_the_tokenizer_and_without_the_blank() -> None:
    pipeline = Pipeline()
    readings = read(pipeline, "Ann left.", " \r\n", "Ben slept.")
    assert [reading.text for reading in readings] == ["Ann left.", " \r\n", "Ben slept."]
    assert [len(reading.words) for reading in readings] == [3, 0, 3]
    assert pipeline.batches == [["Ann left.", "Ben slept."]]


def test_nothing_to_read() -> None:
    pipeline = Pipeline()
    assert read(pipeline) == ()
    assert len(read(pipeline, "")) == 1
    assert pipeline.batches == []


def test_offsets_point_into_the_source() -> None:
    text = "\ufeff“It\u00a0leaks 🙂,”\r\n  Ann\u200b\tsaid.\r\n\r\nBen le\u00adft."
    pipeline = Pipeline()
    (reading,) = read(pipeline, text)
    assert "\r" not in pipeline.tokenizer.texts[0]
    words = [(word.text, text[word.start_char : word.end_char]) for word in reading.words]
    assert ("left", "le\u00adft") in words
    assert [pair for pair in words if pair[0] != pair[1]] == [("left", "le\u00adft")]
    for sentence in reading.sentences:
        assert sentence.start_char < sentence.end_char <= len(text)
    assert [sentence.paragraph for sentence in reading.sentences] == sorted(
        sentence.paragraph for sentence in reading.sentences
    )


def test_a_question_and_its_cue_are_read_as_one_sentence() -> None:
    (reading,) = read(Pipeline(), "“Where?” Ann said. Ben left.")
    assert [reading.span(each.start_char, each.end_char).text for each in reading.sentences] == [
        "“Where?” Ann said.",
        "Ben left.",
    ]
