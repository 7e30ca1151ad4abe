"""A linear-chain conditional random field (Lafferty et al. 2001): which sequence of labels is the most probable, and
how probable are its parts?

    score(y | x) = start[y_1] + sum_t scores[t, y_t] + sum_t transitions[y_{t-1}, y_t] + end[y_n]
    p(y | x)     = exp(score(y | x)) / Z,   Z = sum over all y of exp(score(y | x))

Sequences lie flat, N x K scores beside their lengths (see masks). What the scheme forbids costs FORBIDDEN. Training
(`negative_log_likelihood`) is torch with its gradients; decoding and marginals have none.
"""

import numpy
import torch
from torch import Tensor, nn

from .masks import token_positions
from .schemes import allowed

FORBIDDEN = -1e4  # far below any score, and yet a number: what contradicts itself still has a best path
MISSING = -1  # the gold label of a token without one
BLOCK_TOKENS = 4096


class LinearChainCRF(nn.Module):
    """labels: their names, K of them. scheme: which may follow which (see schemes).

    learned: whether there are transition scores; without, only the scheme's constraints remain, and the labels of a
        sequence are otherwise independent (a softmax for each token, decoded within the scheme).
    """

    def __init__(self, labels: list[str], scheme: str = "none", learned: bool = True):
        super().__init__()
        self.labels, self.scheme = labels, scheme
        may = allowed(labels, scheme)
        for name, array in may._asdict().items():
            self.register_buffer(f"cost_{name}", torch.where(torch.from_numpy(array), 0.0, FORBIDDEN), persistent=False)
        self.learned = learned
        if learned:
            self.transitions = nn.Parameter(torch.zeros(len(labels), len(labels)))
            self.start = nn.Parameter(torch.zeros(len(labels)))
            self.end = nn.Parameter(torch.zeros(len(labels)))

    def weights(self) -> tuple[Tensor, Tensor, Tensor]:
        """Transitions K x K (from the row's label to the column's), start K and end K, with the scheme's costs."""
        costs = (self.cost_transitions, self.cost_start, self.cost_end)
        if not self.learned:
            return costs
        return self.transitions + costs[0], self.start + costs[1], self.end + costs[2]

    # -- Training

    def negative_log_likelihood(self, scores: Tensor, gold: Tensor, lengths: numpy.ndarray) -> Tensor:
        """-log p(gold | x) of each sequence, none of which may be empty.

        scores: N x K. gold: N labels, or MISSING where any label may stand: then the probability is that of all
            sequences that agree with the labels there are.
        """
        transitions, start, end = self.weights()
        if bool((gold == MISSING).any()):
            known = torch.nn.functional.one_hot(gold.clamp(min=0), scores.shape[1]).bool() | (gold == MISSING)[:, None]
            given = log_partition(scores + torch.where(known, 0.0, FORBIDDEN), lengths, transitions, start, end)
        else:
            given = path_score(scores, gold, lengths, transitions, start, end)
        return log_partition(scores, lengths, transitions, start, end) - given

    # -- Decoding (a short stand-in)

    def viterbi(self, scores, lengths: numpy.ndarray, allowed: numpy.ndarray | None = None) -> numpy.ndarray:
        transitions, start, end = (w.detach().cpu().numpy() for w in self.weights())
        scores = torch.as_tensor(scores).detach().cpu().numpy()
        best = numpy.zeros(len(scores), dtype="int64")
        for rows, steps, _ in blocks_of(lengths):
            block = scores[rows]  # T x B x K
            forward, back = start + block[0], []
            for t in range(1, len(rows)):
                moved = forward[:, :, None] + transitions
                going = (steps > t)[:, None]
                back.append(numpy.where(going, moved.argmax(1), numpy.arange(moved.shape[2])))
                forward = numpy.where(going, moved.max(1) + block[t], forward)
            label = (forward + end).argmax(1)
            best[rows[-1]] = label
            for t in range(len(rows) - 1, 0, -1):
                label = numpy.take_along_axis(back[t - 1], label[:, None], 1)[:, 0]
                best[rows[t - 1]] = label
        return best


def path_score(
    scores: Tensor, path: Tensor, lengths: numpy.ndarray, transitions: Tensor, start: Tensor, end: Tensor
) -> Tensor:
    """The score of one labelling, N labels, for each sequence."""
    sequence, position = (torch.from_numpy(a).to(scores.device) for a in token_positions(lengths))
    steps = torch.where(position == 0, start[path], transitions[path.roll(1), path])
    at_end = position == torch.from_numpy(numpy.asarray(lengths)).to(scores.device)[sequence] - 1
    each = scores.gather(1, path[:, None])[:, 0] + steps + torch.where(at_end, end[path], 0.0)
    return each.new_zeros(len(lengths)).index_add(0, sequence, each)


def log_partition(scores: Tensor, lengths: numpy.ndarray, transitions: Tensor, start: Tensor, end: Tensor) -> Tensor:
    """log Z of each sequence: the forward algorithm, in blocks of similar lengths."""
    totals, order = [], []
    for rows, steps, sequences in blocks_of(lengths):
        block = scores[torch.from_numpy(rows.reshape(-1)).to(scores.device)].view(*rows.shape, -1)  # T x B x K
        forward = start + block[0]  # B x K
        for t in range(1, len(rows)):
            going = int((steps > t).sum())  # the longest come first
            moved = torch.logsumexp(forward[:going, :, None] + transitions, 1) + block[t, :going]
            forward = torch.cat([moved, forward[going:]]) if going < len(steps) else moved
        totals.append(torch.logsumexp(forward + end, 1))
        order.append(sequences)
    back = numpy.argsort(numpy.concatenate(order))
    return torch.cat(totals)[torch.from_numpy(back).to(scores.device)]


def blocks_of(lengths: numpy.ndarray, tokens: int = BLOCK_TOKENS) -> list[tuple[numpy.ndarray, ...]]:
    """Sequences of similar lengths, the longest first: rows T x B (short ones repeat their last), lengths, numbers."""
    lengths = numpy.asarray(lengths, dtype="int64")
    first = numpy.cumsum(lengths) - lengths
    order = numpy.argsort(-lengths, kind="stable")
    blocks, begin = [], 0
    while begin < len(order):
        longest = int(lengths[order[begin]])
        group = order[begin : begin + max(1, tokens // longest)]
        time = numpy.arange(longest)[:, None]
        blocks.append((first[group] + numpy.minimum(time, lengths[group] - 1), lengths[group], group))
        begin += len(group)
    return blocks
