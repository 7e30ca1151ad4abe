"""The output of a labeller: a score for each label of a tagging scheme, and the chain that ties neighbours together.

Two decoders: a conditional random field learns which label follows which, and is trained by the likelihood of whole
sequences (Lample et al. 2016, arXiv:1603.01360); with softmax each token is trained for itself. Both are decoded by
the same chain within the scheme, so that neither says what the scheme does not allow.
"""

import numpy
import torch
from torch import Tensor, nn

from .crf import MISSING, LinearChainCRF
from .masks import token_positions
from .schemes import OUTSIDE

# of the transitions: with 1 a CRF was no better than softmax after 1,500 steps, with 10 it gained 0.4 F1, and 0.7 after
# 3,000 (English entities)
PACE = 10.0


class LabellerHead(nn.Module):
    """N x n_in -> N x K scores. decoder: "crf", or "softmax", which has no learned transitions."""

    def __init__(self, n_in: int, labels: list[str], scheme: str = "none", decoder: str = "crf"):
        super().__init__()
        self.labels, self.decoder = labels, decoder
        self.output = nn.Linear(n_in, len(labels))
        self.crf = LinearChainCRF(labels, scheme, learned=decoder == "crf", pace=PACE)

    def forward(self, flat: Tensor, lengths: numpy.ndarray | None = None) -> Tensor:
        return self.output(flat)

    def loss(
        self, scores: Tensor, gold: Tensor, lengths: numpy.ndarray, weights: Tensor | None = None
    ) -> tuple[float, Tensor]:
        """The loss per token and its gradient; that of the transitions is added to their `.grad`.

        scores: N x K. gold: N labels or MISSING. lengths: of the sequences, none empty. weights: K, of each label: with
            softmax a token counts as its label does, with a CRF a sequence as the heaviest label it has but "O".
        """
        scores = scores.detach().requires_grad_()
        if self.decoder == "crf":
            each = self.crf.negative_log_likelihood(scores, gold, lengths)  # sequences
            if weights is not None:
                each = each * self._sequence_weights(weights, gold, lengths)
            total = each.sum()
        else:
            total = nn.functional.cross_entropy(scores, gold, weights, ignore_index=MISSING, reduction="sum")
        loss = total / max(len(scores), 1)
        loss.backward()
        return float(loss.detach()), scores.grad

    def _sequence_weights(self, weights: Tensor, gold: Tensor, lengths: numpy.ndarray) -> Tensor:
        outside = self.labels.index(OUTSIDE) if OUTSIDE in self.labels else MISSING
        counted = (gold != MISSING) & (gold != outside)
        each = torch.where(counted, weights[gold.clamp(min=0)], -torch.inf)
        sequence = torch.from_numpy(token_positions(lengths)[0]).to(gold.device)
        heaviest = each.new_full((len(lengths),), -torch.inf).scatter_reduce_(0, sequence, each, "amax")
        without = weights[outside] if outside != MISSING else 1.0
        return torch.where(heaviest.isinf(), without, heaviest)
