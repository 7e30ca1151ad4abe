"""Language models in both directions over the states of one recurrent layer, to learn words in context from raw text.

    forward state at t  -> the word at t + 1        p(w_{t+1} | w_1 ... w_t)
    backward state at t -> the word at t - 1        p(w_{t-1} | w_t ... w_n)

Peters et al. 2017 (arXiv:1705.00108) gave a tagger the states of such a model, here the tagger's own layers learn
them. Both directions share an adaptive softmax (Grave et al. 2017, arXiv:1609.04309), exact, and dear only for the
frequent words.
"""

import numpy
import torch
from torch import Tensor, nn

OTHER = -1  # a word that is not among those to be named
CUTOFFS = (1000, 5000)  # words whose scores are always computed; words whose scores have a quarter of the width


class NeighbourWords(nn.Module):
    """N x n_in states of a layer, the forward direction's half before the backward one's -> the loss of naming
    neighbours.

    n_words: that can be named, by their rank in frequency. bidirectional: otherwise all of a state is forward's.
    """

    def __init__(self, n_in: int, n_words: int, bidirectional: bool = True):
        super().__init__()
        self.bidirectional = bidirectional
        cutoffs = [cutoff for cutoff in CUTOFFS if cutoff < n_words] or [n_words - 1]
        self.words = nn.AdaptiveLogSoftmaxWithLoss(n_in // (1 + bidirectional), n_words, cutoffs)

    def forward(self, flat: Tensor, lengths: numpy.ndarray | None = None) -> Tensor:
        return flat

    def loss(self, states: Tensor, words: Tensor, lengths: numpy.ndarray) -> tuple[float, Tensor]:
        """The mean of -log p over all neighbours that can be named, and its gradient by the states; that of the weights
        is added to their `.grad`.

        states: N x n_in. words: N ranks or OTHER. lengths: of the sequences.
        """
        states = states.detach().requires_grad_()
        ends = numpy.cumsum(lengths)
        inner = torch.ones(len(words), dtype=torch.bool)
        inner[torch.from_numpy(ends[lengths > 0] - 1)] = False
        left = inner.nonzero()[:, 0].to(states.device)  # positions that have a word to their right
        forward, backward = states.chunk(2, dim=1) if self.bidirectional else (states, states[:0])
        sources, targets = [forward[left]], [words[left + 1]]
        if self.bidirectional:
            sources.append(backward[left + 1])
            targets.append(words[left])
        target = torch.cat(targets)
        known = target != OTHER
        if not bool(known.any()):
            return 0.0, torch.zeros_like(states)
        loss = self.words(torch.cat(sources)[known], target[known]).loss
        loss.backward()
        return float(loss.detach()), states.grad
