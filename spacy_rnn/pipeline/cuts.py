"""Morphemes <-> one number for each character of a word.

The number of a character says its label (BMES and the type of its morpheme) and its edit (see edits):
number of the edit * number of labels + number of the label. Where morphemes are cuts of their word there is one edit.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from spacy.training import Example

from ..nets.schemes import labels_of
from .edits import SAME, aligned, edited
from .morphemes import Morpheme, ends_of, is_word, letters

SCHEME = "BMES"
UNTYPED = "morpheme"  # the type, in labels, of morphemes without one
LabelPath = list[int]  # the numbers of a word's characters


class GoldCut(NamedTuple):
    """A word of the gold, its parts, their types, where they end, the edits; no ends where the parts are none of it."""

    form: str
    parts: list[str]
    types: list[str]
    ends: list[int]
    edits: list[str]


def gold_cuts(examples: Iterable[Example], lower: bool, edits: bool) -> Iterator[GoldCut]:
    """The words that have morphemes. lower: read in lower case. edits: whether parts may differ from the word's."""
    for example in examples:
        for token in example.reference:
            morphemes = token._.morphemes
            form = letters(token.text, lower)[0] if morphemes else ""
            if is_word(form):
                yield gold_cut(form, morphemes, lower, edits)


def gold_cut(form: str, morphemes: list[Morpheme], lower: bool, edits: bool) -> GoldCut:
    parts = [letters(morpheme, lower)[0] for morpheme in morphemes]
    types = [morpheme.type or UNTYPED for morpheme in morphemes]
    ends = ends_of(morphemes, form, lower)
    if ends is not None:
        return GoldCut(form, parts, types, ends, [SAME] * len(form))
    return GoldCut(form, parts, types, *((edits and aligned(form, parts)) or ([], [])))


class CutLabels:
    """What the numbers mean. types: of morphemes. edits: the first of them SAME."""

    def __init__(self, types: list[str], edits: list[str]):
        self.types, self.edits = list(types), list(edits)
        self.names = labels_of(self.types, SCHEME)
        self.size = len(self.names)

    def path(self, cut: GoldCut) -> LabelPath | None:
        """None if a type or an edit is unknown, or the parts are none of the word."""
        if not cut.ends or not set(cut.types) <= set(self.types) or not set(cut.edits) <= set(self.edits):
            return None
        labels: list[int] = []
        for type_, end in zip(cut.types, cut.ends, strict=True):
            first, length = 4 * self.types.index(type_), end - len(labels)  # B, M, E, S
            labels += [first, *[first + 1] * (length - 2), first + 2] if length > 1 else [first + 3]
        return [self.edits.index(edit) * self.size + label for edit, label in zip(cut.edits, labels, strict=True)]

    def morphemes(self, pieces: list[str], path: LabelPath) -> list[tuple[str, str]]:
        """Text and type of each morpheme of a word whose characters are these pieces."""
        found, begin = [], 0
        for place, number in enumerate(path, start=1):
            label = number % self.size
            if label % 4 >= 2 or place == len(path):  # E, S
                own = pieces[begin:place]
                kept = [
                    edited(piece, self.edits[n // self.size]) for piece, n in zip(own, path[begin:place], strict=True)
                ]
                type_ = self.types[label // 4]
                found.append(("".join(kept) or "".join(own), "" if type_ == UNTYPED else type_))
                begin = place
        return found
