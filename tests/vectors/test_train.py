"""Training end to end: the loss is real and falls, and nothing half written is left."""

import json
import math
import os
import random
import re
import shutil
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy
import pytest
import spacy

from spacy_rnn.errors import RNNError
from spacy_rnn.vectors import native, output
from spacy_rnn.vectors.checkpoint import Training
from spacy_rnn.vectors.engines.gensim_loss import NegativeSamplingLoss
from spacy_rnn.vectors.fit import Stopped
from spacy_rnn.vectors.model import Model
from spacy_rnn.vectors.settings import VectorSettings
from spacy_rnn.vectors.train import train_on_texts, train_vectors

from .conftest import know_the_grammar, needs_compiler

SMALL = {"dim": 16, "bucket": 500, "threads": 1, "min_count": 2, "epochs": 4, "sample": 0.0}

ENGINES = [pytest.param("native", marks=needs_compiler), "gensim"]


@pytest.mark.parametrize("model", ["skipgram", "cbow"])
@pytest.mark.parametrize("engine", ENGINES)
def test_loss_falls(corpus, tmp_path, lang, model, engine):
    states = []
    settings = VectorSettings(model=model, engine=engine, **SMALL)
    log = train_vectors([corpus], tmp_path / "out", lang=lang, settings=settings, progress=states.append)
    assert log == json.loads((tmp_path / "out" / "training.json").read_text(encoding="utf8"))
    losses = [epoch["loss"] for epoch in log["epochs"]]
    assert losses[-1] < 0.75 * 6 * math.log(2)
    if engine == "native":
        assert losses[1] < losses[0] < log["loss"]["before"]
        assert math.isclose(log["loss"]["before"], 6 * math.log(2), rel_tol=0.35)
        assert log["loss"]["of"] == "held-out sentences"
    measured = [state for state in states if state.measured]
    assert [state.loss for state in measured] == losses
    assert {(state.done, state.total) for state in measured} == {(measured[0].total,) * 2}
    assert 0.9 * log["corpus"]["words"] < measured[0].total <= log["corpus"]["words"]
    assert any("MB of memory" in state.message for state in states)
    nlp = spacy.load(tmp_path / "out")
    assert nlp.lang == lang and len(nlp.vocab.vectors) == log["vocabulary"]
    assert [path.name for path in tmp_path.iterdir() if path != corpus] == ["out"]


@needs_compiler
@pytest.mark.parametrize("model", ["skipgram", "cbow"])
@pytest.mark.parametrize("loss", ["ns", "hs", "softmax"])
@pytest.mark.parametrize("max_n", [0, 5])
def test_every_method_learns(corpus, tmp_path, lang, model, loss, max_n):
    settings = VectorSettings(model=model, loss=loss, **SMALL | {"epochs": 20, "max_n": max_n})
    log = train_vectors([corpus], tmp_path / "out", lang=lang, settings=settings)
    assert log["epochs"][-1]["loss"] < 0.86 * log["loss"]["before"]
    assert (log["ngrams"] > 0) == (max_n > 0)
    vocab = spacy.load(tmp_path / "out").vocab
    assert know_the_grammar(vocab, lang)
    assert vocab["unseen"].has_vector == (max_n > 0)


@needs_compiler
@pytest.mark.parametrize("settings", [{"lr": 0.3}, {"window": 10, "negative": 30, "lr": 0.1}])
def test_large_steps_do_not_run_away(corpus, tmp_path, lang, settings):
    settings = VectorSettings(**SMALL | {"epochs": 20} | settings)
    log = train_vectors([corpus], tmp_path / "out", lang=lang, settings=settings)
    assert log["epochs"][-1]["loss"] < log["loss"]["before"]


def test_vectors_know_the_grammar(corpus, tmp_path, lang):
    train_vectors([corpus], tmp_path / "out", lang=lang, settings=VectorSettings(**SMALL | {"epochs": 15}))
    assert know_the_grammar(spacy.load(tmp_path / "out").vocab, lang)


def test_one_thread_gives_the_same_vectors_again(corpus, tmp_path, lang):
    for name in ("a", "b"):
        train_vectors([corpus], tmp_path / name, lang=lang, settings=VectorSettings(**SMALL))
    assert (tmp_path / "a/vocab/vectors.safetensors").read_bytes() == (
        tmp_path / "b/vocab/vectors.safetensors"
    ).read_bytes()


