"""CharWordEmbed: which words it knows, what it makes of vectors, and that it comes back from disk the same."""

from collections import Counter

import numpy
import pytest
import spacy
import torch
from numpy.testing import assert_allclose
from spacy.attrs import LOWER, ORTH
from spacy.tokens import Doc
from spacy.vectors import Vectors
from thinc.api import Adam

from spacy_rnn.errors import RNNError
from spacy_rnn.models.embed import CharWordEmbed, read_types

SMALL = dict(width=8, word_width=6, char_width=4, char_output=6, ngram_width=5, ngram_rows=100, vector_width=7)
WORDS = Counter({"дом": 3, "the": 2, "The": 2, "rare": 1})


def make_docs(attr=None):
    """Documents, with vectors in their vocabulary for some of the words."""
    nlp = spacy.blank("en")
    if attr is not None:
        names = ["the", "дом", "last"]
        data = numpy.random.default_rng(0).normal(size=(3, 4)).astype("f")
        nlp.vocab.vectors = Vectors(strings=nlp.vocab.strings, data=data, keys=names, attr=attr)
    return [Doc(nlp.vocab, words=w.split()) for w in ("the дом The the", "", "unknown дом", "rare")]


def embed(docs, counts=WORDS, **changes):
    torch.manual_seed(0)
    model = CharWordEmbed(**{**SMALL, **changes})
    model.attrs["word_counts"] = counts
    model.initialize(X=docs)
    return model


def net(model):
    return model.shims[0].net


@pytest.mark.parametrize(
    "changes",
    [
        {},
        dict(chars="rnn"),
        dict(chars="none", ngram_width=0),
        dict(word_width=0),
        dict(char_windows=[2, 3]),
        dict(ngram_sizes=[5, 6]),
        dict(vectors="none"),
        dict(word_width=0, chars="none", ngram_width=0, vectors="static"),
        dict(vectors="finetuned"),
        dict(attrs=["LOWER"], word_width=0, chars="none", ngram_width=0),
        dict(attr_width=0),
    ],
    ids=str,
)
def test_a_token_is_the_same_in_any_batch(changes):
    docs = make_docs(ORTH)
    model = embed(docs, **changes)
    together = model.predict(docs)
    assert [y.shape for y in together] == [(len(doc), 8) for doc in docs]
    for doc, y in zip(docs, together, strict=True):
        assert_allclose(model.predict([doc])[0], y, atol=1e-5)
    assert_allclose(together[0][0], together[0][3], atol=1e-6)
    Y, backprop = model.begin_update(docs)
    assert backprop(Y) == []
    model.finish_update(Adam(0.01))
    copy = CharWordEmbed(**{**SMALL, **changes}).from_bytes(model.to_bytes())
    for ours, theirs in zip(copy.predict(docs), model.predict(docs), strict=True):
        assert_allclose(ours, theirs, atol=1e-6)


def test_no_tokens():
    docs = make_docs()
    model = embed(docs)
    for is_train in (True, False):
        Y, backprop = model([docs[1], docs[1]], is_train)
        assert [y.shape for y in Y] == [(0, 8), (0, 8)]
    assert model([], True)[0] == []


def test_counts_close_the_vocabulary():
    docs = make_docs()
    model = embed(docs)
    assert model.attrs["words"] == ["дом", "The", "the"] and model.attrs["closed"]
    assert model.attrs["word_counts"] is None, "not to be saved"
    for _ in range(3):
        model.begin_update(docs)
    assert len(model.attrs["words"]) == 3 and net(model).words.num_embeddings == 4


def test_initialised_twice_the_words_are_those_of_the_second_corpus():
    docs = make_docs()
    model = embed(docs)
    model.attrs["word_counts"] = Counter({"дом": 2, "new": 2})
    model.initialize(X=docs)
    assert model.attrs["words"] == ["new", "дом"] or model.attrs["words"] == ["дом", "new"]
    assert net(model).words.num_embeddings == 3


def test_without_counts_the_vocabulary_grows_from_training():
    docs = make_docs()
    model = embed(docs, counts=None, max_words=5)
    model.predict(docs)
    assert model.attrs["words"] == []
    model.begin_update(docs)
    assert model.attrs["words"] == ["the", "дом"]
    model.begin_update(docs)
    assert model.attrs["words"][2:] == ["The", "rare", "unknown"]
    types, _ = read_types(model, docs[:1], False)
    rows = dict(zip(["the", "дом", "The"], [1, 2, 3], strict=True))
    assert sorted(types.words.tolist()) == sorted(rows.values())
    copy = CharWordEmbed(**SMALL).from_bytes(model.to_bytes())
    assert copy.attrs["words"] == model.attrs["words"]
    for ours, theirs in zip(copy.predict(docs), model.predict(docs), strict=True):
        assert_allclose(ours, theirs, atol=1e-6)


def vectors_of(model, docs):
    """What the net gets to see of each token's vector."""
    types, tokens = read_types(model, docs, False)
    return types.vectors[tokens].numpy()


@pytest.mark.parametrize("attr, known", [(ORTH, [1, 1, 0, 1]), (LOWER, [1, 1, 1, 1])])
def test_static_vectors_by_their_attribute(attr, known):
    docs = make_docs(attr)
    model = embed(docs, vectors="static")
    found = vectors_of(model, docs)
    assert found.any(1).tolist() == [bool(k) for k in known] + [False, True, False], "unknown words have zeros"
    the = docs[0].vocab.vectors["the"]
    assert_allclose(found[0], the, atol=1e-6)  # as they are


