"""Dialogue with dashes: `— It leaks — said Lee — and badly.`, as books in Spanish or Russian have it, and Joyce's
`—It leaks, said Lee.`

A dash before a paragraph is more often that of a list, so a text has such dialogue only where the narrator reports
between dashes, or where several such paragraphs talk to one another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

import attrs
import regex

from quotex._layout import DASH, Form, SetOff, ends_sentence, is_conversation, trimmed
from quotex._lexicon import load_lexicon
from quotex._verbs import verb_forms

_OPENING = regex.compile(rf"(?P<dash>{DASH})[ \t]*(?=[\p{{L}}\p{{N}}--\p{{Ll}}]|[¿¡…\"'“‘«(\[]|\.\.\.)", regex.VERSION1)
_DASH = regex.compile(DASH)
_TYPEWRITER = "--"
"""Before a paragraph it is as often part of the sentence."""
_CLOSED = regex.compile(r"[.,;:…]*[ \t\r\n]*")
_STOPPED = regex.compile(r"[.,;:]")
_TOKEN = regex.compile(r"[\p{L}\p{M}\p{N}’'\-]+|[^\s\p{L}\p{M}\p{N}]")
_COMMA = regex.compile(r"[,?!…][ \t\r\n]+")
_CLAUSE_END = regex.compile(r"[.,;:](?=\s|$)|$")
_DETERMINERS = regex.compile(r"the|an?|this|that|his|her|their|its|my|our|one|another|some", regex.IGNORECASE)
_PRONOUNS = regex.compile(r"he|she|they|it|someone|somebody|everyone|everybody", regex.IGNORECASE)
_DESCRIBED = 4
"""Words of a description before its verb: `the old ferry captain said`."""
_SHORT_CUE = 7
"""Words of a cue between commas."""
_FEWEST = 3
"""Paragraphs behind dashes that make a dialogue where nobody reports."""


@attrs.frozen
class _Piece:
    """A stretch of words with its dashes.

    Attributes:
        extent: From the opening dash, if any, to the closing one, if any.
        words: The words.
    """

    extent: tuple[int, int]
    words: tuple[int, int]


@attrs.frozen
class _Paragraph:
    """A paragraph that opens with a dash.

    Attributes:
        place: Its number.
        opening: The dash.
        pieces: What is said in it, in order.
        reported: Whether the narrator reports in it.
    """

    place: int
    opening: str
    pieces: tuple[_Piece, ...]
    reported: bool


def find_dashes(text: str, paragraphs: Sequence[tuple[int, int]]) -> tuple[SetOff, ...]:
    """What is said behind dashes, one item for each stretch between what the narrator puts in."""
    found = [one for place, pair in enumerate(paragraphs) if (one := _paragraph(text, place, pair)) is not None]
    if not (any(one.reported for one in found) or _is_dialogue(text, found, paragraphs)):
        return ()
    return tuple(
        SetOff(
            form=Form.DASH,
            segments=(piece.words,),
            extent=piece.extent,
            opening="" if number else one.opening,
            resumes=number > 0,
        )
        for one in found
        for number, piece in enumerate(one.pieces)
    )


def _is_dialogue(text: str, found: Sequence[_Paragraph], paragraphs: Sequence[tuple[int, int]]) -> bool:
    """Whether paragraphs behind dashes talk to one another: several, with a question, and no list below a colon."""
    found = [one for one in found if one.opening != _TYPEWRITER]
    if len(found) < _FEWEST or not any(after.place == before.place + 1 for before, after in pairwise(found)):
        return False
    first = found[0].place
    if first and text[paragraphs[first - 1][1] - 1] == ":":
        return False
    stretches = [text[slice(*paragraphs[one.place])] for one in found]
    return any("?" in stretch for stretch in stretches) and is_conversation(stretches)


def _paragraph(text: str, place: int, bounds: tuple[int, int]) -> _Paragraph | None:
    start, end = bounds
    opening = _OPENING.match(text, start, end)
    if opening is None or not ends_sentence(text[start:end]):
        return None
    between = _between_dashes(text, start, opening.end(), end)
    pieces = tuple(between if len(between) > 1 or between[0].extent[1] < end else _between_commas(text, between[0]))
    reported = len(pieces) > 1 or pieces[0].extent[1] < end
    pieces = tuple(piece for piece in pieces if piece.words[0] < piece.words[1])
    return _Paragraph(place, opening["dash"], pieces, reported) if pieces else None


def _piece(text: str, extent: tuple[int, int], start: int, end: int) -> _Piece:
    parts = trimmed(text, start, end)
    return _Piece(extent, parts[0] if parts else (start, start))


def _between_dashes(text: str, begin: int, start: int, end: int) -> list[_Piece]:
    """The words of a paragraph without what the narrator puts in between dashes."""
    pieces: list[_Piece] = []
    dashes = list(_DASH.finditer(text, start, end))
    number = 0
    while number < len(dashes):
        dash = dashes[number]
        after = dashes[number + 1] if number + 1 < len(dashes) else None
        inserted = text[dash.end() : end if after is None else after.start()]
        # a stop right behind its closing dash shows an insertion whatever it says: `—Ana stood up—. Come.`
        stopped = after is not None and _STOPPED.match(text, after.end(), end) is not None
        if not (stopped or _reports(inserted)):
            number += 1
            continue
        pieces.append(_piece(text, (begin, dash.end()), start, dash.start()))
        if after is None:
            return pieces
        resumed = _CLOSED.match(text, after.end(), end)
        assert resumed is not None
        begin = start = resumed.end()
        number += 2
    if start < end:
        pieces.append(_piece(text, (begin, end), start, end))
    return pieces


def _between_commas(text: str, whole: _Piece) -> Iterator[_Piece]:
    """The words of a stretch without what the narrator puts in between commas: `It leaks, said Lee.`"""
    begin, end = whole.extent
    start = whole.words[0]
    for comma in _COMMA.finditer(text, start, end):
        stop = _CLAUSE_END.search(text, comma.end(), end)
        if stop is None or comma.end() < start:
            continue
        clause = text[comma.end() : stop.start()]
        if len(clause.split()) <= _SHORT_CUE and _reports(clause):
            done = comma.start() + 1
            yield _piece(text, (begin, done), start, done)
            resumed = _CLOSED.match(text, stop.start(), end)
            assert resumed is not None
            begin = start = resumed.end()
    if start < end:
        yield _piece(text, (begin, end), start, end)


def _reports(clause: str) -> bool:
    """Whether a clause begins as a narrator's report does: `said Ana`, `she asked`, `the old man growled`."""
    words = _TOKEN.findall(clause)
    if len(words) < 2:
        return False
    first = words[0]
    described = _DETERMINERS.fullmatch(first) is not None
    pronoun = _PRONOUNS.fullmatch(first) is not None
    if _is_saying(first):
        return words[1][0].isupper() or any(kind.fullmatch(words[1]) for kind in (_DETERMINERS, _PRONOUNS))
    spoken = load_lexicon("conversation_words")
    if first == "I":
        return _is_saying(words[1], base=True) and spoken.isdisjoint(word.casefold() for word in words[1:])
    if first.casefold() in spoken or not (described or pronoun or first[0].isupper()):
        return False
    for place, word in enumerate(words[1 : _DESCRIBED + 2], 1):
        if _is_saying(word) and (place > 1 or not described):
            return True
        if not (word.isalpha() and (described or word.endswith("ly") or (word[0].isupper() and not pronoun))):
            return False
    return False


def _is_saying(word: str, *, base: bool = False) -> bool:
    """Whether a word is a finite form of a verb of saying; the base form is more often a noun: `the answer`."""
    return any(word in forms and (base or forms[word] != word) for forms in _forms()) and not word.endswith("ing")


def _forms() -> tuple[Mapping[str, str], Mapping[str, str]]:
    return verb_forms("speech_verbs"), verb_forms("tag_verbs")
