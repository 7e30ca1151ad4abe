"""Vectors as text: read as gensim and people read them, and every fault named by its line."""

import gzip
import tracemalloc

import numpy
import pytest
from gensim.models import KeyedVectors

from spacy_rnn.errors import RNNError
from spacy_rnn.vectors.format import Table
from spacy_rnn.vectors.formats import lines, read, write
from spacy_rnn.vectors.formats.text import read_lines

from .conftest import WORDS, equal, random_matrix

GOOD = "3 2\nthe 0.5 -1\nкот 1e-3 2\nпёс 3 4.25\n".encode()
VALUES = [[0.5, -1], [1e-3, 2], [3, 4.25]]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "vectors.txt"


@pytest.mark.parametrize("name", ["a.txt", "a.vec", "a.txt.gz", "a.vec.gz"])
def test_there_and_back(tmp_path, table, name):
    write(table, tmp_path / name)
    assert equal(read(tmp_path / name), table)
    if name.endswith(".gz"):
        assert gzip.decompress((tmp_path / name).read_bytes()).startswith(b"8 7\nthe ")


@pytest.mark.parametrize("name", ["a.txt", "a.txt.gz"])
def test_glove_there_and_back(tmp_path, table, name):
    write(table, tmp_path / name, kind="glove")
    assert equal(read(tmp_path / name), table)


def test_equal_files_are_equal_bytes(tmp_path, table):
    for name in "ab":
        write(table, tmp_path / f"{name}.txt.gz")
    assert (tmp_path / "a.txt.gz").read_bytes() == (tmp_path / "b.txt.gz").read_bytes()


def test_gensim_reads_ours_and_we_read_gensims(path, table):
    plain = table._replace(words=[word.replace("\u00a0", "_") for word in WORDS])  # which gensim takes for a space
    write(plain, path)
    found = KeyedVectors.load_word2vec_format(path)
    assert found.index_to_key == plain.words and numpy.allclose(found.vectors, plain.vectors, atol=1e-6)
    found.save_word2vec_format(path)
    assert equal(read(path), plain)


def test_bundled_files(bundled):
    ours = read(bundled("lee_fasttext.vec"))
    gensims = KeyedVectors.load_word2vec_format(bundled("lee_fasttext.vec"))
    assert equal(ours, Table(gensims.index_to_key, gensims.vectors, None), 0)
    glove = KeyedVectors.load_word2vec_format(bundled("test_glove.txt"), no_header=True)
    assert equal(read(bundled("test_glove.txt")), Table(glove.index_to_key, glove.vectors, None), 0)


@pytest.mark.parametrize(
    "data",
    [
        GOOD,
        GOOD.replace(b"\n", b"\r\n"),
        GOOD.replace(b"\n", b" \n"),  # fastText and word2vec end lines so
        GOOD.rstrip(),
        GOOD + b"\n\n",
        b"\xef\xbb\xbf" + GOOD,
        GOOD.split(b"\n", 1)[1],
        b"\xef\xbb\xbf" + GOOD.split(b"\n", 1)[1],
        GOOD.replace(b"0.5", b"+.5").replace(b"4.25", b"04.25E0"),  # numbers that JSON does not know
        gzip.compress(GOOD, mtime=0),
    ],
)
def test_spellings(path, data):
    path.write_bytes(data)
    table = read(path)
    assert table.words == ["the", "кот", "пёс"]
    assert numpy.allclose(table.vectors, VALUES)


def test_words_that_look_like_something_else(path):
    words = ["2010", "1e5", ". . .", "at name@domain.com", "a\u00a0b", "\u2028", "a\tb", '"', "[", "nan"]
    rows = [f"{word} {i} 0.5 1" for i, word in enumerate(words)]
    for header in ([f"{len(words)} 3"], []):
        path.write_text("\n".join([*header, *rows]) + "\n", encoding="utf8", newline="\n")
        table = read(path)
        assert table.words == words
        assert table.vectors[:, 0].tolist() == list(range(len(words)))


def test_numbers_are_as_python_reads_them(path):
    numbers = numpy.frombuffer(numpy.random.default_rng(0).bytes(4 * 3000), dtype=numpy.float32)
    numbers = numbers[numpy.isfinite(numbers)][:2900].reshape(-1, 10)
    rows = [f"w{i} " + " ".join(map(repr, row.tolist())) for i, row in enumerate(numbers)]
    path.write_text("\n".join(rows), encoding="utf8")
    assert (read(path).vectors == numbers).all()


def test_small_blocks(path, table, monkeypatch):
    write(table, path)
    for block in (1, 2, 7, 100):
        monkeypatch.setattr(lines, "BLOCK", block)
        assert equal(read(path), table)


def test_repeated_words(path):
    path.write_text("5 1\na 1\nb 2\na 3\na 4\nc 5\n", encoding="utf8")
    with pytest.warns(UserWarning, match=r"W208.*2 word.*'a'"):
        table = read(path)
    assert table.words == ["a", "b", "c"] and table.vectors.ravel().tolist() == [1, 2, 5]
    with pytest.warns(UserWarning, match="W208.*2 word"):
        assert read(path, limit=3).words == ["a", "b", "c"]
    assert read(path, limit=2).words == ["a", "b"]


