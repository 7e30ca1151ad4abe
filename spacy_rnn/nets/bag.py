"""Trains a bag of vectors at full speed, in the weights of a `TextClassifier` and its words:

    h = mean of the word vectors beside mean of the n-gram vectors,   p = softmax(W h + b), or a sigmoid of each label

by stochastic gradient descent, text by text (Joulin et al. 2017, arXiv:1607.01759). native/_bag.c does it where it is
compiled; `NumpyBag` does the same, some times slower. A word or n-gram that is dropped counts as zeros in the mean, and
so does one that was never met: training meets what prediction will.
"""

import ctypes
from ctypes import POINTER, Structure, c_double, c_float, c_int, c_int32, c_int64, c_uint32, c_uint64, c_void_p
from functools import cache
from typing import NamedTuple

import numpy

from .native import address

SMALL = 1e-4  # a label whose probability is closer to the truth is left alone
LEVEL = 2  # the most that is used of the processor: 2 AVX-512, 1 AVX2, 0 neither
STEP, MIX, MIX_TOO = (numpy.uint64(n) for n in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB))


class Lists(NamedTuple):
    """A list for each text, one after the other: that of text t is rows[starts[t] : starts[t + 1]]."""

    rows: numpy.ndarray  # int32
    starts: numpy.ndarray  # texts + 1, int64

    def of(self, text: int) -> numpy.ndarray:
        return self.rows[self.starts[text] : self.starts[text + 1]]


class BagTexts(NamedTuple):
    """words, ngrams: rows of their tables. labels: those that are right. base: texts x width, float32, added to the
    mean of the words; the table then begins with zeros and holds no row for unknown words."""

    words: Lists
    ngrams: Lists
    labels: Lists
    base: numpy.ndarray | None = None

    def __len__(self) -> int:
        return len(self.words.starts) - 1


class BagWeights(NamedTuple):
    """float32, changed in place. words: ... x width. ngrams: ... x ngram_width. output: labels x both. bias: labels."""

    words: numpy.ndarray
    ngrams: numpy.ndarray
    output: numpy.ndarray
    bias: numpy.ndarray


class NumpyBag:
    def __init__(self, weights: BagWeights, texts: BagTexts, exclusive: bool, dropout: float = 0.0):
        self.weights, self.texts, self.exclusive = weights, texts, exclusive
        self.dropped = min(int(dropout * 2**32), 2**32 - 1)

    @numpy.errstate(over="ignore", invalid="ignore")  # the loss tells
    def train(self, order: numpy.ndarray, lr: float, last_lr: float, seed: int) -> float:
        """Train on these texts, int32, while the learning rate goes from one to the other: the sum of their losses."""
        loss, state = 0.0, numpy.uint64(seed)
        for i, text in enumerate(order.tolist()):
            words, ngrams = self.texts.words.of(text), self.texts.ngrams.of(text)
            shares = [1 / max(len(rows), 1) for rows in (words, ngrams)]
            if self.dropped:
                kept, state = self._draw(len(words) + len(ngrams), state)
                words, ngrams = words[kept[: len(words)]], ngrams[kept[len(words) :]]
            loss += self._step(text, words, ngrams, shares, lr + (last_lr - lr) * i / len(order))
        return loss

    def logits(self, texts: numpy.ndarray) -> numpy.ndarray:  # texts x labels
        rows = [self._read(t, self.texts.words.of(t), self.texts.ngrams.of(t)) for t in texts.tolist()]
        return numpy.array(rows, dtype="float32").reshape(len(texts), -1) @ self.weights.output.T + self.weights.bias

    def _draw(self, count: int, state: numpy.uint64) -> tuple[numpy.ndarray, numpy.uint64]:
        """Which of so many are kept (splitmix64, as in C)."""
        with numpy.errstate(over="ignore"):
            states = state + STEP * numpy.arange(1, count + 1, dtype="uint64")
            mixed = (states ^ (states >> numpy.uint64(30))) * MIX
            mixed = (mixed ^ (mixed >> numpy.uint64(27))) * MIX_TOO
            drawn = (mixed ^ (mixed >> numpy.uint64(31))) >> numpy.uint64(32)
            return drawn >= self.dropped, state + STEP * numpy.uint64(count)

    def _read(self, text: int, words: numpy.ndarray, ngrams: numpy.ndarray, shares=None) -> numpy.ndarray:
        shares = shares or [1 / max(len(rows), 1) for rows in (words, ngrams)]
        word, ngram = self.weights.words[words].sum(0) * shares[0], self.weights.ngrams[ngrams].sum(0) * shares[1]
        return numpy.concatenate([word if self.texts.base is None else word + self.texts.base[text], ngram])

    def _step(self, text: int, words: numpy.ndarray, ngrams: numpy.ndarray, shares: list[float], lr: float) -> float:
        table, ngram_table, output, bias = self.weights
        right = self.texts.labels.of(text)
        hidden = self._read(text, words, ngrams, shares)
        scores = output @ hidden + bias
        if self.exclusive:
            powers = numpy.exp(scores - scores.max())
            errors = -powers / powers.sum()
            loss = scores.max() - scores[right[0]] + numpy.log(powers.sum())
        else:
            powers = numpy.exp(-numpy.abs(scores))
            errors = -numpy.where(scores > 0, 1, powers) / (1 + powers)
            loss = (numpy.log1p(powers) + numpy.maximum(scores, 0)).sum() - scores[right].sum()
        errors[right] += 1
        errors[numpy.abs(errors) < SMALL] = 0.0
        gradient = errors @ output
        output += (lr * errors)[:, None] * hidden
        bias += lr * errors
        if self.texts.base is not None:
            words = words[words > 0]
        width = table.shape[1]
        numpy.add.at(table, words, lr * shares[0] * gradient[:width])
        numpy.add.at(ngram_table, ngrams, lr * shares[1] * gradient[width:])
        return float(loss)


