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


def bag_of(net: TextClassifier, ngrams: Tensor, lengths: numpy.ndarray) -> Tensor:
    """The mean vectors of the n-grams, texts x ngram_width; a width of 0 without a table."""
    if net.ngrams is None:
        return torch.zeros(len(lengths), 0, device=ngrams.device)
    counts = torch.from_numpy(lengths).to(ngrams.device)
    return net.ngrams(ngrams, torch.cumsum(counts, 0) - counts).detach()


def logits_of(net: TextClassifier, read: Tensor, exclusive: bool) -> Tensor:
    """texts x width -> texts x labels, less their mean if they are exclusive."""
    logits = net.decide(read)
    return logits - logits.mean(1, keepdim=True) if exclusive else logits


def gradients(net: TextClassifier, texts: Texts, columns: Tensor, exclusive: bool, steps: int = 0) -> Shares:
    """columns: texts x K, the labels asked for. steps: 0 for the gradient at the text, else of the integral."""
    net.eval()
    bag = bag_of(net, texts.ngrams, texts.ngram_lengths)
    tokens = texts.flat.new_zeros(len(texts.flat), columns.shape[1])
    d_bags = bag.new_zeros(columns.shape[1], *bag.shape)
    points = [(i + 0.5) / steps for i in range(steps)] if steps else [1.0]
    for point in points:
        flat, mean = (point * texts.flat).requires_grad_(), (point * bag).requires_grad_()
        with torch.enable_grad(), torch.backends.cudnn.flags(enabled=False):  # cuDNN has gradients in training only
            logits = logits_of(net, torch.cat([read(net, each(flat, texts.lengths)), mean], dim=1), exclusive)
            for k in range(columns.shape[1]):
                total = logits.gather(1, columns[:, k : k + 1]).sum()
                d_flat, d_bag = torch.autograd.grad(total, [flat, mean], retain_graph=True, materialize_grads=True)
                tokens[:, k] += (d_flat * texts.flat).sum(1) / len(points)
                d_bags[k] += d_bag / len(points)
    with torch.no_grad():
        logits = logits_of(net, torch.cat([net.reader(each(texts.flat, texts.lengths)), bag], dim=1), exclusive)
        return Shares(logits, tokens, _ngram_shares(net, texts, d_bags))


def _ngram_shares(net: TextClassifier, texts: Texts, d_bags: Tensor) -> Tensor:
    """Gradients of the mean vectors, K x texts x ngram_width -> M x K."""
    if net.ngrams is None:
        return d_bags.new_zeros(0, len(d_bags))
    text = torch.from_numpy(token_positions(texts.ngram_lengths)[0]).to(texts.ngrams.device)
    counts = torch.from_numpy(texts.ngram_lengths).to(d_bags)[text]
    vectors = net.ngrams.weight.detach()[texts.ngrams] / counts[:, None]
    return torch.stack([(d_bag[text] * vectors).sum(1) for d_bag in d_bags], dim=1)


def of_zeros(net: TextClassifier, texts: Texts, exclusive: bool) -> Tensor:
    """The logits of these texts if all their vectors were zeros, texts x labels: where the integral begins."""
    net.eval()
    with torch.no_grad():
        bag = bag_of(net, texts.ngrams, texts.ngram_lengths)
        read = net.reader(each(torch.zeros_like(texts.flat), texts.lengths))
        return logits_of(net, torch.cat([read, torch.zeros_like(bag)], dim=1), exclusive)


def without_each(
    net: TextClassifier, flat: Tensor, words: numpy.ndarray | None, sizes: list[int], exclusive: bool
) -> Tensor:
    """The logits of one text without its first token, without its second, ...: n x labels.

    flat: n x n_in. words: what n-grams are hashed from; None if there are none. sizes: of n-grams.
    """
    net.eval()
    n = len(flat)
    kept = numpy.arange(n - 1) + (numpy.arange(n - 1) >= numpy.arange(n)[:, None])  # n x n - 1
    parts, many = [], max(1, AT_ONCE // max(n, 1))
    for begin in range(0, n, many):
        rows = kept[begin : begin + many]
        lengths = numpy.full(len(rows), n - 1)
        hashed = (numpy.zeros(0, dtype="int64"), numpy.zeros(len(rows), dtype="int64"))
        if words is not None:
            hashed = ngram_rows([words[row] for row in rows], sizes, net.ngrams.num_embeddings)
        with torch.no_grad():
            texts = Words(flat, torch.from_numpy(rows.reshape(-1)).to(flat.device), lengths)
            ngrams = torch.from_numpy(hashed[0]).to(flat.device)
            read = torch.cat([net.reader(texts), bag_of(net, ngrams, hashed[1])], dim=1)
            parts.append(logits_of(net, read, exclusive))
    return torch.cat(parts) if parts else flat.new_zeros(0, net.output.out_features)
