"""What fastText minimises, measured: the negative-sampling loss on a fixed sample of windows, in nats per pair.

Mikolov et al. 2013, "Distributed Representations of Words and Phrases", equation 4: for an input vector h, the right
word's output vector and those of k random words,  loss = -log s(h . right) - sum log s(-h . wrong).  A model that
knows nothing is at (k + 1) log 2. gensim's own loss stays at 0 for fastText, so this evaluates the formula itself.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

import numpy

if TYPE_CHECKING:
    from gensim.models import FastText

MAX_PAIRS = 20_000


class NegativeSamplingLoss:
    """``loss()`` is the current loss of ``model`` on the windows drawn at the beginning."""

    def __init__(self, model: "FastText", sentences: Iterable[list[int]], seed: int):
        rng = numpy.random.default_rng(seed)
        pairs = list(islice(_pairs(model, sentences, rng), MAX_PAIRS))
        inputs = [words for words, _ in pairs]
        self.model = model
        self.starts = numpy.cumsum([0, *map(len, inputs)])[:-1]
        self.words, self.inputs = numpy.unique([word for words in inputs for word in words], return_inverse=True)
        self.right = numpy.array([word for _, word in pairs], dtype=numpy.int64)  # pairs
        draws = rng.integers(model.cum_table[-1], size=(len(pairs), model.negative))
        self.wrong = numpy.searchsorted(model.cum_table, draws)  # pairs x negative
        self.counted = self.wrong != self.right[:, None]  # as in training, a right word is not taken for a wrong one

    def __len__(self) -> int:
        return len(self.right)

    def __call__(self) -> float:
        hidden = self._hidden()  # pairs x dim
        output = self.model.syn1neg  # words x dim
        right = numpy.einsum("pd,pd->p", hidden, output[self.right])
        wrong = numpy.einsum("pd,pnd->pn", hidden, output[self.wrong])
        return float((_softplus(-right) + (_softplus(wrong) * self.counted).sum(axis=1)).mean())

    def _hidden(self) -> numpy.ndarray:
        """The input vectors, as gensim computes them in training: the mean of all words and n-grams in the window,
        but for skip-gram the sum of the centre word and its n-grams over the number of n-grams alone."""
        wv = self.model.wv
        sums = numpy.stack(
            [wv.vectors_vocab[i] + wv.vectors_ngrams[wv.buckets_word[i]].sum(axis=0) for i in self.words]
        )
        sizes = numpy.array([len(wv.buckets_word[i]) for i in self.words])
        sizes = numpy.maximum(sizes, 1) if self.model.sg else sizes + 1
        totals = numpy.add.reduceat(sums[self.inputs], self.starts, axis=0)
        return totals / numpy.add.reduceat(sizes[self.inputs], self.starts)[:, None]


def _softplus(x: numpy.ndarray) -> numpy.ndarray:  # -log s(-x)
    return numpy.logaddexp(0, x)


def _pairs(model: "FastText", sentences: Iterable[list[int]], rng) -> Iterator[tuple[list[int], int]]:
    """(input words, word to predict), with windows randomly reduced as in training. Frequent words are not thinned
    out: of a small corpus nothing might be left, and what the model says of them counts as well."""
    for words in sentences:
        for i, centre in enumerate(words):
            reach = int(rng.integers(1, model.window + 1))
            context = words[max(0, i - reach) : i] + words[i + 1 : i + 1 + reach]
            if model.sg:
                yield from (([centre], word) for word in context)
            elif context:
                yield context, centre
