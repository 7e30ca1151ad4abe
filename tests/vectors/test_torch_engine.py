"""The torch engine: its steps are the gradients of the formulas, its losses those of the compiled engine."""

import json

import numpy
import pytest
import spacy
import torch
from torch.nn.functional import logsigmoid
from typer.testing import CliRunner

from spacy_rnn.cli import app
from spacy_rnn.errors import RNNError
from spacy_rnn.vectors.engines import torch as engines_torch
from spacy_rnn.vectors.engines.torch import TorchEngine
from spacy_rnn.vectors.huffman import huffman_paths
from spacy_rnn.vectors.model import create_model
from spacy_rnn.vectors.settings import VectorSettings
from spacy_rnn.vectors.train import train_on_texts

from .conftest import know_the_grammar, needs_compiler, write_sentences

WORDS = ["и", "the", "кошка", "cats", "кот", "cat", "ёж"]
IDS = numpy.array([0, 1, 2, 0, 3, -1, 4, 5, -1, 6, -1, 1, 1, 0, 2, 6, 5, 4, 3, 0, 0, 1, 5, 2, 1, -1], dtype=numpy.int32)
LR = 1e-2
combinations = pytest.mark.parametrize(
    "model, loss, max_n",
    [(m, x, n) for m in ("skipgram", "cbow") for x in ("ns", "hs", "softmax") for n in (0, 4)],
)


def make_model(model="skipgram", loss="ns", max_n=4, **settings):
    """Small, with windows of one word, so that no window is reduced, and weights that are not zero."""
    settings = {"dim": 6, "window": 1, "sample": 0, "bucket": 40, "min_n": 2, "threads": 1} | settings
    settings = VectorSettings(model=model, loss=loss, max_n=max_n, engine="torch", **settings)
    made = create_model(WORDS, numpy.array([30, 20, 8, 6, 5, 2, 1]), settings, "ru")
    rng = numpy.random.default_rng(1)
    for weights in (made.inputs, made.outputs):
        weights[:] = rng.normal(0, 0.5, weights.shape)
    return made


def pairs_of(ids, model):
    """(places of the input words, word to predict), written out."""
    sentences = numpy.split(numpy.arange(len(ids)), numpy.flatnonzero(ids < 0))
    for sentence in sentences:
        places = [place for place in sentence.tolist() if ids[place] >= 0]
        for i, place in enumerate(places):
            near = places[max(0, i - 1) : i] + places[i + 1 : i + 2]
            if model == "cbow" and near:
                yield near, place, place
            elif model == "skipgram":
                yield from (([place], other, place) for other in near)


