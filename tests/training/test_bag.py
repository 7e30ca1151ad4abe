"""Bags trained at full speed: what comes out is a pipeline like any other."""

import json
import warnings
from dataclasses import replace

import numpy
import pytest
import spacy
from spacy.tokens import DocBin
from spacy.training import Example
from spacy.vectors import Vectors

from spacy_rnn.errors import RNNError
from spacy_rnn.nets import bag as engine
from spacy_rnn.training import bag as training
from spacy_rnn.training.bag import BagSettings, train_bag

from ..pipeline.tiny_texts import LABELS, TEXTS

pytestmark = pytest.mark.filterwarnings("ignore:.W312")  # where nothing is compiled
SMALL = BagSettings(dim=16, buckets=500, epochs=60, dropout=0.0)
MOODS = [  # any number of labels
    ("радость и страх", ["joy", "fear"]),
    ("чистая радость", ["joy"]),
    ("только страх", ["fear"]),
    ("обычный день", []),
]


def write(path, texts, field="label"):
    rows = [{"text": text, field: right if field == "labels" else right[0]} for text, right in texts]
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf8")
    return path


def write_docs(path, texts, labels, lang="en"):
    nlp, docs = spacy.blank(lang), []
    for text, right in texts:
        doc = nlp.make_doc(text)
        doc.cats = {label: float(label in right) for label in labels} if right is not None else {}
        docs.append(doc)
    DocBin(docs=docs).to_disk(path)
    return path


@pytest.fixture
def corpus(tmp_path):
    return write(tmp_path / "train.jsonl", TEXTS["en"])


@pytest.fixture(params=["compiled", "numpy"])
def either(request, monkeypatch):
    """With the compiled part and without it."""
    if request.param == "compiled":
        if engine.reason_missing():
            pytest.skip("not compiled")
        return
    monkeypatch.setattr(engine, "reason_missing", lambda: "no compiler")


def best(nlp, texts):
    return [max(doc.cats, key=doc.cats.get) for doc in nlp.pipe([text for text, _ in texts])]


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_learns_by_heart(tmp_path, lang, either):
    path = write(tmp_path / "train.jsonl", TEXTS[lang])
    log = train_bag(path, tmp_path / "out", lang=lang, dev=path, settings=SMALL)
    nlp = spacy.load(tmp_path / "out")
    assert best(nlp, TEXTS[lang]) == [right[0] for _, right in TEXTS[lang]]
    assert log["exclusive"] and log["labels"] == LABELS and log["dev"]["cats_acc"] == 1.0
    assert log["losses"][-1] < log["losses"][0] / 4
    assert nlp.meta["performance"]["cats_acc"] == 1.0


@pytest.mark.parametrize("ngrams, least", [(1, 1), (2, 1), (3, 2)])
@pytest.mark.parametrize("attr", ["LOWER", "ORTH"])
def test_the_model_computes_what_was_trained(tmp_path, corpus, monkeypatch, ngrams, least, attr):
    kept = []
    monkeypatch.setattr(training, "fit", lambda *given: kept.append(given) or FIT(*given))
    settings = replace(SMALL, ngrams=ngrams, min_count=least, attr=attr, epochs=5, dropout=0.3)
    train_bag(corpus, tmp_path / "out", lang="en", settings=settings)
    texts, weights, exclusive = kept[0][:3]
    wanted = engine.make_bag(weights, texts, exclusive).logits(numpy.arange(len(texts), dtype="int32"))
    nlp = spacy.load(tmp_path / "out")
    docs = [nlp.make_doc(text) for text, _ in TEXTS["en"]]
    found = nlp.get_pipe("bag_textcat").model.get_ref("logits").predict(docs)
    assert found == pytest.approx(wanted, abs=1e-5) and numpy.abs(wanted).max() > 0.01
    assert nlp("ten")[0].like_num  # words know of themselves what they always do


FIT = training.fit


@pytest.mark.parametrize("form", ["jsonl", "spacy"])
def test_any_number_of_labels(tmp_path, form, either):
    path = tmp_path / f"train.{form}"
    write(path, MOODS, "labels") if form == "jsonl" else write_docs(path, MOODS, ["joy", "fear"], "ru")
    log = train_bag(path, tmp_path / "out", lang="ru", settings=replace(SMALL, lr=1.0, epochs=100))
    assert not log["exclusive"]
    nlp = spacy.load(tmp_path / "out")
    for text, right in MOODS:
        assert sorted(nlp(text)._.categories) == sorted(right)


