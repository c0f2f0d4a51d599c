"""The real corpora, where they are: a perfect answer scores 1.0 and an empty one 0.0 on each."""

from __future__ import annotations

import pytest
from evaluation_stubs import Empty, Perfect

from quotex.evaluation import CORPORA, Broken, CorpusError, GoldDocument, evaluate, open_corpus


def documents(corpus: str) -> tuple[list[GoldDocument], list[Broken]]:
    # whole novels: one is enough here
    limit = 1 if corpus == "pdnc" else None
    try:
        read = list(open_corpus(corpus, limit=limit).read())
    except CorpusError as error:
        pytest.skip(str(error))
    good = [document for document in read if not isinstance(document, Broken)]
    return good, [document for document in read if isinstance(document, Broken)]


@pytest.mark.parametrize("corpus", CORPORA)
def test_every_document_is_read_and_its_spans_equal_their_text(corpus: str) -> None:
    good, broken = documents(corpus)
    assert broken == []
    for document in good:
        for gold in document.quotes:
            for span in (*gold.segments, *gold.written, *gold.sources, *gold.cues):
                assert document.text[span.start_char : span.end_char] == span.text != ""


@pytest.mark.parametrize("corpus", CORPORA)
def test_perfect_and_empty(corpus: str) -> None:
    good, _ = documents(corpus)
    limit = len(good)
    perfect = evaluate(corpus, extractor=Perfect(good), limit=limit)
    assert perfect.misses == ()
    assert {figure.value for figure in perfect.figures.values()} <= {1.0, None}
    empty = evaluate(corpus, extractor=Empty(), limit=limit).figures
    assert {figure.value for key, figure in empty.items() if key != "not_speech"} <= {0.0, None}
