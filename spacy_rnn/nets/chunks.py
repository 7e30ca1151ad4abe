"""An encoder over one sequence that is too long to be laid out at once: chunk by chunk, with the result of the whole.

Both classes say in which order they want to read the sequence (`reads`), and are given what they asked for (`run`). A
convolution needs a margin on both sides of a chunk, as wide as it sees. A recurrent layer needs the state with which
each direction enters the chunk: from the left, and from the right. Those at the borders are kept, and everything inside
is computed again when it is needed. A layer's states can be carried along once both directions of the layer below are
known, so the chunks are swept over from right to left and from left to right in turns, and each sweep knows one layer
more:

    sweep 0    layer 0 <-
    sweep 1    layer 0 <- ->   layer 1 ->
    sweep 2    layer 0 <- ->   layer 1 <- ->          the output of two layers

A bidirectional stack of D layers takes D + 1 sweeps, the last from left to right; a unidirectional one takes that
alone. Working memory is that of one chunk, and some states for each border.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy
import torch
from torch import Tensor, nn

from .convolution import ConvolutionalEncoder
from .recurrent import RecurrentEncoder


class Read(NamedTuple):
    """Tokens begin..end of the sequence are to be given to `run`, which returns the next tokens of the output.

    sweep, reverse: of a recurrent encoder. margin: of a convolution, tokens read before the chunk.
    """

    begin: int
    end: int
    sweep: int = 0
    reverse: bool = False
    margin: int = 0


class RecurrentChunks:
    """A RecurrentEncoder over a sequence of `length` tokens, `size` of them at a time."""

    def __init__(self, net: RecurrentEncoder, length: int, size: int):
        self.net, self.length, self.size = net, length, size
        self.states: dict[tuple[int, bool, int], Tensor] = {}  # layer, direction, position between two tokens

    def reads(self) -> Iterator[Read]:
        depth = len(self.net.layers)
        begins = range(0, self.length, self.size)
        for sweep in range(depth + 1) if len(self.net.layers[0].directions) == 2 else [depth]:
            reverse = (depth - sweep) % 2 == 1
            for begin in begins[::-1] if reverse else begins:
                yield Read(begin, min(begin + self.size, self.length), sweep, reverse)

    def run(self, flat: Tensor, read: Read) -> Tensor:
        """end - begin tokens x n_in -> the same tokens x width in the last sweep; none before."""
        for number, layer in enumerate(self.net.layers[: read.sweep + 1]):
            both = [False, True][: len(layer.directions)]
            directions = both if number < read.sweep else [read.reverse]
            flat = torch.cat([self._direction(flat, read, number, reverse) for reverse in directions], dim=1)
        return flat if read.sweep == len(self.net.layers) else flat[:0]

    def _direction(self, flat: Tensor, read: Read, number: int, reverse: bool) -> Tensor:
        layer = self.net.layers[number]
        enters, leaves = (read.end, read.begin) if reverse else (read.begin, read.end)
        passed = self.length - enters if reverse else enters  # tokens that the direction has behind it
        cell = layer.directions[reverse]
        state = self.states[number, reverse, enters] if passed else first_state(cell, layer.dilation, flat)
        output, state = run_from(
            cell, flat.flip(0) if reverse else flat, state, passed, layer.dilation, layer.dilation * layer.stride
        )
        self.states[number, reverse, leaves] = state
        return output.flip(0) if reverse else output


def first_state(cell: nn.RNNBase, tracks: int, flat: Tensor) -> Tensor:
    """h, and for an LSTM c: 1 or 2 x 1 x tracks x n_hidden."""
    return flat.new_zeros(2 if isinstance(cell, nn.LSTM) else 1, 1, tracks, cell.hidden_size)


def run_from(
    cell: nn.RNNBase, flat: Tensor, state: Tensor, passed: int, tracks: int, stride: int
) -> tuple[Tensor, Tensor]:
    """Go on with a sequence of which `passed` tokens have been read: m x n_in -> m x n_hidden, and the state after it.

    The token in place p belongs to track p % tracks. The track steps over it if p % stride < tracks, and otherwise
    holds what it has (see `masks.layout`). stride: tokens between two steps of a track.
    """
    first = (numpy.arange(tracks) - passed) % stride  # the token with which each track goes on
    steps = -((first - len(flat)) // stride)  # of each track; they differ by one at most
    outputs, state = [state[0]], state.clone()
    for begin, end in ((0, steps.min()), (steps.min(), steps.max())):
        if begin < end:
            going = numpy.flatnonzero(steps >= end)
            rows = first[going] + stride * numpy.arange(begin, end)[:, None]  # T x going
            outputs.append(_step(cell, flat[torch.from_numpy(rows).to(flat.device)], state, going))
    token = numpy.arange(len(flat))
    track = (passed + token) % tracks
    held = ((token - first[track]) // stride + 1) * tracks + track  # row 0 of the outputs is what came before
    return torch.cat(outputs).flatten(0, 1)[torch.from_numpy(held).to(flat.device)], state


def _step(cell: nn.RNNBase, block: Tensor, state: Tensor, going: numpy.ndarray) -> Tensor:
    """T x going x n_in -> T x tracks x n_hidden; the state moves on in place, for the tracks that are going."""
    entering = state[:, :, going]
    output, left = cell(block, tuple(entering) if len(state) == 2 else entering[0])
    state[:, :, going] = torch.stack(left) if len(state) == 2 else left[None]
    if len(going) == state.shape[2]:
        return output
    full = output.new_zeros(len(output), *state.shape[2:])
    full[:, going] = output
    return full


class ConvolutionalChunks:
    """A ConvolutionalEncoder over a sequence of `length` tokens, `size` of them and their margins at a time."""

    def __init__(self, net: ConvolutionalEncoder, length: int, size: int):
        self.net, self.length, self.size = net, length, size
        self.reach = sum(layer.size // 2 * layer.dilation for layer in net.layers)

    def reads(self) -> Iterator[Read]:
        for begin in range(0, self.length, self.size):
            margin = min(begin, self.reach)
            yield Read(begin - margin, min(begin + self.size + self.reach, self.length), margin=margin)

    def run(self, flat: Tensor, read: Read) -> Tensor:
        """end - begin tokens x n_in -> the tokens between the margins x width."""
        return self.net(flat, numpy.array([len(flat)]))[read.margin : read.margin + self.size]


# encoders that can be run in chunks
CHUNKS = {RecurrentEncoder: RecurrentChunks, ConvolutionalEncoder: ConvolutionalChunks}
