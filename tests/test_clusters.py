"""Chains from scored links: what cannot be one is not joined."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotex._clusters import clusters


def chains(text: str, links: Mapping[str, Mapping[str, float]]) -> list[str]:
    """The chains of a text as words; `/` ends a sentence, and a word is called by its form, later ones by `she:2`."""
    sentences = [sentence.split() for sentence in text.split("/")]
    words = [word for sentence in sentences for word in sentence]
    numbers = [number for number, sentence in enumerate(sentences) for _ in sentence]
    places: dict[str, int] = {}
    for place, word in enumerate(words):
        count = words[: place + 1].count(word)
        places[word if count == 1 else f"{word}:{count}"] = place
    found = clusters(
        words,
        numbers,
        {places[word]: [(score, places[other]) for other, score in row.items()] for word, row in links.items()},
    )
    return [" ".join(words[place] for place in chain) for chain in found]


def test_words_join_their_likeliest_antecedents() -> None:
    links = {"she": {"Ann": 3.0, "boat": 1.0}, "it": {"boat": 2.0}, "her": {"she": 4.0}}
    assert chains("Ann sold the boat since she could not row it . / Nobody asked her .", links) == [
        "Ann she her",
        "boat it",
    ]


def test_a_pronoun_goes_by_all_links_into_a_chain() -> None:
    text = "Lee met Kim , a nurse . / Lee and Kim left , then he did ."
    links = {"Lee:2": {"Lee": 5.0}, "Kim:2": {"Kim": 5.0}, "he": {"Lee": 1.5, "Lee:2": 1.5, "Kim:2": 2.0}}
    assert chains(text, links) == ["Lee Lee he", "Kim Kim"]
    # a name or noun by its best
    links["nurse"] = links.pop("he")
    text = "Lee met Kim . / Lee and Kim left , then the nurse did ."
    assert chains(text, links) == ["Lee Lee", "Kim Kim nurse"]


def test_links_less_likely_than_none_can_be_likely_together() -> None:
    text = "Lee ran . / Lee fell . / Nobody saw him or the boy ."
    links = {"Lee:2": {"Lee": 5.0}, "him": {"Lee": -0.5, "Lee:2": -0.5}, "boy": {"Lee": -0.5, "Lee:2": -0.5}}
    assert chains(text, links) == ["Lee Lee him"]
    assert chains(text, {**links, "him": {"Lee": -0.5, "Lee:2": -0.9}}) == ["Lee Lee him"]
    assert chains(text, {**links, "him": {"Lee": -0.8, "Lee:2": -0.8}}) == ["Lee Lee"]
    # an article is no pronoun, even where it is taken for a mention
    assert chains(text, {**links, "the": {"Lee": -0.5, "Lee:2": -0.5}}) == ["Lee Lee him"]


def test_a_man_and_a_woman_are_two() -> None:
    text = "The doctor met the teacher . / He waved and she waved back ."
    # the surer link first, the other word goes to the next likely chain or to none
    assert chains(text, {"He": {"doctor": 3.0}, "she": {"doctor": 2.0, "teacher": 1.0}}) == ["doctor He", "teacher she"]
    assert chains(text, {"He": {"doctor": 3.0}, "she": {"doctor": 4.0}}) == ["doctor she"]


@pytest.mark.parametrize(
    ("first", "second", "one"),
    [
        ("Mrs. Tarn", "he", False),
        ("Aunt Lys", "he", False),
        ("Mr. Tarn", "he", True),
        ("actress", "he", False),
        ("king", "he", True),
        ("Ann Tarn", "Bo Pike", False),
        ("Ann Tarn", "Tarn’s", True),
        ("Mrs. Tarn", "Tarns", True),
        ("Will Pike", "William", True),
        ("Harbour Safety Board", "HSB", True),
        ("Harbour Safety Board", "Tidewater", False),
        ("Mayor", "Ann Tarn", True),
        ("Professor Tarn", "Dr. Pike", False),
        ("president", "Ann Tarn", True),
    ],
)
def test_what_can_be_one(first: str, second: str, one: bool) -> None:
    heads = first.split()[-1], second.split()[-1]
    found = chains(f"Once {first} came . / Then {second} left .", {heads[1]: {heads[0]: 1.0}})
    assert found == ([f"{heads[0]} {heads[1]}"] if one else [])


def test_chains_are_compared_whole() -> None:
    text = "Ann Tarn met Bo Pike . / Whoever asked was told , and whoever heard was told ."
    links = {"Whoever": {"Ann": 3.0}, "whoever": {"Pike": 2.5, "Whoever": 1.0}, "heard": {"Ann": 2.0, "whoever": 1.5}}
    assert chains(text, links) == ["Ann Whoever heard", "Pike whoever"]


def test_a_word_is_no_name_for_beginning_a_sentence() -> None:
    assert chains("“ Rain fell . / The rain stopped . / Ann liked it .", {"it": {"Rain": 2.0}, "Ann": {"it": 1.0}}) == [
        "Rain Ann it"
    ]
    assert chains("Rain fell . / Ann liked it .", {"it": {"Rain": 2.0}, "Ann": {"it": 1.0}}) == ["Rain it"]


def test_i_is_no_name() -> None:
    assert chains("So said Ann . / While I LOVE Bo .", {"I": {"Ann": 1.0}}) == ["Ann I"]


@given(
    st.lists(st.sampled_from(["Ann", "Bo", "he", "she", "it", "Mr.", "boat"]), min_size=2, max_size=12),
    st.data(),
)
def test_chains_part_the_words(words: list[str], data: st.DataObject) -> None:
    links = {
        word: [(data.draw(st.floats(0.1, 9)), data.draw(st.integers(0, word - 1)))] for word in range(1, len(words))
    }
    found = clusters(words, [0] * len(words), links)
    members = [word for chain in found for word in chain]
    assert len(members) == len(set(members))
    assert found == sorted(sorted(chain) for chain in found)
    for chain in found:
        assert len(chain) > 1
        assert not {"he", "she"} <= {words[word] for word in chain}
