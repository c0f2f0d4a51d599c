"""The loaders on small made-up samples, with the warts of each corpus."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from quotex import FormatError, QuoteKind, SpeakerKind
from quotex.evaluation import UNJUDGED, Broken, CorpusError, GoldSpeaker, QuoteType, open_corpus
from quotex.evaluation._gold import span_of
from quotex.evaluation._litbank import detokenize, read_litbank
from quotex.evaluation._pdnc import read_pdnc
from quotex.evaluation._polnear import kind_by_marks, read_polnear
from quotex.evaluation._world import read_world

WORLD = "“It leaks,” said plumber Jo Lee 🚰. “Badly.”\r\n“Well,” a “fix” came."


def _world_item(words: list[str], **fields: Any) -> dict[str, Any]:
    offsets = [[WORLD.index(part), WORLD.index(part) + len(part)] for part in words]
    empty = dict.fromkeys(("speaker", "mention", "cue", "role", "speaker_type", "mention_offsets"))
    return {"segments": words, "segment_offsets": offsets, "kind": "direct", **empty, **fields}


def _world(folder: Path, items: list[dict[str, Any]]) -> Path:
    (folder / "a.txt").write_bytes(WORLD.encode())
    path = folder / "a.gold.json"
    path.write_text(json.dumps({"doc": "a.txt", "quotes": items}), encoding="utf-8")
    return path


def test_world(tmp_path: Path) -> None:
    lee = WORLD.index("Jo Lee")
    items = [
        _world_item(
            ["It leaks,", "Badly."],
            speaker="Jo Lee",
            mention="Jo Lee",
            mention_offsets=[lee, lee + 6],
            cue="said",
            role="plumber",
            speaker_type="organisation",
        ),
        _world_item(["Well,"]),
        _world_item(["fix"], kind="scare"),
    ]
    document = read_world(_world(tmp_path, items))
    first, second = document.quotes
    assert [item.text for item in first.segments] == ["It leaks", "Badly"]
    assert first.speaker == GoldSpeaker(name="Jo Lee", kind=SpeakerKind.ORGANIZATION, role="plumber")
    assert first.mention == span_of(WORLD, lee, lee + 6)
    assert (first.cue, first.kind) == ("said", QuoteKind.DIRECT)
    assert (second.speaker, second.mention, second.cue, second.role) == (None, None, None, None)
    assert (second.manner, second.addressees) == (UNJUDGED, UNJUDGED)
    assert [entry.span.text for entry in document.not_speech] == ["fix"]
    assert QuoteKind.INDIRECT not in document.kinds


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"segment_offsets": [[0, 3]]}, "offsets"),
        ({"segment_offsets": []}, "0 offsets for 1 segments"),
        ({"kind": "loud"}, "unknown kind"),
        ({"mention_offsets": [0]}, "missing or wrong"),
    ],
)
def test_world_warts(tmp_path: Path, fields: dict[str, Any], reason: str) -> None:
    with pytest.raises(FormatError, match=reason):
        read_world(_world(tmp_path, [_world_item(["Well,"], **fields)]))


def test_world_not_json(tmp_path: Path) -> None:
    path = _world(tmp_path, [])
    path.write_text("{\n,", encoding="utf-8")
    with pytest.raises(FormatError, match="line 2"):
        read_world(path)


POLNEAR = 'The pipes leak, Jo Lee said, "and badly."\nLee was urged to pay. She said that "it drips" daily.'


def _brat(*lines: tuple[str, str, str]) -> str:
    """Text-bound lines from id, type and the words, `|` between stretches."""
    made = []
    for number, kind, words in lines:
        stretches = [(POLNEAR.index(part), POLNEAR.index(part) + len(part)) for part in words.split("|")]
        offsets = ";".join(f"{start} {end}" for start, end in stretches)
        made.append(f"{number}\t{kind} {offsets}\t{words.replace('|', ' ')}")
    return "\n".join(made)


def _polnear_files(folder: Path, annotation: str, *, annotators: tuple[str, ...] = ("a1",)) -> tuple[Path, Path]:
    text = folder / "data" / "dev" / "text" / "pub_2001_pipes.txt"
    for directory in (text.parent, text.parent.with_name("attributions")):
        directory.mkdir(parents=True, exist_ok=True)
    text.write_text(POLNEAR, encoding="utf-8")
    for annotator in annotators:
        path = text.parent.with_name("attributions") / f"pub_2001_pipes_{annotator}.ann"
        path.write_text(annotation if annotator == annotators[0] else "", encoding="utf-8")
    return text, text.parent.with_name("attributions") / f"pub_2001_pipes_{annotators[0]}.ann"


ATTRIBUTIONS = _brat(
    ("T1", "Content", 'The pipes leak|"and badly."'),
    ("T2", "Source", "Jo Lee"),
    ("T3", "Cue", "said,"),
    ("T4", "Attribution", "said,"),
    ("T5", "Content", "Lee|to pay"),
    ("T6", "Cue", "was urged"),
    ("T7", "Attribution-no-source", "was urged"),
    ("T8", "Discuss", "daily"),
    ("T9", "Cue", "She said"),
)


def test_polnear(tmp_path: Path) -> None:
    events = (
        "E1\tAttribution:T4 Content:T1 Cue:T3 Source:T2\n"
        "E2\tAttribution-no-source:T7 Cue:T6 Content:T5 \n"
        "E3\tAttribution:T4 Cue:T9\n"  # no content
        "#1\tAnnotatorNotes T8\tunsure\n"
        "a line of a note that runs on\n"
    )
    text, annotation = _polnear_files(tmp_path, f"{ATTRIBUTIONS}\n{events}")
    document = read_polnear("pipes", text, annotation)
    first, second = document.quotes
    assert [item.text for item in first.segments] == ["The pipes leak", "and badly"]
    assert [item.text for item in (*first.sources, *first.cues)] == ["Jo Lee", "said,"]
    assert (first.kind, second.kind) == (QuoteKind.MIXED, QuoteKind.INDIRECT)
    assert [item.text for item in second.segments] == ["Lee", "to pay"]
    assert second.sources == ()
    assert document.triples


def test_polnear_takes_the_first_of_several_annotators(tmp_path: Path) -> None:
    annotation = f"{ATTRIBUTIONS}\nE1\tAttribution:T4 Content:T1 Cue:T3 Source:T2\n"
    _polnear_files(tmp_path, annotation, annotators=("a1", "b2", "c3"))
    (document,) = open_corpus("polnear", tmp_path).read()
    assert not isinstance(document, Broken)
    assert (document.name, len(document.quotes)) == ("pub_2001_pipes", 1)
    assert open_corpus("polnear", tmp_path / "data" / "dev", split="train").documents == ("pub_2001_pipes",)


@pytest.mark.parametrize(
    ("annotation", "reason"),
    [
        ("T1\tContent 5 999\tleak", "in a text of"),
        ("T1\tContent 5 5\t", "in a text of"),
        ("E1\tAttribution:T4 Content:T1", "refers to unknown Content:T1"),
    ],
)
def test_polnear_warts(tmp_path: Path, annotation: str, reason: str) -> None:
    with pytest.raises(FormatError, match=reason):
        read_polnear("pipes", *_polnear_files(tmp_path, annotation))


@pytest.mark.parametrize(
    ("text", "content", "kind"),
    [
        ("“It leaks,” she said.", "“It leaks,”", QuoteKind.DIRECT),
        ('"It leaks," she said.', "It leaks,", QuoteKind.DIRECT),  # the marks were left out
        ("She said it “leaks a lot” now.", "it “leaks a lot” now", QuoteKind.MIXED),
        ("She said that “it leaks.”", "that “it leaks.”", QuoteKind.DIRECT),
        ("She said it leaks.", "it leaks", QuoteKind.INDIRECT),
        ("“It leaks.\n", "“It leaks.", QuoteKind.DIRECT),  # reopened on the next paragraph
        ("''It leaks,'' she said.", "It leaks,", QuoteKind.DIRECT),
        ("She said it ''leaks a lot'' now.", "it ''leaks a lot'' now", QuoteKind.MIXED),
    ],
)
def test_kind_by_marks(text: str, content: str, kind: QuoteKind) -> None:
    start = text.index(content)
    assert kind_by_marks(text, (span_of(text, start, start + len(content)),)) == kind


NOVEL = "“Come in,” said Nell,\n“and sit.”\n\n“No,” said the man. “Why not?”\n"


def _pdnc(folder: Path, rows: list[str], characters: str = "0,Nell,\"{'Nell', 'Mrs. Tarn'}\",F,major\n") -> Path:
    novel = folder / "data" / "Emma"
    novel.mkdir(parents=True)
    (novel / "novel_text.txt").write_text(NOVEL, encoding="utf-8")
    (novel / "character_info.csv").write_text(
        "Character ID,Main Name,Aliases,Gender,Category\n" + characters + "1,A Man,\"['The Man']\",M,minor\n",
        encoding="utf-8",
    )
    head = "quoteID,quoteText,subQuotationList,quoteByteSpans,speaker,addressees,quoteType"
    (novel / "quotation_info.csv").write_text("\n".join([head, *rows, ""]), encoding="utf-8")
    return novel


def _row(number: str, words: list[str], speaker: str, addressees: str, kind: str, shift: int = 0) -> str:
    spans = [[NOVEL.index(part) + shift, NOVEL.index(part) + len(part) + shift] for part in words]
    return f'{number},"{" ".join(words)}","{words}","{spans}",{speaker},"{addressees}",{kind}'


def test_pdnc(tmp_path: Path) -> None:
    rows = [
        _row("Q1", ["No,"], "The Man", "['_unknowable']", "nan"),
        _row("Q0", ["Come in,", "and sit."], "Nell", "['A Man', '_group']", "Explicit"),
        _row("Q2", ["Why not?"], "a ghost", "[]", "Implicit", shift=3),
        _row("Q3", ["Why"], "", "set()", "Anaphoric"),
    ]
    document = read_pdnc(_pdnc(tmp_path, rows))
    by_id = {found.id: found for found in document.quotes}
    assert [found.id for found in document.quotes][:2] == ["Q0", "Q1"]
    assert [item.text for item in by_id["Q0"].segments] == ["Come in", "and sit"]
    nell, man = document.speakers
    assert nell.aliases == ("Mrs. Tarn",)
    assert (by_id["Q0"].speaker, by_id["Q0"].addressees, by_id["Q0"].type) == (nell, (man,), QuoteType.EXPLICIT)
    assert (by_id["Q1"].speaker, by_id["Q1"].addressees, by_id["Q1"].type) == (man, UNJUDGED, None)
    assert by_id["Q2"].segments[0].text == "Why not"  # the offsets were three off
    assert by_id["Q2"].speaker == GoldSpeaker(name="a ghost")
    assert by_id["Q3"].speaker is None
    assert document.fiction


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ('Q0,x,"[\'elephant\']","[[0, 8]]",Nell,"[]",Explicit', "do not give its words"),
        ('Q0,x,"[]","[]",Nell,"[]",Explicit', "has no offsets"),
        ('Q0,x,"[]","[0, 8]",Nell,"[]",Explicit', "expected \\[start, end\\]"),
        ('Q0,x,"[","[[0, 8]]",Nell,"[]",Explicit', "expected a list"),
        ("Q0,x", "too short"),
    ],
)
def test_pdnc_warts(tmp_path: Path, row: str, reason: str) -> None:
    with pytest.raises(FormatError, match=reason) as caught:
        read_pdnc(_pdnc(tmp_path, [row]))
    assert caught.value.line == 2


def test_pdnc_splits(tmp_path: Path) -> None:
    _pdnc(tmp_path, [])
    for name in ("HardTimes", "SomeNovel"):
        folder = tmp_path / "data" / name
        folder.mkdir()
        (folder / "novel_text.txt").touch()
    found = {split: open_corpus("pdnc", tmp_path, split=split).documents for split in ("dev", "test", "train", "all")}
    assert found == {
        "dev": ("Emma",),
        "test": ("HardTimes",),
        "train": ("SomeNovel",),
        "all": ("Emma", "HardTimes", "SomeNovel"),
    }
    assert open_corpus("pdnc", tmp_path / "data" / "Emma", split="train").documents == ("Emma",)


def _litbank(folder: Path) -> Path:
    quotations, coref = folder / "quotations" / "tsv", folder / "coref" / "brat"
    quotations.mkdir(parents=True)
    coref.mkdir(parents=True)
    tokens = "CHAPTER I\n“ Come in , ” said Mrs. Tarn , “ and\nsit . ”\n‘ No ! ’ said the man ; he did n’t .\n"
    (quotations / "11_novel_brat.txt").write_text(tokens, encoding="utf-8")
    path = quotations / "11_novel_brat.ann"
    path.write_text(
        "QUOTE\tQ1\t1\t0\t1\t4\t“ Come in , ”\nQUOTE\tQ2\t1\t9\t2\t2\t“ and sit . ”\nQUOTE\tQ3\t3\t0\t3\t3\t‘ No ! ’\n"
        "ATTRIB\tQ1\tNell_Tarn-0\nATTRIB\tQ2\tNell_Tarn-0\nATTRIB\tQ3\ta_man-1\n",
        encoding="utf-8",
    )
    (coref / "11_novel_brat.ann").write_text(
        "T1\tPROP_PER 28 37\tMrs. Tarn\nT2\tNell_Tarn-0 28 37\tMrs. Tarn\nT3\tPRON_PER 70 72\the\n"
        "T4\ta_man-1 70 72\the\nT5\tNOM_PER 61 68\tthe man\nT6\ta_man-1 61 68\tthe man\nR1\tcop Arg1:T1 Arg2:T5\n",
        encoding="utf-8",
    )
    return path


def test_litbank(tmp_path: Path) -> None:
    path = _litbank(tmp_path)
    document = read_litbank(path, tmp_path / "coref" / "brat" / path.name)
    assert document.text == "CHAPTER I\n“Come in,” said Mrs. Tarn, “and sit.”\n‘No!’ said the man; he didn’t."
    assert [found.segments[0].text for found in document.quotes] == ["Come in", "and sit", "No"]
    names = [found.speaker.name for found in document.quotes if isinstance(found.speaker, GoldSpeaker)]
    assert names == ["Mrs. Tarn", "Mrs. Tarn", "the man"]
    assert open_corpus("litbank", tmp_path).documents == ("11_novel_brat",)
    with pytest.raises(CorpusError, match="no litbank documents"):
        open_corpus("litbank", tmp_path, split="test")


def test_litbank_without_coreference(tmp_path: Path) -> None:
    speaker = read_litbank(_litbank(tmp_path)).quotes[0].speaker
    assert speaker == GoldSpeaker(name="Nell Tarn")


@pytest.mark.parametrize(
    "line", ["QUOTE\tQ1\t9\t0\t9\t1\tx", "QUOTE\tQ1\t1\tx\t1\t1\tx", "ELSE\tQ1", "QUOTE\tQ1\t1\t3\t1\t1\tx"]
)
def test_litbank_warts(tmp_path: Path, line: str) -> None:
    path = _litbank(tmp_path)
    path.write_text(line, encoding="utf-8")
    with pytest.raises(FormatError, match="line 1"):
        read_litbank(path)


def test_detokenizing_straight_marks() -> None:
    text, places = detokenize('" No , sir , " said he , " I\nsee ! " -- and ( so ) he left .')
    assert text == '"No, sir," said he, "I see!" -- and (so) he left.'
    first = places[0][1]
    assert text[first[0] : first[1]] == "No"


def test_open_corpus_refuses(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="unknown corpus 'moon'; available: own, world"):
        open_corpus("moon")
    with pytest.raises(CorpusError, match="has no split 'first'"):
        open_corpus("pdnc", tmp_path, split="first")
    with pytest.raises(CorpusError, match="no own documents"):
        open_corpus("own", tmp_path)


def test_a_broken_document_is_no_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "world-dev").mkdir()
    (_world(tmp_path / "world-dev", [])).with_name("b.gold.json").write_text("{", encoding="utf-8")
    monkeypatch.setenv("QUOTEX_DATA", str(tmp_path))
    first, second = open_corpus("world").read()
    assert not isinstance(first, Broken)
    assert isinstance(second, Broken)
    assert second.name == "b"
    assert open_corpus("world", limit=1).documents == ("a",)
