"""Russian verbs: two conjugations, past, imperative, short passive participle, reflexives.

Flags: ``p=`` first and third person singular, ``pres=`` all six persons, ``past=`` masculine and feminine, ``imp=`` the
imperative, ``pp=`` the participle, ``*`` for a stressed ending (отдохнёт).
"""

from dataclasses import dataclass

from ..marks import plain
from .spelling import HUSHING, VOWELS, flags_of, spell

MUTATION = {"ст": "щ", "б": "бл", "п": "пл", "в": "вл", "м": "мл", "ф": "фл", "д": "ж", "з": "ж", "т": "ч", "с": "ш"}


@dataclass(frozen=True, eq=False)
class RuVerb:
    lemma: str
    aspect: str  # Imp, Perf
    infinitive: str
    present: dict[tuple[int, str], str]  # (person, number) -> form; the future of a perfective verb
    past: dict[str, str]  # Masc, Fem, Neut, Plur -> form
    imperative: dict[str, str]  # Sing, Plur -> form
    participle: dict[str, str]  # short passive participle by gender, or empty


def verb(spec: str, aspect: str) -> RuVerb:
    word, flags = flags_of(spec)
    word, reflexive = word.removesuffix("&ся"), word.endswith("&ся")
    stem = word.partition("|")[0]
    present = present_forms(stem, flags)
    past = past_forms(stem, flags)
    imperative = imperative_forms(present, flags)
    tables = [{"inf": word}, present, past, imperative]
    if reflexive:
        tables = [{key: postfix(form) for key, form in table.items()} for table in tables]
    participle = short_participle(flags["pp"]) if "pp" in flags else {}
    infinitive, present, past, imperative = tables[0]["inf"], *tables[1:]
    return RuVerb(plain(infinitive), aspect, infinitive, present, past, imperative, participle)


def short_participle(masculine: str) -> dict[str, str]:
    """построен, построена; решён, решена."""
    stem = f"{masculine[:-2]}ен" if masculine.endswith("ён") else masculine
    return {"Masc": masculine, "Fem": stem + "|а", "Neut": stem + "|о", "Plur": stem + "|ы"}


def postfix(form: str) -> str:
    return form + ("&сь" if form[-1] in VOWELS else "&ся")


def present_forms(stem: str, flags: dict[str, str]) -> dict[tuple[int, str], str]:
    keys = [(1, "Sing"), (2, "Sing"), (3, "Sing"), (1, "Plur"), (2, "Plur"), (3, "Plur")]
    if "pres" in flags:
        return dict(zip(keys, flags["pres"].split(","), strict=True))
    first, third = principal_parts(stem, flags)
    base, vowel = third.replace("|", "")[:-2], third[-2]  # чита-, е
    if vowel == "и":
        last = base + ("|ат" if base[-1] in HUSHING else "|ят")
    else:
        last = first + "т"
    endings = [f"{base}|{vowel}{e}" for e in ("шь", "т", "м", "те")]
    return dict(zip(keys, [first, *endings, last], strict=True))


def principal_parts(stem: str, flags: dict[str, str]) -> tuple[str, str]:
    """First and third person singular, explicit or by class: читать, рисовать, строить, вернуть."""
    if "p" in flags:
        first, third = flags["p"].split(",")
        return f"{first[:-1]}|{first[-1]}", third
    vowel = "ё" if "*" in flags else "е"
    if stem.endswith("ова"):
        stem = stem[:-3] + "у"
    elif stem.endswith("и"):
        stem = stem[:-1].rstrip("^")
        return first_person(stem), stem + "ит"
    elif stem.endswith("ну"):
        return f"{stem[:-1]}|у", f"{stem[:-1]}{vowel}т"
    return f"{stem}|ю", f"{stem}{vowel}т"


def first_person(stem: str) -> str:
    """Second conjugation: the last consonant mutates (готовлю, вожу, чищу)."""
    for old, new in MUTATION.items():
        if stem.endswith(old):
            stem = stem[: -len(old)] + new
            break
    return spell(stem, "ю")


def past_forms(stem: str, flags: dict[str, str]) -> dict[str, str]:
    if "past" not in flags:
        base = stem + "^л"
        return {"Masc": base, "Fem": base + "|а", "Neut": base + "|о", "Plur": base + "|и"}
    masculine, feminine = flags["past"].split(",")
    base = f"{feminine[:-2]}^л"
    masculine = f"{masculine[:-1]}^л" if masculine.endswith("л") else masculine
    return {"Masc": masculine, "Fem": base + "|а", "Neut": base + "|о", "Plur": base + "|и"}


def imperative_forms(present: dict[tuple[int, str], str], flags: dict[str, str]) -> dict[str, str]:
    stem = present[3, "Plur"].rpartition("|")[0] or present[3, "Plur"][:-2]
    if "imp" in flags:
        form = flags["imp"]
        form = f"{form[:-1]}|{form[-1]}" if form[-1] in "ий" else form
    else:
        form = stem + ("|й" if stem[-1] in VOWELS else "|и")
    return {"Sing": form, "Plur": form + "|те"}
