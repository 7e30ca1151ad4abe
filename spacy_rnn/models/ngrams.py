"""The words of Docs, as nets/ngrams.py wants them."""

import numpy
from spacy.attrs import IDS
from spacy.tokens import Doc, Span


def keys_of(docs: list[Doc | Span], attr: str) -> numpy.ndarray:
    """What stands for each token, of all Docs: N uint64. attr: such as "LOWER"."""
    arrays = [doc.to_array([IDS[attr]]).reshape(-1) for doc in docs]
    return numpy.concatenate(arrays) if arrays else numpy.zeros(0, dtype="uint64")


def some(rows: numpy.ndarray, counts: numpy.ndarray, dropout: float) -> tuple[numpy.ndarray, numpy.ndarray]:
    """Without a share of the n-grams, drawn anew each time."""
    kept = numpy.random.random(len(rows)) >= dropout
    text = numpy.repeat(numpy.arange(len(counts)), counts)
    return rows[kept], numpy.bincount(text[kept], minlength=len(counts))
