"""``write``: a table or a model into a file of any kind that can hold it."""

from collections.abc import Callable, Sequence
from pathlib import Path

from ...errors import Errors, RNNError
from ..format import Table, save_table
from ..matrix import Matrix, take
from ..model import Model
from ..output import check_free
from . import fasttext_model, floret, kinds, word2vec
from .floret import Floret
from .pipeline import write_pipeline
from .progress import ProgressT, silent
from .text_write import write_lines
from .words import writable


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
    elif isinstance(vectors, Floret):
        _write_floret(vectors, path, kind, lang, progress)
    else:
        WRITERS[kind](vectors, path, lang, progress)


def _write_floret(vectors: Floret, path: Path, kind: str, lang: str, progress: ProgressT) -> None:
    if kind == "floret":
        floret.write_floret(path, vectors, progress)
    elif kind == "pipeline":
        _write_pipeline(vectors, path, lang, progress)
    else:
        raise RNNError(Errors.R253.format(path="The source", kind=kind))


def _write_pipeline(vectors: Table | Floret, path: Path, lang: str, progress: ProgressT) -> None:
    check_free(path, force=False)
    write_pipeline(path, vectors, lang=lang, log={}, progress=progress)


def _write_text(table: Table, path: Path, progress: ProgressT, header: bool) -> None:
    words, vectors = _only_writable(table, "text")
    write_lines(path, f"{len(words)} {table.vectors.shape[1]}" if header else None, words, vectors, progress)


def _write_binary(table: Table, path: Path, lang: str, progress: ProgressT) -> None:
    words, vectors = _only_writable(table, "word2vec's binary file")
    word2vec.write_binary(path, list(words), vectors, progress)


def _write_fasttext(table: Table, path: Path, lang: str, progress: ProgressT) -> None:
    words, vectors = _only_writable(table, "fastText's file")
    fasttext_model.write_table(path, table._replace(words=words, vectors=vectors), progress)


def _only_writable(table: Table, kind: str) -> tuple[Sequence[str], Matrix]:
    """The words that the format can hold, and their vectors."""
    kept = writable(table.words, kind)
    if kept is None:
        return table.words, table.vectors
    if not len(kept):
        raise RNNError(Errors.R254.format(kind=kind, reason="no word can be written"))
    return [table.words[row] for row in kept], take(table.vectors, kept)


def _refuse(table: Table, path: Path, lang: str, progress: ProgressT) -> None:
    reason = "its way to cut words into parts and hash them is another one, so only floret tables can be written so"
    raise RNNError(Errors.R254.format(kind="floret", reason=reason))


def _refuse_navec(table: Table, path: Path, lang: str, progress: ProgressT) -> None:
    raise RNNError(Errors.R254.format(kind="navec", reason="such archives are only read; --pq makes our own as small"))


WRITERS: dict[str, Callable[[Table, Path, str, ProgressT], None]] = {
    "pipeline": _write_pipeline,
    "safetensors": lambda table, path, lang, progress: save_table(table, path),
    "word2vec": lambda table, path, lang, progress: _write_text(table, path, progress, header=True),
    "glove": lambda table, path, lang, progress: _write_text(table, path, progress, header=False),
    "word2vec-binary": _write_binary,
    "fasttext": _write_fasttext,
    "floret": _refuse,
    "navec": _refuse_navec,
}
