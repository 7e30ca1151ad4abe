"""Vectors of any kind, opened to look at."""

import numpy
import pytest
import spacy
from spacy.vectors import Mode, Vectors

from spacy_rnn.errors import RNNError
from spacy_rnn.vectors.opening import from_spacy, open_space
from spacy_rnn.vectors.table import FastTextVectors

WORDS = ["кот", "dog", "пёс"]
DATA = numpy.array([[1, 0], [0, 2], [1, 1]], dtype="f")


def save(folder, vectors):
    nlp = spacy.blank("xx")
    for word in WORDS:
        nlp.vocab.strings.add(word)
    nlp.vocab.vectors = vectors
    vectors.strings = nlp.vocab.strings
    nlp.to_disk(folder)
    return str(folder)


def test_our_own_table(tmp_path, trained, table):
    space = open_space(save(tmp_path / "pipeline", table))
    word = trained.wv.index_to_key[3]
    assert space.words == trained.wv.index_to_key
    assert numpy.allclose(space.find(word).vector, trained.wv[word])
    assert space.normalize("ПЁС") == "пёс"  # no capital letter in the vocabulary
    found = space.find("Котика")
    assert found.row is None and numpy.allclose(found.vector, trained.wv["котика"], atol=1e-6)
    assert (open_space(str(tmp_path / "pipeline" / "vocab")).vectors == space.vectors).all()


def test_quantised_tables_are_decoded(tmp_path, trained):
    table = FastTextVectors.from_gensim(trained.wv).to_table()
    small = FastTextVectors.from_table(table.astype("float16"))
    space = open_space(save(tmp_path / "pipeline", small))
    assert space.vectors.dtype == numpy.float32 and numpy.allclose(space.vectors, trained.wv.vectors, atol=1e-2)


def test_spacys_own_vectors(tmp_path):
    space = open_space(save(tmp_path / "pipeline", Vectors(data=DATA, keys=WORDS)))
    assert space.words == WORDS and space.vectors.tolist() == DATA.tolist()
    assert space.find("Кот").row == 0 and space.find("котик") is None


def test_a_vectors_file(tmp_path):
    (tmp_path / "v.txt").write_text("3 2\nкот 1 0\ndog 0 2\nПёс 1 1\n", encoding="utf8")
    space = open_space(str(tmp_path / "v.txt"))
    assert space.words == ["кот", "dog", "Пёс"] and space.find("пёс") is None  # case matters to these


def test_letters_and_their_marks_are_one(tmp_path):
    (tmp_path / "v.txt").write_text("2 2\nйод 1 0\nÉté 0 2\n", encoding="utf8")
    space = open_space(str(tmp_path / "v.txt"))
    assert space.find("и\u0306од").row == 0 and space.find("E\u0301te\u0301").row == 1


def test_floret_has_vectors_but_no_words(tmp_path):
    data = numpy.random.default_rng(0).standard_normal((50, 4)).astype("f")
    vectors = Vectors(data=data, mode=Mode.floret, minn=2, maxn=4, hash_count=2)
    space = open_space(save(tmp_path / "pipeline", vectors))
    assert space.find("кот").row is None and numpy.allclose(space.find("кот").vector, vectors["кот"])
    with pytest.raises(RNNError, match="R261"):
        space.neighbours(space.find("кот").vector, 1)


def test_words_that_share_a_row(tmp_path):
    nlp = spacy.blank("en")
    nlp.vocab.vectors = Vectors(strings=nlp.vocab.strings, shape=(2, 2))
    for word, row in [("dog", 0), ("cat", 1), ("dogs", 0)]:
        nlp.vocab.vectors.add(nlp.vocab.strings.add(word), row=row)
    nlp.vocab.vectors.data[:] = DATA[:2]
    space = from_spacy(nlp.vocab)
    assert space.words == ["dog", "cat"] and space.row("dogs") == 0


def test_an_installed_pipeline(monkeypatch):
    nlp = spacy.blank("en")
    keys = [nlp.vocab.strings.add(word) for word in WORDS]
    nlp.vocab.vectors = Vectors(strings=nlp.vocab.strings, data=DATA, keys=keys)
    monkeypatch.setattr("spacy.load", lambda name: nlp)
    assert open_space("en_installed").words == WORDS


def test_no_vectors(tmp_path):
    spacy.blank("en").to_disk(tmp_path / "empty")
    with pytest.raises(RNNError, match="R268"):
        open_space("no_such_pipeline")
    with pytest.raises(RNNError, match="R2"):
        open_space(str(tmp_path / "empty"))
    with pytest.raises(RNNError, match="R269"):
        from_spacy(spacy.blank("en").vocab)
