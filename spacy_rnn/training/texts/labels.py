"""From what a row says to the labels of its text: numbers get names, names are changed, unknown ones are refused."""

import json
from collections.abc import Sequence
from pathlib import Path

from spacy.tokens import DocBin
from spacy.vocab import Vocab

from ...errors import Errors, RNNError
from .options import Row, TextOptions


class Chooser:
    """known: the labels there may be; None: any. ``met`` gets those that the options name and that occur."""

    def __init__(self, options: TextOptions, known: Sequence[str] | None, met: set[str]):
        self.options, self.known, self.met = options, None if known is None else frozenset(known), met
        self.named = {*options.keep, *options.drop, *options.rename}
        numbers = {str(i): name for i, name in enumerate(options.label_names)}
        same = {name: name for name in options.label_names}
        self.names = numbers if numbers.keys() & same.keys() else same | numbers  # a name like 1 would be ambiguous

    def __call__(self, row: Row, labels: list[str] | None) -> tuple[list[str], list[str]]:
        """The labels a text has, sorted, and those it has lost to keep and drop. R507: none, R508: several where there
        may be one, R509: unknown, R511: a number without a name."""
        if labels is None and self.options.exclusive is not False:
            raise RNNError(Errors.R507.format(row=row))
        named = {self._name(label, row) for label in labels or ()} - {""}
        self.met |= named & self.named
        keep, drop = self.options.keep, self.options.drop
        lost = {label for label in named if (keep and label not in keep) or label in drop}
        named -= lost
        if self.known is not None and (unknown := named - self.known):
            raise RNNError(Errors.R509.format(row=row, label=min(unknown), hint=self._hint(min(unknown))))
        if self.options.exclusive and (len(named) > 1 or not (named or lost)):
            code = Errors.R508 if named else Errors.R507
            raise RNNError(code.format(row=row, labels=", ".join(sorted(named))))
        return sorted(named), sorted(lost)

    def _name(self, label: str, row: Row) -> str:
        label = label.strip()
        if self.names:
            name = self.names.get(label) or self.names.get(label.removesuffix(".0"))
            if name is None:
                raise RNNError(Errors.R511.format(row=row, value=label))
            label = name
        self.met |= {label} & self.named
        return self.options.rename.get(label, label)

    def _hint(self, label: str) -> str:
        """Labels of fastText's files end at the first blank."""
        longer = sorted(name for name in self.known if name.startswith(f"{label} "))
        return f" Is it '{longer[0]}'? A label in fastText's format has no blanks." if longer else ""


def read_labels(source: str | Path | Sequence[str]) -> list[str]:
    """A list of labels, or the file that holds it: JSON, a label on each line, or the .spacy file of a corpus.
    R519: there are none in it."""
    if not isinstance(source, str | Path):
        return _checked(list(source), source)
    path = Path(source)
    if not path.is_file():
        raise RNNError(Errors.R301.format(path=path))
    try:
        if path.suffix == ".spacy":
            docs = DocBin().from_disk(path).get_docs(Vocab())
            return _checked(sorted({label for doc in docs for label in doc.cats}), path)
        text = path.read_text(encoding="utf-8-sig")
        found = json.loads(text) if path.suffix == ".json" else [line for line in text.splitlines() if line.strip()]
    except Exception as error:  # json, zlib, msgpack or spaCy, depending on what is broken
        raise RNNError(Errors.R519.format(path=path, reason=error)) from error
    return _checked(list(found) if isinstance(found, dict | list) else [], path)


def _checked(labels: list, source: object) -> list[str]:
    if not labels or not all(isinstance(label, str) and label.strip() for label in labels):
        raise RNNError(Errors.R519.format(path=source, reason="it is no list of names"))
    return list(dict.fromkeys(label.strip() for label in labels))
