"""Open any vectors to look at them: a pipeline of whatever kind, or a vectors file in any format that can be read."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import numpy

from ..errors import Errors, RNNError
from .format import Table
from .formats.words import check_finite
from .matrix import cast
from .normalize import Normalization
from .space import Space

if TYPE_CHECKING:
    from spacy.vectors import Vectors
    from spacy.vocab import Vocab

    from .formats import Floret


def open_space(name: str) -> Space:
    """The vectors in a pipeline's folder or a file; or those of an installed pipeline, by its package name. RNNError if
    one has NaN or infinity in it."""
    space = _open(name)
    check_finite(space.words, space.vectors, name)
    return space


def _open(name: str) -> Space:
    from .formats import Floret
    from .formats.reading import Reading, read_any
    from .table import FastTextVectors

    if os.path.exists(name):
        found = read_any(Path(name), None, Reading())
        return from_floret(found) if isinstance(found, Floret) else from_table(found)
    vocab = _load_package(name)
    if isinstance(vocab.vectors, FastTextVectors):
        return from_table(vocab.vectors.to_table())
    return from_spacy(vocab)


def _load_package(name: str) -> "Vocab":
    import spacy

    try:
        return spacy.load(name).vocab
    except (OSError, ValueError, ImportError) as error:
        raise RNNError(Errors.R268.format(name=name, reason=str(error).split(". ")[0])) from error


def from_table(table: Table) -> Space:
    """With n-grams, any word has a vector."""
    words = list(table.words)
    normalize = table.normalization if any(table.normalization) else guess_normalization(words)

    def composed(word: str) -> numpy.ndarray | None:
        return table.compose([word])[0][0] if len(table.ngrams) else None

    return Space(words, cast(table.vectors, "float32"), composed, normalize)


def from_floret(table: "Floret") -> Space:
    """A vector for any word, but no list of words."""
    from .formats.floret import to_spacy

    return _without_words(to_spacy(table, None))


def _without_words(vectors: "Vectors") -> Space:
    none = numpy.zeros((0, vectors.shape[1]), dtype=numpy.float32)
    return Space([], none, lambda word: vectors.get_batch([word])[0] if word else None)


def from_spacy(vocab: "Vocab") -> Space:
    """spaCy's own table. Rows that several words share (pruned vectors) are listed once, as the first of them."""
    vectors = vocab.vectors
    if not len(vectors):
        raise RNNError(Errors.R269)
    if vectors.mode == "floret":
        return _without_words(vectors)
    rows = {key: row for key, row in vectors.key2row.items() if key in vocab.strings}
    first: dict[int, int] = {}  # row -> key
    for key, row in rows.items():
        first.setdefault(row, key)
    used = sorted(first)
    places = {row: place for place, row in enumerate(used)}
    words = [vocab.strings[first[row]] for row in used]
    matrix = numpy.asarray(vectors.data, dtype=numpy.float32)[used]
    space = Space(words, matrix, normalize=guess_normalization(words))
    space.index = {vocab.strings[key]: places[row] for key, row in rows.items()}
    return space


def guess_normalization(words: list[str]) -> Normalization:
    """For tables that do not say it: without a single capital letter in them, they were trained on lower case."""
    return Normalization(lower=bool(words) and all(word == word.lower() for word in words))
