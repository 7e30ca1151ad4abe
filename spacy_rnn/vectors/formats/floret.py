"""floret's tables: vectors of hashed words and n-grams alike, and no list of words. spaCy's own Vectors use them.

The text file has a first line "bucket dim minn maxn hash_count hash_seed bow eow", then for each row its number and its
vector. Source: github.com/explosion/floret, and spacy.training.initialize.read_vectors.
"""

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy

from ...errors import Errors, RNNError
from ..format import Table
from ..normalize import Normalization
from .progress import ProgressT, silent
from .text import read_lines
from .text_write import write_lines

if TYPE_CHECKING:
    from spacy.strings import StringStore
    from spacy.vectors import Vectors


class Floret(NamedTuple):
    """A table, and how words are hashed to its rows."""

    vectors: numpy.ndarray  # bucket x dim
    min_n: int
    max_n: int
    hash_count: int
    hash_seed: int
    begin: str  # of a word: <
    end: str  # of a word: >


def read_floret(path: Path, progress: ProgressT = silent) -> Floret:
    rows, vectors, header = read_lines(path, header=True, progress=progress)
    for number, row in enumerate(rows):
        if row != str(number):
            raise RNNError(Errors.R243.format(path=path, line=number + 2, value=row))
    try:
        begin, end = (field.decode("utf8") for field in header[6:])
        floret = Floret(vectors, *map(int, header[2:6]), begin, end)
        to_spacy(floret, None)
        if len(rows) != int(header[0]):
            raise ValueError("a row is there twice")
    except ValueError as error:
        place = {
            "path": path,
            "byte": 0,
            "what": "the first line",
            "value": b" ".join(header).decode("utf8", "replace"),
        }
        expected = "the settings of a floret table: bucket dim minn maxn hash_count hash_seed bow eow"
        raise RNNError(Errors.R249.format(**place, expected=expected)) from error
    return floret


def write_floret(path: Path, floret: Floret, progress: ProgressT = silent) -> None:
    settings = [*floret.vectors.shape, *floret[1:]]
    write_lines(path, " ".join(map(str, settings)), map(str, range(len(floret.vectors))), floret.vectors, progress)


def to_spacy(floret: Floret, strings: "StringStore | None") -> "Vectors":
    """spaCy's own table. ValueError if the settings are none that it knows."""
    from spacy.vectors import Mode, Vectors

    data, min_n, max_n, hash_count, hash_seed, begin, end = floret
    if not (1 <= min_n <= max_n < 2**31 and 0 <= hash_seed < 2**32):
        raise ValueError("minn, maxn or hash_seed is out of range")
    settings = {"minn": min_n, "maxn": max_n, "hash_count": hash_count, "hash_seed": hash_seed}
    return Vectors(strings=strings, data=data, mode=Mode.floret, bow=begin, eow=end, **settings)


def from_spacy(vectors: "Vectors") -> Floret:
    settings = vectors.minn, vectors.maxn, vectors.hash_count, vectors.hash_seed, vectors.bow, vectors.eow
    return Floret(numpy.asarray(vectors.data, dtype=numpy.float32), *settings)


def to_table(floret: Floret, words: list[str], lower: bool = False) -> Table:
    """The vectors of these words, without those of their parts, which no other format can hold."""
    vectors = to_spacy(floret, None)
    rows = [vectors.get_batch(words[start : start + 10_000]) for start in range(0, len(words), 10_000)]
    matrix = numpy.concatenate(rows).astype(numpy.float32, copy=False)
    return Table.of_words(words, matrix, lower)


def read_words(path: Path, lower: bool = False) -> list[str]:
    """A list of words, one on each line, as they will be looked up, each once."""
    if not path.is_file():
        raise RNNError(Errors.R240.format(path=path))
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        place = {"path": path, "line": line, "byte": error.start + 1}
        raise RNNError(Errors.R244.format(encoding="utf8", **place)) from error
    normalize = Normalization(lower=lower)
    words = list(dict.fromkeys(normalize(line.strip()) for line in lines if line.strip()))
    if not words:
        raise RNNError(Errors.R247.format(path=path))
    return words
