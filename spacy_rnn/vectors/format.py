"""A finished table of vectors, and how it lies on disk: one safetensors file, which is mapped rather than read.

tensors   text, lengths, hashes, rows: the words (see ``words.py``); or, if their vectors are quantised, words: uint8,
          the first two compressed, the others made anew whenever the file is opened, which takes a fifth of a second
          for a million words
          vectors: words x dim | ngrams: rows x dim, each float32 or float16, or in the four parts of a quantised
          matrix: vectors.codes, vectors.norms, vectors.centroids, vectors.basis (see ``quantize.py``)
          buckets: int32, rows of ngrams; only if not every bucket has a row
metadata  table: JSON with format, version, min_n, max_n, bucket, normalization (one string, so that equal tables have
          equal bytes: spaCy compares their hashes)

Read ``Table`` first, then ``unpack``.
"""

import json
import mmap as mapping
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple

import numpy

from ..atomic import whole_file
from ..errors import Errors, RNNError
from . import layout
from .matrix import Matrix, cast, from_tensors, is_matrix, to_tensors
from .normalize import Normalization
from .quantize import Quantized, quantize, size_in_bytes
from .subwords import compose
from .words import Words

FILE_NAME = "vectors.safetensors"
FORMAT = "spacy-rnn.FastTextVectors"
VERSION = 1
MAX_N = 100  # letters of an n-gram
WORDS = ("text", "lengths", "hashes", "rows")
HEADER = 2**10  # bytes, about
NGRAM_WIDTH = 5  # numbers of an n-gram's vector that a byte stands for, if nothing else is asked for


