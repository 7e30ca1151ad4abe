"""The members of a segmenter: each learns for itself, their mean decides.

Their scores stand side by side, N x members * (labels + edits), in the order of their output layers.
"""

import copy
from typing import NamedTuple

import numpy
import torch
from torch import Tensor

from ..nets.crf import LinearChainCRF
from ..nets.segmenter import SegmenterHead


def members_loss(
    heads: list[SegmenterHead], scores: Tensor, gold: Tensor, lengths: numpy.ndarray
) -> tuple[float, Tensor]:
    """The mean loss per character, and the gradient of each member's own. gold: N numbers of labels (see cuts)."""
    parts = zip(heads, scores.chunk(len(heads), dim=1), strict=True)
    losses, gradients = zip(*(head.loss(part.contiguous(), gold, lengths) for head, part in parts), strict=True)
    return sum(losses) / len(losses), torch.cat(gradients, dim=1)


class BestPath(NamedTuple):
    labels: list[int]
    probability: float  # of its cuts among all there could be


def best_paths(heads: list[SegmenterHead], scores: numpy.ndarray, lengths: numpy.ndarray) -> list[BestPath]:
    """For each word the best path of the mean of all members, with the edit that suits each character best."""
    mean = scores.reshape(len(scores), len(heads), -1).mean(axis=1)  # N x (labels + edits)
    size = heads[0].n_labels
    chain, cuts = mean_chain([head.cuts.crf for head in heads]), numpy.ascontiguousarray(mean[:, :size])
    path = chain.viterbi(cuts, lengths)
    with torch.no_grad():
        loss = chain.cpu().negative_log_likelihood(torch.from_numpy(cuts), torch.from_numpy(path), lengths)
    if mean.shape[1] > size:
        path = path + size * mean[:, size:].argmax(axis=1)
    paths = numpy.split(path, numpy.cumsum(lengths)[:-1])
    return [BestPath(*each) for each in zip(map(numpy.ndarray.tolist, paths), loss.neg().exp().tolist(), strict=True)]


def mean_chain(chains: list[LinearChainCRF]) -> LinearChainCRF:
    """The chain whose transitions are the mean of those given."""
    mean = copy.deepcopy(chains[0])
    with torch.no_grad():
        for weight, *others in zip(mean.parameters(), *(chain.parameters() for chain in chains), strict=True):
            weight.copy_(torch.stack(others).mean(0))
    return mean
