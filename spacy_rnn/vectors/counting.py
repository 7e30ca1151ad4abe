"""The first pass over a text: words are counted, and numbered as they come, in C or, without a compiler, in Python.

Read ``PythonCounter`` first, which is short; ``NativeCounter`` does the same.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy

from . import native
from .normalize import DELETED, Normalization

END = -1  # of a sentence
CHUNK = 2**20  # ids read together
DENSE = 2**26  # numbers given: beyond, they are looked up in a sorted list instead of a table


@dataclass
class Vocabulary:
    """Words by falling count, and what was left out. ``numbers``: what each was called in the first pass."""

    words: list[str]
    counts: numpy.ndarray  # int64
    numbers: numpy.ndarray | None = None  # int32
    total: int = 0  # words of the corpus, rare ones included
    types: int = 0
    too_long: int = 0
    pruned: int = 0


def create_counter(normalization: Normalization, most: int) -> "NativeCounter | PythonCounter":
    """At most ``most`` words are kept at once: beyond, the rarest are forgotten."""
    return (PythonCounter if native.reason_missing() else NativeCounter)(normalization, most)


class NativeCounter:
    """See native/count.c."""

    def __init__(self, normalization: Normalization, most: int):
        codes = normalization.codes()
        self.library = native.library()
        self.pointer = self.library.counter_new(native.address(codes), most)
        if not self.pointer:
            raise MemoryError

    def __del__(self) -> None:
        if getattr(self, "pointer", None):
            self.library.counter_free(self.pointer)

    def add(self, block: bytes) -> numpy.ndarray:
        """The numbers of its words, -1 at the end of a sentence.  # int32"""
        ids = numpy.empty(len(block) + 1, dtype=numpy.int32)
        written = self.library.counter_add(self.pointer, block, len(block), native.address(ids))
        if written < 0:
            raise MemoryError
        return ids[:written]

    def finish(self, min_count: int) -> Vocabulary:
        sizes = numpy.zeros(6, dtype=numpy.int64)
        self.library.counter_sizes(self.pointer, native.address(sizes))
        used, size, _, total, too_long, pruned = sizes.tolist()
        letters = numpy.empty(size, dtype=numpy.uint8)
        lengths, numbers = (numpy.empty(used, dtype=numpy.int32) for _ in range(2))
        counts = numpy.empty(used, dtype=numpy.int64)
        self.library.counter_words(self.pointer, *map(native.address, (letters, lengths, counts, numbers)))
        ends = numpy.cumsum(lengths, dtype=numpy.int64)
        order = in_order(counts, numbers, min_count)
        text = letters.tobytes()
        words = [
            text[end - length : end].decode("utf8")
            for end, length in zip(ends[order].tolist(), lengths[order].tolist(), strict=True)
        ]
        return Vocabulary(words, counts[order], numbers[order], total, used + pruned, too_long, pruned)


class PythonCounter:
    """Where there is no compiled engine."""

    def __init__(self, normalization: Normalization, most: int):
        codes = normalization.codes().tolist()
        self.codes = {code: None if becomes == DELETED else becomes for code, becomes in enumerate(codes)}
        self.codes[ord("\n")] = ord("\n")
        self.most = most
        self.numbers: dict[str, int] = {}
        self.counts: dict[str, int] = {}
        self.next = self.total = self.pruned = self.threshold = 0

    def add(self, block: bytes) -> numpy.ndarray:
        ids: list[int] = []
        lines = block.decode("utf8").translate(self.codes).split("\n")
        for line in lines:
            ids.extend(self._count(word) for word in line.split(" ") if word)
            ids.append(END)
        return numpy.array(ids[:-1], dtype=numpy.int32)

    def _count(self, word: str) -> int:
        self.total += 1
        self.counts[word] = self.counts.get(word, 0) + 1
        if word not in self.numbers:
            self.numbers[word] = self.next
            self.next += 1
            if len(self.numbers) > self.most:
                self._prune()
        return self.numbers.get(word, self.next - 1)

    def _prune(self) -> None:
        while len(self.counts) > self.most - self.most // 4:
            self.threshold += 1
            rare = [word for word, count in self.counts.items() if count <= self.threshold]
            for word in rare:
                del self.counts[word], self.numbers[word]
            self.pruned += len(rare)

    def finish(self, min_count: int) -> Vocabulary:
        words = list(self.counts)
        counts = numpy.fromiter(self.counts.values(), dtype=numpy.int64, count=len(words))
        numbers = numpy.fromiter((self.numbers[word] for word in words), dtype=numpy.int32, count=len(words))
        order = in_order(counts, numbers, min_count)
        kept = [words[i] for i in order]
        return Vocabulary(kept, counts[order], numbers[order], self.total, len(words) + self.pruned, pruned=self.pruned)


def in_order(counts: numpy.ndarray, numbers: numpy.ndarray, min_count: int) -> numpy.ndarray:
    """The words frequent enough, by falling count; equally frequent ones as they came."""
    order = numpy.lexsort((numbers, -counts))
    return order[: int((counts >= min_count).sum())]


# -- Reading the numbers again


def read_sentences(path: Path) -> Iterator[numpy.ndarray]:
    """The ids in a file, in chunks that end with a sentence."""
    rest = numpy.zeros(0, dtype=numpy.int32)
    with path.open("rb") as file:
        while len(ids := numpy.fromfile(file, dtype=numpy.int32, count=CHUNK)):
            ids = numpy.concatenate([rest, ids])
            ends = numpy.flatnonzero(ids < 0)
            end = int(ends[-1]) + 1 if len(ends) else len(ids)  # a sentence of a million words is cut
            ids, rest = ids[:end], ids[end:]
            yield ids if ids[-1] < 0 else numpy.append(ids, numpy.int32(END))
    if len(rest):
        yield numpy.append(rest, numpy.int32(END))


def find_places(numbers: numpy.ndarray) -> Callable[[numpy.ndarray], numpy.ndarray]:
    """number of the first pass -> place in the vocabulary, or -2."""
    top = int(numbers.max()) + 1 if len(numbers) else 0
    if top <= DENSE:
        table = numpy.full(top + 1, -2, dtype=numpy.int32)
        table[numbers] = numpy.arange(len(numbers), dtype=numpy.int32)
        return lambda ids: table[numpy.minimum(ids, top)]
    order = numpy.argsort(numbers).astype(numpy.int32)
    known = numbers[order]

    def find(ids: numpy.ndarray) -> numpy.ndarray:
        at = numpy.minimum(numpy.searchsorted(known, ids), len(known) - 1)
        return numpy.where(known[at] == ids, order[at], -2)

    return find
