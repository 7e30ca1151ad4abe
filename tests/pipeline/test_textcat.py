"""bag_textcat, cnn_textcat and rnn_textcat: learning, predicting, saving, labels."""

import numpy
import pytest
import spacy
from spacy.tokens import Doc
from spacy.training import Example
from spacy.vectors import Vectors

from spacy_rnn.errors import RNNError
from spacy_rnn.pipeline.categories import best_thresholds

from .tiny_texts import (
    EMBED,
    LABELS,
    MODELS,
    TEXTS,
    chosen_labels,
    make_doc,
    make_examples,
    make_nlp,
    pipe_of,
    probabilities,
    right_labels,
    train,
)

NAMES = sorted(MODELS)
MULTI = {"exclusive_classes": False}
TWO = ["bad", "good"]
SEVERAL = [("funny and sad", ["good", "bad"]), ("funny", ["good"]), ("sad", ["bad"]), ("a table", [])]


@pytest.fixture(scope="module", params=[(name, lang) for name in NAMES for lang in ("en", "ru")], ids="-".join)
def trained(request):
    name, lang = request.param
    nlp = make_nlp(name, lang)
    examples = make_examples(nlp, lang)
    train(nlp, examples)
    return nlp, examples


@pytest.mark.parametrize("name", NAMES)
def test_default_config(name):
    nlp = spacy.blank("en")
    nlp.add_pipe(name)
    examples = make_examples(nlp)
    nlp.initialize(lambda: examples)
    assert nlp("funny").cats.keys() == set(LABELS)


def test_learns_by_heart(trained):
    nlp, examples = trained
    assert chosen_labels(nlp, examples) == right_labels(examples)
    assert nlp.evaluate(examples)["cats_acc"] == 1.0


def test_probabilities_of_exclusive_classes_sum_to_one(trained):
    nlp, examples = trained
    p = probabilities(nlp, [example.reference.text for example in examples])
    assert numpy.allclose(p.sum(1), 1.0, atol=1e-5) and (p > 0).all()


def test_neighbours_change_nothing(trained):
    nlp, examples = trained
    texts = [example.reference.text for example in examples] + ["", "funny", " ".join(TEXTS["ru"][3][0].split() * 60)]
    alone = numpy.concatenate([probabilities(nlp, [text]) for text in texts])
    for batch_size in (2, 100):
        assert numpy.allclose(probabilities(nlp, texts, batch_size=batch_size), alone, atol=1e-6)


def test_saved_and_loaded(trained, tmp_path):
    nlp, examples = trained
    texts = [example.reference.text for example in examples]
    nlp.to_disk(tmp_path / "model")
    again = spacy.load(tmp_path / "model")
    assert numpy.array_equal(probabilities(again, texts), probabilities(nlp, texts))
    copied = spacy.util.load_model_from_config(nlp.config).from_bytes(nlp.to_bytes())
    assert numpy.array_equal(probabilities(copied, texts), probabilities(nlp, texts))


def test_two_processes(trained):
    nlp, examples = trained
    texts = [example.reference.text for example in examples]
    docs = list(nlp.pipe(texts, n_process=2, batch_size=2))
    assert [doc.cats for doc in docs] == [doc.cats for doc in nlp.pipe(texts, batch_size=2)]
    assert [doc._.categories for doc in docs] == [doc._.categories for doc in nlp.pipe(texts)]


def test_empty_texts_have_categories_too(trained):
    nlp, _ = trained
    assert set(nlp("").cats) == set(LABELS)
    assert [set(doc.cats) for doc in nlp.pipe(["", "", "   \n"])] == [set(LABELS)] * 3


def test_several_labels():
    nlp = make_nlp("cnn_textcat", model=MULTI)
    examples = make_examples(nlp, texts=SEVERAL, labels=TWO)
    train(nlp, examples, 60)
    assert chosen_labels(nlp, examples) == [["bad", "good"], ["good"], ["bad"], []]
    scores = nlp.evaluate(examples)
    assert scores["cats_acc"] == 1.0 and scores["cats_micro_f"] == 1.0


def test_label_thresholds():
    nlp = make_nlp("cnn_textcat", model=MULTI, thresholds={"good": 1.0, "bad": 0.0})
    examples = make_examples(nlp, texts=SEVERAL, labels=TWO)
    train(nlp, examples, 5)
    assert chosen_labels(nlp, examples) == [["bad"]] * 4
    scores = nlp.evaluate(examples)["cats_f_per_type"]
    assert scores["bad"]["r"] == 1.0 and scores["bad"]["p"] == 0.5 and scores["good"]["r"] == 0.0


def test_threshold_leaves_a_text_without_category():
    nlp = make_nlp("bag_textcat", threshold=1.0)
    examples = make_examples(nlp)
    train(nlp, examples, 5)
    assert chosen_labels(nlp, examples) == [[]] * len(examples)


