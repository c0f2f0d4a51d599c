"""The coreference model, against Stanza's own run of it; and windows that are read once."""

from __future__ import annotations

import random
from contextlib import nullcontext
from typing import Any

import pytest
import torch
from stanza.models.coref.anaphoricity_scorer import AnaphoricityScorer
from stanza.models.coref.config import Config
from stanza.models.coref.pairwise_encoder import PairwiseEncoder
from stanza.models.coref.rough_scorer import RoughScorer
from stanza.models.coref.span_predictor import SpanPredictor
from stanza.models.coref.word_encoder import WordEncoder
from torch import Tensor, nn
from transformers import BertConfig

import quotex._chain_model
from quotex._chain_model import ChainModel, add_mentions, likely
from quotex._encoder import WindowBert
from quotex._voices import voices
from quotex.training._coreference import configuration

SIZE = 12


class Model(ChainModel):
    """A model with random weights over random subwords."""

    def __init__(self, **options: Any) -> None:
        self.config = Config(**{**configuration(), **options})
        pairs = PairwiseEncoder(self.config)
        self.trainable = {
            "we": WordEncoder(SIZE, self.config),
            "rough_scorer": RoughScorer(SIZE, self.config),
            "pw": pairs,
            "a_scorer": AnaphoricityScorer(3 * SIZE + pairs.shape, self.config),
            "sp": SpanPredictor(SIZE, self.config.sp_embedding_size),
            "zeros_predictor": nn.Linear(SIZE, 1),
        }
        for name, module in self.trainable.items():
            setattr(self, name, module)
            for parameter in module.parameters():
                nn.init.normal_(parameter, std=0.3)
        nn.init.constant_(self.a_scorer.out.bias, -3.0)
        add_mentions(self.rough_scorer, SIZE)
        self._set_training(False)

    def _bertify(self, doc: dict[str, Any]) -> Tensor:
        return torch.randn(len(doc["word_id"]), SIZE, generator=torch.Generator().manual_seed(7))


def document(lengths: list[int]) -> dict[str, Any]:
    """A document of sentences with so many words, each of one to three subwords."""
    pieces = random.Random(3)
    words = [(sentence, pieces.randint(1, 3)) for sentence, length in enumerate(lengths) for _ in range(length)]
    word_of = [word for word, (_, count) in enumerate(words) for _ in range(count)]
    starts = [word_of.index(word) for word in range(len(words))]
    return {
        "cased_words": [str(word) for word in range(len(words))],
        "sent_id": [sentence for sentence, _ in words],
        "word_id": word_of,
        "word2subword": [(start, start + count) for start, (_, count) in zip(starts, words, strict=True)],
        "speaker": ["_"] * len(words),
        "head2span": [],
        "word_clusters": [],
    }


def test_quotation_marks_tell_speakers_where_none_are_known() -> None:
    torch.manual_seed(1)
    model = Model()
    unknown = document([12, 9, 20, 14, 8])
    for place, word in {3: "“", 9: "”", 15: "“", 30: "”", 31: "“", 44: "”"}.items():
        unknown["cased_words"][place] = word
    known = {**unknown, "speaker": voices(unknown["cased_words"], unknown["sent_id"])}
    other = {**unknown, "speaker": [str(place % 2) for place in range(len(unknown["sent_id"]))]}
    assert len(set(known["speaker"])) > 2
    found = [model.run(dict(given)).word_clusters for given in (unknown, known, other)]
    assert found[0] == found[1] != found[2]


def test_other_models_give_what_they_give_in_stanza() -> None:
    torch.manual_seed(1)
    model = Model(bert_model="another")
    given = document([12, 9, 20, 14, 8])
    given["cased_words"][3:46:6] = ["“", "”"] * 4
    given["cased_words"][4:12:2] = ["she", "he", "he", "she"]
    with torch.no_grad():
        wanted = super(ChainModel, model).run(dict(given))
    assert model.run(dict(given)).word_clusters == wanted.word_clusters != Model().run(dict(given)).word_clusters


@pytest.mark.parametrize("lengths", [[1], [2, 1], [9, 30, 1, 17, 3], [70, 80, 5], [40] * 9])
@pytest.mark.parametrize("speakers", [True, False])
@pytest.mark.parametrize("seed", range(3))
def test_chains_are_stanzas(lengths: list[int], seed: int, speakers: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quotex._chain_model, "PAIRS", 100)
    monkeypatch.setattr(quotex._chain_model, "reduced_precision", nullcontext)
    torch.manual_seed(seed)
    model = Model(full_pairwise=speakers)
    given = document(lengths)
    given["speaker"] = [f"speaker {number % 3}" for number in given["sent_id"]]
    with torch.no_grad():
        wanted = super(ChainModel, model).run(dict(given))
    found = model.run(dict(given))
    assert found.word_clusters == wanted.word_clusters
    assert found.span_clusters == wanted.span_clusters
    assert sum(lengths) < 4 or found.word_clusters


