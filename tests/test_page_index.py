"""A folder of pages and its index, without a browser."""

from __future__ import annotations

from pathlib import Path

import html5lib
import page_samples
import pytest

from quotex import Extraction, Speaker, SpeakerKind
from quotex._formats import Result
from quotex._page_files import page_name, write_pages
from quotex._page_index import Person, index_page, is_name, list_document, merge_people, merge_roles


def said(*speakers: Speaker) -> Extraction:
    """Each of them says `words words` once."""
    text = "words words\n" * len(speakers)
    quotes = [
        page_samples.quotation(text, page_samples.span(text, 12 * place, 12 * place + 11), speaker=speaker)
        for place, speaker in enumerate(speakers)
    ]
    return Extraction(text=text, quotes=tuple(quotes), speakers=speakers)


def person(name: str, role: str | None = None, number: int = 0) -> Speaker:
    return Speaker(id=number, name=name, role=role, kind=SpeakerKind.PERSON)


def merged(*documents: Extraction) -> tuple[Person, ...]:
    return merge_people(list_document(f"{n}.txt", f"{n}.html", found) for n, found in enumerate(documents))


def test_the_same_full_name_is_one_person() -> None:
    (lee,) = merged(said(person("Ana Lee", "plumber")), said(person("Ana Lée", "Plumber")), said(person("Ana Lee")))
    assert [listed.page for listed, _ in lee.places] == ["0.html", "1.html", "2.html"]
    assert (lee.roles, lee.quotations, lee.words) == (("plumber", "Plumber"), 3, 6)
    assert [(role.name, role.people, role.documents) for role in merge_roles([lee])] == [("plumber", (lee.name,), 2)]


@pytest.mark.parametrize(
    "names", [("A clerk", "A clerk"), ("the council", "the council"), ("Ana Lee", "Lee"), ("A", "B")]
)
def test_others_stay_apart(names: tuple[str, str]) -> None:
    assert len(merged(said(person(names[0])), said(person(names[1])))) == 2


def test_whoever_is_quoted_in_most_documents_comes_first() -> None:
    talker = said(*(person("Bo Reed") for _ in range(5)))
    assert [one.name for one in merged(talker, said(person("Ana Lee")), said(person("Ana Lee")))] == [
        "Ana Lee",
        "Bo Reed",
    ]


@pytest.mark.parametrize(
    ("text", "name"), [("Ana de la Cruz", True), ("police", False), ("A Ministry", False), ("", False)]
)
def test_names_and_descriptions(text: str, name: bool) -> None:
    assert is_name(text) is name


def test_pages_and_index(tmp_path: Path) -> None:
    results = [Result(document=f"in/{name}.txt", extraction=page_samples.article()) for name in ("a", "b/a", "index")]
    index = write_pages(results, tmp_path / "new" / "out")
    assert index.name == "index.html"
    assert sorted(file.name for file in index.parent.iterdir()) == ["a-2.html", "a.html", "index-2.html", "index.html"]
    page = index.read_text("utf-8")
    assert 'href="a-2.html#s0"' in page
    assert 'href="a.html#snone"' in page
    assert "<bdi>b/a.txt</bdi>" in page
    assert 'href="index.html"' in (index.parent / "a.html").read_text("utf-8")
    # again, over its own
    assert write_pages(results, index.parent) == index


def test_a_file_of_somebody_else_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<p>mine</p>")
    with pytest.raises(FileExistsError):
        write_pages([Result(document="a.txt", extraction=page_samples.article())], tmp_path)
    assert (tmp_path / "a.html").read_text() == "<p>mine</p>"


@pytest.mark.parametrize(
    ("document", "name"),
    [
        ("-", "page.html"),
        ("../../etc/passwd", "passwd.html"),
        ("a/<b>&\"'.txt", "b.html"),
        ("ünï çode.txt", "ünï-çode.html"),
        ("x" * 300 + ".txt", "x" * 80 + ".html"),
        ("...", "page.html"),
    ],
)
def test_page_names(document: str, name: str) -> None:
    assert page_name(document, set()) == name


def test_index_markup_is_valid_and_nothing_in_it_is_from_the_texts() -> None:
    documents = [
        list_document(chance.text[:30], f"{number}.html", chance)
        for number, chance in enumerate(page_samples.hostile(40))
    ]
    page = index_page(documents, title="<script>alert(1)</script>")
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree = parser.parse(page)
    assert len(tree.findall(".//script")) == 1
    assert not tree.findall(".//img")
    clean = html5lib.HTMLParser(namespaceHTMLElements=False)
    clean.parse(index_page([list_document("a.txt", "a.html", page_samples.article())], title="x"))
    assert clean.errors == []


def test_an_index_of_nothing() -> None:
    assert "0 speakers · 0 quotations" in index_page([], title="Nothing")
