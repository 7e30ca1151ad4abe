"""Texts into parts of given sizes, so that each part has its share of each label.

One text may have several labels: those of the rarest label are dealt first, each text to the part that lacks this label
most (iterative stratification: Sechidis, Tsoumakas and Vlahavas 2011). With one label for each text, every part gets
its share of each label, give or take one.
"""

import random
from collections.abc import Collection, Sequence
from pathlib import Path

import srsly

from ..errors import Errors, RNNError

UNLABELLED = ""


def partition(labels: Sequence[Collection[str]], shares: Sequence[float], seed: int) -> list[int]:
    """The part of each text, from 0. shares: of the texts, for each part; labels: those of each text."""
    rng = random.Random(seed)
    order = list(range(len(labels)))
    rng.shuffle(order)
    sets = [set(each) or {UNLABELLED} for each in labels]
    holders: dict[str, list[int]] = {}
    for text in order:
        for label in sorted(sets[text]):
            holders.setdefault(label, []).append(text)
    left = {label: len(texts) for label, texts in holders.items()}
    lacking = {label: [share * count for share in shares] for label, count in left.items()}
    room = [share * len(labels) for share in shares]
    parts = [-1] * len(labels)
    while left:
        rarest = min(left, key=lambda label: (left[label], label))
        for text in holders[rarest]:
            if parts[text] < 0:
                parts[text] = max(range(len(shares)), key=lambda p: (lacking[rarest][p], room[p], rng.random()))
                room[parts[text]] -= 1
                for label in sets[text] & left.keys():
                    lacking[label][parts[text]] -= 1
                    left[label] -= 1
        del left[rarest]
    return parts


def draw_share(labels: Sequence[Collection[str]], share: float, seed: int) -> set[int]:
    """The numbers of the texts of a part of this share: one at least, and not all."""
    parts = partition(labels, [1 - share, share], seed)
    drawn = {text for text, part in enumerate(parts) if part}
    one = random.Random(seed).randrange(len(labels))
    return drawn - {one} if len(drawn) == len(labels) else drawn or {one}


def read_folds(path: str | Path, texts: int) -> list[int]:
    """The fold of each text, from 0: out of a JSON list with a number or name for each, or of our folds.json. R539."""
    try:
        found = srsly.read_json(path)
    except (OSError, ValueError) as error:
        raise RNNError(Errors.R539.format(path=path, reason=error)) from error
    found = found.get("folds") if isinstance(found, dict) else found
    if not isinstance(found, list) or not all(isinstance(x, (int, str)) for x in found):
        raise RNNError(Errors.R539.format(path=path, reason="no list of numbers"))
    if len(found) != texts:
        raise RNNError(Errors.R539.format(path=path, reason=f"{len(found):,} folds for {texts:,} texts"))
    return number_folds(found, path)


def number_folds(found: Sequence[int | str], path: str | Path) -> list[int]:
    """Whatever the folds are called, numbers from 0, in their order."""
    names = sorted(set(found), key=lambda x: (isinstance(x, str), x))
    if len(names) < 2:
        raise RNNError(Errors.R539.format(path=path, reason="all texts are in the same fold"))
    numbers = {name: number for number, name in enumerate(names)}
    return [numbers[x] for x in found]
