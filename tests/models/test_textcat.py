"""The architectures of text classifiers: what their settings may be."""

import pytest

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
        (TextCatBag, {"max_tokens": 0}, "R103"),
        (TextCatCNN, {"filters": 0}, "R103"),
        (TextCatCNN, {"depth": 0}, "R103"),
        (TextCatCNN, {"sizes": [3, 0]}, "R123"),
        (TextCatRNN, {"width": 255}, "R101"),
        (TextCatRNN, {"width": 0}, "R103"),
        (TextCatRNN, {"pooling": []}, "R123"),
    ],
)
def test_settings_that_cannot_be(architecture, settings, code):
    with pytest.raises(RNNError, match=code):
        architecture(WordEmbed(vectors="none"), **settings)


def test_a_unidirectional_network_may_have_any_width():
    assert TextCatRNN(WordEmbed(vectors="none"), width=255, bidirectional=False).name == "text_categories"


def test_without_a_component_labels_are_not_known():
    with pytest.raises(RNNError, match="R124"):
        TextCatBag(WordEmbed(vectors="none")).initialize()
