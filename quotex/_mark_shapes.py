"""How well a mark fits as opening, as closing, or as no quotation mark, by the characters on either side.

Costs are whole numbers: 0 is what a careful typesetter writes, 10 a doubt, 50 what happens only when something is
wrong. They were set by hand and checked on the training novels of PDNC and on newspaper text; only their
order matters much.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import NamedTuple

import regex

from quotex._lexicon import load_lexicon

NEVER = 1000
"""A cost that no reading of a paragraph pays."""

STRAIGHT = '"'
LEFT = "\N{LEFT DOUBLE QUOTATION MARK}"
RIGHT = "\N{RIGHT DOUBLE QUOTATION MARK}"
LOW = "\N{DOUBLE LOW-9 QUOTATION MARK}"
APOSTROPHE = "'"
LEFT_SINGLE = "\N{LEFT SINGLE QUOTATION MARK}"
RIGHT_SINGLE = "\N{RIGHT SINGLE QUOTATION MARK}"
LOW_SINGLE = "\N{SINGLE LOW-9 QUOTATION MARK}"
REVERSED_SINGLE = "\N{SINGLE HIGH-REVERSED-9 QUOTATION MARK}"
LEFT_ANGLE = "\N{LEFT-POINTING DOUBLE ANGLE QUOTATION MARK}"
RIGHT_ANGLE = "\N{RIGHT-POINTING DOUBLE ANGLE QUOTATION MARK}"
LEFT_ANGLE_SINGLE = "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}"
RIGHT_ANGLE_SINGLE = "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}"

DOUBLE, SINGLE, ANGLE, ANGLE_SINGLE = "double", "single", "angle", "angle-single"
CORNER, WHITE_CORNER = "corner", "white-corner"

FAMILY = {
    STRAIGHT: DOUBLE,
    LEFT: DOUBLE,
    RIGHT: DOUBLE,
    LOW: DOUBLE,
    "\N{DOUBLE HIGH-REVERSED-9 QUOTATION MARK}": DOUBLE,
    "\N{FULLWIDTH QUOTATION MARK}": DOUBLE,
    "\N{REVERSED DOUBLE PRIME QUOTATION MARK}": DOUBLE,
    "\N{DOUBLE PRIME QUOTATION MARK}": DOUBLE,
    "\N{LOW DOUBLE PRIME QUOTATION MARK}": DOUBLE,
    "``": DOUBLE,
    "''": DOUBLE,
    LEFT_SINGLE * 2: DOUBLE,
    RIGHT_SINGLE * 2: DOUBLE,
    APOSTROPHE: SINGLE,
    LEFT_SINGLE: SINGLE,
    RIGHT_SINGLE: SINGLE,
    LOW_SINGLE: SINGLE,
    REVERSED_SINGLE: SINGLE,
    "`": SINGLE,
    LEFT_ANGLE: ANGLE,
    RIGHT_ANGLE: ANGLE,
    LEFT_ANGLE_SINGLE: ANGLE_SINGLE,
    RIGHT_ANGLE_SINGLE: ANGLE_SINGLE,
    "\N{LEFT CORNER BRACKET}": CORNER,
    "\N{RIGHT CORNER BRACKET}": CORNER,
    "\N{HALFWIDTH LEFT CORNER BRACKET}": CORNER,
    "\N{HALFWIDTH RIGHT CORNER BRACKET}": CORNER,
    "\N{PRESENTATION FORM FOR VERTICAL LEFT CORNER BRACKET}": CORNER,
    "\N{PRESENTATION FORM FOR VERTICAL RIGHT CORNER BRACKET}": CORNER,
    "\N{LEFT WHITE CORNER BRACKET}": WHITE_CORNER,
    "\N{RIGHT WHITE CORNER BRACKET}": WHITE_CORNER,
}
"""Marks that may close one another, by family: `“` and `"` are one family, `「` another."""

_TURNED = 30
"""Cost of a mark that points the wrong way, as a careless keyboard leaves it: `”He left,” she said`."""

_DIRECTION = {
    LEFT: (0, _TURNED),
    "\N{DOUBLE HIGH-REVERSED-9 QUOTATION MARK}": (0, _TURNED),
    RIGHT: (_TURNED, 0),
    LOW: (0, NEVER),
    "\N{REVERSED DOUBLE PRIME QUOTATION MARK}": (0, NEVER),
    "\N{DOUBLE PRIME QUOTATION MARK}": (_TURNED, 0),
    "\N{LOW DOUBLE PRIME QUOTATION MARK}": (_TURNED, 0),
    "``": (0, 50),
    "''": (10, 0),
    LEFT_SINGLE * 2: (0, _TURNED),
    RIGHT_SINGLE * 2: (_TURNED, 0),
    LEFT_ANGLE: (0, _TURNED),
    RIGHT_ANGLE: (_TURNED, 0),
    LEFT_ANGLE_SINGLE: (0, _TURNED),
    RIGHT_ANGLE_SINGLE: (_TURNED, 0),
}
"""Added cost of opening and of closing with a mark, for what it looks like."""

_FIXED_OPENING = frozenset(
    {
        "\N{LEFT CORNER BRACKET}",
        "\N{HALFWIDTH LEFT CORNER BRACKET}",
        "\N{PRESENTATION FORM FOR VERTICAL LEFT CORNER BRACKET}",
        "\N{LEFT WHITE CORNER BRACKET}",
    }
)

# Classes of a neighbouring character.
_SPACE, _WORD, _STOP, _DASH = "space", "word", "stop", "dash"
_OPEN, _CLOSE, _OTHER, _UNSPACED = "open", "close", "other", "unspaced"

_CLASSES = (
    (_SPACE, regex.compile(r"\s|[\p{Cc}]")),
    # scripts written without spaces between words, or (Korean) with particles glued to a closing mark
    (_UNSPACED, regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]")),
    (_WORD, regex.compile(r"[\p{L}\p{M}\p{N}]")),
    (_STOP, regex.compile(r"[.,!?…;:。，、！？：；．،؛؟।]")),
    (_DASH, regex.compile(r"[\p{Pd}~−]")),
    (_OPEN, regex.compile(r"[\p{Ps}<¿¡/=|]")),
    (_CLOSE, regex.compile(r"[\p{Pe}>%®™°]")),
)


@lru_cache(maxsize=4096)
def classify(char: str) -> str:
    """The class of a neighbouring character; the empty string stands for the edge of a paragraph."""
    if not char:
        return _SPACE
    return next((name for name, pattern in _CLASSES if pattern.match(char)), _OTHER)


# Cost of opening, by the class before and the class after. What is not listed costs _MISFIT.
_MISFIT = 60
_OPENING = {
    (_SPACE, _WORD): 0,
    (_SPACE, _UNSPACED): 0,
    (_SPACE, _OTHER): 0,
    (_SPACE, _OPEN): 0,
    (_SPACE, _STOP): 8,  # "...and then"
    (_SPACE, _DASH): 10,
    (_SPACE, _SPACE): 15,  # he said: " It leaks. "
    (_SPACE, _CLOSE): 40,
    (_OPEN, _WORD): 0,
    (_OPEN, _UNSPACED): 0,
    (_OPEN, _OTHER): 0,
    (_OPEN, _OPEN): 0,
    (_OPEN, _STOP): 8,
    (_OPEN, _DASH): 10,
    (_OPEN, _SPACE): 30,
    (_OPEN, _CLOSE): 30,
    (_DASH, _WORD): 5,  # he said--"It leaks"
    (_DASH, _UNSPACED): 5,
    (_DASH, _OTHER): 5,
    (_DASH, _OPEN): 5,
    (_DASH, _STOP): 20,
    (_STOP, _WORD): 20,  # He left."It leaks," she said
    (_STOP, _UNSPACED): 5,
    (_STOP, _OPEN): 20,
    (_STOP, _OTHER): 25,
    (_CLOSE, _WORD): 25,
    (_CLOSE, _UNSPACED): 10,
    (_WORD, _WORD): 30,
    (_UNSPACED, _WORD): 5,
    (_UNSPACED, _UNSPACED): 10,
    (_OTHER, _WORD): 20,
    (_OTHER, _UNSPACED): 10,
    (_OTHER, _OTHER): 30,
}
_CLOSING = {
    (_WORD, _OPEN): 5,  # "It leaks"(sic)
    (_STOP, _OPEN): 5,
    (_CLOSE, _OPEN): 5,
    (_STOP, _WORD): 10,  # "It leaks,"she said
    (_DASH, _WORD): 15,
    (_CLOSE, _WORD): 15,
    (_OTHER, _WORD): 25,
    (_WORD, _WORD): 30,
    (_UNSPACED, _WORD): 10,
    (_WORD, _UNSPACED): 10,
    (_STOP, _UNSPACED): 5,
    (_CLOSE, _UNSPACED): 5,
    (_OTHER, _UNSPACED): 5,
    (_UNSPACED, _UNSPACED): 5,
    (_UNSPACED, _OPEN): 5,
    (_WORD, _OTHER): 10,
    (_STOP, _OTHER): 10,
    (_CLOSE, _OTHER): 10,
    (_OTHER, _OTHER): 10,
    (_SPACE, _SPACE): 15,
    (_SPACE, _STOP): 10,
    (_SPACE, _CLOSE): 10,
    (_SPACE, _DASH): 20,
}
_ENDS = frozenset({_SPACE, _STOP, _DASH, _CLOSE})  # what follows a closing mark that is set with care


def _closing_cost(left: str, right: str) -> int:
    well_set = right in _ENDS and left not in (_SPACE, _OPEN)
    return _CLOSING.get((left, right), 0 if well_set else _MISFIT)


class Shape(NamedTuple):
    """What a mark may be, with the cost of each reading.

    Attributes:
        opening: Cost of opening a quotation.
        closing: Cost of closing one.
        neither: Cost of leaving it out: low for what is probably an apostrophe, a foot or an inch.
        strong: As an opening mark it stands where an utterance may begin; as a closing one, after a stop.
    """

    opening: int
    closing: int
    neither: int
    strong: bool


class Surroundings(NamedTuple):
    """The neighbourhood of a mark, with marks and invisible characters beside it looked through.

    Attributes:
        before: Character before it; empty at the start of a paragraph.
        after: Character after it; empty at the end of a paragraph.
        last: The last character before it that is not blank; empty at the start of a paragraph.
        word_before: The letters just before it, where any.
        word_after: The letters and digits just after it, where any.
        measured: Feet or minutes stand before it: 6'2, 40°26'46.
    """

    before: str
    after: str
    last: str
    word_before: str
    word_after: str
    measured: bool


def shape_of(mark: str, around: Surroundings, *, reversed_angles: bool) -> Shape:
    """The costs of the readings of one mark.

    Args:
        mark: The mark as written.
        around: Its neighbourhood.
        reversed_angles: The text sets its angle marks »so«, as Danish and German books do.
    """
    family = FAMILY[mark]
    if family in (CORNER, WHITE_CORNER):
        opens = mark in _FIXED_OPENING
        return Shape(0 if opens else NEVER, NEVER if opens else 0, 60, True)
    if family == SINGLE:
        return _single_shape(mark, around)
    return _double_shape(mark, around, reversed_angles and family in (ANGLE, ANGLE_SINGLE))


_EMPTY_PAIRS = frozenset({STRAIGHT * 2, LEFT + RIGHT, LEFT_SINGLE + RIGHT_SINGLE, LEFT_ANGLE + RIGHT_ANGLE})


def is_empty_pair(run: str, around: Surroundings) -> bool:
    """Whether two marks side by side are a pair around nothing, as in `x = "";`."""
    left, right = classify(around.before), classify(around.after)
    if left not in (_SPACE, _OPEN):
        return False
    if run == APOSTROPHE * 2:  # before a blank it closes, in text with spaced Penn Treebank marks
        return right in (_STOP, _CLOSE)
    return run in _EMPTY_PAIRS and right in (_SPACE, _STOP, _CLOSE, _OPEN)


def _double_shape(mark: str, around: Surroundings, turned: bool) -> Shape:
    left, right = classify(around.before), classify(around.after)
    as_opening, as_closing = _DIRECTION.get(mark, (0, 0))
    if turned:
        as_opening, as_closing = as_closing, as_opening
    opening = _OPENING.get((left, right), _MISFIT)
    closing = _closing_cost(left, right)
    if as_closing and closing == _MISFIT:
        closing += 30  # “ that is turned and glued to the next word
    if (left, right) == (_STOP, _WORD) and around.word_after[:1].isupper() and around.before in ".!?…":
        opening, closing = 15, 15
    if mark == RIGHT and (left, right) == (_SPACE, _WORD) and classify(around.last) == _STOP:
        closing = 25  # a slipped space: they prefer a horse, ”said Manuel
    if opening + as_opening > 30 and as_opening and right == _SPACE:
        opening += 40  # Home » News » Island
    if not around.last and mark == RIGHT_ANGLE and not turned:
        return Shape(opening + as_opening, closing, 5, False)  # » Item of a list
    begins = _begins_utterance(around, left)
    if around.measured:
        return Shape(_MISFIT, closing + as_closing, 5, True)  # 40°26'46"N
    if around.before.isdigit() and right in (_SPACE, _STOP, _CLOSE) and mark in (STRAIGHT, RIGHT, "''"):
        return Shape(opening + as_opening, closing + as_closing, 15, True)  # 12" pipe
    if opening + as_opening <= closing + as_closing:
        neither = 80 if not around.last else 60 if begins else 35
    else:
        begins = left in (_STOP, _DASH)
        neither = 60 if begins else 40
    return Shape(opening + as_opening, closing + as_closing, neither, begins)


def _begins_utterance(around: Surroundings, left: str) -> bool:
    """Whether an utterance may begin here: at the start, or after a stop, a dash, a bracket or another mark."""
    return not around.last or left in (_OPEN, _DASH) or classify(around.last) in (_STOP, _DASH, _CLOSE, _OTHER)


_DECADE = regex.compile(r"\d\d(?:s|er|ers)?(?!\d)", regex.IGNORECASE)  # ’90s, ’08
_DROPPED_G = regex.compile(r".+in$")  # goin’, mo’nin’
_SINGLE_OPENING = {
    APOSTROPHE: (2, 25),
    LEFT_SINGLE: (0, 25),
    LOW_SINGLE: (0, 40),
    REVERSED_SINGLE: (0, 25),
    RIGHT_SINGLE: (_TURNED, 10),
    "`": (5, 10),
}
"""Cost of opening and of leaving out a single mark that stands before a word."""


@cache
def _elisions() -> tuple[frozenset[str], frozenset[str]]:
    """Words whose start is dropped, and words whose end is, without their apostrophe."""
    entries = load_lexicon("elisions")
    initial = {entry[1:] for entry in entries if entry.startswith(RIGHT_SINGLE)}
    final = {entry[:-1] for entry in entries if entry.endswith(RIGHT_SINGLE)}
    return frozenset(initial), frozenset(final)


def _single_shape(mark: str, around: Surroundings) -> Shape:
    left, right = classify(around.before), classify(around.after)
    if left in (_SPACE, _OPEN) or (left == _DASH and right == _WORD):
        if right == _SPACE:
            return Shape(25, 15 if mark != LEFT_SINGLE else 40, 15, False)
        if right in (_WORD, _UNSPACED, _OPEN, _OTHER) or around.after in ".…-–—¿¡":
            return _single_before_word(mark, around, left)
        return Shape(40, 20, 15, False)
    if right in (_SPACE, _STOP, _DASH, _CLOSE, _OPEN):
        return _single_after_word(mark, around, left, right)
    return _single_between(mark, left, right)


def _single_before_word(mark: str, around: Surroundings, left: str) -> Shape:
    opening, neither = _SINGLE_OPENING[mark]
    begins = _begins_utterance(around, left)
    if not around.last and mark in (APOSTROPHE, LEFT_SINGLE):
        neither = 40
    word = around.word_after.lower()
    if word in _elisions()[0] or _DECADE.match(word):
        opening += 10 if around.last else 0
        neither = 5 if mark == LEFT_SINGLE else 0
    if left == _DASH:
        opening += 5
    # ’ glued to the next word by a slipped space: they prefer a horse, ’said Manuel
    slipped = classify(around.last) == _STOP and left == _SPACE and mark in (APOSTROPHE, RIGHT_SINGLE)
    return Shape(opening, 35 if slipped else _MISFIT, neither, begins)


def _single_after_word(mark: str, around: Surroundings, left: str, right: str) -> Shape:
    turned = _TURNED if mark in (LEFT_SINGLE, REVERSED_SINGLE) else NEVER if mark in (LOW_SINGLE, "`") else 0
    opening = 30 if mark == LEFT_SINGLE and left != _WORD else NEVER
    if left == _STOP:
        return Shape(opening, turned, 50, True)
    if left == _DASH:
        return Shape(opening, turned + 2, 30, True)
    if left != _WORD:
        return Shape(opening, turned, 25, False)
    word = around.word_before.lower()
    if around.before.isdigit():  # 5' tall; but also ‘in 1990’
        closing, neither = (8, 5) if mark == APOSTROPHE else (5, 15)
    elif word in _elisions()[1] or _DROPPED_G.match(word):
        closing, neither = 8, 0
    elif word.endswith(("s", "z", "x")):  # the officers’ cars; ‘the Beatles’ were
        closing, neither = (10, 5) if right == _SPACE and around.after else (5, 12)
    else:
        closing, neither = 2, 20
    return Shape(opening, turned + closing, neither, False)


def _single_between(mark: str, left: str, right: str) -> Shape:
    """A single mark with something glued to it on both sides."""
    if left in (_STOP, _CLOSE, _UNSPACED) or right == _UNSPACED:
        opening = {LEFT_SINGLE: 5, LOW_SINGLE: 0, REVERSED_SINGLE: 5, APOSTROPHE: 20}.get(mark, NEVER)
        closing = {RIGHT_SINGLE: 10, APOSTROPHE: 15, LEFT_SINGLE: 40}.get(mark, NEVER)
        return Shape(opening, closing, 30, True)
    return Shape(30 if mark == LEFT_SINGLE else 40, 40, 10, False)
