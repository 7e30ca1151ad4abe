"""The labeller's output layer: its losses and their gradients, against torch's own derivatives."""

import numpy
import pytest
import torch

from spacy_rnn.nets.crf import MISSING
from spacy_rnn.nets.labeller import LabellerHead
from spacy_rnn.nets.schemes import labels_of

LABELS = labels_of(["PER", "LOC"], "IOB2")  # O B-PER I-PER B-LOC I-LOC
LENGTHS = numpy.array([3, 1, 2])
GOLD = torch.tensor([1, 2, 0, 0, MISSING, 3])


@pytest.fixture(params=["crf", "softmax"])
def head(request):
    torch.manual_seed(0)
    return LabellerHead(4, LABELS, "IOB2", request.param)


def scores_of(head):
    return head(torch.randn(6, 4)).detach()


def test_one_score_for_each_label(head):
    assert scores_of(head).shape == (6, 5)
    assert head(torch.zeros(0, 4)).shape == (0, 5)


@pytest.mark.parametrize("weights", [None, torch.tensor([0.5, 2.0, 2.0, 3.0, 3.0])], ids=["plain", "weighed"])
def test_the_gradient_is_that_of_the_loss(head, weights):
    scores, step = scores_of(head), 1e-2
    _, gradient = head.loss(scores, GOLD, LENGTHS, weights)
    for place in ((0, 1), (1, 0), (4, 3), (5, 2)):
        shifted = [scores.clone(), scores.clone()]
        shifted[0][place] += step
        shifted[1][place] -= step
        up, down = (head.loss(s, GOLD, LENGTHS, weights)[0] for s in shifted)
        assert float(gradient[place]) == pytest.approx((up - down) / (2 * step), abs=1e-3)


@pytest.mark.parametrize("weights", [None, torch.ones(5)], ids=["plain", "weighed"])
def test_without_tokens_there_is_no_loss(head, weights):
    loss, gradient = head.loss(torch.zeros(0, 5), GOLD[:0], LENGTHS[:0], weights)
    assert loss == 0.0 and gradient.shape == (0, 5)


def test_transitions_add_up_their_gradients():
    torch.manual_seed(0)
    head = LabellerHead(4, LABELS, "IOB2", "crf")
    scores = scores_of(head)
    head.loss(scores, GOLD, LENGTHS)
    once = head.crf.transitions.grad.clone()
    head.loss(scores, GOLD, LENGTHS)
    assert once.abs().max() > 0 and torch.allclose(head.crf.transitions.grad, 2 * once)
    assert head.output.weight.grad is None, "the scores' own gradients go back through the model"


def test_softmax_is_the_mean_cross_entropy():
    torch.manual_seed(0)
    head = LabellerHead(4, LABELS, "IOB2", "softmax")
    scores = scores_of(head)
    known = GOLD != MISSING
    expected = -scores.log_softmax(1)[known, GOLD[known]].sum() / len(GOLD)
    assert head.loss(scores, GOLD, LENGTHS)[0] == pytest.approx(float(expected), abs=1e-6)
    assert not any(name.startswith("crf") for name, _ in head.named_parameters())


def test_crf_is_the_mean_likelihood():
    torch.manual_seed(0)
    head = LabellerHead(4, LABELS, "IOB2", "crf")
    scores = scores_of(head)
    expected = float(head.crf.negative_log_likelihood(scores, GOLD, LENGTHS).detach().sum() / len(GOLD))
    assert head.loss(scores, GOLD, LENGTHS)[0] == pytest.approx(expected, abs=1e-6)
    weights = torch.tensor([0.5, 2.0, 2.0, 3.0, 3.0])
    each = head.crf.negative_log_likelihood(scores, GOLD, LENGTHS).detach()
    expected = float((each * torch.tensor([2.0, 0.5, 3.0])).sum() / len(GOLD))
    assert head.loss(scores, GOLD, LENGTHS, weights)[0] == pytest.approx(expected, abs=1e-6)


def test_weights_where_nothing_is_outside():
    """Without an O, as for morphemes, a sequence without gold counts 1."""
    labels = labels_of(["ROOT"], "BMES")
    head = LabellerHead(2, labels, "BMES", "crf")
    scores, lengths = torch.randn(4, 4), numpy.array([2, 2])
    gold = torch.tensor([0, 2, MISSING, MISSING])
    plain, _ = head.loss(scores, gold, lengths)
    heavy, _ = head.loss(scores, gold, lengths, torch.full((4,), 3.0))
    assert heavy == pytest.approx(3 * plain, rel=1e-4)
