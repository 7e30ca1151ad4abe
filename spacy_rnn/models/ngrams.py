"""Hashed n-grams of words: Docs -> row numbers. Different n-grams may share a row (Weinberger et al. 2009)."""

import numpy
from spacy.attrs import IDS
from spacy.tokens import Doc, Span

from ..nets.masks import token_positions

ODD = numpy.uint64(0x9E3779B97F4A7C15)  # the golden ratio times 2^64: multiplying by it mixes bits upwards
HALF = numpy.uint64(32)


def hashed_ngrams(
    docs: list[Doc | Span], attr: str, sizes: list[int], rows: int
) -> tuple[numpy.ndarray, numpy.ndarray]:
    """The n-grams of all Docs, one Doc after the other, int64, and how many each Doc has.

    attr: what stands for a word, such as "LOWER". sizes: the smallest and the largest n-gram, in words.
    """
    words = [doc.to_array([IDS[attr]]).reshape(-1) for doc in docs]
    lengths = numpy.array([len(array) for array in words], dtype="int64")
    doc, position = token_positions(lengths)
    words = numpy.concatenate(words) if words else numpy.zeros(0, dtype="uint64")
    hashes, found, owners = numpy.zeros(len(words), dtype="uint64"), [], []
    for n in range(1, sizes[1] + 1):
        hashes = _mixed(hashes[:-1] if n > 1 else hashes, words[n - 1 :])  # of the n-grams that end at n - 1, n, ...
        if n >= sizes[0]:
            inside = position[n - 1 :] >= n - 1
            found.append(hashes[inside])
            owners.append(doc[n - 1 :][inside])
    owner = numpy.concatenate(owners)
    order = numpy.argsort(owner, kind="stable")
    hashes = numpy.concatenate(found)[order]
    return (hashes % numpy.uint64(rows)).astype("int64"), numpy.bincount(owner, minlength=len(docs))


def _mixed(before: numpy.ndarray, words: numpy.ndarray) -> numpy.ndarray:
    hashes = (before ^ words) * ODD
    return hashes ^ (hashes >> HALF)


def some(rows: numpy.ndarray, counts: numpy.ndarray, dropout: float) -> tuple[numpy.ndarray, numpy.ndarray]:
    """Without a share of the n-grams, drawn anew each time."""
    kept = numpy.random.random(len(rows)) >= dropout
    text = numpy.repeat(numpy.arange(len(counts)), counts)
    return rows[kept], numpy.bincount(text[kept], minlength=len(counts))
