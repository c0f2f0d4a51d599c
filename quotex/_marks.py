"""Quotation marks: which pairs of marks enclose which words, by the marks alone and without any model."""

from __future__ import annotations

import attrs

from quotex._mark_pairs import MAX_DEPTH, Action, Step, pair
from quotex._mark_paragraphs import split_paragraphs
from quotex._mark_shapes import ANGLE
from quotex._mark_tokens import Token, find_tokens, has_reversed_angles
from quotex._types import Note, Span

__all__ = ["MAX_DEPTH", "Marked", "Marks", "find_marks"]


@attrs.frozen(kw_only=True)
class Marked:
    """One pairing of quotation marks.

    Attributes:
        segments: The stretches between the marks, marks and blanks at the ends left out; more than one where the mark
            is reopened on each paragraph. Never empty.
        extent: From the first opening mark to the last closing mark, both included; where one of them is missing, from
            the start or to the end of its paragraph.
        opening: The opening mark as written; empty where it is missing.
        children: Marked spans nested inside, in reading order, at most `MAX_DEPTH` levels in all.
        complete: `False` where the opening or the closing mark is missing in the text and was inferred.
    """

    segments: tuple[Span, ...]
    extent: Span
    opening: str
    children: tuple[Marked, ...] = ()
    complete: bool = True


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
    """Pair the quotation marks of a text.

    Each mark may open, close, or be something else: an apostrophe, inches, a slip. The characters around it make each
    of these more or less likely, and each paragraph gets the reading that needs the fewest excuses. A mark that is
    never closed spoils at most its own paragraph. The time is linear in the length of the text.

    >>> marks = find_marks("“It leaks,” she said, “and the ‘new’ roof is worse.”")
    >>> [marked.segments[0].text for marked in marks.marked]
    ['It leaks,', 'and the ‘new’ roof is worse.']
    >>> marks.marked[1].children[0].extent
    Span(start_char=31, end_char=36, text='‘new’')
    """
    paragraphs = split_paragraphs(text)
    reversed_angles = has_reversed_angles(text)
    tokens = (find_tokens(text, start, end, reversed_angles=reversed_angles) for start, end in paragraphs)
    builder = _Builder(text, paragraphs)
    for step in pair(tokens):
        builder.apply(step)
    return builder.finish()


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
