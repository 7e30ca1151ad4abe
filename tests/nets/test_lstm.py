"""Our own LSTM for prediction beside torch's, with every kernel that this processor has."""

import numpy
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from spacy_rnn.nets import lstm, native
from spacy_rnn.nets.recurrent import RecurrentEncoder, RecurrentLayer

pytestmark = pytest.mark.skipif(native.reason_missing() is not None, reason="nothing was compiled")
TOLERANCE = dict(rtol=1e-5, atol=3e-6)


@pytest.fixture(params=[2, 1, 0], ids=["avx512", "avx2", "plain"])
def level(request, monkeypatch):
    monkeypatch.setattr(native, "LEVEL", request.param)


def layer(n_in: int = 10, n_hidden: int = 32, bidirectional: bool = True) -> RecurrentLayer:
    torch.manual_seed(0)
    made = RecurrentLayer(n_in, n_hidden, "lstm", bidirectional).eval()
    for parameter in made.parameters():
        parameter.data += 0.05 * torch.randn_like(parameter)
    return made


def by_torch(layer: RecurrentLayer, flat: torch.Tensor, lengths: numpy.ndarray) -> torch.Tensor:
    return layer(flat, lengths).detach()  # with gradients


@torch.no_grad()
def by_us(layer: RecurrentLayer, flat: torch.Tensor, lengths: numpy.ndarray) -> torch.Tensor:
    assert lstm.fits(layer.directions[0], flat)
    return layer(flat, lengths)


@given(lengths=st.lists(st.integers(0, 9), min_size=1, max_size=20), seed=st.integers(0, 99), both=st.booleans())
@settings(max_examples=25, deadline=None)
def test_states_are_torchs(lengths, seed, both):
    lengths, net = numpy.array([1, *lengths]), layer(bidirectional=both)
    flat = torch.randn(lengths.sum(), 10, generator=torch.Generator().manual_seed(seed)) * 2
    torch.testing.assert_close(by_us(net, flat, lengths), by_torch(net, flat, lengths), **TOLERANCE)


@pytest.mark.parametrize("n_hidden", [16, 48, 256])
def test_every_kernel(level, n_hidden):
    lengths, net = numpy.array([3, 1, 0, 7, 7, 2, 19, 1, 1, 4, 6]), layer(n_hidden=n_hidden)
    flat = torch.randn(lengths.sum(), 10)
    torch.testing.assert_close(by_us(net, flat, lengths), by_torch(net, flat, lengths), **TOLERANCE)


def test_large_inputs_saturate_as_torchs_do(level):
    lengths, net = numpy.array([5, 4]), layer()
    for size in (50, 1e6):
        flat = torch.randn(9, 10) * size
        torch.testing.assert_close(by_us(net, flat, lengths), by_torch(net, flat, lengths), **TOLERANCE)


def test_a_sequence_is_the_same_in_any_batch(level):
    rng = numpy.random.default_rng(0)
    added = rng.normal(size=(200, 64)).astype("float32")
    weights = rng.normal(size=(64, 16)).astype("float32")

    def run(lengths: list[int]) -> numpy.ndarray:
        lengths = numpy.array(lengths)
        states = numpy.empty((200, 16), dtype="float32")
        native.lstm(added, numpy.arange(200), weights, numpy.cumsum(lengths) - lengths, lengths, False, states)
        return states

    alone = run([11])[:11]
    for others in range(1, 14):
        numpy.testing.assert_array_equal(run([11] + [9] * others)[:11], alone)


def test_like_rows_are_multiplied_once():
    net, kinds = layer(), torch.randn(4, 10)
    kinds[3, [0, -1]] = kinds[2, [0, -1]]  # alike at first sight
    for some in ([0, 1], [2, 3]):
        flat = kinds[torch.tensor(some * 8)]
        rows, place = lstm.distinct(flat)
        assert len(rows) == (2 if some == [0, 1] else 16)
        assert torch.equal(rows[torch.from_numpy(place)], flat)
        lengths = numpy.array([9, 7])
        torch.testing.assert_close(by_us(net, flat, lengths), by_torch(net, flat, lengths), **TOLERANCE)


def test_many_tokens_run_in_groups(monkeypatch):
    lengths, net = numpy.array([3, 8, 0, 2, 8, 1]), layer()
    flat = torch.randn(22, 10)
    whole = by_us(net, flat, lengths)
    monkeypatch.setattr(lstm, "GROUP_TOKENS", 9)
    torch.testing.assert_close(by_us(net, flat, lengths), whole, **TOLERANCE)


def test_threads_share_the_sequences(monkeypatch):
    lengths, net = numpy.array([3, 8, 0, 2, 8, 1]), layer()
    flat = torch.randn(22, 10)
    alone = by_us(net, flat, lengths)
    monkeypatch.setattr(torch, "get_num_threads", lambda: 3)
    monkeypatch.setattr(lstm, "THREAD_TOKENS", 5)
    assert torch.equal(by_us(net, flat, lengths), alone)


def test_damaged_numbers_stay_in_their_sequence():
    lengths, net = numpy.array([2, 3]), layer()
    flat = torch.randn(5, 10)
    flat[0] = float("nan")
    states = by_us(net, flat, lengths)
    assert states[:1].isnan().any()
    torch.testing.assert_close(states[2:], by_torch(net, flat, lengths)[2:], **TOLERANCE)


def test_torch_does_the_rest(monkeypatch):
    lengths, flat = numpy.array([5, 4]), torch.randn(9, 10)

    def unexpected(*args):
        raise AssertionError

    monkeypatch.setattr(lstm, "run", unexpected)
    with torch.no_grad():
        RecurrentLayer(10, 25, "lstm", True)(flat, lengths)
        RecurrentLayer(10, 32, "gru", True)(flat, lengths)
        RecurrentLayer(10, 32, "lstm", True, stride=2)(flat, lengths)
        RecurrentLayer(10, 32, "lstm", True).double()(flat.double(), lengths)
        monkeypatch.setattr(native, "reason_missing", lambda: "for a test")
        RecurrentEncoder(10, 64, 2)(flat, lengths)
    layer()(flat, lengths).sum().backward()
