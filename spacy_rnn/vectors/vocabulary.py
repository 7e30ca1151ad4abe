"""From text to numbers: words are counted and numbered in one pass, then the rare ones are dropped.

The numbers lie in a file, four bytes a word, -1 at the end of a sentence, so that a corpus may be larger than the
memory, and each epoch reads it in blocks. Read ``encode`` first.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy

from ..atomic import whole_file
from . import native
from .normalize import DELETED, Normalization

END = -1  # of a sentence
BLOCK = 20_000  # words trained on in one go
MAX_SENTENCE = 10_000  # words; a longer one is trained on in parts
HOLD_OUT_EVERY = 100  # sentences: of so many at most one is held out ...
HOLD_OUT_MOST = 1000  # ... and in all, about so many at most
PHRASE_MIN_COUNT = 5  # words seen less often are no part of a phrase
CHUNK = 2**20  # ids renumbered together
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


class NativeCounter:
    """Counts and numbers words in C. At most ``most`` are kept at once: beyond, the rarest are forgotten."""

    def __init__(self, normalization: Normalization, most: int):
        codes = normalization.codes()
        self.library = native.library()
        self.pointer = self.library.counter_new(native.address(codes), most)
        if not self.pointer:
            raise MemoryError

    def __del__(self) -> None:
        if getattr(self, "pointer", None):
            self.library.counter_free(self.pointer)

    def add(self, block: bytes) -> numpy.ndarray:  # ids
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
    """The same where there is no compiled engine."""

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


@dataclass
class Corpus:
    """A text as numbers: those of one block after the other in ``path``, and of the sentences held out."""

    path: Path
    words: list[str]
    counts: numpy.ndarray  # int64
    blocks: numpy.ndarray  # int64, blocks + 1: where each begins, in ids
    held_out: numpy.ndarray  # int32
    total: int  # words of the text, rare ones included
    types: int
    sentences: int
    pruned: int = 0
    too_long: int = 0
    parts, counted, loss_unit = "sentences", "words", "nats per pair"  # for reports

    def __len__(self) -> int:
        return len(self.blocks) - 1

    def read(self, block: int, count: int = 1) -> numpy.ndarray:  # ids
        """The ids of ``count`` blocks."""
        start, end = self.blocks[block], self.blocks[min(block + count, len(self))]
        return numpy.fromfile(self.path, dtype=numpy.int32, count=int(end - start), offset=int(start) * 4)

    @property
    def known(self) -> int:
        """Words of the text that are in the vocabulary and not held out."""
        return int(self.blocks[-1]) - self.sentences

    def save(self, path: Path) -> None:
        """All but the ids, beside them."""
        plain = {name: getattr(self, name) for name in ("words", "total", "types", "sentences", "pruned", "too_long")}
        arrays = {name: getattr(self, name).tolist() for name in ("counts", "blocks", "held_out")}
        with whole_file(path, "w", encoding="utf8") as file:
            json.dump(plain | arrays, file, ensure_ascii=False)

    @classmethod
    def load(cls, path: Path, ids: Path) -> "Corpus":
        data = json.loads(path.read_text(encoding="utf8"))
        types = {"counts": numpy.int64, "blocks": numpy.int64, "held_out": numpy.int32}
        return cls(path=ids, **{k: numpy.array(v, dtype=types[k]) if k in types else v for k, v in data.items()})


def encode(
    blocks: Iterable[bytes],
    path: Path,
    normalization: Normalization,
    *,
    min_count: int,
    most: int,
    hold_out: bool,
    phrases: int = 0,
    report: Callable[[str], None] = lambda line: None,
) -> Corpus:
    """Count the words of ``blocks`` (see corpus.py) and write the numbers of those seen ``min_count`` times to
    ``path``; with ``hold_out``, but for a sentence in a hundred or so, to measure the loss on. ``phrases``: how many
    times to join pairs of words; ``report`` is told which."""
    counter = (PythonCounter if native.reason_missing() else NativeCounter)(normalization, most)
    first = path.with_suffix(".first")
    with first.open("wb") as file:
        for block in blocks:
            counter.add(block).tofile(file)
    vocabulary = counter.finish(min(min_count, PHRASE_MIN_COUNT) if phrases else min_count)
    del counter
    if phrases:
        from .phrases import join_phrases

        vocabulary = join_phrases(first, vocabulary, phrases, min_count, report)
    corpus = renumber(first, path, vocabulary, hold_out)
    first.unlink()
    return corpus


def renumber(first: Path, path: Path, vocabulary: Vocabulary, hold_out: bool = False) -> Corpus:
    """Rewrite the ids in ``first`` as places in the vocabulary: rare words and empty sentences fall away, overlong
    sentences are cut, and every so often a sentence is held out."""
    find = find_places(vocabulary.numbers)
    every = _hold_out_every(first, vocabulary) if hold_out else 0
    held_out, starts, written, sentences = [], [0], 0, 0
    with path.open("wb") as file:
        for ids in read_sentences(first):
            ids = _tidy(numpy.where(ids < 0, END, find(ids)))
            ends = numpy.flatnonzero(ids < 0)
            if every:
                ids, ends, out = _take_out(ids, ends, sentences, every)
                held_out.append(out)
            sentences += len(ends)
            ids.tofile(file)
            starts.extend(written + _block_ends(ends))
            written += len(ids)
    if starts[-1] != written:
        starts.append(written)
    return Corpus(
        path,
        vocabulary.words,
        vocabulary.counts,
        numpy.array(starts, dtype=numpy.int64),
        numpy.concatenate(held_out) if held_out else numpy.zeros(0, dtype=numpy.int32),
        vocabulary.total,
        vocabulary.types,
        sentences,
        vocabulary.pruned,
        vocabulary.too_long,
    )


def find_places(numbers: numpy.ndarray):
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


def _hold_out_every(first: Path, vocabulary: Vocabulary) -> int:
    sentences = sum(int((ids < 0).sum()) for ids in read_sentences(first))
    return max(HOLD_OUT_EVERY, sentences // HOLD_OUT_MOST)


def read_sentences(path: Path) -> Iterator[numpy.ndarray]:
    """The ids in a file, in chunks that end with a sentence."""
    rest = numpy.zeros(0, dtype=numpy.int32)
    with path.open("rb") as file:
        while len(ids := numpy.fromfile(file, dtype=numpy.int32, count=CHUNK)):
            ids = numpy.concatenate([rest, ids])
            ends = numpy.flatnonzero(ids < 0)
            end = int(ends[-1]) + 1 if len(ends) else len(ids)  # a sentence of four million words is cut
            ids, rest = ids[:end], ids[end:]
            yield ids if ids[-1] < 0 else numpy.append(ids, numpy.int32(END))
    if len(rest):
        yield numpy.append(rest, numpy.int32(END))


def _tidy(ids: numpy.ndarray) -> numpy.ndarray:
    """Without rare words and empty sentences, and with ends within overlong sentences."""
    ids = ids[ids > -2]
    empty = (ids == END) & numpy.concatenate([[True], ids[:-1] == END])
    ids = ids[~empty]
    ends = numpy.flatnonzero(ids < 0)
    lengths = numpy.diff(ends, prepend=-1) - 1
    cuts = [
        start + numpy.arange(MAX_SENTENCE, length, MAX_SENTENCE)
        for start, length in zip((ends - lengths).tolist(), lengths.tolist(), strict=True)
        if length > MAX_SENTENCE
    ]
    return numpy.insert(ids, numpy.concatenate(cuts), END) if cuts else ids


def _take_out(ids, ends, before: int, every: int):
    """Without every n-th sentence, the ends of those that remain, and the ids of the others."""
    number = before + numpy.arange(len(ends)) + 1
    out = numpy.repeat(number % every == 0, numpy.diff(ends, prepend=-1))
    kept = ids[~out]
    return kept, numpy.flatnonzero(kept < 0), ids[out]


def _block_ends(ends: numpy.ndarray) -> numpy.ndarray:
    """Places after a sentence, BLOCK ids apart or a little more."""
    if not len(ends):
        return numpy.zeros(0, dtype=numpy.int64)
    after = ends + 1
    wanted = numpy.arange(BLOCK, after[-1] + 1, BLOCK)
    return numpy.unique(after[numpy.minimum(numpy.searchsorted(after, wanted), len(after) - 1)])
