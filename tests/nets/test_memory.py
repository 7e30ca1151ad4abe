"""What is remembered of words is what would be computed of them."""

import gc
from itertools import pairwise

import numpy
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from spacy_rnn.nets import memory, native, sliding
from spacy_rnn.nets.classifier import FilterReader
from spacy_rnn.nets.masks import Words

pytestmark = pytest.mark.skipif(native.reason_missing() is not None, reason="nothing was compiled")
WIDTH, COLUMNS = 7, 5


@pytest.fixture
def owner():
    torch.manual_seed(0)
    return nn.Linear(WIDTH, COLUMNS)


def products(owner: nn.Linear, rows: torch.Tensor) -> torch.Tensor | None:
    found = memory.products(owner, rows, [owner.weight.detach()], torch.cat)
    return None if found is None else found[0][found[1]]


def check(owner: nn.Linear, rows: torch.Tensor) -> None:
    torch.testing.assert_close(products(owner, rows), rows @ owner.weight.detach().T, equal_nan=True)


@given(st.lists(st.lists(st.integers(0, 60), max_size=40), max_size=6), st.sampled_from([1, 2, 7, 64]))
@settings(max_examples=50, deadline=None)
def test_batches_that_share_rows(batches, width):
    torch.manual_seed(1)
    owner, rows = nn.Linear(width, COLUMNS), torch.randn(61, width)
    rows[7], rows[8], rows[9] = 0.0, -0.0, float("nan")
    for batch in batches:
        check(owner, rows[batch])


def test_rows_that_are_almost_the_same(owner):
    one = torch.randn(WIDTH)
    rows = one.repeat(40 * WIDTH, 1)
    for i in range(WIDTH):
        rows[40 * i : 40 * (i + 1), i] *= 2.0 ** torch.arange(-20, 20)
    table, found = memory.products(owner, rows, [owner.weight.detach()], torch.cat)
    assert len(set(found.tolist())) == len(rows) - (WIDTH - 1)  # that which is multiplied by one comes often
    check(owner, rows)


def test_changed_weights_are_other_weights(owner):
    rows = torch.randn(30, WIDTH)
    check(owner, rows)
    owner.weight.data[2, 3] += 1.0  # torch does not count what is done to .data
    check(owner, rows)
    rows[4] += 1.0
    check(owner, rows)


def test_a_full_memory_begins_anew(owner, monkeypatch):
    monkeypatch.setattr(memory, "ROOM", 4 * (WIDTH + COLUMNS) * 50)
    rows = torch.randn(200, WIDTH)
    for begin, end in pairwise([0, 30, 50, 60, 110, 111]):
        check(owner, rows[begin:end])
    check(owner, rows[20:70])
    assert products(owner, rows[:51]) is None
    check(owner, rows[:50])


def test_nothing_half_done_is_found(owner, monkeypatch):
    rows = torch.randn(30, WIDTH)
    check(owner, rows[:10])

    def interrupted(*args, **kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(torch, "mm", interrupted)
        products(owner, rows)
    check(owner, rows)


def test_nobody_waits(owner):
    with memory._lock:
        assert products(owner, torch.randn(3, WIDTH)) is None
    check(owner, torch.randn(3, WIDTH))


def test_models_have_memories_of_their_own_as_long_as_they_are_there(owner):
    rows, other = torch.randn(5, WIDTH), nn.Linear(WIDTH, COLUMNS)
    memory.forget()
    check(owner, rows)
    check(other, rows)
    assert len(memory._memories) == 2
    del other
    gc.collect()
    assert list(memory._memories) == [owner]


@pytest.mark.parametrize("depth", [1, 2])
def test_filters_that_remember(depth, monkeypatch):
    torch.manual_seed(0)
    net, rows = FilterReader(WIDTH, 16, [1, 3], depth), torch.randn(50, WIDTH)
    asked = []
    monkeypatch.setattr(memory, "products", lambda *args, ask=memory.products: asked.append(args[0]) or ask(*args))
    with torch.no_grad():
        for seed in range(4):
            lengths = numpy.array([3, 0, 1, 12, 2])
            place = torch.randint(50, (int(lengths.sum()),), generator=torch.Generator().manual_seed(seed))
            met, new = (net(Words(rows, place, lengths, again=again)) for again in (True, False))
            torch.testing.assert_close(met, new)
    assert asked == [net.layers[0]] * 4 * (depth == 1)  # a second layer reads no words


def test_what_learns_does_not_remember():
    net, words = FilterReader(WIDTH, 16, [1, 3]), Words(torch.randn(4, WIDTH), torch.arange(4), numpy.array([4]), True)
    memory.forget()
    net(words).sum().backward()
    assert not memory._memories and net.layers[0][0].weight.grad.any()
    assert sliding.fits(words.rows, 16)
