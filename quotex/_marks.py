"""Which words the marks and the layout of a text set off as somebody's, by these alone and without any model."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

import attrs

from quotex._layout import Form, SetOff
from quotex._layout_blocks import find_blocks
from quotex._layout_dashes import find_dashes
from quotex._layout_turns import find_labels, find_turns
from quotex._mark_pairs import MAX_DEPTH, Action, Step, pair
from quotex._mark_paragraphs import join_lines, split_lines
from quotex._mark_shapes import ANGLE
from quotex._mark_tokens import Token, find_tokens, has_reversed_angles
from quotex._types import Note, Span

__all__ = ["MAX_DEPTH", "Marked", "Marks", "find_marks"]


@attrs.frozen(kw_only=True)
class Marked:
    """One pairing of quotation marks, or words that the layout sets off in their place.

    Attributes:
        segments: The stretches between the marks, marks and blanks at the ends left out; more than one where the mark
            is reopened on each paragraph. Never empty.
        extent: From the first opening mark to the last closing mark, both included; where one of them is missing, from
            the start or to the end of its paragraph. Without marks, from the first word to the last.
        opening: The opening mark or dash as written; empty where it is missing.
        children: Marked spans nested inside, in reading order, at most `MAX_DEPTH` levels of marks in all.
        complete: `False` where the opening or the closing mark is missing in the text and was inferred.
        form: What sets the words off.
        source: The label before them or the signature below them, where the layout has one.
        resumes: Whether they go on with the words before, which the narrator interrupted between dashes.
    """

    segments: tuple[Span, ...]
    extent: Span
    opening: str
    children: tuple[Marked, ...] = ()
    complete: bool = True
    form: Form = Form.MARKS
    source: Span | None = None
    resumes: bool = False


@attrs.frozen(kw_only=True)
class Marks:
    """All marked spans of a text.

    Attributes:
        marked: The outermost ones, in reading order, never overlapping.
        notes: What was seen and left out (`unclosed-quote`, `unopened-quote`, `stray-mark`, `empty-quote`), in reading
            order. Stray marks with nothing but blanks between them share one note.
        paragraphs: The paragraphs of the text: stretches between the line breaks that end a paragraph, trimmed.
    """

    marked: tuple[Marked, ...]
    notes: tuple[Note, ...]
    paragraphs: tuple[Span, ...]


def find_marks(text: str) -> Marks:
    """Pair the quotation marks of a text and find the words that its layout sets off.

    Each mark may open, close, or be something else: an apostrophe, inches, a slip. The characters around it make each
    of these more or less likely, and each paragraph gets the reading that needs the fewest excuses. A mark that is
    never closed spoils at most its own paragraph. The time is linear in the length of the text.

    Turns of a transcript, block quotations and dialogue with dashes are marked spans too, with the marks inside them as
    their children. Where marks and layout contradict each other, the marks are right.

    >>> marks = find_marks("“It leaks,” she said, “and the ‘new’ roof is worse.”")
    >>> [marked.segments[0].text for marked in marks.marked]
    ['It leaks,', 'and the ‘new’ roof is worse.']
    >>> marks.marked[1].children[0].extent
    Span(start_char=31, end_char=36, text='‘new’')
    """
    lines = split_lines(text)
    labels = find_labels(text, lines)
    paragraphs = join_lines(text, lines, {label.line for label in labels})
    reversed_angles = has_reversed_angles(text)
    tokens = (find_tokens(text, start, end, reversed_angles=reversed_angles) for start, end in paragraphs)
    builder = _Builder(text, paragraphs)
    for step in pair(tokens):
        builder.apply(step)
    marks = builder.finish()
    turns = find_turns(text, paragraphs, labels)
    found = _united(turns, find_blocks(text, lines, paragraphs))
    found = _united(found, find_dashes(text, paragraphs))
    marked = tuple(_without_crossing(marks.marked, turns))
    return attrs.evolve(marks, marked=tuple(_merged(text, marked, found))) if found else marks


def _united(found: Sequence[SetOff], others: Sequence[SetOff]) -> tuple[SetOff, ...]:
    """What was found and those of the others that overlap nothing of it, in reading order."""
    ends = [one.extent[1] for one in found]
    free: list[SetOff] = []
    for other in others:
        place = bisect_right(ends, other.extent[0])
        if place == len(found) or other.extent[1] <= found[place].extent[0]:
            free.append(other)
    return tuple(sorted((*found, *free), key=lambda one: one.extent))


def _without_crossing(marked: Sequence[Marked], turns: Sequence[SetOff]) -> Iterator[Marked]:
    """Pairings of marks, those left out that run over a label: somebody else's words never stand in the same marks."""
    starts, ends = [turn.extent[0] for turn in turns], [turn.extent[1] for turn in turns]
    for one in marked:
        start, end = one.extent.start_char, one.extent.end_char
        # the first turn that begins inside the pairing, and the one that the pairing begins in
        begins, around = bisect_right(starts, start), bisect_right(ends, start)
        over = begins < len(turns) and starts[begins] < end
        out = around < len(turns) and starts[around] <= start and end > ends[around]
        if over or out:
            yield from _without_crossing(one.children, turns)
        else:
            yield one


