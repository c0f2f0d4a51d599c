"""Stage 3, the content: what a cue reports as a whole, of which the marked words may be a part.

Source, cue and content are the standard triple of the field. The content of a direct quotation is its words; that of
a mixed one is the reported clause that holds the marked words, without cue and source.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set

from quotex._content_asides import clause_of, is_aside_behind, leads_to_phrase, phrase_behind
from quotex._content_ends import CIRCUMSTANCES, CONDITIONS, breaks, end_behind
from quotex._cues import Cue, CueKind
from quotex._lexicon import load_lexicon
from quotex._mark_shapes import FAMILY
from quotex._reading import Reading
from quotex._verbs import reporting_verbs

_CLAUSES = frozenset({"ccomp", "parataxis", "csubj", "dep"})
"""Relations to the cue of a clause that it reports."""
_OBJECTS = frozenset({"obj", "iobj", "obl", "xcomp", "advcl"})
"""Relations to the cue of what else it can have behind it: `called the plan “a farce”`, `accused her of “lying”`."""
_PREPOSITIONS = frozenset({"about", "against", "for", "of", "on", "to"})
"""Words that go with a verb of saying rather than with what it reports."""


def reported_words(reading: Reading, cue: Cue, marked: Set[int]) -> frozenset[int]:
    """The words of the clause that a cue reports, those between the marks included.

    Args:
        reading: The text.
        cue: The cue.
        marked: The words between marks that it reports.
    """
    found = _without_preposition(reading, cue, _reported(reading, cue, marked))
    return frozenset(found | _before_comment(reading, cue, marked) | _relative(reading, cue) | marked)


def goes_beyond(reading: Reading, cue: Cue, marked: Set[int]) -> bool:
    """Whether the clause that a cue reports has words outside the marks: `said “it hurts” every time he spoke`."""
    aside = leads_to_phrase(reading, cue, marked)
    found = _sentence_without(reading, cue, marked) - _triple_words(cue) if aside else _reported(reading, cue, marked)
    spoken_to = () if cue.addressee is None else reading.subtree(cue.addressee)
    beyond = (reading.words[index] for index in (found - marked).difference(spoken_to))
    return any(word.upos not in ("PUNCT", "CCONJ", "INTJ", "ADP") and word.relation != "mark" for word in beyond)


def _reported(reading: Reading, cue: Cue, marked: Set[int]) -> set[int]:
    """The words of the clause that a cue reports."""
    holding = [_reported_in(reading, child, marked) for child in _holding(reading, cue, marked)]
    if leads_to_phrase(reading, cue, marked):
        found = phrase_behind(reading, cue, marked)
    elif is_aside_behind(reading, cue, marked):
        found = clause_of(reading, marked) - set(reading.subtree(cue.head))
    elif cue.kind is CueKind.ACCORDING or not holding:
        leads = cue.kind is not CueKind.ACCORDING and cue.head < min(marked) and not _comments(reading, cue, marked)
        found = _sentence_after(reading, cue, min(marked)) if leads else _sentence_without(reading, cue, marked)
    elif not _names_object(reading, cue, holding) and (
        any(_is_reported(reading, child) for child in holding) or _follows_clause(reading, cue, marked)
    ):
        found = {index for child in holding for index in _clause(reading, cue, child)}
        found |= _further_clauses(reading, cue, marked) | _lost_subject(reading, cue, holding)
        if any(_is_bidding(reading, child) for child in holding):
            found |= {index for child in _objects(reading, cue, max(holding)) for index in reading.subtree(child)}
    elif cue.head > max(marked) and (rest := _rest_of_sentence(reading, cue)) is not None:
        found = {index for child in (*holding, rest) for index in reading.subtree(child)}
    else:
        found = _complements(reading, cue, holding, marked)
    if cue.head < min(marked):
        end = end_behind(reading, cue, found, marked)
        found = {index for index in found if index < end}
    return _with_trailing(reading, cue, found, marked) - _triple_words(cue)


def _clause(reading: Reading, cue: Cue, child: int) -> tuple[int, ...]:
    """The words of a clause, from its `that` on where that stands behind the cue, wherever parsers hang others.

    Not where a subject stands before it: `said his worry is that it is “over”`.
    """
    mark, subject = reading.child(child, "mark"), reading.child(child, "nsubj")
    that = mark is not None and reading.words[mark].text.casefold() == "that" and mark > cue.head
    that = that and not (subject is not None and mark is not None and cue.head < subject < mark)
    return tuple(index for index in reading.subtree(child) if not that or mark is None or index >= mark)


def _holding(reading: Reading, cue: Cue, marked: Set[int]) -> Iterator[int]:
    """What hangs on the cue and has marked words in it."""
    own = range(cue.start, cue.end)  # made it clear
    below = (child for index in own for child in reading.children(index) if child not in own)
    yield from (child for child in below if not marked.isdisjoint(reading.subtree(child)))


def _reported_in(reading: Reading, child: int, marked: Set[int]) -> int:
    """What of a phrase beside the cue it reports: the clause in it if there is one, else all."""
    phrase = reading.words[child].relation in ("obl", "nmod")
    clause = that_clause(reading, child, marked) if phrase else None
    return child if clause is None else clause


def that_clause(reading: Reading, phrase: int, marked: Set[int]) -> int | None:
    """The clause with `that` over marked words that parsers hang on a phrase beside the verb which reports it.

    `said at the hearing that it was “open”`; a relative clause has `that` for its subject or object instead.
    """
    for child in reading.children(phrase):
        if marked.isdisjoint(reading.subtree(child)):
            continue
        mark = reading.child(child, "mark")
        if mark is not None and reading.words[mark].text.casefold() == "that":
            return child
        return that_clause(reading, child, marked)
    return None


def _is_reported(reading: Reading, child: int) -> bool:
    """Whether a clause is one that the cue reports as a whole."""
    mark = reading.child(child, "mark")
    marked = mark is not None and reading.words[mark].text.casefold() == "that"
    clause = reading.words[child].relation in _CLAUSES or _is_bidding(reading, child)
    return marked or clause or is_further(reading, child)


def _with_trailing(reading: Reading, cue: Cue, found: set[int], marked: Set[int]) -> set[int]:
    """The content with what follows it without a comma, wherever parsers hang that: `called it “vile” to his face`.

    Where and when something was said does not belong to it: `called it “vile” in an interview on Monday`.
    """
    found = found | marked
    start = max(marked if cue.head > max(marked) else found) + 1
    while start < len(reading.words) and reading.words[start].text in FAMILY:
        start += 1
    sentence = reading.sentences[reading.words[max(found)].sentence]
    closed = any(index in found and breaks(reading, index) for index in range(max(marked) + 1, start))
    if closed or start >= sentence.end or not _trails(reading, cue, start):
        return found
    ends = (index for index in range(start, sentence.end) if index in _triple_words(cue) or breaks(reading, index))
    return found | set(range(start, next(ends, sentence.end)))


def _trails(reading: Reading, cue: Cue, start: int) -> bool:
    """Whether a word begins a phrase or clause that goes on with the one before it."""
    word = reading.words[start]
    if word.upos not in ("ADP", "SCONJ") and word.text.casefold() not in ("to", "because", "that", "who"):
        return False
    if word.text.casefold() in CIRCUMSTANCES or start in _triple_words(cue) or word.head is None:
        return False
    if word.head in _triple_words(cue):
        return False  # was called “a farce” by Lee
    name, lemma = reading.name_at(word.head), reading.words[word.head].lemma.casefold()
    dated = name is not None and name.label == "DATE"
    said_in = load_lexicon("document_words") | load_lexicon("written_media") | load_lexicon("oral_words")
    return not dated and lemma not in said_in | load_lexicon("statement_nouns")


def _without_preposition(reading: Reading, cue: Cue, found: set[int]) -> set[int]:
    """The content without the preposition that goes with the verb: `referred to | “a plot”`, `called for | “calm”`."""
    word = reading.words[min(found)] if found else None
    if word is None or word.index != cue.end or word.text.casefold() not in _PREPOSITIONS or word.relation != "case":
        return found
    return found - {word.index}


def _before_comment(reading: Reading, cue: Cue, marked: Set[int]) -> set[int]:
    """What stands before a comment, wherever parsers hang it: `The plan, Lee said, “leaks.”`, `It “leaks,” he said`.

    Not what another quotation is parted from it by, nor when or where it was said: `Asked why, Lee said, …`.
    """
    first = cue.start if cue.phrase is None else min(cue.start, cue.phrase.source_start)
    end = cue.end if cue.phrase is None else max(cue.end, cue.phrase.source_end)
    comments = cue.kind is CueKind.REPORTING and cue.own_subject
    if not comments or first == 0 or end >= len(reading.words) or reading.words[first - 1].text.casefold() == "as":
        return set()
    start = reading.sentences[reading.words[min(marked)].sentence].start
    if cue.head > max(marked):
        clause = reading.child(cue.head, "ccomp")
        stop = min(marked) if clause is None or clause < cue.head else start
    else:
        between = reading.words[first - 1].text == reading.words[end].text == ","
        stop = first - 1 if between and not _tells_when(reading, start, first - 1) else start
    opening = max((index for index in range(start, stop) if reading.words[index].text in FAMILY), default=start - 1)
    if opening == min(marked) - 1:
        others = (index for index in range(start, opening) if reading.words[index].text in FAMILY)
        opening = max(others, default=start - 1)
    return set(range(opening + 1, stop))


def _tells_when(reading: Reading, start: int, end: int) -> bool:
    """Whether words tell on what occasion something was said: `Asked why`, `On Monday`, `In an interview`."""
    word = reading.words[start]
    if word.text.casefold() in CIRCUMSTANCES or word.upos == "VERB":
        return True
    said_in = load_lexicon("document_words") | load_lexicon("written_media") | load_lexicon("oral_words")
    occasions = said_in | load_lexicon("statement_nouns")
    dated = any((name := reading.name_at(index)) is not None and name.label == "DATE" for index in range(start, end))
    said = any(reading.words[index].lemma.casefold() in occasions for index in range(start, end))
    return word.upos == "ADP" and (dated or said)


def _relative(reading: Reading, cue: Cue) -> set[int]:
    """The pronoun that stands for what a cue in a relative clause reports on: `what he called “a farce”`."""
    below = (child for child in reading.children(cue.head) if child < cue.head)
    objects = [child for child in below if reading.words[child].relation in ("obj", "xcomp", "obl", "ccomp")]
    above = reading.words[cue.head].head
    if reading.words[cue.head].deprel == "acl:relcl" and above is not None:
        objects.append(above)  # the head of what he calls
    return {child for child in objects if reading.words[child].text.casefold() in ("what", "which", "who", "whom")}


def _further_clauses(reading: Reading, cue: Cue, marked: Set[int]) -> set[int]:
    """Clauses that parsers hang on the cue beside the first one: `said that A, and that B`, `said A and he was B`.

    Not a clause before the cue where the marked words stand behind it, nor what the writer adds behind a comment.
    """
    leads = cue.head < min(marked)
    found: set[int] = set()
    for child in reading.children(cue.head):
        relation = reading.words[child].relation
        reported = relation == "ccomp" and (child > cue.head or not leads)
        before = relation in ("conj", "csubj") and child < cue.head and not leads  # `Sailing “calms me,” he said.`
        fronted = leads and relation == "advcl" and _fronts_clause(reading, cue, child, min(marked))
        if reported or before or fronted or (leads and is_further(reading, child)):
            found |= set(_clause(reading, cue, child))
    return found


def _lost_subject(reading: Reading, cue: Cue, holding: Sequence[int]) -> set[int]:
    """The subject of a clause that parsers take for the cue's object: `saying anybody who asks “is a fool”`."""
    found: set[int] = set()
    if cue.lemma not in load_lexicon("clause_verbs"):
        return found
    for child in reading.children(cue.head):
        source = cue.phrase is not None and cue.phrase.source_start <= child < cue.phrase.source_end
        if reading.words[child].relation not in ("nsubj", "obj", "iobj") or child == cue.addressee or source:
            continue
        clauses = [clause for clause in holding if cue.head < child < clause]
        finite = [clause for clause in clauses if reading.child(clause, "aux", "cop") is not None]
        if finite and all(reading.child(clause, "nsubj", "expl", "mark") is None for clause in finite):
            found |= set(reading.subtree(child))
    return found


