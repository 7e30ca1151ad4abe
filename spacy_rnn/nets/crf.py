"""A linear-chain conditional random field (Lafferty et al. 2001): which sequence of labels is the most probable, and
how probable are its parts?

    score(y | x) = start[y_1] + sum_t scores[t, y_t] + sum_t transitions[y_{t-1}, y_t] + end[y_n]
    p(y | x)     = exp(score(y | x)) / Z,   Z = sum over all y of exp(score(y | x))

Sequences lie flat, N x K scores beside their lengths (see masks); none may be empty. What the scheme or the caller
forbids costs FORBIDDEN, so that what contradicts itself still has a best path: the one that contradicts least. Training
(`likelihood`) is torch with its gradients. Decoding and marginals (`chain`, `nbest`, `marginals`) have none, and run on
the CPU: compiled (`native`) or in numpy, with the same results. A sequence's result never depends on its neighbours.
"""

import numpy
import torch
from torch import Tensor, nn

from ..errors import Errors, RNNError
from . import chain as in_numpy
from . import native, nbest
from .chain import FORBIDDEN, Chain
from .likelihood import log_partition, path_score
from .marginals import Marginals
from .schemes import allowed as allowed_in
from .schemes import goes_on
from .softmax import MISSING

NEVER = -1e9  # of labels that gold is not: even a gold that contradicts the scheme is better


