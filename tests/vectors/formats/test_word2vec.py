"""word2vec's binary file: with and without line breaks, as gensim reads and writes it, and cut off anywhere."""

import gzip

import numpy
import pytest
from gensim.models import KeyedVectors

from spacy_rnn.errors import RNNError
from spacy_rnn.vectors.format import Table
from spacy_rnn.vectors.formats import read, word2vec, write

from .conftest import DIM, WORDS, equal, random_matrix


def make(words=WORDS, end=b"", header=None) -> bytes:
    rows = random_matrix(len(words))
    body = b"".join(b"%b %b%b" % (word.encode(), row.tobytes(), end) for word, row in zip(words, rows, strict=True))
    return (header or b"%d %d\n" % rows.shape) + body


@pytest.fixture
def path(tmp_path):
    return tmp_path / "vectors.bin"


@pytest.mark.parametrize("data", [make(), make(end=b"\n"), gzip.compress(make(end=b"\n"), mtime=0)])
@pytest.mark.parametrize("block", [1, 10, 2**22])
def test_read(path, table, data, block, monkeypatch):
    monkeypatch.setattr(word2vec, "BLOCK", block)
    path.write_bytes(data)
    assert equal(read(path), table, 0)
    few = read(path, limit=3, dtype="float16")
    assert few.words == WORDS[:3] and few.vectors.dtype == numpy.float16


def test_gensim_reads_ours_and_we_read_gensims(path, table, bundled):
    write(table, path)
    found = KeyedVectors.load_word2vec_format(path, binary=True)
    assert found.index_to_key == WORDS and (found.vectors == table.vectors).all()
    found.save_word2vec_format(path, binary=True)
    assert equal(read(path), table, 0)
    for name in ("euclidean_vectors.bin", "high_precision.kv.bin"):
        gensims = KeyedVectors.load_word2vec_format(bundled(name), binary=True)
        assert equal(read(bundled(name)), Table(gensims.index_to_key, gensims.vectors, None), 0)


def test_words_that_are_not_utf8_are_kept(path):
    path.write_bytes(b"2 1\n\xffab \0\0\0\0ok \0\0\0\0")
    with pytest.warns(UserWarning, match=r"W208.*1 word"):
        assert read(path).words == ["\\xffab", "ok"]
    assert read(path, encoding="cp1251").words == ["яab", "ok"]


def test_repeated_words(path):
    path.write_bytes(b"3 1\na \0\0\0\0a \0\0\0\1b \0\0\0\0")
    with pytest.warns(UserWarning, match=r"W208.*1 word.*'a'"):
        table = read(path)
    assert table.words == ["a", "b"] and not table.vectors.any()


@pytest.mark.parametrize("end", [b"", b"\n"])
def test_cut_anywhere(path, end):
    data = make(end=end)
    for length in range(len(data) - len(end)):
        path.write_bytes(data[:length])
        with pytest.raises(RNNError, match="R24[1-9]"):
            read(path, kind="word2vec-binary")


@pytest.mark.parametrize(
    "code, data",
    [
        ("R249", make(header=b"2000000000 300\n")),
        ("R249", make(header=b"8 0\n")),
        ("R248|R249", make(header=b"-8 7\n")),
        ("R245", make(header=b"7 7\n")),
        ("R248", make(header=b"9 7\n")),
        ("R257.*'?the", make().replace(random_matrix(1)[0, :1].tobytes(), b"\xff\xff\xff\xff")),
        ("R251", gzip.compress(make(), mtime=0)[:-9]),
    ],
)
def test_faults(path, code, data):
    path.write_bytes(data)
    with pytest.raises(RNNError, match=code):
        read(path, kind="word2vec-binary")


def test_no_memory_is_taken_for_words_that_are_not_there(path):
    import tracemalloc

    path.write_bytes(b"%d %d\n" % (2**40, DIM) + b"a " + bytes(4 * DIM))
    tracemalloc.start()
    with pytest.raises(RNNError, match="R249"):
        read(path, kind="word2vec-binary")
    assert tracemalloc.get_traced_memory()[1] < 10**7
    tracemalloc.stop()
