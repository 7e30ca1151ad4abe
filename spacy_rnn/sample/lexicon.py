"""The lexicon, read once: every line of the ``lexicon_*`` tables becomes a Concept with its English and its
Russian word.

A concept is what a sentence pattern chooses; each language then inflects its own side. Held-out concepts (flag ``!``)
are chosen only for the test split: neither their English nor their Russian lemma may be the lemma of any other
concept.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from . import inflect_en, inflect_ru
from . import lexicon_names as names
from .lexicon_nouns import NOUNS
from .lexicon_verbs import VERBS
from .lexicon_words import ADJECTIVES, FREQUENCY, MANNER, WHEN
from .marks import plain

ANIMATE = ("person", "kin", "animal")


@dataclass(frozen=True, eq=False)
class Concept:
    kind: str  # noun, name, verb, adjective, adverb
    klass: str  # noun class, verb frame, kind of name, list of classes an adjective describes
    topic: str
    polarity: int
    held_out: bool
    en: Any  # EnNoun, EnVerb, EnAdjective or a marked word
    ru: Any  # RuNoun, {aspect: RuVerb}, RuAdjective or a marked word
    options: dict[str, str] = field(default_factory=dict)

    @property
    def human(self) -> bool:
        return self.klass in ("person", "kin", "first")


def rows(table: str) -> Iterator[tuple[list[str], list[str]]]:
    """(words of the header, cells) for each line."""
    header: list[str] = []
    for line in table.strip().splitlines():
        if line.startswith("["):
            header = line[1:-1].split()
        else:
            yield header, [cell.strip() for cell in re.split(r" \|(?= |$)", line)]


def settings(cells: list[str], at: int) -> tuple[int, bool, dict[str, str]]:
    """The flags column: polarity, held out, the rest."""
    flags = cells[at].split() if len(cells) > at else []
    options = dict(flag.partition("=")[::2] for flag in flags if flag not in ("+", "-", "!"))
    return ("+" in flags) - ("-" in flags), "!" in flags, options


def nouns() -> Iterator[Concept]:
    for (klass, topic), cells in rows(NOUNS):
        polarity, held_out, options = settings(cells, 2)
        en, ru = inflect_en.noun(cells[0]), inflect_ru.noun(cells[1], klass in ANIMATE or klass == "nobility")
        yield Concept("noun", klass, topic, polarity, held_out, en, ru, options)


def verbs() -> Iterator[Concept]:
    for (frame, topic), cells in rows(VERBS):
        polarity, held_out, options = settings(cells, 3)
        if len(cells) > 2:
            options["objects"] = cells[2]
        aspects = zip(("Imp", "Perf"), cells[1].split(";"), strict=True)
        ru = {aspect: inflect_ru.verb(spec.strip(), aspect) for aspect, spec in aspects if spec.strip() != "-"}
        yield Concept("verb", frame, topic, polarity, held_out, inflect_en.verb(cells[0]), ru, options)


def adjectives() -> Iterator[Concept]:
    for classes, cells in rows(ADJECTIVES):
        polarity, held_out, options = settings(cells, 2)
        en, ru = inflect_en.adjective(cells[0]), inflect_ru.adjective(cells[1])
        yield Concept("adjective", " ".join(classes), "", polarity, held_out, en, ru, options)


def adverbs() -> Iterator[Concept]:
    for klass, table in (("manner", MANNER), ("frequency", FREQUENCY), ("when", WHEN)):
        for header, cells in rows(table):
            polarity, held_out, options = settings(cells, 2)
            yield Concept("adverb", " ".join([klass, *header]), "", polarity, held_out, cells[0], cells[1], options)


def name(
    kind: str, en: str, ru: str, animate: bool, held_out: bool = False, topic: str = "", **options: str
) -> Concept:
    article, _, word = en.rpartition(" ")
    options["the"] = article
    english = inflect_en.EnNoun(plain(word), word, "")
    return Concept("name", kind, topic, 0, held_out, english, inflect_ru.noun(ru, animate), options)


def people() -> Iterator[Concept]:
    for gender, table in (("Masc", names.MEN), ("Fem", names.WOMEN)):
        for _, cells in rows(table):
            yield name("first", cells[0], cells[1], True, "!" in cells[2:], gender=gender, entity="PER")
    for _, cells in rows(names.SURNAMES):
        for gender in ("Masc", "Fem"):
            en, ru = surname(cells[0], cells[1], gender)
            noun = Concept("name", "surname", "", 0, "!" in cells[2:], en, ru, {"gender": gender, "entity": "PER"})
            yield noun


def surname(en: str, ru: str, gender: str) -> tuple[inflect_en.EnNoun, inflect_ru.RuNoun]:
    """Smirnov, Smirnova; Brown is the same for both, and in Russian only men's Brown declines."""
    slavic = ru.endswith(("ов", "ев", "ин"))
    if slavic and gender == "Fem":
        en, endings = en + "a", ("|а", "|ой", "|ой", "|у", "|ой", "|ой")
    elif slavic:
        endings = ("", "|а", "|у", "|а", "|ым", "|е")
    elif gender == "Fem":
        endings = ("",) * 6
    else:
        endings = ("", "|а", "|у", "|а", "|ом", "|е")
    forms = {(case, "Sing"): ru + ending for case, ending in zip(inflect_ru.CASES, endings, strict=True)}
    lemma = plain(forms["Nom", "Sing"])
    return inflect_en.EnNoun(en, en, ""), inflect_ru.RuNoun(lemma, gender, True, forms, "", ("Sing",))


