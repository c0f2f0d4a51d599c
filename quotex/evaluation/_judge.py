"""Whether one answer to one annotated quotation is right, field by field."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

import attrs

from quotex._types import Quote, Span, Speaker
from quotex.evaluation._gold import UNJUDGED, GoldDocument, GoldQuote, GoldSpeaker, characters
from quotex.evaluation._names import compatible_name, contains_words, is_alias, same_name, without_articles


class Field(StrEnum):
    """What is judged of a quotation besides its extent."""

    SPEAKER = "speaker"
    MENTION = "mention"
    SOURCE = "source"
    CUE = "cue"
    ROLE = "role"
    ADDRESSEE = "addressee"
    KIND = "kind"
    MANNER = "manner"


@attrs.frozen(kw_only=True)
class Judgement:
    """One field of one annotated quotation.

    Attributes:
        field: Which.
        wanted: The right answer as text, or `None` where the right answer is none.
        given: The answer as text, or `None`; also where the quotation was not found.
        strict: Whether it is right by the strict rule.
        lenient: Whether it is right by the lenient rule; true wherever `strict` is.
    """

    field: Field
    wanted: str | None
    given: str | None
    strict: bool
    lenient: bool


def judge(gold: GoldQuote, answer: Quote | None, document: GoldDocument) -> dict[Field, Judgement]:
    """Judge every field that is annotated.

    Args:
        gold: The annotated quotation.
        answer: The prediction that matches it; `None` where it was not found, which makes every field wrong, those
            where the right answer is none included.
        document: Where it stands.
    """
    judged: dict[Field, Judgement] = {}

    def add(field: Field, wanted: str | None, given: str | None, verdict: tuple[bool, bool]) -> None:
        strict, lenient = verdict if answer is not None else (False, False)
        judged[field] = Judgement(field=field, wanted=wanted, given=given, strict=strict, lenient=strict or lenient)

    if gold.speaker is not UNJUDGED:
        given = None if answer is None else answer.speaker
        verdict = _both(given is None) if gold.speaker is None else _speaker(given, gold.speaker, document)
        add(Field.SPEAKER, _name(gold.speaker), _name(given), verdict)
    for field, span in ((Field.MENTION, gold.mention), (Field.SOURCE, gold.source), (Field.CUE, gold.cue)):
        if span is not UNJUDGED:
            found: Span | None = getattr(answer, field.value, None)
            add(field, _text(span), _text(found), _phrase(found, span))
    if gold.role is not UNJUDGED:
        role = None if answer is None else answer.role
        add(Field.ROLE, gold.role, role, _both(role is None) if gold.role is None else _role(role, gold.role))
    if gold.addressees is not UNJUDGED:
        given = None if answer is None else answer.addressee
        verdicts = [_speaker(given, speaker, document) for speaker in gold.addressees] or [_both(given is None)]
        wanted = " / ".join(speaker.name for speaker in gold.addressees) or None
        best = (any(strict for strict, _ in verdicts), any(lenient for _, lenient in verdicts))
        add(Field.ADDRESSEE, wanted, _name(given), best)
    for field, label in ((Field.KIND, gold.kind), (Field.MANNER, gold.manner)):
        if label is not UNJUDGED:
            answered = None if answer is None else str(getattr(answer, field.value))
            add(field, str(label), answered, _both(answered == str(label)))
    return judged


def _name(speaker: Speaker | GoldSpeaker | None) -> str | None:
    return None if speaker is None else speaker.name


def _text(span: Span | str | None) -> str | None:
    return span.text if isinstance(span, Span) else span


def _both(right: bool) -> tuple[bool, bool]:
    return right, right


def _speaker(given: Speaker | None, wanted: GoldSpeaker, document: GoldDocument) -> tuple[bool, bool]:
    """Strict and lenient verdict; only the speaker's `name` counts, however many aliases the system collected."""
    if given is None:
        return False, False
    if not document.fiction:
        return (
            any(same_name(given.name, name) for name in wanted.names),
            any(compatible_name(given.name, name) for name in wanted.names),
        )
    if not is_alias((given.name,), wanted):
        return False, False
    others = [speaker for speaker in document.speakers if speaker.name != wanted.name]
    return not any(is_alias((given.name,), other) for other in others), True


def _phrase(given: Span | None, wanted: Span | str | None) -> tuple[bool, bool]:
    """Strict: the same words, articles left out, in overlapping places; lenient: one's words contain the other's."""
    if given is None or wanted is None:
        return _both(given is None and wanted is None)
    if isinstance(wanted, Span):
        if characters([given]).isdisjoint(characters([wanted])):
            return False, False
        wanted = wanted.text
    return without_articles(given.text) == without_articles(wanted), contains_words(given.text, wanted)


def _role(given: str | None, wanted: str) -> tuple[bool, bool]:
    if given is None:
        return False, False
    return without_articles(given) == without_articles(wanted), contains_words(given, wanted)


def right_character(given: Speaker | None, wanted: GoldSpeaker, characters: Iterable[GoldSpeaker]) -> bool:
    """Whether the speaker is the wanted one when the novel's character list is given.

    The first of the speaker's names that belongs to exactly one character, `name` first, then the aliases, decides;
    failing that, the one character whose name is compatible with `name` by the rule for news.
    """
    if given is None:
        return False
    characters = tuple(characters)
    for name in (given.name, *given.aliases):
        found = [character for character in characters if is_alias((name,), character)]
        if len(found) == 1:
            return found[0].name == wanted.name
    near = [character for character in characters if any(compatible_name(given.name, name) for name in character.names)]
    return len(near) == 1 and near[0].name == wanted.name
