"""`quotex run` with a stub in the place of the models: `python corpus_stub.py run INPUT --out DIR ...`.

A process that is started to work imports this file again, so that the stub is there, too.
"""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Iterable, Iterator

import quotex._extractor
from quotex import Context, Extraction, Quote, QuoteKind, Span, Speaker
from quotex._cli import main

QUOTED = re.compile("“(?P<words>[^”]*)”(?: said (?P<name>[A-Z][a-z]+))?")


class Stub:
    """Finds curly marks and `said Ann` behind them, as slowly as `QUOTEX_STUB_SECONDS` says."""

    def __init__(self, *_: object) -> None:
        self._seconds = float(os.environ.get("QUOTEX_STUB_SECONDS", "0"))

    def extract_many(self, texts: Iterable[str]) -> Iterator[Extraction]:
        for text in texts:
            time.sleep(self._seconds)
            if "die" in text:
                os._exit(9)
            if "boom" in text:
                raise IndexError("no such word")
            yield extraction(text)


def extraction(text: str) -> Extraction:
    """What the stub finds in a text."""
    whole = Span(start_char=0, end_char=len(text), text=text)
    speakers: dict[str, Speaker] = {}
    quotes = []
    for match in QUOTED.finditer(text):
        words = Span(start_char=match.start("words"), end_char=match.end("words"), text=match["words"])
        end = words.end_char + 1
        name = match["name"]
        if name:
            speakers.setdefault(name, Speaker(id=len(speakers), name=name))
        quotes.append(
            Quote(
                text=words.text,
                segments=(words,),
                extent=Span(start_char=match.start(), end_char=end, text=text[match.start() : end]),
                kind=QuoteKind.DIRECT,
                speaker=speakers.get(name or ""),
                context=Context(sentence=whole, paragraph=whole),
            )
        )
    return Extraction(text=text, quotes=tuple(quotes), speakers=tuple(speakers.values()))


if __name__ in ("__main__", "__mp_main__"):
    quotex._extractor.Extractor = Stub  # type: ignore[assignment,misc]

if __name__ == "__main__":
    sys.exit(main())
