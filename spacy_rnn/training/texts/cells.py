"""What a cell or a field says about labels: one, several, a list, a number for each, nothing."""

import json
import re
from collections.abc import Mapping

from ...errors import Errors, RNNError
from .options import Row, TextOptions

FLAGS = {"0": False, "1": True, "0.0": False, "1.0": True, "false": False, "true": True}
ESCAPED = re.compile(r"\\(.)")
QUOTED = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\"""")


def labels_in(value: object, options: TextOptions, row: Row) -> list[str] | None:
    """None: the value says nothing. R511: it cannot be read as labels."""
    if value is None or value != value:  # NaN, as pandas writes where nothing is
        return None
    if isinstance(value, str):
        return _labels_in_text(value.strip(), options, row)
    if isinstance(value, Mapping):
        inner = value.get("cats")  # as spaCy 2 wrote it
        return one_hot(inner if isinstance(inner, Mapping) else value, row)
    if isinstance(value, list):
        return [_scalar(item, row) for item in value]
    return [_scalar(value, row)]


def is_flag(cell: str) -> bool:
    return cell.strip().lower() in FLAGS


def one_hot(flags: Mapping[str, object], row: Row) -> list[str]:
    """The labels whose value is 1. R510: another one than 0 and 1."""
    found = []
    for label, value in flags.items():
        flag = FLAGS.get(str(value).strip().lower())
        if flag is None:
            raise RNNError(Errors.R510.format(row=row, column=label, value=value))
        if flag:
            found.append(label)
    return found


def _labels_in_text(cell: str, options: TextOptions, row: Row) -> list[str] | None:
    if not cell:
        return None
    if options.label_separator:
        return [label.strip() for label in cell.split(options.label_separator) if label.strip()]
    if cell.startswith("[") and cell.endswith("]"):
        return _list(cell, row)
    return [cell]


def _list(cell: str, row: Row) -> list[str]:
    """JSON ["a", "b"], Python ['a', 'b'], numpy ['a' 'b'] and [0 2], or bare [a, b c]."""
    try:
        return [_scalar(item, row) for item in json.loads(cell)]
    except ValueError:
        body = cell[1:-1].strip()
    if QUOTED.search(body):
        if QUOTED.sub("", body).replace(",", "").strip():
            raise RNNError(Errors.R511.format(row=row, value=cell))
        return [ESCAPED.sub(r"\1", item[1:-1]) for item in QUOTED.findall(body)]
    items = body.split(",") if "," in body else body.split()
    return [item.strip() for item in items if item.strip()]


def _scalar(value: object, row: Row) -> str:
    if isinstance(value, str | int | float):
        return str(value)
    raise RNNError(Errors.R511.format(row=row, value=value))
