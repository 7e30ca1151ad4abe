"""Product quantisation: small, near enough, the same each time, and never mistaken for something else."""

import json
import zlib

import numpy
import pytest
import safetensors.numpy
from hypothesis import given
from hypothesis import strategies as st

from spacy_rnn.errors import RNNError
from spacy_rnn.vectors import quantize as quantize_module
from spacy_rnn.vectors.format import WORDS, Table, equal, load_table, pack, save_table, unpack
from spacy_rnn.vectors.quantize import Quantized, quantize
from spacy_rnn.vectors.table import FastTextVectors
from spacy_rnn.vectors.words import Words

RNG = numpy.random.default_rng(0)
MIXED = RNG.normal(size=(20, 20)) * numpy.linspace(2, 0.1, 20)  # some directions matter more, as in real tables
MATRIX = (RNG.normal(size=(3000, 20)) @ MIXED).astype(numpy.float32)


def error(matrix: numpy.ndarray, quantized: Quantized) -> float:
    """Of directions: the mean squared distance of rows brought to length 1."""
    norms = numpy.linalg.norm(matrix, axis=1, keepdims=True)
    return float(((matrix - quantized.decode()) ** 2 / norms**2).sum(axis=1).mean())


def test_more_parts_are_nearer():
    errors = [error(MATRIX, quantize(MATRIX, parts, rotations=3)) for parts in (1, 3, 5, 10, 20)]
    assert errors == sorted(errors, reverse=True)
    assert errors[0] > 0.2 and errors[2] < 0.06 and errors[-1] < 0.0005


def test_rotating_pays():
    """The reference cuts the rows as they are: k-means of each part by itself, in the original coordinates."""
    plain = numpy.concatenate([_k_means(part) for part in numpy.split(_unit(MATRIX), 5, axis=1)], axis=1)
    without = float(((_unit(MATRIX) - plain) ** 2).sum(axis=1).mean())
    assert error(MATRIX, quantize(MATRIX, 5, rotations=0)) < without
    assert error(MATRIX, quantize(MATRIX, 5, rotations=10)) < error(MATRIX, quantize(MATRIX, 5, rotations=0))


def _unit(matrix):
    return matrix / numpy.linalg.norm(matrix, axis=1, keepdims=True)


def _k_means(points: numpy.ndarray) -> numpy.ndarray:
    """The points, each replaced by its centroid."""
    centroids = points[:256].copy()
    for _ in range(10):
        nearest = ((points[:, None] - centroids) ** 2).sum(axis=2).argmin(axis=1)
        for i in range(256):
            if (nearest == i).any():
                centroids[i] = points[nearest == i].mean(axis=0)
    return centroids[nearest]


def test_take_is_part_of_the_whole():
    quantized = quantize(MATRIX, rotations=0)
    assert quantized.shape == (3000, 20) and len(quantized) == 3000 and quantized.codes.shape == (3000, 5)
    whole = quantized.decode()
    assert whole.dtype == numpy.float32
    numpy.testing.assert_allclose(quantized.take([5, 0, 5]), whole[[5, 0, 5]], atol=1e-5)
    numpy.testing.assert_allclose(quantized.slice(10, 13), whole[10:13], atol=1e-5)
    assert quantized.take([]).shape == (0, 20)


def test_the_same_each_time():
    one, again, other = (quantize(MATRIX, rotations=2, seed=seed) for seed in (1, 1, 2))
    numpy.testing.assert_array_equal(one.codes, again.codes)
    numpy.testing.assert_array_equal(one.centroids, again.centroids)
    assert (one.codes != other.codes).any()


def test_lengths_are_kept():
    quantized = quantize(MATRIX * 1e6, 20, rotations=0).decode()  # more than float16 can hold
    numpy.testing.assert_allclose(
        numpy.linalg.norm(quantized, axis=1), numpy.linalg.norm(MATRIX * 1e6, axis=1), rtol=1e-3
    )


@given(st.integers(1, 9), st.integers(0, 30), st.integers(1, 9))
def test_tables_of_any_size(dim, rows, parts):
    matrix = numpy.random.default_rng(rows).normal(size=(rows, dim)).astype(numpy.float32)
    matrix[::7] = 0
    quantized = quantize(matrix, min(parts, dim), rotations=1)
    assert quantized.codes.shape == (rows, min(parts, dim)) and quantized.shape == (rows, dim)
    numpy.testing.assert_allclose(quantized.decode(), matrix, atol=0.01)  # fewer rows than centroids: nearly exact


def test_what_cannot_be_quantised():
    for parts in (0, 21):
        with pytest.raises(RNNError, match="R230.*20"):
            quantize(MATRIX, parts)
    for value in (numpy.nan, numpy.inf):
        broken = MATRIX.copy()
        broken[7, 3] = value
        with pytest.raises(RNNError, match="R231.*7"):
            quantize(broken)


# -- Tables


@pytest.fixture(scope="module")
def small() -> Table:
    words = [f"слово{i}" for i in range(2900)]
    return Table(words, MATRIX[:2900], MATRIX[:100], 3, 6).quantize()


