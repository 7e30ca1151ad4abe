"""Where each token of a batch lives: flat, padded, reversed, dilated, strided.

Between layers a batch is *flat*: the tokens of all sequences under each other, ``N x width``, beside the list of
sequence lengths. A layer that needs a time axis asks `layout` for the rows to gather into padded ``T x B`` blocks and
for the place where each token's result then stands. Right to left, every d-th token, every s-th step: each is only
another set of rows, so no layer ever sees padding from the left and every result is the same alone and in any batch
(Chang et al. 2017, arXiv:1710.02224, for dilation along time).
"""

from typing import NamedTuple

import numpy
import torch
from torch import Tensor

# padded tokens in one block: on a CPU smaller blocks starve the matrix product, larger ones leave the cache
BLOCK_TOKENS = 2048


class Layout(NamedTuple):
    """Rows to gather, and where results stand.

    blocks: each T x B, row numbers into the flat tokens; short sequences repeat their last row, which nothing reads.
    places: N, for each flat token the row of its result in the blocks laid under each other (each flattened to T*B
        rows).
    """

    blocks: list[Tensor]
    places: Tensor


class Words(NamedTuple):
    """Word vectors of texts. Equal ones come once: what is computed of a word alone is computed once for it.

    rows: T x width, all different. place: N, the row of each token. lengths: of the texts, in tokens.
    again: whether other batches will have many of the same rows. keys, attr: what stands for each token in spaCy, N
    uint64, and which of its attributes that is.
    """

    rows: Tensor
    place: Tensor
    lengths: numpy.ndarray
    again: bool = False
    keys: numpy.ndarray | None = None
    attr: str = ""

    @property
    def flat(self) -> Tensor:  # N x width
        return self.rows.index_select(0, self.place)


def token_positions(lengths: numpy.ndarray) -> tuple[numpy.ndarray, numpy.ndarray]:
    """For each flat token: the number of its sequence, and its position therein."""
    sequence = numpy.repeat(numpy.arange(len(lengths)), lengths)
    first = numpy.cumsum(lengths) - lengths
    return sequence, numpy.arange(len(sequence)) - first[sequence]


def layout(
    lengths: numpy.ndarray,
    *,
    reverse: bool = False,
    dilation: int = 1,
    stride: int = 1,
    block_tokens: int = BLOCK_TOKENS,
    device: torch.device | str = "cpu",
) -> Layout:
    """Lay sequences of the given lengths out in padded blocks of similar lengths.

    A dilation of d makes d interleaved tracks of each sequence (positions r, r+d, r+2d, ...). A stride of s keeps
    every s-th step of a track, and every token is given the latest step at or before it ("sample and hold"; seen from
    the end when reversed).
    """
    lengths = numpy.asarray(lengths, dtype="int64")
    sequence, position = token_positions(lengths)
    if reverse:
        position = lengths[sequence] - 1 - position
    # tracks: dilation of them for each sequence, track number = sequence * dilation + residue
    residue = numpy.tile(numpy.arange(dilation), len(lengths))
    in_track = -(-(numpy.repeat(lengths, dilation) - residue) // dilation)
    steps = -(-in_track.clip(0) // stride)
    edge = numpy.cumsum(lengths) - (1 if reverse else lengths)
    sign = -1 if reverse else 1
    start = numpy.repeat(edge, dilation) + sign * residue
    step_size = sign * dilation * stride

    blocks, base, width, column = [], *numpy.zeros((3, len(steps)), dtype="int64")
    filled = 0
    for tracks in similar_lengths(steps, block_tokens):
        time = numpy.arange(steps[tracks[0]])[:, None]  # T x 1
        rows = start[tracks] + step_size * numpy.minimum(time, steps[tracks] - 1)  # T x B
        blocks.append(torch.from_numpy(rows).to(device))
        base[tracks], width[tracks], column[tracks] = filled, len(tracks), numpy.arange(len(tracks))
        filled += rows.size
    track = sequence * dilation + position % dilation
    places = base[track] + (position // dilation // stride) * width[track] + column[track]
    return Layout(blocks, torch.from_numpy(places).to(device))


def similar_lengths(steps: numpy.ndarray, block_tokens: int, most: int | None = None) -> list[numpy.ndarray]:
    """Groups of track numbers, longest first, such that longest * count <= block_tokens (or a group of one), and of at
    most so many tracks. Empty tracks are in no group."""
    order = numpy.argsort(-steps, kind="stable")
    order = order[: int((steps > 0).sum())]
    groups, begin = [], 0
    while begin < len(order):
        count = max(1, min(most or len(order), block_tokens // int(steps[order[begin]])))
        groups.append(order[begin : begin + count])
        begin += count
    return groups


def gather_blocks(flat: Tensor, places: Layout) -> list[Tensor]:
    """N x width -> padded blocks, each T x B x width."""
    return [flat.index_select(0, rows.reshape(-1)).view(*rows.shape, flat.shape[1]) for rows in places.blocks]


def scatter_blocks(blocks: list[Tensor], places: Layout) -> Tensor:
    """Results, each T x B x width -> N x width, in the order of the flat tokens."""
    rows = [block.reshape(-1, block.shape[2]) for block in blocks]
    return (rows[0] if len(rows) == 1 else torch.cat(rows)).index_select(0, places.places)


def windows(lengths: numpy.ndarray, width: int, dilation: int = 1, device: torch.device | str = "cpu") -> Tensor:
    """N x width rows: the neighbourhood of each flat token. Outside its sequence stands row N, which holds zeros."""
    lengths = numpy.asarray(lengths, dtype="int64")
    sequence, position = token_positions(lengths)
    offsets = (numpy.arange(width) - width // 2) * dilation
    neighbour = position[:, None] + offsets
    inside = (neighbour >= 0) & (neighbour < lengths[sequence][:, None])
    rows = numpy.where(inside, numpy.arange(len(position))[:, None] + offsets, len(position))
    return torch.from_numpy(rows).to(device)


def wide_windows(lengths: numpy.ndarray, width: int) -> tuple[numpy.ndarray, numpy.ndarray]:
    """All windows of so many tokens that hold one of the sequence at least, from its first to its last: M x width rows,
    row N outside of the sequence, and how many windows each sequence has."""
    lengths = numpy.asarray(lengths, dtype="int64")
    counts = numpy.where(lengths > 0, lengths + width - 1, 0)
    sequence, position = token_positions(counts)
    token = position[:, None] + numpy.arange(1 - width, 1)  # within the sequence
    inside = (token >= 0) & (token < lengths[sequence][:, None])
    first = numpy.cumsum(lengths) - lengths
    return numpy.where(inside, first[sequence][:, None] + token, lengths.sum()), counts


def max_over_time(flat: Tensor, lengths: numpy.ndarray) -> Tensor:
    """The largest value of each column in each sequence (none may be empty): N x width -> sequences x width."""
    lengths = numpy.asarray(lengths, dtype="int64")
    first = numpy.cumsum(lengths) - lengths
    groups = similar_lengths(lengths, BLOCK_TOKENS * 4)
    tops = []
    for group in groups:
        time = numpy.arange(lengths[group[0]])[:, None]
        rows = torch.from_numpy(first[group] + numpy.minimum(time, lengths[group] - 1)).to(flat.device)  # L x B
        tops.append(flat.index_select(0, rows.reshape(-1)).view(*rows.shape, -1).amax(0))
    order = numpy.argsort(numpy.concatenate(groups)) if groups else numpy.zeros(0, dtype="int64")
    return torch.cat(tops).index_select(0, torch.from_numpy(order).to(flat.device)) if tops else flat[:0]
