"""A folder of pages: one for each document, and the index that lists them."""

from __future__ import annotations

import errno
from collections.abc import Iterable
from pathlib import Path, PurePath

import regex

from quotex._formats import Result, title_of
from quotex._page import render_page
from quotex._page_index import Listed, index_page, list_document

INDEX = "index.html"

_UNSAFE = regex.compile(r"[^\p{L}\p{M}\p{N}_-]+")
_LONGEST = 80
"""Characters of a page's name: file systems allow 255 bytes, and a character may take four."""
_OURS = b'<meta name="generator" content="quotex">'


def write_pages(results: Iterable[Result], folder: Path) -> Path:
    """Write a page for each result and, at the end, the index; return where the index is.

    Raises:
        OSError: The folder cannot be made or a file not be written, or a file in the way is no page of quotex.
    """
    folder.mkdir(parents=True, exist_ok=True)
    documents: list[Listed] = []
    taken = {INDEX}
    for result in results:
        page = page_name(result.document, taken)
        taken.add(page)
        found = result.extraction
        title = title_of(result.document)
        _write(folder / page, render_page(found.text, found.quotes, found.notes, title=title, index=INDEX))
        documents.append(list_document(result.document, page, found))
    index = folder / INDEX
    _write(index, index_page(documents, title=f"Who is quoted in {len(documents)} documents"))
    return index


def page_name(document: str, taken: set[str]) -> str:
    """A file name for a document's page that any system and any address takes and that is not `taken`.

    >>> page_name("more/Rain again.txt", {"index.html"})
    'rain-again.html'
    >>> page_name("less/rain again.txt", {"rain-again.html"})
    'rain-again-2.html'
    """
    stem = _UNSAFE.sub("-", PurePath(document).stem).strip("-").lower()[:_LONGEST] or "page"
    name = f"{stem}.html"
    number = 2
    while name in taken:
        name = f"{stem}-{number}.html"
        number += 1
    return name


def _write(path: Path, page: str) -> None:
    if path.exists() and _OURS not in path.read_bytes()[:2000]:
        # the folder may be somebody's web site
        raise FileExistsError(errno.EEXIST, "the file that is there was not made by quotex", str(path))
    path.write_text(page, encoding="utf-8", newline="")
