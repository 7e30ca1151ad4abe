"""What a map shows: words, where they lie, and which of them are joined by arrows. Read ``draw_map`` first."""

from dataclasses import dataclass, field

import numpy

from ...errors import Errors, RNNError
from ...vectors.space import Neighbour, Space, unit
from .projection import pca, tsne

METHODS = ("pca", "tsne")
NEIGHBOURS = 10  # told for each word of a page
WORDS_AT_ONCE = 1024
PERPLEXITY = 30.0
MOST = 8000  # words for t-SNE, which then needs some 3 GB


@dataclass
class Choice:
    """Words to show, in order of importance, each with its group; and pairs of them, from -> to."""

    groups: dict[str, str] = field(default_factory=dict)  # word -> group ("" for none)
    pairs: list[tuple[str, str]] = field(default_factory=list)

    def add(self, word: str, group: str = "") -> None:
        self.groups.setdefault(word, group)

    def add_pair(self, first: str, second: str, group: str = "") -> None:
        self.add(first, group)
        self.add(second, group)
        self.pairs.append((first, second))


@dataclass
class WordMap:
    words: list[str]
    points: numpy.ndarray  # words x 2
    groups: list[str]
    pairs: list[tuple[int, int]]  # places in ``words``
    method: str
    explained: float | None  # share of the variance that is in the plane (PCA)
    vectors: numpy.ndarray  # words x dim, each of length 1
    rows: list[int | None]  # of the vocabulary


def draw_map(
    space: Space, choice: Choice, method: str = "pca", perplexity: float | None = None, seed: int = 0
) -> WordMap:
    """Both methods see vectors of length 1, so that near means a high cosine. ``perplexity`` None: 30, or what so few
    words allow."""
    if method not in METHODS:
        raise RNNError(Errors.R275.format(method=method))
    count = len(choice.groups)
    if count < 3:
        raise RNNError(Errors.R274.format(words=count))
    if method == "tsne" and count > MOST:
        raise RNNError(Errors.R277.format(words=count, most=MOST))
    highest = (count - 1) / 3
    if perplexity is not None and perplexity > highest:
        raise RNNError(Errors.R459.format(perplexity=perplexity, words=count, most=highest))
    found = {word: space.require(word) for word in choice.groups}
    vectors = unit(numpy.stack([word.vector for word in found.values()]))
    points, explained = pca(vectors)
    if method == "tsne":
        points, explained = tsne(vectors, perplexity or min(PERPLEXITY, highest), seed), None
    places = {word: place for place, word in enumerate(found)}
    pairs = [(places[first], places[second]) for first, second in dict.fromkeys(choice.pairs)]
    rows = [word.row for word in found.values()]
    return WordMap(list(found), points, list(choice.groups.values()), pairs, method, explained, vectors, rows)


def describe(drawn: WordMap) -> str:
    words = f"{len(drawn.words):,} words"
    if drawn.method == "tsne":
        return f"t-SNE of {words}: near words are alike, distances between groups say little"
    return f"Principal components of {words}: the plane shows {100 * (drawn.explained or 0):.0f}% of their variance"


def neighbours(space: Space, drawn: WordMap) -> list[list[Neighbour]]:
    """The nearest words of the whole vocabulary for each word of the map, in all dimensions."""
    found: list[list[Neighbour]] = []
    for start in range(0, len(drawn.words), WORDS_AT_ONCE):
        cosines = drawn.vectors[start : start + WORDS_AT_ONCE] @ space.units.T  # words x vocabulary
        rows = drawn.rows[start : start + WORDS_AT_ONCE]
        found.extend(space.best(line, NEIGHBOURS, [row]) for line, row in zip(cosines, rows, strict=True))
    return found


def frequent_words(space: Space, n: int) -> list[str]:
    """The ``n`` first words of the vocabulary that are made of letters."""
    return [word for word in space.words if word.replace("-", "").isalpha()][:n]
