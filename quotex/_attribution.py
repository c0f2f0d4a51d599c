"""Stage 4, close by: what the words beside each utterance tell of its speaker.

An utterance with a cue of its own takes the cue's source. Without one, whoever stands beside it is proposed: the
source of a reporting sentence before or after it, the subject of a sentence beside it in its paragraph. Who it is
then is decided with the speakers around it (`_speakers`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from itertools import pairwise

import attrs

from quotex._cues import Cue, CueKind
from quotex._labels import Parties, find_parties, label_speaker
from quotex._layout import Form
from quotex._lexicon import load_lexicon
from quotex._phrases import Phrase, source_phrase
from quotex._reading import SPEAKING, Reading, Sentence
from quotex._role_words import is_role_noun
from quotex._subjects import subject_of
from quotex._types import QuoteKind
from quotex._utterances import Utterance

_ASKING = frozenset({"ask", "demand", "inquire", "question", "wonder"})
_SHORT = 20
"""Words of an utterance, on average, below which a text is dialogue."""


@attrs.frozen(kw_only=True)
class Proposal:
    """Somebody beside an utterance without a cue of its own who may be its speaker.

    Attributes:
        phrase: The phrase.
        rule: The rule that proposes it.
    """

    phrase: Phrase
    rule: str


@attrs.frozen(kw_only=True)
class Attribution:
    """What is known close by of who speaks an utterance.

    Attributes:
        utterance: The utterance.
        phrase: The source phrase of its link, or `None`.
        method: The rule that found the link, `none` without one.
        proposals: Without a link: who stands beside it.
        gap: Paragraphs from the utterance before, or `None` for the first.
        alternating: Whether it stands in a dialogue that takes turns: each dash before a paragraph is somebody else's.
        open: Whether the speakers around it decide; a block quotation without a source stays nobody's.
        teller: Where its source is a pronoun: whose report the sentence before is, who goes on.
    """

    utterance: Utterance
    phrase: Phrase | None = None
    method: str = "none"
    proposals: tuple[Proposal, ...] = ()
    gap: int | None = None
    alternating: bool = False
    open: bool = False
    teller: Phrase | None = None


def attribute(
    reading: Reading, utterances: Sequence[Utterance], cues: Sequence[Cue], narration: Set[int]
) -> tuple[Attribution, ...]:
    """What the words beside each utterance tell of its speaker.

    Args:
        reading: The text.
        utterances: Its utterances, in order.
        cues: Its cues outside marks, in order.
        narration: The words outside marks.
    """
    alternating = alternates(reading, utterances)
    parties = _parties(reading, utterances, narration)
    decided: list[Attribution] = []
    for number, utterance in enumerate(utterances):
        gap = None
        if number:
            gap = paragraph_of(reading, utterance.first) - paragraph_of(reading, utterances[number - 1].last)
        own = _own(reading, utterance, parties)
        proposals = () if own is not None else tuple(_proposals(reading, utterances, number, cues, narration))
        if own is not None and not alternating:
            teller = _teller(reading, own, cues, narration)
            if teller is None and number and _follows(reading, utterances[number - 1], own, narration):
                teller = _phrase_of(utterances[number - 1])
            own = attrs.evolve(own, teller=teller)
        decided.append(
            own
            or Attribution(
                utterance=utterance,
                proposals=proposals,
                gap=gap,
                alternating=alternating or utterance.form is Form.DASH,
                open=True,
            )
        )
    return tuple(decided)


def _proposals(
    reading: Reading, utterances: Sequence[Utterance], number: int, cues: Sequence[Cue], narration: Set[int]
) -> Iterator[Proposal]:
    utterance = utterances[number]
    yield from _beside(reading, utterance, narration)
    for rule, phrase in (
        ("paragraph-before", _beat_before(reading, utterance, narration)),
        ("reported-before", _reported_before(reading, utterances, number, cues)),
        ("reported-after", _reported_after(reading, utterance, cues, narration)),
    ):
        if phrase is not None:
            yield Proposal(phrase=phrase, rule=rule)


def _parties(reading: Reading, utterances: Sequence[Utterance], narration: Set[int]) -> Parties:
    """Who asks and who answers where turns say no more than `Q` and `A`."""
    turn = next((one for one in utterances if one.form is Form.TURN and one.link is not None), None)
    if turn is None or turn.link is None or turn.link.phrase is None:
        return Parties()
    first = turn.link.phrase.source_start
    return find_parties(reading, frozenset(index for index in narration if index < first))


def _own(reading: Reading, utterance: Utterance, parties: Parties) -> Attribution | None:
    """What a cue, a label or a signature at the utterance decides; a block quotation without any is nobody's."""
    link = utterance.link
    if link is None:
        return Attribution(utterance=utterance) if utterance.form is Form.BLOCK else None
    phrase = link.phrase
    if phrase is not None and utterance.form is Form.TURN:
        phrase = label_speaker(reading, phrase, parties)
    return Attribution(utterance=utterance, phrase=phrase, method=link.method)


