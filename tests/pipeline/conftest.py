import pytest

from .tiny import make_examples, make_nlp, train


@pytest.fixture(scope="module", params=["en", "ru"])
def trained(request):
    nlp = make_nlp(request.param, store_scores=True)
    examples = make_examples(nlp, request.param)
    train(nlp, examples)
    return nlp, examples
