"""One sentence of CoNLL-U: its lines checked and taken apart. Start at ``parse_sentence``.

The words of a Sentence are the syntactic words (1, 2, 3): a range (1-2) only says how they are written, and empty nodes
(8.1) are checked and left out. '_' means "not annotated" and becomes "" (None for a head), except in FEATS, where the
Sentence keeps it: there it can also mean "no features", which only the whole corpus can tell.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from ..errors import Errors, RNNError

UPOS = frozenset("ADJ ADP ADV AUX CCONJ DET INTJ NOUN NUM PART PRON PROPN PUNCT SCONJ SYM VERB X".split())
FEATURE = re.compile(r"[^\s=|,]+=[^\s=|,]+(,[^\s=|,]+)*")
NUMBER = re.compile(r"0|[1-9][0-9]{0,8}")
RANGE = re.compile(r"([1-9][0-9]{0,8})-([1-9][0-9]{0,8})")
EMPTY_NODE = re.compile(r"([0-9]{1,9})\.[1-9][0-9]{0,8}")


@dataclass
class Sentence:
    """One sentence, its columns side by side. ``heads`` count from 0; a root is its own head."""

    path: Path
    line: int  # where its first word stands
    words: list[str] = field(default_factory=list)
    spaces: list[bool] = field(default_factory=list)
    lemmas: list[str] = field(default_factory=list)
    upos: list[str] = field(default_factory=list)
    xpos: list[str] = field(default_factory=list)
    feats: list[str] = field(default_factory=list)
    heads: list[int | None] = field(default_factory=list)
    deprels: list[str] = field(default_factory=list)
    new_document: bool = False  # it is the first one below a "# newdoc"; set by the reader of the file
    apart: int = 0  # multiword tokens whose words do not add up to the surface form, so are written apart

    @property
    def roots(self) -> int:
        return sum(head == i for i, head in enumerate(self.heads))


def parse_sentence(path: Path, first_line: int, rows: list[str], words_only: bool = False) -> Sentence | None:
    """Check the lines of one sentence, from the top of its comments. None if there are only comments.

    words_only: words and spaces, whatever stands in the columns of tags, features and heads.
    """
    sentence = Sentence(path, first_line)
    lines: list[int] = []  # where each word stands
    ranges: list[tuple[int, int, list[str], int]] = []
    for line, row in enumerate(rows, start=first_line):
        if row.startswith("#"):
            continue
        columns = row.split("\t")
        if len(columns) != 10:
            raise _error(Errors.R304, path, line, found=len(columns))
        if columns[0] == str(len(lines) + 1):
            _add_word(sentence, columns, line)
            if not words_only:
                _add_annotation(sentence, columns, line)
            lines.append(line)
        else:
            _add_special(sentence, columns, line, ranges)
    if not lines:
        if ranges:
            raise _error(Errors.R314, path, ranges[0][3], value=ranges[0][2][0])
        return None
    sentence.line = lines[0]
    _join_ranges(sentence, ranges)
    _check_forms(sentence, lines)
    _check_heads(sentence, lines)
    return sentence


def _error(message: str, path: Path, line: int, **details) -> RNNError:
    return RNNError(message.format(path=path, line=line, **details))


def _add_word(sentence: Sentence, columns: list[str], line: int) -> None:
    form, lemma, misc = columns[1], columns[2], columns[9]
    if not form.strip() or (form == "_" and lemma != "_"):
        raise _error(Errors.R307, sentence.path, line)
    sentence.words.append(form)
    sentence.spaces.append("SpaceAfter=No" not in misc.split("|"))


def _add_annotation(sentence: Sentence, columns: list[str], line: int) -> None:
    _, form, lemma, upos, xpos, feats, head, deprel, _, _ = columns
    if upos != "_" and upos not in UPOS:
        raise _error(Errors.R312, sentence.path, line, value=upos, known=" ".join(sorted(UPOS)))
    if not _well_formed(feats):
        raise _error(Errors.R313, sentence.path, line, value=feats)
    if head != "_" and not NUMBER.fullmatch(head):
        raise _error(Errors.R309, sentence.path, line, value=head)
    sentence.lemmas.append(lemma if lemma != "_" or form == "_" else "")
    sentence.upos.append(upos if upos != "_" else "")
    sentence.xpos.append(xpos if xpos != "_" else "")
    sentence.feats.append(feats)
    i = len(sentence.heads)
    sentence.heads.append(None if head == "_" else int(head) - 1 if head != "0" else i)
    if head == str(i + 1):
        raise _error(Errors.R311, sentence.path, line, cycle=f"{head} -> {head}")
    sentence.deprels.append(deprel if deprel != "_" else "")


@lru_cache(maxsize=100_000)
def _well_formed(feats: str) -> bool:
    if feats == "_":
        return True
    features = feats.split("|")
    names = {feature.split("=")[0] for feature in features}
    return len(names) == len(features) and all(FEATURE.fullmatch(feature) for feature in features)


def _add_special(sentence: Sentence, columns: list[str], line: int, ranges: list) -> None:
    """A range, an empty node, or an ID that should not be here."""
    expected = len(sentence.words) + 1
    if found := RANGE.fullmatch(columns[0]):
        start, end = map(int, found.groups())
        if ranges and start <= ranges[-1][1] or end < start:
            raise _error(Errors.R314, sentence.path, line, value=columns[0])
        if start == expected:
            ranges.append((start, end, columns, line))
            return
    elif found := EMPTY_NODE.fullmatch(columns[0]):
        if int(found[1]) == expected - 1:
            return
    elif not NUMBER.fullmatch(columns[0]):
        raise _error(Errors.R305, sentence.path, line, value=columns[0])
    raise _error(Errors.R306, sentence.path, line, value=columns[0], expected=expected)


def _join_ranges(sentence: Sentence, ranges: list[tuple[int, int, list[str], int]]) -> None:
    """No space inside a multiword token whose words add up to it; the range says what follows its last word."""
    for start, end, columns, line in ranges:
        if end > len(sentence.words):
            raise _error(Errors.R314, sentence.path, line, value=columns[0])
        together = "".join(sentence.words[start - 1 : end]) == columns[1]
        sentence.apart += not together
        sentence.spaces[start - 1 : end - 1] = [not together] * (end - start)
        sentence.spaces[end - 1] = "SpaceAfter=No" not in columns[9].split("|")


def _check_forms(sentence: Sentence, lines: list[int]) -> None:
    if len(lines) > 1 and all(word == "_" for word in sentence.words):
        raise _error(Errors.R308, sentence.path, lines[0])


def _check_heads(sentence: Sentence, lines: list[int]) -> None:
    """Every head inside the sentence, and every word on a way to a root (or to a word without a head)."""
    heads = sentence.heads
    for i, head in enumerate(heads):
        if head is not None and head >= len(heads):
            raise _error(Errors.R310, sentence.path, lines[i], value=head + 1, words=len(heads))
    checked: set[int | None] = {None}
    for start in range(len(heads)):
        way, i = [], start
        while i not in checked:
            checked.add(i)
            way.append(i)
            i = heads[i] if heads[i] != i else None
        if i in way:
            cycle = way[way.index(i) :] + [i]
            raise _error(Errors.R311, sentence.path, lines[i], cycle=" -> ".join(str(j + 1) for j in cycle))