def test_not_initialized():
    with pytest.raises(ValueError, match="E109"):
        make_nlp()("funny")


def test_labels_given():
    nlp = make_nlp()
    examples = make_examples(nlp)
    with pytest.warns(UserWarning, match="W117.*other"):
        pipe_of(nlp).initialize(lambda: examples, nlp=nlp, labels=[*LABELS, "other"])
    assert pipe_of(nlp).labels == (*LABELS, "other")


def test_label_added_to_a_trained_component():
    nlp = make_nlp()
    examples = make_examples(nlp)
    train(nlp, examples)
    text = TEXTS["en"][0][0]
    before = nlp(text).cats
    assert pipe_of(nlp).add_label("new") == 1 and pipe_of(nlp).add_label("new") == 0
    after = nlp(text).cats
    assert after["new"] < 0.5 and max(after, key=after.get) == max(before, key=before.get)
    optimizer = nlp.resume_training()
    optimizer.learn_rate = 0.02
    new = [Example(make_doc(nlp, "zebra"), make_doc(nlp, "zebra", ["new"], [*LABELS, "new"]))]
    for _ in range(60):
        nlp.update([*examples, *new], sgd=optimizer)
    assert nlp("zebra")._.categories == ["new"]


def test_rare_label_counts_by_its_weight():
    texts = [("rare thing", ["bad"]), *[("rare thing", ["good"])] * 3, ("other", ["plain"])]
    found = {}
    for weights in (None, "balanced", {"bad": 10.0}):
        nlp = make_nlp("bag_textcat", class_weights=weights)
        train(nlp, make_examples(nlp, texts=texts), 80)
        found[str(weights)] = nlp("rare thing").cats["bad"]
    assert found["None"] < 0.4 < found["balanced"] < 0.6 < found["{'bad': 10.0}"]


def test_label_smoothing_and_focus_make_less_sure():
    sure = {}
    for name, settings in {"": {}, "smooth": {"label_smoothing": 0.2}, "focal": {"focal_gamma": 4.0}}.items():
        nlp = make_nlp("bag_textcat", **settings)
        train(nlp, make_examples(nlp), 60)
        sure[name] = probabilities(nlp, [text for text, _ in TEXTS["en"]]).max(1).mean()
    assert sure["smooth"] < sure[""] and sure["focal"] < sure[""]


def test_calibrated_probabilities_say_how_often_they_are_right():
    nlp = make_nlp("bag_textcat")
    train(nlp, make_examples(nlp), 150)
    doubtful = [(text, right) for text, right in TEXTS["en"]] + [(TEXTS["en"][0][0], ["bad"])] * 2
    examples = make_examples(nlp, texts=doubtful)
    before = probabilities(nlp, [TEXTS["en"][0][0]]).max()
    assert pipe_of(nlp).calibrate(examples) > 1.2
    assert probabilities(nlp, [TEXTS["en"][0][0]]).max() < before
    assert chosen_labels(nlp, make_examples(nlp)) == [right for _, right in TEXTS["en"]]


def test_calibrated_thresholds():
    nlp = make_nlp("bag_textcat", model=MULTI)
    examples = make_examples(nlp, texts=SEVERAL, labels=TWO)
    train(nlp, examples, 60)
    pipe_of(nlp).calibrate(examples)
    pipe_of(nlp).find_thresholds(examples)
    assert set(pipe_of(nlp).cfg["thresholds"]) == set(TWO)
    assert nlp.evaluate(examples)["cats_micro_f"] == 1.0


def test_best_thresholds_are_half_of_the_best_f1():
    random = numpy.random.RandomState(0)
    scores = numpy.stack([random.beta(a, b, 20000) for a, b in ((0.5, 3), (2, 2), (0.2, 5))], axis=1)
    gold = random.rand(*scores.shape) < scores
    for limit, p, right in zip(best_thresholds(scores), scores.T, gold.T, strict=True):
        f1 = {t: 2 * right[p >= t].sum() / ((p >= t).sum() + right.sum()) for t in numpy.arange(0.02, 0.98, 0.02)}
        assert limit == pytest.approx(max(f1.values()) / 2, abs=0.02)
        assert 2 * right[p >= limit].sum() / ((p >= limit).sum() + right.sum()) > max(f1.values()) - 0.01
    rare = numpy.array([[0.9, 1e-6], [0.3, 0.0], [0.2, 1e-6]])
    assert numpy.isnan(best_thresholds(rare)).tolist() == [False, True]
    assert numpy.isnan(best_thresholds(rare[:0])).all()


