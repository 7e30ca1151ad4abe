"""spaCy's string hashes, of many words at once: MurmurHash64A with seed 1 on UTF-8, computed by numpy.

Source: Austin Appleby, MurmurHash2_64.cpp (public domain). ``spacy.strings.hash_string`` gives the same numbers, one by
one; but a file of vectors is also written by processes that have no use for spaCy.
"""

import numpy
from numpy.lib.stride_tricks import sliding_window_view

MULTIPLIER = numpy.uint64(0xC6A4A7935BD1E995)
SHIFT = numpy.uint64(47)
SEED = numpy.uint64(1)
BLOCK = 8  # bytes mixed in together


def hash_words(text: numpy.ndarray, lengths: numpy.ndarray) -> numpy.ndarray:
    """The hash of each word; ``text`` (uint8) has the words one after the other, ``lengths`` their bytes.  # uint64"""
    lengths = lengths.astype(numpy.int64)
    starts = numpy.cumsum(lengths) - lengths
    padded = numpy.concatenate([text, numpy.zeros(BLOCK, dtype=numpy.uint8)])
    windows = sliding_window_view(padded, BLOCK)  # the BLOCK bytes from each place on
    hashes = SEED ^ (lengths.astype(numpy.uint64) * MULTIPLIER)
    blocks = lengths // BLOCK
    active = numpy.flatnonzero(blocks)
    done = 0
    while len(active):
        hashes[active] = (hashes[active] ^ _scramble(_read(windows, starts[active] + done * BLOCK))) * MULTIPLIER
        done += 1
        active = active[blocks[active] > done]
    rest = lengths % BLOCK
    active = numpy.flatnonzero(rest)
    last = _read(windows, (starts + blocks * BLOCK)[active])
    last &= (numpy.uint64(1) << (BLOCK * rest[active]).astype(numpy.uint64)) - numpy.uint64(1)
    hashes[active] = (hashes[active] ^ last) * MULTIPLIER
    hashes = (hashes ^ (hashes >> SHIFT)) * MULTIPLIER
    return hashes ^ (hashes >> SHIFT)


def _read(windows: numpy.ndarray, places: numpy.ndarray) -> numpy.ndarray:
    return windows[places].reshape(-1).view("<u8").astype(numpy.uint64)


def _scramble(block: numpy.ndarray) -> numpy.ndarray:
    block = block * MULTIPLIER
    return (block ^ (block >> SHIFT)) * MULTIPLIER
