"""GloVe: counts are those of a naive count, steps those of the formula, and training goes on where it stopped."""

import signal
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spacy_rnn.errors import RNNError
from spacy_rnn.vectors import cooccurrence
from spacy_rnn.vectors.cooccurrence import PAIR, count_pairs
from spacy_rnn.vectors.engines import glove
from spacy_rnn.vectors.engines.glove import GloveEngine
from spacy_rnn.vectors.fit import Stopped
from spacy_rnn.vectors.model import Model, create_model
from spacy_rnn.vectors.settings import VectorSettings
from spacy_rnn.vectors.train import train_on_texts, train_vectors
from spacy_rnn.vectors.vocabulary import encode

from .conftest import ALIKE, needs_compiler, write_sentences

pytestmark = needs_compiler

SMALL = {"model": "glove", "dim": 12, "min_count": 1, "epochs": 4, "threads": 1, "x_max": 10.0, "window": 4}


def count(sentences: list[list[str]], window: int, memory: int = cooccurrence.MEMORY, threads: int = 1):
    """The words, and the pairs counted in C."""
    with TemporaryDirectory() as folder:
        text = "\n".join(" ".join(sentence) for sentence in sentences).encode()
        normalization = VectorSettings().normalization
        corpus = encode([text], Path(folder) / "ids", normalization, min_count=1, most=1000, hold_out=False)
        chosen = VectorSettings(model="glove", window=window, threads=threads)
        pairs = count_pairs(corpus, Path(folder) / "pairs", chosen, memory=memory)
        assert [path.name for path in Path(folder).iterdir() if path.name.startswith("pairs")] == ["pairs"]
        return corpus.words, pairs.read(0, len(pairs))


def count_naively(sentences: list[list[str]], window: int) -> dict[tuple[str, str], float]:
    """Both ways."""
    counts: Counter = Counter()
    for sentence in sentences:
        for i, word in enumerate(sentence):
            for j in range(max(0, i - window), min(len(sentence), i + window + 1)):
                if i != j:
                    counts[word, sentence[j]] += 1 / abs(i - j)
    return dict(counts)


def both_ways(words: list[str], pairs: numpy.ndarray) -> dict[tuple[str, str], float]:
    found = {}
    for a, b, times in pairs.tolist():
        assert a <= b and (words[a], words[b]) not in found
        found[words[a], words[b]] = found[words[b], words[a]] = times
    return found


WORDS = ["a", "dog", "sees", "кот", "видит", "пса", "ёж"]


@settings(max_examples=60)
@given(
    st.lists(st.lists(st.sampled_from(WORDS), max_size=12), max_size=15),
    st.integers(1, 14),
    st.sampled_from([2**6, cooccurrence.MEMORY]),  # a table of two slots: nearly all pairs go through the files
)
def test_counts_are_those_of_a_naive_count(sentences, window, memory):
    expected = count_naively(sentences, window)
    if not expected:
        return
    found = both_ways(*count(sentences, window, memory))
    assert found == pytest.approx(expected, rel=1e-6)


@pytest.fixture(scope="module")
def large() -> list[list[str]]:
    rng = numpy.random.default_rng(0)
    numbers = rng.zipf(1.3, 12_000) % 400
    return [[f"w{number}" for number in part] for part in numpy.array_split(numbers, 300)]


@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize("memory", [2**12, 2**16])
def test_counts_in_little_memory(large, monkeypatch, memory, threads):
    """Many files, each summed in parts, and buffers emptied on the way."""
    monkeypatch.setattr(cooccurrence, "PAIRS_AT_ONCE", 2**12)
    words, pairs = count(large, 10, memory, threads)
    assert both_ways(words, pairs) == pytest.approx(count_naively(large, 10), rel=1e-6)


def test_threads_count_the_same(large, monkeypatch):
    monkeypatch.setattr(cooccurrence, "PAIRS_AT_ONCE", 2**12)
    one, three = (count(large, 5, 2**16, threads)[1] for threads in (1, 3))
    assert one.tobytes() == three.tobytes()


