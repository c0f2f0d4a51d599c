"""The measures on examples made by hand, with counts that anyone can check."""

from __future__ import annotations

from collections.abc import Iterable

import attrs
import pytest
from evaluation_stubs import Empty, Perfect, person, quote, span

from quotex import Extraction, Quote, QuoteKind, Speaker
from quotex.evaluation import GoldDocument, GoldQuote, GoldSpeaker, QuoteType, Ratio, parse_tagged
from quotex.evaluation._gold import trim
from quotex.evaluation._match import align, predictions
from quotex.evaluation._misses import MissKind, misses
from quotex.evaluation._score import DocumentScore, pools, score_document

TAGGED = (
    '<q1 by="Jordan Lee" role="plumber" to="Ana Ruiz">“It leaks,”</q1> <c1>said</c1> <s1>plumber <m1>Lee</m1></s1>. '
    '<q1>“It leaks badly.”</q1> <q2 by="" role="">“Who will pay for it now?”</q2> '
    '<q3 by="Ana Ruiz" role="" kind="mixed">“a small fortune”</q3> is what <s3>she</s3> <c3>feared</c3>. '
    'The <x1>“fix”</x1> held. <s4>Tom Ek</s4> <c4>said</c4> <q4 kind="indirect">that nobody came</q4>.'
)
DOCUMENT = parse_tagged(TAGGED, name="leak")
TEXT = DOCUMENT.text


def measure(document: GoldDocument, quotes: Iterable[Quote]) -> DocumentScore:
    extraction = Extraction(text=document.text, quotes=tuple(quotes))
    return score_document(document, extraction, pools(document, extraction), seconds=1.0)


def counts(document: GoldDocument, quotes: Iterable[Quote]) -> dict[str, tuple[int, int]]:
    return {key: (ratio.hits, ratio.total) for key, ratio in measure(document, quotes).ratios.items()}


def kinds(document: GoldDocument, *quotes: Quote) -> list[MissKind]:
    made = pools(document, Extraction(text=document.text, quotes=quotes))
    return [miss.kind for miss in misses(document, quotes, made)]


def right(name: str = "Jordan Lee", role: str | None = "plumber") -> Quote:
    """The first quotation, found in full."""
    return quote(
        TEXT,
        "It leaks,",
        span(TEXT, "It leaks badly."),
        speaker=person(name, role=role),
        mention=span(TEXT, "Lee"),
        source=span(TEXT, "plumber Lee"),
        cue=span(TEXT, "said"),
        addressee=person("Ana Ruiz"),
    )


def test_perfect_and_empty() -> None:
    perfect = measure(DOCUMENT, Perfect([DOCUMENT]).extract(TEXT)).ratios
    assert {ratio.value for ratio in perfect.values()} == {1.0}
    empty = measure(DOCUMENT, Empty().extract(TEXT)).ratios
    assert {ratio.value for key, ratio in empty.items() if key != "not_speech"} == {0.0, None}
    assert empty["not_speech"].value == 1.0


def test_counts_by_hand() -> None:
    second = quote(TEXT, "Who will pay for it", kind=QuoteKind.DIRECT)  # 19 of 23 characters: 0.83
    spurious = quote(TEXT, "fix", kind=QuoteKind.MIXED)
    found = counts(DOCUMENT, [right(name="Lee", role="the plumber of Tarn"), second, spurious])
    assert found["quotation.precision"] == (2, 3)
    assert found["quotation.recall"] == (2, 3)
    assert found["quotation.f1"] == (4, 6)
    assert found["quotation_exact.precision"] == (1, 3)
    assert found["quotation_exact.recall"] == (1, 3)
    # Lee is Jordan Lee by the lenient rule; Ana Ruiz's quotation was not found
    assert found["speaker.strict"] == (0, 2)
    assert found["speaker.lenient"] == (1, 2)
    assert found["speaker.lenient_matched"] == (1, 1)
    assert found["speaker.none"] == (1, 1)
    assert found["role.strict"] == (0, 1)
    assert found["role.lenient"] == (1, 1)
    assert found["role.none"] == (1, 2)
    assert found["role.none_matched"] == (1, 1)
    assert found["mention.strict"] == (1, 2)
    assert found["cue.lenient"] == (1, 2)
    assert found["source.strict"] == (1, 2)
    assert found["addressee.strict"] == (1, 1)
    assert found["kind"] == (2, 3)
    assert found["kind_matched"] == (2, 2)
    assert found["manner"] == (2, 3)
    assert found["not_speech"] == (0, 1)
    assert found["indirect.quotation.recall"] == (0, 1)
    assert found["indirect.quotation.precision"] == (0, 0)
    assert found["indirect.speaker.lenient"] == (0, 1)