def test_a_table(small, tmp_path):
    assert isinstance(small.vectors, Quantized) and isinstance(small.ngrams, Quantized)
    save_table(small, tmp_path / "a.safetensors")
    for again in (load_table(tmp_path / "a.safetensors"), unpack(pack(small), "test")):
        assert equal(again, small) and pack(again) == pack(small)
        numpy.testing.assert_array_equal(again.vectors.decode(), small.vectors.decode())
    assert small.astype("float16").vectors.dtype == numpy.float16
    numpy.testing.assert_array_equal(small.astype("float32").ngrams, small.ngrams.decode())


@pytest.mark.parametrize("words, ngrams", [(30_000, 0), (9000, 21_000), (3000, 30_000)])
def test_a_tenth_of_the_size(words, ngrams, monkeypatch):
    monkeypatch.setattr(quantize_module, "SAMPLE", 300)  # the size is the same however well it fits
    monkeypatch.setattr(quantize_module, "ROUNDS", 1)
    floats = numpy.tile(MATRIX, ((words + ngrams) // 3000, 5))  # rows x 100
    buckets = numpy.arange(0, 3 * ngrams, 3, dtype=numpy.int32) if ngrams else None
    names = [f"w{i}" for i in range(words)]
    table = Table(names, floats[:words], floats[words:], 3, 6, 3 * ngrams, buckets)
    assert len(pack(table.quantize())) <= len(pack(table)) / 10


def test_words_without_ngrams_stay_so():
    table = Table([f"w{i}" for i in range(3000)], MATRIX, numpy.zeros((0, 20), dtype=numpy.float32))
    quantized = FastTextVectors.from_table(table.quantize())
    assert "unseen" not in quantized and quantized["w5"].any()


SMALL = Table(["dog", "кот"], MATRIX[:2], MATRIX[:3], 3, 6).quantize(4)


def save(**changes) -> bytes:
    """SMALL as a file, with some tensors replaced; "vectors.codes" is written vectors_codes."""
    data = pack(SMALL)
    metadata = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])["__metadata__"]
    changes = {name.replace("_", "."): part for name, part in changes.items()}
    return safetensors.numpy.save(safetensors.numpy.load(data) | changes, metadata=metadata)


def test_saving_for_tests():
    assert equal(unpack(save(), "test"), SMALL)


@pytest.mark.parametrize(
    "changes",
    [
        {"vectors_codes": numpy.zeros((3, 4), dtype=numpy.uint8)},
        {"vectors_codes": numpy.zeros((2, 5), dtype=numpy.uint8)},
        {"vectors_codes": numpy.zeros((2, 4), dtype=numpy.uint16)},
        {"ngrams_norms": numpy.zeros(4, dtype=numpy.float16)},
        {"ngrams_norms": numpy.zeros(3, dtype=numpy.float32)},
        {"ngrams_centroids": numpy.zeros((4, 255, 5), dtype=numpy.float32)},
        {"ngrams_centroids": numpy.zeros((4, 256 * 5), dtype=numpy.float32)},
        {"ngrams_basis": numpy.zeros((20, 19), dtype=numpy.float32)},
        {"ngrams_basis": numpy.zeros((19, 20), dtype=numpy.float32)},
        {"ngrams_basis": numpy.zeros(20, dtype=numpy.float32)},
    ],
)
def test_parts_that_do_not_fit(changes):
    with pytest.raises(RNNError, match=r"R22[13]"):
        unpack(save(**changes), "test")


def test_a_matrix_in_two_forms():
    with pytest.raises(RNNError, match="R221.*vectors.codes"):
        unpack(save(vectors=MATRIX[:2]), "test")


# -- Their words, which are in the file without an index


def compressed(*lengths: int, text: bytes = b"") -> numpy.ndarray:
    return numpy.frombuffer(zlib.compress(numpy.array(lengths, dtype="<u4").tobytes() + text), dtype=numpy.uint8)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), unique=True, max_size=20))
def test_words_are_indexed_anew(words):
    packed = Words.pack(words)
    again = Words.decompress(packed.compress(), len(words), "test")
    for name in WORDS:
        numpy.testing.assert_array_equal(getattr(again, name), getattr(packed, name))
        assert getattr(again, name).dtype == getattr(packed, name).dtype


def test_the_index_is_not_in_the_file():
    assert not set(WORDS) & set(safetensors.numpy.load(pack(SMALL)))
    assert unpack(save(words=compressed(3, 6, text="dogкот".encode())), "test").words == ["dog", "кот"]


@pytest.mark.parametrize(
    "words, code",
    [
        (compressed(3, 6, text="dogкот".encode())[:-1], "R221"),
        (compressed(3, 6, text="dogкот!".encode()), "R221"),
        (compressed(3, 6, text=b"dog"), "R221"),
        (compressed(9, text="dogкот".encode()), "R221"),
        (compressed(9, 0, text="dogкот".encode()), "R221"),
        (compressed(2**32 - 1, 2**32 - 1, text=b"dog"), "R221"),
        (compressed(3, 3, text=b"dogdog"), "R228"),
        (numpy.zeros(9, dtype=numpy.uint8), "R221"),
        (numpy.zeros(0, dtype=numpy.uint8), "R221"),
        (numpy.zeros(9, dtype=numpy.int32), "R221"),
    ],
)
def test_words_that_are_not_there(words, code):
    with pytest.raises(RNNError, match=code):
        unpack(save(words=words), "test")
