"""Classified texts of any format, one at a time: rows are checked, what is left out is counted."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from ...errors import Errors, RNNError
from .counts import TextCounts
from .formats import read_rows
from .labels import Chooser
from .options import Raw, Row, TextOptions, check, check_bytes


class Text(NamedTuple):
    row: Row  # where it stands; str() tells
    text: str
    labels: tuple[str, ...]  # sorted


def read_texts(
    path: str | Path,
    options: TextOptions | None = None,
    *,
    known: Sequence[str] | None = None,
    skip_bad: bool = False,
    duplicates: str = "keep",
    excluded: Callable[[str], bool] | None = None,
    longest: int = 0,
    max_length: int = 0,
    counts: TextCounts | None = None,
) -> Iterator[Text]:
    """The texts of a file, folder or archive. Nothing is held but, for duplicates, a number or two for each text.

    known: the labels there may be (None: any). skip_bad: pass over bad rows, and count them, not stop at the first.
    duplicates: "keep" (do not look for them), "count" or "drop". excluded: says which texts to leave out.
    longest: characters that the tokenizer takes (0: any number); a longer text is an error (R515), or cut where it must
        have ``max_length`` tokens already, if that is not 0.
    Errors: R149, R346, R501 to R522. R516: not one text.
    """
    check("max_length", max_length, max_length >= 0, "0 or more")
    options, counts = options or TextOptions(), counts if counts is not None else TextCounts()
    choose, seen, before = Chooser(options, known, counts.met), {} if duplicates != "keep" else None, None
    for raw in read_rows(Path(path), options, counts):
        try:
            text = _checked(raw, choose, excluded, options, counts)
            if text is not None and longest and len(text.text) > longest:
                text = _shortened(text, longest, max_length)
        except RNNError as error:
            if not skip_bad:
                raise
            counts.add_bad(error)
            continue
        if text is None:
            continue
        if seen is not None and _came_before(text, seen, counts) and duplicates == "drop":
            counts.repeated += 1
            continue
        counts.changes += text.labels != before
        before = text.labels
        counts.add(text.labels)
        yield text
    if not counts.texts:
        if counts.bad and counts.bad == counts.rows:
            raise counts.first_bad[0]
        raise RNNError(Errors.R516.format(path=path, count=counts.rows))


def _checked(
    raw: Raw | RNNError, choose: Chooser, excluded: Callable | None, options: TextOptions, counts: TextCounts
) -> Text | None:
    """None: it is left out, and counted."""
    if isinstance(raw, RNNError):
        raise raw
    text = raw.text.strip()
    if not text:
        counts.add_empty(raw.row)
        return None
    if excluded is not None and excluded(text):
        counts.excluded += 1
        return None
    check_bytes(raw.row, options.encoding, text, *(raw.labels or ()))
    labels, lost = choose(raw.row, raw.labels)
    counts.unwanted.update(lost)
    if lost and not labels:
        counts.without += 1
        return None
    return Text(raw.row, text, tuple(labels))


def _shortened(text: Text, longest: int, max_length: int) -> Text:
    """More than ``max_length`` of its pieces between blanks, each of which is a token or more."""
    words = " ".join(text.text.split(maxsplit=max_length + 1)[: max_length + 1]) if max_length else text.text
    if len(words) > longest:
        raise RNNError(Errors.R515.format(row=text.row, found=len(words), most=longest))
    return text._replace(text=words)


def _came_before(text: Text, seen: dict[int, int], counts: TextCounts) -> bool:
    """Whether the same words came before; counted, and also if with other labels."""
    key, labels = hash(" ".join(text.text.split())), hash(text.labels)
    if key not in seen:
        seen[key] = labels
        return False
    counts.duplicates += 1
    if seen[key] != labels:
        counts.add_contradiction(text.row)
    return True


def find_labels(path: str | Path, options: TextOptions | None = None, **settings) -> list[str]:
    """All labels of a corpus, sorted. Settings as in read_texts."""
    counts = TextCounts()
    for _ in read_texts(path, options, counts=counts, **settings):
        pass
    return sorted(counts.labels)
