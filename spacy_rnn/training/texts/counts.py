"""What was read, and what was left out: everything that is not taken is counted here."""

import warnings
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ...errors import RNNError, Warnings
from .options import Row, TextOptions

SHOWN = 5
SORTED = 20  # one change of label for so many texts, and they come sorted


@dataclass
class TextCounts:
    format: str = ""
    files: int = 0
    columns: list[str] = field(default_factory=list)  # which were taken, in words, a file each
    passed_over: list[str] = field(default_factory=list)  # files
    texts: int = 0  # taken
    labels: Counter = field(default_factory=Counter)  # label -> texts that have it
    none: int = 0  # texts without a label
    several: int = 0  # texts with several
    changes: int = 0  # how often a text has other labels than the one before
    met: set[str] = field(default_factory=set)  # labels named in keep, drop, rename that occur
    tokens: int = 0
    cut: int = 0  # texts at max_length
    duplicates: int = 0  # texts that came before, taken or not
    contradictions: int = 0  # of them those with other labels than the first time
    first_contradiction: Row | None = None
    # not taken:
    empty: int = 0
    first_empty: Row | None = None
    repeated: int = 0  # duplicates that were dropped
    excluded: int = 0  # in the texts to be left out
    unwanted: Counter = field(default_factory=Counter)  # labels dropped, or not kept
    without: int = 0  # texts that lost all of their labels so
    bad: int = 0
    first_bad: list[RNNError] = field(default_factory=list)

    def add(self, labels: Sequence[str]) -> None:
        self.texts += 1
        self.labels.update(labels)
        self.none += not labels
        self.several += len(labels) > 1

    def add_empty(self, row: Row) -> None:
        self.empty += 1
        self.first_empty = self.first_empty or row

    def add_contradiction(self, row: Row) -> None:
        self.contradictions += 1
        self.first_contradiction = self.first_contradiction or row

    def add_bad(self, error: RNNError) -> None:
        self.bad += 1
        if len(self.first_bad) < SHOWN:
            self.first_bad.append(error)

    @property
    def rows(self) -> int:
        """All that could be told apart."""
        return self.texts + self.left_out

    @property
    def left_out(self) -> int:
        return self.empty + self.repeated + self.excluded + self.without + self.bad

    def warn(self, path: str | Path, known: Iterable[str], options: TextOptions, buffer: int = 0) -> None:
        """W302 to W309: what a user should know before training on it. buffer: that shuffles them."""
        missing = [label for label in known if label not in self.labels]
        if self.bad:
            _warn(Warnings.W302.format(count=self.bad, path=path, first=self.first_bad[0]))
        if self.empty:
            _warn(Warnings.W303.format(count=self.empty, path=path, first=self.first_empty))
        if missing and self.labels:
            _warn(Warnings.W304.format(count=len(missing), path=path, labels=listed(missing)))
        if self.texts > 1 and len(self.labels) == 1 and not self.none:
            _warn(Warnings.W305.format(count=self.texts, path=path, label=next(iter(self.labels))))
        if self.cut:
            _warn(Warnings.W306.format(count=self.cut, path=path))
        if 0 < buffer < self.texts / 2 and len(self.labels) > 1 and self.changes < self.texts / SORTED:
            _warn(Warnings.W307.format(path=path, buffer=buffer, texts=self.texts))
        if self.contradictions:
            first = self.first_contradiction
            _warn(Warnings.W308.format(count=self.contradictions, path=path, first=first))
        for option, names in (("keep", options.keep), ("drop", options.drop), ("rename", options.rename)):
            if unmet := [name for name in names if name not in self.met]:
                _warn(Warnings.W309.format(path=path, labels=listed(unmet), option=option))


def listed(names: Sequence[str], most: int = 10) -> str:
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def _warn(message: str) -> None:
    warnings.warn(message, stacklevel=4)
