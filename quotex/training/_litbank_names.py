"""Names of LitBank: the proper mentions of its annotation of coreference."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from quotex.training._chains import litbank_split
from quotex.training._mentions import LINKS, MentionedSentence, Name, after_titles, on_tokens, outermost
from quotex.training._names import join_clitics

TYPES = {"PER": "PER", "ORG": "ORG", "GPE": "LOC", "LOC": "LOC", "FAC": "FAC", "VEH": "PRODUCT"}


def read_litbank_names(folder: Path, split: str) -> list[MentionedSentence]:
    """The sentences of one split of LitBank's ``coref/brat`` folder with its proper and nominal mentions."""
    paths = [path for path in sorted(folder.glob("*.txt")) if litbank_split(path.name) == split]
    return [sentence for path in paths for sentence in _document(path)]


def _document(path: Path) -> Iterator[MentionedSentence]:
    """The text has one sentence a line, its tokens a space apart; the annotation counts characters."""
    marked = list(_marked(path.with_suffix(".ann")))
    start = 0
    for line in path.read_text(encoding="utf-8").split("\n"):
        end = start + len(line)
        if line.strip():
            inside = [
                ((line[: first - start].count(" "), line[: last - start].count(" ") + 1, kind), proper)
                for (first, last, kind), proper in marked
                if start <= first and last <= end
            ]
            yield _sentence(line.split(" "), inside)
        start = end + 1


def _marked(path: Path) -> Iterator[tuple[Name, bool]]:
    """The mentions that are no pronouns, as half-open character ranges, and whether each is a proper one."""
    for row in path.read_text(encoding="utf-8").splitlines():
        label, *places = row.split("\t")[1].split(" ")
        form, _, kind = label.partition("_")
        if form in ("PROP", "NOM"):
            start, end = map(int, places)
            yield (start, end, TYPES[kind]), form == "PROP"


def _sentence(words: Sequence[str], marked: Sequence[tuple[Name, bool]]) -> MentionedSentence:
    joined = join_clitics([(word, str(place)) for place, word in enumerate(words)])
    firsts = [int(place) for _, place in joined]
    names = outermost(name for mention, proper in marked if proper for name in _names(words, mention))
    return MentionedSentence(
        tokens=tuple(token for token, _ in joined),
        names=outermost(on_tokens(names, firsts)),
        mentions=frozenset(on_tokens((mention for mention, _ in marked), firsts)),
    )


def _names(words: Sequence[str], mention: Name) -> Iterator[Name]:
    """The name in a proper mention, if there is one: its first stretch of capitalized words.

    A person's ends before ``of``: ``Captain Reed of Leeds``.
    """
    start, end, kind = mention
    links = LINKS - {"of", "and", "&"} if kind == "PER" else LINKS
    while start < end and (not words[start][:1].isupper() or words[start].lower() in ("the", "a", "an")):
        start += 1
    last = start
    for place in range(start, end):
        if words[place][:1].isupper():
            last = place + 1
        # `Mr. and Mrs. Ashe`
        elif words[place].lower() not in links and not (words[place] == "and" and after_titles([words[place - 1]])):
            break
    if kind == "PER":
        start += after_titles(words[start:last])
    if start < last:
        yield start, last, kind
