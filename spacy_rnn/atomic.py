"""Outputs appear whole or not at all: written beside their place under a temporary name, then renamed."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from .errors import Errors, RNNError


@contextmanager
def whole_file(path: str | Path, mode: str = "wb", **settings) -> Iterator[IO]:
    """Open ``path`` for writing. It keeps its old content until the block ends without an error."""
    path = Path(path)
    if path.is_dir():
        raise RNNError(Errors.R326.format(path=path))
    path.parent.mkdir(parents=True, exist_ok=True)
    number, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(number, mode, **settings) as file:
            yield file
        os.chmod(temporary, 0o666 & ~_umask())
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def check_apart(output: str | Path, *others: str | Path | None) -> None:
    """R354: the output is one of the others, inputs or outputs, and would replace it."""
    for other in others:
        if other and Path(output).resolve() == Path(other).resolve():
            raise RNNError(Errors.R354.format(path=output, other=other))


@contextmanager
def writing_to(path: str | Path, code: str = Errors.R279) -> Iterator[None]:
    """A full disk, or a place that cannot be written to, is told as such."""
    try:
        yield
    except OSError as error:
        raise RNNError(code.format(path=path, error=error.strerror or error)) from error


def write_bytes(path: str | Path, data: bytes) -> None:
    with writing_to(path), whole_file(path) as file:
        file.write(data)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