def test_vectors_are_where_it_starts(tmp_path, corpus):
    vectors = spacy.blank("en")
    words = sorted({word for text, _ in TEXTS["en"] for word in text.split()}) + ["weise"]
    data = numpy.random.default_rng(0).normal(size=(len(words), 12)).astype("float32")
    data[words.index("weise")] = data[words.index("wise")]
    vectors.vocab.vectors = Vectors(strings=vectors.vocab.strings, data=data, keys=words)
    vectors.to_disk(tmp_path / "vectors")
    train_bag(corpus, tmp_path / "out", lang="en", vectors=tmp_path / "vectors", settings=replace(SMALL, min_count=2))
    nlp = spacy.load(tmp_path / "out")
    assert best(nlp, TEXTS["en"]) == [right[0] for _, right in TEXTS["en"]]
    embed = nlp.get_pipe("bag_textcat").model.get_ref("tok2vec")
    rare, unseen = (embed.predict([nlp.make_doc(word)])[0] for word in ("wise", "weise"))
    assert "wise" not in embed.attrs["words"] and (rare == unseen).all() and rare.any()
    with pytest.raises(RNNError, match="R581"):
        train_bag(corpus, tmp_path / "other", lang="ru", vectors=tmp_path / "vectors")
    spacy.blank("en").to_disk(tmp_path / "empty")
    with pytest.raises(RNNError, match="R580"):
        train_bag(corpus, tmp_path / "other", lang="en", vectors=tmp_path / "empty")
    assert not (tmp_path / "other").exists()


def test_unknown_words_say_nothing(tmp_path, corpus):
    train_bag(corpus, tmp_path / "out", lang="en", settings=SMALL)
    nlp = spacy.load(tmp_path / "out")
    logits = nlp.get_pipe("bag_textcat").model.get_ref("logits")
    nothing, unknown, known = logits.predict([nlp.make_doc(text) for text in ("", "xyzzy", "dull")])
    assert unknown == pytest.approx(nothing) and numpy.abs(known - nothing).max() > 0.5


def test_one_thread_is_repeatable_and_several_learn_too(tmp_path):
    texts = [(f"{text} {number}", right) for number in range(150) for text, right in TEXTS["en"]]
    path, made = write(tmp_path / "train.jsonl", texts), []
    for name, threads, seed in (("a", 1, 0), ("b", 1, 0), ("c", 1, 1), ("d", 4, 0)):
        settings = replace(SMALL, epochs=4, threads=threads, seed=seed, dropout=0.2)
        log = train_bag(path, tmp_path / name, lang="en", settings=settings)
        heads = spacy.load(tmp_path / name).get_pipe("bag_textcat").model.get_ref("heads")
        made.append(heads.shims[0].net.ngrams.weight.detach().numpy())
        assert log["losses"][-1] < 0.2
    assert (made[0] == made[1]).all() and (made[0] != made[2]).any()


def test_it_can_be_trained_further(tmp_path, corpus):
    train_bag(corpus, tmp_path / "out", lang="en", settings=replace(SMALL, epochs=2))
    nlp = spacy.load(tmp_path / "out")
    examples = []
    for text, right in TEXTS["en"]:
        doc = nlp.make_doc(text)
        examples.append(Example.from_dict(doc, {"cats": {label: float(label in right) for label in LABELS}}))
    optimizer = nlp.resume_training()
    optimizer.learn_rate = 0.05
    losses = [nlp.update(examples, sgd=optimizer)["bag_textcat"] for _ in range(40)]
    assert losses[-1] < 0.3 < losses[0]
    temperature = nlp.get_pipe("bag_textcat").calibrate(examples)
    assert temperature < 1.0  # it knows them by heart


# -- Bad input


@pytest.mark.parametrize(
    "texts, code, settings",
    [
        ([("a", ["x"]), ("b", ["x"])], "R577", {}),
        ([("a", None), ("b", None)], "R576", {}),
        ([("a", ["x", "y"]), ("b", ["x"])], "R575", {"loss": "softmax"}),
    ],
)
def test_texts_that_cannot_be_learned(tmp_path, texts, code, settings):
    path = write_docs(tmp_path / "train.spacy", texts, ["x", "y"])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(RNNError, match=code):
            train_bag(path, tmp_path / "out", lang="en", settings=BagSettings(**settings))
    assert [file.name for file in tmp_path.iterdir()] == ["train.spacy"]


