"""Texts without columns: fastText's lines, a file with a text on each line for each label, a folder for each label."""

import re
from collections.abc import Iterator
from os.path import abspath
from pathlib import PurePath
from typing import TextIO

from ...errors import Errors, RNNError
from .files import TextFile
from .options import Raw, Row, TextOptions


def read_fasttext(file: TextIO, name: str, options: TextOptions, told: list[str]) -> Iterator[Raw | RNNError]:
    """Every word of a line that begins with the prefix is a label, as for fastText itself. R521: a bare prefix."""
    label = label_pattern(options)
    for number, line in enumerate(file, start=1):
        if not line.strip():
            continue
        row, labels = Row(name, "line", number), label.findall(line)
        if "" in labels:
            yield RNNError(Errors.R521.format(row=row, prefix=options.label_prefix))
        else:
            yield Raw(row, label.sub("", line), labels or None)


def label_pattern(options: TextOptions) -> re.Pattern:
    """Of a label in fastText's format and the blanks after it."""
    return re.compile(rf"(?<!\S){re.escape(options.label_prefix)}(\S*)\s*")


def read_lines(file: TextIO, name: str, label: str) -> Iterator[Raw]:
    for number, line in enumerate(file, start=1):
        yield Raw(Row(name, "line", number), line, [label])


def read_whole(file: TextIO, name: str, label: str) -> Iterator[Raw]:
    yield Raw(Row(name), file.read(), [label])


def labels_of_files(files: list[TextFile]) -> dict[str, str]:
    """Name of a file -> its label: those parts between dots in which the files differ, or else all but a .txt.

    rt-polarity.pos and rt-polarity.neg are pos and neg, plot.tok.gt9.5000 and quote.tok.gt9.5000 plot and quote.
    """
    parts = {file.name: file.inside.name.removesuffix(".gz").split(".") for file in files}
    if len(files) > 1 and len({len(split) for split in parts.values()}) == 1:
        differ = [len(set(column)) > 1 for column in zip(*parts.values(), strict=True)]
        labels = {n: ".".join(p for p, d in zip(split, differ, strict=True) if d) for n, split in parts.items()}
        if len(set(labels.values())) == len(files):
            return labels
    return {name: ".".join(split).removesuffix(".txt") for name, split in parts.items()}


def labels_of_folders(files: list[TextFile], path: object) -> dict[str, str]:
    """Name of a file -> the folder it is in, for those that are in one. R514: folders in folders."""
    depth = max(len(file.inside.parts) for file in files)
    if depth > 2:
        found = ", ".join(sorted({file.inside.parts[0] for file in files if len(file.inside.parts) > 2}))
        raise RNNError(Errors.R514.format(path=path, part="none named", found=found))
    # all in one folder: there is but one label
    return {file.name: PurePath(abspath(file.name)).parent.name for file in files if len(file.inside.parts) == depth}
