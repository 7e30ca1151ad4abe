"""Optimised product quantisation: a row of 100 floats becomes 25 bytes and a norm.

Jégou et al. 2011, "Product Quantization for Nearest Neighbor Search": a row is cut into parts, and of each part only
the number of the nearest of 256 centroids is kept. Ge et al. 2013, "Optimized Product Quantization", algorithm 1: the
rows are rotated first, so that the parts say equally much, and the rotation is fitted together with the centroids.
Rows are brought to length 1 before, and their lengths kept: what counts in the end is the angle between vectors.
Read ``quantize`` first.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy

from ..errors import Errors, RNNError

CENTROIDS = 256  # of each part, so that a byte names one
WIDTH = 4  # numbers a byte stands for, if nothing else is asked for
SAMPLE = 2**16  # rows the centroids are fitted to
ROTATIONS = 30  # rounds in which rotation and centroids are fitted in turn
ROUNDS = 10  # and those at the end, in which only the centroids are
TINY = numpy.float32(1e-30)  # in place of a norm of 0
ROWS_AT_ONCE = 2**11  # compared with the centroids, or decoded: with more, their scores leave the cache


@dataclass(frozen=True, eq=False)
class Quantized:
    """A rows x dim matrix. Row i is  norms[i] * (the centroids named by codes[i], side by side) @ basis.

    codes      uint8, rows x parts
    norms      float16, rows
    centroids  float32, parts x 256 x width
    basis      float32, parts * width x dim
    """

    codes: numpy.ndarray
    norms: numpy.ndarray
    centroids: numpy.ndarray
    basis: numpy.ndarray

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.codes), self.basis.shape[1]

    def __len__(self) -> int:
        return len(self.codes)

    def take(self, rows) -> numpy.ndarray:
        """Some of the rows.  # rows x dim, float32"""
        return self._decode(self.codes.take(rows, axis=0), self.norms.take(rows))

    def slice(self, start: int, end: int) -> numpy.ndarray:
        """The rows from ``start`` up to ``end``.  # rows x dim, float32"""
        return self._decode(self.codes[start:end], self.norms[start:end])

    def decode(self) -> numpy.ndarray:
        """All rows.  # rows x dim, float32"""
        whole = numpy.empty(self.shape, dtype=numpy.float32)
        for start in range(0, len(self), ROWS_AT_ONCE):
            whole[start : start + ROWS_AT_ONCE] = self.slice(start, start + ROWS_AT_ONCE)
        return whole

    def _decode(self, codes: numpy.ndarray, norms: numpy.ndarray) -> numpy.ndarray:
        return (_gather(self.centroids, codes) @ self.basis) * norms[:, None].astype(numpy.float32)


