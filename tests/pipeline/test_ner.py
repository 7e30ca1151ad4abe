"""rnn_ner as spaCy uses it: from add_pipe to other processes."""

import warnings

import numpy
import pytest
import spacy
from spacy.tokens import Doc
from spacy.training import Example
from spacy.util import fix_random_seed

from spacy_rnn.errors import RNNError

from .tiny_ner import (
    TOK2VEC,
    bare,
    entities,
    examples_of,
    gold_entities,
    make_examples,
    make_nlp,
    ner_config,
    ner_of,
    predicted,
    train,
)

# -- before training


def test_add_pipe():
    nlp = spacy.blank("en")
    ner = nlp.add_pipe("rnn_ner")
    assert nlp.pipe_names == ["rnn_ner"] and ner.labels == () and ner.is_trainable
    assert {"doc.ents", "token.ent_type"} <= set(nlp.analyze_pipes()["attrs"])


def test_not_initialized():
    nlp = make_nlp()
    with pytest.raises(ValueError, match="E109"):
        nlp("A text.")
    ner_of(nlp).add_label("PER")
    with pytest.raises(RNNError, match="R001|R130"):
        nlp("A text.")


def test_initialize_without_data():
    for nothing in (lambda: [], None):
        with pytest.raises(TypeError, match="E930"):
            ner_of(make_nlp()).initialize(nothing)
    nlp = make_nlp()
    with pytest.raises(RNNError, match="R117.*no words"):
        nlp.initialize(lambda: examples_of(nlp, ""))
    with pytest.raises(RNNError, match="R132.*no entities"):
        nlp.initialize(lambda: examples_of(nlp, "It rained ."))


def test_labels():
    nlp = make_nlp("ru")
    nlp.initialize(lambda: make_examples(nlp, "ru"))
    assert ner_of(nlp).labels == ("LOC", "ORG", "PER") and ner_of(nlp).label_data == ["LOC", "ORG", "PER"]
    given = make_nlp()
    examples = examples_of(given, "It rained .")
    ner_of(given).initialize(lambda: examples, nlp=given, labels=["PER", "LOC"])
    assert ner_of(given).label_data == ["PER", "LOC"]
    assert given.update(examples, sgd=given.create_optimizer())["rnn_ner"] > 0
    for bad in (["PER", "PER"], ["PER", ""], [" "], [1]):
        with pytest.raises(RNNError, match="R134"):
            ner_of(given).initialize(lambda: examples, nlp=given, labels=bad)
    with pytest.raises(RNNError, match="R131.*labels = 'PER'"):
        ner_of(given).initialize(lambda: examples, nlp=given, labels="PER")


def test_add_label():
    nlp = make_nlp()
    ner = ner_of(nlp)
    assert [ner.add_label(label) for label in ("PER", "PER", "GEO")] == [1, 0, 1]
    assert ner.labels == ("PER", "GEO")
    with pytest.raises(RNNError, match="R134"):
        ner.add_label("")
    nlp.initialize(lambda: examples_of(nlp, "It rained ."))
    assert ner.labels == ("GEO", "PER")
    ner = ner_of(nlp := make_nlp())
    ner.add_label("GEO")
    nlp.initialize(lambda: make_examples(nlp))
    assert ner.labels == ("GEO", "LOC", "ORG", "PER")
    with pytest.raises(RNNError, match="R133"):
        ner.add_label("NEW")


@pytest.mark.parametrize(
    "setting, value",
    [
        ("scheme", "BMES"),
        ("scheme", "IOBES"),
        ("threshold", 1.5),
        ("threshold", -0.1),
        ("temperature", 0.0),
        ("temperature", -1.0),
        ("nbest", -1),
        ("label_weights", {"PER": -1.0}),
        ("threshold", "0.5"),
    ],
)
def test_settings_are_checked(setting, value, trained_ner, ner_settings):
    with pytest.raises(RNNError, match=f"R131.*{setting} = "):
        make_nlp(**{setting: value})
    ner_settings[setting] = value
    with pytest.raises(RNNError, match="R131"):
        trained_ner[0]("A text.")


@pytest.mark.parametrize(
    "setting, value",
    [("temperature", None), ("temperature", "warm"), ("nbest", 2.5), ("nbest", None), ("label_weights", None)],
)
def test_settings_of_another_kind_are_told_as_such(setting, value, trained_ner, ner_settings):
    ner_settings[setting] = value
    with pytest.raises(RNNError, match=f"R131.*{setting} = "):
        trained_ner[0]("A text.")


