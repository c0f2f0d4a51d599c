"""Documents with coreference as windows, and training on them with a network small enough for a test."""

from __future__ import annotations

import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import BertConfig, BertModel

from quotex._chain_model import likely
from quotex._clusters import clusters
from quotex._windows import CONTEXT, WINDOW
from quotex.training._linked import (
    LinkedDocument,
    LinkedWindows,
    Links,
    excerpt,
    read_linked,
    restyle,
    schedule,
    to_windows,
)
from quotex.training._passes import Run, warm_and_decay
from quotex.training._score_chains import conll_f1
from quotex.training._train_chains import BEST, ChainNetwork, ChainSettings, batch_loss, evaluate, train

DOCUMENT: Mapping[str, Any] = {
    "document_id": "d",
    "corpus": "own",
    "cased_words": ["Ann", "ran", ".", "She", "fell", "."],
    "sent_id": [0, 0, 0, 1, 1, 1],
    "word_clusters": [[3, 0], [4]],
    "head2span": [[0, 0, 1], [3, 3, 4]],
}


class Letters:
    """Stands for the tokenizer: one subword a letter."""

    cls_token_id, sep_token_id = 2, 3

    def pieces(self, word: str) -> list[int]:
        return [5 + ord(letter) % 30 for letter in word]


def windows_of(*lengths: int, links: Links | None = None) -> LinkedWindows:
    """A document of sentences of words of one letter."""
    sentences = tuple(tuple("abcdefghij"[place % 10] for place in range(length)) for length in lengths)
    document = LinkedDocument(name="d", corpus="c", sentences=sentences, links=links or Links())
    return to_windows(document, Letters())  # type: ignore[arg-type]


@pytest.fixture
def network() -> ChainNetwork:
    return small_network(1)


def small_network(seed: int) -> ChainNetwork:
    torch.manual_seed(seed)
    config = BertConfig(vocab_size=40, hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=16)
    return ChainNetwork(BertModel(config, add_pooling_layer=False), ChainSettings(rank=8))


def test_words_are_placed_in_their_windows() -> None:
    linked = windows_of(200, 200, 3)
    assert [len(window) for window in linked.windows] == [202, CONTEXT + 205]
    assert linked.windows[1][1 : CONTEXT + 1] == linked.windows[0][-1 - CONTEXT : -1]
    assert linked.sizes == [200, 203]
    assert linked.counts == (200, 203)
    assert linked.words[199:202] == ((199, 200), (200, 201), (201, 202))
    assert linked.sentences[199:201] == (0, 1)


def test_a_sentence_over_a_window_is_cut() -> None:
    linked = windows_of(WINDOW + 5, 2)
    assert [len(window) for window in linked.windows] == [WINDOW + 2, CONTEXT + 7, 5 + 4]
    assert linked.sizes == [WINDOW, 5, 2]


def test_documents_keep_their_chains_and_sentences() -> None:
    document = read_linked(DOCUMENT)
    assert document.sentences == (("Ann", "ran", "."), ("She", "fell", "."))
    assert document.links == Links(clusters=((0, 3),), spans=((0, 0, 1), (3, 3, 4)))


def test_a_gap_passage_has_pairs_with_the_later_word_first() -> None:
    gap = {"pronoun": 3, "a": 0, "b": 4, "a_coref": True, "b_coref": False}
    assert read_linked({**DOCUMENT, "gap": gap}).links == Links(pairs=((3, 0, True), (4, 3, False)))


def test_an_excerpt_keeps_the_links_inside_it() -> None:
    links = Links(clusters=((0, 390, 395), (391, 800)), spans=((390, 390, 392), (395, 395, 396)))
    linked = windows_of(*[10] * 120, links=links)
    assert len(linked.windows) == 4
    for seed in range(12):
        part = excerpt(linked, 1, random.Random(seed))
        first = random.Random(seed).randrange(4)
        assert part.windows == linked.windows[first : first + 1]
        assert part.words[0][0] == 0
        assert part.sizes == linked.sizes[first : first + 1]
        wanted = ((10, 15),) if first == 1 else ()
        assert part.links.clusters == wanted
    assert excerpt(linked, 4, random.Random(1)) == linked


def test_a_pass_takes_all_documents_and_pairs_in_groups() -> None:
    pair = LinkedDocument(name="p", corpus="gap", sentences=(), links=Links(pairs=((1, 0, True),)))
    documents = [read_linked(DOCUMENT), pair, pair, pair, read_linked(DOCUMENT)]
    steps = list(schedule(documents, 2, random.Random(1)))
    assert sorted(len(step) for step in steps) == [1, 1, 1, 2]
    assert sorted(number for step in steps for number in step) == [0, 1, 2, 3, 4]
    assert sum(len(step) for step in schedule(documents, 2, random.Random(1), pairs_share=0.34)) == 3


