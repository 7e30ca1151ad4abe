"""What a segmenter is taught by words without gold: which they are, and how a pipeline trained before cuts them."""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate
from pathlib import Path

import numpy
from spacy.util import load_model

from ..errors import Errors, RNNError
from .base import TorchPipe
from .members import BestPath
from .morphemes import is_word, letters

TEACHER = "the folder of a pipeline that has an rnn_segmenter of this name, with the same types, edits and case"
CHUNK = 5000  # words that a teacher cuts at once
SURE = 0.5  # probability from which on what a teacher says of a word is learned
ENDING = 3  # characters at the end of a word that tell what form it is


def raw_forms(words: Iterable[str], lower: bool) -> list[str]:
    """The words as the network reads them, each once, without what is none."""
    forms = dict.fromkeys(letters(word, lower)[0] for word in words)
    return [form for form in forms if is_word(form)]


def load_teacher(path: str | Path, pupil: TorchPipe) -> TorchPipe:
    try:
        teacher = load_model(path).get_pipe(pupil.name)
    except (OSError, KeyError) as error:
        raise RNNError(Errors.R149.format(setting="teacher", value=str(path), wanted=TEACHER)) from error
    same = ("lower", "types", "edits")
    if not isinstance(teacher, type(pupil)) or any(teacher.cfg[key] != pupil.cfg[key] for key in same):
        raise RNNError(Errors.R149.format(setting="teacher", value=str(path), wanted=TEACHER))
    return teacher


def taught_paths(paths_of: Callable[[list[str]], list[BestPath]], forms: list[str]) -> list[BestPath]:
    return [path for begin in range(0, len(forms), CHUNK) for path in paths_of(forms[begin : begin + CHUNK])]


def taught_cuts(paths: list[BestPath]) -> numpy.ndarray:
    """For each character of all words whether there is a cut behind it; the end of a word is none."""
    cuts = [cut for path in paths for cut in [*(number % 4 >= 2 for number in path.labels[:-1]), False]]  # E, S
    return numpy.array(cuts, dtype="float64")


class Lesson:
    """Words that a teacher has cut, to learn from them as from gold, those of the same kind as gold the more often.

    Text has many forms that gold does not, if it is a dictionary. So a word is drawn the more often, the more frequent
    its ending is in gold, and the rarer in text; words without an ending of gold never are.
    """

    def __init__(self, forms: Sequence[str] = (), paths: Sequence[BestPath] = (), gold: Iterable[str] = ()):
        wanted, there = (Counter(form[-ENDING:] for form in words) for words in (gold, forms))
        pairs = zip(forms, paths, strict=True)
        self.words = [
            (form, tuple(path.labels)) for form, path in pairs if path.probability >= SURE and wanted[form[-ENDING:]]
        ]
        shares = (wanted[form[-ENDING:]] / there[form[-ENDING:]] for form, _ in self.words)
        self.weights = list(accumulate(min(1.0, share) for share in shares))

    def draw(self, size: int) -> list[tuple[str, tuple[int, ...]]]:
        return random.choices(self.words, cum_weights=self.weights, k=size) if self.words else []
