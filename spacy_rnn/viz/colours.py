"""Colours that the colour-blind can tell apart: on white, and their counterparts on a dark page."""

from collections.abc import Iterable

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#7a5195", "#8c6d1f", "#3d3d3d", "#56b4e9")
ON_DARK = ("#4aa8e8", "#f0863c", "#2fc79c", "#e39bc4", "#b48ad0", "#cfae55", "#b8b8b8", "#85c5ea")


def colours_of(names: Iterable[str]) -> dict[str, str]:
    """One for each different name, in order; they come round again after the eighth."""
    return {name: COLOURS[i % len(COLOURS)] for i, name in enumerate(dict.fromkeys(names))}
