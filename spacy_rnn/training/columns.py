"""A reader of column files: a token and its entity tag on each line, a blank line after each sentence.

Other columns are passed over. Documents begin at "-DOCSTART-" and at "# newdoc" comments; "# text = ..." comments say
where the spaces are. The layout of Universal NER is one of these: id, token, tag, and what else the annotators noted.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ..errors import Errors, RNNError
from .rows import blocks_of, decode, opens_document
from .tags import Tag, read_tag

DOCUMENT = "-DOCSTART-"
SUFFIXES = (".iob", ".iob1", ".iob2", ".bio", ".biluo", ".bioes", ".conll", ".ner")
BLANKS = re.compile(r"[ \t]+")
TEXT = re.compile(r"#\s*text\s*=\s?(.*)")


@dataclass(frozen=True)
class Columns:
    """Where things stand. Columns count from 0, or from the end with -1.

    separator: None splits at tabs if the first line with a token has one, else at blanks.
    free: lines may have more columns than the first one; otherwise all have the same number.
    """

    token: int = 0
    tag: int = -1
    separator: str | None = None
    free: bool = False


DEFAULT = Columns()
UNER = Columns(token=1, tag=2, separator="\t", free=True)


@dataclass
class TaggedSentence:
    """One sentence as it stands in the file; ``text`` is its text with spaces, where the file has that."""

    path: Path
    words: list[str] = field(default_factory=list)
    tags: list[Tag] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)  # of each word
    text: str | None = None
    new_document: bool = False


def read_columns(
    path: str | Path, columns: Columns = DEFAULT, bad: list[RNNError] | None = None
) -> Iterator[TaggedSentence]:
    """The sentences of a file. With a list ``bad``, broken ones are skipped and their errors go there."""
    path, reader, new_document, found = Path(path), None, False, False
    for block in blocks_of(path):
        new_document |= opens_document(block)
        try:
            rows = [(row[0], decode(path, row)) for row in block]
            reader = reader or _Reader.of(path, columns, rows)
            sentence = reader.read(rows) if reader else None
        except RNNError as error:
            if bad is None:
                raise
            bad.append(error)
            continue
        if sentence is not None:
            sentence.new_document, new_document, found = new_document, False, True
            yield sentence
    if not found and not bad:
        raise RNNError(Errors.R340.format(path=path))


def is_uner(row: str) -> bool:
    """Is this the first line of a sentence in the layout of Universal NER?"""
    cells = row.split("\t")
    return len(cells) >= 3 and cells[0] == "1" and read_tag(cells[2]) is not None


class _Reader:
    """Reads the lines of a file whose first line with a token has been seen."""

    def __init__(self, path: Path, columns: Columns, separator: str | None, width: int):
        self.path, self.columns, self.separator, self.width = path, columns, separator, width

    @classmethod
    def of(cls, path: Path, columns: Columns, rows: list[tuple[int, str]]) -> "_Reader | None":
        """None if these lines hold no token. A line with # is one where it ends in a tag and no other line can be."""
        plain = [row for _, row in rows if not row.startswith(("#", DOCUMENT))]
        marked = [row for _, row in rows if row.startswith("#") and not TEXT.match(row)]
        separator = columns.separator
        for row in plain or marked:
            separator = columns.separator or ("\t" if "\t" in row else None)
            cells = _split(row, separator)
            if plain or (len(cells) > 1 and read_tag(cells[-1])):
                return cls(path, columns, separator, len(cells))
        return None

    def read(self, rows: Iterable[tuple[int, str]]) -> TaggedSentence | None:
        sentence = TaggedSentence(self.path)
        for number, row in rows:
            cells = _split(row, self.separator)
            if row.startswith(DOCUMENT):
                continue
            if row.startswith("#") and not self._is_token(cells):
                if found := TEXT.match(row):
                    sentence.text = found[1]
                continue
            self._add(sentence, number, cells)
        return sentence if sentence.words else None

    def _is_token(self, cells: list[str]) -> bool:
        """A token may be a #: its line has as many columns as the others, and a tag."""
        return len(cells) == self.width > 1 and self._has_all(cells) and read_tag(cells[self.columns.tag]) is not None

    def _has_all(self, cells: list[str]) -> bool:
        return all(-len(cells) <= column < len(cells) for column in (self.columns.token, self.columns.tag))

    def _add(self, sentence: TaggedSentence, line: int, cells: list[str]) -> None:
        where = {"path": self.path, "line": line}
        needed = 1 + max(self.columns.token, self.columns.tag, 1)
        wrong = len(cells) < needed if self.columns.free else len(cells) != self.width
        if wrong or not self._has_all(cells) or len(cells) < 2:
            wanted = needed if self.columns.free or len(cells) == self.width else self.width
            raise RNNError(Errors.R342.format(found=len(cells), wanted=wanted, **where))
        word, text = cells[self.columns.token].strip(), cells[self.columns.tag].strip()
        if not word:
            raise RNNError(Errors.R344.format(**where))
        tag = read_tag(text)
        if tag is None:
            raise RNNError(Errors.R343.format(tag=text, **where))
        sentence.words.append(word)
        sentence.tags.append(tag)
        sentence.lines.append(line)


def _split(row: str, separator: str | None) -> list[str]:
    return row.split(separator) if separator else BLANKS.split(row.strip(" \t"))
