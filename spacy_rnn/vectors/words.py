"""The words of a table, as they lie in its file: found by hash without reading them, decoded only when asked for.

A million words are neither a million Python strings nor a dictionary: they are one piece of text and three arrays, all
of which may be mapped from a file. Where a file is to be small, it has the letters only, compressed, and the rest is
made when it is opened. Read ``find`` first: a binary search of many hashes at once.
"""

import operator
import zlib
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

import numpy

from ..errors import Errors, RNNError
from .murmur import hash_words

FEW = 3  # hashes, of which so few are found faster one by one
STEP = 256  # words between two whose place in the text is kept
SPOT_CHECKS = 64  # words whose hash is computed anew when a file is opened


class Words(Sequence[str]):
    """Different words, none empty, in the order of a table's rows.

    text     uint8: all words as UTF-8, one after the other
    lengths  uint8, uint16 or uint32, words: how many bytes each word has
    hashes   uint64, words, ascending: spaCy's hashes of the words
    rows     int32, words: which row each hash belongs to
    """

    def __init__(self, text: numpy.ndarray, lengths: numpy.ndarray, hashes: numpy.ndarray, rows: numpy.ndarray):
        self.text = text
        self.lengths = lengths
        self.hashes = hashes
        self.rows = rows

    @classmethod
    def pack(cls, words: Iterable[str], source: str = "the table") -> "Words":
        """From any words, which must differ."""
        if isinstance(words, Words):
            return words
        encoded = []
        for row, word in enumerate(words):
            encoded.append(word.encode("utf8", "replace"))
            if not word or (b"?" in encoded[-1] and encoded[-1].decode("utf8") != word):
                raise RNNError(Errors.R227.format(source=source, word=word, row=row))
        lengths = numpy.fromiter(map(len, encoded), dtype=numpy.uint32, count=len(encoded))
        lengths = lengths.astype(numpy.min_scalar_type(int(lengths.max(initial=0))), copy=False)
        return cls._index(numpy.frombuffer(b"".join(encoded), dtype=numpy.uint8), lengths, source)

    @classmethod
    def _index(cls, text: numpy.ndarray, lengths: numpy.ndarray, source: str) -> "Words":
        hashes = hash_words(text, lengths)
        order = numpy.argsort(hashes, kind="stable").astype(numpy.int32)
        packed = cls(text, lengths, hashes[order], order)
        packed._check_different(source)
        return packed

    def compress(self) -> numpy.ndarray:
        """All lengths, as uint32, and the text, without the index: a third of the size or less.  # uint8"""
        data = self.lengths.astype("<u4").tobytes() + self.text.tobytes()
        return numpy.frombuffer(zlib.compress(data), dtype=numpy.uint8)

    @classmethod
    def decompress(cls, data: numpy.ndarray, count: int, source: str) -> "Words":
        """The ``count`` words of ``compress``. ValueError if they are not there."""
        unpacker = zlib.decompressobj()
        try:
            lengths = numpy.frombuffer(unpacker.decompress(data, 4 * count), dtype="<u4")
            size = int(lengths.sum(dtype=numpy.int64))
            text = numpy.frombuffer(unpacker.decompress(unpacker.unconsumed_tail, size + 1), dtype=numpy.uint8)
        except zlib.error as error:
            raise ValueError(f"its words cannot be unpacked: {error}") from error
        if len(lengths) != count or len(text) != size or not unpacker.eof or not (lengths > 0).all():
            raise ValueError(f"it has other than {count:,} words")
        return cls._index(text, lengths.astype(numpy.min_scalar_type(int(lengths.max(initial=0)))), source)

    def _check_different(self, source: str) -> None:
        same = numpy.flatnonzero(self.hashes[1:] == self.hashes[:-1])
        if len(same):
            first, second = (int(self.rows[same[0] + i]) for i in (0, 1))
            raise RNNError(Errors.R228.format(source=source, word=self[second], first=first, second=second))

    def check(self, source: str) -> None:
        """Are these arrays, which come from a file, what they should be? Of the text only some words are read."""
        count = len(self.hashes)
        fit = len(self.lengths) == len(self.rows) == count
        fit = fit and bool((self.lengths > 0).all()) and int(self.lengths.sum(dtype=numpy.int64)) == len(self.text)
        fit = fit and bool((self.hashes[1:] > self.hashes[:-1]).all()) and self._is_permutation()
        if not fit or not self._spot_check(source):
            raise RNNError(Errors.R221.format(source=source, error="its words and their index do not agree"))

    def _is_permutation(self) -> bool:
        seen = numpy.zeros(len(self.rows), dtype=bool)
        if len(self.rows) and (self.rows.min() < 0 or self.rows.max() >= len(self.rows)):
            return False
        seen[self.rows] = True
        return bool(seen.all())

    def _spot_check(self, source: str) -> bool:
        step = max(1, len(self) // SPOT_CHECKS)
        places = numpy.arange(0, len(self), step)
        words = [self._encoded(row) for row in self.rows[places].tolist()]
        text = numpy.frombuffer(b"".join(words), dtype=numpy.uint8)
        hashes = hash_words(text, numpy.array([len(word) for word in words], dtype=numpy.int64))
        return bool((hashes == self.hashes[places]).all())

    # -- Looking up

    def find(self, hashes: list[int]) -> list[int]:
        """The row of each hash, -1 where there is none."""
        if len(hashes) <= FEW or not len(self):
            return list(map(self.find_one, hashes))
        wanted = numpy.array(hashes, dtype=numpy.uint64)
        places = self.hashes.searchsorted(wanted)
        places[places == len(self)] = -1
        return numpy.where(self.hashes[places] == wanted, self.rows[places], -1).tolist()

    def find_one(self, code: int) -> int:
        place = int(self.hashes.searchsorted(numpy.uint64(code)))
        return self.rows.item(place) if place < len(self) and self.hashes.item(place) == code else -1

    @cached_property
    def _starts(self) -> numpy.ndarray:
        """Where every STEP-th word begins.  # words / STEP, int64"""
        sizes = numpy.add.reduceat(self.lengths, numpy.arange(0, len(self), STEP), dtype=numpy.int64)
        return numpy.cumsum(sizes) - sizes

    def _encoded(self, row: int) -> bytes:
        block = row // STEP
        start = int(self._starts[block]) + int(self.lengths[block * STEP : row].sum(dtype=numpy.int64))
        return self.text[start : start + int(self.lengths[row])].tobytes()

    # -- As a sequence of strings

    def __len__(self) -> int:
        return len(self.hashes)

    def __getitem__(self, row):
        if isinstance(row, slice):
            rows = range(*row.indices(len(self)))
            return [self[i] for i in rows] if len(rows) < STEP else list(self)[row]
        if not -len(self) <= row < len(self):
            raise IndexError(row)
        return _decode(self._encoded(int(row) % len(self)))

    def __iter__(self) -> Iterator[str]:
        start = 0
        text = self.text.tobytes()
        for end in numpy.cumsum(self.lengths, dtype=numpy.int64).tolist():
            yield _decode(text[start:end])
            start = end

    def __reversed__(self) -> Iterator[str]:
        return reversed(list(self))

    def __eq__(self, other) -> bool:
        return isinstance(other, Sequence) and len(self) == len(other) and all(map(operator.eq, self, other))

    __hash__ = None

    def __repr__(self) -> str:
        return f"<{len(self):,} words: {', '.join(self[:3])} ...>"


def _decode(encoded: bytes) -> str:
    try:
        return encoded.decode("utf8")
    except UnicodeDecodeError as error:
        raise RNNError(Errors.R221.format(source="the table of vectors", error=f"word {encoded!r}: {error}")) from error
