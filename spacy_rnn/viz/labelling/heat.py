"""Panels of a picture: probabilities of labels as a heat map, labels down and tokens across; scores of transitions."""

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy

from ..colours import COLOURS
from .figures import FAINT, largest_score, signed, visible_labels
from .found import OUTSIDE, Found, Scores, Transitions
from .kinds import kind_of
from .panels import GREY, INK, ROOM, Panel, Pen, fill, heading, write

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_ROWS = 16  # labels of a tagger's head, the most probable
MOST_LETTERS = 24  # of a token
CELL_WIDTH, CELL_HEIGHT, GAP = 0.36, 0.23, 0.01  # inches
ASIDE = 0.3  # inches on the right, for the last token, which is written aslant
LETTERS, SMALL = 7.5, 6.5  # points
WHITE, PALE, HATCHED = "#ffffff", "#f5f5f5", "#d0d0d0"
PLUS, MINUS = COLOURS[0], COLOURS[1]


class Grid(NamedTuple):
    """Where the cells of a table begin, and how wide they are, in inches."""

    left: float
    top: float
    wide: float = CELL_WIDTH

    def box(self, row: int, column: int) -> tuple[float, float, float, float]:
        """Left, top, width and height."""
        left, top = self.left + column * self.wide, self.top + row * CELL_HEIGHT
        return left + GAP, top + GAP, self.wide - 2 * GAP, CELL_HEIGHT - 2 * GAP

    def write(self, axes: "Axes", row: int, column: int, text: str, **style) -> None:
        left, top, width, height = self.box(row, column)
        write(axes, left + width / 2, top + height / 2, text, SMALL, **{"ha": "center", **style})

    def name_row(self, axes: "Axes", row: int, text: str) -> None:
        write(axes, self.left - 0.09, self.top + (row + 0.5) * CELL_HEIGHT, text, LETTERS, ha="right", color=GREY)

    def name_column(self, axes: "Axes", column: int, text: str) -> None:
        style = {"rotation": 45, "rotation_mode": "anchor", "va": "bottom", "color": GREY}
        write(axes, self.left + (column + 0.5) * self.wide, self.top - 0.07, text, LETTERS, **style)


def probabilities(
    pen: Pen, found: Found, scores: Scores, place: tuple[int, int], colours: dict[str, int]
) -> list[Panel]:
    """As many panels as the tokens need, under a heading."""
    tokens = [i for i in range(*place) if not found.blank[i]]
    left = _widest(pen, [scores.labels[k] for k in _rows(scores, tokens)]) + 0.12
    across = max(1, int((ROOM - left - ASIDE) / CELL_WIDTH))
    name = ", ".join(filter(None, (scores.component, scores.head)))
    panels = [heading(f"{name}: probabilities of labels, per cent", LETTERS + 1)]
    for start in range(0, len(tokens), across):
        part = tokens[start : start + across]
        rows = _rows(scores, part) if scores.head else _rows(scores, tokens)
        words = [_short(found.words[i]) for i in part]
        cells = Grid(left, 0.1 + _height_aslant(pen, words))
        tints = [COLOURS[0 if scores.head else colours[kind_of(scores.labels[k])]] for k in rows]
        draw = partial(
            _draw_probabilities, cells=cells, scores=scores, rows=rows, tints=tints, tokens=part, words=words
        )
        panels.append(Panel(cells.top + len(rows) * CELL_HEIGHT, draw))
    return panels


def _rows(scores: Scores, tokens: list[int]) -> list[int]:
    """The numbers of the labels to show; of a tagger's, only the most probable."""
    likely = sorted(visible_labels(scores, tokens), key=lambda k: -scores.probabilities[tokens, k].max())
    return sorted(likely[: MOST_ROWS if scores.head else None])


def _widest(pen: Pen, texts: list[str]) -> float:
    return max(pen.width(text, LETTERS) for text in texts)


def _height_aslant(pen: Pen, texts: list[str]) -> float:
    return (_widest(pen, texts) + LETTERS / 72) / 2**0.5


