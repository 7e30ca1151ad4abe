"""Long documents and large batches in parts: predictions are those of the whole."""

import numpy
import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc
from spacy.util import fix_random_seed
from spacy.vectors import Vectors
from thinc.api import Model, chain

from spacy_rnn.bridge.module import predict_parts
from spacy_rnn.errors import RNNError

WORDS = {
    "en": "The children saw a dog , and they walk their dogs . n't".split(),
    "ru": "Мама мыла раму , а кот — нет .".split(),
}
LABELS = {"n_tag": 3, "n_pos": 2, "n_values": 2, "bundles": [[0], [1]]}
OURS = {"@architectures": "spacy-rnn.CharWordEmbed.v1", "width": 12, "word_width": 8, "min_freq": 1, "char_output": 8}
SPACYS = {
    "@architectures": "spacy.MultiHashEmbed.v2",
    "width": 12,
    "attrs": ["NORM", "SUFFIX"],
    "rows": [50, 50],
    "include_static_vectors": False,
}
MAXOUT = {
    "@architectures": "spacy.MaxoutWindowEncoder.v2",
    "width": 12,
    "depth": 2,
    "window_size": 1,
    "maxout_pieces": 2,
}
RNN = {"@architectures": "spacy-rnn.RNNEncoder.v1", "width": 16}
ENCODERS = {
    "lstm": RNN,
    "gru, 2 layers": {**RNN, "cell": "gru", "depth": 2},
    "rnn, 3 layers, one direction": {**RNN, "cell": "rnn", "depth": 3, "bidirectional": False},
    "dilated, strided": {**RNN, "depth": 2, "dilation": [1, 3], "stride": [2, 1]},
    "cnn": {"@architectures": "spacy-rnn.CNNEncoder.v1", "width": 16, "depth": 3, "dilation": [1, 2, 4]},
}


def make_model(embed=OURS, encode=RNN, max_tokens=10_000, docs=None) -> Model:
    fix_random_seed(0)
    config = {
        "model": {
            "@architectures": "spacy-rnn.Tagger.v1",
            "tok2vec": {"@architectures": "spacy.Tok2Vec.v2", "embed": embed, "encode": encode},
            "max_tokens": max_tokens,
        }
    }
    model = spacy.util.registry.resolve(config)["model"]
    model.get_ref("heads").attrs["labels"] = LABELS
    model.initialize(X=docs or make_docs([20]))
    return model


def make_docs(lengths, lang="en"):
    generator = numpy.random.default_rng(0)
    vocab = spacy.blank("xx").vocab
    return [Doc(vocab, words=generator.choice(WORDS[lang], length).tolist()) for length in lengths]


def predict(model, docs, max_tokens):
    model.attrs["parts"].max_tokens = max_tokens
    return model.predict(docs)


def assert_same(model, docs, max_tokens):
    whole, parts = predict(model, docs, 10**9), predict(model, docs, max_tokens)
    assert [p.shape for p in parts] == [w.shape for w in whole]
    for w, p in zip(whole, parts, strict=True):
        assert numpy.allclose(w, p, atol=1e-5)
        assert (w.argmax(axis=1) == p.argmax(axis=1)).all()
    model.attrs["parts"].max_tokens = max_tokens
    rows = list(model.attrs["parts"](model, docs))
    assert numpy.allclose(numpy.concatenate(rows), numpy.concatenate(whole), atol=1e-5)
    return rows


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize("encoder", ENCODERS)
def test_any_batch_in_parts_of_any_size(encoder, lang):
    model = make_model(encode=ENCODERS[encoder])

    @settings(deadline=None, max_examples=6)
    @given(st.lists(st.one_of(st.just(0), st.integers(0, 70)), min_size=1, max_size=6), st.integers(1, 80))
    def check(lengths, max_tokens):
        rows = assert_same(model, make_docs(lengths, lang), max_tokens)
        assert max(map(len, rows)) <= max_tokens

    check()


def test_with_vectors():
    docs = make_docs([50, 3])
    words = sorted({token.text for token in docs[0]})
    docs[0].vocab.vectors = Vectors(data=numpy.eye(len(words), 5, dtype="f"), keys=words, strings=docs[0].vocab.strings)
    assert len(assert_same(make_model(embed=OURS, docs=docs), docs, 7)) == 9


def test_foreign_parts_see_the_whole():
    """What cannot read a part of a Doc, or cannot carry its states."""
    for parts in ({"embed": SPACYS}, {"encode": MAXOUT}):
        rows = assert_same(make_model(**parts), make_docs([50, 3, 4]), 20)
        assert [len(part) for part in rows] == [50, 7]


def test_a_model_that_knows_no_parts_gives_one():
    model, docs = make_model(), make_docs([3, 0, 4])
    plain = chain(model.get_ref("tok2vec"), model.get_ref("heads"))
    (rows,) = predict_parts(plain, docs)
    assert numpy.array_equal(rows, numpy.concatenate(model.predict(docs)))
    assert list(predict_parts(plain, [])) == []


def test_the_number_of_the_config_counts_after_loading():
    model = make_model(max_tokens=30).from_bytes(make_model(max_tokens=7).to_bytes())
    assert model.attrs["parts"].max_tokens == 30
    assert model.copy().attrs["parts"].max_tokens == 30


def test_no_gradient_of_a_prediction_in_parts():
    _, backprop = make_model(max_tokens=5)(make_docs([20]), is_train=False)
    with pytest.raises(RNNError, match="R008"):
        backprop([])


def test_learns_from_documents_over_the_budget():
    Y, backprop = make_model(max_tokens=5).begin_update(make_docs([20, 3]))
    assert [len(y) for y in Y] == [20, 3]
    assert backprop(Y) is not None


@pytest.mark.parametrize("value", [0, -5])
def test_refuses_no_tokens(value):
    with pytest.raises(RNNError, match="R103.*max_tokens"):
        make_model(max_tokens=value)