@pytest.mark.parametrize("sg", [0, 1])
def test_loss_is_the_formula(trained, sg):
    """Against the formula written out word by word."""
    from gensim.models import FastText

    sentences = [["a", "dog", "sees", "a", "cat"], ["кот", "видит", "пса"]]
    model = FastText(sentences * 20, sg=sg, vector_size=8, window=2, min_count=1, bucket=50, sample=0, workers=1)
    ids = [[model.wv.key_to_index[word] for word in sentence] for sentence in sentences]
    loss = NegativeSamplingLoss(model, ids, seed=1)
    wv, total = model.wv, 0.0
    ends = [*loss.starts[1:], len(loss.inputs)]
    for pair, (start, end) in enumerate(zip(loss.starts, ends, strict=True)):
        rows, count = [], 0
        for word in loss.words[loss.inputs[start:end]]:
            rows += [wv.vectors_vocab[word], *wv.vectors_ngrams[wv.buckets_word[word]]]
            count += len(wv.buckets_word[word]) + (1 - sg)
        hidden = sum(rows) / count
        total += math.log(1 + math.exp(-hidden @ model.syn1neg[loss.right[pair]]))
        for wrong in loss.wrong[pair]:
            if wrong != loss.right[pair]:
                total += math.log(1 + math.exp(hidden @ model.syn1neg[wrong]))
    assert len(loss) > 4
    numpy.testing.assert_allclose(loss(), total / len(loss), rtol=1e-5)


def test_raw_text(tmp_path):
    (tmp_path / "a.txt").write_text("Кот, увидев собаку, убежал.\n" * 50, encoding="utf8")
    train_vectors([tmp_path], tmp_path / "out", lang="ru", tokenize=True, settings=VectorSettings(**SMALL))
    vocab = spacy.load(tmp_path / "out").vocab
    strings = [vocab.strings[key] for key in vocab.vectors]
    assert {",", "Кот", "убежал", "."} <= set(strings)


def test_vocabulary_of_one_word(tmp_path):
    (tmp_path / "a.txt").write_text("word word word\n" * 10)
    log = train_vectors([tmp_path / "a.txt"], tmp_path / "out", lang="en", settings=VectorSettings(**SMALL))
    assert log["vocabulary"] == 1
    assert numpy.isfinite(spacy.load(tmp_path / "out")("word other").vector).all()


@pytest.mark.parametrize(
    "code, text, settings",
    [
        ("R205", "", {}),
        ("R205", " \n\x00\n\n", {}),
        ("R206", "a dog\na cat\n", {"min_count": 3}),
        ("R210", "dog\ncat\ndog\ncat\n", {}),
    ],
)
def test_bad_corpus_leaves_nothing(tmp_path, code, text, settings):
    (tmp_path / "a.txt").write_text(text)
    with pytest.raises(RNNError, match=code):
        train_vectors([tmp_path / "a.txt"], tmp_path / "out", lang="en", settings=VectorSettings(**SMALL | settings))
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_warns_if_nothing_was_learned(corpus, tmp_path):
    with pytest.warns(UserWarning, match="W202"):
        train_vectors([corpus], tmp_path / "out", lang="en", settings=VectorSettings(**SMALL | {"sample": 1e-9}))


def test_interrupted_training_keeps_the_old_vectors(corpus, tmp_path, lang):
    settings = VectorSettings(**SMALL)
    train_vectors([corpus], tmp_path / "out", lang=lang, settings=settings)
    before = (tmp_path / "out" / "training.json").read_bytes()

    def interrupt(state):
        if state.stage == "reading":
            raise KeyboardInterrupt

    with pytest.raises(Stopped, match="R287"):
        train_vectors([corpus], tmp_path / "out", lang=lang, settings=settings, force=True, progress=interrupt)
    assert (tmp_path / "out" / "training.json").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([corpus.name, "out"])


@needs_compiler
@pytest.mark.parametrize("model, loss", [("skipgram", "ns"), ("cbow", "ns"), ("skipgram", "hs"), ("cbow", "softmax")])
def test_stopped_and_resumed_is_as_never_stopped(corpus, tmp_path, lang, model, loss, monkeypatch):
    monkeypatch.setattr("spacy_rnn.vectors.vocabulary.BLOCK", 500)
    settings = VectorSettings(model=model, loss=loss, **SMALL)
    train_vectors([corpus], tmp_path / "straight", lang=lang, settings=settings)
    count = 0

    def stop_sometimes(state):
        nonlocal count
        count += state.stage == "training"
        if count % 17 == 0 and state.stage == "training":
            press_ctrl_c()

    resume, stops = False, 0
    while True:
        try:
            log = train_vectors(
                [corpus], tmp_path / "out", lang=lang, settings=settings, resume=resume, progress=stop_sometimes
            )
            break
        except Stopped as error:
            assert "R214" in str(error) and not (tmp_path / "out").exists()
            resume, stops = True, stops + 1
    assert stops > 2
    for name in ("vocab/vectors.safetensors", "model.safetensors"):
        assert (tmp_path / "straight" / name).read_bytes() == (tmp_path / "out" / name).read_bytes()
    assert [epoch["loss"] for epoch in log["epochs"]] == [
        epoch["loss"] for epoch in json.loads((tmp_path / "straight/training.json").read_text())["epochs"]
    ]
    assert not list(tmp_path.glob("*.unfinished"))


