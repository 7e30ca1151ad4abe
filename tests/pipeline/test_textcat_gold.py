"""Gold categories that are missing, wrong or one-sided."""

import warnings

import pytest
from spacy.training import Example

from spacy_rnn.errors import RNNError

from .tiny_texts import LABELS, TEXTS, chosen_labels, make_doc, make_examples, make_nlp, pipe_of, right_labels, train


def examples_of(nlp, *gold):
    return [Example(make_doc(nlp, f"word {i}"), _with(make_doc(nlp, f"word {i}"), cats)) for i, cats in enumerate(gold)]


def _with(doc, cats):
    doc.cats = cats
    return doc


def test_several_labels_in_an_exclusive_task():
    nlp = make_nlp()
    examples = examples_of(nlp, {"a": 1.0, "b": 1.0}, {"a": 1.0, "b": 0.0})
    with pytest.raises(RNNError, match=r"R157.*a, b.*word 0"):
        nlp.initialize(lambda: examples)


@pytest.mark.parametrize("value", [0.5, 2.0, -1.0])
def test_value_that_is_no_category(value):
    nlp = make_nlp()
    examples = examples_of(nlp, {"a": value, "b": 0.0}, {"a": 1.0, "b": 0.0})
    with pytest.raises(RNNError, match="R158"):
        nlp.initialize(lambda: examples)


def test_update_checks_too():
    nlp = make_nlp()
    train(nlp, make_examples(nlp), 1)
    with pytest.raises(RNNError, match="R157"):
        nlp.update(examples_of(nlp, {"good": 1.0, "bad": 1.0}))


def test_texts_without_a_label_are_told_and_left_out():
    nlp = make_nlp()
    examples = make_examples(nlp) + examples_of(nlp, {}, dict.fromkeys(LABELS, 0.0))
    with pytest.warns(UserWarning, match="W118.*2 of 8"):
        optimizer = nlp.initialize(lambda: examples)
    optimizer.learn_rate = 0.02
    for _ in range(40):
        nlp.update(examples, sgd=optimizer)
    assert chosen_labels(nlp, examples[:6]) == right_labels(examples[:6])
    assert nlp.evaluate(examples)["cats_acc"] == 1.0  # of those that have a label


def test_no_text_has_a_label():
    nlp = make_nlp()
    with pytest.raises(RNNError, match="R162.*2 texts"):
        nlp.initialize(lambda: examples_of(nlp, {}, {}))


def test_a_single_class():
    nlp = make_nlp()
    with pytest.raises(RNNError, match="R161.*: a"):
        nlp.initialize(lambda: examples_of(nlp, {"a": 1.0}, {"a": 1.0}))


def test_all_texts_in_one_class_of_two():
    nlp = make_nlp()
    with pytest.warns(UserWarning, match="W117.*: b"):
        nlp.initialize(lambda: examples_of(nlp, {"a": 1.0, "b": 0.0}, {"a": 1.0, "b": 0.0}))


def test_class_with_a_single_text():
    nlp = make_nlp()
    examples = make_examples(nlp)  # "plain" has one
    train(nlp, examples)
    assert chosen_labels(nlp, examples) == right_labels(examples)


def test_labels_unknown_to_the_component_are_told_once():
    nlp = make_nlp()
    train(nlp, make_examples(nlp), 1)
    unknown = examples_of(nlp, {"новый": 1.0})
    with pytest.warns(UserWarning, match="W119.*новый"):
        nlp.update([*make_examples(nlp), *unknown])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        losses = nlp.update(unknown)
    assert losses[pipe_of(nlp).name] == 0.0


def test_multi_label_text_may_leave_labels_open():
    nlp = make_nlp("bag_textcat", model={"exclusive_classes": False})
    examples = examples_of(nlp, {"a": 1.0}, {"b": 1.0, "a": 0.0}, {"a": 0.0, "b": 0.0})
    train(nlp, examples, 80)
    assert nlp("word 0").cats["a"] > 0.5 > nlp("word 2").cats["a"]


@pytest.mark.parametrize(
    "settings",
    [
        {"threshold": 1.5},
        {"thresholds": {"good": -0.1}},
        {"label_smoothing": -0.1},
        {"focal_gamma": -1.0},
        {"class_weights": "equal"},
        {"class_weights": {"good": -1.0}},
    ],
)
def test_settings_out_of_range(settings):
    with pytest.raises(RNNError, match="R159"):
        make_nlp(**settings)


@pytest.mark.parametrize("setting", ["class_weights", "thresholds"])
def test_settings_of_unknown_labels(setting):
    nlp = make_nlp(**{setting: {"goood": 0.5}})
    with pytest.raises(RNNError, match=f"R163.*{setting} names goood"):
        nlp.initialize(lambda: make_examples(nlp))


def test_bad_label():
    with pytest.raises(RNNError, match="R160"):
        pipe_of(make_nlp()).add_label("")
    nlp = make_nlp()
    with pytest.raises(RNNError, match="R160"):
        pipe_of(nlp).initialize(lambda: make_examples(nlp), labels=["good", 1])


def test_a_label_given_twice_is_one():
    nlp = make_nlp()
    pipe_of(nlp).initialize(lambda: make_examples(nlp), labels=[*LABELS, *LABELS])
    assert pipe_of(nlp).labels == tuple(LABELS)


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_streamed_corpus(lang):
    """Only the beginning is seen when the component is initialised; words are learned as they come."""
    nlp = make_nlp(lang=lang)
    nlp.config["training"]["max_epochs"] = -1
    examples = make_examples(nlp, lang)
    pipe_of(nlp).initialize(lambda: examples[:1], nlp=nlp, labels=LABELS)
    optimizer = nlp.create_optimizer()
    optimizer.learn_rate = 0.02
    for _ in range(40):
        nlp.update(examples, sgd=optimizer)
    assert chosen_labels(nlp, examples) == [right for _, right in TEXTS[lang]]
