"""Tagging schemes: how spans are written as one label for each token, and which label may follow which.

    scheme   first  inner  last  single   outside   used for
    IOB2     B      I      I     B        O         entities
    BILUO    B      I      L     U        O         entities; the borders are told apart, so that each can be learned
    BMES     B      M      E     S                  morphemes: every character is inside of one

A label is its part of the scheme, a hyphen, and the type of the span: "B-PER". "none" is no scheme at all: each label
stands for itself, and any may follow any (parts of speech).
"""

from typing import NamedTuple

import numpy

from ..errors import Errors, RNNError

OUTSIDE = "O"


class Scheme(NamedTuple):
    """The letters of the parts, and whether tokens may be outside of all spans."""

    first: str
    inner: str
    last: str
    single: str
    outside: bool


SCHEMES = {
    "IOB2": Scheme("B", "I", "I", "B", True),
    "BILUO": Scheme("B", "I", "L", "U", True),
    "BMES": Scheme("B", "M", "E", "S", False),
}
NONE = "none"


class Allowed(NamedTuple):
    """Which labels may stand where; K labels."""

    transitions: numpy.ndarray  # K x K bool, from the row's label to the column's
    start: numpy.ndarray  # K bool
    end: numpy.ndarray  # K bool


def scheme_of(name: str) -> Scheme:
    """The scheme of this name. R027: there is none."""
    if name not in SCHEMES:
        raise RNNError(Errors.R027.format(scheme=name, known=", ".join([*SCHEMES, NONE])))
    return SCHEMES[name]


def labels_of(types: list[str], scheme: str) -> list[str]:
    """All labels of the scheme for spans of these types, "O" first if the scheme has it."""
    if scheme == NONE:
        return list(types)
    parts = scheme_of(scheme)
    letters = dict.fromkeys((parts.first, parts.inner, parts.last, parts.single))
    return [OUTSIDE] * parts.outside + [f"{letter}-{type_}" for type_ in types for letter in letters]


def allowed(labels: list[str], scheme: str) -> Allowed:
    """What the scheme allows among these labels. R020: a label that is not of the scheme. R028: none, or one twice."""
    if not labels or len(set(labels)) < len(labels):
        raise RNNError(Errors.R028.format(labels=", ".join(labels) or "none"))
    if scheme == NONE:
        free = numpy.ones(len(labels), dtype=bool)
        return Allowed(numpy.ones((len(labels), len(labels)), dtype=bool), free, free)
    parts = scheme_of(scheme)
    opens, closes, goes_on, type_ = [], [], [], []  # of each label: may a span begin, end, go on from an open one here?
    for label in labels:
        letter, _, name = label.partition("-")
        if label == OUTSIDE and parts.outside:
            letter, name = OUTSIDE, None
        elif letter not in parts[:4] or not name:
            raise RNNError(Errors.R020.format(label=label, scheme=scheme))
        opens.append(letter in (OUTSIDE, parts.first, parts.single))
        closes.append(letter in (OUTSIDE, parts.last, parts.single))
        goes_on.append(letter in (parts.inner, parts.last))
        type_.append(name)
    opens, closes, goes_on, names = map(numpy.array, (opens, closes, goes_on, [name or "" for name in type_]))
    if parts.last == parts.inner:  # IOB2: a span may end anywhere
        closes = numpy.ones(len(labels), dtype=bool)
        may_go_on = numpy.array([name is not None for name in type_])
    else:
        may_go_on = ~closes
    same = names[:, None] == names
    return Allowed((closes[:, None] & opens) | (may_go_on[:, None] & goes_on & same), opens, closes)


def goes_on(labels: list[str], scheme: str) -> numpy.ndarray | None:
    """For each label, K, the number of the one that would go on with its span where the span may as well end; or -1.
    None where the borders of a span show in its own labels, as in all schemes but IOB2."""
    if scheme == NONE or scheme_of(scheme).last != scheme_of(scheme).inner:
        return None
    numbers = {label: i for i, label in enumerate(labels)}
    inner = [f"{scheme_of(scheme).inner}-{label.partition('-')[2]}" for label in labels]
    return numpy.array([numbers.get(name, -1) for name in inner])
