"""What a segmenter is taught by words without gold: which they are, and where a pipeline trained before cuts them."""

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy
from spacy.util import load_model

from ..errors import Errors, RNNError
from .base import TorchPipe
from .cuts import LabelPath
from .morphemes import is_word, letters

TEACHER = "the folder of a pipeline that has an rnn_segmenter of this name, with the same setting of lower"
CHUNK = 5000  # words that a teacher cuts at once


def raw_forms(words: Iterable[str], lower: bool) -> list[str]:
    """The words as the network reads them, each once, without what is none."""
    forms = dict.fromkeys(letters(word, lower)[0] for word in words)
    return [form for form in forms if is_word(form)]


def load_teacher(path: str | Path, pupil: TorchPipe) -> TorchPipe:
    try:
        teacher = load_model(path).get_pipe(pupil.name)
    except (OSError, KeyError) as error:
        raise RNNError(Errors.R149.format(setting="teacher", value=str(path), wanted=TEACHER)) from error
    if not isinstance(teacher, type(pupil)) or teacher.cfg["lower"] != pupil.cfg["lower"]:
        raise RNNError(Errors.R149.format(setting="teacher", value=str(path), wanted=TEACHER))
    return teacher


def taught_cuts(paths_of: Callable[[list[str]], dict[str, LabelPath]], forms: list[str]) -> numpy.ndarray:
    """For each character of all forms whether the teacher cuts behind it; the end of a word is no cut.

    paths_of: the labels that the teacher gives to forms.
    """
    cuts: list[bool] = []
    for begin in range(0, len(forms), CHUNK):
        chunk = forms[begin : begin + CHUNK]
        paths = paths_of(chunk)
        for form in chunk:
            cuts += [number % 4 >= 2 for number in paths[form][:-1]] + [False]  # E, S
    return numpy.array(cuts, dtype="float64")
