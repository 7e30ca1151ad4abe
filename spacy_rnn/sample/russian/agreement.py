"""What agrees with a Russian noun: determiners and adjectives; and numerals, which govern it."""

from functools import cache

from ..abstract import NP, Pronoun
from ..tree import Node
from .adjectives import RuAdjective
from .nouns import CASES, RuNoun
from .words import personal, word

POSSESSIVE = {(1, "Sing"): "мой", (2, "Sing"): "твой", (1, "Plur"): "наш", (2, "Plur"): "ваш"}
OTHERS = {(3, "Plur"): "их", (3, "Sing", "Masc"): "его", (3, "Sing", "Fem"): "её", (3, "Sing", "Neut"): "его"}
NUMBERS = "ноль один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать".split()


@cache
def pronominal(lemma: str) -> RuAdjective:
    """мой, твой, свой, наш, ваш, этот: adjectives with short forms in the nominative."""
    if lemma == "этот":
        stem, ends = (
            "эт",
            {
                "Masc": "от ого ому ого им ом",
                "Neut": "о ого ому о им ом",
                "Fem": "а ой ой у ой ой",
                "Plur": "и их им и ими их",
            },
        )
    elif lemma in ("наш", "ваш"):
        stem, ends = (
            lemma,
            {
                "Masc": "_ его ему его им ем",
                "Neut": "е его ему е им ем",
                "Fem": "а ей ей у ей ей",
                "Plur": "и их им и ими их",
            },
        )
    else:
        stem, ends = (
            lemma[:-1],
            {
                "Masc": "й его ему его им ём",
                "Neut": "ё его ему ё им ём",
                "Fem": "я ей ей ю ей ей",
                "Plur": "и их им и ими их",
            },
        )
    forms = {}
    for gender, row in ends.items():
        cells = dict(zip(CASES, row.split(), strict=True))
        for animate in (False, True):
            for case, ending in cells.items():
                if case == "Acc" and gender in ("Masc", "Plur"):
                    ending = cells["Gen" if animate else "Nom"]
                forms[case, gender, animate] = lemma if ending in ("_", "й") or ending == "от" else f"{stem}|{ending}"
    return RuAdjective(lemma, forms, "")


def agreeing(
    entry: RuAdjective, upos: str, rel: str, link: object, np_case: tuple[str, str, str, bool], *pairs: tuple[str, str]
) -> Node:
    """An adjective or determiner in the (case, number, gender, animate) of its noun."""
    case, number, gender, animate = np_case
    form = entry.forms[case, "Plur" if number == "Plur" else gender, animate]
    shown = "" if number == "Plur" else gender
    matters = case == "Acc" and (number == "Plur" or gender == "Masc")
    animacy = ("Anim" if animate else "Inan") if matters else ""
    return word(
        form,
        entry.lemma,
        upos,
        rel,
        link,
        ("Animacy", animacy),
        ("Case", case),
        ("Gender", shown),
        ("Number", number),
        *pairs,
    )


def determiners(np: NP, cell: tuple[str, str, str, bool]) -> list[Node]:
    if np.owner and (np.own or isinstance(np.owner.head, Pronoun)):
        key, link = personal(np.owner), (id(np), "own")
        pairs = (("Poss", "Yes"), ("PronType", "Prs"))
        if np.own:
            return [
                agreeing(
                    pronominal("свой"),
                    "DET",
                    "det",
                    link,
                    cell,
                    ("Poss", "Yes"),
                    ("PronType", "Prs"),
                    ("Reflex", "Yes"),
                )
            ]
        if key in POSSESSIVE:
            return [agreeing(pronominal(POSSESSIVE[key]), "DET", "det", link, cell, *pairs)]
        return [word(OTHERS[key], OTHERS[key], "DET", "det", link, *pairs)]
    if np.det == "this" and not np.count:
        return [agreeing(pronominal("этот"), "DET", "det", (id(np), "det"), cell, ("PronType", "Dem"))]
    return []


def noun_features(entry: RuNoun, case: str, number: str) -> tuple[tuple[str, str], ...]:
    return (
        ("Animacy", "Anim" if entry.animate else "Inan"),
        ("Case", case),
        ("Gender", entry.gender),
        ("Number", number),
    )


def governed(count: int, case: str, number: str) -> tuple[str, str]:
    """Two to four govern the genitive singular, five and more the genitive plural."""
    if not count or case not in ("Nom", "Acc"):
        return case, number
    return (case, "Sing") if count == 1 else ("Gen", "Sing" if count < 5 else "Plur")


def numeral(np: NP, case: str) -> Node:
    lemma = NUMBERS[np.count]
    feminine = np.count == 2 and np.head.ru.gender == "Fem"
    gender = ("Gender", "Fem" if feminine else "Masc") if np.count == 2 else ("Gender", "")
    return word(
        "две" if feminine else lemma,
        lemma,
        "NUM",
        "nummod:gov",
        (id(np), "num"),
        ("Case", case),
        gender,
        ("NumType", "Card"),
    )
