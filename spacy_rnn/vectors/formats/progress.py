"""Reading and writing tell a callback how far they are."""

from collections.abc import Callable

ProgressT = Callable[[int, int], None]  # done, total: of rows, or of bytes on disk


def silent(done: int, total: int) -> None:
    """For those who do not ask."""
