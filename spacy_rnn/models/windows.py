"""Long texts in windows: the parts of Docs that a text classifier reads, each as a text of its own.

A Doc of at most `size` tokens is one window. A longer one is divided into as few windows as possible, all of about the
same length. The logits of a Doc are the mean of those of its windows: each has one vote.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy
from spacy.tokens import Doc, Span

from ..nets.masks import token_positions

LEARNED = 16  # windows of one Doc that a single update looks at; of more, some are drawn


class Window(NamedTuple):
    """Tokens begin..end of the Doc with this number."""

    doc: int
    begin: int
    end: int


class Windows:
    """Many of them: three arrays of int64."""

    def __init__(self, doc: numpy.ndarray, begin: numpy.ndarray, end: numpy.ndarray):
        self.doc, self.begin, self.end = doc, begin, end

    def __len__(self) -> int:
        return len(self.doc)

    def __getitem__(self, some: slice | numpy.ndarray) -> "Windows":
        return Windows(self.doc[some], self.begin[some], self.end[some])

    def __iter__(self) -> Iterator[Window]:
        return map(Window, self.doc.tolist(), self.begin.tolist(), self.end.tolist())


def windows_of(lengths: numpy.ndarray, size: int, is_train: bool) -> Windows:
    """The windows of Docs of these lengths, at least one each. size: tokens; 0 for no limit."""
    counts = numpy.maximum(-(-lengths // size), 1) if size else numpy.ones_like(lengths)
    doc, number = token_positions(counts)
    windows = Windows(doc, number * lengths[doc] // counts[doc], (number + 1) * lengths[doc] // counts[doc])
    if not is_train or counts.max(initial=0) <= LEARNED:
        return windows
    kept = numpy.ones(len(windows), dtype=bool)
    for long in numpy.flatnonzero(counts > LEARNED):
        own = numpy.flatnonzero(doc == long)
        kept[numpy.random.choice(own, len(own) - LEARNED, replace=False)] = False
    return windows[kept]


def parts_of(docs: list[Doc], windows: Windows) -> list[Doc | Span]:
    if len(windows) == len(docs):
        return docs
    return [doc if w.end - w.begin == len(doc) else doc[w.begin : w.end] for w in windows for doc in [docs[w.doc]]]


def groups_of(windows: Windows, max_tokens: int) -> list[slice]:
    """Windows that follow each other, of at most so many tokens together, or one that is longer."""
    groups, begin, tokens = [], 0, numpy.cumsum(windows.end - windows.begin)
    while begin < len(windows):
        most = max_tokens + (tokens[begin - 1] if begin else 0)
        end = max(begin + 1, int(numpy.searchsorted(tokens, most, side="right")))
        groups.append(slice(begin, end))
        begin = end
    return groups


class Votes:
    """One row for each window -> one for each Doc, the mean of its windows; and back."""

    def __init__(self, doc: numpy.ndarray, docs: int):
        """doc: of each window."""
        self.doc, self.counts = doc, numpy.bincount(doc, minlength=docs)
        self.single = len(doc) == docs

    def count(self, rows, ops):
        if self.single:
            return rows
        ends = numpy.cumsum(self.counts).tolist()
        return ops.xp.stack([rows[end - n : end].mean(0) for end, n in zip(ends, self.counts.tolist(), strict=True)])

    def spread(self, gradient, ops):
        if self.single:
            return gradient
        return gradient[ops.asarray1i(self.doc)] / ops.asarray1f(self.counts[self.doc])[:, None]
