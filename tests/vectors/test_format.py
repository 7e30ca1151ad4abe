"""Damaged, foreign and inconsistent files end in a coded error."""

import json

import numpy
import pytest
import safetensors.numpy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spacy_rnn.errors import RNNError
from spacy_rnn.vectors.format import FORMAT, VERSION, Table, pack, unpack
from spacy_rnn.vectors.table import FastTextVectors

ONES = numpy.ones((2, 3), dtype=numpy.float32)
DATA = pack(Table(["dog", "кот"], ONES, numpy.ones((5, 3), dtype=numpy.float32), 3, 6))


def save(settings=None, **tensors) -> bytes:
    parts = safetensors.numpy.load(DATA) | tensors
    settings = {"format": FORMAT, "version": VERSION, "min_n": 3, "max_n": 6} | (settings or {})
    return safetensors.numpy.save(parts, metadata={"table": json.dumps(settings)})


def test_unpack_what_was_packed():
    table = unpack(DATA, "test")
    assert table.words == ["dog", "кот"] and (table.min_n, table.max_n) == (3, 6)
    assert unpack(save(), "test").words == table.words


@given(st.integers(0, len(DATA) - 1))
def test_cut_anywhere(length):
    with pytest.raises(RNNError, match=r"R22\d"):
        unpack(DATA[:length], "test")


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(0, len(DATA) - 1), st.integers(0, 255)), min_size=1, max_size=5))
def test_flipped_bytes_load_or_give_a_coded_error(changes):
    data = bytearray(DATA)
    for place, value in changes:
        data[place] = value
    try:
        FastTextVectors().from_bytes(bytes(data)).get_batch(["dog", "unseen"])
    except RNNError as error:
        assert "[R22" in str(error)


@given(st.binary(max_size=200))
def test_any_bytes(data):
    with pytest.raises(RNNError, match=r"R22\d"):
        unpack(data, "test")


@pytest.mark.parametrize(
    "code, data",
    [
        ("R222", safetensors.numpy.save({"weight": ONES})),
        ("R222", safetensors.numpy.save({"weight": ONES}, metadata={"table": "[1]"})),
        ("R222", save({"version": VERSION + 1})),
        ("R222", save({"format": "spacy-rnn.Tagger"})),
        ("R221", save({"min_n": None})),
        ("R223", save({"min_n": 5, "max_n": 2})),
        ("R221", save(lengths=numpy.array([-1, 10], dtype=numpy.int32))),
        ("R221", save(lengths=numpy.array([3, 5], dtype=numpy.int32))),
        ("R221", save(words=numpy.frombuffer(b"dogdog", dtype=numpy.uint8), lengths=numpy.array([3, 3]))),
        ("R221", save(lengths=numpy.array([[3], [6]], dtype=numpy.int32))),
        ("R223", save(vectors=ONES[:1])),
        ("R223", save(vectors=ONES[:, :2].copy())),
        ("R223", save(vectors=ONES[0])),
        ("R223", save(vectors=ONES.astype(numpy.float64))),
        ("R223", save(ngrams=numpy.ones((0, 3), dtype=numpy.float32))),
    ],
)
def test_files_of_other_kinds(code, data):
    with pytest.raises(RNNError, match=code):
        unpack(data, "test")


def test_error_names_the_file(tmp_path):
    file = tmp_path / "vectors.safetensors"
    with pytest.raises(RNNError, match=f"R220.*{tmp_path.name}"):
        FastTextVectors().from_disk(tmp_path)
    file.write_bytes(DATA[:100])
    with pytest.raises(RNNError, match="R221.*vectors.safetensors"):
        FastTextVectors().from_disk(tmp_path)
