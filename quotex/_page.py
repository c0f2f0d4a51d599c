"""The page: a text with its quotations marked, beside the list of who is quoted, as one self-contained HTML file.

Nothing from the text is ever markup: the templates escape everything, and a Content-Security-Policy allows no script or
style but the two that the page is made with.
"""

from __future__ import annotations

import base64
import collections
import hashlib
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Any

import attrs
import jinja2
import markupsafe
import regex

from quotex._page_runs import Numbered, Run, chunks_of, is_wrapped, numbered
from quotex._types import Note, Quote, Speaker

HUES = 8
"""Colours in `page.css`, told apart by colour-blind people too; later speakers share them with another underline."""

PATTERNS = 4
"""Styles of underline in `page.css`."""

BINS = 96
"""Parts of a text in which quotations are counted for the strip that shows where somebody speaks."""

UNATTRIBUTED = "none"
"""Key of the group of quotations whose speaker the text does not state."""

LEFT_OUT = "left"
"""Key of the group of notes."""

# HTML cannot hold these at all; one code point for one, so that positions on the page stay those of the text
_UNSHOWABLE = regex.compile(r"[\x00\ud800-\udfff]")


@attrs.frozen(kw_only=True)
class Group:
    """Somebody in the list beside the text.

    Attributes:
        key: The speaker's id, or `UNATTRIBUTED`.
        speaker: The speaker, or `None`.
        label: Number that marks the speaker's quotations, from 1 for whoever is quoted most; `?` for nobody.
        hue: Number of the colour, from 0.
        pattern: Number of the underline style, from 0.
        quotations: Quotations that are not inside another.
        nested: Quotations inside others.
        words: Quoted words, those inside others' quotations left out.
        share: `words` of all quoted words of the text, in per cent.
        places: Where in the text the quotations begin: of its `BINS` parts those that have any, each with a height from
            1 to 7 for their number.
    """

    key: str
    speaker: Speaker | None
    label: str
    hue: int
    pattern: int
    quotations: int
    nested: int
    words: int
    share: float
    places: tuple[tuple[int, int], ...]


def render_page(
    text: str, quotes: Sequence[Quote], notes: Sequence[Note], *, title: str = "Quotations", index: str | None = None
) -> str:
    """The page of one text.

    Args:
        text: The whole text.
        quotes: Its quotations.
        notes: What was left out.
        title: Heading of the page.
        index: Address of the page that lists this one among others, or `None`.
    """
    items = numbered(quotes)
    groups = groups_of(text, items)
    by_key = {group.key: group for group in groups}
    return _render(
        "page.html.jinja",
        title=title,
        index=index,
        bins=BINS,
        groups=groups,
        notes=notes,
        codes=collections.Counter(note.code for note in notes),
        quotations=len(quotes),
        speakers=sum(group.speaker is not None for group in groups),
        wrapped=is_wrapped(text),
        chunks=chunks_of(text, items, notes),
        attributes=lambda run: run_attributes(run, items, by_key),
        data=_data(items, notes, groups),
    )


def render_fragment(text: str, quotes: Sequence[Quote], notes: Sequence[Note], *, limit: int) -> str:
    """The compact form for a notebook: who is quoted, and the text as far as `limit` characters.

    It has no script, and its style holds inside it alone.
    """
    items = numbered(quotes)
    groups = groups_of(text, items)
    by_key = {group.key: group for group in groups}
    shown = text if len(text) <= limit else text[:limit]
    return _render(
        "notebook.html.jinja",
        groups=groups,
        notes=notes,
        quotations=len(quotes),
        chunks=chunks_of(shown, items, notes),
        attributes=lambda run: run_attributes(run, items, by_key),
        hidden=len(text) - len(shown),
    )


def render_quote(quote: Quote) -> str:
    """One quotation for a notebook: its sentence, and what is known of it."""
    return _render("quote.html.jinja", quote=quote, pieces=_in_sentence(quote))


def render_index(**context: Any) -> str:
    """The page over several documents; see `_page_index`."""
    return _render("index.html.jinja", **context)


def words_of(quote: Quote) -> int:
    """Words of a quotation, separated by white space."""
    return len(quote.text.split())


def key_of(quote: Quote) -> str:
    """The key of the group that a quotation belongs to."""
    return UNATTRIBUTED if quote.speaker is None else str(quote.speaker.id)


def groups_of(text: str, items: Sequence[Numbered]) -> tuple[Group, ...]:
    """Everybody who is quoted, the most quoted first; the unattributed last."""
    said: dict[str, list[Numbered]] = {}
    for item in items:
        said.setdefault(key_of(item.quote), []).append(item)
    words = {key: sum(words_of(item.quote) for item in group if not item.depth) for key, group in said.items()}
    everything = sum(words.values()) or 1
    # without a stated speaker last, whatever the number; ties in order of first quotation, which sorting keeps
    ranked = sorted(said, key=lambda key: (key == UNATTRIBUTED, -words[key]))
    return tuple(
        Group(
            key=key,
            speaker=said[key][0].quote.speaker,
            label="?" if key == UNATTRIBUTED else str(rank + 1),
            hue=rank % HUES,
            pattern=rank // HUES % PATTERNS,
            quotations=sum(not item.depth for item in said[key]),
            nested=sum(item.depth > 0 for item in said[key]),
            words=words[key],
            share=100 * words[key] / everything,
            places=_places(len(text), said[key]),
        )
        for rank, key in enumerate(ranked)
    )