def alternates(reading: Reading, utterances: Sequence[Utterance]) -> bool:
    """Whether speakers take turns, as in novels.

    They do where neighbouring paragraphs with explicit cues mostly name different sources, a good part of the
    utterances has no cue, and utterances are short; the few words that reporters quote inside their own sentences
    do not count.
    """
    same = different = 0
    for before, after in pairwise(utterances):
        one, other = _phrase_of(before), _phrase_of(after)
        if one is None or other is None or one == other:
            continue
        if paragraph_of(reading, after.first) - paragraph_of(reading, before.last) != 1:
            continue
        if _text(reading, one) == _text(reading, other):
            same += 1
        else:
            different += 1
    whole = [utterance for utterance in utterances if utterance.kind is not QuoteKind.MIXED]
    bare = sum(utterance.link is None for utterance in utterances)
    length = sum(len(stretch.words) for utterance in whole for stretch in utterance.stretches)
    return different > same and bare * 4 > len(utterances) and length < _SHORT * len(whole)


def _phrase_of(utterance: Utterance) -> Phrase | None:
    return None if utterance.link is None else utterance.link.phrase


def _text(reading: Reading, phrase: Phrase) -> str:
    return reading.word_span(phrase.start, phrase.end).text.casefold()


def paragraph_of(reading: Reading, word: int) -> int:
    """The number of the paragraph a word stands in."""
    return reading.sentences[reading.words[word].sentence].paragraph


def _beside(reading: Reading, utterance: Utterance, narration: Set[int]) -> Iterator[Proposal]:
    """The subjects of the sentences right before and right after the utterance in its paragraph."""
    first = reading.sentences[reading.words[utterance.first].sentence]
    last = reading.sentences[reading.words[utterance.last].sentence]
    for index, beside, rule in ((first.index - 1, first, "sentence-before"), (last.index + 1, last, "beat")):
        if not 0 <= index < len(reading.sentences):
            continue
        sentence = reading.sentences[index]
        if sentence.paragraph == beside.paragraph and _all_in(sentence, narration):
            phrase = _subject_phrase(reading, sentence, narration)
            if phrase is not None:
                yield Proposal(phrase=phrase, rule=rule)


def _all_in(sentence: Sentence, narration: Set[int]) -> bool:
    return all(index in narration for index in range(sentence.start, sentence.end))


def _subject_phrase(reading: Reading, sentence: Sentence, narration: Set[int]) -> Phrase | None:
    """The source phrase of a sentence's main subject, where it can be somebody."""
    root = next((index for index in range(sentence.start, sentence.end) if reading.words[index].head is None), None)
    if root is None:
        return None
    subject, own = subject_of(reading, root, narration)
    if subject is None or not own:
        return None
    phrase = source_phrase(reading, subject, lambda place: place in narration and place != root)
    return phrase if _can_speak(reading, phrase) else None


def _beat_before(reading: Reading, utterance: Utterance, narration: Set[int]) -> Phrase | None:
    """The subject of the paragraph before words behind a dash, where that is one sentence: `Ana stood up.`"""
    first = reading.sentences[reading.words[utterance.first].sentence]
    if utterance.form is not Form.DASH or not first.index:
        return None
    sentence = reading.sentences[first.index - 1]
    alone = sentence.index == 0 or reading.sentences[sentence.index - 1].paragraph != sentence.paragraph
    if not alone or sentence.paragraph != first.paragraph - 1 or not _all_in(sentence, narration):
        return None
    return _subject_phrase(reading, sentence, narration)


