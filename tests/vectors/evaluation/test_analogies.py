"""Analogy questions by the thousand."""

import itertools

import numpy
import pytest
from gensim.models import KeyedVectors

from spacy_rnn.vectors.evaluation import analogies
from spacy_rnn.vectors.evaluation.analogies import Question, answer, evaluate_analogies
from spacy_rnn.vectors.space import Space

PAIRS = [("король", "королева"), ("отец", "мать"), ("брат", "сестра"), ("man", "woman"), ("boy", "girl")]


@pytest.fixture
def space():
    """Pairs that differ by nearly the same vector, among noise."""
    rng = numpy.random.default_rng(3)
    first = rng.standard_normal((len(PAIRS), 12))
    second = first + rng.standard_normal(12) + 0.2 * rng.standard_normal(first.shape)
    words = [word for pair in PAIRS for word in pair] + [f"noise{i}" for i in range(200)]
    planted = numpy.stack([first, second], axis=1).reshape(-1, 12)
    return Space(words, numpy.vstack([planted, rng.standard_normal((200, 12))]).astype("f"), normalize=str.lower)


@pytest.fixture
def questions():
    found = [Question(*a, *b) for a, b in itertools.permutations(PAIRS, 2)]
    return {"family": found[:12], "gram1": found[12:] + [Question("boy", "girl", "nobody", "knows")]}


def test_planted_analogies_are_found(space, questions):
    result = evaluate_analogies(space, questions)
    assert [(s.name, s.total, s.asked) for s in result.sections] == [("family", 12, 12), ("gram1", 9, 8)]
    assert result.total().accuracy("add") == 1
    semantic, syntactic = result.total("semantic"), result.total("syntactic")
    assert (semantic.asked, syntactic.asked) == (12, 8)
    assert semantic.right["add"] + syntactic.right["add"] == result.total().right["add"]


def test_same_as_gensim(space, questions, tmp_path):
    path = tmp_path / "questions.txt"
    lines = [f": {name}\n" + "".join(" ".join(q) + "\n" for q in section) for name, section in questions.items()]
    path.write_text("".join(lines), encoding="utf8")
    theirs = KeyedVectors(12)
    theirs.add_vectors(space.words, space.vectors)
    for limit in (9, 120, 1000):
        _, sections = theirs.evaluate_word_analogies(str(path), restrict_vocab=limit)
        wanted = [(len(s["correct"]), len(s["correct"]) + len(s["incorrect"])) for s in sections]
        result = evaluate_analogies(space, questions, limit=limit)
        assert [(s.right["add"], s.asked) for s in [*result.sections, result.total()]] == wanted


def test_multiplied_cosines_as_in_gensim(space):
    asked = numpy.array([[0, 1, 2], [3, 2, 5], [8, 9, 100], [205, 4, 0], [7, 6, 5]])
    theirs = KeyedVectors(12)
    theirs.add_vectors(space.words, space.vectors)
    for (a, b, c), found in zip(asked, answer(space, asked)["mul"], strict=True):
        plus, minus = [space.words[b], space.words[c]], [space.words[a]]
        assert space.words[found] == theirs.most_similar_cosmul(positive=plus, negative=minus, topn=1)[0][0]


def test_case_is_ignored_if_the_table_does(space):
    result = evaluate_analogies(space, {"": [Question("Man", "Woman", "КОРОЛЬ", "Королева")]})
    assert result.sections[0].asked == 1


def test_a_limit_leaves_rare_words_out(space, questions):
    result = evaluate_analogies(space, questions, limit=4)
    assert result.total().asked == 2  # of the first two pairs alone
    assert evaluate_analogies(space, questions, limit=0).total().asked == 20


def test_the_vocabulary_in_parts_gives_the_same_answers(space, monkeypatch):
    asked = numpy.array([[0, 1, 2], [3, 2, 1], [8, 9, 100], [205, 4, 0]])
    whole = answer(space, asked)
    monkeypatch.setattr(analogies, "WORDS_AT_ONCE", 7)
    monkeypatch.setattr(analogies, "QUESTIONS_AT_ONCE", 3)
    parts = answer(space, asked)
    assert all((whole[method] == parts[method]).all() for method in analogies.METHODS)
    assert not (whole["add"][:, None] == asked).any()


def test_nothing_to_ask(space):
    result = evaluate_analogies(space, {"capitals": [Question("a", "b", "c", "d")]})
    assert result.total().accuracy("add") is None and result.total().total == 1
