"""How sure a decision is: the share of right speakers among development quotations decided the same way."""

from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType

from quotex._errors import FormatError


def confidence(method: str, form: str, language: str = "en") -> float:
    """The measured share of right speakers.

    Args:
        method: The rule that decided.
        form: What the mention is: `name`, `pronoun`, `description`, or `none`.
        language: Whose measurements to use.
    """
    table = _table(language)
    return table.get((method, form), table[("*", "*")])


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
