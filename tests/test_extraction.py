"""The serialized forms of an extraction, and its views."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import pickle
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotex import (
    Context,
    Extraction,
    FormatError,
    Manner,
    Note,
    Quote,
    QuoteKind,
    Segment,
    Span,
    Speaker,
    SpeakerKind,
)
from quotex._extraction import CSV_COLUMNS

TEXT = (
    "\N{LEFT DOUBLE QUOTATION MARK}It leaks,\N{RIGHT DOUBLE QUOTATION MARK} said Ana Lee, a plumber. "
    "\N{LEFT DOUBLE QUOTATION MARK}It \N{LEFT SINGLE QUOTATION MARK}drips\N{RIGHT SINGLE QUOTATION MARK}, too."
    "\N{RIGHT DOUBLE QUOTATION MARK} Nobody answered \N{LEFT DOUBLE QUOTATION MARK}no.\N{RIGHT DOUBLE QUOTATION MARK}"
)


def span_of(words: str, text: str = TEXT) -> Span:
    start = text.index(words)
    return Span(start_char=start, end_char=start + len(words), text=words)


def example() -> Extraction:
    lee = Speaker(
        id=0,
        name="Ana Lee",
        kind=SpeakerKind.PERSON,
        role="plumber",
        role_span=span_of("plumber"),
        aliases=("Ana Lee",),
        mentions=(span_of("Ana Lee"),),
        pronouns=("she",),
    )
    whole = Context(sentence=span_of(TEXT), paragraph=span_of(TEXT))
    drips = Quote(
        text="drips",
        segments=(span_of("drips"),),
        extent=span_of("\N{LEFT SINGLE QUOTATION MARK}drips\N{RIGHT SINGLE QUOTATION MARK}"),
        kind=QuoteKind.MIXED,
        speaker=lee,
        context=whole,
    )
    second = "It \N{LEFT SINGLE QUOTATION MARK}drips\N{RIGHT SINGLE QUOTATION MARK}, too."
    first_quote = Quote(
        text=f"It leaks, {second}",
        segments=(span_of("It leaks,"), span_of(second)),
        extent=span_of(TEXT[: TEXT.index(" Nobody")]),
        kind=QuoteKind.DIRECT,
        speaker=lee,
        mention=span_of("Ana Lee"),
        source=span_of("Ana Lee, a plumber"),
        cue=span_of("said"),
        content=(span_of("It leaks,"), span_of(second)),
        context=whole,
        nested=(drips,),
        method="cue-verb",
        confidence=0.987654,
    )
    last_quote = Quote(
        text="no.",
        segments=(span_of("no."),),
        extent=span_of("\N{LEFT DOUBLE QUOTATION MARK}no.\N{RIGHT DOUBLE QUOTATION MARK}"),
        kind=QuoteKind.MIXED,
        manner=Manner.WRITING,
        addressee=lee,
        context=whole,
    )
    note = Note(code="scare-quote", span=span_of("too"), message="Only an example.")
    return Extraction(text=TEXT, quotes=(first_quote, last_quote), speakers=(lee,), notes=(note,))


@st.composite
def extractions(draw: st.DrawFn) -> Extraction:
    """Extractions that need not make sense, but whose spans are slices of their text."""
    text = draw(st.text(max_size=60))
    places = st.integers(min_value=0, max_value=len(text))
    pairs = st.tuples(places, places).map(lambda pair: (min(pair), max(pair)))
    spans = pairs.map(lambda pair: Span(start_char=pair[0], end_char=pair[1], text=text[pair[0] : pair[1]]))
    maybe_span = st.none() | spans
    names = st.text(max_size=8)
    ids = draw(st.lists(st.integers(0, 50), unique=True, max_size=3))
    speakers = tuple(
        draw(
            st.builds(
                Speaker,
                id=st.just(number),
                name=names,
                kind=st.sampled_from(SpeakerKind),
                role=st.none() | names,
                role_span=maybe_span,
                aliases=st.lists(names, max_size=2).map(tuple),
                mentions=st.lists(spans, max_size=2).map(tuple),
                pronouns=st.lists(names, max_size=2).map(tuple),
            )
        )
        for number in ids
    )
    maybe_speaker = st.none() | st.sampled_from(speakers) if speakers else st.none()
    contexts = st.builds(Context, sentence=spans, paragraph=spans, before=maybe_span, after=maybe_span)

    def quotes(nested: st.SearchStrategy[tuple[Quote, ...]]) -> st.SearchStrategy[Quote]:
        return st.builds(
            Quote,
            text=st.text(max_size=8),
            segments=st.lists(spans, min_size=1, max_size=3).map(tuple),
            extent=spans,
            kind=st.sampled_from(QuoteKind),
            manner=st.sampled_from(Manner),
            speaker=maybe_speaker,
            mention=maybe_span,
            source=maybe_span,
            cue=maybe_span,
            content=st.lists(spans, max_size=2).map(tuple),
            addressee=maybe_speaker,
            context=contexts,
            nested=nested,
            method=names,
            confidence=st.floats(0, 1),
        )

    inner = st.lists(quotes(st.just(())), max_size=1).map(tuple)
    found = draw(st.lists(quotes(inner), max_size=3))
    notes = draw(st.lists(st.builds(Note, code=names, span=spans, message=names), max_size=2))
    return Extraction(text=text, quotes=tuple(found), speakers=speakers, notes=tuple(notes))


# the sequence


def test_it_is_a_sequence_of_its_quotes() -> None:
    extraction = example()
    assert len(extraction) == 2
    assert extraction[0] is extraction.quotes[0]
    assert extraction[-1:] == extraction.quotes[-1:]
    assert list(extraction) == list(extraction.quotes)
    assert extraction.index(extraction[1]) == 1
    assert not Extraction(text="")


def test_repr_counts_and_does_not_print_the_text() -> None:
    assert repr(example()) == "<Extraction: 2 quotes, 1 speakers, 1 notes>"


@given(extractions())
def test_hash_equality_and_pickle(extraction: Extraction) -> None:
    again = pickle.loads(pickle.dumps(extraction))
    assert again == extraction
    assert hash(again) == hash(extraction)


def test_it_cannot_be_changed() -> None:
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        example().text = ""  # type: ignore[misc]


# JSON


@given(extractions())
def test_json_round_trip_loses_nothing(extraction: Extraction) -> None:
    assert Extraction.from_json(extraction.to_json()) == extraction


@given(extractions())
def test_json_is_json_for_others_too(extraction: Extraction) -> None:
    data = json.loads(extraction.to_json(indent=2))
    assert data["text"] == extraction.text
    assert [quote["speaker"] for quote in data["quotes"]] == [
        quote.speaker and quote.speaker.id for quote in extraction
    ]


@given(extractions())
def test_speakers_are_shared_objects_after_reading(extraction: Extraction) -> None:
    again = Extraction.from_json(extraction.to_json())
    known = {id(speaker) for speaker in again.speakers}
    for quote in (*again, *(inner for outer in again for inner in outer.nested)):
        assert quote.speaker is None or id(quote.speaker) in known
        assert quote.addressee is None or id(quote.addressee) in known
    assert {id(speaker) for speaker in again.by_speaker() if speaker} <= known


def test_enumerations_come_back_as_members() -> None:
    quote = Extraction.from_json(example().to_json())[1]
    assert quote.kind is QuoteKind.MIXED
    assert quote.manner is Manner.WRITING


def test_unknown_fields_are_passed_over() -> None:
    data = json.loads(example().to_json())
    assert Extraction.from_json(json.dumps({"document": "a.txt", **data})) == example()


def changed(**fields: Any) -> str:
    return json.dumps({**json.loads(example().to_json()), **fields})


def with_quote(**fields: Any) -> str:
    quotes = json.loads(example().to_json())["quotes"]
    quotes[0].update(fields)
    return changed(quotes=quotes)


@pytest.mark.parametrize(
    "data",
    [
        "",
        "{",
        "null",
        "[]",
        '"text"',
        "{}",
        changed(schema=0),
        changed(schema="1"),
        changed(text=None),
        changed(text=5),
        changed(quotes=None),
        changed(quotes=5),
        changed(quotes=[5]),
        changed(quotes=[None]),
        changed(quotes=["text"]),
        changed(quotes=[{}]),
        changed(speakers=None),
        changed(speakers=[{"id": "none"}]),
        changed(speakers=[None]),
        changed(speakers=[]),
        changed(notes=5),
        changed(notes=[{"code": "title"}]),
        with_quote(speaker=7),
        with_quote(speaker="Ana Lee"),
        with_quote(speaker={}),
        with_quote(speaker=[]),
        with_quote(kind="oblique"),
        with_quote(extent=None),
        with_quote(segments=[1]),
        with_quote(confidence="high"),
        with_quote(confidence=None),
        with_quote(nested=None),
    ],
)
def test_malformed_json_is_a_format_error(data: str) -> None:
    with pytest.raises(FormatError, match="Extraction JSON"):
        Extraction.from_json(data)


@pytest.mark.parametrize("field", ["text", "speakers", "quotes", "notes"])
def test_a_missing_part_is_named(field: str) -> None:
    data = json.loads(example().to_json())
    del data[field]
    with pytest.raises(FormatError, match=field):
        Extraction.from_json(json.dumps(data))


def test_the_line_of_a_syntax_error_is_given() -> None:
    with pytest.raises(FormatError) as caught:
        Extraction.from_json('{"schema": 1,\n"text" 5}')
    assert caught.value.line == 2
    assert isinstance(caught.value.__cause__, json.JSONDecodeError)


@given(
    st.recursive(
        st.none() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_other_json_never_raises_anything_else(data: Any) -> None:
    part = json.loads(example().to_json())
    for field in ("text", "speakers", "quotes", "notes"):
        with contextlib.suppress(FormatError):
            Extraction.from_json(json.dumps({**part, field: data}))


# dictionaries


@given(extractions())
def test_dictionaries_are_json_ready_and_complete(extraction: Extraction) -> None:
    rows = json.loads(json.dumps(extraction.to_dicts()))
    assert len(rows) == len(extraction)
    for row, quote in zip(rows, extraction, strict=True):
        assert set(row) == {field.name for field in attrs.fields(Quote)}
        assert (row["speaker"] or {}).get("name") == (quote.speaker and quote.speaker.name)
        assert row["extent"] == {
            "start_char": quote.start_char,
            "end_char": quote.end_char,
            "text": quote.extent.text,
        }


def test_dictionaries_hold_plain_values_only() -> None:
    def plain(value: object) -> bool:
        if isinstance(value, dict):
            return all(type(key) is str and plain(item) for key, item in value.items())
        if isinstance(value, list | tuple):
            return all(plain(item) for item in value)
        return type(value) in {str, int, float, bool, type(None)}

    assert plain(example().to_dicts())


# CSV


@given(extractions())
def test_csv_has_a_row_per_quotation(extraction: Extraction) -> None:
    rows = list(csv.DictReader(io.StringIO(extraction.to_csv(), newline="")))
    assert len(rows) == len(extraction)
    for row, quote in zip(rows, extraction, strict=True):
        assert (int(row["start_char"]), int(row["end_char"])) == (quote.start_char, quote.end_char)
        assert row["text"] == quote.text
        assert row["kind"] == quote.kind
        assert row["speaker"] == (quote.speaker.name if quote.speaker else "")


def test_csv_values() -> None:
    table = example().to_csv()
    assert table.startswith(",".join(CSV_COLUMNS) + "\r\n")
    first, last = csv.DictReader(io.StringIO(table, newline=""))
    assert first["speaker"] == "Ana Lee"
    assert first["speaker_kind"] == "person"
    assert first["role"] == "plumber"
    assert TEXT[int(first["mention_start"]) : int(first["mention_end"])] == first["mention"] == "Ana Lee"
    assert TEXT[int(first["cue_start"]) : int(first["cue_end"])] == first["cue"] == "said"
    assert first["confidence"] == "0.988"
    assert last["speaker"] == last["cue"] == last["cue_start"] == ""
    assert last["addressee"] == "Ana Lee"
    assert last["manner"] == "writing"


def test_csv_of_nothing_is_the_header() -> None:
    assert Extraction(text="").to_csv() == ",".join(CSV_COLUMNS) + "\r\n"


# views


@given(extractions())
def test_segments_tile_the_text(extraction: Extraction) -> None:
    segments = extraction.segments()
    assert "".join(segment.span.text for segment in segments) == extraction.text
    done = 0
    for segment in segments:
        assert segment.span.start_char == done
        assert segment.span.text == extraction.text[done : segment.span.end_char]
        assert len(segment.span) > 0
        assert (segment.quote is None) == (segment.kind == "narration")
        done = segment.span.end_char
    assert done == len(extraction.text)


def test_segments_of_an_interrupted_quotation() -> None:
    extraction = example()
    tiled = [(segment.kind, segment.span.text) for segment in extraction.segments()]
    assert tiled[0] == ("narration", "\N{LEFT DOUBLE QUOTATION MARK}")
    assert [text for kind, text in tiled if kind == "quotation"] == [
        "It leaks,",
        "It \N{LEFT SINGLE QUOTATION MARK}drips\N{RIGHT SINGLE QUOTATION MARK}, too.",
        "no.",
    ]
    assert [segment.quote for segment in extraction.segments() if segment.quote] == [
        extraction[0],
        extraction[0],
        extraction[1],
    ]


def test_segments_of_no_text_and_of_plain_text() -> None:
    assert Extraction(text="").segments() == ()
    assert Extraction(text="Rain.").segments() == (Segment(kind="narration", span=span_of("Rain.", "Rain.")),)


def test_by_speaker_groups_in_order_of_first_quotation() -> None:
    extraction = example()
    assert extraction.by_speaker() == {extraction.speakers[0]: (extraction[0],), None: (extraction[1],)}


@given(extractions())
def test_by_speaker_loses_no_quotation(extraction: Extraction) -> None:
    groups = extraction.by_speaker()
    assert sorted(map(id, extraction)) == sorted(id(quote) for quotes in groups.values() for quote in quotes)
