"""Training end to end: the loss is real and falls, and nothing half written is left."""

import json
import math

import numpy
import pytest
import spacy

from spacy_rnn.errors import RNNError
from spacy_rnn.vectors.loss import NegativeSamplingLoss
from spacy_rnn.vectors.settings import VectorSettings
from spacy_rnn.vectors.train import train_vectors

SMALL = {"dim": 16, "bucket": 500, "threads": 1, "min_count": 2, "epochs": 4, "sample": 0.0}


@pytest.mark.parametrize("model", ["skipgram", "cbow"])
def test_loss_falls(corpus, tmp_path, lang, model):
    states = []
    settings = VectorSettings(model=model, **SMALL)
    log = train_vectors([corpus], tmp_path / "out", lang=lang, settings=settings, progress=states.append)
    assert log == json.loads((tmp_path / "out" / "training.json").read_text(encoding="utf8"))
    losses = [log["loss"]["before"], *(epoch["loss"] for epoch in log["epochs"])]
    assert losses[0] > losses[1] > 1.01 * losses[2] and losses[-1] < 0.6 * losses[0]
    assert 4 * math.log(2) < losses[0] <= 6 * math.log(2)
    assert log["loss"]["of"] == "held-out sentences"
    assert [state.loss for state in states if state.loss is not None] == losses[1:]
    assert {(state.done, state.total) for state in states if state.loss} == {(log["corpus"]["words"],) * 2}
    nlp = spacy.load(tmp_path / "out")
    assert nlp.lang == lang and len(nlp.vocab.vectors) == log["vocabulary"]
    assert [path.name for path in tmp_path.iterdir() if path != corpus] == ["out"]


def test_vectors_know_the_grammar(corpus, tmp_path, lang):
    train_vectors([corpus], tmp_path / "out", lang=lang, settings=VectorSettings(**SMALL | {"epochs": 15}))
    noun, noun2, adverb = {"en": ("dog", "cat", "today"), "ru": ("кот", "моряк", "сегодня")}[lang]
    nlp = spacy.load(tmp_path / "out")
    noun, noun2, adverb = (nlp.vocab[word] for word in (noun, noun2, adverb))
    assert noun.similarity(noun2) > noun.similarity(adverb)


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
    loss = NegativeSamplingLoss(model, sentences, seed=1)
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
    strings = [spacy.load(tmp_path / "out").vocab.strings[key] for key in spacy.load(tmp_path / "out").vocab.vectors]
    assert {",", "Кот", "убежал", "."} <= set(strings)


def test_vocabulary_of_one_word(tmp_path):
    (tmp_path / "a.txt").write_text("word word word\n" * 10)
    log = train_vectors([tmp_path / "a.txt"], tmp_path / "out", lang="en", settings=VectorSettings(**SMALL))
    assert log["vocabulary"] == 1 and log["loss"]["of"] == "training sentences"
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
    with pytest.warns(UserWarning, match="W202.*100.0"):
        train_vectors([corpus], tmp_path / "out", lang="en", settings=VectorSettings(**SMALL | {"lr": 100.0}))


def test_interrupted_training_keeps_the_old_vectors(corpus, tmp_path, lang):
    settings = VectorSettings(**SMALL)
    train_vectors([corpus], tmp_path / "out", lang=lang, settings=settings)
    before = (tmp_path / "out" / "training.json").read_bytes()

    def interrupt(state):
        if state.loss is not None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train_vectors([corpus], tmp_path / "out", lang=lang, settings=settings, force=True, progress=interrupt)
    assert (tmp_path / "out" / "training.json").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([corpus.name, "out"])


def test_out_exists(corpus, tmp_path, lang):
    out = tmp_path / "out"
    out.mkdir()
    (out / "precious.txt").write_text("mine")
    with pytest.raises(RNNError, match="R207"):
        train_vectors([corpus], out, lang=lang)
    with pytest.raises(RNNError, match="R211"):
        train_vectors([corpus], out, lang=lang, force=True)
    assert (out / "precious.txt").exists()


def test_unknown_language(corpus, tmp_path):
    with pytest.raises(RNNError, match="R209.*qqq"):
        train_vectors([corpus], tmp_path / "out", lang="qqq")


@pytest.mark.parametrize(
    "setting, value",
    [("model", "glove"), ("dim", 0), ("max_n", 2), ("lr", 0.0), ("lr", math.nan), ("threads", -1), ("bucket", 0)],
)
def test_settings_have_limits(setting, value):
    with pytest.raises(RNNError, match=f"R208.*{setting}"):
        VectorSettings(**{setting: value})
