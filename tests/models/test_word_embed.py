"""spacy-rnn.WordEmbed.v1: which vector a word has."""

from collections import Counter

import numpy
import pytest
import spacy
import torch
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc
from spacy.vectors import Vectors

from spacy_rnn.errors import RNNError
from spacy_rnn.models.rows import WordRows
from spacy_rnn.models.word_embed import WordEmbed

WORDS = ["cat", "dog", "кот", "Cat"]


@pytest.fixture
def nlp():
    nlp = spacy.blank("en")
    data = numpy.arange(1, 9, dtype="float32").reshape(4, 2) ** 2
    nlp.vocab.vectors = Vectors(data=data, keys=[nlp.vocab.strings.add(word) for word in WORDS])
    return nlp


def embed(nlp, words=WORDS, counts=None, **settings):
    model = WordEmbed(**settings)
    model.attrs["word_counts"] = Counter(counts or {word: 2 for word in words})
    model.initialize([Doc(nlp.vocab, words=words)])
    return model


def rows(model, nlp, *words):
    return model.predict([Doc(nlp.vocab, words=list(words))])[0]


def test_static_vectors_are_those_of_the_pipeline_on_another_scale(nlp):
    found = rows(embed(nlp, vectors="static", attr="ORTH"), nlp, *WORDS, "unknown")
    data = nlp.vocab.vectors.data
    assert numpy.allclose(found[:4] / found[0, 0], data / data[0, 0], rtol=1e-5)
    assert found[:4].std() == pytest.approx(0.25, rel=1e-4) and not found[4].any()


@pytest.mark.parametrize("vectors", ["finetuned", "multichannel"])
def test_finetuned_vectors_begin_as_they_are_and_move(nlp, vectors):
    model, static = embed(nlp, vectors=vectors), rows(embed(nlp, vectors="static"), nlp, *WORDS)
    before = rows(model, nlp, *WORDS)
    assert numpy.array_equal(before[:, -2:], static) and numpy.array_equal(before[:, :2], static)
    assert before.shape[1] == model.get_dim("nO") == (4 if vectors == "multichannel" else 2)
    _, backprop = model.begin_update([Doc(nlp.vocab, words=["cat"])])
    backprop([numpy.ones((1, model.get_dim("nO")), dtype="float32")])
    model.finish_update(spacy.util.registry.get("optimizers", "Adam.v1")(learn_rate=0.1))
    after = rows(model, nlp, *WORDS, "Cat")
    assert not numpy.allclose(after[0, -2:], static[0])
    assert numpy.array_equal(after[1:3], before[1:3])  # other words stay
    if vectors == "multichannel":
        assert numpy.array_equal(after[0, :2], static[0])  # and so does the first channel


def test_rare_words_keep_the_pipelines_vector(nlp):
    model = embed(nlp, vectors="finetuned", min_freq=2, counts={"cat": 2, "dog": 1, "Cat": 1})
    assert model.attrs["words"] == ["cat"]  # LOWER: cat and Cat are one
    assert embed(nlp, vectors="finetuned", attr="ORTH", counts={"cat": 2, "Cat": 1}).attrs["words"] == ["cat"]


def test_case_is_in_the_vectors_but_not_in_the_rows(nlp):
    found = rows(embed(nlp, vectors="none", width=4, min_freq=1), nlp, "cat", "CAT", "dog")
    assert numpy.array_equal(found[0], found[1]) and not numpy.allclose(found[0], found[2])


def test_words_learned_from_nothing(nlp):
    model = embed(nlp, vectors="none", width=6, counts={"cat": 2})
    found = rows(model, nlp, "cat", "unknown", "other")
    assert found.shape == (3, 6) and numpy.array_equal(found[1], found[2]) and not numpy.allclose(found[0], found[1])


def test_character_ngrams_tell_unknown_words_apart(nlp):
    model = embed(nlp, vectors="none", width=6, char_width=4, counts={"cat": 2})
    found = rows(model, nlp, "unknown", "unknowns", "неизвестный")
    assert found.shape == (3, 10) and model.get_dim("nO") == 10
    assert numpy.array_equal(found[0, :6], found[1, :6]) and not numpy.allclose(found[0, 6:], found[1, 6:])


