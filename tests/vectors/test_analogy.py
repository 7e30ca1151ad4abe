"""Analogies typed by a person."""

import numpy
import pytest
from gensim.models import KeyedVectors
from hypothesis import given
from hypothesis import strategies as st

from spacy_rnn.errors import RNNError
from spacy_rnn.vectors.analogy import Expression, parse, solve
from spacy_rnn.vectors.space import Space


@pytest.mark.parametrize(
    "text, plus, minus",
    [
        ("king - man + woman", ["king", "woman"], ["man"]),
        ("король − мужчина + женщина", ["король", "женщина"], ["мужчина"]),
        ("king -man +woman", ["king", "woman"], ["man"]),
        ("- man + king", ["king"], ["man"]),
        ("mother-in-law - что-то + a", ["mother-in-law", "a"], ["что-то"]),
        ("king", ["king"], []),
        ("man : woman :: king : ?", ["king", "woman"], ["man"]),
        ("man:woman::king:?", ["king", "woman"], ["man"]),
        ("кот : котик :: пёс", ["пёс", "котик"], ["кот"]),
    ],
)
def test_parse(text, plus, minus):
    assert parse(text) == Expression(plus, minus)


@pytest.mark.parametrize(
    "text", ["", "-", "king -", "king - - man", "king man", "- man", "a + + b", "king + man woman"]
)
def test_what_is_no_analogy(text):
    with pytest.raises(RNNError, match="R270"):
        parse(text)


@given(st.text(alphabet="ab:-+? ё", max_size=20))
def test_parse_ends_with_terms_or_a_coded_error(text):
    try:
        expression = parse(text)
    except RNNError as error:
        assert "R270" in str(error)
    else:
        assert expression.plus and all(expression.plus + expression.minus)


@pytest.fixture(scope="module")
def both():
    rng = numpy.random.default_rng(1)
    words, vectors = [f"w{i}" for i in range(60)], rng.standard_normal((60, 8)).astype("f")
    theirs = KeyedVectors(8)
    theirs.add_vectors(words, vectors)
    return Space(words, vectors), theirs


def test_same_answers_as_gensim(both):
    ours, theirs = both
    for a, b, c in [("w1", "w2", "w3"), ("w10", "w20", "w30"), ("w5", "w6", "w7")]:
        expression = Expression([b, c], [a])
        added = theirs.most_similar(positive=[b, c], negative=[a], topn=5)
        assert [word for word, _ in solve(ours, expression, "add", 5).words] == [word for word, _ in added]
        assert solve(ours, expression, "add", 1).words[0].cosine == pytest.approx(added[0][1], abs=1e-5)
        multiplied = theirs.most_similar_cosmul(positive=[b, c], negative=[a], topn=5)
        answer = solve(ours, expression, "mul", 5).words
        assert [word for word, _ in answer] == [word for word, _ in multiplied]
        assert answer[0].cosine == pytest.approx(multiplied[0][1], rel=0.01)  # their epsilon is smaller


def test_the_words_of_the_question_are_no_answers(both):
    ours, _ = both
    answer = solve(ours, Expression(["w1"], []), n=100)
    assert len(answer.words) == 59 and "w1" not in [word for word, _ in answer.words]


def test_unknown_method(both):
    with pytest.raises(RNNError, match="R271"):
        solve(both[0], Expression(["w1"], []), "sum")
