"""A strict reader of CoNLL-U files: every sentence is checked, every error names its file and line.

The format: https://universaldependencies.org/format.html. A sentence's own lines are checked in ``conllu_sentence``.
"""

from collections.abc import Iterator
from pathlib import Path

from ..errors import Errors, RNNError
from .conllu_sentence import Sentence, parse_sentence
from .rows import blocks_of, decode, files_of, opens_document


def conllu_files(path: str | Path) -> list[Path]:
    """The file itself, or every .conllu file below a folder."""
    return files_of(Path(path), [".conllu"])


def read_sentences(path: str | Path, bad: list[RNNError] | None = None, words_only: bool = False) -> Iterator[Sentence]:
    """The sentences of a file or folder. With a list ``bad``, broken ones are skipped and their errors go there.

    words_only: see parse_sentence.
    """
    found = new_document = False
    for file in conllu_files(path):
        for block in blocks_of(file):
            new_document |= opens_document(block)
            try:
                sentence = parse_sentence(file, block[0][0], [decode(file, row) for row in block], words_only)
            except RNNError as error:
                if bad is None:
                    raise
                bad.append(error)
                continue
            if sentence is not None:
                sentence.new_document, new_document, found = new_document, False, True
                yield sentence
    if not found and not bad:
        raise RNNError(Errors.R302.format(path=path))
