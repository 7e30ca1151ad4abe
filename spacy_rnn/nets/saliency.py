"""Why a text classifier decided as it did: what each token and each n-gram has added to a logit z.

    gradient     x_i . dz/dx_i                 to first order, by how much z would fall if x_i were a vector of zeros
    integrated   x_i . mean of dz/dx_i at ax   0 < a < 1: on the way from zeros to the text (Sundararajan et al. 2017,
                                               arXiv:1703.01365). The sum is z less the z of zeros.
    occlusion    z - z without the token       exactly what the net says of the text without it

x_i is the vector by which token i enters the classifier. A softmax does not change when all logits grow alike, so of
exclusive labels z is the logit less the mean of all: what is left are differences. Nothing here asks how texts lie in a
batch. Start reading at `gradients`.
"""

from typing import NamedTuple

import numpy
import torch
from torch import Tensor

from .classifier import FilterReader, TextClassifier, Words
from .masks import token_positions
from .ngrams import ngram_rows
from .pooling import shared_most

STEPS = 32  # of the integral
AT_ONCE = 16_384  # tokens of texts that lack one, laid out together


class Texts(NamedTuple):
    """What the net gets."""

    flat: Tensor  # N x n_in
    lengths: numpy.ndarray
    ngrams: Tensor  # M rows of their table
    ngram_lengths: numpy.ndarray


class Shares(NamedTuple):
    """Of K labels for each text."""

    logits: Tensor  # texts x labels
    tokens: Tensor  # N x K
    ngrams: Tensor  # M x K


def each(flat: Tensor, lengths: numpy.ndarray) -> Words:
    """Every token with a row of its own, so that it has a gradient of its own."""
    return Words(flat, torch.arange(len(flat), device=flat.device), lengths)


def read(net: TextClassifier, words: Words) -> Tensor:
    """As the net reads, but equal n-grams have equal gradients."""
    return net.reader(words, shared_most) if isinstance(net.reader, FilterReader) else net.reader(words)


class Bag(NamedTuple):
    """What the n-grams of texts add: a mean vector to what was read, texts x ngram_width; scores to the logits, texts x
    labels. A width of 0, or zeros, where there are none."""

    vectors: Tensor
    scores: Tensor


def bag_of(net: TextClassifier, ngrams: Tensor, lengths: numpy.ndarray) -> Bag:
    counts = torch.from_numpy(lengths).to(ngrams.device)
    begins, empty = torch.cumsum(counts, 0) - counts, net.output.weight.new_zeros(len(lengths), 0)
    vectors = empty if net.ngrams is None else net.ngrams(ngrams, begins).detach()
    scores = empty.new_zeros(len(lengths), net.output.out_features)
    return Bag(vectors, scores if net.scores is None else net.scores(ngrams, begins).detach())


def logits_of(net: TextClassifier, read: Tensor, scores: Tensor, exclusive: bool) -> Tensor:
    """texts x width, texts x labels -> texts x labels, less their mean if they are exclusive."""
    logits = net.decide(read) + scores
    return centred(logits) if exclusive else logits


def centred(logits: Tensor) -> Tensor:
    return logits - logits.mean(1, keepdim=True)


def gradients(net: TextClassifier, texts: Texts, columns: Tensor, exclusive: bool, steps: int = 0) -> Shares:
    """columns: texts x K, the labels asked for. steps: 0 for the gradient at the text, else of the integral."""
    net.eval()
    bag = bag_of(net, texts.ngrams, texts.ngram_lengths)
    tokens = texts.flat.new_zeros(len(texts.flat), columns.shape[1])
    d_bags = bag.vectors.new_zeros(columns.shape[1], *bag.vectors.shape)
    points = [(i + 0.5) / steps for i in range(steps)] if steps else [1.0]
    for point in points:
        flat, mean = (point * texts.flat).requires_grad_(), (point * bag.vectors).requires_grad_()
        with torch.enable_grad(), torch.backends.cudnn.flags(enabled=False):  # cuDNN has gradients in training only
            found = torch.cat([read(net, each(flat, texts.lengths)), mean], dim=1)
            logits = logits_of(net, found, bag.scores, exclusive)
            for k in range(columns.shape[1]):
                total = logits.gather(1, columns[:, k : k + 1]).sum()
                d_flat, d_bag = torch.autograd.grad(total, [flat, mean], retain_graph=True, materialize_grads=True)
                tokens[:, k] += (d_flat * texts.flat).sum(1) / len(points)
                d_bags[k] += d_bag / len(points)
    with torch.no_grad():
        found = torch.cat([read(net, each(texts.flat, texts.lengths)), bag.vectors], dim=1)
        ngrams = _ngram_shares(net, texts, d_bags) + _score_shares(net, texts, columns, exclusive)
        return Shares(logits_of(net, found, bag.scores, exclusive), tokens, ngrams)


