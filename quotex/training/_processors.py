"""Training of Stanza's processors by Stanza's own trainers.

Each function calls the ``main`` of a Stanza training module with a list of arguments. They run in the work directory,
where the encoder lies in a folder named like the encoder: Stanza stores that name in the model file, and at run time it
is the key of the ``FoundationCache``.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

import torch
from stanza.models import lemmatizer, mwt_expander, ner_tagger, parser, tagger, tokenizer
from stanza.utils.datasets import prepare_tokenizer_data

from quotex._encoder import ENCODER_NAME, LAYERS


def run(train: Callable[[Path, Path, int], None], work: Path, models: Path, length: int, *, threads: int) -> None:
    """Train one processor in the work directory, with so many threads of PyTorch.

    The work directory is the current directory meanwhile, so that the encoder's name is the path of its folder.
    """
    torch.set_num_threads(threads)
    folder = work / ENCODER_NAME
    if train in ON_ENCODER and not (folder / "config.json").exists():
        raise FileNotFoundError(f"no adapted encoder in {folder}; run the step adapt first")
    data, models = (work / "data").resolve(), models.resolve()
    with contextlib.chdir(work):
        train(data, models, length)


END_BIAS = 1.0
"""What the score of a sentence's end is raised by after training.

Where a line of web text ends without a full stop the tokenizer's scores are close to even, and it ends too few
sentences: on EWT's development part this raises recall by 2.0 points and costs no precision (docs/training.md).
"""


OUTSIDE_BIAS = 1.0
"""What the score of a word outside names is raised by after training.

The tagger finds too many names: precision on the development parts is lower than recall (docs/training.md).
"""


def train_tokenizer(data: Path, models: Path, steps: int) -> None:
    """Tokenizer and sentence splitter: recurrent over characters, hidden size 64."""
    for part in ("train", "dev"):
        stem = data / f"tokenize-{part}"
        prepare_tokenizer_data.main([f"{stem}.txt", f"{stem}.conllu", "-o", f"{stem}.labels", "-m", f"{stem}-mwt.json"])
    arguments = {
        "txt_file": data / "tokenize-train.txt",
        "label_file": data / "tokenize-train.labels",
        "dev_txt_file": data / "tokenize-dev.txt",
        "dev_label_file": data / "tokenize-dev.labels",
        "dev_conll_gold": data / "tokenize-dev.conllu",
        "mwt_json_file": data / "tokenize-dev-mwt.json",
        "lang": "en",
        "max_seqlen": 300,
        "steps": steps,
        "eval_steps": 500,
        "anneal_after": 1000,
        "anneal": 0.9,
        **_saved(models, "tokenize"),
    }
    tokenizer.main(_flags(arguments))
    raise_sentence_ends(models / "tokenize.pt")


def raise_sentence_ends(path: Path) -> None:
    """Add `END_BIAS` to the score of a sentence's end in the file of a tokenizer."""
    checkpoint = torch.load(path, map_location="cpu", weights_only=True)
    checkpoint["model"]["sent_clf.bias"] += END_BIAS
    torch.save(checkpoint, path)


def train_mwt(data: Path, models: Path, epochs: int) -> None:
    """Expander of multi-word tokens: a classifier of split positions, with a dictionary."""
    arguments = {
        "train_file": data / "train.conllu",
        "eval_file": data / "dev.conllu",
        "gold_file": data / "dev.conllu",
        "lang": "en",
        "num_epoch": epochs,
        **_saved(models, "mwt"),
    }
    mwt_expander.main(_flags(arguments))


def train_lemma(data: Path, models: Path, epochs: int) -> None:
    """Lemmatizer: dictionaries, an edit classifier and a small sequence-to-sequence model for unknown words."""
    arguments = {
        "train_file": data / "lemma-train.conllu",
        "eval_file": data / "dev.conllu",
        "hidden_dim": 100,
        "num_epoch": epochs,
        **_saved(models, "lemma"),
    }
    lemmatizer.main(_flags(arguments))


