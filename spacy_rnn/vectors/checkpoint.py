"""A training under way lies in a folder beside OUT: saved after each epoch and at a stop, and taken up again."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from ..atomic import whole_file
from ..errors import Errors, RNNError
from .cooccurrence import Cooccurrences
from .fit import Position
from .model import Model
from .output import MODEL_NAME, writing
from .settings import VectorSettings
from .vocabulary import Corpus

UNFINISHED = ".unfinished"
IDS, PAIRS = "ids.i32", "pairs.bin"
CORPUS, STATE, WEIGHTS = "corpus.json", "state.json", MODEL_NAME
MAY_CHANGE = ("threads",)  # between a training and its continuation


@dataclass
class Training:
    folder: Path
    corpus: Corpus | Cooccurrences
    model: Model
    position: Position = field(default_factory=Position)
    log: dict = field(default_factory=dict)

    def save(self) -> None:
        """Weights first, then the position: a stop in between repeats a little."""
        with writing(self.folder):
            self.model.save(self.folder / WEIGHTS)
            with whole_file(self.folder / STATE, "w", encoding="utf8") as file:
                json.dump({"position": asdict(self.position), "log": self.log}, file)


def is_saved(folder: Path) -> bool:
    return (folder / STATE).is_file()


@contextmanager
def thrown_away_unless_saved(folder: Path) -> Iterator[None]:
    """What cannot be taken up again is not left behind."""
    try:
        yield
    except BaseException:
        if not is_saved(folder):
            shutil.rmtree(folder, ignore_errors=True)
        raise


def take_up(folder: Path, settings: VectorSettings | None) -> Training:
    """The training as it was saved. ``settings`` must be those it was begun with."""
    try:
        kind, data = (Cooccurrences, PAIRS) if (folder / PAIRS).is_file() else (Corpus, IDS)
        corpus = kind.load(folder / CORPUS, folder / data)
        state = json.loads((folder / STATE).read_text(encoding="utf8"))
        position, log = Position(**state["position"]), state["log"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RNNError(Errors.R219.format(path=folder, error=error)) from error
    model = Model.load(folder / WEIGHTS)
    if settings:
        was, now = asdict(model.settings), asdict(settings)
        changed = [name for name in was if was[name] != now[name] and name not in MAY_CHANGE]
        if changed:
            told = "; ".join(f"{name} was {was[name]} and is {now[name]}" for name in changed)
            raise RNNError(Errors.R280.format(path=folder, changed=told))
        model.settings = settings
    return Training(folder, corpus, model, position, log)