def test_initialized_anew_on_another_corpus():
    nlp = make_nlp()
    train(nlp, examples_of(nlp, "[Acme|COMPANY] fell ."), 2)
    examples = make_examples(nlp, "ru")
    train(nlp, examples)
    assert predicted(nlp, examples) == gold_entities(examples)
    assert ner_of(nlp).labels == ("LOC", "ORG", "PER")


# -- trained


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize("scheme", ["BILUO", "IOB2"])
@pytest.mark.parametrize("decoder", ["crf", "softmax"])
def test_overfits(lang, scheme, decoder):
    nlp = make_nlp(lang, scheme=scheme, decoder=decoder)
    examples = make_examples(nlp, lang)
    train(nlp, examples)
    assert predicted(nlp, examples) == gold_entities(examples)
    scores = nlp.evaluate(examples)
    assert scores["ents_f"] == 1.0 and set(scores["ents_per_type"]) == {"LOC", "ORG", "PER"}


def test_learns_with_dropout_averages_and_gradients_in_two_halves():
    """As `spacy train` does it: accumulate_gradient, and the averages for evaluation."""
    nlp = make_nlp("ru")
    examples = make_examples(nlp, "ru")
    optimizer = nlp.initialize(lambda: examples)
    optimizer.learn_rate = 0.02
    for _ in range(60):
        nlp.update(examples[:2], sgd=False, drop=0.3)
        nlp.update(examples[2:], sgd=False, drop=0.3)
        ner_of(nlp).finish_update(optimizer)
    with nlp.use_params(optimizer.averages):
        assert predicted(nlp, examples) == gold_entities(examples)


def test_the_transitions_are_learned():
    """Their gradients come from the loss, not through the scores."""
    nlp = make_nlp()
    examples = make_examples(nlp)
    optimizer = nlp.initialize(lambda: examples)
    crf = ner_of(nlp).head.crf
    nlp.update(examples, sgd=False)
    once = crf.transitions.grad.clone()
    assert once.abs().sum() > 0
    ner_of(nlp).finish_update(optimizer)
    assert crf.transitions.abs().sum() > 0
    assert crf.transitions.grad is None or not crf.transitions.grad.any()


@pytest.mark.parametrize("sentence", ["It rained .", "[Acme|ORG]", "[Acme|ORG] [Acme|ORG] [Acme Inc Ltd|ORG]"])
def test_a_single_type(sentence):
    nlp = make_nlp()
    examples = examples_of(nlp, "[Acme|ORG] fell .", sentence)
    train(nlp, examples)
    assert predicted(nlp, examples) == gold_entities(examples)


def test_saved_and_loaded(trained_ner, tmp_path):
    nlp, examples = trained_ner
    nlp.to_disk(tmp_path / "nlp")
    expected = predicted(nlp, examples)
    from_disk = spacy.util.load_model(tmp_path / "nlp")
    from_bytes = make_nlp(nlp.lang).from_bytes(nlp.to_bytes())
    for other in (from_disk, from_bytes):
        assert predicted(other, examples) == expected
        assert ner_of(other).label_data == ner_of(nlp).label_data
    before = from_bytes.update(examples, sgd=from_bytes.resume_training())["rnn_ner"]
    assert before < 0.5, "it goes on from where it was"
    train(from_disk, examples, 1)


@pytest.mark.parametrize("texts", [[], [""], ["", ""], ["", "  \n", "a", ""], ["   "], ["\n\n"]], ids=repr)
@pytest.mark.parametrize("settings", [{}, {"threshold": 0.1, "nbest": 2}], ids=repr)
def test_empty_and_whitespace_docs(texts, settings, trained_ner, ner_settings):
    nlp, _ = trained_ner
    ner_settings.update(settings)
    docs = list(nlp.pipe(texts))
    assert [doc.text for doc in docs] == texts
    assert all(token.ent_iob for doc in docs for token in doc)
    assert not any(ent for doc in docs for ent in doc.ents if not ent.text.strip())
    found = ner_of(nlp).marginals([nlp.make_doc(text) for text in texts])
    assert [p.shape for _, p in found] == [(len(doc), 13) for doc in docs]
    examples = [Example(nlp.make_doc(text), nlp.make_doc(text)) for text in texts]
    assert ner_of(nlp).update(examples, losses={}) == {"rnn_ner": 0.0}


@pytest.mark.parametrize("scheme", ["BILUO", "IOB2"])
def test_no_entity_begins_or_ends_with_white_space(scheme):
    nlp = make_nlp(scheme=scheme)
    words = "\n\n Anna \n Smith \n Bob \n".split(" ")
    doc = Doc(nlp.vocab, words=words, ents=["B-PER", *["I-PER"] * (len(words) - 1)])
    train(nlp, [Example(bare(doc), doc)])  # a corpus that says so
    found = nlp(bare(doc)).ents
    assert found and all(ent.text == ent.text.strip() for ent in found)


