"""What is compiled: decoding and marginals of a chain, an LSTM that predicts, and filters over texts, in C, reached
through ctypes, which releases the interpreter lock.

It is built when the package is installed. Where there was no compiler it is missing, and where the sources have changed
since it is too old: then numpy (see `chain`) and torch do the same. Nothing is kept between calls: threads may run it
at once.
"""

import ctypes
from ctypes import POINTER, Structure, c_double, c_int, c_int64, c_void_p
from functools import cache
from typing import NamedTuple

import numpy

LEVEL = 2  # the most that is used of the processor: 2 AVX-512, 1 AVX2, 0 neither


class CChain(Structure):
    """``Chain`` of chain.h, which says what the arrays are."""

    _fields_ = [("k", c_int64), ("wide", c_int64)]
    _fields_ += [(name, c_void_p) for name in ("transitions", "transposed", "start", "end")]


class CBatch(Structure):
    """``Batch`` of chain.h."""

    _fields_ = [(name, c_void_p) for name in ("scores", "allowed", "lengths")]
    _fields_ += [("sequences", c_int64), ("tokens", c_int64), ("scale", c_double)]


class CFilters(Structure):
    """``Filters`` of chain.h."""

    _fields_ = [(name, c_int64) for name in ("filters", "kinds", "total")]
    _fields_ += [("sizes", c_void_p), ("texts", c_int64), ("lengths", c_void_p), ("words", c_void_p)]


class CLstm(Structure):
    """``Lstm`` of chain.h."""

    _fields_ = [("hidden", c_int64), ("sequences", c_int64)]
    _fields_ += [(n, c_void_p) for n in ("first", "lengths", "rows", "added", "weights", "packed", "cells", "states")]
    _fields_ += [("width", c_int64), ("reverse", c_int64)]


SIGNATURES = {
    "crf_lanes": (c_int64, [c_int]),
    "crf_viterbi": (None, [c_int, POINTER(CChain), POINTER(CBatch), c_void_p, c_int, c_void_p, c_void_p]),
    "crf_marginals": (None, [c_int, POINTER(CChain), POINTER(CBatch), *[c_void_p] * 7]),
    "lstm_run": (None, [c_int, POINTER(CLstm)]),
    "filter_tops": (None, [c_int, POINTER(CFilters), *[c_void_p] * 3]),
    "filter_back": (None, [c_int, POINTER(CFilters), c_void_p, c_void_p, c_int64, *[c_void_p] * 4]),
    "rows_remember": (c_int64, [c_void_p, c_int64, c_int64, c_void_p, c_int64, c_int64, c_void_p, c_int64, c_void_p]),
    "crf_nbest": (None, [POINTER(CChain), POINTER(CBatch), c_int64, *[c_void_p] * 4]),
}


@cache
def _load() -> ctypes.CDLL | str:
    try:
        from . import _chain
    except ImportError as error:
        return str(error)
    library = ctypes.CDLL(_chain.__file__)
    try:
        for name, (result, arguments) in SIGNATURES.items():
            function = getattr(library, name)
            function.restype, function.argtypes = result, arguments
    except AttributeError as error:  # built from an older version of the sources
        return str(error)
    return library


def reason_missing() -> str | None:
    """Why there is no compiled chain; None if there is one."""
    loaded = _load()
    return loaded if isinstance(loaded, str) else None


class Found(NamedTuple):
    """What `marginals` has found.

    tokens: N x K, the probabilities. messages: N x K, the forward messages. log_z, done: of each sequence; where done
    is false nothing else counts. pairs: K x K, how often each pair of neighbours is expected, times the weights.
    """

    tokens: numpy.ndarray
    messages: numpy.ndarray
    log_z: numpy.ndarray
    done: numpy.ndarray
    pairs: numpy.ndarray | None


