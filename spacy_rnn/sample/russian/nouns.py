"""Russian nouns: three declensions, six cases, two numbers, animacy. Marked strings in, marked strings out.

Flags: gender ``m f n``, ``*`` for stressed endings, ``obl=`` the stem of the other cases (fleeting vowels), ``np= gp=
ip=`` nominative, genitive, instrumental plural, ``zero`` no ending in the genitive plural, ``l2=`` the second locative
(в лесу), ``indecl``, ``adj`` (учёный), ``pl`` (plural only).
"""

from dataclasses import dataclass

from ..marks import plain
from .adjectives import adjective
from .spelling import CASES, HUSHING, VELAR, VOWELS, drop, flags_of, spell

GENDERS = {"m": "Masc", "f": "Fem", "n": "Neut"}


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
