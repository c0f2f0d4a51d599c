from __future__ import annotations

import regex
from hypothesis import given
from hypothesis import strategies as st

from quotex._marks import find_marks
from quotex._sentences import MAX_WORDS, TokenSpan, join_sentences, prepare

CUT = "\N{BROKEN BAR}"
_TOKEN = regex.compile(r"[\p{L}\p{N}’'-]+|\S")


def cut(marked: str) -> tuple[str, list[list[TokenSpan]]]:
    """A text with its sentences, as a tokenizer would give them, cut where the marked text has a broken bar."""
    text = marked.replace(CUT, "")
    sentences: list[list[TokenSpan]] = []
    offset = 0
    for piece in marked.split(CUT):
        sentences.append(
            [
                TokenSpan(start_char=offset + match.start(), end_char=offset + match.end(), text=match[0])
                for match in _TOKEN.finditer(piece)
            ]
        )
        offset += len(piece)
    return text, sentences


def joined(marked: str) -> list[str]:
    text, sentences = cut(marked)
    result = join_sentences(sentences, find_marks(text))
    return [text[tokens[0].start_char : tokens[-1].end_char] for tokens in result]


# joining -------------------------------------------------------------------------------------------------------------


def test_a_question_and_its_cue_are_one_sentence() -> None:
    assert joined("“Where is it?” ¦he asked. ¦Nobody knew.") == ["“Where is it?” he asked.", "Nobody knew."]


def test_an_exclamation_and_its_inverted_cue_are_one_sentence() -> None:
    assert joined("“Go!” ¦shouted Ann Lee.") == ["“Go!” shouted Ann Lee."]


def test_an_exclamation_and_a_cue_with_a_name_are_one_sentence() -> None:
    assert joined("“Go!” ¦Ann Lee shouted.") == ["“Go!” Ann Lee shouted."]


def test_a_name_with_a_particle() -> None:
    assert joined("“Go!” ¦Ann van der Lee shouted.") == ["“Go!” Ann van der Lee shouted."]


def test_no_sentence_ends_behind_a_title() -> None:
    assert joined("“It leaks,” said Rep. ¦Ann Lee. ¦Tove left.") == ["“It leaks,” said Rep. Ann Lee.", "Tove left."]


def test_an_opening_mark_begins_a_sentence() -> None:
    assert joined("She sat down. « ¦Here it is », she said.") == ["She sat down.", "« Here it is », she said."]
    assert joined("She sat down. ¦« ¦Here it is », she said.") == ["She sat down.", "« Here it is », she said."]
    assert joined("“¦Here it is.” ¦Ann sat down.") == ["“Here it is.”", "Ann sat down."]


def test_no_sentence_ends_behind_a_nickname_an_apostrophe_or_the_signs_of_a_heading() -> None:
    assert joined("Ann “Dredge” ¦Lee left. ¦It rained.") == ["Ann “Dredge” Lee left.", "It rained."]
    assert joined("The Bathers’ ¦Union left.") == ["The Bathers’ Union left."]
    assert joined("## ¦The last word") == ["## The last word"]


def test_no_sentence_ends_behind_a_word_inside_a_paragraph() -> None:
    assert joined("Councilman Ann ¦Lee called it “sad.” ¦Rivers & ¦Sons left.") == [
        "Councilman Ann Lee called it “sad.”",
        "Rivers & Sons left.",
    ]


def test_no_sentence_ends_behind_a_word_where_a_line_is_wrapped() -> None:
    wrapped = (
        "The gate of the long valley behind the lakes was shut last week by the mayor, Ann\n"
        "¦Lee, who called it “no loss” and then went on to the other gate and said that\n"
        "it was fine."
    )
    assert joined(wrapped) == [wrapped.replace("¦", "")]


def test_a_paragraph_may_end_without_a_full_stop() -> None:
    assert joined("Ann Lee\n¦She said “no” there.") == ["Ann Lee", "She said “no” there."]


def test_a_title_that_is_a_word_of_its_own_ends_a_sentence() -> None:
    assert joined("He wrote to the rep. ¦nobody came.") == ["He wrote to the rep.", "nobody came."]


def test_a_closing_mark_is_moved_back() -> None:
    assert joined("“It leaks.¦” Ann left.") == ["“It leaks.”", "Ann left."]


