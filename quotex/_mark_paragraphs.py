"""The paragraphs of a text: at blank lines, at every line break, or at indented lines, as the text itself does it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Set

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
_DEEP_INDENT = regex.compile(r"[ ]{0,3}\t|[ \N{NO-BREAK SPACE}]{4}")
_QUOTED = regex.compile(r"(?:>[ \t]?)+")
_ENDS_SENTENCE = frozenset(".!?…:;。！？：；।۔؟\"'”’»“)]」』*_")
_HARD_WRAPPED_SHARE = 0.25
"""Share of line breaks inside a sentence from which a text counts as hard-wrapped. In English prose wrapped at 70
columns about three lines in four start with a small letter; with one line per paragraph, nearly none does."""


@attrs.frozen
class Line:
    """A line with something in it: its trimmed offsets, and what stands before it.

    Attributes:
        start: Offset of its first character that is not blank.
        end: Offset after its last such character.
        breaks: Line breaks between the line before and this one; 2 or more make a blank line.
        indented: It starts with a tab, an ideographic space, or two spaces.
        forced: A U+2029 PARAGRAPH SEPARATOR stands before it.
        deep: It starts with a tab or four spaces.
        quoted: How many signs `>` it starts with, as a block quotation in Markdown or a quoted line in an e-mail does.
        words: Offset of its first character behind these signs that is not blank.
    """

    start: int
    end: int
    breaks: int
    indented: bool
    forced: bool
    deep: bool
    quoted: int
    words: int


def split_paragraphs(text: str) -> tuple[tuple[int, int], ...]:
    """Start and end of each paragraph, trimmed, in order.

    A blank line always ends a paragraph. A single line break does where the text keeps each paragraph on one line, and
    does not where the text is hard-wrapped; which of the two it is, is decided once for the whole text.

    >>> split_paragraphs("One line.\\n\\nAnother that\\nis wrapped.")
    ((0, 9), (11, 35))
    """
    return join_lines(text, split_lines(text))


def split_lines(text: str) -> tuple[Line, ...]:
    """The lines with something in them. A line of nothing but `>` is blank."""
    return tuple(_lines(text))


def join_lines(text: str, lines: tuple[Line, ...], heads: Set[int] = frozenset()) -> tuple[tuple[int, int], ...]:
    """Start and end of each paragraph, given the lines and the offsets of those that surely begin one."""
    if not lines:
        return ()
    wrapped = _is_hard_wrapped(text, lines)
    by_indent = wrapped and _indents_paragraphs(text, lines)
    paragraphs: list[tuple[int, int]] = []
    start, end = lines[0].start, lines[0].end
    for before, line in itertools.pairwise(lines):
        parted = line.breaks > 1 or line.forced or line.start in heads or (line.quoted > 0) != (before.quoted > 0)
        if parted or not wrapped or (by_indent and line.indented and not text[line.words].islower()):
            paragraphs.append((start, end))
            start = line.start
        end = line.end
    paragraphs.append((start, end))
    return tuple(paragraphs)


def _lines(text: str) -> Iterator[Line]:
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


def _line(text: str, begin: int, end: int, breaks: int, forced: bool) -> Line | None:
    raw = text[begin:end]
    content = raw.lstrip()
    if not content:
        return None
    start = end - len(content)
    quoted = _QUOTED.match(content)
    words = start + quoted.end() if quoted else start
    words += len(text[words:end]) - len(text[words:end].lstrip())
    if words == end:
        return None
    return Line(
        start=start,
        end=start + len(content.rstrip()),
        breaks=breaks,
        indented=start > begin and _INDENT.match(raw) is not None,
        forced=forced,
        deep=start > begin and _DEEP_INDENT.match(raw) is not None,
        quoted=quoted[0].count(">") if quoted else 0,
        words=words,
    )


def _is_hard_wrapped(text: str, lines: tuple[Line, ...]) -> bool:
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


def _indents_paragraphs(text: str, lines: tuple[Line, ...]) -> bool:
    """Whether a hard-wrapped text starts paragraphs by indenting them. Where it has blank lines, indented
    lines are verse; those that go on with a sentence hang."""
    indented = sum(line.indented and line.breaks == 1 and not text[line.words].islower() for line in lines)
    blank = sum(line.breaks > 1 for line in lines)
    return indented > blank and 2 * indented < len(lines)
