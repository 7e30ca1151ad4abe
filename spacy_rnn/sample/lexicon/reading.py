"""Reads the tables of this package into Concepts, one for each line."""

import re
from collections.abc import Iterator

from ..english import inflect
from ..marks import plain
from ..russian import adjectives as russian_adjectives
from ..russian import conjugation
from ..russian import nouns as russian_nouns
from . import names
from .concept import Concept
from .nouns import NOUNS
from .verbs import VERBS
from .words import ADJECTIVES, FREQUENCY, MANNER, WHEN

ANIMATE = ("person", "kin", "animal")


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
        en, ru = inflect.noun(cells[0]), russian_nouns.noun(cells[1], klass in ANIMATE or klass == "nobility")
        yield Concept("noun", klass, topic, polarity, held_out, en, ru, options)


def verbs() -> Iterator[Concept]:
    for (frame, topic), cells in rows(VERBS):
        polarity, held_out, options = settings(cells, 3)
        if len(cells) > 2:
            options["objects"] = cells[2]
        aspects = zip(("Imp", "Perf"), cells[1].split(";"), strict=True)
        ru = {aspect: conjugation.verb(spec.strip(), aspect) for aspect, spec in aspects if spec.strip() != "-"}
        yield Concept("verb", frame, topic, polarity, held_out, inflect.verb(cells[0]), ru, options)


def adjectives() -> Iterator[Concept]:
    for classes, cells in rows(ADJECTIVES):
        polarity, held_out, options = settings(cells, 2)
        en, ru = inflect.adjective(cells[0]), russian_adjectives.adjective(cells[1])
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
    english = inflect.EnNoun(plain(word), word, "")
    return Concept("name", kind, topic, 0, held_out, english, russian_nouns.noun(ru, animate), options)


def people() -> Iterator[Concept]:
    for gender, table in (("Masc", names.MEN), ("Fem", names.WOMEN)):
        for _, cells in rows(table):
            yield name("first", cells[0], cells[1], True, "!" in cells[2:], gender=gender, entity="PER")
    for _, cells in rows(names.SURNAMES):
        for gender in ("Masc", "Fem"):
            en, ru = surname(cells[0], cells[1], gender)
            noun = Concept("name", "surname", "", 0, "!" in cells[2:], en, ru, {"gender": gender, "entity": "PER"})
            yield noun


def surname(en: str, ru: str, gender: str) -> tuple[inflect.EnNoun, russian_nouns.RuNoun]:
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
    forms = {(case, "Sing"): ru + ending for case, ending in zip(russian_nouns.CASES, endings, strict=True)}
    lemma = plain(forms["Nom", "Sing"])
    return inflect.EnNoun(en, en, ""), russian_nouns.RuNoun(lemma, gender, True, forms, "", ("Sing",))


def places() -> Iterator[Concept]:
    """Country, capital and sight share the key ``country``; the adjective of the people belongs to the country."""
    for _, (country, strana, capital, stolitsa, people, narod, sight, chudo) in rows(names.COUNTRIES):
        link = {"topic": "travel", "country": country, "entity": "LOC"}
        yield name("country", country, strana, False, **link)
        yield name("capital", capital, stolitsa, False, **link)
        yield name("sight", sight, chudo, False, **link)
        en, ru = inflect.EnAdjective(people, people, "", ""), russian_adjectives.adjective(narod)
        yield Concept("adjective", "nationality", "travel", 0, False, en, ru, {"country": country})


def organisations() -> Iterator[Concept]:
    for _, (kind, en, ru, *flags) in rows(names.ORGANISATIONS):
        topic = "sport" if kind == "team" else "work"
        yield name(kind, en, ru, False, "!" in flags, topic, entity="ORG")
    for _, (en, head, complement) in rows(names.INSTITUTES):
        head_en, _, complement_en = en.partition(" of ")
        word, _, number = complement.partition(":")
        inner = russian_nouns.noun(word, False).forms["Gen", number or "Sing"]
        options = {"entity": "ORG", "of_en": complement_en, "of_ru": inner, "of_lemma": plain(word), "the": "the"}
        options["of_gender"] = russian_nouns.noun(word, False).gender
        english = inflect.EnNoun(head_en, head_en, "")
        yield Concept("name", "institute", "science", 0, False, english, russian_nouns.noun(head, False), options)
