"""Names of the treebank GUM: its named persons, organizations and places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import attrs

from quotex._lexicon import load_lexicon
from quotex.training._chains import gum_mentions
from quotex.training._conllu import DEPREL, HEAD, ID, XPOS, Row, Sentence, read_conllu
from quotex.training._mentions import LINKS, MentionedSentence, Name, after_titles, on_tokens, outermost

TYPES = {"person": "PER", "organization": "ORG", "place": "LOC"}

_LATER = ("appos", "acl", "advcl", "parataxis", "det")


def read_gum_names(path: Path) -> list[MentionedSentence]:
    """The sentences of a GUM file with its persons, organizations and places."""
    return [_sentence(sentence) for sentence in read_conllu(path)]


def _sentence(sentence: Sentence) -> MentionedSentence:
    words, tokens = sentence.words, sentence.tokens
    firsts = [int(token.columns[ID].partition("-")[0]) - 1 for token in tokens]
    mentions = [(*span, TYPES[kind]) for _, span, kind in gum_mentions(words) if kind in TYPES]
    # whole words first, since two names may share a token
    names = outermost(_names(words, mentions))
    return MentionedSentence(
        tokens=tuple(token.form for token in tokens),
        names=outermost(on_tokens(names, firsts)),
        mentions=frozenset(on_tokens(mentions, firsts)),
    )


def _names(words: Sequence[Row], mentions: Iterable[Name]) -> Iterator[Name]:
    heads = [int(word.columns[HEAD]) - 1 for word in words]
    for start, end, kind in mentions:
        head = next(place for place in range(start, end) if not start <= heads[place] < end)
        tag = words[head].columns[XPOS]
        # plural persons are peoples and parties, `the Russians`, which the tagger's corpora call NORP
        if not tag.startswith("NNP") or (tag == "NNPS" and kind == "PER"):
            continue
        if kind == "PER":
            first, last = _person(words[head:end])
            first, last = head + first, head + last
        else:
            first, last = _Body(words=words, heads=heads, head=head).bounds(start, end)
        if first < last:
            yield first, last, kind


def _person(words: Sequence[Row]) -> tuple[int, int]:
    """The name of a person that begins with its head: the flat words that follow it, titles left out."""
    flat = [word.columns[DEPREL].startswith("flat") and word.columns[XPOS] not in ("NN", "NNS") for word in words]
    last = 1
    while last < len(words) and (flat[last] or (words[last].form == "-" and any(flat[last + 1 : last + 2]))):
        last += 1
    forms = [word.form for word in words[:last]]
    first = 0
    while first < last and forms[first].islower() and forms[first] not in load_lexicon("name_particles"):
        first += 1
    return first + after_titles(forms[first:]), last


@attrs.frozen(kw_only=True)
class _Body:
    """A body or a place around the head of its mention."""

    words: Sequence[Row]
    heads: Sequence[int]
    head: int

    def bounds(self, start: int, end: int) -> tuple[int, int]:
        """The capitalized words on both sides that depend on the head, with the links between them."""
        first = self.head
        for place in range(self.head - 1, start - 1, -1):
            if self._relation(place) == "det" or not self._goes_on(place):
                break
            if self._is_proper(place):
                first = place
        last = self.head + 1
        for place in range(self.head + 1, end):
            clitic = self._relation(place) == "case" and self.words[place].form.lower().endswith("s")
            if clitic or not self._goes_on(place):
                break
            if self._is_proper(place):
                last = place + 1
        return first, last

    def _relation(self, place: int) -> str:
        return self.words[place].columns[DEPREL]

    def _goes_on(self, place: int) -> bool:
        later = place > self.head and self._relation(place).startswith(_LATER)
        return not later and self._depends(place) and (self._is_proper(place) or self._is_link(place))

    def _depends(self, place: int) -> bool:
        while place >= 0 and place != self.head:
            place = self.heads[place]
        return place == self.head

    def _is_proper(self, place: int) -> bool:
        word = self.words[place]
        return word.form[:1].isupper() or word.form[:1].isdigit() or word.columns[XPOS].startswith("NNP")

    def _is_link(self, place: int) -> bool:
        # `Housing and Urban Development` below `Department`, but not `Texas and Oklahoma`
        joins = self._relation(place) == "cc" and self.heads[self.heads[place]] == self.head
        return self.words[place].form.lower() in LINKS and not joins
