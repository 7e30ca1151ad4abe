"""A strict reader of CoNLL-U files: every sentence is checked, every error names its file and line.

The format: https://universaldependencies.org/format.html. A sentence's own lines are checked in ``conllu_sentence``.
"""

from collections.abc import Iterator
from pathlib import Path

from ..errors import Errors, RNNError
from .conllu_sentence import Sentence, parse_sentence


def conllu_files(path: str | Path) -> list[Path]:
    """The file itself, or every .conllu file below a folder."""
    path = Path(path)
    if not path.exists():
        raise RNNError(Errors.R301.format(path=path))
    return sorted(path.rglob("*.conllu")) if path.is_dir() else [path]


def read_sentences(path: str | Path, bad: list[RNNError] | None = None, words_only: bool = False) -> Iterator[Sentence]:
    """The sentences of a file or folder. With a list ``bad``, broken ones are skipped and their errors go there.

    words_only: see parse_sentence.
    """
    found = False
    for file in conllu_files(path):
        for line, offset, block in _blocks(file):
            try:
                sentence = parse_sentence(file, line, _decode(file, line, offset, block), words_only)
            except RNNError as error:
                if bad is None:
                    raise
                bad.append(error)
                continue
            if sentence is not None:
                found = True
                yield sentence
    if not found and not bad:
        raise RNNError(Errors.R302.format(path=path))


def _blocks(path: Path) -> Iterator[tuple[int, int, list[bytes]]]:
    """Cut a file at blank lines: (number of the first line, its byte offset, the lines)."""
    block, line, offset, position = [], 1, 0, 0
    with path.open("rb") as file:
        for number, raw in enumerate(file, start=1):
            if raw.strip(b" \r\n"):
                block.append(raw)
            else:
                if block:
                    yield line, offset, block
                block, line, offset = [], number + 1, position + len(raw)
            position += len(raw)
    if block:
        yield line, offset, block


def _decode(path: Path, line: int, offset: int, block: list[bytes]) -> list[str]:
    data = b"".join(block)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line += data.count(b"\n", 0, error.start)
        raise RNNError(Errors.R303.format(path=path, line=line, offset=offset + error.start)) from error
    if offset == 0:
        text = text.removeprefix("\ufeff")
    return [row.rstrip("\r") for row in text.removesuffix("\n").split("\n")]
