"""Dropout whose rate is set from outside, since spaCy hands it over with each update (`[training] dropout`)."""

import torch
from torch import Tensor, nn


class Dropout(nn.Module):
    """Dropout at the rate of the moment times `scale`.

    With `groups`, one mask serves all rows of a group: the variational dropout of Gal and Ghahramani (2016,
    arXiv:1512.05287), where a group is a sequence.
    """

    def __init__(self, scale: float = 1.0):
        super().__init__()
        self.scale = scale
        self.rate = 0.0

    def forward(self, flat: Tensor, groups: Tensor | None = None) -> Tensor:  # N x width -> N x width
        rate = min(self.rate * self.scale, 0.95)
        if not self.training or rate <= 0 or flat.shape[0] == 0:
            return flat
        if groups is None:
            return nn.functional.dropout(flat, rate)
        mask = torch.empty(int(groups[-1]) + 1, flat.shape[1], device=flat.device, dtype=flat.dtype)  # groups x width
        mask.bernoulli_(1 - rate).div_(1 - rate)
        return flat * mask.index_select(0, groups)


def set_dropout(net: nn.Module, rate: float) -> None:
    """Give every Dropout inside `net` the rate of the moment."""
    for module in net.modules():
        if isinstance(module, Dropout):
            module.rate = rate
