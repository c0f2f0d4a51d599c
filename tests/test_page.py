"""The page without a browser: its markup, its text, its colours. `test_browser.py` opens it."""

from __future__ import annotations

import html
import itertools
import math
import pickle
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from importlib import resources

import html5lib
import page_samples
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotex import Extraction, Note, Quote, QuoteKind, Span, Speaker
from quotex._page import HUES, LEFT_OUT, UNATTRIBUTED, groups_of
from quotex._page_runs import chunks_of, is_wrapped, numbered

STYLE = (resources.files("quotex") / "templates" / "page.css").read_text(encoding="utf-8")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff\r]|[\ud800-\udfff]")


def parsed(page: str) -> ElementTree.Element:
    """A page read by the standard's own algorithm."""
    document: ElementTree.Element = html5lib.HTMLParser(namespaceHTMLElements=False).parse(page)
    return document


def errors_of(page: str) -> list[object]:
    """What the standard calls an error in a page."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    parser.parse(page)
    return list(parser.errors)


def text_of(page: str) -> str:
    article = parsed(page).find(".//article")
    assert article is not None
    return "".join(article.itertext())


# the text


def shown(extraction: Extraction) -> str:
    chunks = chunks_of(extraction.text, numbered(extraction.quotes), extraction.notes)
    return "".join(
        "".join(run.text for run in block.runs) + block.gap for block in itertools.chain.from_iterable(chunks)
    )


@given(st.text(alphabet=st.sampled_from("ab \n\r\t.\u2028\N{LEFT DOUBLE QUOTATION MARK}")), st.data())
def test_runs_tile_the_text_whatever_covers_it(text: str, data: st.DataObject) -> None:
    place = st.integers(0, len(text))
    spans = [
        page_samples.span(text, *sorted(pair)) for pair in data.draw(st.lists(st.tuples(place, place), max_size=6))
    ]
    quotes = tuple(page_samples.quotation(text, span, source=span) for span in spans[:4])
    notes = tuple(Note(code="x", span=span, message="") for span in spans[4:])
    assert shown(Extraction(text=text, quotes=quotes, notes=notes)) == text


def test_runs_say_what_covers_them() -> None:
    extraction = page_samples.article()
    runs = [
        run
        for chunk in chunks_of(extraction.text, numbered(extraction.quotes), extraction.notes)
        for block in chunk
        for run in block.runs
        if not run.plain
    ]
    assert [(run.text, run.quotes, run.begins) for run in runs if run.quotes] == [
        ("It leaks,", (0,), True),
        ("It \N{LEFT SINGLE QUOTATION MARK}", (0,), True),
        ("drips", (0, 1), True),
        ("\N{RIGHT SINGLE QUOTATION MARK}, too.", (0,), False),
        ("the pipe had been mended twice", (2,), True),
        ("Who pays?", (3,), True),
    ]
    assert [(run.text, run.cues, run.sources) for run in runs if run.cues or run.sources] == [
        ("said", (0,), ()),
        ("harbour plumber Ana Lee", (), (0,)),
        ("Bo Reed", (), (2,)),
        ("added", (2,), ()),
    ]
    assert [run.text.strip() for run in runs if run.notes] == [extraction.notes[0].span.text]


def test_a_quotation_over_paragraphs_is_in_both() -> None:
    text = "one two\n\nthree four"
    extraction = Extraction(text=text, quotes=(page_samples.quotation(text, page_samples.span(text, 4, 14)),))
    (chunk,) = chunks_of(text, numbered(extraction.quotes), ())
    assert [[(run.text, run.quotes) for run in block.runs] for block in chunk] == [
        [("one ", ()), ("two\n", (0,))],
        [("three", (0,)), (" four", ())],
    ]


@pytest.mark.parametrize(("text", "wrapped"), [("One line.\n\nTwo.", False), ("One line\nthat goes on.", True)])
def test_hard_wrapped(text: str, wrapped: bool) -> None:
    assert is_wrapped(text) is wrapped


@pytest.mark.parametrize("extraction", page_samples.hostile(60))
def test_the_text_in_the_page_is_the_source(extraction: Extraction) -> None:
    page = extraction.to_html(title=extraction.speakers[0].name)
    # html5lib's stream, unlike a browser's, replaces these
    clean = CONTROL.sub("\N{REPLACEMENT CHARACTER}", extraction.text)
    assert CONTROL.sub("\N{REPLACEMENT CHARACTER}", text_of(page)) == clean


def test_what_html_cannot_hold_is_replaced_one_for_one() -> None:
    page = Extraction(text="a\x00b\ud800c").to_html(title="\ud800")
    assert page.encode("utf-8")
    assert text_of(page) == "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}c"


def test_carriage_returns_are_kept() -> None:
    assert "The quay&#13;\n" in page_samples.article().to_html()


# the markup


# the standard calls control characters an error, even a written-out CR, and has no other way to keep that
VALID = [piece for piece in page_samples.HOSTILE if not CONTROL.search(piece)]


@pytest.mark.parametrize(
    "extraction",
    [
        Extraction.from_json(page_samples.article().to_json().replace("\\r\\n", "\\n\\n")),
        Extraction(text=""),
        Extraction(text="It rained."),
        *page_samples.hostile(60, VALID),
    ],
)
def test_markup_is_valid(extraction: Extraction) -> None:
    assert errors_of(extraction.to_html()) == []
    assert errors_of(f"<!DOCTYPE html><title>x</title>{extraction._repr_html_()}") == []
    for quote in extraction:
        assert errors_of(f"<!DOCTYPE html><title>x</title>{quote._repr_html_()}") == []


@pytest.mark.parametrize("extraction", page_samples.hostile(60))
def test_no_element_comes_from_the_text(extraction: Extraction) -> None:
    document = parsed(extraction.to_html())
    article = document.find(".//article")
    assert article is not None
    assert {element.tag for element in article.iter()} <= {"article", "div", "span"}
    assert len(document.findall(".//script")) == 2
    assert not [name for element in document.iter() for name in element.attrib if str(name).startswith("on")]


def test_the_policy_allows_the_page_itself_and_nothing_else() -> None:
    document = parsed(page_samples.article().to_html())
    policy = next(meta for meta in document.iter("meta") if meta.get("http-equiv") == "Content-Security-Policy")
    assert (policy.get("content") or "").startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in (policy.get("content") or "")
    links = {name: element.get(name) for element in document.iter() for name in ("src", "href") if element.get(name)}
    assert links == {"href": "data:,"}


def test_ids_are_unique() -> None:
    ids = [element.get("id") for element in parsed(page_samples.article().to_html()).iter() if element.get("id")]
    assert len(ids) == len(set(ids))


# who is quoted


def test_groups() -> None:
    extraction = page_samples.article()
    reed, lee, nobody = groups_of(extraction.text, numbered(extraction.quotes))
    assert (lee.key, lee.label, lee.quotations, lee.nested, lee.words) == ("0", "2", 1, 0, 5)
    assert (reed.key, reed.label, reed.quotations, reed.nested, reed.words) == ("1", "1", 1, 1, 6)
    assert (nobody.key, nobody.label, nobody.speaker) == (UNATTRIBUTED, "?", None)
    assert sum(group.share for group in (lee, reed, nobody)) == pytest.approx(100)


def test_the_list_has_roles_counts_and_what_was_left_out() -> None:
    page = html.unescape(page_samples.article().to_html())
    assert "3 quotations · 2 speakers · 1 left out" in page
    for words in ("harbour plumber", "Speaker not stated", "scare-quote 1", f'data-group="{LEFT_OUT}"'):
        assert words in page


# colours


def test_no_two_colours_look_the_same() -> None:
    """Told apart with normal sight, and by those who lack one kind of cone (Machado et al. 2009, severity 1)."""
    pairs = re.findall(r"\.h\d \{ --hue: light-dark\((#\w{6}), (#\w{6})\)", STYLE)
    assert len(pairs) == HUES
    for theme in zip(*pairs, strict=True):
        for sight in SIGHTS:
            seen = [oklab(sight, colour) for colour in theme]
            nearest = min(math.dist(one, other) for one, other in itertools.combinations(seen, 2))
            # 0.02 is about what is just noticed side by side
            assert nearest > 0.12


@pytest.mark.parametrize(("paper", "theme"), [("#ffffff", 0), ("#16181d", 1)])
def test_colours_stand_out_from_the_paper(paper: str, theme: int) -> None:
    assert f"--paper: light-dark({'#ffffff, #16181d'})" in STYLE
    for pair in re.findall(r"--hue: light-dark\((#\w{6}), (#\w{6})\)", STYLE):
        light, dark = sorted((luminance(paper), luminance(pair[theme])), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 3


SIGHTS: Sequence[Sequence[tuple[float, float, float]]] = (
    ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
)


def linear(colour: str) -> tuple[float, ...]:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    return tuple(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)


def luminance(colour: str) -> float:
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear(colour), strict=True))


def oklab(sight: Sequence[tuple[float, float, float]], colour: str) -> tuple[float, float, float]:
    r, g, b = (
        min(1, max(0, sum(weight * part for weight, part in zip(row, linear(colour), strict=True)))) for row in sight
    )
    long = math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
    medium = math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
    short = math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


# notebook


def test_notebook_form_of_an_extraction() -> None:
    shown_html = page_samples.article()._repr_html_()
    assert "<script" not in shown_html
    assert "Ana Lee" in shown_html
    assert "harbour plumber" in shown_html
    assert "more characters" not in shown_html


def test_notebook_form_of_a_novel_is_short() -> None:
    assert len(page_samples.novel(20_000)._repr_html_()) < 60_000


def test_notebook_form_of_a_quotation() -> None:
    first, *_, last = page_samples.article()
    assert "Ana Lee" in first._repr_html_()
    assert '<span class="direct h0">It leaks,</span>' in first._repr_html_()
    assert "not stated" in last._repr_html_()
    assert pickle.loads(pickle.dumps(first)) == first


def test_notebook_form_obeys_nothing() -> None:
    mark = "<script>alert(1)</script>"
    speaker = Speaker(id=0, name=mark, role=mark)
    quote: Quote = page_samples.quotation(mark, Span(start_char=0, end_char=8, text=mark[:8]), speaker=speaker)
    assert quote.kind is QuoteKind.DIRECT
    for shown_html in (quote._repr_html_(), Extraction(text=mark, quotes=(quote,), speakers=(speaker,))._repr_html_()):
        assert "<script" not in shown_html
