"""How often words occur together: what GloVe is fitted to. Counted in bounded memory, on texts of any size.

Each pair of words at most ``window`` apart counts 1 / distance. See native/glove.c for how: through a table into files
by the pairs' hash, each of which is then summed on its own. Read ``count_pairs`` first.
"""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

import numpy

from ..atomic import whole_file
from ..errors import Errors, RNNError
from . import native
from .settings import VectorSettings
from .vocabulary import Corpus, check_size

PAIR = numpy.dtype([("word", numpy.int32), ("context", numpy.int32), ("count", numpy.float32)])  # word <= context
SLOT = numpy.dtype([("pair", numpy.uint64), ("count", numpy.float64)])
MEMORY = 2**29  # bytes that counting takes at most; half of it for the table; less for texts of less than 10M words
BLOCK = 20_000  # pairs trained on in one go
BLOCKS_AT_ONCE = 50  # of ids, counted together
PAIRS_AT_ONCE = 2**20
MOST_FILES = 2**8
MOST_TABLES = 8  # that are summed in at once

ProgressT = Callable[[int], None]  # is told how many ids have been counted


@dataclass
class Cooccurrences:
    """Pairs with their counts in ``path``, shuffled: to ``fit`` what a Corpus is, with pairs for words."""

    path: Path
    known: int  # pairs, each for both directions
    parts, counted, loss_unit = "pairs", "pairs", "weighted squared error per pair"  # for reports

    @property
    def held_out(self) -> numpy.ndarray:
        """None: loss is measured on a fixed sample of the pairs."""
        return numpy.zeros(0, dtype=PAIR)

    @property
    def blocks(self) -> numpy.ndarray:  # blocks + 1
        return numpy.append(numpy.arange(0, self.known, BLOCK), self.known)

    def __len__(self) -> int:
        return -(-self.known // BLOCK)

    def read(self, block: int, count: int = 1) -> numpy.ndarray:  # pairs
        start, end = block * BLOCK, min((block + count) * BLOCK, self.known)
        return numpy.fromfile(self.path, dtype=PAIR, count=end - start, offset=start * PAIR.itemsize)

    def save(self, path: Path) -> None:
        with whole_file(path, "w", encoding="utf8") as file:
            json.dump(asdict(self) | {"path": ""}, file)

    @classmethod
    def load(cls, path: Path, pairs: Path) -> "Cooccurrences":
        found = cls(**json.loads(path.read_text(encoding="utf8")) | {"path": pairs})
        check_size(pairs, found.known * PAIR.itemsize)
        return found


def count_pairs(
    corpus: Corpus, path: Path, settings: VectorSettings, progress: ProgressT = lambda done: None, memory: int = MEMORY
) -> Cooccurrences:
    """Count the pairs of the text into ``path``. However many threads there are, the result is the same."""
    try:
        counter = Counter(corpus.known * settings.window, path, settings, memory)
        with ThreadPoolExecutor(settings.workers) as pool:
            for block in range(0, len(corpus), BLOCKS_AT_ONCE):
                counter.add(corpus.read(block, BLOCKS_AT_ONCE), pool)
                progress(int(corpus.blocks[min(block + BLOCKS_AT_ONCE, len(corpus))]))
            counter.finish(pool)
            return Cooccurrences(path, counter.sum(pool))
    except OSError as error:
        raise RNNError(Errors.R283.format(path=path.parent, error=error)) from error


class Counter:
    """The table and the files."""

    def __init__(self, most: int, path: Path, settings: VectorSettings, memory: int):
        self.library = native.library()
        self.path, self.seed, self.memory, self.workers = path, settings.seed, memory, settings.workers
        slot_bits = min(_bits(2 * most), _bits(memory // 2 // SLOT.itemsize))
        file_bits = min(_bits(most // PAIRS_AT_ONCE), slot_bits, _bits(MOST_FILES))
        files = 2**file_bits
        room = max(1024, PAIRS_AT_ONCE // files)
        self.slots = numpy.zeros(2**slot_bits, dtype=SLOT)
        self.buffers = numpy.empty((files, room), dtype=PAIR)
        self.filled = numpy.zeros(files, dtype=numpy.int32)
        self.files = [path.with_name(f"{path.name}.{file}") for file in range(files)]
        for file in self.files:
            file.unlink(missing_ok=True)
        arrays = (native.address(array) for array in (self.slots, self.buffers, self.filled))
        self.counts = native.CCounts(settings.window, slot_bits, file_bits, room, self.seed, *arrays)

    def _shares(self) -> list[range]:
        """Each thread's files."""
        ends = numpy.linspace(0, len(self.files), min(self.workers, len(self.files)) + 1, dtype=int).tolist()
        return [range(start, end) for start, end in zip(ends, ends[1:], strict=False)]

    def add(self, ids: numpy.ndarray, pool: ThreadPoolExecutor) -> None:
        def count(share: range) -> None:
            done = 0
            while done < len(ids):
                ends = share.start, share.stop
                done = self.library.count_pairs(self.counts, native.address(ids), len(ids), done, *ends)
                self._empty_buffers(share, self.buffers.shape[1] // 2)

        list(pool.map(count, self._shares()))

    def finish(self, pool: ThreadPoolExecutor) -> None:
        """What is left in the table goes into the files, too."""
        each = len(self.slots) // len(self.files)

        def empty(share: range) -> None:
            done = share.start * each
            while done < share.stop * each:
                done = self.library.empty_table(self.counts, done, share.stop * each)
                self._empty_buffers(share, 0)

        list(pool.map(empty, self._shares()))
        self.slots = self.buffers = None

    def _empty_buffers(self, share: range, fuller: int) -> None:
        for file in share:
            if self.filled[file] > fuller:
                with self.files[file].open("ab") as opened:
                    self.buffers[file, : self.filled[file]].tofile(opened)
                self.filled[file] = 0

    def sum(self, pool: ThreadPoolExecutor) -> int:
        """The sums of all files, in one; how many pairs. Files are removed as they have been read."""
        parts = [part for file in range(len(self.files)) for part in self._parts(file)]
        written = 0
        with self.path.open("wb") as out:
            for first in range(0, len(parts), MOST_TABLES):
                group = parts[first : first + MOST_TABLES]
                for pairs in pool.map(self._sum_part, group):
                    pairs.tofile(out)
                    written += len(pairs)
                for part in group:
                    if part.is_last:
                        part.path.unlink()
        return written

    def _parts(self, file: int) -> Iterator["_Part"]:
        path = self.files[file]
        pairs = path.stat().st_size // PAIR.itemsize if path.exists() else 0
        if not pairs:
            return
        slots = 3 * pairs // 2 + 1  # a table that is filled to two thirds at most
        most = self.memory // 2 // SLOT.itemsize // MOST_TABLES
        further = max(0, _bits(slots) - max(most, 2**10).bit_length() + 1)
        for part in range(2**further):
            bits = self.counts.file_bits + further
            yield _Part(path, _bits(slots) - further, bits, (file << further) + part, part == 2**further - 1)

    def _sum_part(self, part: "_Part") -> numpy.ndarray:  # pairs
        slots, taken = numpy.zeros(2**part.slot_bits, dtype=SLOT), 0
        with part.path.open("rb") as file:
            while len(pairs := numpy.fromfile(file, dtype=PAIR, count=PAIRS_AT_ONCE)):
                where = native.address(pairs), len(pairs), native.address(slots), part.slot_bits
                taken += self.library.sum_pairs(*where, self.seed, part.bits, part.value)
        sums = numpy.empty(taken, dtype=PAIR)
        self.library.list_pairs(native.address(slots), len(slots), native.address(sums))
        return sums


class _Part(NamedTuple):
    """Of a file, the pairs whose hash begins with the ``bits`` bits ``value``: so few that a table of 2^slot_bits holds
    them, and MOST_TABLES of them fit into the memory."""

    path: Path
    slot_bits: int
    bits: int
    value: int
    is_last: bool  # of its file


def _bits(number: int) -> int:
    """The smallest n with 2^n >= number."""
    return max(0, number - 1).bit_length()
