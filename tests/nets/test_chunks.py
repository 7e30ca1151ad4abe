"""A sequence read in chunks gives what it gives as a whole."""

import numpy
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from spacy_rnn.nets.chunks import CHUNKS
from spacy_rnn.nets.convolution import ConvolutionalEncoder
from spacy_rnn.nets.recurrent import RecurrentEncoder


def in_chunks(net, flat, size):
    encoder = CHUNKS[type(net)](net, len(flat), size)
    parts = [encoder.run(flat[read.begin : read.end], read) for read in encoder.reads()]
    return torch.cat([part for part in parts if len(part)])


def assert_same(net, length, size):
    flat = torch.randn(length, 3)
    with torch.no_grad():
        whole, parts = net.eval()(flat, numpy.array([length])), in_chunks(net, flat, size)
    assert torch.allclose(whole, parts, atol=1e-6)


numbers = st.integers(1, 4)


@settings(deadline=None, max_examples=80)
@given(
    cell=st.sampled_from(["rnn", "lstm", "gru"]),
    bidirectional=st.booleans(),
    dilation=st.lists(numbers, min_size=1, max_size=3),
    stride=st.lists(numbers, min_size=3, max_size=3),
    length=st.integers(1, 40),
    size=st.integers(1, 45),
)
def test_recurrent(cell, bidirectional, dilation, stride, length, size):
    torch.manual_seed(0)
    depth = len(dilation)
    assert_same(RecurrentEncoder(3, 4, depth, cell, bidirectional, dilation, stride[:depth]), length, size)


@settings(deadline=None, max_examples=50)
@given(
    dilation=st.lists(numbers, min_size=1, max_size=3),
    window=st.integers(1, 2),
    length=st.integers(1, 40),
    size=st.integers(1, 45),
)
def test_convolutional(dilation, window, length, size):
    torch.manual_seed(0)
    assert_same(ConvolutionalEncoder(3, 4, len(dilation), window, dilation), length, size)


def test_no_read_is_longer_than_a_chunk():
    """And a unidirectional encoder reads each token once, a bidirectional one of two layers three times."""
    for bidirectional, times in ((False, 1), (True, 3)):
        reads = list(CHUNKS[RecurrentEncoder](RecurrentEncoder(3, 4, 2, "gru", bidirectional), 103, 10).reads())
        assert max(read.end - read.begin for read in reads) == 10
        assert sum(read.end - read.begin for read in reads) == 103 * times


def test_the_chunk_before_matters():
    """The states are carried: a chunk alone gives something else."""
    torch.manual_seed(0)
    net, flat = RecurrentEncoder(3, 4).eval(), torch.randn(20, 3)
    with torch.no_grad():
        alone = net(flat[10:], numpy.array([10]))
        assert not torch.allclose(in_chunks(net, flat, 10)[10:, :2], alone[:, :2], atol=1e-3)