def press_ctrl_c():
    signal.raise_signal(signal.SIGINT)


def stop(state):
    if state.stage == "training":
        press_ctrl_c()


@needs_compiler
@pytest.mark.parametrize("moment", ["handing out", "saving", "saved", "writing"])
def test_ctrl_c_at_any_moment(corpus, tmp_path, lang, moment, monkeypatch):
    """Between handing out a block and counting it, between two files, ...: no block is trained twice or left out."""
    monkeypatch.setattr("spacy_rnn.vectors.vocabulary.BLOCK", 500)
    settings, out = VectorSettings(**SMALL), tmp_path / "out"
    train_vectors([corpus], tmp_path / "straight", lang=lang, settings=settings)
    owner, name = {
        "handing out": (ThreadPoolExecutor, "submit"),
        "saving": (Model, "save"),
        "saved": (Training, "save"),
        "writing": (output, "_write_folder"),
    }[moment]
    work = getattr(owner, name)

    def work_and_stop(*args, **kwargs):
        done = work(*args, **kwargs)
        press_ctrl_c()
        press_ctrl_c()  # as people do
        return done

    monkeypatch.setattr(owner, name, work_and_stop)
    resume, stops = False, 0
    while not out.exists():
        try:
            train_vectors([corpus], out, lang=lang, settings=settings, resume=resume)
        except Stopped as error:
            assert "R214" in str(error)
            resume, stops = True, stops + 1
    assert (tmp_path / "straight/model.safetensors").read_bytes() == (out / "model.safetensors").read_bytes()
    assert stops > 2 or moment == "writing"


@needs_compiler
@pytest.mark.skipif(not hasattr(signal, "SIGALRM"), reason="no such clock")
def test_ctrl_c_by_the_clock(corpus, tmp_path, monkeypatch):
    monkeypatch.setattr("spacy_rnn.vectors.vocabulary.BLOCK", 500)
    settings = VectorSettings(**SMALL | {"epochs": 30})
    train_vectors([corpus], tmp_path / "straight.safetensors", lang="en", settings=settings)
    out, resume, told = tmp_path / "out.safetensors", False, set()
    before = signal.signal(signal.SIGALRM, lambda number, frame: press_ctrl_c())
    for tenth in range(1, 100):
        signal.setitimer(signal.ITIMER_REAL, tenth / 200)
        try:
            train_vectors([corpus], out, lang="en", settings=settings, resume=resume)
            break
        except Stopped as error:
            told.add(str(error)[1:5])
            resume = "R287" not in str(error)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)
    assert told and told <= {"R287", "R288", "R214"}
    assert out.read_bytes() == (tmp_path / "straight.safetensors").read_bytes()
    assert sorted(tmp_path.glob("out*")) == [out]


@needs_compiler
def test_resume_needs_the_same_settings_and_something_to_resume(corpus, tmp_path, lang):
    out, settings = tmp_path / "out", VectorSettings(**SMALL)
    with pytest.raises(RNNError, match="R219"):
        train_vectors([corpus], out, lang=lang, settings=settings, resume=True)
    with pytest.raises(Stopped):
        train_vectors([corpus], out, lang=lang, settings=settings, progress=stop)
    with pytest.raises(RNNError, match="R295"):
        train_vectors([corpus], out, lang=lang, settings=settings)
    with pytest.raises(RNNError, match="R280.*--dim 16, not --dim 32"):
        train_vectors([corpus], out, lang=lang, settings=VectorSettings(**SMALL | {"dim": 32}), resume=True)
    train_vectors([corpus], out, lang=lang, settings=VectorSettings(**SMALL | {"threads": 2}), resume=True)
    assert out.is_dir()