def links_of_some(model: Model, given: dict[str, Any]) -> tuple[dict[int, list[tuple[float, int]]], Tensor]:
    """The likely antecedents among the words that may be heads, by Stanza's own scores, and those words."""
    words, _ = model.we(given, model._bertify(given))
    places = (model.rough_scorer.mentions(words).squeeze(1) > 0).nonzero().flatten()
    rough, top, _ = model.rough_scorer(words)
    features = model.pw(top, given)
    scores = model.a_scorer(
        top_mentions=words[top], mentions_batch=words, pw_batch=features, top_rough_scores_batch=rough
    )
    heads = set(places.tolist())
    links = {
        word: [(score, antecedent) for score, antecedent in row if antecedent in heads]
        for word, row in likely(scores, top).items()
        if word in heads
    }
    return {word: row for word, row in links.items() if row}, places


@pytest.mark.parametrize("seed", range(4))
def test_only_words_that_may_be_heads_are_linked(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quotex._chain_model, "reduced_precision", nullcontext)
    torch.manual_seed(seed)
    model = Model(rough_k=100)
    given = document([9, 14, 3, 20, 17])
    given["speaker"] = [f"speaker {number % 3}" for number in given["sent_id"]]
    nn.init.normal_(model.rough_scorer.mentions.weight)
    with torch.no_grad():
        wanted, places = links_of_some(model, given)
        words, speakers = model.we(given, model._bertify(given))[0], torch.tensor(model.pw._speaker_map(given))
        scores, antecedents = model._antecedents(words, speakers, places)
    found = likely(scores, antecedents, places)
    assert 0 < len(places) < len(words)
    assert {word: {each for _, each in row} for word, row in found.items()} == {
        word: {each for _, each in row} for word, row in wanted.items()
    }
    for word, row in wanted.items():
        assert [score for score, _ in sorted(found[word])] == pytest.approx(
            [score for score, _ in sorted(row)], abs=1e-3
        )
    chained = {word for chain in model.run(dict(given)).word_clusters for word in chain}
    assert chained
    assert chained <= set(places.tolist())


def test_a_text_without_heads_has_no_chains() -> None:
    torch.manual_seed(1)
    model = Model()
    given = document([12, 9, 20])
    assert model.run(dict(given)).word_clusters
    nn.init.constant_(model.rough_scorer.mentions.bias, -1.0)
    found = model.run(dict(given))
    assert (found.word_clusters, found.span_clusters) == ([], [])


@pytest.mark.parametrize("options", [{"singletons": True}, {"n_hidden_layers": 2}])
def test_models_of_other_forms_are_left_to_stanza(options: dict[str, Any]) -> None:
    torch.manual_seed(0)
    found = Model(**options).run(document([9, 30]))
    assert found.coref_scores is not None


@pytest.fixture
def windows() -> WindowBert:
    torch.manual_seed(0)
    sizes = {"hidden_size": 8, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 16}
    made: WindowBert = WindowBert(BertConfig(**sizes, vocab_size=40), add_pooling_layer=False).eval()
    return made


def read(windows: WindowBert, *rows: list[int]) -> list[Tensor]:
    longest = max(map(len, rows))
    ids = torch.tensor([[*row, *[0] * (longest - len(row))] for row in rows])
    hidden = windows(ids, (ids != 0).long()).last_hidden_state
    return [states[: len(row)] for states, row in zip(hidden, rows, strict=True)]


def test_a_window_of_the_piece_before_is_not_read_again(windows: WindowBert) -> None:
    rows = [[2, 5, 6, 3], [2, 7, 8, 9, 3], [2, 10, 3], [2, 11, 12, 3]]
    together = read(windows, *rows)
    with windows.remembering():
        first = read(windows, *rows[:3])
        second = read(windows, *rows[1:])
        third = read(windows, rows[0])
    for wanted, found in zip([*together[:3], *together[1:]], [*first, *second], strict=True):
        assert torch.allclose(wanted, found, atol=0.02)
    assert torch.equal(first[1], second[0])
    assert torch.equal(third[0], first[0])  # only the call before is remembered, and nothing stands before it
    assert not torch.equal(read(windows, *rows[1:])[0], second[0])