def test_a_closing_mark_is_moved_back_and_the_cue_with_it() -> None:
    assert joined("“Does it leak?¦” he asked.") == ["“Does it leak?” he asked."]


def test_two_closing_marks_are_moved_back() -> None:
    assert joined("“He said, ‘It leaks.¦’¦” Ann left.") == ["“He said, ‘It leaks.’”", "Ann left."]


def test_a_sentence_of_its_own_stays() -> None:
    assert joined("“Go.” ¦Ann Lee left.") == ["“Go.”", "Ann Lee left."]


def test_another_action_stays_even_after_an_exclamation() -> None:
    assert joined("“Go!” ¦Ann left.") == ["“Go!”", "Ann left."]


def test_a_name_without_a_verb_of_saying_stays() -> None:
    assert joined("“Where?” ¦Ann Lee opened the door and said nothing.") == [
        "“Where?”",
        "Ann Lee opened the door and said nothing.",
    ]


def test_after_a_full_stop_not_even_a_cue_goes_on() -> None:
    assert joined("“It leaks.” ¦Ann Lee said it twice.") == ["“It leaks.”", "Ann Lee said it twice."]


def test_a_sentence_that_runs_on_behind_a_full_stop_and_a_mark_is_cut() -> None:
    assert joined("It was “over.” Ann Lee left.") == ["It was “over.”", "Ann Lee left."]


def test_a_small_letter_behind_a_full_stop_and_a_mark_goes_on() -> None:
    assert joined("The “No.” rule is old.") == ["The “No.” rule is old."]


def test_a_comma_before_the_mark_goes_on() -> None:
    assert joined("“It leaks,” ¦Ann Lee explained to everybody.") == ["“It leaks,” Ann Lee explained to everybody."]


def test_a_dash_before_the_mark_goes_on() -> None:
    assert joined("“It leaks—” ¦Ann fell silent.") == ["“It leaks—” Ann fell silent."]


def test_sentences_inside_a_quotation_stay_apart() -> None:
    assert joined("“It leaks. ¦It always did,” he said.") == ["“It leaks.", "It always did,” he said."]


def test_a_small_letter_without_a_mark_before_it_stays() -> None:
    assert joined("It rained. ¦he slept.") == ["It rained.", "he slept."]


def test_an_apostrophe_closes_nothing_and_ends_nothing() -> None:
    assert joined("They took the boys’ ¦and left.") == ["They took the boys’ and left."]
    assert joined("It rained. ¦’ twas late.") == ["It rained.", "’ twas late."]


def test_a_paragraph_ends_the_sentence() -> None:
    assert joined("“Where is it?”\n\n¦he asked.") == ["“Where is it?”", "he asked."]


def test_a_mark_that_only_opens_is_not_moved() -> None:
    assert joined("It leaks. ¦“It always did,” he said.") == ["It leaks.", "“It always did,” he said."]


def test_a_sentence_that_is_only_a_closing_mark_vanishes() -> None:
    assert joined("“It leaks.¦” ¦Ann left.") == ["“It leaks.”", "Ann left."]


def test_straight_marks() -> None:
    assert joined('"Where is it?" ¦he asked.') == ['"Where is it?" he asked.']


def test_a_dateline_is_parted_from_its_sentence() -> None:
    assert joined("SELWYN, 3 May (HNS) — The port is closed.") == ["SELWYN, 3 May (HNS) —", "The port is closed."]
    assert joined("SELWYN - The port is closed.") == ["SELWYN -", "The port is closed."]


def test_a_sentence_with_a_dash_is_no_dateline() -> None:
    for sentence in ("Selwyn — the port — is closed.", "HSB staff — all of them — left.", "I — well — left."):
        assert joined(sentence) == [sentence]


def test_a_dateline_alone_stays() -> None:
    assert joined("SELWYN —") == ["SELWYN —"]


def test_nothing() -> None:
    assert join_sentences([], find_marks("")) == []
    assert join_sentences([[]], find_marks("")) == []


# cutting -------------------------------------------------------------------------------------------------------------


def row(count: int, comma_at: int | None = None) -> list[TokenSpan]:
    return [
        TokenSpan(start_char=2 * place, end_char=2 * place + 1, text="," if place == comma_at else "x")
        for place in range(count)
    ]