def test_a_pass_takes_a_part_of_the_silver_documents() -> None:
    silver = read_linked({**DOCUMENT, "unsure": [4]})
    assert silver.links.unsure == (4,)
    documents = [read_linked(DOCUMENT), silver, silver, silver, silver]
    steps = list(schedule(documents, 2, random.Random(1), silver_share=0.5))
    assert len(steps) == 3
    assert [0] in steps
    assert len(list(schedule(documents, 2, random.Random(1), silver_share=0.0))) == 1


def test_the_last_passes_take_fewer_silver_documents() -> None:
    settings = ChainSettings(passes=10, silver_share=0.5)
    shares = [settings.silver_share_of(number) for number in range(1, 11)]
    assert shares[:8] == pytest.approx([0.5] * 8)
    assert shares[8:] == pytest.approx([0.5 * 2 / 3, 0.5 / 3])


def test_nothing_is_learned_of_words_whose_antecedents_are_not_sure(network: ChainNetwork) -> None:
    links = Links(clusters=((0, 6),))
    network.eval()  # all words are rows
    with torch.no_grad():
        of_all = batch_loss(network, [windows_of(5, 5, links=links)])
        none = batch_loss(network, [windows_of(5, 5, links=Links(clusters=((0, 6),), unsure=tuple(range(10))))])
    assert of_all > 0
    assert none == 0


def test_a_document_has_one_style_of_marks() -> None:
    document = LinkedDocument(
        name="d", corpus="c", sentences=(('"', "No", ".", '"'), ("It", "'s", '"', "a", '"')), links=Links()
    )
    styles = {restyle(document, random.Random(seed)).sentences for seed in range(30)}
    assert (("“", "No", ".", "”"), ("It", "’s", "“", "a", "”")) in styles
    assert not any("“" in words[0] and '"' in words[1] for words in styles)


def trained(network: ChainNetwork, linked: LinkedWindows, steps: int) -> list[float]:
    optimizer = torch.optim.AdamW([value for value in network.parameters() if value.requires_grad], 5e-3)
    losses = []
    network.train()
    for _ in range(steps):
        loss = batch_loss(network, [linked])
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.item())
    network.eval()
    return losses


def chains(network: ChainNetwork, linked: LinkedWindows, bias: float) -> list[list[int]]:
    with torch.no_grad():
        encoded = network.encode(linked.windows, linked.sizes)
    scores, top = network.coreference.link_scores(encoded, linked)
    raised = torch.cat([scores[:, :1], scores[:, 1:] + bias], 1)
    return clusters(["word"] * len(linked.words), linked.sentences, likely(raised, top))


def test_training_finds_the_chains_again(network: ChainNetwork, tmp_path: Path) -> None:
    links = Links(clusters=((0, 6), (2, 8, 9)), spans=((0, 0, 2), (2, 2, 3), (6, 6, 7), (8, 8, 9), (9, 9, 10)))
    linked = windows_of(5, 5, links=links)
    frozen = {name: value.clone() for name, value in network.encoder.named_parameters() if not value.requires_grad}
    losses = trained(network, linked, 120)
    assert losses[-1] < losses[0] / 4
    assert chains(network, linked, bias=0.0) == [[0, 6], [2, 8, 9]]
    assert chains(network, linked, bias=-1e3) == []
    assert all(torch.equal(network.encoder.get_parameter(name), value) for name, value in frozen.items())
    network.save(tmp_path, bias=-1e3)
    assert torch.load(tmp_path / "coref.pt", weights_only=True)["config"]["bert_finetune"] is False
    assert chains(network, linked, bias=0.0) == [[0, 6], [2, 8, 9]]
    network.load(tmp_path)
    assert chains(network, linked, bias=0.0) == []


def test_which_words_are_heads_is_learned_from_words_as_they_are(network: ChainNetwork) -> None:
    links = Links(clusters=((0, 6), (2, 8)), unsure=(4,))
    linked = windows_of(10, links=links)
    words = network.coreference._words(network.encode(linked.windows, linked.sizes), linked)
    clusters_of = torch.tensor([1, 0, 2, 0, 0, 0, 1, 0, 2, 0])
    layer = network.coreference.rough_scorer.mentions
    optimizer = torch.optim.AdamW(layer.parameters(), 5e-2)
    for _ in range(400):
        optimizer.zero_grad()
        network.coreference.mention_loss(words, clusters_of, (4,)).backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    of_heads = [bool(score > 0) for score in layer(words).squeeze(1)]
    assert [place for place, is_head in enumerate(of_heads) if is_head and place != 4] == [0, 2, 6, 8]
    assert all(value.grad is None for name, value in network.named_parameters() if "mentions" not in name)


