"""Trees and relations, against Stanza's own functions."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from stanza.models.common.chuliu_edmonds import chuliu_edmonds_one_root
from stanza.models.common.vocab import VOCAB_PREFIX, BaseVocab
from stanza.models.depparse.model import GraphParser

import quotex._parser
from quotex._parser import TreeParser
from quotex._trees import best_tree


@given(st.integers(2, 24), st.floats(0.05, 20), st.integers(0, 10**6))
def test_the_best_tree_is_stanzas(size: int, spread: float, seed: int) -> None:
    scores = np.random.default_rng(seed).normal(scale=spread, size=(size, size)).astype(np.float32)
    np.fill_diagonal(scores, -np.inf)
    before = scores.copy()
    assert best_tree(scores).tolist() == chuliu_edmonds_one_root(scores).tolist()
    assert np.array_equal(scores, before)


@pytest.mark.parametrize(
    ("arcs", "tree"),
    [
        # the best heads of 1 and 2 are each other: the cycle is broken where it costs least
        ({(1, 2): 5, (2, 1): 5, (1, 0): 1, (2, 0): 2}, [0, 2, 0]),
        # both words would rather hang from the root
        ({(1, 0): 5, (2, 0): 6, (1, 2): 1, (2, 1): 1}, [0, 2, 0]),
        ({(1, 0): -3}, [0, 0]),
    ],
)
def test_one_word_alone_depends_on_the_root(arcs: dict[tuple[int, int], int], tree: list[int]) -> None:
    scores = np.full((len(tree), len(tree)), -9.0)
    for place, score in arcs.items():
        scores[place] = score
    assert best_tree(scores).tolist() == tree


def vocabulary(*units: str) -> Any:
    return BaseVocab.load_state_dict({"_id2unit": [*VOCAB_PREFIX, *units], "_unit2id": {}, "lang": "", "idx": 0})


SIZES = {"hidden_dim": 6, "deep_biaff_hidden_dim": 5, "word_emb_dim": 4, "tag_emb_dim": 0, "num_layers": 1}
RATES = dict.fromkeys(("dropout", "rec_dropout", "word_dropout"), 0)
PARTS = {"char": False, "pretrain": False, "linearization": True, "distance": True, "bert_model": None}


@pytest.mark.parametrize("constrained", [False, True])
@pytest.mark.parametrize("parts", [{}, {"linearization": False, "distance": False}])
def test_a_batch_is_parsed_as_by_stanza(
    parts: dict[str, bool], constrained: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quotex._parser, "reduced_precision", nullcontext)
    torch.manual_seed(1)
    vocab = {"word": range(30), "lemma": range(30), "deprel": vocabulary("nsubj", "obj", "root", "punct")}
    parser = TreeParser({**SIZES, **RATES, **PARTS, **parts}, vocab).eval()
    for parameter in parser.parameters():
        torch.nn.init.normal_(parameter)
    lengths = [9, 6, 2]  # words and the root
    words = torch.zeros(3, 9, dtype=torch.long)
    for row, length in enumerate(lengths):
        words[row, :length] = torch.randint(1, 30, (length,))
    heads = torch.zeros(3, 8, dtype=torch.long)
    fields: list[Any] = [None] * 15
    fields[0], fields[1], fields[8], fields[9], fields[12] = words, words == 0, words, heads, lengths
    with torch.no_grad():
        wanted = GraphParser.predict(parser, *fields, resolve_head_constraints=constrained)
        assert parser.predict(*fields, resolve_head_constraints=constrained) == wanted
    assert [len(sentence) for sentence in wanted] == [8, 5, 1]
