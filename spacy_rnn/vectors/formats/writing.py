"""``write``: a table or a model into a file of any kind that can hold it."""

from pathlib import Path

from ...errors import Errors, RNNError
from ..format import Table, save_table
from ..matrix import take
from ..model import Model
from ..output import check_free
from . import fasttext_model, floret, kinds, word2vec
from .floret import Floret
from .pipeline import write_pipeline
from .progress import ProgressT, silent
from .text_write import write_lines
from .words import writable

UNWRITABLE = {
    "floret": "its way to cut words into parts and hash them is another one, so only floret tables can be written so",
    "navec": "such archives are only read; --pq makes our own as small",
}


def write(
    vectors: Table | Model | Floret,
    path: str | Path,
    *,
    kind: str | None = None,
    lang: str = "xx",
    progress: ProgressT = silent,
) -> None:
    """``kind`` is one of ``kinds.KINDS``, by default that of the suffix. Nothing is half written; what is there is
    replaced, unless it is a folder. Of a model, only fastText's ``.bin`` has all that training needs."""
    path = Path(path)
    if isinstance(vectors, Model) and vectors.settings.model == "glove":  # fastText knows no such model
        vectors = vectors.to_table()
    kind = kind or kinds.kind_of_target(path, vectors)
    kinds.check_kind(kind, "to")
    if isinstance(vectors, Model) and kind != "fasttext":
        vectors = vectors.to_table()
    if isinstance(vectors, Model):
        fasttext_model.write_model(path, vectors, progress)
    elif kind == "pipeline":
        check_free(path, force=False)
        write_pipeline(path, vectors, lang=lang, log={}, progress=progress)
    elif isinstance(vectors, Table):
        _write_table(vectors, path, kind, progress)
    elif kind == "floret":
        floret.write_floret(path, vectors, progress)
    else:
        raise RNNError(Errors.R253.format(path="The source", kind=kind))


def check_writable(kind: str) -> None:
    """Can a table be written so?"""
    if kind in UNWRITABLE:
        raise RNNError(Errors.R254.format(kind=kind, reason=UNWRITABLE[kind]))


def _write_table(table: Table, path: Path, kind: str, progress: ProgressT) -> None:
    check_writable(kind)
    if kind == "safetensors":
        save_table(table, path)
    elif kind == "fasttext":
        fasttext_model.write_table(path, _only_writable(table, "fastText's file"), progress)
    elif kind == "word2vec-binary":
        table = _only_writable(table, "word2vec's binary file")
        word2vec.write_binary(path, list(table.words), table.vectors, progress)
    else:
        table = _only_writable(table, "text")
        header = f"{len(table.words)} {table.vectors.shape[1]}" if kind == "word2vec" else None
        write_lines(path, header, table.words, table.vectors, progress)


def _only_writable(table: Table, kind: str) -> Table:
    """With the words that the format can hold."""
    kept = writable(table.words, kind)
    if kept is None:
        return table
    if not len(kept):
        raise RNNError(Errors.R254.format(kind=kind, reason="no word can be written"))
    return table._replace(words=[table.words[row] for row in kept], vectors=take(table.vectors, kept))
