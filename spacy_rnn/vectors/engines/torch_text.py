"""For the torch engine: a block of text as matrices, in groups of sixteen positions with the words around them.

Sentences follow each other without a gap, so windows have to end with the sentence.
"""

from typing import NamedTuple

import numpy
import torch
from torch import Tensor
from torch.nn.functional import pad

from ..model import Model
from ..noise import SCALE, thin_out

GROUP = 16  # positions


class Text(NamedTuple):
    """Words of a block, thinned out. Before come ``window`` empty places, after as many, and what fills a group."""

    words: Tensor  # places; 0 where empty
    near: Tensor  # groups x GROUP x span: 1 for the words in the window of each position, but for itself
    rows: Tensor  # of inputs, one place after the other
    starts: Tensor  # places + 1: where each one's rows begin
    bounds: list[int]  # places + 1: the same

    def around(self, first: int, last: int, margin: int) -> Tensor:  # groups x (GROUP + 2 * margin)
        """The words of some groups and ``margin`` words on each side."""
        window = (self.near.shape[2] - GROUP) // 2
        places = self.words[first * GROUP + window - margin : last * GROUP + window + margin]
        return places.unfold(0, GROUP + 2 * margin, GROUP)


class TextReader:
    """Knows the rows of the words of ``model``, and how many of each to keep."""

    def __init__(self, model: Model, device: torch.device):
        self.window, self.device = model.settings.window, device
        self.starts, self.rows = (torch.from_numpy(array).to(device) for array in model.index())
        self.sizes = self.starts.diff()
        keep = thin_out(model.counts, model.settings.sample)
        self.keep = None if keep is None else torch.from_numpy(keep.astype(numpy.int64)).to(device)

    def read(self, ids: Tensor, thin: bool, random: torch.Generator) -> Text:
        """Of sentences of ids that end with -1; with ``thin``, frequent words are thinned out."""
        sentences = (ids < 0).cumsum(0)
        kept = ids >= 0
        if thin and self.keep is not None:
            kept &= torch.randint(SCALE, ids.shape, generator=random, device=self.device) <= self.keep[ids.clamp(0)]
        window, count = self.window, int(kept.sum())
        margin = (window, max(1, -(-count // GROUP)) * GROUP - count + window)
        words, sentences = pad(ids[kept].long(), margin), pad(sentences[kept], margin, value=-1)
        groups = (len(words) - 2 * window) // GROUP
        reach = torch.randint(1, window + 1, (groups, GROUP, 1), generator=random, device=self.device)
        sizes = torch.where(sentences < 0, 0, self.sizes[words])
        starts = pad(sizes.cumsum(0), (1, 0))
        shift = (self.starts[words] - starts[:-1]).repeat_interleave(sizes)
        rows = self.rows[shift + torch.arange(len(shift), device=self.device)]
        return Text(words, self._find_near(sentences, reach), rows, starts, starts.tolist())

    def _find_near(self, sentences: Tensor, reach: Tensor) -> Tensor:  # groups x GROUP x span
        """Windows are reduced at random, as in word2vec, and end with the sentence."""
        window = self.window
        span = GROUP + 2 * window
        places = torch.arange(span, device=self.device)
        distance = (places - window - places[:GROUP, None]).abs()
        around = sentences.unfold(0, span, GROUP)[: len(reach), None]
        centre = around[..., window : window + GROUP].transpose(1, 2)
        return (distance > 0) & (distance <= reach) & (around == centre) & (centre >= 0)
