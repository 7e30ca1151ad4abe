"""Several cross-entropies side by side equal torch's own, with their gradient from autograd."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn.functional import cross_entropy

from spacy_rnn.nets.softmax import MISSING, side_by_side_cross_entropy


def naive(scores, targets, sizes, smoothing):
    parts = zip(scores.split(sizes, 1), targets.T, strict=True)
    losses = [
        cross_entropy(s, t, ignore_index=MISSING, label_smoothing=smoothing, reduction="none").sum() for s, t in parts
    ]
    return torch.stack(losses).sum() / len(scores)


@given(
    st.integers(1, 6),
    st.lists(st.integers(1, 5), min_size=1, max_size=4),
    st.sampled_from([0.0, 0.1, 0.5]),
    st.integers(0, 1000),
)
def test_loss_and_gradient_equal_torch(n, sizes, smoothing, seed):
    random = torch.Generator().manual_seed(seed)
    scores = (torch.randn(n, sum(sizes), generator=random) * 5).requires_grad_()
    targets = torch.stack([torch.randint(-1, size, (n,), generator=random) for size in sizes], 1)  # -1 is MISSING
    expected = naive(scores, targets, sizes, smoothing)
    loss, gradient = side_by_side_cross_entropy(scores.detach(), targets, sizes, smoothing)
    assert loss == pytest.approx(expected.item(), rel=1e-5, abs=1e-5)
    (theirs,) = torch.autograd.grad(expected, scores)
    assert torch.allclose(gradient, theirs, atol=1e-6)


def test_missing_targets_cost_nothing():
    scores = torch.randn(3, 4)
    loss, gradient = side_by_side_cross_entropy(scores, torch.full((3, 1), MISSING), [4], 0.1)
    assert loss == 0 and not gradient.any()


def test_large_scores_stay_finite():
    scores = torch.tensor([[1000.0, -1000.0, 0.0, 1e4]])
    loss, gradient = side_by_side_cross_entropy(scores, torch.tensor([[1, 0]]), [2, 2])
    assert loss == pytest.approx(2000 + 1e4)
    assert bool(gradient.isfinite().all())


def test_no_tokens():
    loss, gradient = side_by_side_cross_entropy(torch.zeros(0, 5), torch.zeros(0, 2, dtype=torch.long), [2, 3])
    assert loss == 0 and gradient.shape == (0, 5)


def test_weights_scale_each_classification():
    scores, targets = torch.randn(4, 5), torch.tensor([[0, 1], [1, 2], [0, 0], [1, MISSING]])
    loss, gradient = side_by_side_cross_entropy(scores, targets, [2, 3], weights=[1.0, 0.5])
    first, d_first = side_by_side_cross_entropy(scores[:, :2], targets[:, :1], [2])
    second, d_second = side_by_side_cross_entropy(scores[:, 2:], targets[:, 1:], [3])
    assert loss == pytest.approx(first + 0.5 * second, rel=1e-5)
    torch.testing.assert_close(gradient, torch.cat([d_first, 0.5 * d_second], 1))
