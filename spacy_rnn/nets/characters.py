"""A vector for each character of a word, from the n-grams around it.

    w  r  i  t  e  r  s
             ^           end here:   t, it, rit, writ;   begin after it:   e, er, ers, ers#

Whether a morpheme ends is told by what stands to the left and what begins to the right. Either side gives an n-gram of
every size up to `size`, and each n-gram a hashed row of a table; their sum, with the distances from both ends of the
word, is what an encoder reads. Ruokolainen et al. (2013, "Supervised morphological segmentation in a low-resource
learning setting using conditional random fields") show how far such substrings lead with few words to learn from.

A list of words without any gold adds what it knows of the same n-grams, up to `reach` characters (`statistics`): how
frequent each is, how uncertain is what comes next, how often that is the end of the word. After a whole morpheme
nearly everything may come next, inside of one very little (Harris 1955, "From phoneme to morpheme").
"""

from collections.abc import Iterator

import numpy
import torch
from torch import Tensor, nn

from .dropout import Dropout
from .masks import token_positions

FARTHEST = 15  # distances from an end of the word that are told apart
OUTSIDE = 1  # the code of what is beyond the ends of a word; characters have codes from 2 up
RARE = 3  # words in which an n-gram must occur at least for its statistics to be kept
COLUMNS = 4  # statistics of an n-gram


def window_keys(codes: numpy.ndarray, lengths: numpy.ndarray, size: int) -> numpy.ndarray:
    """N x 2 * size int64: the hashes of the n-grams that end at each character, then of those that begin after it.

    codes: N, the characters of all words. The n-grams of a smaller size are the same whatever `size` is.
    """
    return numpy.stack(list(_columns(codes, lengths, size)), axis=1)


def _columns(codes: numpy.ndarray, lengths: numpy.ndarray, size: int) -> Iterator[numpy.ndarray]:
    word, position = token_positions(lengths)
    padded = numpy.concatenate([codes, numpy.full(size, OUTSIDE)]).astype("uint64")
    index = numpy.arange(len(codes))
    sides = ((-numpy.arange(size), position), (numpy.arange(1, size + 1), lengths[word] - 1 - position))
    for side, (offsets, room) in enumerate(sides, start=1):
        key = numpy.full(len(codes), side, dtype="uint64")
        for offset in offsets:
            key = _mixed(key, numpy.where(abs(offset) <= room, padded[index + offset], OUTSIDE))
            yield key.view("int64")


def _mixed(key: numpy.ndarray, code: numpy.ndarray) -> numpy.ndarray:
    """The hash of an n-gram from that of a shorter one and one more character; products wrap around at 64 bits."""
    key = (key ^ code.astype("uint64")) * numpy.uint64(0x9E3779B97F4A7C15)
    return key ^ (key >> numpy.uint64(29))


def statistics(
    codes: numpy.ndarray, lengths: numpy.ndarray, reach: int, cuts: numpy.ndarray | None = None
) -> tuple[numpy.ndarray, numpy.ndarray]:
    """What a list of words tells of its n-grams: their hashes, sorted, M int64; and of each M x COLUMNS float16.

    The columns: log of the number of words (over five, to be of the size of the others); entropy in nats of the
    character beyond the n-gram; how often there is none, as the word ends or begins there; of the rest, how often there
    is a cut between the two. So what begins after a prefix is known from where it stands without one.
    cuts: N, whether a morpheme ends after each character, where another network has cut the words.
    """
    cuts = numpy.zeros(len(codes)) if cuts is None else cuts
    begins = numpy.cumsum(lengths) - lengths
    codes, cuts, lengths = numpy.insert(codes, begins, OUTSIDE), numpy.insert(cuts, begins, 0), lengths + 1
    word, position = token_positions(lengths)
    following = numpy.where(position < lengths[word] - 1, numpy.append(codes[1:], OUTSIDE), OUTSIDE)
    found, values = [], []
    for column, keys in enumerate(_columns(codes, lengths, reach)):
        beyond = following if column < reach else codes
        kinds, kind, count = numpy.unique(keys, return_inverse=True, return_counts=True)
        pairs = _mixed(keys.view("uint64"), beyond)
        _, first, together = numpy.unique(pairs, return_index=True, return_counts=True)
        owner = kind[first]
        share = together / count[owner]
        entropy = numpy.bincount(owner, -share * numpy.log(share), len(kinds))
        ends = numpy.bincount(owner, share * (beyond[first] == OUTSIDE), len(kinds))
        cut = numpy.bincount(kind, cuts, len(kinds)) / numpy.maximum(count * (1 - ends), 1)
        kept = count >= RARE
        found.append(kinds[kept])
        values.append(numpy.stack([numpy.log(count) / 5, entropy, ends, cut], axis=1)[kept])
    keys, first = numpy.unique(numpy.concatenate(found), return_index=True)
    return keys, numpy.concatenate(values)[first].astype("float16")


