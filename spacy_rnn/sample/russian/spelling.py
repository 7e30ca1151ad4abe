"""Russian spelling rules, and the short specifications of words.

A word is its dictionary form, then flags for what cannot be seen from it: ``лес m l2=у``.
"""

from ..marks import MARKS

CASES = ("Nom", "Gen", "Dat", "Acc", "Ins", "Loc")
HUSHING, VELAR, VOWELS = "жшчщ", "гкх", "аеёиоуыэюя"


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


def drop(word: str, letters: int) -> str:
    """The marked word without its last letters."""
    return word[:-letters].rstrip(MARKS)


def flags_of(spec: str) -> tuple[str, dict[str, str]]:
    """'лес m l2=у' -> 'лес', {'m': '', 'l2': 'у'}"""
    word, *rest = spec.split()
    return word, dict(item.partition("=")[::2] for item in rest)
