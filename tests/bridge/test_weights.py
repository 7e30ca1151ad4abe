"""Weights on disk: what was saved comes back, anything else is a coded error, and nothing is ever unpickled."""

import json
import re
from pathlib import Path

import pytest
import torch
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from safetensors.torch import save
from torch import nn

import spacy_rnn
from spacy_rnn.bridge.weights import net_from_bytes, net_to_bytes, weights_of
from spacy_rnn.errors import RNNError
from spacy_rnn.nets.recurrent import RecurrentEncoder
from spacy_rnn.nets.tagger import TaggerHeads

CONFIG = dict(n_in=3, width=4, depth=1, cell="gru", bidirectional=True, dilation=[1], stride=1)
FIXED = {name: value for name, value in CONFIG.items() if name != "n_in"}
HEADS = dict(n_in=3, n_tag=2, n_pos=2, n_values=4, bundles=[[0, 2], [1, 3]])


class Tied(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.words = nn.Embedding(size, 3)
        self.output = nn.Linear(3, size, bias=False)
        self.output.weight = self.words.weight


def saved(net_class=RecurrentEncoder, config=CONFIG):
    torch.manual_seed(0)
    net = net_class(**config)
    return net, net_to_bytes(net, config)


def header_end(data):
    return 8 + int.from_bytes(data[:8], "little")


@pytest.mark.parametrize("net_class, config", [(RecurrentEncoder, CONFIG), (TaggerHeads, HEADS), (Tied, dict(size=5))])
def test_round_trip(net_class, config):
    net, data = saved(net_class, config)
    torch.manual_seed(1)  # so that equal weights are the file's
    other, found = net_from_bytes(data, net_class, {})
    assert found == config
    for name, weight in net.state_dict().items():
        assert torch.equal(weight, other.state_dict()[name])


def test_tied_weights_are_stored_once_and_stay_tied():
    net, data = saved(Tied, dict(size=1000))
    assert list(weights_of(net)) == ["words.weight"]
    assert len(data) < 1000 * 3 * 4 + 500
    other, _ = net_from_bytes(data, Tied, {})
    assert other.output.weight is other.words.weight


def test_the_header_is_plain_json():
    _, data = saved()
    header = json.loads(data[8 : header_end(data)])
    assert header["__metadata__"]["net"] == "RecurrentEncoder"
    assert json.loads(header["__metadata__"]["config"]) == CONFIG


# -- what is not ours, or no longer


def _load(data):
    """RNNError or a net: never anything else."""
    try:
        return net_from_bytes(data, RecurrentEncoder, FIXED)
    except RNNError as error:
        assert re.match(r"\[R00\d\]", str(error))
        return None


def test_cut_off_anywhere():
    _, data = saved()
    assert _load(data) is not None
    for end in range(len(data)):
        assert _load(data[:end]) is None


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_byte_of_the_header_changed(data):
    """An error, or (a name's spelling inside a value, say) something harmless; never another exception."""
    _, good = saved()
    place = data.draw(st.integers(0, header_end(good) - 1))
    byte = data.draw(st.integers(0, 255))
    found = _load(good[:place] + bytes([byte]) + good[place + 1 :])
    if found is not None:
        assert found[1] == CONFIG


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_byte_of_a_net_without_fixed_arguments_changed(data):
    _, good = saved(TaggerHeads, HEADS)
    place, byte = data.draw(st.integers(0, header_end(good) - 1)), data.draw(st.integers(0, 255))
    try:
        net_from_bytes(good[:place] + bytes([byte]) + good[place + 1 :], TaggerHeads, {})
    except RNNError:
        pass


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=200))
@example(b"")
@example(b"\x02\0\0\0\0\0\0\0{}")
@example(b"\x02\0\0\0\0\0\0\0[]")
@example(b'\x15\0\0\0\0\0\0\0{"__metadata__": null}')
def test_any_bytes(data):
    assert _load(data) is None


METADATA = {"format": "1", "net": "RecurrentEncoder", "config": json.dumps(CONFIG)}


@pytest.mark.parametrize(
    "metadata, code",
    [
        (None, "R002"),  # somebody else's safetensors
        ({"format": "pt"}, "R003"),
        ({**METADATA, "format": "2"}, "R003"),
        ({**METADATA, "net": "TaggerHeads"}, "R004"),
        ({**METADATA, "config": "{"}, "R002"),
        ({**METADATA, "config": "[]"}, "R002"),
        ({"format": "1", "net": "RecurrentEncoder"}, "R002"),
        ({**METADATA, "config": json.dumps({**CONFIG, "n_in": "wide"})}, "R002"),
        ({**METADATA, "config": json.dumps({**CONFIG, "n_in": 10**12})}, "R006"),
        ({**METADATA, "config": json.dumps({**CONFIG, "n_in": -1})}, "R002"),
        ({**METADATA, "config": json.dumps({**CONFIG, "extra": 1})}, "R002"),
        ({**METADATA, "config": json.dumps({**CONFIG, "cell": "gru2"})}, "R005"),
    ],
    ids=str,
)
def test_foreign_files(metadata, code):
    net, _ = saved()
    with pytest.raises(RNNError, match=code):
        net_from_bytes(save(dict(net.state_dict()), metadata), RecurrentEncoder, FIXED)


def test_weights_of_another_shape_type_or_name():
    net, _ = saved()
    good = dict(net.state_dict())
    name = next(iter(good))
    for wrong in (
        {**good, name: good[name][:, :2].contiguous()},
        {**good, name: good[name].int()},
        {**good, "more": good[name].clone()},
        {n: w for n, w in good.items() if n != name},
    ):
        with pytest.raises(RNNError, match="R006"):
            net_from_bytes(save(wrong, METADATA), RecurrentEncoder, FIXED)


def test_nothing_unpickles():
    """No module imports pickle or calls torch.load; loading goes through safetensors alone."""
    for path in Path(spacy_rnn.__file__).parent.rglob("*.py"):
        text = path.read_text(encoding="utf8")
        assert not re.search(
            r"^\s*(import|from) (pickle|cloudpickle|dill|shelve|joblib)\b|torch\.load\(", text, re.M
        ), path
