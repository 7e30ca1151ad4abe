"""Numbers out of text, fast: as one JSON list, three times as fast as numpy and Python parse them.

What is not plain numbers, or none that JSON knows, is gone through line by line.
"""

from array import array
from contextlib import suppress
from pathlib import Path

import numpy

from ...errors import Errors, RNNError

NUMERIC = b"0123456789+-.eE "


def parse_numbers(lines: tuple[bytes, ...], dim: int, dtype: str, path: Path, first: int) -> numpy.ndarray:
    """``dim`` numbers in each line, between single spaces. ``first`` is the number of the first line.  # lines x dim"""
    from srsly import ujson

    joined = b" ".join(lines)
    values = None
    if not joined.translate(None, NUMERIC) and _are_whole(joined):
        with suppress(ValueError):
            values = numpy.frombuffer(array("d", ujson.loads(b"[" + joined.replace(b" ", b",") + b"]")))
    if values is None or values.size != len(lines) * dim:
        values = numpy.array([_parse_line(line, path, number) for number, line in enumerate(lines, start=first)])
    with numpy.errstate(over="ignore"):
        vectors = values.reshape(-1, dim).astype(dtype)
    finite = numpy.isfinite(vectors)
    if not finite.all():
        line = first + int(numpy.argmin(finite.all(axis=1)))
        raise RNNError(Errors.R246.format(path=path, line=line, dtype=dtype))
    return vectors


def _are_whole(numbers: bytes) -> bool:
    """Is there a digit after each sign, and a digit or a sign after each e? ujson reads "1e-" as 1."""
    letters = numpy.frombuffer(numbers + b" ", dtype=numpy.uint8)
    digit = (letters - ord("0")) < 10
    sign = letters == ord("-")
    if any(letter in numbers for letter in (b"+", b"e", b"E")):
        sign |= letters == ord("+")
        exponent = (letters | 0x20) == ord("e")
        if (exponent[:-1] & ~(digit | sign)[1:]).any():
            return False
    return not (sign[:-1] > digit[1:]).any()


def _parse_line(numbers: bytes, path: Path, line: int) -> list[float]:
    values = []
    for value in numbers.split(b" "):
        try:
            if b"_" in value:  # float would take 1_000
                raise ValueError
            values.append(float(value))
        except ValueError:
            text = value.decode("utf8", "backslashreplace")[:80]
            raise RNNError(Errors.R243.format(path=path, line=line, value=text)) from None
    return values
