"""Inflected forms of the verbs in the lexicons, so that a verb is known even where the lemmatizer errs."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from quotex._lexicon import load_lexicon


@cache
def verb_forms(lexicon: str, language: str = "en") -> Mapping[str, str]:
    """Map each inflected form of the verbs of a lexicon, lower case, to its lemma.

    Verbs of several words (`point out`) are left to `phrasal_forms`.
    """
    irregular = {entry.split()[0]: entry.split() for entry in load_lexicon("irregular_verbs", language)}
    forms: dict[str, str] = {}
    for verb in sorted(load_lexicon(lexicon, language)):
        if " " in verb:
            continue
        for form in irregular.get(verb) or _regular(verb):
            forms.setdefault(form, verb)
    return MappingProxyType(forms)


@cache
def phrasal_forms(lexicon: str, language: str = "en") -> Mapping[tuple[str, str], str]:
    """Map each form and particle of the verbs of two words of a lexicon, lower case, to the verb."""
    irregular = {entry.split()[0]: entry.split() for entry in load_lexicon("irregular_verbs", language)}
    pairs = [entry.split() for entry in sorted(load_lexicon(lexicon, language)) if " " in entry]
    forms = {(form, particle): verb for verb, particle in pairs for form in irregular.get(verb) or _regular(verb)}
    return MappingProxyType(forms)


@cache
def reporting_verbs(language: str = "en") -> Mapping[str, str]:
    """Forms of all verbs that report speech, writing or thought."""
    return MappingProxyType(
        {
            **verb_forms("tag_verbs", language),
            **verb_forms("thought_verbs", language),
            **verb_forms("writing_verbs", language),
            **verb_forms("speech_verbs", language),
        }
    )


def _regular(verb: str) -> tuple[str, ...]:
    """The forms of a regular verb: itself, third person, past, participle in -ing."""
    if verb.endswith("e"):
        return verb, verb + "s", verb + "d", verb[:-1] + "ing"
    if verb.endswith(("s", "sh", "ch", "x", "z", "o")):
        return verb, verb + "es", verb + "ed", verb + "ing"
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return verb, verb[:-1] + "ies", verb[:-1] + "ied", verb + "ing"
    return verb, verb + "s", verb + "ed", verb + "ing"
