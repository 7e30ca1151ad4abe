"""A training under way lies in a folder beside OUT: saved after each epoch and at a stop, and taken up again.

The corpus is written once, before training begins. All that changes is one file, which is replaced as a whole: the
model, with position and log in one more tensor. If it is there, there is something to go on with.
"""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy

from ..errors import Errors, RNNError
from . import layout
from .cooccurrence import Cooccurrences
from .fit import Position, Stopped
from .model import Model
from .output import MODEL_NAME
from .settings import VectorSettings, typed
from .vocabulary import Corpus

UNFINISHED = ".unfinished"
IDS, PAIRS = "ids.i32", "pairs.bin"
CORPUS, WEIGHTS = "corpus.json", MODEL_NAME
STATE = "training"  # the tensor
MAY_CHANGE = ("threads",)  # between a training and its continuation


@dataclass
class Training:
    folder: Path
    corpus: Corpus | Cooccurrences
    model: Model
    position: Position = field(default_factory=Position)
    log: dict = field(default_factory=dict)
    source: dict = field(default_factory=dict)  # see ``describe``

    def save(self) -> None:
        state = {"position": asdict(self.position), "log": self.log, "source": self.source}
        encoded = numpy.frombuffer(json.dumps(state).encode("utf8"), dtype=numpy.uint8)
        self.model.save(self.folder / WEIGHTS, **{STATE: encoded})


def is_saved(folder: Path) -> bool:
    return (folder / WEIGHTS).is_file()


def describe(files: list[Path], lang: str, tokenize: bool, start: Path | None) -> dict:
    """What a training is made from, but for the settings, to tell another from. Files may be moved."""
    found = {"corpus": [_stamp(file) for file in files], "lang": lang, "tokenize": tokenize}
    return found | {"from": start and _stamp(start)}


def _stamp(path: Path) -> list:
    about = path.stat()
    return [path.name, about.st_size, about.st_mtime_ns] if path.is_file() else [path.name]


@contextmanager
def told(folder: Path) -> Iterator[None]:
    """What ends a training is told with what is left of it. What cannot be taken up again is not left behind."""
    try:
        yield
    except BaseException as error:
        saved = is_saved(folder)
        if not saved:
            shutil.rmtree(folder, ignore_errors=True)
        if isinstance(error, OSError):
            code = Errors.R218 if saved else Errors.R284
            raise RNNError(code.format(path=error.filename or folder, error=error.strerror or error)) from error
        if isinstance(error, MemoryError):
            raise RNNError(Errors.R285.format(error=error)) from error
        if isinstance(error, KeyboardInterrupt):
            raise Stopped((Errors.R288 if saved else Errors.R287).format(path=folder)) from None
        raise


def take_up(folder: Path, settings: VectorSettings | None, source: dict) -> Training:
    """The training as it was saved. ``settings`` and ``source`` must be those it was begun with."""
    if not is_saved(folder):
        raise RNNError(Errors.R219.format(path=folder))
    try:
        data = (folder / WEIGHTS).read_bytes()
        model = Model.from_bytes(data, folder / WEIGHTS)
        state = json.loads(layout.read(data)[0][STATE].tobytes())
        del data
        kind, numbers = (Cooccurrences, PAIRS) if (folder / PAIRS).is_file() else (Corpus, IDS)
        corpus = kind.load(folder / CORPUS, folder / numbers)
        training = Training(folder, corpus, model, Position(**state["position"]), state["log"], state["source"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RNNError(Errors.R289.format(path=folder, error=error.__cause__ or error)) from error
    settings = settings or model.settings
    was, now = (asdict(each) | about for each, about in ((model.settings, training.source), (settings, source)))
    changed = [_compare(name, was[name], now[name]) for name in now if was[name] != now[name]]
    if changed := list(filter(None, changed)):
        raise RNNError(Errors.R280.format(path=folder, changed="; ".join(changed)))
    model.settings = settings
    return training


def _compare(name: str, was: Any, now: Any) -> str:
    if name in MAY_CHANGE:
        return ""
    if name == "corpus":
        names = ", ".join(file[0] for file in [*was, *now] if file not in was or file not in now)
        return f"another corpus ({names or 'other order'})"
    return f"{typed(name, was)}, not {typed(name, now)}"
