"""Open an annotated corpus, .conllu or .spacy, as gold Docs."""

from collections.abc import Iterable
from pathlib import Path

from spacy.tokens import Doc, DocBin
from spacy.vocab import Vocab

from ..errors import Errors, RNNError
from .convert import read_docs


def read_gold(path: str | Path, vocab: Vocab) -> list[Doc]:
    """The Docs of a .spacy or .conllu file, or of a folder of .conllu files."""
    path = Path(path)
    if not path.exists():
        raise RNNError(Errors.R301.format(path=path))
    if path.is_dir() or path.suffix == ".conllu":
        return list(read_docs(path, vocab))
    if path.suffix != ".spacy":
        raise RNNError(Errors.R317.format(path=path))
    try:
        return list(DocBin().from_disk(path).get_docs(vocab))
    except Exception as error:  # zlib, msgpack or spaCy, depending on where the file is broken
        raise RNNError(Errors.R318.format(path=path, reason=error)) from error


def word_forms(docs: Iterable[Doc]) -> set[str]:
    return {word.text for doc in docs for word in doc}
