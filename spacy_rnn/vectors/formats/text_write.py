"""Writing vectors as text. Seven digits of each number: an error below 1e-7 of it, which is float32's own."""

import gzip
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from ...atomic import whole_file
from .matrix import chunks
from .progress import ProgressT, silent


def write_lines(
    path: Path,
    header: str | None,
    words: Iterable[str],
    vectors,
    progress: ProgressT = silent,
) -> None:
    """``header`` on a line of its own (None: no such line), then the words and their vectors; gzip by the suffix."""
    rows, dim = vectors.shape
    layout = "%s " + " ".join(["%.7g"] * dim) + "\n"
    names = iter(words)
    with whole_file(path) as raw:
        file: IO[bytes] = gzip.GzipFile("", "wb", 6, raw, mtime=0) if path.suffix == ".gz" else raw
        if header is not None:
            file.write(f"{header}\n".encode())
        for part, numbers in chunks(vectors):
            file.writelines((layout % (next(names), *row.tolist())).encode("utf8") for row in numbers)
            progress(part.stop, rows)
        if file is not raw:
            file.close()
