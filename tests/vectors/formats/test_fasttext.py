"""fastText's ``.bin``: gensim's bundled models, gensim's reading of ours, and models that come back as they were."""

import random
import struct

import numpy
import pytest
from gensim.models import FastText
from gensim.models.fasttext import load_facebook_model, load_facebook_vectors, save_facebook_model

from spacy_rnn.errors import RNNError
from spacy_rnn.vectors.format import load_table, save_table
from spacy_rnn.vectors.formats import fasttext, read, write
from spacy_rnn.vectors.formats.binary import map_matrix
from spacy_rnn.vectors.formats.composing import ngram_rows_of_bytes
from spacy_rnn.vectors.matrix import take
from spacy_rnn.vectors.model import create_model
from spacy_rnn.vectors.settings import VectorSettings
from spacy_rnn.vectors.subwords import compose, hash_ngrams, ngram_rows
from spacy_rnn.vectors.table import FastTextVectors

BUNDLED = ["crime-and-punishment.bin", "non_ascii_fasttext.bin", "lee_fasttext.bin", "lee_fasttext_new.bin"]
BUNDLED += ["toy-model.bin"]
SENTENCES = [line.split() for line in ["the dog sees a cat", "кот видит пёс ёлку", "naïve 日本 word🙂 кот"] * 30]


def unseen_words(count: int, known) -> list[str]:
    rng = random.Random(0)
    letters = "abcdefghijklmnopqrstuvwxyzабвгдеёжзийклмнопрстуфхцчшщъыьэюяäß日本🙂"
    found = ["".join(rng.choices(letters, k=rng.randint(1, 14))) for _ in range(count)]
    return [word for word in found if word not in known]


@pytest.fixture
def path(tmp_path):
    """gensim's model of some English and Russian words, in fastText's format."""
    sentences = [[*sentence, "</s>"] for sentence in SENTENCES]
    model = FastText(sentences, vector_size=9, min_count=1, epochs=2, bucket=300, min_n=2, max_n=4, workers=1)
    save_facebook_model(model, str(tmp_path / "model.bin"))
    return tmp_path / "model.bin"


@pytest.mark.parametrize("name", BUNDLED)
def test_vectors_equal_gensims(bundled, name, tmp_path):
    theirs = load_facebook_vectors(str(bundled(name)))
    table = read(bundled(name))
    assert list(table.words) == theirs.index_to_key
    for word, vector in zip(table.words, table.vectors, strict=True):
        if word != "</s>":  # gensim looks for its n-grams, fastText does not
            assert numpy.allclose(vector, theirs[word], atol=1e-5)
    words = unseen_words(1020, theirs.key_to_index)
    assert len(words) >= 1000
    expected = numpy.array([theirs[word] for word in words])
    found = FastTextVectors.from_table(table).get_batch(words)
    assert numpy.abs(found - expected).max() < 1e-5
    save_table(table, tmp_path / "table.safetensors")
    found = FastTextVectors.from_table(load_table(tmp_path / "table.safetensors")).get_batch(words)
    assert numpy.abs(found - expected).max() < 1e-5


def test_end_of_line_has_no_ngrams(path):
    table, model = read(path), read(path, model=True)
    row = model.words.index("</s>")
    assert (table.vectors[row] == model.inputs[row]).all()


def test_words_that_are_not_utf8(bundled):
    path = bundled("cp852_fasttext.bin")
    with pytest.warns(UserWarning, match=r"W208.*69 word.*--encoding"):
        broken = read(path)
    assert "kter\\xec" in broken.words
    whole = read(path, encoding="cp852")
    assert "který" in whole.words and (whole.vectors == broken.vectors).all()
    args, raw, *_ = fasttext.parse(path)
    model = read(path, model=True, encoding="cp852")
    row = whole.words.index("který")
    rows = len(raw) + numpy.array(ngram_rows_of_bytes(raw[row], args["min_n"], args["max_n"], args["bucket"]))
    assert numpy.allclose(whole.vectors[row], model.inputs[[row, *rows]].mean(axis=0), atol=1e-6)


