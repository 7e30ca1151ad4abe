"""``read``: a table, or a model to train on, out of any file of vectors."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy

from ...errors import Errors, RNNError
from ..format import Table, load_table
from ..matrix import take
from ..model import Model
from ..output import MODEL_NAME
from . import fasttext, fasttext_model, floret, kinds, navec, pipeline, word2vec
from .floret import Floret
from .progress import ProgressT, silent
from .text import read_lines


class Reading(NamedTuple):
    """How to read a file, beyond its name."""

    limit: int = 0  # the first words only; 0: all
    lower: bool = False  # the vectors were trained on lower-case text
    encoding: str = "utf8"
    dtype: str = "float32"  # of the vectors of text files
    progress: ProgressT = silent


def read(path: str | Path, *, kind: str | None = None, model: bool = False, lang: str = "xx", **how) -> Table | Model:
    """The table of finished vectors in ``path``, which may stay there, mapped; with ``model``, the model to train on.
    ``kind`` is one of ``kinds.KINDS``, by default that of its content; ``how`` as in ``Reading``. RNNError says what is
    wrong with a file, and where."""
    path = Path(path)
    if model:
        return read_model(path, kind, lang, how.get("encoding", "utf8"))
    found = read_any(path, kind, Reading(**how))
    if isinstance(found, Floret):
        raise RNNError(Errors.R253.format(path=path, kind="a table of words"))
    return found


def read_model(path: Path, kind: str | None, lang: str = "xx", encoding: str = "utf8") -> Model:
    """With the weights of its training: fastText's ``.bin``, or what our own training leaves in its folder."""
    kind = kind or kinds.kind_of_source(path)
    if kind == "fasttext":
        return fasttext_model.read_model(path, encoding=encoding, lang=lang)
    if has_model(path, kind):
        return Model.load(path / MODEL_NAME if kind == "pipeline" else path)
    reason = f"a {kind} has finished vectors only, without the weights of their training"
    raise RNNError(Errors.R259.format(path=path, reason=reason))


def has_model(path: Path, kind: str) -> bool:
    """May there be a model in it?"""
    return kind in ("fasttext", "safetensors") or (kind == "pipeline" and (path / MODEL_NAME).is_file())


def read_any(path: Path, kind: str | None, how: Reading) -> Table | Floret:
    kind = kind or kinds.kind_of_source(path)
    kinds.check_kind(kind, "from")
    if not path.exists():
        raise RNNError(Errors.R240.format(path=path))
    if path.is_dir() != (kind == "pipeline"):
        raise RNNError(Errors.R255.format(option="from", kind=kind, reason=f"{path} is {kinds.noun(path)}"))
    if path.is_file() and not path.stat().st_size:
        raise RNNError(Errors.R247.format(path=path))
    found = READERS[kind](path, how)
    if isinstance(found, Floret):
        return found
    if how.lower:
        found = found._replace(normalization=found.normalization._replace(lower=True))
    return _cut(found, how.limit)


def _cut(table: Table, limit: int) -> Table:
    if not limit or limit >= len(table.words):
        return table
    rows = numpy.arange(limit)
    return table._replace(words=list(table.words[:limit]), vectors=take(table.vectors, rows))


def _read_text(path: Path, how: Reading, header: bool) -> Table:
    found = read_lines(
        path, header=header, limit=how.limit, encoding=how.encoding, dtype=how.dtype, progress=how.progress
    )
    return Table.of_words(found.words, found.vectors)


def _read_binary(path: Path, how: Reading) -> Table:
    settings = {"limit": how.limit, "encoding": how.encoding, "dtype": how.dtype, "progress": how.progress}
    return Table.of_words(*word2vec.read_binary(path, **settings))


def _read_fasttext(path: Path, how: Reading) -> Table:
    return fasttext.read_table(path, limit=how.limit, encoding=how.encoding, progress=how.progress)


READERS: dict[str, Callable[[Path, Reading], Table | Floret]] = {
    "pipeline": lambda path, how: pipeline.read_pipeline(path),
    "safetensors": lambda path, how: load_table(path),
    "word2vec": lambda path, how: _read_text(path, how, header=True),
    "glove": lambda path, how: _read_text(path, how, header=False),
    "word2vec-binary": _read_binary,
    "fasttext": _read_fasttext,
    "floret": lambda path, how: floret.read_floret(path, how.progress),
    "navec": lambda path, how: navec.read_navec(path, limit=how.limit),
}