class LinearChainCRF(nn.Module):
    """labels: their names, K of them. scheme: which may follow which (see schemes).

    learned: whether there are transition scores; without, only the scheme's constraints remain, and the labels of a
        sequence are otherwise independent (a softmax for each token, decoded within the scheme).
    pace: the scores are the parameters times this. Adam moves every parameter by about the learning rate, whatever the
        gradient, and from zero a transition has further to go than a weight that works together with hundreds.
    """

    def __init__(self, labels: list[str], scheme: str = "none", learned: bool = True, pace: float = 1.0):
        super().__init__()
        self.labels, self.scheme, self.learned, self.pace = list(labels), scheme, learned, pace
        self.may = allowed_in(self.labels, scheme)
        for name, array in self.may._asdict().items():
            self.register_buffer(f"cost_{name}", torch.where(torch.from_numpy(array), 0.0, FORBIDDEN), persistent=False)
        if learned:
            self.transitions = nn.Parameter(torch.zeros(len(labels), len(labels)))
            self.start = nn.Parameter(torch.zeros(len(labels)))
            self.end = nn.Parameter(torch.zeros(len(labels)))

    def weights(self) -> tuple[Tensor, Tensor, Tensor]:
        """Transitions K x K (from the row's label to the column's), start K and end K, with the scheme's costs."""
        costs = (self.cost_transitions, self.cost_start, self.cost_end)
        if not self.learned:
            return costs
        return tuple(score + cost for score, cost in zip(self.scores(), costs, strict=True))

    def scores(self) -> tuple[Tensor, Tensor, Tensor]:
        """What was learned: of transitions K x K, start K and end K."""
        return self.pace * self.transitions, self.pace * self.start, self.pace * self.end

    def chain(self, temperature: float = 1.0) -> Chain:
        """The same in numpy, what was learned divided by the temperature."""
        costs = [numpy.where(may, 0.0, FORBIDDEN) for may in self.may]
        if self.learned:
            learned = [score.detach().cpu().double().numpy() for score in self.scores()]
            costs = [cost + score / temperature for cost, score in zip(costs, learned, strict=True)]
        return Chain(*costs)

    # -- Training

    def negative_log_likelihood(self, scores: Tensor, gold: Tensor, lengths: numpy.ndarray) -> Tensor:
        """-log p(gold | x) of each sequence.

        scores: N x K. gold: N labels, or MISSING where any label may stand: then the probability is that of all
            sequences that agree with the labels there are.
        """
        lengths = _checked_lengths(lengths, len(scores))
        weights = self.weights()
        if not len(lengths):
            return scores.sum(1)
        if bool((gold == MISSING).any()):
            known = nn.functional.one_hot(gold.clamp(min=0), scores.shape[1]).bool() | (gold == MISSING)[:, None]
            given = log_partition(scores + torch.where(known, 0.0, NEVER), lengths, *weights)
        else:
            given = path_score(scores, gold, lengths, *weights)
        return log_partition(scores, lengths, *weights) - given

    # -- Prediction. scores: N x K, torch or numpy. allowed: N x K bool, what may stand at each token; None: anything

    def viterbi(self, scores, lengths: numpy.ndarray, allowed: numpy.ndarray | None = None) -> numpy.ndarray:
        """The best path of each sequence, N int64. Of paths with the same score, always the same one."""
        engine = native if native.reason_missing() is None else in_numpy
        return engine.viterbi(self.chain(), *self._checked(scores, lengths, allowed))

    def best_paths(
        self, scores, lengths: numpy.ndarray, n: int, allowed: numpy.ndarray | None = None
    ) -> list[list[tuple[float, numpy.ndarray]]]:
        """For each sequence its n best paths, the best first: log-probability, and labels int64. There are fewer where
        no more can be had without contradicting scheme and caller more than the best one does."""
        if n < 1:
            raise RNNError(Errors.R024.format(n=n))
        scores, lengths, allowed = self._checked(scores, lengths, allowed)
        if not len(lengths):
            return []
        chain = self.chain()
        log_z = Marginals(chain, scores, lengths, allowed).log_z
        engine = native if native.reason_missing() is None else nbest
        totals, labels = engine.best_paths(chain, scores, lengths, allowed, n)
        wrong = self._contradictions(labels, lengths, allowed)
        keep = (totals > -numpy.inf) & (wrong <= wrong[:, :1])
        log_p = numpy.minimum(totals - log_z[:, None], 0.0)
        paths = numpy.split(labels, numpy.cumsum(lengths)[:-1])
        return [
            list(zip(p[kept].tolist(), path.T[kept], strict=True))
            for p, path, kept in zip(log_p, paths, keep, strict=True)
        ]

    def marginals(
        self, scores, lengths: numpy.ndarray, allowed: numpy.ndarray | None = None, temperature: float = 1.0
    ) -> Marginals:
        """The probability of every label at every token, and of paths and spans on request.

        temperature: scores and learned transitions are divided by it. Above 1 the model becomes less sure of itself.
        """
        if not 0.0 < temperature < numpy.inf:
            raise RNNError(Errors.R023.format(temperature=temperature))
        going = goes_on(self.labels, self.scheme)
        return Marginals(self.chain(temperature), *self._checked(scores, lengths, allowed), 1.0 / temperature, going)

    def _contradictions(
        self, paths: numpy.ndarray, lengths: numpy.ndarray, allowed: numpy.ndarray | None
    ) -> numpy.ndarray:
        """How often each path, N x n, contradicts the scheme or what is allowed; sequences x n."""
        first = numpy.cumsum(lengths) - lengths
        wrong = numpy.zeros(paths.shape, dtype="int64")
        wrong[1:] = ~self.may.transitions[paths[:-1], paths[1:]]
        wrong[first] = ~self.may.start[paths[first]]
        wrong[first + lengths - 1] += ~self.may.end[paths[first + lengths - 1]]
        if allowed is not None:
            wrong += ~numpy.take_along_axis(allowed, paths, 1)
        return numpy.add.reduceat(wrong, first, axis=0)

    def _checked(self, scores, lengths, allowed) -> tuple[numpy.ndarray, numpy.ndarray, numpy.ndarray | None]:
        if isinstance(scores, Tensor):
            scores = scores.detach().float().cpu().numpy()
        scores = numpy.ascontiguousarray(scores, dtype="float32")
        wanted = (len(scores), len(self.labels))
        for array in (scores, allowed):
            if array is not None and array.shape != wanted:
                raise RNNError(Errors.R021.format(found=array.shape, wanted=wanted))
        if not numpy.isfinite(scores).all():
            raise RNNError(Errors.R022)
        return scores, _checked_lengths(lengths, len(scores)), _as_bool(allowed)


def _as_bool(allowed: numpy.ndarray | None) -> numpy.ndarray | None:
    return None if allowed is None else numpy.ascontiguousarray(allowed, dtype=bool)


def _checked_lengths(lengths: numpy.ndarray, tokens: int) -> numpy.ndarray:
    lengths = numpy.ascontiguousarray(lengths, dtype="int64")
    if lengths.sum() != tokens or (lengths < 1).any():
        raise RNNError(Errors.R026.format(total=int(lengths.sum()), tokens=tokens, empty=int((lengths < 1).sum())))
    return lengths
