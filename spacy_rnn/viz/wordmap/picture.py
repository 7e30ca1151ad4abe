"""A map for print: PNG or SVG by matplotlib. Read ``save_picture`` first."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy

from ..colours import colours_of
from ..drawing import DPI, save_figure
from .labels import has_leader, place
from .points import WordMap, describe

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LINE = 1.1  # points
ARROW = {"arrowstyle": "-|>,head_width=0.22,head_length=0.45", "shrinkA": 3, "shrinkB": 3}
SHORT = 13.0  # points: shorter arrows are lines
INCHES = 8.0  # the longer side, for few words; it grows for many
GREY = "#6b6b6b"
BESIDE, BELOW, ABOVE = 0.12, 0.35, 0.45  # inches left free around the frame
ROOM = (0.8, 0.4)  # inches between the frame and the outermost dots, for their labels
MARGIN = 6.0  # pixels between frame and labels
MANY = 80  # words: from here on the letters get smaller


def save_picture(drawn: WordMap, path: Path, title: str = "") -> int:
    """Draw the map to ``path`` (.png or .svg). How many words are dots without a label, for want of room?"""
    return save_figure(_size(drawn), path, lambda figure: _draw(figure, drawn, title))


def _size(drawn: WordMap) -> tuple[float, float]:
    """Inches. As wide as high if the points are, at most twice as wide."""
    spread = numpy.ptp(drawn.points, axis=0)
    ratio = float(numpy.clip(spread[1] / max(spread[0], 1e-9), 0.55, 1.0))
    side = INCHES * max(1.0, min(1.6, (len(drawn.words) / 150) ** 0.5))
    return side, side * ratio + BELOW + ABOVE


def _draw(figure: "Figure", drawn: WordMap, title: str) -> int:
    width, height = figure.get_size_inches()
    colours = colours_of(drawn.groups)
    above = ABOVE if title or len(colours) > 1 else BESIDE
    axes = figure.add_axes((BESIDE / width, BELOW / height, 1 - 2 * BESIDE / width, 1 - (BELOW + above) / height))
    _frame(figure, axes, drawn.points)
    _dots_and_arrows(axes, drawn, colours)
    hidden = _labels(figure, axes, drawn, colours)
    figure.text(BESIDE / width, 0.12 / height, describe(drawn), fontsize=7.5, color=GREY, parse_math=False)
    if title:
        figure.text(BESIDE / width, 1 - 0.3 / height, title, fontsize=12, weight="bold", parse_math=False)
    if len(colours) > 1:
        _legend(figure, colours, height)
    return hidden


def _frame(figure: "Figure", axes: "Axes", points: numpy.ndarray) -> None:
    """Equal scales, no ticks: the numbers of the axes mean nothing, only distances and directions do."""
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_color("#c8c8c8")
    low, high = points.min(axis=0), points.max(axis=0)
    inches = figure.get_size_inches() * axes.get_position().size
    scale = max(float(((high - low) / (inches - 2 * numpy.array(ROOM))).max()), 1e-9)  # data per inch
    left, bottom = (low + high - scale * inches) / 2
    axes.set_xlim(left, left + scale * inches[0])
    axes.set_ylim(bottom, bottom + scale * inches[1])


def _dots_and_arrows(axes: "Axes", drawn: WordMap, colours: dict[str, str]) -> None:
    of_word = [colours[group] for group in drawn.groups]
    places = axes.transData.transform(drawn.points) * 72 / DPI  # points
    for first, second in drawn.pairs:
        room = float(numpy.linalg.norm(places[second] - places[first]))
        head = ARROW if room > SHORT else {"arrowstyle": "-", "shrinkA": 0, "shrinkB": 0}  # no room for a head
        style = {**head, "color": of_word[first], "lw": LINE, "alpha": 0.75}
        axes.annotate("", drawn.points[second], drawn.points[first], arrowprops=style)
    axes.scatter(*drawn.points.T, s=_dot(drawn) ** 2, c=of_word, linewidths=0, zorder=3)


def _dot(drawn: WordMap) -> float:  # diameter in points
    return 4.5 if len(drawn.words) <= MANY else 3.0


def _labels(figure: "Figure", axes: "Axes", drawn: WordMap, colours: dict[str, str]) -> int:
    """Write the words; how many find no room?"""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    canvas = FigureCanvasAgg(figure)
    canvas.draw()  # now it is known how large everything is
    renderer = canvas.get_renderer()
    size = 10.0 if len(drawn.words) <= MANY else 8.0
    style = {"fontsize": size, "color": "#1a1a1a", "va": "bottom", "ha": "left", "parse_math": False, "zorder": 4}
    texts = [
        axes.text(0, 0, word, weight="bold" if word == group else "normal", **style)  # the word a group is named after
        for word, group in zip(drawn.words, drawn.groups, strict=True)
    ]
    boxes = [text.get_window_extent(renderer) for text in texts]
    sizes = numpy.array([(box.width, box.height) for box in boxes])
    frame = axes.get_window_extent(renderer)
    origin = numpy.array([frame.x0, frame.y0]) + MARGIN
    dots = axes.transData.transform(drawn.points) - origin
    arrows = dots[numpy.array(drawn.pairs, dtype=int).reshape(-1, 2)]  # pairs x 2 ends x 2
    radius = _dot(drawn) / 2 * figure.dpi / 72
    corners = place(dots, sizes, radius, (frame.width - 2 * MARGIN, frame.height - 2 * MARGIN), arrows)
    back = axes.transData.inverted()
    for text, corner, dot, extent, group in zip(texts, corners, dots, sizes, drawn.groups, strict=True):
        if corner is None:
            text.remove()
            continue
        text.set_position(back.transform(numpy.array(corner) + origin))
        _lead(axes, dot + origin, numpy.array(corner) + origin, extent, radius, colours[group])
    return corners.count(None)


def _lead(axes: "Axes", dot, corner, extent, radius: float, colour: str) -> None:
    """A thin line from a dot to its label, where the label is not beside it."""
    nearest = numpy.clip(dot, corner, corner + extent)
    if has_leader(dot, numpy.hstack([corner, corner + extent])[None], radius)[0]:
        ends = axes.transData.inverted().transform([dot, nearest])
        axes.plot(*ends.T, color=colour, lw=0.5, alpha=0.6, zorder=2)


def _legend(figure: "Figure", colours: dict[str, str], height: float) -> None:
    from matplotlib.lines import Line2D

    dots = [Line2D([], [], marker="o", ls="", color=colour, markersize=5) for colour in colours.values()]
    names = [name or "other" for name in colours]
    legend = figure.legend(
        dots, names, loc="upper right", ncols=len(names), fontsize=8, frameon=False, handletextpad=0.2,
        bbox_to_anchor=(0.985, 1 - 0.08 / height), borderaxespad=0,
    )  # fmt: skip
    for text in legend.get_texts():
        text.set_parse_math(False)
