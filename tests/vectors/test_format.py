"""What is packed is unpacked, mapped or not; damaged, foreign and inconsistent files end in a coded error."""

import json
import os

import numpy
import pytest
import safetensors.numpy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spacy.strings import hash_string

from spacy_rnn.errors import RNNError
from spacy_rnn.vectors.format import FORMAT, VERSION, Table, check, equal, load_table, pack, save_table, unpack
from spacy_rnn.vectors.normalize import Normalization
from spacy_rnn.vectors.table import FastTextVectors
from spacy_rnn.vectors.words import Words

F4 = numpy.float32
ONES = numpy.ones((2, 3), dtype=F4)
TABLE = Table(["dog", "кот"], ONES, numpy.ones((5, 3), dtype=F4), 3, 6)
DATA = pack(TABLE)
COMPACT = TABLE._replace(
    ngrams=numpy.arange(6, dtype=F4).reshape(2, 3), bucket=50, buckets=numpy.array([7, 49], dtype=numpy.int32)
)
NONE = numpy.zeros((0, 3), dtype=F4)
WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)


def save(settings=None, **tensors) -> bytes:
    """DATA with other settings or tensors; a tensor that is None is left out."""
    parts = {name: part for name, part in (safetensors.numpy.load(DATA) | tensors).items() if part is not None}
    normal = {"lower": False, "yo": False, "stress": False}
    default = {"format": FORMAT, "version": VERSION, "min_n": 3, "max_n": 6, "bucket": 5, "normalization": normal}
    return safetensors.numpy.save(parts, metadata={"table": json.dumps(default | (settings or {}))})


def ints(*values, dtype="int32"):
    return numpy.array(values, dtype=dtype)


@pytest.mark.parametrize(
    "table",
    [
        TABLE,
        COMPACT,
        COMPACT._replace(normalization=Normalization(lower=True, stress=True)),
        Table(["dog", "кот"], ONES, NONE),
        Table([], NONE, NONE),
        TABLE.astype("float16"),
        Table(["w" * 300, "ё" * 70_000], ONES, NONE),
    ],
)
@pytest.mark.parametrize("way", ["bytes", "mapped", "read"])
def test_unpack_what_was_packed(table, way, tmp_path):
    save_table(table, tmp_path / "a.safetensors")
    assert (tmp_path / "a.safetensors").read_bytes() == pack(table)
    if way == "bytes":
        again = unpack(pack(table), "test")
    else:
        again = load_table(tmp_path / "a.safetensors", mmap=way == "mapped")
    assert again.words == table.words and list(again.words) == table.words
    numpy.testing.assert_array_equal(again.vectors, table.vectors)
    numpy.testing.assert_array_equal(again.ngrams, table.ngrams)
    assert again.vectors.dtype == table.vectors.dtype
    assert (again.min_n, again.max_n, again.normalization) == (table.min_n, table.max_n, table.normalization)
    assert again.bucket == (table.bucket or len(table.ngrams))
    assert (again.buckets is None) == (table.buckets is None)
    assert table.buckets is None or again.buckets.tolist() == table.buckets.tolist()
    assert pack(again) == pack(table) and equal(again, table)


def test_others_read_the_file():
    assert unpack(save(), "test").words == ["dog", "кот"]
    tensors = safetensors.numpy.load(pack(COMPACT))
    numpy.testing.assert_array_equal(tensors["ngrams"], COMPACT.ngrams)
    assert tensors["text"].tobytes().decode() == "dogкот"


def test_tables_that_are_not_equal():
    assert not equal(TABLE, COMPACT)
    assert not equal(TABLE, TABLE._replace(words=["dog", "cat"]))
    assert not equal(TABLE, TABLE._replace(words=["dog", "кит"]))
    assert not equal(TABLE, TABLE._replace(vectors=2 * ONES))
    assert not equal(TABLE, TABLE.astype("float16"))


def test_a_mapped_file_can_be_replaced_and_deleted(tmp_path):
    path = tmp_path / "vectors.safetensors"
    save_table(TABLE, path)
    mapped = load_table(path)
    save_table(mapped._replace(vectors=2 * mapped.vectors), path)
    assert mapped.vectors[0, 0] == 1 and load_table(path).vectors[0, 0] == 2
    os.remove(path)
    assert mapped.words[1] == "кот" and mapped.vectors.sum() == 6
    assert not mapped.vectors.flags.writeable


