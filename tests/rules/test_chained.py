"""What a coreference chain tells of a description, on the parses of the example files."""

from __future__ import annotations

import attrs
import pytest
from rule_parses import read_parses, to_reading

from quotex._assembly import extract_reading
from quotex._marks import find_marks

TEXT = "Ada Quist met Ruth Lind. “It leaks,” her mother said."
QUIST, LIND, MOTHER = (0, 2), (3, 5), (11, 13)


def test_a_chain_alone_does_not_tell_whose_mother_somebody_is() -> None:
    reading = to_reading(TEXT, read_parses()["speakers/A mother behind her daughter"])
    assert [word.text for word in reading.words[slice(*MOTHER)]] == ["her", "mother"]
    for chains in (((LIND, MOTHER),), ((QUIST, MOTHER),), ()):
        (quote,) = extract_reading(attrs.evolve(reading, chains=chains), find_marks(TEXT))
        assert quote.speaker is not None
        assert (quote.speaker.name, quote.speaker.role) == ("her mother", "mother")


def test_pronouns_of_a_chain_outweigh_a_first_name() -> None:
    text = "Ada Lind rose. He sat down. “It leaks,” he said."
    reading = to_reading(text, read_parses()["speakers/A woman's first name and he"])
    lind, first, second = (0, 2), (4, 5), (13, 14)
    assert [reading.words[place].text for place, _ in (first, second)] == ["He", "he"]
    (quote,) = extract_reading(attrs.evolve(reading, chains=((lind, first, second),)), find_marks(text))
    assert quote.speaker is not None
    assert quote.speaker.name == "Ada Lind"


@pytest.mark.parametrize(
    ("name", "text", "described"),
    [
        ("An office with a capital", "Brigadier Abel Moyo slept. “It leaks,” the Vicar said.", "the Vicar"),
        (
            "A minister behind whom a speaker names",
            "“Abel Moyo did it,” said Ruth Lind. “It leaks,” the minister said.",
            "the minister",
        ),
    ],
)
def test_a_chain_does_not_give_an_office_to_who_has_another_or_is_named_by_a_speaker(
    name: str, text: str, described: str
) -> None:
    reading = to_reading(text, read_parses()[f"speakers/{name}"])
    moyo = next(word.index for word in reading.words if word.text == "Abel")
    office = next(word.index for word in reading.words if word.text == described.split()[-1])
    chain = ((moyo, moyo + 2), (office - 1, office + 1))
    *_, quote = extract_reading(attrs.evolve(reading, chains=(chain,)), find_marks(text))
    assert quote.speaker is not None
    assert quote.speaker.name == described
