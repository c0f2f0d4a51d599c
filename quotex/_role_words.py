"""Which words say what somebody is or does, and which of the roles stated for somebody is the fullest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence, Set

from quotex._lexicon import load_lexicon
from quotex._reading import Reading, Word
from quotex._types import Span

AGENT_ENDINGS = ("ologist", "grapher", "maker", "keeper", "holder", "worker", "monger", "ist", "woman", "man", "smith")
AGES = ("younger", "elder")
"""Words that tell one of a family from another: `the elder Lee`."""
_SHORTEST_AGENT = 5
MAX_WORDS = 30
"""Words of a role above which it is a story."""


def is_role_noun(word: Word) -> bool:
    """Whether a word names what a person is or does: it is in the lexicon, or it ends as such nouns do."""
    lemma = word.lemma.casefold().strip(".")
    if word.upos == "ADJ" and lemma in ("elder", "major", "general"):
        return False
    if lemma in load_lexicon("role_nouns"):
        return lemma not in load_lexicon("generic_persons")
    return word.upos == "NOUN" and lemma.endswith(AGENT_ENDINGS) and len(lemma) > _SHORTEST_AGENT


def is_role(reading: Reading, span: Span) -> bool:
    """Whether a phrase says what somebody is or does, beyond `Mr`, an age or a nationality."""
    words = [reading.words[index] for index in reading.words_in(span.start_char, span.end_char)]
    if not words or len(words) > MAX_WORDS or head_among(words).lemma.casefold() in load_lexicon("document_words"):
        return False
    if any(is_role_noun(word) for word in words) or words[0].lemma in load_lexicon("heading_verbs"):
        return True
    nouns = load_lexicon("role_nouns") - load_lexicon("generic_persons")
    texts = [word.text.casefold().strip(".") for word in words]
    parts = {part for text in texts for part in text.split("-")}
    joined = " ".join(texts)
    if parts & nouns or any(" " in noun and noun in joined for noun in nouns):
        return True
    return is_office(words[-1]) or is_labelled(words, head_among(words))


def fullest_role(reading: Reading, roles: Sequence[Span]) -> Span | None:
    """The most complete of the roles stated for somebody, or `None`.

    An office comes before a relation (`sister`) and that before other words; of several offices the one that is stated
    most often; of the phrases for it one that says `former` or `acting`, then the longest.
    """
    ranked = [(_tier(reading, span), span) for span in roles]
    best = [span for tier, span in ranked if tier == max(tier for tier, _ in ranked)]
    heads = [head_of(reading, span) for span in best]
    counts = Counter(heads)
    chosen = max(zip(heads, best, strict=True), key=lambda pair: (counts[pair[0]], _length(pair[1])), default=None)
    if chosen is None:
        return None
    states = load_lexicon("office_states")
    same = (span for head, span in zip(heads, best, strict=True) if head == chosen[0])
    return max(same, key=lambda span: (not states.isdisjoint(span.text.casefold().split()), _length(span)))


def _length(span: Span) -> int:
    return len(span.text.split())


def _tier(reading: Reading, span: Span) -> int:
    """How much a role says: an office, one in the past, a rank alone, a relation, a clause, other words."""
    head = _head_word(reading, span)
    lemma = head.lemma.casefold()
    if head.upos == "VERB" and lemma in load_lexicon("heading_verbs"):
        return 1
    if lemma in kin_nouns() or lemma in load_lexicon("generic_persons"):
        return 2
    if not is_role(reading, span):
        return 0
    if all(is_rank(reading.words[at]) for at in reading.words_in(span.start_char, span.end_char)):
        return 3
    copulas = (reading.words[child] for child in reading.children(head.index) if reading.words[child].relation == "cop")
    return 4 if any("Tense=Past" in word.feats for word in copulas) else 5


def head_of(reading: Reading, span: Span) -> str:
    """The lemma of the head of a role, in lower case and without the dot of `Gov.`."""
    return _head_word(reading, span).lemma.casefold().strip(".")


def _head_word(reading: Reading, span: Span) -> Word:
    return head_among([reading.words[index] for index in reading.words_in(span.start_char, span.end_char)])


def head_among(words: list[Word]) -> Word:
    inside = {word.index for word in words}
    return next((word for word in words if word.head not in inside and word.upos != "PUNCT"), words[-1])


def is_office(word: Word) -> bool:
    """Whether a word is a title that is an office: `Justice`, `Sen.`; not `Mr`."""
    text = word.text.casefold().strip(".")
    return word.text[:1].isupper() and text in load_lexicon("titles") - load_lexicon("polite_titles")


def is_rank(word: Word) -> bool:
    """Whether a word is part of how somebody is addressed, more than an office: `Prof`, `Gen.`, `Captain`, `Sheikh`."""
    short = load_lexicon("titles") & (load_lexicon("abbreviated_titles") | load_lexicon("polite_titles"))
    return word.text.casefold().strip(".") in short | load_lexicon("ranks")


def is_labelled(words: list[Word], head: Word) -> bool:
    """Whether a word for anybody is made a role by what stands before it: `a police source`, `a homeless man`."""
    if head.lemma.casefold() not in load_lexicon("generic_persons"):
        return False
    before = [word for word in words if word.index < head.index]
    if any(word.lemma.casefold() in load_lexicon("status_words") for word in before):
        return True
    kind = bool(before) and before[-1].upos == "NOUN" and before[-1].relation == "compound"
    return kind and head.lemma.casefold() not in load_lexicon("polite_titles")


def kin_nouns() -> Set[str]:
    """Nouns that tell whose somebody is: the father is the father of whoever was told of."""
    return load_lexicon("elder_kin") | load_lexicon("younger_kin") | load_lexicon("relations")


def synonyms(lemma: str) -> set[str]:
    """A noun with its forms for either gender and those that mean the same office: `spokesman`, `spokesperson`."""
    lemma = lemma.removeprefix("ex-")  # the ex-president is a former president
    same = {noun for line in load_lexicon("role_synonyms") if lemma in (nouns := line.split()) for noun in nouns}
    for ending in ("woman", "man", "person"):
        if lemma.endswith(ending) and len(lemma) > len(ending) + 2:
            stem = lemma.removesuffix(ending)
            return same | {stem + other for other in ("woman", "man", "person")} | {stem.rstrip("s")}
    return same | {lemma}