def train_pos(data: Path, models: Path, steps: int) -> None:
    """Tagger (UPOS, XPOS, features) on the frozen encoder: one recurrent layer of 128."""
    arguments = {
        **_on_encoder(data, models, "pos"),
        "lang": "en",
        "hidden_dim": 128,
        "deep_biaff_hidden_dim": 128,
        "composite_deep_biaff_hidden_dim": 64,
        "tag_emb_dim": 32,
        "num_layers": 1,
        "word_cutoff": 1000,
        "batch_size": 100,
        "lr": 1.5e-3,
        "dropout": 0.33,
        "word_dropout": 0.1,
        "max_steps": steps,
        "eval_interval": 100,
        "augment_nopunct": 0.1,
    }
    tagger.main([*_flags(arguments), "--no_pretrain", "--no_char", "--no_second_optim", "--fix_eval_interval"])


def train_depparse(data: Path, models: Path, steps: int) -> None:
    """Parser on the frozen encoder: one recurrent layer of 128, biaffine 200/60, no tags, no word vectors.

    The last quarter of the steps goes on from the best model with a fifth of the learning rate.
    """
    arguments = {
        **_on_encoder(data, models, "depparse"),
        "lang": "en",
        "hidden_dim": 128,
        "deep_biaff_hidden_dim": 200,
        "deep_biaff_output_dim": 60,
        "num_layers": 1,
        "tag_emb_dim": 0,
        "word_cutoff": 1000,
        "batch_size": 2000,
        "optim": "adam",
        "lr": 2e-3,
        "second_optim": "adam",
        "second_optim_start_step": steps * 3 // 4,
        "second_lr": 4e-4,
        "second_warmup_steps": 0,
        "beta2": 0.95,
        "dropout": 0.33,
        "word_dropout": 0.1,
        "max_steps": steps,
        "eval_interval": 100,
    }
    switches = ["--no_pretrain", "--no_char", "--no_upos", "--no_xpos", "--no_ufeats", "--no_checkpoint"]
    parser.main([*_flags(arguments), *switches])


def train_ner(data: Path, models: Path, steps: int) -> None:
    """Tagger of names on the frozen encoder: one recurrent layer of 128 and a CRF."""
    arguments = {
        **_on_encoder(data, models, "ner"),
        "train_file": data / "ner-train.json",
        "eval_file": data / "ner-dev.json",
        "hidden_dim": 128,
        "batch_size": 64,
        "max_batch_words": 2000,
        "optim": "adam",
        "lr": 2e-3,
        "lr_decay": 0.5,
        "patience": 0,
        "dropout": 0.33,
        "max_steps": steps,
        "eval_interval": 200,
    }
    ner_tagger.main([*_flags(arguments), "--no_pretrain", "--no_char"])
    raise_outside(models / "ner.pt")


def raise_outside(path: Path) -> None:
    """Add `OUTSIDE_BIAS` to the score of `O` in the file of a tagger of names."""
    checkpoint = torch.load(path, map_location="cpu", weights_only=True)
    outside = checkpoint["vocab"]["tag"]["_id2unit"][0].index("O")
    checkpoint["model"]["tag_clfs.0.bias"][outside] += OUTSIDE_BIAS
    torch.save(checkpoint, path)


ON_ENCODER = (train_pos, train_depparse, train_ner)


def _on_encoder(data: Path, models: Path, processor: str) -> dict[str, object]:
    return {
        "train_file": data / "train.conllu",
        "eval_file": data / "dev.conllu",
        "bert_model": ENCODER_NAME,
        "bert_hidden_layers": LAYERS,
        "word_emb_dim": 0,
        **_saved(models, processor),
    }


def _saved(models: Path, processor: str) -> dict[str, object]:
    return {"shorthand": "en_quotex", "save_dir": models, "save_name": f"{processor}.pt", "device": "cpu"}


def _flags(arguments: dict[str, object]) -> list[str]:
    return [text for name, value in arguments.items() for text in (f"--{name}", str(value))]
