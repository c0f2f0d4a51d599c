"""Silver documents: text without annotation, and the chains that trained models find in it together.

A model that has fitted its two hundred annotated documents learns more from as many others that a mean of models has
annotated, where they are sure of it (self-training; Zoph et al. 2020, "Rethinking pre-training and self-training").
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch import Tensor

from quotex._chain_model import likely
from quotex._clusters import clusters
from quotex._encoder import CHAIN_WEIGHTS, load_encoder
from quotex.evaluation import GoldDocument
from quotex.training._chains import CorefDocument
from quotex.training._linked import LinkedWindows, read_linked, to_windows
from quotex.training._names import part_clitics, read_article, split_of
from quotex.training._score import open_pipeline
from quotex.training._train_chains import ChainNetwork, ChainSettings
from quotex.training._trees import parse, placed

SEED = 7
"""Of the articles that are drawn."""

NEWSWIRE, POLNEAR = 440, 300
"""Articles of each that are drawn."""

_BIAS = 0.75
"""What the mean scores of antecedents are raised by, as is best for the development documents."""
_SURE = 0.8
"""What a word's link must be better than the next likely choice."""
_CANDIDATES = 60
"""Antecedents of a word."""
_NONE = -6.0
"""The score of an antecedent that a model does not consider."""
_STATED = 100.0
"""The score of a link that is known."""
_TOGETHER = 16
"""Documents that are parsed together."""
_SHORTEST, _LONGEST = 150, 3000
"""Words of an article."""

Unlabelled = tuple[CorefDocument, Mapping[int, int]]
"""A document without chains, and for words of whom it is known who they are a number for each person."""


class Teachers:
    """Models of coreference that label together.

    Args:
        encoder: a folder with the shared encoder.
        folders: for each model the folder that :meth:`ChainNetwork.save` wrote.
    """

    def __init__(self, encoder: Path, folders: Sequence[Path]) -> None:
        model, self.tokenizer = load_encoder(encoder)
        self._networks = []
        for folder in folders:
            rank = next(
                thin.shape[1] for name, thin in load_file(folder / CHAIN_WEIGHTS).items() if name.endswith("up")
            )
            network = ChainNetwork(model, ChainSettings(rank=rank))
            network.load(folder)
            self._networks.append(network.eval())

    @torch.no_grad()
    def scores(self, windows: LinkedWindows) -> Tensor:
        """The mean scores of all pairs ``(words, words)``: of a later word (row) and an earlier one."""
        size = len(windows.words)
        total = torch.zeros(size, size)
        for network in self._networks:
            found, top = network.coreference.link_scores(network.encode(windows.windows, windows.sizes), windows)
            total += torch.full((size, size), _NONE).scatter(1, top, found[:, 1:].clamp(min=_NONE))
        earlier = torch.ones(size, size).tril(-1).bool()
        return (total / len(self._networks)).masked_fill(~earlier, _NONE)


def label(document: CorefDocument, known: Mapping[int, int], teachers: Teachers) -> dict[str, Any]:
    """A document with a tree in Stanza's coreference JSON, with the chains that the teachers find.

    Mentions have no spans. `unsure` are the words whose link, or lack of one, is not much better than another.

    Args:
        document: the document; its chains are not looked at.
        known: for words of whom it is known who they are a number for each person.
        teachers: the models.
    """
    found = {
        "document_id": document.name,
        "corpus": document.corpus,
        "cased_words": document.words,
        "sent_id": document.sentences,
        "head": [-1 if head is None else head for head in document.heads],
        "deprel": document.relations,
        "head2span": [],
        "word_clusters": [],
    }
    linked = read_linked(found)
    scores = _stated(teachers.scores(to_windows(linked, teachers.tokenizer)) + _BIAS, known)
    best, top = scores.topk(min(_CANDIDATES, len(scores)), 1)
    links = likely(torch.cat([torch.zeros(len(scores), 1), best], 1), top)
    chains = clusters(*linked.numbered(), links, known)
    return {**found, "word_clusters": chains, "unsure": list(_unsure(scores, chains))}


