"""What a training will need, told beforehand: memory, room on the disk. Read ``tell_plan`` first."""

import shutil
import sys
import warnings
from pathlib import Path

from ..errors import Warnings
from .cooccurrence import MEMORY
from .model import Model
from .vocabulary import Corpus

try:
    import resource
except ImportError:  # Windows
    resource = None

SPACY, GENSIM = 230e6, 130e6  # bytes they take; spaCy loads torch
INDEX = 13  # bytes of a word in a table beside its letters: hash, row, length
LINES = 50e6  # bytes to write text
DIGITS = 11  # bytes of a number in a text file
PAIR, BUFFERS = 64, 13e6  # bytes: more is never needed to count a pair, and beside


def tell_plan(model: Model, corpus: Corpus, folder: Path, out: Path | None) -> str:
    """Of a training in ``folder`` that will write ``out``, or nothing."""
    words = f"{len(model.words):,} words"
    if len(model.buckets):
        words += f" and {len(model.buckets):,} n-grams"
    model.index()  # is held from here on
    ids = int(corpus.blocks[-1]) * 4
    told = (
        f"{words} of {corpus.total:,} words of text. Training takes about {_memory(model, corpus, out) / 1e6:,.0f} MB"
    )
    told += f" of memory, and {(ids + _disk(model, out)) / 1e6:,.0f} MB on disk"
    if out is None:
        return told
    free = shutil.disk_usage(folder).free
    if free < _disk(model, out):
        sizes = {"free": free / 1e6, "needed": _disk(model, out) / 1e6}
        warnings.warn(Warnings.W223.format(path=out.absolute().parent, **sizes), stacklevel=5)
    return f"{told}, of which {out.name} will keep {_size_of_out(model, out) / 1e6:,.0f}"


def _memory(model: Model, corpus: Corpus, out: Path | None) -> float:
    """The most that the process will hold: what it holds now, and what is still to come."""
    now, most = memory_held()
    settings, row = model.settings, model.settings.dim * 4
    later = model.outputs.nbytes + sum(array.nbytes for array in model.extra.values())  # not touched yet
    if settings.engine == "torch":
        later += model.inputs.nbytes + model.outputs.nbytes
    if settings.engine == "gensim":
        later += (3 * len(model.words) + (settings.bucket if settings.max_n else 0)) * row
        later += 0 if "gensim" in sys.modules else GENSIM
    writing = len(model.words) * (row + INDEX)  # the finished vectors
    if out is not None and not out.suffix:
        writing += 0 if "spacy" in sys.modules else SPACY
    elif out is not None and out.suffix not in (".safetensors", ".bin"):
        writing += LINES
    if settings.model == "glove":
        writing = max(writing, min(MEMORY // 2, corpus.known * settings.window * PAIR) + BUFFERS)
    return max(most, now + later + writing)


def _disk(model: Model, out: Path | None) -> float:
    """What is saved on the way, and what comes beside it: the next such file, or OUT."""
    return 0 if out is None else _size_of_model(model) + max(_size_of_model(model), _size_of_out(model, out))


def _size_of_model(model: Model) -> int:
    arrays = (model.inputs, model.outputs, model.buckets, model.counts, *model.extra.values())
    return sum(array.nbytes for array in arrays) + _size_of_words(model, 4)


def _size_of_out(model: Model, out: Path) -> int:
    settings, rows = model.settings, len(model.words)
    table = model.inputs.nbytes + model.buckets.nbytes + _size_of_words(model, INDEX)
    if out.suffix == ".safetensors":
        return table
    if out.suffix == ".bin":
        return (2 * rows + (settings.bucket if settings.max_n else 0)) * settings.dim * 4 + _size_of_words(model, 10)
    if out.suffix:
        return rows * settings.dim * DIGITS + _size_of_words(model, 1)
    return table + _size_of_model(model) + _size_of_words(model, 4)  # the strings of the pipeline


def _size_of_words(model: Model, each: int) -> int:
    return sum(len(word.encode("utf8")) + each for word in model.words)


def memory_held() -> tuple[int, int]:
    """Bytes this process holds, and the most it ever held; zeros where the system does not tell."""
    if resource is None:
        return 0, 0
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize(), most
    except OSError:
        return most, most
