"""Character n-grams of a word and the rows they hash to, as in fastText.

Bojanowski et al. 2017, "Enriching Word Vectors with Subword Information", section 3.2: the word is put between
``<`` and ``>``, and each of its n-grams picks one of ``bucket`` rows by its 32-bit FNV-1a hash. An unknown word's
vector is the mean of its rows.
"""

import numpy

FNV_OFFSET = 2166136261
FNV_PRIME = 16777619
MASK = 0xFFFFFFFF
MAX_CHARS = 10_000  # of a longer "word" only the beginning is read, so that no input can fill the memory
ROWS_AT_ONCE = 2**16  # gathered in one go while composing
# fastText mixes in *signed* bytes: those from 128 up come with their sign bits, and all vectors ever trained rely on it
SIGNED = [byte | 0xFFFFFF00 if byte >= 128 else byte for byte in range(256)]


def ngram_rows(word: str, min_n: int, max_n: int, bucket: int) -> list[int]:
    """The row of each n-gram of ``<word>``, with repeats, in fastText's order. An n-gram's hash extends that of the
    n-gram one character shorter which starts at the same place, so each start is walked through once."""
    chars = [[SIGNED[byte] for byte in char.encode("utf8")] for char in f"<{word[:MAX_CHARS]}>"]
    last = len(chars)
    rows = []
    for start in range(last):
        code = FNV_OFFSET
        for end in range(start + 1, min(start + max_n, last) + 1):
            for byte in chars[end - 1]:
                code = ((code ^ byte) * FNV_PRIME) & MASK
            length = end - start
            if length >= min_n and not (length == 1 and (start == 0 or end == last)):
                rows.append(code % bucket)
    return rows


def compose(words: list[str], ngrams: numpy.ndarray, min_n: int, max_n: int) -> numpy.ndarray:  # words x dim
    """The mean of each word's n-gram vectors, taken from ``ngrams`` (bucket x dim); zeros if it has none."""
    means = numpy.zeros((len(words), ngrams.shape[1]), dtype=numpy.float32)
    rows: list[int] = []
    starts: list[int] = []
    filled: list[int] = []
    for i, word in enumerate(words):
        found = ngram_rows(word, min_n, max_n, len(ngrams)) if word else []
        if found:
            filled.append(i)
            starts.append(len(rows))
            rows.extend(found)
        if filled and (len(rows) >= ROWS_AT_ONCE or i == len(words) - 1):
            counts = numpy.diff([*starts, len(rows)])
            means[filled] = numpy.add.reduceat(ngrams[rows], starts, axis=0) / counts[:, None]
            rows, starts, filled = [], [], []
    return means
