"""Filters as soft n-grams: where in a text each one fired, how strongly, and what that has added to a logit.

    z_f = max(0, max_i activity_f(i)),   logit = b + sum_f W_f z_f     exact without a hidden layer, whatever the depth

With a hidden layer W_f is the slope at the text. A filter of size s at position i sees the words i - s + 1 to i, some
of them outside of the text; one of a higher layer also what its inputs see.
"""

from typing import NamedTuple

import numpy
import torch
from torch import Tensor

from .classifier import FilterReader, TextClassifier
from .pooling import about_equal
from .saliency import Texts, bag_of, each, logits_of


class Firing(NamedTuple):
    """Of all filters in each text."""

    activation: numpy.ndarray  # texts x filters, 0 or more
    position: numpy.ndarray  # texts x filters, of the first maximum: the last word of its window
    contribution: numpy.ndarray  # K x texts x filters


def fire(net: TextClassifier, texts: Texts, columns: Tensor, exclusive: bool) -> Firing:
    """columns: texts x K, the labels asked for."""
    activation, position = maxima(net, texts.flat, texts.lengths)
    bag = bag_of(net, texts.ngrams, texts.ngram_lengths)
    read = torch.cat([activation, bag.vectors], dim=1).requires_grad_()
    with torch.enable_grad():
        logits = logits_of(net, read, bag.scores, exclusive)
        totals = [logits.gather(1, columns[:, k : k + 1]).sum() for k in range(columns.shape[1])]
        slopes = [torch.autograd.grad(total, read, retain_graph=True)[0] for total in totals]
    contribution = [(slope[:, : activation.shape[1]] * activation).cpu().numpy() for slope in slopes]
    return Firing(activation.cpu().numpy(), position, numpy.stack(contribution))


def maxima(net: TextClassifier, flat: Tensor, lengths: numpy.ndarray) -> tuple[Tensor, numpy.ndarray]:
    """The activation of each filter in each text, and its place among `masks.wide_windows`: texts x filters; 0 in an
    empty text."""
    net.eval()
    reader, found, places = net.reader, [], []
    with torch.no_grad():
        for (activity, counts), linear in zip(reader.activities(each(flat, lengths)), reader.layers[-1], strict=True):
            tops = activity.new_zeros(len(lengths), activity.shape[1])
            place = numpy.zeros(tops.shape, dtype="int64")
            for i, part in enumerate(activity.split(counts.tolist())):
                if len(part):
                    tops[i] = part.amax(0)
                    place[i] = about_equal(part, tops[i]).int().argmax(0).cpu().numpy()  # the first
            found.append(torch.relu(tops + linear.bias))
            places.append(place)
    return torch.cat(found, dim=1), numpy.concatenate(places, axis=1)


def reach(reader: FilterReader) -> list[tuple[int, int]]:
    """For each filter how many words it sees before and after its position, the last word of its window."""
    widest, below = max(reader.sizes), len(reader.layers) - 1
    before, after = below * (widest // 2), below * (widest - 1 - widest // 2)
    each_size = [(before + size - 1, after) for size in reader.sizes]
    return [places for places in each_size for _ in range(reader.width // len(reader.sizes))]


def slopes(net: TextClassifier, read: Tensor, exclusive: bool) -> Tensor:
    """The mean over texts of d logit / d z, labels x width: the weights of the decision, if nothing is hidden."""
    with torch.no_grad():
        weights = net.output.weight
        if net.hidden is not None:
            active = (net.hidden(read) > 0).float().mean(0)
            weights = (weights * active) @ net.hidden.weight
        return weights - weights.mean(0) if exclusive else weights
