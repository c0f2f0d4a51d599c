from __future__ import annotations

import pytest

from quotex._lexicon import load_lexicon
from quotex._verbs import phrasal_forms, reporting_verbs, verb_forms


@pytest.mark.parametrize(
    ("form", "lemma"),
    [
        ("say", "say"),
        ("says", "say"),
        ("said", "say"),
        ("saying", "say"),
        ("told", "tell"),
        ("announce", "announce"),
        ("announces", "announce"),
        ("announced", "announce"),
        ("announcing", "announce"),
        ("replies", "reply"),
        ("replied", "reply"),
        ("replying", "reply"),
        ("confesses", "confess"),
        ("admitted", "admit"),
        ("admitting", "admit"),
    ],
)
def test_forms_of_speech_verbs(form: str, lemma: str) -> None:
    assert verb_forms("speech_verbs")[form] == lemma


@pytest.mark.parametrize("form", ["sayed", "telled", "admited", "replys", "announceing", "think"])
def test_what_is_no_form_of_a_speech_verb(form: str) -> None:
    assert form not in verb_forms("speech_verbs")


def test_a_verb_that_ends_in_a_vowel_and_y() -> None:
    assert {"say", "saying"} <= set(verb_forms("speech_verbs"))
    forms = verb_forms("thought_verbs")
    assert "wonders" in forms
    assert "worries" in forms
    assert "worrys" not in forms


def test_verbs_of_two_words_need_both() -> None:
    forms = phrasal_forms("speech_verbs")
    assert forms["pointed", "out"] == "point"
    assert forms["shot", "back"] == "shoot"
    assert "pointed" not in verb_forms("speech_verbs")
    assert all(len(entry.split()) < 3 for entry in load_lexicon("speech_verbs"))


@pytest.mark.parametrize(
    ("lexicon", "form"), [("speech_verbs", "averred"), ("naming_verbs", "slammed"), ("naming_verbs", "labelled")]
)
def test_last_letter_doubled(lexicon: str, form: str) -> None:
    assert form in verb_forms(lexicon)


@pytest.mark.parametrize("form", ["said", "sighed", "thought", "wrote"])
def test_reporting_verbs_are_those_of_speech_tags_thought_and_writing(form: str) -> None:
    assert form in reporting_verbs()


@pytest.mark.parametrize("form", ["table", "went", "walked", "his"])
def test_other_words_report_nothing(form: str) -> None:
    assert form not in reporting_verbs()


def test_a_form_in_several_lists_is_a_verb_of_speech_first() -> None:
    for form, lemma in verb_forms("speech_verbs").items():
        assert reporting_verbs()[form] == lemma


def test_tables_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        verb_forms("speech_verbs")["x"] = "x"  # type: ignore[index]