def test_ngrams_of_bytes_are_those_of_words():
    for word in ["кот", "word🙂", "x", "", "日本", "a" * 50]:
        for sizes in [(1, 4), (3, 6), (2, 2)]:
            assert ngram_rows_of_bytes(word.encode("utf8"), *sizes, 1000) == ngram_rows(word, *sizes, 1000)


def test_supervised(bundled):
    with pytest.warns(UserWarning, match=r"W208.*5 word"):
        table = read(bundled("pang_lee_polarity_fasttext.bin"))
    assert len(table.words) == 1694 and not len(table.ngrams)
    assert not any(word.startswith("__label__") for word in table.words)
    with pytest.raises(RNNError, match="R259.*classify"):
        read(bundled("pang_lee_polarity_fasttext.bin"), model=True)


def test_a_few_rows_of_a_mapped_matrix(tmp_path):
    """However the numbers lie in the file, no more is read than is asked for."""
    import tracemalloc

    numbers = numpy.arange(10**6, dtype=numpy.float32)
    (tmp_path / "matrix").write_bytes(b"x" + numbers.tobytes())
    matrix = map_matrix(tmp_path / "matrix", 1, 10**5, 10)
    tracemalloc.start()
    rows = take(matrix[50_000:], numpy.array([7, 0]))
    assert tracemalloc.get_traced_memory()[1] < 10**5
    tracemalloc.stop()
    assert (rows[:, 0] == [500_070, 500_000]).all()


def test_limit(path):
    assert read(path, limit=3).words == read(path).words[:3]
    assert (read(path, limit=3).vectors == read(path).vectors[:3]).all()


# -- Models


def test_model_there_and_back(path, tmp_path):
    theirs, ours = load_facebook_model(str(path)), read(path, model=True, lang="ru")
    assert ours.lang == "ru" and ours.words == theirs.wv.index_to_key
    settings = {"model": "cbow", "dim": 9, "window": 5, "epochs": 2, "bucket": 300, "min_n": 2, "max_n": 4}
    assert {name: getattr(ours.settings, name) for name in settings} == settings
    assert (ours.counts == [theirs.wv.get_vecattr(word, "count") for word in ours.words]).all()
    assert (ours.inputs == numpy.concatenate([theirs.wv.vectors_vocab, theirs.wv.vectors_ngrams])).all()
    assert (ours.outputs == theirs.syn1neg).all() and (ours.buckets == numpy.arange(300)).all()
    for array in (ours.inputs, ours.outputs):
        assert array.dtype == numpy.float32 and array.flags["C_CONTIGUOUS"] and array.flags["WRITEABLE"]
    write(ours, tmp_path / "again.bin")
    assert (tmp_path / "again.bin").read_bytes() == path.read_bytes()


def test_hierarchical_softmax(tmp_path):
    """fastText's outputs score going right in the tree, ours going left."""
    model = FastText(SENTENCES, vector_size=4, min_count=1, epochs=1, bucket=20, hs=1, negative=0, workers=1)
    save_facebook_model(model, str(tmp_path / "hs.bin"))
    ours = read(tmp_path / "hs.bin", model=True)
    assert ours.settings.loss == "hs" and ours.outputs.any()
    assert (ours.outputs == -model.syn1[:-1]).all()
    ours.check()
    write(ours, tmp_path / "again.bin")
    assert (load_facebook_model(str(tmp_path / "again.bin")).syn1 == model.syn1).all()


@pytest.mark.parametrize("kind", ["skipgram", "cbow"])
def test_model_without_ngrams(tmp_path, kind):
    counts = numpy.array([5, 3, 2])
    settings = VectorSettings(model=kind, dim=4, max_n=0)
    model = create_model(["кот", "the", "cat"], counts, settings, "ru")
    write(model, tmp_path / "model.bin")
    again = read(tmp_path / "model.bin", model=True)
    again.check()
    assert again.words == model.words and (again.inputs == model.inputs).all() and not len(again.buckets)
    assert again.settings.model == kind and again.settings.max_n == 0
    assert (load_facebook_vectors(str(tmp_path / "model.bin"))["кот"] == model.inputs[0]).all()