def places() -> Iterator[Concept]:
    """Country, capital and sight share the key ``country``; the adjective of the people belongs to the country."""
    for _, (country, strana, capital, stolitsa, people, narod, sight, chudo) in rows(names.COUNTRIES):
        link = {"topic": "travel", "country": country, "entity": "LOC"}
        yield name("country", country, strana, False, **link)
        yield name("capital", capital, stolitsa, False, **link)
        yield name("sight", sight, chudo, False, **link)
        en, ru = inflect_en.EnAdjective(people, people, "", ""), inflect_ru.adjective(narod)
        yield Concept("adjective", "nationality", "travel", 0, False, en, ru, {"country": country})


def organisations() -> Iterator[Concept]:
    for _, (kind, en, ru, *flags) in rows(names.ORGANISATIONS):
        topic = "sport" if kind == "team" else "work"
        yield name(kind, en, ru, False, "!" in flags, topic, entity="ORG")
    for _, (en, head, complement) in rows(names.INSTITUTES):
        head_en, _, complement_en = en.partition(" of ")
        word, _, number = complement.partition(":")
        inner = inflect_ru.noun(word, False).forms["Gen", number or "Sing"]
        options = {"entity": "ORG", "of_en": complement_en, "of_ru": inner, "of_lemma": plain(word), "the": "the"}
        options["of_gender"] = inflect_ru.noun(word, False).gender
        english = inflect_en.EnNoun(head_en, head_en, "")
        yield Concept("name", "institute", "science", 0, False, english, inflect_ru.noun(head, False), options)


@lru_cache(maxsize=1)
def lexicon() -> tuple[Concept, ...]:
    return (*nouns(), *verbs(), *adjectives(), *adverbs(), *people(), *places(), *organisations())


def lemmas(lang: str, held_out: bool | None = None) -> set[str]:
    """Lemmas of the open classes: all, or only those that are (not) held out."""
    found = set()
    for concept in lexicon():
        if held_out is None or concept.held_out == held_out:
            entry = concept.en if lang == "en" else concept.ru
            entries = entry.values() if isinstance(entry, dict) else [entry]
            found |= {plain(e) if isinstance(e, str) else e.lemma for e in entries}
    return found


def held_out_lemmas(lang: str) -> list[str]:
    return sorted(lemmas(lang, held_out=True))
