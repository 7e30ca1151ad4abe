"""Torch's step with a Thinc optimizer's numbers equals Thinc's own step; clipping is global; bad ones skipped."""

import warnings

import numpy
import pytest
import torch
from numpy.testing import assert_allclose
from thinc.api import SGD, Adam, Linear, RAdam, chain, warmup_linear, with_array
from torch import nn

from spacy_rnn.bridge.module import finish_update
from spacy_rnn.bridge.optimizer import TorchStep, clip_gradients
from spacy_rnn.bridge.sparse_adam import SparseAdam
from spacy_rnn.models.encoders import RNNEncoder

STEPS = 20


def schedule():
    return warmup_linear(0.02, 5, 30)


OPTIMIZERS = {
    "adam": lambda: Adam(schedule(), L2=0, grad_clip=0),
    "adam, weight decay": lambda: Adam(schedule(), L2=0.1, L2_is_weight_decay=True, grad_clip=0),
    "adam, L2 in the gradient": lambda: Adam(schedule(), L2=0.1, L2_is_weight_decay=False, grad_clip=0),
    "adam, other betas": lambda: Adam(schedule(), beta1=0.8, beta2=0.98, eps=1e-6, L2=0, grad_clip=0),
    "sgd": lambda: SGD(schedule(), L2=0, grad_clip=0),
    "sgd, L2 in the gradient": lambda: SGD(schedule(), L2=0.1, L2_is_weight_decay=False, grad_clip=0),
    "sgd, weight decay": lambda: SGD(schedule(), L2=0.1, L2_is_weight_decay=True, grad_clip=0),
}


def gradients(seed=0):
    random = numpy.random.default_rng(seed)
    return [[random.normal(size=s).astype("f") for s in ((3, 4), (3,))] for _ in range(STEPS)]


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_steps_equal_thincs(name):
    torch.manual_seed(0)
    net = nn.Linear(4, 3)
    expected = [p.detach().numpy().copy() for p in net.parameters()]
    ours, theirs = OPTIMIZERS[name](), OPTIMIZERS[name]()
    step = TorchStep(net, ours)
    for step_gradients in gradients():
        for i, (parameter, gradient) in enumerate(zip(net.parameters(), step_gradients, strict=True)):
            parameter.grad = torch.from_numpy(gradient.copy())
            expected[i], _ = theirs((0, i), expected[i], gradient.copy())
        step()
        ours.step_schedules()
        theirs.step_schedules()
        for parameter, weight in zip(net.parameters(), expected, strict=True):
            # torch decays before the step and Thinc after it: a difference of learn_rate ** 2 * L2
            assert_allclose(parameter.detach(), weight, atol=1e-3 if "decay" in name else 5e-5)
    assert ours.learn_rate == theirs.learn_rate < 0.02  # the schedule moved


@pytest.mark.parametrize("optimizer", [Adam(0.1), RAdam(0.1), SGD(0.1)], ids=["adam", "radam", "sgd"])
@pytest.mark.parametrize("L2", [0.0, 0.01])
@pytest.mark.parametrize("sparse", [False, True])
def test_every_optimizer_learns(optimizer, L2, sparse):
    torch.manual_seed(0)
    net = nn.Sequential(nn.Embedding(5, 4, sparse=sparse), nn.Linear(4, 1))
    optimizer.L2 = L2
    step, target, losses = TorchStep(net, optimizer), torch.arange(5.0)[:, None], []
    for _ in range(100):
        loss = ((net(torch.arange(5)) - target) ** 2).mean()
        loss.backward()
        step()
        losses.append(loss.item())
    assert losses[-1] < 0.1 * losses[0]


def test_sparse_gradients_touch_only_the_rows_seen():
    torch.manual_seed(0)
    net = nn.EmbeddingBag(6, 3, mode="sum", sparse=True)
    before, step = net.weight.detach().clone(), TorchStep(net, Adam(0.1, grad_clip=1.0))
    for _ in range(3):
        net(torch.tensor([1, 4, 4]), torch.tensor([0])).sum().backward()
        assert clip_gradients([net], 1.0)
        step()
    changed = (net.weight != before).any(1)
    assert changed.tolist() == [False, True, False, False, True, False]


def test_a_row_met_twice_counts_once_in_the_norm():
    """Two halves of a gradient, not yet added: their norm is that of the sum."""
    net = nn.Embedding(3, 1, sparse=True)
    (net(torch.tensor([1, 1, 1])) * 2).sum().backward()
    clip_gradients([net], 3.0)
    assert_allclose(net.weight.grad.to_dense().flatten(), [0, 3, 0], atol=1e-6)


