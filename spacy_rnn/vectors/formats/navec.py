"""Reading navec's archives: product-quantised vectors of Russian words (github.com/natasha/navec, protocol 1).

A tar file with three members, read by their names and never unpacked to disk:
meta.json   {"id": ..., "protocol": 1}
vocab.bin   gzip: uint32 number of words, uint32 count of each, the words in UTF-8 joined by line breaks
pq.bin      uint32 vectors, dim, parts, centroids; uint8 code of each vector's parts; float32 parts x centroids x
            (dim / parts)
The words are lower case. ``<unk>`` stands for unknown ones and stays a word; ``<pad>`` is all zeros and is left out.
"""

import gzip
import json
import tarfile
import zlib
from pathlib import Path

import numpy

from ...errors import Errors, RNNError
from ..format import Table
from ..quantize import CENTROIDS, Quantized
from .binary import Cursor
from .lines import GZIP_RATIO
from .words import first_of_each

MEMBERS = "meta.json", "vocab.bin", "pq.bin"
PROTOCOL = 1
LARGEST_META = 2**16  # bytes
LONGEST_WORD = 2**10  # bytes, on average: what is longer is no list of words
PAD = "<pad>"


def read_navec(path: Path, *, limit: int = 0) -> Table:
    """Words by falling count, their vectors quantised as they are."""
    members = _read_members(path)
    _check_meta(members["meta.json"], path)
    codes, centroids = _read_codes(members["pq.bin"], path)
    words, counts = _read_words(members["vocab.bin"], len(codes), path)
    order = numpy.argsort(-counts.astype(numpy.int64), kind="stable")
    order = order[[words[row] != PAD for row in order]]
    words = [words[row] for row in order]
    if (kept := first_of_each(words, path)) is not None:
        words, order = [words[row] for row in kept], order[kept]
    if limit:
        words, order = words[:limit], order[:limit]
    if not words:
        raise RNNError(Errors.R247.format(path=path))
    vectors = _quantized(numpy.ascontiguousarray(codes[order]), centroids)
    return Table.of_words(words, vectors, lower=True)


def _quantized(codes: numpy.ndarray, centroids: numpy.ndarray) -> Quantized:
    """In our own layout, which has a norm for each row and a rotation besides: all 1, and none."""
    parts, count, width = centroids.shape
    all_centroids = numpy.zeros((parts, CENTROIDS, width), dtype=numpy.float32)
    all_centroids[:, :count] = centroids
    return Quantized(codes, numpy.ones(len(codes), numpy.float16), all_centroids, numpy.eye(parts * width, dtype="f4"))


def _read_members(path: Path) -> dict[str, bytes]:
    """The three files. None can be larger than the archive, which is not compressed."""
    size = path.stat().st_size
    try:
        with tarfile.open(path, "r:") as tar:
            found = {}
            for name in MEMBERS:
                member = tar.getmember(name)
                if not member.isreg() or member.size > size:
                    raise damaged(path, f"{name} is no plain file of its size")
                found[name] = tar.extractfile(member).read()
    except (KeyError, tarfile.TarError, EOFError, OSError, ValueError, OverflowError) as error:
        if isinstance(error, RNNError):
            raise
        raise damaged(path, error) from error
    return found


def damaged(path: Path, reason: object) -> RNNError:
    return RNNError(Errors.R252.format(path=path, reason=reason))


def _check_meta(data: bytes, path: Path) -> None:
    try:
        protocol = json.loads(data[:LARGEST_META])["protocol"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise damaged(path, f"meta.json: {error!r}") from error
    if protocol != PROTOCOL:
        raise damaged(path, f"protocol {protocol}, and {PROTOCOL} is the one that can be read")


def _read_codes(data: bytes, path: Path) -> tuple[numpy.ndarray, numpy.ndarray]:
    """The codes (words x parts, uint8), and what each stands for (parts x centroids x numbers, float32)."""
    cursor = Cursor(data, f"{path}: pq.bin")
    rows, dim, parts, count = cursor.read("4I", "header")
    if not (parts and dim and dim % parts == 0 and 1 <= count <= CENTROIDS):
        raise cursor.refuse(
            "dim, parts, centroids", (dim, parts, count), "parts that divide dim, and up to 256 centroids"
        )
    start = cursor.skip(rows * parts, "codes")
    codes = numpy.frombuffer(data, numpy.uint8, rows * parts, start).reshape(rows, parts)
    start = cursor.skip(count * dim * 4, "centroids")
    centroids = numpy.frombuffer(data, "<f4", count * dim, start).reshape(parts, count, dim // parts)
    if cursor.at != len(data):
        raise cursor.refuse("the end", len(data), cursor.at)
    if rows and codes.max() >= count:
        raise cursor.refuse("a code", codes.max(), f"less than {count}")
    if not numpy.isfinite(centroids).all():
        raise damaged(path, "a centroid is not finite")
    return codes, centroids


def _read_words(data: bytes, rows: int, path: Path) -> tuple[list[str], numpy.ndarray]:
    most = min(4 + rows * (4 + LONGEST_WORD), len(data) * GZIP_RATIO + 100)
    try:
        unpacker = zlib.decompressobj(wbits=31)  # gzip
        unpacked = unpacker.decompress(data, most)
        if not unpacker.eof:
            raise damaged(path, "vocab.bin is cut off, or has other than its words")
    except (zlib.error, gzip.BadGzipFile) as error:
        raise damaged(path, f"vocab.bin: {error}") from error
    cursor = Cursor(unpacked, f"{path}: vocab.bin")
    (count,) = cursor.read("I", "header")
    if count != rows:
        raise cursor.refuse("number of words", count, f"{rows}, as in pq.bin")
    counts = numpy.frombuffer(unpacked, "<u4", count, cursor.skip(count * 4, "counts"))
    try:
        words = unpacked[cursor.at :].decode("utf8").split("\n")
    except UnicodeDecodeError as error:
        raise damaged(path, f"vocab.bin: {error}") from error
    if len(words) != count:
        raise cursor.refuse("number of words", len(words), count)
    return words, counts
