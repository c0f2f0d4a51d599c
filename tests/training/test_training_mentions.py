"""Names cut out of the mentions of GUM and LitBank, and completed by a tagger."""

from __future__ import annotations

from pathlib import Path

import pytest

from quotex.training.__main__ import main
from quotex.training._gum_names import read_gum_names
from quotex.training._litbank_names import read_litbank_names
from quotex.training._mentions import MentionedSentence, after_titles, complete, on_tokens, outermost
from quotex.training._names import spans

# Word, tag, head, relation and Entity=, one word a line; a line with a range is a token of several words.
GUM = {
    "a title and an apposition": (
        """
        Captain NNP 2 compound (1-person
        Ines NNP 0 root _
        Okoro NNP 2 flat _
        , , 6 punct _
        the DT 6 det (1-person
        harbour NN 2 appos _
        master NN 6 flat 1)1)
        """,
        {"Ines Okoro PER"},
    ),
    "a title and a name in one flat phrase": (
        """
        Queen NNP 3 nsubj (1-person
        Adela NNP 1 flat 1)
        left VBD 0 root _
        """,
        {"Adela PER"},
    ),
    "an office alone": (
        """
        the DT 2 det (1-person
        Chair NNP 3 nsubj 1)
        left VBD 0 root _
        """,
        set(),
    ),
    "a common noun": (
        """
        the DT 2 det (1-person
        baker NN 3 nsubj 1)
        left VBD 0 root _
        """,
        set(),
    ),
    "a people": (
        """
        the DT 2 det (1-person
        Danes NNPS 3 nsubj 1)
        left VBD 0 root _
        """,
        set(),
    ),
    "a body with a place in it": (
        """
        the DT 2 det (1-organization
        Institute NNP 0 root _
        of IN 4 case _
        Glass NNP 2 nmod _
        and CC 6 cc _
        Tiles NNPS 4 conj _
        of IN 8 case _
        Oslo NNP 2 nmod (2-place)1)
        """,
        {"Institute of Glass and Tiles of Oslo ORG"},
    ),
    "two places": (
        """
        Oslo NNP 0 root (1-place(2-place)
        and CC 3 cc _
        Bergen NNP 1 conj (3-place)1)
        """,
        {"Oslo LOC", "Bergen LOC"},
    ),
    "the place after a comma": (
        """
        Hull NNP 0 root (1-place
        , , 3 punct _
        Yorkshire NNP 1 nmod (2-place)1)
        """,
        {"Hull LOC", "Yorkshire LOC"},
    ),
    "an adjective that is no name": (
        """
        northern JJ 2 amod (1-place
        Wales NNP 0 root 1)
        """,
        {"Wales LOC"},
    ),
    "a thing": (
        """
        Windows NNP 0 root (1-object)
        """,
        set(),
    ),
    "a possessive in one token": (
        """
        1-2 Wales's
        Wales NNP 3 nmod:poss (1-place
        's POS 1 case 1)
        hills NNS 0 root _
        """,
        {"Wales's LOC"},
    ),
}


def _conllu(table: str) -> str:
    lines = []
    number = 0
    for line in table.strip().splitlines():
        fields = line.split()
        if len(fields) == 2:
            lines.append("\t".join((*fields, *"________")))
            continue
        number += 1
        form, tag, head, relation, entity = fields
        misc = "_" if entity == "_" else f"Entity={entity}"
        lines.append("\t".join((str(number), form, form, "X", tag, "_", head, relation, "_", misc)))
    return "\n".join([*lines, "", ""])


def _shown(sentence: MentionedSentence) -> set[str]:
    return {f"{' '.join(sentence.tokens[start:end])} {kind}" for start, end, kind in sentence.names}


@pytest.mark.parametrize("case", GUM)
def test_names_of_gum(case: str, tmp_path: Path) -> None:
    table, wanted = GUM[case]
    path = tmp_path / "x.conllu"
    path.write_text(_conllu(table), encoding="utf-8")
    (sentence,) = read_gum_names(path)
    assert _shown(sentence) == wanted


LITBANK = [
    ("PROP_PER", "Miss Ada Reed", {"Ada Reed PER"}),
    ("PROP_PER", "my dear Mr. Ashe", {"Ashe PER"}),
    ("PROP_PER", "Captain Reed of Leeds", {"Reed PER"}),
    ("PROP_PER", "Mr. and Mrs. Ashe", {"Ashe PER"}),
    ("PROP_PER", "Father", set()),
    ("PROP_PER", "God", set()),
    ("PROP_PER", "Ada 's", {"Ada's PER"}),
    ("PROP_FAC", "the House of the Nine Lamps", {"House of the Nine Lamps FAC"}),
    ("PROP_GPE", "the city of Orr", {"Orr LOC"}),
    ("PROP_VEH", "the Kestrel", {"Kestrel PRODUCT"}),
    ("NOM_PER", "the Mayor", set()),
    ("PRON_PER", "They", set()),
]


