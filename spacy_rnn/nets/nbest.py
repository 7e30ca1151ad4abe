"""The n best paths of each sequence, exactly: at each token the n best ways to each label are kept, with their ranks.

Of equal paths comes first whose labels, read from the end, come first; so the best is the one that `viterbi` finds.
"""

import numpy

from .chain import BLOCK_WAYS, Chain, blocks_of, reader


def best_paths(
    chain: Chain, scores: numpy.ndarray, lengths: numpy.ndarray, allowed: numpy.ndarray | None, n: int
) -> tuple[numpy.ndarray, numpy.ndarray]:
    """The n best paths: their scores, sequences x n, -inf where there are no more, and their labels, N x n int64."""
    k, read = scores.shape[1], reader(scores, allowed)
    totals, paths = numpy.empty((len(lengths), n)), numpy.empty((len(scores), n), dtype="int64")
    for rows, going, numbers in blocks_of(lengths, most=max(1, BLOCK_WAYS // (k * k * n))):
        best = numpy.full((len(numbers), k, n), -numpy.inf)
        best[:, :, 0] = chain.start + read(rows[0])
        back = numpy.empty((*rows.shape, k * n), dtype="uint32")  # label * n + rank
        for t in range(1, len(rows)):
            g = going[t]
            ways = best[:g, None] + chain.transitions.T[:, :, None]  # B x to x from x n
            best[:g], at = _first(ways.reshape(g, k, k * n), n)
            best[:g] += read(rows[t, :g])[:, :, None]
            back[t, :g] = at.reshape(g, k * n)
        totals[numbers], at = _first((best + chain.end[:, None]).reshape(len(numbers), k * n), n)  # B x n
        for t in range(len(rows) - 1, -1, -1):
            g = going[t]
            paths[rows[t, :g]] = at[:g] // n
            if t:
                at[:g] = back[t, numpy.arange(g)[:, None], at[:g]]
    return totals, paths


def _first(ways: numpy.ndarray, n: int) -> tuple[numpy.ndarray, numpy.ndarray]:
    """The n largest of the last axis, in order, and where they stand; of equal ones the first comes first."""
    at = numpy.argsort(-ways, axis=-1, kind="stable")[..., :n]
    return numpy.take_along_axis(ways, at, -1), at
