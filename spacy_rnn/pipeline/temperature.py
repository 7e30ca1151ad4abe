"""The temperature under which confidences say how often an entity is right (Guo et al. 2017, arXiv:1706.04599).

It is fitted on what is reported, the entities of the best labellings: their probabilities, and whether they are right.
That a whole labelling be probable, or every label, would be another question, with another answer.
"""

import math
from collections.abc import Callable

import numpy

RANGE = (0.1, 10.0)
# How far from 1 the logarithm of a temperature commonly is; it counts as much as a few entities. With 10 of them, drawn
# again and again from dev, the log loss on test was 0.42 instead of 0.50 (English) and 0.55 instead of 0.54 (Russian);
# with 200 it made no difference.
SPREAD = 0.5
SURE = 1e-6  # a probability of 1 counts as a millionth less, or one mistake would outweigh everything


def fit_temperature(confidences: Callable[[float], numpy.ndarray], right: numpy.ndarray) -> float:
    """The temperature with the lowest log loss, for which 1 is the more to be preferred the fewer entities there are.

    confidences: gives the probabilities of all entities under a temperature. right: bool, one for each of them.
    """

    def loss(log_temperature: float) -> float:
        p = confidences(math.exp(log_temperature))
        wrong = numpy.where(right, 1.0 - p, p)
        return float(-numpy.log1p(-numpy.minimum(wrong, 1.0 - SURE)).sum()) + (log_temperature / SPREAD) ** 2 / 2

    return math.exp(_lowest(loss, *map(math.log, RANGE)))


def _lowest(function: Callable[[float], float], low: float, high: float, steps: int = 20) -> float:
    """Where a function with one valley is lowest: golden-section search (Kiefer 1953)."""
    golden = (math.sqrt(5) - 1) / 2
    a, b = high - golden * (high - low), low + golden * (high - low)
    at_a, at_b = function(a), function(b)
    for _ in range(steps):
        if at_a < at_b:
            high, b, at_b = b, a, at_a
            a = high - golden * (high - low)
            at_a = function(a)
        else:
            low, a, at_a = a, b, at_b
            b = low + golden * (high - low)
            at_b = function(b)
    return (low + high) / 2
