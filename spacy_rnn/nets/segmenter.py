"""The output of a segmenter: where each morpheme begins and ends, and what becomes of each character."""

import numpy
import torch
from torch import Tensor, nn

from .labeller import LabellerHead


class SegmenterHead(nn.Module):
    """N x n_in -> N x (labels + edits), side by side. With a single edit, which then says nothing, there are none.

    Labels depend on their neighbours (nets/labeller.py); edits are a softmax for each character.
    """

    def __init__(self, n_in: int, labels: list[str], scheme: str, edits: list[str], decoder: str = "crf"):
        super().__init__()
        self.cuts = LabellerHead(n_in, labels, scheme, decoder)
        self.edits = nn.Linear(n_in, len(edits)) if len(edits) > 1 else None
        self.n_labels = len(labels)

    def forward(self, flat: Tensor, lengths: numpy.ndarray) -> Tensor:
        cuts = self.cuts(flat, lengths)
        return cuts if self.edits is None else torch.cat([cuts, self.edits(flat)], dim=1)

    def loss(self, scores: Tensor, gold: Tensor, lengths: numpy.ndarray) -> tuple[float, Tensor]:
        """The loss per character and its gradient. gold: N, number of the edit * n_labels + number of the label."""
        cuts = scores[:, : self.n_labels].contiguous()
        loss, gradient = self.cuts.loss(cuts, gold % self.n_labels, lengths)
        if self.edits is None:
            return loss, gradient
        edits = scores[:, self.n_labels :].detach().requires_grad_()
        other = nn.functional.cross_entropy(edits, gold // self.n_labels)
        other.backward()
        return loss + float(other.detach()), torch.cat([gradient, edits.grad], dim=1)
