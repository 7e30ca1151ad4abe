"""What a pipeline found in a text, as plain data: what pages and pictures are made of."""

from typing import NamedTuple

import numpy

UNKNOWN = -1  # the number of a label that is not among the component's
OUTSIDE = "O"


class Span(NamedTuple):
    first: int
    end: int  # the token after its last
    label: str
    confidence: float | None


class Scores(NamedTuple):
    """Probabilities of the labels of one component, or of one of its heads."""

    component: str
    head: str  # "" if there is only one
    labels: list[str]
    probabilities: numpy.ndarray  # tokens x labels
    chosen: list[int]  # for each token the label that the Doc got, or UNKNOWN


class Transitions(NamedTuple):
    component: str
    labels: list[str]
    scores: numpy.ndarray  # labels x labels, from the row's to the column's
    allowed: numpy.ndarray  # labels x labels, bool


class Morpheme(NamedTuple):
    text: str
    type: str  # "" if it has none


class Found(NamedTuple):
    lang: str
    words: list[str]
    spaces: list[str]  # what follows each word: " " or ""
    blank: list[bool]  # words that are nothing but white space
    sentences: list[tuple[int, int]]
    spans: list[Span] | None  # None: no component for entities is shown
    rivals: list[Span]  # entities that were nearly found
    scores: list[Scores]
    transitions: list[Transitions]
    morphemes: list[list[Morpheme]] | None  # of each word


def describe(found: Found) -> str:
    count = len(found.words) - sum(found.blank)
    parts = [_number(len(found.sentences), "sentence"), _number(count, "word")]
    if found.spans is not None:
        parts.append(_number(len(found.spans), "entity", "entities"))
    return ", ".join(parts)


def _number(n: int, one: str, many: str = "") -> str:
    return f"{n:,} {one if n == 1 else many or one + 's'}"