def _fronts_clause(reading: Reading, cue: Cue, child: int, first: int) -> bool:
    """Whether a clause stands first in what a cue reports: `said if it rained, the fair was “over”`.

    Behind `that` any does: `said that, when it rained, the fair was “over”`.
    """
    whole = reading.subtree(child)
    words = (reading.words[index] for index in whole)
    start = next(word.index for word in words if word.upos != "PUNCT" and word.text.casefold() != "that")
    lead = [reading.words[index].text.casefold() for index in range(cue.end, start)]
    lead = [form for form in lead if form != ","]
    opens = lead == ["that"] or (not lead and reading.words[start].text.casefold() in CONDITIONS)
    return opens and cue.end <= start and whole[-1] < first


def is_further(reading: Reading, child: int) -> bool:
    """Whether a clause that is coordinated with the cue is one more that it reports."""
    if reading.words[child].relation != "conj":
        return False
    mark, subject = reading.child(child, "mark"), reading.child(child, "nsubj", "expl")
    if mark is not None and reading.words[mark].text.casefold() == "that":
        return True
    pronoun = subject is not None and reading.words[subject].upos == "PRON"
    if pronoun and _begins_contrast(reading, child, subject):
        return False
    return pronoun and reading.words[child].text.casefold() not in reporting_verbs()


