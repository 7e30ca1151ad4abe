"""Panels: a height in inches, known before anything is drawn, and a way to draw on axes that count in inches."""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BoxT = tuple[float, float, float, float]  # left, top, width, height, in inches
INK, GREY = "#1a1a1a", "#5c5c5c"
WIDTH, MARGIN = 9.0, 0.25  # inches
ROOM = WIDTH - 2 * MARGIN


class Panel(NamedTuple):
    height: float
    draw: Callable[["Axes"], None]  # on axes in inches, the origin in the upper left corner


class Pen:
    """How wide texts are, in inches."""

    def __init__(self, figure: "Figure"):
        from matplotlib.backends.backend_agg import FigureCanvasAgg

        self.figure, self.renderer = figure, FigureCanvasAgg(figure).get_renderer()

    def width(self, text: str, size: float, **style) -> float:
        drawn = self.figure.text(0, 0, text.replace(" ", "\u00a0"), fontsize=size, parse_math=False, **style)
        box = drawn.get_window_extent(self.renderer)
        drawn.remove()
        return box.width / self.figure.dpi


def heading(text: str, size: float, bold: bool = False) -> Panel:
    weight = "bold" if bold else "normal"
    return Panel(size / 72, lambda axes: write(axes, 0, 0, text, size, va="top", weight=weight))


def write(axes: "Axes", x: float, y: float, text: str, size: float, **style) -> None:
    axes.text(x, y, text, fontsize=size, parse_math=False, **{"color": INK, "va": "center", **style})


def fill(axes: "Axes", boxes: list[BoxT], colours: list[tuple[str, float]], **style) -> None:
    """Rectangles, each with its colour and how strong that is; in one collection, for thousands are slow one by one."""
    from matplotlib.collections import PolyCollection

    corners = [[(x, y), (x + w, y), (x + w, y + h), (x, y + h)] for x, y, w, h in boxes]
    axes.add_collection(PolyCollection(corners, facecolors=colours, **{"linewidths": 0, **style}))
