"""fastText's word vectors out of its weights: the mean of a word's own row and those of its n-grams."""

import numpy

from ..subwords import FNV_OFFSET, FNV_PRIME, MASK, SIGNED, compose

END_OF_LINE = "</s>"  # counted as a word, and has no n-grams


def finish(own, names: list[str], raw: list[bytes], ngrams, min_n: int, max_n: int) -> numpy.ndarray:
    """The mean of each word's own row and those of its n-grams.  # words x dim"""
    if not max_n:
        return own
    with numpy.errstate(all="ignore"):  # what is not finite is found later
        means, counts = compose(names, ngrams, min_n, max_n, len(ngrams))
        for i, (name, word) in enumerate(zip(names, raw, strict=True)):
            if name == END_OF_LINE:
                means[i], counts[i] = 0, 0
            elif not name.isascii() and name.encode("utf8", "replace") != word or "\\x" in name:
                rows = ngram_rows_of_bytes(word, min_n, max_n, len(ngrams))
                means[i], counts[i] = ngrams[rows].mean(axis=0) if rows else 0, len(rows)
        counts = counts[:, None].astype(numpy.float32)
        return (own + means * counts) / (counts + 1)


def ngram_rows_of_bytes(word: bytes, min_n: int, max_n: int, bucket: int) -> list[int]:
    """``subwords.ngram_rows`` of a word that need not be valid UTF-8: a letter is a byte, and the continuation bytes
    after it."""
    word = b"<%b>" % word
    starts = [place for place, byte in enumerate(word) if byte & 0xC0 != 0x80] + [len(word)]
    rows = []
    for first in range(len(starts) - 1):
        code = FNV_OFFSET
        for last in range(first, min(first + max_n, len(starts) - 1)):
            for byte in word[starts[last] : starts[last + 1]]:
                code = ((code ^ SIGNED[byte]) * FNV_PRIME) & MASK
            length = last - first + 1
            if length >= min_n and not (length == 1 and (first == 0 or last == len(starts) - 2)):
                rows.append(code % bucket)
    return rows
