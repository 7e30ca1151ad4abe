"""Questions for vectors in Google's format: ``: section`` lines, then ``a b c d`` (a is to b as c is to d).

They ask for what the patterns plant: a country with its capital and its people, man and woman, singular and plural,
the forms of verbs.
"""

from collections.abc import Iterator

from .lexicon import Concept, lexicon
from .marks import plain
from .patterns import COUPLES, of_country


def analogies(lang: str) -> Iterator[str]:
    for section, pairs in sections(lang).items():
        yield f": {section}"
        for i, (a, b) in enumerate(pairs):
            for j, (c, d) in enumerate(pairs):
                if i != j:
                    yield f"{a} {b} {c} {d}"


def sections(lang: str) -> dict[str, list[tuple[str, str]]]:
    """section -> pairs, each pair of words different in spelling."""
    make = english if lang == "en" else russian
    return {name: sorted({pair for pair in pairs if pair[0] != pair[1]}) for name, pairs in make().items()}


def known(kind: str, *classes: str) -> list[Concept]:
    return [c for c in lexicon() if c.kind == kind and (not classes or c.klass in classes) and not c.held_out]


def couples() -> list[tuple[Concept, Concept]]:
    nouns = {c.en.lemma: c for c in known("noun", "person", "kin")}
    return [(nouns[man], nouns[woman]) for man, woman, _ in COUPLES]


def frequent_verbs() -> list[Concept]:
    return [c for c in known("verb", "trans", "place", "move", "give") if "stative" not in c.options][:30]


def english() -> dict[str, list[tuple[str, str]]]:
    countries, nouns = (
        known("name", "country"),
        [c for c in known("noun", "person", "animal", "vehicle") if c.en.plural][:30],
    )
    return {
        "capital-country": [(of_country("capital", c).en.lemma, c.en.lemma) for c in countries],
        "country-people": [(c.en.lemma, of_country("nationality", c).en.lemma) for c in countries],
        "man-woman": [(man.en.lemma, woman.en.lemma) for man, woman in couples()],
        "singular-plural": [(plain(c.en.singular), plain(c.en.plural)) for c in nouns],
        "base-past": [(plain(c.en.base), plain(c.en.past)) for c in frequent_verbs()[:20]],
        "third-gerund": [(plain(c.en.third), plain(c.en.gerund)) for c in frequent_verbs()[:20]],
    }


def russian() -> dict[str, list[tuple[str, str]]]:
    countries, nouns = (
        known("name", "country"),
        [c for c in known("noun", "person", "animal", "vehicle") if len(c.ru.numbers) == 2][:30],
    )
    people = [(c, of_country("nationality", c).ru.forms["Nom", "Masc", True]) for c in countries]
    verbs = [c.ru for c in frequent_verbs() if len(c.ru) == 2][:20]
    return {
        "capital-country": [(of_country("capital", c).ru.lemma, c.ru.lemma) for c in countries],
        "country-people": [(c.ru.lemma, plain(adjective)) for c, adjective in people],
        "man-woman": [(man.ru.lemma, woman.ru.lemma) for man, woman in couples()],
        "singular-plural": [(plain(c.ru.forms["Nom", "Sing"]), plain(c.ru.forms["Nom", "Plur"])) for c in nouns],
        "nominative-instrumental": [
            (plain(c.ru.forms["Nom", "Sing"]), plain(c.ru.forms["Ins", "Sing"])) for c in nouns
        ],
        "past-masculine-feminine": [(plain(v["Perf"].past["Masc"]), plain(v["Perf"].past["Fem"])) for v in verbs],
        "imperfective-perfective": [(plain(v["Imp"].past["Masc"]), plain(v["Perf"].past["Masc"])) for v in verbs],
    }
