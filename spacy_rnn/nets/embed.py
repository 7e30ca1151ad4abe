"""From words to vectors: word ids, characters three ways, attributes, vectors given from outside. All of it once per
word *type* of a batch.

    words      a row of a table for each frequent form, one for all the others
    n-grams    #word# -> #wo, wor, ord, rd#: the sum of their hashed rows over sqrt(how many), so that long words are
               not louder
    char CNN   filters over the characters, the maximum over positions (Ma and Hovy 2016, arXiv:1603.01354)
    char RNN   the last states of a recurrent net read in both directions (Lample et al. 2016, arXiv:1603.01360)
    attributes prefix, suffix, shape: a hashed row of a table each
    vectors    pretrained, projected
    mixing     all of them side by side, the largest of three linear maps of them (maxout, Goodfellow et al. 2013,
               arXiv:1302.4389): "ends in -ed" means one thing with a capital letter and another without

A text of N tokens has T types, T about N/3: the features of a type are computed once and gathered. Start reading at
`WordEmbedder.forward`.
"""

from typing import NamedTuple

import numpy
import torch
from torch import Tensor, nn

from .dropout import Dropout
from .masks import max_over_time, windows
from .recurrent import RecurrentEncoder

PIECES = 3  # linear maps of which maxout takes the largest
UNKNOWN = 0  # the row of every word, character or n-gram that has none of its own


class WordTypes(NamedTuple):
    """The types of a batch, as arrays on the host (lengths) and the device (the rest)."""

    words: Tensor  # T, row numbers into the word table
    chars: Tensor  # sum of char_lengths, row numbers into the character table
    char_lengths: numpy.ndarray  # T
    ngrams: Tensor  # sum of ngram_lengths, row numbers into the n-gram table
    ngram_lengths: numpy.ndarray  # T
    attrs: Tensor  # T x n_attrs, row numbers into the table of all attributes
    vectors: Tensor  # T x n_vector, zero columns when there are none


class NgramEmbedding(nn.Module):
    """Hashed character n-grams, as in the lecture: T types -> T x width."""

    def __init__(self, rows: int, width: int, sparse: bool = False):
        super().__init__()
        self.table = nn.EmbeddingBag(rows, width, mode="sum", sparse=sparse)
        nn.init.normal_(self.table.weight, std=0.3)

    def forward(self, ngrams: Tensor, lengths: numpy.ndarray) -> Tensor:
        counts = torch.from_numpy(lengths).to(ngrams.device)
        bags = self.table(ngrams, torch.cumsum(counts, 0) - counts)
        return bags * counts.clamp(min=1).to(bags.dtype).rsqrt()[:, None]


class CharCNN(nn.Module):
    """Convolutions of several widths over the characters, maximum over positions: T types -> T x (filters * widths)."""

    def __init__(self, n_chars: int, char_width: int, filters: int, widths: list[int]):
        super().__init__()
        self.widths = widths
        self.table = nn.Embedding(n_chars, char_width)
        self.filters = nn.ModuleList(nn.Linear(char_width * w, filters) for w in widths)

    def forward(self, chars: Tensor, lengths: numpy.ndarray) -> Tensor:
        flat = nn.functional.pad(self.table(chars), (0, 0, 0, 1))  # M characters and one row of zeros x char_width
        tops = []
        for width, filters in zip(self.widths, self.filters, strict=True):
            rows = windows(lengths, width, device=chars.device)  # M x width
            activity = filters(flat.index_select(0, rows.reshape(-1)).view(len(rows), -1))  # M x filters
            tops.append(torch.relu(max_over_time(activity, lengths)))
        return torch.cat(tops, dim=1)