def test_alone_and_in_a_batch(nlp):
    model = embed(nlp, vectors="multichannel", char_width=4)
    docs = [Doc(nlp.vocab, words=words) for words in (["cat", "кот"], [], ["dog"], ["Cat", "cat", "x"])]
    for one, doc in zip(model.predict(docs), docs, strict=True):
        assert numpy.array_equal(one, model.predict([doc])[0])


def test_each_different_word_once(nlp):
    model = embed(nlp, vectors="none", width=6)
    docs = [Doc(nlp.vocab, words=words) for words in (["cat", "dog", "Cat"], [], ["cat"])]
    words, backprop = model.attrs["once"](model, docs, True)
    assert words.rows.shape == (2, 6) and words.lengths.tolist() == [3, 0, 1]
    assert numpy.array_equal(words.flat, numpy.concatenate(model.predict(docs)))
    backprop(torch.ones(2, 6))
    once = model.shims[0].net.words.weight.grad.coalesce().values()
    model.shims[0].net.zero_grad()
    _, backprop = model.begin_update(docs)
    backprop([numpy.full((len(doc), 6), 0.5, dtype="float32") for doc in docs])
    each = model.shims[0].net.words.weight.grad.coalesce().values()
    assert (once == 1.0).all() and sorted(each[:, 0].tolist()) == [0.5, 1.5]


def test_norms_of_neighbours_change_nothing(nlp):
    """A word may have one norm here and another there."""
    model = embed(nlp, vectors="finetuned", attr="NORM")
    model.shims[0].net.words.weight.data.normal_()
    docs = [Doc(nlp.vocab, words=["cat"]) for _ in range(2)]
    docs[0][0].norm_ = "dog"
    together = model.predict(docs)
    assert all(numpy.array_equal(found, model.predict([doc])[0]) for found, doc in zip(together, docs, strict=True))
    assert not numpy.array_equal(*together)


def test_part_of_a_doc(nlp):
    model = embed(nlp, vectors="finetuned", char_width=4)
    doc = Doc(nlp.vocab, words=WORDS)
    assert numpy.array_equal(model.predict([doc[1:3]])[0], model.predict([doc])[0][1:3])
    whole, part = embed(nlp, vectors="none").predict([doc, doc[1:3]])
    assert numpy.array_equal(whole[1:3], part)


def test_saved_and_loaded(nlp):
    model = embed(nlp, vectors="finetuned", char_width=4)
    other = WordEmbed(vectors="finetuned", char_width=4).from_bytes(model.to_bytes())
    assert numpy.array_equal(rows(other, nlp, *WORDS), rows(model, nlp, *WORDS))


def test_pipeline_without_vectors():
    with pytest.raises(RNNError, match="R106"):
        embed(spacy.blank("en"), vectors="finetuned")


def test_vectors_of_another_width(nlp):
    model = embed(nlp, vectors="static")
    other = spacy.blank("en")
    other.vocab.vectors = Vectors(data=numpy.ones((1, 3), dtype="float32"), keys=[other.vocab.strings.add("cat")])
    with pytest.raises(RNNError, match="R107"):
        rows(model, other, "cat")


@pytest.mark.parametrize(
    "settings",
    [
        {"width": 0},
        {"min_freq": 0},
        {"char_width": -1},
        {"char_width": 4, "char_rows": 0},
        {"char_width": 4, "char_sizes": [3]},
    ],
)
def test_bad_settings(settings):
    with pytest.raises(RNNError, match="R103|R105|R126"):
        WordEmbed(**settings)


WORD = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=5)


@given(st.lists(WORD, unique=True, max_size=20), st.lists(WORD, max_size=20))
def test_rows_are_those_of_a_dictionary(words, asked):
    table, places = WordRows(list(words), 100, 1), {word: i + 1 for i, word in enumerate(words)}
    hashes = numpy.array([spacy.strings.get_string_id(word) for word in asked], dtype="uint64")
    assert table.rows(hashes).tolist() == [places.get(word, 0) for word in asked]


def test_rows_grow_with_what_is_met():
    strings = spacy.strings.StringStore(["a", "b", "c"])
    table = WordRows([], max_words=2, min_freq=2)
    for batch in (["a", "b"], ["a", "c"], ["b", "c"]):
        table.grow(numpy.array([strings[word] for word in batch], dtype="uint64"), strings)
    assert table.words == ["a", "b"]  # c came too late
