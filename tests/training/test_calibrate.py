"""Text classifiers calibrated on gold Docs: temperature and thresholds go together, and little gold is enough."""

import pytest

from spacy_rnn.errors import RNNError
from spacy_rnn.pipeline import text_learner
from spacy_rnn.training.calibrate import calibrate

from ..pipeline.tiny_texts import LABELS, make_examples, make_nlp, pipe_of, train


@pytest.fixture(scope="module", params=[True, False], ids=["one", "several"])
def trained(request):
    nlp = make_nlp("bag_textcat", model={"exclusive_classes": request.param})
    train(nlp, make_examples(nlp))
    return nlp


def gold(nlp):
    return [example.reference for example in make_examples(nlp)]


def test_thresholds_go_with_the_temperature_that_is_kept(trained, monkeypatch):
    component = pipe_of(trained)
    component.cfg.update(temperature=1.0, thresholds={})
    component.find_thresholds(make_examples(trained))
    wanted = dict(component.cfg["thresholds"])
    monkeypatch.setattr(text_learner, "lowest", lambda *given: 10.0)
    result = calibrate(trained, None, gold(trained), "dev", thresholds=True)
    assert not result["better"] and component.cfg["temperature"] == 1.0
    assert component.cfg["thresholds"] == wanted
    assert list(result["thresholds"]) == LABELS


@pytest.mark.parametrize("some", [slice(1), slice(0, 3, 2)], ids=["one text", "one class"])
def test_little_gold(trained, some):
    result = calibrate(trained, None, gold(trained)[some], "dev", thresholds=True)
    assert 0.1 <= result["temperature"] <= 10 and list(result["thresholds"]) == LABELS
    assert trained("not bad at all !")._.categories


def test_no_gold(trained):
    docs = gold(trained)
    for doc in docs:
        doc.cats = {}
    with pytest.raises(RNNError, match="R359"):
        calibrate(trained, None, docs, "dev")
