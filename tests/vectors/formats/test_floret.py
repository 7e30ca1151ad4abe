"""floret tables: spaCy computes with them, and no other format can hold them."""

import numpy
import pytest
import spacy
from spacy.vectors import Mode, Vectors

from spacy_rnn.errors import RNNError
from spacy_rnn.vectors.formats import Floret, read, write
from spacy_rnn.vectors.formats.floret import read_floret, read_words
from spacy_rnn.vectors.formats.pipeline import read_pipeline

from .conftest import random_matrix

TABLE = Floret(random_matrix(60), 2, 4, 2, 2166136261, "<", ">")
WORDS = ["the", "кот", "небывалое", "x"]


@pytest.fixture
def expected():
    settings = {"minn": 2, "maxn": 4, "hash_count": 2, "hash_seed": 2166136261}
    return Vectors(data=TABLE.vectors, mode=Mode.floret, **settings).get_batch(WORDS)


@pytest.mark.parametrize("name", ["table.floret", "table.floret.gz"])
def test_there_and_back(tmp_path, name):
    write(TABLE, tmp_path / name)
    found = read_floret(tmp_path / name)
    assert found[1:] == TABLE[1:] and numpy.allclose(found.vectors, TABLE.vectors, atol=1e-6)


def test_spacy_reads_ours(tmp_path, expected):
    from spacy.training.initialize import convert_vectors

    write(TABLE, tmp_path / "table.floret")
    nlp = spacy.blank("ru")
    convert_vectors(nlp, tmp_path / "table.floret", truncate=0, prune=0, mode="floret")
    assert numpy.allclose(nlp.vocab.vectors.get_batch(WORDS), expected, atol=1e-5)


def test_pipeline_there_and_back(tmp_path, expected):
    write(TABLE, tmp_path / "pipeline", lang="ru")
    nlp = spacy.load(tmp_path / "pipeline")
    assert nlp.lang == "ru" and nlp.vocab.vectors.mode == "floret"
    assert numpy.allclose([token.vector for token in nlp(" ".join(WORDS))], expected, atol=1e-6)
    found = read_pipeline(tmp_path / "pipeline")
    assert found[1:] == TABLE[1:] and (found.vectors == TABLE.vectors).all()


@pytest.mark.parametrize("name", ["table.vec", "table.bin", "table.safetensors"])
def test_no_other_format(tmp_path, name):
    with pytest.raises(RNNError, match="R253.*--words"):
        write(TABLE, tmp_path / name)
    write(TABLE, tmp_path / "table.floret")
    with pytest.raises(RNNError, match="R253.*--words"):
        read(tmp_path / "table.floret")


def test_other_tables_are_no_floret_tables(tmp_path, subword_table):
    with pytest.raises(RNNError, match="R254.*floret"):
        write(subword_table, tmp_path / "table.floret")


@pytest.mark.parametrize(
    "code, header, row",
    [
        ("R249", "1 2 0 4 1 0 < >", "0 1 2"),
        ("R249", "1 2 5 4 1 0 < >", "0 1 2"),
        ("R249", "1 2 2 4 9 0 < >", "0 1 2"),
        ("R249", "1 2 2 4 1 99999999999 < >", "0 1 2"),
        ("R243.*line 2", "1 2 2 4 1 0 < >", "1 1 2"),
        ("R245", "2 2 2 4 1 0 < >", "0 1 2"),
        ("R242.*line 2", "1 3 2 4 1 0 < >", "0 1 2"),
    ],
)
def test_faults(tmp_path, code, header, row):
    (tmp_path / "table.floret").write_text(f"{header}\n{row}\n", encoding="utf8")
    with pytest.raises(RNNError, match=code):
        read(tmp_path / "table.floret", kind="floret")


def test_words(tmp_path):
    path = tmp_path / "words.txt"
    path.write_bytes("\ufeffКот\r\n\r\nкот\nthe\nthe\n".encode())
    assert read_words(path) == ["Кот", "кот", "the"]
    assert read_words(path, lower=True) == ["кот", "the"]
    for code, data in (("R247", b"\n"), ("R244.*line 2", b"ok\n\xff\n")):
        path.write_bytes(data)
        with pytest.raises(RNNError, match=code):
            read_words(path)
    with pytest.raises(RNNError, match="R240"):
        read_words(tmp_path / "none.txt")
