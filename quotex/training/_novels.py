"""Coreference that PDNC states: the mentions inside quotations, who says `I`, the cue's subject, and whole names.

Every other word of a novel may belong to a chain or not, so a model can learn from links among these words only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from quotex.evaluation import GoldDocument, GoldSpeaker
from quotex.evaluation._pdnc import read_mentions
from quotex.training._chains import PlacedWord

WORDS = 2200
"""Words of an excerpt, whole paragraphs: eight windows."""

EXCERPTS = 16
"""Excerpts of a novel at most, evenly spaced over it."""

TEST_OR_DEVELOPMENT = frozenset({"ARoomWithAView", "AlicesAdventuresInWonderland", "HowardsEnd"}) | frozenset(
    {"TheAwakening", "TheInvisibleMan"}
)
"""Training novels of PDNC whose openings LitBank scores."""

_FIRST_PERSON = re.compile(r"\b(?:I|[Mm]e|[Mm]y|[Mm]yself|[Mm]ine)\b")
_TITLES = frozenset(
    (
        "mr",
        "mrs",
        "miss",
        "ms",
        "dr",
        "sir",
        "lady",
        "lord",
        "captain",
        "colonel",
        "aunt",
        "uncle",
        "inspector",
        "father",
    )
) | frozenset(("madame", "monsieur", "mademoiselle", "general", "countess", "count", "duchess", "duke", "reverend"))

Stated = tuple[int, int, str]
"""A mention, half-open code points, and the main name of the character."""


def stated_mentions(folder: Path, novel: GoldDocument) -> list[Stated]:
    """The mentions of single characters in a novel that its annotation states, in order, none inside another.

    Args:
        folder: the novel's folder.
        novel: the novel, as the evaluation reads it.
    """
    found = [*read_mentions(folder, novel), *_first_person(novel), *_named(novel)]
    found.sort(key=lambda mention: (mention[0], -mention[1]))
    kept: list[Stated] = []
    for mention in found:
        if not kept or mention[0] >= kept[-1][1]:
            kept.append(mention)
    return kept


def _first_person(novel: GoldDocument) -> Iterator[Stated]:
    for quote in novel.quotes:
        if quote.speaker is None:
            continue
        for span in quote.segments:
            for match in _FIRST_PERSON.finditer(novel.text, span.start_char, span.end_char):
                yield match.start(), match.end(), quote.speaker.name


def _named(novel: GoldDocument) -> Iterator[Stated]:
    """Names that one character alone bears and that are never written small, wherever they stand."""
    bearers: dict[str, set[str]] = {}
    for character in novel.speakers:
        for name in _names(character):
            bearers.setdefault(name, set()).add(character.name)
    small = set(re.findall(r"\b[a-z]+\b", novel.text))
    single = {
        name: owners.copy().pop()
        for name, owners in bearers.items()
        if len(owners) == 1 and (" " in name or name.lower() not in small)
    }
    if not single:
        return
    longest_first = sorted(single, key=len, reverse=True)
    pattern = re.compile(r"\b(?:" + "|".join(map(re.escape, longest_first)) + r")(?!\w)")
    for match in pattern.finditer(novel.text):
        yield match.start(), match.end(), single[match.group()]


def _names(character: GoldSpeaker) -> Iterator[str]:
    for name in (character.name, *character.aliases):
        words = name.split()
        if len(name) > 2 and all(word[0].isupper() or word in ("of", "de") for word in words):
            yield name


def excerpts(text: str) -> Iterator[tuple[int, int]]:
    """A text in parts of about `WORDS` words, whole paragraphs; what is left over at the end is left out."""
    edges = [0, *(match.end() for match in re.finditer(r"\n\s*\n", text)), len(text)]
    start = count = 0
    for left, right in pairwise(edges):
        count += len(text[left:right].split())
        if count >= WORDS * 0.85:
            yield start, right
            start, count = right, 0


def novel_to_stanza(name: str, words: Sequence[PlacedWord], mentions: Sequence[Stated]) -> dict[str, Any]:
    """An excerpt in Stanza's coreference JSON with the key `partial`: only links between words in its chains are known.

    Args:
        name: of the excerpt.
        words: its words.
        mentions: of the novel, placed as the words are.
    """
    chains: dict[str, list[int]] = {}
    place = 0
    for start, end, character in mentions:
        while place < len(words) and words[place].end_char <= start:
            place += 1
        last = place
        while last < len(words) and words[last].start_char < end:
            last += 1
        if last > place:
            chains.setdefault(character, []).append(place + _head([word.text for word in words[place:last]]))
    return {
        "document_id": name,
        "corpus": "pdnc",
        "cased_words": [word.text for word in words],
        "sent_id": [word.sentence for word in words],
        "head2span": [],
        "word_clusters": [sorted(set(heads)) for heads in chains.values()],
        "partial": True,
    }


def _head(words: Sequence[str]) -> int:
    """The head of a mention without its tree: of a name its first word behind titles, of others the last word."""
    if words[-1] in ("’s", "'s"):
        words = words[:-1] or words
    if not words[-1][0].isupper():
        return next((place for place, word in enumerate(words) if word in ("of", "at", "in")), len(words)) - 1
    behind = next((place for place, word in enumerate(words) if word.rstrip(".").lower() not in _TITLES), 0)
    return behind if words[behind][0].isupper() else len(words) - 1