def test_half_precision():
    values = numpy.array([[1 / 3, 1e-9, -60_000]], dtype=F4)
    half = Table(["a"], values, NONE).astype("float16")
    numpy.testing.assert_allclose(half.astype("float32").vectors, values, rtol=1e-3, atol=1e-7)
    assert len(pack(TABLE.astype("float16"))) < len(DATA)
    with pytest.raises(RNNError, match="R229.*65504"):
        Table(["a"], 2 * values, NONE).astype("float16")


# -- Words


@given(st.lists(WORDS, unique=True, max_size=20))
def test_words_are_found_by_spacys_hashes(words):
    packed = Words.pack(words)
    assert packed == words and packed[-1:] == words[-1:]
    hashes = [hash_string(word) for word in words]
    assert packed.find(hashes) == list(range(len(words)))
    assert packed.find([code ^ 1 for code in hashes] + [2**64 - 1]) == [-1] * (len(words) + 1)
    assert list(map(packed.find_one, [*hashes, 2**64 - 1])) == [*range(len(words)), -1]
    assert packed.hashes.tolist() == sorted(hashes)
    packed.check("test")


def test_words_are_a_sequence():
    words = Words.pack(["a", "b", "c"])
    assert (words[0], words[-1], words[1:], list(reversed(words))) == ("a", "c", ["b", "c"], ["c", "b", "a"])
    assert (
        words.index("b") == 1
        and "d" not in words
        and words != ["a", "b"]
        and words != ["a", "b", "d"]
        and words != [1, 2, 3]
    )
    assert Words.pack(words) is words
    with pytest.raises(IndexError):
        words[3]


def test_many_words_are_a_sequence():
    many = [f"слово{i}" * (i % 5 + 1) for i in range(1000)]
    words = Words.pack(many)
    assert list(words) == many and list(reversed(words)) == many[::-1]
    assert words[3:900:2] == many[3:900:2] and words[700:710] == many[700:710]
    assert [words[i] for i in range(0, 1000, 37)] == many[::37]


@pytest.mark.parametrize("words, code", [(["a", ""], "R227.*row 1"), (["\ud800"], "R227"), (["?\udcff"], "R227")])
def test_words_that_cannot_be_saved(words, code):
    with pytest.raises(RNNError, match=code):
        pack(Table(words, ONES[: len(words)], NONE))


def test_a_word_twice():
    with pytest.raises(RNNError, match="R228.*'кот'.*rows 1 and 3"):
        Words.pack(["?", "кот", "dog", "кот"], "test")


# -- Damage


@given(st.integers(0, len(DATA) - 1))
def test_cut_anywhere(length):
    with pytest.raises(RNNError, match=r"R22\d"):
        unpack(DATA[:length], "test")


@settings(suppress_health_check=[HealthCheck.too_slow])
@pytest.mark.parametrize("data", [DATA, pack(COMPACT), pack(TABLE.quantize())], ids=["dense", "compact", "quantised"])
@given(changes=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=5))
def test_flipped_bytes_load_or_give_a_coded_error(data, changes):
    data = bytearray(data)
    for place, value in changes:
        data[int(place * len(data))] = value
    with numpy.errstate(all="ignore"):  # any bytes are numbers
        try:
            FastTextVectors().from_bytes(bytes(data)).get_batch(["dog", "unseen", "кот"])
        except RNNError as error:
            assert "[R22" in str(error)


@given(st.binary(max_size=200))
def test_any_bytes(data):
    with pytest.raises(RNNError, match=r"R22\d"):
        unpack(data, "test")


HEADERS = [
    "[1]",
    "[" * 5000,
    '{"a": 1}',
    '{"a": {}}',
    '{"a": {"dtype": "F64", "shape": [1], "data_offsets": [0, 8]}}',
    '{"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 8]}}',
    '{"a": {"dtype": "F32", "shape": [2], "data_offsets": [8, 16]}}',
    '{"a": {"dtype": "F32", "shape": [-2], "data_offsets": [0, 8]}}',
    '{"a": {"dtype": "F32", "shape": [2.0], "data_offsets": [0, 8]}}',
    '{"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8, 9]}}',
    '{"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}',
    '{"a": {"dtype": "F32", "shape": [true, 2], "data_offsets": [0, 8]}}',
    '{"a": {"dtype": "F32", "shape": [99999999999, 99999999999], "data_offsets": [0, 8]}}',
    '{"a": {"dtype": ["F32"], "shape": [2], "data_offsets": [0, 8]}}',
    '{"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}, "__metadata__": []}',
]


