"""Misspelt words: is the right word among the neighbours of the vector composed of the misspelt word's n-grams?

Only misspelt words that are not in the vocabulary are asked about (in a large corpus the frequent ones are), and only
if the right word is. Of two equally near words the right one is given the better place.
"""

from dataclasses import dataclass

import numpy

from ..space import Space, ranks


@dataclass
class MisspellingResult:
    """``total`` pairs of the set; ``known`` of them misspelt words in the vocabulary; ``unknown`` right words that are
    not; ``asked`` pairs ranked. Of these: the share where the right word comes first, is among the first ten, and the
    mean reciprocal rank; None if nothing was asked."""

    name: str
    total: int
    known: int
    unknown: int
    asked: int
    first: float | None = None
    ten: float | None = None
    mrr: float | None = None


def evaluate_misspellings(space: Space, pairs: list[tuple[str, str]], name: str = "") -> MisspellingResult:
    vectors, rows = [], []
    result = MisspellingResult(name, len(pairs), known=0, unknown=0, asked=0)
    for misspelt, right in pairs:
        row = space.row(right)
        if space.row(misspelt) is not None:
            result.known += 1
        elif row is None:
            result.unknown += 1
        elif (found := space.find(misspelt)) is not None:
            vectors.append(found.vector)
            rows.append(row)
    result.asked = len(rows)
    if rows:
        places = ranks(space, numpy.stack(vectors), numpy.array(rows))
        result.first, result.ten = float((places == 1).mean()), float((places <= 10).mean())
        result.mrr = float((1 / places).mean())
    return result