def test_pairs_are_shuffled(large):
    _, pairs = count(large, 5)
    for name in ("word", "context", "count"):
        place = numpy.arange(len(pairs))
        assert abs(numpy.corrcoef(place, pairs[name].astype(float).argsort().argsort())[0, 1]) < 0.05


def test_disk_trouble_is_told(tmp_path):
    corpus = encode([b"a b"], tmp_path / "ids", VectorSettings().normalization, min_count=1, most=1000, hold_out=False)
    with pytest.raises(RNNError, match="R283.*missing"):
        count_pairs(corpus, tmp_path / "missing" / "pairs", VectorSettings())


# -- Training


def some_model(dim: int, words: int = 7) -> Model:
    rng = numpy.random.default_rng(dim)
    chosen = VectorSettings(**SMALL | {"dim": dim})
    model = create_model([f"w{i}" for i in range(words)], numpy.ones(words, dtype=numpy.int64), chosen, "xx")
    for array in (model.inputs, model.outputs, model.extra["biases"]):
        array[:] = rng.normal(size=array.shape, scale=0.3)
    for name in ("input_squares", "output_squares", "bias_squares"):
        model.extra[name][:] = rng.uniform(0.01, 50, model.extra[name].shape)
    return model


def weights_of(model: Model) -> dict[str, numpy.ndarray]:
    arrays = {"inputs": model.inputs, "outputs": model.outputs, **model.extra}
    return {name: array.astype(numpy.float64) for name, array in arrays.items()}


def loss_of(weights, word: int, context: int, times: float, x_max: float) -> float:
    """f(x) (w.u + b_w + b_u - log x)^2, as in the paper."""
    share = min(1.0, (times / x_max) ** 0.75)
    score = weights["inputs"][word] @ weights["outputs"][context]
    return share * (score + weights["biases"][word, 0] + weights["biases"][context, 1] - numpy.log(times)) ** 2


def step_of(weights, word: int, context: int, times: float, x_max: float, lr: float) -> None:
    """AdaGrad on half the gradient, which is taken by moving each weight a little."""
    places = [("inputs", "input_squares", (word, slice(None))), ("outputs", "output_squares", (context, slice(None)))]
    places += [("biases", "bias_squares", (word, slice(0, 1))), ("biases", "bias_squares", (context, slice(1, 2)))]
    gradients = []
    for name, _, (row, part) in places:
        gradient = []
        for column in range(*part.indices(weights[name].shape[1])):
            old, values = weights[name][row, column], []
            for change in (1e-4, -1e-4):
                weights[name][row, column] = old + change
                values.append(loss_of(weights, word, context, times, x_max))
            weights[name][row, column] = old
            gradient.append((values[0] - values[1]) / 2e-4 / 2)
        gradients.append(numpy.array(gradient))
    for (name, squares, place), gradient in zip(places, gradients, strict=True):
        weights[name][place] -= lr * gradient / numpy.sqrt(weights[squares][place])
        weights[squares][place] += (lr * gradient) ** 2


@pytest.mark.parametrize("level", [0, 1, 2])
@pytest.mark.parametrize("dim", [1, 17, 100, 300])
def test_steps_are_those_of_the_formula(monkeypatch, dim, level):
    monkeypatch.setattr(glove, "LEVEL", level)
    model, lr, x_max = some_model(dim), 0.07, SMALL["x_max"]
    expected, loss = weights_of(model), 0.0
    pairs = numpy.array([(0, 3, 0.25), (3, 3, 2.5), (1, 6, 10.0), (0, 3, 730.0), (2, 4, 1.0)], dtype=PAIR)
    for word, context, times in pairs.tolist():
        for way in sorted({(word, context), (context, word)}):
            loss += loss_of(expected, *way, times, x_max)
            step_of(expected, *way, times, x_max, lr)
    engine = GloveEngine(model)
    before = engine.loss(pairs, 0)
    result = engine.train(pairs, lr, 0)
    assert (result.pairs, result.words) == (9, 5)
    assert result.loss == pytest.approx(loss, rel=1e-4)
    for name, array in weights_of(model).items():
        numpy.testing.assert_allclose(array, expected[name], rtol=1e-4, atol=1e-5, err_msg=name)
    assert before > engine.loss(pairs, 0)


