"""A model of word vectors in training: what an engine trains, a checkpoint holds, and a table is made of.

On disk it is one safetensors file: tensors text and lengths (the words, UTF-8, one after the other), counts, inputs,
buckets, outputs, extra.*; metadata model: JSON with format, version, settings, lang.
"""

import json
import math
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy

from ..atomic import whole_file
from ..errors import Errors, RNNError
from . import layout, native
from .format import Table
from .settings import VectorSettings
from .subwords import ngram_rows

FORMAT = ("spacy-rnn.VectorModel", 1)
ROWS_AT_ONCE = 2**10  # words composed together: each has some twenty rows
EXTRA = "extra."  # before the names of tensors
GLOVE = {"biases": 0.0, "input_squares": 1.0, "output_squares": 1.0, "bias_squares": 1.0}  # extras, and their start


@dataclass
class Model:
    """All weights, float32 and C-contiguous. Words are ordered by falling count.

    inputs    (words + n-grams) x dim: the words' own rows (v of the lectures), then those of their n-grams.
              A word's input vector is the mean of its own row and those of its n-grams (fastText).
    buckets   int32, ascending: which bucket each n-gram row belongs to (hash modulo ``settings.bucket``). An n-gram
              whose bucket is not here never occurred, and has no vector. Empty: whole words only (Word2Vec).
    outputs   rows x dim: the context vectors (u of the lectures), one for each word; with hierarchical softmax one
              for each inner node of the tree, words - 1.
    extra     GloVe: its biases (words x 2: of the word, and of the word as context), and the sums of squared gradients
              of inputs, outputs and biases (AdaGrad).
    """

    settings: VectorSettings
    words: list[str]
    counts: numpy.ndarray  # int64
    inputs: numpy.ndarray
    buckets: numpy.ndarray
    outputs: numpy.ndarray
    lang: str = "xx"
    extra: dict[str, numpy.ndarray] = field(default_factory=dict)  # float32
    _index: tuple | None = field(default=None, init=False, repr=False, compare=False)

    def index(self) -> tuple[numpy.ndarray, numpy.ndarray]:
        """The rows of ``inputs`` each word is composed of, its own first, one word after the other (int32), and where
        each word's begin (words + 1, int64)."""
        if self._index is None or self._index[0] is not self.buckets:
            self._index = self.buckets, word_rows(self.words, self.settings, self.buckets)
        return self._index[1]

    def compose(self) -> numpy.ndarray:  # words x dim
        """The finished vectors of all words. GloVe: the sum of both a word has, which are alike."""
        if self.settings.model == "glove":
            return self.inputs + self.outputs
        starts, rows = self.index()
        vectors = numpy.empty((len(self.words), self.inputs.shape[1]), dtype=numpy.float32)
        if native.reason_missing() is None:
            native.compose_words(self.inputs, starts, rows, vectors)
            return vectors
        for first in range(0, len(self.words), ROWS_AT_ONCE):
            part = slice(first, min(first + ROWS_AT_ONCE, len(self.words)))
            begin, end = starts[part.start], starts[part.stop]
            sums = numpy.add.reduceat(self.inputs[rows[begin:end]], starts[part] - begin, axis=0)
            vectors[part] = sums / numpy.diff(starts[part.start : part.stop + 1])[:, None]
        return vectors

    def to_table(self) -> Table:
        settings = self.settings
        ngrams = self.inputs[len(self.words) :]
        sizes = (settings.min_n, settings.max_n, settings.bucket) if len(ngrams) else (0, 0, 0)
        vectors = self.compose() if len(ngrams) or settings.model == "glove" else self.inputs
        buckets = self.buckets if len(ngrams) else None
        return Table(self.words, vectors, ngrams, *sizes, buckets, settings.normalization)

    def is_finite(self) -> bool:
        """Is every weight a number?"""
        arrays = (self.inputs, self.outputs, *self.extra.values())
        rows = ((array, first) for array in arrays for first in range(0, len(array), ROWS_AT_ONCE))
        return all(numpy.isfinite(array[first : first + ROWS_AT_ONCE]).all() for array, first in rows)

    def save(self, path: Path, **beside: numpy.ndarray) -> None:
        """``beside``: further tensors for the same file."""
        with whole_file(path) as file:
            for piece in self._pieces(beside):
                file.write(piece)

    def to_bytes(self) -> bytes:
        return b"".join(self._pieces({}))

    def _pieces(self, beside: layout.Tensors) -> Iterator[memoryview | bytes]:
        encoded = [word.encode("utf8") for word in self.words]
        tensors = {
            "text": numpy.frombuffer(b"".join(encoded), dtype=numpy.uint8),
            "lengths": numpy.array([len(word) for word in encoded], dtype=numpy.int32),
            "counts": self.counts.astype(numpy.uint64),
            "inputs": self.inputs,
            "buckets": self.buckets,
            "outputs": self.outputs,
        } | {EXTRA + name: array for name, array in self.extra.items()}
        tensors |= beside
        about = {"format": FORMAT, "settings": asdict(self.settings), "lang": self.lang}
        return layout.write(tensors, {"model": json.dumps(about)})

    @classmethod
    def load(cls, path: Path) -> "Model":
        try:
            data = path.read_bytes()
        except OSError as error:
            raise RNNError(Errors.R215.format(path=path, error=error)) from error
        return cls.from_bytes(data, path)

    @classmethod
    def from_bytes(cls, data: bytes, source: object = "these bytes") -> "Model":
        try:
            tensors, metadata = layout.read(data)
            about = json.loads(metadata["model"])
            if tuple(about["format"]) != FORMAT:
                raise ValueError(f"its format is {about['format']}")
            text, ends = tensors["text"].tobytes(), numpy.cumsum(tensors["lengths"], dtype=numpy.int64)
            spans = zip(ends.tolist(), tensors["lengths"].tolist(), strict=True)
            words = [text[end - length : end].decode("utf8") for end, length in spans]
            settings = VectorSettings(**about["settings"])
            model = cls(
                settings,
                words,
                tensors["counts"].astype(numpy.int64),
                *(tensors[name].copy() for name in ("inputs", "buckets", "outputs")),
                lang=str(about["lang"]),
                extra={name.removeprefix(EXTRA): tensors[name].copy() for name in tensors if name.startswith(EXTRA)},
            )
            model.check()
        except (KeyError, TypeError, ValueError) as error:
            raise RNNError(Errors.R215.format(path=source, error=error)) from error
        return model

    def check(self) -> None:
        """ValueError if the parts do not fit together."""
        words, dim = len(self.words), self.settings.dim
        fit = self.inputs.shape == (words + len(self.buckets), dim) and self.inputs.dtype == numpy.float32
        fit = fit and self.outputs.shape == (outputs_needed(words, self.settings), dim)
        fit = fit and self.outputs.dtype == numpy.float32 and len(self.counts) == words
        fit = fit and {name: array.shape for name, array in self.extra.items()} == extra_needed(words, self.settings)
        fit = fit and all(array.dtype == numpy.float32 for array in self.extra.values())
        fit = fit and bool((numpy.diff(self.buckets) > 0).all()) and len(set(self.words)) == words
        if not fit:
            shapes = {name: getattr(self, name).shape for name in ("inputs", "buckets", "outputs", "counts")}
            raise ValueError(f"{words} words of {dim} numbers, and the shapes {shapes}")


