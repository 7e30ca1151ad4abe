"""Where raw text comes from: files, folders, .gz and .zip; decoded, and handed to the reader of their format.

An input is a path, or ``path::column`` to choose the column of this file only (which also makes a table of a .txt file).
Encodings: UTF-8 if the whole file is valid UTF-8, else ``Settings.encoding``, else an error that asks for it.
"""

import codecs
import gzip
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import IO

from ..errors import Errors, RNNError
from .conllu import read_sentences
from .formats import READERS, Settings, read_plain, read_tsv

RUNNING_TEXT = (".txt", ".tmx")  # taken from folders beside .conllu; a table there may be about the data, so name it
NOT_TEXT = (
    "readme",
    "license",
    "licence",
    "copying",
    ".",
    "_",
)  # names in folders and archives that are about the data


@dataclass
class Source:
    """One file on disk. ``done`` says how many of its ``size`` bytes have been read."""

    path: Path
    column: str | None = None
    done: int = 0

    @property
    def size(self) -> int:
        return self.path.stat().st_size

    def texts(self, settings: Settings) -> Iterator[str]:
        if self.path.suffix == ".conllu":
            for sentence in read_sentences(self.path):
                yield "".join(word + " " * space for word, space in zip(sentence.words, sentence.spaces))
            return
        with self.path.open("rb") as raw:
            try:
                for text in _read_packed(raw, self, settings):
                    self.done = raw.tell()
                    yield text
            except (EOFError, gzip.BadGzipFile, zipfile.BadZipFile, zlib.error, RuntimeError) as error:
                raise RNNError(Errors.R333.format(path=self.path, reason=error)) from error


def find_sources(inputs: list[str]) -> list[Source]:
    """Files as they are named, folders with all running text below them."""
    sources = []
    for item in inputs:
        name, separator, column = item.rpartition("::") if not Path(item).exists() else (item, "", "")
        path = Path(name if separator else item)
        if not path.exists():
            raise RNNError(Errors.R301.format(path=path))
        files = _files_below(path) if path.is_dir() else [path]
        sources += [Source(file, column or None) for file in files]
    return sources


def _files_below(folder: Path) -> list[Path]:
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and _is_text(path.relative_to(folder))]
    if not files:
        raise RNNError(Errors.R335.format(path=folder))
    return files


def _is_text(path: Path) -> bool:
    known = path.suffix == ".conllu" or _suffix(path.name) in RUNNING_TEXT
    return known and not any(part.lower().startswith(NOT_TEXT) for part in path.parts)


def _suffix(name: str) -> str:
    return PurePosixPath(name.removesuffix(".gz")).suffix


def _read_packed(raw: IO[bytes], source: Source, settings: Settings) -> Iterator[str]:
    settings = replace(settings, column=source.column or settings.column)
    if source.path.suffix != ".zip":
        packed = source.path.suffix == ".gz"

        def reopen() -> IO[bytes]:
            raw.seek(0)
            return gzip.GzipFile(fileobj=raw) if packed else raw

        reader = read_tsv if source.column and _suffix(source.path.name) == ".txt" else None
        yield from _read(reopen, str(source.path), settings, reader)
        return
    with zipfile.ZipFile(raw) as archive:
        for member in archive.infolist():
            if not member.is_dir() and not PurePosixPath(member.filename).name.lower().startswith(NOT_TEXT):
                yield from _read(lambda: archive.open(member), f"{source.path}/{member.filename}", settings)  # noqa: B023


def _read(reopen: Callable, name: str, settings: Settings, reader: Callable | None = None) -> Iterator[str]:
    """Texts of one file, which may lie in an archive. It is opened twice: for its encoding, then to be read."""
    suffix = _suffix(name)
    if suffix == ".conllu":
        raise RNNError(Errors.R336.format(path=name))
    encoding = find_encoding(reopen(), name, settings.encoding)
    reader = reader or READERS.get(suffix, read_plain)
    newline = "" if suffix == ".csv" else None  # a quoted field may have several lines
    file = io.TextIOWrapper(reopen(), encoding=encoding, newline=newline)
    try:
        yield from reader(file, name, settings)
    except UnicodeError as error:
        raise RNNError(Errors.R331.format(path=name, encoding=encoding, reason=error)) from error
    finally:
        file.detach()


def find_encoding(file: IO[bytes], name: str, other: str | None) -> str:
    """UTF-8 (with or without byte order mark) if all of it is, else ``other``."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    offset = 0
    try:
        while chunk := file.read(1 << 20):
            waiting = len(decoder.getstate()[0])
            decoder.decode(chunk)
            offset += len(chunk)
            waiting = len(decoder.getstate()[0])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        if other is None:
            raise RNNError(Errors.R330.format(path=name, offset=offset - waiting + error.start)) from error
        return _known_encoding(other, name)
    return "utf-8-sig"


def _known_encoding(encoding: str, name: str) -> str:
    try:
        return codecs.lookup(encoding).name
    except LookupError as error:
        raise RNNError(Errors.R331.format(path=name, encoding=encoding, reason=error)) from error