@pytest.mark.parametrize("exclusive", [True, False])
def test_a_label_that_hardly_occurs_keeps_the_usual_threshold(exclusive):
    nlp = make_nlp("bag_textcat", model={"exclusive_classes": exclusive})
    texts = [(f"{text} {word}", right) for text, right in TEXTS["en"] for word in "abc"]
    with pytest.warns(UserWarning, match="W117.*never"):
        train(nlp, make_examples(nlp, texts=texts, labels=[*LABELS, "never"]), 60)
    pipe_of(nlp).find_thresholds(make_examples(nlp, texts=texts))
    assert set(pipe_of(nlp).cfg["thresholds"]) == set(LABELS)
    assert chosen_labels(nlp, make_examples(nlp)) == [right for _, right in TEXTS["en"]]


@pytest.mark.parametrize(
    "model",
    [
        {"ngram_rows": 1000, "ngram_width": 8},
        {"ngram_rows": 1000, "ngram_dropout": 0.3},
        {"hidden": 12},
        {"word_dropout": 0.3, "embed_dropout": 0.5},
        {"window": 3},
    ],
    ids=str,
)
@pytest.mark.parametrize("name", NAMES)
def test_other_settings(name, model):
    nlp = make_nlp(name, model=model)
    examples = make_examples(nlp)
    train(nlp, examples, 60, drop=0.1)
    assert chosen_labels(nlp, examples) == right_labels(examples)


@pytest.mark.parametrize("width", [0, 16])
def test_ngrams_know_the_order_of_words(width):
    nlp = make_nlp("bag_textcat", model={"ngram_rows": 1000, "ngram_width": width})
    examples = make_examples(nlp, texts=[("man bites dog", ["good"]), ("dog bites man", ["bad"])] * 2, labels=TWO)
    train(nlp, examples, 60)
    assert chosen_labels(nlp, examples) == right_labels(examples)


@pytest.mark.parametrize("name", NAMES)
def test_in_the_place_of_spacys_model(name, tmp_path):
    architecture = {"bag": "Bag", "cnn": "CNN", "rnn": "RNN"}[name[:3]]
    model = {"@architectures": f"spacy-rnn.TextCat{architecture}.v1", "tok2vec": EMBED, **MODELS[name]}
    for factory, texts in (("textcat", TEXTS["en"]), ("textcat_multilabel", SEVERAL)):
        nlp = spacy.blank("en")
        exclusive = factory == "textcat"
        nlp.add_pipe(factory, config={"model": {**model, "exclusive_classes": exclusive}})
        labels = LABELS if exclusive else TWO
        examples = make_examples(nlp, texts=texts, labels=labels)
        train(nlp, examples, 60)
        assert nlp.evaluate(examples)["cats_micro_f"] == 1.0
        nlp.to_disk(tmp_path / factory)
        again = spacy.load(tmp_path / factory)
        assert again(texts[0][0]).cats == nlp(texts[0][0]).cats
        nlp.get_pipe(factory).add_label("new")
        assert set(nlp(texts[0][0]).cats) == {*labels, "new"}


def test_rehearsed_by_spacy():
    nlp = spacy.blank("en")
    model = {"@architectures": "spacy-rnn.TextCatCNN.v1", "tok2vec": EMBED, **MODELS["cnn_textcat"]}
    nlp.add_pipe("textcat", config={"model": model})
    examples = make_examples(nlp)
    train(nlp, examples)
    optimizer, learned = nlp.resume_training(), probabilities(nlp, [TEXTS["en"][0][0]])
    optimizer.learn_rate = 0.01
    wrong = make_examples(nlp, texts=[(text, ["plain"]) for text, _ in TEXTS["en"]])
    for _ in range(20):
        nlp.update(wrong, sgd=optimizer)
    forgotten = probabilities(nlp, [TEXTS["en"][0][0]])
    for _ in range(40):
        nlp.rehearse(examples, sgd=optimizer)
    rehearsed = probabilities(nlp, [TEXTS["en"][0][0]])
    assert numpy.abs(rehearsed - learned).max() < numpy.abs(forgotten - learned).max() / 2


@pytest.mark.parametrize("vectors", ["static", "finetuned", "multichannel"])
@pytest.mark.parametrize("name", NAMES)
def test_vectors_of_the_pipeline(name, vectors):
    nlp = make_nlp(name, model={"tok2vec": {**EMBED, "vectors": vectors}})
    words = sorted({word for text, _ in TEXTS["en"] for word in text.split()})
    data = numpy.random.default_rng(0).normal(size=(len(words), 16)).astype("float32")
    nlp.vocab.vectors = Vectors(strings=nlp.vocab.strings, data=data, keys=words)
    examples = make_examples(nlp)
    train(nlp, examples, 60)
    assert chosen_labels(nlp, examples) == right_labels(examples)