def _rest_of_sentence(reading: Reading, cue: Cue) -> int | None:
    """The clause behind a cue that comments on both: `Despite the “odds,” said Lee, the ferry sailed.`"""
    end = cue.end if cue.phrase is None else max(cue.end, cue.phrase.source_end)
    if end >= len(reading.words) or reading.words[end].text != ",":
        return None
    clause = reading.child(cue.head, "ccomp")
    return clause if clause is not None and clause > end else None


def _begins_contrast(reading: Reading, clause: int, subject: int | None) -> bool:
    """Whether the writer goes on about the source behind punctuation: `said it was “over,” but she stayed`."""
    joint = reading.child(clause, "cc")
    if joint is None or subject is None or reading.words[joint].text.casefold() != "but":
        return False
    before = next(index for index in range(joint - 1, -1, -1) if reading.words[index].text not in FAMILY)
    return reading.words[before].upos == "PUNCT" and reading.words[subject].text.casefold() in ("he", "she", "they")


def _names_object(reading: Reading, cue: Cue, holding: Sequence[int]) -> bool:
    """Whether marked words without a subject describe an object of the cue: `called the plan “a farce”`."""
    named = reading.child(cue.head, "obj")
    if cue.kind is not CueKind.NAMING or named is None or not cue.head < named < min(holding):
        return False
    return all(reading.child(child, "nsubj", "mark") is None for child in holding)