def test_an_overlap_below_four_fifths_is_no_match() -> None:
    near = counts(DOCUMENT, [quote(TEXT, "Who will pay for")])  # 16 of 23
    assert near["quotation.recall"] == (0, 3)
    assert near["speaker.none"] == (0, 1)


def test_indirect_speech_is_a_pool_of_its_own() -> None:
    clause = quote(TEXT, "that nobody came", kind=QuoteKind.INDIRECT, speaker=person("Tom Ek"))
    found = counts(DOCUMENT, [clause])
    assert found["indirect.quotation.f1"] == (2, 2)
    assert found["indirect.speaker.strict"] == (1, 1)
    assert found["quotation.precision"] == (0, 0)


def test_kinds_that_are_not_annotated_are_not_held_against_a_system() -> None:
    marked = attrs.evolve(DOCUMENT, kinds=frozenset({QuoteKind.DIRECT, QuoteKind.MIXED}), quotes=DOCUMENT.quotes[:3])
    clause = quote(TEXT, "that nobody came", kind=QuoteKind.INDIRECT)
    assert counts(marked, [clause, right()])["quotation.precision"] == (1, 1)


def test_wrong_label_and_wrong_place() -> None:
    answer = attrs.evolve(right(), cue=span(TEXT, "said", TEXT.index("Tom")), mention=span(TEXT, "plumber Lee"))
    found = counts(DOCUMENT, [attrs.evolve(answer, kind=QuoteKind.MIXED)])
    assert found["cue.lenient"] == (0, 2)  # the same word elsewhere is another cue
    assert (found["mention.strict"], found["mention.lenient"]) == ((0, 2), (1, 2))
    assert found["kind"] == (0, 3)


def test_a_cue_given_as_words() -> None:
    first, *others = DOCUMENT.quotes
    worded = attrs.evolve(DOCUMENT, quotes=(attrs.evolve(first, cue="Had said"), *others))
    found = counts(worded, [right()])
    assert (found["cue.strict"], found["cue.lenient"]) == ((0, 2), (1, 2))


def test_one_to_one_and_the_largest_overlap_first() -> None:
    text = "“Come in and sit down here.”"
    gold = parse_tagged(f"<q1>{text}</q1>").quotes
    document = GoldDocument(name="a", text=text)
    given = predictions([quote(text, "Come in and sit down"), quote(text, "Come in and sit down here")], document)
    alignment = align(gold, given, overlap=0.5)
    assert alignment.answer(0) is not None
    assert [alignment.given[index].quote.text for index in alignment.spurious] == ["Come in and sit down"]


def test_nested_predictions_count_only_where_nested_is_annotated() -> None:
    tagged = "<q1>“He said <q2>‘go away’</q2> and left.”</q1>"
    document = parse_tagged(tagged)
    inner = quote(document.text, "go away")
    outer = attrs.evolve(quote(document.text, document.text[1:-1]), nested=(inner,))
    assert counts(document, [outer])["quotation.f1"] == (4, 4)
    assert counts(document, [outer, inner])["quotation.precision"] == (2, 2)  # listed twice, counted once
    flat = attrs.evolve(document, nested=False, quotes=document.quotes[:1])
    assert counts(flat, [outer])["quotation.precision"] == (1, 1)


def test_stretches_are_compared_one_by_one_where_the_corpus_has_them() -> None:
    text = "“Come in,” said Nell, “and sit.”"
    gold = parse_tagged("<q1>“Come in,”</q1> said Nell, <q2>“and sit.”</q2>").quotes
    document = GoldDocument(name="a", text=text, quotes=gold, stretches=True)
    assert counts(document, [quote(text, "Come in,", "and sit.")])["quotation.f1"] == (4, 4)


@pytest.mark.parametrize(
    ("given", "taken"), [("“kind”", True), ("he is “kind” to us", True), ("so", False), ("nd", True), ("d", False)]
)
def test_not_speech(given: str, taken: bool) -> None:
    document = parse_tagged("All say so: he is <x1>“kind”</x1> to us.")
    assert counts(document, [quote(document.text, given)])["not_speech"] == (int(not taken), 1)
    indirect = quote(document.text, given, kind=QuoteKind.INDIRECT)
    assert counts(document, [indirect])["not_speech"] == (1, 1)


def test_not_speech_inside_a_quotation() -> None:
    document = parse_tagged("<q1>“He is <x1>‘kind’</x1> to us all the time.”</q1>")
    whole = quote(document.text, document.text[1:-1])
    assert counts(document, [whole])["not_speech"] == (1, 1)
    assert counts(document, [whole, quote(document.text, "kind")])["not_speech"] == (0, 1)


