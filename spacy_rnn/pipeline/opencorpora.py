"""What pymorphy3 says of a Russian form, as Universal Dependencies have it: OpenCorpora's grammemes -> UPOS, features.

Both conventions are compared in what both of them say: OpenCorpora has no determiners and hardly any proper nouns, and
UD says nothing about transitivity.
"""

from functools import lru_cache
from importlib.util import find_spec
from typing import NamedTuple

from ..errors import Errors, RNNError
from ..forms import normalize

# OpenCorpora's parts of speech -> those that UD gives to such words
UPOS = {
    "NOUN": "NOUN PROPN",
    "ADJF": "ADJ DET NUM PRON NOUN PROPN",
    "ADJS": "ADJ DET ADV",
    "COMP": "ADJ ADV DET NUM",
    "VERB": "VERB AUX",
    "INFN": "VERB AUX",
    "PRTF": "VERB ADJ NOUN",
    "PRTS": "VERB ADJ",
    "GRND": "VERB AUX ADV ADP SCONJ",
}
# grammemes -> a feature of UD and the values that go with them
GRAMMEMES = {
    "nomn": "Case=Nom", "gent": "Case=Gen", "datv": "Case=Dat", "accs": "Case=Acc", "ablt": "Case=Ins",
    "loct": "Case=Loc", "voct": "Case=Voc", "gen1": "Case=Gen", "gen2": "Case=Gen,Par", "acc2": "Case=Acc",
    "loc1": "Case=Loc", "loc2": "Case=Loc",
    "sing": "Number=Sing", "plur": "Number=Plur",
    "masc": "Gender=Masc", "femn": "Gender=Fem", "neut": "Gender=Neut", "ms-f": "Gender=Masc,Fem",
    "anim": "Animacy=Anim", "inan": "Animacy=Inan",
    "perf": "Aspect=Perf", "impf": "Aspect=Imp",
    "past": "Tense=Past", "pres": "Tense=Pres", "futr": "Tense=Fut,Pres",
    "1per": "Person=1", "2per": "Person=2", "3per": "Person=3",
    "indc": "Mood=Ind,Cnd,Imp", "impr": "Mood=Imp",
}  # fmt: skip
# what the part of speech itself says
PARTS = {
    "NOUN": "VerbForm=",
    "ADJF": "VerbForm= Variant=,Long",
    "ADJS": "VerbForm= Variant=,Short",
    "COMP": "VerbForm= Degree=,Cmp",
    "VERB": "VerbForm=Fin",
    "INFN": "VerbForm=Inf",
    "PRTF": "VerbForm=,Part Variant=,Long",
    "PRTS": "VerbForm=,Part Variant=Short",
    "GRND": "VerbForm=,Conv",
}


@lru_cache(maxsize=1)
def analyzer():
    import pymorphy3

    return pymorphy3.MorphAnalyzer(lang="ru")


class Parse(NamedTuple):
    """What one parse allows. features: name and values; "" among the values: it may be missing."""

    pos: tuple[str, ...]
    features: tuple[tuple[str, tuple[str, ...]], ...]

    def fits(self, bundle: dict[str, str]) -> bool:
        return all(bundle.get(name, "") in values for name, values in self.features)


NAME = Parse(("PROPN",), ())  # a capital letter may be that of a name which no dictionary has
Parses = frozenset[Parse]
FREE: Parses = frozenset()  # of a word that is not constrained


def parses(form: str) -> Parses:
    """The parses of a form; none if it is not known, or not to be constrained."""
    word = normalize(form, ["stress", "signs"])
    if not analyzer().word_is_known(word):
        return FREE
    tags = [parse.tag for parse in analyzer().parse(word)]
    if any(tag.POS not in UPOS or "Abbr" in tag.grammemes for tag in tags):
        return FREE
    return frozenset(as_parse(tag.POS, frozenset(tag.grammemes)) for tag in tags) | (
        {NAME} if word[0].isupper() else set()
    )


@lru_cache(maxsize=10_000)
def as_parse(part: str, grammemes: frozenset[str]) -> Parse:
    allowed: dict[str, set[str]] = {}
    for pair in PARTS[part].split():
        name, _, values = pair.partition("=")
        allowed[name] = set(values.split(","))
    for grammeme in grammemes & GRAMMEMES.keys():
        name, _, values = GRAMMEMES[grammeme].partition("=")
        allowed.setdefault(name, set() if name == "Case" else {""}).update(values.split(","))
    features = sorted((name, tuple(sorted(values))) for name, values in allowed.items())
    return Parse(tuple(UPOS[part].split()), tuple(features))


def require(name: str) -> None:
    """R155: pymorphy3 is not installed."""
    if find_spec("pymorphy3") is None or find_spec("pymorphy3_dicts_ru") is None:
        raise RNNError(Errors.R155.format(name=name))
