"""A reliability diagram: of the texts that the model was so sure of, how many are right? And how many there are."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ...errors import Errors, RNNError
from ..colours import COLOURS
from ..drawing import save_figure
from ..labelling.panels import GREY, INK

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SIZE = (5.0, 5.6)  # inches


def read_bins(scores: dict, path: str | Path) -> dict:
    """The calibration of a component, with some text in one of its bins. R547."""
    found = scores.get("calibration")
    try:
        filled = [row for row in found["bins"] if row["spans"]]
        [0.0 + row[key] for row in filled for key in ("from", "to", "confidence", "precision")]
        filled and 0.0 + found["ece"] + found["spans"]
    except (KeyError, TypeError) as error:
        raise RNNError(Errors.R547.format(path=path, reason="it has no calibration")) from error
    if not filled:
        raise RNNError(Errors.R547.format(path=path, reason="no text with a category was scored"))
    return found


def save_reliability(calibration: dict, exclusive: bool, path: Path, title: str) -> None:
    save_figure(SIZE, path, partial(_draw, found=calibration, exclusive=exclusive, title=title))


def _draw(figure: "Figure", found: dict, exclusive: bool, title: str) -> None:
    rows = [row for row in found["bins"] if row["spans"]]
    wide = rows[0]["to"] - rows[0]["from"]
    middles = [(row["from"] + row["to"]) / 2 for row in rows]
    upper = figure.add_axes((0.14, 0.36, 0.82, 0.55))
    lower = figure.add_axes((0.14, 0.1, 0.82, 0.19), sharex=upper)
    upper.bar(
        middles,
        [row["precision"] for row in rows],
        0.92 * wide,
        color=COLOURS[0],
        alpha=0.55,
        label="right" if exclusive else "applies",
    )
    means = ([row["confidence"] for row in rows], [row["precision"] for row in rows])
    for row, x, y in zip(rows, *means, strict=True):
        upper.plot(
            (x, x), (x, y), color=COLOURS[1], lw=1.6, solid_capstyle="butt", label="gap" if row is rows[0] else None
        )
    upper.plot((0, 1), (0, 1), color=GREY, lw=0.9, ls=(0, (4, 2)), label="exact")
    upper.plot(*means, "o", color=INK, markersize=3.5)
    upper.set(xlim=(0, 1), ylim=(0, 1.02), ylabel="Share that is right" if exclusive else "Share that applies")
    upper.tick_params(labelbottom=False)
    upper.legend(loc="upper left", frameon=False, fontsize=8)
    lower.bar(middles, [row["spans"] for row in rows], 0.92 * wide, color=GREY, alpha=0.5)
    lower.set(xlabel="Probability of the category", ylabel="Number")
    if not exclusive:  # nearly all decisions are a sure no
        lower.set_yscale("log")
    things = "texts" if exclusive else "decisions"
    said = f"{found['spans']:,} {things}, expected calibration error {found['ece']:.4f}"
    figure.text(0.14, 0.925, said, fontsize=8, color=GREY)
    figure.text(0.14, 0.96, title, fontsize=11, weight="bold", parse_math=False)
    for axes in (upper, lower):
        axes.spines[["top", "right"]].set_visible(False)
        axes.tick_params(labelsize=8)
        axes.xaxis.label.set_size(9)
        axes.yaxis.label.set_size(9)
