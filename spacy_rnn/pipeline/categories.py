"""What gold categories and logits mean: labels as columns, probabilities, decisions."""

from collections.abc import Iterable

import numpy
from spacy.training import Example

from ..errors import Errors, RNNError

Gold = tuple[numpy.ndarray, set[str]]


def gold_matrix(examples: list[Example], labels: Iterable[str], exclusive: bool) -> Gold:
    """examples x labels, 1.0 and 0.0, or NaN where it is not known; and the labels that have no column.

    Exclusive: a text without a label is not known as a whole, and more than one label is an error (R157). Multi-label:
    a label that a text's categories do not name is not known.
    """
    columns = {label: i for i, label in enumerate(labels)}
    gold = numpy.full((len(examples), len(columns)), numpy.nan, dtype="float32")
    unknown: set[str] = set()
    for row, example in zip(gold, examples, strict=True):
        cats = example.reference.cats
        check_values(cats, example)
        right = [label for label, value in cats.items() if value]
        unknown.update(label for label in right if label not in columns)
        if not exclusive:
            for label, value in cats.items():
                if label in columns:
                    row[columns[label]] = value
        elif len(right) > 1:
            raise RNNError(Errors.R157.format(labels=", ".join(right[:5]), text=excerpt(example)))
        elif right and right[0] in columns:
            row[:] = 0.0
            row[columns[right[0]]] = 1.0
    return gold, unknown


def check_values(cats: dict[str, float], example: Example) -> None:
    """R158: a category that is neither right nor wrong."""
    for label, value in cats.items():
        if value != 0.0 and value != 1.0:
            raise RNNError(Errors.R158.format(label=label, value=value, text=excerpt(example)))


def excerpt(example: Example, most: int = 60) -> str:
    text = " ".join(example.reference.text.split())
    return text if len(text) <= most else text[: most - 1] + "…"


def probabilities(logits: numpy.ndarray, exclusive: bool, temperature: float = 1.0) -> numpy.ndarray:
    """docs x labels, float32: softmax, or a sigmoid of each."""
    logits = logits.astype("float64") / temperature
    if not exclusive:
        return (0.5 + 0.5 * numpy.tanh(logits / 2)).astype("float32")
    powers = numpy.exp(logits - logits.max(1, keepdims=True, initial=-numpy.inf))
    return (powers / powers.sum(1, keepdims=True)).astype("float32")


def chosen(scores: numpy.ndarray, limits: numpy.ndarray, exclusive: bool) -> list[list[int]]:
    """The labels of each Doc that are probable enough, the most probable first; of exclusive ones the best at most."""
    if exclusive:
        best = scores.argmax(1)
        enough = numpy.take_along_axis(scores >= limits, best[:, None], 1)[:, 0]
        return [[label] if fine else [] for label, fine in zip(best.tolist(), enough.tolist(), strict=True)]
    order = numpy.argsort(-scores, axis=1, kind="stable")
    enough = numpy.take_along_axis(scores >= limits, order, 1)
    return [row[fine].tolist() for row, fine in zip(order, enough, strict=True)]


def best_thresholds(scores: numpy.ndarray) -> numpy.ndarray:
    """For each label the threshold under which its F1 is expected to be the highest (Lipton et al. 2014,
    arXiv:1402.1892): scores must say how often they are right.

    The labels themselves are not asked. Where few texts have one, the threshold under which it happened to have the
    highest F1 is worse on others.

    scores: texts x labels. Half way between two of them. NaN where less than one text is expected to have the label:
    it would be right to give it to all of them, as far as its F1 goes.
    """
    limits = numpy.full(scores.shape[1], numpy.nan)
    for i, p in enumerate(-numpy.sort(-scores.T.astype("float64"), axis=1)):  # the most probable first
        if p.sum() >= 1:
            f1 = 2 * numpy.cumsum(p) / (numpy.arange(1, len(p) + 1) + p.sum())
            best = int(f1.argmax())
            limits[i] = (p[best] + (p[best + 1] if best + 1 < len(p) else 0.0)) / 2
    return limits
