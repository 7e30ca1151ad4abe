"""Analogies: a is to b as c is to what? The answer is the word nearest to b - a + c, the three left out.

3CosAdd (Mikolov et al. 2013, "Linguistic Regularities") takes the word x with the highest cos(x,b) - cos(x,a) +
cos(x,c); 3CosMul (Levy & Goldberg 2014, "Linguistic Regularities in Sparse and Explicit Word Representations") the
highest cos(x,b) cos(x,c) / (cos(x,a) + 0.001), cosines moved to 0..1. Each section's words are compared with the
vocabulary in one product of matrices; every question is then three of its rows.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy

from ..space import Space

EPSILON = 0.001
LIMIT = 30_000
QUESTIONS_AT_ONCE = 256
WORDS_AT_ONCE = 2**15  # of the vocabulary, so that memory does not grow with it
METHODS = ("add", "mul")


class Question(NamedTuple):
    a: str
    b: str
    c: str
    answer: str


@dataclass
class SectionResult:
    """Of ``total`` questions ``asked`` were put; the others have a word outside the vocabulary."""

    name: str
    total: int
    asked: int
    right: dict[str, int]  # method -> questions answered right

    def accuracy(self, method: str) -> float | None:
        return self.right[method] / self.asked if self.asked else None


@dataclass
class AnalogyResult:
    name: str
    limit: int
    sections: list[SectionResult] = field(default_factory=list)

    def total(self, kind: str = "") -> SectionResult:
        """All sections together, or only the "semantic" or the "syntactic" ones: as in the original script, sections
        called gram... are syntactic."""
        chosen = [s for s in self.sections if not kind or s.name.startswith("gram") == (kind == "syntactic")]
        right = {method: sum(s.right[method] for s in chosen) for method in METHODS}
        return SectionResult(kind or "total", sum(s.total for s in chosen), sum(s.asked for s in chosen), right)


def evaluate_analogies(
    space: Space, sections: dict[str, list[Question]], name: str = "", limit: int = LIMIT
) -> AnalogyResult:
    """``limit``: only the most frequent words count, in questions and as answers; 0: all of them."""
    frequent = Space(space.words[: limit or None], space.vectors[: limit or None], normalize=space.normalize)
    return AnalogyResult(name, limit, [_evaluate(frequent, *section) for section in sections.items()])


def _evaluate(space: Space, name: str, questions: list[Question]) -> SectionResult:
    rows = [[space.row(word) for word in question] for question in questions]
    known = numpy.array([row for row in rows if None not in row], dtype=numpy.int64).reshape(-1, 4)  # questions x 4
    right = {method: 0 for method in METHODS}
    for method, answers in answer(space, known[:, :3]).items():
        right[method] = int((answers == known[:, 3]).sum())
    return SectionResult(name, len(questions), len(known), right)


def answer(space: Space, asked: numpy.ndarray) -> dict[str, numpy.ndarray]:
    """By each method, the word (row) that answers each of ``asked`` (questions x a, b, c)."""
    words, places = numpy.unique(asked, return_inverse=True)
    places = places.reshape(-1, 3)
    best = {method: numpy.full(len(asked), -numpy.inf, dtype=numpy.float32) for method in METHODS}
    answers = {method: numpy.zeros(len(asked), dtype=numpy.int64) for method in METHODS}
    for first in range(0, len(space.words), WORDS_AT_ONCE):
        cosines = space.units[words] @ space.units[first : first + WORDS_AT_ONCE].T  # words asked about x words
        for start in range(0, len(asked), QUESTIONS_AT_ONCE):
            batch = slice(start, start + QUESTIONS_AT_ONCE)
            a, b, c = (cosines[column] for column in places[batch].T)  # questions x words
            for method in METHODS:
                scores = combine(a, b, c, method)
                _leave_out(scores, asked[batch] - first)
                found = scores.argmax(axis=1)
                score = scores.max(axis=1)
                better = score > best[method][batch]
                best[method][batch][better] = score[better]
                answers[method][batch][better] = found[better] + first
    return answers


def _leave_out(scores: numpy.ndarray, columns: numpy.ndarray) -> None:
    """Nobody answers with a word of the question."""
    questions, which = numpy.nonzero((columns >= 0) & (columns < scores.shape[1]))
    scores[questions, columns[questions, which]] = -numpy.inf


def combine(a: numpy.ndarray, b: numpy.ndarray, c: numpy.ndarray, method: str) -> numpy.ndarray:
    """How well each word answers, from its cosines with the three words of the question."""
    if method == "add":
        return b - a + c
    return (1 + b) * (1 + c) / (2 * (1 + a) + 4 * EPSILON)  # with (1 + cos) / 2 for each cosine