class Table(NamedTuple):
    """What a file holds, and a FastTextVectors is made of."""

    words: Sequence[str]  # a list, or Words
    vectors: Matrix  # words x dim
    ngrams: Matrix  # rows x dim; no rows: unknown words have no vector
    min_n: int = 0
    max_n: int = 0
    bucket: int = 0  # n-grams' hashes are taken modulo this; 0: the rows of ngrams
    buckets: numpy.ndarray | None = None  # int32, ascending: the bucket of each row of ngrams; None: row = bucket
    normalization: Normalization = Normalization()  # of words that are not known as they are written

    @classmethod
    def of_words(cls, words: Sequence[str], vectors: Matrix, lower: bool = False) -> "Table":
        """Without n-grams. ``lower``: the words are in lower case, and so found in any."""
        none = numpy.zeros((0, vectors.shape[1]), dtype=numpy.float32)
        return cls(words, vectors, none, normalization=Normalization(lower=lower))

    @property
    def modulus(self) -> int:
        """What n-grams' hashes are taken modulo."""
        return self.bucket or len(self.ngrams)

    def compose(self, words: list[str]) -> tuple[numpy.ndarray, numpy.ndarray]:
        """The mean of each word's n-gram vectors, and how many n-grams of it have one; see ``subwords.compose``."""
        return compose(words, self.ngrams, self.min_n, self.max_n, self.modulus, self.buckets)

    def astype(self, dtype: str) -> "Table":
        """The same table in "float32" or "float16", half the size. Quantised matrices are decoded."""
        return self._replace(vectors=cast(self.vectors, dtype), ngrams=cast(self.ngrams, dtype))

    def quantize(self, parts: int | None = None, ngram_parts: int | None = None, seed: int = 0) -> "Table":
        """The same table in product-quantised form (``quantize.py``), by default at a tenth of its file's size or less.

        parts        bytes a word's vector becomes; more are nearer to the original
        ngram_parts  bytes an n-gram's vector becomes; few will do, since a word is the mean of many
        """
        ngram_parts = ngram_parts or max(1, self.vectors.shape[1] // NGRAM_WIDTH)
        parts = parts or self._affordable_parts(ngram_parts)
        vectors, ngrams = cast(self.vectors, "float32"), cast(self.ngrams, "float32")
        vectors = quantize(vectors, parts, seed) if len(vectors) else vectors
        return self._replace(vectors=vectors, ngrams=quantize(ngrams, ngram_parts, seed) if len(ngrams) else ngrams)

    def _affordable_parts(self, ngram_parts: int) -> int:
        """The most for a word with which the file has a tenth of the size it has in float32; within reason, since with
        less than a byte for 5 numbers little is left of a vector, and more than for 2 is wasted."""
        (count, dim), ngrams = self.vectors.shape, len(self.ngrams)
        words = Words.pack(self.words)
        buckets = 0 if self.buckets is None else self.buckets.nbytes
        whole = sum(getattr(words, name).nbytes for name in WORDS) + 4 * dim * (count + ngrams) + buckets
        left = whole / 10 - HEADER - words.compress().nbytes - size_in_bytes(ngrams, dim, ngram_parts) - buckets
        fitting = (parts for parts in range(dim // 2, dim // 5, -1) if size_in_bytes(count, dim, parts) <= left)
        return next(fitting, dim // 5 or 1)


def find_file(path: Path) -> Path:
    """The vectors file itself, that of a pipeline's ``vocab`` folder, or that of a pipeline."""
    for file in (path, path / FILE_NAME, path / "vocab" / FILE_NAME):
        if file.is_file():
            return file
    raise RNNError(Errors.R220.format(path=path))


# -- Writing


def pack(table: Table) -> bytes:
    return b"".join(_pieces(table))


def save_table(table: Table, path: str | Path) -> None:
    """Write a vectors file. ``path`` may be the very file the table is mapped from."""
    with whole_file(path) as file:
        for piece in _pieces(table):
            file.write(piece)


def equal(table: Table, other: Table) -> bool:
    """Would both be written as the same bytes?"""
    if table is other:
        return True
    pairs = zip(_pieces(table), _pieces(other), strict=True)  # tables of different kinds differ in the header already
    return all(len(a) == len(b) and _same(a, b) for a, b in pairs)


def _same(a, b) -> bool:
    return bool(numpy.array_equal(numpy.frombuffer(a, dtype=numpy.uint8), numpy.frombuffer(b, dtype=numpy.uint8)))


def _pieces(table: Table) -> Iterator[memoryview | bytes]:
    words = Words.pack(table.words)
    if isinstance(table.vectors, Quantized):
        tensors = {"words": words.compress()}
    else:
        tensors = {name: getattr(words, name) for name in WORDS}
    tensors |= to_tensors(table.vectors, "vectors") | to_tensors(table.ngrams, "ngrams")
    if table.buckets is not None:
        tensors["buckets"] = table.buckets
    settings = {"format": FORMAT, "version": VERSION, "min_n": table.min_n, "max_n": table.max_n}
    settings |= {"bucket": table.modulus, "normalization": table.normalization._asdict()}
    return layout.write(tensors, {"table": json.dumps(settings)})


# -- Reading


def load_table(path: str | Path, mmap: bool = True) -> Table:
    """The table in a vectors file (or in a pipeline's folder). Mapped, it takes no memory but what is looked at, and
    the file may be replaced or deleted, but not written into; Windows keeps mapped files from being replaced."""
    file = find_file(Path(path))
    with file.open("rb") as opened:
        data = _map(opened) if mmap else opened.read()
    return unpack(data, str(file))


def _map(file: BinaryIO):
    try:
        return mapping.mmap(file.fileno(), 0, access=mapping.ACCESS_READ)
    except (OSError, ValueError):  # a file system that cannot, or an empty file
        return file.read()


def unpack(data, source: str) -> Table:
    """The table in ``data``, bytes or a mapped file. ``source`` is its name in error messages."""
    try:
        tensors, metadata = layout.read(data)
    except ValueError as error:
        raise RNNError(Errors.R221.format(source=source, error=error)) from error
    settings = _settings(metadata)
    kind = settings.get("format"), settings.get("version")
    if kind != (FORMAT, VERSION):
        raise RNNError(Errors.R222.format(source=source, found=kind, expected=(FORMAT, VERSION)))
    try:
        vectors = from_tensors(tensors, "vectors")
        table = Table(
            _words(tensors, len(vectors), source),
            vectors,
            from_tensors(tensors, "ngrams"),
            *(_count(settings, name) for name in ("min_n", "max_n", "bucket")),
            _vector(tensors, "buckets") if "buckets" in tensors else None,
            _normalization(settings),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise RNNError(Errors.R221.format(source=source, error=repr(error))) from error
    if tensors:
        raise RNNError(Errors.R221.format(source=source, error=f"unknown tensors {sorted(tensors)}"))
    table.words.check(source)
    check(table, source)
    return table


def _settings(metadata: dict) -> dict:
    try:
        return dict(json.loads(metadata["table"]))
    except (KeyError, TypeError, ValueError, RecursionError):
        return {}


def _words(tensors: layout.Tensors, count: int, source: str) -> Words:
    if "words" in tensors:
        return Words.decompress(_vector(tensors, "words"), count, source)
    return Words(*(_vector(tensors, name) for name in WORDS))


def _vector(tensors: layout.Tensors, name: str) -> numpy.ndarray:
    array = tensors.pop(name)
    kinds = {"words": "u1", "text": "u1", "hashes": "u8", "rows": "i4", "buckets": "i4", "lengths": "u1 u2 u4"}
    if array.ndim != 1 or array.dtype.str[1:] not in kinds[name].split():
        raise ValueError(f"{name} are {array.dtype} of shape {array.shape}")
    return array


def _count(settings: dict, name: str) -> int:
    if type(settings[name]) is not int:
        raise TypeError(f"{name} is {settings[name]!r}")
    return settings[name]


def _normalization(settings: dict) -> Normalization:
    normalization = Normalization(**settings["normalization"])
    if not all(type(value) is bool for value in normalization):
        raise TypeError(f"normalization is {settings['normalization']!r}")
    return normalization


# -- Checking


def check(table: Table, source: str) -> None:
    """Do the parts fit together?"""
    fit = is_matrix(table.vectors) and is_matrix(table.ngrams)
    fit = fit and len(table.vectors) == len(table.words) and table.vectors.shape[1] == table.ngrams.shape[1]
    if not (fit and (not len(table.ngrams) or _fit_ngrams(table))):
        shapes = {"vectors": table.vectors.shape, "ngrams": table.ngrams.shape}
        sizes = {name: getattr(table, name) for name in ("min_n", "max_n", "bucket")}
        sizes["buckets"] = "all" if table.buckets is None else len(table.buckets)
        raise RNNError(Errors.R223.format(source=source, words=len(table.words), **shapes, **sizes))


def _fit_ngrams(table: Table) -> bool:
    rows, buckets = len(table.ngrams), table.buckets
    fit = 1 <= table.min_n <= table.max_n <= MAX_N and 1 <= table.modulus < 2**32
    if buckets is None:
        return fit and table.modulus == rows
    fit = fit and buckets.dtype == numpy.int32 and buckets.shape == (rows,)
    return fit and 0 <= buckets[0] and buckets[-1] < table.modulus and bool((buckets[1:] > buckets[:-1]).all())
