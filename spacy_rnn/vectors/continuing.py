"""Train a model on with new text: its words and n-grams keep their weights, new ones begin as in any model."""

from dataclasses import replace

import numpy

from ..errors import Errors, RNNError
from .counting import END
from .model import Model, create_model
from .settings import VectorSettings, typed
from .vocabulary import Corpus

FIXED = ("dim", "min_n", "max_n", "bucket", "loss", "lower", "yo", "stress")  # what weights and words were made for


def check_fit(old: Model, settings: VectorSettings, lang: str) -> None:
    """Can the model be trained on so? One of any language (xx) gets the new one."""
    pairs = [(name, getattr(old.settings, name), getattr(settings, name)) for name in FIXED]
    for name, was, now in [*pairs, ("lang", lang if old.lang == "xx" else old.lang, lang)]:
        if was != now:
            raise RNNError(Errors.R281.format(was=typed(name, was), now=typed(name, now)))


def extend_model(old: Model, corpus: Corpus, settings: VectorSettings, lang: str) -> tuple[Model, Corpus]:
    """The model with the words of both, by falling count, and the corpus renumbered for it."""
    counts = dict(zip(old.words, old.counts.tolist(), strict=True))
    for word, count in zip(corpus.words, corpus.counts.tolist(), strict=True):
        counts[word] = counts.get(word, 0) + count
    if settings.loss == "hs" and len(counts) > len(old.words):
        raise RNNError(Errors.R282.format(count=len(counts) - len(old.words)))
    # hierarchical softmax: the tree must stay as it is, and it is made from the counts
    words = old.words if settings.loss == "hs" else sorted(counts, key=lambda word: -counts[word])
    kept = old.counts if settings.loss == "hs" else numpy.array([counts[word] for word in words], dtype=numpy.int64)
    model = create_model(words, kept, settings, lang)
    _copy_weights(old, model)
    return model, _renumber(corpus, model)


def _copy_weights(old: Model, model: Model) -> None:
    place = {word: i for i, word in enumerate(model.words)}
    rows = numpy.array([place[word] for word in old.words], dtype=numpy.int64)
    words = len(model.words)
    model.inputs[rows] = old.inputs[: len(rows)]
    if model.settings.loss == "hs":
        model.outputs[:] = old.outputs
    else:
        model.outputs[rows] = old.outputs[: len(rows)]
    for name in model.extra.keys() & old.extra.keys():
        model.extra[name][rows] = old.extra[name]
    buckets = numpy.union1d(old.buckets, model.buckets).astype(numpy.int32)
    if len(buckets) > len(model.buckets):  # n-grams of a dense table that no word has
        inputs = numpy.empty((words + len(buckets), model.settings.dim), dtype=numpy.float32)
        inputs[:words] = model.inputs[:words]
        inputs[words + numpy.searchsorted(buckets, model.buckets)] = model.inputs[words:]
        model.inputs, model.buckets = inputs, buckets
    model.inputs[words + numpy.searchsorted(buckets, old.buckets)] = old.inputs[len(old.words) :]


def _renumber(corpus: Corpus, model: Model) -> Corpus:
    """The corpus with the numbers of the model's words."""
    place = {word: i for i, word in enumerate(model.words)}
    table = numpy.array([*(place[word] for word in corpus.words), END], dtype=numpy.int32)  # -1 is the last
    ids = numpy.memmap(corpus.path, dtype=numpy.int32, mode="r+")
    for block in range(len(corpus)):
        part = slice(int(corpus.blocks[block]), int(corpus.blocks[block + 1]))
        ids[part] = table[ids[part]]
    ids.flush()
    return replace(corpus, words=model.words, counts=model.counts, held_out=table[corpus.held_out])
