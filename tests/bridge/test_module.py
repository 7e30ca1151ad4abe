"""A net inside a Thinc model computes what it computes by itself, and learns what it would learn by itself."""

import numpy
import pytest
import torch
from numpy.testing import assert_allclose
from thinc.api import Linear, Optimizer, chain, list2array, set_dropout_rate, with_array
from torch import nn

from spacy_rnn.bridge.module import sequence_model
from spacy_rnn.errors import RNNError
from spacy_rnn.nets.dropout import Dropout
from spacy_rnn.nets.recurrent import RecurrentEncoder

LENGTHS = [3, 0, 5, 1]


class DropNet(nn.Module):
    """Nothing but dropout, to see the rate from outside."""

    def __init__(self, n_in: int):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(n_in))
        self.dropout = Dropout()

    def forward(self, flat, lengths):
        return self.dropout(flat * self.scale)


def init(model, X=None, Y=None):
    if X is not None and model.has_dim("nI") is None:
        model.set_dim("nI", X[0].shape[1])
    model.shims[0].build(n_in=model.get_dim("nI"))


def encoder(**changes):
    torch.manual_seed(0)
    settings = dict(width=6, depth=2, **changes)
    return sequence_model("encoder", RecurrentEncoder, settings, init, {"nI": None, "nO": 6})


def dropper(**settings):
    model = sequence_model("dropper", DropNet, {}, init, {"nI": 50, "nO": 50}, **settings)
    model.initialize()
    return model


def arrays(width=4, seed=0):
    random = numpy.random.default_rng(seed)
    return [random.normal(size=(n, width)).astype("f") for n in LENGTHS]


def bare(model, X):
    """The same net without Thinc: its output, and a function from the gradient of it to all other gradients."""
    net, flat = model.shims[0].net, torch.from_numpy(numpy.concatenate(X)).requires_grad_()
    output = net(flat, numpy.array(LENGTHS))
    return output, lambda d: torch.autograd.grad(output, [flat, *net.parameters()], d)


@pytest.mark.parametrize("settings", [{}, dict(cell="gru"), dict(bidirectional=False, dilation=2)], ids=str)
def test_forward_and_gradients_equal_bare_torch(settings):
    model, X, dY = encoder(**settings), arrays(), arrays(6, seed=1)
    model.initialize(X=X)
    Y, backprop = model.begin_update(X)
    expected, gradients = bare(model, X)
    assert [y.shape for y in Y] == [(n, 6) for n in LENGTHS]
    assert_allclose(numpy.concatenate(Y), expected.detach(), atol=1e-6)
    dX = backprop(dY)
    theirs = gradients(torch.from_numpy(numpy.concatenate(dY)))
    assert_allclose(numpy.concatenate(dX), theirs[0], atol=1e-6)
    for weight, gradient in zip(model.shims[0].net.parameters(), theirs[1:], strict=True):
        assert_allclose(weight.grad, gradient, atol=1e-5)


def test_gradients_pass_through_a_chain():
    """Below and above: Thinc's own layers learn through the net as if it were one of theirs."""
    model = chain(with_array(Linear(4, 4)), encoder(), list2array(), Linear(2, 6))
    X = arrays()
    model.initialize(X=X)
    below, above = model.layers[0].layers[0], model.layers[3]
    Y, backprop = model.begin_update(X)
    dX = backprop(numpy.ones_like(Y))
    w, b, v, c = (torch.tensor(m.get_param(n), requires_grad=True) for m in (below, above) for n in ("W", "b"))
    flat = torch.from_numpy(numpy.concatenate(X)).requires_grad_()
    output = model.layers[1].shims[0].net(flat @ w.T + b, numpy.array(LENGTHS)) @ v.T + c
    assert_allclose(Y, output.detach(), atol=1e-5)
    d_flat, d_w, d_b = torch.autograd.grad(output.sum(), [flat, w, b])
    assert_allclose(numpy.concatenate(dX), d_flat, atol=1e-5)
    assert_allclose(below.get_grad("W"), d_w, atol=1e-4)
    assert_allclose(below.get_grad("b"), d_b, atol=1e-4)


