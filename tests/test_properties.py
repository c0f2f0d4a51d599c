"""What holds for any text and any parse."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from random import Random

import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from quotex._assembly import extract_reading
from quotex._extraction import Extraction
from quotex._marks import Marks, find_marks
from quotex._reading import Name, Reading, Sentence, Word
from quotex._types import Quote, QuoteKind, Span

_TOKEN = regex.compile(r"[\p{L}\p{N}\p{M}’'-]+|[^\s\p{L}\p{N}]")

NOUNS = [
    "minister",
    "board",
    "statement",
    "film",
    "roof",
    "spokesman",
    "residents",
    "word",
    "mayor",
    "report",
    "sister",
]
NAMES = ["Ann", "Lee", "Ben", "Mayor", "Mr.", "HSB", "Harbour", "Board", "Anne-Marie", "Zoë"]
PRONOUNS = ["he", "she", "it", "they", "I", "we", "who", "which", "nobody", "her"]
VERBS = ["said", "told", "asked", "thought", "wrote", "called", "quoted", "saying", "sighed", "leaks", "left", "nodded"]
SMALL = [
    "the",
    "a",
    "to",
    "of",
    "that",
    "and",
    "as",
    "from",
    "is",
    "was",
    "not",
    "known",
    "so-called",
    "according",
    "by",
]
STOPS = [",", ".", "?", "!", ":", "—", "-", "…", "(", ")", "’s"]
ODD = ["🙂", "\u00a0", "\u200b", "e\u0301", "\ud800", "\n", "\r\n\r\n"]
MARKS = [("“", "”"), ('"', '"'), ("‘", "’"), ("«", "»"), ("“", ""), ("", "”"), ("「", "」")]
NATURAL = {
    **dict.fromkeys(NOUNS, "NOUN"), **dict.fromkeys(NAMES, "PROPN"), **dict.fromkeys(PRONOUNS, "PRON"),
    **dict.fromkeys(VERBS, "VERB"), **dict.fromkeys(STOPS, "PUNCT"), "the": "DET", "a": "DET", "and": "CCONJ",
    "to": "ADP", "of": "ADP", "that": "SCONJ", "is": "AUX", "was": "AUX", "not": "PART", "’s": "PART",
}  # fmt: skip
UPOS = sorted({*NATURAL.values(), "ADJ", "ADV", "NUM", "INTJ", "X"})
RELATIONS = [
    "nsubj", "nsubj", "nsubj:pass", "obj", "iobj", "obl", "obl:agent", "ccomp", "parataxis", "acl", "acl:relcl",
    "advcl", "xcomp", "conj", "cc", "case", "mark", "det", "flat", "appos", "compound", "compound:prt", "nmod",
    "nmod:poss", "nmod:desc", "cop", "aux", "aux:pass", "amod", "advmod", "punct", "dep", "fixed", "expl", "list",
]  # fmt: skip
LIKELY = {
    "NOUN": ["nsubj", "obj", "iobj", "obl", "appos", "compound", "conj", "nmod:desc"],
    "PROPN": ["nsubj", "flat", "appos", "iobj", "nmod", "nmod:poss", "conj"],
    "PRON": ["nsubj", "obj", "iobj", "nmod:poss"],
    "VERB": ["ccomp", "parataxis", "acl:relcl", "acl", "advcl", "conj", "xcomp"],
    "PUNCT": ["punct"],
    "AUX": ["aux", "aux:pass", "cop"],
}
FEATURES = ["Number=Plur", "Number=Sing", "Mood=Imp", "VerbForm=Fin", "Tense=Past", "Case=Nom"]
LABELS = ["PER", "PER", "ORG", "LOC", "NORP", "MISC"]

phrases = st.lists(
    st.sampled_from([*NOUNS, *NAMES, *PRONOUNS, *VERBS, *SMALL, *STOPS, *ODD]), min_size=1, max_size=5
).map(" ".join)


@st.composite
def quoted(draw: st.DrawFn) -> str:
    """Words in marks; sometimes over two paragraphs, sometimes with others in marks among them."""
    left, right = draw(st.sampled_from(MARKS))
    words = draw(st.one_of(phrases, st.tuples(phrases, phrases).map(lambda pair: f"{pair[0]} ‘{pair[1]},’ he said")))
    again = f"\n\n{left}{draw(phrases)}" if draw(st.booleans()) and draw(st.booleans()) else ""
    return f"{left}{words.capitalize()}{again}{draw(st.sampled_from([',', '.', '?', '!', '']))}{right}"


cues = st.sampled_from(
    ["Ann Lee said.", "said the minister,", "Ben told her:", "according to the HSB.", "he added,", "— Ann Lee, Mayor\n"]
)
layout = st.sampled_from(
    [
        *("\n\nQ: What leaks?", "\n\nA: I left.", "\n\nLEE: Who said it?", "\n\nORTIZ: I told you."),
        *("\n\nLEE: I left.\n\nMR. ORTIZ: I thought she said so.\n\nLEE: The board?\n\n", "\n\n(Laughter.)\n\n"),
        *(
            "\n\nAnn Lee wrote:\n\n> The roof leaks.\n>\n> ",
            "\n>\n> — Ann Lee, Mayor\n\n",
            "Ben wrote:\n\n    It leaks.\n\n",
        ),
        *("\n\n— It leaks — said Ann Lee — and ", " —he said—. ", "\n\n— What?\n\n", "\n\n—It leaks, said Ben. "),
    ]
)
texts = st.one_of(
    st.lists(st.one_of(phrases, quoted(), quoted(), cues, layout, st.just("\n\n")), max_size=10).map(" ".join),
    st.text(max_size=80),
)


@st.composite
def readings(draw: st.DrawFn) -> tuple[Reading, Marks]:
    """A text with any parse."""
    return parsed(draw(texts), Random(draw(st.integers(0, 2**32))))


def parsed(text: str, rng: Random) -> tuple[Reading, Marks]:
    """A text cut into tokens and sentences without a thought, with any tree over each sentence."""
    marks = find_marks(text)
    tokens = list(_TOKEN.finditer(text))
    words: list[Word] = []
    sentences: list[Sentence] = []
    while len(words) < len(tokens):
        start = len(words)
        end = min(start + rng.randint(1, 20), len(tokens))
        words.extend(_tree(rng, tokens[start:end], start, len(sentences)))
        begin = tokens[start].start()
        sentences.append(
            Sentence(
                index=len(sentences),
                start=start,
                end=end,
                start_char=begin,
                end_char=tokens[end - 1].end(),
                paragraph=max(sum(span.start_char <= begin for span in marks.paragraphs) - 1, 0),
            )
        )
    reading = Reading(
        text=text,
        words=tuple(words),
        sentences=tuple(sentences),
        names=tuple(_names(rng, words, sentences)),
        paragraphs=marks.paragraphs,
    )
    return reading, marks


def _tree(rng: Random, tokens: list[regex.Match[str]], start: int, sentence: int) -> Iterator[Word]:
    """Words whose heads make a tree: in a random order each hangs on one before it, mostly on one that is near."""
    order = rng.sample(range(len(tokens)), len(tokens))
    heads: dict[int, int | None] = {order[0]: None}
    for node in order[1:]:
        near = min(heads, key=lambda other: abs(other - node))
        heads[node] = near if rng.random() < 0.7 else rng.choice(list(heads))
    for place, token in enumerate(tokens):
        head = heads[place]
        natural = NATURAL.get(token[0].lower(), NATURAL.get(token[0], "NOUN" if token[0].isalnum() else "PUNCT"))
        upos = natural if rng.random() < 0.8 else rng.choice(UPOS)
        relations = LIKELY.get(upos, RELATIONS) if rng.random() < 0.8 else RELATIONS
        yield Word(
            index=start + place,
            sentence=sentence,
            text=token[0],
            lemma=token[0].lower(),
            upos=upos,
            feats=frozenset(rng.sample(FEATURES, rng.randint(0, 2))),
            head=None if head is None else start + head,
            deprel="root" if head is None else rng.choice(relations),
            start_char=token.start(),
            end_char=token.end(),
        )


def _names(rng: Random, words: list[Word], sentences: list[Sentence]) -> Iterator[Name]:
    for sentence in sentences:
        place = sentence.start
        while place < sentence.end:
            end = min(place + rng.randint(1, 3), sentence.end)
            if rng.random() < (0.7 if words[place].text in NAMES else 0.05):
                yield Name(start=place, end=end, label=rng.choice(LABELS))
            place = end


def walk(quotes: Iterable[Quote]) -> Iterator[Quote]:
    for quote in quotes:
        yield quote
        yield from walk(quote.nested)


def spans(extraction: Extraction) -> Iterator[Span]:
    """Every span of a result."""
    for quote in walk(extraction):
        context = quote.context
        yield from (*quote.segments, *quote.content, quote.extent, context.sentence, context.paragraph)
        yield from filter(None, (quote.mention, quote.source, quote.cue, context.before, context.after))
    for speaker in extraction.speakers:
        yield from speaker.mentions
        if speaker.role_span is not None:
            yield speaker.role_span
    for note in extraction.notes:
        yield note.span


@given(readings())
@settings(max_examples=300)
def test_any_text_and_any_parse(case: tuple[Reading, Marks]) -> None:
    reading, marks = case
    text = reading.text
    extraction = extract_reading(reading, marks)
    assert extraction.text == text
    for span in spans(extraction):
        assert 0 <= span.start_char <= span.end_char <= len(text)
        assert text[span.start_char : span.end_char] == span.text
    assert "".join(segment.span.text for segment in extraction.segments()) == text
    assert Extraction.from_json(extraction.to_json()) == extraction
    check_order(extraction.quotes)
    check_quotes(extraction)
    check_speakers(extraction)


def test_a_signature_where_the_parse_sees_no_end_of_a_sentence() -> None:
    text = "“It leaks,” \n>\n> — Ann Lee, Mayor\n\n \n>\n> — Ann Lee, Mayor\n\n said the minister, “It leaks,”"
    for seed in range(200):
        check_quotes(extract_reading(*parsed(text, Random(seed))))


def test_an_apposition_of_marks_alone_and_a_conjunct_before_its_head() -> None:
    text = "Minister ‘minister said,’ he said,” \n\nAnn Lee wrote:\n\n> The roof leaks.\n>\n>  "
    text += "“Minister , minister , saying ‘minister,’ he said,”"
    for seed in range(900):
        check_quotes(extract_reading(*parsed(text, Random(seed))))


def check_order(quotes: tuple[Quote, ...]) -> None:
    """Quotations of one level are in order, and their marked stretches do not overlap; the nested lie inside."""
    assert [quote.start_char for quote in quotes] == sorted(quote.start_char for quote in quotes)
    stretches = sorted((span.start_char, span.end_char) for quote in quotes for span in quote.segments)
    assert all(before[1] <= after[0] for before, after in pairwise(stretches))
    for quote in quotes:
        for inner in quote.nested:
            assert quote.start_char <= inner.start_char <= inner.end_char <= quote.end_char
        check_order(quote.nested)


def check_quotes(extraction: Extraction) -> None:
    for quote in walk(extraction):
        assert quote.segments
        assert all(span.text.strip() for span in quote.segments)
        assert quote.text == " ".join(span.text for span in quote.segments)
        assert quote.content
        assert all(span.text.strip() for span in quote.content)
        assert all(before.end_char <= after.start_char for before, after in pairwise(quote.content))
        assert quote.kind is QuoteKind.MIXED or quote.content == quote.segments
        assert quote.start_char <= quote.segments[0].start_char
        assert quote.segments[-1].end_char <= quote.end_char
        assert quote.context.sentence.start_char <= quote.start_char
        assert quote.end_char <= quote.context.sentence.end_char
        assert quote.context.paragraph.start_char <= quote.start_char
        assert quote.end_char <= quote.context.paragraph.end_char
        assert 0 <= quote.confidence <= 1
        assert (quote.confidence > 0) == (quote.speaker is not None)
        if quote.mention is not None:
            assert quote.source is not None
            assert quote.source.start_char <= quote.mention.start_char
            assert quote.mention.end_char <= quote.source.end_char


def check_speakers(extraction: Extraction) -> None:
    speakers = extraction.speakers
    assert [speaker.id for speaker in speakers] == list(range(len(speakers)))
    assert len({speaker.name for speaker in speakers if not speaker.name.strip()}) == 0
    everybody = [who for quote in walk(extraction) for who in (quote.speaker, quote.addressee) if who is not None]
    assert all(any(who is speaker for speaker in speakers) for who in everybody)
    assert all(any(who is speaker for who in everybody) for speaker in speakers)
    for speaker in speakers:
        assert speaker.name in speaker.aliases
        starts = [span.start_char for span in speaker.mentions]
        assert starts == sorted(starts)


@given(readings())
@settings(max_examples=50)
def test_the_same_reading_gives_the_same_result(case: tuple[Reading, Marks]) -> None:
    reading, marks = case
    assert extract_reading(reading, marks).to_json() == extract_reading(reading, marks).to_json()
