"""Panels: a height in inches, known before anything is drawn, and a way to draw on axes that count in inches."""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

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

    def width(self, text: str, size: float) -> float:
        drawn = self.figure.text(0, 0, text.replace(" ", "\u00a0"), fontsize=size, parse_math=False)
        box = drawn.get_window_extent(self.renderer)
        drawn.remove()
        return box.width / self.figure.dpi


def heading(text: str, size: float, bold: bool = False) -> Panel:
    weight = "bold" if bold else "normal"
    return Panel(size / 72, lambda axes: write(axes, 0, 0, text, size, va="top", weight=weight))


def write(axes: "Axes", x: float, y: float, text: str, size: float, **style) -> None:
    axes.text(x, y, text, fontsize=size, parse_math=False, **{"color": INK, "va": "center", **style})


def fill(axes: "Axes", left: float, top: float, width: float, height: float, colour: str, strength: float, **style):
    from matplotlib.patches import Rectangle

    style = {"linewidth": 0, **style}
    axes.add_patch(Rectangle((left, top), width, height, facecolor=(colour, strength), **style))
