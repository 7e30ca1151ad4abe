"""Damaged and random files: coded errors, or a table that holds together. Never anything else, nor much memory."""

import gzip
import io
import struct
import tarfile
import tracemalloc
import warnings
from contextlib import contextmanager

import numpy
import pytest
from gensim.models import FastText
from gensim.models.fasttext import save_facebook_model
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from spacy_rnn.errors import RNNError
from spacy_rnn.vectors.format import Table, check, pack
from spacy_rnn.vectors.formats import read, write
from spacy_rnn.vectors.formats.floret import read_floret
from spacy_rnn.vectors.formats.kinds import KINDS

from .conftest import random_matrix
from .navec_archive import archive, members

TEXT = "3 2\nthe 0.5 -1\nкот 1e-3 2\nпёс 3 4.25\n".encode()
BINARY = b"2 2\nthe " + struct.pack("<2f", 1, 2) + "кот ".encode() + struct.pack("<2f", 3, 4)
FLORET = b"2 2 2 3 1 0 < >\n0 0.5 -1\n1 1 2\n"
MOST = 30_000_000  # bytes of memory for a file of some kilobytes


def fasttext() -> bytes:
    model = FastText([["кот", "the", "кот"]] * 3, vector_size=3, min_count=1, epochs=1, bucket=7, workers=1)
    buffer = io.BytesIO()
    save_facebook_model(model, buffer)
    return buffer.getvalue()


FASTTEXT = fasttext()
TABLE = pack(Table(["the", "кот"], random_matrix(2), random_matrix(4), 2, 3))
FILES = {
    "word2vec": TEXT,
    "glove": TEXT.split(b"\n", 1)[1],
    "word2vec-binary": BINARY,
    "fasttext": FASTTEXT,
    "floret": FLORET,
    "safetensors": TABLE,
    "navec": archive(members()),
    "packed": gzip.compress(TEXT),
}


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("fuzz") / "file"


@contextmanager
def little_memory():
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < MOST
    finally:
        tracemalloc.stop()


def try_reading(path, data: bytes, **how) -> None:
    path.write_bytes(data)
    with warnings.catch_warnings(), little_memory():
        warnings.simplefilter("ignore")
        try:
            table = read(path, **how)
        except RNNError:
            return
    if isinstance(table, Table):
        check(table, "the file")
        assert len(set(table.words)) == len(table.words) > 0


def some(most: int) -> settings:
    return settings(max_examples=most, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize("kind", FILES)
@some(25)
@given(changes=st.lists(st.tuples(st.integers(0, 2**20), st.integers(0, 255)), min_size=1, max_size=4))
def test_flipped_bytes(path, kind, changes):
    data = bytearray(FILES[kind])
    for place, value in changes:
        data[place % min(len(data), 4000)] = value
    try_reading(path, bytes(data))


@pytest.mark.parametrize("kind", FILES)
@some(15)
@given(length=st.integers(0, 2**20))
def test_cut_anywhere(path, kind, length):
    try_reading(path, FILES[kind][: length % len(FILES[kind])])


@some(40)
@given(
    numbers=st.lists(st.tuples(st.integers(0, 28), st.integers(-(2**31), 2**31 - 1) | st.integers(-2, 9)), max_size=3),
    model=st.booleans(),
)
def test_headers_of_fasttext(path, numbers, model):
    data = bytearray(FASTTEXT)
    for place, number in numbers:
        struct.pack_into("<i", data, 4 * place, number)
    try_reading(path, bytes(data), kind="fasttext", model=model)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "pipeline"])
@some(15)
@given(data=st.binary(max_size=300))
@example(data=b"0" * 600)
@example(data=b"\n" * 10)
@example(data=b"1 1\n")
@example(data=b"1 1\n\n")
@example(data=b"9223372036854775807 9223372036854775807\na 1")
@example(data=b"1" * 5000 + b" 1\na 1")
@example(data=b"1 " + b"1" * 5000 + b"\na 1")
def test_random_bytes(path, kind, data):
    try_reading(path, data, kind=kind)
    try_reading(path, data)


@some(60)
@given(text=st.text(alphabet="кa1290.-+eE \t\r\n\x00\ufeff", max_size=80))
def test_random_lines(path, text):
    for kind in ("glove", "word2vec", "floret"):
        try_reading(path, text.encode(), kind=kind)


@some(40)
@given(
    words=st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), min_size=1, max_size=6, unique=True),
    kind=st.sampled_from(["word2vec", "glove", "word2vec-binary", "fasttext", "safetensors"]),
    ngrams=st.booleans(),
)
def test_any_words_there_and_back(path, words, kind, ngrams):
    """But for those that the format has no way to write, which are left out."""
    parts = random_matrix(9) if ngrams else random_matrix(0)
    table = Table(words, random_matrix(len(words)), parts, 2 * ngrams, 3 * ngrams, 9 * ngrams)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            write(table, path, kind=kind)
        except RNNError as error:
            assert "R254" in str(error) and not any(word.isalnum() for word in words)
            return
        found = read(path, kind=kind)
    rows = {word: row for row, word in enumerate(words)}
    assert {word for word in words if word.isalnum()} <= set(found.words) <= set(words)
    assert numpy.allclose(found.vectors, table.vectors[[rows[word] for word in found.words]], atol=1e-5)


@some(20)
@given(changes=st.lists(st.tuples(st.integers(0, 30), st.sampled_from(b"0123456789 \n<.-")), max_size=3))
@example(changes=[(25, ord("0"))])
def test_headers_of_floret(path, changes):
    data = bytearray(FLORET)
    for place, value in changes:
        data[place] = value
    path.write_bytes(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            floret = read_floret(path)
    except RNNError:
        return
    assert 1 <= floret.min_n <= floret.max_n and len(floret.vectors) == 2


def test_archive_of_the_same_name_twice(path):
    buffer = io.BytesIO(archive(members()))
    with tarfile.open(fileobj=buffer, mode="a") as tar:
        info = tarfile.TarInfo("pq.bin")
        info.size = 3
        tar.addfile(info, io.BytesIO(b"abc"))
    try_reading(path, buffer.getvalue())
