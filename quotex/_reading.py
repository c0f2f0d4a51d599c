"""Stage 2, the data: what the later stages know about a text, free of any Stanza type.

Words are numbered through the whole text from 0; every position is such a word index or a code-point offset into the
source.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property

import attrs

from quotex._types import Span

SPEAKING = ("PER", "ORG")
"""The labels of names that can speak."""

DASHES = frozenset({"\N{EM DASH}", "\N{EN DASH}", "\N{HORIZONTAL BAR}", "-", "--"})
"""The words that are dashes."""


@attrs.frozen(kw_only=True)
class Word:
    """One syntactic word (UD: a multi-word token such as `don't` has two).

    Attributes:
        index: Number of the word in the text, from 0.
        sentence: Number of its sentence, from 0.
        text: The word as the models saw it.
        lemma: Its lemma, lower case except for names.
        upos: Universal part of speech.
        feats: Morphological features, each as `Name=Value`.
        head: Index of its head, or `None` for the root of a sentence.
        deprel: Universal relation to the head, with subtype (`nsubj:pass`).
        start_char: Offset of its first code point; for a part of a multi-word token whose parts cannot be told
            apart in the source, that of the token.
        end_char: Offset after its last code point, likewise.
    """

    index: int
    sentence: int
    text: str
    lemma: str
    upos: str
    feats: frozenset[str] = frozenset()
    head: int | None
    deprel: str
    start_char: int
    end_char: int

    @property
    def relation(self) -> str:
        """The universal relation without subtype."""
        return self.deprel.partition(":")[0]


@attrs.frozen(kw_only=True)
class Sentence:
    """A sentence.

    Attributes:
        index: Number of the sentence, from 0.
        start: Index of its first word.
        end: Index after its last word.
        start_char: Offset of its first code point.
        end_char: Offset after its last code point.
        paragraph: Number of the paragraph it stands in, from 0.
    """

    index: int
    start: int
    end: int
    start_char: int
    end_char: int
    paragraph: int


@attrs.frozen(kw_only=True)
class Name:
    """A name that the name model found.

    Attributes:
        start: Index of its first word.
        end: Index after its last word.
        label: `PER`, `ORG`, `LOC`, or another label of the model.
    """

    start: int
    end: int
    label: str


@attrs.frozen(kw_only=True, eq=False)
class Reading:
    """A text as read by the models.

    Attributes:
        text: The source.
        words: All words.
        sentences: All sentences, in order; they cover all words.
        names: The names found, in order, never overlapping.
        paragraphs: The paragraphs, in order.
        chains: The coreference chains, each with its mentions as half-open ranges of words; empty where no
            coreference model was at work.
    """

    text: str
    words: tuple[Word, ...]
    sentences: tuple[Sentence, ...]
    names: tuple[Name, ...]
    paragraphs: tuple[Span, ...]
    chains: tuple[tuple[tuple[int, int], ...], ...] = ()

    @cached_property
    def _children(self) -> tuple[tuple[int, ...], ...]:
        children: list[list[int]] = [[] for _ in self.words]
        for word in self.words:
            if word.head is not None:
                children[word.head].append(word.index)
        return tuple(tuple(row) for row in children)

    @cached_property
    def _starts(self) -> tuple[int, ...]:
        return tuple(word.start_char for word in self.words)

    @cached_property
    def _name_of(self) -> dict[int, Name]:
        return {index: name for name in self.names for index in range(name.start, name.end)}

    def name_at(self, index: int) -> Name | None:
        """The name that covers a word, or `None`."""
        return self._name_of.get(index)

    def children(self, index: int) -> tuple[int, ...]:
        """The words whose head is `index`, in order."""
        return self._children[index]

    def child(self, index: int, *relations: str) -> int | None:
        """The first child of `index` with one of the universal relations (without subtype), or `None`."""
        for child in self._children[index]:
            if self.words[child].relation in relations:
                return child
        return None

    def subtree(self, index: int) -> tuple[int, ...]:
        """`index` and all its descendants, in order."""
        found = [index]
        for node in found:
            found.extend(self._children[node])
        return tuple(sorted(found))

    def ancestors(self, index: int) -> tuple[int, ...]:
        """The heads above `index`, nearest first."""
        path: list[int] = []
        head = self.words[index].head
        while head is not None and head not in path:
            path.append(head)
            head = self.words[head].head
        return tuple(path)

    def words_in(self, start_char: int, end_char: int) -> range:
        """The words that begin inside the given offsets."""
        return range(bisect_left(self._starts, start_char), bisect_left(self._starts, end_char))

    def span(self, start_char: int, end_char: int) -> Span:
        """The `Span` between two offsets."""
        return Span(start_char=start_char, end_char=end_char, text=self.text[start_char:end_char])

    def word_span(self, start: int, end: int) -> Span:
        """The `Span` from word `start` to before word `end`."""
        return self.span(self.words[start].start_char, max(word.end_char for word in self.words[start:end]))
