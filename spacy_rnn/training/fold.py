"""One fold of a cross-validation: ``python -m spacy_rnn.training.fold FOLDER GPU [CODE]`` trains and scores it.

FOLDER has config.cfg, train.spacy, dev.spacy and test.spacy. Written last, and whole: scores.json. What is said on the
way is for train.log. The process ends when its standard input does, so it does not outlive the one that waits for it.
"""

import os
import re
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import srsly
from spacy.language import Language
from spacy.scorer import Scorer
from spacy.tokens import Doc, DocBin
from spacy.training import Example

from ..atomic import whole_file
from .cat_scores import choose, score_table
from .cats import Table, tables

SCORES, PREDICTIONS = "scores.json", "predictions.jsonl"
ROW = re.compile(r"\s*(\d+)\s+(\d+)\s.*\s([\d.]+)\s*")  # of spaCy's log: epoch, step, ..., score
TAIL = 4096  # bytes
SURE = 3  # probabilities of a text to write down


class Progress(NamedTuple):
    epoch: int
    step: int
    score: float


def scored_model(has_dev: bool) -> str:
    return "model-best" if has_dev else "model-last"


def read_progress(folder: Path) -> Progress | None:
    """The last row of the training log."""
    log = folder / "train.log"
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - TAIL))
        lines = file.read().decode("utf8", errors="replace").split("\n")[1:-1]
    found = next(filter(None, map(ROW.fullmatch, reversed(lines))), None)
    return Progress(int(found[1]), int(found[2]), float(found[3])) if found else None


def train_and_score(folder: Path, gpu: int, code: Path | None) -> None:
    import spacy
    from spacy.cli.train import train
    from spacy.util import import_file

    if code:
        import_file("python_code", code)
    parts = srsly.read_json(folder / "texts.json")
    start = time.perf_counter()
    train(folder / "config.cfg", folder, use_gpu=gpu)
    trained = time.perf_counter() - start
    nlp = spacy.load(folder / scored_model(bool(parts["dev"])))
    examples = read_examples(nlp, folder)
    start = time.perf_counter()
    guesses = list(nlp.pipe(eg.predicted for eg in examples))
    taken = time.perf_counter() - start
    gold = [eg.reference for eg in examples]
    scores = Scorer(nlp).score([Example(guess, doc) for guess, doc in zip(guesses, gold, strict=True)])
    found = tables(nlp, gold, guesses)
    _write_predictions(folder, found, guesses)
    result = {
        **{name: len(numbers) for name, numbers in parts.items()},
        "scored": len(examples),
        "seconds": {"training": trained, "scoring": taken},
        "categories": {table.task.component: score_table(table) for table in found},
        "scores": {name: value for name, value in scores.items() if _is_plain(value)},
    }
    with whole_file(folder / SCORES, "w", encoding="utf8") as file:
        file.write(srsly.json_dumps(result, indent=2) + "\n")


def read_examples(nlp: Language, folder: Path) -> list[Example]:
    """The texts to test on, as the config reads those of the development set; and the empty ones, which spaCy's reader
    leaves out."""
    from spacy import util

    block = util.load_config(folder / "config.cfg").interpolate()["corpora"]["test"]
    corpus = util.registry.resolve({"test": block})["test"]
    empty = [doc for doc in DocBin().from_disk(folder / "test.spacy").get_docs(nlp.vocab) if not len(doc)]
    return [*corpus(nlp), *(Example(nlp.make_doc(""), doc) for doc in empty if doc.cats)]


def _is_plain(value) -> bool:
    return isinstance(value, (int, float)) or (isinstance(value, dict) and all(map(_is_plain, value.values())))


def _write_predictions(folder: Path, found: list[Table], guesses: Sequence[Doc]) -> None:
    """A line for each text: its gold categories, those it was given, and the largest probabilities."""
    with whole_file(folder / PREDICTIONS, "w", encoding="utf8") as file:
        for table in found:
            for row, given in enumerate(choose(table)):
                likely = table.guess[row].argsort()[::-1][:SURE]
                wanted = [x for x, value in zip(table.task.labels, table.gold[row], strict=True) if value == 1]
                line = {
                    "component": table.task.component,
                    "gold": wanted,
                    "predicted": given,
                    "probabilities": {table.task.labels[i]: round(float(table.guess[row, i]), 4) for i in likely},
                    "text": guesses[table.numbers[row]].text,
                }
                file.write(srsly.json_dumps(line) + "\n")


def end_with_parent() -> None:
    """Watch the standard input from a thread: it ends when the process that holds its other side does."""

    def watch() -> None:
        os.read(0, 1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


if __name__ == "__main__":
    end_with_parent()
    place, gpu_id, *rest = sys.argv[1:]
    train_and_score(Path(place), int(gpu_id), Path(rest[0]) if rest else None)
