"""Russian inflection: nouns of three declensions, adjectives, verbs. Marked strings in, marked strings out.

A word is a short specification: the dictionary form, then flags for what cannot be seen from it. Nouns: gender ``m f
n``, ``*`` for stressed endings, ``obl=`` the stem of the other cases (fleeting vowels), ``np= gp= ip=`` nominative,
genitive, instrumental plural, ``l2=`` the second locative (в лесу), ``indecl``, ``adj`` (учёный), ``pl`` (plural
only). Verbs: ``p=`` first and third person singular, ``pres=`` all six persons, ``past=`` masculine and feminine,
``imp=``. Read ``spell`` first: it holds the spelling rules.
"""

from dataclasses import dataclass

from .marks import MARKS, plain

HUSHING, VELAR, VOWELS = "жшчщ", "гкх", "аеёиоуыэюя"
CASES = ("Nom", "Gen", "Dat", "Acc", "Ins", "Loc")
GENDERS = {"m": "Masc", "f": "Fem", "n": "Neut"}
MUTATION = {"ст": "щ", "б": "бл", "п": "пл", "в": "вл", "м": "мл", "ф": "фл", "д": "ж", "з": "ж", "т": "ч", "с": "ш"}


def spell(stem: str, ending: str, stressed: bool = False) -> str:
    """Join stem and ending by the rules of spelling: ы/и, я/а, ю/у, о/е, ё."""
    last, first = stem[-1], ending[:1]
    if first == "ы" and last in HUSHING + VELAR:
        ending = "и" + ending[1:]
    elif first in ("я", "ю") and last in HUSHING + "ц":
        ending = {"я": "а", "ю": "у"}[first] + ending[1:]
    elif first == "о" and last in HUSHING + "ц" and not stressed:
        ending = "е" + ending[1:]
    elif first == "е" and len(ending) > 1 and stressed and last not in HUSHING + "ц":
        ending = "ё" + ending[1:]
    return f"{stem}|{ending}" if ending else stem


def flags_of(spec: str) -> tuple[str, dict[str, str]]:
    """'лес m l2=у' -> 'лес', {'m': '', 'l2': 'у'}"""
    word, *rest = spec.split()
    return word, dict(item.partition("=")[::2] for item in rest)


# -- nouns ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class RuNoun:
    lemma: str
    gender: str  # Masc, Fem, Neut
    animate: bool
    forms: dict[tuple[str, str], str]  # (case, number) -> marked form
    place: str  # form after в/на in the place sense
    numbers: tuple[str, ...] = ("Sing", "Plur")


def noun(spec: str, animate: bool) -> RuNoun:
    word, flags = flags_of(spec)
    gender = GENDERS[next((g for g in "mfn" if g in flags), guess_gender(plain(word)))]
    if "indecl" in flags:
        forms = {(case, number): word for case in CASES for number in ("Sing", "Plur")}
    elif "adj" in flags:
        table = adjective(word)
        forms = {(case, "Sing"): table.forms[case, gender, animate] for case in CASES}
        forms |= {(case, "Plur"): table.forms[case, "Plur", animate] for case in CASES}
    elif "pl" in flags:
        forms = plural(word, word, gender, flags, animate)
    else:
        sing = singular(word, gender, flags, animate)
        forms = sing | plural(word, nominative_plural(word, gender, flags), gender, flags, animate)
    lemma = plain(forms["Nom", "Plur" if "pl" in flags else "Sing"])
    place = f"{oblique_stem(word, flags)}|{flags['l2']}" if "l2" in flags else forms.get(("Loc", "Sing"), "")
    return RuNoun(lemma, gender, animate, forms, place, ("Plur",) if "pl" in flags else ("Sing", "Plur"))


def guess_gender(word: str) -> str:
    return "f" if word[-1] in "ая" else "n" if word[-1] in "оеё" else "m"


def oblique_stem(word: str, flags: dict[str, str]) -> str:
    return flags.get("obl") or (drop(word, 1) if word[-1] in "аяоеёйь" else word)


def drop(word: str, letters: int) -> str:
    """The marked word without its last letters."""
    return word[:-letters].rstrip(MARKS)


def soft(word: str) -> bool:
    return word[-1] in "йья" or (word[-1] in "её" and word[-2] not in HUSHING + "ц")


