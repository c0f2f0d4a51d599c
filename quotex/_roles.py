"""Roles: the titles, offices, occupations and relations that a text states for a person, as written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from quotex._lexicon import load_lexicon
from quotex._phrases import Phrase, called
from quotex._reading import Name, Reading, Word
from quotex._role_places import after_name, continued, line_role, noun_phrase, with_body
from quotex._types import Span

_LEADING = frozenset({"DET", "PUNCT", "CCONJ", "ADP", "SCONJ", "PRON", "INTJ", "ADV"})
_PREPOSITIONS = frozenset({"of", "for", "to", "at", "in"})
_LINKS = _PREPOSITIONS | {"and", "&", "the"}
AGENT_ENDINGS = ("ologist", "grapher", "maker", "keeper", "holder", "worker", "monger", "ist", "woman", "man", "smith")
_SHORTEST_AGENT = 5
_MAX_WORDS = 16
_UNCERTAIN = frozenset({"not", "n't", "n’t", "never", "may", "might", "could", "would", "should", "must", "if", "unless", "whether"})


def roles_of(reading: Reading, name: Name) -> tuple[Span, ...]:
    """The roles that the text states at one mention of a person.

    A title before the name (`NATO Secretary General Jens Stoltenberg`), an apposition on either side (`Ann Lee, the
    director`, `the director, Ann Lee`), words in brackets (`Ann Lee (director, Lakes Bank)`), the line of a signature,
    and all that `subject_roles` finds.

    Args:
        reading: The text.
        name: The mention, titles left out.
    """
    stated = [span for span in _appositions(reading, name) if _is_description(reading, span)]
    found = [*_before(reading, name), *line_role(reading, name)]
    for head in after_name(reading, name):
        found.extend(_nominal(reading, head) if isinstance(head, int) else [head])
    heads = [place for place in range(name.start, name.end) if reading.words[place].head not in range(name.start, name.end)]
    found.extend(span for head in heads for span in _clauses(reading, head))
    told = [span for head in heads for span in subject_roles(reading, head)]
    return tuple(with_body(reading, span) for span in (*stated, *(s for s in found if is_role(reading, s)), *told))


def subject_roles(reading: Reading, subject: int) -> tuple[Span, ...]:
    """The roles that a clause states for its subject, or for whom a pronoun owns them.

    `Lee is the mayor`, `she became mayor`, `he was elected mayor`, `Lee serves as mayor`, `Speaking as mayor, Lee said`,
    `in her role as mayor`.

    Args:
        reading: The text.
        subject: The head word of the mention, a name’s or a pronoun.
    """
    word = reading.words[subject]
    found: list[Span] = []
    if word.relation == "nsubj" and word.head is not None:
        found.extend(_predicate(reading, word.head, passive=word.deprel == "nsubj:pass"))
    found.extend(_as_roles(reading, subject))
    return tuple(span for span in found if is_role(reading, span))


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
    if not words or len(words) > _MAX_WORDS:
        return False
    if any(is_role_noun(word) for word in words) or words[0].lemma in load_lexicon("heading_verbs"):
        return True
    nouns = load_lexicon("role_nouns") - load_lexicon("generic_persons")
    texts = [word.text.casefold().strip(".") for word in words]
    parts = {part for text in texts for part in text.split("-")}
    joined = " ".join(texts)
    if parts & nouns or any(" " in noun and noun in joined for noun in nouns):
        return True
    return _is_office(words[-1]) or _is_labelled(words, _head(words))


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


def head_of(reading: Reading, span: Span) -> str:
    """The lemma of the head of a role, in lower case."""
    return _head_word(reading, span).lemma.casefold()


def _tier(reading: Reading, span: Span) -> int:
    """How much a role says: an office, one in the past, a relation, a clause, other words."""
    head = _head_word(reading, span)
    lemma = head.lemma.casefold()
    if head.upos == "VERB" and lemma in load_lexicon("heading_verbs"):
        return 1
    kin = load_lexicon("elder_kin") | load_lexicon("younger_kin") | load_lexicon("relations")
    if lemma in kin or lemma in load_lexicon("generic_persons"):
        return 2
    if not is_role(reading, span):
        return 0
    copulas = (reading.words[child] for child in reading.children(head.index) if reading.words[child].relation == "cop")
    return 3 if any("Tense=Past" in word.feats for word in copulas) else 4


def _head_word(reading: Reading, span: Span) -> Word:
    return _head([reading.words[index] for index in reading.words_in(span.start_char, span.end_char)])


def described_role(reading: Reading, phrase: Phrase) -> Span | None:
    """What the description of an unnamed person says that it does: `a spokesman for the council`; not `a woman`."""
    head = reading.words[phrase.head]
    joined = (reading.words[child] for child in reading.children(phrase.head))
    if "Number=Plur" in head.feats or any(word.relation == "conj" and word.upos == "PRON" for word in joined):
        return None
    start = phrase.start
    while start < phrase.head and reading.words[start].upos in (*_LEADING, "NUM"):
        start += 1
    words = [reading.words[index] for index in range(start, phrase.end)]
    if not is_role_noun(head) and not _is_labelled(words, head):
        return None
    return reading.word_span(start, phrase.end)


def _head(words: list[Word]) -> Word:
    inside = {word.index for word in words}
    return next((word for word in words if word.head not in inside and word.upos != "PUNCT"), words[-1])


def _is_office(word: Word) -> bool:
    """Whether a word is a title that is an office: `Justice`, `Sen.`; not `Mr`."""
    text = word.text.casefold().strip(".")
    return word.text[:1].isupper() and text in load_lexicon("titles") - load_lexicon("polite_titles")


def _is_labelled(words: list[Word], head: Word) -> bool:
    """Whether a word for anybody is made a role by what stands before it: `a police source`, `a homeless man`."""
    if head.lemma.casefold() not in load_lexicon("generic_persons"):
        return False
    before = [word for word in words if word.index < head.index]
    if any(word.lemma.casefold() in load_lexicon("status_words") for word in before):
        return True
    kind = bool(before) and before[-1].upos == "NOUN" and before[-1].relation == "compound"
    return kind and head.lemma.casefold() not in load_lexicon("polite_titles")


def _before(reading: Reading, name: Name) -> Iterator[Span]:
    """The words right before the name that belong to its noun phrase."""
    words, start, end = reading.words, name.start, name.start
    while start > 0 and _is_title_word(reading, start - 1, name):
        start -= 1
    while start < end and (words[start].upos in _LEADING or _is_possessive(words[start])):
        start += 1
    while end > start and (words[end - 1].upos == "PUNCT" or _is_address(words[end - 1])):
        end -= 1
    if end > start and words[end - 1].upos in ("CCONJ", "ADP", "DET"):
        return  # advisers to Mr Lee
    start = _own_title(reading, start, end)
    if start < end and (_ends_title(reading, start, end) or not words[end - 1].text[:1].islower()):
        yield reading.word_span(start, end)


def _is_address(word: Word) -> bool:
    """`Dr`, `Mr`, `H E` between an office and the name; not the last word of `First Lady`."""
    text = word.text.casefold().strip(".")
    return text in load_lexicon("polite_titles") - load_lexicon("role_nouns") or word.text in ("H", "E", "H.E.", "HE")


def _own_title(reading: Reading, start: int, end: int) -> int:
    """Where the name's own title begins: behind whose it is (`son of | Education Minister`), behind another phrase.

    `In the match programme | Adler trainer`: lower-case nouns before capitalised ones after a preposition are no title.
    """
    words = reading.words
    for index in range(end - 1, start, -1):
        if words[index].text.casefold() in _PREPOSITIONS and end - index > 1 and is_role_noun(words[end - 1]):
            if any(is_role_noun(words[place]) for place in range(start, index)):
                start = index + 1
            break
    while start < end - 1 and words[start].upos == "DET":
        start += 1
    place = next((at for at in range(start, end) if words[at].text[:1].isupper()), start)
    led = any(words[at].upos == "ADP" for at in range(max(start - 2, 0), start))
    if led and place > start and all(words[at].upos == "NOUN" and not is_role_noun(words[at]) for at in range(start, place)):
        return place
    return start


def _ends_title(reading: Reading, start: int, end: int) -> bool:
    """Whether a phrase before a name is a title: it ends in one, or in what a title is over (`Minister for Health`)."""
    words = reading.words
    if is_role_noun(words[end - 1]) or _is_office(words[end - 1]):
        return True
    if words[end - 1].lemma.casefold() in load_lexicon("generic_persons"):
        return _is_labelled([words[place] for place in range(start, end)], words[end - 1])
    linked = (place for place in range(start, end) if words[place].text.casefold() in _LINKS)
    return any(is_role_noun(words[place - 1]) for place in linked if place > start)


def _is_title_word(reading: Reading, index: int, name: Name) -> bool:
    word, after = reading.words[index], reading.words[index + 1]
    if word.sentence != reading.words[name.start].sentence or "\n" in reading.text[word.end_char : after.start_char]:
        return False
    named = reading.name_at(index)
    if named is not None and named.label == "PER" and named.end <= name.start:
        return index == named.start == named.end - 1 and word.relation == "compound" and after.upos in ("NOUN", "ADJ")
    if word.upos in ("NOUN", "PROPN", "ADJ") or (word.upos == "VERB" and word.relation == "amod"):
        return word.text[-1] not in ",;:" and named is not name
    if _is_possessive(word) or word.text == "-":
        return True
    return word.text.casefold() in _LINKS and index > 0 and _links(reading.words[index - 1], after)


def _links(before: Word, after: Word) -> bool:
    """Whether a preposition or `and` is inside a title: `Ambassador to Qatar Ann Lee`, not `the tenure of Ann Lee`."""
    title = before.text[:1].isupper() or before.lemma.casefold() in load_lexicon("role_nouns")
    return title and before.upos in ("NOUN", "PROPN") and after.upos in ("NOUN", "PROPN", "ADJ", "DET")


def _is_possessive(word: Word) -> bool:
    return word.text in ("'s", "’s", "'", "’") and word.upos == "PART"


def _appositions(reading: Reading, name: Name) -> Iterator[Span]:
    """Appositions after the name, and the phrase that the name is in apposition to with its other appositions."""
    inside = range(name.start, name.end)
    for index in inside:
        for child in reading.children(index):
            if child >= name.end and (reading.words[child].relation == "appos" or _is_further(reading, child)):
                yield _phrase(reading, child, name)
        word = reading.words[index]
        if word.relation == "appos" and word.head is not None and word.head < name.start:
            span = _phrase(reading, _titled_head(reading, word.head), name)
            yield span
            yield from _said_before(reading, span)
            for child in reading.children(word.head):
                if child >= name.end and reading.words[child].relation == "appos":
                    yield _phrase(reading, child, name)
        above = next((at for at in reading.ancestors(index)[1:2] if called(reading, at) is not None), None)
        if above is not None and above < name.start:
            yield _phrase(reading, above, name)


def _is_further(reading: Reading, conjunct: int) -> bool:
    """Whether a conjunct is one more thing that somebody is: `Ann Lee, owner of the bank and only daughter of its founder`."""
    word = reading.words[conjunct]
    bare = not any(reading.words[child].deprel in ("det", "nmod:poss") for child in reading.children(conjunct))
    one = word.upos == "NOUN" and "Number=Plur" not in word.feats
    following = noun_phrase(reading, conjunct)[1] + 1
    named = following < len(reading.words) and reading.name_at(following) is not None
    return word.relation == "conj" and one and bare and not named and is_role_noun(word)


def _said_before(reading: Reading, span: Span) -> Iterator[Span]:
    """The fuller title by which somebody was already spoken of: `the minister, Ann Lee` after `the finance minister`."""
    place = reading.words_in(span.start_char, span.end_char)
    if len(place) > 1 or place.start == 0 or reading.words[place.start - 1].text.casefold() != "the":
        return
    noun = reading.words[place.start]
    for index in range(place.start - 1, 0, -1):
        word = reading.words[index]
        if word.lemma == noun.lemma and "Number=Plur" not in word.feats and word.relation not in ("compound", "appos"):
            if reading.words[index - 1].upos in ("NOUN", "PROPN", "ADJ", "PART"):
                yield _phrase(reading, index)
            return


def _titled_head(reading: Reading, index: int) -> int:
    """The role noun above a word that an apposition was attached to: `the minister of labour, Ann Lee`."""
    if is_role_noun(reading.words[index]):
        return index
    for above in reading.ancestors(index):
        if is_role_noun(reading.words[above]):
            return above
        if reading.words[above].relation not in ("nmod", "conj"):
            break
    return index


def _phrase(reading: Reading, head: int, name: Name | None = None) -> Span:
    """The phrase of a head word up to its relative clauses, without the name and a leading article."""
    blocked = set(range(name.start, name.end)) if name is not None else set()
    start, end = noun_phrase(reading, head, blocked)
    while start < head and _is_leading(reading.words[start]):
        start += 1
    while end > head and reading.words[end].upos in ("PUNCT", "CCONJ", "ADP", "SCONJ"):
        end -= 1
    return reading.word_span(start, continued(reading, end))


def _is_leading(word: Word) -> bool:
    return word.upos in _LEADING or word.relation in ("case", "fixed") or word.text.casefold() == "one"


def _clauses(reading: Reading, head: int) -> Iterator[Span]:
    """`Lee, who is the mayor`; `Lee, who heads the board`."""
    for child in reading.children(head):
        subject = reading.child(child, "nsubj")
        relative = subject is not None and reading.words[subject].text.casefold() in ("who", "that", "which")
        if reading.words[child].deprel == "acl:relcl" and relative:
            yield from _nominal(reading, child)


def _nominal(reading: Reading, predicate: int) -> Iterator[Span]:
    """The role in a predicate noun, or in a clause whose verb states an office, unless it is denied or only possible."""
    if _is_uncertain(reading, predicate):
        return
    word = reading.words[predicate]
    if word.upos in ("NOUN", "PROPN"):
        if is_role_noun(word) or _is_office(word) or word.lemma.casefold() in load_lexicon("generic_persons"):
            yield _phrase(reading, predicate)
    elif word.lemma in load_lexicon("heading_verbs"):
        yield _phrase(reading, predicate)


def _is_uncertain(reading: Reading, predicate: int) -> bool:
    """Whether a predicate is denied, only possible, or a condition."""
    below = (reading.words[child] for child in reading.children(predicate))
    return any(word.upos != "PROPN" and word.lemma.casefold() in _UNCERTAIN for word in below)


def _predicate(reading: Reading, predicate: int, *, passive: bool) -> Iterator[Span]:
    """`Lee is the mayor`, `Lee became mayor`, `Lee was elected mayor`."""
    word = reading.words[predicate]
    if reading.child(predicate, "cop") is not None:
        if word.upos in ("NOUN", "PROPN"):
            yield from _nominal(reading, predicate)
    elif word.lemma in load_lexicon("appointing_verbs" if passive else "becoming_verbs") and not _is_uncertain(
        reading, predicate
    ):
        child = reading.child(predicate, "xcomp", "obj", "iobj")
        if child is not None and reading.words[child].upos in ("NOUN", "PROPN") and is_role_noun(reading.words[child]):
            yield _phrase(reading, child)


def _as_roles(reading: Reading, subject: int) -> Iterator[Span]:
    """What the subject is said to act as: `serves as mayor`, `Speaking as mayor`, `in her role as mayor`."""
    sentence = reading.sentences[reading.words[subject].sentence]
    for index in range(sentence.start + 1, sentence.end - 1):
        if reading.words[index].text.casefold() != "as" or subject not in _acting(reading, index - 1):
            continue
        head = index + 1
        while (above := reading.words[head].head) is not None and head < above < sentence.end:
            if reading.words[head].relation not in ("det", "amod", "compound", "nmod", "advmod", "case", "flat"):
                break
            head = above
        span = _phrase(reading, head)
        if is_role(reading, reading.span(span.start_char, reading.words[head].end_char)):
            yield span


def _acting(reading: Reading, index: int) -> tuple[int, ...]:
    """The subjects of a verb or noun before `as` that says in what office somebody acts."""
    word = reading.words[index]
    if word.lemma in load_lexicon("office_nouns"):
        owner = next((child for child in reading.children(index) if reading.words[child].deprel == "nmod:poss"), None)
        if owner is not None:
            return (owner,)
    elif word.upos == "VERB" and word.lemma not in load_lexicon("office_verbs"):
        return ()
    elif word.upos not in ("VERB", "ADV", "ADP"):
        return ()
    for place in (index, *reading.ancestors(index)):
        if reading.words[place].upos in ("VERB", "AUX") and (child := reading.child(place, "nsubj")) is not None:
            return (child,)
    return ()


def _is_description(reading: Reading, span: Span) -> bool:
    """Whether an apposition describes a person: a common noun that is no age, date, amount or other name."""
    words = [reading.words[index] for index in reading.words_in(span.start_char, span.end_char)]
    if not words or len(words) > _MAX_WORDS:
        return False
    head = _head(words)
    named = reading.name_at(head.index)
    common = head.upos == "NOUN" and "Number=Plur" not in head.feats and not any(c.isdigit() for c in head.text)
    anybody = head.lemma.casefold() in load_lexicon("generic_persons")
    return (common and named is None and not anybody) or is_role(reading, span)
