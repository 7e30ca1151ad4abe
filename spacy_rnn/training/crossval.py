"""Cross-validation: a corpus in k folds, and for each a pipeline trained on the others, as ``spacy train`` would.

Each fold is trained and scored by a process of its own (``spacy_rnn.training.fold``) in its folder OUT/fold-3, whose
scores.json is written last: a fold that has one is done. Read ``Crossval.run`` first.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

import srsly
from spacy import blank
from spacy.tokens import DocBin
from spacy.vocab import Vocab
from thinc.api import Config

from ..atomic import whole_file, writing_to
from ..errors import Errors, RNNError
from .cats import check_exclusive, check_gold, positive
from .fold import SCORES, Progress, read_progress, scored_model
from .fold_config import fold_config, is_exclusive, read_config, sets_cats
from .fold_summary import numbers
from .folds import draw_share, number_folds, partition, read_folds
from .gold import read_gold

PLAN, FOLDS, RESULT = "crossval.json", "folds.json", "scores.json"
SHOWN = 100  # training texts that the log shows the scores of, if there is no development set
WAIT = 0.2  # seconds between looks at the processes
LAST_LINES = 12


@dataclass
class Options:
    """What the results depend on, beside config and data. dev, train: shares of the texts that are not in the fold."""

    folds: int = 10
    seed: int = 0
    stratify: bool = True
    dev: float = 0.1  # 0: no development set, the last model is scored
    train: float = 1.0  # of what is left for training
    gpu: int = -1


class Event(NamedTuple):
    """What happened to a fold: "begun", "at" (its training went on), "done" or "kept" (done by an earlier run)."""

    kind: str
    fold: int
    progress: Progress | None = None
    scores: dict | None = None


class Crossval:
    """A cross-validation in the folder ``out``. Nothing is written before ``run``.

    overrides: settings of the config by their dotted names. code: a Python file to import before. folds_file, fold_key:
    where the folds come from, if they are not drawn: a JSON list, or this entry of each Doc's user_data. name: what
    tables of several systems call this one; else the folder's.
    """

    def __init__(
        self,
        config: str | Path,
        data: str | Path,
        out: str | Path,
        options: Options,
        *,
        overrides: dict | None = None,
        code: str | Path | None = None,
        folds_file: str | Path | None = None,
        fold_key: str | None = None,
        keep: bool = False,
        name: str = "",
    ) -> None:
        self.path, self.out, self.options, self.code, self.keep = Path(data), Path(out), options, code, keep
        check(options)
        if code and not Path(code).is_file():
            raise RNNError(Errors.R301.format(path=code))
        self.config: Config = read_config(config, overrides or {}, options.dev == 0)
        self.docs = read_gold(data, self._vocab())
        self.labels = [positive(doc) for doc in self.docs]
        self._check_cats()
        self.folds = self._deal(folds_file, fold_key)
        self.count = max(self.folds) + 1
        self.about = {"config": str(config), "data": str(data), "texts": len(self.docs), **asdict(options)}
        self.about |= {"folds": self.count, "name": name or Path(out).resolve().name}
        self.marks = {
            "the config or its overrides": _hash(self.config.to_str().encode("utf8")),
            "the corpus": _hash(_contents(self.path)),
            "the code": _hash(Path(code).read_bytes()) if code else "",
            "the options": _hash(repr((sorted(asdict(options).items()), self.folds)).encode("utf8")),
        }

    def _vocab(self) -> Vocab:
        """Of the config's language: classified texts are tokenized as it does."""
        lang = self.config["nlp"].get("lang", "")
        try:
            lang = self.config.interpolate()["nlp"]["lang"] if "$" in lang else lang
            return blank(lang).vocab
        except (ImportError, TypeError, ValueError) as error:
            raise RNNError(Errors.R209.format(lang=lang, error=error)) from error

    def _check_cats(self) -> None:
        """What no component could learn from is told before the first fold, not after."""
        names = sets_cats(self.config)
        if not names:
            return
        if not any(doc.cats for doc in self.docs):
            raise RNNError(Errors.R543.format(path=self.path, names=", ".join(names)))
        given = [frozenset(own) for doc, own in zip(self.docs, self.labels, strict=True) if doc.cats]
        if len(set(given)) == 1:
            raise RNNError(Errors.R534.format(texts=len(given), labels=", ".join(sorted(given[0])) or "none"))
        check_gold(self.docs)
        if len(names) == 1 and is_exclusive(self.config, names[0]):
            check_exclusive(names[0], self.labels)

    def _deal(self, folds_file: str | Path | None, key: str | None) -> list[int]:
        if folds_file:
            return read_folds(folds_file, len(self.docs))
        if key:
            found = [doc.user_data.get(key) for doc in self.docs]
            if not all(isinstance(x, (int, str)) for x in found):
                raise RNNError(Errors.R539.format(path=self.path, reason=f"not every text has user_data['{key}']"))
            return number_folds(found, self.path)
        count = self.options.folds
        if not 2 <= count <= len(self.docs):
            raise RNNError(Errors.R531.format(folds=count, texts=len(self.docs)))
        sets = self.labels if self.options.stratify else [()] * len(self.docs)
        return partition(sets, [1 / count] * count, self.options.seed)

    # -- what the user is told

    def unlabelled(self) -> int:
        """Texts without gold categories, beside texts that have them."""
        count = sum(not doc.cats for doc in self.docs)
        return count if count < len(self.docs) else 0

    def rare(self) -> dict[str, int]:
        """Labels of fewer texts than there are folds."""
        counts = Counter(label for labels in self.labels for label in set(labels))
        return {label: count for label, count in sorted(counts.items()) if count < self.count}

    def repeated(self) -> int:
        """Texts that are also in another fold."""
        folds: dict[str, set[int]] = {}
        for doc, fold in zip(self.docs, self.folds, strict=True):
            folds.setdefault(doc.text, set()).add(fold)
        return sum(len(folds[doc.text]) > 1 for doc in self.docs)

    # -- on disk

    def folder(self, fold: int) -> Path:
        return self.out / f"fold-{fold}"

    def prepare(self, force: bool = False) -> None:
        """R535: the folder holds something else. R536: results of something else. force: those are removed."""
        plan = self.out / PLAN
        if self.out.exists() and not self.out.is_dir():
            raise RNNError(Errors.R535.format(path=self.out, reason="it is a file"))
        if self.out.is_dir() and any(self.out.iterdir()) and not plan.is_file():
            raise RNNError(Errors.R535.format(path=self.out, reason="it has files that are not of a cross-validation"))
        marks = {}
        if plan.is_file() and not force:
            try:
                marks = srsly.read_json(plan)["marks"]
                changed = [name for name, mark in self.marks.items() if marks.get(name) != mark]
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise RNNError(Errors.R535.format(path=self.out, reason=f"its {PLAN} is damaged")) from error
            if changed:
                raise RNNError(Errors.R536.format(path=self.out, changed=" and ".join(changed)))
        with writing_to(self.out):
            if force and plan.is_file():
                self._clear()
            self.out.mkdir(parents=True, exist_ok=True)
            if not marks:  # the plan first: without it, the folder is not known again
                _write(plan, {"about": self.about, "marks": self.marks})
            _write(self.out / FOLDS, {"folds": [fold + 1 for fold in self.folds]})

    def _clear(self) -> None:
        for path in self.out.glob("fold-*"):
            if path.name.removeprefix("fold-").isdecimal():
                shutil.rmtree(path)
        for name in (RESULT, FOLDS, PLAN):
            (self.out / name).unlink(missing_ok=True)

    def parts(self, fold: int) -> dict[str, list[int]]:
        """The numbers of the texts to train on, to develop with, and to test on. Folds count from 1."""
        rest = [i for i, own in enumerate(self.folds) if own != fold - 1]
        test = [i for i, own in enumerate(self.folds) if own == fold - 1]
        seed, labels = self.options.seed + fold, self.labels if self.options.stratify else [()] * len(self.docs)
        dev: set[int] = set()
        if self.options.dev:
            dev = {rest[i] for i in draw_share([labels[i] for i in rest], self.options.dev, seed)}
        train = [i for i in rest if i not in dev]
        if self.options.train < 1:
            some = draw_share([labels[i] for i in train], self.options.train, seed)
            train = [train[i] for i in sorted(some)]
        return {"train": train, "dev": sorted(dev), "test": test}

    def lay_out(self, fold: int) -> None:
        """The folder of a fold with its corpora and its config, and nothing of an earlier try."""
        folder = self.folder(fold)
        with writing_to(folder):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            parts = self.parts(fold)
            shown = parts if parts["dev"] else {**parts, "dev": parts["train"][:SHOWN]}
            for name, numbers in shown.items():
                DocBin(docs=[self.docs[i] for i in numbers], store_user_data=True).to_disk(folder / f"{name}.spacy")
            _write(folder / "texts.json", parts)
            fold_config(self.config, folder, bool(self.options.dev)).to_disk(folder / "config.cfg")

    # -- training

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


def check(options: Options) -> None:
    """R542."""
    if not 0 <= options.dev < 1:
        raise RNNError(
            Errors.R542.format(setting="--dev-share", value=options.dev, wanted="0 or more, and less than 1")
        )
    if not 0 < options.train <= 1:
        raise RNNError(Errors.R542.format(setting="--train-share", value=options.train, wanted="over 0, and at most 1"))


def _let_go(process: subprocess.Popen) -> None:
    process.wait()
    if process.stdin:
        process.stdin.close()


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]


def _contents(path: Path) -> bytes:
    files = sorted(file for file in path.rglob("*") if file.is_file()) if path.is_dir() else [path]
    return b"".join(hashlib.sha256(file.read_bytes()).digest() for file in files)


def _write(path: Path, content: dict) -> None:
    with whole_file(path, "w", encoding="utf8") as file:
        file.write(srsly.json_dumps(content, indent=2) + "\n")
