"""Words as points: looking a word up, and finding its neighbours by cosine. Plain arrays, no spaCy.

Everything that looks at vectors (evaluation, ``similar``, ``analogy``, ``plot``) asks a ``Space``.
"""

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import NamedTuple

import numpy

from ..errors import Errors, RNNError

ROWS_AT_ONCE = 1024  # queries compared with all words in one product


class Found(NamedTuple):
    """A word looked up: ``row`` of the vocabulary, or None if the vector was composed of the word's n-grams."""

    word: str
    row: int | None
    vector: numpy.ndarray  # dim


class Neighbour(NamedTuple):
    word: str
    cosine: float


class Space:
    """The words of a table of vectors, most frequent first, and a way to make vectors of words it has not seen.

    words      the vocabulary
    vectors    words x dim, float
    compose    gives an unseen word's vector (dim), or None if it has none
    normalize  what the table does to a word's letters; a word is looked up as it is first, then normalized
    """

    def __init__(
        self,
        words: list[str],
        vectors: numpy.ndarray,
        compose: Callable[[str], numpy.ndarray | None] = lambda word: None,
        normalize: Callable[[str], str] = str,
    ):
        self.words = words
        self.vectors = vectors
        self.compose = compose
        self.normalize = normalize

    @cached_property
    def index(self) -> dict[str, int]:  # of a word that occurs twice, the first (more frequent) one
        return {word: row for row, word in zip(range(len(self.words) - 1, -1, -1), reversed(self.words), strict=True)}

    @cached_property
    def units(self) -> numpy.ndarray:  # words x dim, each of length 1 (or 0)
        return unit(self.vectors)

    def row(self, word: str) -> int | None:
        row = self.index.get(word)
        return self.index.get(self.normalize(word)) if row is None else row

    def find(self, word: str) -> Found | None:
        """The word's own vector or one composed of its n-grams; None if it has neither."""
        row = self.row(word)
        if row is not None:
            return Found(self.words[row], row, self.vectors[row])
        normal = self.normalize(word)
        vector = self.compose(normal)
        if vector is None or not numpy.any(vector):
            return None
        if not numpy.isfinite(vector).all():
            raise RNNError(Errors.R257.format(path="These vectors", word=f"'{word}', composed of its parts"))
        return Found(normal, None, numpy.asarray(vector))

    def require(self, word: str) -> Found:
        """As ``find``, but a word without a vector is an error."""
        found = self.find(word)
        if found is None:
            raise RNNError(Errors.R260.format(word=word))
        return found

    def neighbours(self, vector: numpy.ndarray, n: int, exclude: Iterable[int | None] = ()) -> list[Neighbour]:
        """The ``n`` words nearest to one vector by cosine, but for those in the rows ``exclude``."""
        cosines = self.units @ unit(vector[None])[0]  # words
        return self.best(cosines, n, exclude)

    def best(self, scores: numpy.ndarray, n: int, exclude: Iterable[int | None] = ()) -> list[Neighbour]:
        """The ``n`` words with the highest ``scores`` (one for each word). Equal ones: the more frequent word."""
        if not self.words:
            raise RNNError(Errors.R261)
        scores = scores.copy()
        scores[[row for row in exclude if row is not None]] = -numpy.inf
        n = min(n, int(numpy.isfinite(scores).sum()))
        return [Neighbour(self.words[row], float(scores[row])) for row in top(scores[None], n)[0]]


def unit(vectors: numpy.ndarray) -> numpy.ndarray:
    """Each row at length 1; rows of zeros stay zeros."""
    vectors = numpy.asarray(vectors, dtype=numpy.float32)
    norms = numpy.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / numpy.where(norms == 0, 1, norms)


def top(scores: numpy.ndarray, n: int) -> numpy.ndarray:  # rows x words -> rows x n, best first
    if n <= 0:
        return numpy.zeros((len(scores), 0), dtype=numpy.int64)
    best = numpy.sort(numpy.argpartition(-scores, n - 1, axis=1)[:, :n], axis=1)
    order = numpy.argsort(-numpy.take_along_axis(scores, best, axis=1), axis=1, kind="stable")
    return numpy.take_along_axis(best, order, axis=1)


def ranks(space: Space, vectors: numpy.ndarray, rows: numpy.ndarray) -> numpy.ndarray:
    """At which place (from 1) each of ``rows`` (queries) is among the neighbours of ``vectors`` (queries x dim)."""
    places = numpy.empty(len(rows), dtype=numpy.int64)
    for start in range(0, len(rows), ROWS_AT_ONCE):
        batch = slice(start, start + ROWS_AT_ONCE)
        cosines = unit(vectors[batch]) @ space.units.T  # batch x words
        right = numpy.take_along_axis(cosines, rows[batch, None], axis=1)
        places[batch] = (cosines > right).sum(axis=1) + 1
    return places