def _short(text: str) -> str:
    return text if len(text) <= MOST_LETTERS else text[: MOST_LETTERS - 1] + "\u2026"


def _draw_probabilities(
    axes: "Axes", cells: Grid, scores: Scores, rows: list[int], tints: list[str], tokens: list[int], words: list[str]
) -> None:
    for column, word in enumerate(words):
        cells.name_column(axes, column, word)
    boxes, shades, framed = [], [], []
    for row, (k, tint) in enumerate(zip(rows, tints, strict=True)):
        outside = scores.labels[k] == OUTSIDE
        cells.name_row(axes, row, scores.labels[k])
        for column, i in enumerate(tokens):
            p, got = float(scores.probabilities[i, k]), scores.chosen[i] == k
            boxes.append(cells.box(row, column))
            shades.append((tint, (0.16 if outside else 0.55) * p))
            framed += [(boxes[-1], tint)] if got and not outside else []
            if p >= FAINT or got:
                style = {"color": GREY if outside else INK, "weight": "bold" if got and not outside else "normal"}
                cells.write(axes, row, column, f"{100 * p:.0f}", **style)
    fill(axes, boxes, [(PALE, 1.0)] * len(boxes))
    fill(axes, boxes, shades)
    frames, tints = zip(*framed, strict=True) if framed else ((), ())
    fill(axes, list(frames), [(PALE, 0.0)] * len(frames), edgecolors=tints, linewidths=1.2)


def transitions(pen: Pen, found: Transitions, colours: dict[str, int]) -> list[Panel]:
    """A heading and the matrix. The cells of many labels are too narrow for numbers."""
    left = _widest(pen, found.labels) + 0.12
    wide = min(CELL_WIDTH, (ROOM - left - ASIDE) / len(found.labels))
    cells = Grid(left, 0.1 + _height_aslant(pen, found.labels), wide)
    said = "scores of one label (row) followed by another (column)"
    said = said if largest_score(found) else "no scores learned, only what may follow what"
    tints = [COLOURS[colours[kind_of(label)]] for label in found.labels]
    draw = partial(_draw_transitions, cells=cells, found=found, tints=tints)
    panel = Panel(cells.top + len(found.labels) * CELL_HEIGHT, draw)
    return [heading(f"{found.component}: {said}; hatched: forbidden", LETTERS + 1), panel]


def _draw_transitions(axes: "Axes", cells: Grid, found: Transitions, tints: list[str]) -> None:
    largest, count = largest_score(found), len(tints)
    for n, label in enumerate(found.labels):
        cells.name_row(axes, n, label)
        cells.name_column(axes, n, label)
    bars = [(cells.left + n * cells.wide, cells.top - 0.04, cells.wide, 0.03) for n in range(count)]
    bars += [(cells.left - 0.05, cells.top + n * CELL_HEIGHT, 0.03, CELL_HEIGHT) for n in range(count)]
    fill(axes, bars, [(tint, 1.0) for tint in tints * 2])
    whole = (cells.left, cells.top, count * cells.wide, count * CELL_HEIGHT)
    fill(axes, [whole], [(WHITE, 1.0)], hatch="/////", edgecolors=HATCHED)  # and over it what is allowed
    boxes, shades = [], []
    for row, column in numpy.argwhere(found.allowed).tolist():
        score = float(found.scores[row, column])
        boxes.append(cells.box(row, column))
        shades.append((PLUS if score >= 0 else MINUS, 0.5 * abs(score) / largest if largest else 0.0))
        if largest and cells.wide == CELL_WIDTH:
            cells.write(axes, row, column, signed(score, largest))
    around = [(x - GAP, y - GAP, wide + 2 * GAP, high + 2 * GAP) for x, y, wide, high in boxes]
    fill(axes, around, [(WHITE, 1.0)] * len(boxes))
    fill(axes, boxes, [(PALE, 1.0)] * len(boxes))
    fill(axes, boxes, shades)
