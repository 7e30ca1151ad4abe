"""How probable is the gold labelling? In torch, for training.

The gradient of log Z is the marginals: with the compiled chain they are taken from there, otherwise torch follows the
forward algorithm step by step.
"""

import numpy
import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from . import native
from .chain import blocks_of
from .masks import token_positions


def path_score(
    scores: Tensor, path: Tensor, lengths: numpy.ndarray, transitions: Tensor, start: Tensor, end: Tensor
) -> Tensor:
    """The score of one labelling, N labels, for each sequence."""
    sequence, position = (torch.from_numpy(a).to(scores.device) for a in token_positions(lengths))
    steps = torch.where(position == 0, start[path], transitions[path.roll(1), path])
    at_end = position == torch.from_numpy(lengths).to(scores.device)[sequence] - 1
    each = scores.gather(1, path[:, None])[:, 0] + steps + torch.where(at_end, end[path], 0.0)
    return each.new_zeros(len(lengths)).index_add(0, sequence, each)


def log_partition(scores: Tensor, lengths: numpy.ndarray, transitions: Tensor, start: Tensor, end: Tensor) -> Tensor:
    """log Z of each sequence."""
    tensors = (scores, transitions, start, end)
    if native.reason_missing() is None:
        found = _compiled(tensors, lengths)
        if found.done.all():
            return _LogPartition.apply(*tensors, lengths, found)
    return log_partition_in_torch(scores, lengths, transitions, start, end)


def log_partition_in_torch(
    scores: Tensor, lengths: numpy.ndarray, transitions: Tensor, start: Tensor, end: Tensor
) -> Tensor:
    """The same, by the forward algorithm in blocks of similar lengths."""
    totals = []
    blocks = blocks_of(lengths)
    for rows, going, _ in blocks:
        block = scores[torch.from_numpy(rows.reshape(-1)).to(scores.device)].view(*rows.shape, -1)  # T x B x K
        forward = start + block[0]  # B x K
        for t in range(1, len(rows)):
            g = int(going[t])
            moved = torch.logsumexp(forward[:g, :, None] + transitions, 1) + block[t, :g]
            forward = torch.cat([moved, forward[g:]]) if g < len(forward) else moved
        totals.append(torch.logsumexp(forward + end, 1))
    back = numpy.argsort(numpy.concatenate([block.numbers for block in blocks]))
    return torch.cat(totals)[torch.from_numpy(back).to(scores.device)]


class _LogPartition(torch.autograd.Function):
    @staticmethod
    def forward(ctx, scores, transitions, start, end, lengths, found):
        ctx.save_for_backward(scores, transitions, start, end)
        ctx.lengths, ctx.tokens = lengths, found.tokens
        return torch.from_numpy(found.log_z).to(scores)

    @staticmethod
    @once_differentiable
    def backward(ctx, grad):
        tensors, lengths = ctx.saved_tensors, ctx.lengths
        weights = grad.detach().cpu().double().numpy()
        pairs = _compiled(tensors, lengths, weights).pairs if any(ctx.needs_input_grad[1:4]) else None
        tokens = ctx.tokens * numpy.repeat(weights, lengths)[:, None].astype("float32")
        last = numpy.cumsum(lengths) - 1
        found = (tokens, pairs, tokens[last - lengths + 1].sum(0), tokens[last].sum(0))
        return (
            *(
                torch.from_numpy(array).to(tensor) if needed else None
                for array, tensor, needed in zip(found, tensors, ctx.needs_input_grad, strict=False)
            ),
            None,
            None,
        )


def _compiled(
    tensors: tuple[Tensor, ...], lengths: numpy.ndarray, weights: numpy.ndarray | None = None
) -> native.Found:
    scores, *chain = (tensor.detach().cpu() for tensor in tensors)
    scores = numpy.ascontiguousarray(scores.float().numpy())
    return native.marginals(tuple(tensor.double().numpy() for tensor in chain), scores, lengths, None, 1.0, weights)