def test_trained_anew_it_is_not_calibrated():
    nlp = make_nlp(thresholds={"bad": 0.4})
    examples = make_examples(nlp)
    train(nlp, examples, 20)
    pipe_of(nlp).calibrate(examples)
    pipe_of(nlp).find_thresholds(examples)
    nlp.initialize(lambda: examples)
    assert pipe_of(nlp).cfg["temperature"] == 1.0 and pipe_of(nlp).cfg["thresholds"] == {"bad": 0.4}


def test_label_added_during_training_with_averages():
    nlp = make_nlp()
    examples = make_examples(nlp)
    optimizer = nlp.initialize(lambda: examples)
    optimizer.averages = {}
    nlp.update(examples, sgd=optimizer)
    pipe_of(nlp).add_label("new")
    with nlp.use_params(optimizer.averages):
        assert "new" in nlp("zebra").cats
    nlp.update(examples, sgd=optimizer)
    with nlp.use_params(optimizer.averages):
        assert "new" in nlp("zebra").cats


def test_listens_to_a_shared_tok2vec():
    nlp = spacy.blank("en")
    nlp.add_pipe("tok2vec", config={"model": {"@architectures": "spacy.HashEmbedCNN.v2", "width": 16, "depth": 1,
                 "embed_size": 200, "window_size": 1, "maxout_pieces": 2, "subword_features": True,
                 "pretrained_vectors": None}})  # fmt: skip
    listener = {"@architectures": "spacy.Tok2VecListener.v1", "width": 16}
    nlp.add_pipe("cnn_textcat", config={"model": {"tok2vec": listener, "window": 3, **MODELS["cnn_textcat"]}})
    examples = make_examples(nlp)
    optimizer = nlp.initialize(lambda: examples)
    optimizer.learn_rate = 0.02
    for _ in range(60):
        nlp.update(examples, sgd=optimizer)
    assert nlp.evaluate(examples)["cats_acc"] == 1.0


def test_long_text_is_read_in_windows():
    nlp = make_nlp("rnn_textcat", model={"window": 50, "max_tokens": 120})
    examples = make_examples(nlp)
    train(nlp, examples)
    good, bad = "a warm , funny and wise film", "dull , slow and far too long"
    text = " ".join([good] * 300 + [bad] * 20)
    assert nlp(text)._.categories == ["good"] and nlp(text).cats["bad"] > nlp(good).cats["bad"]
    long = Example(make_doc(nlp, text), make_doc(nlp, text, ["bad"]))
    optimizer = nlp.resume_training()
    optimizer.learn_rate = 0.02
    for _ in range(30):
        nlp.update([long], sgd=optimizer)
    assert nlp(text)._.categories == ["bad"]


def test_windows_of_any_size_are_the_same_on_short_texts():
    nlp = make_nlp("cnn_textcat", model={"window": 0})
    examples = make_examples(nlp)
    train(nlp, examples)
    texts = [text for text, _ in TEXTS["en"]]
    before = probabilities(nlp, texts)
    pipe_of(nlp).model.get_ref("logits").attrs["reading"].max_tokens = 3
    assert numpy.allclose(probabilities(nlp, texts), before, atol=1e-6)


@pytest.mark.filterwarnings("error")
def test_two_thousand_labels():
    nlp = make_nlp("bag_textcat")
    labels = [f"label {i}" for i in range(2000)]
    examples = [
        Example(make_doc(nlp, f"word{i}"), make_doc(nlp, f"word{i}", [label], [label]))
        for i, label in enumerate(labels)
    ]
    optimizer = nlp.initialize(lambda: examples)
    optimizer.learn_rate = 0.05
    for _ in range(8):
        nlp.update(examples, sgd=optimizer)
    assert len(nlp("word7").cats) == 2000
    assert nlp.evaluate(examples[:200])["cats_acc"] > 0.9


@pytest.mark.parametrize("text", ["😀 смешно funny 好き", "a\tb\n\n c", "x" * 5000])
def test_odd_texts(trained, text):
    nlp, _ = trained
    assert abs(sum(nlp(text).cats.values()) - 1) < 1e-5


def test_doc_with_categories_of_another_component(trained):
    nlp, _ = trained
    doc = Doc(nlp.vocab, words=["funny"])
    doc.cats["other"] = 0.7
    assert set(nlp(doc).cats) == {*LABELS, "other"}


def test_model_that_gives_no_logits():
    with pytest.raises(RNNError, match="R156"):
        spacy.blank("en").add_pipe(
            "cnn_textcat",
            config={
                "model": {
                    "@architectures": "spacy.TextCatBOW.v3",
                    "exclusive_classes": True,
                    "ngram_size": 1,
                    "no_output_layer": False,
                }
            },
        )
