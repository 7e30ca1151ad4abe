"""A convolutional encoder: each layer looks at a window around every token, with a residual connection.

    z_i = ReLU(F [x_{i-k d} .. x_i .. x_{i+k d}] + b)          (k tokens to each side, d the dilation)
    y_i = LayerNorm(x_i + z_i)

Sequences lie flat, so a window never reaches into a neighbour sequence: what is outside is zero. Strubell et al. (2017,
arXiv:1702.02098) stack such layers with dilations 1, 2, 4, ... to see far with few layers.
"""

import numpy
import torch
from torch import Tensor, nn

from .dropout import Dropout
from .masks import token_positions, windows


class ConvolutionalLayer(nn.Module):
    """N x width -> N x width; `window` tokens to each side are seen, `dilation` apart."""

    def __init__(self, width: int, window: int, dilation: int):
        super().__init__()
        self.size, self.dilation = 2 * window + 1, dilation
        self.filters = nn.Linear(width * self.size, width)
        self.norm = nn.LayerNorm(width)

    def forward(self, flat: Tensor, lengths: numpy.ndarray) -> Tensor:
        rows = windows(lengths, self.size, self.dilation, flat.device)  # N x size
        padded = nn.functional.pad(flat, (0, 0, 0, 1))  # row N holds zeros
        seen = padded.index_select(0, rows.reshape(-1)).view(len(rows), -1)  # N x (size * width)
        return self.norm(flat + torch.relu(self.filters(seen)))


class ConvolutionalEncoder(nn.Module):
    """A stack of convolutional layers: N x n_in -> N x width."""

    def __init__(self, n_in: int, width: int, depth: int = 4, window: int = 1, dilation: list[int] | int = 1):
        super().__init__()
        dilations = [dilation] * depth if isinstance(dilation, int) else dilation
        self.input = nn.Linear(n_in, width) if n_in != width else nn.Identity()
        self.layers = nn.ModuleList(ConvolutionalLayer(width, window, d) for d in dilations)
        self.dropout = Dropout()

    def forward(self, flat: Tensor, lengths: numpy.ndarray) -> Tensor:
        sequence = torch.from_numpy(token_positions(lengths)[0]).to(flat.device)
        flat = self.input(self.dropout(flat, sequence))
        for layer in self.layers:
            flat = self.dropout(layer(flat, lengths), sequence)
        return flat
