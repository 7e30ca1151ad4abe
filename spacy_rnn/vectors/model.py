"""A model of word vectors in training: what an engine trains, a checkpoint holds, and a table is made of."""

from dataclasses import dataclass

import numpy

from .settings import VectorSettings


@dataclass
class Model:
    """All weights, float32 and C-contiguous. Words are ordered by falling count.

    inputs    (words + n-grams) x dim: the words' own rows (v of the lectures), then those of their n-grams.
              A word's input vector is the mean of its own row and those of its n-grams (fastText).
    buckets   int32, ascending: which bucket each n-gram row belongs to (hash modulo ``settings.bucket``). An n-gram
              whose bucket is not here never occurred, and has no vector. Empty: whole words only (Word2Vec).
    outputs   rows x dim: the context vectors (u of the lectures), one for each word; with hierarchical softmax one
              for each inner node of the tree, words - 1.
    """

    settings: VectorSettings
    words: list[str]
    counts: numpy.ndarray  # int64
    inputs: numpy.ndarray
    buckets: numpy.ndarray
    outputs: numpy.ndarray
    lang: str = "xx"
