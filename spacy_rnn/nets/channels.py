"""Word vectors as they are, or as a starting value: types and the type of each token -> N x width.

    static         x = v                         the vectors given from outside
    finetuned      x = v + d                     d begins as zero and is learned, for the words of the corpus
    multichannel   x = [v, v + d]                both side by side (Kim 2014, arXiv:1408.5882)
    none           x = e                         learned from nothing

Kim's channels share their filters; here each has its own. Vectors from outside are multiplied by one number, which puts
them on the scale that nets begin with. A word that training has not seen has its own v all the same, if the vectors are
made of subwords.
"""

import torch
from torch import Tensor, nn

UNKNOWN = 0  # the row of words without one of their own
SCALE = 0.25  # standard deviation of the numbers in word vectors


class WordChannels(nn.Module):
    """n_words: rows of the table, the first for unknown words. n_vector, scale: width of the vectors from outside, and
    what they are multiplied by."""

    def __init__(
        self, vectors: str, n_words: int, width: int, n_vector: int = 0, scale: float = 1.0, sparse: bool = False
    ):
        super().__init__()
        self.mode, self.scale = vectors, scale
        self.width = {"none": width, "static": n_vector, "finetuned": n_vector, "multichannel": 2 * n_vector}[vectors]
        learned = {"none": width, "static": 0}.get(vectors, n_vector)
        self.words = nn.Embedding(n_words, learned, sparse=sparse) if learned else None
        if self.words is not None and vectors == "none":
            nn.init.normal_(self.words.weight, std=SCALE)
        elif self.words is not None:
            nn.init.zeros_(self.words.weight)

    def forward(self, words: Tensor, vectors: Tensor, token_types: Tensor) -> Tensor:
        """words: T rows. vectors: T x n_vector. token_types: N, the type of each token."""
        return self.types(words, vectors)[token_types]

    def types(self, words: Tensor, vectors: Tensor) -> Tensor:  # T x width
        vectors = vectors * self.scale
        if self.mode == "static":
            return vectors
        learned = self.words(words)
        if self.mode == "none":
            return learned
        learned = vectors + learned * (words != UNKNOWN)[:, None]
        return torch.cat([vectors, learned], dim=1) if self.mode == "multichannel" else learned
