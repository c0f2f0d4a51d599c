"""Windows: how running text is cut for the encoder, so that one pass of it serves every processor.

A window holds whole consecutive sentences of one text, as many as fit. The cut is that of Stanza's coreference model,
so its windows are these. Tagger, parser and tagger of names ask for one sentence at a time; `Window.sentences` says
where in the window each lies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import attrs

WINDOW = 382
"""Subwords of a window without its two special ones.

Attention over 512 costs a quarter more time in use and twice as much in training.
"""

BLANK = "-"
"""Stands for a word that the tokenizer erases (a lone control character), as Stanza has it."""

Pieces = Callable[[str], Sequence[int]]
Tokens = Sequence[tuple[str, Sequence[str]]]
"""A sentence: its tokens, each with the words it stands for (`don’t`: `do`, `n’t`)."""


@attrs.frozen(kw_only=True)
class Window:
    """Consecutive sentences that the encoder reads together.

    Attributes:
        ids: Subword ids, the special ones at both ends included.
        sentences: Keyed by the subword ids of a sentence as a processor asks for them (special ones included), the
            place in `ids` of each. A sentence with multi-word tokens has two keys: by words and by tokens.
        count: Number of sentences.
    """

    ids: tuple[int, ...]
    sentences: Mapping[tuple[int, ...], tuple[int, ...]]
    count: int


def cut(sentences: Iterable[Tokens], pieces: Pieces, *, first: int, last: int) -> list[Window]:
    """Cut the sentences of one text into windows.

    A sentence longer than a window stands alone and is left to the processors, which have ways of their own with it.

    Args:
        sentences: The sentences, in order.
        pieces: Subword ids of a word.
        first, last: The special ids at both ends.
    """
    windows: list[Window] = []
    held: list[_Sentence] = []
    size = 0
    for sentence in (_sentence(tokens, pieces) for tokens in sentences):
        if held and size + len(sentence.ids) > WINDOW:
            windows.append(_window(held, first, last))
            held, size = [], 0
        held.append(sentence)
        size += len(sentence.ids)
    return [*windows, _window(held, first, last)] if held else windows


@attrs.frozen(kw_only=True)
class _Sentence:
    """A sentence as subwords.

    Attributes:
        ids: By words.
        token_ids: By tokens.
        places: For each of `token_ids` the place in `ids` that answers for it: the last subword of its token's last
            word, which is the one that Stanza takes for the token.
    """

    ids: tuple[int, ...]
    token_ids: tuple[int, ...]
    places: tuple[int, ...]


def _sentence(tokens: Tokens, pieces: Pieces) -> _Sentence:
    ids: list[int] = []
    token_ids: list[int] = []
    places: list[int] = []
    for text, words in tokens:
        start = len(ids)
        for word in words:
            ids.extend(pieces(word))
        whole = pieces(text) if len(words) > 1 else ids[start:]
        token_ids.extend(whole)
        places.extend(range(start, len(ids)) if len(words) == 1 else [len(ids) - 1] * len(whole))
    return _Sentence(ids=tuple(ids), token_ids=tuple(token_ids), places=tuple(places))


def _window(sentences: Sequence[_Sentence], first: int, last: int) -> Window:
    ids = (first, *(piece for sentence in sentences for piece in sentence.ids), last)
    places: dict[tuple[int, ...], tuple[int, ...]] = {}
    start = 1
    for sentence in sentences:
        end = start + len(sentence.ids)
        places.setdefault((first, *sentence.ids, last), (0, *range(start, end), len(ids) - 1))
        by_token = (0, *(start + place for place in sentence.places), len(ids) - 1)
        places.setdefault((first, *sentence.token_ids, last), by_token)
        start = end
    return Window(ids=ids, sentences=places, count=len(sentences))


@attrs.frozen(kw_only=True)
class Piece:
    """Part of a text whose chains are found together.

    Attributes:
        start, end: Its windows, half-open.
        new: The first of them that no piece before it holds.
    """

    start: int
    end: int
    new: int


PIECE = 8
"""Windows whose chains are found together, some 2,200 words: a document of the corpora it was trained on."""

OVERLAP = 2
"""Windows that neighbouring pieces share; the mentions in them tie the chains together."""


def split(windows: int) -> list[Piece]:
    """Split the windows of a text into overlapping pieces; memory and time grow with their number, not its square."""
    pieces = [Piece(start=0, end=min(PIECE, windows), new=0)]
    while pieces[-1].end < windows:
        start = pieces[-1].end - OVERLAP
        pieces.append(Piece(start=start, end=min(start + PIECE, windows), new=pieces[-1].end))
    return pieces


Mention = tuple[int, int]
Chains = Sequence[Iterable[Mention]]


def join(parts: Iterable[Chains]) -> list[tuple[Mention, ...]]:
    """Join the chains of overlapping pieces of a text: chains that share a mention are one.

    Args:
        parts: For each piece its chains, mentions as half-open ranges of the text's words.

    Returns:
        The chains in order of their first mentions, mentions in order.
    """
    owner: dict[Mention, int] = {}
    chains: dict[int, set[Mention]] = {}
    number = 0
    for part in parts:
        for chain in part:
            mentions = set(chain)
            for known in {owner[mention] for mention in mentions if mention in owner}:
                mentions |= chains.pop(known)
            chains[number] = mentions
            owner.update(dict.fromkeys(mentions, number))
            number += 1
    return sorted(tuple(sorted(mentions)) for mentions in chains.values() if len(mentions) > 1)
