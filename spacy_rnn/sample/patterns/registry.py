"""The table of all sentence patterns."""

from collections.abc import Callable

from ..abstract import Clause
from ..choose import Chooser

PATTERNS: dict[str, tuple[Callable[[Chooser], Clause], float]] = {}


def pattern(weight: float = 1.0):
    def register(function: Callable[[Chooser], Clause]) -> Callable[[Chooser], Clause]:
        PATTERNS[function.__name__] = (function, weight)
        return function

    return register
