"""The page over several documents: who is quoted across them, in what role and how much, each linking to its page."""

from __future__ import annotations

import collections
import itertools
from collections.abc import Iterable, Sequence
from pathlib import PurePath

import attrs
import regex

from quotex._extraction import Extraction
from quotex._names import fold, name_words
from quotex._page import Group, groups_of, render_index
from quotex._page_runs import numbered
from quotex._types import SpeakerKind

# an article or any other small word but `of`, `de`, `van`: a description, and no name
_SMALL_WORD = regex.compile(r"(?:^(?:An?|The)\s|\b\p{Ll}{4,})")


@attrs.frozen(kw_only=True)
class Listed:
    """A document of the index.

    Attributes:
        name: Its name, for people.
        page: Address of its page, relative to the index.
        groups: Who is quoted in it.
    """

    name: str
    page: str
    groups: tuple[Group, ...]

    @property
    def quotations(self) -> int:
        """Quotations that are not inside another."""
        return sum(group.quotations for group in self.groups)

    @property
    def words(self) -> int:
        """Quoted words."""
        return sum(group.words for group in self.groups)

    @property
    def speakers(self) -> int:
        """Speakers who are quoted."""
        return sum(group.speaker is not None for group in self.groups)

    @property
    def unattributed(self) -> int:
        """Quotations whose speaker the text does not state."""
        return sum(group.quotations for group in self.groups if group.speaker is None)


@attrs.frozen(kw_only=True)
class Person:
    """Somebody who is quoted in one document or more.

    Attributes:
        name: The fullest name that a document gives.
        kind: What most documents take the speaker for.
        roles: The roles as the documents state them, the most frequent first.
        places: Where: each document, with the speaker's group in it.
    """

    name: str
    kind: SpeakerKind
    roles: tuple[str, ...]
    places: tuple[tuple[Listed, Group], ...]

    @property
    def quotations(self) -> int:
        """Quotations in all documents, those inside others' included."""
        return sum(group.quotations + group.nested for _, group in self.places)

    @property
    def words(self) -> int:
        """Quoted words in all documents."""
        return sum(group.words for _, group in self.places)


@attrs.frozen(kw_only=True)
class Role:
    """A role that documents state, with everybody who has it.

    Attributes:
        name: The role as one document writes it.
        people: Names, the most quoted first.
        documents: Documents in which somebody is quoted in this role.
        quotations: Their quotations.
        words: Their quoted words.
    """

    name: str
    people: tuple[str, ...]
    documents: int
    quotations: int
    words: int


def list_document(name: str, page: str, extraction: Extraction) -> Listed:
    """What the index keeps of a document; the text itself is not kept."""
    return Listed(name=name, page=page, groups=groups_of(extraction.text, numbered(extraction.quotes)))


def index_page(documents: Sequence[Listed], *, title: str) -> str:
    """The index as one self-contained HTML file."""
    people = merge_people(documents)
    roles = merge_roles(people)
    words = sum(document.words for document in documents)
    folders = _common_folders([document.name for document in documents])
    return render_index(
        title=title,
        documents=documents,
        people=people,
        roles=roles,
        quotations=sum(document.quotations for document in documents),
        unattributed=sum(document.unattributed for document in documents),
        share=lambda count: 100 * count / (words or 1),
        # of hundreds of speakers nobody has a visible part of the whole: bars are as long as the longest allows
        length=lambda count, most: 100 * count / (most or 1),
        most={
            "people": max((person.words for person in people), default=0),
            "roles": max((role.words for role in roles), default=0),
            "documents": max((document.words for document in documents), default=0),
        },
        short=lambda name: str(PurePath(*PurePath(name).parts[folders:])),
    )


def merge_people(documents: Iterable[Listed]) -> tuple[Person, ...]:
    """Everybody who is quoted, the most quoted first.

    The same full name in two documents is taken for one person. A description (`a spokeswoman`) is somebody else in
    each document, and a surname alone is not joined with full names: who is meant only the reader knows.
    """
    found: dict[tuple[object, ...], list[tuple[Listed, Group]]] = {}
    for document in documents:
        for group in document.groups:
            if group.speaker is not None:
                name = group.speaker.name
                words = name_words(name)
                # by address: two documents may bear one name, no two pages do
                key = words if words and is_name(name) else (document.page, group.speaker.id)
                found.setdefault(key, []).append((document, group))
    people = [_person(places) for places in found.values()]
    return tuple(sorted(people, key=lambda person: (-len(person.places), -person.words, fold(person.name))))


def merge_roles(people: Iterable[Person]) -> tuple[Role, ...]:
    """The roles of everybody, the most quoted first; case and accents are ignored."""
    found: dict[str, list[tuple[str, Listed, Group]]] = {}
    for person in people:
        for document, group in person.places:
            if group.speaker is not None and group.speaker.role:
                found.setdefault(fold(group.speaker.role), []).append((person.name, document, group))
    roles = [
        Role(
            name=next(group.speaker.role or "" for _, _, group in holders if group.speaker),
            people=tuple(dict.fromkeys(name for name, _, _ in holders)),
            documents=len({document.page for _, document, _ in holders}),
            quotations=sum(group.quotations + group.nested for _, _, group in holders),
            words=sum(group.words for _, _, group in holders),
        )
        for holders in found.values()
    ]
    return tuple(sorted(roles, key=lambda role: (-role.words, -role.quotations, fold(role.name))))


def is_name(text: str) -> bool:
    """Whether a speaker's name is a proper name, and no description.

    >>> [is_name(text) for text in ("Ana Lee", "Bank of England", "A clerk", "harbour council", "The Ministry")]
    [True, True, False, False, False]
    """
    return text[:1].isupper() and not _SMALL_WORD.search(text)


def _person(places: Sequence[tuple[Listed, Group]]) -> Person:
    speakers = [group.speaker for _, group in places if group.speaker is not None]
    roles = collections.Counter(speaker.role for speaker in speakers if speaker.role)
    kinds = collections.Counter(speaker.kind for speaker in speakers)
    return Person(
        name=max((speaker.name for speaker in speakers), key=len),
        kind=kinds.most_common(1)[0][0],
        roles=tuple(role for role, _ in roles.most_common()),
        places=tuple(places),
    )


def _common_folders(names: Sequence[str]) -> int:
    """How many folders all names begin with; they would only be in the way."""
    folders = zip(*(PurePath(name).parts[:-1] for name in names), strict=False)
    return sum(1 for _ in itertools.takewhile(lambda level: len(set(level)) == 1, folders))
