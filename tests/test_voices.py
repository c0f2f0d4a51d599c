"""Voices told by quotation marks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotex._voices import voices


def of(text: str) -> str:
    """The voices of a text, one digit a word; `/` ends a sentence."""
    sentences = [sentence.split() for sentence in text.split("/")]
    words = [word for sentence in sentences for word in sentence]
    numbers = [number for number, sentence in enumerate(sentences) for _ in sentence]
    return "".join(map(str, voices(words, numbers)))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Nobody spoke .", "000"),
        ("“ Come in , ” she said .", "11111000"),
        # only a cue between, in the sentence or up to the next one
        ("“ Come , ” she said , “ or go . ”", "11110001" + "1111"),
        ("“ Come , ” said Ada . / “ Or go . ”", "1111000" + "11111"),
        # somebody does something in between, for two sentences
        ("“ Come . ” / Ada sat down . / The clock struck . / “ Go . ”", "1111" + "0000" + "0000" + "2222"),
        # turns alternate
        ("“ Tea ? ” / “ Milk . ” / “ Sugar ? ” / “ No . ”", "1111" + "2222" + "1111" + "2222"),
        ("“ Tea ? ” said Ada . / “ One . ” / “ Milk . ” / “ Yes ? ”", "1111000" + "1111" + "2222" + "1111"),
        # a new conversation
        ("“ Tea ? ” / “ No . ” / It rained . / It rained on . / “ Tea ? ”", "11112222" + "000" + "0000" + "3333"),
        # the paragraphs of one speech, opened anew and closed once
        ("“ One thing . / “ And another . ”", "1111" + "11111"),
        # other marks
        ('" Yes , " he said .', "1111000"),
        ("`` Yes , '' he said .", "1111000"),
        ("‘ I ’m here , ’ he said , ‘ “ now ” , as they say . ’", "111111000" + "1111111111"),
        # left open
        ("He said : “ Never", "00011"),
    ],
)
def test_voices(text: str, wanted: str) -> None:
    assert of(text) == wanted


@given(st.lists(st.sampled_from(["“", "”", '"', "‘", "’", "yes", "/"]), max_size=40))
def test_every_word_has_a_voice(tokens: list[str]) -> None:
    words = [token for token in tokens if token != "/"]
    numbers, sentence = [], 0
    for token in tokens:
        if token == "/":
            sentence += 1
        else:
            numbers.append(sentence)
    found = voices(words, numbers)
    assert len(found) == len(words)
    assert sorted(set(found) - {0}) == list(range(1, max(found, default=0) + 1))
