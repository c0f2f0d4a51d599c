"""Finds the characters of a text that may be quotation marks, with the cost of each reading."""

from __future__ import annotations

from collections.abc import Sequence

import regex
from attrs import frozen

from quotex._mark_shapes import FAMILY, LEFT_ANGLE, RIGHT_ANGLE, Shape, Surroundings, is_empty_pair, shape_of

_LONGEST_RUN = 8
"""More marks than this side by side mean nothing; the deepest honest nesting closes with four."""

_CANDIDATE = regex.compile(
    r"""
      (?<=[\p{L}\p{M}\p{N}]) ['’‘`] (?=\p{L})          # don’t, O’Brien, Hawai‘i, 1990's: never a mark
    | (?<=\.) ['’] (?=s\b)                             # the E.U.'s rules
    | (?<=\w=) (?: "[^"<>]{0,200}" | '[^'<>]{0,200}' )  # <a href="https://…">
    | (?<![\p{L}\p{N}]) ['’‘] n ['’‘] (?![\p{L}\p{N}]) # rock ’n’ roll
    | (?<=\d) ['’] (?=\d)                              # 6'2
    | (?P<noise>                                       # 200 marks with hardly a word between: not prose
        (?: ["“”„‟＂〝〞〟'‘’‚‛`«»‹›「」｢｣『』﹁﹂] [^"“”„‟＂〝〞〟'‘’‚‛`«»‹›「」｢｣『』﹁﹂]{0,4}+ ){200,4000}+
      )
    | (?P<run> ["“”„‟＂〝〞〟'‘’‚‛`«»‹›「」｢｣『』﹁﹂]+ )
    """,
    regex.VERBOSE,
)
_MARK = regex.compile(r"``|''(?!')|‘‘|’’|.", regex.DOTALL)
_INVISIBLE = regex.compile(
    r"[_*]"  # _“Never!”_, the emphasis of plain-text novels and Markdown
    r"|[\N{ZERO WIDTH SPACE}-\N{RIGHT-TO-LEFT MARK}\N{WORD JOINER}\N{ZERO WIDTH NO-BREAK SPACE}]"
    r"|[\N{LEFT-TO-RIGHT EMBEDDING}-\N{RIGHT-TO-LEFT OVERRIDE}]"
    r"|[\N{LEFT-TO-RIGHT ISOLATE}-\N{POP DIRECTIONAL ISOLATE}]"
)
_LEAD = regex.compile(r"(?:[>#•·▪*_\-–—(\[\s]|\p{Cf})*")  # > “It leaks,” of e-mails, (“It leaks”
_WORD_BEFORE = regex.compile(r"\p{L}+\Z")
_WORD_AFTER = regex.compile(r"[\p{L}\p{N}]{1,16}(?:['’][\p{L}]+)?")  # ’tain’t
_MEASURED = regex.compile(r"\d['’′]\d+(?:\.\d+)?\Z")  # 6'2, 40°26'46.5
_REACH = 24
"""How far to look for a word or for what stands before blanks. A bound keeps the time linear."""


@frozen
class Token:
    """One mark.

    Attributes:
        start: Offset of its first character.
        end: Offset after its last.
        mark: The mark as written; empty for noise.
        family: The marks that it may pair with; empty for noise.
        shape: The cost of each reading.
        leads: It stands at the start of its paragraph, or only marks stand between.
    """

    start: int
    end: int
    mark: str
    family: str
    shape: Shape
    leads: bool


_NOISE = Shape(0, 0, 0, False)
_OPENS, _CLOSES = Shape(0, 60, 60, True), Shape(60, 0, 60, True)
_NOTHING_FOLLOWS = 50
"""Added cost of opening with the last character of a paragraph."""


def find_tokens(text: str, start: int, end: int, *, reversed_angles: bool) -> tuple[Token, ...]:
    """The marks of one paragraph. Marks too many to mean anything give one noise token."""
    tokens: list[Token] = []
    lead = _LEAD.match(text, start, end)
    head = lead.end() if lead is not None else start
    for match in _CANDIDATE.finditer(text, start, end):
        if match["run"] is None and match["noise"] is None:
            continue
        run_start, run_end = match.span()
        leads = run_start <= head
        if match["noise"] is not None or run_end - run_start > _LONGEST_RUN:
            tokens.append(Token(run_start, run_end, "", "", _NOISE, leads))
            continue
        around = _surroundings(text, run_start, run_end, start, end)
        if is_empty_pair(match[0], around):
            middle = (run_start + run_end) // 2
            for begin, stop, shape in ((run_start, middle, _OPENS), (middle, run_end, _CLOSES)):
                half = text[begin:stop]
                tokens.append(Token(begin, stop, half, FAMILY[half], shape, leads))
            continue
        for mark in _MARK.finditer(text, run_start, run_end):
            shape = shape_of(mark[0], around, reversed_angles=reversed_angles)
            if mark.end() == end:
                shape = shape._replace(opening=shape.opening + _NOTHING_FOLLOWS)
            tokens.append(Token(mark.start(), mark.end(), mark[0], FAMILY[mark[0]], shape, leads))
        if leads:
            head = max(head, run_end)
    return tuple(tokens)


def as_noise(tokens: Sequence[Token]) -> Token:
    """One noise token in place of several marks."""
    return Token(tokens[0].start, tokens[-1].end, "", "", _NOISE, tokens[0].leads)


def _surroundings(text: str, run_start: int, run_end: int, start: int, end: int) -> Surroundings:
    before = run_start
    floor = max(start, run_start - _REACH)
    while before > floor and _INVISIBLE.match(text[before - 1]):
        before -= 1
    after = run_end
    ceiling = min(end, run_end + _REACH)
    while after < ceiling and _INVISIBLE.match(text[after]):
        after += 1
    window = text[floor:before]
    word = _WORD_BEFORE.search(window)
    following = _WORD_AFTER.match(text, after, end)
    return Surroundings(
        before=window[-1:],
        after=text[after : after + 1] if after < end else "",
        last=window.rstrip()[-1:],
        word_before=word[0] if word else "",
        word_after=following[0] if following else "",
        measured=_MEASURED.search(window) is not None,
    )


_INWARD = regex.compile(
    r"""
      (?<=[\s(]|^) » (?=\w)             # »Han gik
    | (?<=[\w.,!?…]) « (?=[\s.,;:)]|$)  # gik,« sagde hun
    """,
    regex.VERBOSE | regex.MULTILINE,
)
_OUTWARD = regex.compile(
    r"""
      (?<=[\s(]|^) « (?=\w)             # «Il part
    | (?<=[\w.,!?…]) » (?=[\s.,;:)]|$)  # part», dit-elle
    """,
    regex.VERBOSE | regex.MULTILINE,
)


def has_reversed_angles(text: str) -> bool:
    """Whether most angle marks of the text point »inwards«."""
    if LEFT_ANGLE not in text or RIGHT_ANGLE not in text:
        return False
    return sum(1 for _ in _INWARD.finditer(text)) > sum(1 for _ in _OUTWARD.finditer(text))