def test_measuring_moves_nothing():
    model = some_model(9)
    before = weights_of(model)
    pairs = numpy.array([(0, 3, 0.25), (3, 3, 2.5)], dtype=PAIR)
    ways = [(0, 3, 0.25), (3, 0, 0.25), (3, 3, 2.5)]
    expected = sum(loss_of(before, *way, SMALL["x_max"]) for way in ways) / 3
    assert GloveEngine(model).loss(pairs, 0) == pytest.approx(expected, rel=1e-5)
    assert GloveEngine(model).loss(pairs[:0], 0) is None
    assert all((array == before[name]).all() for name, array in weights_of(model).items())


def test_it_learns(lang):
    chosen = VectorSettings(**SMALL | {"epochs": 40, "lr": 0.1})
    model, log = train_on_texts(write_sentences(lang, 600), chosen, lang=lang)
    losses = [log["loss"]["before"], *(epoch["loss"] for epoch in log["epochs"])]
    assert losses[-1] < 0.1 * losses[0] and log["loss"]["of"] == "training pairs"
    assert log["loss"]["unit"] == "weighted squared error per pair" and log["epochs"][0]["pairs_per_second"] > 0
    table = model.to_table()
    numpy.testing.assert_array_equal(table.vectors, model.inputs + model.outputs)
    assert len(table.ngrams) == 0
    unit = table.vectors / numpy.linalg.norm(table.vectors, axis=1, keepdims=True)
    noun, noun2, adverb = (unit[table.words.index(word)] for word in ALIKE[lang])
    assert noun @ noun2 > noun @ adverb + 0.2


def test_the_same_again_and_after_a_stop(corpus, tmp_path, lang, monkeypatch):
    monkeypatch.setattr(cooccurrence, "BLOCK", 40)
    chosen, out = VectorSettings(**SMALL), tmp_path / "out"
    for name in ("a", "b"):
        train_vectors([corpus], tmp_path / f"{name}.safetensors", lang=lang, settings=chosen)
    whole = (tmp_path / "a.safetensors").read_bytes()
    assert whole == (tmp_path / "b.safetensors").read_bytes()

    def stop(state):
        if state.stage == "training" and state.epoch == 1 and 0 < state.done < state.total:
            signal.raise_signal(signal.SIGINT)

    with pytest.raises(Stopped, match="R214.*epoch 2 of 4"):
        train_vectors([corpus], out.with_suffix(".safetensors"), lang=lang, settings=chosen, progress=stop)
    train_vectors([corpus], out.with_suffix(".safetensors"), lang=lang, settings=chosen, resume=True)
    assert out.with_suffix(".safetensors").read_bytes() == whole


def test_going_on_with_new_text(lang):
    texts = write_sentences(lang, 200)
    old, _ = train_on_texts(texts, VectorSettings(**SMALL), lang=lang)
    slow = VectorSettings(**SMALL | {"lr": 1e-4, "epochs": 1})
    new, log = train_on_texts(["новое слово new word", *texts], slow, start=old)
    assert {"новое", "word"} <= set(new.words) and log["epochs"][-1]["loss"] < log["loss"]["before"]
    rows = [new.words.index(word) for word in old.words]
    for name, array in weights_of(old).items():
        if "squares" in name:
            assert (weights_of(new)[name][rows] >= array).all() and (array > 1).any()
        else:
            numpy.testing.assert_allclose(weights_of(new)[name][rows], array, atol=1e-3)


def test_a_damaged_model_is_told(tmp_path):
    model = some_model(5)
    model.save(tmp_path / "model")
    assert {name: array.tolist() for name, array in Model.load(tmp_path / "model").extra.items()} == {
        name: array.tolist() for name, array in model.extra.items()
    }
    model.extra["biases"] = model.extra["biases"][:-1]
    model.save(tmp_path / "model")
    with pytest.raises(RNNError, match="R215"):
        Model.load(tmp_path / "model")


@pytest.mark.parametrize("engine", ["gensim", "torch"])
def test_other_engines_do_not_know_it(engine):
    with pytest.raises(RNNError, match=f"R216.*{engine}.*glove"):
        train_on_texts(["a b"], VectorSettings(model="glove", engine=engine))