@needs_compiler
def test_resume_needs_the_same_corpus_and_language(corpus, tmp_path, lang):
    out, settings = tmp_path / "out", VectorSettings(**SMALL)
    train_vectors([corpus], tmp_path / "first", lang=lang, settings=settings)
    with pytest.raises(Stopped):
        train_vectors([corpus], out, lang=lang, settings=settings, progress=stop)
    (tmp_path / "other.txt").write_bytes(corpus.read_bytes())
    for paths, given, message in [
        ([tmp_path / "nope.txt"], {}, "R201"),
        ([tmp_path / "other.txt"], {}, "R280.*another corpus .*other.txt"),
        ([corpus, corpus], {}, "R280.*another corpus"),
        ([corpus], {"lang": "xx"}, f"R280.*--lang {lang}, not --lang xx"),
        ([corpus], {"tokenize": True}, "R280.*no --tokenize, not --tokenize"),
        ([corpus], {"start": tmp_path / "first"}, "R280.*no --from"),
    ]:
        with pytest.raises(RNNError, match=message):
            train_vectors(paths, out, **{"lang": lang, "settings": settings, "resume": True} | given)
    (tmp_path / "moved").mkdir()
    corpus = corpus.rename(tmp_path / "moved" / corpus.name)
    about = corpus.stat()
    corpus.touch()
    with pytest.raises(RNNError, match="R280.*another corpus"):
        train_vectors([corpus], out, lang=lang, settings=settings, resume=True)
    os.utime(corpus, ns=(about.st_atime_ns, about.st_mtime_ns))
    train_vectors([corpus], out, lang=lang, settings=settings, resume=True)


@needs_compiler
@pytest.mark.parametrize("model, name", [("skipgram", "ids.i32"), ("glove", "pairs.bin")])
def test_resume_with_a_part_of_the_corpus(corpus, tmp_path, lang, model, name):
    out, settings = tmp_path / "out", VectorSettings(model=model, **SMALL)
    with pytest.raises(Stopped):
        train_vectors([corpus], out, lang=lang, settings=settings, progress=stop)
    numbers = tmp_path / "out.unfinished" / name
    numbers.write_bytes(numbers.read_bytes()[: numbers.stat().st_size // 24 * 12])
    with pytest.raises(RNNError, match=f"R289.*{name} has"):
        train_vectors([corpus], out, lang=lang, settings=settings, resume=True)


@pytest.mark.parametrize("max_n", [0, 5])
def test_gensim_is_stopped_and_resumed(corpus, tmp_path, lang, max_n, monkeypatch):
    monkeypatch.setattr("spacy_rnn.vectors.engines.gensim.PART", 1)
    monkeypatch.setattr("spacy_rnn.vectors.vocabulary.BLOCK", 2000)
    settings, out, states = VectorSettings(engine="gensim", **SMALL | {"max_n": max_n}), tmp_path / "out", []

    def stop_in_epoch_2(state):
        if state.epoch == 1 and 0 < state.done < state.total:
            press_ctrl_c()

    corpus = tmp_path  # OUT lies in the folder of the corpus
    with pytest.raises(Stopped, match="R214.*epoch 2 of 4"):
        train_vectors([corpus], out, lang=lang, settings=settings, progress=stop_in_epoch_2)
    stopped = Model.load(tmp_path / "out.unfinished/model.safetensors")
    log = train_vectors([corpus], out, lang=lang, settings=settings, resume=True, progress=states.append)
    assert (states[0].epoch, [epoch["epoch"] for epoch in log["epochs"]]) == (1, [1, 2, 3, 4])
    assert 0 < states[0].done < states[0].total
    if max_n:
        assert max(epoch["loss"] for epoch in log["epochs"]) < 0.75 * 6 * math.log(2)
    assert (Model.load(out / "model.safetensors").outputs != stopped.outputs).any()


@needs_compiler
def test_what_runs_away_is_not_saved(corpus, tmp_path, lang, monkeypatch):
    out = tmp_path / "out"
    with pytest.raises(RNNError, match="R286.*epoch 1.*--lr, which was 10"):
        train_vectors([corpus], out, lang=lang, settings=VectorSettings(**SMALL | {"lr": 10}, loss="softmax"))
    assert [path.name for path in tmp_path.iterdir()] == [corpus.name]

    def spoil(state):
        if state.epoch == 1:
            monkeypatch.setattr(Model, "is_finite", lambda model: False)

    settings = VectorSettings(**SMALL)
    train_vectors([corpus], tmp_path / "straight", lang=lang, settings=settings)
    with pytest.raises(RNNError, match="R286.*epoch 2"):
        train_vectors([corpus], out, lang=lang, settings=settings, progress=spoil)
    monkeypatch.undo()
    train_vectors([corpus], out, lang=lang, settings=settings, resume=True)  # from the end of epoch 1
    assert (tmp_path / "straight/model.safetensors").read_bytes() == (out / "model.safetensors").read_bytes()


@needs_compiler
def test_damaged_checkpoint(corpus, tmp_path, lang):
    out, settings = tmp_path / "out", VectorSettings(**SMALL)
    with pytest.raises(Stopped):
        train_vectors([corpus], out, lang=lang, settings=settings, progress=stop)
    weights = tmp_path / "out.unfinished" / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-100])
    with pytest.raises(RNNError, match="R289.*out.unfinished.*cut off.*--force"):
        train_vectors([corpus], out, lang=lang, settings=settings, resume=True)