def _follows_clause(reading: Reading, cue: Cue, marked: Set[int]) -> bool:
    """Whether a reported clause stands between a cue and the marked words: `said he would win, but not “today”`."""
    clauses = (child for child in reading.children(cue.head) if reading.words[child].relation == "ccomp")
    return any(cue.head < child < min(marked) for child in clauses)


def _complements(reading: Reading, cue: Cue, holding: Sequence[int], marked: Set[int]) -> set[int]:
    """What stands behind a verb that names or treats something, as far as the marked words: `called it “a farce”`."""
    last = max(holding)
    found = {index for child in holding for index in reading.subtree(child)}
    addressed = any(_is_called(reading, child) for child in holding)
    for child in _objects(reading, cue, last):
        if addressed or child != cue.addressee:
            found |= set(reading.subtree(child))
    behind = (index for index in sorted(found) if index > max(marked) and breaks(reading, index))
    end = next(behind, len(reading.words))
    return {index for index in found if index < end}


def _objects(reading: Reading, cue: Cue, last: int) -> Iterator[int]:
    """What a verb has behind it before a word."""
    below = (child for child in reading.children(cue.head) if reading.words[child].relation in _OBJECTS)
    yield from (child for child in below if cue.head < reading.subtree(child)[0] and child < last)


def _is_bidding(reading: Reading, child: int) -> bool:
    """Whether an infinitive says what is asked of the object or promised: `urged the guests to “leave”`."""
    mark = reading.child(child, "mark")
    to = mark is not None and reading.words[mark].text.casefold() == "to"
    return to and reading.words[child].relation in ("xcomp", "advcl", "ccomp")


