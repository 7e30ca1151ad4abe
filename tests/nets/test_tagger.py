"""The tagger's output layer: columns in their order, bundles made of their values, parts of speech seen by the rest."""

import pytest
import torch

from spacy_rnn.nets.tagger import TaggerHeads

BUNDLES = [[0, 2], [1, 3], [0, 4]]  # two attributes with two and three values


def heads(**changes):
    torch.manual_seed(0)
    return TaggerHeads(**{**dict(n_in=6, n_tag=4, n_pos=3, n_values=5, bundles=BUNDLES), **changes})


def test_columns_in_their_order():
    net, flat = heads(), torch.randn(7, 6)
    scores = net(flat)
    assert scores.shape == (7, 4 + 3 + 3 + 5)
    pos = net.pos(flat)
    given = flat + net.from_pos(pos.softmax(1))
    assert torch.allclose(scores[:, 4:7], pos)
    assert torch.allclose(scores[:, :4], net.tag(given))
    assert torch.allclose(scores[:, 10:], net.value(given))


def test_a_bundle_is_itself_and_its_values():
    net, flat = heads(), torch.randn(7, 6)
    scores = net(flat)
    values = scores[:, 10:]
    own = net.bundle(flat + net.from_pos(net.pos(flat).softmax(1)))
    for column, (first, second) in enumerate(BUNDLES):
        expected = own[:, column] + values[:, first] + values[:, second]
        assert torch.allclose(scores[:, 7 + column], expected, atol=1e-6)


@pytest.mark.parametrize(
    "changes, width",
    [
        (dict(n_tag=0), 11),
        (dict(n_pos=0), 12),
        (dict(bundles=[], n_values=0), 7),
        (dict(n_tag=0, n_pos=0), 8),
        (dict(bundles=[[]], n_values=0), 8),  # one bundle, without attributes
    ],
)
def test_heads_can_be_missing(changes, width):
    assert heads(**changes)(torch.randn(2, 6)).shape == (2, width)


def test_gradients_reach_every_weight_from_every_part():
    net, flat = heads().double(), torch.randn(7, 6, dtype=torch.double, requires_grad=True)
    assert torch.autograd.gradcheck(net, (flat,))
    net(flat)[:, 7:10].sum().backward()  # the bundles alone
    silent = {name for name, weight in net.named_parameters() if not weight.grad.any()}
    assert silent == {"tag.weight", "tag.bias"}


def test_what_is_given_is_not_saved():
    assert "given" not in heads().state_dict()
