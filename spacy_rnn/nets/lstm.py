"""An LSTM that predicts: a layer of `recurrent` by our own kernel (native/lstm.c), on a CPU and without gradients.

It pads nothing, and multiplies rows of the input that are the same once: those of a word that comes again, as in the
first layer over an embedding of words. The result is torch's but for rounding, and that of a sequence the same in any
batch.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy
import torch
from torch import Tensor, nn

from . import native

UNITS = 16  # of which hidden units must be a multiple
GROUP_TOKENS = 8192  # at a time, to bound the memory of what the input adds to the gates
THREAD_TOKENS = 500  # worth a thread
FEW = 0.8  # share of distinct rows below which they are worth being gathered


def fits(cell: nn.RNNBase, flat: Tensor) -> bool:
    return (
        isinstance(cell, nn.LSTM)
        and cell.hidden_size % UNITS == 0
        and flat.device.type == "cpu"
        and flat.dtype == cell.weight_hh_l0.dtype == torch.float32
        and not torch.is_grad_enabled()
        and not torch.is_autocast_enabled("cpu")
        and native.reason_missing() is None
    )


def run(directions: nn.ModuleList, flat: Tensor, lengths: numpy.ndarray) -> Tensor:
    """The states of all directions, the second from right to left: N x n_in -> N x (n_hidden * directions)."""
    lengths = numpy.asarray(lengths, dtype="int64")
    first, rows = numpy.cumsum(lengths) - lengths, numpy.empty(len(flat), dtype="int64")
    n = directions[0].hidden_size
    states = numpy.empty((len(flat), n * len(directions)), dtype="float32")
    for group in _groups(lengths):
        tokens = numpy.concatenate([numpy.arange(first[i], first[i] + lengths[i]) for i in group])
        inputs, rows[tokens] = distinct(flat[torch.from_numpy(tokens)])
        jobs = []
        for reverse, cell in enumerate(directions):
            added = torch.addmm(cell.bias_ih_l0 + cell.bias_hh_l0, inputs, cell.weight_ih_l0.T).numpy()
            weights = cell.weight_hh_l0.detach().contiguous().numpy()
            columns = states[:, reverse * n : (reverse + 1) * n]
            for part in _shares(group, len(tokens)):
                jobs.append((added, rows, weights, first[part], lengths[part], bool(reverse), columns))
        _each(jobs)
    return torch.from_numpy(states)


def _shares(group: numpy.ndarray, tokens: int) -> list[numpy.ndarray]:
    """The sequences of a group for as many threads as torch would use, if there is enough for them to do."""
    count = max(1, min(torch.get_num_threads(), tokens // THREAD_TOKENS, len(group)))
    return [group[i::count] for i in range(count)]


def _each(jobs: list[tuple]) -> None:
    threads = min(torch.get_num_threads(), len(jobs))
    if threads == 1 or len(jobs[0][1]) < THREAD_TOKENS:
        for job in jobs:
            native.lstm(*job)
        return
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda job: native.lstm(*job), jobs))


def _groups(lengths: numpy.ndarray) -> Iterator[numpy.ndarray]:
    """Sequences that are not empty, the longest first, as many at a time as have GROUP_TOKENS together, or one."""
    order = numpy.argsort(-lengths, kind="stable")
    order = order[: int((lengths > 0).sum())]
    while len(order):
        count = max(1, int(numpy.searchsorted(numpy.cumsum(lengths[order]), GROUP_TOKENS, side="right")))
        yield order[:count]
        order = order[count:]


def distinct(flat: Tensor) -> tuple[Tensor, numpy.ndarray]:
    """Rows without those that come again, and for each of the rows given the place of its like. Where few come again,
    or on a GPU, all of them."""
    everything = flat, numpy.arange(len(flat))
    if flat.shape[1] < 2 or flat.device.type != "cpu" or flat.dtype != torch.float32:
        return everything
    ends = flat.detach()[:, :: flat.shape[1] - 1].contiguous()  # rows that differ do so in their first or last number
    keys = ends.numpy().view("int64")[:, 0]
    _, first, place = numpy.unique(keys, return_index=True, return_inverse=True)
    if len(first) > FEW * len(flat):
        return everything
    rows = flat[torch.from_numpy(first)]
    return (rows, place) if torch.equal(rows[torch.from_numpy(place)], flat) else everything
