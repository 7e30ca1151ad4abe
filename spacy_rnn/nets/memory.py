"""Products of weights with rows that come again, as the vectors of words do when a model predicts: remembered.

Nobody needs to tell when the weights or the vectors of words have changed: the numbers themselves are compared.
"""

from collections.abc import Callable
from threading import Lock
from weakref import WeakKeyDictionary

import numpy
import torch
from torch import Tensor, nn

from . import native

ROOM = 2**27  # bytes, at most, of each model
FEWEST = 16  # rows that are multiplied at a time: the sums of fewer may be taken in another order

_memories: "WeakKeyDictionary[nn.Module, Memory]" = WeakKeyDictionary()
_lock = Lock()


class Memory:
    """weight: columns x width, made of `sources`. room: for so many rows, taken from the system as they come."""

    def __init__(self, sources: list[Tensor], weight: Tensor, room: int):
        self.sources, self.weight, self.used = [source.clone() for source in sources], weight, 0
        self.rows, self.products = (
            torch.from_numpy(numpy.empty((room, width), dtype="float32")) for width in reversed(weight.shape)
        )
        self.index = numpy.full(2 << (room - 1).bit_length(), -1, dtype="int64")

    def find(self, rows: Tensor) -> numpy.ndarray | None:
        """The row of `products` for each row; None if there is no room, and then the memory is spoiled."""
        used, found = native.remember(rows.numpy(), self.rows.numpy(), self.used, self.index)
        if used < 0:
            return None
        if used > self.used:  # if they are few, some that stand behind them too, whatever it is
            new = slice(self.used, max(used, self.used + FEWEST))
            torch.mm(self.rows[new], self.weight.T, out=self.products[new])
        self.used = used
        return found


def products(
    owner: nn.Module, rows: Tensor, sources: list[Tensor], join: Callable[[list[Tensor]], Tensor]
) -> tuple[Tensor, numpy.ndarray] | None:
    """rows @ join(sources).T, T x columns: a table, and the row of it for each of these. Without gradients.

    None where there are too many rows to remember, or another thread is looking its own up. owner: whose memory it is.
    rows: T x width, contiguous, float32 and on the CPU. join: makes one matrix of all weights, columns x width.
    """
    columns = sum(source.numel() for source in sources) // rows.shape[1]
    room = ROOM // (4 * (columns + rows.shape[1]))
    if len(rows) > room or not _lock.acquire(blocking=False):
        return None
    try:
        memory = _memories.pop(owner, None)  # taken out, so that nothing half done is ever found
        same = memory is not None and all(map(torch.equal, memory.sources, sources))
        found = memory.find(rows) if same else None
        if found is None:
            memory = Memory(sources, join(sources), room)
            found = memory.find(rows)
        _memories[owner] = memory
        return memory.products, found
    finally:
        _lock.release()


def forget() -> None:
    """All that is remembered."""
    _memories.clear()