def _novel() -> GoldDocument:
    text = "“No,” said Nell. “Why?” she asked. “Go!”"
    nell = GoldSpeaker(name="Mrs. Tarn", aliases=("Nell", "Tarn"))
    ed = GoldSpeaker(name="Mr. Tarn", aliases=("Ed", "Tarn"))
    quotes = tuple(
        GoldQuote(
            id=words,
            segments=(trim(text, text.index(words), text.index(words) + len(words)),),
            written=(span(text, words),),
            speaker=speaker,
            type=kind,
        )
        for words, speaker, kind in (
            ("No,", nell, QuoteType.EXPLICIT),
            ("Why?", nell, QuoteType.ANAPHORIC),
            ("Go!", ed, QuoteType.IMPLICIT),
        )
    )
    return GoldDocument(name="n", text=text, quotes=quotes, speakers=(nell, ed), fiction=True, nested=False)


def test_speakers_of_a_novel() -> None:
    novel = _novel()
    answers = [
        quote(novel.text, "No,", speaker=person("Nell")),
        quote(novel.text, "Why?", speaker=person("Tarn", "Nell")),
        quote(novel.text, "Go!", speaker=person("Edward Ed", "her brother")),
    ]
    found = counts(novel, answers)
    assert found["speaker.lenient"] == (2, 3)  # Nell, Tarn; "Edward Ed" is no alias
    assert found["speaker.strict"] == (1, 3)  # Tarn may be either
    assert found["speaker.explicit"] == (1, 1)
    assert found["speaker.anaphoric"] == (1, 1)
    assert found["speaker.implicit"] == (0, 1)
    assert found["speaker_listed"] == (3, 3)  # Tarn is Nell by the other alias, Edward Ed fits Ed only
    assert found["speaker_listed.implicit"] == (1, 1)


def test_confidences_of_attributed_matched_quotations() -> None:
    answers = [right(name="Ana Ruiz"), quote(TEXT, "a small fortune", speaker=person("Ana Ruiz"), confidence=0.4)]
    assert measure(DOCUMENT, answers).confidences == ((0.9, False), (0.4, True))


def test_items() -> None:
    first, second, *_ = measure(DOCUMENT, [right(name="Ana Ruiz")]).items
    assert (first.document, first.id, first.found) == ("leak", "1", True)
    assert (first.verdicts["speaker"], first.wanted["speaker"], first.given["speaker"]) == (
        False,
        "Jordan Lee",
        "Ana Ruiz",
    )
    assert (second.found, second.verdicts["speaker"]) == (False, False)


def test_ratio_of_nothing() -> None:
    assert Ratio(hits=0, total=0).value is None


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (right(name="Ana Ruiz"), MissKind.WRONG_PERSON),
        (attrs.evolve(right(name="Ana Ruiz"), mention=span(TEXT, "she")), MissKind.WRONG_SPEAKER),
        (attrs.evolve(right(), speaker=None), MissKind.NO_SPEAKER),
        (right(role="mayor"), MissKind.WRONG_ROLE),
        (attrs.evolve(right(), mention=None), MissKind.WRONG_MENTION),
        (attrs.evolve(right(), cue=None), MissKind.WRONG_CUE),
        (attrs.evolve(right(), source=None), MissKind.WRONG_SOURCE),
        (attrs.evolve(right(), addressee=None), MissKind.WRONG_ADDRESSEE),
        (attrs.evolve(right(), kind=QuoteKind.MIXED), MissKind.WRONG_KIND),
    ],
)
def test_kinds_of_miss(answer: Quote, kind: MissKind) -> None:
    found = kinds(DOCUMENT, answer)
    assert kind in found
    assert found.count(MissKind.NOT_FOUND) == 3


def test_kinds_of_miss_in_extent() -> None:
    halves = [quote(TEXT, "Who will pay"), quote(TEXT, "for it now")]
    assert MissKind.SPLIT in kinds(DOCUMENT, *halves)
    merged = quote(TEXT, TEXT[TEXT.index("Who will") : TEXT.index("” is what")])
    assert kinds(DOCUMENT, merged).count(MissKind.MERGED) == 2
    assert MissKind.EXTENT in kinds(DOCUMENT, quote(TEXT, "Who will"))
    for answers in (halves, [merged]):
        assert MissKind.SPURIOUS not in kinds(DOCUMENT, *answers)
    assert kinds(DOCUMENT, quote(TEXT, "held")).count(MissKind.SPURIOUS) == 1
    assert MissKind.SPURIOUS not in (found := kinds(DOCUMENT, quote(TEXT, "fix")))
    assert MissKind.NOT_SPEECH in found


def test_a_speaker_where_there_is_none() -> None:
    answer = quote(TEXT, "Who will pay for it now?", speaker=Speaker(id=1, name="Lee"))
    assert MissKind.MADE_UP_SPEAKER in kinds(DOCUMENT, answer)