def test_many_processes(trained_ner):
    nlp, examples = trained_ner
    texts = [example.reference.text for example in examples] * 3
    expected = [entities(doc) for doc in nlp.pipe(texts)]
    docs = list(nlp.pipe(texts, n_process=2, batch_size=2))
    assert [entities(doc) for doc in docs] == expected
    assert all(0 < ent._.confidence <= 1 for doc in docs for ent in doc.ents)


@pytest.mark.parametrize("threshold", [None, 0.3])
def test_the_same_in_batches_of_any_size(threshold, trained_ner, ner_settings):
    nlp, examples = trained_ner
    ner_settings["threshold"] = threshold
    random = numpy.random.default_rng(0)
    words = [token.text for example in examples for token in example.reference] + ["новое", "unseen", "42", "\n"]
    lengths = [0, 1, 60, *random.integers(0, 25, 60)]
    docs = [Doc(nlp.vocab, words=[words[i] for i in random.integers(0, len(words), n)]) for n in lengths]
    batches = [list(nlp.pipe([doc.copy() for doc in docs], batch_size=size)) for size in (1, 7, 256)]
    found = [[entities(doc) for doc in batch] for batch in batches]
    assert found[0] == found[1] == found[2] and any(found[0])
    sure = [numpy.array([ent._.confidence for doc in batch for ent in doc.ents]) for batch in batches]
    assert numpy.allclose(sure[0], sure[1], atol=1e-4) and numpy.allclose(sure[0], sure[2], atol=1e-4)


@pytest.mark.parametrize("tokens", [2, 50])
def test_long_documents_run_in_parts(tokens, trained_ner):
    """With the same result, whatever fits into memory at a time."""
    nlp, examples = trained_ner
    words = [token.text for example in examples for token in example.reference] * 4
    whole = entities(ner_of(nlp)(Doc(nlp.vocab, words=words)))
    config = ner_config()
    config["model"]["max_tokens"] = tokens
    other = spacy.blank(nlp.lang)
    other.add_pipe("rnn_ner", config=config)
    other.from_bytes(nlp.to_bytes())
    docs = [Doc(other.vocab, words=words[:n]) for n in (len(words), 3, 0, 20)]
    assert [entities(doc) for doc in ner_of(other).pipe(docs)][0] == whole and len(whole) > 8


def test_select_pipes_and_sourcing(trained_ner):
    nlp, examples = trained_ner
    with nlp.select_pipes(disable=["rnn_ner"]):
        assert not nlp("Anna")[0].ent_iob
    other = spacy.blank(nlp.lang)
    other.add_pipe("rnn_ner", source=nlp)
    assert predicted(other, examples) == predicted(nlp, examples)


def test_listens_to_a_shared_tok2vec(tmp_path):
    fix_random_seed(0)
    nlp = spacy.blank("en")
    nlp.add_pipe("tok2vec", config={"model": TOK2VEC})
    listener = {"@architectures": "spacy.Tok2VecListener.v1", "width": 32}
    nlp.add_pipe("rnn_ner", config=ner_config(tok2vec=listener))
    examples = make_examples(nlp)
    train(nlp, examples, 60)
    assert predicted(nlp, examples) == gold_entities(examples)
    nlp.to_disk(tmp_path / "nlp")
    assert predicted(spacy.load(tmp_path / "nlp"), examples) == gold_entities(examples)


# -- what it thinks


def test_marginals_and_transitions(trained_ner):
    nlp, examples = trained_ner
    docs = [bare(example.reference) for example in examples]
    for doc, (labels, p) in zip(docs, ner_of(nlp).marginals(docs), strict=True):
        assert labels[0] == "O" and "U-PER" in labels
        assert p.shape == (len(doc), len(labels)) and numpy.allclose(p.sum(1), 1, atol=1e-5)
    labels, scores, may = ner_of(nlp).transitions()
    assert scores.shape == may.shape == (13, 13) and scores.any()
    assert may[labels.index("B-PER"), labels.index("I-PER")] and not may[labels.index("O"), labels.index("I-PER")]
    softmax = make_nlp(decoder="softmax")
    softmax.initialize(lambda: make_examples(softmax))
    assert not ner_of(softmax).transitions()[1].any()


def test_no_warnings_where_nothing_is_wrong(trained_ner):
    nlp, examples = trained_ner
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ner_of(nlp).get_loss(examples, ner_of(nlp).model.predict([example.x for example in examples]))
