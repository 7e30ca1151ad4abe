"""Our own filters beside torch's path, with every kernel that this processor has."""

import numpy
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from spacy_rnn.nets import native, sliding
from spacy_rnn.nets.classifier import FilterReader
from spacy_rnn.nets.masks import Words
from spacy_rnn.nets.pooling import most_over_time

pytestmark = pytest.mark.skipif(native.reason_missing() is not None, reason="nothing was compiled")
TOLERANCE = dict(rtol=1e-5, atol=1e-5)
LENGTHS = numpy.array([3, 0, 1, 12, 2])


@pytest.fixture(params=[2, 1, 0], ids=["avx512", "avx2", "plain"])
def level(request, monkeypatch):
    monkeypatch.setattr(native, "LEVEL", request.param)


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
    level=st.integers(0, 2),
)
@settings(max_examples=60, deadline=None)
def test_sums_and_gradients_are_torchs(lengths, filters, sizes, depth, seed, level):
    net, words = reader(filters, sizes, depth), words_of(numpy.array(lengths), seed=seed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(native, "LEVEL", level)
        assert sliding.fits(words.rows, filters)
        wanted = by_torch(net, words, patch)
        torch.testing.assert_close(net(words), wanted, **TOLERANCE)
        with torch.no_grad():
            torch.testing.assert_close(net(words), wanted, **TOLERANCE)
        ours = gradients(net, words, net)
        theirs = gradients(net, words, lambda given: by_torch(net, given, patch))
        torch.testing.assert_close(ours, theirs, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("filters", [16, 17, 100, 150])
def test_every_kernel(level, filters, monkeypatch):
    net, words = reader(filters, [1, 3, 30]), words_of(LENGTHS)
    with torch.no_grad():
        torch.testing.assert_close(net(words), by_torch(net, words, monkeypatch), **TOLERANCE)


def test_a_text_is_the_same_in_any_batch(level):
    rng = numpy.random.default_rng(0)
    known, words = rng.normal(size=(40, 6 * 50)).astype("float32"), rng.integers(0, 40, 200)

    def run(lengths: list[int]) -> list[numpy.ndarray]:
        return [part[0] for part in native.Slide(50, [1, 2, 3], words, numpy.array(lengths)).tops(known, True)]

    alone = run([11])
    for others in range(1, 9):
        for found, wanted in zip(run([11] + [9, 0] * others), alone, strict=True):
            numpy.testing.assert_array_equal(found, wanted)


def test_the_first_of_equal_windows(level):
    known = numpy.zeros((2, 3 * 20), dtype="float32")
    known[1, :20] = 1.0  # the second word, in the only place of the first size
    slide = native.Slide(20, [1, 2], numpy.array([0, 1, 0, 1]), numpy.array([4, 0]))
    tops, where = slide.tops(known, True)
    assert (tops[0] == [1.0] * 20 + [0.0] * 20).all() and (where[0] == [1] * 20 + [0] * 20).all()
    assert not tops[1].any()


def test_what_is_not_a_number_stays_in_its_text(level):
    words = words_of(LENGTHS)
    words.rows[words.place[0]] = float("nan")
    with torch.no_grad():
        found = reader(20, [2])(words)
    here = [bool((part == words.place[0]).any()) for part in words.place.split(LENGTHS.tolist())]
    assert found.isnan().any(1).tolist() == here and not all(here)


def test_frozen_weights_and_vectors():
    net, words = reader(20, [1, 2]), words_of(LENGTHS)
    net.layers[0][1].weight.requires_grad_(False)
    net(words).sum().backward()
    assert words.rows.grad is None and net.layers[0][1].weight.grad is None
    assert net.layers[0][0].weight.grad.any()


def test_most_over_time(level, monkeypatch):
    flat = torch.randn(int(LENGTHS.sum()), 37)[:, :20]  # columns of something wider
    with torch.no_grad():
        ours = most_over_time(flat, LENGTHS)
    assert torch.equal(ours, most_over_time(flat, LENGTHS))  # with gradients
    assert not ours[1].any()


def test_torch_does_the_rest(monkeypatch):
    def unexpected(*args):
        raise AssertionError

    monkeypatch.setattr(native, "Slide", unexpected)
    words = words_of(LENGTHS)
    reader(15, [1, 2])(words).sum().backward()
    reader(20, [1, 2]).double()(words._replace(rows=words.rows.double()))
    net = reader(20, [1, 2])
    net.activities(words)
    with pytest.raises(AssertionError):
        net(words)
    monkeypatch.setattr(native, "reason_missing", lambda: "for a test")
    net(words).sum().backward()
    with torch.no_grad():
        net(words)
        most_over_time(torch.randn(int(LENGTHS.sum()), 20), LENGTHS)
