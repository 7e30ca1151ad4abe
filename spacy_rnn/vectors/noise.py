"""What negative sampling draws its noise words from."""

import numpy

SCALE = 2**32


def thin_out(counts: numpy.ndarray, sample: float) -> numpy.ndarray | None:  # words
    """Of 2^32 occurrences of each word, how many to keep: sqrt(t/f) + t/f of them, for a word whose share of the text
    is f and threshold t (word2vec's formula). None: all."""
    if not sample:
        return None
    share = counts / counts.sum()
    kept = numpy.sqrt(sample / share) + sample / share
    return numpy.minimum(kept * SCALE, SCALE - 1).astype(numpy.uint32)


def alias_table(counts: numpy.ndarray, exponent: float) -> tuple[numpy.ndarray, numpy.ndarray]:
    """Walker's alias method (Vose 1991) for p(word) ~ count^exponent: draw a column and a number below 2^32; below the
    column's share it is the column's word, otherwise its alias.  # words, words"""
    words = len(counts)
    weights = counts.astype(numpy.float64) ** exponent
    shares = (weights * (words / weights.sum())).tolist()
    alias = list(range(words))
    small = [word for word in range(words) if shares[word] < 1]
    large = [word for word in range(words) if shares[word] >= 1]
    while small and large:
        less, more = small.pop(), large[-1]
        alias[less] = more
        shares[more] -= 1 - shares[less]
        if shares[more] < 1:
            small.append(large.pop())
    for word in small + large:
        shares[word] = 1
    limits = numpy.minimum(numpy.array(shares) * SCALE, SCALE - 1)
    return limits.astype(numpy.uint32), numpy.array(alias, dtype=numpy.int32)
