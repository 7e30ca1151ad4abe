"""A picture of one sentence, PNG or SVG: its entities or morphemes, the probabilities of labels, the transitions.

Panels stand under each other; each knows its height in inches before anything is drawn. Read `save_picture` first.
"""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ...errors import Errors, RNNError
from ..colours import COLOURS
from ..drawing import save_figure
from .figures import UNSURE, least_sure
from .flow import Lines, Piece, flow, pieces_of_entities, pieces_of_morphemes
from .found import Found
from .heat import probabilities, transitions
from .kinds import colours_of_kinds
from .panels import MARGIN, ROOM, WIDTH, Panel, Pen, fill, heading, write

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_WORDS = 150  # of a sentence
BETWEEN = 0.3  # inches between panels
LINE, LEGEND_LINE = 0.36, 0.25  # inches from one line of text to the next
SPACE, PADDING, APART = 0.055, 0.03, 0.015  # inches between words, around those in a box, between boxes
LETTERS, SMALL = 11.0, 7.5  # points


class Style(NamedTuple):
    """Of a box behind words."""

    colour: str
    strength: float = 0.35
    unsure: bool = False


def save_picture(found: Found, path: Path, title: str, sentence: int | None = None) -> None:
    """sentence: its number; None: the least sure one. R466: one that is too long."""
    least = least_sure(found, found.scores)
    place = found.sentences[(sentence or 1 + least.index(min(least))) - 1]
    words = sum(not found.blank[i] for i in range(*place))
    if words > MOST_WORDS:
        advice = "Choose another with --sentence, or write an .html file."
        raise RNNError(Errors.R466.format(words=words, kind="a picture", most=MOST_WORDS, advice=advice))
    save_figure((WIDTH, 1.0), path, partial(_draw, found=found, title=title, place=place))


def _draw(figure: "Figure", found: Found, title: str, place: tuple[int, int]) -> None:
    pen, colours = Pen(figure), colours_of_kinds(found)
    panels = [heading(title, LETTERS + 1, bold=True)]
    if found.spans is not None:
        panels.append(_entities(pen, found, place, colours))
    if found.morphemes is not None:
        panels += _morphemes(pen, found, place, colours)
    for scores in found.scores:
        panels += probabilities(pen, found, scores, place, colours)
    for matrix in found.transitions:
        panels += transitions(pen, matrix, colours)
    height = 2 * MARGIN + sum(panel.height for panel in panels) + BETWEEN * (len(panels) - 1)
    figure.set_size_inches(WIDTH, height)
    top = MARGIN
    for panel in panels:
        bottom = height - top - panel.height
        axes = figure.add_axes((MARGIN / WIDTH, bottom / height, ROOM / WIDTH, panel.height / height))
        axes.set(xlim=(0, ROOM), ylim=(panel.height, 0))
        axes.axis("off")
        panel.draw(axes)
        top += panel.height + BETWEEN


# -- text


def _entities(pen: Pen, found: Found, place: tuple[int, int], colours: dict[str, int]) -> Panel:
    styles = []
    for span in found.spans or ():
        sure = 0.5 if span.confidence is None else span.confidence
        styles.append(Style(COLOURS[colours[span.label]], 0.08 + 0.42 * sure, sure < UNSURE))
    return _text(pen, pieces_of_entities(found, *place), styles)


def _morphemes(pen: Pen, found: Found, place: tuple[int, int], colours: dict[str, int]) -> list[Panel]:
    """The words, and a legend of the types of morphemes."""
    pieces, types = pieces_of_morphemes(found, *place)
    names = [type_ for type_ in dict.fromkeys(types) if type_]
    legend = [Piece(name, True, i, small=True) for i, name in enumerate(names)]
    panels = [_text(pen, pieces, [Style(COLOURS[colours[type_]]) for type_ in types])]
    if names:
        panels.append(_text(pen, legend, [Style(COLOURS[colours[name]]) for name in names], LEGEND_LINE))
    return panels


def _text(pen: Pen, pieces: list[Piece], styles: list[Style], line: float = LINE) -> Panel:
    lines = flow(pieces, lambda piece: pen.width(piece.text, _size(piece)), ROOM, SPACE, PADDING)
    return Panel(lines.count * line, partial(_draw_lines, lines=lines, styles=styles, height=line))


def _size(piece: Piece) -> float:
    return SMALL if piece.small else LETTERS


def _draw_lines(axes: "Axes", lines: Lines, styles: list[Style], height: float) -> None:
    for box in lines.boxes:
        style, top, bottom = styles[box.number], (box.line + 0.12) * height, (box.line + 0.88) * height
        right, dashes = box.right - APART, (0, (2, 1.5)) if style.unsure else "-"
        fill(axes, [(box.left, top, right - box.left, bottom - top)], [(style.colour, style.strength)])
        axes.plot((box.left, right), (bottom, bottom), color=style.colour, lw=1.4, ls=dashes, solid_capstyle="butt")
    for piece, (line, left) in zip(lines.pieces, lines.places, strict=True):
        write(axes, left, (line + 0.5) * height, piece.text, _size(piece))