def test_gradients_accumulate_until_the_step():
    model, X, dY = encoder(), arrays(), arrays(6, seed=1)
    model.initialize(X=X)
    for _ in range(2):
        model.begin_update(X)[1](dY)
    twice = [p.grad.clone() for p in model.shims[0].net.parameters()]
    model.finish_update(Optimizer(0.1, grad_clip=0))
    assert not any(p.grad is not None and p.grad.any() for p in model.shims[0].net.parameters())
    before = [p.detach().clone() for p in model.shims[0].net.parameters()]
    model.finish_update(Optimizer(0.1, grad_clip=0))  # nothing to do
    assert all(torch.equal(a, b) for a, b in zip(before, model.shims[0].net.parameters(), strict=True))
    assert all(g.abs().sum() > 0 for g in twice)


def test_a_sequence_is_the_same_alone_and_in_a_batch():
    model, X = encoder(), arrays()
    model.initialize(X=X)
    together = model.predict(X)
    for x, y in zip(X, together, strict=True):
        assert_allclose(model.predict([x])[0], y, atol=1e-5)


def test_predict_leaves_no_gradients_and_no_dropout():
    model, X = dropper(), arrays(50)
    set_dropout_rate(model, 0.9)
    model.begin_update(X)
    for x, y in zip(X, model.predict(X), strict=True):
        assert_allclose(x, y)
    net = model.shims[0].net
    assert not net.training and all(p.grad is None for p in net.parameters())
    with pytest.raises(RNNError, match="R008"):
        model(X, is_train=False)[1](X)


@pytest.mark.parametrize("fixed, said, share", [(None, 0.4, 0.4), (None, 0.0, 0.0), (0.2, 0.7, 0.2), (0.0, 0.7, 0.0)])
def test_dropout_follows_training_unless_fixed(fixed, said, share):
    torch.manual_seed(0)
    model = dropper(dropout=fixed)
    set_dropout_rate(model, said)
    (Y,), _ = model.begin_update([numpy.ones((200, 50), dtype="f")])
    assert abs((Y == 0).mean() - share) < 0.02


@pytest.mark.parametrize("is_train", [True, False])
@pytest.mark.parametrize("lengths", [[], [0], [0, 0]])
def test_empty_batches(lengths, is_train):
    model = encoder()
    model.initialize(X=arrays())
    X = [numpy.zeros((n, 4), dtype="f") for n in lengths]
    Y, backprop = model(X, is_train)
    assert [y.shape for y in Y] == [(0, 6) for _ in lengths]
    if is_train:
        assert [dx.shape for dx in backprop(Y)] == [(0, 4) for _ in lengths]


def test_inputs_of_another_width():
    model = encoder()
    model.initialize(X=arrays())
    with pytest.raises(RNNError, match=r"R007.* encoder .*width 4 .*gets 5"):
        model.predict(arrays(5))


def test_not_initialized():
    with pytest.raises(RNNError, match="R001"):
        encoder().shims[0].predict(torch.zeros(1, 4), numpy.array([1]))


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device on this machine")
def test_the_same_on_a_gpu():
    pytest.importorskip("cupy", reason="spaCy needs cupy on a GPU")
    from thinc.api import use_ops

    with use_ops("cupy"):
        model = encoder()
        X = [model.ops.asarray(x) for x in arrays()]
        model.initialize(X=X)
        model.shims[0].mixed_precision = False
        assert model.shims[0].device.type == "cuda"
        Y = model.predict(X)
        model.to_cpu()
    for x, y in zip(model.predict(arrays()), Y, strict=True):
        assert_allclose(x, y.get(), atol=1e-4)
