"""Documents whose chains trained models find."""

from __future__ import annotations

import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs
import pytest
import torch
from torch import Tensor

from quotex.evaluation import GoldDocument
from quotex.training import _silver
from quotex.training._chains import CorefDocument
from quotex.training._linked import LinkedWindows, read_linked
from quotex.training._silver import Unlabelled, label, label_all, newswire, novels

WORDS = ("ada", "met", "eve", ".", "she", "ran", ".", "she", "fell", ".")
DOCUMENT = CorefDocument(
    name="d",
    corpus="own",
    words=WORDS,
    sentences=(0, 0, 0, 0, 1, 1, 1, 2, 2, 2),
    chains=(),
    heads=(1, None, 1, 1, 5, None, 5, 8, None, 8),
    relations=("nsubj", "root", "obj", "punct") + ("nsubj", "root", "punct") * 2,
)


class Letters:
    """Stands for the tokenizer: one subword a letter."""

    cls_token_id, sep_token_id = 2, 3

    def pieces(self, word: str) -> list[int]:
        return [5 + ord(letter) % 30 for letter in word]


class Judges:
    """Stands for the teachers: given scores of links, by later and earlier word; all others are low."""

    tokenizer = Letters()

    def __init__(self, links: Mapping[tuple[int, int], float]) -> None:
        self._links = links

    def scores(self, windows: LinkedWindows) -> Tensor:
        scores = torch.full((len(windows.words), len(windows.words)), -6.0)
        for pair, score in self._links.items():
            scores[pair] = score
        return scores


def labelled(links: Mapping[tuple[int, int], float], known: Mapping[int, int] | None = None) -> dict[str, Any]:
    return label(DOCUMENT, known or {}, Judges(links))  # type: ignore[arg-type]


def test_likely_links_make_chains() -> None:
    document = labelled({(4, 0): 2.0, (7, 4): 3.0, (8, 5): -3.0})
    assert document["word_clusters"] == [[0, 4, 7]]
    assert document["unsure"] == []
    assert document["head2span"] == []
    read = read_linked(document)
    assert read.silver
    assert read.sentences[1] == ("she", "ran", ".")
    assert read.heads[:4] == (1, -1, 1, 1)


def test_words_whose_choice_is_close_are_unsure() -> None:
    # two people, or none, are about as likely
    assert labelled({(4, 0): 2.0, (4, 2): 1.5})["unsure"] == [4]
    assert labelled({(4, 0): 2.0, (4, 2): 1.0})["unsure"] == []
    assert labelled({(4, 0): -0.5})["unsure"] == [4]
    assert labelled({(4, 0): -1.0})["unsure"] == [4]
    assert labelled({(4, 0): -2.0})["unsure"] == []


def test_what_is_known_is_kept() -> None:
    document = labelled({(4, 0): 2.0, (7, 4): 3.0, (7, 2): 1.0}, known={0: 5, 2: 6, 7: 6})
    assert document["word_clusters"] == [[0, 4], [2, 7]]
    assert labelled({}, known={0: 5, 7: 5})["word_clusters"] == [[0, 7]]


def test_two_known_people_do_not_meet_over_a_third_word() -> None:
    document = labelled({(4, 0): 2.0, (4, 2): 1.9, (7, 4): 3.0}, known={0: 5, 7: 6, 2: 6})
    assert document["word_clusters"] == [[0, 4], [2, 7]]


def test_novels_know_their_characters() -> None:
    novel = {"document_id": "n", "corpus": "pdnc", "cased_words": ["a", "b"], "sent_id": [0, 1]}
    (document, known), *more = novels([{**novel, "word_clusters": [[0], [1]]}])
    assert not more
    assert (document.words, document.sentences, known) == (("a", "b"), (0, 1), {0: 0, 1: 1})


def test_articles_that_are_long_enough_are_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_silver, "_SHORTEST", 4)
    for number in range(30):
        (tmp_path / f"a{number}.tsv").write_text("https://x\n\nAda’s\tO\ndog\tO\nran\tO\n.\tO\n", encoding="utf-8")
    (tmp_path / "short.tsv").write_text("https://x\n\nAda\tO\n", encoding="utf-8")
    found = list(newswire(tmp_path, random.Random(1)))
    assert 15 < len(found) < 30
    assert {document.words for document, _ in found} == {("Ada", "’s", "dog", "ran", ".")}
    assert [document.name for document, _ in found] == [
        document.name for document, _ in newswire(tmp_path, random.Random(1))
    ]


def test_texts_are_tokenized(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_silver, "_SHORTEST", 4)
    models = Path(_silver.__file__).parents[1] / "models"
    texts = ["Ada didn’t run.", "No."]
    gold = [GoldDocument(name=f"g{place}", text=text, quotes=()) for place, text in enumerate(texts)]
    (document, known), *more = _silver.articles(gold, models, random.Random(1))
    assert not more
    assert (document.name, document.words, known) == ("g0", ("Ada", "did", "n’t", "run", "."), {})


def test_a_run_that_was_cut_off_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def parse(documents: list[CorefDocument], _models: Path) -> list[CorefDocument]:
        asked.extend(document.name for document in documents)
        return documents

    monkeypatch.setattr(_silver, "parse", parse)
    odd = attrs.evolve(DOCUMENT, words=("ada\u2028", *WORDS[1:]))
    documents: list[Unlabelled] = [(attrs.evolve(odd, name=name), {}) for name in "abc"]
    judges: Any = Judges({(4, 0): 2.0})
    path = tmp_path / "silver.jsonl"
    assert label_all(documents[:2], judges, tmp_path, path) == 2
    with path.open("a", encoding="utf-8") as file:
        file.write('{"document_id": "c", "cor')
    assert label_all(documents, judges, tmp_path, path) == 1
    assert asked == ["a", "b", "c"]
    found = _silver.read(path)
    assert [document["document_id"] for document in found] == ["a", "b", "c"]
    assert found[0]["cased_words"][0] == "ada\u2028"
