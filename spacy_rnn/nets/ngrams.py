"""Hashed n-grams of words, given as numbers: n-gram -> row of a table. Different n-grams may share a row (Weinberger et
al. 2009)."""

import numpy

from .masks import token_positions

ODD = numpy.uint64(0x9E3779B97F4A7C15)  # the golden ratio times 2^64: multiplying by it mixes bits upwards
HALF = numpy.uint64(32)


def ngram_rows(
    words: numpy.ndarray, lengths: numpy.ndarray, sizes: list[int], rows: int
) -> tuple[numpy.ndarray, numpy.ndarray]:
    """The rows of the n-grams of all texts, one text after the other, int64, and how many each text has.

    words: N uint64. lengths: of the texts. sizes: the smallest and the largest n-gram, all in words. The n-grams of a
    text stand in the order of `ngram_spans`.
    """
    text, position = token_positions(lengths)
    hashes, found, owners = numpy.zeros(len(words), dtype="uint64"), [], []
    for n in range(1, sizes[1] + 1):
        hashes = _mixed(hashes[:-1] if n > 1 else hashes, words[n - 1 :])  # of the n-grams that end at n - 1, n, ...
        if n >= sizes[0]:
            inside = position[n - 1 :] >= n - 1
            found.append(hashes[inside])
            owners.append(text[n - 1 :][inside])
    owner = numpy.concatenate(owners)
    hashes = numpy.concatenate(found)[numpy.argsort(owner, kind="stable")]
    return (hashes % numpy.uint64(rows)).astype("int64"), numpy.bincount(owner, minlength=len(lengths))


def ngram_spans(length: int, sizes: list[int]) -> list[tuple[int, int]]:
    """Where the n-grams of a text of so many words begin and end."""
    return [(i, i + n) for n in range(sizes[0], sizes[1] + 1) for i in range(length - n + 1)]


def _mixed(before: numpy.ndarray, words: numpy.ndarray) -> numpy.ndarray:
    hashes = (before ^ words) * ODD
    return hashes ^ (hashes >> HALF)
