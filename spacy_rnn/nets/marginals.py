"""How probable is it? Of labels, of paths and of spans, over all labellings of a sequence.

    p(y_t = j)                = a_t(j) b_t(j) / Z         a, b: forward and backward messages (Rabiner 1989)
    p(y_{t-1} = i | y_t = j)  = a_{t-1}(i) T(i, j) / sum_i' a_{t-1}(i') T(i', j)
    p(y_f .. y_l)             = p(y_l) prod_{t=f+1..l} p(y_{t-1} | y_t)

T are the exponentials of the transition scores. The last line needs no more than the probabilities of the tokens and
the forward messages, so these are all that is kept.
"""

from collections.abc import Sequence

import numpy

from ..errors import Errors, RNNError
from . import chain as in_numpy
from . import native
from .chain import Chain


class Marginals:
    """tokens: N x K, the probability of each label at each token. log_z: of each sequence, the logarithm of Z."""

    def __init__(
        self,
        chain: Chain,
        scores: numpy.ndarray,
        lengths: numpy.ndarray,
        allowed: numpy.ndarray | None = None,
        scale: float = 1.0,
        goes_on: numpy.ndarray | None = None,
    ):
        """scores: N x K float32, multiplied by scale. goes_on: for each label the one that would go on with its span
        where that must be ruled out for the span to end (see schemes.goes_on), or -1."""
        if native.reason_missing() is None:
            found = native.marginals(chain, scores, lengths, allowed, scale)
            self.tokens, self._messages, self.log_z = found.tokens, found.messages, found.log_z
            self._in_logs = ~found.done
        else:
            self.tokens, self._messages = (numpy.empty(scores.shape, dtype="float32") for _ in range(2))
            self.log_z, self._in_logs = numpy.empty(len(lengths)), numpy.ones(len(lengths), dtype=bool)
        if self._in_logs.any():
            only = numpy.flatnonzero(self._in_logs)
            arrays = (self.tokens, self._messages, self.log_z)
            in_numpy.marginals(chain, scores, lengths, allowed, scale, only, *arrays)
        self._ends = numpy.cumsum(lengths)
        self._transitions = chain.transitions
        self._ways = numpy.exp(chain.transitions - chain.transitions.max(0))
        self._goes_on = goes_on

    def path(self, first: int, labels: Sequence[int], closed: bool = True) -> float:
        """The probability that the flat positions first, first + 1, ... have exactly these labels, and, if closed, that
        the next token does not go on with the last label's span (which makes a difference in IOB2 alone): with the
        labels of a span, the probability of exactly this span."""
        last = first + len(labels) - 1
        sequence = int(numpy.searchsorted(self._ends, first, side="right"))
        if first < 0 or not len(labels) or last >= (self._ends[sequence] if sequence < len(self._ends) else 0):
            raise RNNError(Errors.R025.format(first=first, last=last, lengths=len(self._ends), tokens=len(self.tokens)))
        p = self.tokens[last, labels[-1]]
        if closed and last + 1 < self._ends[sequence] and self._goes_on is not None and self._goes_on[labels[-1]] >= 0:
            after = self.tokens[last + 1] * self._before(sequence, last + 1)[labels[-1]]
            p = after.sum() - after[self._goes_on[labels[-1]]]
        for t in range(last, first, -1):
            p = p * self._before(sequence, t)[labels[t - first - 1], labels[t - first]]
        return min(max(float(p), 0.0), 1.0)

    def _before(self, sequence: int, t: int) -> numpy.ndarray:
        """Of each label, the probability that it stands before t, if each label stands at t; K before x K at t."""
        message = self._messages[t - 1].astype("float64")[:, None]
        if self._in_logs[sequence]:
            ways = message + self._transitions
            ways = numpy.exp(ways - ways.max(0))
        else:
            ways = message * self._ways
        total = ways.sum(0)
        return ways / numpy.where(total > 0, total, 1.0)
