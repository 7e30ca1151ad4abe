"""`spacy-rnn.Labeller.v1` on its own."""

import numpy
import pytest
import spacy
from spacy.util import registry

from spacy_rnn.errors import RNNError
from spacy_rnn.models.embed import CharWordEmbed
from spacy_rnn.models.labeller import Labeller

LABELS = {"labels": ["O", "B-PER", "I-PER"], "scheme": "IOB2"}


@pytest.fixture
def docs():
    nlp = spacy.blank("ru")
    return [nlp.make_doc(text) for text in ("Мама мыла раму", "", "Кот")]


def make_model(**settings):
    return Labeller(CharWordEmbed(8, word_width=4, char_output=4, ngram_rows=100), **settings)


def test_scores_for_each_token(docs):
    model = make_model()
    model.get_ref("heads").attrs["labels"] = LABELS
    model.initialize(X=docs)
    scores = model.predict(docs)
    assert [s.shape for s in scores] == [(3, 3), (0, 3), (1, 3)] and model.get_dim("nO") == 3
    other = make_model().from_bytes(model.to_bytes())
    for mine, theirs in zip(scores, other.predict(docs), strict=True):
        assert numpy.array_equal(mine, theirs)
    assert other.get_ref("heads").shims[0].net.crf.learned


def test_without_labels(docs):
    with pytest.raises(RNNError, match="R130.*rnn_ner"):
        make_model().initialize(X=docs)


def test_initialised_anew_with_other_labels(docs):
    model = make_model(decoder="softmax")
    for labels in (LABELS, {"labels": ["O", "U-X", "B-X", "I-X", "L-X"], "scheme": "BILUO"}):
        model.get_ref("heads").attrs["labels"] = labels
        model.initialize(X=docs)
        assert model.predict(docs)[0].shape == (3, len(labels["labels"]))


def test_an_unknown_decoder():
    config = {"model": {"@architectures": "spacy-rnn.Labeller.v1", "decoder": "beam", "tok2vec": None}}
    with pytest.raises(Exception, match="decoder"):
        registry.resolve(config)