def lengths(tokens: list[TokenSpan]) -> list[int]:
    text = " ".join(token.text for token in tokens)
    return [len(piece) for piece in join_sentences([tokens], find_marks(text))]


def test_a_long_sentence_is_cut() -> None:
    assert lengths(row(MAX_WORDS)) == [MAX_WORDS]
    assert lengths(row(MAX_WORDS + 1)) == [MAX_WORDS, 1]
    assert lengths(row(3 * MAX_WORDS)) == [MAX_WORDS, MAX_WORDS, MAX_WORDS]


def test_a_long_sentence_is_cut_after_its_punctuation() -> None:
    assert lengths(row(MAX_WORDS + 20, comma_at=MAX_WORDS - 5)) == [MAX_WORDS - 4, 24]


def test_punctuation_far_from_the_end_is_no_place_to_cut() -> None:
    assert lengths(row(MAX_WORDS + 20, comma_at=10)) == [MAX_WORDS, 20]


@given(st.lists(st.sampled_from(["Ann", "said", "he", ".", "?", "“", "”", "\n\n", CUT]), max_size=60))
def test_joining_keeps_every_token_in_order(pieces: list[str]) -> None:
    text, sentences = cut(" ".join(pieces))
    result = join_sentences(sentences, find_marks(text))
    assert [token for tokens in result for token in tokens] == [token for tokens in sentences for token in tokens]
    assert all(0 < len(tokens) <= MAX_WORDS for tokens in result)


# preparing -----------------------------------------------------------------------------------------------------------


def prepared(text: str) -> str:
    """The prepared text, after a check that each of its characters but the blank lines leads back to its source."""
    result = prepare(find_marks(text).paragraphs)
    gaps = {place for match in regex.finditer("\n\n", result.text) for place in range(*match.span())}
    for place, character in enumerate(result.text):
        if place not in gaps:
            source = text[result.source(place)]
            assert character == (" " if source.isspace() else source)
    return result.text


def test_carriage_returns() -> None:
    assert prepared("“It leaks.”\r\n\r\nAnn left.\r\n") == "“It leaks.”\n\nAnn left."


def test_a_line_break_inside_a_paragraph_becomes_a_blank() -> None:
    assert prepared("It leaks and leaks and\nleaks and leaks and\nleaks again.") == (
        "It leaks and leaks and leaks and leaks and leaks again."
    )


def test_no_break_and_other_spaces_become_blanks() -> None:
    assert prepared("«\N{NO-BREAK SPACE}Oui\N{NARROW NO-BREAK SPACE}», a\tb\N{EM SPACE}c") == "« Oui », a b c"


def test_invisible_characters_are_left_out() -> None:
    assert prepared(
        "\N{ZERO WIDTH NO-BREAK SPACE}It\N{ZERO WIDTH SPACE}s le\N{SOFT HYPHEN}ak\N{LEFT-TO-RIGHT MARK}s"
    ) == ("Its leaks")


def test_emoji_and_combining_marks_stay() -> None:
    assert prepared("“🙂 Cafe\N{COMBINING ACUTE ACCENT} 👍🏽”") == "“🙂 Cafe\N{COMBINING ACUTE ACCENT} 👍🏽”"


def test_joined_emoji_lose_the_joiner_only() -> None:
    assert prepared("A 👩\N{ZERO WIDTH JOINER}🚀 B") == "A 👩🚀 B"


def test_control_characters_and_lone_surrogates_are_left_out() -> None:
    assert prepared("a\x00b\x07c \ud800d \ue000e") == "abc d e"


def test_a_very_long_line() -> None:
    text = "It leaks and leaks. " * 20_000
    result = prepare(find_marks(text).paragraphs)
    assert result.text == text.strip()
    assert result.source(300_000) == 300_000


def test_blank_text() -> None:
    assert prepared(" \r\n\t\N{NO-BREAK SPACE}\n") == ""
    assert prepared("") == ""


@given(st.text(st.sampled_from(list("ab. \t\r\n“”\u00a0\u200b\ufeff\u00ad🙂\u0301\x00\ud800")), max_size=60))
def test_every_character_leads_back_to_its_source(text: str) -> None:
    prepared(text)
