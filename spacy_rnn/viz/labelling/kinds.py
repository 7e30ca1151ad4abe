"""Types of labels and their colours."""

from ..colours import COLOURS, ON_DARK
from .found import OUTSIDE, Found

GREY = COLOURS.index("#3d3d3d")  # for what is outside of all spans
BRIGHT = [i for i in range(len(COLOURS)) if i != GREY]


def kind_of(label: str) -> str:
    """The type of a label: "PER" of "B-PER", "O" of "O"."""
    return label.partition("-")[2] or label


def letter_of(label: str) -> str:
    """Its part of the scheme: "B" of "B-PER"; nothing of "O"."""
    return label.partition("-")[0] if "-" in label else ""


def colours_of_kinds(found: Found) -> dict[str, int]:
    """The number of each type's colour, in the order of their names, whatever of them the text has; "" is none."""
    kinds = {span.label for span in found.spans or ()}
    kinds |= {kind_of(label) for scores in found.scores if not scores.head for label in scores.labels}
    kinds |= {kind_of(label) for transitions in found.transitions for label in transitions.labels}
    kinds |= {morpheme.type for word in found.morphemes or () for morpheme in word}
    ordered = sorted(kinds - {OUTSIDE, ""})
    return {OUTSIDE: GREY, "": BRIGHT[-1]} | {kind: BRIGHT[i % len(BRIGHT)] for i, kind in enumerate(ordered)}


def style_sheet(dark: bool) -> str:
    """A class for each colour, with its red, green and blue."""
    return " ".join(f".c{i} {{ --c: {_rgb(colour)}; }}" for i, colour in enumerate(ON_DARK if dark else COLOURS))


def _rgb(colour: str) -> str:
    return " ".join(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5))
