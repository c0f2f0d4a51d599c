"""Words that are set off by layout, not by marks: what the finders of turns, block quotations and dashes give."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

import attrs
import regex

from quotex._lexicon import load_lexicon


class Form(StrEnum):
    """What sets words off as somebody's."""

    MARKS = "marks"
    """Quotation marks."""
    TURN = "turn"
    """A label before them: `SMITH: It leaks.`"""
    BLOCK = "block"
    """A paragraph of their own, indented or behind `>`."""
    DASH = "dash"
    """A dash before them at the start of a paragraph: `— It leaks — said Lee.`"""

    @property
    def tells(self) -> bool:
        """Whether the words are long enough as a rule to tell of others, who are then meant by `he` and `she`."""
        return self in (Form.TURN, Form.BLOCK)


@attrs.frozen(kw_only=True)
class SetOff:
    """Words set off by layout. All positions are offsets into the text; pairs are half open.

    Attributes:
        form: What sets them off.
        segments: Their stretches, in order, trimmed; never empty.
        extent: From the opening dash, or else from the first word, to the closing dash or the last word.
        opening: The opening dash as written, else empty.
        source: The label before them or the signature below them, or `None`.
        resumes: Whether they go on with the stretch before, which the narrator interrupted.
    """

    form: Form
    segments: tuple[tuple[int, int], ...]
    extent: tuple[int, int]
    opening: str = ""
    source: tuple[int, int] | None = None
    resumes: bool = False


DASH = r"(?:[\N{EM DASH}\N{EN DASH}\N{HORIZONTAL BAR}\N{FIGURE DASH}]|&[mn]dash;|--)"
"""A dash of dialogue, also as HTML or a typewriter writes it."""

_QUOTED = regex.compile(r"“[^”]*”|\"[^\"]*\"|«[^»]*»")
_WORD = regex.compile(r"[\p{L}\p{M}]+")
_ENDS = regex.compile(r"(?:[.?!…:;,\N{EM DASH}\N{EN DASH}\N{HORIZONTAL BAR}]|--)[)\]’”\"*_]*$")
_REACH = 8
_SHARE = 4
"""One stretch in so many must speak to somebody, or of its speaker, for several to be a conversation."""


def ends_sentence(words: str) -> bool:
    """Whether words end as a sentence or a part of it does, in a stop or a dash."""
    return _ENDS.search(words, max(0, len(words) - _REACH)) is not None


def addresses(words: str) -> bool:
    """Whether words speak to somebody or of their speaker: `I`, `you`, `our`, or a question; quoted ones aside."""
    own = _QUOTED.sub(" ", words)
    spoken = load_lexicon("conversation_words")
    return "?" in own or any(found[0].casefold() in spoken for found in _WORD.finditer(own))


def is_conversation(stretches: Iterable[str]) -> bool:
    """Whether stretches of text read like people talking, not like the entries of a list."""
    trimmed = [stretch.strip() for stretch in stretches]
    ending = sum(ends_sentence(stretch) for stretch in trimmed)
    speaking = sum(addresses(stretch) for stretch in trimmed)
    return ending * 3 >= len(trimmed) * 2 and speaking * _SHARE >= len(trimmed)


def trimmed(text: str, start: int, end: int) -> tuple[tuple[int, int], ...]:
    """A stretch without blanks and Markdown emphasis around it; none where nothing is left."""
    start, end = _without_blanks(text, start, end)
    for sign in ("**", "__", "*", "_"):
        opens, closes = text.startswith(sign, start, end), text.endswith(sign, start, end)
        # one that stands at one end only is left over from around the label
        if (opens and closes and end - start > 2 * len(sign)) or (closes and text.count(sign, start, end) == 1):
            start, end = _without_blanks(text, start + len(sign) * opens, end - len(sign))
    return ((start, end),) if start < end else ()


def _without_blanks(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[end - 1].isspace():
        end -= 1
    while start < end and text[start].isspace():
        start += 1
    return start, end
