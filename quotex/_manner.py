"""Stage 3, the manner: whether words are said, thought or written."""

from __future__ import annotations

from collections.abc import Iterator

from quotex._cues import Cue
from quotex._lexicon import load_lexicon
from quotex._phrases import Phrase
from quotex._reading import Reading
from quotex._types import Manner, SpeakerKind
from quotex._utterances import Utterance

_CASES = ("in", "on", "by", "via", "through", "from")
_CLAUSAL = ("acl", "advcl", "conj", "xcomp", "parataxis")
_THINGS = (None, SpeakerKind.DOCUMENT, SpeakerKind.UNKNOWN)


def manner_of(reading: Reading, utterance: Utterance, kind: SpeakerKind | None) -> Manner:
    """What the source of an utterance does with its words.

    Args:
        reading: The text.
        utterance: The utterance.
        kind: What the speaker is, or `None` where nobody is known.
    """
    cue = utterance.cue
    phrase = None if utterance.link is None else utterance.link.phrase
    if phrase is not None and _is_written(reading, phrase, kind):
        return Manner.WRITING
    if cue is None:
        return Manner.SPEECH
    if cue.manner is not Manner.SPEECH and not _is_let_known(reading, cue):
        return cue.manner
    if _is_to_oneself(reading, cue):
        return Manner.THOUGHT
    inside = {index for stretch in utterance.stretches for index in stretch.words}
    media = (index for index in _media(reading, cue) if index not in inside and _is_medium(reading, index))
    return Manner.SPEECH if next(media, None) is None else Manner.WRITING


def _is_written(reading: Reading, phrase: Phrase, kind: SpeakerKind | None) -> bool:
    """Whether the source is something written: `the sign`, `the council’s notice`, `it` after a sentence about one."""
    lemma = reading.words[phrase.head].lemma.casefold()
    if lemma in load_lexicon("oral_words"):
        return False
    if phrase.name is None and _is_medium(reading, phrase.head):
        return True
    if reading.words[phrase.head].text.casefold() == "it":
        return kind in _THINGS and _follows_document(reading, phrase.head)
    return kind is SpeakerKind.DOCUMENT


def _follows_document(reading: Reading, index: int) -> bool:
    """Whether something written is mentioned before a word in its sentence or in the sentence before."""
    sentence = reading.words[index].sentence
    start = reading.sentences[max(sentence - 1, 0)].start
    return any(_is_medium(reading, place) for place in range(start, index))


def _is_let_known(reading: Reading, cue: Cue) -> bool:
    """`Lee let it be known`, which is to tell."""
    word = reading.words[cue.head]
    return cue.lemma == "know" and word.head is not None and reading.words[word.head].lemma == "let"


def _is_to_oneself(reading: Reading, cue: Cue) -> bool:
    """`I told myself`, `she said to herself`."""
    if cue.lemma not in load_lexicon("telling_verbs") | load_lexicon("addressing_verbs"):
        return False
    objects = (child for child in reading.children(cue.head) if reading.words[child].relation in ("obj", "iobj", "obl"))
    return any(reading.words[child].text.casefold().endswith(("self", "selves")) for child in objects)


def _media(reading: Reading, cue: Cue) -> Iterator[int]:
    """Nouns for what the words stand in: `said in a statement`, `issued a statement saying`."""
    node: int | None = cue.head
    while node is not None:
        yield from (child for child in reading.children(node) if _stands_in(reading, child))
        word = reading.words[node]
        above = word.head
        if above is None or word.relation not in _CLAUSAL:
            return
        if word.relation == "acl":
            yield above
        issued = reading.child(above, "obj")
        if issued is not None and issued < cue.head and _is_statement(reading, issued):
            yield issued
        node = above


def _is_statement(reading: Reading, index: int) -> bool:
    return reading.words[index].lemma.casefold() in load_lexicon("statement_nouns")


def _stands_in(reading: Reading, index: int) -> bool:
    case = reading.child(index, "case")
    oblique = reading.words[index].relation in ("obl", "nmod")
    return oblique and case is not None and reading.words[case].text.casefold() in _CASES


def _is_medium(reading: Reading, index: int) -> bool:
    lemma = reading.words[index].lemma.casefold()
    written = lemma in (load_lexicon("document_words") | load_lexicon("written_media")) - load_lexicon("oral_words")
    below = (reading.words[child].lemma.casefold() for child in reading.children(index))
    return written and not any(modifier in load_lexicon("oral_words") for modifier in below)
