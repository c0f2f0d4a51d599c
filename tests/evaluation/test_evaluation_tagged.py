"""The tagged form: what it says, and everything that the validator refuses."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotex import FormatError, Manner, QuoteKind
from quotex.evaluation import UNJUDGED, GoldSpeaker, parse_tagged, read_cases, read_tagged

LEAK = (
    '<q1 by="Jordan Lee" role="harbour plumber">“It leaks,”</q1> <c1>said</c1> '
    "<s1>harbour plumber <m1>Jordan Lee</m1></s1>, <q1>“badly.”</q1>"
)

DOCUMENT = """\
title: Pipes of the harbour
genre: feature
marks: american
exercises: title before name; interrupted quotation
speaker lee: Jordan Lee | person | harbour plumber | Mr Lee; Lee
speaker council: the harbour council | organization
---
<q1 by="lee">“It leaks,”</q1> <s1>Lee</s1> <c1>said</c1>.

<q2 by="council" to="lee" kind="mixed" manner="writing">“A drip”</q2> is what <s2>the council</s2> <c2>wrote</c2> of.
The <x1 code="nickname">“Dripper”</x1> stayed.
"""


def test_one_quotation_with_everything() -> None:
    document = parse_tagged(LEAK)
    assert document.text == "“It leaks,” said harbour plumber Jordan Lee, “badly.”"
    (found,) = document.quotes
    assert [item.text for item in found.written] == ["“It leaks,”", "“badly.”"]
    assert [item.text for item in found.segments] == ["It leaks", "badly"]
    assert found.speaker == GoldSpeaker(name="Jordan Lee")
    assert found.role == "harbour plumber"
    assert [getattr(value, "text", None) for value in (found.cue, found.source, found.mention)] == [
        "said",
        "harbour plumber Jordan Lee",
        "Jordan Lee",
    ]
    assert (found.kind, found.manner) == (QuoteKind.DIRECT, Manner.SPEECH)
    for item in (*found.segments, *found.written):
        assert document.text[item.start_char : item.end_char] == item.text


def test_speaker_and_role_are_not_judged_without_annotation() -> None:
    (found,) = parse_tagged("<q1>“Well.”</q1>").quotes
    assert found.speaker is UNJUDGED
    assert found.role is UNJUDGED
    assert found.addressees is UNJUDGED
    assert found.cue is None


def test_speaker_that_the_text_does_not_say() -> None:
    (found,) = parse_tagged('<q1 by="" role="" to="">“Well.”</q1>').quotes
    assert (found.speaker, found.role, found.addressees) == (None, None, ())


@pytest.mark.parametrize(
    ("tagged", "name"),
    [
        ("<q1>“No,”</q1> said <s1>the old <m1>Ana Ruiz</m1></s1>.", "Ana Ruiz"),
        ("<q1>“No,”</q1> said <s1>a clerk</s1>.", "a clerk"),
        ("<q1>“No,”</q1> said <m1>Ruiz</m1>.", "Ruiz"),
    ],
)
def test_speaker_from_mention_or_source(tagged: str, name: str) -> None:
    assert parse_tagged(tagged).quotes[0].speaker == GoldSpeaker(name=name)


def test_a_pronoun_names_nobody() -> None:
    (found,) = parse_tagged("<q1>“No,”</q1> said <s1>she</s1>.").quotes
    assert found.speaker is UNJUDGED
    assert found.mention is not None


def test_document_with_header(tmp_path: Path) -> None:
    path = tmp_path / "pipes.txt"
    path.write_text(DOCUMENT, encoding="utf-8")
    document = read_tagged(path)
    assert (document.name, document.title, document.genre) == ("pipes", "Pipes of the harbour", "feature")
    assert document.exercises == ("title before name", "interrupted quotation")
    lee, council = document.speakers
    assert (lee.name, lee.aliases, lee.role) == ("Jordan Lee", ("Mr Lee", "Lee"), "harbour plumber")
    assert council.role is None
    first, second = document.quotes
    assert (first.speaker, first.role) == (lee, "harbour plumber")
    assert (second.speaker, second.role, second.addressees) == (council, None, (lee,))
    assert (second.kind, second.manner) == (QuoteKind.MIXED, Manner.WRITING)
    assert [(entry.span.text, entry.code) for entry in document.not_speech] == [("Dripper", "nickname")]


def test_line_ends_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "crlf.txt"
    path.write_bytes(DOCUMENT.replace("\n", "\r\n").encode())
    assert read_tagged(path).text.startswith("“It leaks,” Lee said.\r\n\r\n“A drip”")


def test_shared_tags_and_nesting() -> None:
    tagged = "<q1>“He said <q2>‘go’</q2>,”</q1> <s1,3>Lee</s1,3> <c1,3>said</c1,3>: <q3>“Now.”</q3>".replace(
        "'x'", '"x"'
    )
    first, second, third = parse_tagged(tagged).quotes
    assert (first.cue, first.source) == (third.cue, third.source)
    assert (first.parent, second.parent, third.parent) == (None, "1", None)


def test_what_is_not_a_tag_is_text() -> None:
    text = "a <b> c < 4 and <q> and </i> and <q1a> too"
    assert parse_tagged(text).text == text


@pytest.mark.parametrize(
    ("tagged", "line", "reason"),
    [
        ("a\n<z1>b</z1>", 2, "unknown tag <z1>"),
        ('<q1 who="x">“b”</q1>', 1, "unknown attribute 'who'"),
        ('<q1>“b”</q1> <c1 by="x">said</c1>', 1, "unknown attribute 'by'"),
        ("<q1 by=“x”>“b”</q1>", 1, "malformed attributes"),
        ('<q1 by="x" by="y">“b”</q1>', 1, "occurs twice"),
        ("<q1>“b <c1>c”</q1></c1>", 1, "crosses"),
        ("<q1>“b”", 1, "never closed"),
        ("b</q1>", 1, "closes nothing"),
        ("<q1>“b”</q1 x>", 1, "closing tag"),
        ("<q1>“”</q1>", 1, "around nothing"),
        ("<q1>“b”</q1> <c1> </c1>", 1, "around nothing"),
        ("\n\n<c1>said</c1>", 3, "c1 without a q1"),
        ("<q1>“b”</q1> <c1>said</c1> <c1>said</c1>", 1, "a second c1"),
        ("<x1>“b”</x1> <x1>“b”</x1>", 1, "a second x1"),
        ('<q1>“b”</q1>\n<q1 by="x">“c”</q1>', 2, "first q1 only"),
        ("<q1>“b <q1>c</q1>”</q1>", 1, "inside itself"),
        ("<q1,2>“b”</q1,2>", 1, "takes one number"),
        ("<q1>“b”</q1> <s1,>Lee</s1,>", 1, "malformed numbers"),
        ('<q1 kind="loud">“b”</q1>', 1, "unknown kind 'loud'"),
        ('<q1 manner="loud">“b”</q1>', 1, "unknown manner 'loud'"),
        ('<x1 code="loud">“b”</x1>', 1, "unknown code 'loud'"),
        ("<q1>“b”</q1> <s1>Lee</s1> <m1>Ruiz</m1>", 1, "m1 outside s1"),
    ],
)
def test_refused(tagged: str, line: int, reason: str) -> None:
    with pytest.raises(FormatError, match=reason) as caught:
        parse_tagged(tagged, "sample.md")
    assert (caught.value.source, caught.value.line) == ("sample.md", line)


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("genre: feature", "genre: poem", 2, "unknown genre"),
        ("marks: american", "marks: round", 3, "unknown marks"),
        ("title: P", "headline: P", 1, "unknown key 'headline'"),
        ("genre: feature", "title: again", 2, "occurs twice"),
        ("speaker council", "speaker lee", 6, "occurs twice"),
        ("genre: feature", "no colon here", 2, "expected `key: value`"),
        ("| organization", "| robot", 6, "unknown kind of speaker 'robot'"),
        (" | organization", "", 6, "expected `name | kind"),
        ('by="council"', 'by="counsel"', 10, "'counsel' is not declared; declared: lee, council"),
        ("---\n", "", 1, "no line `---`"),
    ],
)
def test_refused_documents(tmp_path: Path, old: str, new: str, line: int, reason: str) -> None:
    path = tmp_path / "broken.txt"
    path.write_text(DOCUMENT.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(FormatError) as caught:
        read_tagged(path)
    assert reason in caught.value.reason
    assert caught.value.line == line


def test_a_name_of_one_small_word_needs_no_declaration(tmp_path: Path) -> None:
    path = tmp_path / "named.txt"
    path.write_text(DOCUMENT.replace('by="council"', 'by="dripper"', 1), encoding="utf-8")
    assert read_tagged(path).quotes[1].speaker == GoldSpeaker(name="dripper")


def test_not_utf8(tmp_path: Path) -> None:
    path = tmp_path / "latin.txt"
    path.write_bytes(b"---\ncaf\xe9")
    with pytest.raises(FormatError, match="not UTF-8"):
        read_tagged(path)


def test_cases(tmp_path: Path) -> None:
    path = tmp_path / "cases.md"
    path.write_text(f"For the reader.\n\n## First\n\n{LEAK}\n\n## Second one\n\nNobody spoke.\n", encoding="utf-8")
    first, second = read_cases(path)
    assert (first.title, first.line, len(first.document.quotes)) == ("First", 3, 1)
    assert (second.title, second.document.text, second.document.quotes) == ("Second one", "Nobody spoke.", ())


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        ("## A\n\nx\n\n## A\n\ny\n", 5, "occurs twice"),
        ("## A\n\n## B\n\ny\n", 1, "no text"),
        ("## A\n\nx\n\n## B\n\n\n<q1>“y\n", 8, "never closed"),
    ],
)
def test_refused_cases(tmp_path: Path, content: str, line: int, reason: str) -> None:
    path = tmp_path / "cases.md"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(FormatError, match=reason) as caught:
        read_cases(path)
    assert caught.value.line == line


@given(st.text(alphabet=st.sampled_from('ab “”\n<>/qcsmx12,=".'), max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        document = parse_tagged(text)
    except FormatError:
        return
    for found in document.quotes:
        for item in (*found.segments, *found.written):
            assert document.text[item.start_char : item.end_char] == item.text
