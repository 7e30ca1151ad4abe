"""From scores to entities: what the Docs already say, the best path or all likely spans, and how probable they are.

Probabilities are those of the chain under the given temperature, among the labellings that agree with what the Docs
already say.
"""

import math
from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

import numpy
from spacy.attrs import ENT_IOB, ENT_TYPE, IS_SPACE
from spacy.tokens import Doc

from ..nets.crf import MISSING, LinearChainCRF, Marginals
from .spans import Found, SpanLabels

FLOOR = 0.01  # of a threshold: less probable spans are too many, and of no use
TEMPERATURES = (0.1, 10.0)  # between which a calibration seeks


class Batch(NamedTuple):
    """Docs that are not empty, their scores, and which labels may stand at each token."""

    lengths: numpy.ndarray
    scores: numpy.ndarray  # N x K
    allowed: numpy.ndarray | None  # N x K bool
    taken: numpy.ndarray  # N bool: tokens of entities that were there before, or blocked

    def only(self, wanted: numpy.ndarray) -> "Batch":
        """Some of the Docs: bool, one for each. Nothing is copied for all of them, which may be one very long Doc."""
        if wanted.all():
            return self
        rows = numpy.repeat(wanted, self.lengths)
        allowed = None if self.allowed is None else self.allowed[rows]
        return Batch(self.lengths[wanted], self.scores[rows], allowed, self.taken[rows])

    @property
    def first(self) -> numpy.ndarray:
        """Where each Doc begins."""
        return numpy.cumsum(self.lengths) - self.lengths


def make_batch(docs: list[Doc], scores: list[numpy.ndarray], labels: SpanLabels, keep: bool) -> Batch:
    """keep: whether entities that the Docs have stay, and blocked tokens stay outside.

    An entity neither begins nor, where the scheme tells, ends with white space.
    """
    lengths = numpy.array([len(doc) for doc in docs])
    known = numpy.concatenate([doc.to_array([ENT_IOB, ENT_TYPE, IS_SPACE]) for doc in docs])
    iob, type_, space = known.T
    taken = ((type_ != 0) & (iob != 2)) | ((type_ == 0) & (iob == 3)) if keep else numpy.zeros(len(known), bool)
    allowed = None
    if taken.any() or space.any():
        allowed = numpy.ones((len(known), len(labels.labels)), dtype=bool)
        allowed[space != 0] = labels.goes_on
        allowed[taken] = False
        allowed[taken | (space != 0), labels.outside] = True
        if taken.any():
            for doc, rows in zip(docs, numpy.split(allowed, numpy.cumsum(lengths)[:-1]), strict=True):
                _constrain(doc, rows, labels)
    return Batch(lengths, scores[0] if len(scores) == 1 else numpy.concatenate(scores), allowed, taken)


def _constrain(doc: Doc, rows: numpy.ndarray, labels: SpanLabels) -> None:
    """The tokens of a Doc's entities have just their labels; those of a type unknown to the model are outside.

    rows: tokens x K, changed in place.
    """
    for ent in doc.ents:
        if labels.open_ended and ent.end < len(doc):
            rows[ent.end, labels.goes_on] = False  # or the entity would go on
        if ent.label_ in labels.first:
            rows[ent.start : ent.end] = False
            rows[numpy.arange(ent.start, ent.end), labels.path(ent.label_, len(ent))] = True


