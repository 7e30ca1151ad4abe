"""A filter is a soft n-gram: which ones of a corpus fire it most, and for which label it speaks."""

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy
import torch
from spacy.tokens import Doc
from spacy.util import minibatch

from ..errors import Errors, RNNError
from ..nets.firing import maxima, reach, slopes
from ..nets.saliency import bag_of
from .explain import DEFAULT, Reader, check


class Filter(NamedTuple):
    number: int
    size: int  # in words
    label: str  # that it speaks for the most
    weight: float  # what an activation of 1 adds to that label's logit
    mean: float  # activation, of all texts
    ngrams: list[tuple[str, float]]  # those that fired it the most, each with its highest activation


def filters_of(pipe: Any, docs: Iterable[Doc], most: int = 5, batch_size: int = 64) -> list[Filter]:
    """All filters, those first that have the most to say: weight times mean activation. R557: there are none.

    docs: with the vectors of a tok2vec, if the component listens to one; they may be a stream. most: of n-grams.
    """
    check(pipe)
    reader = Reader(pipe, DEFAULT)
    if not reader.filters:
        raise RNNError(Errors.R557.format(name=pipe.name))
    best: list[dict[str, tuple[float, str]]] = [{} for _ in range(reader.net.reader.width)]
    total, weights, texts = numpy.zeros(len(best)), 0.0, 0
    for batch in minibatch(docs, batch_size):
        check(pipe, batch)
        for windows, found in reader.groups(batch):
            activation, positions = maxima(reader.net, found.flat, found.lengths)
            vectors = bag_of(reader.net, found.ngrams, found.ngram_lengths).vectors
            read = torch.cat([activation, vectors], dim=1)
            weights = weights + slopes(reader.net, read, reader.exclusive).cpu().numpy() * len(windows)
            total += activation.sum(0).cpu().numpy()
            texts += len(windows)
            _keep(best, batch, list(windows), activation.cpu().numpy(), positions, reach(reader.net.reader), most)
    if not texts:
        return []
    weights = weights[:, : len(best)] / (texts * reader.temperature)
    speaks, sizes, means = weights.argmax(0), reader.net.reader.sizes, (total / texts).tolist()
    per_size = len(best) // len(sizes)
    filters = [
        Filter(f, sizes[f // per_size], pipe.labels[k], float(weights[k, f]), means[f], _ranked(best[f], most))
        for f, k in enumerate(speaks.tolist())
    ]
    return sorted(filters, key=lambda one: -abs(one.weight) * one.mean)


def _keep(best: list, docs: list[Doc], windows: list, activation, positions, reaches: list, most: int) -> None:
    """Of each filter the texts that fire it the most; those cannot all be the same n-gram, so some more."""
    several = min(4 * most, len(windows))
    tops = numpy.argpartition(-activation, several - 1, axis=0)[:several]  # several x filters
    for f, (before, after) in enumerate(reaches):
        known = best[f]
        for i in tops[:, f].tolist():
            value, window = float(activation[i, f]), windows[i]
            first = window.begin + max(0, int(positions[i, f]) - before)
            end = min(window.end, window.begin + int(positions[i, f]) + after + 1)
            said = " ".join(docs[window.doc][first:end].text.split())
            if said and value > known.get(said.lower(), (0.0, ""))[0]:
                known[said.lower()] = value, said
        if len(known) > 8 * most:
            best[f] = dict(sorted(known.items(), key=lambda item: -item[1][0])[: 4 * most])


def _ranked(known: dict[str, tuple[float, str]], most: int) -> list[tuple[str, float]]:
    ranked = sorted(known.values(), key=lambda pair: (-pair[0], pair[1]))[:most]
    return [(said, value) for value, said in ranked]
