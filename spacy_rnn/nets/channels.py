"""Word vectors as they are, or as a starting value: once for each type, T x width.

    static         x = v                         the vectors given from outside
    finetuned      x = v + d                     d begins as zero and is learned, for the words of the corpus
    multichannel   x = [v, v + d]                both side by side (Kim 2014, arXiv:1408.5882)
    none           x = e                         learned from nothing

Beside them may stand what the word looks like: hashed character n-grams (nets/embed.py).

Kim's channels share their filters; here each has its own. Vectors from outside are multiplied by one number, which puts
them on the scale that nets begin with. A word that training has not seen has its own v all the same, if the vectors are
made of subwords.
"""

import numpy
import torch
from torch import Tensor, nn

from .embed import NgramEmbedding

UNKNOWN = 0  # the row of words without one of their own
SCALE = 0.25  # standard deviation of the numbers in word vectors


class WordChannels(nn.Module):
    """n_words: rows of the table, the first for unknown words. n_vector, scale: width of the vectors from outside, and
    what they are multiplied by."""

    def __init__(
        self,
        vectors: str,
        n_words: int,
        width: int,
        n_vector: int = 0,
        scale: float = 1.0,
        char_rows: int = 0,
        char_width: int = 0,
        sparse: bool = False,
    ):
        super().__init__()
        self.mode, self.scale = vectors, scale
        wide = {"none": width, "static": n_vector, "finetuned": n_vector, "multichannel": 2 * n_vector}[vectors]
        self.width = wide + char_width
        self.chars = NgramEmbedding(char_rows, char_width, sparse) if char_width else None
        learned = {"none": width, "static": 0}.get(vectors, n_vector)
        unknown = UNKNOWN if n_vector else None  # learns nothing, and stays zero, where there are other vectors
        self.words = nn.Embedding(n_words, learned, unknown, sparse=sparse) if learned else None
        if self.words is not None and vectors == "none":
            nn.init.normal_(self.words.weight, std=SCALE)
        elif self.words is not None:
            nn.init.zeros_(self.words.weight)

    def forward(
        self,
        words: Tensor,
        vectors: Tensor,
        chars: Tensor,
        char_lengths: numpy.ndarray,
    ) -> Tensor:
        """words: T rows. vectors: T x n_vector. chars, char_lengths: n-grams of the types, and how many each has."""
        types = self.vectors(words, vectors)
        if self.chars is not None:
            types = torch.cat([types, self.chars(chars, char_lengths)], dim=1)
        return types

    def vectors(self, words: Tensor, vectors: Tensor) -> Tensor:  # T x wide
        if self.mode == "none":
            return self.words(words)
        if self.mode == "static":
            return vectors * self.scale
        learned = torch.add(self.words(words), vectors, alpha=self.scale)
        return torch.cat([vectors * self.scale, learned], dim=1) if self.mode == "multichannel" else learned
