"""Which labels a Russian word can have, as a dictionary (opencorpora.py) has it.

Of a word that the dictionary knows, a tagger chooses among the parts of speech and the bundles of features that are
compatible with one of its parses. Where no label is left, nothing is constrained. Neither are words that may be
pronouns, numerals, adverbs, prepositions, conjunctions or particles: they are few, training has seen them, and no two
corpora agree on them.
"""

import numpy

from .opencorpora import FREE, Parse, Parses, parses

REMEMBERED = 200_000  # forms whose parses are kept; then the memory starts anew


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
