"""Which format a corpus has, and its rows: one generator for all formats."""

import random
import re
from bisect import bisect
from collections.abc import Iterator
from dataclasses import replace
from itertools import accumulate, chain
from pathlib import Path

from spacy.tokens import DocBin
from spacy.vocab import Vocab

from ...errors import Errors, RNNError
from .cells import one_hot
from .counts import TextCounts
from .files import Files, TextFile, open_files, open_text
from .options import FORMATS, Raw, Row, TextOptions
from .plain import labels_of_files, labels_of_folders, read_fasttext, read_lines, read_whole
from .records import read_json, read_jsonl
from .tables import read_table

SUFFIXES = {
    **{".csv": "csv", ".tsv": "tsv", ".tab": "tsv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "json"},
    **{".ft": "fasttext", ".fasttext": "fasttext"},
}
READERS = {"csv": read_table, "tsv": read_table, "jsonl": read_jsonl, "json": read_json, "fasttext": read_fasttext}
# a list, or an object of lists, perhaps within another: not any JSON is a corpus
LISTS = re.compile(r'\s*(\[|\{(\s*"[^"]*"\s*:\s*\{)?\s*"[^"]*"\s*:\s*\[)')
PEEK = 1 << 12  # characters


def find_format(path: str | Path, options: TextOptions) -> str | None:
    """By suffixes, then by where the files are, then by how the first begins. None: it is none of ours."""
    if Path(path).suffix == ".spacy":
        return "spacy"
    with open_files(path, options.part) as files:
        return _find(files, options, path)


def _find(files: Files, options: TextOptions, path: str | Path) -> str | None:
    known = {SUFFIXES.get(file.suffix) for file in files.taken}
    if len(known) > 1 and known != {None}:
        raise RNNError(Errors.R517.format(path=path, kinds=" and ".join(sorted(kind or "others" for kind in known))))
    kind = known.pop()
    if kind not in (None, "json"):
        return kind
    if kind is None and any(file.inside.parent.parts for file in files.taken):
        return "folders"
    with open_text(files.taken[0], options.encoding) as text:
        start = text.read(PEEK)
    if kind == "json":
        return kind if LISTS.match(start) else None
    if start.lstrip().startswith(options.label_prefix):
        return "fasttext"
    return "lines" if len(files.taken) > 1 else None


def read_rows(path: Path, options: TextOptions, counts: TextCounts) -> Iterator[Raw | RNNError]:
    """The rows of all files, or errors in their place. R346: a format that cannot be told."""
    if options.format == "spacy" or (options.format == "auto" and path.suffix == ".spacy"):
        counts.format, counts.files = "spacy", 1
        _check_parts(path, options)
        yield from _read_docs(path)
        return
    with open_files(path, options.part) as files:
        kind = options.format if options.format != "auto" else _find(files, options, path)
        if kind is None:
            raise RNNError(Errors.R346.format(path=path, known=", ".join(FORMATS)))
        if files.alone and kind != "json":
            _check_parts(path, options)
        options = replace(options, format=kind, part=options.part if files.alone else ())
        labels = _labels(files, kind, path)
        taken = [file for file in files.taken if file.name in labels]
        others = [file.name for file in files.taken if file.name not in labels]
        counts.format, counts.files, counts.passed_over = kind, len(taken), files.passed_over + others
        mixed = options.mixed and not files.in_order
        if mixed and kind == "folders":
            random.Random(0).shuffle(taken)
        rows = [_read(file, options, counts, labels[file.name]) for file in taken]
        in_turns = mixed and kind == "lines"
        yield from _in_turns(rows, [file.size for file in taken]) if in_turns else chain.from_iterable(rows)


def _check_parts(path: Path, options: TextOptions) -> None:
    """R514: the file has none."""
    if options.part:
        raise RNNError(Errors.R514.format(path=path, part=", ".join(options.part), found="none"))


def _in_turns(rows: list[Iterator], sizes: list[int]) -> Iterator[Raw | RNNError]:
    """Now from this, now from that file, by chance, and the more often the larger it is. The same each time."""
    chance, waiting = random.Random(0), list(zip(rows, sizes, strict=True))
    while waiting:
        bounds = list(accumulate(size + 1 for _, size in waiting))
        done = None
        while done is None:
            place = bisect(bounds, chance.random() * bounds[-1])
            item = next(waiting[place][0], None)
            if item is None:
                done = place
            else:
                yield item
        waiting.pop(done)


def _labels(files: Files, kind: str, path: Path) -> dict[str, str | None]:
    """The names of the files to be read, and the label of all their texts, where they have one."""
    if kind == "lines":
        return labels_of_files(files.taken)
    if kind == "folders":
        return labels_of_folders(files.taken, path)
    named = [file for file in files.taken if SUFFIXES.get(file.suffix) == kind]
    return dict.fromkeys(file.name for file in named or files.taken)


def _read(file: TextFile, options: TextOptions, counts: TextCounts, label: str | None) -> Iterator[Raw | RNNError]:
    """The rows of one file. R506: what cannot even be told apart into rows, such as half a character of UTF-16."""
    newline = "" if options.format in ("csv", "tsv") else None  # a quoted cell may have several lines
    with open_text(file, options.encoding, newline) as text:
        try:
            if label is None:
                yield from READERS[options.format](text, file.name, options, counts.columns)
            else:
                yield from (read_whole if options.format == "folders" else read_lines)(text, file.name, label)
        except UnicodeError as error:
            raise RNNError(Errors.R506.format(row=file.name, encoding=options.encoding or "UTF-8")) from error


def _read_docs(path: Path) -> Iterator[Raw | RNNError]:
    """The texts of Docs. Those whose doc.cats is empty say nothing of labels. R318: damaged, R510: another value."""
    if not path.exists():
        raise RNNError(Errors.R301.format(path=path))
    try:
        docs = DocBin().from_disk(path).get_docs(Vocab())
        for number, doc in enumerate(docs, start=1):
            row = Row(str(path), "Doc", number)
            try:
                yield Raw(row, doc.text, one_hot(doc.cats, row) if doc.cats else None)
            except RNNError as error:
                yield error
    except Exception as error:  # zlib, msgpack or spaCy, depending on where the file is broken
        raise RNNError(Errors.R318.format(path=path, reason=error)) from error
