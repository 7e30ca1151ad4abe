"""Word similarity: do cosines order pairs of words as people do? Spearman's rank correlation with human scores.

As everywhere in the field, pairs with a word the vectors do not know are left out ("seen"); where unseen words can be
composed of their n-grams, the same is computed with these pairs too ("all"). Both are always given.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy

from ..space import Space, unit

Z95 = 1.959964


class Pair(NamedTuple):
    first: str
    second: str
    score: float


@dataclass
class Correlation:
    """Spearman's rho over ``pairs`` pairs, and its 95% interval. None: too few pairs, or all scores equal."""

    pairs: int
    rho: float | None
    low: float | None = None
    high: float | None = None


@dataclass
class SimilarityResult:
    """``seen``: pairs of known words. ``all``: unseen words composed, too. ``total``: pairs of the set."""

    name: str
    total: int
    seen: Correlation
    all: Correlation


def evaluate_similarity(space: Space, pairs: list[Pair], name: str = "") -> SimilarityResult:
    cosines, gold, known = [], [], []
    for pair in pairs:
        a, b = space.find(pair.first), space.find(pair.second)
        if a is None or b is None:
            continue
        first, second = unit(numpy.stack([a.vector, b.vector]))
        cosines.append(float(first @ second))
        gold.append(pair.score)
        known.append(a.row is not None and b.row is not None)
    x, y, seen = numpy.array(cosines), numpy.array(gold), numpy.array(known, dtype=bool)
    return SimilarityResult(name, len(pairs), correlate(x[seen], y[seen]), correlate(x, y))


def correlate(x: numpy.ndarray, y: numpy.ndarray) -> Correlation:
    rho = spearman(x, y)
    return Correlation(len(x), rho, *confidence(rho, len(x)))


def spearman(x: numpy.ndarray, y: numpy.ndarray) -> float | None:
    """Pearson's correlation of the ranks; None where it is not defined."""
    if len(x) < 2:
        return None
    a, b = average_ranks(x), average_ranks(y)
    a, b = a - a.mean(), b - b.mean()
    scale = math.sqrt(float(a @ a) * float(b @ b))
    return float(a @ b) / scale if scale else None


def average_ranks(values: numpy.ndarray) -> numpy.ndarray:
    """Ranks from 1 up; equal values share the mean of theirs."""
    _, inverse, counts = numpy.unique(values, return_inverse=True, return_counts=True)
    last = counts.cumsum()
    return ((last - counts + 1 + last) / 2)[inverse]


def confidence(rho: float | None, pairs: int) -> tuple[float | None, float | None]:
    """95% interval by Fisher's transformation, with the variance for ranks of Bonett & Wright 2000, "Sample size
    requirements for estimating Pearson, Kendall and Spearman correlations"."""
    if rho is None or pairs < 5:
        return None, None
    if abs(rho) > 1 - 1e-12:
        return rho, rho
    spread = Z95 * math.sqrt((1 + rho**2 / 2) / (pairs - 3))
    return math.tanh(math.atanh(rho) - spread), math.tanh(math.atanh(rho) + spread)
