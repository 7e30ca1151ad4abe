"""The words of a file: from bytes to letters, each of them once."""

import warnings
from collections.abc import Sequence

import numpy

from ...errors import Errors, RNNError, Warnings
from ..matrix import Matrix
from .matrix import chunks

PARTING = "".join(map(chr, range(0x21))) + "\x7f"  # space and control characters


def check_encoding(encoding: str) -> None:
    """Lines and numbers are told apart before anything is decoded, so an encoding must agree with ASCII on these."""
    try:
        fits = "\n 0".encode(encoding) == b"\n 0"
    except (LookupError, UnicodeError):
        fits = False
    if not fits:
        raise RNNError(Errors.R256.format(encoding=encoding))


def decode_words(words: list[bytes], encoding: str, source: object) -> list[str]:
    """Broken bytes become ``\\xff``, with a warning: their vectors are good, and nobody will look such words up."""
    decoded, broken = [], []
    for word in words:
        try:
            decoded.append(word.decode(encoding))
        except UnicodeDecodeError:
            decoded.append(word.decode(encoding, errors="backslashreplace"))
            broken.append(decoded[-1])
    if broken:
        reason = f"are not valid {encoding}, and their broken bytes are written as \\xff (or name another --encoding)"
        warnings.warn(
            Warnings.W208.format(source=source, count=len(broken), reason=reason, word=broken[0]), stacklevel=2
        )
    return decoded


def first_of_each(words: list[str], source: object) -> numpy.ndarray | None:
    """Which words to keep so that each is there once, the first time; None: all. Warns if any is left out."""
    seen = {""}  # no word at all
    rows = [row for row, word in enumerate(words) if not (word in seen or seen.add(word))]
    if len(rows) == len(words):
        return None
    left_out = next(row for row, kept in enumerate([*rows, -1]) if row != kept)
    warn_of_repeats(len(words) - len(rows), words[left_out], source)
    return numpy.array(rows, dtype=numpy.int64)


def warn_of_repeats(count: int, word: str, source: object) -> None:
    reason = "are empty, or there again, and only the first vector of each is kept"
    warnings.warn(Warnings.W208.format(source=source, count=count, reason=reason, word=word), stacklevel=3)


def warn_of_missing(count: int, key: int, source: object) -> None:
    reason = "are known by their hash only, and left out"
    warnings.warn(Warnings.W208.format(source=source, count=count, reason=reason, word=key), stacklevel=3)


def check_finite(words: Sequence[str] | None, vectors: Matrix, source: object) -> None:
    """RNNError with the first word (None: the first row) whose vector has NaN or infinity in it."""
    for part, numbers in chunks(vectors):
        finite = numpy.isfinite(numbers).all(axis=1)
        if not finite.all():
            row = part.start + int(numpy.argmin(finite))
            where = f"row {row}" if words is None else f"'{words[row]}'"
            raise RNNError(Errors.R257.format(path=source, word=where))


def writable(words: Sequence[str], kind: str) -> numpy.ndarray | None:
    """Which words have none of the characters that a format parts words with; None: all."""
    good = numpy.array([bool(word) and not any(sign in word for sign in PARTING) for word in words], dtype=bool)
    if good.all():
        return None
    left_out = words[int(numpy.argmin(good))]
    count = int(len(words) - good.sum())
    warnings.warn(Warnings.W209.format(kind=kind, count=count, word=left_out), stacklevel=3)
    return numpy.flatnonzero(good)
