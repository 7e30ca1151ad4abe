"""A confusion matrix as a picture: rows are what the gold says, columns what was predicted. Read `save_picture` first.

Of many labels, those of the most frequent confusions are shown, and what else was predicted is one more column.
"""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy

from ...errors import Errors, RNNError
from ..colours import COLOURS
from ..drawing import save_figure
from ..labelling.panels import GREY, INK, Pen, fill, write
from .matrix import Matrix, by_confusion, most_confused

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SHOWN, MOST = 30, 500  # labels, by default and at all: more are pictures of gigabytes
MARGIN, GAP = 0.25, 0.01  # inches
TITLE, LEGEND = 0.3, 0.55  # inches above and below
NUMBERS = 45  # from here on cells are too small for numbers
MOST_LETTERS = 34  # of a label
RIGHT, WRONG, PALE = COLOURS[0], COLOURS[1], "#f5f5f5"


class Size(NamedTuple):
    """Of a cell in inches, of letters in points."""

    cell: float
    letters: float
    numbers: float


def save_picture(matrix: Matrix, path: Path, title: str, most: int = SHOWN) -> int:
    """How many labels are shown; most: at most so many (0: all). R595: too many."""
    order = most_confused(matrix, most) if most and most < len(matrix.labels) else list(range(len(matrix.labels)))
    if len(order) > MOST:
        raise RNNError(Errors.R595.format(path=path, count=len(order), most=MOST))
    shown = matrix.take(order)
    shown = shown.take(by_confusion(shown)) if len(matrix.labels) > 8 else shown
    save_figure((1.0, 1.0), path, partial(_draw, matrix=shown, every=len(matrix.labels), title=title))
    return len(order)


def _size(count: int) -> Size:
    if count <= 8:
        return Size(0.55, 9.0, 9.0)
    if count <= 16:
        return Size(0.38, 8.5, 7.5)
    return Size(0.27, 7.5, 6.0) if count <= NUMBERS else Size(0.115, 5.0, 0.0)


def _draw(figure: "Figure", matrix: Matrix, every: int, title: str) -> None:
    pen, size, count = Pen(figure), _size(len(matrix.labels)), len(matrix.labels)
    names = [name if len(name) <= MOST_LETTERS else name[: MOST_LETTERS - 1] + "\u2026" for name in matrix.labels]
    rest = every > count  # a column for what else was predicted
    columns = names + ["all others"] * rest
    widths = [pen.width(name, size.letters) for name in columns]
    left, top = max(widths) + 0.12, TITLE + (max(widths) + size.letters / 72) / 2**0.5 + 0.1
    aslant = max(left + (n + 0.5) * size.cell + width / 2**0.5 for n, width in enumerate(widths))
    wide = max(left + (count + rest) * size.cell + 0.45, aslant + 0.1)  # to the numbers of texts, and to the last name
    legend = "Numbers: per cent" if size.numbers else "Colour: the share"
    legend += " of the texts of the row."
    some = f"{count} of {every} categories: those confused the most." if rest else ""
    lines = f"{legend} {some}", "Rows: gold, with the number of texts. Columns: predicted."
    wide = max(wide, pen.width(title, 11.0, weight="bold"), *(0.1 + pen.width(line, 7.5) for line in lines))
    height = top + count * size.cell + LEGEND
    outer = (wide + 2 * MARGIN, height + 2 * MARGIN)
    figure.set_size_inches(outer)
    axes = figure.add_axes((MARGIN / outer[0], MARGIN / outer[1], wide / outer[0], height / outer[1]))
    axes.set(xlim=(0, wide), ylim=(height, 0))
    axes.axis("off")
    write(axes, 0, 0.08, title, 11.0, weight="bold")
    _draw_names(axes, names, columns, matrix.support, left, top, size)
    _draw_cells(axes, matrix, rest, left, top, size)
    for n, line in enumerate(lines, 1):
        write(axes, 0, height - LEGEND + 0.02 + 0.2 * n, line, 7.5, color=GREY)


def _draw_names(
    axes: "Axes", rows: list[str], columns: list[str], support: numpy.ndarray, left: float, top: float, size: Size
) -> None:
    end = left + len(columns) * size.cell
    for n, name in enumerate(rows):
        y = top + (n + 0.5) * size.cell
        write(axes, left - 0.06, y, name, size.letters, ha="right")
        write(axes, end + 0.06, y, f"{support[n]:,}", min(size.letters, 7.0), color=GREY)
    for n, name in enumerate(columns):
        style = {"rotation": 45, "rotation_mode": "anchor", "va": "bottom"}
        colour = INK if n < len(rows) else GREY
        write(axes, left + (n + 0.5) * size.cell, top - 0.05, name, size.letters, color=colour, **style)


def _draw_cells(axes: "Axes", matrix: Matrix, rest: bool, left: float, top: float, size: Size) -> None:
    shares, counts = matrix.shares, matrix.counts
    if rest:
        others = matrix.support - counts.sum(axis=1)
        shares = numpy.column_stack([shares, others / numpy.maximum(matrix.support, 1)])
        counts = numpy.column_stack([counts, others])
    high, wide = (n * size.cell for n in counts.shape)
    gap = min(GAP, size.cell / 12)
    boxes, shades = [(left, top, wide, high)], [(PALE, 1.0)]
    boxes += [(left, top + n * size.cell - gap, wide, 2 * gap) for n in range(1, counts.shape[0])]
    boxes += [(left + n * size.cell - gap, top, 2 * gap, high) for n in range(1, counts.shape[1])]
    shades += [("white", 1.0)] * (len(boxes) - 1)
    for row, column in numpy.argwhere(counts).tolist():
        x, y, share = left + column * size.cell, top + row * size.cell, float(shares[row, column])
        boxes.append((x + gap, y + gap, size.cell - 2 * gap, size.cell - 2 * gap))
        shades.append((RIGHT if row == column else WRONG, 0.62 * share**0.5))
        if size.numbers:
            text = f"{100 * share:.0f}" if share >= 0.005 else "<1"
            weight = "bold" if row == column else "normal"
            write(axes, x + size.cell / 2, y + size.cell / 2, text, size.numbers, ha="center", weight=weight)
    fill(axes, boxes, shades)