class CBag(Structure):
    """``Bag`` of _bag.c."""

    _fields_ = [(name, c_int32) for name in ("width", "ngram_width", "labels", "exclusive")]
    _fields_ += [("dropped", c_uint32)]
    _fields_ += [(name, c_void_p) for name in ("words", "ngrams", "weights", "bias")]
    _fields_ += [(f"{name}_{part}", c_void_p) for name in ("word", "ngram", "label") for part in ("starts", "rows")]
    _fields_ += [("base", c_void_p)]


@cache
def _load() -> ctypes.CDLL | str:
    try:
        from .native import _bag
    except ImportError as error:
        return str(error)
    library = ctypes.CDLL(_bag.__file__)
    library.train_bag.restype = c_double
    given = [c_int, POINTER(CBag), c_void_p, c_int64, c_float, c_float, c_uint64, *[c_void_p] * 3, c_int64]
    library.train_bag.argtypes = given
    return library


def reason_missing() -> str | None:
    """Why there is no compiled bag; None if there is one."""
    loaded = _load()
    return loaded if isinstance(loaded, str) else None


class NativeBag(NumpyBag):
    """The same, compiled. Several threads may train at once."""

    def __init__(self, weights: BagWeights, texts: BagTexts, exclusive: bool, dropout: float = 0.0):
        super().__init__(weights, texts, exclusive, dropout)
        lists = [array for each in texts[:3] for array in (each.starts, each.rows)]
        sizes = weights.words.shape[1], weights.ngrams.shape[1], len(weights.bias)
        self.described = CBag(*sizes, exclusive, self.dropped, *map(address, (*weights, *lists, texts.base)))
        self.longest = int((numpy.diff(texts.words.starts) + numpy.diff(texts.ngrams.starts)).max(initial=0))

    def train(self, order: numpy.ndarray, lr: float, last_lr: float, seed: int) -> float:
        scores = numpy.empty(len(self.weights.bias), dtype="float32")
        return self._run(order, lr, last_lr, seed, scores, 0)

    def logits(self, texts: numpy.ndarray) -> numpy.ndarray:
        scores = numpy.empty((len(texts), len(self.weights.bias)), dtype="float32")
        self._run(texts, 0.0, 0.0, 0, scores, scores.shape[1])
        return scores

    def _run(self, order: numpy.ndarray, lr: float, last_lr: float, seed: int, scores: numpy.ndarray, step: int):
        memory = numpy.empty(2 * self.weights.output.shape[1], dtype="float32")
        kept = numpy.empty(self.longest, dtype="int32")
        given = (address(order), len(order), lr, last_lr, seed, *map(address, (memory, kept, scores)), step)
        return _load().train_bag(LEVEL, self.described, *given)


def make_bag(*given) -> NumpyBag:
    return NumpyBag(*given) if reason_missing() else NativeBag(*given)
