"""Evaluation sets in files, recognised by their content. Read ``read_set`` first.

similarity     word, word, score, in columns (tab, comma, semicolon or spaces); further columns are ignored, and so is
               a line of column names: WordSim-353, SimLex-999, RareWords, MEN, RUSSE HJ and their translations
analogies      four words in a line, in sections called ``: name``: Google's questions-words.txt
misspellings   misspelt, right, in columns or ``misspelt->right``, perhaps with the number of errors; or two files side
               by side, sources.txt and corrections.txt, with the same sentences as written and as they should be
"""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ...errors import Errors, RNNError
from .analogies import Question
from .similarity import Pair

SOURCES, CORRECTIONS = "sources.txt", "corrections.txt"
SEPARATORS = ("\t", "->", ",", ";", None)  # None: any white space


@dataclass
class EvaluationSet:
    """A set and what kind it is: one of the three is filled."""

    name: str
    pairs: list[Pair] | None = None
    sections: dict[str, list[Question]] | None = None
    misspellings: list[tuple[str, str]] | None = None  # (misspelt, right)


def read_set(path: Path) -> EvaluationSet:
    """The set in a file, or in a folder with sources.txt and corrections.txt."""
    folder = path if path.is_dir() else path.parent
    if (path.is_dir() or path.name in (SOURCES, CORRECTIONS)) and (folder / CORRECTIONS).is_file():
        return EvaluationSet(folder.resolve().name, misspellings=_read_parallel(folder))
    lines = list(_lines(path))
    if not lines:
        raise RNNError(Errors.R263.format(path=path))
    if any(line.startswith(":") for _, line in lines[:3]):
        return EvaluationSet(path.stem, sections=_analogies(path, lines))
    rows = _split(lines)
    if (column := _score_column(rows)) is not None:
        pairs = _pairs(path, rows, column)
        if not _counts_errors(pairs):
            return EvaluationSet(path.stem, pairs=pairs)
    elif not _are_words([row for _, row in rows], phrases="->" in lines[-1][1]):
        raise RNNError(Errors.R264.format(path=path))
    return EvaluationSet(path.stem, misspellings=[(row[0], row[1]) for _, row in rows if row[0] != row[1]])


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Numbered lines, without empty ones and comments."""
    if not path.is_file():
        raise RNNError(Errors.R262.format(path=path))
    with path.open("rb") as file:
        for number, raw in enumerate(file, start=1):
            try:
                line = raw.decode("utf8").strip("\ufeff\r\n ")
            except UnicodeDecodeError as error:
                raise RNNError(Errors.R265.format(path=path, line=number, byte=error.start + 1)) from error
            if line.strip() and not line.startswith("#"):
                yield number, line


# -- Columns


def _split(lines: list[tuple[int, str]]) -> list[tuple[int, list[str]]]:
    first = lines[-1][1]  # the last line is no heading
    separator = next(s for s in SEPARATORS if s is None or s in first)
    return [(number, [cell.strip().strip('"') for cell in line.split(separator)]) for number, line in lines]


def _score_column(rows: list[tuple[int, list[str]]]) -> int | None:
    """The first column after the two words that holds numbers, to judge from the last line."""
    last = rows[-1][1]
    return next((i for i in range(2, len(last)) if _number(last[i]) is not None), None)


def _pairs(path: Path, rows: list[tuple[int, list[str]]], column: int) -> list[Pair]:
    first = rows[0][1]
    heading = len(first) > column and _number(first[column]) is None
    pairs = []
    for number, row in rows[heading:]:
        score = _number(row[column]) if len(row) > column else None
        if score is None or not row[0] or not row[1]:
            raise RNNError(
                Errors.R266.format(path=path, line=number, expected="two words and a score", found=" ".join(row))
            )
        pairs.append(Pair(row[0], row[1], score))
    return pairs


def _number(text: str) -> float | None:
    return float(text) if re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", text, re.ASCII) else None


def _counts_errors(pairs: list[Pair]) -> bool:
    """Is the third column the number of wrong letters? It is 0 for a word and itself, where similarity is highest."""
    zeros = [pair.first == pair.second for pair in pairs if pair.score == 0]
    return bool(zeros) and all(zeros)


def _are_words(rows: list[list[str]], phrases: bool) -> bool:
    """Two words in each row? With ``phrases``, the right spelling may be several words (alot->a lot)."""
    return all(len(row) == 2 and len(row[0].split()) == 1 and (phrases or len(row[1].split()) == 1) for row in rows)


# -- Analogies


def _analogies(path: Path, lines: list[tuple[int, str]]) -> dict[str, list[Question]]:
    sections: dict[str, list[Question]] = {}
    questions: list[Question] = []
    for number, line in lines:
        words = line.split()
        if line.startswith(":"):
            questions = sections.setdefault(line[1:].strip(), [])
        elif len(words) == 4:
            questions.append(Question(*words))
        else:
            raise RNNError(Errors.R266.format(path=path, line=number, expected="four words", found=line))
    return sections


# -- Misspellings in sentences


def _read_parallel(folder: Path) -> list[tuple[str, str]]:
    """Each word of the sources that was corrected to one other word."""
    sources, corrections = (list(_lines(folder / name)) for name in (SOURCES, CORRECTIONS))
    if len(sources) != len(corrections):
        raise RNNError(Errors.R267.format(path=folder, sources=len(sources), corrections=len(corrections)))
    found: dict[tuple[str, str], None] = {}  # each pair once
    for (_, wrong), (_, right) in zip(sources, corrections, strict=True):
        found.update(dict.fromkeys(_corrected(_words(wrong), _words(right))))
    return list(found)


def _words(sentence: str) -> list[str]:
    return re.findall(r"\w+(?:-\w+)*", sentence)


def _corrected(wrong: list[str], right: list[str]) -> Iterator[tuple[str, str]]:
    for kind, i1, i2, j1, j2 in difflib.SequenceMatcher(None, wrong, right, autojunk=False).get_opcodes():
        if kind == "replace" and i2 - i1 == j2 - j1:
            yield from zip(wrong[i1:i2], right[j1:j2], strict=True)