def _is_called(reading: Reading, child: int) -> bool:
    """Whether a phrase says what the object is called: `addressed her as “boss”`."""
    case = reading.child(child, "case")
    named = case is not None and reading.words[case].text.casefold() == "as"
    return named and reading.words[child].relation == "obl"


def _comments(reading: Reading, cue: Cue, marked: Set[int]) -> bool:
    """Whether a cue hangs on what it reports: `The ferry, Lee said, was “a bathtub.”`"""
    if reading.words[cue.head].upos == "NOUN":
        return False  # her claim is that it was “a bathtub”
    return reading.words[cue.head].relation == "parataxis" or not marked.isdisjoint(reading.ancestors(cue.head))


def _sentence_after(reading: Reading, cue: Cue, first: int) -> set[int]:
    """What stands behind a cue that leads up to the marked words, from the last `that` on where there is one."""
    lead = range(cue.end, first)
    that = (index for index in reversed(lead) if reading.words[index].text.casefold() == "that")
    spoken_to = () if cue.addressee is None else reading.subtree(cue.addressee)
    end = reading.sentences[reading.words[first].sentence].end
    if is_fronted(reading, cue, first):
        commas = (index for index in range(first, end) if reading.words[index].text == ",")
        end = next((index for index in commas if reading.words[index].head == cue.head), end)
    return set(range(next(that, cue.end), end)) - set(spoken_to)


def is_fronted(reading: Reading, cue: Cue, first: int) -> bool:
    """Whether a cue stands in a clause before its main one: `While Lee said it was “old,” he argued that it held.`"""
    word = reading.words[cue.head]
    return cue.own_subject and word.relation == "advcl" and word.head is not None and cue.head < first < word.head


def _sentence_without(reading: Reading, cue: Cue, marked: Set[int]) -> set[int]:
    """The sentence that a cue comments on, without the cue's own clause.

    What a conjunction adds behind the cue is the writer's where nothing in it is marked: `“…,” said Lee, but he left.`
    """
    sentence = reading.sentences[cue.sentence]
    below = set() if reading.words[cue.head].head is None else set(reading.subtree(cue.head))
    end = sentence.end
    behind = cue.end if cue.phrase is None else max(cue.end, cue.phrase.source_end)
    added = [word.upos for word in reading.words[behind : behind + 2]] == ["PUNCT", "CCONJ"]
    if added and max(marked) < cue.head:
        end = behind
    return set(range(sentence.start, end)) - below


def _triple_words(cue: Cue) -> set[int]:
    """The words of the cue and of its source."""
    words = set(range(cue.start, cue.end))
    if cue.phrase is not None:
        words |= set(range(cue.phrase.source_start, cue.phrase.source_end))
    return words
