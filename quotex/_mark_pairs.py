"""Pairs the marks of a text: the cheapest reading, found paragraph by paragraph with a short list of rivals.

A reading is a stack of open marks that grows and shrinks from mark to mark. Rivals with the same stack have the same
future, so only the cheapest of them is kept, and of different stacks the `_RIVALS` cheapest: the time is linear.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import Enum, auto
from typing import NamedTuple

from quotex._mark_shapes import (
    ANGLE,
    ANGLE_SINGLE,
    CORNER,
    DOUBLE,
    LEFT,
    LEFT_ANGLE,
    LEFT_SINGLE,
    LOW,
    LOW_SINGLE,
    NEVER,
    RIGHT,
    RIGHT_ANGLE,
    RIGHT_SINGLE,
    SINGLE,
    WHITE_CORNER,
)
from quotex._mark_tokens import Token, as_noise

MAX_DEPTH = 8
"""Deepest nesting that is followed. Deeper opening marks are stray."""

_CROWDED = ((200, 8), (20, 3))
"""A paragraph with over 200 marks and more than one for every 8 characters is not prose, nor is one with over 20 and
more than one for every 3, unless all of them pair without a doubt."""
_DOUBTFUL = 10
_RIVALS = 12
_HOPELESS = 120
_HOPELESS_AT_END = 40
"""A reading this far behind the best one is dropped: within a paragraph it takes more than two faults of the text to
catch up, and from one paragraph to the next one fault too many is enough. A text without faults has no rivals then."""
_UNCLOSED = {DOUBLE: 50, SINGLE: 30, ANGLE: 50, ANGLE_SINGLE: 40, CORNER: 40, WHITE_CORNER: 40}
_SAME_INSIDE = {DOUBLE: 45, SINGLE: 45, ANGLE: 20, ANGLE_SINGLE: 45, CORNER: 10, WHITE_CORNER: 10}
"""Cost of opening a mark right inside one of its own family."""
_QUOTED_WORD = 10
"""Taken off that where it happens in the middle of a clause, as it does to a single word."""
_UNOPENED = 50
_WEAKLY_OPENED = 15
"""Added where an unclosed quotation is given up for an opening mark in the middle of a clause."""
_INSIDE = 5
"""Added for a stray mark inside a quotation: of two closing marks the first is taken."""
_CONTINUED = 5
_CARRIED = {DOUBLE: 35, SINGLE: 30, ANGLE: 35, ANGLE_SINGLE: 35, CORNER: 10, WHITE_CORNER: 10}
"""Cost of an open mark that goes on over the end of a paragraph without being repeated, as around a letter or verse.
It is under half of what an unclosed and an unopened quotation cost, so it holds over two paragraph ends at most; corner
brackets cannot be mistaken and may go on for longer."""
_FAR = 50
_FAR_CLOSING = 35
"""Added when a single mark that looks like an apostrophe closes over more than 50 characters; less where it looks less
like one."""


class Action(Enum):
    """What a step of a reading does with a mark."""

    SKIP = auto()
    """The mark is left out."""
    OPEN = auto()
    CLOSE = auto()
    """The mark closes an open one; those opened since are given up."""
    RESTART = auto()
    """The innermost open mark is given up and this one opens."""
    UNOPENED = auto()
    """The mark closes what began, without a mark, at the start of its paragraph."""
    REOPEN = auto()
    """The mark repeats an open one at the start of a paragraph."""
    END = auto()
    """The paragraph ends: the innermost open marks are given up, down to a number that go on."""


class Step(NamedTuple):
    """One step.

    Attributes:
        action: What is done.
        paragraph: Number of the paragraph.
        token: The mark; `None` for `Action.END`.
        which: For `CLOSE`, how many open marks are given up first; for `END`, how many stay open; for `REOPEN`, which
            open mark is repeated, 0 being the outermost.
    """

    action: Action
    paragraph: int
    token: Token | None
    which: int


class _Chain(NamedTuple):
    """A step and those before it."""

    step: Step
    before: _Chain | None


class _Open(NamedTuple):
    family: str
    mark: str
    carried: bool = False  # it went on over the last paragraph end without being repeated


_Stack = tuple[_Open, ...]


class _Reading(NamedTuple):
    cost: int
    starts: tuple[int, ...]  # offset of each open mark: decides nothing but how far a closing mark reaches
    chain: _Chain | None


_Readings = dict[_Stack, _Reading]
_NOTHING_OPEN: _Readings = {(): _Reading(0, (), None)}


def pair(paragraphs: Iterable[Sequence[Token]]) -> Iterator[Step]:
    """The steps of the cheapest reading, in order. `paragraphs` holds the marks of each paragraph."""
    waiting: _Readings = _NOTHING_OPEN
    number = -1
    for number, given in enumerate(paragraphs):
        clean = _read_clean(number, given)
        tokens = (as_noise(given),) if clean is None and _is_crowded(given) else given
        readings = _end_paragraph(waiting, number - 1, tokens)
        if len(readings) > 1:
            waiting = _read_paragraph(readings, number, tokens)
            continue
        yield from _unwind(readings[()].chain)
        if clean is None:
            waiting = _read_paragraph(_NOTHING_OPEN, number, tokens)
        else:
            yield from clean
            waiting = _NOTHING_OPEN
    yield from _unwind(_end_paragraph(waiting, number, ())[()].chain)


def _is_crowded(tokens: Sequence[Token]) -> bool:
    """Whether a paragraph has too many marks to be prose."""
    if not tokens:
        return False
    length = tokens[-1].end - tokens[0].start
    return any(len(tokens) > least and len(tokens) * share > length for least, share in _CROWDED)


def _read_clean(number: int, tokens: Sequence[Token]) -> list[Step] | None:
    """The reading of a paragraph in which every mark does what is cheapest for it; `None` where that does not come out.

    No other reading can be cheaper, and most paragraphs have this one: the search is for the rest.
    """
    steps: list[Step] = []
    stack: list[tuple[Token, _Open]] = []
    for token in tokens:
        opening, closing, neither, _ = token.shape
        cheapest = min(opening, closing, neither)
        if neither == cheapest or _stands_alone(token, tokens):
            steps.append(Step(Action.SKIP, number, token, 0))
        elif cheapest > _DOUBTFUL:
            return None
        elif opening == cheapest:
            if len(stack) == MAX_DEPTH or (stack and stack[-1][1].family == token.family):
                return None
            steps.append(Step(Action.OPEN, number, token, 0))
            stack.append((token, _Open(token.family, token.mark)))
        else:
            if not stack or _closing_extra(stack[-1][1], token, stack[-1][0].start) != 0:
                return None
            steps.append(Step(Action.CLOSE, number, token, 0))
            stack.pop()
    return None if stack else steps


def _stands_alone(token: Token, tokens: Sequence[Token]) -> bool:
    """Whether a mark is all of its paragraph."""
    return len(tokens) == 1 and token.leads and token.shape.opening >= 50


def _unwind(chain: _Chain | None) -> Iterator[Step]:
    steps: list[Step] = []
    while chain is not None:
        steps.append(chain.step)
        chain = chain.before
    return reversed(steps)


def _end_paragraph(readings: _Readings, number: int, following: Sequence[Token]) -> _Readings:
    """Each reading closed at the end of paragraph `number`, or carried on where the next one repeats its marks."""
    ended: _Readings = {}
    for stack, reading in readings.items():
        for kept in range(_repeated(stack, following) + 1):
            cost = reading.cost + sum(_UNCLOSED[mark.family] for mark in stack[kept:]) + (_CONTINUED if kept else 0)
            chain = _Chain(Step(Action.END, number, None, kept), reading.chain) if stack else reading.chain
            _offer(ended, _mark_carried(stack[:kept], False), _Reading(cost, reading.starts[:kept], chain))
        if stack:
            cost = reading.cost + sum(_CARRIED[mark.family] for mark in stack)
            chain = _Chain(Step(Action.END, number, None, len(stack)), reading.chain)
            _offer(ended, _mark_carried(stack, True), _Reading(cost, (-_FAR,) * len(stack), chain))
    return {(): ended[()]} | _prune(ended, _HOPELESS_AT_END)


def _mark_carried(stack: _Stack, carried: bool) -> _Stack:
    return tuple(mark if mark.carried == carried else mark._replace(carried=carried) for mark in stack)


def _repeated(stack: _Stack, following: Sequence[Token]) -> int:
    """How many open marks, from the outermost, the next paragraph begins with."""
    count = 0
    if stack and stack[0].carried:
        return 0  # whoever leaves the mark out on one paragraph does not repeat it on the next
    for mark, token in zip(stack, following, strict=False):
        if not token.leads or token.family != mark.family or not _may_reopen(mark, token):
            break
        count += 1
    return count


def _may_reopen(mark: _Open, token: Token) -> bool:
    """French repeats « or », others the opening mark; it may also be written in another style of its family."""
    if mark.mark == LEFT_ANGLE and token.mark == RIGHT_ANGLE:
        return True
    return token.shape.opening < 20 or (token.mark == mark.mark and token.family not in (ANGLE, ANGLE_SINGLE))


def _read_paragraph(readings: _Readings, number: int, tokens: Sequence[Token]) -> _Readings:
    """The readings after all marks of a paragraph. Those with open marks first take the marks that repeat them."""
    arriving: dict[int, list[tuple[_Stack, _Reading]]] = {}
    for stack, reading in readings.items():
        repeated = 0 if stack and stack[0].carried else len(stack)
        chain, starts = reading.chain, reading.starts
        if repeated:
            for depth, token in enumerate(tokens[:repeated]):
                chain = _Chain(Step(Action.REOPEN, number, token, depth), chain)
            starts = tuple(token.start for token in tokens[:repeated])
        arriving.setdefault(repeated, []).append((stack, _Reading(reading.cost, starts, chain)))
    current: _Readings = {}
    seen_double = False
    for index in range(len(tokens) + 1):
        for stack, reading in arriving.pop(index, ()):
            _offer(current, stack, reading)
        if index < len(tokens):
            token = tokens[index]
            current = _advance(current, number, token, first=not seen_double)
            seen_double = seen_double or token.family in (DOUBLE, ANGLE, CORNER)
    return current


def _offer(readings: _Readings, stack: _Stack, reading: _Reading) -> None:
    rival = readings.get(stack)
    if rival is None or reading.cost < rival.cost:
        readings[stack] = reading


def _advance(readings: _Readings, number: int, token: Token, *, first: bool) -> _Readings:
    """Every reading with every use of one more mark, pruned."""
    result: _Readings = {}
    for stack, (cost, starts, chain) in readings.items():
        skipped = cost + token.shape.neither + (_INSIDE if stack and token.shape.neither else 0)
        result[stack] = _Reading(skipped, starts, _Chain(Step(Action.SKIP, number, token, 0), chain))
    if not token.family:
        return result
    opened = _Open(token.family, token.mark)
    for stack, (cost, starts, chain) in readings.items():
        if token.shape.opening < NEVER:
            _offer_openings(result, stack, _Reading(cost, starts, chain), Step(Action.OPEN, number, token, 0), opened)
        if token.shape.closing < NEVER:
            dropped = 0
            for depth in range(len(stack) - 1, -1, -1):
                extra = _closing_extra(stack[depth], token, starts[depth])
                if extra is not None:
                    closed = cost + dropped + token.shape.closing + extra
                    step = Step(Action.CLOSE, number, token, len(stack) - 1 - depth)
                    _offer(result, stack[:depth], _Reading(closed, starts[:depth], _Chain(step, chain)))
                dropped += _UNCLOSED[stack[depth].family]
        if not stack and first and _may_be_unopened(token):
            step = Step(Action.UNOPENED, number, token, 0)
            _offer(result, (), _Reading(cost + _UNOPENED + token.shape.closing, (), _Chain(step, chain)))
    return _prune(result)


def _prune(readings: _Readings, margin: int = _HOPELESS) -> _Readings:
    limit = min(reading.cost for reading in readings.values()) + margin
    kept = {stack: reading for stack, reading in readings.items() if reading.cost <= limit}
    if len(kept) <= _RIVALS:
        return kept
    return dict(sorted(kept.items(), key=lambda item: item[1].cost)[:_RIVALS])


def _offer_openings(result: _Readings, stack: _Stack, reading: _Reading, step: Step, opened: _Open) -> None:
    cost, starts, chain = reading
    assert step.token is not None
    token = step.token
    if len(stack) < MAX_DEPTH:
        inside = 0
        if stack and stack[-1].family == token.family:
            inside = _SAME_INSIDE[token.family] - (0 if token.shape.strong else _QUOTED_WORD)
        opening = _Reading(cost + token.shape.opening + inside, (*starts, token.start), _Chain(step, chain))
        _offer(result, (*stack, opened), opening)
    if stack and stack[-1].family == token.family:
        given_up = _UNCLOSED[token.family] - 5 + (0 if token.shape.strong else _WEAKLY_OPENED)
        restart = step._replace(action=Action.RESTART)
        total = cost + token.shape.opening + given_up
        _offer(result, (*stack[:-1], opened), _Reading(total, (*starts[:-1], token.start), _Chain(restart, chain)))


def _may_be_unopened(token: Token) -> bool:
    return token.family in (DOUBLE, ANGLE, CORNER) and token.shape.strong and token.shape.closing < token.shape.opening


_CLOSERS = {
    LOW: {LEFT: -30, RIGHT: 0},  # „Er geht“, „On idzie”: the turned mark is the right one here
    LOW_SINGLE: {LEFT_SINGLE: -30, RIGHT_SINGLE: 0},
    RIGHT: {RIGHT: -15},  # ”Han går”, Swedish and Finnish
    RIGHT_SINGLE: {RIGHT_SINGLE: -10},
    RIGHT_ANGLE: {RIGHT_ANGLE: -15, LEFT_ANGLE: 0},  # »Han går»
    LEFT_ANGLE: {RIGHT_ANGLE: 0},
}
_OTHER_CLOSER = 5


def _closing_extra(opening: _Open, token: Token, start: int) -> int | None:
    """Added cost of closing `opening` with this mark; `None` where they never pair."""
    if opening.family != token.family or (opening.carried and not token.shape.strong):
        return None
    extra = _CLOSERS.get(opening.mark, {}).get(token.mark, _OTHER_CLOSER if opening.mark in _CLOSERS else 0)
    if opening.family == SINGLE and not token.shape.strong and token.start - start > _FAR:
        extra += max(0, _FAR_CLOSING - 2 * token.shape.neither)
    return extra
