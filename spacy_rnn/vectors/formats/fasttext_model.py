"""fastText's ``.bin`` as a model to train on, and writing one: from a model, or from a table of finished vectors.

The inverse of ``fasttext.py``, which describes the file. A compact model has no rows for n-grams that never occurred;
fastText wants one for every bucket, so these are written as zeros, a few thousand rows at a time. Of a hierarchical
softmax's outputs fastText keeps one row more than it uses, and they have the opposite sign: it scores going right, and
we, as word2vec, going left.
"""

import struct
import warnings
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import numpy

from ...atomic import whole_file
from ...errors import Errors, RNNError, Warnings
from ..format import Table
from ..model import Model
from ..settings import MOST, VectorSettings
from ..subwords import hash_ngrams
from .binary import load_matrix
from .composing import END_OF_LINE
from .fasttext import (
    CBOW,
    HIERARCHICAL,
    MAGIC,
    NEGATIVE,
    NEWEST,
    SKIPGRAM,
    SOFTMAX,
    SUPERVISED,
    parse,
)
from .matrix import ROWS_AT_ONCE, chunks, take
from .progress import ProgressT, silent
from .words import check_encoding, decode_words, first_of_each

LOSSES = {NEGATIVE: "ns", HIERARCHICAL: "hs", SOFTMAX: "softmax"}
MODELS = {SKIPGRAM: "skipgram", CBOW: "cbow"}
LR_UPDATE_RATE = 100  # fastText's default; nothing else reads it


def read_model(path: Path, *, encoding: str = "utf8", lang: str = "xx") -> Model:
    """The model as it was when its training ended. What the file does not tell (the learning rate) is our default."""
    check_encoding(encoding)
    args, raw, counts, _, inputs, outputs = parse(path)
    if args["model"] == SUPERVISED:
        raise RNNError(Errors.R259.format(path=path, reason="the model was trained to classify texts"))
    words = decode_words(raw, encoding, path)
    bucket = args["bucket_used"]
    weights = load_matrix(path, inputs.start, len(raw) + bucket, inputs.dim)
    context = load_matrix(path, *outputs)
    if (kept := first_of_each(words, path)) is not None:
        words, counts, context = [words[row] for row in kept], counts[kept], context[kept]
        weights = weights[numpy.concatenate([kept, numpy.arange(len(raw), len(weights))])]
    if args["loss"] == HIERARCHICAL:
        context = -context[:-1]
    return Model(_settings(args), words, counts, weights, numpy.arange(bucket, dtype=numpy.int32), context, lang)


def _settings(args: dict) -> VectorSettings:
    least = {"window": 1, "epochs": 1, "min_count": 1, "negative": 1}
    found = {name: max(least.get(name, 0), args[name]) for name in (*least, "dim", "min_n", "max_n", "sample")}
    found["window"] = min(found["window"], MOST["window"])
    if args["bucket_used"]:
        found["bucket"] = args["bucket_used"]
    return VectorSettings(model=MODELS[args["model"]], loss=LOSSES[args["loss"]], **found)


class _Contents(NamedTuple):
    """What is to be written; the matrices in parts of some rows."""

    args: list  # dim ... max_n, in the order of fasttext.ARGS
    sample: float
    words: Sequence[str]
    counts: numpy.ndarray
    own: Iterable[numpy.ndarray]  # words x dim
    ngrams: Iterable[numpy.ndarray]  # bucket x dim
    outputs: Iterable[numpy.ndarray]  # words x dim


