"""The data files that Stanza's trainers read, made from the treebanks and the names."""

from __future__ import annotations

import json
import math
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from quotex.training._conllu import LEMMA, UPOS, Row, Sentence, read_conllu, save_conllu
from quotex.training._marks import augment_all
from quotex.training._names import NamedSentence, in_one_case, part_clitics, part_places, restyle

SEED = 7
PARTED = 0.3
"""The share of sentences with names whose clitics are words of their own.

Stanza's tagger reads tokens, but who tags words that are there already may have clitics apart, as Universal NER has.
"""
SMALL, CAPITALS = 0.1, 0.03
"""The shares of sentences with names that are given a second time, in small letters or in capitals alone."""


def treebank_file(folder: Path, split: str) -> Path:
    """The CoNLL-U file of a split in a treebank folder (its name ends in ``-train.conllu`` and so on).

    Raises:
        FileNotFoundError: there is none, or more than one; the message says where it looked.
    """
    found = sorted(folder.glob(f"*-{split}.conllu"))
    if len(found) != 1:
        raise FileNotFoundError(f"wanted one file *-{split}.conllu in {folder}, found {len(found)}")
    return found[0]


def read_treebanks(folders: Iterable[Path], split: str) -> list[Sentence]:
    """The sentences of a split of several treebanks, one treebank after the other."""
    return [sentence for folder in folders for sentence in read_conllu(treebank_file(folder, split))]


def write_syntax(train: Sequence[Sentence], dev: Sequence[Sentence], folder: Path) -> None:
    """Files of tagger, parser, expander and lemmatizer: marks rewritten at random in training only."""
    save_conllu(augment_all(train, SEED), folder / "train.conllu")
    save_conllu(dev, folder / "dev.conllu")
    save_conllu(lemma_types([*train, *augment_all(train, SEED + 1)]), folder / "lemma-train.conllu")


def write_tokenization(train: Sequence[Sentence], dev: Sequence[Sentence], folder: Path) -> None:
    """Files of the tokenizer: every sentence as written and with marks rewritten."""
    for part, sentences in (("train", train), ("dev", dev)):
        doubled = [*sentences, *augment_all(sentences, SEED + 1)]
        save_conllu(doubled, folder / f"tokenize-{part}.conllu")
        (folder / f"tokenize-{part}.txt").write_text(running_text(doubled), encoding="utf-8")


def running_text(sentences: Iterable[Sentence]) -> str:
    """The running text of CoNLL-U sentences, paragraphs apart by an empty line."""
    pieces: list[str] = []
    for number, sentence in enumerate(sentences):
        if number and sentence.starts_paragraph:
            pieces.append("\n\n")
        pieces.append(sentence.text + " " * sentence.tokens[-1].space_after)
    return "".join(pieces) + "\n"


def lemma_types(sentences: Iterable[Sentence]) -> Iterator[Sentence]:
    """One-word sentences for the lemmatizer, one for each word type.

    A form with a tag keeps its most frequent lemma. It is repeated with the logarithm of its frequency, so that
    Stanza's dictionary without tags still prefers the frequent reading, while a pass stays a tenth of the treebanks.
    """
    counts: dict[tuple[str, str], Counter[str]] = {}
    for sentence in sentences:
        for row in sentence.words:
            counts.setdefault((row.form, row.columns[UPOS]), Counter())[row.columns[LEMMA]] += 1
    for (form, upos), lemmas in sorted(counts.items()):
        lemma, count = lemmas.most_common(1)[0]
        row = Row(columns=("1", form, lemma, upos, "_", "_", "0", "root", "_", "_"))
        for _ in range(1 + int(math.log10(count))):
            yield Sentence(comments=(), rows=(row,))


def write_names(train: Iterable[NamedSentence], dev: Iterable[NamedSentence], folder: Path) -> None:
    """Files of the tagger of names, in Stanza's JSON: training with changes at random, development as it is.

    Marks are rewritten, a part of the sentences (`PARTED`) has its clitics as words of their own, and some are given
    once more in one case (`SMALL`, `CAPITALS`).
    """
    rng = random.Random(SEED)
    _save_names((varied for sentence in train for varied in _varied(sentence, rng)), folder / "ner-train.json")
    _save_names(dev, folder / "ner-dev.json")


def _varied(sentence: NamedSentence, rng: random.Random) -> Iterator[NamedSentence]:
    styled = part_places(restyle(sentence, rng))
    yield part_clitics(styled) if rng.random() < PARTED else styled
    drawn = rng.random()
    if drawn < SMALL + CAPITALS:
        yield in_one_case(styled, upper=drawn >= SMALL)


def _save_names(sentences: Iterable[NamedSentence], path: Path) -> None:
    documents = [
        [{"text": token, "ner": label} for token, label in zip(sentence.tokens, sentence.labels, strict=True)]
        for sentence in sentences
    ]
    path.write_text(json.dumps(documents, ensure_ascii=False), encoding="utf-8")
