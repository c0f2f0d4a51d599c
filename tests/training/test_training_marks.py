"""Augmentation of marks: only characters inside words change."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from quotex.training._conllu import Sentence, read_conllu
from quotex.training._marks import MarkStyle, augment, augment_all, draw_style, rewrite_forms

CURLY = MarkStyle(double="curly", apostrophe=True, dash=True)
SENTENCE = """# newpar id = p1
# text = "Don't run -- wait," she said.
1\t"\t"\t``\t``\t_\t4\tpunct\t_\tSpaceAfter=No
2-3\tDon't\t_\t_\t_\t_\t_\t_\t_\t_
2\tDo\tdo\tAUX\tVBP\t_\t4\taux\t_\t_
3\tn't\tnot\tPART\tRB\t_\t4\tadvmod\t_\t_
4\trun\trun\tVERB\tVB\t_\t9\tccomp\t_\t_
5\t--\t--\tPUNCT\t,\t_\t6\tpunct\t_\t_
6\twait\twait\tVERB\tVB\t_\t4\tparataxis\t_\tSpaceAfter=No
7\t,\t,\tPUNCT\t,\t_\t4\tpunct\t_\tSpaceAfter=No
8\t"\t"\tPUNCT\t''\t_\t4\tpunct\t_\t_
9\tshe\tshe\tPRON\tPRP\t_\t10\tnsubj\t_\t_
10\tsaid\tsay\tVERB\tVBD\t_\t0\troot\t_\tSpaceAfter=No
11\t.\t.\tPUNCT\t.\t_\t10\tpunct\t_\t_

"""


@pytest.fixture
def sentence(tmp_path: Path) -> Sentence:
    path = tmp_path / "one.conllu"
    path.write_text(SENTENCE, encoding="utf-8")
    (read,) = read_conllu(path)
    return read


@pytest.mark.parametrize(
    ("forms", "style", "wanted"),
    [
        (['"', "Go", '"'], CURLY, ["“", "Go", "”"]),
        (["``", "Go", "''"], CURLY, ["“", "Go", "”"]),
        (['"', "Go", '"'], MarkStyle(double="single", apostrophe=True, dash=False), ["‘", "Go", "’"]),
        (["“", "I", "’m", "”"], MarkStyle(double="straight", apostrophe=False, dash=False), ['"', "I", "'m", '"']),
        (["is", "n't", "--", "it"], CURLY, ["is", "n’t", "—", "it"]),
        (["is", "n't", "--"], MarkStyle(double="keep", apostrophe=False, dash=False), ["is", "n't", "--"]),
    ],
)
def test_marks_are_rewritten(forms: list[str], style: MarkStyle, wanted: list[str]) -> None:
    assert rewrite_forms(forms, style) == wanted


def test_tags_say_which_way_a_lone_mark_faces() -> None:
    assert rewrite_forms(["so", '"'], CURLY, ["RB", "''"]) == ["so", "”"]
    assert rewrite_forms(["'", "so", "'"], CURLY, ["``", "RB", "''"]) == ["‘", "so", "’"]


def test_ranges_and_words_are_rewritten_alike(sentence: Sentence) -> None:
    curly = next(
        styled
        for seed in range(100)
        if "“" in (styled := augment(sentence, random.Random(seed))).text and "’" in styled.text
    )
    assert curly.text.startswith("“Don’t run ")
    assert curly.text.endswith(" wait,” she said.")
    assert [row.form for row in curly.words][1:3] == ["Do", "n’t"]


def test_everything_but_forms_stays(sentence: Sentence) -> None:
    for seed in range(50):
        styled = augment(sentence, random.Random(seed))
        assert len(styled.tokens) == len(sentence.tokens)
        for old, new in zip(sentence.rows, styled.rows, strict=True):
            assert old.columns[0] == new.columns[0]
            assert old.columns[2:] == new.columns[2:]


def test_the_same_seed_gives_the_same_sentences(sentence: Sentence) -> None:
    assert augment_all([sentence] * 20, 3) == augment_all([sentence] * 20, 3)
    assert augment_all([sentence] * 20, 3) != augment_all([sentence] * 20, 4)


def test_all_styles_are_drawn() -> None:
    rng = random.Random(1)
    assert {draw_style(rng).double for _ in range(200)} == {"keep", "curly", "single", "straight"}
