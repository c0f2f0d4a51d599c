"""Stage 3, who a verb or noun of saying is about: the head of its source phrase in the parse."""

from __future__ import annotations

from collections.abc import Sequence, Set

from quotex._lexicon import load_lexicon
from quotex._mark_shapes import FAMILY
from quotex._reading import SPEAKING, Reading
from quotex._role_words import is_role_noun
from quotex._verbs import reporting_verbs

_RELATIVES = frozenset({"who", "which", "that", "whom"})
_INHERITS = frozenset({"conj", "xcomp", "advcl", "parataxis", "cop", "aux", "acl"})
"""Relations to a verb whose subject is also that of a verb without one: `Lee rose and said`, `Lee nodded, adding`."""
_NESTED = frozenset({"ccomp"})
"""Relations through which a subject further up is looked for where the nearest is a thing."""
_NOMINAL = ("NOUN", "PROPN", "PRON", "NUM")
_OBJECTS = ("obj", "obl")
_OBJECTS_OF_SAYING = ("obj", "iobj")
"""What a person's name right behind a verb of saying is never, whatever the parser made of it."""


def subject_of(reading: Reading, verb: int, frame: Set[int]) -> tuple[int | None, bool]:
    """The head of a verb's source phrase, and whether it stands at the verb itself.

    Follows relative pronouns to their antecedent (`the man who said`), a coordinated or participial verb to the subject
    of the verb that governs it, a clause of a statement to the statement's owner (`Lee issued a statement saying`), and
    a passive to its agent (`was described by Lee`). A thing that cannot speak gives way to a subject further up: in
    `Lee said the noise was bad and called it “a farce”` parsers often hang `called` on `bad`.
    """
    apart = _is_behind_comma(reading, verb)
    thing: int | None = None
    for node in (verb, *reading.ancestors(verb)):
        word = reading.words[node]
        if node != verb and (node not in frame or word.sentence != reading.words[verb].sentence):
            break
        subject = _direct_subject(reading, node, frame, inherited=node != verb)
        if subject is None and node == verb:
            if is_passive(reading, verb) and reading.child(verb, "nsubj") in frame:
                return None, True  # `Ito was said to be “glad”` does not tell who said it
            subject = _made_to(reading, verb, frame)
            subject = _absolute(reading, verb, frame) if subject is None else subject
            subject = _as_put(reading, verb, frame) if subject is None else subject
        if subject is None and node == verb and word.relation == "acl" and not apart:
            mark = reading.child(verb, "mark", "case")
            form = "" if mark is None else reading.words[mark].text.casefold()
            if form == "of":
                return None, False  # a policy of inviting
            if form == "to" and not (word.head is not None and can_speak(reading, word.head)):
                return _controller(reading, word.head, frame), False
            if "Tense=Past" in word.feats:
                return None, True
            owner = owner_of(reading, word.head, frame)
            if owner is None or can_speak(reading, owner):
                return owner, True
            user = _subject_over(reading, owner, frame)  # Lee opened the debate saying
            return (owner, True) if user is None or not can_speak(reading, user) else (user, False)
        leaves = apart and node != verb and word.relation == "acl" and _modifies_object(reading, node)
        leaves = leaves or (node != verb and _goes_with_report(reading, verb, node, subject))
        if subject is not None and not leaves and (node == verb or can_speak(reading, subject)):
            return subject, node == verb
        thing = subject if thing is None else thing
        known = _INHERITS if thing is None else _INHERITS | _NESTED
        below_object = word.relation in _OBJECTS and node != verb
        if word.relation not in known and not below_object and not (node == verb and _is_participle(reading, verb)):
            break
        if word.relation == "parataxis" and node == verb and not _is_participle(reading, verb):
            break
    return thing, False


def _goes_with_report(reading: Reading, verb: int, clause: int, subject: int | None) -> bool:
    """Whether a verb of saying that parsers coordinate with a reported clause goes with the one that reports it.

    Two verbs of saying of one form belong together: `Lee said that even she found it odd and called it “a farce”`,
    `saying that the bill was lost and arguing that it was “old”`.
    """
    word, reported = reading.words[verb], reading.words[clause]
    above = None if reported.head is None else reading.words[reported.head]
    if word.relation != "conj" or word.head != clause or reported.relation != "ccomp" or above is None:
        return False
    alike = reported.feats == word.feats and (subject is None or reading.words[subject].upos != "PRON")
    says = above.text.casefold() in reporting_verbs() and reported.text.casefold() not in reporting_verbs()
    return says and not alike and above.feats == word.feats