def test_a_run_can_begin_with_the_weights_of_another(network: ChainNetwork, tmp_path: Path) -> None:
    links = Links(clusters=((0, 6), (2, 8, 9)), spans=((0, 0, 2), (2, 2, 3), (6, 6, 7), (8, 8, 9), (9, 9, 10)))
    linked = windows_of(5, 5, links=links)
    trained(network, linked, 20)
    network.save(tmp_path, bias=0.0)
    other = small_network(2)
    other.load(tmp_path)
    for name, added in network.additions.items():
        # kept in half precision
        assert torch.equal(other.additions[name].up.weight, added.up.weight.half().float())
        assert torch.equal(other.additions[name].down.weight, added.down.weight.half().float())
    kept = network.coreference.state_dict()
    assert all(torch.equal(value, kept[name]) for name, value in other.coreference.state_dict().items())


@pytest.mark.parametrize(("of_mean", "is_mean"), [(60.0, True), (40.0, False)])
def test_a_run_that_goes_on_leaves_the_better_of_its_last_weights_and_the_mean(
    of_mean: float, is_mean: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, settings = small_network(1), ChainSettings(passes=1, rank=8, threads=1)
    before.save(tmp_path / "start", bias=0.0)
    scores = iter([50.0, 50.0, of_mean])
    monkeypatch.setattr("quotex.training._train_chains.load_encoder", lambda _: (small_network(1).encoder, Letters()))
    monkeypatch.setattr("quotex.training._train_chains.ChainNetwork", lambda *_: small_network(3))
    monkeypatch.setattr("quotex.training._train_chains.evaluate", lambda *_: {"x_f1": next(scores), "bias": 0.0})
    document = read_linked(DOCUMENT)
    train(tmp_path, [document], [document], tmp_path, settings, tmp_path / "start")
    last, best = small_network(2), small_network(2)
    last.load(tmp_path / "coref-1")
    best.load(tmp_path / BEST)
    for name, value in best.coreference.state_dict().items():
        both = before.coreference.state_dict()[name], last.coreference.state_dict()[name]
        assert torch.allclose(value, (both[0] + both[1]) / 2 if is_mean else both[1], atol=1e-6)
    assert torch.equal(best.coreference.a_scorer.out.weight, last.coreference.a_scorer.out.weight) is not is_mean


def test_pairs_alone_have_a_loss(network: ChainNetwork) -> None:
    linked = windows_of(6, links=Links(pairs=((4, 1, True), (4, 2, False))))
    losses = trained(network, linked, 40)
    assert losses[-1] < losses[0]


def test_of_a_partial_document_only_known_links_are_learned(network: ChainNetwork) -> None:
    linked = windows_of(5, 5, links=Links(clusters=((0, 6), (2, 8, 9)), partial=True))
    losses = trained(network, linked, 120)
    assert losses[-1] < losses[0] / 4
    with torch.no_grad():
        encoded = network.encode(linked.windows, linked.sizes)
    scores, top = network.coreference.link_scores(encoded, linked)
    score = {
        (word, int(other)): float(value)
        for word in (6, 8, 9)
        for other, value in zip(top[word], scores[word, 1:], strict=True)
    }
    assert score[6, 0] > 0 > score[6, 2]
    assert score[8, 2] > 0 > max(score[8, 0], score[8, 6])
    assert max(score[9, 2], score[9, 8]) > 0 > max(score[9, 0], score[9, 6])


def test_a_partial_document_without_links_costs_nothing(network: ChainNetwork) -> None:
    linked = windows_of(5, links=Links(partial=True))
    assert trained(network, linked, 1) == [0.0]


def test_the_bias_that_development_documents_are_best_with_is_found(
    network: ChainNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = read_linked(DOCUMENT)
    monkeypatch.setattr("quotex.training._train_chains.BIASES", (-1e3, 1e3, 0.0))
    scores = evaluate(network, Letters(), [document])  # type: ignore[arg-type]
    linked = to_windows(document, Letters())  # type: ignore[arg-type]
    by_bias = {bias: conll_f1([(document.links.clusters, chains(network, linked, bias))]) for bias in (-1e3, 1e3, 0.0)}
    assert scores == {"own_f1": max(each["CoNLL"] for each in by_bias.values()), "bias": scores["bias"]}
    assert by_bias[scores["bias"]]["CoNLL"] == scores["own_f1"] > 0


def test_a_run_goes_on_after_its_last_pass(network: ChainNetwork, tmp_path: Path) -> None:
    optimizer = torch.optim.AdamW([value for value in network.parameters() if value.requires_grad], 1.0)
    schedule = warm_and_decay(optimizer, 10, 0.2)
    run = Run(path=tmp_path / "state.pt", network=network, optimizer=optimizer, schedule=schedule)
    assert run.resume() == 0
    rates = []
    for _ in range(10):
        rates.append(schedule.get_last_lr()[0])
        optimizer.step()
        schedule.step()
    assert rates == pytest.approx([0.5, 1.0, 1.0, 0.875, 0.75, 0.625, 0.5, 0.375, 0.25, 0.125])
    kept = {name: value.clone() for name, value in network.state_dict().items()}
    run.save(3)
    with torch.no_grad():
        for value in network.coreference.parameters():
            value.add_(1)
    assert run.resume() == 3
    assert all(torch.equal(value, kept[name]) for name, value in network.state_dict().items())
