"""Word similarity: the statistics, and what is counted."""

import numpy
import pytest
from gensim.models import KeyedVectors
from gensim.test.utils import datapath
from hypothesis import given
from hypothesis import strategies as st

from spacy_rnn.vectors.evaluation.similarity import Pair, average_ranks, confidence, evaluate_similarity, spearman
from spacy_rnn.vectors.space import Space

PAIRS = [Pair("кот", "кошка", 9), Pair("кот", "дом", 2), Pair("cat", "дом", 1), Pair("кот", "котик", 8)]


def test_ranks_of_equal_values_are_shared():
    assert average_ranks(numpy.array([3, 1, 3, 2])).tolist() == [3.5, 1, 3.5, 2]


def test_spearman_with_ties_by_hand():
    # ranks 1, 2.5, 2.5, 4 and 1, 2, 3, 4: covariance 4.5, variances 4.5 and 5
    found = spearman(numpy.array([1, 2, 2, 7]), numpy.array([1, 2, 3, 4]))
    assert found == pytest.approx(4.5 / (4.5 * 5) ** 0.5)


@given(st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=2, max_size=40))
def test_spearman_sees_only_order(pairs):
    x, y = numpy.array(pairs, dtype=float).T
    rho = spearman(x, y)
    if rho is None:
        assert len(set(x)) == 1 or len(set(y)) == 1
    else:
        assert -1 - 1e-9 <= rho <= 1 + 1e-9
        assert spearman(numpy.exp(x), 3 * y - 1) == pytest.approx(rho)
        assert spearman(-x, y) == pytest.approx(-rho)


def test_confidence():
    assert confidence(0.5, 3) == (None, None) and confidence(None, 100) == (None, None)
    low, high = confidence(0.0, 103)
    assert (low, high) == (pytest.approx(-numpy.tanh(0.196), abs=1e-4), pytest.approx(numpy.tanh(0.196), abs=1e-4))
    assert confidence(1.0, 10) == (1.0, 1.0)


def test_the_interval_covers_the_truth_in_about_95_of_100_cases():
    rng = numpy.random.default_rng(0)
    truth = 6 / numpy.pi * numpy.arcsin(0.6 / 2)  # Spearman's rho of normal variables with correlation 0.6
    covered = 0
    for _ in range(400):
        x = rng.standard_normal(80)
        y = 0.6 * x + 0.8 * rng.standard_normal(80)
        low, high = confidence(spearman(x, y), 80)
        covered += low < truth < high
    assert 0.92 <= covered / 400 <= 0.98


def test_seen_and_all_are_counted_apart():
    words = ["кот", "кошка", "дом"]
    space = Space(words, numpy.eye(3), lambda word: numpy.ones(3) if word.startswith("кот") else None)
    result = evaluate_similarity(space, PAIRS, "set")
    assert (result.total, result.seen.pairs, result.all.pairs) == (4, 2, 3)
    assert result.seen.rho is None  # both cosines are 0
    assert result.all.rho == pytest.approx(0.0, abs=1e-6)  # cosines 0, 0, 0.58 for 9, 2, 8


def test_same_as_gensim_on_wordsim():
    rng = numpy.random.default_rng(0)
    path = datapath("wordsim353.tsv")
    lines = [line.split("\t") for line in open(path, encoding="utf8") if not line.startswith("#")]
    words = sorted({word.lower() for line in lines for word in line[:2]})[:350]
    vectors = rng.standard_normal((len(words), 20)).astype("f")
    theirs = KeyedVectors(20)
    theirs.add_vectors(words, vectors)
    _, wanted, missing = theirs.evaluate_word_pairs(path)
    space = Space(words, vectors, normalize=str.lower)
    found = evaluate_similarity(space, [Pair(a, b, float(score)) for a, b, score in lines])
    assert found.seen.rho == pytest.approx(wanted.statistic, abs=1e-6)
    assert 100 * (1 - found.seen.pairs / found.total) == pytest.approx(missing)
