"""A linear-chain conditional random field (Lafferty et al. 2001): which sequence of labels is the most probable, and
how probable are its parts?

    score(y | x) = start[y_1] + sum_t scores[t, y_t] + sum_t transitions[y_{t-1}, y_t] + end[y_n]
    p(y | x)     = exp(score(y | x)) / Z,   Z = sum over all y of exp(score(y | x))

Sequences lie flat, N x K scores beside their lengths (see masks). What the scheme forbids costs FORBIDDEN. Training
(`negative_log_likelihood`) is torch with its gradients; decoding and marginals have none.
"""

from typing import NamedTuple

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

    # -- Decoding (a short stand-in for the whole CRF, which takes this place)

    def viterbi(self, scores, lengths: numpy.ndarray, allowed: numpy.ndarray | None = None) -> numpy.ndarray:
        """The best path of each sequence, N labels."""
        paths = self.best_paths(scores, lengths, 1, allowed)
        return numpy.concatenate([best[0][1] for best in paths])

    def best_paths(self, scores, lengths: numpy.ndarray, n: int, allowed: numpy.ndarray | None = None) -> list:
        """For each sequence its n best labellings: pairs of log-probability and labels, best first."""
        transitions, start, end = (w.detach().cpu().double().numpy() for w in self.weights())
        found = []
        for block in _sequences(scores, lengths, allowed):
            beams = [[(start[y] + block[0, y], [y])] for y in range(len(start))]
            for row in block[1:]:
                following = []
                for y in range(len(start)):
                    pairs = [(s + transitions[path[-1], y] + row[y], path) for beam in beams for s, path in beam]
                    pairs.sort(key=lambda pair: -pair[0])
                    following.append([(s, [*path, y]) for s, path in pairs[:n]])
                beams = following
            finished = [(s + end[path[-1]], path) for beam in beams for s, path in beam]
            finished.sort(key=lambda pair: -pair[0])
            log_z = _forward(block, transitions, start, end)[1]
            found.append([(float(s - log_z), numpy.array(path)) for s, path in finished[:n]])
        return found

    def marginals(
        self, scores, lengths: numpy.ndarray, allowed: numpy.ndarray | None = None, temperature: float = 1.0
    ) -> "Marginals":
        transitions, start, end = (w.detach().cpu().double().numpy() / temperature for w in self.weights())
        messages, log_z = [], []
        blocks = [block / temperature for block in _sequences(scores, lengths, allowed)]
        for block in blocks:
            forward, total = _forward(block, transitions, start, end)
            backward = _forward(block[::-1], transitions.T, end, start)[0][::-1] - block
            messages.append((forward, backward, block))
            log_z.append(total)
        parts = [numpy.concatenate(part) for part in zip(*messages, strict=True)]
        return Marginals(*parts, numpy.array(log_z), numpy.asarray(lengths), transitions, self.labels, self.scheme)


class Marginals(NamedTuple):
    """Stand-in."""

    forward: numpy.ndarray
    backward: numpy.ndarray
    scores: numpy.ndarray
    log_z: numpy.ndarray
    lengths: numpy.ndarray
    transitions: numpy.ndarray
    names: list[str]
    scheme: str

    @property
    def tokens(self) -> numpy.ndarray:
        return numpy.exp(self.forward + self.backward - numpy.repeat(self.log_z, self.lengths)[:, None])

    def path(self, first: int, labels, closed: bool = True) -> float:
        labels = list(labels)
        last = first + len(labels) - 1
        sequence = int(numpy.searchsorted(numpy.cumsum(self.lengths), first, side="right"))
        total = self.forward[first, labels[0]] + self.backward[last, labels[-1]] - self.log_z[sequence]
        for i in range(1, len(labels)):
            total += self.transitions[labels[i - 1], labels[i]] + self.scores[first + i, labels[i]]
        return float(numpy.exp(total))

    def span(self, first: int, last: int, labels) -> float:
        labels = list(labels)
        p = self.path(first, labels)
        ends = numpy.cumsum(self.lengths)
        if self.scheme == "IOB2" and last + 1 < ends[numpy.searchsorted(ends, first, side="right")]:
            inner = self.names.index("I" + self.names[labels[0]][1:])
            p -= self.path(first, [*labels, inner])
        return max(p, 0.0)


def _sequences(scores, lengths, allowed) -> list[numpy.ndarray]:
    scores = numpy.asarray(torch.as_tensor(scores).detach().cpu().numpy(), dtype="float64")
    if allowed is not None:
        scores = scores + numpy.where(allowed, 0.0, FORBIDDEN)
    return numpy.split(scores, numpy.cumsum(lengths)[:-1])


def _forward(block, transitions, start, end) -> tuple[numpy.ndarray, float]:
    messages = numpy.empty_like(block)
    messages[0] = start + block[0]
    for t in range(1, len(block)):
        before = messages[t - 1][:, None] + transitions
        top = before.max(0)
        messages[t] = top + numpy.log(numpy.exp(before - top).sum(0)) + block[t]
    final = messages[-1] + end
    return messages, float(final.max() + numpy.log(numpy.exp(final - final.max()).sum()))


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
