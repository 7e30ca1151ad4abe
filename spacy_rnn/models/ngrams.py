"""The words of Docs, as nets/ngrams.py wants them."""

import numpy
from spacy.attrs import IDS
from spacy.tokens import Doc, Span

from ..nets.ngrams import ngram_rows


def hashed_ngrams(
    docs: list[Doc | Span], attr: str, sizes: list[int], rows: int
) -> tuple[numpy.ndarray, numpy.ndarray]:
    """The n-grams of all Docs, one Doc after the other, int64, and how many each Doc has.

    attr: what stands for a word, such as "LOWER". sizes: the smallest and the largest n-gram, in words.
    """
    return ngram_rows([doc.to_array([IDS[attr]]).reshape(-1) for doc in docs], sizes, rows)


def some(rows: numpy.ndarray, counts: numpy.ndarray, dropout: float) -> tuple[numpy.ndarray, numpy.ndarray]:
    """Without a share of the n-grams, drawn anew each time."""
    kept = numpy.random.random(len(rows)) >= dropout
    text = numpy.repeat(numpy.arange(len(counts)), counts)
    return rows[kept], numpy.bincount(text[kept], minlength=len(counts))