def _merged(text: str, marked: Sequence[Marked], found: Sequence[SetOff]) -> Iterator[Marked]:
    """Pairings of marks and what the layout sets off, in reading order, the pairings inside it nested in it."""
    place = 0
    for one in found:
        while place < len(marked) and marked[place].extent.end_char <= one.extent[0]:
            yield marked[place]
            place += 1
        first = place
        while place < len(marked) and marked[place].extent.start_char < one.extent[1]:
            place += 1
        inside = marked[first:place]
        if _is_left_to_marks(text, one, inside):
            place = first
        else:
            yield _set_off(text, one, tuple(inside))
    yield from marked[place:]


def _is_left_to_marks(text: str, one: SetOff, inside: Sequence[Marked]) -> bool:
    """Whether marks already say what is set off: they cross its edges, stand around all of it, or open a block."""
    if not inside:
        return False
    start, end = one.extent
    if inside[0].extent.start_char < start or inside[-1].extent.end_char > end:
        return True
    if one.form is Form.BLOCK and inside[0].extent.start_char == start:
        return True
    edges = [start, *(edge for each in inside for edge in (each.extent.start_char, each.extent.end_char)), end]
    around = (text[left:right] for left, right in zip(edges[::2], edges[1::2], strict=True))
    return not any(character.isalnum() for stretch in around for character in stretch)


def _set_off(text: str, one: SetOff, children: tuple[Marked, ...]) -> Marked:
    def span(pair: tuple[int, int]) -> Span:
        return Span(start_char=pair[0], end_char=pair[1], text=text[slice(*pair)])

    return Marked(
        segments=tuple(map(span, one.segments)),
        extent=span(one.extent),
        opening=one.opening,
        children=children,
        form=one.form,
        source=None if one.source is None else span(one.source),
        resumes=one.resumes,
    )


@attrs.define
class _Draft:
    """A marked span whose end has not come yet: the mark, the finished segments, the start of the current one."""

    token: Token
    begin: int
    segments: list[Span] = attrs.Factory(list)
    children: list[Marked] = attrs.Factory(list)
    repeated: bool = False  # its mark was reopened on a later paragraph


