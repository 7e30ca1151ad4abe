"""Character n-grams of a word and the rows they hash to, as in fastText.

Bojanowski et al. 2017, "Enriching Word Vectors with Subword Information", section 3.2: the word is put between
``<`` and ``>``, and each of its n-grams picks one of ``bucket`` buckets by its 32-bit FNV-1a hash. An unknown word's
vector is the mean of the rows of its buckets. Read ``ngram_rows`` first; ``hash_ngrams`` says the same of many words.
"""

import numpy

from .matrix import take

FNV_OFFSET = 2166136261
FNV_PRIME = 16777619
MASK = 0xFFFFFFFF
MAX_CHARS = 10_000  # of a longer "word" only the beginning is read, so that no input can fill the memory
CHARS_AT_ONCE = 2**13  # of all words, hashed in one go: some ten thousand n-grams
ROWS_AT_ONCE = 2**12  # gathered in one go while composing: few enough to stay in the cache
FEW = 5  # words: so few are hashed faster by the loop than by numpy
# fastText mixes in *signed* bytes: those from 128 up come with their sign bits, and all vectors ever trained rely on it
SIGNED = [byte | 0xFFFFFF00 if byte >= 128 else byte for byte in range(256)]


def ngram_rows(word: str, min_n: int, max_n: int, bucket: int) -> list[int]:
    """The bucket of each n-gram of ``<word>``, with repeats, in fastText's order. An n-gram's hash extends that of the
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


def hash_ngrams(words: list[str], min_n: int, max_n: int, bucket: int) -> tuple[numpy.ndarray, numpy.ndarray]:
    """``ngram_rows`` of many words: the buckets (n-grams), and how many of them each word has (words)."""
    text = "".join(f"<{word[:MAX_CHARS]}>" for word in words).encode("utf8")
    data = numpy.frombuffer(text, dtype=numpy.uint8)
    signed = data.astype(numpy.int8).astype(numpy.uint32)
    starts = numpy.flatnonzero((data & 0xC0) != 0x80)  # of each character
    sizes = numpy.diff(starts, append=len(data))
    lengths = numpy.fromiter((min(len(word), MAX_CHARS) + 2 for word in words), dtype=numpy.int64, count=len(words))
    ends = numpy.repeat(numpy.cumsum(lengths), lengths)  # of the word each character is in
    places = numpy.arange(len(starts))
    left = ends - places  # characters up to the end of the word
    most = min(max_n, int(lengths.max(initial=0)))
    codes = numpy.zeros((len(starts), max(0, most - min_n + 1)), dtype=numpy.uint32)  # starts x lengths
    code = numpy.full(len(starts), FNV_OFFSET, dtype=numpy.uint32)
    for length in range(1, most + 1):
        last = numpy.minimum(places + length - 1, len(places) - 1)  # where it leaves the word, left < length
        code = _extend(code, signed, starts[last], sizes[last])
        if length >= min_n:
            codes[:, length - min_n] = code
    whole = left[:, None] >= numpy.arange(min_n, most + 1)
    if min_n == 1 and len(whole):  # < and > alone are no n-grams
        whole[:, 0] &= (left > 1) & (left < numpy.repeat(lengths, lengths))
    counts = numpy.add.reduceat(whole.sum(axis=1), numpy.cumsum(lengths) - lengths) if words else lengths
    return (codes[whole] % numpy.uint32(bucket)).astype(numpy.int64), counts


def _extend(code: numpy.ndarray, signed: numpy.ndarray, start: numpy.ndarray, size: numpy.ndarray) -> numpy.ndarray:
    """Let each hash take in one more character: ``size`` bytes from ``start``."""
    code = (code ^ signed[start]) * numpy.uint32(FNV_PRIME)
    for byte in range(1, int(size.max(initial=0))):
        longer = numpy.flatnonzero(size > byte)
        code[longer] = (code[longer] ^ signed[start[longer] + byte]) * numpy.uint32(FNV_PRIME)
    return code


def compose(
    words: list[str], ngrams, min_n: int, max_n: int, bucket: int, buckets: numpy.ndarray | None = None
) -> tuple[numpy.ndarray, numpy.ndarray]:
    """The mean of each word's n-gram vectors (words x dim, float32; zeros if it has none), and their number (words).

    ngrams   rows x dim, an array or Quantized
    buckets  which bucket each row stands for, ascending; None: row = bucket. An n-gram without a row is left out.
    """
    sums = numpy.zeros((len(words), ngrams.shape[1]), dtype=numpy.float32)
    counts = numpy.zeros(len(words), dtype=numpy.int64)
    for start, end in _batches(words):
        rows, owners = _rows(words[start:end], min_n, max_n, bucket, buckets)
        counts[start:end] = numpy.bincount(owners, minlength=end - start)
        for i in range(0, len(rows), ROWS_AT_ONCE):
            part = owners[i : i + ROWS_AT_ONCE]
            first = numpy.flatnonzero(numpy.diff(part, prepend=-1))
            vectors = take(ngrams, rows[i : i + ROWS_AT_ONCE])
            sums[start + part[first]] += numpy.add.reduceat(vectors, first, axis=0)
    return sums / numpy.maximum(counts, 1)[:, None].astype(numpy.float32), counts


def _batches(words: list[str]):
    start = chars = 0
    for end, word in enumerate(words, start=1):
        chars += len(word) + 2
        if chars >= CHARS_AT_ONCE or end == len(words):
            yield start, end
            start, chars = end, 0


def _rows(words: list[str], min_n: int, max_n: int, bucket: int, buckets) -> tuple[numpy.ndarray, numpy.ndarray]:
    """The rows of all n-grams that have one, and which word each belongs to."""
    if len(words) <= FEW:
        found = [ngram_rows(word, min_n, max_n, bucket) for word in words]
        rows = numpy.array([row for one in found for row in one], dtype=numpy.int64)
        counts = [len(one) for one in found]
    else:
        rows, counts = hash_ngrams(words, min_n, max_n, bucket)
    owners = numpy.repeat(numpy.arange(len(words)), counts)
    if buckets is None:
        return rows, owners
    rows = rows.astype(buckets.dtype)  # else numpy copies all buckets; what is too large becomes negative: not there
    different, which = numpy.unique(rows, return_inverse=True)  # in order, they are found faster
    places = numpy.searchsorted(buckets, different)
    places[places == len(buckets)] = 0
    there = (buckets[places] == different)[which]
    return places[which][there], owners[there]
