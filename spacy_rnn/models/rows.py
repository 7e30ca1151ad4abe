"""Which row of a table belongs to a word: thousands of words at a time, by their hashes."""

from collections import Counter
from collections.abc import Iterable

import numpy
from spacy.strings import get_string_id


class WordRows:
    """`words` is the list of words that have a row; the word in place i has row i + 1, unknown words have row 0."""

    def __init__(self, words: list[str], max_words: int, min_freq: int):
        self.words, self.max_words, self.min_freq = words, max_words, min_freq
        self.counts: Counter[int] = Counter()  # of words without a row, by their hashes
        self._index()

    def rows(self, hashes: numpy.ndarray) -> numpy.ndarray:
        """T uint64 -> T int64."""
        if not len(self.hashes):
            return numpy.zeros(len(hashes), dtype="int64")
        places = numpy.minimum(numpy.searchsorted(self.hashes, hashes), len(self.hashes) - 1)
        return numpy.where(self.hashes[places] == hashes, self.places[places], 0)

    def learn(self, counts: Counter[str]) -> None:
        """Give rows to the frequent words of a corpus, the most frequent first."""
        frequent = [word for word, count in counts.items() if count >= self.min_freq]
        frequent.sort(key=lambda word: (-counts[word], word))
        self._add(frequent)

    def grow(self, hashes: numpy.ndarray, strings) -> None:
        """Count the words of a training batch; those met often enough by now get a row, while there are any.

        strings: the StringStore that knows the words of the hashes.
        """
        if len(self.words) >= self.max_words:
            return
        new = hashes[self.rows(hashes) == 0].tolist()
        self.counts.update(new)
        self._add(strings[number] for number in sorted(n for n in set(new) if self.counts[n] >= self.min_freq))

    def _add(self, words: Iterable[str]) -> None:
        before = len(self.words)
        self.words.extend(list(words)[: self.max_words - before])
        if len(self.words) > before:
            self._index()

    def _index(self) -> None:
        hashes = numpy.array([get_string_id(word) for word in self.words], dtype="uint64")
        order = numpy.argsort(hashes)
        self.hashes, self.places = hashes[order], order + 1
