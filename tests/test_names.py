from __future__ import annotations

import pytest

from quotex._names import fold, is_acronym, is_part, is_short_body, name_words, same_name


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Zoë Núñez", "zoe nunez"),
        ("ANN", "ann"),
        ("Straße", "strasse"),
        ("Ångström", "angstrom"),
        ("e\N{COMBINING ACUTE ACCENT}", "e"),
        ("İzmir", "izmir"),
        ("", ""),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Ann Lee", ("ann", "lee")),
        ("Mr. Lee", ("lee",)),
        ("Mr Lee", ("lee",)),
        ("the Mayor Ann Lee", ("ann", "lee")),
        ("the Harbour Board", ("harbour", "board")),
        ("Dr. Ann Lee’s", ("ann", "lee")),
        ("Ann Lee's", ("ann", "lee")),
        ("James’", ("james",)),
        ("J. B. Lee", ("j", "b", "lee")),
        ("J.B. Lee", ("j", "b", "lee")),
        ("JB Lee", ("j", "b", "lee")),
        ("AN LEE", ("an", "lee")),
        ("Nour al-Harbani", ("nour", "al", "harbani")),
        ("Anne-Marie O’Dell", ("anne-marie", "o’dell")),
        ("General", ("general",)),
        ("Ludwig van Beethoven", ("ludwig", "van", "beethoven")),
        ("Ann\n Lee", ("ann", "lee")),
        ("“Eel”", ("eel",)),
        ("—", ()),
        ("", ()),
    ],
)
def test_name_words(text: str, words: tuple[str, ...]) -> None:
    assert name_words(text) == words


def words(text: str) -> tuple[str, ...]:
    return name_words(text)


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("Lee", "Ann Lee"),
        ("Ann", "Ann Lee"),
        ("Ann Lee", "Ann Lee"),
        ("Ann Duarte", "Ann Torres Duarte"),
        ("Torres Duarte", "Ann Torres Duarte"),
        ("Torres", "Ann Torres Duarte"),
        ("Ann Torres", "Ann Torres Duarte"),
        ("A. Lee", "Ann Lee"),
        ("A. B. Lee", "Ann Belinda Lee"),
        ("Ann B. Lee", "Ann Belinda Lee"),
        ("Nunez", "Zoë Núñez"),
        ("Sommerville", "Karen Somerville"),
        ("Somervile", "Karen Somerville"),
        ("Somervillo", "Karen Somerville"),
        ("Bennet", "Clara Bennett"),
        ("Mr. Lee", "Ann Lee"),
        ("Okello-Byrne", "Anne-Marie Okello-Byrne"),
        ("Péter Nagy", "Nagy Péter"),
        ("Kim", "Kim Min-ji"),
        ("Kim Min Ji", "Kim Min-ji"),
        ("Min-ji Kim", "Kim Min-ji"),
        ("JK Rowe", "J. K. Rowe"),
        ("J.K. Rowe", "Joan Kay Rowe"),
        ("García", "María García López"),
        ("María García", "María García López"),
        ("Van der Berg", "Anke van der Berg"),
        ("Berg", "Anke van der Berg"),
        ("Harbani", "Maryam al-Harbani"),
        ("Al Harbani", "Maryam al-Harbani"),
        ("Alejandro Muñoz", "Alejandro “Bitcoin” Muñoz"),
    ],
)
def test_part_of_a_name(short: str, full: str) -> None:
    assert is_part(words(short), words(full))


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("Lea", "Ann Lee"),
        ("Lunt", "Karen Lund"),
        ("Bob Lee", "Ann Lee"),
        ("Ann Lee", "Lee"),
        ("A", "Ann Lee"),
        ("Clinton", "Robert C. Scott"),
        ("Lee Ann", "Ann Lee Duarte"),
        ("Michael Moyo", "Michael M. Lind"),
        ("", "Ann Lee"),
        ("Smith", "John Smithson"),
        ("Somerset", "Karen Somerville"),
        ("Bonett", "Clara Bennett"),
        ("Lena", "Ann Lenna"),
        ("Ann Torres Duarte", "Ann Duarte"),
    ],
)
def test_no_part_of_a_name(short: str, full: str) -> None:
    assert not is_part(words(short), words(full))


def test_same_name() -> None:
    assert same_name(words("Karen Sommerville"), words("Karen Somerville"))
    assert same_name(words("Mr. Núñez"), words("Nunez"))
    assert same_name(words("Kofi Ato Mensa"), words("Kofi Ato Mensah"))
    assert not same_name(words("Ann Bea Lee"), words("Ann Bea Lea"))
    assert not same_name(words("Ann Lee"), words("Ann Lea"))
    assert not same_name(words("Lee"), words("Ann Lee"))
    assert not same_name(words("Karen Sommerville"), words("Karin Sommerville"))


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("HSB", "Harbour Safety Board"),
        ("H.S.B.", "Harbour Safety Board"),
        ("UN", "United Nations"),
        ("BE", "Bank of England"),
        ("BoE", "Bank of England"),
        ("NFSA", "The National Food Safety Authority"),
        ("LISc", "Lakes Institute of Science"),
    ],
)
def test_acronym(short: str, full: str) -> None:
    assert is_acronym(short, full)


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("HB", "Harbour Safety Board"),
        ("hsb", "Harbour Safety Board"),
        ("H", "Harbour"),
        ("HS", "harbour safety"),
        ("12", "Harbour Safety Board"),
        ("", "Harbour Safety Board"),
    ],
)
def test_no_acronym(short: str, full: str) -> None:
    assert not is_acronym(short, full)


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("Marlin", "Marlin Towage"),
        ("Marlin Towage", "Marlin Towage Inc."),
        ("Board", "Harbour Safety Board"),
        ("Safety Board", "Harbour Safety Board"),
    ],
)
def test_short_body(short: str, full: str) -> None:
    assert is_short_body(words(short), words(full), {"board"})


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("Towage", "Marlin Towage"),
        ("Board", "Board of Trade"),
        ("Marlin", "Marlin"),
        ("UN", "UN Women"),
        ("", "Marlin"),
    ],
)
def test_no_short_body(short: str, full: str) -> None:
    assert not is_short_body(words(short), words(full), {"board"})
