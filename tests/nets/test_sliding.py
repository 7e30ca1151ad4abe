"""Our own filters beside torch's path, with every kernel that this processor has."""

import numpy
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from spacy_rnn.nets import native, sliding
from spacy_rnn.nets.classifier import FilterReader, Words

pytestmark = pytest.mark.skipif(native.reason_missing() is not None, reason="nothing was compiled")
LEVELS = {"avx512": 2, "avx2": 1, "plain": 0}
TOLERANCE = dict(rtol=1e-5, atol=1e-5)
LENGTHS = numpy.array([3, 0, 1, 12, 2])


def reader(filters: int, sizes: list[int], depth: int = 1, width: int = 10) -> FilterReader:
    torch.manual_seed(0)
    return FilterReader(width, filters, sizes, depth)


def words_of(lengths: numpy.ndarray, width: int = 10, seed: int = 0) -> Words:
    random = torch.Generator().manual_seed(seed)
    rows = torch.randn(7, width, generator=random)
    return Words(rows, torch.randint(7, (int(lengths.sum()),), generator=random), lengths)


def by_torch(net: FilterReader, words: Words, monkeypatch: pytest.MonkeyPatch) -> torch.Tensor:
    with monkeypatch.context() as patch:
        patch.setattr(sliding, "fits", lambda *_: False)
        return net(words)


def gradients(net: FilterReader, words: Words, forward) -> list[torch.Tensor]:
    words = words._replace(rows=words.rows.clone().requires_grad_())
    net.zero_grad()
    found = forward(words)
    (found * torch.linspace(-1, 2, found.numel()).view_as(found)).sum().backward()
    return [words.rows.grad, *(parameter.grad.clone() for parameter in net.parameters())]


@given(
    lengths=st.lists(st.integers(0, 8), min_size=1, max_size=9),
    filters=st.integers(16, 150),
    sizes=st.lists(st.integers(1, 9), min_size=1, max_size=4, unique=True),
    depth=st.integers(1, 2),
    seed=st.integers(0, 99),
    level=st.sampled_from(sorted(LEVELS.values())),
)
@settings(max_examples=60, deadline=None)
def test_sums_and_gradients_are_torchs(lengths, filters, sizes, depth, seed, level):
    net, words = reader(filters, sizes, depth), words_of(numpy.array(lengths), seed=seed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(native, "LEVEL", level)
        assert sliding.fits(net.layers[-1], words.rows)
        wanted = by_torch(net, words, patch)
        torch.testing.assert_close(net(words), wanted, **TOLERANCE)
        with torch.no_grad():
            torch.testing.assert_close(net(words), wanted, **TOLERANCE)
        ours = gradients(net, words, net)
        theirs = gradients(net, words, lambda given: by_torch(net, given, patch))
        torch.testing.assert_close(ours, theirs, rtol=1e-4, atol=1e-4)