def test_limit_and_half_precision(path):
    path.write_text("3 1\na 1\nb 2\nc broken\n", encoding="utf8")
    table = read(path, limit=2, dtype="float16")
    assert table.words == ["a", "b"] and table.vectors.dtype == numpy.float16
    with pytest.raises(RNNError, match="R243"):
        read(path)


def test_encodings(path):
    path.write_bytes("кот 1 2\nпёс 3 4\n".encode("cp1251"))
    assert read(path, encoding="cp1251").words == ["кот", "пёс"]
    with pytest.raises(RNNError, match="R244.*line 1.*--encoding"):
        read(path)
    for encoding in ("utf16", "no-such-encoding", "cp037"):
        with pytest.raises(RNNError, match="R256"):
            read(path, encoding=encoding)


@pytest.mark.parametrize(
    "code, data",
    [
        ("R247", b""),
        ("R247", b"2 3\n"),
        ("R245.*5 words.*3", GOOD.replace(b"3 2", b"5 2")),
        ("R245.*2 words.*3", GOOD.replace(b"3 2", b"2 2")),
        ("R249", GOOD.replace(b"3 2", b"3000000 300")),
        ("R249", GOOD.replace(b"3 2", b"0 2")),
        ("R249", GOOD.replace(b"3 2", b"3 0")),
        ("R242.*line 3: 1 numbers", GOOD.replace(b"1e-3 2", b"1e-3")),
        ("R242.*line 4", GOOD[:-6]),
        ("R242.*line 2", GOOD.replace(b"3 2", b"3 3")),
        ("R278.*of 1 numbers, and line 2 has 2", GOOD.replace(b"3 2", b"3 1")),
        ("R242.*line 3: 0", GOOD.replace("кот 1e-3 2".encode(), b"")),
        ("R243.*line 3.*'1e-'", GOOD.replace(b"1e-3", b"1e-")),
        ("R243.*line 3.*'true'", GOOD.replace(b"1e-3", b"true")),
        ("R243.*line 3.*'1_0'", GOOD.replace(b"1e-3", b"1_0")),
        ("R243.*line 3", GOOD.replace(b" 1e-3", b"  1e-3").replace(b"1e-3 2", b"1e-3  2")),
        ("R246.*line 3", GOOD.replace(b"1e-3", b"nan")),
        ("R246.*line 4", GOOD.replace(b"4.25", b"-inf")),
        ("R246.*line 4", GOOD.replace(b"4.25", b"1e39")),
        ("R244.*line 2.*byte 2", GOOD.replace(b"the", b"t\xffe")),
        ("R251", gzip.compress(GOOD * 100, mtime=0)[:-20]),
        ("R241", b"some text\nand no numbers\n"),
        ("R241", b"\x80\x04K\x01."),
        ("R241", b"PK\x03\x04" + bytes(100)),
    ],
)
def test_faults(path, code, data):
    path.write_bytes(data)
    with pytest.raises(RNNError, match=code):
        read(path)


def test_half_precision_is_too_small(path):
    path.write_text("a 1\nb 70000\n", encoding="utf8")
    with pytest.raises(RNNError, match="R246.*line 2.*float16"):
        read(path, dtype="float16")


def test_line_without_end(path, monkeypatch):
    monkeypatch.setattr(lines, "LONGEST_LINE", 10**6)
    path.write_bytes(b"a 1 2\n" * 10_000 + b"x" * 2_000_000)
    with pytest.raises(RNNError, match="R251.*line 10001"):
        read(path)


def test_words_that_cannot_be_written(tmp_path):
    table = Table(["new york", "ok", "a\nb"], random_matrix(3), random_matrix(0))
    for name in ("a.txt", "a.bin"):
        with pytest.warns(UserWarning, match=r"W209.*2 word.*'new york'"):
            write(table, tmp_path / name)
        assert read(tmp_path / name).words == ["ok"]
    with pytest.raises(RNNError, match="R254"), pytest.warns(UserWarning, match="W209"):
        write(table._replace(words=["a b"], vectors=random_matrix(1)), tmp_path / "b.txt")
    assert not (tmp_path / "b.txt").exists()


def test_memory_is_one_matrix(path):
    """What is read or written besides comes in blocks, or lines."""
    rows = random_matrix(4000, 100)
    table = Table([f"w{i}" for i in range(4000)], rows, random_matrix(0))
    tracemalloc.start()
    write(table, path)
    assert tracemalloc.get_traced_memory()[1] < 1.3 * rows.nbytes
    tracemalloc.reset_peak()
    found = read_lines(path, header=True)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert numpy.allclose(found.vectors, rows, atol=1e-6)
    assert peak < 1.3 * rows.nbytes + 20 * lines.BLOCK
