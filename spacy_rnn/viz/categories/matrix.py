"""A confusion matrix, and orders of its labels in which what is confused stands together."""

import re
from pathlib import Path
from typing import NamedTuple

import numpy

from ...errors import Errors, RNNError

NOTHING = "(none)"
NO_SIGNS = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")  # which no SVG or UTF-8 may have, or no line


class Matrix(NamedTuple):
    labels: list[str]
    counts: numpy.ndarray  # gold x predicted
    support: numpy.ndarray  # gold texts of each label

    @property
    def shares(self) -> numpy.ndarray:
        """Of the row's gold texts; rows without any are zeros."""
        return self.counts / numpy.maximum(self.support, 1)[:, None]

    @property
    def wrong(self) -> numpy.ndarray:
        return self.counts * (1 - numpy.eye(len(self.labels), dtype=int))

    def take(self, order: list[int]) -> "Matrix":
        return Matrix([self.labels[i] for i in order], self.counts[numpy.ix_(order, order)], self.support[order])


def read_matrix(scores: dict, path: str | Path) -> Matrix:
    """Out of the scores of a component. R547."""
    try:
        cells = [(str(g), str(p), int(count)) for g, p, count in scores["matrix"]]
        labels = list(dict.fromkeys([*scores["per_label"], *(x for g, p, _ in cells for x in (g, p))]))
    except (KeyError, TypeError, ValueError) as error:
        raise RNNError(Errors.R547.format(path=path, reason="its confusion matrix is damaged")) from error
    if not cells:
        raise RNNError(Errors.R547.format(path=path, reason="no text with a category was scored"))
    number = {label: i for i, label in enumerate(labels)}
    counts = numpy.zeros((len(labels), len(labels)), dtype=int)
    for g, p, count in cells:
        counts[number[g], number[p]] = count
    return Matrix([NO_SIGNS.sub(" ", label) or NOTHING for label in labels], counts, counts.sum(axis=1))


def by_name(matrix: Matrix) -> list[int]:
    return sorted(range(len(matrix.labels)), key=lambda i: (matrix.labels[i] == NOTHING, matrix.labels[i].casefold()))


def by_support(matrix: Matrix) -> list[int]:
    return sorted(range(len(matrix.labels)), key=lambda i: (-int(matrix.support[i]), matrix.labels[i]))


def by_confusion(matrix: Matrix) -> list[int]:
    """A chain: after each label the one most often confused with it, of those that are left. Where none is, the chain
    goes on with the pair that is confused the most. What is no label comes last."""
    wrong = matrix.wrong + matrix.wrong.T
    nothing = [i for i, label in enumerate(matrix.labels) if label == NOTHING]
    left = set(range(len(matrix.labels))) - set(nothing)
    chain: list[int] = []
    pairs = iter(_pairs(wrong))
    while left:
        rest = sorted(left)
        near = wrong[chain[-1], rest] if chain else numpy.zeros(1)
        broken = not near.any()
        chain.append(next((a for a, b in pairs if {a, b} <= left), rest[0]) if broken else rest[near.argmax()])
        left.remove(chain[-1])
    return chain + nothing


def _pairs(wrong: numpy.ndarray) -> list[list[int]]:
    """Of labels that are confused, the most frequent ones first."""
    pairs = numpy.argwhere(numpy.triu(wrong))
    return pairs[numpy.argsort(-wrong[pairs[:, 0], pairs[:, 1]], kind="stable")].tolist()


def most_confused(matrix: Matrix, most: int) -> list[int]:
    """The labels of the most frequent confusions, at most so many."""
    chosen: dict[int, None] = {}
    for pair in _pairs(matrix.wrong + matrix.wrong.T):
        if len(chosen.keys() | set(pair)) <= most:
            chosen.update(dict.fromkeys(pair))
    return list(chosen) or by_support(matrix)[:most]
