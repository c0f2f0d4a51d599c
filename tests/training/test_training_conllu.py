"""CoNLL-U in and out, and the files made from it."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from quotex.training._conllu import Sentence, read_conllu, write_conllu
from quotex.training._prepare import lemma_types, running_text, treebank_file

TWO = """# newdoc id = d
# sent_id = 1
# text = It's late.
1-2\tIt's\t_\t_\t_\t_\t_\t_\t_\t_
1\tIt\tit\tPRON\tPRP\t_\t3\tnsubj\t_\t_
2\t's\tbe\tAUX\tVBZ\t_\t3\tcop\t_\t_
2.1\tnow\tnow\tADV\tRB\t_\t_\t_\t3:advmod\t_
3\tlate\tlate\tADJ\tJJ\t_\t0\troot\t_\tSpaceAfter=No
4\t.\t.\tPUNCT\t.\t_\t3\tpunct\t_\t_

# newpar id = p
# text = Late
1\tLate\tlate\tADJ\tJJ\t_\t0\troot\t_\t_

"""


@pytest.fixture
def sentences(tmp_path: Path) -> list[Sentence]:
    path = tmp_path / "x-dev.conllu"
    path.write_text(TWO, encoding="utf-8")
    return list(read_conllu(path))


def test_empty_nodes_are_left_out_and_the_text_is_rebuilt(sentences: list[Sentence]) -> None:
    assert [sentence.text for sentence in sentences] == ["It's late.", "Late"]
    assert [row.form for row in sentences[0].words] == ["It", "'s", "late", "."]
    assert [row.form for row in sentences[0].tokens] == ["It's", "late", "."]


def test_what_is_written_reads_the_same(sentences: list[Sentence], tmp_path: Path) -> None:
    out = io.StringIO()
    write_conllu(sentences, out)
    path = tmp_path / "again.conllu"
    path.write_text(out.getvalue(), encoding="utf-8")
    assert list(read_conllu(path)) == sentences


def test_a_damaged_row_is_named(tmp_path: Path) -> None:
    path = tmp_path / "bad.conllu"
    path.write_text("1\tword\n\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"bad\.conllu:1: 2 columns"):
        list(read_conllu(path))


def test_paragraphs_are_apart_in_running_text(sentences: list[Sentence]) -> None:
    assert running_text(sentences) == "It's late. \n\nLate \n"


def test_lemma_types_are_one_word_each(sentences: list[Sentence]) -> None:
    types = list(lemma_types([*sentences] * 10))
    late = [row.columns[:4] for sentence in types for row in sentence.rows if row.form == "late"]
    assert late == [("1", "late", "late", "ADJ")] * 2


def test_the_treebank_file_must_be_one(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"\*-train\.conllu in .* found 0"):
        treebank_file(tmp_path, "train")
