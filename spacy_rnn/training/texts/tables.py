"""CSV and TSV: a row each. A broken row is handed over as its error, and reading goes on with the line after it."""

import csv
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TextIO

from ...errors import Errors, RNNError
from .cells import is_flag, labels_in, one_hot
from .options import LABEL_NAMES, TEXT_NAMES, Raw, Row, TextOptions, check_bytes, default_column

SEPARATORS = ",;\t|"
LONGEST = 1 << 24  # characters of a cell; more of them are a quote that is never closed


class Lines:
    """Lines that can be read again, from the second line of a row on: its first may have a quote too many."""

    def __init__(self, file: TextIO):
        self.file, self.again, self.row = file, deque(), []
        self.number = 0  # of the last line handed out

    def __iter__(self) -> "Lines":
        return self

    def __next__(self) -> str:
        line = self.again.popleft() if self.again else next(self.file)
        self.number += 1
        self.row.append(line)
        return line

    def begin_row(self) -> int:
        self.row.clear()
        return self.number + 1

    def back(self) -> None:
        self.number -= len(self.row) - 1
        self.again.extendleft(reversed(self.row[1:]))


@dataclass(frozen=True)
class Columns:
    """Where things stand in a row of ``width`` cells."""

    text: list[int]
    label: int | None
    one_hot: dict[int, str]
    width: int


def read_table(file: TextIO, name: str, options: TextOptions, told: list[str]) -> Iterator[Raw | RNNError]:
    """csv and tsv. R501 to R503: columns, R504: uneven rows, R505: broken quotes. ``told`` gets what was taken."""
    rows = _rows(file, name, options)
    header = None if _by_number(options) else _header(rows, options)
    columns = None
    for row, cells in rows:
        if isinstance(cells, RNNError):
            yield cells
            continue
        if columns is None:
            names = header or [str(i) for i in range(len(cells))]
            columns = _columns(names, cells if header else [], name, options)
            told.append(_told(columns, names))
        if len(cells) == columns.width:
            yield _raw(row, cells, columns, options)
        else:
            yield RNNError(Errors.R504.format(row=row, found=len(cells), wanted=columns.width))


def _rows(file: TextIO, name: str, options: TextOptions) -> Iterator[tuple[Row, list[str] | RNNError]]:
    """All but blank lines."""
    csv.field_size_limit(LONGEST)
    lines, tabs = Lines(file), options.format == "tsv"
    quotes = options.quotes if options.quotes is not None else not tabs
    separator = options.separator or ("\t" if tabs else _find_separator(lines))
    quoting = csv.QUOTE_MINIMAL if quotes else csv.QUOTE_NONE
    reader = csv.reader(lines, delimiter=separator, quoting=quoting, strict=True)
    while True:
        row = Row(name, "line", lines.begin_row())
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            lines.back()
            yield row, RNNError(Errors.R505.format(row=row, reason=error))
            continue
        if len(cells) > 1 or any(map(str.strip, cells)):
            yield row, cells


def _find_separator(lines: Lines) -> str:
    """The one that the first line, but for blank ones, has most often outside of quotes."""
    first = next(filter(str.strip, lines), "")
    if first:
        lines.again.appendleft(first)
        lines.number -= 1
    counts = Counter("".join(first.split('"')[::2]))
    return max(SEPARATORS, key=lambda sign: (counts[sign], -SEPARATORS.index(sign)))


def _by_number(options: TextOptions) -> bool:
    named = [*options.text_column, *filter(None, [options.label_column])]
    return bool(named) and all(column.isdecimal() for column in named)


def _header(rows: Iterator[tuple[Row, list[str] | RNNError]], options: TextOptions) -> list[str]:
    row, cells = next(rows, (None, []))
    if isinstance(cells, RNNError):
        raise cells
    check_bytes(row, options.encoding, *cells)
    return [cell.strip() for cell in cells]


def _columns(header: list[str], first: list[str], name: str, options: TextOptions) -> Columns:
    """Columns that the user or their own names tell; failing that all but the text, if they hold 0 and 1 at first."""
    names = list(options.text_column) or [default_column(header, TEXT_NAMES) or "text"]
    if ",".join(names) in header:  # a name with a comma in it
        names = [",".join(names)]
    text = [_index(header, column, name) for column in names]
    others = [column for i, column in enumerate(header) if i not in text]
    label = options.label_column or (None if options.one_hot else default_column(others, LABEL_NAMES))
    if label is not None:
        return Columns(text, _index(header, label, name), {}, len(header))
    one_hot = others if list(options.one_hot) == ["all"] else options.one_hot
    if not one_hot:
        cells = [cell for i, cell in enumerate(first) if i not in text]
        if len(cells) < 2 or not all(map(is_flag, cells)):
            raise RNNError(Errors.R502.format(path=name, columns=", ".join(header)))
        one_hot = others
    return Columns(text, None, {_index(header, column, name): column for column in one_hot}, len(header))


def _index(header: list[str], column: str, name: str) -> int:
    count = header.count(column)
    if count > 1:
        raise RNNError(Errors.R503.format(path=name, column=column, count=count))
    if not count:
        raise RNNError(Errors.R501.format(path=name, column=column, columns=", ".join(header)))
    return header.index(column)


def _told(columns: Columns, header: list[str]) -> str:
    text = ", ".join(f"'{header[i]}'" for i in columns.text)
    labels = f"'{header[columns.label]}'" if columns.label is not None else f"{len(columns.one_hot)} columns"
    return f"Text: {text}; labels: {labels}"


def _raw(row: Row, cells: list[str], columns: Columns, options: TextOptions) -> Raw | RNNError:
    text = "\n".join(filter(str.strip, [cells[i] for i in columns.text]))
    try:
        if columns.label is not None:
            return Raw(row, text, labels_in(cells[columns.label], options, row))
        return Raw(row, text, one_hot({label: cells[i] for i, label in columns.one_hot.items()}, row))
    except RNNError as error:
        return error