def _stated(scores: Tensor, known: Mapping[int, int]) -> Tensor:
    """The scores with what is known: words of one person are linked each to the one before, those of two never."""
    scores = scores.clone()
    last: dict[int, int] = {}
    for word in sorted(known):
        others = [earlier for earlier in known if earlier < word and known[earlier] != known[word]]
        scores[word, others] = _NONE
        if known[word] in last:
            scores[word, last[known[word]]] = _STATED
        last[known[word]] = word
    return scores


def _unsure(scores: Tensor, chains: Iterable[Sequence[int]]) -> Iterator[int]:
    chain_of = {word: chain for chain in chains for word in chain}
    for word in range(1, len(scores)):
        row = scores[word, :word].clone()
        own = [other for other in chain_of.get(word, ()) if other < word]
        chosen = row[own].max().item() if own else 0.0
        row[own] = _NONE
        if chosen - max(row.max().item(), 0.0 if own else _NONE) < _SURE:
            yield word


def novels(documents: Iterable[Mapping[str, Any]]) -> Iterator[Unlabelled]:
    """Excerpts of novels, as `_novels` states their characters."""
    for document in documents:
        known = {word: person for person, chain in enumerate(document["word_clusters"]) for word in chain}
        yield (
            CorefDocument(
                name=document["document_id"],
                corpus=document["corpus"],
                words=tuple(document["cased_words"]),
                sentences=tuple(document["sent_id"]),
                chains=(),
            ),
            known,
        )


def newswire(folder: Path, rng: random.Random) -> Iterator[Unlabelled]:
    """Training articles of English Worldwide Newswire, their names not looked at."""
    paths = [path for path in sorted(folder.glob("*.tsv")) if split_of(path.name) == "train"]
    for path in rng.sample(paths, min(NEWSWIRE, len(paths))):
        sentences = [part_clitics(sentence).tokens for sentence in read_article(path)]
        words = tuple(word for sentence in sentences for word in sentence)
        if _SHORTEST <= len(words) <= _LONGEST:
            numbers = tuple(number for number, sentence in enumerate(sentences) for _ in sentence)
            yield CorefDocument(name=path.stem, corpus="newswire", words=words, sentences=numbers, chains=()), {}


def articles(documents: Iterable[GoldDocument], models: Path, rng: random.Random) -> Iterator[Unlabelled]:
    """Articles as text, with the tokens of a pack; what is annotated in them is not looked at."""
    nlp = open_pipeline(models, "tokenize,mwt")
    found = list(documents)
    for document in rng.sample(found, min(POLNEAR, len(found))):
        words = list(placed(nlp(document.text)))
        if _SHORTEST <= len(words) <= _LONGEST:
            forms, numbers = tuple(word.text for word in words), tuple(word.sentence for word in words)
            yield CorefDocument(name=document.name, corpus="articles", words=forms, sentences=numbers, chains=()), {}


def label_all(documents: Iterable[Unlabelled], teachers: Teachers, models: Path, path: Path) -> int:
    """Label documents and add each to a file as a line of JSON; those that it has already are skipped.

    A run that was cut off goes on: a line without its end is dropped.

    Args:
        documents: the documents.
        teachers: the models of coreference.
        models: the pack whose parser makes the trees.
        path: the file.

    Returns:
        How many were added.
    """
    written = path.read_text(encoding="utf-8") if path.exists() else ""
    path.write_text(written[: written.rfind("\n") + 1], encoding="utf-8")
    done = {document["document_id"] for document in read(path)}
    waiting = (unlabelled for unlabelled in documents if unlabelled[0].name not in done)
    added = 0
    with path.open("a", encoding="utf-8") as file:
        while group := list(islice(waiting, _TOGETHER)):
            parsed = parse([document for document, _ in group], models)
            for document, (_, known) in zip(parsed, group, strict=True):
                file.write(json.dumps(label(document, known, teachers), ensure_ascii=False) + "\n")
                file.flush()
                added += 1
    return added


def read(path: Path) -> list[dict[str, Any]]:
    """The documents in a file that :func:`label_all` wrote."""
    lines = path.read_text(encoding="utf-8").split("\n")  # a word may hold other ends of lines
    return [json.loads(line) for line in lines if line]
