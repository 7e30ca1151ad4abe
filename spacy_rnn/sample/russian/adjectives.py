"""Russian adjectives: hard, soft, after velars and hushing consonants. Flag: ``comp=`` an irregular comparative."""

from dataclasses import dataclass

from ..marks import plain
from .spelling import CASES, HUSHING, VELAR, drop, flags_of, spell


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