class EntityFinder:
    """Entities of a batch of Docs. temperature: divides the scores wherever probabilities are asked for."""

    def __init__(self, crf: LinearChainCRF, labels: SpanLabels, temperature: float = 1.0):
        self.crf, self.labels, self.temperature = crf, labels, temperature

    def best(self, batch: Batch) -> list[list[Found]]:
        """The spans of the best path of each Doc."""
        path = self.crf.viterbi(batch.scores, batch.lengths, batch.allowed)
        path = numpy.where(batch.taken, self.labels.outside, path)
        return [self.labels.spans(part) for part in numpy.split(path, batch.first[1:])]

    def weighed(self, batch: Batch, found: list[list[Found]]) -> list[list[Found]]:
        """The same spans with their probabilities."""
        wanted = numpy.array([bool(spans) for spans in found])
        if not wanted.any():
            return found
        part = batch.only(wanted)  # many sentences have no entities, and need no marginals
        marginals, first = self.marginals(part), iter(part.first.tolist())
        weighed = []
        for spans in found:
            begin = next(first) if spans else 0
            weighed.append([span._replace(probability=self._probability(marginals, begin, span)) for span in spans])
        return weighed

    def likely(self, batch: Batch, threshold: float) -> list[list[Found]]:
        """All spans at least so probable; the most probable first, and no other that overlaps with it."""
        threshold = max(threshold, FLOOR)
        marginals, found = self.marginals(batch), []
        for begin, length in zip(batch.first.tolist(), batch.lengths.tolist(), strict=True):
            rows = slice(begin, begin + length)
            spans = self._at_least(marginals, rows, batch.taken[rows], threshold)
            found.append(_without_overlaps(spans, batch.taken[rows]))
        return found

    def n_best(self, batch: Batch, n: int) -> list[dict[Found, float]]:
        """The spans of the n best labellings of each Doc, each with the share of the labellings that have it.

        A labelling counts as its probability does among the n.
        """
        found = []
        for i, labellings in enumerate(self.crf.best_paths(batch.scores, batch.lengths, n, batch.allowed)):
            taken = batch.taken[batch.first[i] :][: batch.lengths[i]]
            shares: Counter[Found] = Counter()
            best = labellings[0][0]
            weights = numpy.exp([(log_p - best) / self.temperature for log_p, _ in labellings])
            for (_, path), share in zip(labellings, (weights / weights.sum()).tolist(), strict=True):
                for span in self.labels.spans(numpy.where(taken, self.labels.outside, path)):
                    shares[span] += share
            found.append({span: shares[span] for span in sorted(shares)})
        return found

    def calibrated(self, batch: Batch, gold: numpy.ndarray) -> float:
        """The temperature under which the gold labels, N numbers or MISSING, are the most probable."""
        agrees = (gold[:, None] == MISSING) | (gold[:, None] == numpy.arange(batch.scores.shape[1]))
        with_gold = batch._replace(allowed=agrees)

        def surprise(log_temperature: float) -> float:
            t = math.exp(log_temperature)
            return float((self.marginals(batch, t).log_z - self.marginals(with_gold, t).log_z).sum())

        return math.exp(_lowest(surprise, *map(math.log, TEMPERATURES)))

    def marginals(self, batch: Batch, temperature: float | None = None) -> Marginals:
        return self.crf.marginals(batch.scores, batch.lengths, batch.allowed, temperature or self.temperature)

    def _probability(self, marginals: Marginals, begin: int, span: Found) -> float:
        path = self.labels.path(span.type, span.end - span.start)
        return min(max(float(marginals.span(begin + span.start, begin + span.end - 1, path)), 0.0), 1.0)

    def _at_least(self, marginals: Marginals, rows: slice, taken: numpy.ndarray, threshold: float) -> list[Found]:
        """All spans of one Doc, whose tokens are these rows, that are so probable; overlapping ones too."""
        tokens, found = marginals.tokens[rows], []
        for type_, first in self.labels.first.items():
            begins = numpy.maximum(tokens[:, first], tokens[:, self.labels.single[type_]]) >= threshold
            for start in numpy.flatnonzero(begins & ~taken).tolist():
                grown = self._grown(marginals, rows.start + start, rows.stop, type_, threshold)
                found += [Found(start, start + length, type_, p) for length, p in grown if p >= threshold]
        return found

    def _grown(
        self, marginals: Marginals, start: int, stop: int, type_: str, threshold: float
    ) -> list[tuple[int, float]]:
        """Lengths and probabilities of the spans from one token on, as long as what they begin with is probable enough.

        Each further token leaves p(B I I) = p(B I) p(I | I), since a chain forgets what was before.
        """
        columns, tokens = self.labels, marginals.tokens
        inner, last = columns.inner[type_], columns.last[type_]
        grown = [] if columns.open_ended else [(1, float(tokens[start, columns.single[type_]]))]
        t, label = start, columns.first[type_]
        p = float(tokens[t, label])
        while p >= threshold:
            goes_on = 0.0
            if t + 1 < stop:
                given = p / float(tokens[t, label])
                goes_on = given * marginals.path(t, [label, inner], closed=False)
                if not columns.open_ended:
                    grown.append((t + 2 - start, given * marginals.path(t, [label, last])))
            if columns.open_ended:
                grown.append((t + 1 - start, p - goes_on))
            t, label, p = t + 1, inner, goes_on
        return grown


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


def _without_overlaps(found: list[Found], taken: numpy.ndarray) -> list[Found]:
    taken, chosen = taken.copy(), []
    for span in sorted(found, key=lambda span: (-span.probability, span)):
        if not taken[span.start : span.end].any():
            taken[span.start : span.end] = True
            chosen.append(span)
    return sorted(chosen)
