"""Recurrent encoders: tanh RNN, LSTM and GRU, both directions, stacked, dilated and strided along time.

    RNN    h_t = tanh(W_h h_{t-1} + W_e e_t + b)                                    (Elman 1990)
    LSTM   f,i,o = sigmoid(W h_{t-1} + U x_t + b);  c~ = tanh(W_c h_{t-1} + U_c x_t + b_c)
           c_t = f * c_{t-1} + i * c~;  h_t = o * tanh(c_t)                         (Hochreiter and Schmidhuber 1997)
    GRU    z,r = sigmoid(W h_{t-1} + U x_t + b);  h~ = tanh(U_h x_t + r * (W_h h_{t-1} + b_h))
           h_t = (1 - z) * h~ + z * h_{t-1}                                         (Cho et al. 2014)

The GRU follows torch: z is the share that is *kept*, and r acts after the product with W_h, not before it.
Start reading at `RecurrentLayer.forward`: a layer gathers its tokens into padded blocks of similar lengths, each
direction in its own order (see `masks`), so results are exact for every length without pack_padded_sequence. LSTMs
that predict on a CPU have a kernel of their own (see `lstm`).
"""

import numpy
import torch
from torch import Tensor, nn
from torch.func import functional_call

from . import lstm
from .dropout import Dropout
from .masks import gather_blocks, layout, scatter_blocks, token_positions

CELLS = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}


class RecurrentLayer(nn.Module):
    """One layer, one or both directions. N x n_in -> N x (n_hidden * directions)."""

    def __init__(
        self,
        n_in: int,
        n_hidden: int,
        cell: str,
        bidirectional: bool,
        dilation: int = 1,
        stride: int = 1,
        weight_dropout: float = 0.0,
    ):
        super().__init__()
        self.dilation, self.stride, self.weight_dropout = dilation, stride, weight_dropout
        self.directions = nn.ModuleList(CELLS[cell](n_in, n_hidden) for _ in range(1 + bidirectional))
        for direction in self.directions:
            _init_cell(direction, forget_bias=cell == "lstm")

    def forward(self, flat: Tensor, lengths: numpy.ndarray) -> Tensor:
        if self.dilation == self.stride == 1 and lstm.fits(self.directions[0], flat):
            return lstm.run(self.directions, flat, lengths)
        outputs = []
        for reverse, cell in enumerate(self.directions):
            places = layout(
                lengths, reverse=bool(reverse), dilation=self.dilation, stride=self.stride, device=flat.device
            )
            dropped = self._dropped(cell)
            blocks = [functional_call(cell, dropped, block)[0] for block in gather_blocks(flat, places)]
            outputs.append(scatter_blocks(blocks, places))
        return outputs[0] if len(outputs) == 1 else torch.cat(outputs, dim=1)

    def _dropped(self, cell: nn.RNNBase) -> dict[str, Tensor]:
        """In training some recurrent weights are left out, the same ones for a whole batch."""
        if not (self.training and self.weight_dropout):
            return {}
        return {"weight_hh_l0": nn.functional.dropout(cell.weight_hh_l0, self.weight_dropout)}


class RecurrentEncoder(nn.Module):
    """A stack of recurrent layers: N x n_in tokens -> N x width.

    width: of the output; half of it for each direction when bidirectional.
    dilation, stride: one number for all layers or one for each, the lowest first.
    weight_dropout: of recurrent weights (Merity et al. 2018, arXiv:1708.02182).
    """

    def __init__(
        self,
        n_in: int,
        width: int,
        depth: int = 1,
        cell: str = "lstm",
        bidirectional: bool = True,
        dilation: list[int] | int = 1,
        stride: list[int] | int = 1,
        weight_dropout: float = 0.0,
    ):
        super().__init__()
        dilations, strides = _per_layer(dilation, depth), _per_layer(stride, depth)
        self.width = width
        self.layers = nn.ModuleList(
            RecurrentLayer(
                width if i else n_in, width // (1 + bidirectional), cell, bidirectional, d, s, weight_dropout
            )
            for i, (d, s) in enumerate(zip(dilations, strides, strict=True))
        )
        self.dropout = Dropout()

    def forward(self, flat: Tensor, lengths: numpy.ndarray) -> Tensor:
        if flat.shape[0] == 0:
            return flat.new_zeros(0, self.width)
        sequence = torch.from_numpy(token_positions(lengths)[0]).to(flat.device) if self.training else None
        for layer in self.layers:
            flat = layer(self.dropout(flat, sequence), lengths)
        return self.dropout(flat, sequence)


def _per_layer(value: list[int] | int, depth: int) -> list[int]:
    return [value] * depth if isinstance(value, int) else list(value)


def _init_cell(cell: nn.RNNBase, forget_bias: bool) -> None:
    """Orthogonal recurrent weights, Xavier input weights, zero biases, forget gates open (Jozefowicz et al. 2015)."""
    for name, weight in cell.named_parameters():
        if name.startswith("weight_hh"):
            for gate in weight.data.split(cell.hidden_size):
                nn.init.orthogonal_(gate)
        elif name.startswith("weight_ih"):
            for gate in weight.data.split(cell.hidden_size):
                nn.init.xavier_uniform_(gate)
        else:
            nn.init.zeros_(weight)
            if forget_bias and name.startswith("bias_ih"):
                weight.data[cell.hidden_size : 2 * cell.hidden_size] = 1.0
