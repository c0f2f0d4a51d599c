"""Coreference corpora: brackets, types, splits, heads and Stanza's JSON."""

from __future__ import annotations

from pathlib import Path

import pytest

from quotex.training._chains import (
    CorefDocument,
    GapPassage,
    PlacedWord,
    gap_to_stanza,
    head_of,
    litbank_split,
    read_gap,
    read_gum,
    read_litbank,
    read_wikicoref,
    to_stanza,
)

GAP_HEADER = "ID\tText\tPronoun\tPronoun-offset\tA\tA-offset\tA-coref\tB\tB-offset\tB-coref\tURL"
GAP_TEXT = "\N{GRINNING FACE} Ines met Ruth before she left."

GUM = """# newdoc id = GUM_test_harbour
# global.Entity = GRP-etype-infstat-salience-centering-minspan-link-identity
# text = Ines and Ruth can't see their ship
1\tInes\tInes\tPROPN\tNNP\t_\t4\tnsubj\t_\tEntity=(3-person-new-nnnnn-cf1-1,3-coref(1-person-new-nnnnn-cf2-1-coref)
2\tand\tand\tCCONJ\tCC\t_\t3\tcc\t_\t_
3\tRuth\tRuth\tPROPN\tNNP\t_\t1\tconj\t_\tEntity=(2-person-new-nnnnn-cf3-1-sgl)3)
4-5\tcan't\t_\t_\t_\t_\t_\t_\t_\t_
4\tca\tcan\tAUX\tMD\t_\t6\taux\t_\t_
5\tn't\tnot\tPART\tRB\t_\t6\tadvmod\t_\t_
6\tsee\tsee\tVERB\tVB\t_\t0\troot\t_\t_
6.1\tlost\tlose\tVERB\tVBN\t_\t_\t_\t_\t_
7\ttheir\ttheir\tPRON\tPRP$\t_\t8\tnmod:poss\t_\tEntity=(4-object-new-nnnnn-cf4-2-coref(3-person-giv-nnnnn-cf1-1-ana)
8\tship\tship\tNOUN\tNN\t_\t6\tobj\t_\tEntity=4)

# text = It sank
1\tIt\tit\tPRON\tPRP\t_\t2\tnsubj\t_\tEntity=(4-object-giv-nnnnn-cf1-1-ana)
2\tsank\tsink\tVERB\tVBD\t_\t0\troot\t_\t_

# newdoc id = GUM_test_mill
# text = Ruth
1\tRuth\tRuth\tPROPN\tNNP\t_\t0\troot\t_\tEntity=(1-person-new-nnnnn-cf1-1-sgl)

"""


def _litbank(*rows: tuple[str, str] | None) -> str:
    """A document in LitBank's columns: word and brackets; `None` ends a sentence."""
    lines = ["#begin document (12_x_brat); part 0"]
    lines += ["" if row is None else "\t".join(("12_x", "0", "0", row[0], *"________", row[1])) for row in rows]
    return "\n".join([*lines, "", "#end document", ""])


def _wikicoref(*rows: tuple[str, str, str]) -> str:
    """A document in WikiCoref's columns: word, named entity and brackets."""
    lines = ["#begin document (wb/x); part 000"]
    lines += [
        "\t".join(("wb/x", "0", "0", word, "NN", "*", *"----", name, "-", "-", chain)) for word, name, chain in rows
    ]
    return "\n".join([*lines, "", "#end document", ""])


@pytest.mark.parametrize(("name", "split"), [("120_x.conll", "test"), ("11_x.conll", "dev"), ("12_x.conll", "train")])
def test_litbank_is_split_by_number(name: str, split: str) -> None:
    assert litbank_split(name) == split


def test_litbank_keeps_nested_mentions_and_singletons(tmp_path: Path) -> None:
    text = _litbank(("Ruth", "(1|(2)"), ("'s", ""), ("aunt", "1)"), None, ("She", "(1)"), ("wept", "_"))
    (tmp_path / "12_x_brat.conll").write_text(text, encoding="utf-8")
    (tmp_path / "20_y_brat.conll").write_text(text, encoding="utf-8")
    (document,) = read_litbank(tmp_path, "train")
    assert document.name == "12_x"
    assert document.words == ("Ruth", "'s", "aunt", "She", "wept")
    assert document.sentences == (0, 0, 0, 1, 1)
    assert sorted(document.chains) == [((0, 1),), ((0, 3), (3, 4))]
    assert document.heads == ()


def test_a_chain_may_open_twice_before_it_closes(tmp_path: Path) -> None:
    text = _litbank(("Ruth", "(1"), (",", ""), ("herself", "(1)|1)"))
    (tmp_path / "12_x_brat.conll").write_text(text, encoding="utf-8")
    (document,) = read_litbank(tmp_path, "train")
    assert document.chains == (((0, 3), (2, 3)),)


def test_wikicoref_keeps_chains_with_names_or_pronouns(tmp_path: Path) -> None:
    rows = [
        ("Lake", "(LOC*", "(1"),
        ("Orla", "*)", "1)"),
        ("-LRB-", "*", "-"),
        ("it", "*", "(1)"),
        ("-RRB-", "*", "-"),
        ("May", "(DATE)", "(2)"),
        ("then", "*", "(2)"),
        ("he", "*", "(3)"),
        ("Guide", "*", "(3)"),
    ]
    (tmp_path / "Lake.v4_gold_conll").write_text(_wikicoref(*rows), encoding="utf-8")
    (document,) = read_wikicoref(tmp_path)
    assert document.name == "Lake"
    assert document.words[2:5] == ("(", "it", ")")
    assert document.chains == (((0, 2), (3, 4)), ((7, 8), (8, 9)))


