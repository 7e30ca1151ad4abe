import pytest

from . import tiny_ner
from .tiny import make_examples, make_nlp, train


@pytest.fixture(scope="module", params=["en", "ru"])
def trained(request):
    nlp = make_nlp(request.param, store_scores=True)
    examples = make_examples(nlp, request.param)
    train(nlp, examples)
    return nlp, examples


@pytest.fixture(scope="module", params=["en", "ru"])
def trained_ner(request):
    nlp = tiny_ner.make_nlp(request.param)
    examples = tiny_ner.make_examples(nlp, request.param)
    tiny_ner.train(nlp, examples)
    return nlp, examples


@pytest.fixture
def ner_settings(trained_ner):
    """The settings of `trained_ner`, to be changed for one test."""
    cfg = tiny_ner.ner_of(trained_ner[0]).cfg
    before = dict(cfg)
    yield cfg
    cfg.update(before)
