import pytest
from gensim.models.fasttext import ft_ngram_hashes
from hypothesis import given
from hypothesis import strategies as st

from spacy_rnn.vectors.subwords import MAX_CHARS, ngram_rows

WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)


@given(WORDS, st.integers(1, 6), st.integers(0, 4), st.integers(1, 2**21))
def test_rows_are_those_of_gensim(word, min_n, more, bucket):
    assert ngram_rows(word, min_n, min_n + more, bucket) == ft_ngram_hashes(word, min_n, min_n + more, bucket)


@pytest.mark.parametrize("word", ["слово", "ёж", "word", "日本語", "x"])
def test_real_words(word):
    assert ngram_rows(word, 3, 6, 200_000) == ft_ngram_hashes(word, 3, 6, 200_000)


def test_endless_words_are_cut():
    assert ngram_rows("я" * MAX_CHARS * 3, 3, 6, 999) == ngram_rows("я" * MAX_CHARS, 3, 6, 999)
