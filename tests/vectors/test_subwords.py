"""The n-grams of a word and its composed vector: exactly those of gensim, word by word and many at once."""

import random

import numpy
import pytest
from gensim.models.fasttext import ft_ngram_hashes, load_facebook_vectors
from gensim.test.utils import datapath
from hypothesis import given
from hypothesis import strategies as st

from spacy_rnn.vectors import subwords
from spacy_rnn.vectors.quantize import quantize
from spacy_rnn.vectors.subwords import FEW, MAX_CHARS, compose, hash_ngrams, ngram_rows
from spacy_rnn.vectors.table import FastTextVectors

WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)
LETTERS = {"en": "abcdefghijklmnopqrstuvwxyz", "ru": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"}


def make_words(lang: str, count: int) -> list[str]:
    """Words nobody has seen, of 1 to 20 letters, some with capitals, digits and hyphens."""
    rng = random.Random(lang)
    words = set()
    while len(words) < count:
        word = "".join(rng.choices(LETTERS[lang], k=rng.randint(1, 20)))
        words.add(rng.choice([word, word, word.title(), word.upper(), f"{word}-{rng.randint(0, 99)}", f"{word}'s"]))
    return sorted(words)


@given(WORDS, st.integers(1, 6), st.integers(0, 4), st.integers(1, 2**21))
def test_rows_are_those_of_gensim(word, min_n, more, bucket):
    assert ngram_rows(word, min_n, min_n + more, bucket) == ft_ngram_hashes(word, min_n, min_n + more, bucket)


@pytest.mark.parametrize("word", ["слово", "ёж", "word", "日本語", "x"])
def test_real_words(word):
    assert ngram_rows(word, 3, 6, 200_000) == ft_ngram_hashes(word, 3, 6, 200_000)


@given(st.lists(WORDS, max_size=8), st.integers(1, 6), st.integers(0, 4), st.integers(1, 2**32 - 1))
def test_many_words_at_once(words, min_n, more, bucket):
    expected = [ngram_rows(word, min_n, min_n + more, bucket) for word in words]
    rows, counts = hash_ngrams(words, min_n, min_n + more, bucket)
    assert counts.tolist() == [len(one) for one in expected]
    assert rows.tolist() == [row for one in expected for row in one]


def test_endless_words_are_cut():
    assert ngram_rows("я" * MAX_CHARS * 3, 3, 6, 999) == ngram_rows("я" * MAX_CHARS, 3, 6, 999)
    rows, counts = hash_ngrams(["я" * MAX_CHARS * 3, "x"], 3, 6, 999)
    assert rows.tolist() == ngram_rows("я" * MAX_CHARS, 3, 6, 999) + ngram_rows("x", 3, 6, 999)


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize(
    "name", ["crime-and-punishment.bin", "lee_fasttext_new.bin", "non_ascii_fasttext.bin", "toy-model.bin"]
)
def test_a_thousand_unseen_words_of_gensims_own_models(name, lang):
    wv = load_facebook_vectors(datapath(name))
    words = [word for word in make_words(lang, 1000) if word not in wv.key_to_index]
    assert len(words) > 990
    table = FastTextVectors.from_gensim(wv)
    expected = numpy.zeros((len(words), wv.vector_size), dtype=numpy.float32)
    for row, word in enumerate(words):
        if ft_ngram_hashes(word, wv.min_n, wv.max_n, wv.bucket):  # else gensim has no vector, and we have zeros
            expected[row] = wv.get_vector(word)
    numpy.testing.assert_allclose(table.get_batch(words), expected, atol=1e-5, rtol=0)
    numpy.testing.assert_allclose([table[word] for word in words[:50]], expected[:50], atol=1e-5, rtol=0)
    known = wv.index_to_key
    numpy.testing.assert_array_equal(table.get_batch(known), wv[known])


NGRAMS = numpy.random.default_rng(0).normal(size=(50, 8)).astype(numpy.float32)


@pytest.mark.parametrize("matrix", [NGRAMS, NGRAMS.astype(numpy.float16), quantize(NGRAMS, 8, rotations=0)])
@pytest.mark.parametrize("count", [1, FEW, FEW + 1, 300])
def test_an_ngram_without_a_row_is_left_out(matrix, count):
    buckets = numpy.sort(numpy.random.default_rng(1).permutation(400)[:50]).astype(numpy.int32)
    places = {bucket: row for row, bucket in enumerate(buckets.tolist())}
    words = [*make_words("ru", 150), *make_words("en", 150)][:count]
    means, counts = compose(words, matrix, 3, 6, 400, buckets)
    whole = matrix if isinstance(matrix, numpy.ndarray) else matrix.decode()
    for word, mean, found in zip(words, means, counts, strict=True):
        rows = [places[code] for code in ngram_rows(word, 3, 6, 400) if code in places]
        assert found == len(rows)
        expected = whole[rows].astype(numpy.float32).mean(axis=0) if rows else numpy.zeros(8)
        numpy.testing.assert_allclose(mean, expected, atol=1e-6)
    assert means.dtype == numpy.float32


@pytest.mark.parametrize("count", [FEW, 100])
def test_more_buckets_than_int32_has_numbers(count):
    words, bucket = make_words("en", count), 2**32 - 1
    codes = {code for word in words for code in ngram_rows(word, 3, 6, bucket)}
    assert max(codes) > 2**31
    buckets = numpy.array(sorted(code for code in codes if code < 2**31)[:50], dtype=numpy.int32)
    _, counts = compose(words, NGRAMS[: len(buckets)], 3, 6, bucket, buckets)
    found = [sum(code in buckets for code in ngram_rows(word, 3, 6, bucket)) for word in words]
    assert counts.tolist() == found and sum(found)


def test_however_much_is_gathered_at_once(monkeypatch):
    words = [*make_words("en", 100), "unforeseeable" * 20]
    expected, _ = compose(words, NGRAMS, 3, 6, 50)
    monkeypatch.setattr(subwords, "CHARS_AT_ONCE", 100)
    monkeypatch.setattr(subwords, "ROWS_AT_ONCE", 7)
    numpy.testing.assert_allclose(compose(words, NGRAMS, 3, 6, 50)[0], expected, atol=1e-6)
    assert compose([], NGRAMS, 3, 6, 50)[0].shape == (0, 8)