def _controller(reading: Reading, noun: int | None, frame: Set[int]) -> int | None:
    """Who is to do what an infinitive at a noun says: `Lee took the chance to remind`, `Lee’s failure to ask`."""
    if noun is None:
        return None
    owner = next((child for child in reading.children(noun) if reading.words[child].deprel == "nmod:poss"), None)
    above = reading.words[noun].head
    if owner is not None and owner in frame:
        return owner
    return (
        _direct_subject(reading, above, frame) if above is not None and reading.words[noun].relation == "obj" else None
    )


def _is_participle(reading: Reading, verb: int) -> bool:
    """Whether a verb that parsers take for a clause or noun is a participle of the verb above it.

    `Lee said, calling it “vile”`; `Lee stunned the hall by calling it “vile”`.
    """
    word = reading.words[verb]
    if not word.text.casefold().endswith("ing"):
        return False
    by = word.relation == "obl" and reading.words[verb - 1].text.casefold() in ("by", "in")
    return by or (word.relation in ("ccomp", "parataxis") and _is_behind_comma(reading, verb))


def _made_to(reading: Reading, verb: int, frame: Set[int]) -> int | None:
    """The object of a verb that makes or asks somebody to speak: `led Lee to say`, `asked Lee to rise and explain`."""
    word = reading.words[verb]
    while word.relation == "conj" and word.head is not None and word.head < verb:
        verb, word = word.head, reading.words[word.head]
    mark = reading.child(verb, "mark")
    if word.relation not in ("xcomp", "advcl") or word.head is None or mark is None:
        return None
    made = reading.child(word.head, "obj", "iobj")
    if made is None or made not in frame or not word.head < made < mark:
        return None
    somebody = reading.words[made].upos == "PRON" or can_speak(reading, made)  # `led her to say`
    return made if reading.words[mark].text.casefold() == "to" and somebody else None


def _absolute(reading: Reading, verb: int, frame: Set[int]) -> int | None:
    """The subject that a participle has of its own behind a preposition: `with Lee saying`, `think of Lee saying`."""
    if not reading.words[verb].text.casefold().endswith("ing"):
        return None
    last = verb - 1
    while last > 0 and reading.words[last].upos == "ADV" and reading.words[last].head == verb:
        last -= 1
    mark = reading.child(verb, "mark")
    if mark is not None and mark < last and reading.words[mark].text.casefold() == "with":
        inside = [node for node in (last, *reading.ancestors(last)) if mark < node < verb]
        nominal = reading.words[inside[-1]].upos in _NOMINAL and inside[-1] in frame
        return inside[-1] if nominal else None
    for node in (last, *reading.ancestors(last)):
        case = reading.child(node, "case", "mark")
        if case is not None and reading.words[case].text.casefold() in ("with", "of"):
            whole = reading.subtree(node)
            beside = reading.words[node].relation == "obl" and whole[0] == case and whole[-1] == last
            if beside and node in frame and case < node:
                return node
    return None


def _as_put(reading: Reading, verb: int, frame: Set[int]) -> int | None:
    """The subject that parsers take for a phrase with `as`: `Or, as Ann Lee, the engineer, put it: “…”`."""
    last = verb - 1
    while last > 0 and reading.words[last].upos == "ADV" and reading.words[last].head == verb:
        last -= 1
    for child in reading.children(verb):
        case = reading.child(child, "case")
        form = "" if case is None else reading.words[case].text.casefold()
        if form == "as" and child in frame and reading.subtree(child)[-1] == last and can_speak(reading, child):
            return child
    return None


def _is_behind_comma(reading: Reading, verb: int) -> bool:
    """Whether a participle goes with the whole clause: `Lee praised the plan, calling it “a gift”`."""
    before = verb - 1
    while before > 0 and reading.words[before].text in FAMILY:
        before -= 1
    return before > 0 and reading.words[before].text == "," and reading.words[verb].text.casefold().endswith("ing")


def _modifies_object(reading: Reading, clause: int) -> bool:
    """Whether a clause modifies an object, so that a participle behind a comma goes with the verb of that object.

    `Lee attacked Ito, with whom he clashed, calling him “a clown”`; not `Lee, who attacked Ito, calling him “a clown”`.
    """
    noun = reading.words[clause].head
    return noun is not None and reading.words[noun].relation in _OBJECTS