def test_finetuned_vectors_start_the_word_table():
    docs = make_docs(ORTH)
    model = embed(docs, vectors="finetuned")
    assert net(model).words.embedding_dim == 4 and net(model).vectors is None
    table, vectors = net(model).words.weight.detach().numpy(), docs[0].vocab.vectors
    for row, word in enumerate(model.attrs["words"], 1):
        known = docs[0].vocab.strings[word] in vectors
        expected = vectors[word] if known else numpy.zeros(4)
        assert_allclose(table[row], expected, atol=1e-6)
    Y, backprop = model.begin_update(docs)
    backprop(Y)
    assert net(model).words.weight.grad.any()


def test_automatic_vectors():
    assert net(embed(make_docs())).vectors is None
    assert net(embed(make_docs(ORTH))).vectors.in_features == 4
    assert net(embed(make_docs(ORTH), vectors="none")).vectors is None


@pytest.mark.parametrize("vectors", ["static", "finetuned"])
def test_vectors_asked_for_and_not_there(vectors):
    with pytest.raises(RNNError, match="R106"):
        embed(make_docs(), vectors=vectors)


def test_finetuned_vectors_for_words_nobody_counted():
    with pytest.raises(RNNError, match="R110"):
        embed(make_docs(ORTH), counts=None, vectors="finetuned")


def test_another_pipelines_vectors():
    docs = make_docs(ORTH)
    model = embed(docs)
    with pytest.raises(RNNError, match=r"R107.*width 4.*width 0"):
        model.predict(make_docs())


@pytest.mark.parametrize(
    "changes, code",
    [
        (dict(word_width=0, ngram_width=0, chars="none", attrs=[]), "R104"),
        (dict(word_width=0, ngram_width=0, chars="none", attr_width=0), "R104"),
        (dict(word_width=0, ngram_width=0, chars="none", attrs=[], vectors="static", vector_width=0), "R104"),
        (dict(ngram_sizes=[3]), "R105"),
        (dict(ngram_sizes=[4, 2]), "R105"),
        (dict(ngram_sizes=[0, 2]), "R105"),
        (dict(width=0), "R103"),
        (dict(ngram_rows=0), "R103"),
        (dict(attr_rows=0), "R103"),
        (dict(char_windows=[2, 3, 4, 5]), "R109"),
        (dict(char_windows=[]), "R109"),
        (dict(chars="rnn", char_output=7), "R109"),
    ],
    ids=str,
)
def test_arguments_that_cannot_be(changes, code):
    with pytest.raises(RNNError, match=code):
        CharWordEmbed(**{**SMALL, **changes})


@pytest.mark.parametrize(
    "attrs, same",
    [
        (["PREFIX", "SUFFIX", "SHAPE"], [("working", "walking"), ("домами", "дарами"), ("1987", "12987")]),
        (["SUFFIX"], [("working", "SLEEPing"), ("домами", "рами")]),
        (["SHAPE"], [("Anna", "Oleg"), ("Анна", "Олег"), ("working", "домами")]),
        (["LOWER"], [("The", "tHE"), ("Дом", "дом")]),
    ],
    ids=str,
)
def test_attributes_tell_words_apart_by_their_form(attrs, same):
    words = sorted({word for pair in same for word in (*pair, pair[0].upper() + "?")})
    docs = [Doc(spacy.blank("xx").vocab, words=words)]
    model = embed(docs, attrs=attrs, word_width=0, ngram_width=0, chars="none")
    found = dict(zip(words, model.predict(docs)[0], strict=True))
    for one, other in same:
        assert_allclose(found[one], found[other])
        assert numpy.abs(found[one] - found[one.upper() + "?"]).max() > 1e-3


def test_sparse_tables_learn():
    docs = make_docs()
    model = embed(docs, sparse=True, word_dropout=0.0)
    before = net(model).words.weight.detach().clone()
    Y, backprop = model.begin_update(docs)
    backprop(Y)
    model.finish_update(Adam(0.01))
    changed = (net(model).words.weight != before).any(1)
    assert changed.tolist() == [True, True, True, True]
    Y, backprop = model.begin_update(docs[2:3])  # unknown дом
    backprop(Y)
    before = net(model).words.weight.detach().clone()
    model.finish_update(Adam(0.01))
    assert (net(model).words.weight != before).any(1).tolist() == [True, True, False, False]


@pytest.mark.parametrize("vectors", ["static", "none"])
def test_normalized_forms_look_the_same(vectors):
    """Whatever is read of a form: its word, n-grams, characters, attributes and vector."""
    docs = make_docs(ORTH)
    vocab = docs[0].vocab
    plain, marked = ["дом", "по-дому", "they'll", "the"], ["до\u0301м", "по\u2011дому", "they\u2019ll", "t\u00adhe"]
    both = [Doc(vocab, words=words) for words in (plain, marked)]
    model = embed(docs, vectors=vectors, normalize=["stress", "signs"])
    one, other = model.predict(both)
    assert_allclose(one, other, atol=1e-6)
    assert [token.text for token in both[1]] == marked
    without = embed(docs, vectors=vectors)
    for a, b in zip(*without.predict(both), strict=True):
        assert abs(a - b).max() > 1e-3


def test_counted_words_are_normalized():
    model = embed(
        make_docs(), Counter({"до\u0301м": 1, "дом": 1, "Ёж": 1, "еж": 1}), normalize=["stress", "yo"], ignore_case=True
    )
    assert model.attrs["words"] == ["дом", "еж"]
