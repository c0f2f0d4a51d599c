"""Extractions made by hand for the tests of the page: an article, hostile texts, and a novel. No model is needed."""

from __future__ import annotations

import random
from collections.abc import Sequence

from quotex import Context, Extraction, Manner, Note, Quote, QuoteKind, Span, Speaker, SpeakerKind

HOSTILE = (
    "<script>window.broken = 1; document.title = 'broken'</script>",
    "</script><script>window.broken = 1</script>",
    "<img src=x onerror='window.broken = 1'>",
    '"><svg onload="window.broken = 1">',
    "' autofocus onfocus='window.broken = 1' x='",
    "<iframe srcdoc='<script>parent.broken = 1</script>'></iframe>",
    "<a href='javascript:window.broken = 1'>go</a>",
    "<style>#text { display: none }</style>",
    "</article></main><!-- ",
    "--> ]]> </title></textarea><plaintext>",
    "<meta http-equiv=refresh content='0;url=about:blank'>",
    "<base href='//example.invalid/'>",
    "&lt;b&gt; &amp;amp; &#60;i&#62; &nbsp; &#x0; &notit; &",
    "{{ 7 * 7 }} {% raw %} {# no #} ${broken} `",
    "\N{RIGHT-TO-LEFT OVERRIDE}evil\N{POP DIRECTIONAL FORMATTING}",
    "\N{LEFT-TO-RIGHT ISOLATE}\N{RIGHT-TO-LEFT EMBEDDING}\N{RIGHT-TO-LEFT OVERRIDE}",
    "\N{HEBREW LETTER SHIN}\N{HEBREW LETTER LAMED}\N{HEBREW LETTER VAV}\N{HEBREW LETTER FINAL MEM} 12",
    "\N{ARABIC LETTER SEEN}\N{ARABIC LETTER LAM}\N{ARABIC LETTER ALEF}\N{ARABIC LETTER MEEM}",
    "\r\n\r\n",
    "\r",
    "\n",
    "\n\n\n\n    ",
    "\t \N{NO-BREAK SPACE} \N{ZERO WIDTH SPACE}\N{ZERO WIDTH NO-BREAK SPACE}",
    "e\N{COMBINING ACUTE ACCENT}\N{COMBINING ACUTE ACCENT} \N{PILE OF POO}\N{ZERO WIDTH JOINER}",
    "\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}\x85\f\x0b",
    "\x01\x07\x1b[2J\x7f\x9c\ufffe",
    "\N{LEFT DOUBLE QUOTATION MARK}words\N{RIGHT DOUBLE QUOTATION MARK}",
    "plain words, ",
)
"""Pieces of text that a careless page would obey, lose or change."""


def span(text: str, start: int, end: int) -> Span:
    return Span(start_char=start, end_char=end, text=text[start:end])


def find(text: str, words: str) -> Span:
    start = text.index(words)
    return span(text, start, start + len(words))


def quotation(
    text: str,
    *segments: Span,
    speaker: Speaker | None = None,
    kind: QuoteKind = QuoteKind.DIRECT,
    source: Span | None = None,
    cue: Span | None = None,
    nested: Sequence[Quote] = (),
) -> Quote:
    whole = span(text, segments[0].start_char, segments[-1].end_char)
    return Quote(
        text=" ".join(segment.text for segment in segments),
        segments=segments,
        extent=whole,
        kind=kind,
        manner=Manner.SPEECH,
        speaker=speaker,
        source=source,
        cue=cue,
        context=Context(sentence=whole, paragraph=whole),
        nested=tuple(nested),
        method="none" if speaker is None else "cue-after",
        confidence=0.0 if speaker is None else 0.9,
    )


ARTICLE = (
    "The quay\r\n\r\n"
    "\N{LEFT DOUBLE QUOTATION MARK}It leaks,\N{RIGHT DOUBLE QUOTATION MARK} said harbour plumber Ana Lee. "
    "\N{LEFT DOUBLE QUOTATION MARK}It \N{LEFT SINGLE QUOTATION MARK}drips\N{RIGHT SINGLE QUOTATION MARK}, too."
    "\N{RIGHT DOUBLE QUOTATION MARK}\r\n\r\n"
    "Bo Reed added that the pipe had been mended twice.\r\n\r\n"
    "\N{LEFT DOUBLE QUOTATION MARK}Who pays?\N{RIGHT DOUBLE QUOTATION MARK} The "
    "\N{LEFT DOUBLE QUOTATION MARK}new\N{RIGHT DOUBLE QUOTATION MARK} pipe is old.\r\n"
)


