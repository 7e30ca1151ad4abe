"""Texts out of plain text, tables, JSON and translation memories: one function per format, all with the same arguments.

Each takes an open text file, its name for messages, and the Settings; each yields paragraphs as they stand.
"""

import csv
import json
import statistics
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, groupby, islice
from typing import TextIO
from xml.etree import ElementTree

from ..errors import Errors, RNNError

PEEK = 2000  # lines from which to tell whether a text is hard-wrapped
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True)
class Settings:
    """How to read. column: of tables and JSON records, a name or a number from 0; None means "text".

    wrap: "lines" (a line is a paragraph), "blank" (paragraphs are hard-wrapped, with blank lines between), "auto".
    encoding: of files that are not UTF-8. lang: the language to take from a translation memory.
    """

    lang: str = "en"
    column: str | None = None
    wrap: str = "auto"
    encoding: str | None = None


def read_plain(file: TextIO, name: str, settings: Settings) -> Iterator[str]:
    head = list(islice(file, PEEK))
    lines = chain(head, file)
    wrapped = is_wrapped(head) if settings.wrap == "auto" else settings.wrap == "blank"
    if not wrapped:
        return lines
    return (" ".join(block) for filled, block in groupby(lines, key=lambda line: not line.isspace()) if filled)


def is_wrapped(lines: Iterable[str]) -> bool:
    """Are there blank lines, and between them paragraphs of lines that are nearly full but for the last?

    Full means three quarters of the width that nine lines in ten keep to, and no width is above 120 characters.
    """
    stripped = [line.strip() for line in lines]
    blocks = [list(block) for filled, block in groupby(stripped, key=bool) if filled]
    widths = sorted(len(line) for block in blocks for line in block)
    inner = [len(line) for block in blocks for line in block[:-1]]
    if len(blocks) < 2 or len(inner) < len(blocks) / 2:
        return False
    width = widths[len(widths) * 9 // 10]
    return width <= 120 and statistics.median(inner) >= 0.75 * width


def read_table(file: TextIO, name: str, settings: Settings, **dialect) -> Iterator[str]:
    """One column. A number counts from 0 and takes every row; a name is looked up in the first row."""
    csv.field_size_limit(2**31 - 1)
    column = settings.column or "text"
    try:
        reader = csv.reader(file, **dialect)
        rows = (row for row in reader if row)
        if not column.isdecimal():
            header = next(rows, [])
            if column not in header:
                raise RNNError(Errors.R332.format(path=name, column=column, columns=", ".join(header) or "none"))
        index = int(column) if column.isdecimal() else header.index(column)
        for row in rows:
            if index >= len(row):
                where = f"{name}, line {reader.line_num}"
                raise RNNError(Errors.R332.format(path=where, column=column, columns=f"only {len(row)} in this row"))
            yield row[index]
    except csv.Error as error:
        raise RNNError(Errors.R333.format(path=name, reason=error)) from error


def read_tsv(file: TextIO, name: str, settings: Settings) -> Iterator[str]:
    return read_table(file, name, settings, delimiter="\t", quoting=csv.QUOTE_NONE)


def read_jsonl(file: TextIO, name: str, settings: Settings) -> Iterator[str]:
    column = settings.column or "text"
    for number, line in enumerate(file, start=1):
        if line.isspace():
            continue
        record = _parse_json(line, f"{name}, line {number}")
        if not isinstance(record, dict) or not isinstance(record.get(column), str):
            columns = ", ".join(record) if isinstance(record, dict) else "no named columns"
            raise RNNError(Errors.R332.format(path=f"{name}, line {number}", column=column, columns=columns))
        yield record[column]


def read_json(file: TextIO, name: str, settings: Settings) -> Iterator[str]:
    """Whatever its shape: strings, the named column of records, and the first string of rows (lists in a list)."""
    return _walk(_parse_json(file.read(), name), settings.column or "text", in_list=False)


def _parse_json(text: str, name: str):
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise RNNError(Errors.R333.format(path=name, reason=error)) from error


def _walk(value, column: str, in_list: bool) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in [value[column]] if column in value else value.values():
            yield from _walk(item, column, in_list=False)
    elif isinstance(value, list):
        row = in_list and value and isinstance(value[0], str)
        for item in value[:1] if row else value:
            yield from _walk(item, column, in_list=True)


def read_tmx(file: TextIO, name: str, settings: Settings) -> Iterator[str]:
    """The segments of a translation memory in one language: en takes en, en-GB and EN_us."""
    found, taken = set(), 0
    try:
        for _, node in ElementTree.iterparse(file):
            if node.tag == "tuv":
                lang = (node.get(XML_LANG) or node.get("lang") or "").lower()
                found.add(lang)
                if lang.replace("_", "-").split("-")[0] == settings.lang:
                    taken += 1
                    yield from ("".join(segment.itertext()) for segment in node.iter("seg"))
            elif node.tag == "tu":
                node.clear()
    except ElementTree.ParseError as error:
        raise RNNError(Errors.R333.format(path=name, reason=error)) from error
    if found and not taken:
        raise RNNError(Errors.R337.format(path=name, lang=settings.lang, found=", ".join(sorted(found))))


READERS: dict[str, Callable[[TextIO, str, Settings], Iterator[str]]] = {
    ".txt": read_plain,
    ".csv": read_table,
    ".tsv": read_tsv,
    ".jsonl": read_jsonl,
    ".json": read_json,
    ".tmx": read_tmx,
}
