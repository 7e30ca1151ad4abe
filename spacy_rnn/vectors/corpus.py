"""Text files of any size as blocks of valid UTF-8, in which white space parts words and line ends part sentences.

.txt is read as it is, .gz unpacked, of .jsonl the field "text" is taken, of .spacy the tokens. Letters and their marks
are composed. Invalid UTF-8 and broken files are reported with their place. Read ``read_blocks`` first.
"""

import gzip
import json
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from ..errors import Errors, RNNError
from .normalize import compose_block

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

BLOCK = 2**20  # bytes
DOCS_AT_ONCE = 1000  # tokenized together
SUFFIXES = (".txt", ".jsonl", ".txt.gz", ".jsonl.gz", ".spacy")

ProgressT = Callable[[int], None]  # is told how many bytes have been read on disk


def find_texts(paths: Iterable[Path]) -> list[Path]:
    """The files among ``paths``, and in the folders among them all files with one of ``SUFFIXES``."""
    files = []
    for path in paths:
        if path.is_dir():
            found = sorted(file for file in path.rglob("*") if file.name.endswith(SUFFIXES) and file.is_file())
            if not found:
                raise RNNError(Errors.R202.format(path=path))
            files.extend(found)
        elif path.is_file():
            files.append(path)
        else:
            raise RNNError(Errors.R201.format(path=path))
    return files


def read_blocks(files: list[Path], nlp: "Language | None", progress: ProgressT) -> Iterator[bytes]:
    """The text of all files, a megabyte or so at a time, each block with whole words. With ``nlp``, it is cut into
    tokens by spaCy's tokenizer first. A .spacy file brings its own tokens."""
    before = 0
    for file in files:
        try:
            with file.open("rb") as raw:
                if file.suffix == ".spacy":
                    blocks = _join(_read_docs(file))
                elif nlp is not None or ".jsonl" in file.suffixes:
                    blocks = _join(_tokenize(_read_lines(file, raw), nlp))
                else:
                    blocks = _cut(file, _open(file, raw))
                for block in blocks:
                    yield compose_block(block)
                    progress(before + raw.tell())
        except OSError as error:
            raise RNNError(Errors.R292.format(path=file, error=error.strerror or error)) from error
        before += file.stat().st_size
        progress(before)


def read_texts(texts: Iterable[str], nlp: "Language | None" = None) -> Iterator[bytes]:
    """The same for texts in memory: one sentence each, or a document of several lines."""
    return map(compose_block, _join(_tokenize(iter(texts), nlp)))


def _open(file: Path, raw: BinaryIO) -> BinaryIO:
    return gzip.GzipFile(fileobj=raw) if file.suffix == ".gz" else raw


def _cut(file: Path, opened: BinaryIO) -> Iterator[bytes]:
    """Blocks that end with a line, or at least with a word."""
    rest, line = b"", 1
    while block := _read(file, opened, BLOCK, line):
        block = rest + block
        end = block.rfind(b"\n") + 1 or block.rfind(b" ") + 1
        if not end:  # not a single space in a megabyte: no word is that long
            end = len(block) - _unfinished(block)
        block, rest = block[:end], block[end:]
        if not block:
            continue
        line += _check(file, line, block)
        yield block
    if rest:
        _check(file, line, rest)
        yield rest


def _read(file: Path, opened: BinaryIO, size: int, line: int) -> bytes:
    try:
        return opened.read(size)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise RNNError(Errors.R204.format(path=file, line=line, error=error)) from error


def _unfinished(block: bytes) -> int:
    """How many bytes at the end begin a letter that is not complete."""
    for back in range(1, min(4, len(block)) + 1):
        if block[-back] >= 0xC0:
            return back
        if block[-back] < 0x80:
            break
    return 0


def _check(file: Path, line: int, block: bytes) -> int:
    """How many lines end in the block, which must be valid UTF-8."""
    try:
        block.decode("utf8")
    except UnicodeDecodeError as error:
        line += block.count(b"\n", 0, error.start)
        byte = error.start - block.rfind(b"\n", 0, error.start)
        raise RNNError(Errors.R203.format(path=file, line=line, reason=error.reason, byte=byte)) from error
    return block.count(b"\n")


def _read_lines(file: Path, raw: BinaryIO) -> Iterator[str]:
    rest, number = "", 0
    for block in _cut(file, _open(file, raw)):
        *lines, rest = (rest + block.decode("utf8")).split("\n")
        for line in lines:
            number += 1
            yield _field(file, number, line)
    if rest:
        yield _field(file, number + 1, rest)


def _field(file: Path, line: int, text: str) -> str:
    """The text itself; of a line of JSON, its field."""
    if ".jsonl" not in file.suffixes or not text.strip():
        return text
    try:
        if type(found := json.loads(text)["text"]) is str:
            return found
        raise TypeError(f"the text is {found!r}")
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise RNNError(Errors.R212.format(path=file, line=line, error=repr(error))) from error


def _read_docs(file: Path) -> Iterator[str]:
    from spacy.tokens import DocBin
    from spacy.vocab import Vocab

    try:
        docs = DocBin().from_disk(file).get_docs(Vocab())
        for doc in docs:
            yield as_lines(doc)
    except (OSError, ValueError, KeyError, TypeError, zlib.error) as error:
        raise RNNError(Errors.R213.format(path=file, error=error)) from error


def as_lines(doc: "Doc") -> str:
    """Its sentences, if they are annotated, each on a line, with spaces between the tokens."""
    sentences = doc.sents if doc.has_annotation("SENT_START") else [doc]
    return "\n".join(" ".join(token.text for token in part if not token.is_space) for part in sentences)


def _tokenize(texts: Iterator[str], nlp: "Language | None") -> Iterator[str]:
    if nlp is None:
        yield from texts
        return
    from spacy.util import minibatch

    for batch in minibatch(texts, DOCS_AT_ONCE):
        with nlp.memory_zone():
            for doc in nlp.tokenizer.pipe(batch):
                yield " ".join("\n" if "\n" in token.text else token.text for token in doc)


def _join(texts: Iterator[str]) -> Iterator[bytes]:
    """Blocks of many texts, each on a line of its own."""
    parts, size = [], 0
    for text in texts:
        parts.append(text.encode("utf8", "replace"))
        size += len(parts[-1])
        if size >= BLOCK:
            yield b"\n".join([*parts, b""])
            parts, size = [], 0
    if parts:
        yield b"\n".join([*parts, b""])
