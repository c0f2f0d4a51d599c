"""Processors that read what the encoder read, against Stanza's own of the same models."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import stanza
import torch
from hypothesis import given
from hypothesis import strategies as st
from stanza.models.common.crf import viterbi_decode
from stanza.models.common.doc import Document
from stanza.models.common.seq2seq_model import Seq2SeqModel
from stanza.pipeline.depparse_processor import DepparseProcessor
from stanza.pipeline.ner_processor import NERProcessor
from stanza.pipeline.pos_processor import POSProcessor

from quotex._encoder import ENCODER_NAME
from quotex._light import Lemmas, likeliest_tags
from quotex._packages import load_pipeline
from quotex._processors import in_tokens, in_words

TEXT = """Ann Whitlock, 47, didn’t sell the Blue Heron to Oslo’s port authority. “Why not?!” Ben asked.
He said that the boat, which her father had built in 1962, leaked. Quiet!!

The European Commission and Nordic Seafood AS cannot agree on what they’re paid: $3 million."""


@pytest.fixture(scope="module")
def pipeline() -> stanza.Pipeline:
    return load_pipeline("compact", "en")


def annotated(pipeline: stanza.Pipeline, *, remembered: bool, by_stanza: bool) -> Document:
    processors = pipeline.processors
    document = processors["mwt"].process(processors["tokenize"].process(TEXT))
    record = pipeline.foundation_cache.bert[ENCODER_NAME]
    for text_of in (in_tokens, in_words) if remembered else ():
        record.model.read(record.tokenizer.row(text_of(sentence)) for sentence in document.sentences)
    for name, stanzas in (
        ("ner", NERProcessor),
        ("pos", POSProcessor),
        ("lemma", None),
        ("depparse", DepparseProcessor),
    ):
        process: Any = processors[name].process
        if by_stanza and stanzas is not None:
            stanzas.process(processors[name], document)
        else:
            process(document)
    record.model.forget()
    return document


@pytest.mark.model
@pytest.mark.parametrize("remembered", [True, False])
def test_tags_trees_and_names_are_stanzas(pipeline: stanza.Pipeline, remembered: bool) -> None:
    wanted = annotated(pipeline, remembered=remembered, by_stanza=True)
    found = annotated(pipeline, remembered=remembered, by_stanza=False)
    assert found.to_dict() == wanted.to_dict()
    assert [(span.text, span.type) for span in found.ents] == [(span.text, span.type) for span in wanted.ents]
    assert len(found.ents) > 3
    assert all(len(sentence.dependencies) == len(sentence.words) for sentence in found.sentences)


def test_marks_are_simplified_for_the_words_alone() -> None:
    (sentence,) = Document([[{"id": 1, "text": "What"}, {"id": 2, "text": "?!"}]]).sentences
    assert in_words(sentence) == ["What", "?"]
    assert in_tokens(sentence) == ["What", "?!"]


@given(st.integers(1, 12), st.integers(1, 6), st.integers(0, 10**6))
def test_the_likeliest_tags_are_stanzas(words: int, tags: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    scores = random.normal(size=(words, tags)).astype(np.float32)
    transitions = random.normal(size=(tags, tags)).astype(np.float32)
    wanted, best = viterbi_decode(scores, transitions)
    found, total = likeliest_tags(scores, transitions)
    assert found == [int(tag) for tag in wanted]
    assert total == pytest.approx(float(best), abs=1e-4)


@pytest.mark.parametrize("seed", range(4))
def test_lemmas_that_are_used_are_stanzas(seed: int) -> None:
    torch.manual_seed(seed)
    sizes = {"vocab_size": 12, "emb_dim": 4, "hidden_dim": 6, "num_layers": 1, "max_dec_len": 9, "pos_vocab_size": 3}
    parts = {"emb_dropout": 0, "dropout": 0, "edit": True, "num_edit": 3, "copy": True, "pos": True, "pos_dim": 4}
    model = Lemmas({**sizes, **parts, "pos_dropout": 0, "attn_type": "soft"}).eval()
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter)
    words = torch.randint(4, 12, (6, 7))
    blank = torch.arange(7) >= torch.tensor([7, 6, 6, 4, 3, 2])[:, None]
    words[blank] = 0
    batch = words, blank, torch.tensor([0, 1, 2, 0, 1, 2])
    with torch.no_grad():
        lemmas, edits = Seq2SeqModel.predict_greedy(model, *batch)
        found, found_edits = model.predict_greedy(*batch)
    assert torch.equal(edits, found_edits)
    written = (edits.argmax(1) == 0).tolist()
    assert found == [lemma if used else [] for lemma, used in zip(lemmas, written, strict=True)]
