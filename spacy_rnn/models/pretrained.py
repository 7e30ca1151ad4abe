"""The vectors of a pipeline, as embeddings read them."""

import numpy
import torch
from spacy.attrs import ORTH
from spacy.vectors import Vectors
from spacy.vocab import Vocab


def key_attr(vocab: Vocab) -> int:
    """What of a word the vectors are looked up by: its form, unless they were made for another attribute."""
    return getattr(vocab.vectors, "attr", ORTH)


def vectors_of(vocab: Vocab, keys: numpy.ndarray, device: torch.device) -> torch.Tensor:
    """The pipeline's vectors as they are: their length tells how frequent a word is. Zeros for words that have none."""
    table = vocab.vectors
    if isinstance(table, Vectors) and table.mode == "default":  # whose get_batch gives its last row for them
        found = table.find(keys=keys)
        rows = table.data[found] * (found >= 0)[:, None]
    else:
        rows = table.get_batch(keys)
    return torch.as_tensor(rows, dtype=torch.float32, device=device)
