"""Windows, batches and losses of the adaptation, on a network small enough for a test."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import BertConfig, BertModel

from quotex._encoder import LAYERS
from quotex._windows import WINDOW
from quotex.training._adapt import batch_loss
from quotex.training._batches import IGNORE, Batch, Numberer, batches, collate, label_tables, linked_batches
from quotex.training._network import MultiTask
from quotex.training._passages import Links, Passage, linked_passage, named_passage, restyle, treebank_passages

TASKS = ("upos", "xpos", "feats", "deprel")


class Letters:
    """Stands for a tokenizer: one subword a letter."""

    cls_token_id, sep_token_id = 2, 3

    def __call__(self, words: Sequence[str] | str, **_: object) -> dict[str, Any]:
        if isinstance(words, str):
            return {"input_ids": [5 + ord(letter) % 30 for letter in words]}
        return {"input_ids": [self(word)["input_ids"] for word in words]}


def tree_passage(*lengths: int, links: Links | None = None) -> Passage:
    """Sentences of words of one letter; each word depends on the one before it."""
    words = tuple(tuple("abcdefghij"[place % 10] for place in range(length)) for length in lengths)
    labels: dict[str, tuple[tuple[str, ...], ...]] = {
        task: tuple(tuple("xy"[place % 2] for place in range(length)) for length in lengths) for task in TASKS
    }
    labels["head"] = tuple(tuple(str(place) for place in range(length)) for length in lengths)
    return Passage(name="d", corpus="c", words=words, labels=labels, links=links)


def numberer(*passages: Passage) -> Numberer:
    return Numberer(Letters(), label_tables(passages))


@pytest.fixture
def network() -> MultiTask:
    torch.manual_seed(3)
    config = BertConfig(
        vocab_size=40, hidden_size=16, num_hidden_layers=LAYERS, num_attention_heads=2, intermediate_size=16
    )
    return MultiTask(BertModel(config), {**dict.fromkeys(TASKS, 2), "ner": 3})


def test_windows_hold_whole_sentences_up_to_their_limit() -> None:
    passage = tree_passage(3, 4, 2, 9)
    document = numberer(passage).document(passage, limit=8)
    assert [len(window.ids) for window in document.windows] == [2 + 3 + 4, 2 + 2, 2 + 9]
    assert document.windows[0].pieces[1] == ((4, 5), (5, 6), (6, 7), (7, 8))
    assert document.windows[0].gold["head"] == ((0, 1, 2), (0, 1, 2, 3))


def test_a_sentence_over_a_window_is_cut_and_has_no_gold() -> None:
    passage = tree_passage(WINDOW + 5)
    first, second = numberer(passage).document(passage).windows
    assert len(first.ids) == WINDOW + 2
    assert len(second.ids) == 5 + 2
    assert not first.gold
    assert batches([first, second], 1000) == []


def test_batches_hold_all_windows_within_the_limit() -> None:
    passages = [tree_passage(length) for length in (3, 9, 4, 8, 3)]
    numbers = numberer(*passages)
    windows = [window for passage in passages for window in numbers.document(passage).windows]
    made = batches(windows, 22, random.Random(1))
    assert sum(len(batch.ids) for batch in made) == 5
    assert all(batch.ids.numel() <= 22 or len(batch.ids) == 1 for batch in made)


def test_padding_is_masked_and_the_root_is_the_window_s_first_subword() -> None:
    passage = tree_passage(2, 4)
    batch = collate(numberer(passage).document(passage).windows)
    assert batch.mask.tolist() == [[True] * 3 + [False] * 2, [True] * 5]
    assert batch.gold["head"].tolist() == [[0, 1, IGNORE, IGNORE], [0, 1, 2, 3]]
    assert batch.last.tolist() == [[0, 1, 2, 0, 0], [0, 3, 4, 5, 6]]


def trained(network: MultiTask, batch: Batch, steps: int) -> list[float]:
    optimizer = torch.optim.AdamW(network.parameters(), 5e-3)
    network.train()
    losses = []
    for _ in range(steps):
        loss = batch_loss(network, batch, 1.0)
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.item())
    network.eval()
    return losses


def test_training_lowers_the_loss_of_trees(network: MultiTask) -> None:
    passage = tree_passage(4, 6)
    batch = collate(numberer(passage).document(passage).windows)
    losses = trained(network, batch, 60)
    assert losses[-1] < losses[0] / 4
    with torch.no_grad():
        layers = network.encode(batch.ids, batch.attention)[:, batch.last[batch.mask]]
        heads, relations = network.parse(layers, batch.mask)
    real = batch.mask[:, 1:]
    assert torch.equal(heads[real], batch.gold["head"][real])
    assert torch.equal(relations[real], batch.gold["deprel"][real])


def test_training_finds_the_chains_again(network: MultiTask, tmp_path: Path) -> None:
    links = Links(clusters=((0, 6), (2, 8, 9)), spans=((0, 0, 2), (2, 2, 3), (6, 6, 7), (8, 8, 9), (9, 9, 10)))
    passage = tree_passage(5, 5, links=links)
    (batch,) = linked_batches([numberer(passage).document(passage)], 4)
    losses = trained(network, batch, 80)
    assert losses[-1] < losses[0] / 4
    encoded = network.encode(batch.ids, batch.attention)[-1]
    assert network.coreference.chains(encoded[batch.linked[0].subwords], batch.linked[0]) == [[0, 6], [2, 8, 9]]
    network.coreference.save(tmp_path / "coref.pt")
    assert torch.load(tmp_path / "coref.pt", weights_only=True)["config"]["bert_finetune"] is False


def test_pairs_alone_have_a_loss(network: MultiTask) -> None:
    passage = tree_passage(6, links=Links(pairs=((4, 1, True), (4, 2, False))))
    document = numberer(passage).document(passage)
    made = linked_batches([document, document], 4)
    assert [len(batch.linked) for batch in made] == [2]
    losses = trained(network, made[0], 40)
    assert losses[-1] < losses[0]


def test_an_excerpt_keeps_the_links_inside_it() -> None:
    links = Links(clusters=((0, 390, 395), (391, 800)), spans=((390, 390, 392), (395, 395, 396)))
    passage = tree_passage(*[10] * 120, links=links)
    document = numberer(passage).document(passage)
    assert len(document.windows) == 4
    kept = {
        tuple(len(cluster) for cluster in batch.linked[0].links.clusters)
        for seed in range(12)
        for batch in linked_batches([document], 1, random.Random(seed))
    }
    assert kept <= {(), (2,)}
    assert (2,) in kept


def test_names_alone_have_a_loss(network: MultiTask) -> None:
    from quotex.training._names import NamedSentence

    passage = named_passage("a", [NamedSentence(tokens=("Ann", "ran"), labels=("B-PER", "O"))])
    batch = collate(numberer(passage).document(passage).windows)
    assert list(batch.gold) == ["ner"]
    assert batch_loss(network, batch, 1.0).item() > 0


LINKED: Mapping[str, Any] = {
    "document_id": "d",
    "corpus": "own",
    "cased_words": ["Ann", "ran", ".", "She", "fell", "."],
    "sent_id": [0, 0, 0, 1, 1, 1],
    "word_clusters": [[3, 0], [4]],
    "head2span": [[0, 0, 1], [3, 3, 4]],
}


def test_linked_documents_keep_their_chains_and_sentences() -> None:
    passage = linked_passage(LINKED)
    assert passage.words == (("Ann", "ran", "."), ("She", "fell", "."))
    assert passage.links == Links(clusters=((0, 3),), spans=((0, 0, 1), (3, 3, 4)))


def test_a_gap_passage_has_pairs_with_the_later_word_first() -> None:
    gap = {"pronoun": 3, "a": 0, "b": 4, "a_coref": True, "b_coref": False}
    passage = linked_passage({**LINKED, "gap": gap})
    assert passage.links == Links(pairs=((3, 0, True), (4, 3, False)))


def test_chains_of_other_words_than_the_treebank_s_are_refused(tmp_path: Path) -> None:
    from quotex.training._conllu import read_conllu

    path = tmp_path / "t.conllu"
    rows = ["# newdoc id = d"] + [f"{n}\t{w}\t_\t_\t_\t_\t0\troot\t_\t_" for n, w in enumerate(["Ann", "sat"], 1)]
    path.write_text("\n".join(rows) + "\n\n", encoding="utf-8")
    with pytest.raises(ValueError, match="d: the words of the treebank and of the chains differ"):
        treebank_passages(read_conllu(path), [LINKED])
    (passage,) = treebank_passages(read_conllu(path))
    assert passage.words == (("Ann", "sat"),)
    assert passage.links is None


def test_a_passage_has_one_style_of_marks() -> None:
    passage = Passage(name="d", words=(('"', "No", ".", '"'), ("It", "'s", '"', "a", '"')))
    styles = {restyle(passage, random.Random(seed)).words for seed in range(30)}
    assert (("“", "No", ".", "”"), ("It", "’s", "“", "a", "”")) in styles
    assert not any("“" in words[0] and '"' in words[1] for words in styles)
