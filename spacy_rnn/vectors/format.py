"""How a table lies on disk: one safetensors file, its settings in the header, every part checked on load.

tensors   words: uint8, all words as UTF-8, one after the other | lengths: int32, bytes of each word
          vectors: float32, words x dim | ngrams: float32, bucket x dim
metadata  table: JSON with format, version, min_n, max_n, lower (one string, since safetensors shuffles its metadata
          and equal tables must have equal bytes: spaCy compares their hashes)
"""

import json
from pathlib import Path
from typing import NamedTuple

import numpy
import safetensors.numpy
from safetensors import SafetensorError

from ..errors import Errors, RNNError

FILE_NAME = "vectors.safetensors"
FORMAT = "spacy-rnn.FastTextVectors"
VERSION = 1


class Table(NamedTuple):
    """What a file holds, and a FastTextVectors is made of."""

    words: list[str]
    vectors: numpy.ndarray  # words x dim
    ngrams: numpy.ndarray  # bucket x dim
    min_n: int
    max_n: int
    lower: bool = False  # words are looked up in lower case


def find_file(path: Path) -> Path:
    """The vectors file itself, that of a pipeline's ``vocab`` folder, or that of a pipeline."""
    for file in (path, path / FILE_NAME, path / "vocab" / FILE_NAME):
        if file.is_file():
            return file
    raise RNNError(Errors.R220.format(path=path))


def pack(table: Table) -> bytes:
    encoded = [word.encode("utf8") for word in table.words]
    tensors = {
        "words": numpy.frombuffer(b"".join(encoded), dtype=numpy.uint8),
        "lengths": numpy.array([len(word) for word in encoded], dtype=numpy.int32),
        "vectors": numpy.ascontiguousarray(table.vectors, dtype=numpy.float32),
        "ngrams": numpy.ascontiguousarray(table.ngrams, dtype=numpy.float32),
    }
    settings = {"format": FORMAT, "version": VERSION, "min_n": table.min_n, "max_n": table.max_n}
    settings["lower"] = table.lower
    return safetensors.numpy.save(tensors, metadata={"table": json.dumps(settings)})


def unpack(data: bytes, source: str) -> Table:
    """The table in ``data``. ``source`` is its name in error messages."""
    try:
        tensors = safetensors.numpy.load(data)
    except (SafetensorError, KeyError, TypeError, ValueError) as error:
        raise RNNError(Errors.R221.format(source=source, error=error)) from error
    settings = _settings(data)
    kind = settings.get("format"), settings.get("version")
    if kind != (FORMAT, VERSION):
        raise RNNError(Errors.R222.format(source=source, found=kind, expected=(FORMAT, VERSION)))
    try:
        table = Table(
            words=_split(tensors["words"].tobytes(), tensors["lengths"]),
            vectors=tensors["vectors"],
            ngrams=tensors["ngrams"],
            min_n=int(settings["min_n"]),
            max_n=int(settings["max_n"]),
            lower=bool(settings.get("lower")),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise RNNError(Errors.R221.format(source=source, error=repr(error))) from error
    check(table, source)
    return table


def _settings(data: bytes) -> dict:
    """Our JSON in the header, which safetensors' loader leaves out: eight bytes of length, then the header's JSON."""
    length = int.from_bytes(data[:8], "little")
    metadata = json.loads(data[8 : 8 + length]).get("__metadata__", {})
    try:
        return dict(json.loads(metadata["table"]))
    except (KeyError, TypeError, ValueError):
        return {}


def _split(joined: bytes, lengths: numpy.ndarray) -> list[str]:
    if (lengths < 0).any() or int(lengths.sum()) != len(joined):
        raise ValueError("the words and their lengths do not add up")
    ends = lengths.cumsum().tolist()
    words = [joined[end - length : end].decode("utf8") for end, length in zip(ends, lengths.tolist(), strict=True)]
    if len(set(words)) < len(words):
        raise ValueError("a word occurs twice")
    return words


def check(table: Table, source: str) -> None:
    """Do the parts fit together? Only a table without words may be without n-grams."""
    vectors, ngrams = table.vectors, table.ngrams
    matrices = vectors.ndim == ngrams.ndim == 2 and vectors.dtype == ngrams.dtype == numpy.float32
    fit = matrices and len(vectors) == len(table.words) and vectors.shape[1] == ngrams.shape[1]
    usable = not table.words or (len(ngrams) and 1 <= table.min_n <= table.max_n)
    if not (fit and usable):
        shapes = {"words": len(table.words), "vectors": vectors.shape, "ngrams": ngrams.shape}
        raise RNNError(Errors.R223.format(source=source, min_n=table.min_n, max_n=table.max_n, **shapes))
