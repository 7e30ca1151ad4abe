"""Reading numbers out of a binary file, none of them believed: each is checked before anything is sized by it."""

import mmap
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy

from ...errors import Errors, RNNError


class Cursor:
    """A place in a file that lies in memory or is mapped there. Little-endian, as all these formats are."""

    def __init__(self, data: bytes | mmap.mmap, source: object):
        self.data, self.source, self.at = data, source, 0

    def read(self, layout: str, what: str) -> tuple:
        """The numbers of a struct ``layout`` from here on. RNNError with ``what`` and the byte if the file ends."""
        start = self.skip(struct.calcsize(f"<{layout}"), what)
        return struct.unpack_from(f"<{layout}", self.data, start)

    def skip(self, size: int, what: str) -> int:
        """Pass ``size`` bytes, and say where they begin."""
        if not 0 <= size <= len(self.data) - self.at:
            raise RNNError(Errors.R248.format(path=self.source, byte=len(self.data), what=what, start=self.at))
        self.at += size
        return self.at - size

    def until_zero(self, what: str) -> bytes:
        end = self.data.find(b"\0", self.at)
        if end < 0:
            raise RNNError(Errors.R248.format(path=self.source, byte=len(self.data), what=what, start=self.at))
        found = self.data[self.at : end]
        self.at = end + 1
        return found

    def refuse(self, what: str, value: object, expected: object) -> RNNError:
        """To be raised: the number just read cannot be right."""
        return RNNError(Errors.R249.format(path=self.source, byte=self.at, what=what, value=value, expected=expected))


@contextmanager
def open_mapped(path: Path) -> Iterator[Cursor]:
    """The whole file, of which only what is looked at is read."""
    with path.open("rb") as file:
        if path.stat().st_size == 0:
            raise RNNError(Errors.R247.format(path=path))
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            yield Cursor(data, path)


def map_matrix(path: Path, start: int, rows: int, dim: int) -> numpy.ndarray:  # rows x dim
    """float32 that stay on disk until they are used."""
    if not rows:
        return numpy.zeros((0, dim), dtype=numpy.float32)
    return numpy.memmap(path, dtype="<f4", mode="r", offset=start, shape=(rows, dim))


def load_matrix(path: Path, start: int, rows: int, dim: int) -> numpy.ndarray:  # rows x dim
    return numpy.fromfile(path, dtype="<f4", count=rows * dim, offset=start).reshape(rows, dim)
