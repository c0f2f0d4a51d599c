"""Block quotations: paragraphs behind `>` as in Markdown and e-mails, and indented ones below a lead-in."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

import regex

from quotex._layout import DASH, Form, SetOff, ends_sentence, trimmed
from quotex._lexicon import load_lexicon
from quotex._mark_paragraphs import Line
from quotex._verbs import verb_forms

_NO_WORDS = regex.compile(
    r"""
      \#            # a heading
    | [-+*•][ ]     # an item of a list
    | \d+[.)][ ]    # an item of a numbered list
    | [|{}<]        # a table, code
    | ```
    | !?\[          # [!NOTE], an image, a link
    | [\p{So}\N{VARIATION SELECTOR-16}] | :\p{L}++(?:_\p{L}++)*+:[ ]  # a warning sign, as a character or as :warning:
    | [*_]{2}[^*_]{1,40}(?: :[*_]{2} | [*_]{2}: | [.!]?[*_]{2}$ )  # **Please note:** the dinner has moved
    | (?P<label>[\p{L}’'\ ]{1,30}):(?=\s|$)  # Note: the dinner has moved
    """,
    regex.VERBOSE,
)
_SIGNATURE = regex.compile(rf"[*_]{{0,2}}(?:{DASH}|[~-])[ ]?(?P<name>[^?!]{{2,100}}+)(?<![.…;:,])$")
_BEGINS = regex.compile(r"[\p{Lu}\p{Lt}\p{Lo}\p{N}¿¡…“‘«(\[]")
_WORDS = regex.compile(r"[\p{L}’'-]+")
_LAST_SENTENCE = regex.compile(r"[^.?!]*+$")
_LONGEST_LEAD = 400


def find_blocks(text: str, lines: Sequence[Line], paragraphs: Sequence[tuple[int, int]]) -> tuple[SetOff, ...]:
    """The block quotations of a text.

    Args:
        text: The text.
        lines: Its lines.
        paragraphs: Its paragraphs.
    """
    if all(line.quoted for line in lines):
        return ()
    return tuple(sorted((*_quoted(text, lines), *_indented(text, lines, paragraphs)), key=lambda one: one.extent))


def _quoted(text: str, lines: Sequence[Line]) -> Iterator[SetOff]:
    """Blocks of lines behind `>`; one goes on over an empty line unless it has been signed."""
    block: list[Line] = []
    before: Line | None = None
    for line in lines:
        if block and (line.quoted != 1 or _parted(text, block, line)):
            yield from _block(text, block)
            block = []
        # a sign that begins a line inside a sentence is that of a comparison, or of a tag of HTML
        inside = before is not None and line.breaks == 1 and not ends_sentence(text[before.start : before.end])
        if line.quoted and (block or not inside):
            block.append(line)
        before = line
    if block:
        yield from _block(text, block)


def _parted(text: str, block: Sequence[Line], line: Line) -> bool:
    """Whether a quoted line begins a block of its own: behind a line without `>` and a signature, or with a note."""
    if line.breaks == 1:
        return False
    if _NO_WORDS.match(text, line.words, line.end) is not None:
        return _signature(text, line) is None
    between = text[block[-1].end : line.start]
    return ">" not in between and _signature(text, block[-1]) is not None


def _signature(text: str, line: Line) -> tuple[int, int] | None:
    found = _SIGNATURE.match(text, line.words, line.end)
    if found is None:
        return None
    parts = trimmed(text, *found.span("name"))
    return parts[0] if parts else None


def _block(text: str, block: Sequence[Line]) -> Iterator[SetOff]:
    source = _signature(text, block[-1]) if len(block) > 1 else None
    lines = block if source is None else block[:-1]
    if any(line.quoted > 1 or text.find("</", line.words, line.end) >= 0 for line in lines):
        return
    if not _is_prose(text, lines[0]):
        return
    segments = [part for line in lines for part in trimmed(text, line.words, line.end)]
    if segments and (source is not None or ends_sentence(text[slice(*segments[-1])])):
        yield SetOff(form=Form.BLOCK, segments=tuple(segments), extent=(segments[0][0], segments[-1][1]), source=source)


def _is_prose(text: str, line: Line) -> bool:
    """Whether a block begins as somebody's words do, not as a note, a list or code does."""
    found = _NO_WORDS.match(text, line.words, line.end)
    if found is None:
        return True
    label = found["label"]
    return label is not None and label.casefold() not in load_lexicon("note_labels")


def _indented(text: str, lines: Sequence[Line], paragraphs: Sequence[tuple[int, int]]) -> Iterator[SetOff]:
    """Indented paragraphs below a line that leads in with a word of saying and a colon."""
    starts = [start for start, _ in paragraphs]
    place = 1
    while place < len(lines):
        lead, first = lines[place - 1], lines[place]
        end = place + 1
        if first.deep and not lead.deep and not first.quoted:
            while end < len(lines) and lines[end].deep:
                end += 1
            begins = starts[bisect_right(starts, lead.start) - 1]
            region = (first.start, lines[end - 1].end)
            if _leads_in(text, max(begins, lead.end - _LONGEST_LEAD), lead) and not _NO_WORDS.match(text, *region):
                # the last of them may go on in a line that is not indented
                inside = paragraphs[bisect_left(starts, region[0]) : bisect_right(starts, region[1])]
                segments = [part for pair in inside if pair[1] <= region[1] for part in trimmed(text, *pair)]
                if segments and _is_written(text[segments[0][0] : segments[-1][1]]):
                    yield SetOff(form=Form.BLOCK, segments=tuple(segments), extent=(segments[0][0], segments[-1][1]))
        place = end


def _is_written(words: str) -> bool:
    """Whether words are prose, not code: they begin with a capital or in marks and end as a sentence does."""
    return _BEGINS.match(words) is not None and ends_sentence(words)


def _leads_in(text: str, start: int, line: Line) -> bool:
    """Whether a line ends in a colon and its sentence, looked at from `start` on, has a word of saying."""
    if text[line.end - 1] != ":" or text.endswith("::", line.start, line.end):
        return False
    sentence = _LAST_SENTENCE.search(text, start, line.end)
    assert sentence is not None
    saying = verb_forms("speech_verbs").keys() | verb_forms("writing_verbs").keys() | load_lexicon("statement_nouns")
    return any(word[0].casefold() in saying for word in _WORDS.finditer(sentence[0]))
