"""From text to numbers: words are counted and numbered in one pass (``counting.py``), then the rare ones are dropped.

The numbers lie in a file, four bytes a word, -1 at the end of a sentence, so that a corpus may be larger than the
memory, and each epoch reads it in blocks. Read ``encode`` first.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy

from ..atomic import whole_file, writing_to
from ..errors import Errors
from .counting import END, Vocabulary, create_counter, find_places, read_sentences
from .normalize import Normalization
from .phrases import MIN_COUNT as PHRASE_MIN_COUNT
from .phrases import join_phrases

BLOCK = 20_000  # words trained on in one go
MAX_SENTENCE = 10_000  # words; a longer one is trained on in parts
HOLD_OUT_EVERY = 100  # sentences: of so many at most one is held out ...
HOLD_OUT_MOST = 1000  # ... and in all, about so many at most


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
        corpus = cls(path=ids, **{k: numpy.array(v, dtype=types[k]) if k in types else v for k, v in data.items()})
        check_size(ids, int(corpus.blocks[-1]) * 4)
        return corpus


def check_size(path: Path, expected: int) -> None:
    size = path.stat().st_size
    if size != expected:
        raise ValueError(f"{path.name} has {size:,} bytes, expected {expected:,}")


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
    counter = create_counter(normalization, most)
    first = path.with_suffix(".first")
    with first.open("wb") as file:
        for block in blocks:
            ids = counter.add(block)
            with writing_to(path.parent, Errors.R284):
                ids.tofile(file)
    vocabulary = counter.finish(min(min_count, PHRASE_MIN_COUNT) if phrases else min_count)
    del counter
    with writing_to(path.parent, Errors.R284):
        if phrases:
            vocabulary = join_phrases(first, vocabulary, phrases, min_count, report)
        corpus = renumber(first, path, vocabulary, hold_out)
    first.unlink()
    return corpus


def renumber(first: Path, path: Path, vocabulary: Vocabulary, hold_out: bool) -> Corpus:
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


def _hold_out_every(first: Path, vocabulary: Vocabulary) -> int:
    sentences = sum(int((ids < 0).sum()) for ids in read_sentences(first))
    return max(HOLD_OUT_EVERY, sentences // HOLD_OUT_MOST)


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
