"""Turns of a transcript or interview: words behind a label, `SMITH: It leaks.` or `Q: Does it?`, and what goes on with
them in paragraphs without one.

A line with a colon behind a few capitalised words is more often a note or a field of a list (`Note:`, `Price:`), so a
text has turns only where its labels come back and what stands behind them reads like talk.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, partial

import attrs
import regex

from quotex._layout import Form, SetOff, addresses, is_conversation, trimmed
from quotex._lexicon import load_lexicon
from quotex._mark_paragraphs import Line
from quotex._names import name_words

_WORD = r"[\p{Lu}\p{Lt}\p{Lo}][\p{L}\p{M}\p{N}.’'\-]*+"
_NAME = rf"{_WORD}(?:[ ](?:{_WORD}|[\p{{Ll}}][\p{{L}}’'\-]*+|\d{{1,2}}(?!\d))){{0,6}}+"
_POST = r",[ ][^\n:.?!,]{2,50}+(?:,[ ][^\n:.?!,]{2,50}+)?"
_ASIDE = r"\([^()\n]{1,40}\)|\[[^\[\]\n]{1,40}\]"
_BEFORE_COLON = regex.compile(
    rf"""
    (?:[\[(]?\d{{1,2}}:\d\d(?::\d\d)?[\])]?[ \t]+)?   # [00:12] SMITH:
    (?P<emphasis>[*_]{{0,3}}+)                        # **Q:**
    (?P<label>{_NAME})
    (?P<post>{_POST})?                                # ANN SMITH, CBC HOST:
    [*_]{{0,3}}+(?:[ ](?:{_ASIDE}))?[ ]?              # SMITH (by telephone):
    [:\N{{FULLWIDTH COLON}}][*_]{{0,3}}+
    (?:[ \t]++|$)
    """,
    regex.VERBOSE,
)
_BEFORE_STOP = regex.compile(r"(?P<emphasis>[*_]{0,3}+)(?P<label>[QA])\.[*_]{0,3}+[ \t]++")  # Q. Does it?
_ALONE = regex.compile(
    rf"(?P<emphasis>[*_]{{0,3}}+)(?P<label>{_NAME})[*_]{{0,3}}+(?:[ ](?:{_ASIDE}))?$"  # SMITH on a line of its own
)
_SMALL = regex.compile(r"(?<![\p{L}])\p{Ll}{2,}+(?![\p{L}])")
_LONGEST = 60
_FEWEST = 3
"""Turns that make a transcript, where one of its labels comes back; a question and its answer are two."""
_SPARSE = 12
"""Most paragraphs for each label: a novel may happen to have a few lines that look like labels."""
_DIRECTION = regex.compile(r"[\[(][^\[\]()]*[\])]\.?|\*[\[(][^\[\]()]*[\])]\*")  # (Laughter.)
_HEADING = regex.compile(r"#+[ ]|(?:[*_\-=~][ ]?){3,}$")


@attrs.frozen(kw_only=True)
class Label:
    """A label at the start of a line.

    Attributes:
        line: Offset at which its line begins.
        start: Offset of its first letter.
        end: Offset after its last letter, a post behind the name included: `ANN SMITH, CBC HOST`.
        words: Offset at which the words behind it may begin.
        key: The last word of its name, folded: who is `ANN SMITH` first is `SMITH` later.
        capitals: Whether it is written in capitals.
        alone: Whether nothing else stands in its line.
    """

    line: int
    start: int
    end: int
    words: int
    key: str
    capitals: bool
    alone: bool


def find_labels(text: str, lines: Sequence[Line]) -> tuple[Label, ...]:
    """The labels of a text that is a transcript or an interview, in order; none where it is not."""
    candidates = [label for line in lines if (label := _candidate(text, line)) is not None]
    if len(candidates) < 2:
        return ()
    beside = [label for label in candidates if not label.alone]
    return _accepted(text, lines, beside) or _accepted(text, lines, candidates)


def _candidate(text: str, line: Line) -> Label | None:
    match = partial(_match, text, line)
    found = match(_BEFORE_COLON) or match(_BEFORE_STOP) or match(_ALONE)
    if found is None or len(found["label"]) > _LONGEST:
        return None
    label = found["label"]
    capitals = label.isupper()
    post = found.groupdict().get("post")
    if post and not capitals:
        return None
    alone = found.end() == line.end
    if alone and not (capitals or found["emphasis"] or text[found.end() - 1] == ":"):
        return None
    words = name_words(label)
    if not words or not _is_person(label) or {label.casefold(), " ".join(words)} & load_lexicon("note_labels"):
        return None
    if words[0] in load_lexicon("note_openers"):
        return None
    start = found.start("label")
    return Label(
        line=line.start,
        start=start,
        end=start + len(label) + len(post or ""),
        words=found.end(),
        key=words[-1],
        capitals=capitals,
        alone=alone,
    )


def _match(text: str, line: Line, pattern: regex.Pattern[str]) -> regex.Match[str] | None:
    return pattern.match(text, line.words, line.end)


def _accepted(text: str, lines: Sequence[Line], candidates: Sequence[Label]) -> tuple[Label, ...]:
    """The labels among candidates, where they make a transcript."""
    counts = Counter(label.key for label in candidates)
    asking, answering = (load_lexicon(name) & counts.keys() for name in ("asking_labels", "answering_labels"))
    core = {key for key, count in counts.items() if count > 1}
    if asking and answering:
        core |= asking | answering
    style = [label.capitals for label in candidates if label.key in core and len(label.key) > 1]
    capitals = 2 * sum(style) > len(style)
    alike = [label for label in candidates if label.capitals or not capitals]
    places = [place for place, label in enumerate(alike) if label.key in core]
    if not places:
        return ()
    # behind the last of them only capitals are a sure sign
    last = None if capitals else places[-1] + 1
    found = tuple(label for label in alike[places[0] : last] if label.key in core or not label.alone)
    if len({label.key for label in found}) < 2 or (len(found) < _FEWEST and not (asking and answering)):
        return ()
    return found if _are_persons(text, found) and is_conversation(_behind(text, lines, found)) else ()


def _are_persons(text: str, labels: Sequence[Label]) -> bool:
    """Whether most labels are nothing that the text writes small elsewhere, as it does `files` of `Files:`."""
    keys = {label.key for label in labels} - load_lexicon("asking_labels") - load_lexicon("answering_labels")
    small = {word[0] for word in _SMALL.finditer(text)} - _persons()
    return 2 * len(keys & small) <= len(keys)


def _is_person(label: str) -> bool:
    """Whether a label reads like a name or a description: all of it capitalised, or a noun for a person at its end."""
    words = label.split()
    if all(not word[0].islower() or word in load_lexicon("name_particles") for word in words):
        return True
    return words[-1].casefold() in _persons()


@cache
def _persons() -> frozenset[str]:
    """Nouns for persons and groups of them."""
    return load_lexicon("role_nouns") | load_lexicon("generic_persons") | load_lexicon("group_words")


def _behind(text: str, lines: Sequence[Line], labels: Sequence[Label]) -> Iterator[str]:
    """What stands behind each label: the rest of its line and the lines up to a blank one or the next label."""
    begins = {label.line: label for label in labels}
    words: list[str] | None = None
    for line in lines:
        label = begins.get(line.start)
        alone = words == []
        if words is not None and (label is not None or (line.breaks > 1 and not alone)):
            yield " ".join(words)
            words = None
        if label is not None:
            words = [text[label.words : line.end]] if label.words < line.end else []
        elif words is not None:
            words.append(text[line.words : line.end])
    if words is not None:
        yield " ".join(words)


def find_turns(text: str, paragraphs: Sequence[tuple[int, int]], labels: Sequence[Label]) -> tuple[SetOff, ...]:
    """The turns of a transcript.

    A turn goes on over paragraphs without a label as long as they speak: over stage directions in brackets, not over
    headings, and after the last label not over a paragraph that addresses nobody.

    Args:
        text: The text.
        paragraphs: Its paragraphs.
        labels: Its labels; each begins a paragraph.
    """
    begins: Mapping[int, Label] = {label.line: label for label in labels}
    places = [place for place, (start, _) in enumerate(paragraphs) if start in begins]
    if not places or len(places) * _SPARSE < places[-1] - places[0]:
        return ()
    turns: list[SetOff] = []
    for number, place in enumerate(places):
        label = begins[paragraphs[place][0]]
        final = number + 1 == len(places)
        following = paragraphs[place + 1 : None if final else places[number + 1]]
        segments = list(trimmed(text, label.words, paragraphs[place][1]))
        if not segments and following:
            segments, following = list(trimmed(text, *following[0])), following[1:]
        segments.extend(part for start, end in _going_on(text, following, final) for part in trimmed(text, start, end))
        if segments:
            turns.append(
                SetOff(
                    form=Form.TURN,
                    segments=tuple(segments),
                    extent=(segments[0][0], segments[-1][1]),
                    source=(label.start, label.end),
                )
            )
    return tuple(turns)


def _going_on(text: str, following: Sequence[tuple[int, int]], final: bool) -> Sequence[tuple[int, int]]:
    """The paragraphs without a label that still belong to a turn."""
    taken: list[tuple[int, int]] = []
    sure = 0
    for start, end in following:
        paragraph = text[start:end]
        if _HEADING.match(paragraph):
            break
        if _DIRECTION.fullmatch(paragraph):
            continue
        taken.append((start, end))
        if addresses(paragraph):
            sure = len(taken)
        elif final:
            break
    return taken[:sure]