def _score_shares(net: TextClassifier, texts: Texts, columns: Tensor, exclusive: bool) -> Tensor:
    """What the n-grams' own scores add, M x K."""
    if net.scores is None:
        return columns.new_zeros(len(texts.ngrams), columns.shape[1])
    scores = net.scores.weight[texts.ngrams]
    text = torch.from_numpy(token_positions(texts.ngram_lengths)[0]).to(columns.device)
    return (centred(scores) if exclusive else scores).gather(1, columns[text])


def _ngram_shares(net: TextClassifier, texts: Texts, d_bags: Tensor) -> Tensor:
    """Gradients of the mean vectors, K x texts x ngram_width -> M x K."""
    if net.ngrams is None:
        return d_bags.new_zeros(len(texts.ngrams), len(d_bags))
    text = torch.from_numpy(token_positions(texts.ngram_lengths)[0]).to(texts.ngrams.device)
    counts = torch.from_numpy(texts.ngram_lengths).to(d_bags)[text]
    vectors = net.ngrams.weight.detach()[texts.ngrams] / counts[:, None]
    return torch.stack([(d_bag[text] * vectors).sum(1) for d_bag in d_bags], dim=1)


def of_zeros(net: TextClassifier, texts: Texts, exclusive: bool) -> Tensor:
    """The logits of these texts if all their vectors were zeros, texts x labels: where the integral begins."""
    net.eval()
    with torch.no_grad():
        bag = bag_of(net, texts.ngrams, texts.ngram_lengths)
        found = read(net, each(torch.zeros_like(texts.flat), texts.lengths))
        found = torch.cat([found, torch.zeros_like(bag.vectors)], dim=1)
        return logits_of(net, found, torch.zeros_like(bag.scores), exclusive)


def without_each(
    net: TextClassifier, flat: Tensor, words: numpy.ndarray | None, sizes: list[int], exclusive: bool
) -> Tensor:
    """The logits of one text without its first token, without its second, ...: n x labels.

    flat: n x n_in. words: what n-grams are hashed from; None if there are none. sizes: of n-grams.
    """
    net.eval()
    n = len(flat)
    parts, many = [], max(1, AT_ONCE // max(n, 1))
    for begin in range(0, n, many):
        without = numpy.arange(begin, min(begin + many, n))[:, None]
        rows = numpy.arange(n - 1) + (numpy.arange(n - 1) >= without)  # texts x n - 1
        lengths = numpy.full(len(rows), n - 1)
        hashed = (numpy.zeros(0, dtype="int64"), numpy.zeros(len(rows), dtype="int64"))
        if words is not None:
            table = net.scores if net.ngrams is None else net.ngrams
            hashed = ngram_rows(words[rows.reshape(-1)], lengths, sizes, table.num_embeddings)
        with torch.no_grad():
            texts = Words(flat, torch.from_numpy(rows.reshape(-1)).to(flat.device), lengths)
            ngrams = torch.from_numpy(hashed[0]).to(flat.device)
            bag = bag_of(net, ngrams, hashed[1])
            parts.append(logits_of(net, torch.cat([net.reader(texts), bag.vectors], dim=1), bag.scores, exclusive))
    return torch.cat(parts) if parts else flat.new_zeros(0, net.output.out_features)
