"""Decoding and marginals of a chain in numpy: what runs where there is no compiled chain, and where products underflow.

Both find what the compiled one does: decoding the very same paths, for sums are taken in the same order, in double
precision, and of equal scores the first label wins. Many sequences take each step together, the longest first, so that
those that still go on are always the first ones.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy

from .masks import similar_lengths

# what contradicts the scheme costs this: far below any score, and yet a number, so a best path remains
FORBIDDEN = -1e4
BLOCK_TOKENS = 4096
BLOCK_WAYS = 1 << 21  # numbers that one step may hold


class Chain(NamedTuple):
    """Scores in float64: transitions K x K, from the row's label to the column's; start K; end K."""

    transitions: numpy.ndarray
    start: numpy.ndarray
    end: numpy.ndarray


class Block(NamedTuple):
    """Sequences of similar lengths, the longest first.

    rows: T x B, flat positions; short sequences repeat their last. going: T, how many sequences have that many steps.
    numbers: B, which sequences they are.
    """

    rows: numpy.ndarray
    going: numpy.ndarray
    numbers: numpy.ndarray


def blocks_of(lengths: numpy.ndarray, only: numpy.ndarray | None = None, most: int | None = None) -> list[Block]:
    """All sequences, or the numbers in `only`, in blocks of BLOCK_TOKENS at most (or one sequence), and of so many
    sequences."""
    first = numpy.cumsum(lengths) - lengths
    only = numpy.arange(len(lengths)) if only is None else only
    blocks = []
    for group in similar_lengths(lengths[only], BLOCK_TOKENS, most):
        numbers = only[group]
        steps = lengths[numbers]
        time = numpy.arange(steps[0])
        going = len(numbers) - numpy.searchsorted(steps[::-1], time, side="right")
        blocks.append(Block(first[numbers] + numpy.minimum(time[:, None], steps - 1), going, numbers))
    return blocks


def reader(
    scores: numpy.ndarray, allowed: numpy.ndarray | None, scale: float = 1.0
) -> Callable[[numpy.ndarray], numpy.ndarray]:
    """Gives the scores of rows, B x K float64, with the cost of what is not allowed there."""

    def read(rows: numpy.ndarray) -> numpy.ndarray:
        found = scores[rows].astype("float64") * scale
        return found if allowed is None else found + numpy.where(allowed[rows], 0.0, FORBIDDEN)

    return read


def viterbi(
    chain: Chain, scores: numpy.ndarray, lengths: numpy.ndarray, allowed: numpy.ndarray | None
) -> numpy.ndarray:
    """The best path of each sequence (Viterbi 1967), N int64. scores: N x K. allowed: N x K or None."""
    k, read = scores.shape[1], reader(scores, allowed)
    path = numpy.empty(len(scores), dtype="int64")
    for rows, going, _ in blocks_of(lengths, most=max(1, BLOCK_WAYS // k**2)):
        best = chain.start + read(rows[0])  # B x K
        back = numpy.empty((*rows.shape, k), dtype="uint8" if k <= 256 else "uint16")
        for t in range(1, len(rows)):
            g = going[t]
            ways = best[:g, :, None] + chain.transitions  # B x from x to
            label = ways.argmax(1)
            best[:g] = numpy.take_along_axis(ways, label[:, None], 1)[:, 0] + read(rows[t, :g])
            back[t, :g] = label
        label = (best + chain.end).argmax(1)
        for t in range(len(rows) - 1, -1, -1):
            g = going[t]
            path[rows[t, :g]] = label[:g]
            if t:
                label[:g] = back[t, numpy.arange(g), label[:g]]
    return path


def marginals(
    chain: Chain,
    scores: numpy.ndarray,
    lengths: numpy.ndarray,
    allowed: numpy.ndarray | None,
    scale: float,
    only: numpy.ndarray,
    tokens: numpy.ndarray,
    messages: numpy.ndarray,
    log_z: numpy.ndarray,
) -> None:
    """Fill in, for the sequences in `only`: tokens (N x K) with the probabilities, messages (N x K) with the logarithms
    of the forward messages, that of the most probable label being 0, and log_z (of each sequence)."""
    k, read = scores.shape[1], reader(scores, allowed, scale)
    for rows, going, numbers in blocks_of(lengths, only, max(1, BLOCK_WAYS // k**2)):
        forward = numpy.empty((*rows.shape, k))  # T x B x K
        log_z[numbers] = 0.0
        for t in range(len(rows)):
            g = going[t]
            before = log_sum(forward[t - 1, :g, :, None] + chain.transitions, 1) if t else chain.start
            forward[t, :g] = before + read(rows[t, :g])
            total = log_sum(forward[t, :g], 1)
            forward[t, :g] -= total[:, None]
            log_z[numbers[:g]] += total
        backward = numpy.tile(chain.end, (len(numbers), 1))  # B x K
        for t in range(len(rows) - 1, -1, -1):
            g = going[t]
            both = forward[t, :g] + backward[:g]
            total = log_sum(both, 1)
            ends = numpy.arange(0 if t == len(rows) - 1 else going[t + 1], g)
            log_z[numbers[ends]] += total[ends]
            tokens[rows[t, :g]] = numpy.exp(both - total[:, None])
            top = numpy.take_along_axis(forward[t, :g], both.argmax(1)[:, None], 1)
            messages[rows[t, :g]] = forward[t, :g] - top
            backward[:g] = log_sum(chain.transitions + (read(rows[t, :g]) + backward[:g])[:, None, :], 2)
            backward[:g] -= backward[:g].max(1, keepdims=True)


def log_sum(x: numpy.ndarray, axis: int) -> numpy.ndarray:
    """log(sum(exp(x))) without overflow; of finite numbers."""
    top = x.max(axis, keepdims=True)
    return numpy.log(numpy.exp(x - top).sum(axis)) + top.squeeze(axis)
