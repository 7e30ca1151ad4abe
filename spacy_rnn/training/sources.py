"""Where raw text comes from: files, folders, .gz and .zip; decoded, and handed to the reader of their format.

An input is a path, or ``path::column`` to choose the column of this file only (that makes a table even of a .txt file).
A .spacy file gives the texts of its Docs.
Encodings: UTF-8 if the whole file is valid UTF-8, else ``Settings.encoding``, else an error that asks for it.
"""

import codecs
import gzip
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO

from spacy.tokens import DocBin
from spacy.vocab import Vocab

from ..errors import Errors, RNNError
from .conllu import read_sentences
from .formats import READERS, Settings, read_plain, read_tsv

# Taken from folders, beside .conllu. Tables and JSON there are often about the data: name those one by one.
RUNNING_TEXT = (".txt", ".tmx")
# Names in folders and archives that are not part of the data.
NOT_TEXT = ("readme", "license", "licence", "copying", ".", "_")


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
        settings = replace(settings, column=self.column or settings.column)
        if self.path.suffix == ".conllu":
            for sentence in read_sentences(self.path, words_only=True):
                yield "".join(word + " " * space for word, space in zip(sentence.words, sentence.spaces, strict=True))
            return
        if self.path.suffix == ".spacy":
            yield from _texts_of_docs(self.path)
            return
        with self.path.open("rb") as raw:
            try:
                for name, from_start in _files_within(self.path, raw):
                    for text in _read(name, from_start, settings, table=self.column is not None):
                        self.done = raw.tell()
                        yield text
            except (EOFError, gzip.BadGzipFile, zipfile.BadZipFile, zlib.error, RuntimeError) as error:
                raise RNNError(Errors.R333.format(path=self.path, reason=error)) from error


def _texts_of_docs(path: Path) -> Iterator[str]:
    try:
        for doc in DocBin().from_disk(path).get_docs(Vocab()):
            yield doc.text
    except Exception as error:  # zlib, msgpack or spaCy, depending on where the file is broken
        raise RNNError(Errors.R318.format(path=path, reason=error)) from error


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


def _files_within(path: Path, raw: IO[bytes]) -> Iterator[tuple[str, Callable[[], IO[bytes]]]]:
    """The one file, or all that are text in a .zip: their names, and how to open them at their start."""
    if path.suffix != ".zip":
        yield str(path), partial(_from_start, raw, packed=path.suffix == ".gz")
        return
    with zipfile.ZipFile(raw) as archive:
        for member in archive.namelist():
            if not member.endswith("/") and not PurePosixPath(member).name.lower().startswith(NOT_TEXT):
                yield f"{path}/{member}", partial(archive.open, member)


def _from_start(raw: IO[bytes], packed: bool) -> IO[bytes]:
    raw.seek(0)
    return gzip.GzipFile(fileobj=raw) if packed else raw


def _read(name: str, from_start: Callable[[], IO[bytes]], settings: Settings, table: bool) -> Iterator[str]:
    """Texts of one file. It is opened twice: to find its encoding, then to be read."""
    suffix = _suffix(name)
    if suffix == ".conllu":
        raise RNNError(Errors.R336.format(path=name))
    encoding = find_encoding(from_start(), name, settings.encoding)
    reader = read_tsv if table and suffix == ".txt" else READERS.get(suffix, read_plain)
    newline = "" if suffix == ".csv" else None  # a quoted field may have several lines
    file = io.TextIOWrapper(from_start(), encoding=encoding, newline=newline)
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
