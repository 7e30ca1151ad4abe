"""Every token is gathered once, in the right order, and its result is found again, whatever the lengths."""

import numpy
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from spacy_rnn.nets.masks import (
    gather_blocks,
    layout,
    max_over_time,
    scatter_blocks,
    token_positions,
    windows,
)

LENGTHS = st.lists(st.integers(0, 12), max_size=8)


def naive_tracks(lengths, reverse, dilation):
    """Each track as its list of flat token numbers, in reading order."""
    first = 0
    for length in lengths:
        tokens = list(range(first, first + length))
        tokens = tokens[::-1] if reverse else tokens
        yield from (tokens[r::dilation] for r in range(dilation) if tokens[r::dilation])
        first += length


@given(LENGTHS, st.booleans(), st.integers(1, 4), st.integers(1, 3), st.integers(1, 40))
def test_layout_reads_each_track_in_order(lengths, reverse, dilation, stride, budget):
    places = layout(
        numpy.array(lengths, dtype="int64"), reverse=reverse, dilation=dilation, stride=stride, block_tokens=budget
    )
    columns = []  # (block, column) -> rows read there, one after the other
    for block in places.blocks:
        time, width = block.shape
        assert time * width <= budget or width == 1
        columns.append(block.T.tolist())
    starts = numpy.cumsum([0, *(block.numel() for block in places.blocks)])
    seen = set()
    assert len(places.places) == sum(lengths)
    for track in naive_tracks(lengths, reverse, dilation):
        steps = track[::stride]
        for i, token in enumerate(track):
            place = int(places.places[token])
            block = int(numpy.searchsorted(starts, place, side="right")) - 1
            time, column = divmod(place - int(starts[block]), places.blocks[block].shape[1])
            assert time == i // stride
            assert columns[block][column][: time + 1] == steps[: time + 1]
        seen.add((block, column))
    assert len(seen) == sum(map(len, columns)), "a column for each track and none besides"


@given(LENGTHS.filter(any), st.booleans(), st.integers(1, 4), st.integers(1, 40))
def test_scatter_inverts_gather(lengths, reverse, dilation, budget):
    flat = torch.randn(sum(lengths), 3)
    places = layout(numpy.array(lengths), reverse=reverse, dilation=dilation, block_tokens=budget)
    assert torch.equal(scatter_blocks(gather_blocks(flat, places), places), flat)


def test_token_positions():
    sequence, position = token_positions(numpy.array([2, 0, 3]))
    assert sequence.tolist() == [0, 0, 2, 2, 2]
    assert position.tolist() == [0, 1, 0, 1, 2]


@given(LENGTHS, st.integers(1, 5), st.integers(1, 3))
def test_windows_stay_inside_their_sequence(lengths, width, dilation):
    rows = windows(numpy.array(lengths, dtype="int64"), width, dilation)
    total, first, expected = sum(lengths), 0, []
    for length in lengths:
        for i in range(length):
            seen = [i + (k - width // 2) * dilation for k in range(width)]
            expected.append([first + j if 0 <= j < length else total for j in seen])
        first += length
    assert rows.tolist() == expected


@given(st.lists(st.integers(1, 9), max_size=8), st.randoms(use_true_random=False))
def test_max_over_time_equals_naive(lengths, random):
    flat = torch.tensor([[random.random(), random.random()] for _ in range(sum(lengths))]).reshape(-1, 2)
    found = max_over_time(flat, numpy.array(lengths, dtype="int64"))
    expected = [part.amax(0) for part in flat.split(lengths)] if lengths else []
    assert torch.equal(found, torch.stack(expected) if expected else flat)


@pytest.mark.parametrize("lengths", [[], [0], [0, 0, 0]])
def test_no_tokens_no_blocks(lengths):
    places = layout(numpy.array(lengths, dtype="int64"), reverse=True, dilation=2)
    assert places.blocks == [] and len(places.places) == 0
