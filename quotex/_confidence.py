"""How sure a decision is: the share of right speakers among development quotations decided the same way."""

from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType

from quotex._errors import FormatError
from quotex._names import is_part, name_words
from quotex._types import Span, Speaker

_PRONOUNS = frozenset({"he", "she", "they", "it", "i", "we", "who", "him", "her", "them"})


def confidence(
    method: str,
    mention: Span | None,
    speaker: Speaker | None,
    probability: float | None = None,
    language: str = "en",
) -> float:
    """The measured share of right speakers; 0 without a speaker.

    Args:
        method: The rule that decided.
        mention: The local mention, or `None`.
        speaker: The speaker, or `None`.
        language: Whose measurements to use.
    """
    if speaker is None:
        return 0.0
    table = _table(language)
    return table.get((method, mention_form(mention, speaker)), table[("*", "*")])


def mention_form(mention: Span | None, speaker: Speaker) -> str:
    """How far the local mention is from the speaker's name: `name`, `pronoun`, `description`, or `none`."""
    if mention is None:
        return "none"
    if mention.text.casefold() in _PRONOUNS:
        return "pronoun"
    return "name" if is_part(name_words(mention.text), name_words(speaker.name)) else "description"


@cache
def _table(language: str) -> Mapping[tuple[str, str], float]:
    """Rows of `confidence.tsv`: method, form, share of right speakers, number of quotations it was measured on."""
    file = resources.files("quotex") / "data" / language / "confidence.tsv"
    table: dict[tuple[str, str], float] = {}
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        cells = line.split("\t")
        if len(cells) != 4:
            raise FormatError("expected method, form, share and count", file.name, number)
        table[cells[0], cells[1]] = float(cells[2])
    return MappingProxyType(table)
