"""All sets at once: what ``spacy rnn vectors evaluate`` does without the shell."""

import importlib.util
from dataclasses import dataclass, field
from pathlib import Path

from ...errors import Errors, RNNError
from ..space import Space
from .analogies import LIMIT, AnalogyResult, evaluate_analogies
from .misspellings import MisspellingResult, evaluate_misspellings
from .sets import EvaluationSet, read_set
from .similarity import SimilarityResult, evaluate_similarity

BUNDLED = ("wordsim353.tsv", "simlex999.txt", "questions-words.txt")  # with gensim; all English
ENOUGH = 0.2  # share of the words of WordSim-353 that English vectors know at least


@dataclass
class Results:
    similarity: list[SimilarityResult] = field(default_factory=list)
    analogies: list[AnalogyResult] = field(default_factory=list)
    misspellings: list[MisspellingResult] = field(default_factory=list)


def evaluate(space: Space, sets: list[EvaluationSet], limit: int = LIMIT) -> Results:
    """``limit``: analogies are asked among this many most frequent words; 0: among all."""
    results = Results()
    for each in sets:
        if each.pairs is not None:
            results.similarity.append(evaluate_similarity(space, each.pairs, each.name))
        elif each.sections is not None:
            results.analogies.append(evaluate_analogies(space, each.sections, each.name, limit))
        else:
            results.misspellings.append(evaluate_misspellings(space, each.misspellings or [], each.name))
    return results


def bundled_sets(space: Space) -> list[EvaluationSet]:
    """The English sets that come with gensim. Vectors that do not know their words are of another language."""
    spec = importlib.util.find_spec("gensim")
    folder = Path(spec.origin).parent / "test" / "test_data" if spec and spec.origin else None
    files = [folder / name for name in BUNDLED if (folder / name).is_file()] if folder else []
    if not files:
        raise RNNError(Errors.R272)
    sets = [read_set(file) for file in files]
    words = {word for each in sets for pair in each.pairs or [] for word in pair[:2]}
    known = sum(space.row(word) is not None for word in words)
    if space.words and known < ENOUGH * len(words):
        raise RNNError(Errors.R273.format(known=known, words=len(words)))
    return sets
