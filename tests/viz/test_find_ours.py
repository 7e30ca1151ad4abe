"""What is found through the components of this package themselves."""

import numpy
import pytest
import spacy
from spacy.tokens import Doc
from spacy.training import Example

from spacy_rnn.viz.labelling.find import find


@pytest.mark.parametrize("decoder", ["crf", "softmax"])
@pytest.mark.parametrize("lang", ["en", "ru"])
def test_entities(lang, decoder):
    from ..pipeline.tiny_ner import entities, make_examples, make_nlp, train

    nlp = make_nlp(lang, decoder=decoder, confidence=False)
    train(nlp, make_examples(nlp, lang))
    text = make_examples(nlp, lang)[0].reference.text
    found, doc = find(nlp, text), nlp(text)
    assert [span[:3] for span in found.spans] == entities(doc) and found.spans
    (scores,), (transitions,) = found.scores, found.transitions
    numpy.testing.assert_allclose(scores.probabilities.sum(axis=1), 1, atol=1e-5)
    for span in found.spans:  # an entity is no surer than each of its labels
        chosen = [scores.probabilities[i, scores.chosen[i]] for i in range(span.first, span.end)]
        assert 0 < span.confidence <= min(chosen) + 1e-6
    assert all(0 < rival.confidence < 1 for rival in found.rivals) and not set(found.rivals) & set(found.spans)
    assert transitions.labels == scores.labels and transitions.scores.any() == (decoder == "crf")
    assert nlp.get_pipe("rnn_ner").cfg["confidence"] is False and doc.ents[0]._.confidence is None


def test_morphemes():
    nlp = spacy.blank("ru")
    config = {"@architectures": "spacy-rnn.Segmenter.v1", "width": 16, "ngram_rows": 500, "members": 1}
    encode = {"@architectures": "spacy-rnn.RNNEncoder.v1", "width": 16}
    nlp.add_pipe("rnn_segmenter", config={"model": {**config, "encode": encode}})
    reference = Doc(nlp.vocab, words=["записка"])
    reference[0]._.morphemes = [("за", "PREF"), ("пис", "ROOT"), ("к", "SUFF"), ("а", "END")]
    examples = [Example(Doc(nlp.vocab, words=["записка"]), reference)]
    optimizer = nlp.initialize(lambda: examples)
    optimizer.learn_rate = 0.02
    for _ in range(60):
        nlp.update(examples, sgd=optimizer)
    found = find(nlp, "записка, 12")
    assert found.morphemes[:2] == [[("за", "PREF"), ("пис", "ROOT"), ("к", "SUFF"), ("а", "END")], [(",", "")]]
    assert found.spans is None and not found.scores
