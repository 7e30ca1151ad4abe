"""word2vec's binary format: a line "words dim", then for each word its bytes, a space, and ``dim`` float32.

word2vec itself ends each vector with a line break, gensim does not; both are read, gzipped or not. What is written has
none, as gensim's. Source: word2vec.c of code.google.com/archive/p/word2vec.
"""

from pathlib import Path
from typing import IO

import numpy

from ...atomic import whole_file
from ...errors import Errors, RNNError
from .lines import GZIP_RATIO, open_unpacked
from .matrix import chunks
from .progress import ProgressT, silent
from .words import check_encoding, check_finite, decode_words, first_of_each

BLOCK = 2**22  # bytes read together
LONGEST_WORD = 2**16  # bytes
LONGEST_HEADER = 64


class _Bytes:
    """A file read in blocks: what has been read and not used begins at ``at``."""

    def __init__(self, file: IO[bytes], path: Path):
        self.file, self.path = file, path
        self.data, self.at, self.passed = b"", 0, 0

    def fill(self, size: int) -> bool:
        """Have ``size`` bytes ready, if the file has so many left."""
        while len(self.data) - self.at < size:
            block = self.file.read(max(BLOCK, size))
            if not block:
                return False
            self.passed += self.at
            self.data, self.at = self.data[self.at :] + block, 0
        return True

    def until(self, sign: bytes, most: int, what: str) -> bytes:
        """The bytes before the next ``sign``, which is passed."""
        end = self.data.find(sign, self.at, self.at + most)
        if end < 0:
            self.fill(most)
            end = self.data.find(sign, self.at, self.at + most)
        if end < 0:
            raise self.ended(what)
        found = self.data[self.at : end]
        self.at = end + 1
        return found

    def ended(self, what: str) -> RNNError:
        start = self.passed + self.at
        return RNNError(Errors.R248.format(path=self.path, byte=self.passed + len(self.data), what=what, start=start))


def read_binary(
    path: Path,
    *,
    limit: int = 0,
    encoding: str = "utf8",
    dtype: str = "float32",
    progress: ProgressT = silent,
) -> tuple[list[str], numpy.ndarray]:
    """The words, each once, and their vectors (words x dim): the first ``limit`` of them if that is not 0."""
    check_encoding(encoding)
    with open_unpacked(path) as (file, raw):
        source = _Bytes(file, path)
        size = path.stat().st_size
        announced, dim = _read_header(source, size if file is raw else size * GZIP_RATIO, limit)
        count = min(limit, announced) if limit else announced
        words: list[bytes] = []
        vectors = numpy.empty((count, dim), dtype=dtype)
        for row in range(count):
            words.append(source.until(b" ", LONGEST_WORD, f"word {row + 1} of {announced}").removeprefix(b"\n"))
            if not source.fill(dim * 4):
                raise source.ended(f"vector {row + 1} of {announced}")
            vectors[row] = numpy.frombuffer(source.data, "<f4", dim, source.at)
            source.at += dim * 4
            if row % 1000 == 999:
                progress(row + 1, count)
        source.fill(2)
        if count == announced and source.data[source.at :].strip(b"\n"):
            raise RNNError(Errors.R245.format(path=path, announced=announced, found=f"{announced} and more bytes"))
    return _finish(words, vectors, encoding, path)


def _read_header(source: _Bytes, capacity: int, limit: int) -> tuple[int, int]:
    fields = source.until(b"\n", LONGEST_HEADER, "first line").split()
    try:
        words, dim = map(int, fields)
    except ValueError:
        words, dim = 0, 0
    if words < 1 or dim < 1 or (min(words, limit) if limit else words) * (dim * 4 + 1) > capacity:
        line = b" ".join(fields).decode("utf8", "backslashreplace")
        expected = "two numbers, of words and of numbers in a vector, that the file has room for"
        place = {"path": source.path, "byte": source.at}
        raise RNNError(Errors.R249.format(what="the first line", value=line, expected=expected, **place))
    return words, dim


def _finish(words: list[bytes], vectors: numpy.ndarray, encoding: str, path: Path) -> tuple[list[str], numpy.ndarray]:
    names = decode_words(words, encoding, path)
    check_finite(names, vectors, path)
    kept = first_of_each(names, path)
    return (names, vectors) if kept is None else ([names[row] for row in kept], vectors[kept])


def write_binary(path: Path, words: list[str], vectors, progress: ProgressT = silent) -> None:
    """The words must have no spaces or line breaks in them."""
    rows, dim = vectors.shape
    with whole_file(path) as file:
        file.write(b"%d %d\n" % (rows, dim))
        for part, numbers in chunks(vectors):
            for word, row in zip(words[part], numbers.astype("<f4", copy=False), strict=True):
                file.write(b"%b %b" % (word.encode("utf8"), row.tobytes()))
            progress(part.stop, rows)
