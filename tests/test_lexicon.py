from __future__ import annotations

from importlib import resources

import pytest

from quotex._errors import FormatError
from quotex._lexicon import load_lexicon, parse_lexicon

LISTS = [file.name[:-4] for file in (resources.files("quotex") / "data" / "en").iterdir() if file.name.endswith(".txt")]


@pytest.mark.parametrize("name", sorted(LISTS))
def test_every_list_is_in_order_and_says_where_it_is_from(name: str) -> None:
    assert load_lexicon(name)
    content = (resources.files("quotex") / "data" / "en" / f"{name}.txt").read_text(encoding="utf-8")
    header = [line for line in content.split("\n") if line.startswith("#")]
    assert any("ource" in line for line in header)


def test_comments_and_empty_lines() -> None:
    assert parse_lexicon("# Source: here\n\na\nb c\n", "x.txt") == frozenset({"a", "b c"})


@pytest.mark.parametrize(
    ("content", "line", "part"),
    [
        ("a\na\n", 2, "repeated"),
        ("# head\nb\na\n", 3, "sort"),
        ("a\nb \n", 2, "blanks"),
        ("cafe\u0301\n", 1, "normal form C"),
        ("a\r\nb\r\n", 1, "blanks"),
    ],
)
def test_refused(content: str, line: int, part: str) -> None:
    with pytest.raises(FormatError, match=part) as caught:
        parse_lexicon(content, "en/x.txt")
    assert (caught.value.source, caught.value.line) == ("en/x.txt", line)


def test_missing_list() -> None:
    with pytest.raises(FileNotFoundError):
        load_lexicon("no-such-list")


def test_read_once() -> None:
    assert load_lexicon("elisions") is load_lexicon("elisions")
