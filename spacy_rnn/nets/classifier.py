"""Text classification, many tokens to one decision: p = softmax(W z + b), where z is what a reader makes of the text.

    bag   z = sum, mean or maximum of the word vectors, one or several of them side by side
    cnn   C_i = [x_{i-k} .. x_{i+k}], z_i = ReLU(F C_i), z = max over positions    (Kim 2014, arXiv:1408.5882)
          a filter is a soft n-gram: its maximum says how much like its n-gram the most similar place is
    rnn   the last state, or a mean, maximum or weighted sum of the states

Beside each of them, hashed n-grams of words may have vectors of their own, whose mean stands next to z (Joulin et al.
2017, arXiv:1607.01759). Start reading at `TextClassifier.forward`.
"""

from typing import Any

import numpy
import torch
from torch import Tensor, nn

from .dropout import Dropout
from .masks import token_positions, windows
from .pooling import POOLINGS, AttentionPooling, last_states, most_over_time
from .recurrent import RecurrentEncoder


class BagReader(nn.Module):
    """N x n_in -> texts x n_in * len(pooling)."""

    def __init__(self, n_in: int, pooling: list[str]):
        super().__init__()
        self.pooling = pooling
        self.width = n_in * len(pooling)

    def forward(self, flat: Tensor, lengths: numpy.ndarray) -> Tensor:
        return torch.cat([POOLINGS[name](flat, lengths) for name in self.pooling], dim=1)


class FilterReader(nn.Module):
    """Filters of several sizes, in one or several layers, the maximum over positions: texts x filters * len(sizes)."""

    def __init__(self, n_in: int, filters: int, sizes: list[int], depth: int = 1):
        super().__init__()
        self.sizes = sizes
        self.width = filters * len(sizes)
        self.layers = nn.ModuleList(
            nn.ModuleList(nn.Linear((self.width if i else n_in) * size, filters) for size in sizes)
            for i in range(depth)
        )
        self.dropout = Dropout()
        for bank in self.layers:
            for linear in bank:
                nn.init.kaiming_uniform_(linear.weight, nonlinearity="relu")
                nn.init.zeros_(linear.bias)

    def forward(self, flat: Tensor, lengths: numpy.ndarray) -> Tensor:
        return torch.relu(most_over_time(self.activity(flat, lengths), lengths))

    def activity(self, flat: Tensor, lengths: numpy.ndarray) -> Tensor:
        """How much each filter of the last layer likes each position, N x width, before ReLU."""
        for number, bank in enumerate(self.layers):
            flat = torch.relu(flat) if number else flat
            padded = nn.functional.pad(flat, (0, 0, 0, 1))  # row N holds zeros
            found = []
            for size, linear in zip(self.sizes, bank, strict=True):
                rows = windows(lengths, size, device=flat.device)  # N x size
                found.append(linear(padded.index_select(0, rows.reshape(-1)).view(-1, linear.in_features)))
            flat = torch.cat(found, dim=1)
        return flat


class RecurrentReader(nn.Module):
    """A stack of recurrent layers and a pooling of its states: texts x width * len(pooling).

    recurrent_dropout: of recurrent weights, one mask for a batch (Merity et al. 2018, arXiv:1708.02182).
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
    ):
        super().__init__()
        self.pooling, self.bidirectional = pooling, bidirectional
        self.width = width * len(pooling)
        self.encoder = RecurrentEncoder(n_in, width, depth, cell, bidirectional, weight_dropout=recurrent_dropout)
        self.attention = AttentionPooling(width) if "attention" in pooling else None

    def forward(self, flat: Tensor, lengths: numpy.ndarray) -> Tensor:
        states = self.encoder(flat, lengths)
        return torch.cat([self._pool(name, states, lengths) for name in self.pooling], dim=1)

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
    ngram_rows, ngram_width: of the table of hashed n-grams; 0 for none.
    word_dropout: the share of words whose whole vectors are left out in training.
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
    ):
        super().__init__()
        self.word_dropout = word_dropout
        self.reader = READERS[reader](n_in, **settings)
        self.ngrams = nn.EmbeddingBag(ngram_rows, ngram_width, mode="mean", sparse=True) if ngram_rows else None
        width = self.reader.width + (ngram_width if self.ngrams is not None else 0)
        self.hidden = nn.Linear(width, hidden) if hidden else None
        self.output = nn.Linear(hidden or width, n_labels)
        self.dropout = Dropout()
        if self.ngrams is not None:
            nn.init.normal_(self.ngrams.weight, std=0.1)

    def forward(self, flat: Tensor, lengths: numpy.ndarray, ngrams: Tensor, ngram_lengths: numpy.ndarray) -> Tensor:
        """ngrams: row numbers into their table, one text after the other. ngram_lengths: how many each text has."""
        return self.decide(self.read(flat, lengths, ngrams, ngram_lengths))

    def read(self, flat: Tensor, lengths: numpy.ndarray, ngrams: Tensor, ngram_lengths: numpy.ndarray) -> Tensor:
        """texts x width, what the decision is made of."""
        if self.training and self.word_dropout:
            flat = flat * (torch.rand(len(flat), 1, device=flat.device) >= self.word_dropout)
        sequence = torch.from_numpy(token_positions(lengths)[0]).to(flat.device)
        parts = [self.reader(self.dropout(flat, sequence), lengths)]
        if self.ngrams is not None:
            counts = torch.from_numpy(ngram_lengths).to(ngrams.device)
            parts.append(self.ngrams(ngrams, torch.cumsum(counts, 0) - counts))
        return torch.cat(parts, dim=1)

    def decide(self, read: Tensor) -> Tensor:
        """texts x width -> texts x n_labels."""
        read = self.dropout(read)
        if self.hidden is not None:
            read = self.dropout(torch.relu(self.hidden(read)))
        return self.output(read)
