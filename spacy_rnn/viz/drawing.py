"""What all pictures share: matplotlib, imported only here and inside functions, and how a figure becomes a file."""

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from ..atomic import whole_file
from ..errors import Errors, RNNError, Warnings

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DPI = 200
Result = TypeVar("Result")


def save_figure(size: tuple[float, float], path: Path, draw: Callable[["Figure"], Result], layout="none") -> Result:
    """Draw on a figure of so many inches and save it (.png or .svg). What ``draw`` returns; W210 for signs that the
    font does not have, R455 without matplotlib."""
    try:
        import matplotlib
        from matplotlib.figure import Figure
    except ImportError as error:
        raise RNNError(Errors.R455) from error

    kind = path.suffix[1:].lower()
    with matplotlib.rc_context({"svg.hashsalt": "spacy-rnn", "axes.unicode_minus": False}):
        figure = Figure(figsize=size, dpi=DPI, layout=layout)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            result = draw(figure)
            with whole_file(path) as file:
                metadata = {"Date": None} if kind == "svg" else {}
                figure.savefig(file, format=kind, metadata=metadata, facecolor="white")
    missing = sorted({str(w.message).split()[1] for w in caught if str(w.message).startswith("Glyph ")})
    if missing:
        warnings.warn(Warnings.W210.format(count=len(missing)), stacklevel=3)
    return result
