"""The temperature under which probabilities say how often something is right (Guo et al. 2017, arXiv:1706.04599).

Two questions lead to one. Under which are the gold labellings the most probable? Every token helps to answer that, so
little gold is enough; but where the model is worse than it can know, as in another domain, it is not what the entities
need. Under which is the log loss of the entities found, right or wrong, the lowest? That is what is reported, but there
are few of them. So the answer to the second is sought near that to the first, and this one near 1.
"""

import math
from collections.abc import Callable

import numpy

from ..nets.crf import MISSING, LinearChainCRF
from .batch import Batch
from .entities import EntityFinder
from .spans import Found, SpanLabels

RANGE = (0.1, 10.0)
# How far temperatures commonly are from 1, and those of entities from those of labellings, as logarithms. Chosen on
# parts of dev with 10, 30 and 100 entities, by the log loss of the others (docs/design.md).
FROM_ONE, FROM_LABELLINGS = 0.5, 0.25
SURE = 1e-6  # a probability of 1 counts as a millionth less, or one mistake would outweigh everything


def fit_temperature(crf: LinearChainCRF, labels: SpanLabels, batch: Batch, gold: numpy.ndarray) -> float:
    """gold: N label numbers of the batch, or MISSING: what is found there is neither right nor wrong."""
    agrees = (gold[:, None] == MISSING) | (gold[:, None] == numpy.arange(len(labels.labels)))
    with_gold = batch._replace(allowed=agrees)
    pairs = [
        _judged(labels, spans, part)
        for spans, part in zip(EntityFinder(crf, labels).best(batch), numpy.split(gold, batch.first[1:]), strict=True)
    ]
    found = [[span for span, _ in spans] for spans in pairs]
    right = numpy.array([fine for spans in pairs for _, fine in spans], dtype=bool)

    def of_labellings(temperature: float) -> float:
        finder = EntityFinder(crf, labels, temperature)
        return float((finder.marginals(batch).log_z - finder.marginals(with_gold).log_z).sum())

    def of_entities(temperature: float) -> float:
        weighed = EntityFinder(crf, labels, temperature).weighed(batch, found)
        return log_loss(numpy.array([span.probability for spans in weighed for span in spans]), right)

    return lowest(of_entities, lowest(of_labellings, 1.0, FROM_ONE), FROM_LABELLINGS)


def _judged(labels: SpanLabels, spans: list[Found], gold: numpy.ndarray) -> list[tuple[Found, bool]]:
    """Which spans of a Doc are right; those over tokens without gold are left out."""
    wanted = set(labels.spans(numpy.where(gold == MISSING, labels.outside, gold)))
    return [(span, span in wanted) for span in spans if (gold[span.start : span.end] != MISSING).all()]


def log_loss(p: numpy.ndarray, right: numpy.ndarray) -> float:
    """The sum, in nats, over entities with these probabilities."""
    return float(-numpy.log1p(-numpy.minimum(numpy.where(right, 1.0 - p, p), 1.0 - SURE)).sum())


def lowest(loss: Callable[[float], float], centre: float, spread: float) -> float:
    """The temperature with the lowest loss (nats), for which one near the centre is preferred: its logarithm is thought
    to be normally distributed around that of the centre."""

    def cost(log_temperature: float) -> float:
        return loss(math.exp(log_temperature)) + ((log_temperature - math.log(centre)) / spread) ** 2 / 2

    return math.exp(_golden_section(cost, *map(math.log, RANGE)))


def _golden_section(function: Callable[[float], float], low: float, high: float, steps: int = 20) -> float:
    """Where a function with one valley is lowest (Kiefer 1953)."""
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