def viterbi(
    chain: tuple, scores: numpy.ndarray, lengths: numpy.ndarray, allowed: numpy.ndarray | None
) -> numpy.ndarray:
    """The best path, N int64. chain: transitions K x K, start K and end K, float64. scores: N x K float32."""
    transitions, start, end = map(_padded, chain)
    built = _described(scores.shape[1], transitions, None, start, end)
    small = scores.shape[1] <= 256
    longest, wide = int(lengths.max(initial=0)), len(start)
    back = numpy.empty((longest, wide), dtype="uint8" if small else "uint16")
    path = numpy.empty(len(scores), dtype="int64")
    space = _aligned((3, wide), "float64")
    batch = _flat(scores, lengths, allowed, 1.0)
    _load().crf_viterbi(LEVEL, built, batch, address(back), 1 if small else 2, address(space), address(path))
    return path


def marginals(
    chain: tuple,
    scores: numpy.ndarray,
    lengths: numpy.ndarray,
    allowed: numpy.ndarray | None,
    scale: float = 1.0,
    weights: numpy.ndarray | None = None,
) -> Found:
    """Probabilities. The scores, not the chain, are multiplied by scale. weights: of the sequences, for pairs."""
    k = scores.shape[1]
    peaks = [array.max() for array in chain]
    transitions, start, end = (_padded(numpy.exp(array - peak)) for array, peak in zip(chain, peaks, strict=True))
    transposed, wide = _padded(transitions[:, :k].T), len(start)
    tokens, messages = _aligned((len(scores), wide), "float32"), _aligned((len(scores), wide), "float32")
    log_z, done = numpy.empty(len(lengths)), numpy.empty(len(lengths), dtype="uint8")
    space, pairs = _aligned((3, wide), "float64"), None
    if weights is not None:
        pairs = _aligned((k, wide), "float64")
        pairs[:] = 0.0
        weights = numpy.ascontiguousarray(weights, dtype="float64")
    built = _described(k, transitions, transposed, start, end)
    batch = _flat(scores, lengths, allowed, scale)
    arrays = (space, tokens, messages, log_z, done, weights, pairs)
    _load().crf_marginals(LEVEL, built, batch, *map(address, arrays))
    log_z += peaks[0] * (lengths - 1) + peaks[1] + peaks[2]
    if pairs is not None:
        pairs = (pairs * transitions)[:, :k]
    return Found(tokens[:, :k], messages[:, :k], log_z, done.astype(bool), pairs)


def best_paths(
    chain: tuple, scores: numpy.ndarray, lengths: numpy.ndarray, allowed: numpy.ndarray | None, n: int
) -> tuple[numpy.ndarray, numpy.ndarray]:
    """The n best paths: their scores, sequences x n, -inf where there are no more, and their labels, N x n int64."""
    k = scores.shape[1]
    transitions, start, end = map(_padded, chain)
    back = numpy.empty((int(lengths.max(initial=0)), k, n), dtype="uint32")
    space = numpy.empty((2, k, n))
    totals, paths = numpy.empty((len(lengths), n)), numpy.empty((len(scores), n), dtype="int64")
    built = _described(k, transitions, None, start, end)
    arrays = map(address, (back, space, totals, paths))
    _load().crf_nbest(built, _flat(scores, lengths, allowed, 1.0), n, *arrays)
    return totals, paths


