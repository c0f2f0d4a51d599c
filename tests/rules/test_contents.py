"""The whole reported content of a quotation, on the parses of the example files."""

from __future__ import annotations

import pytest
from rule_parses import read_parses, to_reading

from quotex._assembly import extract_reading
from quotex._extraction import Extraction
from quotex._marks import find_marks


def extracted(name: str, text: str) -> Extraction:
    return extract_reading(to_reading(text, read_parses()[name]), find_marks(text))


@pytest.mark.parametrize(
    ("name", "text", "contents"),
    [
        (
            "cues/Words inside the writer’s sentence",
            "Haddad said the ferry was “a floating bathtub.”",
            [["the ferry was “a floating bathtub.”"]],
        ),
        (
            "cues/The cue in the middle of the writer’s sentence",
            "The ferry, Haddad said, was “a floating bathtub.”",
            [["The ferry", "was “a floating bathtub.”"]],
        ),
        (
            "cues/The cue after the writer’s sentence",
            "The ferry was “a floating bathtub,” Haddad said.",
            [["The ferry was “a floating bathtub,”"]],
        ),
        (
            "cues/According to, before",
            "According to Leila Haddad, the plan is “a gift to nobody.”",
            [["the plan is “a gift to nobody.”"]],
        ),
        (
            "cues/Passive: with the words in the sentence",
            "Pavel Novak was quoted as saying that he was “tired of waiting.”",
            [["that he was “tired of waiting.”"]],
        ),
        (
            "cues/A participle behind a comma",
            "Haddad praised a plan that Novak had signed, calling it “a gift.”",
            [["it “a gift.”"]],
        ),
        (
            "cues/More is reported than what is marked",
            "Haddad said that without rain “we have no water.”",
            [["that without rain “we have no water.”"]],
        ),
        (
            "cues/The sentence goes on behind the mark",
            "“We are tired” of the noise, Haddad said.",
            [["“We are tired” of the noise"]],
        ),
        (
            "cues/Two quotations of one cue",
            "Haddad called the plan “a gift to nobody” and its author “a tourist.”",
            [["the plan “a gift to nobody” and its author “a tourist.”"]] * 2,
        ),
        (
            "cues/A reported clause that is parsed as part of a phrase",
            "Haddad said at the hearing that the roof was “a sieve.”",
            [["that the roof was “a sieve.”"]],
        ),
        (
            "cues/A claim with its owner",
            "Haddad’s claim that the roof was “a sieve” angered the owners.",
            [["that the roof was “a sieve”"]],
        ),
        (
            "cues/What is reported goes on behind the mark",
            "Haddad called the mayor “a sieve” to his face.",
            [["the mayor “a sieve” to his face"]],
        ),
        (
            "cues/Where it was said stands behind the mark",
            "Haddad called the mayor “a sieve” in an interview.",
            [["the mayor “a sieve”"]],
        ),
        (
            "cues/In the words of somebody, in the middle of a sentence",
            "The roof was, in the words of Haddad, “a sieve” of old planks.",
            [["“a sieve” of old planks"]],
        ),
        (
            "cues/What is reported begins before the clause with the mark",
            "Haddad said Sunday that the roof would hold, but not “today.”",
            [["that the roof would hold, but not “today.”"]],
        ),
        (
            "cues/What somebody is charged with",
            "Haddad accused the owners of asking too many “silly” questions.",
            [["the owners of asking too many “silly” questions"]],
        ),
        (
            "cues/A relative clause behind what is reported",
            "Haddad said it was “over” for Novak, who left.",
            [["it was “over” for Novak"]],
        ),
        (
            "cues/A participle behind what is reported",
            "Haddad said the roof was “a sieve,” showing a photograph.",
            [["the roof was “a sieve,”"]],
        ),
        (
            "cues/The next verb that reports",
            "Haddad said the roof was “a sieve” and asked for a bucket.",
            [["the roof was “a sieve”"]],
        ),
        (
            "cues/The day on which it was said",
            "Haddad said the roof was “a sieve” Friday.",
            [["the roof was “a sieve”"]],
        ),
        (
            "cues/A clause before the cue",
            "Nine in ten were worried; most said they were “very worried.”",
            [["they were “very worried.”"]],
        ),
        (
            "cues/What the writer adds behind a comment",
            "The roof is “a sieve,” said Haddad, but the owners kept it.",
            [["The roof is “a sieve,”"]],
        ),
        (
            "cues/A sentence that goes on from the mark",
            "Haddad said that, “It will hold” against any storm.",
            [["that, “It will hold” against any storm"]],
        ),
        (
            "cues/A clause as subject of what is reported",
            "Mending roofs “calms me,” Haddad said.",
            [["Mending roofs “calms me,”"]],
        ),
        (
            "cues/A comment between commas, taken for an apposition",
            "The roof, Haddad said, has become “a sieve.”",
            [["The roof", "has become “a sieve.”"]],
        ),
        (
            "cues/A subject before the mark and one behind the verb",
            "Novak “did rather well” in the end, said Leila Haddad.",
            [["Novak “did rather well” in the end"]],
        ),
        (
            "cues/Somebody is moved to joke and call",
            "That prompted Haddad to laugh and call the roof “a sieve.”",
            [["the roof “a sieve.”"]],
        ),
        (
            "cues/A participle with a subject of its own",
            "What did they make of Haddad openly calling the roof “a sieve”?",
            [["the roof “a sieve”"]],
        ),
        (
            "cues/A debate does not speak",
            "Haddad opened the fair saying the roof was “a sieve.”",
            [["the roof was “a sieve.”"]],
        ),
        (
            "cues/A claim is somebody’s own, not its opponent’s",
            "Haddad met a claim by Pavel Novak that the roof was “a sieve.”",
            [["that the roof was “a sieve.”"]],
        ),
        (
            "cues/What a claim is",
            "Haddad’s latest claim is that the roof is a “sieve” with holes.",
            [["that the roof is a “sieve” with holes"]],
        ),
        (
            "cues/A promise of",
            "Few believed Haddad’s promise of “dry feet” for everyone.",
            [["“dry feet” for everyone"]],
        ),
        (
            "cues/What they call",
            "The owners fought over what they call the “crooked” sale of the roof.",
            [["what", "the “crooked” sale of the roof"]],
        ),
        (
            "cues/Made it clear",
            "Haddad made it clear that she had “serious doubts” about the roof.",
            [["that she had “serious doubts” about the roof"]],
        ),
        (
            "cues/A report before the main one",
            "While Haddad admitted that the roof was “very old,” Novak argued that it held.",
            [["that the roof was “very old,”"]],
        ),
        (
            "cues/A condition before the mark",
            "Haddad said that if the roof leaked, “I would mend it myself.”",
            [["that if the roof leaked, “I would mend it myself.”"]],
        ),
        (
            "cues/A choice told with a colon",
            "Haddad added that the owners had two choices: “You mend it or you leave.”",
            [["that the owners had two choices: “You mend it or you leave.”"]],
        ),
        (
            "cues/A condition behind the mark",
            "“Many would mend it” if the owners paid for the slates, said Leila Haddad.",
            [["“Many would mend it” if the owners paid for the slates"]],
        ),
        (
            "cues/A charge behind a comma",
            "Haddad complained that the sale was “rigged” against her, a charge that Novak denied.",
            [["that the sale was “rigged” against her"]],
        ),
        (
            "cues/What is added behind a dash",
            "Haddad said the roof was ruined by “insiders” — and she singled out Novak.",
            [["the roof was ruined by “insiders”"]],
        ),
        (
            "cues/What the source did next",
            "Haddad said the roof “leaks badly” before showing us the buckets.",
            [["the roof “leaks badly”"]],
        ),
        (
            "cues/Somebody else’s report",
            "Haddad said the roof was “a sieve” and Novak called it a gift.",
            [["the roof was “a sieve”"]],
        ),
        (
            "cues/A contrast behind a comma",
            "Haddad said the roof was “a sieve,” but she gave the owners a bucket.",
            [["the roof was “a sieve,”"]],
        ),
        (
            "cues/What somebody is urged to do",
            "Haddad urged the owners to “mend the roof” and pay for it.",
            [["the owners to “mend the roof” and pay for it"]],
        ),
        (
            "cues/A preposition that goes with the verb",
            "Haddad referred to “the sieve” four times.",
            [["“the sieve”"]],
        ),
        (
            "cues/Two things a name is given to",
            "Haddad mocked Novak’s “village values” and his love of roofs.",
            [["Novak’s “village values” and his love of roofs"]],
        ),
        (
            "cues/A comment on two clauses",
            "Despite its “leaky fame,” wrote Haddad, the roof is still loved.",
            [["Despite its “leaky fame,”", "the roof is still loved"]],
        ),
        (
            "cues/Marked words that a verb tells of",
            "The owners say the “sharing roof” reflects a decline.",
            [["the “sharing roof” reflects a decline"]],
        ),
        (
            "cues/A relative clause in a report",
            "Novak said the roof, which she called “a sieve,” was sold.",
            [["which", "“a sieve,”"]],
        ),
        (
            "cues/A verb behind the mark with an object",
            "Haddad summed up the roof as “a sieve,” denounced its slates and left.",
            [["the roof as “a sieve,”"]],
        ),
        (
            "cues/A remark of the writer’s behind a dash",
            "Haddad said she was “cheered” by the slates — a modest gain for the owners.",
            [["she was “cheered” by the slates"]],
        ),
        (
            "cues/A subject taken for an apposition to an occasion",
            "At a fair in Ghent, Novak’s rival Leila Haddad said the roof is “hopeless now.”",
            [["the roof is “hopeless now.”"]],
        ),
        (
            "cues/A name on a website",
            "A story on the website Lakes Herald says that the roof is “a sieve.”",
            [["that the roof is “a sieve.”"]],
        ),
        (
            "cues/On a show",
            "Haddad called Novak “a clown” on her radio show.",
            [["Novak “a clown”"]],
        ),
        (
            "cues/A report of a report",
            "Novak said Haddad had assured the owners that the slates “would hold.”",
            [["Haddad had assured the owners that the slates “would hold.”"]],
        ),
        (
            "cues/Calls to do something",
            "Haddad cheered the owners with her calls to end “a decade of leaks.”",
            [["to end “a decade of leaks.”"]],
        ),
        (
            "cues/A condition before the report",
            "Haddad said if it rained, the roof would be “a sieve.”",
            [["if it rained, the roof would be “a sieve.”"]],
        ),
        (
            "cues/An occasion inside the report",
            "Haddad said that, when it rained, the roof was “a sieve.”",
            [["that, when it rained, the roof was “a sieve.”"]],
        ),
        (
            "cues/A subject taken for an object",
            "Haddad said anybody who asks about slates “is a fool.”",
            [["anybody who asks about slates “is a fool.”"]],
        ),
        (
            "cues/A place before that",
            "Haddad said at a fair in Ghent that “the roof” had leaked.",
            [["that “the roof” had leaked"]],
        ),
        (
            "cues/A subject before that",
            "Haddad said on Sunday her worry is that it is “too old.”",
            [["her worry is that it is “too old.”"]],
        ),
        (
            "cues/As somebody put it, behind",
            "The owners agree because the roof is “a sieve,” as Haddad put it.",
            [["the roof is “a sieve,”"]],
        ),
    ],
)
def test_content_of_mixed_quotations(name: str, text: str, contents: list[list[str]]) -> None:
    found = extracted(name, text)
    assert [quote.kind.value for quote in found] == ["mixed"] * len(contents)
    assert [[span.text for span in quote.content] for quote in found] == contents


def test_content_of_a_direct_quotation_is_its_words() -> None:
    found = extracted("cues/Subject and verb after the quotation", "“The roof leaks,” Amara Okafor said.")
    assert found[0].content == found[0].segments


def test_marked_words_that_are_all_that_is_reported_are_the_content() -> None:
    found = extracted("cues/Something written", "“The key is under the stone,” wrote Ines Prado.")
    assert found[0].content == found[0].segments
