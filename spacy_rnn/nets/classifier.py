"""Text classification, many tokens to one decision: p = softmax(W z + b), where z is what a reader makes of the text.

    bag   z = sum, mean or maximum of the word vectors, one or several of them side by side
    cnn   C_i = [x_{i-k} .. x_{i+k}], z_i = ReLU(F C_i), z = max over positions    (Kim 2014, arXiv:1408.5882)
          a filter is a soft n-gram: its maximum says how much like its n-gram the most similar place is
    rnn   the last state, or a mean, maximum or weighted sum of the states

Hashed n-grams of words may help each of them: by a score for each label, which is added to the logits, as in a linear
classifier; or by vectors, whose mean stands beside z (Joulin et al. 2017, arXiv:1607.01759). Start reading at
`TextClassifier.forward`.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy
import torch
from torch import Tensor, nn

from . import sliding
from .dropout import Dropout
from .lstm import distinct
from .masks import Words, wide_windows, windows
from .pooling import POOLINGS, AttentionPooling, last_states, most_over_time
from .recurrent import RecurrentEncoder


class BagReader(nn.Module):
    """Words -> texts x n_in * len(pooling)."""

    def __init__(self, n_in: int, pooling: list[str]):
        super().__init__()
        self.pooling = pooling
        self.width = n_in * len(pooling)

    def forward(self, words: Words) -> Tensor:
        return torch.cat([POOLINGS[name](words.flat, words.lengths) for name in self.pooling], dim=1)


class FilterReader(nn.Module):
    """Filters of several sizes, in one or several layers, the maximum over positions: texts x filters * len(sizes).

    The last layer sees all windows that hold a word of the text; those below it one around each word. What a filter of
    the first layer adds up is known for each word of the batch and each place in the window, and looked up.
    """

    def __init__(self, n_in: int, filters: int, sizes: list[int], depth: int = 1):
        super().__init__()
        self.sizes = sizes
        self.width = filters * len(sizes)
        widths = [n_in] + [self.width] * (depth - 1)
        self.layers = nn.ModuleList(
            nn.ModuleList(nn.Linear(width * size, filters) for size in sizes) for width in widths
        )
        self.dropout = Dropout()

    def forward(self, words: Words, most: Callable[[Tensor, numpy.ndarray], Tensor] = most_over_time) -> Tensor:
        bank = self.layers[-1]
        if most is most_over_time and sliding.fits(words.rows, bank[0].out_features):
            tops = sliding.largest(bank, self.sizes, self._below(words))
        else:
            tops = torch.cat([most(*activities) for activities in self.activities(words)], dim=1)
        return torch.relu(tops + torch.cat([linear.bias for linear in bank]))

    def activities(self, words: Words) -> list[tuple[Tensor, numpy.ndarray]]:
        """For each size how much the filters of the last layer like each window, M x filters, without bias; and how
        many windows each text has (masks.wide_windows)."""
        words = self._below(words)
        rows, counts = zip(*(wide_windows(words.lengths, size) for size in self.sizes), strict=True)
        return list(zip(self._slide(self.layers[-1], words, rows), counts, strict=True))

    def _below(self, words: Words) -> Words:
        """What the last layer reads."""
        for bank in self.layers[:-1]:
            around = [windows(words.lengths, size).numpy() for size in self.sizes]
            found = torch.cat(self._slide(bank, words, around), dim=1) + torch.cat([linear.bias for linear in bank])
            flat = self.dropout(torch.relu(found))
            words = Words(flat, torch.arange(len(flat), device=flat.device), words.lengths)
        return words

    def _slide(self, bank: nn.ModuleList, words: Words, positions: Sequence[numpy.ndarray]) -> list[Tensor]:
        """positions: for each size M x size, the tokens of each window, N for none. Returns for each M x filters."""
        filters, total = bank[0].out_features, sum(self.sizes)
        rows = nn.functional.pad(words.rows, (0, 0, 0, 1))  # T + 1, the last one zeros
        known = sliding.known_of(rows, [linear.weight for linear in bank]).view(-1, filters)
        place = nn.functional.pad(words.place, (0, 1), value=len(words.rows))
        found, before = [], 0
        for size, tokens in zip(self.sizes, positions, strict=True):
            rows = place[torch.from_numpy(tokens).to(place.device)] * total
            rows = rows + torch.arange(before, before + size, device=rows.device)
            found.append(nn.functional.embedding_bag(rows, known, mode="sum"))
            before += size
        return found


class RecurrentReader(nn.Module):
    """Recurrent layers and one or several poolings of their states: texts x width * len(pooling).

    recurrent_dropout: of recurrent weights, one mask for a batch (Merity et al. 2018, arXiv:1708.02182).
    state_dropout: of what goes into and comes out of each layer, one mask for a text, as a share of the usual rate.
    """

    def __init__(
        self,
        n_in: int,
        width: int,
        pooling: list[str],
        depth: int = 1,
        cell: str = "lstm",
        bidirectional: bool = True,
        recurrent_dropout: float = 0.0,
        state_dropout: float = 0.0,
    ):
        super().__init__()
        self.pooling, self.bidirectional = pooling, bidirectional
        self.width = width * len(pooling)
        self.encoder = RecurrentEncoder(n_in, width, depth, cell, bidirectional, weight_dropout=recurrent_dropout)
        self.encoder.dropout.scale = state_dropout
        self.attention = AttentionPooling(width) if "attention" in pooling else None

    def forward(self, words: Words) -> Tensor:
        states = self.encoder(words.flat, words.lengths)
        return torch.cat([self._pool(name, states, words.lengths) for name in self.pooling], dim=1)

    def _pool(self, name: str, states: Tensor, lengths: numpy.ndarray) -> Tensor:
        if name == "last":
            return last_states(states, lengths, self.bidirectional)
        if name == "attention":
            return self.attention(states, lengths)
        return POOLINGS[name](states, lengths)


READERS = {"bag": BagReader, "cnn": FilterReader, "rnn": RecurrentReader}


class TextClassifier(nn.Module):
    """Word vectors N x n_in, and the n-grams of the texts -> logits, texts x n_labels.

    reader, settings: "bag", "cnn" or "rnn", and the arguments of its class.
    hidden: units of a layer with ReLU between what was read and the logits; 0 for none.
    ngram_rows: of the table of hashed n-grams; 0 for none. ngram_width: of their vectors; 0 for scores of the labels.
    word_dropout: the share of words that are left out of a batch in training.
    embed_dropout: of the word vectors, the same for a word in the whole batch, as a share of the rate of the moment.
    """

    def __init__(
        self,
        n_in: int,
        n_labels: int,
        reader: str,
        settings: dict[str, Any],
        hidden: int = 0,
        ngram_rows: int = 0,
        ngram_width: int = 0,
        word_dropout: float = 0.0,
        embed_dropout: float = 0.0,
    ):
        super().__init__()
        self.word_dropout, self.embed_dropout = word_dropout, Dropout(embed_dropout)
        self.reader = READERS[reader](n_in, **settings)
        self.ngrams = self.scores = None
        if ngram_width:
            self.ngrams = nn.EmbeddingBag(ngram_rows, ngram_width, mode="mean", sparse=True)
            nn.init.normal_(self.ngrams.weight, std=0.1)
        elif ngram_rows:
            self.scores = nn.EmbeddingBag(ngram_rows, n_labels, mode="sum", sparse=True)
            nn.init.zeros_(self.scores.weight)
        width = self.reader.width + ngram_width
        self.hidden = nn.Linear(width, hidden) if hidden else None
        self.output = nn.Linear(hidden or width, n_labels)
        self.dropout = Dropout()

    def forward(
        self,
        flat: Tensor,
        lengths: numpy.ndarray,
        ngrams: Tensor,
        ngram_lengths: numpy.ndarray,
        place: Tensor | None = None,
    ) -> Tensor:
        """ngrams: row numbers into their table, one text after the other. ngram_lengths: how many each text has.
        place: the row of each word, if those of `flat` are not one for each (`Words`)."""
        counts = torch.from_numpy(ngram_lengths).to(ngrams.device)
        begins = torch.cumsum(counts, 0) - counts
        read = self.read(flat, lengths, place)
        if self.ngrams is not None:
            read = torch.cat([read, self.ngrams(ngrams, begins)], dim=1)
        logits = self.decide(read)
        return logits if self.scores is None else logits + self.scores(ngrams, begins)

    def read(self, flat: Tensor, lengths: numpy.ndarray, place: Tensor | None = None) -> Tensor:
        """texts x reader.width, what the reader makes of the words."""
        rows, of_words = flat, place is not None
        if not of_words:
            rows, found = distinct(flat)
            place = torch.from_numpy(found).to(rows.device)
        if self.training and self.word_dropout:
            rows = rows * (torch.rand(len(rows), 1, device=rows.device) >= self.word_dropout)
        return self.reader(Words(self.embed_dropout(rows), place, lengths, again=of_words))

    def decide(self, read: Tensor) -> Tensor:
        """What was read of texts, with the vectors of their n-grams -> texts x n_labels."""
        read = self.dropout(read)
        if self.hidden is not None:
            read = self.dropout(torch.relu(self.hidden(read)))
        return self.output(read)