def _places(length: int, items: Sequence[Numbered]) -> tuple[tuple[int, int], ...]:
    counts = collections.Counter(min(BINS - 1, BINS * item.quote.start_char // (length or 1)) for item in items)
    most = max(counts.values(), default=1)
    return tuple((place, max(1, round(7 * count / most))) for place, count in sorted(counts.items()))


def run_attributes(run: Run, items: Sequence[Numbered], groups: dict[str, Group]) -> dict[str, str]:
    """The attributes of a run's element: how it looks, and what it is part of."""
    classes: list[str] = []
    attributes: dict[str, str] = {}
    related = sorted({*run.cues, *run.sources})
    # the innermost quotation gives the look; a cue or source outside quotations has its speaker's colour
    number = run.quotes[-1] if run.quotes else related[0] if related else None
    if number is not None:
        group = groups[key_of(items[number].quote)]
        classes.append("h-none" if group.speaker is None else f"h{group.hue} u{group.pattern}")
        if run.quotes:
            classes.append(items[number].quote.kind.value)
        if run.begins:
            attributes["data-l"] = group.label
    for name, present in (("cue", run.cues), ("src", run.sources), ("note", run.notes)):
        if present:
            classes.append(name)
    for name, numbers in (("data-q", run.quotes), ("data-r", related), ("data-n", run.notes)):
        if numbers:
            attributes[name] = " ".join(map(str, numbers))
    return {"class": " ".join(classes), **attributes}


def _data(items: Sequence[Numbered], notes: Sequence[Note], groups: Sequence[Group]) -> dict[str, Any]:
    """What the script shows on the card."""
    place = {group.key: number for number, group in enumerate(groups)}
    return {
        "groups": [
            {
                "key": group.key,
                "label": group.label,
                "look": "h-none" if group.speaker is None else f"h{group.hue} u{group.pattern}",
                "name": None if group.speaker is None else group.speaker.name,
                "kind": None if group.speaker is None else group.speaker.kind.value,
                "role": None if group.speaker is None else group.speaker.role,
            }
            for group in groups
        ],
        "quotes": [
            {
                "group": place[key_of(item.quote)],
                "kind": item.quote.kind.value,
                "manner": item.quote.manner.value,
                "cue": item.quote.cue and item.quote.cue.text,
                "source": source and source.text,
                "to": item.quote.addressee and item.quote.addressee.name,
                "method": item.quote.method,
                "confidence": round(item.quote.confidence, 3),
                "words": words_of(item.quote),
                "start": item.quote.start_char,
                "end": item.quote.end_char,
            }
            for item in items
            for source in (item.quote.source or item.quote.mention,)
        ],
        "notes": [[note.code, note.message] for note in notes],
    }


def _in_sentence(quote: Quote) -> list[tuple[str, bool]]:
    """The sentence of a quotation in pieces, each with whether it is quoted."""
    sentence = quote.context.sentence
    pieces: list[tuple[str, bool]] = []
    done = sentence.start_char
    for segment in sorted(quote.segments, key=lambda span: span.start_char):
        start, end = max(segment.start_char, done), min(segment.end_char, sentence.end_char)
        if start < end:
            pieces.append((sentence.text[done - sentence.start_char : start - sentence.start_char], False))
            pieces.append((sentence.text[start - sentence.start_char : end - sentence.start_char], True))
            done = end
    pieces.append((sentence.text[done - sentence.start_char :], False))
    return pieces


def _render(template: str, **context: Any) -> str:
    page = _environment().get_template(template).render(**context)
    return _UNSHOWABLE.sub("\N{REPLACEMENT CHARACTER}", page)


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("quotex", "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters["source"] = _source
    environment.globals.update(asset=_asset, digest=_digest)
    return environment


def _source(text: str) -> markupsafe.Markup:
    """Text escaped so that a browser's parser gives it back unchanged: it would turn a bare CR into a line feed."""
    return markupsafe.escape(text).replace("\r", markupsafe.Markup("&#13;"))


@cache
def _asset(name: str) -> markupsafe.Markup:
    """A style sheet or script of the package, which goes into the page as it is."""
    # not escaped: a file of the package, no text of anybody else
    content = (resources.files("quotex") / "templates" / name).read_text(encoding="utf-8")
    return markupsafe.Markup(content)


@cache
def _digest(name: str) -> str:
    """The hash under which the page's Content-Security-Policy allows an asset."""
    return "sha256-" + base64.b64encode(hashlib.sha256(_asset(name).encode()).digest()).decode()