def full(*args, **kwargs):
    raise OSError(28, "No space left on device")


@needs_compiler
def test_full_disk(corpus, tmp_path, lang, monkeypatch):
    monkeypatch.setattr(Model, "save", full)
    with pytest.raises(RNNError, match="R284.*No space left"):
        train_vectors([corpus], tmp_path / "out", lang=lang, settings=VectorSettings(**SMALL))
    assert [path.name for path in tmp_path.iterdir()] == [corpus.name]


@needs_compiler
def test_full_disk_later(corpus, tmp_path, lang, monkeypatch):
    """The first checkpoint is kept, and --resume goes on from there."""
    settings, out, states = VectorSettings(**SMALL), tmp_path / "out", []
    train_vectors([corpus], tmp_path / "straight", lang=lang, settings=settings)

    def fill_the_disk(state):
        if state.epoch == 1:
            monkeypatch.setattr("spacy_rnn.vectors.model.whole_file", full)

    with pytest.raises(RNNError, match="R218.*No space left.*--resume"):
        train_vectors([corpus], out, lang=lang, settings=settings, progress=fill_the_disk)
    monkeypatch.undo()
    train_vectors([corpus], out, lang=lang, settings=settings, resume=True, progress=states.append)
    assert states[0].epoch == 1
    assert (tmp_path / "straight/model.safetensors").read_bytes() == (out / "model.safetensors").read_bytes()


def test_unwritable_out(corpus):
    for out in (corpus / "out", Path("/proc/out")):
        with pytest.raises(RNNError, match="R284.*out"):
            train_vectors([corpus], out, lang="en", settings=VectorSettings(**SMALL))


def test_full_disk_while_counting(corpus, tmp_path, lang, monkeypatch):
    counter = SimpleNamespace(add=lambda block: SimpleNamespace(tofile=full))
    monkeypatch.setattr("spacy_rnn.vectors.vocabulary.create_counter", lambda *settings: counter)
    with pytest.raises(RNNError, match="R284.*out.unfinished.*No space left"):
        train_vectors([corpus], tmp_path / "out", lang=lang, settings=VectorSettings(**SMALL))
    assert [path.name for path in tmp_path.iterdir()] == [corpus.name]


@pytest.mark.filterwarnings("ignore:.*W220")
@pytest.mark.parametrize("engine", [*ENGINES, "gensim for want of a compiler"])
def test_full_disk_at_the_end(corpus, tmp_path, lang, monkeypatch, engine):
    settings = VectorSettings(**SMALL, engine="gensim" if engine == "gensim" else "native")
    if engine not in ("native", "gensim"):
        monkeypatch.setattr(native, "reason_missing", lambda: "for a test")
    with monkeypatch.context() as patch:
        patch.setattr("spacy_rnn.vectors.output._write_folder", full)
        with pytest.raises(RNNError, match="R218.*No space left"):
            train_vectors([corpus], tmp_path / "out", lang=lang, settings=settings)
    states = []
    train_vectors(
        [corpus],
        tmp_path / "out",
        lang=lang,
        settings=settings,
        resume=True,
        progress=lambda state: states.append(state),
    )
    assert not states and len(spacy.load(tmp_path / "out").vocab.vectors) > 5  # nothing was trained again


@pytest.mark.parametrize("engine", ENGINES)
def test_interrupted_in_memory(engine):
    """Nothing is saved, so nobody is told to resume."""
    with pytest.raises(KeyboardInterrupt):
        train_on_texts(["a dog sees a cat"] * 20, VectorSettings(**SMALL, engine=engine), progress=stop)


