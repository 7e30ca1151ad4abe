"""The numbers that pages and pictures show, and how they are written."""

import numpy

from .found import UNKNOWN, Found, Scores, Transitions

UNSURE = 0.5  # entities below have a dashed line
FAINT = 0.005  # probabilities below are an empty cell
SUM = " + "  # between morphemes that are no cuts of their word
VISIBLE = 0.01  # labels that stay below in all of a sentence are left out


def percent(p: float) -> str:
    """As short as can be, and 100% or 0% for nothing less."""
    rounded = f"{100 * p:.0f}%"
    if p in (0, 1) or rounded not in ("0%", "100%"):
        return rounded
    return ">99%" if p > 0.5 else "<1%"


def signed(score: float, largest: float) -> str:
    """With as many digits as tell scores of this size apart, and no sign before a zero."""
    shown = f"{score:.{1 if largest >= 2 else 2}f}"
    return shown.lstrip("-") if not float(shown) else shown.replace("-", "\u2212")


def of_chosen(scores: Scores) -> numpy.ndarray:  # tokens
    """The probability of the label that each token got. One without a number is a combination that a tagger made, 0, or
    an entity that another component set, 1."""
    chosen = numpy.array(scores.chosen, dtype=int)
    p = scores.probabilities[numpy.arange(len(chosen)), chosen]
    return numpy.where(chosen == UNKNOWN, 0.0 if scores.head else 1.0, p)


def least_sure(found: Found, heads: list[Scores]) -> list[float]:
    """For each sentence the lowest probability of a label that one of its tokens got."""
    chosen = [of_chosen(scores) for scores in heads]
    words = [[i for i in range(*place) if not found.blank[i]] for place in found.sentences]
    return [min((float(p[i]) for p in chosen for i in rows), default=1.0) for rows in words]


def visible_labels(scores: Scores, rows: list[int]) -> list[int]:
    """The numbers of the labels that one of these tokens has, or may have."""
    top = scores.probabilities[rows].max(axis=0) if rows else numpy.zeros(len(scores.labels))
    got = {scores.chosen[i] for i in rows}
    return [k for k in range(len(scores.labels)) if top[k] >= VISIBLE or k in got]


def largest_score(transitions: Transitions) -> float:
    """Of what is allowed, without its sign; 0 if nothing was learned."""
    return float(numpy.abs(transitions.scores[transitions.allowed]).max(initial=0.0))
