"""What is told of a decision, as plain data."""

from typing import Any, NamedTuple

import numpy


class Firing(NamedTuple):
    """A filter, where in the Doc it fired the most, how strongly, and what that has added to the logit."""

    filter: int
    first: int
    end: int  # the token after its last
    activation: float
    contribution: float


class Ngram(NamedTuple):
    """Words with a vector of their own, and what it has added to the logit. They have shared that out among them."""

    first: int
    end: int
    contribution: float


class Explanation(NamedTuple):
    """Why a Doc got a label, or did not.

    logit: of the label, at the component's temperature; of exclusive labels, less the mean of all. Softmax or sigmoid
        of it is the probability. All contributions are parts of it.
    tokens: what each token has added, float32.
    attention: how much of the text's vector comes from each token, float32, 1 in all; None without attention.
    filters, ngrams: the strongest contributions first, those of 0 left out.
    base: the logit if all vectors were zeros, for "integrated".
    """

    component: str
    label: str
    method: str
    probability: float
    logit: float
    tokens: numpy.ndarray
    attention: numpy.ndarray | None
    filters: list[Firing]
    ngrams: list[Ngram]
    base: float | None

    def as_json(self) -> dict[str, Any]:
        arrays = {"tokens": self.tokens.tolist()}
        arrays["attention"] = None if self.attention is None else self.attention.tolist()
        lists = {"filters": [f._asdict() for f in self.filters], "ngrams": [n._asdict() for n in self.ngrams]}
        return {**self._asdict(), **arrays, **lists}
