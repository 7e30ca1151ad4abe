"""How Thinc holds a net: averages, copies, bytes, other processes."""

import gc
import multiprocessing
import pickle

import numpy
import pytest
import torch
from numpy.testing import assert_allclose
from thinc.api import Adam, Optimizer

from spacy_rnn.errors import RNNError
from spacy_rnn.models.encoders import RNNEncoder


def encoder(**changes):
    torch.manual_seed(0)
    model = RNNEncoder(**{"width": 6, "depth": 2, **changes})
    model.initialize(X=arrays())
    return model


def arrays(seed=0):
    return [numpy.random.default_rng(seed).normal(size=(n, 4)).astype("f") for n in (3, 5)]


def train(model, optimizer, steps=5):
    for i in range(steps):
        Y, backprop = model.begin_update(arrays(i))
        backprop([y - 1 for y in Y])
        model.finish_update(optimizer)


def weights(model):
    return [p.detach().clone() for p in model.shims[0].net.parameters()]


def same(ours, theirs):
    return all(torch.equal(a, b) for a, b in zip(ours, theirs, strict=True))


def test_averages_are_thincs():
    model, optimizer = encoder(), Adam(0.1)
    expected = [numpy.zeros_like(w.numpy()) for w in weights(model)]
    for step in range(1, 15):
        train(model, optimizer, 1)
        for average, weight in zip(expected, weights(model), strict=True):
            model.ops.update_averages(average, weight.numpy(), step)
    for ours, theirs in zip(optimizer.averages[f"torch_{model.shims[0].id}"], expected, strict=True):
        assert_allclose(ours, theirs, atol=1e-6)


def test_use_params_puts_the_averages_in_and_takes_them_out():
    model, optimizer = encoder(), Adam(0.1)
    train(model, optimizer)
    trained, (averages,) = weights(model), optimizer.averages.values()
    averages = [a.clone() for a in averages]
    with model.use_params(optimizer.averages):
        assert same(weights(model), averages) and not same(averages, trained)
    assert same(weights(model), trained)
    with pytest.raises(KeyError), model.use_params(optimizer.averages):
        raise KeyError
    assert same(weights(model), trained)
    assert same(optimizer.averages[f"torch_{model.shims[0].id}"], averages)
    with model.use_params({}):
        assert same(weights(model), trained)


def test_language_use_params(nlp_with_encoder):
    """Through spaCy, whose own context manager does not clean up after an error."""
    nlp, optimizer = nlp_with_encoder, Adam(0.1)
    model = nlp.get_pipe("tok2vec").model.get_ref("encode")
    train(model, optimizer)
    trained = weights(model)
    with nlp.use_params(optimizer.averages):
        assert not same(weights(model), trained)
    assert same(weights(model), trained)
    with pytest.raises(KeyError), nlp.use_params(optimizer.averages):
        raise KeyError
    gc.collect()
    assert same(weights(model), trained)


@pytest.fixture
def nlp_with_encoder():
    import spacy

    nlp = spacy.blank("en")
    embed = {"@architectures": "spacy.MultiHashEmbed.v2", "width": 4, "attrs": ["NORM"], "rows": [50]}
    embed["include_static_vectors"] = False
    encode = {"@architectures": "spacy-rnn.RNNEncoder.v1", "width": 6}
    nlp.add_pipe("tok2vec", config={"model": {"@architectures": "spacy.Tok2Vec.v2", "embed": embed, "encode": encode}})
    nlp.initialize()
    nlp.get_pipe("tok2vec").model.set_ref("encode", nlp.get_pipe("tok2vec").model.layers[1])
    return nlp


def test_no_averages_when_switched_off():
    model, optimizer = encoder(), Adam(0.1, use_averages=False)
    train(model, optimizer)
    assert optimizer.averages is None


def test_a_copy_goes_its_own_way():
    model, optimizer = encoder(), Adam(0.1)
    train(model, optimizer)
    other = model.copy()
    before = weights(model)
    assert same(before, weights(other)) and model.shims[0].id != other.shims[0].id
    train(other, optimizer)
    assert same(before, weights(model)) and not same(before, weights(other))
    assert len(optimizer.averages) == 2


def test_copy_of_a_model_without_weights():
    assert not RNNEncoder(width=6).copy().shims[0].built


def test_bytes_and_disk(tmp_path):
    model = encoder()
    train(model, Adam(0.1))
    expected = model.predict(arrays())
    for other in (
        RNNEncoder(width=6, depth=2).from_bytes(model.to_bytes()),
        (model.to_disk(tmp_path / "model"), RNNEncoder(width=6, depth=2).from_disk(tmp_path / "model"))[1],
    ):
        for ours, theirs in zip(other.predict(arrays()), expected, strict=True):
            assert_allclose(ours, theirs)
        train(other, Adam(0.1))  # and it can go on learning


def test_a_model_without_weights_is_saved_without():
    other = RNNEncoder(width=6).from_bytes(RNNEncoder(width=6).to_bytes())
    assert not other.shims[0].built


@pytest.mark.parametrize(
    "change", [dict(depth=1), dict(cell="gru"), dict(bidirectional=False), dict(stride=2)], ids=str
)
def test_bytes_of_another_configuration(change):
    name, value = next(iter(change.items()))
    with pytest.raises(RNNError, match=rf"R005.*RecurrentEncoder.* {name} = .* {value}\."):
        RNNEncoder(**{"width": 6, "depth": 2, **change}).from_bytes(encoder().to_bytes())


def test_pickle_and_another_process():
    model, optimizer = encoder(), Optimizer(0.1)
    train(model, optimizer)
    expected = model.predict(arrays())
    for ours, theirs in zip(pickle.loads(pickle.dumps(model)).predict(arrays()), expected, strict=True):
        assert_allclose(ours, theirs)
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        found = pool.apply(model.predict, (arrays(),))
    for ours, theirs in zip(found, expected, strict=True):
        assert_allclose(ours, theirs, atol=1e-6)


def test_a_new_optimizer_starts_anew():
    """spaCy makes a new optimizer for each training; the moments of the old one have nothing to say there."""
    model = encoder()
    first, second = Adam(0.1), Adam(0.1)
    train(model, first)
    step = model.shims[0]._step
    train(model, second)
    assert model.shims[0]._step is not step and model.shims[0]._step.updates == 5


def test_asking_for_a_gpu_where_there_is_none():
    """spaCy's own words are clear; nothing of ours gets in the way."""
    import spacy
    from thinc.util import has_gpu

    if has_gpu:
        pytest.skip("this machine has a GPU")
    with pytest.raises(ValueError, match="Cannot use GPU|No GPU"):
        spacy.require_gpu()
