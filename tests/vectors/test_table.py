"""The table by itself: the same vectors as gensim's, looked up in every way."""

import copy
import pickle
import threading

import numpy
import pytest
from spacy.vocab import Vocab
from thinc.api import NumpyOps

from spacy_rnn.errors import RNNError
from spacy_rnn.vectors import table as table_module
from spacy_rnn.vectors.table import FastTextVectors

UNSEEN = ["dogs", "gardener", "садовник", "ёжик", "a", "日本語", "😀", "-", "unforeseeable" * 20, "\u0301"]


def test_vectors_are_those_of_gensim(table, trained):
    words = [*trained.wv.index_to_key, *UNSEEN]
    expected = numpy.stack([trained.wv.get_vector(word) for word in words])
    numpy.testing.assert_allclose(table.get_batch(words), expected, atol=1e-6)
    for word in words:
        numpy.testing.assert_allclose(table[word], trained.wv.get_vector(word), atol=1e-6)


def test_gensim_model_without_ngrams():
    from gensim.models import FastText

    model = FastText([["a", "dog"]], vector_size=4, min_count=1, max_n=0)
    with pytest.raises(RNNError, match="R223"):
        FastTextVectors.from_gensim(model.wv)


def test_keys_of_any_kind(table):
    words = ["dog", "садовник", "dog", "кот"]
    hashes = [table.strings.add(word) for word in words]
    expected = table.get_batch(words)
    assert expected.shape == (4, 16)
    for keys in (hashes, tuple(hashes), numpy.array(hashes, dtype="uint64")):
        numpy.testing.assert_array_equal(table.get_batch(keys), expected)
    assert table.get_batch([]).shape == (0, 16)


def test_empty_string_has_no_vector(table):
    assert "" not in table
    assert not table[""].any()
    assert not table.get_batch([0, 0]).any()


def test_contains_every_known_string(table):
    key = table.strings.add("невиданное")
    assert key in table and "unheard-of" in table
    assert 123456789 not in table
    with pytest.raises(RNNError, match="R225"):
        table[123456789]


def test_full_cache_starts_again(table, trained, monkeypatch):
    monkeypatch.setattr(table_module, "CACHE_ROWS", 8)
    table.from_bytes(table.to_bytes())
    words = [f"слово{i}" for i in range(50)] + ["dog"]
    expected = numpy.stack([trained.wv.get_vector(word) for word in words])
    for _ in range(2):
        numpy.testing.assert_allclose(table.get_batch(words), expected, atol=1e-6)
        for i in range(len(words) - 3):
            numpy.testing.assert_allclose(table.get_batch(words[i : i + 3]), expected[i : i + 3], atol=1e-6)
    assert len(table._rows) == len(table) + 8


def test_threads_share_a_full_cache(table, trained, monkeypatch):
    monkeypatch.setattr(table_module, "CACHE_ROWS", 8)
    table.from_bytes(table.to_bytes())
    failures = []

    def look_up(start):
        for i in range(300):
            word = f"word{start + i % 40}"
            if not numpy.allclose(table[word], trained.wv.get_vector(word), atol=1e-6):
                failures.append(word)

    threads = [threading.Thread(target=look_up, args=(start,)) for start in range(0, 120, 30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


@pytest.mark.parametrize("way", ["bytes", "disk", "pickle", "deepcopy"])
def test_round_trip(table, tmp_path, way):
    if way == "bytes":
        again = FastTextVectors().from_bytes(table.to_bytes())
    elif way == "disk":
        table.to_disk(tmp_path)
        assert [path.name for path in tmp_path.iterdir()] == ["vectors.safetensors"]
        again = FastTextVectors().from_disk(tmp_path)
    elif way == "pickle":
        again = pickle.loads(pickle.dumps(table))
    else:
        again = copy.deepcopy(table)
    assert again == table
    assert again.to_bytes() == table.to_bytes()
    numpy.testing.assert_array_equal(again.get_batch(["dog", *UNSEEN]), table.get_batch(["dog", *UNSEEN]))


def test_tables_differ(table):
    other = FastTextVectors().from_bytes(table.to_bytes())
    other.data[0, 0] += 1
    assert other != table


def test_most_similar(table):
    queries = table.get_batch(["dog", "садовник", "сад"])
    keys, rows, scores = table.most_similar(queries, n=3, batch_size=2)
    assert keys.shape == rows.shape == scores.shape == (3, 3)
    assert [table.strings[keys[i, 0]] for i in (0, 2)] == ["dog", "сад"]
    assert (numpy.diff(scores, axis=1) <= 0).all()
    unit = table.data / numpy.linalg.norm(table.data, axis=1, keepdims=True)
    cosines = unit @ queries[1] / numpy.linalg.norm(queries[1])
    numpy.testing.assert_array_equal(rows[1], numpy.argsort(-cosines)[:3])
    numpy.testing.assert_allclose(scores[1], numpy.sort(cosines)[::-1][:3], atol=1e-6)
    with pytest.raises(RNNError, match="R226"):
        table.most_similar(queries, n=len(table) + 1)


def test_what_spacy_asks(table):
    assert table.shape == table.data.shape == (len(table), 16)
    assert (table.size, table.vectors_length, table.n_keys) == (len(table) * 16, 16, len(table))
    assert list(table.keys()) == list(table) == list(table.key2row)
    table.to_ops(NumpyOps())
    with pytest.warns(UserWarning, match="W201"):
        assert table.add("dog", vector=numpy.ones(16)) == -1


def test_empty_table():
    empty = FastTextVectors()
    assert empty.shape == (0, 0) and "word" not in empty
    with pytest.raises(RNNError, match="R224"):
        empty.get_batch(["word"])
    assert FastTextVectors().from_bytes(empty.to_bytes()) == empty


def test_pickled_vocab_finds_new_words(table, trained):
    vocab = Vocab()
    vocab.vectors = table
    for _ in range(2):  # twice: a worker may start workers
        vocab = pickle.loads(pickle.dumps(vocab))
        for word in ("необычайность", "unusualness", "dog"):
            key = vocab.strings.add(word)
            numpy.testing.assert_allclose(vocab.vectors[key], trained.wv.get_vector(word), atol=1e-6)


def test_lower_case_table_ignores_case(trained):
    lower = FastTextVectors.from_gensim(trained.wv, lower=True)
    word = next(w for w in trained.wv.index_to_key if w.islower() and len(w) > 3)
    numpy.testing.assert_allclose(lower[word.upper()], lower[word])
    numpy.testing.assert_allclose(lower["zzqqx".upper()], trained.wv.get_vector("zzqqx"), atol=1e-6)
    again = FastTextVectors().from_bytes(lower.to_bytes())
    assert again.lower
    numpy.testing.assert_allclose(again[word.title()], lower[word])
