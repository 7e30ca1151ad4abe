"""Training logs: the JSON lines that spaCy's logger writes (spacy.ConsoleLogger.v3, setting output_file)."""

import json
from pathlib import Path
from typing import NamedTuple

from ...errors import Errors, RNNError

JSONL = "train.jsonl"


class Log(NamedTuple):
    """One training. Scores are per cent; losses are means of a step since the evaluation before."""

    steps: list[int]
    score: list[float]  # the weighted one, which decides which model is the best
    scores: dict[str, list[float]]
    losses: dict[str, list[float]]


def read_logs(path: str | Path) -> list[Log]:
    """Of a file one; of a folder that crossval made, those of its folds. R549."""
    path = Path(path)
    if not path.exists():
        raise RNNError(Errors.R301.format(path=path))
    files = _of_folds(path) if path.is_dir() else [path]
    if not files:
        raise RNNError(Errors.R549.format(path=path, reason=f"the folder has no fold-1/{JSONL} with an evaluation"))
    return [read_log(file) for file in files]


def _of_folds(path: Path) -> list[Path]:
    """In the order of the folds; those that were not evaluated yet are left out."""
    logs = {file.parent.name.removeprefix("fold-"): file for file in path.glob(f"fold-*/{JSONL}")}
    return [logs[fold] for fold in sorted(filter(str.isdecimal, logs), key=int) if b"\n" in logs[fold].read_bytes()]


def read_log(path: Path) -> Log:
    """A last line that is not whole is left out: the training may still be running. R549."""
    try:
        lines = path.read_text(encoding="utf8").split("\n")
        whole = [line for line in lines[:-1] if line.strip()]
        rows = [json.loads(line) for line in whole]
        if not rows:
            raise ValueError("it has no evaluation yet")
        steps = [int(row["step"]) for row in rows]
        before = [-1, *steps[:-1]]  # the first step has the number 0
        taken = [max(1, step - last) for step, last in zip(steps, before, strict=True)]
        losses = {
            name: [float(row["losses"][name]) / n for row, n in zip(rows, taken, strict=True)]
            for name in rows[0]["losses"]
        }
        scores = {name: [float(row["scores"][name]) for row in rows] for name in rows[0]["scores"]}
        return Log(steps, [100 * float(row["score"]) for row in rows], scores, losses)
    except (OSError, ValueError, KeyError, TypeError) as error:
        reason = f"no {error} in a line" if isinstance(error, KeyError) else error
        raise RNNError(Errors.R549.format(path=path, reason=reason)) from error
