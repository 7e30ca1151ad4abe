"""Pipelines: ours and spaCy's own tables, read and written."""

import numpy
import pytest
import spacy
from spacy.training.initialize import convert_vectors

from spacy_rnn.errors import RNNError
from spacy_rnn.vectors.format import FILE_NAME, save_table
from spacy_rnn.vectors.formats import read, write
from spacy_rnn.vectors.subwords import compose

from .conftest import WORDS, equal, random_matrix


def test_ours_there_and_back(tmp_path, subword_table):
    write(subword_table, tmp_path / "out", lang="ru")
    for path in (tmp_path / "out", tmp_path / "out" / "vocab", tmp_path / "out" / "vocab" / FILE_NAME):
        found = read(path)
        assert equal(found, subword_table, 0) and (found.ngrams == subword_table.ngrams).all()
    doc = spacy.load(tmp_path / "out")("кот небывалое")
    assert (doc[0].vector == subword_table.vectors[1]).all()
    assert numpy.allclose(doc[1].vector, compose(["небывалое"], subword_table.ngrams, 2, 4, 50)[0][0], atol=1e-6)


def test_what_spacy_makes_of_a_file(tmp_path, table):
    write(table, tmp_path / "a.txt")
    nlp = spacy.blank("ru")
    convert_vectors(nlp, tmp_path / "a.txt", truncate=0, prune=0)
    nlp.to_disk(tmp_path / "theirs")
    assert equal(read(tmp_path / "theirs"), table)
    assert read(tmp_path / "theirs", limit=2).words == WORDS[:2]
    nlp.vocab.prune_vectors(3)
    nlp.to_disk(tmp_path / "pruned")
    found = read(tmp_path / "pruned")
    assert sorted(found.words) == sorted(WORDS)
    for word, vector in zip(found.words, found.vectors, strict=True):
        assert (vector == nlp.vocab.get_vector(word)).all()


def test_words_whose_letters_are_lost(tmp_path):
    nlp = spacy.blank("en")
    nlp.vocab.vectors = spacy.vectors.Vectors(strings=nlp.vocab.strings, data=random_matrix(2), keys=["the", "cat"])
    nlp.vocab.vectors.add(12345, row=0)
    nlp.vocab.strings.add("the")
    nlp.vocab.strings.add("cat")
    nlp.to_disk(tmp_path / "lost")
    with pytest.warns(UserWarning, match="W208.*1 word.*12345"):
        found = read(tmp_path / "lost")
    assert found.words == ["the", "cat"]


def test_faults(tmp_path, table):
    with pytest.raises(RNNError, match="R258.*neither"):
        read(tmp_path)
    spacy.blank("en").to_disk(tmp_path / "empty")
    with pytest.raises(RNNError, match="R258.*empty"):
        read(tmp_path / "empty")
    for name, code in (("vectors", "R258.*cannot be loaded"), ("key2row", "R258"), ("strings.json", "R258")):
        nlp = spacy.blank("en")
        nlp.vocab.set_vector("cat", numpy.ones(3))
        nlp.to_disk(tmp_path / name)
        (tmp_path / name / "vocab" / name).write_bytes(b"nothing")
        with pytest.raises(RNNError, match=code):
            read(tmp_path / name)
    write(table, tmp_path / "ours")
    with pytest.raises(RNNError, match="R207"):
        write(table, tmp_path / "ours")
    with pytest.raises(RNNError, match="R209"):
        write(table, tmp_path / "other", lang="qqq")
    with pytest.raises(RNNError, match="R255.*folder"):
        read(tmp_path / "ours", kind="fasttext")
    save_table(table, tmp_path / "a.safetensors")
    with pytest.raises(RNNError, match="R255.*file"):
        read(tmp_path / "a.safetensors", kind="pipeline")
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith(("o", "."))) == ["ours"]