def _can_speak(reading: Reading, phrase: Phrase) -> bool:
    word = reading.words[phrase.head]
    if phrase.name is not None:
        return phrase.name.label in SPEAKING
    if word.text.casefold() in ("he", "she", "i", "they") or word.upos == "PROPN":
        return True
    lemma = word.lemma.casefold()
    return lemma in load_lexicon("role_nouns") or word.text.casefold() in load_lexicon("group_words")


def _reported_before(
    reading: Reading, utterances: Sequence[Utterance], number: int, cues: Sequence[Cue]
) -> Phrase | None:
    """The source of the last reporting cue between the utterance before and this one."""
    utterance = utterances[number]
    paragraph = paragraph_of(reading, utterance.first)
    before = utterances[number - 1] if number else None
    done = -1 if before is None else before.last
    own = None if before is None or before.cue is None else before.cue.head
    for cue in reversed(cues):
        if not done < cue.head < utterance.first or cue.head == own:
            continue
        if paragraph - paragraph_of(reading, cue.head) > 1:
            return None
        if cue.phrase is not None and cue.kind in (CueKind.REPORTING, CueKind.ACCORDING):
            if _is_abstract(reading, cue.phrase):
                continue
            return _answering(reading, cue) or cue.phrase
    return None


def _answering(reading: Reading, cue: Cue) -> Phrase | None:
    """Who is asked, and answers in the words behind: `I asked Lee why.`"""
    if cue.lemma != "ask" or cue.addressee is None:
        return None
    return source_phrase(reading, cue.addressee, lambda at: at != cue.head)


def _teller(reading: Reading, own: Attribution, cues: Sequence[Cue], narration: Set[int]) -> Phrase | None:
    """The source of the outermost report in the sentence before words of `he` or `she`; who asks is answered.

    `Asked why, Lee looked at the floor. “I fell,” she said` has Lee answer as well.
    """
    number = reading.words[own.utterance.first].sentence - 1
    if own.phrase is None or reading.words[own.phrase.head].upos != "PRON":
        return None
    before = [
        cue
        for cue in cues
        if cue.sentence == number and cue.own_subject and cue.kind in (CueKind.REPORTING, CueKind.ACCORDING)
    ]
    answers = [cue for cue in before if cue.lemma not in _ASKING]
    outer = min(answers or before, key=lambda cue: (len(reading.ancestors(cue.head)), cue.head), default=None)
    sentence = reading.sentences[max(number, 0)]
    if outer is None and reading.words[sentence.start].text == "Asked":
        return _subject_phrase(reading, sentence, narration)
    return None if outer is None or outer.lemma in _ASKING else outer.phrase


def _follows(reading: Reading, before: Utterance, own: Attribution, narration: Set[int]) -> bool:
    """Whether the sentence of words of `he` or `she` begins right behind other words: `“… go.” She added`."""
    if own.phrase is None or reading.words[own.phrase.head].upos != "PRON":
        return False
    start = min(own.utterance.first, own.phrase.start)
    sentence = reading.sentences[reading.words[start].sentence]
    between = range(before.last + 1, sentence.start)
    apart = any(at in narration and reading.words[at].upos != "PUNCT" for at in between)
    return not apart and before.last < sentence.start and paragraph_of(reading, before.last) == sentence.paragraph


def _is_abstract(reading: Reading, phrase: Phrase) -> bool:
    """Whether a source is a thing that tells nothing: `the goal of the show`; not `the report`."""
    word = reading.words[phrase.head]
    if phrase.name is not None or word.upos != "NOUN" or _can_speak(reading, phrase) or is_role_noun(word):
        return False
    texts = load_lexicon("document_words") | load_lexicon("statement_nouns") | load_lexicon("written_media")
    bodies = load_lexicon("organization_words") | load_lexicon("generic_persons")
    return word.lemma.casefold() not in texts | bodies and "Number=Plur" not in word.feats


def _reported_after(reading: Reading, utterance: Utterance, cues: Sequence[Cue], narration: Set[int]) -> Phrase | None:
    """The source of the sentence right after the utterance in its paragraph, where that reports."""
    last = reading.sentences[reading.words[utterance.last].sentence]
    if last.index + 1 == len(reading.sentences):
        return None
    after = reading.sentences[last.index + 1]
    if after.paragraph != last.paragraph or not _all_in(after, narration):
        return None
    for cue in cues:
        inside = after.start <= cue.head < after.end and reading.words[cue.head].head is None
        if inside and cue.kind is CueKind.REPORTING and cue.phrase is not None:
            return cue.phrase
    return None