@pytest.mark.parametrize(("label", "phrase", "wanted"), LITBANK)
def test_names_of_litbank(label: str, phrase: str, wanted: set[str], tmp_path: Path) -> None:
    text = f"Chapter One\n\nThen {phrase} sank .\n"
    start = text.index(phrase)
    rows = [
        f"T1\t{label} {start} {start + len(phrase)}\t{phrase}",
        "T2\tAda-0 0 7\tChapter",
        "R1\tCOREF Arg1:T1 Arg2:T2",
    ]
    (tmp_path / "12_x_brat.txt").write_text(text, encoding="utf-8")
    (tmp_path / "12_x_brat.ann").write_text("\n".join(rows) + "\n", encoding="utf-8")
    heading, sentence = read_litbank_names(tmp_path, "train")
    assert heading.names == ()
    assert _shown(sentence) == wanted
    assert bool(sentence.mentions) == (not label.startswith("PRON"))
    assert read_litbank_names(tmp_path, "dev") == []


def _mentioned(*, names: set[tuple[int, int, str]], mentions: set[tuple[int, int, str]]) -> MentionedSentence:
    tokens = ("Mayor", "Ada", "Reed", "of", "Orr", "came", "in", "May")
    return MentionedSentence(tokens=tokens, names=tuple(sorted(names)), mentions=frozenset(names | mentions))


@pytest.mark.parametrize(
    ("names", "mentions", "tagged", "wanted"),
    [
        pytest.param({(1, 3, "PER")}, {}, {(7, 8, "DATE")}, {(1, 3, "PER"), (7, 8, "DATE")}, id="another type"),
        pytest.param({(1, 3, "PER")}, {}, {(0, 3, "PER")}, {(1, 3, "PER")}, id="other bounds"),
        pytest.param({(4, 5, "ORG")}, {}, {(4, 5, "LOC")}, {(4, 5, "LOC")}, id="a country that acts"),
        pytest.param({(4, 5, "LOC")}, {}, {(4, 5, "ORG")}, {(4, 5, "LOC")}, id="another type for a name"),
        pytest.param(set(), {(0, 5, "PER")}, {(1, 3, "PER")}, {(1, 3, "PER")}, id="in a nominal mention"),
        pytest.param(set(), {(0, 5, "LOC")}, {(4, 5, "FAC")}, {(4, 5, "FAC")}, id="a facility in a place"),
        pytest.param(set(), {(0, 5, "LOC")}, {(1, 3, "PER")}, None, id="in a mention of another type"),
        pytest.param({(1, 3, "PER")}, {}, {(4, 5, "LOC")}, None, id="in no mention"),
    ],
)
def test_a_tagger_completes_names(
    names: set[tuple[int, int, str]],
    mentions: set[tuple[int, int, str]],
    tagged: set[tuple[int, int, str]],
    wanted: set[tuple[int, int, str]] | None,
) -> None:
    found = complete(_mentioned(names=names, mentions=set(mentions)), tagged)
    assert (None if found is None else spans(found.labels)) == wanted


def test_the_longest_of_overlapping_names_stays() -> None:
    assert outermost([(4, 5, "LOC"), (0, 5, "ORG"), (6, 7, "LOC")]) == ((0, 5, "ORG"), (6, 7, "LOC"))


def test_a_token_belongs_to_the_name_that_begins_in_it() -> None:
    # the tokens `in`, `Wales's`, `hills` of the words `in`, `Wales`, `'s`, `hills`
    assert on_tokens([(1, 2, "LOC"), (1, 4, "FAC")], [0, 1, 3]) == {(1, 2, "LOC"), (1, 3, "FAC")}


@pytest.mark.parametrize(
    ("name", "skipped"),
    [("US President Ana Lima", 2), ("Dr. Ana Lima", 1), ("Martin King", 0), ("Pope", 1), ("Lady Mayor", 2), ("", 0)],
)
def test_titles_before_a_name(name: str, skipped: int) -> None:
    assert after_titles(name.split()) == skipped


def test_mentions_need_a_tagger(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    for part in ("train", "dev"):
        (tmp_path / f"x-{part}.conllu").write_text(_conllu(GUM["a thing"][0]), encoding="utf-8")
    # of these articles the hash puts the first into the training part, the other into the development part
    for name in ("paper_0.txt.tsv", "paper_2.txt.tsv"):
        (tmp_path / name).write_text("Orr\tS-Location\n", encoding="utf-8")
    folder = str(tmp_path)
    arguments = ["--work", str(tmp_path / "w"), "--ud", folder, "--names", folder, "--gum-names", folder]
    assert main(["prepare", *arguments]) == 2
    assert "need --models" in caplog.text
