"""spaCy's bag of words for many labels, the same numbers in a fraction of the time: for textcat_runs.py.

Thinc's SparseLinear.v2 has 262,144 weights for each label, and every update goes through all of them. Those that no
word of the training data is hashed to stay zero: this layer keeps the others alone. It is used where spaCy is only
scored; where its speed is measured, nothing is replaced.
"""

from collections.abc import Callable, Iterable

import numpy
import spacy.ml.models.textcat as spacy_textcat
from scipy.sparse import csr_matrix
from spacy.tokens import Doc
from thinc.api import Model

BUCKETS = numpy.zeros(1, dtype="uint32")  # those of the words of the training data, sorted


def only_for(docs: Iterable[Doc], length: int) -> None:
    """From now on, spaCy's bag of words knows these words; the others count as zero."""
    global BUCKETS
    keys = numpy.array(sorted({token.orth for doc in docs for token in doc}), dtype="uint64")
    BUCKETS = numpy.unique(hashed(keys, length))
    spacy_textcat.SparseLinear_v2 = sparse_linear


def sparse_linear(nO: int | None = None, length: int = 2**18) -> Model:
    params = {"W": None, "b": None}
    return Model("sparse_linear", forward, init=init, params=params, dims={"nO": nO, "length": length})


def forward(model: Model, keys_values_lengths: tuple, is_train: bool) -> tuple[numpy.ndarray, Callable]:
    keys, values, lengths = keys_values_lengths
    buckets = hashed(keys, model.get_dim("length"))  # words x 2
    columns = numpy.searchsorted(BUCKETS, buckets).clip(max=len(BUCKETS) - 1)
    counts = values[:, None] * (BUCKETS[columns] == buckets)
    starts = numpy.concatenate([[0], 2 * numpy.cumsum(lengths)])
    table = csr_matrix((counts.ravel().astype("f"), columns.ravel(), starts), shape=(len(lengths), len(BUCKETS)))

    def backprop(d_scores: numpy.ndarray) -> tuple:
        model.inc_grad("W", (table.T @ d_scores).T.ravel())
        model.inc_grad("b", d_scores.sum(0))
        return keys_values_lengths

    weights = model.get_param("W").reshape(-1, len(BUCKETS))  # labels x buckets
    return table @ weights.T + model.get_param("b"), backprop


def init(model: Model, X: object = None, Y: numpy.ndarray | None = None) -> None:
    if Y is not None:
        model.set_dim("nO", Y.shape[1])
    model.set_param("W", numpy.zeros(model.get_dim("nO") * len(BUCKETS), dtype="f"))
    model.set_param("b", numpy.zeros(model.get_dim("nO"), dtype="f"))


def hashed(keys: numpy.ndarray, length: int) -> numpy.ndarray:
    """Two buckets of each key, as Thinc finds them (MurmurHash3 of 64 bits, seeds 0 and 1): keys x 2."""
    halves = [(keys & numpy.uint64(0xFFFFFFFF)).astype("uint32"), (keys >> numpy.uint64(32)).astype("uint32")]
    found = []
    for seed in range(2):
        h = numpy.full(len(keys), seed, dtype="uint32")
        for k in halves:
            k = rotated(k * numpy.uint32(0xCC9E2D51), 15) * numpy.uint32(0x1B873593)
            h = rotated(h ^ k, 13) * numpy.uint32(5) + numpy.uint32(0xE6546B64)
        h ^= numpy.uint32(8)
        h = (h ^ (h >> numpy.uint32(16))) * numpy.uint32(0x85EBCA6B)
        h = (h ^ (h >> numpy.uint32(13))) * numpy.uint32(0xC2B2AE35)
        found.append((h ^ (h >> numpy.uint32(16))) % numpy.uint32(length))
    return numpy.stack(found, axis=1)


def rotated(x: numpy.ndarray, bits: int) -> numpy.ndarray:
    return (x << numpy.uint32(bits)) | (x >> numpy.uint32(32 - bits))
