"""JSON: a record on each line, or one value of any of these shapes, read record by record.

    [record, ...]      {"train": [record, ...], "test": [...]}      {"label": ["text", ...], ...}

A record is an object with the text and the label in two of its fields, or a list of just these two.
"""

import json
import re
from collections.abc import Iterator
from typing import TextIO

from ...errors import Errors, RNNError
from .cells import labels_in, one_hot
from .options import LABEL_NAMES, TEXT_NAMES, Raw, Row, TextOptions, check_bytes, default_column

BLANKS = re.compile(r"\s*")
ENDS = [*"]},: \n\t\r"]  # what may come after a value
CHUNK = 1 << 16  # characters
LONGEST = 1 << 24  # characters of a record


def read_jsonl(file: TextIO, name: str, options: TextOptions, told: list[str]) -> Iterator[Raw | RNNError]:
    """jsonl. R512: a line that is not JSON; of a record: R501, R502, R510, R511, R513."""
    for number, line in enumerate(file, start=1):
        if line.strip():
            row = Row(name, "line", number)
            try:
                yield _raw(row, json.loads(line), options, told)
            except (ValueError, RecursionError) as error:
                yield error if isinstance(error, RNNError) else RNNError(Errors.R512.format(row=row, reason=error))


def read_json(file: TextIO, name: str, options: TextOptions, told: list[str]) -> Iterator[Raw | RNNError]:
    """json. The same, and R514: parts that are not there, or several and none of them chosen."""
    found, columns = {}, set()
    for number, (keys, value) in enumerate(JsonStream(file, name).items(), start=1):
        row = Row(name, "record", number)
        if isinstance(value, str) and not keys:
            yield RNNError(Errors.R513.format(row=row, found="a text without a label"))
            continue
        columns |= {key.casefold() for key in keys[-1:]}
        if columns & set(TEXT_NAMES) and columns & set(LABEL_NAMES):
            named = f"lists by the names of columns ({', '.join(sorted(columns))})"
            raise RNNError(Errors.R513.format(row=row, found=named))
        part = ".".join(keys[:-1] if isinstance(value, str) else keys)
        found[part] = None
        wanted = any(_is_in(part, p) for p in options.part) if options.part else len(found) == 1  # else R514 will tell
        if not wanted:
            continue
        try:
            yield Raw(row, value, [keys[-1]]) if isinstance(value, str) else _raw(row, value, options, told)
        except RNNError as error:
            yield error
    missing = [p for p in options.part if not any(_is_in(part, p) for part in found)]
    check_bytes(Row(name), options.encoding, *found)
    if missing or (len(found) > 1 and not options.part):
        parts = ", ".join(part or "texts by label" for part in found)
        raise RNNError(Errors.R514.format(path=name, part=", ".join(missing) or "none named", found=parts))


def _is_in(part: str, other: str) -> bool:
    return f"{part}.".startswith(f"{other}.")


def _raw(row: Row, record: object, options: TextOptions, told: list[str]) -> Raw:
    if isinstance(record, list) and len(record) == 2:
        record = dict(zip(("text", "label"), record, strict=True))
        text_names, label_name = ["text"], "label"
    elif isinstance(record, dict):
        check_bytes(row, options.encoding, *record)
        text_names = list(options.text_column) or [default_column(list(record), TEXT_NAMES) or "text"]
        label_name = options.label_column or default_column(list(record), LABEL_NAMES)
    else:
        raise RNNError(Errors.R513.format(row=row, found=f"{json.dumps(record, ensure_ascii=False)[:40]}"))
    text = "\n".join(filter(str.strip, [_text(record, column, row) for column in text_names]))
    if not told:
        labels = label_name or ", ".join(options.one_hot)
        told.append(f"Text: {', '.join(map(repr, text_names))}; labels: {labels!r}")
    if options.one_hot:
        every = list(options.one_hot) == ["all"]
        columns = [column for column in record if column not in text_names] if every else options.one_hot
        return Raw(row, text, one_hot({column: _field(record, column, row) for column in columns}, row))
    if label_name is None:
        raise RNNError(Errors.R502.format(path=row, columns=", ".join(record) or "none"))
    return Raw(row, text, labels_in(_field(record, label_name, row), options, row))


def _field(record: dict, column: str, row: Row) -> object:
    if column not in record:
        raise RNNError(Errors.R501.format(path=row, column=column, columns=", ".join(record) or "none"))
    return record[column]


def _text(record: dict, column: str, row: Row) -> str:
    value = _field(record, column, row)
    if value is not None and not isinstance(value, str):
        raise RNNError(Errors.R513.format(row=row, found=f"{column} = {json.dumps(value, ensure_ascii=False)[:40]}"))
    return value or ""


class JsonStream:
    """One JSON value out of a file, of which no more than a record is held at a time."""

    def __init__(self, file: TextIO, name: str):
        self.file, self.name, self.text, self.at, self.line = file, name, "", 0, 1
        self.decode = json.JSONDecoder().raw_decode

    def items(self, keys: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], object]]:
        """Each element of each list, with the keys that lead to the list. Values that are neither list nor object
        are about the data, and passed over; a list of lists of records is not looked into."""
        first = self.peek()
        if first == "[":
            yield from ((keys, value) for value in self._elements())
        elif first == "{":
            self.take("{")
            while self.peek() != "}":
                key = self.value()
                self.take(":")
                yield from self.items((*keys, str(key)))
                self._next("}")
            self.take("}")
        elif first:
            self.value()
        if not keys and self.peek():
            raise self._error("more after its end")

    def _elements(self) -> Iterator[object]:
        self.take("[")
        while self.peek() != "]":
            yield self.value()
            self._next("]")
        self.take("]")

    def _next(self, end: str) -> None:
        """Over the comma, which must be there unless this was the last one."""
        if self.peek() != end:
            self.take(",")
            if self.peek() == end:
                raise self._error(f"a comma before {end}")

    def peek(self) -> str:
        """The next character that is not blank; "" at the end."""
        while True:
            self.at = BLANKS.match(self.text, self.at).end()
            if self.at < len(self.text):
                return self.text[self.at]
            if not self._more():
                return ""

    def take(self, character: str) -> None:
        if self.peek() != character:
            raise self._error(f"expected {character}")
        self.at += 1

    def value(self) -> object:
        """The next value, whatever it takes to reach its end."""
        self.peek()
        while True:
            try:
                value, end = self.decode(self.text, self.at)
                size = end - self.at
                if self.text[end : end + 1] in ENDS or not self._more():  # a number may go on
                    self.at += size
                    return value
            except (ValueError, RecursionError) as error:
                if isinstance(error, RecursionError) or not self._more():
                    raise self._error(getattr(error, "msg", error)) from error

    def _more(self) -> bool:
        """Drop what was read, and read as much again as is waiting. False: there is no more, or it is too much."""
        self.line += self.text.count("\n", 0, self.at)
        self.text, self.at = self.text[self.at :], 0
        more = self.file.read(max(CHUNK, len(self.text))) if len(self.text) < LONGEST else ""
        self.text += more
        return bool(more)

    def _error(self, reason: str) -> RNNError:
        line = self.line + self.text.count("\n", 0, self.at)
        return RNNError(Errors.R512.format(row=Row(self.name, "line", line), reason=reason))
