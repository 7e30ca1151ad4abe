"""The output of a tagger: scores for tags, parts of speech and morphology, from one vector per token.

Morphology is scored twice from one set of weights. Each attribute (Case, Number, ...) has a row of logits for its
values; a whole bundle ("Case=Gen|Number=Sing") gets a logit of its own *plus* the logits of its values. So rare
bundles lean on their parts, while frequent ones are learned whole, and a bundle never seen in training can still be
put together from the attributes. Tags and morphology see the probabilities of the parts of speech, as each depends on
them.

Each word has its tag and its part of speech for itself, or with a CRF beside its neighbours' (nets/crf.py).
"""

import numpy
import torch
from torch import Tensor, nn

from .crf import LinearChainCRF


class TaggerHeads(nn.Module):
    """N x n_in -> N x (n_tag + n_pos + n_bundle + sum of n_values), logits side by side in this order.

    bundles: for each bundle the column of the value it has of each attribute, counted over all values; n_bundle x
        n_attributes.
    decoder: "crf" gives tags and parts of speech transition scores, `crf["tag"]` and `crf["pos"]`.
    """

    def __init__(
        self, n_in: int, n_tag: int, n_pos: int, n_values: int, bundles: list[list[int]], decoder: str = "softmax"
    ):
        super().__init__()
        self.pos = nn.Linear(n_in, n_pos) if n_pos else None
        self.tag = nn.Linear(n_in, n_tag) if n_tag else None
        self.bundle = nn.Linear(n_in, len(bundles)) if bundles else None
        self.value = nn.Linear(n_in, n_values) if n_values else None
        chained = {"tag": n_tag, "pos": n_pos} if decoder == "crf" else {}
        self.crf = nn.ModuleDict({head: LinearChainCRF(list(map(str, range(n)))) for head, n in chained.items() if n})
        given = torch.zeros(n_values, len(bundles))
        for column, values in enumerate(bundles):
            given[values, column] = 1.0
        self.register_buffer("given", given, persistent=False)
        self.from_pos = nn.Linear(n_pos, n_in, bias=False) if n_pos else None

    def forward(self, flat: Tensor, lengths: numpy.ndarray | None = None) -> Tensor:
        tag = pos = bundle = value = flat[:, :0]
        if self.pos is not None:
            pos = self.pos(flat)
            flat = flat + self.from_pos(pos.softmax(1))
        if self.tag is not None:
            tag = self.tag(flat)
        if self.bundle is not None:
            bundle = self.bundle(flat)
        if self.value is not None:
            value = self.value(flat)
            bundle = bundle + value @ self.given
        return torch.cat([tag, pos, bundle, value], 1)
