"""Words as points: looking up, and neighbours."""

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacy_rnn.errors import RNNError
from spacy_rnn.vectors.normalize import Normalization
from spacy_rnn.vectors.space import Space, ranks, top, unit

WORDS = ["кот", "cat", "Пёс", "dog", "sun"]
VECTORS = numpy.array([[2, 0], [1, 0.1], [0, 3], [0.1, 1], [-1, -1]], dtype=numpy.float32)


@pytest.fixture
def space():
    return Space(WORDS, VECTORS, lambda word: numpy.array([5, 0]) if "кот" in word else None, Normalization(lower=True))


def test_a_word_is_found_as_it_is_then_normalized_then_composed(space):
    assert space.find("Пёс").row == 2
    assert space.find("Dog") == ("dog", 3, pytest.approx(VECTORS[3]))
    composed = space.find("КОТИК")
    assert composed.word == "котик" and composed.row is None and composed.vector.tolist() == [5, 0]
    assert space.find("bird") is None
    with pytest.raises(RNNError, match="R260.*'bird'|'bird'"):
        space.require("bird")


def test_of_a_word_that_occurs_twice_the_first_counts():
    assert Space(["a", "b", "a"], numpy.eye(3)).row("a") == 0


def test_neighbours_are_sorted_by_cosine(space):
    found = space.neighbours(VECTORS[0], 3, [0])
    assert [neighbour.word for neighbour in found] == ["cat", "dog", "Пёс"]
    assert found[0].cosine == pytest.approx(1 / numpy.sqrt(1.01))
    assert len(space.neighbours(VECTORS[0], 99, [0, None])) == 4


def test_no_list_of_words():
    with pytest.raises(RNNError, match="R261"):
        Space([], numpy.zeros((0, 2))).neighbours(numpy.ones(2), 1)


def test_a_word_of_zeros_is_near_to_nothing():
    assert unit(numpy.zeros((1, 3))).tolist() == [[0, 0, 0]]


@given(st.lists(st.integers(0, 5), min_size=1, max_size=30), st.integers(1, 30))
def test_top_is_a_stable_sort(scores, n):
    n = min(n, len(scores))
    wanted = sorted(scores, reverse=True)[:n]
    found = top(numpy.array([scores], dtype=float), n)[0]
    assert [scores[i] for i in found] == wanted and len(set(found.tolist())) == n


def test_ranks_count_the_nearer_words(space):
    queries = numpy.array([[1, 0], [1, 0], [0, 1]])
    assert ranks(space, queries, numpy.array([0, 3, 2])).tolist() == [1, 3, 1]
