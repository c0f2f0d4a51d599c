"""Names that a name model cut short, split or labelled wrongly; each parse is a run of words under the last."""

from __future__ import annotations

import attrs
import pytest

from quotex._mending import mended
from quotex._reading import Name, Reading, Sentence, Word
from quotex._types import Span


def reading(text: str) -> Reading:
    """A sentence of words apart by blanks: `word`, `word|LABEL` where a name begins, `word|+LABEL` where it goes on.

    `~word` follows without a blank.

    A word with a capital is a proper noun; each depends on the next of its run of capitalised words.
    """
    forms, labels = zip(*(part.partition("|")[::2] for part in text.split()), strict=True)
    source = " ".join(forms).replace(" ~", "")
    forms = tuple(form.removeprefix("~") for form in forms)
    words: list[Word] = []
    place = 0
    for index, form in enumerate(forms):
        place = source.index(form, place)
        proper = form[0].isupper()
        last = index + 1 == len(forms) or not forms[index + 1][0].isupper()
        words.append(
            Word(
                index=index,
                sentence=0,
                text=form,
                lemma=form,
                upos=_TAGS.get(form, "PROPN" if proper else "NOUN"),
                head=len(forms) - 1 if last else index + 1,
                deprel="compound" if proper and not last else "nsubj",
                start_char=place,
                end_char=place + len(form),
            )
        )
        place += len(form)
    return Reading(
        text=source,
        words=tuple(words),
        sentences=(Sentence(index=0, start=0, end=len(words), start_char=0, end_char=len(source), paragraph=0),),
        names=tuple(_names(labels)),
        paragraphs=(Span(start_char=0, end_char=len(source), text=source),),
    )


_TAGS = {"Short": "ADJ", "the": "DET", "of": "ADP", "in": "ADP", "van": "PROPN", "said": "VERB"}


def _names(labels: tuple[str, ...]) -> list[Name]:
    found: list[Name] = []
    for index, label in enumerate(labels):
        if label.startswith("+"):
            found[-1] = Name(start=found[-1].start, end=index + 1, label=found[-1].label)
        elif label:
            found.append(Name(start=index, end=index + 1, label=label))
    return found


def names(text: str) -> list[str]:
    whole = mended(reading(text))
    return [f"{whole.word_span(name.start, name.end).text} {name.label}" for name in whole.names]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Rodrigo|PER “ Tuna ” Pinto|PER said", ["Rodrigo “ Tuna ” Pinto PER"]),
        ("Rodrigo|PER “|+PER Tuna|+PER ” Pinto said", ["Rodrigo “ Tuna ” Pinto PER"]),
        ("Rodrigo|PER ( Tuna ) Pinto said", ["Rodrigo ( Tuna ) Pinto PER"]),
        ("Anke|PER van der Berg|PER said", ["Anke van der Berg PER"]),
        ("Selwyn|LOC Youth|ORG Forum|+ORG said", ["Selwyn Youth Forum ORG"]),
        ("Union|ORG of|+ORG Welsh|NORP Miners|ORG said", ["Union of Welsh Miners ORG"]),
        ("lakelady|PER ~_ ~58 said", ["lakelady_58 PER"]),
        ("French|NORP Embassy|ORG said", ["French Embassy ORG"]),
        ("Blue|ORG Heron|+ORG Dredging said", ["Blue Heron Dredging ORG"]),
        ("the Selwyn|PER Shimpo|+PER said", ["Selwyn Shimpo ORG"]),
        ("Tres|PER Hermanas|+PER Energy|+PER said", ["Tres Hermanas Energy ORG"]),
        ("Marlin|PER saw Marlin|ORG Towage|+ORG", ["Marlin ORG", "Marlin Towage ORG"]),
        ("Mori|MISC Hanako|+MISC saw Mori|PER", ["Mori Hanako PER", "Mori PER"]),
        ("Cuenca|LOC saw Lina|PER Cuenca|+PER", ["Cuenca PER", "Lina Cuenca PER"]),
        ("Ruth|PER Lind|+PER left according to Lind|ORG", ["Ruth Lind PER", "Lind PER"]),
        ("Ruth|PER Lind|+PER left with Lind|ORG Lina|PER", ["Ruth Lind PER", "Lind PER", "Lina PER"]),
        ("Peace|PER Laureate|+PER Ruth|PER Lind|+PER said", ["Ruth Lind PER"]),
        ("Adair|PER University|ORG of|+ORG Cuenca|+ORG said", ["Adair University of Cuenca ORG"]),
        ("Ruth|PER Lind|+PER Cuenca|LOC University said", ["Ruth Lind Cuenca University ORG"]),
        ("Lima-based|LOC Marlin|ORG said", ["Lima-based LOC", "Marlin ORG"]),
        (",|PER Lind|+PER said", ["Lind PER"]),
        ("Ruth|PER Lind|+PER of|+PER said", ["Ruth Lind PER"]),
    ],
)
def test_names_are_made_whole(text: str, wanted: list[str]) -> None:
    assert names(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Ruth|PER “ quietly ” Lind|PER said", ["Ruth PER", "Lind PER"]),
        ("Ruth|PER Lind|+PER “ No ” said", ["Ruth Lind PER"]),
        ("Lakes|ORG Bank|+ORG Chairman Lind|PER said", ["Lakes Bank ORG", "Lind PER"]),
        ("Welsh|NORP Marlin|ORG said", ["Welsh NORP", "Marlin ORG"]),
        ("Marlin|ORG , Selwyn|LOC said", ["Marlin ORG", "Selwyn LOC"]),
        ("Ruth|PER and Abel|PER said", ["Ruth PER", "Abel PER"]),
        ("in Cuenca|LOC saw Lina|PER Cuenca|+PER", ["Cuenca LOC", "Lina Cuenca PER"]),
        ("Ruth|PER Lind|+PER went to Lind|ORG", ["Ruth Lind PER", "Lind ORG"]),
        ("Ruth|PER Cuenca|+PER left with Cuenca|LOC Lina|PER", ["Ruth Cuenca PER", "Cuenca LOC", "Lina PER"]),
        ("Ruth|PER Author|+PER said", ["Ruth Author PER"]),
        ("Ruth|PER Marlin|ORG University|+ORG said", ["Ruth PER", "Marlin University ORG"]),
        ("Selwyn|LOC Bank|+LOC saw Selwyn|PER", ["Selwyn Bank LOC", "Selwyn PER"]),
        (
            "Marlin|PER saw Ruth|PER Marlin|+PER , Marlin|ORG Towage|+ORG",
            ["Marlin PER", "Ruth Marlin PER", "Marlin Towage ORG"],
        ),
    ],
)
def test_names_are_left_alone(text: str, wanted: list[str]) -> None:
    assert names(text) == wanted


def test_an_adjective_is_no_name_unless_the_text_uses_it_as_one() -> None:
    assert names("Short|PER said the clerk") == []
    text = reading("Short|PER said the clerk . Short left")
    first, *others = text.words
    named = [attrs.evolve(word, upos="PROPN") if word.text == "Short" else word for word in others]
    assert [name.start for name in mended(attrs.evolve(text, words=(first, *named))).names] == [0]
    assert names("Short|ORG said the clerk") == ["Short ORG"]