def lstm(
    added: numpy.ndarray,
    rows: numpy.ndarray,
    weights: numpy.ndarray,
    first: numpy.ndarray,
    lengths: numpy.ndarray,
    reverse: bool,
    states: numpy.ndarray,
) -> None:
    """One direction of an LSTM: its states, written into some columns of `states`, N x hidden float32.

    added: ... x 4 * hidden, what the input adds to the gates, with the biases. rows: N int64, the row of each token.
    weights: 4 * hidden x hidden, hidden being a multiple of 16. first, lengths: of the sequences, the longest first.
    """
    hidden = weights.shape[1]
    packed, cells = _aligned((4 * hidden * hidden,), "float32"), _aligned((len(lengths), hidden), "float32")
    kept = [numpy.ascontiguousarray(array, dtype="int64") for array in (first, lengths, rows)]
    arrays = map(address, (*kept, added, weights, packed, cells))
    described = CLstm(hidden, len(lengths), *arrays, states.ctypes.data, states.strides[0] // 4, reverse)
    _load().lstm_run(LEVEL, described)


class Slide:
    """Filters of several sizes over texts: see ``Filters`` of chain.h.

    words: N, the row of each word. lengths: of the texts, in words.
    """

    def __init__(self, filters: int, sizes: list[int], words: numpy.ndarray, lengths: numpy.ndarray):
        self.shape = (len(lengths), len(sizes) * filters)
        self.kept = [numpy.ascontiguousarray(array, dtype="int64") for array in (sizes, lengths, words)]
        sizes_at, *others_at = map(address, self.kept)
        self.described = CFilters(filters, len(sizes), sum(sizes), sizes_at, len(lengths), *others_at)

    def tops(self, known: numpy.ndarray, positions: bool) -> tuple[numpy.ndarray, numpy.ndarray | None]:
        """known: T x sum(sizes) * filters, what each adds for a word. Returns the largest sum of each filter in each
        text, texts x len(sizes) * filters, and, if wanted, the number of its window."""
        tops = numpy.empty(self.shape, dtype="float32")
        where = numpy.empty(self.shape, dtype="int32") if positions else None
        _load().filter_tops(LEVEL, self.described, *map(address, (known, tops, where)))
        return tops, where

    def back(self, d_tops, where, rows, weights: list, d_rows, d_weights: list) -> None:
        """Add the gradient to d_rows and to each of d_weights, unless they are None. d_tops, where: as `tops` gives
        them. rows: T x width. weights: of each size, filters x size * width."""
        pointers = [(c_void_p * len(weights))(*map(address, arrays)) for arrays in (weights, d_weights)]
        arrays = address(rows), pointers[0], address(d_rows), pointers[1]
        _load().filter_back(LEVEL, self.described, address(d_tops), address(where), rows.shape[1], *arrays)


def remember(rows: numpy.ndarray, kept: numpy.ndarray, used: int, index: numpy.ndarray) -> tuple[int, numpy.ndarray]:
    """Find rows, T x width float32, among the first `used` of `kept`, room x width; new ones are written behind them.

    index: a power of two of int64, twice the room at least, -1 before anything is kept; changed. Returns how many rows
    are kept now, -1 if there is no room for all (then the index is spoiled), and the number of each, T int64.
    """
    found = numpy.empty(len(rows), dtype="int64")
    there = address(kept), used, len(kept), address(index), len(index)
    return _load().rows_remember(address(rows), *rows.shape, *there, address(found)), found


def _described(k: int, transitions, transposed, start, end) -> CChain:
    described = CChain(k, len(start), *map(address, (transitions, transposed, start, end)))
    described.kept = (transitions, transposed, start, end)  # as long as C uses them
    return described


def _flat(scores, lengths, allowed, scale: float) -> CBatch:
    described = CBatch(*map(address, (scores, allowed, lengths)), len(lengths), len(scores), scale)
    described.kept = (scores, allowed, lengths)
    return described


def _padded(array: numpy.ndarray) -> numpy.ndarray:
    """... x K -> ... x wide, zeros behind."""
    lanes = _load().crf_lanes(LEVEL)
    wide = -(-array.shape[-1] // lanes) * lanes
    padded = _aligned((*array.shape[:-1], wide), "float64")
    padded[..., : array.shape[-1]], padded[..., array.shape[-1] :] = array, 0.0
    return padded


def _aligned(shape: tuple[int, ...], dtype: str) -> numpy.ndarray:
    """An empty array that begins at a multiple of 64 bytes, so that no vector straddles two cache lines."""
    size = int(numpy.prod(shape)) * numpy.dtype(dtype).itemsize
    raw = numpy.empty(size + 64, dtype="uint8")
    begin = -raw.ctypes.data % 64
    return raw[begin : begin + size].view(dtype).reshape(shape)


def address(array: numpy.ndarray | None) -> int | None:
    """Where a C-contiguous array lies."""
    assert array is None or array.flags.c_contiguous
    return None if array is None else array.ctypes.data
