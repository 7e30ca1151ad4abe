"""Cross-validation: a corpus in k folds, and for each a pipeline trained on the others, as ``spacy train`` would.

Each fold is trained and scored by a process of its own (``spacy_rnn.training.fold``) in its folder OUT/fold-3, whose
scores.json is written last: a fold that has one is done. Read ``Crossval.run`` first; what the folds are is in
``fold_plan``.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import srsly
from spacy.tokens import DocBin

from ..atomic import whole_file, writing_to
from ..errors import Errors, RNNError
from .fold import SCORES, Progress, read_progress, scored_model
from .fold_config import fold_config
from .fold_plan import Plan
from .fold_summary import numbers

PLAN, FOLDS, RESULT = "crossval.json", "folds.json", "scores.json"
SHOWN = 100  # training texts that the log shows the scores of, if there is no development set
WAIT = 0.2  # seconds between looks at the processes
LAST_LINES = 12


class Event(NamedTuple):
    """What happened to a fold: "begun", "at" (its training went on), "done" or "kept" (done by an earlier run)."""

    kind: str
    fold: int
    progress: Progress | None = None
    scores: dict | None = None


class Crossval(Plan):
    """A cross-validation in the folder ``out``. Nothing is written before ``prepare``."""

    def folder(self, fold: int) -> Path:
        return self.out / f"fold-{fold}"

    def prepare(self, force: bool = False) -> None:
        """R535: the folder holds something else. R536: results of something else. force: those are removed."""
        plan = self.out / PLAN
        if self.out.exists() and not self.out.is_dir():
            raise RNNError(Errors.R535.format(path=self.out, reason="it is a file"))
        if self.out.is_dir() and any(self.out.iterdir()) and not plan.is_file():
            raise RNNError(Errors.R535.format(path=self.out, reason="it has files that are not of a cross-validation"))
        if plan.is_file() and not force:
            self._check_same(plan)
        with writing_to(self.out):
            if plan.is_file() and force:
                self._clear()
            self.out.mkdir(parents=True, exist_ok=True)
            _write(plan, {"about": self.about, "marks": self.marks})  # first: by it the folder is known again
            _write(self.out / FOLDS, {"folds": [fold + 1 for fold in self.folds]})

    def _check_same(self, plan: Path) -> None:
        """What is there was made of the same."""
        try:
            marks = srsly.read_json(plan)["marks"]
            changed = [name for name, mark in self.marks.items() if marks.get(name) != mark]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise RNNError(Errors.R535.format(path=self.out, reason=f"its {PLAN} is damaged")) from error
        if changed:
            raise RNNError(Errors.R536.format(path=self.out, changed=" and ".join(changed)))

    def _clear(self) -> None:
        for path in self.out.glob("fold-*"):
            if path.name.removeprefix("fold-").isdecimal():
                shutil.rmtree(path)
        for name in (RESULT, FOLDS, PLAN):
            (self.out / name).unlink(missing_ok=True)

    def lay_out(self, fold: int) -> None:
        """The folder of a fold with its corpora and its config, and nothing of an earlier try."""
        folder = self.folder(fold)
        with writing_to(folder):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            parts = self.parts(fold)
            shown = parts if parts["dev"] else {**parts, "dev": parts["train"][:SHOWN]}
            for name, chosen in shown.items():
                DocBin(docs=[self.docs[i] for i in chosen], store_user_data=True).to_disk(folder / f"{name}.spacy")
            _write(folder / "texts.json", parts)
            fold_config(self.config, folder, bool(self.options.dev)).to_disk(folder / "config.cfg")

    def run(self, jobs: int = 1) -> Iterator[Event]:
        """Train and score what is not done yet, ``jobs`` folds at a time. R538: a fold fails; those done are kept."""
        waiting = []
        for fold in range(1, self.count + 1):
            scores = read_scores(self.folder(fold))
            if scores:
                yield Event("kept", fold, scores=scores)
            else:
                waiting.append(fold)
        running: dict[int, subprocess.Popen] = {}
        seen: dict[int, Progress | None] = {}
        try:
            while waiting or running:
                while waiting and len(running) < jobs:
                    fold = waiting.pop(0)
                    running[fold] = self._start(fold, jobs)
                    yield Event("begun", fold)
                time.sleep(WAIT)
                for fold, process in list(running.items()):
                    now = read_progress(self.folder(fold))
                    if now and now != seen.get(fold):
                        seen[fold] = now
                        yield Event("at", fold, progress=now)
                    if process.poll() is not None:
                        _let_go(running.pop(fold))
                        yield Event("done", fold, scores=self._finish(fold, process.returncode))
        finally:
            for process in running.values():
                process.terminate()
            for process in running.values():
                _let_go(process)

    def _start(self, fold: int, jobs: int) -> subprocess.Popen:
        self.lay_out(fold)
        command = [sys.executable, "-m", "spacy_rnn.training.fold", str(self.folder(fold)), str(self.options.gpu)]
        command += [str(self.code)] if self.code else []
        with (self.folder(fold) / "train.log").open("wb") as log:
            environment = {**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1"}
            if jobs > 1:  # else as many threads as spacy train would take
                environment.setdefault("OMP_NUM_THREADS", str(max(1, (os.cpu_count() or 1) // jobs)))
            # the process ends when its standard input does: with this one, however that ends
            return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=log, stderr=log, env=environment)

    def _finish(self, fold: int, status: int) -> dict:
        folder, scores = self.folder(fold), None if status else read_scores(self.folder(fold))
        if scores is None:
            log = folder / "train.log"
            said = log.read_text(encoding="utf8", errors="replace").rstrip().splitlines()[-LAST_LINES:]
            raise RNNError(Errors.R538.format(fold=fold, path=log, said="\n".join(said)))
        for part in ("train", "dev", "test") if not self.keep else ():
            (folder / f"{part}.spacy").unlink(missing_ok=True)
        for model in {"model-best", "model-last"} - ({scored_model(bool(self.options.dev))} if self.keep else set()):
            shutil.rmtree(folder / model, ignore_errors=True)
        return scores


def read_scores(folder: Path) -> dict | None:
    """Of a fold that is done; None if it is not, or its file is damaged, so that it is trained again."""
    try:
        scores = srsly.read_json(folder / SCORES)
        numbers(scores)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return scores


def _let_go(process: subprocess.Popen) -> None:
    process.wait()
    if process.stdin:
        process.stdin.close()


def _write(path: Path, content: dict) -> None:
    with whole_file(path, "w", encoding="utf8") as file:
        file.write(srsly.json_dumps(content, indent=2) + "\n")