def can_speak(reading: Reading, index: int) -> bool:
    """Whether a word is the head of a phrase for somebody, a body, or something written."""
    word = reading.words[index]
    name = reading.name_at(index)
    if name is not None and name.label in SPEAKING:
        return True
    form, lemma = word.text.casefold(), word.lemma.casefold()
    if form in load_lexicon("speaking_pronouns") or (word.upos == "PROPN" and name is None):
        return True
    lists = ("role_nouns", "group_words", "organization_words", "generic_persons", "document_words")
    return any(entry in load_lexicon(name) for name in lists for entry in (form, lemma))


def _direct_subject(reading: Reading, verb: int, frame: Set[int], *, inherited: bool = False) -> int | None:
    """The subject at a verb itself; of a passive its agent, unless a verb beside it inherits the subject."""
    children = reading.children(verb)
    agent = next((child for child in children if reading.words[child].deprel == "obl:agent" and child in frame), None)
    subjects = [child for child in children if reading.words[child].relation == "nsubj" and child in frame]
    inverted = _inverted(reading, verb, subjects, frame)
    if inverted is not None:
        return inverted
    if not subjects:
        found = _asked_before(reading, verb, frame) if agent is None else agent
        return _apposed(reading, verb, frame, alone=True) if found is None else found
    # of two, the one beside the verb (`Women, it ruled, “do not sing.”`), but not a floating `both` or `each`
    subjects = [child for child in subjects if reading.words[child].upos != "DET"] or subjects
    subject = max((child for child in subjects if child < verb), default=None)
    if subject is None:
        names = (child for child in subjects if reading.name_at(child) is not None)
        subject = next(names, subjects[0])
    subject = _description_of(reading, subject, subjects)
    passive = reading.words[subject].deprel == "nsubj:pass" and is_passive(reading, verb)
    if passive and not inherited and reading.words[verb].lemma not in load_lexicon("passive_report_verbs"):
        return agent
    if reading.words[subject].text.casefold() in _RELATIVES:
        return _antecedent(reading, verb, subject, frame)
    apposed = _apposed(reading, verb, frame)
    return subject if apposed is None else apposed


def _inverted(reading: Reading, verb: int, subjects: Sequence[int], frame: Set[int]) -> int | None:
    """The noun behind a verb that comments, where parsers also give it the subject of what it comments on.

    `Lee “did well” in the end, said Ito.`; `The trouble, says Ann Lee, is that it was “late”.`
    """
    before = [child for child in subjects if child < verb]
    if not before or reading.words[verb - 1].text != ",":
        return None
    quoted = any(index not in frame for index in range(max(before), verb))
    saying = reading.words[verb].lemma in load_lexicon("clause_verbs") - load_lexicon("telling_verbs")
    for child in reading.children(verb):
        if child < verb or child not in frame or reading.subtree(child)[0] != verb + 1:
            continue
        relation, name = reading.words[child].relation, reading.name_at(child)
        person = name is not None and name.label == "PER"
        if (relation == "nsubj" and quoted) or (relation in _OBJECTS_OF_SAYING and saying and person):
            return child
    return None


def _apposed(reading: Reading, verb: int, frame: Set[int], *, alone: bool = False) -> int | None:
    """The noun right before a verb where parsers take it for an apposition: `The ferry, Lee said, “has sunk.”`

    An apposition ends in a comma before the verb; this one does not. Where the verb is `alone`, the only finite one of
    its sentence and without a subject, nothing need part it from what follows, `At the fair, the mayor Ann Lee said`,
    and the comma can be that of a description of a person: `At the fair, Ann Lee, the mayor, said`.
    """
    if verb + 1 >= len(reading.words) or verb < 2:
        return None
    alone = alone and reading.words[verb].head is None and "VerbForm=Fin" in reading.words[verb].feats
    if not alone and reading.words[verb + 1].text != ",":
        return None
    described = alone and reading.words[verb - 1].text == ","
    last = verb - 2 if described else verb - 1
    for node in (last, *reading.ancestors(last)):
        whole = reading.subtree(node)
        if reading.words[node].relation != "appos" or node not in frame or whole[-1] != last:
            continue
        name = reading.name_at(node)
        if described and (name is None or name.label != "PER" or reading.child(node, "appos") is None):
            continue
        words = [index for index in whole if reading.words[index].upos != "PUNCT"]
        if not words:
            continue
        before = words[0] - 1
        while before > 0 and reading.words[before].text in FAMILY:
            before -= 1  # On “Harbour Talk,” the mayor Ann Lee said
        if reading.words[before].text == "," != reading.words[last].text:
            return node
    return None


