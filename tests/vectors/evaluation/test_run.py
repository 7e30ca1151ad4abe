"""All sets at once, and what is reported."""

import json

import numpy
import pytest

from spacy_rnn.errors import RNNError
from spacy_rnn.vectors.evaluation.analogies import Question
from spacy_rnn.vectors.evaluation.report import as_data, grids, markdown
from spacy_rnn.vectors.evaluation.run import bundled_sets, evaluate
from spacy_rnn.vectors.evaluation.sets import EvaluationSet
from spacy_rnn.vectors.evaluation.similarity import Pair
from spacy_rnn.vectors.space import Space

WORDS = ["king", "queen", "man", "woman", "кот", "кошка"]
SETS = [
    EvaluationSet("pairs", pairs=[Pair("king", "queen", 9), Pair("king", "кот", 1), Pair("man", "kng", 2)]),
    EvaluationSet("a|b", sections={"gram": [Question("man", "woman", "king", "queen")], "empty": []}),
    EvaluationSet("typos", misspellings=[("kng", "king"), ("man", "men")]),
]


@pytest.fixture
def space():
    vectors = numpy.array([[1, 1, 0], [1, 0, 1], [0, 1, 0], [0, 0, 1], [-1, 1, 0.1], [-1, 0.1, 1]])
    return Space(WORDS, vectors, lambda word: numpy.array([1, 1, 0.1]) if word == "kng" else None)


def test_every_kind_of_set(space):
    results = evaluate(space, SETS)
    assert results.similarity[0].seen.pairs == 2 and results.similarity[0].all.pairs == 3
    assert results.analogies[0].total().right["add"] == 1
    assert (results.misspellings[0].asked, results.misspellings[0].first) == (1, 1.0)


def test_tables(space):
    tables = grids(evaluate(space, SETS))
    assert [len(table.rows) for table in tables] == [1, 5, 1]
    assert all(len(row) == len(table.header) for table in tables for row in table.rows)
    assert tables[0].rows[0][:4] == ("pairs", "100.0", "-", "2")
    assert [row[0] for row in tables[1].rows] == ["gram", "empty", "semantic", "syntactic", "total"]
    assert tables[1].rows[1] == ("empty", "-", "-", "0", "0")
    assert "a\\|b" in markdown(tables) and markdown(tables).count("\n| --- |") == 3


def test_data_for_json(space):
    data = json.loads(json.dumps(as_data(evaluate(space, SETS))))
    assert data["similarity"][0]["seen"]["rho"] == pytest.approx(1)
    section = data["analogies"][0]["sections"][0]
    assert section["accuracy"] == {"add": 1, "mul": 1} and section["asked"] == 1
    assert [total["name"] for total in data["analogies"][0]["totals"]] == ["total", "semantic", "syntactic"]


def test_built_in_sets_are_english(space):
    with pytest.raises(RNNError, match="R273.*Russian"):
        bundled_sets(Space(["кот", "пёс", "tiger"], numpy.eye(3)))
    without_words = Space([], numpy.zeros((0, 2)))  # such as floret's: nobody knows its language
    words = {word for each in bundled_sets(without_words) for pair in each.pairs or [] for word in pair[:2]}
    sets = bundled_sets(Space(sorted(words), numpy.ones((len(words), 2))))
    assert [each.name for each in sets] == ["wordsim353", "simlex999", "questions-words"]


def test_without_gensim(space, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(RNNError, match="R272"):
        bundled_sets(space)
