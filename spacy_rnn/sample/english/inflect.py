"""English inflection: plurals, verb forms, comparison. Marked strings in, marked strings out; irregular forms are
given in the lexicon.

A noun is ``book``, ``man/men`` or ``water/-`` (no plural); a verb is ``walk`` or ``write/wrote/written``; an
adjective ``fast`` or ``good/better/best``, with ``more`` for those of three syllables (``useful/more``).
"""

import re
from dataclasses import dataclass

from ..marks import plain

VOWELS = "aeiou"
_ENDS_CVC = re.compile(r"^[^aeiou]*[aeiou][^aeiouwxy]$")
_SIBILANT = re.compile(r"(s|x|z|ch|sh|[^aeiou]o)$")


def with_s(stem: str) -> str:
    """Plural of a noun, third person of a verb: books, boxes, cities."""
    word = plain(stem)
    if word.endswith("y") and word[-2] not in VOWELS:
        return f"{stem[:-1]}i|es"
    return f"{stem}|es" if _SIBILANT.search(word) else f"{stem}|s"


def double(stem: str) -> str:
    """stop -> stopp, before an ending that begins with a vowel; one-syllable words only."""
    return stem + stem[-1] if _ENDS_CVC.match(plain(stem)) else stem


def with_vowel(stem: str, ending: str) -> str:
    """Join a stem and -ed, -er, -est: loved, cried, stopped."""
    if stem.endswith("e"):
        return f"{stem}|{ending[1:]}"
    if stem.endswith("y") and plain(stem)[-2] not in VOWELS:
        return f"{stem[:-1]}i|{ending}"
    return f"{double(stem)}|{ending}"


def with_ing(stem: str) -> str:
    if stem.endswith("ie"):
        return f"{stem[:-2]}y|ing"
    if stem.endswith("e") and not stem.endswith("ee"):
        return f"{stem[:-1]}|ing"
    return f"{double(stem)}|ing"


@dataclass(frozen=True, eq=False)
class EnNoun:
    lemma: str
    singular: str
    plural: str  # empty: no plural


def noun(spec: str) -> EnNoun:
    singular, _, plural = spec.strip().partition("/")
    return EnNoun(plain(singular), singular, "" if plural == "-" else plural or with_s(singular))


@dataclass(frozen=True, eq=False)
class EnVerb:
    lemma: str
    base: str
    third: str
    past: str
    participle: str
    gerund: str
    particle: str  # "up" of "get up"


def verb(spec: str) -> EnVerb:
    """'walk', 'write/wrote/written', 'begin/began/begun/beginning', 'get/got/got up'."""
    forms, _, particle = spec.strip().partition(" ")
    base, past, participle, gerund = (forms.split("/") + ["", "", ""])[:4]
    past = past or with_vowel(base, "ed")
    return EnVerb(plain(base), base, with_s(base), past, participle or past, gerund or with_ing(base), particle)


@dataclass(frozen=True, eq=False)
class EnAdjective:
    lemma: str
    base: str
    comparative: str  # empty: with "more"
    superlative: str


def adjective(spec: str) -> EnAdjective:
    base, comparative, superlative = (spec.strip().split("/") + ["", ""])[:3]
    if comparative == "more":
        comparative = superlative = ""
    elif not comparative:
        comparative, superlative = with_vowel(base, "er"), with_vowel(base, "est")
    return EnAdjective(plain(base), base, comparative, superlative)


def article(next_word: str) -> str:
    """a or an, by the sound of the next word."""
    word = next_word.lower()
    an = word[0] in VOWELS and not word.startswith(("uni", "use", "eu", "one"))
    return "an" if an or word.startswith(("hour", "honest")) else "a"