@pytest.mark.parametrize("name", ["a.vec", "a.txt.gz", "a.safetensors", "a", "a.bin"])
@pytest.mark.parametrize("kind", ["skipgram", "glove"])
def test_a_model_in_any_file(tmp_path, name, kind):
    settings = VectorSettings(model=kind, dim=4, bucket=30, min_n=2, max_n=3)
    model = create_model(["кот", "the", "cat"], numpy.array([5, 3, 2]), settings, "ru")
    write(model, tmp_path / name)
    found, expected = read(tmp_path / name), model.to_table()
    assert list(found.words) == model.words and numpy.allclose(found.vectors, expected.vectors, atol=1e-6)


def test_our_own_models(path, tmp_path):
    model = read(path, model=True)
    model.save(tmp_path / "model.safetensors")
    for source in (tmp_path / "model.safetensors", tmp_path):
        again = read(source, model=True, kind="pipeline" if source == tmp_path else None)
        assert (again.inputs == model.inputs).all() and (again.outputs == model.outputs).all()


def test_compact_model(path, tmp_path):
    """Only the n-grams that occur: for gensim the others are zeros."""
    model, table = read(path, model=True), read(path)
    used = numpy.unique(hash_ngrams(model.words, 2, 4, 300)[0])
    assert 0 < len(used) < 300
    words = len(model.words)
    model.inputs = numpy.concatenate([model.inputs[:words], model.inputs[words:][used]])
    model.buckets = used.astype(numpy.int32)
    write(model, tmp_path / "compact.bin")
    theirs = load_facebook_model(str(tmp_path / "compact.bin")).wv
    for word, vector in zip(table.words, table.vectors, strict=True):
        assert word == "</s>" or numpy.allclose(theirs[word], vector, atol=1e-6)
    gone = numpy.setdiff1d(numpy.arange(300), used)
    assert not theirs.vectors_ngrams[gone].any() and (theirs.vectors_ngrams[used] == model.inputs[words:]).all()


def test_training_goes_on_with_gensim(path, tmp_path):
    write(read(path, model=True), tmp_path / "ours.bin")
    model = load_facebook_model(str(tmp_path / "ours.bin"))
    before = model.wv["кот"].copy()
    model.train(SENTENCES, total_examples=len(SENTENCES), epochs=1)
    assert (model.wv["кот"] != before).any()


def test_models_from_elsewhere(tmp_path, table):
    write(table, tmp_path / "a.vec")
    with pytest.raises(RNNError, match="R259.*word2vec"):
        read(tmp_path / "a.vec", model=True)


# -- Tables


@pytest.mark.parametrize("dense", [True, False])
def test_table_there_and_back(tmp_path, subword_table, dense):
    table = subword_table
    if not dense:
        table = table._replace(ngrams=table.ngrams[::2], buckets=numpy.arange(0, 50, 2, dtype=numpy.int32))
    with pytest.warns(UserWarning, match="W207"):
        write(table, tmp_path / "table.bin")
    theirs = load_facebook_vectors(str(tmp_path / "table.bin"))
    assert theirs.index_to_key == table.words
    assert numpy.allclose([theirs[word] for word in table.words], table.vectors, atol=1e-5)
    assert theirs.get_vecattr("the", "count") == len(table.words)
    ours = read(tmp_path / "table.bin")
    assert numpy.allclose(ours.vectors, table.vectors, atol=1e-5)
    if dense:
        words = unseen_words(50, table.words)
        expected = compose(words, table.ngrams, 2, 4, 50)[0]
        assert numpy.allclose(compose(words, ours.ngrams, 2, 4, 50)[0], expected, atol=1e-6)