@pytest.mark.parametrize("header", HEADERS, ids=range(len(HEADERS)))
def test_wrong_headers(header):
    header = header.encode().ljust(128)
    with pytest.raises(RNNError, match="R221"):
        unpack(len(header).to_bytes(8, "little") + header + bytes(8), "test")


def test_a_header_that_lies_about_its_length():
    for length in (len(DATA) - 7, 2**40, 2**63):
        with pytest.raises(RNNError, match="R221"):
            unpack(length.to_bytes(8, "little") + DATA[8:], "test")


@pytest.mark.parametrize(
    "code, data",
    [
        ("R222", safetensors.numpy.save({"weight": ONES})),
        ("R222", safetensors.numpy.save({"weight": ONES}, metadata={"table": "[1]"})),
        ("R222", save({"version": VERSION + 1})),
        ("R222", save({"format": "spacy-rnn.Tagger"})),
        ("R221", save({"min_n": None})),
        ("R221", save({"bucket": 5.0})),
        ("R221", save({"normalization": {"upper": True}})),
        ("R221", save({"normalization": {"lower": 1}})),
        ("R221", save({"normalization": None})),
        ("R223", save({"min_n": 5, "max_n": 2})),
        ("R223", save({"max_n": 10**9})),
        ("R223", save({"bucket": 6})),
        ("R223", save({"bucket": 4}, buckets=ints(0, 1, 2, 3, 4))),
        ("R223", save({"bucket": 2**40}, buckets=ints(0, 1, 2, 3, 4))),
        ("R223", save({"bucket": 9}, buckets=ints(0, 1, 2, 3))),
        ("R223", save({"bucket": 9}, buckets=ints(0, 1, 3, 2, 4))),
        ("R223", save({"bucket": 9}, buckets=ints(-1, 1, 2, 3, 4))),
        ("R221", save({"bucket": 9}, buckets=ints(0, 1, 2, 3, 4, dtype="uint32"))),
        ("R221", save(lengths=ints(3, 5, dtype="uint8"))),
        ("R221", save(lengths=ints(0, 9, dtype="uint8"))),
        ("R221", save(lengths=ints(9, dtype="uint8"))),
        ("R221", save(lengths=ints(3, 6))),
        ("R221", save(lengths=ints(6, 3, dtype="uint8"))),
        ("R221", save(lengths=ints([3], [6], dtype="uint8"))),
        ("R221", save(rows=ints(0, 0))),
        ("R221", save(rows=ints(0, 2))),
        ("R221", save(rows=ints(-1, 0))),
        ("R221", save(hashes=ints(2, 2, dtype="uint64"))),
        ("R221", save(hashes=ints(1, 2, dtype="uint64"))),
        ("R221", save(text=numpy.frombuffer(b"catcatcat", dtype=numpy.uint8))),
        ("R221", save(text=None)),
        ("R221", save(vectors=None)),
        ("R221", save(weight=ONES)),
        ("R223", save(vectors=ONES[:1])),
        ("R223", save(vectors=ONES[:, :2].copy())),
        ("R221", save(vectors=ONES[0])),
        ("R221", save(vectors=ints([1, 2, 3], [4, 5, 6]))),
        ("R221", save(vectors=ONES.astype(numpy.float64))),
    ],
)
def test_files_of_other_kinds(code, data):
    with pytest.raises(RNNError, match=code):
        unpack(data, "test")


@pytest.mark.parametrize(
    "table",
    [
        TABLE._replace(words=["dog"]),
        TABLE._replace(vectors=ONES.astype("float64")),
        TABLE._replace(min_n=0),
        COMPACT._replace(buckets=ints(7, 49, dtype="int64")),
        COMPACT._replace(buckets=None),
    ],
)
def test_parts_that_do_not_fit(table):
    with pytest.raises(RNNError, match="R223.*test"):
        check(table, "test")
    with pytest.raises(RNNError, match="R223"):
        FastTextVectors.from_table(table)


def test_error_names_the_file(tmp_path):
    file = tmp_path / "vectors.safetensors"
    with pytest.raises(RNNError, match=f"R220.*{tmp_path.name}"):
        FastTextVectors().from_disk(tmp_path)
    for data in (DATA[:100], b""):
        file.write_bytes(data)
        with pytest.raises(RNNError, match="R221.*vectors.safetensors"):
            FastTextVectors().from_disk(tmp_path)
