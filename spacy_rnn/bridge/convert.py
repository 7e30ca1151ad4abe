"""Arrays <-> tensors, lists <-> flat. On a CPU nothing is copied but the joining of a list."""

import numpy
import torch
from thinc.api import Ops
from thinc.types import Floats2d
from thinc.util import torch2xp, xp2torch
from torch import Tensor

from ..nets.masks import Words


def lengths_of(sequences: list) -> numpy.ndarray:
    return numpy.fromiter(map(len, sequences), dtype="int64", count=len(sequences))


def join(ops: Ops, arrays: list[Floats2d], device: torch.device) -> Tensor:
    """A list of arrays, each tokens x width -> one tensor, N x width."""
    return xp2torch(ops.xp.concatenate(arrays) if len(arrays) != 1 else ops.as_contig(arrays[0]), device=device)


def flat_of(ops: Ops, sequences: list[Floats2d] | Words, device: torch.device) -> tuple[Tensor, numpy.ndarray]:
    """One tensor, N x width, and the lengths, also of words that come once."""
    if isinstance(sequences, Words):
        return sequences.flat, sequences.lengths
    return join(ops, sequences, device), lengths_of(sequences)


def split(ops: Ops, flat: Tensor, lengths: numpy.ndarray) -> list[Floats2d]:
    """One tensor, N x width -> a list of arrays, views of the same memory."""
    array = torch2xp(flat.detach(), ops=ops)
    ends = numpy.cumsum(lengths).tolist()
    return [array[end - length : end] for end, length in zip(ends, lengths.tolist(), strict=True)]