def test_table_without_ngrams(tmp_path, table):
    with pytest.warns(UserWarning, match="W207"):
        write(table, tmp_path / "table.bin", kind="fasttext")
    found = read(tmp_path / "table.bin")
    assert found.words == table.words and (found.vectors == table.vectors).all() and not len(found.ngrams)
    write(table, tmp_path / "plain.bin")
    assert (tmp_path / "plain.bin").read_bytes().startswith(b"8 7\n")


# -- Faults


def change(data: bytes, *numbers: tuple[int, int]) -> bytes:
    """Set int32 numbers by their place: 0 magic, 1 version, 2 dim ... 16 size, 17 words, 18 labels."""
    data = bytearray(data)
    for place, number in numbers:
        struct.pack_into("<i", data, 4 * place, number)
    return bytes(data)


@pytest.mark.parametrize(
    "code, numbers",
    [
        ("R249.*version", [(1, 13)]),
        ("R249.*dim = -1", [(2, -1)]),
        ("R249.*shape of the input matrix", [(2, 10)]),
        ("R249.*bucket = 0", [(10, 0)]),
        ("R249.*rows of the input matrix", [(10, 301)]),
        ("R249.*max_n", [(12, 10**6)]),
        ("R249.*model", [(9, 7)]),
        ("R249.*size of the dictionary", [(16, 2**31 - 1), (17, 2**31 - 1)]),
        ("R249.*size of the dictionary", [(17, 3)]),
        ("R249.*labels", [(16, 14), (18, 1)]),
        ("R250.*pruned", [(21, 0), (22, 0)]),
    ],
)
def test_headers_that_lie(path, code, numbers):
    data = path.read_bytes()
    if "labels" in code:
        size = struct.unpack_from("<i", data, 64)[0]
        numbers = [(16, size), (17, size - 1), (18, 1)]
    path.write_bytes(change(data, *numbers) if "pruned" not in code else data[:84] + struct.pack("<q", 5) + data[92:])
    with pytest.raises(RNNError, match=code):
        read(path)


def test_quantised(path):
    args, raw, _, _, inputs, _ = fasttext.parse(path)
    data = bytearray(path.read_bytes())
    data[inputs.start - 17] = 1
    path.write_bytes(data)
    with pytest.raises(RNNError, match="R250.*ftz"):
        read(path)


@pytest.mark.parametrize("model", [False, True])
def test_cut_anywhere(path, model):
    data = path.read_bytes()
    for length in [*range(0, 400), *range(400, len(data), 509), len(data) - 1]:
        path.write_bytes(data[:length])
        with pytest.raises(RNNError, match="R24[1-9]"):
            read(path, kind="fasttext", model=model)
    path.write_bytes(data + b"x")
    with pytest.raises(RNNError, match="R249.*end of the file"):
        read(path, model=model)


def test_not_a_number(path):
    inputs = fasttext.parse(path).inputs
    data = bytearray(path.read_bytes())
    struct.pack_into("<f", data, inputs.start, numpy.nan)
    path.write_bytes(data)
    with pytest.raises(RNNError, match="R257"):
        read(path)


def test_repeated_words(path):
    words = fasttext.parse(path).words
    first, second = next((a, b) for a in words for b in words if a != b and len(a) == len(b))
    data = path.read_bytes()
    before = read(path)
    path.write_bytes(data.replace(second + b"\0", first + b"\0"))
    with pytest.warns(UserWarning, match="W208.*1 word"):
        table = read(path)
    assert len(table.words) == len(before.words) - 1
    with pytest.warns(UserWarning, match="W208.*1 word"):
        model = read(path, model=True)
    assert len(model.words) == len(model.counts) == len(model.outputs) == len(model.inputs) - 300
    row = table.words.index(first.decode())
    assert model.words == table.words
    assert numpy.allclose(before.vectors[before.words.index(first.decode())], table.vectors[row], atol=1e-6)