@needs_compiler
@pytest.mark.parametrize("name", ["model.safetensors", "", "model.bin"])
def test_continue_from_a_file(corpus, tmp_path, lang, name):
    settings = VectorSettings(**SMALL)
    train_vectors([corpus], tmp_path / "first", lang=lang, settings=settings)
    if name == "model.bin":
        train_vectors([corpus], tmp_path / "first" / name, lang=lang, settings=settings)
    log = train_vectors([corpus], tmp_path / "second", lang=lang, settings=settings, start=tmp_path / "first" / name)
    fresh = json.loads((tmp_path / "first" / "training.json").read_text(encoding="utf8"))
    assert log["loss"]["before"] < 0.9 * fresh["loss"]["before"]


@needs_compiler
@pytest.mark.parametrize(
    "given, message",
    [
        ({"lower": True}, "no --lower, not --lower"),
        ({"yo": True}, "no --yo, not --yo"),
        ({"stress": True}, "no --stress, not --stress"),
        ({"lang": "de"}, "--lang .., not --lang de"),
    ],
)
def test_continue_with_other_words(corpus, tmp_path, lang, given, message):
    settings = VectorSettings(**SMALL)
    train_vectors([corpus], tmp_path / "first", lang=lang, settings=settings)
    train_vectors([corpus], tmp_path / "first" / "model.bin", lang=lang, settings=settings)
    lang = given.get("lang", lang)
    settings = replace(settings, **{name: value for name, value in given.items() if name != "lang"})
    with pytest.raises(RNNError, match="R281.*" + message):
        train_vectors([corpus], tmp_path / "second", lang=lang, settings=settings, start=tmp_path / "first")
    # fastText's own file knows neither
    train_vectors([corpus], tmp_path / "second", lang=lang, settings=settings, start=tmp_path / "first/model.bin")
    second = Model.load(tmp_path / "second/model.safetensors")
    assert second.lang == lang and second.settings.normalization == settings.normalization


@pytest.mark.parametrize("name", ["nope.bin", "nope.safetensors", ""])
def test_continue_with_nothing(corpus, tmp_path, name):
    with pytest.raises(RNNError, match="R215.*no such file"):
        train_vectors([corpus], tmp_path / "out", lang="en", start=tmp_path / name)


@needs_compiler
def test_deterministic_whatever_the_threads(corpus, tmp_path, lang, monkeypatch):
    monkeypatch.setattr("spacy_rnn.vectors.vocabulary.BLOCK", 500)
    tables = []
    for threads in (1, 3):
        settings = VectorSettings(**SMALL | {"threads": threads, "deterministic": True})
        train_vectors([corpus], tmp_path / str(threads), lang=lang, settings=settings)
        tables.append((tmp_path / str(threads) / "vocab/vectors.safetensors").read_bytes())
    assert tables[0] == tables[1]


@needs_compiler
def test_several_threads_train_as_well(corpus, tmp_path, lang, monkeypatch):
    monkeypatch.setattr("spacy_rnn.vectors.vocabulary.BLOCK", 200)
    settings = VectorSettings(**SMALL | {"threads": 4})
    log = train_vectors([corpus], tmp_path / "out", lang=lang, settings=settings)
    assert log["epochs"][-1]["loss"] < 0.9 * log["loss"]["before"]


@needs_compiler
@pytest.mark.parametrize("max_n", [0, 5])
def test_continue_with_new_text(lang, max_n):
    first, second = {"en": ("a dog sees a cat", "a wolf sees a cat"), "ru": ("пёс видит кота", "волк видит кота")}[lang]
    settings = VectorSettings(**SMALL | {"min_count": 1, "max_n": max_n})
    old, _ = train_on_texts([first] * 50, settings)
    before = old.inputs.copy()
    model, log = train_on_texts([second] * 50, settings, start=old)
    assert set(model.words) == set((first + " " + second).split())
    assert (old.inputs == before).all()
    counts = dict(zip(model.words, model.counts.tolist(), strict=True))
    shared = (set(first.split()) & set(second.split())).pop()
    assert counts[shared] > counts[(set(second.split()) - set(first.split())).pop()]
    only = (set(first.split()) - set(second.split())).pop()  # not in the new text: its own row stays
    assert (model.inputs[model.words.index(only)] == before[old.words.index(only)]).all()
    assert log["epochs"][-1]["loss"] < log["loss"]["before"]
    with pytest.raises(RNNError, match="R281.*dim"):
        train_on_texts([second], VectorSettings(**SMALL | {"dim": 8, "min_count": 1, "max_n": max_n}), start=old)


