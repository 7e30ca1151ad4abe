"""From scores to entities: those of the best path or all likely ones, and how probable they are.

Probabilities are those of the chain under the given temperature, among the labellings that agree with what the Docs
already say.
"""

from collections import Counter

import numpy

from ..nets.crf import LinearChainCRF
from ..nets.marginals import Marginals
from .batch import Batch
from .spans import Found, SpanLabels

FLOOR = 0.01  # of a threshold: less probable spans are too many, and of no use


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
        best_paths = self.crf.best_paths(batch.scores, batch.lengths, n, batch.allowed)
        for labellings, taken in zip(best_paths, numpy.split(batch.taken, batch.first[1:]), strict=True):
            shares: Counter[Found] = Counter()
            best = labellings[0][0]
            weights = numpy.exp([(log_p - best) / self.temperature for log_p, _ in labellings])
            for (_, path), share in zip(labellings, (weights / weights.sum()).tolist(), strict=True):
                for span in self.labels.spans(numpy.where(taken, self.labels.outside, path)):
                    shares[span] += share
            found.append({span: min(shares[span], 1.0) for span in sorted(shares)})
        return found

    def marginals(self, batch: Batch) -> Marginals:
        return self.crf.marginals(batch.scores, batch.lengths, batch.allowed, self.temperature)

    def _probability(self, marginals: Marginals, begin: int, span: Found) -> float:
        return marginals.path(begin + span.start, self.labels.path(span.type, span.end - span.start))

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


def _without_overlaps(found: list[Found], taken: numpy.ndarray) -> list[Found]:
    taken, chosen = taken.copy(), []
    for span in sorted(found, key=lambda span: (-span.probability, span)):
        if not taken[span.start : span.end].any():
            taken[span.start : span.end] = True
            chosen.append(span)
    return sorted(chosen)
