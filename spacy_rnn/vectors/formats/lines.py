"""Lines of large files, gzipped or not, some thousand at a time."""

import gzip
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from ...errors import Errors, RNNError

BLOCK = 2**18  # bytes read together: they stay in the cache
LONGEST_LINE = 2**25  # bytes
GZIP_RATIO = 1100  # deflate cannot do better
NUMBER = re.compile(rb"[-+0-9.eE]+|nan|-?inf")
BOM = b"\xef\xbb\xbf"


@contextmanager
def open_unpacked(path: Path) -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    """The file unpacked if it is gzip, and the file on disk. RNNError if the gzip file is broken."""
    with path.open("rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        try:
            yield (gzip.GzipFile(fileobj=raw) if packed else raw), raw
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise RNNError(Errors.R251.format(path=path, reason=f"broken gzip file ({error})")) from error


def read_blocks(file: IO[bytes], path: Path) -> Iterator[tuple[int, list[bytes]]]:
    """Lines without their ends, as they come in blocks, with the number of the first."""
    number, rest = 1, b""
    while block := file.read(BLOCK):
        if number == 1 and not rest:
            block = block.removeprefix(BOM)
        lines = (rest + block).split(b"\n")
        rest = lines.pop()
        if len(rest) > LONGEST_LINE:
            raise RNNError(Errors.R251.format(path=path, reason=f"line {number + len(lines)} does not end"))
        number += len(lines)
        if lines:
            yield number - len(lines), lines
    if rest:
        yield number, [rest]


def count_numbers(lines: list[bytes]) -> int:
    """The length of the vectors in a file without header: that of most lines, since a word may contain spaces."""
    found = [line.rstrip(b" \r").count(b" ") for line in lines[:100] if line.strip()]
    return max(set(found), key=found.count) if found else 0
