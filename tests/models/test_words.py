"""What is read of a word."""

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from spacy_rnn.models.words import CHAR_ROWS, LONGEST, WordReader, ngrams


def reader(words=(), max_words=100, min_freq=2, ignore_case=False, rows=1000, sizes=(3, 3)):
    return WordReader(list(words), max_words, min_freq, ignore_case, rows, list(sizes))


def test_ngrams_as_in_the_lecture():
    assert ngrams("word", [3, 3]) == ["#wo", "wor", "ord", "rd#"]
    assert ngrams("дом", [2, 3]) == ["#д", "до", "ом", "м#", "#до", "дом", "ом#"]
    assert ngrams("я", [3, 5]) == ["#я#"]
    assert ngrams("", [2, 5]) == ["##"]
    assert ngrams("я", [5, 5]) == []


@given(st.text(), st.integers(1, 4), st.integers(0, 3))
def test_every_ngram_is_a_piece_of_the_marked_word(form, shortest, more):
    grams = ngrams(form, [shortest, shortest + more])
    marked = f"#{form}#"
    assert all(gram in marked and shortest <= len(gram) <= shortest + more for gram in grams)
    assert len(grams) == sum(max(0, len(marked) - n + 1) for n in range(shortest, shortest + more + 1))


@given(st.text(max_size=200))
def test_features_of_any_form(form):
    features = reader(sizes=(2, 5)).features(form)
    assert features.row == 0
    assert 2 <= len(features.chars) <= LONGEST + 2 and 0 <= features.chars.min() and features.chars.max() < CHAR_ROWS
    assert features.chars[0] == 1 and features.chars[-1] == CHAR_ROWS - 1
    assert all(0 <= row < 1000 for row in features.ngrams)


def test_the_middle_of_an_endless_word_is_not_read():
    same = (
        reader().features("начало" * 4 + "а" * 100 + "endings!" * 3),
        reader().features("начало" * 4 + "я" * 5000 + "endings!" * 3),
    )
    assert same[0].chars.tolist() == same[1].chars.tolist()


def test_learning_the_words_of_a_corpus():
    words = reader(max_words=3)
    words.learn({"дом": 5, "the": 9, "rare": 1, "a": 2, "b": 2, "c": 2})
    assert words.words == ["the", "дом", "a"]
    assert [words.features(w).row for w in ("the", "дом", "a", "b", "rare")] == [1, 2, 3, 0, 0]


def test_case_may_be_ignored_in_the_word_table():
    words = reader(ignore_case=True)
    words.learn({"Дом": 1, "дом": 1, "US": 1, "Us": 3})
    assert words.words == ["us", "дом"]
    assert [words.features(w).row for w in ("ДОМ", "us", "US", "The")] == [2, 1, 1, 0]
    words.grow(["The", "THE"])
    assert words.features("the").row == 3
    assert words.features("ДОМ").chars.tolist() != words.features("дом").chars.tolist(), "characters keep it"


def test_growing_from_batches():
    words, strings = reader(max_words=2), spacy.blank("en").vocab.strings
    dom = strings.add("дом")
    assert words.read([dom], strings)[0].row == 0
    words.grow(["дом", "once"])
    assert words.read([dom], strings)[0].row == 0
    words.grow(["дом"])
    assert words.read([dom], strings)[0].row == 1
    words.grow(["once", "more", "more"])
    assert words.words == ["дом", "more"], "the table is full"


@pytest.mark.parametrize("rows, expected", [(2**31 - 1, (8, 0)), (1, (8, 8))])
def test_collisions(rows, expected):
    words = reader(rows=rows)
    words.learn({"word": 2, "дома": 2})
    assert words.collisions() == expected


def test_rows_do_not_change_between_runs():
    """Saved weights depend on them."""
    assert reader().features("дом").ngrams.tolist() == [880, 139, 363]
