"""Augmentation: treebank sentences with the quotation marks of newspapers and novels.

EWT and GUM write nearly all marks straight, while most running text has typographic ones. Each sentence is rewritten at
random (seeded): curly double marks, British single marks, curly apostrophes with their clitics, dashes. Only characters
inside words change: the words, their number and their spaces stay, so every annotation stays aligned.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from itertools import zip_longest

import attrs

from quotex.training._conllu import XPOS, Sentence

LEFT_DOUBLE = "\N{LEFT DOUBLE QUOTATION MARK}"
RIGHT_DOUBLE = "\N{RIGHT DOUBLE QUOTATION MARK}"
LEFT_SINGLE = "\N{LEFT SINGLE QUOTATION MARK}"
RIGHT_SINGLE = "\N{RIGHT SINGLE QUOTATION MARK}"
EM_DASH = "\N{EM DASH}"

_DOUBLE = frozenset({'"', "``", "''", LEFT_DOUBLE, RIGHT_DOUBLE})
_LEFT = frozenset({"``", LEFT_DOUBLE, LEFT_SINGLE})
_STRAIGHT = str.maketrans({LEFT_DOUBLE: '"', RIGHT_DOUBLE: '"', LEFT_SINGLE: "'", RIGHT_SINGLE: "'"})


@attrs.frozen(kw_only=True)
class MarkStyle:
    """How one sentence is rewritten.

    Attributes:
        double: what the double marks become: ``"keep"``, ``"curly"``, ``"single"`` (British) or ``"straight"``.
        apostrophe: whether straight apostrophes become curly ones.
        dash: whether ``--`` becomes an em dash.
    """

    double: str
    apostrophe: bool
    dash: bool


def draw_style(rng: random.Random) -> MarkStyle:
    """Draw a style: half of the sentences curly, a tenth British, a tenth straight, the rest as written."""
    point = rng.random()
    double = "curly" if point < 0.5 else "single" if point < 0.6 else "straight" if point < 0.7 else "keep"
    # A text with curly double marks has curly apostrophes too, nearly always.
    apostrophe = rng.random() < (0.95 if double in ("curly", "single") else 0.05)
    return MarkStyle(double=double, apostrophe=apostrophe, dash=rng.random() < 0.5)


def rewrite_forms(forms: Sequence[str], style: MarkStyle, tags: Sequence[str] = ()) -> list[str]:
    """The same forms with their marks in another style: as many as there were, in the same order.

    Args:
        forms: the words of a sentence.
        style: what to write.
        tags: their Penn Treebank tags, if known; those of marks say which way they face. Without them straight double
            marks open and close in turn; a typographic one keeps its direction.
    """
    rewritten = []
    opening = True
    for form, tag in zip_longest(forms, tags, fillvalue=""):
        opens = tag == "``" or (tag != "''" and (form in _LEFT or (form == '"' and opening)))
        if form in _DOUBLE:
            opening = not opens
            rewritten.append(_double_mark(form, opens, style))
        elif style.double == "straight":
            rewritten.append(form.translate(_STRAIGHT))
        elif form == "--" and style.dash:
            rewritten.append(EM_DASH)
        elif style.apostrophe and "'" in form:
            rewritten.append(form.replace("'", LEFT_SINGLE if form == "'" and opens else RIGHT_SINGLE))
        else:
            rewritten.append(form)
    return rewritten


def _double_mark(form: str, left: bool, style: MarkStyle) -> str:
    if style.double == "curly":
        return LEFT_DOUBLE if left else RIGHT_DOUBLE
    if style.double == "single":
        return LEFT_SINGLE if left else RIGHT_SINGLE
    if style.double == "straight":
        return '"'
    return form


def augment(sentence: Sentence, rng: random.Random) -> Sentence:
    """Rewrite the marks of a CoNLL-U sentence; ranges and their words are rewritten alike."""
    style = draw_style(rng)
    forms = rewrite_forms([row.form for row in sentence.rows], style, [row.columns[XPOS] for row in sentence.rows])
    return attrs.evolve(
        sentence, rows=tuple(row.with_form(form) for row, form in zip(sentence.rows, forms, strict=True))
    )


def augment_all(sentences: Iterable[Sentence], seed: int) -> list[Sentence]:
    """Rewrite the marks of many sentences, each drawn anew from one seeded generator."""
    rng = random.Random(seed)
    return [augment(sentence, rng) for sentence in sentences]