def _description_of(reading: Reading, subject: int, subjects: Sequence[int]) -> int:
    """The description right before a person's name where a parse has two subjects: `the engineer, Ann Lee, said`."""
    name = reading.name_at(subject)
    verb = reading.words[subject].head
    aside = name is not None and name.end == verb and reading.words[name.start - 1].text == ","
    for other in subjects:
        if name is None or other >= subject:
            continue
        if aside:
            continue  # the parties, Lee says, focused on it
        start = reading.subtree(subject)[0]
        title = name.label == "PER" and other + 1 == start and reading.words[other].upos == "NOUN"
        adjacent = reading.subtree(other)[-1] + 1 == start  # a story on the website Lakes News
        if not title and not (_describes(reading, other) and (adjacent or name.label == "PER")):
            continue
        between = range(other + 1, start)
        if all(reading.words[index].upos == "PUNCT" for index in between if index not in reading.subtree(other)):
            return other
    return subject


def _describes(reading: Reading, noun: int) -> bool:
    return (
        reading.words[noun].upos in ("NOUN", "PROPN")
        and reading.child(noun, "acl") is None
        and can_speak(reading, noun)
    )


def is_passive(reading: Reading, verb: int) -> bool:
    """Whether a verb has an auxiliary of the passive."""
    return any(reading.words[child].deprel == "aux:pass" for child in reading.children(verb))


def _asked_before(reading: Reading, verb: int, frame: Set[int]) -> int | None:
    """The subject that parsers give to a clause before the verb: `A spokesman, asked why, replied`."""
    if verb == 0 or reading.words[verb - 1].text != ",":
        return None
    for child in reading.children(verb):
        word = reading.words[child]
        if word.relation in ("ccomp", "advcl") and child < verb and reading.subtree(child)[-1] == verb - 1:
            subject = reading.child(child, "nsubj")
            if subject in frame and reading.words[child].lemma in load_lexicon("telling_verbs"):
                return subject
    return None


def _antecedent(reading: Reading, verb: int, pronoun: int, frame: Set[int]) -> int | None:
    """The noun that the relative clause of a verb modifies."""
    for node in (verb, *reading.ancestors(verb)):
        word = reading.words[node]
        if word.relation == "acl":
            somebody = _somebody_before(reading, pronoun, word.head)
            return owner_of(reading, word.head, frame) if somebody is None else somebody
        if word.relation not in ("conj", "xcomp", "ccomp", "advcl"):
            return None
    return None


def _somebody_before(reading: Reading, pronoun: int, noun: int | None) -> int | None:
    """Somebody right before a `who` that parsers refer to a thing: `an attack on Ann Lee, who said`."""
    if noun is None or reading.words[pronoun].text.casefold() != "who" or can_speak(reading, noun):
        return None
    last = pronoun - 1
    while last > noun and reading.words[last].upos == "PUNCT":
        last -= 1
    path = (last, *reading.ancestors(last))
    inside = path[: path.index(noun)] if noun in path else ()
    return inside[-1] if inside and can_speak(reading, inside[-1]) else None


def owner_of(reading: Reading, noun: int | None, frame: Set[int]) -> int | None:
    """The head of who speaks in `a statement saying` or `a man saying`: the noun, or who makes the statement."""
    if noun is None or noun not in frame:
        return None
    if reading.words[noun].lemma not in load_lexicon("statement_nouns"):
        publisher = _publisher(reading, noun, frame)
        return noun if publisher is None else publisher
    for child in reading.children(noun):
        if reading.words[child].deprel == "nmod:poss" and child in frame:
            return child
    subject = _subject_over(reading, noun, frame)
    return noun if subject is None else subject


def _publisher(reading: Reading, noun: int, frame: Set[int]) -> int | None:
    """Who publishes something that speaks for them: `Lee sent out a press release saying`, `ran a piece that said`."""
    word = reading.words[noun]
    above = None if word.head is None else reading.words[word.head]
    if above is None or above.lemma not in load_lexicon("publishing_verbs") or word.relation != "obj":
        return None
    somebody = word.upos != "NOUN" or is_role_noun(word) or word.text.casefold() in load_lexicon("generic_persons")
    publisher = None if somebody else _subject_over(reading, noun, frame)
    return publisher if publisher is not None and can_speak(reading, publisher) else None


def _subject_over(reading: Reading, noun: int, frame: Set[int]) -> int | None:
    """The subject of the verb that a noun is an object of: of `Lee issued a statement` it is Lee."""
    above = reading.words[noun].head
    if above is None or reading.words[noun].relation not in _OBJECTS:
        return None
    return _direct_subject(reading, above, frame)
