"""What a cross-validation is made of: a config, a corpus, and the fold of each text. Nothing is written here.

Read ``Plan`` first; ``crossval`` trains and scores the folds.
"""

import hashlib
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

from spacy import blank
from spacy.vocab import Vocab
from thinc.api import Config

from ..errors import Errors, RNNError
from .cats import check_exclusive, check_gold, positive
from .fold_config import is_exclusive, read_config, sets_cats
from .folds import draw_share, number_folds, partition, read_folds
from .gold import read_gold


@dataclass
class Options:
    """What the results depend on, beside config and data. dev, train: shares of the texts that are not in the fold."""

    folds: int = 10
    seed: int = 0
    stratify: bool = True
    dev: float = 0.1  # 0: no development set, the last model is scored
    train: float = 1.0  # of what is left for training
    gpu: int = -1


class Plan:
    """A config to train and score on the folds of a corpus, in the folder ``out``.

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
        self.sets = self.labels if options.stratify else [[]] * len(self.docs)  # what each fold has its share of
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
        return partition(self.sets, [1 / count] * count, self.options.seed)

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

    # -- what a fold is made of

    def parts(self, fold: int) -> dict[str, list[int]]:
        """The numbers of the texts to train on, to develop with, and to test on. Folds count from 1."""
        rest = [i for i, own in enumerate(self.folds) if own != fold - 1]
        test = [i for i, own in enumerate(self.folds) if own == fold - 1]
        dev = self._share(rest, self.options.dev, fold) if self.options.dev else []
        train = sorted(set(rest) - set(dev))
        train = self._share(train, self.options.train, fold) if self.options.train < 1 else train
        return {"train": train, "dev": dev, "test": test}

    def _share(self, texts: list[int], share: float, fold: int) -> list[int]:
        drawn = draw_share([self.sets[i] for i in texts], share, self.options.seed + fold)
        return [texts[i] for i in sorted(drawn)]


def check(options: Options) -> None:
    """R542."""
    if not 0 <= options.dev < 1:
        raise RNNError(
            Errors.R542.format(setting="--dev-share", value=options.dev, wanted="0 or more, and less than 1")
        )
    if not 0 < options.train <= 1:
        raise RNNError(Errors.R542.format(setting="--train-share", value=options.train, wanted="over 0, and at most 1"))


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]


def _contents(path: Path) -> bytes:
    files = sorted(file for file in path.rglob("*") if file.is_file()) if path.is_dir() else [path]
    return b"".join(hashlib.sha256(file.read_bytes()).digest() for file in files)
