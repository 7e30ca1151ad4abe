"""Neighbours of misspelt words."""

import numpy
import pytest

from spacy_rnn.vectors.evaluation.misspellings import evaluate_misspellings
from spacy_rnn.vectors.space import Space

COMPOSED = {"teh": [1, 0.1], "превет": [0, 1], "ннн": [-1, 0.2], "empty": [0, 0]}


@pytest.fixture
def space():
    words = ["the", "привет", "нет", *(f"other{i}" for i in range(20))]
    vectors = numpy.array([[1, 0], [0.1, 1], [0, -1]], dtype="f")
    others = numpy.stack([numpy.full(20, -1.0), 0.01 * numpy.arange(20)], axis=1)
    return Space(
        words, numpy.vstack([vectors, others]).astype("f"), lambda word: numpy.array(COMPOSED.get(word, [0, 0]))
    )


def test_what_is_asked_and_what_is_not(space):
    pairs = [("teh", "the"), ("превет", "привет"), ("ннн", "нет"), ("нет", "the"), ("teh", "unknown"), ("empty", "the")]
    result = evaluate_misspellings(space, pairs, "set")
    assert (result.total, result.known, result.unknown, result.asked) == (6, 1, 1, 3)
    assert (result.first, result.ten) == (pytest.approx(2 / 3), pytest.approx(2 / 3))
    place_of_net = 22  # all others and привет are nearer to ннн, the is not
    assert result.mrr == pytest.approx((1 + 1 + 1 / place_of_net) / 3)


def test_nothing_asked(space):
    result = evaluate_misspellings(space, [("the", "the")])
    assert result.asked == 0 and result.mrr is None
