"""``king - man + woman``: words as terms of a sum, and the word that comes out."""

import re
from typing import NamedTuple

import numpy

from ..errors import Errors, RNNError
from .evaluation.analogies import EPSILON
from .space import Found, Neighbour, Space, unit

SIGNS = {"+": 1, "-": -1, "−": -1, "–": -1}
PROPORTION = re.compile(r"(\S+)\s*:\s*([^\s:]+)\s*::\s*([^\s:]+)(\s*:\s*\?*)?")  # man : woman :: king : ?


class Expression(NamedTuple):
    plus: list[str]
    minus: list[str]


class Answer(NamedTuple):
    """``terms``: how the words of the question were found. Scores: cosines to the sum, or the product of 3CosMul."""

    terms: list[Found]
    words: list[Neighbour]


def parse(text: str) -> Expression:
    """``a - b + c`` (spaces around the signs: words may have hyphens), or ``b : c :: a : ?``."""
    if match := PROPORTION.fullmatch(text.strip()):
        a, b, c = match.group(1, 2, 3)
        return Expression([c, b], [a])
    terms: dict[int, list[str]] = {1: [], -1: []}
    sign: int | None = 1
    for token in text.split():
        if token in SIGNS and (sign is None or not any(terms.values())):
            sign = SIGNS[token]
            continue
        if sign is None and token[0] in SIGNS:  # king -man
            sign, token = SIGNS[token[0]], token[1:]
        if sign is None or token in SIGNS:
            raise RNNError(Errors.R270.format(text=text))
        terms[sign].append(token)
        sign = None
    if sign is not None or not terms[1]:
        raise RNNError(Errors.R270.format(text=text))
    return Expression(terms[1], terms[-1])


def solve(space: Space, expression: Expression, method: str = "add", n: int = 10) -> Answer:
    """The ``n`` best words that are not in the expression, by 3CosAdd or 3CosMul with any number of terms."""
    found = [space.require(word) for word in [*expression.plus, *expression.minus]]
    signs = numpy.repeat([1, -1], [len(expression.plus), len(expression.minus)]).astype(numpy.float32)
    units = unit(numpy.stack([word.vector for word in found]))  # terms x dim
    if method == "add":
        scores = space.units @ unit((signs @ units)[None])[0]
    elif method == "mul":
        near = (1 + space.units @ units.T) / 2  # words x terms
        scores = near[:, signs > 0].prod(axis=1) / (near[:, signs < 0] + EPSILON).prod(axis=1)
    else:
        raise RNNError(Errors.R271.format(method=method))
    return Answer(found, space.best(scores, n, [word.row for word in found]))
