"""Probabilities of the labels of each token, and scores of the transitions between labels, as HTML tables."""

from html import escape
from itertools import groupby

import numpy

from .figures import FAINT, VISIBLE, largest_score, percent, signed, visible_labels
from .found import OUTSIDE, UNKNOWN, Found, Scores, Transitions
from .kinds import kind_of, letter_of

SURE = 0.99  # of such a label its probability is of no interest
ALTERNATIVES = 3  # of a tagger's labels beside the one chosen


def grid(found: Found, scores: Scores, first: int, end: int, colours: dict[str, int]) -> str:
    """Tokens down, labels across, grouped by type; those that a sentence has no trace of are left out."""
    rows = [i for i in range(first, end) if not found.blank[i]]
    columns = visible_labels(scores, rows)
    labels = [scores.labels[k] for k in columns]
    groups = [(kind, list(group)) for kind, group in groupby(columns, lambda k: kind_of(scores.labels[k]))]
    heads = "".join(
        f'<th scope="colgroup" class="group c{colours[kind]}" colspan="{len(group)}">{escape(kind)}</th>'
        for kind, group in groups
    )
    letters = "".join(f'<th scope="col" title="{escape(label)}">{escape(letter_of(label))}</th>' for label in labels)
    body = []
    for i in rows:
        cells = "".join(
            _probability(scores.labels[k], float(scores.probabilities[i, k]), scores.chosen[i] == k, colours)
            for k in columns
        )
        body.append(f'<tr><th scope="row">{escape(found.words[i])}</th>{cells}</tr>')
    return (
        f'<div class="wide" tabindex="0" role="region" aria-label="Probabilities of labels"><table class="grid"><thead>'
        f'<tr><th class="corner" rowspan="2"></th>{heads}</tr><tr>{letters}</tr></thead><tbody>{"".join(body)}</tbody>'
        f"</table></div>{_left_out(scores, columns)}"
    )


def _probability(label: str, p: float, got: bool, colours: dict[str, int]) -> str:
    if p < FAINT and not got:
        return "<td></td>"
    classes = f"p c{colours[kind_of(label)]}" + " got" * got + " out" * (label == OUTSIDE)
    return f'<td class="{classes}" style="--p:{p:.2f}" title="{escape(label)} {p:.4f}">{100 * p:.0f}</td>'


def _left_out(scores: Scores, columns: list[int]) -> str:
    hidden = [label for k, label in enumerate(scores.labels) if k not in set(columns)]
    if not hidden:
        return ""
    names = ", ".join(hidden[:12]) + (", ..." if len(hidden) > 12 else "")
    return f'<p class="note">Below {percent(VISIBLE)} in all of this sentence: {escape(names)}</p>'


def alternatives(found: Found, heads: list[Scores], first: int, end: int) -> str:
    """Tokens down, heads across: the label chosen and its most probable rivals."""
    titles = "".join(f'<th scope="col">{escape(scores.head)}</th>' for scores in heads)
    body = []
    for i in range(first, end):
        if not found.blank[i]:
            cells = "".join(_choice(scores, i) for scores in heads)
            body.append(f'<tr><th scope="row">{escape(found.words[i])}</th>{cells}</tr>')
    return (
        f'<div class="wide" tabindex="0" role="region" aria-label="Labels and their probabilities"><table class="list">'
        f'<thead><tr><th class="corner"></th>{titles}</tr></thead><tbody>{"".join(body)}</tbody></table></div>'
    )


def _choice(scores: Scores, i: int) -> str:
    p, chosen = scores.probabilities[i], scores.chosen[i]
    order = [int(k) for k in numpy.argsort(-p, kind="stable")[: ALTERNATIVES + 1] if k != chosen and p[k] >= VISIBLE]
    rivals = [f'<div class="or">{_label(scores.labels[k], float(p[k]))}</div>' for k in order[:ALTERNATIVES]]
    strength = float(p[chosen]) if chosen != UNKNOWN else 0.0
    own = _label(scores.labels[chosen], strength) if chosen != UNKNOWN else "<i>a new combination</i>"
    return f'<td style="--p:{strength:.2f}">{own}{"".join(rivals)}</td>'


def _label(label: str, p: float) -> str:
    """A line may break after each of its features."""
    quiet = ' class="quiet"' if p >= SURE else ""
    return f"{escape(label).replace('|', '|<wbr>')} <small{quiet}>{escape(percent(p))}</small>"


def matrix(transitions: Transitions, colours: dict[str, int]) -> str:
    """From the row's label to the column's."""
    largest = largest_score(transitions)
    colour = {label: f"c{colours[kind_of(label)]}" for label in transitions.labels}
    head = "".join(f'<th scope="col" class="to {c}"><span>{escape(label)}</span></th>' for label, c in colour.items())
    body = []
    for name, scores, allowed in zip(transitions.labels, transitions.scores, transitions.allowed, strict=True):
        cells = "".join(
            _score(f"{name} to {to}", float(score), bool(may), largest)
            for to, score, may in zip(transitions.labels, scores, allowed, strict=True)
        )
        body.append(f'<tr><th scope="row" class="{colour[name]}">{escape(name)}</th>{cells}</tr>')
    return (
        f'<div class="wide" tabindex="0" role="region" aria-label="Scores of transitions"><table class="grid matrix">'
        f'<thead><tr><th class="corner"></th>{head}</tr></thead><tbody>{"".join(body)}</tbody></table></div>'
    )


def _score(pair: str, score: float, may: bool, largest: float) -> str:
    if not may:
        return f'<td class="never" title="{escape(pair)}: forbidden"></td>'
    if not largest:
        return f'<td title="{escape(pair)}: allowed"></td>'
    sign = "plus" if score >= 0 else "minus"
    shown = signed(score, largest)
    return f'<td class="{sign}" style="--p:{abs(score) / largest:.2f}" title="{escape(pair)}: {score:.3f}">{shown}</td>'
