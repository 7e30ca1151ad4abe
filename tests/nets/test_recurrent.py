"""Recurrent encoders equal their formulas run over one sequence after the other: outputs and gradients."""

import numpy
import pytest
import torch

from spacy_rnn.nets.dropout import set_dropout
from spacy_rnn.nets.masks import layout
from spacy_rnn.nets.recurrent import RecurrentEncoder

LENGTHS = numpy.array([5, 0, 1, 9, 2, 0])


def encoder(**settings):
    torch.manual_seed(0)
    return RecurrentEncoder(6, 8, **settings).double()


def tokens(lengths=LENGTHS, width=6):
    return torch.randn(int(lengths.sum()), width, dtype=torch.double, requires_grad=True)


# -- one sequence at a time, from the equations


def naive_rnn(cell, sequence):
    w, u, b, bh = cell.weight_hh_l0, cell.weight_ih_l0, cell.bias_ih_l0, cell.bias_hh_l0
    h, states = torch.zeros(cell.hidden_size, dtype=sequence.dtype), []
    for x in sequence:
        h = torch.tanh(w @ h + u @ x + b + bh)
        states.append(h)
    return torch.stack(states)


def naive_lstm(cell, sequence):
    h = c = torch.zeros(cell.hidden_size, dtype=sequence.dtype)
    states = []
    for x in sequence:
        gates = cell.weight_ih_l0 @ x + cell.bias_ih_l0 + cell.weight_hh_l0 @ h + cell.bias_hh_l0
        i, f, new, o = gates.chunk(4)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(new)
        h = torch.sigmoid(o) * torch.tanh(c)
        states.append(h)
    return torch.stack(states)


def naive_gru(cell, sequence):
    h, states = torch.zeros(cell.hidden_size, dtype=sequence.dtype), []
    for x in sequence:
        r_x, z_x, n_x = (cell.weight_ih_l0 @ x + cell.bias_ih_l0).chunk(3)
        r_h, z_h, n_h = (cell.weight_hh_l0 @ h + cell.bias_hh_l0).chunk(3)
        z = torch.sigmoid(z_x + z_h)
        h = (1 - z) * torch.tanh(n_x + torch.sigmoid(r_x + r_h) * n_h) + z * h
        states.append(h)
    return torch.stack(states)


NAIVE = {"rnn": naive_rnn, "lstm": naive_lstm, "gru": naive_gru}


def naive_layer(layer, run, sequence):
    """Dilation: interleaved subsequences by themselves. Stride: every s-th step, held until the next."""
    outputs = []
    for reverse, cell in enumerate(layer.directions):
        ordered = sequence.flip(0) if reverse else sequence
        states = torch.zeros(len(sequence), cell.hidden_size, dtype=sequence.dtype)
        for r in range(min(layer.dilation, len(sequence))):
            track = torch.arange(r, len(sequence), layer.dilation)
            held = run(cell, ordered[track[:: layer.stride]]).repeat_interleave(layer.stride, 0)
            states = states.index_copy(0, track, held[: len(track)])
        outputs.append(states.flip(0) if reverse else states)
    return torch.cat(outputs, 1)


def naive(net, cell, flat, lengths):
    sequences = [s for s in flat.split(lengths.tolist()) if len(s)]
    for layer in net.layers:
        sequences = [naive_layer(layer, NAIVE[cell], s) for s in sequences]
    return torch.cat(sequences)


CASES = [
    dict(),
    dict(bidirectional=False),
    dict(depth=3),
    dict(dilation=2),
    dict(dilation=3, bidirectional=False),
    dict(stride=2),
    dict(depth=2, dilation=[1, 2], stride=[1, 3]),
    dict(depth=2, dilation=2, stride=2),
]


@pytest.mark.parametrize("cell", NAIVE)
@pytest.mark.parametrize("settings", CASES, ids=str)
def test_outputs_and_gradients_equal_naive(cell, settings):
    net, flat = encoder(cell=cell, **settings), tokens()
    weights = [flat, *net.parameters()]
    found = net(flat, LENGTHS)
    upstream = torch.randn_like(found)
    expected = naive(net, cell, flat, LENGTHS)
    assert torch.allclose(found, expected, atol=1e-10)
    for ours, theirs in zip(
        torch.autograd.grad(found, weights, upstream), torch.autograd.grad(expected, weights, upstream), strict=True
    ):
        assert torch.allclose(ours, theirs, atol=1e-10)


@pytest.mark.parametrize("cell", NAIVE)
def test_the_same_alone_and_beside_a_longer_neighbour(cell):
    net = encoder(cell=cell, depth=2).float().eval()
    short, long = tokens(numpy.array([3])).float(), tokens(numpy.array([30])).float()
    alone = net(short, numpy.array([3]))
    together = net(torch.cat([long, short]), numpy.array([30, 3]))
    assert torch.allclose(alone, together[30:], atol=1e-5)


def test_unidirectional_sees_no_future():
    net, flat = encoder(bidirectional=False), tokens(numpy.array([6]))
    changed = flat.detach().clone()
    changed[4] += 1.0
    before, after = net(flat, numpy.array([6])), net(changed, numpy.array([6]))
    assert torch.equal(before[:4], after[:4])
    assert not torch.allclose(before[4:], after[4:])


def test_blocks_change_nothing(monkeypatch):
    net, flat = encoder(depth=2), tokens()
    expected = net(flat, LENGTHS)
    monkeypatch.setitem(layout.__kwdefaults__, "block_tokens", 4)
    assert torch.allclose(net(flat, LENGTHS), expected, atol=1e-10)


@pytest.mark.parametrize("lengths", [[], [0], [0, 0]])
def test_nothing_in_nothing_out(lengths):
    assert encoder()(torch.zeros(0, 6).double(), numpy.array(lengths, dtype="int64")).shape == (0, 8)


def test_hundred_thousand_tokens():
    net = RecurrentEncoder(4, 4, cell="gru").eval()
    with torch.no_grad():
        found = net(torch.randn(100_000, 4), numpy.array([100_000]))
    assert found.shape == (100_000, 4) and bool(found.isfinite().all())


def test_forget_gates_start_open():
    cell = encoder(cell="lstm").layers[0].directions[0]
    biases = (cell.bias_ih_l0 + cell.bias_hh_l0).split(cell.hidden_size)
    assert [b.mean().item() for b in biases] == [0.0, 1.0, 0.0, 0.0]


def test_dropout_only_in_training():
    net, flat = encoder(depth=2), tokens()
    plain = net.eval()(flat, LENGTHS)
    set_dropout(net, 0.5)
    assert torch.equal(net.eval()(flat, LENGTHS), plain)
    dropped = net.train()(flat, LENGTHS)
    assert not torch.allclose(dropped, plain)
    for sequence in dropped.split(LENGTHS[LENGTHS > 0].tolist()):  # one mask for the whole sequence
        zero = sequence == 0
        assert bool((zero.all(0) == zero.any(0)).all())