def article() -> Extraction:
    """One speaker with a quotation in two segments and one inside it, an indirect one, an unattributed one, a note."""
    lee = Speaker(id=0, name="Ana Lee", kind=SpeakerKind.PERSON, role="harbour plumber")
    reed = Speaker(id=1, name="Bo Reed", kind=SpeakerKind.PERSON)
    second = "It \N{LEFT SINGLE QUOTATION MARK}drips\N{RIGHT SINGLE QUOTATION MARK}, too."
    quotes = (
        quotation(
            ARTICLE,
            find(ARTICLE, "It leaks,"),
            find(ARTICLE, second),
            speaker=lee,
            source=find(ARTICLE, "harbour plumber Ana Lee"),
            cue=find(ARTICLE, "said"),
            nested=[quotation(ARTICLE, find(ARTICLE, "drips"), speaker=reed, kind=QuoteKind.MIXED)],
        ),
        quotation(
            ARTICLE,
            find(ARTICLE, "the pipe had been mended twice"),
            speaker=reed,
            kind=QuoteKind.INDIRECT,
            source=find(ARTICLE, "Bo Reed"),
            cue=find(ARTICLE, "added"),
        ),
        quotation(ARTICLE, find(ARTICLE, "Who pays?")),
    )
    new = find(ARTICLE, "\N{LEFT DOUBLE QUOTATION MARK}new\N{RIGHT DOUBLE QUOTATION MARK}")
    note = Note(code="scare-quote", span=new, message="The words are nobody's.")
    return Extraction(text=ARTICLE, quotes=quotes, speakers=(lee, reed), notes=(note,))


def hostile(number: int, pieces: Sequence[str] = HOSTILE) -> list[Extraction]:
    """So many texts made of hostile pieces, with quotations, speakers, roles, cues and notes made of them, too."""
    chance = random.Random(7)
    return [_hostile(chance, pieces) for _ in range(number)]


def _hostile(chance: random.Random, pieces: Sequence[str]) -> Extraction:
    text = "".join(chance.choice(pieces) for _ in range(chance.randint(3, 14)))
    speakers = tuple(
        Speaker(id=place, name=chance.choice(pieces), role=chance.choice(pieces), kind=SpeakerKind.PERSON)
        for place in range(3)
    )
    # anywhere, across anything: spans may cut a tag in two and overlap one another
    quotes = tuple(
        quotation(
            text,
            _somewhere(text, chance),
            speaker=chance.choice((*speakers, None)),
            source=_somewhere(text, chance),
            cue=_somewhere(text, chance),
            kind=chance.choice(list(QuoteKind)),
        )
        for _ in range(chance.randint(1, 4))
    )
    note = Note(code=chance.choice(pieces), span=_somewhere(text, chance), message=chance.choice(pieces))
    return Extraction(text=text, quotes=quotes, speakers=speakers, notes=(note,))


def _somewhere(text: str, chance: random.Random) -> Span:
    start = chance.randrange(len(text))
    return span(text, start, min(len(text), start + chance.randint(1, 40)))


def novel(words: int, speakers: int = 90) -> Extraction:
    """A novel of about so many words: paragraphs of narration and dialogue, a few speakers who say most of it."""
    chance = random.Random(11)
    people = tuple(Speaker(id=n, name=f"Speaker {n}", kind=SpeakerKind.PERSON) for n in range(speakers))
    vocabulary = [
        "the",
        "lamp",
        "was",
        "low",
        "nobody",
        "on",
        "quay",
        "had",
        "seen",
        "a",
        "boat",
        "before",
        "rain",
        "fell",
    ]
    pieces: list[str] = []
    spans: list[tuple[int, int, int, Speaker]] = []
    size = written = 0

    def write(piece: str) -> int:
        nonlocal size
        pieces.append(piece)
        size += len(piece)
        return size

    while written < words:
        written += 24
        if chance.random() < 0.45:
            write(" ".join(chance.choices(vocabulary, k=24)).capitalize() + ".\n\n")
            continue
        speaker = people[min(int(chance.expovariate(0.15)), speakers - 1)]
        start = write("\N{LEFT DOUBLE QUOTATION MARK}")
        end = write(" ".join(chance.choices(vocabulary, k=20)).capitalize() + ",")
        cue = write("\N{RIGHT DOUBLE QUOTATION MARK} ")
        write(f"said {speaker.name}.\n\n")
        spans.append((start, end, cue, speaker))
    text = "".join(pieces)
    quotes = tuple(
        quotation(
            text,
            span(text, start, end),
            speaker=speaker,
            cue=span(text, cue, cue + 4),
            source=span(text, cue + 5, cue + 5 + len(speaker.name)),
        )
        for start, end, cue, speaker in spans
    )
    return Extraction(text=text, quotes=quotes, speakers=people)
