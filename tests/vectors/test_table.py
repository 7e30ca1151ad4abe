"""The table by itself: the same vectors as gensim's, looked up in every way."""

import copy
import pickle
import threading

import numpy
import pytest
from spacy.strings import StringStore, hash_string
from spacy.vocab import Vocab
from thinc.api import NumpyOps, Ops

from spacy_rnn.errors import RNNError
from spacy_rnn.vectors import similarity
from spacy_rnn.vectors import table as table_module
from spacy_rnn.vectors.format import Table, load_table, save_table
from spacy_rnn.vectors.normalize import Normalization
from spacy_rnn.vectors.subwords import ngram_rows
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
    table = FastTextVectors.from_gensim(model.wv)
    numpy.testing.assert_array_equal(table["dog"], model.wv["dog"])
    assert "dogs" not in table


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
    assert len(table._cache) == 9  # with the row of zeros


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
        table.to_disk(tmp_path)  # which need not exist
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
    vectors = table.data.copy()
    vectors[0, 0] += 1
    assert FastTextVectors.from_table(table.to_table()._replace(vectors=vectors)) != table
    assert FastTextVectors.from_table(table.to_table()._replace(min_n=1)) != table
    assert FastTextVectors.from_table(table.to_table()) == table != "a string"


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
    for n in (len(table) + 1, 0):
        with pytest.raises(RNNError, match="R226"):
            table.most_similar(queries, n=n)
    for wrong in (queries[0], queries[:, 1:]):
        with pytest.raises(RNNError, match="R232"):
            table.most_similar(wrong)


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
    assert again.normalization.lower
    numpy.testing.assert_allclose(again[word.title()], lower[word])


# -- Whole words, rows for some n-grams only, normalised words

WORDS = ["dog", "Dog", "елка", "замок", "NOUN"]
ROWS = numpy.arange(10, dtype=numpy.float32).reshape(5, 2) + 1
NO_NGRAMS = numpy.zeros((0, 2), dtype=numpy.float32)
ALL_OF_IT = Normalization(lower=True, yo=True, stress=True)


def test_whole_words():
    vectors = FastTextVectors.from_table(Table(WORDS, ROWS, NO_NGRAMS))
    numpy.testing.assert_array_equal(vectors.get_batch(["Dog", "unseen", "елка", ""]), [[3, 4], [0, 0], [5, 6], [0, 0]])
    assert "dog" in vectors and "unseen" not in vectors and 987654321 not in vectors and "" not in vectors
    numpy.testing.assert_array_equal(vectors[987654321], [0, 0])  # as spaCy's own tables do
    for key in (-1, 2**64):
        assert key not in vectors
        with pytest.raises(RNNError, match="R225"):
            vectors[key]


def test_normalised_words():
    vectors = FastTextVectors.from_table(Table(WORDS, ROWS, NO_NGRAMS, normalization=ALL_OF_IT))
    assert [vectors[word][0] for word in ("DOG", "Dog", "ЁЛКА", "за\u0301мок", "дом")] == [1, 3, 5, 7, 0]
    assert "ЗА\u0301МОК" in vectors and "Дом" not in vectors


@pytest.mark.parametrize("ngrams", [NO_NGRAMS, ROWS])
def test_letters_with_marks_are_composed(ngrams):
    words = ["йод", "café", "a\u0308"]  # the last one is known as it is written
    vectors = FastTextVectors.from_table(Table(words, ROWS[:3], ngrams, 2, 3))
    assert [vectors[word][0] for word in ("и\u0306од", "cafe\u0301", "a\u0308")] == [1, 3, 5]
    assert vectors["и\u0306оды"].tolist() == vectors["йоды"].tolist()


def test_nothing_is_left_of_a_word():
    vectors = FastTextVectors.from_table(Table(WORDS, ROWS, ROWS, 1, 2, normalization=ALL_OF_IT))
    assert "\u0301" not in vectors and not vectors["\u0301"].any()


def test_letters_that_become_known_later():
    strings = StringStore()
    key = StringStore().add("ёлка")
    vectors = FastTextVectors.from_table(Table(WORDS, ROWS, NO_NGRAMS, normalization=ALL_OF_IT), strings)
    assert not vectors[key].any() and key not in vectors
    strings.add("ёлка")
    assert vectors[key].tolist() == [5, 6] and key in vectors


def test_words_that_are_symbols_of_spacy():
    vectors = FastTextVectors.from_table(Table(WORDS, ROWS, NO_NGRAMS))
    key = vectors.strings["NOUN"]
    assert key < 1000 and vectors[key].tolist() == vectors["NOUN"].tolist() == [9, 10]
    assert vectors.key2row[key] == 4 and list(vectors)[4] == key
    assert not vectors["VERB"].any() and vectors.key2row.get(vectors.strings["VERB"]) is None


def test_rows_for_some_ngrams_only():
    bucket = 1000
    known = ngram_rows("садовник", 3, 6, bucket)[:4]
    buckets = numpy.unique(known).astype(numpy.int32)
    ngrams = numpy.arange(2 * len(buckets), dtype=numpy.float32).reshape(-1, 2) + 1
    vectors = FastTextVectors.from_table(Table(WORDS, ROWS, ngrams, 3, 6, bucket, buckets))
    numpy.testing.assert_allclose(vectors["садовник"], ngrams.mean(axis=0))
    assert "садовник" in vectors
    nothing = next(f"w{i}" for i in range(999) if not set(ngram_rows(f"w{i}", 3, 6, bucket)) & set(known))
    assert nothing not in vectors and not vectors[nothing].any()
    assert "dog" in vectors


