"""Freed memory, back to the system.

glibc keeps what was freed, and hands it out again; but a small object that stays (a word remembered, a state at a
border) is laid into the hole that a large array has left, which is then too small for the next such array. So a process
grows by one array for each chunk it has read, although nothing is held. Other allocators do not do so.
"""

import ctypes
from collections.abc import Callable


def _find_trim() -> Callable[[int], int] | None:
    try:
        return ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):  # another C library, or Windows
        return None


_trim = _find_trim()


def give_back_memory() -> None:
    """Some milliseconds; without effect where the C library has no such call."""
    if _trim is not None:
        _trim(0)
