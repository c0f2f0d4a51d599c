"""The paragraphs of a text: at blank lines, at every line break, or at indented lines, as the text itself does it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import attrs
import regex

_BREAK = regex.compile(
    r"""
      \r\n                                     # Windows
    | [\n\r\v\f\x1c-\x1e\x85\u2028\u2029]      # Unix, old Mac, page break, separators, U+2028 and U+2029
    """,
    regex.VERBOSE,
)
_LINE_START = regex.compile(
    r"""
    [>\s]*                                     # "> > and so", a line quoted in an e-mail
    (?: (?P<lower>\p{Ll})                      # "and so it went": the sentence goes on
      | (?P<caseless>[\p{Lo}])                 # scripts without case tell nothing by their first letter
    )?
    """,
    regex.VERBOSE,
)
_INDENT = regex.compile(r"\t|[ \N{NO-BREAK SPACE}]{2}|\N{IDEOGRAPHIC SPACE}")
_ENDS_SENTENCE = frozenset(".!?…:;。！？：；।۔؟\"'”’»“)]」』*_")
_HARD_WRAPPED_SHARE = 0.25
"""Share of line breaks inside a sentence from which a text counts as hard-wrapped. In English prose wrapped at 70
columns about three lines in four start with a small letter; with one line per paragraph, nearly none does."""


@attrs.frozen
class _Line:
    """A line with something in it: its trimmed offsets, and what stands before it.

    Attributes:
        start: Offset of its first character that is not blank.
        end: Offset after its last such character.
        breaks: Line breaks between the line before and this one; 2 or more make a blank line.
        indented: It starts with a tab, an ideographic space, or two spaces.
        forced: A U+2029 PARAGRAPH SEPARATOR stands before it.
    """

    start: int
    end: int
    breaks: int
    indented: bool
    forced: bool


def split_paragraphs(text: str) -> tuple[tuple[int, int], ...]:
    """Start and end of each paragraph, trimmed, in order.

    A blank line always ends a paragraph. A single line break does where the text keeps each paragraph on one line, and
    does not where the text is hard-wrapped; which of the two it is, is decided once for the whole text.

    >>> split_paragraphs("One line.\\n\\nAnother that\\nis wrapped.")
    ((0, 9), (11, 35))
    """
    lines = tuple(_lines(text))
    if not lines:
        return ()
    wrapped = _is_hard_wrapped(text, lines)
    by_indent = wrapped and _indents_paragraphs(lines)
    paragraphs: list[tuple[int, int]] = []
    start, end = lines[0].start, lines[0].end
    for line in lines[1:]:
        if line.breaks > 1 or line.forced or not wrapped or (by_indent and line.indented):
            paragraphs.append((start, end))
            start = line.start
        end = line.end
    paragraphs.append((start, end))
    return tuple(paragraphs)


def _lines(text: str) -> Iterator[_Line]:
    begin, breaks, forced = 0, 0, False
    for match in _BREAK.finditer(text):
        line = _line(text, begin, match.start(), breaks, forced)
        if line is not None:
            yield line
            breaks, forced = 0, False
        breaks += 1
        forced = forced or match[0] == "\N{PARAGRAPH SEPARATOR}"
        begin = match.end()
    line = _line(text, begin, len(text), breaks, forced)
    if line is not None:
        yield line


def _line(text: str, begin: int, end: int, breaks: int, forced: bool) -> _Line | None:
    raw = text[begin:end]
    content = raw.lstrip()
    if not content:
        return None
    start = end - len(content)
    indented = start > begin and _INDENT.match(raw) is not None
    return _Line(start, start + len(content.rstrip()), breaks, indented, forced)


def _is_hard_wrapped(text: str, lines: tuple[_Line, ...]) -> bool:
    single = inside = 0
    for before, line in itertools.pairwise(lines):
        if line.breaks != 1 or line.forced:
            continue
        single += 1
        starts = _LINE_START.match(text, line.start, line.end)
        ends_sentence = text[before.end - 1] in _ENDS_SENTENCE
        if starts is not None and (starts["lower"] or (starts["caseless"] and not ends_sentence)):
            inside += 1
    return single > 0 and inside >= _HARD_WRAPPED_SHARE * single


def _indents_paragraphs(lines: tuple[_Line, ...]) -> bool:
    """Whether a hard-wrapped text starts paragraphs by indenting them. Where it has blank lines, indented
    lines are verse."""
    indented = sum(line.indented and line.breaks == 1 for line in lines)
    blank = sum(line.breaks > 1 for line in lines)
    return indented > blank and 2 * indented < len(lines)
