"""How classified texts are to be read, and what all formats hand over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ...errors import Errors, RNNError

FORMATS = ("csv", "tsv", "jsonl", "json", "fasttext", "lines", "folders", "spacy")
# Columns and fields that are taken if the user names none: the first of these that is there, in any case.
TEXT_NAMES = ("text", "sentence", "utterance", "review", "content", "comment", "message", "question", "query", "текст")
LABEL_NAMES = (
    *("label", "labels", "category", "categories", "class", "intent", "sentiment", "emotion", "emotions", "topic"),
    *("target", "cats", "метка", "метки", "класс", "категория", "тема"),
)


class Row(NamedTuple):
    """Where something stands. As a string, for messages: "train.csv, line 3"."""

    file: str
    unit: str = ""  # line, record
    number: int | str = ""

    def __str__(self) -> str:
        return f"{self.file}, {self.unit} {self.number}" if self.unit else self.file


class Raw(NamedTuple):
    """A row as its format understands it. labels: None where it says nothing, [] where it says that there are none."""

    row: Row
    text: str
    labels: list[str] | None


@dataclass(frozen=True)
class TextOptions:
    """All of them may be left away. Names of several columns, labels, parts are lists.

    format: one of FORMATS, or "auto".
    text_column: of tables and records; several are joined by a line break. Numbers, from 0: there is no header.
    label_column: one column with the label or labels. one_hot: columns of 0 and 1, a label each; ["all"] but the text.
    separator: between columns (csv finds it, tsv: tab). quotes: may cells be quoted? (csv: yes, tsv: no).
    label_separator: between several labels in a cell. Without it, a cell like "[0 2]" or "['joy', 'fear']" is a list.
    label_prefix: of fastText's labels. label_names: for labels that are numbers from 0.
    rename: label -> its new name, "" for none. keep, drop: labels; a text which loses all of its labels is left out.
    part: of a JSON file (a key), a folder or an archive (a folder or file in it).
    exclusive: True: each text has one label. False: any number. None: one or more, but [] is none.
    encoding: if not UTF-8. mixed: take the files of "lines" and "folders" in turns by chance, not label after label.
    """

    format: str = "auto"
    text_column: Sequence[str] = ()
    label_column: str | None = None
    one_hot: Sequence[str] = ()
    separator: str | None = None
    quotes: bool | None = None
    label_separator: str | None = None
    label_prefix: str = "__label__"
    label_names: Sequence[str] = ()
    rename: Mapping[str, str] = field(default_factory=dict)
    keep: Sequence[str] = ()
    drop: Sequence[str] = ()
    part: Sequence[str] = ()
    exclusive: bool | None = None
    encoding: str | None = None
    mixed: bool = False

    def __post_init__(self) -> None:
        """R149: what cannot be."""
        check("format", self.format, self.format in ("auto", *FORMATS), " or ".join(("auto", *FORMATS)))
        check("separator", self.separator, self.separator is None or len(self.separator) == 1, "one character")
        check("label_separator", self.label_separator, self.label_separator != "", "a character or more")
        wanted = "a text without blanks"
        check("label_prefix", self.label_prefix, self.label_prefix and len(self.label_prefix.split()) == 1, wanted)
        wanted = "left away where one_hot names the columns with labels"
        check("label_column", self.label_column, not (self.label_column and self.one_hot), wanted)


def check_bytes(row: Row, encoding: str | None, *parts: str) -> None:
    """R506: bytes that are not valid, or half of a character, both of which are lone surrogates here."""
    try:
        "".join(parts).encode()
    except UnicodeEncodeError as error:
        raise RNNError(Errors.R506.format(row=row, encoding=encoding or "UTF-8")) from error


def check(setting: str, value: object, fine: object, wanted: str) -> None:
    if not fine:
        raise RNNError(Errors.R149.format(setting=setting, value=value, wanted=wanted))


def default_column(names: Sequence[str], known: Sequence[str]) -> str | None:
    """The first of the known names that is among these names, in any case."""
    folded = {name.casefold(): name for name in reversed(names)}
    return next((folded[name] for name in known if name in folded), None)
