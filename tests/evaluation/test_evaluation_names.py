"""When names and phrases are the same."""

from __future__ import annotations

import pytest

from quotex import Speaker
from quotex.evaluation import GoldSpeaker
from quotex.evaluation._gold import trim
from quotex.evaluation._judge import right_character
from quotex.evaluation._names import compatible_name, contains_words, is_alias, same_name


@pytest.mark.parametrize(
    ("given", "wanted", "strict", "lenient"),
    [
        ("Jens Stoltenberg", "jens stoltenberg", True, True),
        ("Dr. José Ruiz", "Jose Ruiz", True, True),
        ("the Harbour Council", "Harbour Council’s", True, True),
        ("Ruiz", "José Ruiz", False, True),
        ("José", "José Ruiz", False, True),
        ("José Maria Ruiz", "José Ruiz", False, True),
        ("Maria", "José Maria Ruiz", False, False),
        ("José Lopez", "José Ruiz", False, False),
        ("the President", "president", True, True),
        ("Martin King", "Martin Ruiz", False, False),
        ("the president of the club", "the head of the club", False, False),
        ("Prime Minister Ana Ruiz", "Ana Ruiz", False, True),
        ("the", "a", False, False),
        ("“”", "Ruiz", False, False),
    ],
)
def test_names_in_news(given: str, wanted: str, strict: bool, lenient: bool) -> None:
    assert same_name(given, wanted) == same_name(wanted, given) == strict
    assert compatible_name(given, wanted) == compatible_name(wanted, given) == lenient


def test_names_in_novels_keep_their_titles() -> None:
    husband = GoldSpeaker(name="Mr. Tarn", aliases=("Tarn", "the Colonel"))
    assert is_alias(["Mr Tarn"], husband)
    assert is_alias(["Colonel"], husband)
    assert not is_alias(["Mrs Tarn"], husband)
    assert not is_alias(["Mr. Edward Tarn"], husband)


def test_right_character_with_the_list_given() -> None:
    husband = GoldSpeaker(name="Mr. Tarn", aliases=("Edward Tarn",))
    wife = GoldSpeaker(name="Mrs. Tarn", aliases=("Nell",))
    characters = (husband, wife)

    def right(name: str, *aliases: str) -> bool:
        return right_character(Speaker(id=0, name=name, aliases=(name, *aliases)), wife, characters)

    assert right("Mrs. Tarn")
    assert right("the lady of the house", "Nell")
    assert right("Nell Harper")  # compatible with Nell, and with nobody else
    assert not right("Edward Tarn")
    assert not right("Tarn")  # fits both
    assert not right_character(None, wife, characters)


@pytest.mark.parametrize(
    ("given", "wanted", "right"),
    [
        ("mayor", "the mayor of Tarn", True),
        ("Mayor of Tarn", "mayor of Tarn", True),
        ("mayor of Tarn", "former mayor", False),
        ("the", "mayor", False),
    ],
)
def test_roles(given: str, wanted: str, right: bool) -> None:
    assert contains_words(given, wanted) == right


@pytest.mark.parametrize(
    ("text", "trimmed"),
    [("“It leaks,”", "It leaks"), (" — so … ", "so"), ("“…!”", "…!"), ("“”", "“”"), ("'$5'", "$5"), ("_now_", "now")],
)
def test_trimming(text: str, trimmed: str) -> None:
    found = trim(text, 0, len(text))
    assert found.text == trimmed == text[found.start_char : found.end_char]
