"""Scores of a pack, through the real Stanza pipeline on the packed files."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import stanza
from stanza.models.common.utils import ud_scores

from quotex._encoder import foundation_cache
from quotex._packages import COMPACT
from quotex.training._conllu import DEPREL, HEAD, Sentence, write_conllu
from quotex.training._names import NamedSentence, spans, to_iob2

CORE_TYPES = frozenset({"PER", "ORG", "LOC"})
_GOLD_METRICS = ("UPOS", "XPOS", "UFeats", "Lemmas", "UAS", "LAS")
_TEXT_METRICS = ("Tokens", "Sentences", "Words", *_GOLD_METRICS)


def open_pipeline(models: Path, processors: str, *, pretokenized: bool = False) -> stanza.Pipeline:
    """A Stanza pipeline over a pack, offline, with the pack's own encoder."""
    return stanza.Pipeline(
        "en",
        dir=str(models),
        package=COMPACT,
        processors=processors,
        download_method=None,
        foundation_cache=foundation_cache(models),
        tokenize_pretokenized=pretokenized,
        logging_level="WARN",
    )


def score_words(models: Path, sentences: Sequence[Sentence]) -> dict[str, float]:
    """Scores with gold sentences and words, in per cent.

    ``UAS``, ``LAS`` and the rest are Stanza's (the CoNLL 2018 scorer, relation subtypes ignored); ``LAS_subtypes`` is
    the share of words whose head and whole relation are right.
    """
    nlp = open_pipeline(models, "tokenize,pos,lemma,depparse", pretokenized=True)
    document = nlp([[row.form for row in sentence.words] for sentence in sentences])
    gold = [Sentence(comments=(), rows=sentence.words) for sentence in sentences]
    scores = _compare(gold, f"{document:C}\n\n", _GOLD_METRICS)
    right = total = 0
    for sentence, parsed in zip(gold, document.sentences, strict=True):
        total += len(parsed.words)
        for row, word in zip(sentence.rows, parsed.words, strict=True):
            right += (int(row.columns[HEAD]), row.columns[DEPREL]) == (word.head, word.deprel)
    return {**scores, "LAS_subtypes": round(100 * right / total, 2)}


def score_text(models: Path, sentences: Sequence[Sentence], text: str) -> dict[str, float]:
    """Scores end to end from the running text, in per cent: tokens, sentences, words, tags, lemmas, trees."""
    nlp = open_pipeline(models, "tokenize,mwt,pos,lemma,depparse")
    return _compare(sentences, f"{nlp(text):C}\n\n", _TEXT_METRICS)


def _compare(gold: Iterable[Sentence], system: str, metrics: Iterable[str]) -> dict[str, float]:
    wanted = io.StringIO()
    write_conllu(gold, wanted)
    wanted.seek(0)
    scores = ud_scores(wanted, io.StringIO(system))
    return {metric: round(100 * scores[metric].f1, 2) for metric in metrics}


def tag_names(models: Path, sentences: Iterable[Sequence[str]]) -> list[set[tuple[int, int, str]]]:
    """The names that a pack finds in sentences of given tokens, as `quotex.training._names.spans` has them."""
    nlp = open_pipeline(models, "tokenize,ner", pretokenized=True)
    document = nlp([list(tokens) for tokens in sentences])
    return [spans(to_iob2([token.ner for token in sentence.tokens])) for sentence in document.sentences]


def score_names(models: Path, sentences: Sequence[NamedSentence]) -> dict[str, float]:
    """F1 of exact spans with gold tokens, in per cent: each type, the three core types together, all types together."""
    wanted: set[tuple[int, int, int, str]] = set()
    given: set[tuple[int, int, int, str]] = set()
    tagged = tag_names(models, [sentence.tokens for sentence in sentences])
    for number, (sentence, found) in enumerate(zip(sentences, tagged, strict=True)):
        wanted.update((number, *span) for span in spans(sentence.labels))
        given.update((number, *span) for span in found)
    kinds = {span[3] for span in wanted}
    groups: Mapping[str, frozenset[str]] = {
        "PER+ORG+LOC": CORE_TYPES,
        "all": frozenset(kinds),
        **{kind: frozenset({kind}) for kind in sorted(kinds)},
    }
    return {name: _f1(wanted, given, group) for name, group in groups.items()}


def _f1(wanted: set[tuple[int, int, int, str]], given: set[tuple[int, int, int, str]], kinds: frozenset[str]) -> float:
    gold = {span for span in wanted if span[3] in kinds}
    answers = {span for span in given if span[3] in kinds}
    return round(200 * len(gold & answers) / max(1, len(gold) + len(answers)), 2)
