"""Documents that a caller's own Stanza pipeline annotated: what they hold, and how they are read.

Documents are known by their fields, so that importing this module loads neither Stanza nor torch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from quotex._assembly import extract_reading
from quotex._extraction import Extraction
from quotex._marks import Marks, find_marks

if TYPE_CHECKING:
    import stanza
    from stanza.models.common.doc import Document

_NEEDED = {"pos": "upos", "lemma": "lemma", "depparse": "head"}
"""The processors that quotex cannot do without, and the field of a word that each of them fills."""


def is_tokenized(document: Document) -> bool:
    """Whether there are sentences.

    Raises:
        TypeError: The tokens have no offsets into the text.
    """
    for sentence in document.sentences:
        if any(token.start_char is None or token.end_char is None for token in sentence.tokens):
            raise TypeError("text must be a stanza Document whose tokens have character offsets")
    return bool(document.sentences)


def is_parsed(document: Document) -> bool:
    """Whether everything that quotex cannot do without is there: nothing needs to be run, or even loaded."""
    return is_tokenized(document) and not lacking(document)


def lacking(document: Document) -> tuple[str, ...]:
    """The processors whose work a tokenized document needs and does not have, in the order in which they run."""
    words = [word for sentence in document.sentences for word in sentence.words]
    return tuple(name for name, field in _NEEDED.items() if any(getattr(word, field) is None for word in words))


def extract_parsed(document: Document, marks: Marks | None = None) -> Extraction:
    """Extract the quotations of a parsed document; no model runs. Names and chains are used where they are there.

    Args:
        document: A document for which `is_parsed` holds; it stays as it is.
        marks: The marks of its text, where they are known.
    """
    from quotex._stanza import to_reading

    found = find_marks(document.text) if marks is None else marks
    if not found.marked:
        return Extraction(text=document.text, notes=found.notes)
    return extract_reading(to_reading(document, found.paragraphs), found)


def complete(pipeline: stanza.Pipeline, document: Document) -> None:
    """Run what a tokenized document lacks, in place, as Stanza's processors do; what is there is not run again.

    A document that is tokenized and no more is annotated with all that the pipeline has, names and coreference
    included. Of any other, what quotex cannot do without is filled in.
    """
    from quotex._stanza import annotate, one_at_a_time

    missing = lacking(document)
    with one_at_a_time:
        if len(missing) == len(_NEEDED) and not _has_names(document):
            annotate(pipeline, [document])
            if _has_names(document):
                document.build_ents()  # the sentences have theirs
            return
        for name in missing:
            if name in pipeline.processors:
                pipeline.processors[name].process(document)


def _has_names(document: Any) -> bool:
    """Whether a tagger of names was at work, even if it found none."""
    return any(token.ner is not None for sentence in document.sentences for token in sentence.tokens)
