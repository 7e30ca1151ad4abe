"""The n best paths of each sequence, exactly: at each token the n best ways to each label are kept, with their ranks.

Of equal paths comes first whose labels, read from the end, come first; so the best is the one that `viterbi` finds.
"""

import numpy

from .chain import BLOCK_WAYS, Chain, blocks_of, reader


def best_paths(
    chain: Chain, scores: numpy.ndarray, lengths: numpy.ndarray, allowed: numpy.ndarray | None, n: int
) -> list[list[tuple[float, numpy.ndarray]]]:
    """For each sequence up to n paths, the best first: the score, and the labels int64. scores: N x K."""
    k, read = scores.shape[1], reader(scores, allowed)
    found: list[list[tuple[float, numpy.ndarray]]] = [[] for _ in lengths]
    for rows, going, numbers in blocks_of(lengths, most=max(1, BLOCK_WAYS // (k * k * n))):
        best = numpy.full((len(numbers), k, n), -numpy.inf)
        best[:, :, 0] = chain.start + read(rows[0])
        back = numpy.empty((*rows.shape, k, n), dtype="uint16" if k * n <= 1 << 16 else "int64")  # label * n + rank
        for t in range(1, len(rows)):
            g = going[t]
            ways = best[:g, None] + chain.transitions.T[:, :, None]  # B x to x from x n
            best[:g], back[t, :g] = _first(ways.reshape(g, k, k * n), n)
            best[:g] += read(rows[t, :g])[:, :, None]
        totals, at = _first((best + chain.end[:, None]).reshape(len(numbers), k * n), n)  # B x n
        labels = numpy.empty((*rows.shape, n), dtype="int64")  # T x B x n
        for t in range(len(rows) - 1, -1, -1):
            g = going[t]
            labels[t, :g] = at[:g] // n
            if t:
                at[:g] = back[t].reshape(len(numbers), k * n)[numpy.arange(g)[:, None], at[:g]]
        for b, number in enumerate(numbers):
            kept = int((totals[b] > -numpy.inf).sum())
            paths = labels[: lengths[number], b, :kept].T.copy()
            found[number] = list(zip(totals[b, :kept].tolist(), paths, strict=True))
    return found


def _first(ways: numpy.ndarray, n: int) -> tuple[numpy.ndarray, numpy.ndarray]:
    """The n largest of the last axis, in order, and where they stand; of equal ones the first comes first."""
    at = numpy.argsort(-ways, axis=-1, kind="stable")[..., :n]
    return numpy.take_along_axis(ways, at, -1), at