def loss_written_out(model, vectors, outputs, noise):
    """The sum over all pairs. The inputs of CBOW get the whole gradient of their mean each."""
    kind, settings, total, count = model.settings.loss, model.settings, 0.0, 0
    starts, nodes, codes = huffman_paths(model.counts)
    positions = numpy.flatnonzero(IDS >= 0).tolist()
    for inputs, right_place, centre in pairs_of(IDS, settings.model):
        rows, right = vectors[IDS[inputs].tolist()], int(IDS[right_place])
        hidden = rows.detach().mean(0) + (rows - rows.detach()).sum(0)
        count += 1
        if kind == "ns":
            own = noise[positions.index(centre) // engines_torch.GROUP].tolist()
            total = total - logsigmoid(hidden @ outputs[right])
            for word in own:
                if word != right:
                    total = total - settings.negative / len(own) * logsigmoid(-hidden @ outputs[word])
        elif kind == "hs":
            for node, code in zip(nodes[starts[right] :], codes[starts[right] : starts[right + 1]], strict=False):
                total = total - logsigmoid((1 - 2 * int(code)) * (hidden @ outputs[int(node)]))
        else:
            total = total - (outputs @ hidden).log_softmax(0)[right]
    return total, count


@combinations
def test_a_step_is_the_gradient(monkeypatch, model, loss, max_n):
    trained = make_model(model, loss, max_n)
    before = trained.inputs.copy(), trained.outputs.copy()
    noise = torch.from_numpy(numpy.random.default_rng(2).integers(len(WORDS), size=(2, engines_torch.NOISE)))
    engine = TorchEngine(trained)
    monkeypatch.setattr(engine, "_draw_noise", lambda groups, random: noise[:groups])
    result = engine.train(IDS, LR, seed=1)
    engine.finish()

    vectors = torch.stack([torch.from_numpy(before[0][rows].mean(0)) for rows in rows_of(trained)]).requires_grad_()
    outputs = torch.from_numpy(before[1]).clone().requires_grad_()
    expected, count = loss_written_out(trained, vectors, outputs, noise)
    expected.backward()
    moved = numpy.zeros_like(before[0])
    for rows, gradient in zip(rows_of(trained), vectors.grad.numpy(), strict=True):
        numpy.add.at(moved, rows, -LR * gradient)  # two n-grams of a word may share a bucket
    assert result.pairs == count and result.words == (IDS >= 0).sum()
    assert result.loss == pytest.approx(float(expected.detach()), rel=1e-5)
    numpy.testing.assert_allclose(trained.inputs - before[0], moved, atol=2e-6)
    numpy.testing.assert_allclose(trained.outputs - before[1], -LR * outputs.grad.numpy(), atol=2e-6)


def rows_of(model):
    starts, rows = model.index()
    return numpy.split(rows, starts[1:-1])


@needs_compiler
@combinations
def test_the_loss_is_that_of_the_compiled_engine(model, loss, max_n):
    from spacy_rnn.vectors.engines.native import NativeEngine

    measured = make_model(model, loss, max_n)
    ids = numpy.tile(IDS, 150)  # many draws of noise; less than 4096 words, where native cuts sentences
    tolerance = 0.02 if loss == "ns" else 1e-5
    assert TorchEngine(measured).loss(ids, 1) == pytest.approx(NativeEngine(measured).loss(ids, 1), rel=tolerance)


@combinations
def test_measuring_moves_nothing_and_one_word_has_no_pair(model, loss, max_n):
    measured = make_model(model, loss, max_n)
    before = measured.inputs.copy(), measured.outputs.copy()
    engine = TorchEngine(measured)
    assert engine.loss(IDS, 1) > 0
    for ids in ([], [-1], [3, -1, 4, -1]):
        ids = numpy.array(ids, dtype=numpy.int32)
        assert engine.loss(ids, 1) is None
        result = engine.train(ids, 0.1, 1)
        assert (result.loss, result.pairs) == (0, 0)
    engine.finish()
    assert (measured.inputs == before[0]).all() and (measured.outputs == before[1]).all()


@pytest.mark.parametrize("window", [1, 3, 40])
def test_windows_end_with_the_sentence_and_are_reduced_at_random(window):
    engine = TorchEngine(make_model(window=window))
    random = torch.Generator().manual_seed(1)
    text = engine.reader.read(torch.from_numpy(numpy.tile(IDS, 50)), False, random)
    ids = numpy.tile(IDS, 50)
    words, sentences = ids[ids >= 0], numpy.cumsum(ids < 0)[ids >= 0]
    reaches = set()
    for place, near in enumerate(text.near.flatten(0, 1)):
        found = (torch.nonzero(near).flatten() - window + place // 16 * 16).tolist()
        if place >= len(words):
            assert not found
            continue
        reach = max((abs(place - other) for other in found), default=0)
        reaches.add(reach)
        assert found == [
            other
            for other in range(max(0, place - reach), min(len(words), place + reach + 1))
            if sentences[other] == sentences[place] and other != place
        ]
    assert max(reaches) == min(window, 13) and len(reaches) >= min(window, 4)  # the longest sentence has 14 words


def test_frequent_words_are_thinned_out():
    engine = TorchEngine(make_model(sample=0.01))
    ids = numpy.tile(IDS, 100)
    text = engine.reader.read(torch.from_numpy(ids), True, torch.Generator().manual_seed(1))
    kept = numpy.bincount(text.words[text.starts.diff() > 0].numpy(), minlength=7) / numpy.bincount(ids[ids >= 0])
    numpy.testing.assert_allclose(kept, engine.reader.keep.numpy() / 2**32, atol=0.06)
    assert kept[0] < 0.3 and kept[6] > 0.9


def test_noise_follows_the_counts():
    engine = TorchEngine(make_model(ns_exponent=0.75))
    drawn = engine._draw_noise(2000, torch.Generator().manual_seed(1))
    weights = engine.model.counts**0.75
    numpy.testing.assert_allclose(numpy.bincount(drawn.flatten()) / drawn.numel(), weights / weights.sum(), atol=0.006)


@combinations
def test_large_steps_do_not_run_away(model, loss, max_n):
    """The same few words a thousand times in one step, and a learning rate no sum of steps would stand."""
    engine = TorchEngine(make_model(model, loss, max_n))
    ids = numpy.tile(IDS, 40)
    before = engine.loss(ids, 1)
    for seed in range(30):
        engine.train(ids, 0.5, seed)
    assert engine.loss(ids, 1) < before


@pytest.mark.filterwarnings("ignore:.*W202")  # with hs and softmax there is nothing to learn
@pytest.mark.parametrize("model", ["skipgram", "cbow"])
@pytest.mark.parametrize("loss", ["ns", "hs", "softmax"])
def test_an_only_word(model, loss):
    settings = VectorSettings(model=model, loss=loss, engine="torch", dim=4, min_count=1, threads=1, epochs=2)
    trained, log = train_on_texts(["слово слово слово"] * 20, settings)
    assert numpy.isfinite(trained.inputs).all() and numpy.isfinite(log["epochs"][-1]["loss"])


@pytest.mark.parametrize("model, loss", [("skipgram", "ns"), ("cbow", "hs"), ("skipgram", "softmax")])
def test_training_repeats_exactly(lang, model, loss):
    settings = VectorSettings(model=model, loss=loss, engine="torch", dim=16, bucket=500, threads=1, epochs=2)
    first, second = (train_on_texts(write_sentences(lang, 300), settings)[0] for _ in range(2))
    assert (first.inputs == second.inputs).all() and (first.outputs == second.outputs).all()


@pytest.mark.parametrize("model", ["skipgram", "cbow"])
@pytest.mark.parametrize("loss", ["ns", "hs", "softmax"])
def test_from_the_shell(corpus, tmp_path, lang, model, loss):
    out = tmp_path / "out"
    options = f"--model {model} --loss {loss} --dim 16 --bucket 500 --epochs 4 --sample 0 --threads 1"
    arguments = ["vectors", "train", str(corpus), str(out), "--lang", lang, "--engine", "torch", *options.split()]
    assert CliRunner().invoke(app, arguments).exit_code == 0
    log = json.loads((out / "training.json").read_text(encoding="utf8"))
    losses = [log["loss"]["before"], *(epoch["loss"] for epoch in log["epochs"])]
    assert max(losses) == losses[0] and losses[-1] < 0.9 * losses[0]
    assert know_the_grammar(spacy.load(out).vocab, lang)


def test_no_such_gpu():
    with pytest.raises(RNNError, match="R290.*No GPU 99 here"):
        TorchEngine(make_model(gpu_id=99))


def test_gpu_too_small(monkeypatch):
    engine = TorchEngine(make_model())

    def fail(*args):
        raise torch.cuda.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB.\nmore")

    monkeypatch.setattr(engine, "_step", fail)
    with pytest.raises(RNNError, match="R291.*Tried to allocate 2 GiB. The weights take 0 MB"):
        engine.train(IDS, LR, 1)
