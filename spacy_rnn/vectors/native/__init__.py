"""The compiled engine: C, reached through ctypes, which releases the interpreter lock while it runs.

It is built when the package is installed. Where there was no compiler it is missing: ``reason_missing`` says so, and
training falls back to gensim.
"""

import ctypes
from ctypes import (
    POINTER,
    Structure,
    c_char_p,
    c_double,
    c_float,
    c_int,
    c_int32,
    c_int64,
    c_uint32,
    c_uint64,
    c_void_p,
)
from functools import cache

import numpy


class CModel(Structure):
    """``Model`` of train.c, which says what the arrays are."""

    _fields_ = [(name, c_int32) for name in ("model", "loss", "dim", "window", "negative", "words")] + [
        (name, c_void_p)
        for name in "inputs outputs starts rows keep alias_share alias path_starts path_nodes path_codes".split()
    ]


class CCounts(Structure):
    """``Counts`` of glove.c."""

    _fields_ = [(name, c_int32) for name in ("window", "slot_bits", "file_bits", "room")]
    _fields_ += [("seed", c_uint64), *((name, c_void_p) for name in ("slots", "buffers", "filled"))]


class CGlove(Structure):
    """``Glove`` of glove.c, which says what the arrays are."""

    _fields_ = [("dim", c_int32), ("x_max", c_float)] + [
        (name, c_void_p) for name in "inputs outputs biases input_squares output_squares bias_squares".split()
    ]


class Result(Structure):
    """What a call of ``train`` has done: the loss in nats and the pairs it was summed over, and the words read."""

    _fields_ = [("loss", c_double), ("pairs", c_int64), ("words", c_int64)]

    @property
    def mean(self) -> float | None:
        """The loss of a pair; None without any."""
        return self.loss / self.pairs if self.pairs else None


SIGNATURES = {
    "train": (None, [POINTER(CModel), c_void_p, c_int64, c_float, c_uint64, c_void_p, c_int, POINTER(Result)]),
    "compose_words": (None, [POINTER(CModel), c_int32, c_int32, c_void_p]),
    "space_needed": (c_int64, [POINTER(CModel)]),
    "counter_new": (c_void_p, [c_void_p, c_int64]),
    "counter_free": (None, [c_void_p]),
    "counter_add": (c_int64, [c_void_p, c_char_p, c_int64, c_void_p]),
    "counter_sizes": (None, [c_void_p, c_void_p]),
    "counter_words": (None, [c_void_p, c_void_p, c_void_p, c_void_p, c_void_p]),
    "hash_ngrams": (c_int64, [c_char_p, c_void_p, c_int64, c_int, c_int, c_uint32, c_void_p, c_void_p]),
    "count_pairs": (c_int64, [POINTER(CCounts), c_void_p, c_int64, c_int64, c_int32, c_int32]),
    "empty_table": (c_int64, [POINTER(CCounts), c_int64, c_int64]),
    "sum_pairs": (c_int64, [c_void_p, c_int64, c_void_p, c_int32, c_uint64, c_int32, c_uint64]),
    "list_pairs": (None, [c_void_p, c_int64, c_void_p]),
    "fit_counts": (None, [POINTER(CGlove), c_void_p, c_int64, c_float, c_int, POINTER(Result)]),
}


@cache
def _load() -> ctypes.CDLL | str:
    try:
        from . import _engine
    except ImportError as error:
        return str(error)
    library = ctypes.CDLL(_engine.__file__)
    for name, (result, arguments) in SIGNATURES.items():
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library


def library() -> ctypes.CDLL:
    loaded = _load()
    if isinstance(loaded, str):
        raise ImportError(loaded)
    return loaded


def reason_missing() -> str | None:
    """Why there is no compiled engine; None if there is one."""
    loaded = _load()
    return loaded if isinstance(loaded, str) else None


def address(array: numpy.ndarray | None) -> int | None:
    """Where a C-contiguous array lies. Keep the array as long as C uses it."""
    if array is None:
        return None
    assert array.flags.c_contiguous
    return array.ctypes.data


def compose_words(inputs: numpy.ndarray, starts: numpy.ndarray, rows: numpy.ndarray, vectors: numpy.ndarray) -> None:
    """Fills ``vectors`` (words x dim) with the means of each word's rows of ``inputs``; see ``Model.index``."""
    arrays = {"inputs": inputs, "starts": starts, "rows": rows}
    addresses = {name: address(array) for name, array in arrays.items()}
    model = CModel(dim=inputs.shape[1], words=len(vectors), **addresses)
    library().compose_words(model, 0, len(vectors), address(vectors))


def hash_ngrams(
    words: list[bytes], min_n: int, max_n: int, bucket: int
) -> tuple[numpy.ndarray, numpy.ndarray]:  # words + 1, n-grams
    """The buckets of each word's n-grams, one word after the other, and where each word's begin."""
    lengths = numpy.array([len(word) for word in words], dtype=numpy.int32)
    starts = numpy.zeros(len(words) + 1, dtype=numpy.int64)
    arguments = b"".join(words), address(lengths), len(words), min_n, max_n, bucket, address(starts)
    buckets = numpy.empty(library().hash_ngrams(*arguments, None), dtype=numpy.int32)
    library().hash_ngrams(*arguments, address(buckets))
    return starts, buckets
