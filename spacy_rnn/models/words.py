"""What the embedding nets read of a word: its row in the word table, its characters, its hashed n-grams. Remembered
for each form.

A vocabulary can be given whole (`learn` with the counts of a corpus; `rnn_tagger` does so when it is initialised) or
grow by itself from the training batches, which is what happens inside components that show their model only a few
documents, such as spaCy's own `tok2vec`.
"""

import zlib
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

import numpy

from ..forms import normalize as normal_form

CHAR_ROWS = 8192  # a character's row is its code point modulo this: alphabets stay apart, rare symbols may share
LONGEST = 48  # characters of a word that are looked at: the first and the last half of these
REMEMBERED = 500_000  # forms whose features are kept; then the memory starts anew


class WordFeatures(NamedTuple):
    row: int  # in the word table, 0 for unknown
    chars: numpy.ndarray  # int64, boundaries included
    ngrams: numpy.ndarray  # int64, rows of the n-gram table


class WordReader:
    """Forms to features. `words` is the list of known words; the word in place i has row i + 1."""

    def __init__(
        self,
        words: list[str],
        max_words: int,
        min_freq: int,
        ignore_case: bool,
        ngram_rows: int,
        ngram_sizes: list[int],
        normalize: list[str] | None = None,
    ):
        self.words, self.max_words, self.min_freq, self.ignore_case = words, max_words, min_freq, ignore_case
        self.ngram_rows, self.ngram_sizes, self.normalize = ngram_rows, ngram_sizes, normalize or []
        self.rows = {word: i + 1 for i, word in enumerate(words)}
        self.counts: Counter[str] = Counter()
        self.known: dict[int, WordFeatures] = {}

    def learn(self, counts: Counter[str]) -> None:
        """Take the frequent words of a corpus, the most frequent first."""
        for form, count in counts.items():
            self.counts[self.word(form)] += count
        frequent = [word for word, count in self.counts.items() if count >= self.min_freq]
        self._add(sorted(frequent, key=lambda word: (-self.counts[word], word)))

    def grow(self, forms: Iterable[str]) -> None:
        """Count the forms of a training batch; those seen often enough by now get a row, while there are any."""
        if len(self.words) >= self.max_words:
            return
        new = [word for word in map(self.word, forms) if word not in self.rows]
        self.counts.update(new)
        self._add(sorted({word for word in new if self.counts[word] >= self.min_freq}))

    def word(self, form: str) -> str:
        """The entry of a form in the vocabulary."""
        form = normal_form(form, self.normalize)
        return form.lower() if self.ignore_case else form

    def read(self, orths: list[int], strings) -> list[WordFeatures]:
        """The features of each form, given by its hash in a StringStore."""
        if len(self.known) > REMEMBERED:
            self.known.clear()
        known = self.known
        for orth in orths:
            if orth not in known:
                known[orth] = self.features(strings[orth])
        return [known[orth] for orth in orths]

    def features(self, form: str) -> WordFeatures:
        seen = form if len(form) <= LONGEST else form[: LONGEST // 2] + form[-LONGEST // 2 :]
        chars = [1, *(2 + ord(char) % (CHAR_ROWS - 3) for char in seen), CHAR_ROWS - 1]
        ngrams = ngram_hashes(seen, self.ngram_sizes, self.ngram_rows) if self.ngram_rows else []
        return WordFeatures(self.rows.get(self.word(form), 0), numpy.array(chars), numpy.array(ngrams, dtype="int64"))

    def collisions(self) -> tuple[int, int]:
        """How many distinct n-grams the known words have, and how many of them share a row with another."""
        grams = {gram for word in self.words for gram in ngrams(word, self.ngram_sizes)}
        rows = Counter(_row(gram, self.ngram_rows) for gram in grams)
        return len(grams), sum(count for count in rows.values() if count > 1)

    def _add(self, words: list[str]) -> None:
        for word in words[: self.max_words - len(self.words)]:
            self.words.append(word)
            self.rows[word] = len(self.words)
        if words:
            self.known.clear()


def ngrams(form: str, sizes: list[int]) -> list[str]:
    """#word# -> #wo, wor, ord, rd#, for each size from sizes[0] to sizes[1]."""
    marked = f"#{form}#"
    return [marked[i : i + n] for n in range(sizes[0], sizes[1] + 1) for i in range(len(marked) - n + 1)]


def ngram_hashes(form: str, sizes: list[int], rows: int) -> list[int]:
    return [_row(gram, rows) for gram in ngrams(form, sizes)]


def _row(gram: str, rows: int) -> int:
    return zlib.crc32(gram.encode("utf8", "surrogatepass")) % rows