class _Builder:
    """Turns the steps of a reading into marked spans and notes."""

    def __init__(self, text: str, paragraphs: tuple[tuple[int, int], ...]) -> None:
        self._text = text
        self._paragraphs = paragraphs
        self._open: list[_Draft] = []
        self._marked: list[Marked] = []
        self._notes: list[Note] = []
        self._stray: tuple[int, int] | None = None
        self._unclosed_in = self._unclosed = 0

    def apply(self, step: Step) -> None:
        """Take one step; they come in reading order."""
        if step.action is Action.END:
            self._end(step.paragraph, step.which)
            return
        token = step.token
        assert token is not None
        if step.action is Action.SKIP:
            self._skip(token)
        elif step.action is Action.UNOPENED:
            self._unopened(token, step.paragraph)
        elif step.action is Action.REOPEN:
            draft = self._open[step.which]
            draft.begin, draft.repeated = token.end, True
        elif step.action is Action.CLOSE:
            self._give_up(step.which, step.paragraph, token.start)
            self._close(self._open.pop(), token)
        else:
            self._give_up(1 if step.action is Action.RESTART else 0, step.paragraph, token.start)
            self._open.append(_Draft(token, token.end))

    def finish(self) -> Marks:
        """The result after the last step."""
        self._flush_stray()
        notes = sorted(self._notes, key=lambda note: (note.span.start_char, note.span.end_char))
        spans = tuple(self._span(start, end) for start, end in self._paragraphs)
        return Marks(marked=tuple(self._marked), notes=tuple(notes), paragraphs=spans)

    def _span(self, start: int, end: int) -> Span:
        return Span(start_char=start, end_char=end, text=self._text[start:end])

    def _segment(self, start: int, end: int) -> tuple[Span, ...]:
        """The trimmed stretch; none where it is blank."""
        raw = self._text[start:end]
        content = raw.strip()
        if not content:
            return ()
        begin = start + raw.index(content[0])
        return (self._span(begin, begin + len(content)),)

    def _home(self) -> list[Marked]:
        return self._open[-1].children if self._open else self._marked

    def _note(self, code: str, span: Span, message: str) -> None:
        self._notes.append(Note(code=code, span=span, message=message))

    def _close(self, draft: _Draft, token: Token) -> None:
        extent = self._span(draft.token.start, token.end)
        segments = (*draft.segments, *self._segment(draft.begin, token.start))
        if not segments:
            self._note("empty-quote", extent, "There is nothing between these quotation marks.")
            return
        self._add(draft, segments, extent, complete=True)

    def _add(self, draft: _Draft, segments: tuple[Span, ...], extent: Span, *, complete: bool) -> None:
        children = tuple(draft.children)
        marked = Marked(
            segments=segments, extent=extent, opening=draft.token.mark, children=children, complete=complete
        )
        self._home().append(marked)

    def _end(self, paragraph: int, kept: int) -> None:
        end = self._paragraphs[paragraph][1]
        self._give_up(len(self._open) - kept, paragraph, end)
        for draft in self._open:
            draft.segments.extend(self._segment(draft.begin, end))
            draft.begin = self._paragraphs[paragraph + 1][0]

    def _give_up(self, count: int, paragraph: int, until: int) -> None:
        """Drop the innermost open marks, at offset `until` of a paragraph. What was nested in them moves out."""
        for _ in range(count):
            draft = self._open.pop()
            self._note_unclosed(draft, paragraph)
            segments = (*draft.segments, *self._segment(draft.begin, until))
            if draft.repeated and segments:
                # surely a quotation: its last paragraph is taken as far as it goes
                self._add(draft, segments, self._span(draft.token.start, until), complete=False)
            else:
                self._home().extend(draft.children)

    def _note_unclosed(self, draft: _Draft, paragraph: int) -> None:
        if paragraph != self._unclosed_in:
            self._unclosed_in, self._unclosed = paragraph, 0
        self._unclosed += 1
        if self._unclosed <= _UNCLOSED_NOTES:
            span = self._span(draft.begin - len(draft.token.mark), self._paragraphs[paragraph][1])
            self._note("unclosed-quote", span, f"The quotation mark {draft.token.mark} is never closed.")

    def _unopened(self, token: Token, paragraph: int) -> None:
        start = self._paragraphs[paragraph][0]
        inside: list[Marked] = []
        while self._marked and self._marked[-1].extent.end_char > start:
            if self._marked[-1].extent.start_char < start:
                start = self._marked[-1].extent.end_char  # it came over from the paragraph before
            else:
                inside.insert(0, self._marked.pop())
        extent = self._span(start, token.end)
        segments = self._segment(start, token.start)
        self._note("unopened-quote", extent, f"The quotation mark {token.mark} closes what no mark opens.")
        if segments:
            children = tuple(inside)
            marked = Marked(segments=segments, extent=extent, opening="", children=children, complete=False)
            self._marked.append(marked)
        else:
            self._marked.extend(inside)

    def _skip(self, token: Token) -> None:
        if not _is_suspicious(token):
            return
        if self._stray is not None and not self._text[self._stray[1] : token.start].strip():
            self._stray = (self._stray[0], token.end)
            return
        self._flush_stray()
        self._stray = (token.start, token.end)

    def _flush_stray(self) -> None:
        if self._stray is not None:
            self._note("stray-mark", self._span(*self._stray), "No quotation begins or ends at this mark.")
        self._stray = None


_SUSPICIOUS = 25
_UNCLOSED_NOTES = 4
"""Most notes on unclosed quotations in one paragraph. Each spans the rest of it, so their number must be bounded."""


def _is_suspicious(token: Token) -> bool:
    """Whether a mark that was left out deserves a note: apostrophes, feet and inches do not."""
    return token.family in ("", ANGLE) or token.shape.neither >= _SUSPICIOUS