def outputs_needed(words: int, settings: VectorSettings) -> int:
    return words - 1 if settings.loss == "hs" and settings.model != "glove" else words


def extra_needed(words: int, settings: VectorSettings) -> dict[str, tuple[int, int]]:
    if settings.model != "glove":
        return {}
    return {name: (words, 2 if name.startswith("bias") else settings.dim) for name in GLOVE}


def create_model(words: list[str], counts: numpy.ndarray, settings: VectorSettings, lang: str) -> Model:
    """Inputs at random between -1/dim and 1/dim, outputs at zero, as in word2vec and fastText."""
    buckets = numpy.unique(_buckets(words, settings)[1])
    needed = (2 * len(words) + len(buckets)) * settings.dim * 4
    if needed > memory_of_machine():
        raise RNNError(Errors.R285.format(error=f"the weights take {needed / 1e6:,.0f} MB"))
    rng = numpy.random.default_rng(settings.seed)
    inputs = numpy.empty((len(words) + len(buckets), settings.dim), dtype=numpy.float32)
    for first in range(0, len(inputs), ROWS_AT_ONCE):
        part = rng.random(inputs[first : first + ROWS_AT_ONCE].shape, dtype=numpy.float32)
        inputs[first : first + ROWS_AT_ONCE] = (part * 2 - 1) / settings.dim
    outputs = numpy.zeros((outputs_needed(len(words), settings), settings.dim), dtype=numpy.float32)
    shapes = extra_needed(len(words), settings)
    extra = {name: numpy.full(shape, GLOVE[name], dtype=numpy.float32) for name, shape in shapes.items()}
    return Model(settings, words, counts, inputs, buckets, outputs, lang, extra)


def memory_of_machine() -> float:
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):  # Windows
        return math.inf


def word_rows(
    words: list[str], settings: VectorSettings, buckets: numpy.ndarray
) -> tuple[numpy.ndarray, numpy.ndarray]:  # words + 1, rows
    starts, found = _buckets(words, settings)
    known = numpy.isin(found, buckets)
    starts = numpy.concatenate([[0], numpy.cumsum(known)])[starts]  # of the n-grams that have a row
    ngrams = len(words) + numpy.searchsorted(buckets, found[known])
    rows = numpy.insert(ngrams, starts[:-1], numpy.arange(len(words)))
    return starts + numpy.arange(len(starts)), rows.astype(numpy.int32)


def _buckets(words: list[str], settings: VectorSettings) -> tuple[numpy.ndarray, numpy.ndarray]:
    """Where each word's n-grams begin (words + 1), and their buckets."""
    if not settings.max_n:
        return numpy.zeros(len(words) + 1, dtype=numpy.int64), numpy.zeros(0, dtype=numpy.int32)
    if native.reason_missing() is None:
        encoded = [word.encode("utf8") for word in words]
        return native.hash_ngrams(encoded, settings.min_n, settings.max_n, settings.bucket)
    found = [ngram_rows(word, settings.min_n, settings.max_n, settings.bucket) for word in words]
    starts = numpy.cumsum([0, *map(len, found)])
    return starts, numpy.array([row for rows in found for row in rows], dtype=numpy.int32)
