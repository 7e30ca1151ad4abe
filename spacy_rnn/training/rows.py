"""The lines of annotated corpora, with their numbers: what all readers of such files begin with."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path

from ..errors import Errors, RNNError

Row = tuple[int, bytes]  # the number of a line, from 1, and its bytes, without what ends it
BOM = b"\xef\xbb\xbf"
NEW_DOCUMENT = re.compile(rb"#\s*newdoc\b|-DOCSTART-")


def files_of(path: Path, suffixes: Sequence[str]) -> list[Path]:
    """The file itself, or the files below a folder with one of these suffixes, in order. R301: no such path."""
    if not path.exists():
        raise RNNError(Errors.R301.format(path=path))
    if not path.is_dir():
        return [path]
    return sorted(file for file in path.rglob("*") if file.suffix in suffixes and file.is_file())


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """R292: what the system says of a file that it does not let us read."""
    try:
        yield
    except OSError as error:
        raise RNNError(Errors.R292.format(path=path, error=error.strerror or error)) from error


def rows_of(path: Path) -> Iterator[Row]:
    """All lines; a byte order mark before the first is passed over."""
    with readable(path), path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            yield number, (line.removeprefix(BOM) if number == 1 else line).rstrip(b"\r\n")


def blocks_of(path: Path) -> Iterator[list[Row]]:
    """The lines between blank ones: sentences, with their comments."""
    for blank, block in groupby(rows_of(path), key=lambda row: not row[1].strip()):
        if not blank:
            yield list(block)


def opens_document(block: list[Row]) -> bool:
    """Does one of the lines say that a document begins? Asked before they are checked: it does so, too, where the
    sentence is broken and left out."""
    return any(NEW_DOCUMENT.match(line) for _, line in block)


def decode(path: Path, row: Row) -> str:
    number, line = row
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RNNError(Errors.R303.format(path=path, line=number, offset=error.start)) from error
