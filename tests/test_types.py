"""The result types: frozen, keyword-only, hashable, picklable, documented field by field."""

from __future__ import annotations

import pickle
from typing import Any

import attrs
import pytest

from quotex import (
    Context,
    Extraction,
    Manner,
    Note,
    Quote,
    QuoteKind,
    Segment,
    Span,
    Speaker,
    SpeakerKind,
)

TYPES: list[type[Any]] = [Context, Extraction, Note, Quote, Segment, Span, Speaker]

SPAN = Span(start_char=1, end_char=4, text="yes")
CONTEXT = Context(sentence=SPAN, paragraph=SPAN)
SPEAKER = Speaker(id=0, name="Ana Lee", role="plumber", role_span=SPAN, mentions=(SPAN,))
QUOTE = Quote(text="yes", segments=(SPAN,), extent=SPAN, kind=QuoteKind.DIRECT, speaker=SPEAKER, context=CONTEXT)

VALUES: list[Any] = [
    SPAN,
    CONTEXT,
    SPEAKER,
    QUOTE,
    Note(code="title", span=SPAN, message="A title."),
    Segment(kind="quotation", span=SPAN, quote=QUOTE),
    Extraction(text="“yes”", quotes=(QUOTE,), speakers=(SPEAKER,)),
]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_values_hash_compare_and_pickle(value: Any) -> None:
    again = pickle.loads(pickle.dumps(value))
    assert again == value
    assert hash(again) == hash(value)
    assert {value: 1}[again] == 1


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_values_are_frozen_and_keyword_only(value: Any) -> None:
    field = attrs.fields(type(value))[0].name
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        setattr(value, field, getattr(value, field))
    with pytest.raises(TypeError):
        type(value)(*(getattr(value, item.name) for item in attrs.fields(type(value))))


@pytest.mark.parametrize("kind", TYPES)
def test_every_field_is_documented(kind: type[Any]) -> None:
    documentation = kind.__doc__ or ""
    described = documentation.partition("Attributes:")[2]
    names = {name.strip() for line in described.splitlines() for name in line.partition(":")[0].split(",")}
    assert {field.name for field in attrs.fields(kind)} <= names


@pytest.mark.parametrize("kind", TYPES)
def test_no_field_can_hold_a_list(kind: type[Any]) -> None:
    assert not [field.name for field in attrs.fields(kind) if "list" in str(field.type) or "dict" in str(field.type)]


def test_a_span_has_the_length_of_its_text() -> None:
    assert len(SPAN) == len(SPAN.text) == 3


def test_a_quote_shows_its_extent_and_role() -> None:
    assert (QUOTE.start_char, QUOTE.end_char) == (1, 4)
    assert QUOTE.role == "plumber"
    assert attrs.evolve(QUOTE, speaker=None).role is None


def test_defaults_claim_nothing() -> None:
    quote = Quote(text="yes", segments=(SPAN,), extent=SPAN, kind=QuoteKind.DIRECT, context=CONTEXT)
    assert (quote.speaker, quote.mention, quote.source, quote.cue, quote.addressee) == (None,) * 5
    assert quote.manner is Manner.SPEECH
    assert quote.nested == ()
    assert (quote.method, quote.confidence) == ("none", 0.0)
    assert Speaker(id=0, name="x").kind is SpeakerKind.UNKNOWN


@pytest.mark.parametrize("kind", [QuoteKind, Manner, SpeakerKind])
def test_enumerations_are_their_strings(kind: type[QuoteKind | Manner | SpeakerKind]) -> None:
    for member in kind:
        assert member == str(member) == member.value == member.name.lower()