class CharRNN(nn.Module):
    """A bidirectional recurrent net over a word's characters, its two last states: T types -> T x width."""

    def __init__(self, n_chars: int, char_width: int, width: int, cell: str = "lstm"):
        super().__init__()
        self.table = nn.Embedding(n_chars, char_width)
        self.encoder = RecurrentEncoder(char_width, width, 1, cell)

    def forward(self, chars: Tensor, lengths: numpy.ndarray) -> Tensor:
        states = self.encoder(self.table(chars), lengths)
        ends = torch.from_numpy(numpy.cumsum(lengths)).to(states.device)
        forward, backward = states.chunk(2, dim=1)
        return torch.cat([forward[ends - 1], backward[ends - torch.from_numpy(lengths).to(states.device)]], dim=1)


class WordEmbedder(nn.Module):
    """All features of a word, side by side, mixed to one width: types and the type of each token -> N x width.

    A width of 0 leaves a feature out. chars: "cnn", "rnn" or "none". Word dropout replaces a token's word row by the
    unknown word's, so that the net learns to live on the other features, as it must with unseen words.
    """

    def __init__(
        self,
        width: int,
        n_words: int = 0,
        word_width: int = 0,
        n_chars: int = 0,
        chars: str = "none",
        char_width: int = 32,
        char_output: int = 0,
        char_windows: list[int] | None = None,
        ngram_rows: int = 0,
        ngram_width: int = 0,
        n_attrs: int = 0,
        attr_rows: int = 0,
        attr_width: int = 0,
        n_vector: int = 0,
        vector_width: int = 0,
        word_dropout: float = 0.0,
        sparse: bool = False,
    ):
        super().__init__()
        self.word_dropout = word_dropout
        self.words = nn.Embedding(n_words, word_width, sparse=sparse) if word_width else None
        self.ngrams = NgramEmbedding(ngram_rows, ngram_width, sparse) if ngram_width else None
        self.chars: nn.Module | None = None
        if chars == "cnn":
            char_windows = char_windows or [3]
            self.chars = CharCNN(n_chars, char_width, char_output // len(char_windows), char_windows)
        elif chars == "rnn":
            self.chars = CharRNN(n_chars, char_width, char_output)
        self.attrs = nn.Embedding(n_attrs * attr_rows, attr_width, sparse=sparse) if n_attrs and attr_width else None
        self.vectors = nn.Linear(n_vector, vector_width) if n_vector and vector_width else None
        type_width = (
            ngram_width
            + (char_output if self.chars is not None else 0)
            + (n_attrs * attr_width if self.attrs is not None else 0)
            + (vector_width if self.vectors is not None else 0)
        )
        self.from_type = nn.Linear(type_width, width * PIECES) if type_width else None
        self.from_word = nn.Linear(word_width, width * PIECES, bias=False) if word_width else None
        self.norm = nn.LayerNorm(width)
        self.dropout = Dropout()

    def forward(self, types: WordTypes, token_types: Tensor) -> Tensor:
        rows = self._type_rows(types)  # T x PIECES * width, or 0 without type features
        if self.words is None:
            return self._mix(rows)[token_types]
        n_types = len(types.words)
        words = self.from_word(self.words(nn.functional.pad(types.words, (0, 1), value=UNKNOWN)))
        known = self._mix(rows + words[:n_types])  # T x width
        if not (self.training and self.word_dropout):
            return known[token_types]
        unknown = self._mix(rows + words[n_types:]).expand_as(known)
        dropped = torch.rand(token_types.shape, device=words.device) < self.word_dropout
        return torch.cat([known, unknown])[token_types + dropped * n_types]

    def _mix(self, rows: Tensor) -> Tensor:
        return self.norm(rows.view(len(rows), PIECES, -1).amax(1))

    def _type_rows(self, types: WordTypes) -> Tensor | float:  # T x PIECES * width
        parts = []
        if self.ngrams is not None:
            parts.append(self.ngrams(types.ngrams, types.ngram_lengths))
        if self.chars is not None:
            parts.append(self.chars(types.chars, types.char_lengths))
        if self.attrs is not None:
            parts.append(self.attrs(types.attrs).flatten(1))
        if self.vectors is not None:
            parts.append(self.vectors(types.vectors))
        return self.from_type(self.dropout(torch.cat(parts, dim=1))) if parts else 0.0