def size_in_bytes(rows: int, dim: int, parts: int) -> int:
    """Of a quantised matrix; without rows it is not quantised."""
    size = -(-dim // parts) * parts
    return rows * (parts + 2) + 4 * size * (CENTROIDS + dim) if rows else 0


def _gather(centroids: numpy.ndarray, codes: numpy.ndarray) -> numpy.ndarray:
    """The centroids each row names, side by side.  # rows x parts * width"""
    parts, count, width = centroids.shape
    places = codes + numpy.arange(0, parts * count, count)
    return centroids.reshape(parts * count, width).take(places, axis=0).reshape(len(codes), parts * width)


def quantize(matrix: numpy.ndarray, parts: int | None = None, seed: int = 0, rotations: int = ROTATIONS) -> Quantized:
    """Quantise a matrix (rows x dim). ``parts`` is how many bytes a row becomes, its norm apart; by default one for
    each 4 numbers. The centroids are fitted to a sample of the rows."""
    rows, dim = matrix.shape
    parts = max(1, dim // WIDTH) if parts is None else parts
    if not 1 <= parts <= dim:
        raise RNNError(Errors.R230.format(parts=parts, dim=dim))
    norms = _norms(matrix)
    rng = numpy.random.default_rng(seed)
    used = numpy.flatnonzero(norms)
    sample = numpy.sort(rng.choice(used, min(SAMPLE, len(used)), replace=False))
    size = -(-dim // parts) * parts
    rotation, centroids = _fit(_units(matrix[sample], norms[sample], size), parts, rotations, rng)
    codes = numpy.zeros((rows, parts), dtype=numpy.uint8)
    for start, end in _blocks(rows):
        codes[start:end] = _assign(_units(matrix[start:end], norms[start:end], size) @ rotation, centroids)
    largest = norms.max(initial=0) or 1.0  # goes into the basis, so that any norm fits into float16
    basis = numpy.ascontiguousarray(rotation.T[:, :dim]) * numpy.float32(largest)
    quantized = Quantized(codes, numpy.ones(rows, dtype=numpy.float16), centroids, basis)
    scales = norms / numpy.maximum(_norms(quantized), TINY)  # centroids are means, and so a little too short
    return Quantized(codes, scales.astype(numpy.float16), centroids, basis)


def _norms(matrix) -> numpy.ndarray:  # rows
    norms = numpy.zeros(len(matrix), dtype=numpy.float32)
    for start, end in _blocks(len(matrix)):
        rows = matrix.slice(start, end) if isinstance(matrix, Quantized) else matrix[start:end]
        norms[start:end] = numpy.linalg.norm(rows.astype(numpy.float32), axis=1)
    wrong = numpy.flatnonzero(~numpy.isfinite(norms))
    if len(wrong):
        raise RNNError(Errors.R231.format(row=wrong[0]))
    return norms


def _units(rows: numpy.ndarray, norms: numpy.ndarray, size: int) -> numpy.ndarray:
    """The rows brought to length 1, with zeros up to ``size``."""
    units = (rows / numpy.maximum(norms, TINY)[:, None]).astype(numpy.float32)
    return numpy.pad(units, ((0, 0), (0, size - units.shape[1])))


def _blocks(rows: int) -> Iterator[tuple[int, int]]:
    for start in range(0, rows, ROWS_AT_ONCE):
        yield start, min(start + ROWS_AT_ONCE, rows)


# -- Fitting rotation (size x size) and centroids (parts x 256 x width) to units (rows x size), size = parts * width


def _fit(units: numpy.ndarray, parts: int, rotations: int, rng) -> tuple[numpy.ndarray, numpy.ndarray]:
    rotation = _balance(units, parts)
    rotated = units @ rotation
    centroids = _draw(rotated, parts, rng)
    for _ in range(rotations):
        quantized = _improve(rotated, centroids, rng)
        left, _, right = numpy.linalg.svd(units.T @ quantized)  # the rotation nearest to what was quantised
        rotation = left @ right
        rotated = units @ rotation
    for _ in range(ROUNDS):
        _improve(rotated, centroids, rng)
    return rotation, centroids


def _balance(units: numpy.ndarray, parts: int) -> numpy.ndarray:
    """Principal axes, dealt out so that the product of variances is about the same in each part."""
    size = units.shape[1]
    centred = units - units.sum(axis=0) / max(len(units), 1)
    variances, axes = numpy.linalg.eigh(centred.T @ centred)
    groups: list[list[int]] = [[] for _ in range(parts)]
    loads = numpy.zeros(parts)
    scale = max(variances[-1], 1e-30)
    for axis in reversed(range(size)):
        free = [part for part in range(parts) if len(groups[part]) < size // parts]
        part = min(free, key=lambda one: loads[one])
        groups[part].append(axis)
        loads[part] += numpy.log(max(variances[axis] / scale, 1e-12)) + 30
    return axes[:, [axis for group in groups for axis in group]]


def _draw(rotated: numpy.ndarray, parts: int, rng) -> numpy.ndarray:
    """Begin with the parts of random rows."""
    width = rotated.shape[1] // parts
    centroids = numpy.zeros((parts, CENTROIDS, width), dtype=numpy.float32)
    for part in range(parts):
        drawn = rng.permutation(len(rotated))[:CENTROIDS]
        centroids[part, : len(drawn)] = rotated[drawn, part * width : (part + 1) * width]
    return centroids


def _assign(rotated: numpy.ndarray, centroids: numpy.ndarray) -> numpy.ndarray:
    """The nearest centroid of each part of each row.  # rows x parts, uint8"""
    parts, _, width = centroids.shape
    codes = numpy.empty((len(rotated), parts), dtype=numpy.uint8)
    half = (centroids**2).sum(axis=2) / 2
    for start, end in _blocks(len(rotated)):
        for part in range(parts):
            rows = rotated[start:end, part * width : (part + 1) * width]
            codes[start:end, part] = (rows @ centroids[part].T - half[part]).argmax(axis=1)
    return codes


def _improve(rotated: numpy.ndarray, centroids: numpy.ndarray, rng) -> numpy.ndarray:
    """One round of k-means: move each centroid, in place, to the mean of its rows; one without rows to any row. Gives
    back the rows as they are quantised now.  # rows x size"""
    parts, _, width = centroids.shape
    codes = _assign(rotated, centroids)
    for part in range(parts):
        columns = rotated[:, part * width : (part + 1) * width]
        counts = numpy.bincount(codes[:, part], minlength=CENTROIDS)
        for i in range(width):
            sums = numpy.bincount(codes[:, part], weights=columns[:, i], minlength=CENTROIDS)
            centroids[part, :, i] = sums / numpy.maximum(counts, 1)
        lonely = numpy.flatnonzero(counts == 0)
        if len(rotated):
            centroids[part, lonely] = columns[rng.integers(len(rotated), size=len(lonely))]
    return _gather(centroids, codes)