def test_gum_documents_chains_and_trees(tmp_path: Path) -> None:
    path = tmp_path / "gum.conllu"
    path.write_text(GUM, encoding="utf-8")
    first, second = read_gum(path)
    assert (first.name, second.name) == ("GUM_test_harbour", "GUM_test_mill")
    assert first.words == ("Ines", "and", "Ruth", "ca", "n't", "see", "their", "ship", "It", "sank")
    assert first.sentences == (0,) * 8 + (1, 1)
    assert first.heads == (3, 2, 0, 5, 5, None, 7, 5, 9, None)
    assert first.relations[6:8] == ("nmod:poss", "obj")
    assert sorted(first.chains) == [((0, 1),), ((0, 3), (6, 7)), ((2, 3),)]
    assert second.chains == (((0, 1),),)


def test_gum_types_can_be_chosen(tmp_path: Path) -> None:
    path = tmp_path / "gum.conllu"
    path.write_text(GUM, encoding="utf-8")
    (first, _) = read_gum(path, frozenset({"object"}))
    assert first.chains == (((6, 8), (8, 9)),)


def _gap_file(folder: Path, offset: int) -> Path:
    path = folder / "gap.tsv"
    row = ["t-1", GAP_TEXT, "she", str(offset), "Ines", "2", "TRUE", "Ruth", "11", "FALSE", "https://example.org"]
    path.write_text(GAP_HEADER + "\n" + "\t".join(row) + "\n", encoding="utf-8")
    return path


def test_gap_counts_code_points(tmp_path: Path) -> None:
    (passage,) = read_gap(_gap_file(tmp_path, 23))
    assert passage == GapPassage(
        name="t-1",
        text=GAP_TEXT,
        pronoun=(23, 26),
        first=(2, 6),
        second=(11, 15),
        first_right=True,
        second_right=False,
    )
    assert passage.feminine


def test_gap_refuses_an_offset_beside_the_name(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="t-1: no 'she' at 22"):
        read_gap(_gap_file(tmp_path, 22))


@pytest.mark.parametrize(
    ("span", "wanted"),
    [
        ((0, 3), 2),  # the old woman
        ((0, 1), 0),
        ((3, 5), 4),  # the comma is no head though it hangs as high
    ],
)
def test_heads_of_mentions(span: tuple[int, int], wanted: int) -> None:
    heads = (2, 2, 5, 5, 5, None)
    relations = ("det", "amod", "nsubj", "punct", "obj", "root")
    assert head_of(span, heads, relations) == wanted


def test_stanza_json_has_a_head_for_each_mention() -> None:
    document = CorefDocument(
        name="x",
        corpus="litbank",
        words=("old", "Ruth", "left", "She", "wept"),
        sentences=(0, 0, 0, 1, 1),
        chains=(((0, 2), (3, 4)),),
        heads=(1, 2, None, 4, None),
        relations=("amod", "nsubj", "root", "nsubj", "root"),
    )
    found = to_stanza(document)
    assert found["cased_words"] == ["old", "Ruth", "left", "She", "wept"]
    assert found["sent_id"] == [0, 0, 0, 1, 1]
    assert found["head2span"] == [[1, 0, 2], [3, 3, 4]]
    assert found["word_clusters"] == [[1, 3]]
    assert found["span_clusters"] == [[[0, 2], [3, 4]]]
    assert found["gold_chains"] == [[[0, 2], [3, 4]]]


def test_no_head_stands_in_two_chains() -> None:
    document = CorefDocument(
        name="x",
        corpus="gum",
        words=("Ruth", "and", "Ines", "left"),
        sentences=(0, 0, 0, 0),
        chains=(((0, 1),), ((0, 3),)),
        heads=(3, 2, 0, None),
        relations=("nsubj", "cc", "conj", "root"),
    )
    found = to_stanza(document)
    heads = [head for cluster in found["word_clusters"] for head in cluster]
    assert heads == [0]
    assert [row[0] for row in found["head2span"]] == [0]
    assert found["gold_chains"] == [[[0, 1]], [[0, 3]]]


def _placed(*rows: tuple[str, int]) -> list[PlacedWord]:
    """Words of one sentence: text and first character."""
    return [PlacedWord(text=text, sentence=0, start_char=start, end_char=start + len(text)) for text, start in rows]


def test_gap_becomes_labelled_heads(tmp_path: Path) -> None:
    (passage,) = read_gap(_gap_file(tmp_path, 23))
    words = _placed(("Ines", 2), ("met", 7), ("Ruth", 11), ("before", 16), ("she", 23), ("left", 27))
    found = gap_to_stanza(passage, words)
    assert found is not None
    assert found["gap"] == {"pronoun": 4, "a": 0, "b": 2, "a_coref": True, "b_coref": False}
    assert found["document_id"] == "t-1"


def test_gap_passages_that_fit_no_words_are_left_out(tmp_path: Path) -> None:
    (passage,) = read_gap(_gap_file(tmp_path, 23))
    assert gap_to_stanza(passage, _placed(("Ines", 2), ("Ruth", 11))) is None
    assert gap_to_stanza(passage, _placed((GAP_TEXT, 0))) is None