@needs_compiler
def test_hierarchical_softmax_cannot_learn_new_words():
    settings = VectorSettings(**SMALL | {"min_count": 1}, loss="hs")
    old, _ = train_on_texts(["a dog sees a cat"] * 20, settings)
    with pytest.raises(RNNError, match="R282"):
        train_on_texts(["a wolf sees a cat"] * 20, settings, start=old)
    model, _ = train_on_texts(["a cat sees a dog"] * 20, settings, start=old)
    assert model.words == old.words


def test_without_a_compiler_gensim_trains(corpus, tmp_path, lang, monkeypatch):
    monkeypatch.setattr(native, "reason_missing", lambda: "no module")
    with pytest.warns(UserWarning, match="W220.*no module"):
        log = train_vectors([corpus], tmp_path / "out", lang=lang, settings=VectorSettings(**SMALL))
    assert log["settings"]["engine"] == "gensim"
    with pytest.raises(RNNError, match="R217"):
        train_vectors([corpus], tmp_path / "soft", lang=lang, settings=VectorSettings(loss="softmax", **SMALL))


@pytest.mark.parametrize("loss", ["ns", "hs"])
@pytest.mark.parametrize("max_n", [0, 5])
def test_gensim_trains_whole_words_and_trees(corpus, tmp_path, loss, max_n):
    settings = VectorSettings(engine="gensim", loss=loss, **SMALL | {"max_n": max_n, "epochs": 10})
    train_vectors([corpus], tmp_path / "out", lang="xx", settings=settings)
    model = Model.load(tmp_path / "out" / "model.safetensors")
    assert model.outputs.any() and model.inputs.any() and (len(model.buckets) > 0) == (max_n > 0)
    with pytest.raises(RNNError, match="R216"):
        train_vectors([corpus], tmp_path / "x", lang="xx", settings=VectorSettings(engine="gensim", loss="softmax"))


def test_out_exists(corpus, tmp_path, lang):
    out = tmp_path / "out"
    out.mkdir()
    (out / "precious.txt").write_text("mine")
    with pytest.raises(RNNError, match="R207"):
        train_vectors([corpus], out, lang=lang)
    with pytest.raises(RNNError, match="R211"):
        train_vectors([corpus], out, lang=lang, force=True)
    assert (out / "precious.txt").exists()


MEASURED = """
import os, resource, sys
from pathlib import Path
from spacy_rnn.cli import app
def measured(work):  # the most lies on the disk before a file or folder is renamed
    def run(*args, **kwargs):
        disk.append(sum(path.stat().st_size for path in Path("new").rglob("*") if path.is_file()))
        return work(*args, **kwargs)
    return run
disk, os.replace, os.rename = [], measured(os.replace), measured(os.rename)
try:
    app()
finally:
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    print("\\nmeasured", max(disk) / 1e6, held / 1e6)
"""


@needs_compiler
@pytest.mark.parametrize("name", ["out", "out.safetensors", "out.bin", "out.vec"])
def test_the_plan_is_true(tmp_path, lang, name):
    """In a process of its own, which holds nothing else."""
    pytest.importorskip("resource")
    words, rng = [f"{lang}{number}" for number in range(20_000)], random.Random(0)
    lines = (" ".join(rng.choices(words, k=10)) for _ in range(20_000))
    (tmp_path / "a.txt").write_text("\n".join(lines), encoding="utf8")
    args = ["vectors", "train", "a.txt", f"new/{name}", "--lang", lang, "--epochs", "2", "--threads", "1"]
    said = subprocess.run(
        [sys.executable, "-c", MEASURED, *args],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        encoding="utf8",
        env=os.environ | {"PYTHONUTF8": "1"},
    ).stdout
    told = re.search(r"about (\d+) MB of memory, and (\d+) MB on disk, .* keep (\d+)", " ".join(said.split()))
    memory, disk, kept = map(int, told.groups())
    most_disk, held = map(float, said.split("measured")[-1].split())
    size = sum(path.stat().st_size for path in (tmp_path / "new").rglob("*") if path.is_file()) / 1e6
    assert abs(size - kept) < 0.05 * kept + 1
    assert abs(most_disk - disk) < 0.05 * disk + 1
    assert 0.7 * memory < held < 1.2 * memory


@needs_compiler
def test_too_little_disk_or_memory_is_told_beforehand(corpus, tmp_path, lang, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=10_000))
    with pytest.warns(UserWarning, match="W223.* 0 MB free"):
        train_vectors([corpus], tmp_path / "out", lang=lang, settings=VectorSettings(**SMALL))
    monkeypatch.setattr("spacy_rnn.vectors.model.memory_of_machine", lambda: 10_000)
    with pytest.raises(RNNError, match="R285.*--dim"):
        train_vectors([corpus], tmp_path / "more", lang=lang, settings=VectorSettings(**SMALL))
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([corpus.name, "out"])


