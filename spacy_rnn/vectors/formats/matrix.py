"""Rows of a matrix of vectors, whatever it is kept as: float32, float16, memory-mapped or product-quantised."""

from collections.abc import Iterator

import numpy

from ..matrix import take

ROWS_AT_ONCE = 2**13  # read, converted and written together


def chunks(matrix) -> Iterator[tuple[slice, numpy.ndarray]]:
    """All rows, some at a time, as float32, and where they are."""
    for start in range(0, len(matrix), ROWS_AT_ONCE):
        part = slice(start, min(start + ROWS_AT_ONCE, len(matrix)))
        yield part, take(matrix, numpy.arange(part.start, part.stop))
