"""Spans of tokens and the labels of a scheme: which labels write a span, and which spans a row of labels means."""

from functools import cached_property
from typing import NamedTuple

import numpy
from spacy.attrs import ENT_IOB, ORTH
from spacy.training import Example

from ..nets.crf import MISSING
from ..nets.schemes import OUTSIDE, SCHEMES, labels_of


class Found(NamedTuple):
    """A span of tokens of one Doc. probability: that exactly this span has this type, None where it was not asked."""

    start: int
    end: int  # the token after the last
    type: str
    probability: float | None = None


class SpanLabels:
    """types: of spans, such as PER. scheme: "BILUO" or "IOB2". labels: what each column of the scores stands for."""

    def __init__(self, types: list[str], scheme: str):
        self.types, self.scheme = types, scheme
        self.labels = labels_of(types, scheme)
        self.numbers = {label: i for i, label in enumerate(self.labels)}
        self.outside = self.numbers[OUTSIDE]
        letters, _, names = zip(*(label.partition("-") for label in self.labels), strict=True)
        parts = SCHEMES[scheme]
        self.first, self.inner, self.last, self.single = (
            {type_: self.numbers[f"{letter}-{type_}"] for type_ in types} for letter in parts[:4]
        )
        self.begins = numpy.array([letter in (parts.first, parts.single) for letter in letters])  # K
        self.goes_on = numpy.array([letter == parts.inner for letter in letters])  # K
        self.type_numbers = numpy.array([types.index(name) if name else -1 for name in names])  # K

    @cached_property
    def open_ended(self) -> bool:
        """Whether a span's last label does not say that it is the last."""
        return self.inner == self.last

    def path(self, type_: str, length: int) -> list[int]:
        """The labels of a span of so many tokens."""
        if length == 1:
            return [self.single[type_]]
        return [self.first[type_], *[self.inner[type_]] * (length - 2), self.last[type_]]

    def spans(self, path: numpy.ndarray) -> list[Found]:
        """The spans that a row of labels means. What goes on without having begun, begins."""
        tokens = numpy.flatnonzero(path != self.outside)
        if not len(tokens):
            return []
        labels = path[tokens]
        types = self.type_numbers[labels]
        begins = self.begins[labels]
        begins[0] = True
        begins[1:] |= (numpy.diff(tokens) != 1) | (types[1:] != types[:-1])
        first = numpy.flatnonzero(begins)
        last = numpy.append(first[1:], len(tokens)) - 1
        bounds = zip(tokens[first].tolist(), (tokens[last] + 1).tolist(), types[first].tolist(), strict=True)
        return [Found(start, end, self.types[type_]) for start, end, type_ in bounds]

    def gold(self, example: Example) -> tuple[numpy.ndarray, set[str]]:
        """The label number of each predicted token, and the types that have none.

        MISSING where nothing is annotated, the tokens do not align, or the type is unknown.
        """
        if same_tokens(example):
            ents, outside = example.reference.ents, example.reference.to_array(ENT_IOB) == 2
        else:
            ents, tags = example.get_aligned_ents_and_ner()
            outside = numpy.array([tag == OUTSIDE for tag in tags], dtype=bool)
        numbers = numpy.where(outside, self.outside, MISSING)
        unknown = {ent.label_ for ent in ents} - self.first.keys()
        for ent in ents:
            if ent.label_ not in unknown:
                numbers[ent.start : ent.end] = self.path(ent.label_, len(ent))
        return numbers, unknown


def same_tokens(example: Example) -> bool:
    return numpy.array_equal(example.predicted.to_array(ORTH), example.reference.to_array(ORTH))