@needs_compiler
def test_a_disk_that_is_really_full(corpus, tmp_path, lang):
    """``ulimit -f``: no file may grow larger."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    out, settings = tmp_path / "out", VectorSettings(**SMALL)
    large = replace(settings, dim=64)
    for most, given, code in [(2_000, settings, "R284"), (40_000, large, "R284"), (40_000, settings, "R218")]:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, before[1]))
        try:
            with pytest.raises(RNNError, match=code):  # while counting, at the first checkpoint, at the end
                train_vectors([corpus], out, lang=lang, settings=given)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        left = [corpus.name] if code == "R284" else [corpus.name, "out.unfinished"]
        assert sorted(path.name for path in tmp_path.iterdir()) == sorted(left)
    train_vectors([corpus], out, lang=lang, settings=settings, resume=True, progress=full)


def test_glove_has_defaults_of_its_own():
    epochs_and_lr = {
        (settings.epochs, settings.lr)
        for settings in (
            VectorSettings(),
            VectorSettings(model="glove"),
            VectorSettings(model="glove", epochs=3, lr=0.1),
        )
    }
    assert epochs_and_lr == {(5, 0.05), (15, 0.2), (3, 0.1)}


def test_no_such_gpu_is_told_before_reading(corpus, tmp_path):
    settings = VectorSettings(engine="torch", gpu_id=99)
    with pytest.raises(RNNError, match="R290.*99"):
        train_vectors([corpus], tmp_path / "out", lang="en", settings=settings, progress=full)
    assert [path.name for path in tmp_path.iterdir()] == [corpus.name]


@pytest.mark.parametrize("name", ["vectors-1.0", "out.floret", "out.tar"])
def test_a_name_that_cannot_be_written_is_told_before_training(corpus, tmp_path, name):
    with pytest.raises(RNNError, match="R254"):
        train_vectors([corpus], tmp_path / name, lang="en", progress=full)
    assert [path.name for path in tmp_path.iterdir()] == [corpus.name]


def test_unknown_language(corpus, tmp_path):
    with pytest.raises(RNNError, match="R209.*qqq"):
        train_vectors([corpus], tmp_path / "out", lang="qqq")


@pytest.mark.parametrize(
    "setting, value",
    [
        ("model", "bert"),
        ("loss", "nce"),
        ("engine", "cuda"),
        ("dim", 0),
        ("window", 65),
        ("ns_exponent", 1000),
        ("gpu_id", -7),
        ("lr", 0.0),
        ("lr", math.nan),
        ("threads", -1),
        ("bucket", 0),
        ("bucket", 2**31),
        ("dim", 99_999_999),
        ("negative", 1_000_000),
        ("lr", math.inf),
        ("sample", 1e-20),
        ("sample", 1.5),
        ("epochs", 10**9),
        ("seed", 2**32),
    ],
)
def test_settings_have_limits(setting, value):
    with pytest.raises(RNNError, match=f"R208.*--{setting.replace('_', '-')} "):
        VectorSettings(**{setting: value})


@needs_compiler
@pytest.mark.parametrize("model", ["skipgram", "cbow"])
@pytest.mark.parametrize("dim", [16, 50, 100])
def test_every_kind_of_processor_gets_the_same_vectors(corpus, model, dim, monkeypatch):
    """AVX-512, AVX2 and neither sum in another order, and that is all."""
    lines = corpus.read_text(encoding="utf8").splitlines()
    tables = []
    for level in (2, 1, 0):
        monkeypatch.setattr("spacy_rnn.vectors.engines.native.LEVEL", level)
        trained, _ = train_on_texts(lines, VectorSettings(model=model, **SMALL | {"dim": dim, "epochs": 1}))
        tables.append(trained.compose())
    for table in tables[1:]:
        numpy.testing.assert_allclose(table, tables[0], atol=2e-3)


@needs_compiler
def test_composed_as_without_a_compiler(corpus, monkeypatch):
    trained, _ = train_on_texts(corpus.read_text(encoding="utf8").splitlines(), VectorSettings(**SMALL))
    compiled = trained.compose()
    monkeypatch.setattr(native, "reason_missing", lambda: "for a test")
    numpy.testing.assert_allclose(trained.compose(), compiled, atol=1e-6)
