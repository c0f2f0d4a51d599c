"""Block quotations: paragraphs behind `>` as in Markdown and e-mails, and indented ones below a lead-in."""

from __future__ import annotations

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
    | [*_]{2}[^*_]{1,40}(?: :[*_]{2} | [*_]{2}: | [.!]?[*_]{2}$ )  # **Please note:** the dinner has moved
    | (?P<label>[\p{L}’'\ ]{1,30}):(?=\s|$)  # Note: the dinner has moved
    """,
    regex.VERBOSE,
)
_SIGNATURE = regex.compile(rf"[*_]{{0,2}}(?:{DASH}|[~-])[ ]?(?P<name>[^?!]{{2,100}}+)(?<![.…;:,])$")
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
    for line in lines:
        goes_on = line.quoted == 1 and (not _parted(text, block, line) if block else True)
        if block and not goes_on:
            yield from _block(text, block)
            block = []
        if line.quoted:
            block.append(line)
    if block:
        yield from _block(text, block)


def _parted(text: str, block: Sequence[Line], line: Line) -> bool:
    """Whether a quoted line begins a block of its own: behind a line without `>` and a signature, or with a note."""
    if _NO_WORDS.match(text, line.words, line.end) is not None:
        return _signature(text, line) is None
    between = text[block[-1].end : line.start]
    return ">" not in between and line.breaks > 1 and _signature(text, block[-1]) is not None


def _signature(text: str, line: Line) -> tuple[int, int] | None:
    found = _SIGNATURE.match(text, line.words, line.end)
    if found is None:
        return None
    parts = trimmed(text, *found.span("name"))
    return parts[0] if parts else None


def _block(text: str, block: Sequence[Line]) -> Iterator[SetOff]:
    source = _signature(text, block[-1]) if len(block) > 1 else None
    lines = block if source is None else block[:-1]
    if any(line.quoted > 1 for line in lines) or not _is_prose(text, lines[0]):
        return
    segments = [part for line in lines for part in trimmed(text, line.words, line.end)]
    if segments and (source is not None or ends_sentence(text[slice(*segments[-1])])):
        yield SetOff(
            form=Form.BLOCK, segments=tuple(segments), extent=(segments[0][0], segments[-1][1]), source=source
        )


def _is_prose(text: str, line: Line) -> bool:
    """Whether a block begins as somebody's words do, not as a note, a list or code does."""
    found = _NO_WORDS.match(text, line.words, line.end)
    if found is None:
        return True
    label = found["label"]
    return label is not None and label.casefold() not in load_lexicon("note_labels")


def _indented(text: str, lines: Sequence[Line], paragraphs: Sequence[tuple[int, int]]) -> Iterator[SetOff]:
    """Indented paragraphs below a line that leads in with a word of saying and a colon."""
    place = 1
    while place < len(lines):
        lead, first = lines[place - 1], lines[place]
        end = place + 1
        if first.deep and not lead.deep and not first.quoted:
            while end < len(lines) and lines[end].deep:
                end += 1
            region = (first.start, lines[end - 1].end)
            if _leads_in(text, lead, paragraphs) and _NO_WORDS.match(text, *region) is None:
                inside = [pair for pair in paragraphs if region[0] <= pair[0] and pair[1] <= region[1]]
                segments = [part for pair in inside for part in trimmed(text, *pair)]
                if segments:
                    yield SetOff(
                        form=Form.BLOCK, segments=tuple(segments), extent=(segments[0][0], segments[-1][1])
                    )
        place = end


def _leads_in(text: str, line: Line, paragraphs: Sequence[tuple[int, int]]) -> bool:
    if text[line.end - 1] != ":":
        return False
    start = next((start for start, end in paragraphs if start <= line.start and line.end <= end), line.start)
    sentence = _LAST_SENTENCE.search(text, max(start, line.end - _LONGEST_LEAD), line.end)
    assert sentence is not None
    saying = verb_forms("speech_verbs").keys() | verb_forms("writing_verbs").keys() | load_lexicon("statement_nouns")
    return any(word[0].casefold() in saying for word in _WORDS.finditer(sentence[0]))
