"""Vectors in the folder of a spaCy pipeline: ours, spaCy's own table of words, or its floret table.

spaCy is imported inside functions: all other formats are read without it.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy

from ...errors import Errors, RNNError
from .. import format
from ..format import Table
from ..output import CONVERSION_LOG, create_pipeline, whole_folder
from . import floret
from .floret import Floret
from .words import warn_of_missing

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.vectors import Vectors


def read_pipeline(path: Path) -> Table | Floret:
    """The vectors of a pipeline, or those in its ``vocab`` folder."""
    folder = path / "vocab" if (path / "vocab").is_dir() else path
    if (folder / format.FILE_NAME).is_file():
        return format.load_table(folder / format.FILE_NAME)
    if not (folder / "vectors").is_file():
        raise RNNError(
            Errors.R258.format(path=path, reason="it has neither vectors.safetensors nor spaCy's own vectors")
        )
    vectors = _load_spacy(folder, path)
    if not len(vectors):
        raise RNNError(Errors.R258.format(path=path, reason="its table is empty"))
    return floret.from_spacy(vectors) if vectors.mode == "floret" else _from_spacy(vectors, path)


def language(path: Path) -> str:
    """What the pipeline in this folder says; xx (any) if there is none, or it says nothing."""
    try:
        lang = json.loads((path / "meta.json").read_text(encoding="utf8"))["lang"]
    except (OSError, ValueError, KeyError, TypeError):
        return "xx"
    return lang if isinstance(lang, str) and lang else "xx"


def _load_spacy(folder: Path, path: Path) -> "Vectors":
    from spacy.strings import StringStore
    from spacy.vectors import Vectors
    from thinc.api import NumpyOps

    try:
        strings = StringStore().from_disk(folder / "strings.json")
        vectors = Vectors(strings=strings).from_disk(folder)
        vectors.to_ops(NumpyOps())
    except Exception as error:  # whatever numpy, msgpack and spaCy make of a damaged file
        raise RNNError(Errors.R258.format(path=path, reason=f"they cannot be loaded: {error}")) from error
    return vectors


def _from_spacy(vectors: "Vectors", path: Path) -> Table:
    """Each word with the row its key has; several words may share one (pruned vectors)."""
    keys = [key for key in vectors.key2row if key and key in vectors.strings]
    if len(keys) < len(vectors.key2row):
        warn_of_missing(len(vectors.key2row) - len(keys), next(iter(vectors.key2row.keys() - set(keys))), path)
    keys.sort(key=vectors.key2row.__getitem__)
    rows = numpy.array([vectors.key2row[key] for key in keys], dtype=numpy.int64)
    data = numpy.asarray(vectors.data)
    if not len(rows) or not (0 <= rows.min() and rows.max() < len(data)):
        raise RNNError(Errors.R258.format(path=path, reason="its words have no rows, or rows that are not there"))
    in_order = len(rows) == len(data) and bool((rows == numpy.arange(len(rows))).all())
    matrix = (data if in_order else data[rows]).astype(numpy.float32, copy=False)
    return Table.of_words([vectors.strings[key] for key in keys], matrix)


def write_pipeline(
    out: Path, vectors: Table | Floret, *, lang: str, log: dict, progress: Callable[[int, int], None]
) -> None:
    """A folder that ``spacy.load`` and ``[initialize] vectors`` take, built aside and renamed when complete."""
    with whole_folder(out, CONVERSION_LOG, log) as built:
        _create(vectors, lang).to_disk(built)
    progress(1, 1)


def _create(vectors: Table | Floret, lang: str) -> "Language":
    if isinstance(vectors, Table):
        return create_pipeline(lang, vectors)
    import spacy

    create_pipeline(lang)  # is there such a language?
    nlp = spacy.blank(lang, meta={"name": "vectors"})
    nlp.vocab.vectors = floret.to_spacy(vectors, nlp.vocab.strings)
    nlp.vocab.vectors.name = f"{lang}_vectors"
    return nlp
