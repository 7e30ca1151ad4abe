"""Hashed n-grams of words, and windows of long texts."""

import numpy
import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc

from spacy_rnn.models.ngrams import keys_of, some
from spacy_rnn.models.windows import LEARNED, Votes, groups_of, windows_of
from spacy_rnn.nets.ngrams import ngram_rows

VOCAB = spacy.blank("en").vocab
TEXT = st.lists(st.sampled_from(["a", "b", "c", "кот"]), max_size=6)


def by_text(texts, sizes=(1, 2), rows=1 << 40, attr="ORTH"):
    keys = keys_of([Doc(VOCAB, words=words) for words in texts], attr)
    found, counts = ngram_rows(keys, numpy.array(list(map(len, texts))), list(sizes), rows)
    return [sorted(part.tolist()) for part in numpy.split(found, numpy.cumsum(counts)[:-1])] if len(texts) else []


@given(st.lists(TEXT, min_size=1, max_size=4), st.integers(1, 3), st.integers(0, 2))
def test_as_many_as_there_are(texts, low, more):
    found = by_text(texts, (low, low + more))
    for words, rows in zip(texts, found, strict=True):
        grams = [tuple(words[i : i + n]) for n in range(low, low + more + 1) for i in range(len(words) - n + 1)]
        assert len(rows) == len(grams) and len(set(rows)) == len(set(grams))


@given(st.lists(TEXT, min_size=1, max_size=4))
def test_neighbours_change_nothing(texts):
    assert by_text(texts) == [by_text([words])[0] for words in texts]


def test_order_counts_and_case_need_not():
    ab, ba = by_text([["a", "b"], ["b", "a"]])
    assert ab != ba and len(set(ab) & set(ba)) == 2
    upper, lower = by_text([["A"], ["a"]], attr="LOWER")
    assert upper == lower


def test_rows_are_within_the_table():
    keys = keys_of([Doc(VOCAB, words=[f"w{i}" for i in range(300)])], "LOWER")
    found, _ = ngram_rows(keys, numpy.array([300]), [1, 3], 50)
    assert found.min() >= 0 and found.max() < 50 and len(set(found.tolist())) == 50


def test_some_of_the_ngrams():
    numpy.random.seed(0)
    rows, counts = some(numpy.arange(1000), numpy.array([400, 0, 600]), 0.25)
    assert 650 < len(rows) < 850 and counts.sum() == len(rows) and counts[1] == 0
    assert (rows < 400).sum() == counts[0]


@given(st.lists(st.integers(0, 40), max_size=6), st.integers(0, 12))
def test_windows_divide_texts_evenly(lengths, size):
    windows = windows_of(numpy.array(lengths, dtype="int64"), size, is_train=False)
    for number, length in enumerate(lengths):
        own = [window for window in windows if window.doc == number]
        assert own[0].begin == 0 and own[-1].end == length
        assert all(a.end == b.begin for a, b in zip(own, own[1:], strict=False))
        sizes = [window.end - window.begin for window in own]
        assert not size or length <= size or max(sizes) <= size
        assert max(sizes) - min(sizes) <= 1


def test_training_draws_some_windows_of_very_long_texts():
    numpy.random.seed(0)
    windows = windows_of(numpy.array([5, 1000]), 10, is_train=True)
    assert len(windows) == 1 + LEARNED and len(set(windows)) == len(windows)


@given(st.lists(st.integers(1, 30), min_size=1, max_size=8), st.integers(1, 40))
def test_groups_hold_all_windows_in_order(lengths, most):
    windows = windows_of(numpy.array(lengths), 7, is_train=False)
    groups = groups_of(windows, most)
    assert [window for group in groups for window in windows[group]] == list(windows)
    for group in groups:
        tokens = sum(window.end - window.begin for window in windows[group])
        assert tokens <= most or len(windows[group]) == 1


@pytest.mark.parametrize("lengths", [[3, 25, 4], [3, 4]])
def test_votes(lengths):
    from thinc.api import NumpyOps

    windows, ops = windows_of(numpy.array(lengths), 10, is_train=False), NumpyOps()
    votes = Votes(windows.doc, len(lengths))
    rows = numpy.random.RandomState(0).rand(len(windows), 2).astype("float32")
    found = votes.count(rows, ops)
    for number in range(len(lengths)):
        own = [i for i, window in enumerate(windows) if window.doc == number]
        assert numpy.allclose(found[number], rows[own].mean(0))
    back = votes.spread(numpy.ones((len(lengths), 2), dtype="float32"), ops)
    assert back.shape == rows.shape and numpy.allclose(back.sum(), 2 * len(lengths))
