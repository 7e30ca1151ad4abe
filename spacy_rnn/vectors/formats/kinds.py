"""Which kind of vectors a file holds: what is there by its content, what is to be made by its name."""

import re
from pathlib import Path

from ...errors import Errors, RNNError
from ..format import Table
from .fasttext import is_fasttext
from .lines import BOM, NUMBER, count_numbers, open_unpacked

KINDS = {
    "pipeline": "a spaCy pipeline: a folder",
    "safetensors": "our own file: .safetensors",
    "word2vec": "text with a first line 'words dim', also fastText's .vec: .txt, .vec, .txt.gz, .vec.gz",
    "word2vec-binary": "word2vec's own file: .bin",
    "glove": "text without such a line: .txt, .txt.gz",
    "fasttext": "fastText's own file, with its n-grams: .bin",
    "floret": "floret's table: .floret, .floret.gz",
    "navec": "natasha/navec's archive, only read: .tar",
}
SUFFIXES = {
    "": "pipeline",
    ".safetensors": "safetensors",
    ".txt": "word2vec",
    ".vec": "word2vec",
    ".floret": "floret",
    ".bin": "fasttext",
    ".tar": "navec",
}
SAMPLE = 2**16  # bytes looked at


def check_kind(kind: str, option: str) -> None:
    if kind not in KINDS:
        raise RNNError(Errors.R255.format(option=option, kind=kind, reason=f"the kinds are {', '.join(KINDS)}"))


def kind_of_source(path: Path) -> str:
    """By the content of ``path``. RNNError if there is none, or none known."""
    if path.is_dir():
        return "pipeline"
    if not path.is_file():
        raise RNNError(Errors.R240.format(path=path))
    with open_unpacked(path) as (file, raw):
        start = file.read(SAMPLE)
        packed = file is not raw
    kind = _recognise(start)
    if kind is None:
        raise RNNError(Errors.R241.format(path=path, known=", ".join(KINDS)))
    if packed and kind in ("fasttext", "navec", "safetensors"):
        raise RNNError(Errors.R251.format(path=path, reason=f"a gzipped {kind} file cannot be mapped into memory"))
    return kind


def _recognise(start: bytes) -> str | None:
    if start[257:262] == b"ustar":
        return "navec"
    if start[8:9] == b"{" and int.from_bytes(start[:8], "little") < 2**32:
        return "safetensors"
    first, _, rest = start.removeprefix(BOM).partition(b"\n")
    fields = first.split()
    if len(fields) == 8 and all(field.isdigit() for field in fields[:6]):
        return "floret"
    if re.fullmatch(rb"\d{1,19} \d{1,19} ?\r?", first):
        return "word2vec" if _is_text(rest, int(fields[1])) else "word2vec-binary"
    if is_fasttext(start):
        return "fasttext"
    if len(fields) > 1 and _is_text(start.removeprefix(BOM), 0):
        return "glove"
    return None


def _is_text(start: bytes, dim: int) -> bool:
    """Are these lines of a word and ``dim`` numbers (0: any number of them)? Control characters tell binary numbers."""
    if re.search(rb"[\x00-\x08\x0e-\x1f]", start):
        return False
    lines = start.split(b"\n")[:100]
    if dim:
        return True
    last = lines[0].split()[-1:]
    return bool(count_numbers(lines)) and bool(last) and NUMBER.fullmatch(last[0]) is not None


def kind_of_target(path: Path, vectors=None) -> str:
    """By the suffix of ``path``. A ``.bin`` is fastText's, but word2vec's if a table without n-grams is written."""
    suffix = path.with_suffix("").suffix if path.suffix == ".gz" else path.suffix
    if suffix not in SUFFIXES or (path.suffix == ".gz" and SUFFIXES[suffix] not in ("word2vec", "floret")):
        reason = f"no kind of vectors has the suffix {path.suffix}. Choose among .txt, .vec, .txt.gz, .vec.gz, .bin,"
        reason += " .floret, .safetensors and a folder without suffix, or name the kind with --to"
        raise RNNError(Errors.R254.format(kind=path, reason=reason))
    if SUFFIXES[suffix] == "navec":
        raise RNNError(Errors.R254.format(kind=path, reason="navec archives are only read"))
    if suffix == ".bin" and isinstance(vectors, Table) and not len(vectors.ngrams):
        return "word2vec-binary"
    return SUFFIXES[suffix]


def noun(path: Path) -> str:
    return "a folder" if path.is_dir() else "a file"