class CharacterEmbedder(nn.Module):
    """N x 2 * max(size, reach) hashes of n-grams -> N x members * (width, and 2 * reach * COLUMNS more if there are
    statistics).

    members: networks that read the characters; each has columns of its own in the table, and the same statistics.
    ngram_dropout: share of the n-grams that are hidden in training, so that the net learns to live without them, as it
        must with those of new words.
    n_statistics: number of n-grams in the table of statistics, which is put into `keys` and `values`.
    """

    def __init__(
        self,
        width: int,
        rows: int,
        size: int,
        reach: int,
        members: int = 1,
        ngram_dropout: float = 0.0,
        n_statistics: int = 0,
    ):
        super().__init__()
        self.rows, self.size, self.reach, self.ngram_dropout = rows, size, reach, ngram_dropout
        self.members = members
        self.width = members * (width + 2 * reach * COLUMNS * bool(n_statistics))
        self.ngrams = nn.EmbeddingBag(rows, members * width, mode="sum")
        self.ends = nn.EmbeddingBag(2 * (FARTHEST + 1), members * width, mode="sum")
        nn.init.normal_(self.ngrams.weight, std=0.05)  # an n-gram never seen says next to nothing
        nn.init.normal_(self.ends.weight, std=0.3)
        self.register_buffer("keys", torch.zeros(n_statistics, dtype=torch.int64))
        self.register_buffer("values", torch.zeros(n_statistics, COLUMNS, dtype=torch.float16))
        self.dropout = Dropout()

    def forward(self, hashes: Tensor, lengths: numpy.ndarray) -> Tensor:
        left, right = hashes.chunk(2, dim=1)
        near = torch.cat([left[:, : self.size], right[:, : self.size]], 1) % self.rows
        seen = torch.ones(near.shape, device=near.device)
        if self.training:
            seen = (torch.rand(near.shape, device=near.device) >= self.ngram_dropout).float()
        flat = self.ngrams(near, per_sample_weights=seen) + self.ends(distances(lengths).to(hashes.device))
        flat = self.dropout(flat)
        if not len(self.keys):
            return flat
        known = self.look_up(torch.cat([left[:, : self.reach], right[:, : self.reach]], 1))
        own = flat.view(len(flat), self.members, -1)
        return torch.cat([own, known[:, None].expand(-1, self.members, -1)], 2).flatten(1)

    def look_up(self, hashes: Tensor) -> Tensor:
        """N x K -> N x K * COLUMNS, zeros for an n-gram without statistics."""
        places = torch.searchsorted(self.keys, hashes).clamp(max=len(self.keys) - 1)
        return (self.values[places] * (self.keys[places] == hashes)[..., None]).float().flatten(1)


def distances(lengths: numpy.ndarray) -> Tensor:
    """N x 2, for each character the rows of its distances from the beginning and from the end of its word."""
    word, position = token_positions(lengths)
    ends = numpy.stack([position, lengths[word] - 1 - position], axis=1).clip(max=FARTHEST)
    return torch.from_numpy(ends + [0, FARTHEST + 1])