def test_ngrams_without_words():
    ngrams = numpy.ones((50, 2), dtype=numpy.float32)
    vectors = FastTextVectors.from_table(Table([], NO_NGRAMS, ngrams, 2, 3))
    assert "any" in vectors and vectors["any"].tolist() == [1, 1] and len(vectors) == 0


# -- The same table in every form


@pytest.fixture(params=["float32", "float16", "quantised", "float32 mapped", "float16 mapped", "quantised mapped"])
def form(request, table, tmp_path) -> FastTextVectors:
    kind, *mapped = request.param.split()
    changed = table.to_table().quantize(8) if kind == "quantised" else table.to_table().astype(kind)
    if mapped:
        save_table(changed, tmp_path / "vectors.safetensors")
        changed = load_table(tmp_path)
    return FastTextVectors.from_table(changed)


def test_every_form_gives_about_the_same_vectors(form, table):
    words = [*table.to_table().words, *UNSEEN]
    vectors = form.get_batch(words)
    assert vectors.dtype == numpy.float32 and form.shape == table.shape and form.size == table.size
    expected = table.get_batch(words)
    close = 0.1 if form.data.dtype == numpy.uint8 else 1e-3
    assert numpy.abs(vectors - expected).max() < close * numpy.abs(expected).max()
    numpy.testing.assert_array_equal([form[word] for word in UNSEEN], vectors[-len(UNSEEN) :])


def test_every_form_ranks(form, monkeypatch):
    monkeypatch.setattr(similarity, "ROWS_AT_ONCE", 7)
    whole = form.to_table().astype("float32").vectors
    queries = form.get_batch(["dog", "сад"])
    keys, rows, scores = form.most_similar(queries, n=4)
    unit = whole / numpy.linalg.norm(whole, axis=1, keepdims=True)
    cosines = queries @ unit.T / numpy.linalg.norm(queries, axis=1, keepdims=True)
    numpy.testing.assert_array_equal(rows, numpy.argsort(-cosines, axis=1)[:, :4])
    numpy.testing.assert_allclose(scores, -numpy.sort(-cosines, axis=1)[:, :4], atol=1e-5)
    assert [form.strings[int(key)] for key in keys[:, 0]] == ["dog", "сад"]


@pytest.mark.parametrize("way", ["bytes", "disk", "pickle", "deepcopy"])
def test_every_form_is_saved(form, tmp_path, way):
    test_round_trip(form, tmp_path / "again", way)


def test_saving_where_it_is_mapped_from(form, tmp_path):
    form.to_disk(tmp_path)
    first, second = (FastTextVectors().from_disk(tmp_path) for _ in range(2))
    first.to_disk(tmp_path)
    assert first == second == FastTextVectors().from_disk(tmp_path) == form
    assert [path.name for path in tmp_path.iterdir()] == ["vectors.safetensors"]


class OtherDevice(Ops):
    """Stands for a GPU's ops as far as numpy can: arrays come to it by ``asarray`` only."""

    name = "other"
    xp = numpy

    def asarray(self, data, dtype=None):
        return numpy.array(data, dtype=dtype)  # always a copy


def test_on_another_device(form):
    words = ["dog", *UNSEEN]
    expected, ranked = form.get_batch(words), form.most_similar(form.get_batch(words), n=3)
    form.to_ops(OtherDevice())
    assert form.data is not form.to_table().vectors
    numpy.testing.assert_array_equal(form.get_batch(words), expected)
    for found, before in zip(form.most_similar(expected, n=3), ranked, strict=True):
        numpy.testing.assert_array_equal(found, before)
    assert FastTextVectors().from_bytes(form.to_bytes()) == form


def test_strings_are_only_known_when_met(table):
    again = FastTextVectors().from_bytes(table.to_bytes())
    assert len(again.strings) == 0
    keys, _, _ = again.most_similar(again.get_batch(["dog"]), n=3)
    assert all(int(key) in again.strings for key in keys[0])
    assert len(again.strings) == 3
    assert len(list(again)) == len(again) == len(again.strings)


def test_key2row(table):
    words = table.to_table().words
    assert [table.key2row[table.strings[word]] for word in words] == list(range(len(words)))
    assert table.key2row.get(12345, "none") == "none" and 12345 not in table.key2row
    with pytest.raises(KeyError):
        table.key2row[12345]


def test_found_as_in_spacy(table):
    word, key = table.to_table().words[3], hash_string(table.to_table().words[3])
    assert word not in table.key2row and key in table.key2row
    assert table.find(key=word) == table.find(key=key) == 3 and table.find(key="unknown") == -1
    assert table.find(keys=[word, "unknown"]).tolist() == [3, -1]
    assert table.find(row=3) == key and table.find(rows=[3]).tolist() == [key]
    with pytest.raises(ValueError, match="E059"):
        table.find(key=word, row=3)
    items = dict(table.items())
    assert len(items) == len(table) and (items[key] == table[word]).all()