def singular(word: str, gender: str, flags: dict[str, str], animate: bool) -> dict[tuple[str, str], str]:
    stem, stressed = oblique_stem(word, flags), "*" in flags
    if word[-1] in "ая":
        endings = ("и", "е", "ю", "ей", "е") if word[-1] == "я" else ("ы", "е", "у", "ой", "е")
    elif word[-1] == "ь" and gender == "Fem":
        endings = ("и", "и", "", "ью", "и")
    else:
        endings = ("я", "ю", "", "ем", "е") if soft(word) else ("а", "у", "", "ом", "е")
    gen, dat, acc, ins, loc = endings
    if plain(stem)[-1] == "и" and loc == "е":  # -ий, -ие, -ия: о гении, о здании, в лаборатории
        loc = "и"
        dat = "и" if word[-1] == "я" else dat
    nominative = f"{drop(word, 1)}|{word[-1]}" if word[-1] in "аяоеё" else word
    forms = {"Nom": nominative, "Gen": spell(stem, gen), "Dat": spell(stem, dat), "Loc": spell(stem, loc)}
    forms["Ins"] = spell(stem, ins, stressed)
    forms["Acc"] = spell(stem, acc) if acc else forms["Gen"] if animate and gender == "Masc" else nominative
    return {(case, "Sing"): forms[case] for case in CASES}


def nominative_plural(word: str, gender: str, flags: dict[str, str]) -> str:
    if "np" in flags:
        return flags["np"]
    ending = ("я" if soft(word) else "а") if gender == "Neut" else "и" if soft(word) else "ы"
    return spell(oblique_stem(word, flags), ending).replace("|", "")


def plural(word: str, nominative: str, gender: str, flags: dict[str, str], animate: bool) -> dict[tuple[str, str], str]:
    stem, ending = drop(nominative, 1), nominative[-1]
    is_soft = ending == "я" or (ending == "и" and stem[-1] not in HUSHING + VELAR)
    vowel = "я" if is_soft else "а"
    forms = {"Nom": f"{stem}|{ending}", "Dat": spell(stem, vowel + "м"), "Loc": spell(stem, vowel + "х")}
    forms["Ins"] = split_ending(flags["ip"]) if "ip" in flags else spell(stem, vowel + "ми")
    forms["Gen"] = split_ending(flags["gp"]) if "gp" in flags else genitive_plural(word, stem, is_soft, gender, flags)
    forms["Acc"] = forms["Gen"] if animate else forms["Nom"]
    return {(case, "Plur"): forms[case] for case in CASES}


def split_ending(form: str) -> str:
    """An explicit plural form gets its ending marked: людьми -> людь|ми, друзей -> друз|ей."""
    ending = next((e for e in ("ьми", "ей", "ов", "ев") if form.endswith(e)), "")
    return f"{drop(form, len(ending))}|{ending}" if ending and "|" not in form else form


def genitive_plural(word: str, stem: str, is_soft: bool, gender: str, flags: dict[str, str]) -> str:
    stressed, last = "*" in flags, plain(stem)[-1]
    if gender == "Masc" and "zero" not in flags:
        if last in VOWELS:
            return spell(stem, "ев", stressed)
        return f"{stem}|ей" if is_soft or last in HUSHING else spell(stem, "ов", stressed)
    if word[-1] == "ь" or (gender == "Neut" and is_soft and last not in VOWELS):
        return f"{stem}|ей"
    if last in VOWELS and is_soft:
        return stem + "й"
    if last == "ь":
        return stem[:-1] + "ий"
    return stem + ("ь" if is_soft else "")


# -- adjectives -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class RuAdjective:
    lemma: str
    forms: dict[tuple[str, str, bool], str]  # (case, gender or Plur, animate) -> marked form
    comparative: str


HARD = {
    "Masc": ("ый", "ого", "ому", "ым", "ом"),
    "Neut": ("ое", "ого", "ому", "ым", "ом"),
    "Fem": ("ая", "ой", "ой", "ой", "ой"),
    "Plur": ("ые", "ых", "ым", "ыми", "ых"),
}
SOFT = {
    "Masc": ("ий", "его", "ему", "им", "ем"),
    "Neut": ("ее", "его", "ему", "им", "ем"),
    "Fem": ("яя", "ей", "ей", "ей", "ей"),
    "Plur": ("ие", "их", "им", "ими", "их"),
}


def adjective(spec: str) -> RuAdjective:
    """'быстрый', 'хороший comp=лучше': the class is read off the ending and the stem."""
    word, flags = flags_of(spec)
    stem, ending = drop(word, 2), word[-2:]
    is_soft = ending == "ий" and stem[-1] not in HUSHING + VELAR
    forms = {}
    for gender, row in (SOFT if is_soft else HARD).items():
        nom, gen, dat, ins, loc = (spell(stem, e, stressed=ending == "ой") for e in row)
        if gender == "Masc":
            nom = f"{stem}|{ending}"
        for animate in (False, True):
            acc = (gen if animate else nom) if gender in ("Masc", "Plur") else nom
            if gender == "Fem":
                acc = spell(stem, "юю" if is_soft else "ую")
            for case, form in zip(CASES, (nom, gen, dat, acc, ins, loc), strict=True):
                forms[case, gender, animate] = form
    comparative = flags.get("comp") or (stem + "^ее")
    return RuAdjective(plain(word), forms, comparative)


# -- verbs ------------------------------------------------------------------------------------------------------------


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
