"""Naming the words to the right and to the left."""

import numpy
import pytest
import torch

from spacy_rnn.nets.neighbours import OTHER, NeighbourWords

LENGTHS = numpy.array([3, 0, 1, 4])
WORDS = torch.tensor([5, 2, 9, 0, 7, OTHER, 3, 1])


def states(width=6):
    return torch.randn(8, width, generator=torch.Generator().manual_seed(0))


def log_p(net, state, word):
    return float(net.words.log_prob(state[None])[0, word])


@pytest.mark.parametrize("n_words", [10, 1500, 6000])
@pytest.mark.parametrize("bidirectional", [True, False])
def test_each_neighbour_counts_once(n_words, bidirectional):
    net = NeighbourWords(6, n_words, bidirectional)
    flat = states()
    forward, backward = (flat[:, :3], flat[:, 3:]) if bidirectional else (flat, None)
    wanted = [log_p(net, forward[i], WORDS[i + 1]) for i in (0, 1, 5, 6)]  # not the unknown word at 5
    if bidirectional:
        wanted += [log_p(net, backward[i], WORDS[i - 1]) for i in (1, 2, 5, 7)]
    loss, gradient = net.loss(flat, WORDS, LENGTHS)
    assert loss == pytest.approx(-numpy.mean(wanted), abs=1e-5)
    assert gradient.shape == flat.shape and gradient.any()
    assert not gradient[3].any()  # a sentence of one word has no neighbours
    assert all(weight.grad is not None for weight in net.words.head.parameters())


def test_the_gradient_is_the_slope():
    net, flat = NeighbourWords(6, 10), states().double()
    net.double()
    _, gradient = net.loss(flat, WORDS, LENGTHS)
    for place in ((0, 0), (1, 4), (7, 5), (6, 1)):
        step = torch.zeros_like(flat)
        step[place] = 1e-4
        slope = (net.loss(flat + step, WORDS, LENGTHS)[0] - net.loss(flat - step, WORDS, LENGTHS)[0]) / 2e-4
        assert float(gradient[place]) == pytest.approx(slope, abs=1e-6)


@pytest.mark.parametrize("words, lengths", [([OTHER] * 3, [3]), ([1, 2], [1, 1]), ([], [])])
def test_nothing_to_name(words, lengths):
    net = NeighbourWords(6, 10)
    flat = torch.zeros(len(words), 6)
    loss, gradient = net.loss(flat, torch.tensor(words, dtype=torch.int64), numpy.array(lengths, dtype=int))
    assert loss == 0 and not gradient.any() and gradient.shape == flat.shape
