"""Many tokens to one vector: N x width beside lengths -> sequences x width. A sequence without tokens gives zeros.

sum, mean, max   over all positions, coordinate by coordinate
last             the state a recurrent layer ends with, in each direction
attention        sum_i a_i x_i,  a = softmax(v . tanh(W x_i + b))   (Yang et al. 2016, aclanthology.org/N16-1174)
"""

from collections.abc import Callable

import numpy
import torch
from torch import Tensor, nn

from . import sliding
from .masks import max_over_time, token_positions


def sum_over_time(flat: Tensor, lengths: numpy.ndarray) -> Tensor:
    sequence = torch.from_numpy(token_positions(lengths)[0]).to(flat.device)
    return flat.new_zeros(len(lengths), flat.shape[1]).index_add(0, sequence, flat)


def mean_over_time(flat: Tensor, lengths: numpy.ndarray) -> Tensor:
    counts = torch.from_numpy(numpy.maximum(lengths, 1)).to(flat)
    return sum_over_time(flat, lengths) / counts[:, None]


def most_over_time(flat: Tensor, lengths: numpy.ndarray) -> Tensor:
    """`masks.max_over_time` where sequences may be empty."""
    if not torch.is_grad_enabled() and sliding.fits(flat, flat.shape[1]):
        return sliding.largest_numbers(flat, lengths)
    return spread(max_over_time(flat, lengths[lengths > 0]), lengths)


def about_equal(flat: Tensor, top: Tensor) -> Tensor:  # bool
    """Which numbers are the highest ones up to rounding, which depends on the batch."""
    return flat >= top - 1e-5 * (1 + top.abs())


def shared_most(flat: Tensor, lengths: numpy.ndarray) -> Tensor:
    """`most_over_time`, whose gradient is shared evenly by all positions that are the highest up to rounding."""
    sequence = torch.from_numpy(token_positions(lengths)[0]).to(flat.device)
    share = about_equal(flat, most_over_time(flat, lengths)[sequence]).to(flat.dtype)
    share = share / sum_over_time(share, lengths)[sequence]
    return sum_over_time(share.detach() * flat, lengths)


def last_states(flat: Tensor, lengths: numpy.ndarray, bidirectional: bool) -> Tensor:
    """Of states with the forward direction's half before the backward one's: that at the last, that at the first."""
    ends = torch.from_numpy(numpy.cumsum(lengths)[lengths > 0]).to(flat.device)
    if not bidirectional:
        return spread(flat[ends - 1], lengths)
    begins = ends - torch.from_numpy(lengths[lengths > 0]).to(flat.device)
    forward, backward = flat.chunk(2, dim=1)
    return spread(torch.cat([forward[ends - 1], backward[begins]], dim=1), lengths)


def spread(rows: Tensor, lengths: numpy.ndarray) -> Tensor:
    """The rows of sequences that have tokens, and zeros for those that have none."""
    if len(rows) == len(lengths):
        return rows
    full = torch.from_numpy(numpy.flatnonzero(lengths)).to(rows.device)
    return rows.new_zeros(len(lengths), rows.shape[1]).index_copy(0, full, rows)


POOLINGS: dict[str, Callable[[Tensor, numpy.ndarray], Tensor]] = {
    "sum": sum_over_time,
    "mean": mean_over_time,
    "max": most_over_time,
}


class AttentionPooling(nn.Module):
    """N x n_in -> sequences x n_in, by weights that are learned."""

    def __init__(self, n_in: int):
        super().__init__()
        self.keys = nn.Linear(n_in, n_in)
        self.query = nn.Linear(n_in, 1, bias=False)

    def forward(self, flat: Tensor, lengths: numpy.ndarray) -> Tensor:
        return sum_over_time(self.weights(flat, lengths) * flat, lengths)

    def weights(self, flat: Tensor, lengths: numpy.ndarray) -> Tensor:
        """N x 1, which sum to 1 in each sequence."""
        energy = self.query(torch.tanh(self.keys(flat)))
        sequence = torch.from_numpy(token_positions(lengths)[0]).to(flat.device)
        energy = (energy - most_over_time(energy.detach(), lengths)[sequence]).exp()
        return energy / sum_over_time(energy, lengths)[sequence]
