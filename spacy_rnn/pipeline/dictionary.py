"""What a dictionary says a Russian word can be: pymorphy3's parses (OpenCorpora) as constraints on UD labels.

Of a word that the dictionary knows, a tagger chooses among the parts of speech and the bundles of features that are
compatible with one of its parses. The two conventions are compared in what both of them say: OpenCorpora has no
determiners and hardly any proper nouns, and UD says nothing about transitivity. Where no label is left, nothing is
constrained. Neither are words that may be pronouns, numerals, adverbs, prepositions, conjunctions or particles: they
are few, training has seen them, and no two corpora agree on them.
"""

from functools import lru_cache
from importlib.util import find_spec
from typing import NamedTuple

import numpy

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
REMEMBERED = 200_000  # forms whose parses are kept; then the memory starts anew


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


class Dictionary:
    """Which labels each word may have.

    pos, bundles: the labels. Words with the same parses are of one kind, a number; 0 is that of words which may have
    any label.
    """

    def __init__(self, pos: list[str], bundles: list[dict[str, str]]):
        self.pos, self.bundles = pos, bundles
        self.known: dict[str, int] = {}  # form -> kind
        self.kinds: list[Parses] = []
        self.numbers: dict[Parses, int] = {}
        self.may_be_rows: list[numpy.ndarray] = []  # of each kind
        self.may_have_rows: dict[tuple[int, int], numpy.ndarray] = {}  # kind, part of speech
        self.parse_rows: dict[Parse, numpy.ndarray] = {}
        self._number(FREE)

    def kinds_of(self, forms: list[str]) -> numpy.ndarray:
        """N int64."""
        if len(self.known) > REMEMBERED:
            self.known.clear()
        for form in set(forms) - self.known.keys():
            self.known[form] = self._number(parses(form))
        return numpy.array([self.known[form] for form in forms], dtype="int64")

    def may_be(self, kinds: numpy.ndarray) -> numpy.ndarray:
        """Which parts of speech each word may have: N x n_pos bool."""
        return numpy.stack(self.may_be_rows)[kinds]

    def may_have(self, kinds: numpy.ndarray, pos: numpy.ndarray) -> numpy.ndarray:
        """Which bundles, given the part of speech chosen (-1: any): N x n_bundles bool."""
        pairs, place = numpy.unique(kinds * (len(self.pos) + 1) + pos + 1, return_inverse=True)
        rows = [self._may_have_row(*divmod(pair, len(self.pos) + 1)) for pair in pairs.tolist()]
        return numpy.stack(rows)[place.reshape(-1)]

    def allows(self, kind: int, pos: int, bundle: dict[str, str]) -> bool:
        """Whether a word of this kind and part of speech may have a bundle, be it one of the labels or not."""
        return kind == 0 or any(parse.fits(bundle) for parse in self._parses(kind, pos))

    def _number(self, found: Parses) -> int:
        if found not in self.numbers:
            self.numbers[found] = len(self.kinds)
            self.kinds.append(found)
            may_be = {part for parse in found for part in parse.pos}
            self.may_be_rows.append(_or_all(numpy.array([part in may_be for part in self.pos], dtype=bool)))
        return self.numbers[found]

    def _parses(self, kind: int, pos: int) -> Parses | list[Parse]:
        """Those with this part of speech, or all if there are none."""
        found = self.kinds[kind]
        return [parse for parse in found if pos < 0 or self.pos[pos] in parse.pos] or found

    def _may_have_row(self, kind: int, pos_and_1: int) -> numpy.ndarray:
        key = kind, pos_and_1 - 1
        if key not in self.may_have_rows:
            rows = [self._parse_row(parse) for parse in self._parses(*key)]
            self.may_have_rows[key] = _or_all(numpy.any([numpy.zeros(len(self.bundles), dtype=bool), *rows], axis=0))
        return self.may_have_rows[key]

    def _parse_row(self, parse: Parse) -> numpy.ndarray:
        if parse not in self.parse_rows:
            self.parse_rows[parse] = numpy.array([parse.fits(bundle) for bundle in self.bundles], dtype=bool)
        return self.parse_rows[parse]


def _or_all(row: numpy.ndarray) -> numpy.ndarray:
    return row if row.any() else ~row


def require(name: str) -> None:
    """R155: pymorphy3 is not installed."""
    if find_spec("pymorphy3") is None or find_spec("pymorphy3_dicts_ru") is None:
        raise RNNError(Errors.R155.format(name=name))
