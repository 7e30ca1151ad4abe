"""Vectors as text: a word and its numbers on each line, separated by single spaces.

word2vec's text format and fastText's ``.vec`` begin with a line "words dim", GloVe's files do not; floret's are tables
of rows that look the same (see ``floret.py``). Any of them may be gzipped. A word may contain spaces (GloVe's do),
no-break spaces (fastText's do) or be a number itself, so a line is cut from its right end.

Some thousand lines are read, checked and parsed together (``lines.py``, ``parsing.py``). Read ``read_lines`` first.
"""

from pathlib import Path
from typing import NamedTuple

import numpy

from ...errors import Errors, RNNError
from .lines import GZIP_RATIO, NUMBER, count_numbers, open_unpacked, read_blocks
from .parsing import parse_numbers
from .progress import ProgressT, silent
from .words import check_encoding, warn_of_repeats


class Lines(NamedTuple):
    """What was read: each word once, and its vector."""

    words: list[str]
    vectors: numpy.ndarray  # words x dim
    header: list[bytes] | None  # the fields of the first line


def read_lines(
    path: Path,
    *,
    header: bool,
    limit: int = 0,
    encoding: str = "utf8",
    dtype: str = "float32",
    progress: ProgressT = silent,
) -> Lines:
    """All words with their vectors, the first ``limit`` of them if that is not 0."""
    check_encoding(encoding)
    total = path.stat().st_size
    with open_unpacked(path) as (file, raw):
        blocks = read_blocks(file, path)
        number, lines = next(blocks, (1, []))
        fields = lines.pop(0).split() if header and lines else None
        announced, dim = _shape(path, fields, lines, _capacity(file is raw, total), limit)
        if fields is not None:
            _check_dim(path, dim, lines)
        reader = _Reader(path, dim, encoding, dtype, limit)
        reader.add(number + header, lines)
        for number, lines in blocks:
            if limit and len(reader.words) >= limit:
                break
            reader.add(number, lines)
            progress(raw.tell(), total)
    if not reader.words:
        raise RNNError(Errors.R247.format(path=path))
    found = len(reader.words) + reader.repeats
    if header and not limit and found != announced:
        raise RNNError(Errors.R245.format(path=path, announced=announced, found=found))
    progress(total, total)
    return reader.finish(fields)


def _capacity(plain: bool, size: int) -> int:
    return size if plain else size * GZIP_RATIO


def _shape(path: Path, fields: list[bytes] | None, lines: list[bytes], capacity: int, limit: int) -> tuple[int, int]:
    """How many words there should be (0: unknown), and the length of their vectors."""
    if fields is None:
        return 0, max(1, count_numbers(lines))
    try:
        words, dim = (int(field) for field in fields[:2])
    except ValueError:
        words, dim = 0, 0
    if words < 1 or dim < 1 or (min(words, limit) if limit else words) * dim * 2 > capacity:
        line = b" ".join(fields).decode("utf8", "backslashreplace")[:80]
        expected = "two numbers, of words and of numbers in a vector, that the file has room for"
        raise RNNError(
            Errors.R249.format(path=path, byte=len(line) + 1, what="the first line", value=line, expected=expected)
        )
    return words, dim


def _check_dim(path: Path, dim: int, lines: list[bytes]) -> None:
    """A word may end in a number (iPhone 5), but if all do, the vectors are longer than the first line says."""
    some = [line.rstrip(b" \r") for line in lines[:100] if line.strip()]
    words = [line.rsplit(b" ", dim)[0].split(b" ") for line in some]
    if words and all(len(parts) > 1 and NUMBER.fullmatch(parts[-1]) for parts in words):
        place = {"path": path, "announced": dim, "line": 2, "found": some[0].count(b" ")}
        raise RNNError(Errors.R278.format(**place))


class _Reader:
    """Collects words and vectors. The matrix grows in place, so there is never more than one."""

    def __init__(self, path: Path, dim: int, encoding: str, dtype: str, limit: int):
        self.path, self.dim, self.encoding, self.limit = path, dim, encoding, limit
        self.words: dict[str, None] = {}
        self.vectors = numpy.empty((0, dim), dtype=dtype)
        self.repeats, self.repeated = 0, ""

    def add(self, number: int, lines: list[bytes]) -> None:
        """Take in some lines, the first of which has this ``number``."""
        while lines and not (self.limit and len(self.words) >= self.limit):
            room = self.limit - len(self.words) if self.limit else len(lines)
            self._take(number, [line.rstrip(b" \r") for line in lines[:room]])
            number, lines = number + room, lines[room:]

    def _take(self, number: int, lines: list[bytes]) -> None:
        while lines and not lines[-1]:
            lines.pop()
        if not lines:
            return
        words, numbers = zip(*map(self._split, lines, range(number, number + len(lines))), strict=True)
        vectors = parse_numbers(numbers, self.dim, self.vectors.dtype.name, self.path, number)
        names = self._decode(words, number)
        before = len(self.words)
        fresh = self._fresh(names)
        if fresh is not None:
            vectors = vectors[fresh]
        count = len(self.words)
        if count > len(self.vectors):
            self.vectors.resize((count + count // 8, self.dim), refcheck=False)
        self.vectors[before:count] = vectors

    def _split(self, line: bytes, number: int) -> tuple[bytes, bytes]:
        word, _, numbers = line.partition(b" ")
        if numbers.count(b" ") != self.dim - 1 or not word:
            fields = line.rsplit(b" ", self.dim)
            if len(fields) <= self.dim or not fields[0]:
                found = len(fields) - 1
                raise RNNError(Errors.R242.format(path=self.path, line=number, found=found, expected=self.dim))
            word, numbers = fields[0], b" ".join(fields[1:])
        return word, numbers

    def _decode(self, words: tuple[bytes, ...], number: int) -> list[str]:
        names = []
        for line, word in enumerate(words, start=number):
            try:
                names.append(word.decode(self.encoding))
            except UnicodeDecodeError as error:
                place = {"path": self.path, "line": line, "byte": error.start + 1}
                raise RNNError(Errors.R244.format(encoding=self.encoding, **place)) from error
        return names

    def _fresh(self, names: list[str]) -> list[int] | None:
        """Take the new words in, and say which they were; None: all of them."""
        before = len(self.words)
        self.words.update(dict.fromkeys(names))
        if len(self.words) == before + len(names):
            return None
        while len(self.words) > before:
            self.words.popitem()
        fresh = []
        for i, name in enumerate(names):
            if name in self.words:
                self.repeats, self.repeated = self.repeats + 1, self.repeated or name
            else:
                self.words[name] = None
                fresh.append(i)
        return fresh

    def finish(self, header: list[bytes] | None) -> Lines:
        self.vectors.resize((len(self.words), self.dim), refcheck=False)
        if self.repeats:
            warn_of_repeats(self.repeats, self.repeated, self.path)
        return Lines(list(self.words), self.vectors, header)
