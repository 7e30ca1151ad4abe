"""Long texts in windows: the parts of Docs that a text classifier reads, each as a text of its own.

A Doc of at most `size` tokens is one window. A longer one is divided into as few windows as possible, all of about the
same length. The logits of a Doc are the mean of those of its windows: each has one vote.
"""

from typing import NamedTuple

import numpy
from spacy.tokens import Doc, Span

LEARNED = 16  # windows of one Doc that a single update looks at; of more, some are drawn


class Window(NamedTuple):
    """Tokens begin..end of the Doc with this number."""

    doc: int
    begin: int
    end: int


def windows_of(lengths: numpy.ndarray, size: int, is_train: bool) -> list[Window]:
    """The windows of Docs of these lengths, at least one each. size: tokens; 0 for no limit."""
    if not size or lengths.max(initial=0) <= size:
        return [Window(number, 0, length) for number, length in enumerate(lengths.tolist())]
    windows = []
    for number, length in enumerate(lengths.tolist()):
        count = -(-length // size) if size and length > size else 1
        drawn = range(count)
        if is_train and count > LEARNED:
            drawn = sorted(numpy.random.choice(count, LEARNED, replace=False).tolist())
        windows += [Window(number, i * length // count, (i + 1) * length // count) for i in drawn]
    return windows


def parts_of(docs: list[Doc], windows: list[Window]) -> list[Doc | Span]:
    if len(windows) == len(docs):
        return docs
    return [doc if w.end - w.begin == len(doc) else doc[w.begin : w.end] for w in windows for doc in [docs[w.doc]]]


def groups_of(windows: list[Window], max_tokens: int) -> list[slice]:
    """Windows that follow each other, of at most so many tokens together, or one that is longer."""
    groups, begin, tokens = [], 0, 0
    for i, window in enumerate(windows):
        length = window.end - window.begin
        if i > begin and tokens + length > max_tokens:
            groups.append(slice(begin, i))
            begin, tokens = i, 0
        tokens += length
    return [*groups, slice(begin, len(windows))] if windows else []


class Votes:
    """One row for each window -> one for each Doc, the mean of its windows; and back."""

    def __init__(self, windows: list[Window], docs: int):
        self.doc = numpy.array([window.doc for window in windows], dtype="int64")
        self.counts = numpy.bincount(self.doc, minlength=docs)
        self.single = len(windows) == docs

    def count(self, rows, ops):
        if self.single:
            return rows
        ends = numpy.cumsum(self.counts).tolist()
        return ops.xp.stack([rows[end - n : end].mean(0) for end, n in zip(ends, self.counts.tolist(), strict=True)])

    def spread(self, gradient, ops):
        if self.single:
            return gradient
        return gradient[ops.asarray1i(self.doc)] / ops.asarray1f(self.counts[self.doc])[:, None]