def write_model(path: Path, model: Model, progress: ProgressT = silent) -> None:
    settings, words = model.settings, len(model.words)
    ngrams, dim = model.inputs[words:], model.inputs.shape[1]
    bucket = settings.bucket if len(ngrams) else 0
    loss = next(number for number, name in LOSSES.items() if name == settings.loss)
    kind = next(number for number, name in MODELS.items() if name == settings.model)
    args = [dim, settings.window, settings.epochs, settings.min_count, settings.negative, 1, loss, kind, bucket]
    args += [settings.min_n, settings.max_n] if bucket else [0, 0]
    own = (part for _, part in chunks(model.inputs[:words]))
    sign = -1 if settings.loss == "hs" else 1
    unused = numpy.zeros((words - len(model.outputs), dim), dtype=numpy.float32)
    outputs = chain((sign * part for _, part in chunks(model.outputs)), [unused])
    dense = _dense(ngrams, model.buckets, bucket)
    _write(path, _Contents(args, settings.sample, model.words, model.counts, own, dense, outputs), progress)


def write_table(path: Path, table: Table, progress: ProgressT = silent) -> None:
    """A file in which fastText finds the same vectors. The weights of training are not in a table: each word's own row
    is chosen such that the mean comes out right, counts fall as in natural text (Zipf), outputs are zeros."""
    warnings.warn(Warnings.W207.format(path=path), stacklevel=2)
    count, dim = table.vectors.shape
    bucket = table.modulus if len(table.ngrams) else 0
    args = [dim, 5, 5, 1, 5, 1, NEGATIVE, SKIPGRAM, bucket, *((table.min_n, table.max_n) if bucket else (0, 0))]
    counts = count // numpy.arange(1, count + 1)
    zeros = (numpy.zeros_like(part) for _, part in chunks(table.vectors))
    dense = _dense(table.ngrams, table.buckets, bucket)
    _write(path, _Contents(args, 1e-4, table.words, counts, _own_rows(table), dense, zeros), progress)


def _own_rows(table: Table) -> Iterator[numpy.ndarray]:
    """What a word's own row must be so that the mean of it and its n-grams' is the word's vector."""
    for part, vectors in chunks(table.vectors):
        if len(table.ngrams):
            names = [word if word != END_OF_LINE else "" for word in table.words[part]]
            means, there = table.compose(names)
            counts = there.copy() if table.buckets is None else _count_ngrams(names, table)
            counts[[not name for name in names]] = 0
            means[[not name for name in names]] = 0
            vectors = vectors * (counts + 1)[:, None] - means * there[:, None]
        yield vectors


def _count_ngrams(words: list[str], table: Table) -> numpy.ndarray:
    return hash_ngrams(words, table.min_n, table.max_n, table.modulus)[1]


def _dense(ngrams, buckets: numpy.ndarray | None, bucket: int) -> Iterator[numpy.ndarray]:
    """A row for each bucket, in their order; zeros for those that are not in ``buckets``."""
    for start in range(0, bucket, ROWS_AT_ONCE):
        stop = min(start + ROWS_AT_ONCE, bucket)
        if buckets is None:
            yield take(ngrams, numpy.arange(start, stop))
            continue
        first, last = numpy.searchsorted(buckets, [start, stop])
        part = numpy.zeros((stop - start, ngrams.shape[1]), dtype=numpy.float32)
        part[buckets[first:last] - start] = take(ngrams, numpy.arange(first, last))
        yield part


def _write(path: Path, contents: _Contents, progress: ProgressT) -> None:
    args, rows = contents.args, len(contents.words)
    dim, bucket = args[0], args[8]
    written = 0
    with whole_file(path) as file:
        file.write(struct.pack("<2i12id", MAGIC, NEWEST, *args, LR_UPDATE_RATE, contents.sample))
        file.write(struct.pack("<3iqq", rows, rows, 0, int(contents.counts.sum()), -1))
        for word, count in zip(contents.words, contents.counts.tolist(), strict=True):
            file.write(b"%b\0" % word.encode("utf8") + struct.pack("<qb", count, 0))
        inputs = chain(contents.own, contents.ngrams)
        for parts, height in ((inputs, rows + bucket), (contents.outputs, rows)):
            file.write(struct.pack("<?2q", False, height, dim))
            for part in parts:
                file.write(numpy.ascontiguousarray(part, dtype="<f4").data)
                written += len(part)
                progress(written, 2 * rows + bucket)
