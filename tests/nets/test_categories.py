"""The losses of categories against torch's own, and by differences."""

import numpy
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy

from spacy_rnn.nets.categories import balanced_weights, category_loss

torch.manual_seed(0)
LOGITS = torch.randn(5, 4, dtype=torch.float64) * 2
ONE = torch.nn.functional.one_hot(torch.tensor([0, 3, 1, 1, 2]), 4).double()
SEVERAL = (torch.rand(5, 4) > 0.5).double()
WEIGHTS = torch.tensor([1.0, 2.0, 0.5, 3.0], dtype=torch.float64)


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_exclusive_is_cross_entropy(smoothing):
    loss, _ = category_loss(LOGITS, ONE, True, smoothing=smoothing)
    assert loss == pytest.approx(float(cross_entropy(LOGITS, ONE.argmax(1), label_smoothing=smoothing)))


def test_weights_of_exclusive_labels():
    loss, _ = category_loss(LOGITS, ONE, True, WEIGHTS)
    assert loss == pytest.approx(float(cross_entropy(LOGITS, ONE.argmax(1), WEIGHTS, reduction="sum")) / 5)


def test_several_is_binary_cross_entropy_of_each():
    loss, _ = category_loss(LOGITS, SEVERAL, False, WEIGHTS)
    wanted = binary_cross_entropy_with_logits(LOGITS, SEVERAL, pos_weight=WEIGHTS, reduction="sum")
    assert loss == pytest.approx(float(wanted) / 5)


@pytest.mark.parametrize("exclusive", [True, False])
def test_focus_turns_to_what_is_not_known(exclusive):
    gold = ONE if exclusive else SEVERAL
    one = [category_loss(LOGITS[i : i + 1], gold[i : i + 1], exclusive)[0] for i in range(5)]
    two = [category_loss(LOGITS[i : i + 1], gold[i : i + 1], exclusive, focus=2.0)[0] for i in range(5)]
    ratios = [b / a for a, b in zip(one, two, strict=True)]
    assert all(0 < ratio < 1 for ratio in ratios)
    if exclusive:
        assert numpy.allclose(ratios, [(1 - numpy.exp(-loss)) ** 2 for loss in one])


@pytest.mark.parametrize("exclusive", [True, False])
@pytest.mark.parametrize("settings", [{}, {"smoothing": 0.1}, {"focus": 2.0}, {"weights": WEIGHTS}], ids=str)
def test_gradient_by_differences(exclusive, settings):
    gold = (ONE if exclusive else SEVERAL).clone()
    gold[2] = torch.nan
    _, gradient = category_loss(LOGITS, gold, exclusive, **settings)
    step = 1e-6
    for i, j in ((0, 0), (1, 2), (2, 1), (4, 3)):
        moved = LOGITS.clone()
        moved[i, j] += step
        high = category_loss(moved, gold, exclusive, **settings)[0]
        moved[i, j] -= 2 * step
        low = category_loss(moved, gold, exclusive, **settings)[0]
        assert float(gradient[i, j]) == pytest.approx((high - low) / (2 * step), abs=1e-6)
    assert not gradient[2].any()


def test_gradient_of_an_unweighted_loss_is_p_minus_q():
    _, gradient = category_loss(LOGITS, ONE, True)
    assert torch.allclose(gradient * 5, torch.softmax(LOGITS, 1) - ONE)
    _, gradient = category_loss(LOGITS, SEVERAL, False)
    assert torch.allclose(gradient * 5, torch.sigmoid(LOGITS) - SEVERAL)


@pytest.mark.parametrize("exclusive", [True, False])
def test_logits_of_any_size(exclusive):
    loss, gradient = category_loss(torch.tensor([[1e4, -1e4]]), torch.tensor([[0.0, 1.0]]), exclusive, focus=2.0)
    assert numpy.isfinite(loss) and torch.isfinite(gradient).all()


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
@pytest.mark.parametrize("gap", [10.0, 20.0, 60.0, 95.0, 1e4])
@pytest.mark.parametrize("exclusive", [True, False])
def test_a_focus_below_one_has_a_gradient_however_sure_it_is(exclusive, gap, smoothing):
    logits, gold = torch.tensor([[-gap, gap], [0.0, 1.0]]), torch.tensor([[0.0, 1.0], [0.0, 1.0]])
    loss, gradient = category_loss(logits, gold, exclusive, smoothing=smoothing, focus=0.5)
    assert numpy.isfinite(loss) and torch.isfinite(gradient).all() and gradient[1].all()


@given(st.lists(st.integers(1, 1000), min_size=2, max_size=8))
def test_balanced_labels_have_the_same_weight_in_all(counts):
    weights = balanced_weights(numpy.array(counts), sum(counts), True) * counts
    assert numpy.allclose(weights, sum(counts) / len(counts), rtol=1e-4)
    total = sum(counts)
    right = balanced_weights(numpy.array(counts), total, False) * counts
    assert numpy.allclose(right, numpy.maximum(total - numpy.array(counts), 1), rtol=1e-4)


def test_label_without_texts_counts_as_one():
    assert numpy.isfinite(balanced_weights(numpy.array([0, 5]), 5, True)).all()
