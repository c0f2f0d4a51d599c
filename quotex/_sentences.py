"""Sentence boundaries that respect quotation marks, and the text that the tokenizer is given.

The tokenizer sees each paragraph on its own, cleaned of characters that no model has met and of the signs before quoted
lines; every offset is mapped back to the source. A sentence that its tokenizer ended inside a quotation's last mark, or
between a quotation and the clause that reports it (`“Where?” he asked.`), is joined again; one that runs on over a full
stop before the last mark (`it was “over.” Ann Lee left.`) is cut there.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence, Set
from itertools import pairwise

import attrs
import regex

from quotex._layout import Form
from quotex._lexicon import load_lexicon
from quotex._marks import Marked, Marks
from quotex._reading import DASHES
from quotex._types import Span
from quotex._verbs import reporting_verbs

_NEVER_LAST = (",", "&", "(")
_APOSTROPHES = ("'", "\N{RIGHT SINGLE QUOTATION MARK}")
_ARTICLES = ("The", "A", "An")
_DATELINE_WORDS = 10
MAX_WORDS = 160
"""A longer sentence is cut: memory of a graph parser grows with the square of the sentence."""


@attrs.frozen(kw_only=True)
class TokenSpan:
    """A token as the tokenizer found it.

    Attributes:
        start_char: Offset of its first code point in the source.
        end_char: Offset after its last code point.
        text: The token with invisible characters left out.
        multiword: Whether it holds several syntactic words.
    """

    start_char: int
    end_char: int
    text: str
    multiword: bool = False


@attrs.frozen(kw_only=True)
class Prepared:
    """The text for the tokenizer with its map back to the source.

    Attributes:
        text: Paragraphs joined by a blank line, white space made plain, invisible characters left out.
        starts: Offsets in `text` at which a stretch begins that runs parallel to the source.
        origins: The source offsets of these beginnings.
    """

    text: str
    starts: tuple[int, ...]
    origins: tuple[int, ...]

    def source(self, offset: int) -> int:
        """The source offset of the code point at `offset` of `text`."""
        place = bisect_right(self.starts, offset) - 1
        return self.origins[place] + offset - self.starts[place]


_INVISIBLE = regex.compile(
    r"""
      [\p{Cf}\p{Cc}\p{Cs}\p{Co}--\s]+
    | (?<=^|[\n\r]) [\ \t]* (?:>[\ \t]?)+  # "> It leaks", in Markdown and e-mails
    """,
    regex.VERSION1 | regex.VERBOSE,
)
_SPACE = regex.compile(r"\s")


def prepare(paragraphs: Sequence[Span]) -> Prepared:
    """Lay out the paragraphs for the tokenizer."""
    pieces: list[str] = []
    starts: list[int] = []
    origins: list[int] = []
    length = 0

    def add(piece: str, origin: int) -> None:
        nonlocal length
        if piece:
            starts.append(length)
            origins.append(origin)
            pieces.append(piece)
            length += len(piece)

    for paragraph in paragraphs:
        if pieces:
            pieces.append("\n\n")
            length += 2
        done = 0
        for match in _INVISIBLE.finditer(paragraph.text):
            add(_SPACE.sub(" ", paragraph.text[done : match.start()]), paragraph.start_char + done)
            done = match.end()
        add(_SPACE.sub(" ", paragraph.text[done:]), paragraph.start_char + done)
    return Prepared(text="".join(pieces), starts=tuple(starts), origins=tuple(origins))


def join_sentences(
    sentences: Sequence[Sequence[TokenSpan]], marks: Marks, language: str = "en"
) -> list[list[TokenSpan]]:
    """Join what the tokenizer cut at a mark, end sentences at paragraphs, and cut what is too long.

    Args:
        sentences: The tokenizer's sentences.
        marks: The marks of the text.
        language: Whose reporting verbs to use.
    """
    paragraph_starts = [paragraph.start_char for paragraph in marks.paragraphs]
    closings = _closings(marks)
    openings = frozenset(marked.extent.start_char for marked in _all(marks))
    edges = sorted({offset for marked in _all(marks) for offset in _edges(marked)})
    joined: list[list[TokenSpan]] = []
    for sentence in sentences:
        if not sentence:
            continue
        tokens = [piece for token in sentence for piece in _split(token, edges)]
        previous = joined[-1] if joined else None
        if previous is not None and _paragraph(paragraph_starts, previous[-1]) == _paragraph(
            paragraph_starts, tokens[0]
        ):
            while tokens and tokens[0].end_char in closings:
                previous.append(tokens.pop(0))
            while tokens and previous and previous[-1].start_char in openings:
                tokens.insert(0, previous.pop())
            if not previous:
                joined.pop()
            elif tokens and (
                _cut_title(previous, tokens, language)
                or _continues(previous, tokens, closings, language)
                or _never_ends(previous, closings)
            ):
                previous.extend(tokens)
                continue
        if tokens:
            joined.append(tokens)
    opening = {_paragraph(paragraph_starts, sentence[0]): sentence for sentence in reversed(joined)}
    parts = (
        part
        for sentence in joined
        for part in (
            _without_dateline(sentence)
            if opening[_paragraph(paragraph_starts, sentence[0])] is sentence
            else [sentence]
        )
    )
    begins = frozenset(marked.segments[0].start_char for marked in marks.marked if marked.form is Form.TURN)
    pieces = (piece for part in parts for turn in _parted(part, begins) for piece in _cut_at_stops(turn, closings))
    return [bounded for piece in pieces for bounded in _bounded(piece)]


def _never_ends(tokens: Sequence[TokenSpan], closings: frozenset[int]) -> bool:
    """Whether a sentence cannot end here inside a paragraph: `Councilman Ann ¦ Lee said`, `Ann “Dredge” ¦ Lee said`.

    Nor does it after the signs before a heading, an apostrophe (`the Bathers’ ¦ Union`) or `Rivers & ¦ Sons`.
    """
    last = tokens[-1]
    if last.end_char in closings:
        return len(tokens) > 1 and tokens[-2].text[-1:].isalnum()
    if last.text.endswith(_APOSTROPHES) or not last.text.strip("#"):
        return True
    return last.text[-1:].isalnum() or last.text in _NEVER_LAST


def _parted(tokens: list[TokenSpan], begins: Set[int]) -> list[list[TokenSpan]]:
    """Part the label of a turn from its words."""
    cuts = [0, *(place for place, token in enumerate(tokens) if place and token.start_char in begins), len(tokens)]
    return [tokens[start:end] for start, end in pairwise(cuts)]


def _cut_at_stops(tokens: list[TokenSpan], closings: frozenset[int]) -> list[list[TokenSpan]]:
    """Cut behind a closing mark with a full stop before it, where a capital follows: `it was “over.” Ann Lee left.`"""
    ends = (
        place
        for place in range(2, len(tokens))
        if tokens[place - 2].text == "." and tokens[place - 1].end_char in closings and tokens[place].text[:1].isupper()
    )
    cuts = [0, *ends, len(tokens)]
    return [tokens[start:end] for start, end in pairwise(cuts)]


def _without_dateline(tokens: list[TokenSpan]) -> list[list[TokenSpan]]:
    """Part a dateline from its sentence: `TOKYO, 3 May (AFN) — Ann Lee said …`."""
    if not (tokens[0].text.isupper() and len(tokens[0].text) > 1):
        return [tokens]
    dashes = [place for place, token in enumerate(tokens) if token.text in DASHES]
    # a second dash makes it an aside: `NATO — the alliance — met.`
    if len(dashes) != 1 or not 0 < dashes[0] < min(_DATELINE_WORDS, len(tokens) - 1):
        return [tokens]
    if any(token.text.islower() for token in tokens[: dashes[0]]):
        return [tokens]
    return [tokens[: dashes[0] + 1], tokens[dashes[0] + 1 :]]


def _paragraph(starts: Sequence[int], token: TokenSpan) -> int:
    return bisect_right(starts, token.start_char)


def _closings(marks: Marks) -> frozenset[int]:
    """Offsets after each closing mark."""
    return frozenset(
        marked.extent.end_char for marked in _all(marks) if marked.extent.end_char > marked.segments[-1].end_char
    )


def _all(marks: Marks) -> Iterator[Marked]:
    """All pairings, nested ones included, in no particular order."""
    stack = list(marks.marked)
    while stack:
        marked = stack.pop()
        yield marked
        stack.extend(marked.children)


def _edges(marked: Marked) -> Iterator[int]:
    """Offsets at which a mark begins or ends."""
    yield from (marked.extent.start_char, marked.extent.end_char)
    for segment in marked.segments:
        yield from (segment.start_char, segment.end_char)


def _split(token: TokenSpan, edges: Sequence[int]) -> list[TokenSpan]:
    """Part a token at the marks in it: a tokenizer may take `No.”` for one."""
    inside = edges[bisect_right(edges, token.start_char) : bisect_left(edges, token.end_char)]
    if not inside or len(token.text) != token.end_char - token.start_char:
        return [token]
    bounds = [token.start_char, *inside, token.end_char]
    return [
        TokenSpan(
            start_char=start,
            end_char=end,
            text=token.text[start - token.start_char : end - token.start_char],
        )
        for start, end in pairwise(bounds)
        if token.text[start - token.start_char : end - token.start_char].strip()
    ]


def _cut_title(previous: Sequence[TokenSpan], tokens: Sequence[TokenSpan], language: str) -> bool:
    """Whether a sentence was ended behind a title: `said Rep.` and `Ann Lee`."""
    words = [token.text for token in previous[-2:]]
    title = words[0] if words[-1] == "." else words[-1].removesuffix(".")
    stopped = words[-1].endswith(".")
    return stopped and title.casefold() in load_lexicon("abbreviated_titles", language) and tokens[0].text[:1].isupper()


def _continues(
    previous: Sequence[TokenSpan], tokens: Sequence[TokenSpan], closings: frozenset[int], language: str
) -> bool:
    """Whether `tokens` go on with the sentence `previous`, which ends in a closing mark.

    `“Where?” he asked.` and `“Go!” shouted Ann Lee.` go on; `“Go.” Ann Lee left.` and `“Go!” Ann left.` do not.
    """
    if previous[-1].end_char not in closings or len(previous) < 2:
        return False
    first = tokens[0].text
    if first[:1].islower() or previous[-2].text.endswith((",", ";", "\N{EM DASH}", "\N{EN DASH}", "-")):
        return True
    if previous[-2].text.endswith("."):
        return False
    return _opens_with_cue(tokens, language)


def _opens_with_cue(tokens: Sequence[TokenSpan], language: str) -> bool:
    """Whether a clause begins with a short subject and a reporting verb: `Ann Lee asked`, `He shouted`."""
    verbs = reporting_verbs(language)
    described = tokens[0].text in _ARTICLES
    for place, token in enumerate(tokens[:5]):
        if token.text.casefold() in verbs:
            return place > 0
        if described and token.text.isalpha():
            continue
        if not (token.text[:1].isupper() or token.text.casefold() in load_lexicon("name_particles", language)):
            return False
    return False


def _bounded(tokens: list[TokenSpan]) -> list[list[TokenSpan]]:
    """Cut a sentence of more than `MAX_WORDS` tokens, after punctuation where there is some in its last third."""
    pieces: list[list[TokenSpan]] = []
    while len(tokens) > MAX_WORDS:
        cut = MAX_WORDS
        for place in range(MAX_WORDS - 1, MAX_WORDS * 2 // 3, -1):
            if all(unicodedata.category(character).startswith("P") for character in tokens[place].text):
                cut = place + 1
                break
        pieces.append(tokens[:cut])
        tokens = tokens[cut:]
    pieces.append(tokens)
    return pieces
