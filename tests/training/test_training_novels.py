"""Novels of PDNC as coreference known in part, from a novel written for this test."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

import quotex.training._novels
from quotex._packages import PACK_DIRECTORY
from quotex.evaluation._pdnc import read_mentions, read_pdnc
from quotex.training._chains import PlacedWord
from quotex.training._linked import Links, read_linked
from quotex.training._novels import excerpts, novel_to_stanza, stated_mentions
from quotex.training._trees import tokenize_novels

NOVEL = (
    "Mrs. Tarn looked at Joe Pike.\n\n"
    "“You are late, my boy,” she said sadly. “I waited for Will.”\n\n"
    "“Will is gone,” said Joe. “I saw him and you. We are alone.”\n\n"
    "No will of hers could help Nell Tarn now, and he said nothing.\n"
)
CHARACTERS = [
    ["Mrs. Tarn", "{'Nell', 'Mrs. Tarn', 'Nell Tarn'}"],
    ["Joe Pike", "{'Joe', 'Pike', 'my boy'}"],
    ["Will", "{'Will'}"],
]


def _spans(parts: list[list[str]], start: int) -> list[list[list[int]]]:
    found = []
    for part in parts:
        places = []
        for words in part:
            start = NOVEL.index(words, start)
            places.append([start, start + len(words)])
            start += len(words)
        found.append(places)
    return found


def _row(
    number: str, quoted: list[str], cue: str, speaker: str, mentions: list[list[tuple[str, list[str]]]]
) -> list[str]:
    texts = [[words for words, _ in part] for part in mentions]
    cells = (
        quoted,
        [[NOVEL.index(part), NOVEL.index(part) + len(part)] for part in quoted],
        texts,
        _spans(texts, NOVEL.index(quoted[0])),
        [[owners for _, owners in part] for part in mentions],
    )
    words, spans, *rest = map(str, cells)
    return [number, " ".join(quoted), words, spans, speaker, "[]", "Explicit", cue, *rest]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The novel as PDNC stores one."""
    (tmp_path / "novel_text.txt").write_text(NOVEL, encoding="utf-8")
    head = ["quoteID", "quoteText", "subQuotationList", "quoteByteSpans", "speaker", "addressees", "quoteType"]
    head += ["referringExpression", "mentionTextsList", "mentionSpansList", "mentionEntitiesList"]
    first = [("You", ["Joe Pike"]), ("my boy", ["Joe Pike"])], [("Will", ["Will"])]
    second = [("Will", ["Will"])], [("him", ["Will"]), ("you", ["Mrs. Tarn"]), ("We", ["Joe Pike", "Mrs. Tarn"])]
    rows = [
        _row("Q0", ["You are late, my boy,", "I waited for Will."], "she said sadly", "Mrs. Tarn", list(first)),
        _row("Q1", ["Will is gone,", "I saw him and you. We are alone."], "said Joe", "Joe Pike", list(second)),
    ]
    tables = {"quotation_info.csv": [head, *rows], "character_info.csv": [["Main Name", "Aliases"], *CHARACTERS]}
    for name, table in tables.items():
        with (tmp_path / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(table)
    return tmp_path


def test_mentions_in_quotations_and_subjects_of_cues(folder: Path) -> None:
    found = [(NOVEL[start:end], who) for start, end, who in sorted(read_mentions(folder, read_pdnc(folder)))]
    assert found == [
        ("You", "Joe Pike"),
        ("my boy", "Joe Pike"),
        ("she", "Mrs. Tarn"),
        ("Will", "Will"),
        ("Will", "Will"),
        ("him", "Will"),
        ("you", "Mrs. Tarn"),
    ]


def test_names_and_the_first_person_are_known_too(folder: Path) -> None:
    found = [(NOVEL[start:end], who) for start, end, who in stated_mentions(folder, read_pdnc(folder))]
    assert found == [
        ("Mrs. Tarn", "Mrs. Tarn"),
        ("Joe Pike", "Joe Pike"),
        ("You", "Joe Pike"),
        ("my boy", "Joe Pike"),
        ("she", "Mrs. Tarn"),
        ("I", "Mrs. Tarn"),
        ("Will", "Will"),  # inside quotations alone: small, it is a word
        ("Will", "Will"),
        ("Joe", "Joe Pike"),
        ("I", "Joe Pike"),
        ("him", "Will"),
        ("you", "Mrs. Tarn"),
        ("Nell Tarn", "Mrs. Tarn"),
    ]


@pytest.mark.model
def test_novels_are_tokenized_by_a_pack(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TheBoathouse", "HowardsEnd"):
        shutil.copytree(folder, tmp_path / "corpus" / "data" / name, ignore=shutil.ignore_patterns("corpus"))
    monkeypatch.setattr(quotex.training._novels, "WORDS", 30)
    documents = list(tokenize_novels(tmp_path / "corpus", PACK_DIRECTORY))
    # what LitBank scores is left out, and the words that no longer fill an excerpt
    assert [document["document_id"] for document in documents] == ["TheBoathouse 0"]
    words = documents[0]["cased_words"]
    assert words[:4] == ["Mrs.", "Tarn", "looked", "at"]
    assert words[-4:] == ["are", "alone", ".", "”"]
    chains = {frozenset(words[head] for head in chain) for chain in documents[0]["word_clusters"]}
    assert chains == {
        frozenset({"Tarn", "she", "I", "you"}),
        frozenset({"Joe", "You", "boy", "I"}),
        frozenset({"Will", "him"}),
    }


def _placed(text: str) -> list[PlacedWord]:
    words = []
    start = 0
    for number, sentence in enumerate(text.split("\n\n")):
        for word in sentence.split():
            start = text.index(word, start)
            words.append(PlacedWord(text=word, sentence=number, start_char=start, end_char=start + len(word)))
            start += len(word)
    return words


@pytest.mark.parametrize(
    ("text", "mention", "head"),
    [
        ("Then Mrs. Tarn came", "Mrs. Tarn", "Tarn"),
        ("Then Joe Pike came", "Joe Pike", "Joe"),
        ("Then Sir Joe Pike came", "Sir Joe Pike", "Joe"),
        ("Then my dear boy came", "my dear boy", "boy"),
        ("the man of the house came", "the man of the house", "man"),
        ("Then Joe ’s came", "Joe ’s", "Joe"),
        ("Then Captain came", "Captain", "Captain"),
    ],
)
def test_heads_of_mentions(text: str, mention: str, head: str) -> None:
    start = text.index(mention)
    document = novel_to_stanza("n", _placed(text), [(start, start + len(mention), "x")])
    assert [document["cased_words"][word] for word in document["word_clusters"][0]] == [head]


def test_an_excerpt_is_a_document_known_in_part() -> None:
    text = NOVEL.replace(".", " .").replace(",", " ,").replace("“", "“ ").replace("”", " ”")
    mentions = [
        (text.index("You"), text.index("You") + 3, "Joe"),
        (text.rindex("I saw"), text.rindex("I saw") + 1, "Joe"),
    ]
    linked = read_linked(novel_to_stanza("n", _placed(text), mentions))
    words = [word for sentence in linked.sentences for word in sentence]
    assert [[words[place] for place in cluster] for cluster in linked.links.clusters] == [["You", "I"]]
    assert linked.links == Links(clusters=linked.links.clusters, partial=True)
    assert (linked.corpus, len(linked.sentences)) == ("pdnc", 4)


def test_excerpts_are_whole_paragraphs() -> None:
    text = "\n\n".join(f"{number} " + "word " * 700 for number in range(8))
    parts = list(excerpts(text))
    assert len(parts) == 2
    assert [text[start:end].count("\n\n") for start, end in parts] == [3, 3]
    assert text[parts[1][0]] == "3"
    assert list(excerpts("short")) == []
