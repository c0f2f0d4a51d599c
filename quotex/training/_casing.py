"""Capital letters for an uncased encoder: the tokenizer writes them as marks of their own.

The encoder's vocabulary is lower-case, but names and proper nouns depend on capitals. So the tokenizer's normalizer
puts a dagger before a capitalized word and a double dagger before one that starts with two capitals: ``Jens`` is
``† jens``, ``NATO`` is ``‡ nato``. Both marks are single tokens of the vocabulary that hardly occur in texts; the
adaptation teaches the encoder what they mean. The rule is part of ``tokenizer.json``, so it needs no code at run time.
"""

from __future__ import annotations

import string
from pathlib import Path

from tokenizers import Regex, Tokenizer, normalizers
from transformers import PreTrainedTokenizerFast

CAPITAL = "\N{DAGGER}"
CAPITALS = "\N{DOUBLE DAGGER}"
# Capitals that start names in Latin-script newspapers beyond ASCII; any other is folded without a mark.
LETTERS = string.ascii_uppercase + "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝÞĀĆČĐĒĢĪĶŁĻŅŌŒŚŞŠŪŹŻŽȘȚİĞ"
MAX_LENGTH = 512


def casing_tokenizer(tokenizer_file: Path) -> PreTrainedTokenizerFast:
    """The uncased tokenizer of ``tokenizer_file`` with the case marks added to its normalizer."""
    tokenizer = Tokenizer.from_file(str(tokenizer_file))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    several = [_marker(letter, r"(?=\p{Lu})", CAPITALS) for letter in LETTERS]
    single = [_marker(letter, "", CAPITAL) for letter in LETTERS]
    tokenizer.normalizer = normalizers.Sequence([*several, *single, tokenizer.normalizer])
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        model_max_length=MAX_LENGTH,
        unk_token="[UNK]",
        sep_token="[SEP]",
        pad_token="[PAD]",
        cls_token="[CLS]",
        mask_token="[MASK]",
    )


def _marker(letter: str, ahead: str, mark: str) -> normalizers.Replace:
    return normalizers.Replace(Regex(rf"(?<!\p{{L}}){letter}{ahead}"), mark + letter.lower())