def test_values_that_are_no_categories(tmp_path):
    doc = spacy.blank("en").make_doc("half")
    doc.cats = {"x": 0.5, "y": 1.0}
    DocBin(docs=[doc]).to_disk(tmp_path / "train.spacy")
    with pytest.raises(RNNError, match="R574.*text 1.*'x'"):
        train_bag(tmp_path / "train.spacy", tmp_path / "out", lang="en")


def test_texts_without_categories_are_told(tmp_path):
    texts = [("good day", ["x"]), ("who knows", None), ("bad day", ["y"])]
    path = write_docs(tmp_path / "train.spacy", texts, ["x", "y"])
    with pytest.warns(UserWarning, match="W310.*1 text.*Text 2"):
        log = train_bag(path, tmp_path / "out", lang="en", settings=SMALL)
    assert log["texts"] == 2


def test_empty_and_long_texts(tmp_path):
    texts = [("", ["x"]), (" ", ["y"]), ("день 😀 day", ["x"]), ("z " * 20000, ["y"])]
    path = write_docs(tmp_path / "train.spacy", texts, ["x", "y"])
    train_bag(path, tmp_path / "out", lang="en", settings=replace(SMALL, lr=1.0))
    nlp = spacy.load(tmp_path / "out")
    assert nlp("z " * 20000).cats["y"] > 0.5 > nlp("день 😀 day").cats["y"]


@pytest.mark.parametrize("form, code", [("jsonl", "R509"), ("spacy", "R578")])
def test_labels_of_dev_must_be_known(tmp_path, corpus, form, code):
    dev = [("a new day", ["new"])]
    path = tmp_path / f"dev.{form}"
    write(path, dev) if form == "jsonl" else write_docs(path, dev, ["new"])
    with pytest.raises(RNNError, match=f"{code}.*new"):
        train_bag(corpus, tmp_path / "out", lang="en", dev=path, settings=SMALL)
    assert not (tmp_path / "out").exists()


def test_texts_without_words_beside_vectors(tmp_path, monkeypatch):
    monkeypatch.setattr("spacy_rnn.training.bag_corpus.BLOCK", 2)
    vectors = spacy.blank("en")
    vectors.vocab.vectors = Vectors(strings=vectors.vocab.strings, data=numpy.ones((1, 3), "float32"), keys=["a"])
    vectors.to_disk(tmp_path / "vectors")
    path = write_docs(tmp_path / "train.spacy", [("", ["x"]), ("", ["y"]), ("a b", ["x"]), ("b", ["y"])], ["x", "y"])
    log = train_bag(path, tmp_path / "out", lang="en", vectors=tmp_path / "vectors", settings=SMALL)
    assert log["texts"] == 4 and spacy.load(tmp_path / "out")("a").cats["x"] > 0.5


def test_what_is_there_stays(tmp_path, corpus):
    (tmp_path / "out").mkdir()
    for force, code in ((False, "R571"), (True, "R572")):
        with pytest.raises(RNNError, match=code):
            train_bag(corpus, tmp_path / "out", lang="en", settings=SMALL, force=force)
    (tmp_path / "out").rmdir()
    for _ in range(2):
        train_bag(corpus, tmp_path / "out", lang="en", settings=replace(SMALL, epochs=1), force=True)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["out", "train.jsonl"]


def test_ctrl_c_leaves_nothing(tmp_path, corpus):
    def stop(state):
        if state.epoch == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train_bag(corpus, tmp_path / "out", lang="en", settings=replace(SMALL, threads=2), progress=stop)
    assert [file.name for file in tmp_path.iterdir()] == ["train.jsonl"]


@pytest.mark.parametrize(
    "setting",
    [{"dim": 0}, {"lr": 0.0}, {"lr": float("nan")}, {"dropout": 1.0}, {"epochs": 0}, {"threads": 0}, {"loss": "hs"}]
    + [{"attr": "LEMMA"}, {"buckets": 2**31}, {"seed": -1}],
)
def test_settings_that_cannot_be(setting):
    with pytest.raises(RNNError, match=f"R573.*--{next(iter(setting))}"):
        BagSettings(**setting)


@pytest.mark.parametrize("lr", [1e6, 1e30])
def test_steps_that_are_too_long(tmp_path, corpus, either, lr):
    with pytest.raises(RNNError, match="R579.*--lr"):
        train_bag(corpus, tmp_path / "out", lang="en", settings=replace(SMALL, lr=lr))
    assert not (tmp_path / "out").exists()
