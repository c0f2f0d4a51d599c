"""What tagger, parser and tagger of names get of the encoder, and what they do no more than they need."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
import stanza.models.common.bert_embedding as stanza_bert
import stanza.models.ner.model as stanza_names
import torch
from stanza.models.common.crf import CRFLoss
from stanza.models.common.vocab import BaseMultiVocab, BaseVocab
from stanza.models.pos.vocab import FeatureVocab
from torch import nn

from quotex._encoder import ENCODER_FOLDER, LAYERS, load_encoder
from quotex._light import Transitions, lighten
from quotex._packages import PACK_DIRECTORY

SENTENCES = [["Ann", "Whitlock", "’s", "boat", "unsinkably", "leaks", "."], ["No", "!"], ["\N{SOFT HYPHEN}", "Oslo"]]


@pytest.mark.model
@pytest.mark.parametrize("remembered", [True, False])
@pytest.mark.parametrize("keep_endpoints", [True, False])
def test_words_have_the_mixed_layers_of_their_last_subword(remembered: bool, keep_endpoints: bool) -> None:
    encoder, tokenizer = load_encoder(PACK_DIRECTORY / ENCODER_FOLDER)
    mix = nn.Linear(LAYERS, 1, bias=False)
    nn.init.normal_(mix.weight)
    if remembered:
        encoder.read(map(tokenizer.row, SENTENCES))
    options: dict[str, Any] = {"keep_endpoints": keep_endpoints, "detach": True, "bert_layer_mix": mix}
    with torch.no_grad():
        found = stanza_names.extract_bert_embeddings("name", tokenizer, encoder, SENTENCES, "cpu", **options)
        wanted = stanza_bert.extract_bert_embeddings("name", tokenizer, encoder, SENTENCES, "cpu", **options)
    assert [each.shape for each in found] == [each.shape for each in wanted]
    assert [len(each) for each in found] == [len(words) + 2 * keep_endpoints for words in SENTENCES]
    for ours, theirs in zip(found, wanted, strict=True):
        assert torch.allclose(ours, theirs, atol=1e-5)


def test_there_is_a_loss_only_where_it_can_be_learned_from() -> None:
    torch.manual_seed(0)
    batch = torch.randn(2, 3, 4), torch.zeros(2, 3, dtype=torch.bool), torch.ones(2, 3, dtype=torch.long)
    ours, stanzas = Transitions(4), CRFLoss(4)
    assert torch.equal(ours(*batch)[0], stanzas(*batch)[0])
    with torch.no_grad():
        loss, transitions = ours(*batch)
    assert loss == 0
    assert transitions is ours._transitions


def test_characters_that_no_model_reads_are_not_looked_up() -> None:
    units = {"_unit2id": {"<UNK>": 1, "a": 2, "b": 3}, "_id2unit": ["<PAD>", "<UNK>", "a", "b"], "lower": False}
    for reads, ids in ((True, [2, 3]), (False, [1])):
        vocab = BaseMultiVocab({"char": BaseVocab.load_state_dict(units)})
        lighten(SimpleNamespace(args={"char": reads}, vocab=vocab))
        assert vocab["char"].map("ab") == ids


def test_features_are_the_same_and_remembered() -> None:
    words = [[("Case=Nom|Number=Sing",), ("_",), ("Number=Plur",)]]
    plain, light = FeatureVocab(words, "en"), FeatureVocab(words, "en")
    lighten(SimpleNamespace(args={"char": True}, vocab=BaseMultiVocab({"feats": light})))
    for features in ("Case=Nom|Number=Sing", "_", "Number=Plur", "_", "Number=Dual"):
        assert light.map([features]) == plain.map([features])
        ids = plain.unit2id(features)
        assert light.unmap([ids, ids]) == plain.unmap([ids, ids])


@pytest.mark.model
def test_a_token_with_a_clitic_has_the_subwords_of_its_words() -> None:
    _, tokenizer = load_encoder(PACK_DIRECTORY / ENCODER_FOLDER)
    for token, words in (("Didn’t", ["Did", "n’t"]), ("CAN'T", ["CA", "N'T"]), ("Oslo’s", ["Oslo", "’s"])):
        assert tokenizer.row([token]) == tokenizer.row(words)
    assert tokenizer.row(["n’t"]) != tokenizer.row(["n", "’t", "’t"])
