"""Errors carry their fields, say what to do, and survive pickling (worker processes send them home that way)."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

import quotex
from quotex import FormatError, LanguageError, ModelDownloadError, ModelNotFoundError, ModelPackageError, QuotexError

EXAMPLES: list[tuple[QuotexError, type[Exception], dict[str, object]]] = [
    (LanguageError("xx", ("de", "en")), ValueError, {"language": "xx", "available": ("de", "en")}),
    (
        ModelPackageError("huge", ("compact", "default")),
        ValueError,
        {"package": "huge", "available": ("compact", "default")},
    ),
    (
        ModelNotFoundError("default", Path("models"), "get it"),
        FileNotFoundError,
        {"package": "default", "directory": Path("models"), "command": "get it"},
    ),
    (
        ModelDownloadError("default", Path("models"), "no route"),
        OSError,
        {"package": "default", "directory": Path("models"), "reason": "no route"},
    ),
    (FormatError("two tabs", "verbs.txt", 3), ValueError, {"reason": "two tabs", "source": "verbs.txt", "line": 3}),
    (FormatError("not JSON", "Extraction JSON"), ValueError, {"source": "Extraction JSON", "line": None}),
]


@pytest.mark.parametrize(("error", "builtin", "fields"), EXAMPLES)
def test_fields_and_bases(error: QuotexError, builtin: type[Exception], fields: dict[str, object]) -> None:
    assert isinstance(error, QuotexError)
    assert isinstance(error, builtin)
    assert {name: getattr(error, name) for name in fields} == fields


@pytest.mark.parametrize(("error", "builtin", "fields"), EXAMPLES)
def test_pickling_keeps_type_fields_and_message(
    error: QuotexError, builtin: type[Exception], fields: dict[str, object]
) -> None:
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert isinstance(again, builtin)
    assert {name: getattr(again, name) for name in fields} == fields
    assert str(again) == str(error)


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (LanguageError("xx", ("de", "en")), "unknown language 'xx'; available: de, en"),
        (ModelPackageError("huge", ("compact",)), "unknown model package 'huge'; available: compact"),
        (
            ModelNotFoundError("default", Path("models"), "get it"),
            "no model package 'default' in models; get it with: get it",
        ),
        (
            ModelDownloadError("default", Path("models"), "no route"),
            "cannot download 'default' to models: no route",
        ),
        (FormatError("two tabs", "verbs.txt", 3), "verbs.txt, line 3: two tabs"),
        (FormatError("not JSON", "Extraction JSON"), "Extraction JSON: not JSON"),
    ],
)
def test_messages_say_what_and_what_to_do(error: QuotexError, message: str) -> None:
    assert str(error) == message


def test_every_error_has_an_example() -> None:
    public = {thing for name in quotex.__all__ if isinstance(thing := getattr(quotex, name), type)}
    errors = {thing for thing in public if issubclass(thing, QuotexError)}
    assert {type(error) for error, _, _ in EXAMPLES} == errors - {QuotexError}
