"""Loader of `world`: newspaper articles as `NAME.txt` with `NAME.gold.json`."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any, Final

from quotex._errors import FormatError
from quotex._types import QuoteKind, Span, SpeakerKind
from quotex.evaluation._gold import GoldDocument, GoldQuote, GoldSpeaker, NotSpeech, span_of, trim
from quotex.evaluation._sources import Entry, read_text

_SUFFIX: Final = ".gold.json"
_KINDS: Final = {kind.value: kind for kind in SpeakerKind} | {"organisation": SpeakerKind.ORGANIZATION}


def entries(path: Path, split: str) -> list[Entry]:
    """The articles of a folder; `split` is not used, as this corpus has none."""
    del split
    return [
        Entry(name=file.name.removesuffix(_SUFFIX), read=partial(read_world, file))
        for file in sorted(path.glob(f"*{_SUFFIX}"))
    ]


def read_world(path: Path) -> GoldDocument:
    """Read one article.

    Args:
        path: The `.gold.json` file; its text lies beside it.

    Raises:
        FormatError: Not JSON, a field is missing or wrong, or offsets that do not give the words they stand for.
        OSError: The text or the annotation cannot be read.
    """
    text = read_text(path.with_name(path.name.removesuffix(_SUFFIX) + ".txt"))
    try:
        quotes = json.loads(read_text(path))["quotes"]
        speech = [item for item in quotes if item["kind"] != "scare"]
        other = [item for item in quotes if item["kind"] == "scare"]
        return GoldDocument(
            name=path.name.removesuffix(_SUFFIX),
            text=text,
            quotes=tuple(_quote(text, f"{number}", item, path) for number, item in enumerate(speech, 1)),
            not_speech=tuple(
                NotSpeech(span=trim(text, span.start_char, span.end_char))
                for item in other
                for span in _segments(text, item, path)
            ),
            kinds=frozenset({QuoteKind.DIRECT, QuoteKind.MIXED}),
            nested=False,
            genre="news",
        )
    except json.JSONDecodeError as error:
        raise FormatError(f"not JSON: {error.msg}", str(path), error.lineno) from error
    except (KeyError, TypeError, IndexError) as error:
        raise FormatError(f"a field is missing or wrong: {error!r}", str(path)) from error


def _quote(text: str, number: str, item: dict[str, Any], path: Path) -> GoldQuote:
    written = _segments(text, item, path)
    if item["kind"] not in {"direct", "mixed"}:
        raise FormatError(f"unknown kind {item['kind']!r}; expected direct, mixed or scare", str(path))
    speaker, mention = item["speaker"], item["mention_offsets"]
    return GoldQuote(
        id=number,
        segments=tuple(trim(text, span.start_char, span.end_char) for span in written),
        written=written,
        kind=QuoteKind(item["kind"]),
        speaker=GoldSpeaker(name=speaker, kind=_KINDS.get(item["speaker_type"] or ""), role=item["role"] or None)
        if speaker
        else None,
        mention=None if mention is None else _span(text, mention, item["mention"], path),
        cue=item["cue"] or None,
        role=item["role"] or None,
    )


def _segments(text: str, item: dict[str, Any], path: Path) -> tuple[Span, ...]:
    pairs = item["segment_offsets"]
    if not pairs or len(pairs) != len(item["segments"]):
        raise FormatError(f"{len(pairs)} offsets for {len(item['segments'])} segments", str(path))
    return tuple(_span(text, pair, words, path) for pair, words in zip(pairs, item["segments"], strict=True))


def _span(text: str, pair: list[int], words: str, path: Path) -> Span:
    span = span_of(text, pair[0], pair[1])
    if span.text != words or not words:
        raise FormatError(f"offsets {pair} give {span.text[:60]!r}, not {words[:60]!r}", str(path))
    return span
