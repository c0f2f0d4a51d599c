"""The public result types: frozen, keyword-only, hashable and picklable.

All offsets are half-open code-point offsets into the caller's unmodified text and carry the names that Stanza and
spaCy use, `start_char` and `end_char`.
"""

from __future__ import annotations

from enum import StrEnum

import attrs


class QuoteKind(StrEnum):
    """How the words of a quotation are presented.

    >>> [str(kind) for kind in QuoteKind]
    ['direct', 'mixed', 'indirect']
    """

    DIRECT = "direct"
    """All of the utterance stands in marks."""
    MIXED = "mixed"
    """Marked words inside the writer's own reported sentence."""
    INDIRECT = "indirect"
    """Reported without marks."""


class Manner(StrEnum):
    """What the source did with the quoted words.

    >>> [str(manner) for manner in Manner]
    ['speech', 'thought', 'writing']
    """

    SPEECH = "speech"
    THOUGHT = "thought"
    WRITING = "writing"


class SpeakerKind(StrEnum):
    """What a speaker is.

    >>> SpeakerKind("group") is SpeakerKind.GROUP
    True
    """

    PERSON = "person"
    ORGANIZATION = "organization"
    GROUP = "group"
    DOCUMENT = "document"
    NARRATOR = "narrator"
    UNKNOWN = "unknown"


@attrs.frozen(kw_only=True, order=False)
class Span:
    """A stretch of the source text.

    Attributes:
        start_char: Offset of the first code point, counted from 0.
        end_char: Offset after the last code point.
        text: The source text between the two: `source[start_char:end_char] == text`.

    >>> span = Span(start_char=4, end_char=9, text="leaks")
    >>> "“It leaks.”"[span.start_char : span.end_char] == span.text
    True
    >>> len(span)
    5
    """

    start_char: int
    end_char: int
    text: str

    def __len__(self) -> int:
        return self.end_char - self.start_char


@attrs.frozen(kw_only=True)
class Speaker:
    """One person or body in a text. Quotations of the same speaker share the same object.

    Attributes:
        id: Small integer, from 0, in order of first mention among the speakers of a text.
        name: The fullest proper name that the text gives, without title; for the unnamed, the fullest description.
        kind: Person, organization, group, document, narrator, or unknown.
        role: The most complete title, office, occupation or relation that the text states, as written, or `None`.
        role_span: Where the text states the role, or `None`.
        aliases: The distinct names used for this speaker, in order of first use, `name` among them.
        mentions: All mentions of this speaker that were found, names, descriptions and pronouns, in reading order.
        pronouns: Third-person pronouns that the text uses for this speaker, lower case, in order of first use;
            as observed, never guessed from a name.

    >>> Speaker(id=0, name="Ana Lee", kind=SpeakerKind.PERSON, role="plumber").role
    'plumber'
    """

    id: int
    name: str
    kind: SpeakerKind = SpeakerKind.UNKNOWN
    role: str | None = None
    role_span: Span | None = None
    aliases: tuple[str, ...] = ()
    mentions: tuple[Span, ...] = ()
    pronouns: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Context:
    """Where a quotation stands.

    Attributes:
        sentence: The sentence or sentences that cover the quotation's extent.
        paragraph: The paragraph or paragraphs that cover it.
        before: The sentence before `sentence`, or `None` at the start of the text.
        after: The sentence after `sentence`, or `None` at the end of the text.

    >>> text = Span(start_char=0, end_char=11, text="“It leaks.”")
    >>> Context(sentence=text, paragraph=text).before is None
    True
    """

    sentence: Span
    paragraph: Span
    before: Span | None = None
    after: Span | None = None


@attrs.frozen(kw_only=True)
class Quote:
    """One quotation: a single act of saying, thinking or writing.

    Attributes:
        text: The quoted words, outer marks left out, segments joined by one space.
        segments: One `Span` per marked stretch, marks excluded, in reading order. An utterance that its cue
            interrupts, or whose mark is reopened on each paragraph, is one quotation with several segments.
        extent: From the first opening mark to the last closing mark, both included.
        kind: Direct, mixed or indirect.
        manner: Speech, thought or writing.
        speaker: Who speaks, or `None` where the text does not say.
        mention: The local mention that the cue attributes to, without title and apposition, or `None`.
        source: The whole source phrase as written, with its titles and appositions, or `None`.
        cue: The words that report (`said`, `according to`), or `None`.
        content: The stretches of the whole reported content as written, cue and source left out: the segments, or for
            a mixed quotation the reported clause that holds the marked words (`that the plan was “a disaster” for
            us`). Mixed quotations in one clause under one cue have the same content.
        addressee: Who is spoken to, where the text says so at the cue, or `None`.
        context: Sentence, paragraph and neighbours.
        nested: Quotations inside this one, in reading order.
        method: The rule that decided the speaker (`cue-verb`, `according-to`, `continuation`, ...); `none` where
            no rule did.
        confidence: Estimated probability, 0 to 1, that the speaker is right.

    >>> text = Span(start_char=0, end_char=11, text="“It leaks.”")
    >>> words = Span(start_char=1, end_char=10, text="It leaks.")
    >>> quote = Quote(
    ...     text=words.text,
    ...     segments=(words,),
    ...     extent=text,
    ...     kind=QuoteKind.DIRECT,
    ...     context=Context(sentence=text, paragraph=text),
    ... )
    >>> quote.start_char, quote.end_char, quote.speaker, quote.role
    (0, 11, None, None)
    """

    text: str
    segments: tuple[Span, ...]
    extent: Span
    kind: QuoteKind
    manner: Manner = Manner.SPEECH
    speaker: Speaker | None = None
    mention: Span | None = None
    source: Span | None = None
    cue: Span | None = None
    content: tuple[Span, ...] = ()
    addressee: Speaker | None = None
    context: Context
    nested: tuple[Quote, ...] = ()
    method: str = "none"
    confidence: float = 0.0

    @property
    def start_char(self) -> int:
        """Offset of the first opening mark."""
        return self.extent.start_char

    @property
    def end_char(self) -> int:
        """Offset after the last closing mark."""
        return self.extent.end_char

    @property
    def role(self) -> str | None:
        """The speaker's role as the text states it, or `None`."""
        return None if self.speaker is None else self.speaker.role

    def _repr_html_(self) -> str:
        """What a notebook shows: the sentence with the quoted words marked, and what is known of them."""
        from quotex._page import render_quote  # Jinja2 is not needed for anything else

        return render_quote(self)


@attrs.frozen(kw_only=True)
class Note:
    """Something that was seen and left out, and why.

    Attributes:
        code: Short stable name: `unclosed-quote`, `stray-mark`, `scare-quote`, `title`, `nickname`, ...
        span: Where it stands.
        message: One sentence for a person.

    >>> Note(code="title", span=Span(start_char=0, end_char=6, text="“Emma”"), message="The title of a work.").code
    'title'
    """

    code: str
    span: Span
    message: str
