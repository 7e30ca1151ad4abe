"""The architectures of text classifiers: what their settings may be."""

import numpy
import pytest
from spacy.tokens import Doc
from spacy.vocab import Vocab
from thinc.api import Model

from spacy_rnn.errors import RNNError
from spacy_rnn.models.textcat import TextCatBag, TextCatCNN, TextCatRNN
from spacy_rnn.models.word_embed import WordEmbed


@pytest.mark.parametrize(
    "architecture, settings, code",
    [
        (TextCatBag, {"pooling": []}, "R123"),
        (TextCatBag, {"pooling": ["mean", "mean"]}, "R123"),
        (TextCatBag, {"ngram_rows": -1}, "R125"),
        (TextCatBag, {"ngram_width": 10}, "R125"),
        (TextCatBag, {"ngram_rows": 10, "ngram_sizes": [2, 1]}, "R105"),
        (TextCatBag, {"window": -1}, "R126"),
        (TextCatBag, {"hidden": -1}, "R126"),
        (TextCatBag, {"embed_dropout": -0.1}, "R126"),
        (TextCatBag, {"word_dropout": 30}, "R127"),
        (TextCatBag, {"ngram_dropout": -0.1}, "R127"),
        (TextCatBag, {"dropout": 1.0}, "R127"),
        (TextCatBag, {"max_tokens": 0}, "R103"),
        (TextCatCNN, {"filters": 0}, "R103"),
        (TextCatCNN, {"depth": 0}, "R103"),
        (TextCatCNN, {"sizes": [3, 0]}, "R123"),
        (TextCatRNN, {"width": 255}, "R101"),
        (TextCatRNN, {"width": 0}, "R103"),
        (TextCatRNN, {"pooling": []}, "R123"),
        (TextCatRNN, {"recurrent_dropout": 30}, "R127"),
        (TextCatRNN, {"state_dropout": -1}, "R126"),
    ],
)
def test_settings_that_cannot_be(architecture, settings, code):
    with pytest.raises(RNNError, match=code):
        architecture(WordEmbed(vectors="none"), **settings)


def test_a_unidirectional_network_may_have_any_width():
    assert TextCatRNN(WordEmbed(vectors="none"), width=255, bidirectional=False).name == "text_categories"


def test_a_listener_reads_whole_docs_only():
    def ones(model, docs, is_train):
        assert all(isinstance(doc, Doc) for doc in docs)
        return [numpy.ones((len(doc), 4), dtype="float32") for doc in docs], lambda dY: []

    listener, vocab = Model("some-listener", ones, dims={"nO": 4}), Vocab()
    model = TextCatBag(listener, window=2, max_tokens=4, nO=2)
    docs = [Doc(vocab, words=words.split()) for words in ("a b c d e f", "a b")]
    model.initialize(X=docs)
    one, two = model.predict(docs)  # two windows at a time, which is as many as there are Docs
    assert numpy.allclose(one, two)


def test_without_a_component_labels_are_not_known():
    with pytest.raises(RNNError, match="R124"):
        TextCatBag(WordEmbed(vectors="none")).initialize()