def norm(nets):
    return float(torch.cat([p.grad.flatten() for net in nets for p in net.parameters()]).norm())


@pytest.mark.parametrize("threshold", [0.0, 0.5, 1e9])
def test_clipping_by_the_global_norm(threshold):
    """g <- threshold * g / ||g|| where ||g|| > threshold, over all nets together."""
    nets = [nn.Linear(3, 2), nn.Linear(2, 5)]
    for net in nets:
        for parameter in net.parameters():
            parameter.grad = torch.randn_like(parameter)
    before, total = [p.grad.clone() for net in nets for p in net.parameters()], norm(nets)
    assert clip_gradients(nets, threshold)
    factor = threshold / total if 0 < threshold < total else 1.0
    for gradient, parameter in zip(before, (p for net in nets for p in net.parameters()), strict=True):
        assert_allclose(parameter.grad, gradient * factor, rtol=1e-5)


def test_without_gradients_nothing_happens():
    assert clip_gradients([nn.Linear(2, 2)], 1.0)


def two_encoders():
    torch.manual_seed(0)
    model = chain(RNNEncoder(width=6), with_array(Linear(6, 6)), RNNEncoder(width=4))
    X = [numpy.random.default_rng(0).normal(size=(n, 3)).astype("f") for n in (4, 2)]
    model.initialize(X=X)
    return model, X


def weights(model):
    torch_ones = [p.detach().numpy().copy() for i in (0, 2) for p in model.layers[i].shims[0].net.parameters()]
    return [*torch_ones, model.layers[1].layers[0].get_param("W").copy()]


def test_one_norm_for_all_nets_of_a_model():
    model, X = two_encoders()
    Y, backprop = model.begin_update(X)
    backprop([numpy.full_like(y, 100) for y in Y])
    nets = [model.layers[i].shims[0].net for i in (0, 2)]
    assert norm(nets) > 1
    before = weights(model)
    finish_update(model, SGD(1.0, L2=0, grad_clip=0.5))
    change = [a - b for a, b in zip(weights(model)[:-1], before[:-1], strict=True)]
    assert numpy.linalg.norm(numpy.concatenate([c.ravel() for c in change])) == pytest.approx(0.5, rel=1e-4)
    assert not numpy.array_equal(weights(model)[-1], before[-1]), "Thinc's own layers learn as well"


@pytest.mark.parametrize("bad", [numpy.nan, numpy.inf])
def test_an_update_that_is_not_finite_is_skipped(bad):
    model, X = two_encoders()
    before, optimizer = weights(model), Adam(0.1)
    Y, backprop = model.begin_update(X)
    backprop([numpy.full_like(y, bad) for y in Y])
    with pytest.warns(UserWarning, match="W001"):
        finish_update(model, optimizer)
    for ours, theirs in zip(weights(model), before, strict=True):
        assert_allclose(ours, theirs)
    Y, backprop = model.begin_update(X)
    backprop(Y)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        finish_update(model, optimizer)  # the next one is as if nothing had been
    assert all(numpy.isfinite(w).all() for w in weights(model))
    assert not numpy.array_equal(weights(model)[0], before[0])


def test_a_shim_by_itself_skips_too():
    """spaCy's own components call Thinc's finish_update, which knows nothing of ours."""
    model, X = two_encoders()
    encoder = model.layers[0]
    Y, backprop = encoder.begin_update(X)
    backprop([numpy.full_like(y, numpy.nan) for y in Y])
    before = weights(model)
    with pytest.warns(UserWarning, match="W001"):
        encoder.finish_update(Adam(0.1))
    assert_allclose(weights(model)[0], before[0])


def test_sparse_steps_are_torchs():
    tables = [nn.Parameter(torch.arange(15.0).view(5, 3)) for _ in range(2)]
    ours, theirs = SparseAdam(tables[:1]), torch.optim.SparseAdam(tables[1:])
    for seed, rows in enumerate(([0, 3], [3, 3, 1], [], [4, 0])):
        torch.manual_seed(seed)
        values = torch.randn(len(rows), 3)
        for table, stepper in zip(tables, (ours, theirs), strict=True):
            table.grad = torch.sparse_coo_tensor([rows], values, table.shape, check_invariants=True)
            stepper.step()
    assert_allclose(tables[0].detach(), tables[1].detach(), atol=1e-6)
    assert (tables[0][2] == torch.tensor([6.0, 7.0, 8.0])).all()
