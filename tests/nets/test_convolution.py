"""The convolutional encoder equals torch's convolution over one sequence at a time."""

import numpy
import pytest
import torch
from torch.nn.functional import conv1d

from spacy_rnn.nets.convolution import ConvolutionalEncoder

LENGTHS = numpy.array([5, 0, 1, 9, 2])


def naive(net, flat, lengths):
    """Each sequence through conv1d with zeros beyond its edges."""
    sequences = [net.input(s) for s in flat.split(lengths.tolist()) if len(s)]
    for layer in net.layers:
        n_out, n_in = len(layer.filters.bias), sequences[0].shape[1]
        kernel = layer.filters.weight.view(n_out, layer.size, n_in).transpose(1, 2)
        reach = layer.dilation * (layer.size // 2)
        seen = [
            conv1d(s.T[None], kernel, layer.filters.bias, padding=reach, dilation=layer.dilation)[0].T
            for s in sequences
        ]
        sequences = [layer.norm(s + torch.relu(z)) for s, z in zip(sequences, seen, strict=True)]
    return torch.cat(sequences)


@pytest.mark.parametrize("settings", [{}, dict(window=2), dict(depth=3, dilation=[1, 2, 4]), dict(depth=1)], ids=str)
@pytest.mark.parametrize("n_in", [4, 6])
def test_outputs_and_gradients_equal_naive(settings, n_in):
    torch.manual_seed(0)
    net = ConvolutionalEncoder(n_in, 6, **settings).double()
    flat = torch.randn(LENGTHS.sum(), n_in, dtype=torch.double, requires_grad=True)
    found, expected = net(flat, LENGTHS), naive(net, flat, LENGTHS)
    assert torch.allclose(found, expected, atol=1e-10)
    weights, upstream = [flat, *net.parameters()], torch.randn_like(found)
    for ours, theirs in zip(
        torch.autograd.grad(found, weights, upstream), torch.autograd.grad(expected, weights, upstream), strict=True
    ):
        assert torch.allclose(ours, theirs, atol=1e-10)


def test_the_same_alone_and_in_any_batch():
    net = ConvolutionalEncoder(6, 6).eval()
    short, long = torch.randn(3, 6), torch.randn(30, 6)
    alone = net(short, numpy.array([3]))
    assert torch.allclose(alone, net(torch.cat([long, short]), numpy.array([30, 3]))[30:], atol=1e-5)


def test_receptive_field():
    net = ConvolutionalEncoder(4, 4, depth=2, window=1, dilation=[1, 2])
    flat = torch.randn(15, 4, requires_grad=True)
    (net(flat, numpy.array([15]))[7] * torch.randn(4)).sum().backward()
    seen = flat.grad.abs().sum(1) > 0
    assert seen.nonzero().flatten().tolist() == [4, 5, 6, 7, 8, 9, 10]  # 1 + 2 * (1 + 2)
