"""rnn_tagger as spaCy uses it: from add_pipe to other processes."""

import time

import numpy
import pytest
import spacy
from spacy.tokens import Doc
from spacy.training import Example
from spacy.util import fix_random_seed

from spacy_rnn.errors import RNNError
from spacy_rnn.viz.labelling.find import find

from .tiny import (
    SMALL,
    annotation,
    changed,
    gold_annotation,
    make_examples,
    make_nlp,
    predicted,
    tagger_of,
    texts_of,
    train,
)

# -- before training


def test_add_pipe():
    nlp = spacy.blank("en")
    tagger = nlp.add_pipe("rnn_tagger")
    assert nlp.pipe_names == ["rnn_tagger"] and tagger.labels == () and tagger.is_trainable
    analysis = nlp.analyze_pipes()["attrs"]
    assert {"token.tag", "token.pos", "token.morph"} <= set(analysis)


def test_not_initialized():
    nlp = make_nlp()
    with pytest.raises(ValueError, match="E109"):
        nlp("A text.")
    tagger_of(nlp).add_label("tag:NN")
    with pytest.raises(RNNError, match="R001|R108"):
        nlp("A text.")


def test_initialize_without_data():
    for nothing in (lambda: [], None):
        with pytest.raises(TypeError, match="E930"):
            tagger_of(make_nlp()).initialize(nothing)


def test_labels_come_from_the_data():
    nlp = make_nlp("ru")
    nlp.initialize(lambda: make_examples(nlp, "ru"))
    data = tagger_of(nlp).label_data
    assert data["tag"] == sorted({".", "IN", "NN", "RB", "VBD"})
    assert data["pos"] == ["ADP", "NOUN", "PART", "PUNCT", "VERB"]
    assert "_" in data["morph"] and "Case=Acc|Gender=Fem" in data["morph"]
    assert "morph:Case=Acc|Gender=Fem" in tagger_of(nlp).labels and "tag:NN" in tagger_of(nlp).labels


def test_initialize_with_labels():
    """As `spacy init labels` writes them; the examples may show fewer."""
    nlp = make_nlp()
    nlp.initialize(lambda: make_examples(nlp))
    labels = tagger_of(nlp).label_data
    other = make_nlp()
    tagger_of(other).initialize(lambda: make_examples(other)[:1], nlp=other, labels=labels)
    assert tagger_of(other).label_data == labels
    examples = make_examples(other)
    losses = other.update(examples, sgd=other.create_optimizer())
    assert losses["rnn_tagger"] > 0


def test_add_label():
    nlp = make_nlp()
    tagger = tagger_of(nlp)
    assert [tagger.add_label(label) for label in ("tag:NN", "tag:NN", "morph:Case=Nom")] == [1, 0, 1]
    assert tagger.labels == ("tag:NN", "morph:Case=Nom")
    for bad in ("NN", "lemma:be", "tag:"):
        with pytest.raises(RNNError, match="R112"):
            tagger.add_label(bad)
    with pytest.raises(RNNError, match="R116.*SUBSTANTIVE.*ADJ, ADP"):
        tagger.add_label("pos:SUBSTANTIVE")
    assert tagger.label_data == {"tag": ["NN"], "pos": [], "morph": ["Case=Nom"]}
    tagger.add_label("tag:RARE")
    nlp.initialize(lambda: make_examples(nlp))
    assert {"tag:RARE", "tag:NN", "morph:Case=Nom"} < set(tagger.labels)
    with pytest.raises(RNNError, match="R113"):
        tagger.add_label("tag:NEW")


def test_initialized_anew_on_another_corpus():
    nlp = make_nlp()
    train(nlp, make_examples(nlp), 2)
    examples = make_examples(nlp, "ru")
    train(nlp, examples)
    assert predicted(nlp, examples) == gold_annotation(examples)
    assert "tag:NNS" not in tagger_of(nlp).labels
    assert annotation(nlp.make_doc("")) == []


# -- trained


def test_overfits(trained):
    nlp, examples = trained
    assert predicted(nlp, examples) == gold_annotation(examples)
    scores = nlp.evaluate(examples)
    assert scores["tag_acc"] == scores["pos_acc"] == scores["morph_acc"] == 1.0
    assert all(feature["f"] == 1.0 for feature in scores["morph_per_feat"].values())


def test_learns_with_dropout_averages_and_gradients_in_two_halves():
    """As `spacy train` does it: accumulate_gradient, and the averages for evaluation."""
    nlp = make_nlp("ru")
    examples = make_examples(nlp, "ru")
    optimizer = nlp.initialize(lambda: examples)
    optimizer.learn_rate = 0.02
    for _ in range(60):
        nlp.update(examples[:2], sgd=False, drop=0.3)
        nlp.update(examples[2:], sgd=False, drop=0.3)
        tagger_of(nlp).finish_update(optimizer)
    with nlp.use_params(optimizer.averages):
        assert predicted(nlp, examples) == gold_annotation(examples)


def test_gradients_accumulate_over_batches():
    """Two halves without a step between them: the gradients of both, each the mean over its own tokens."""
    nlp = make_nlp(**changed("embed", word_dropout=0.0))  # the only chance left at drop = 0
    examples = make_examples(nlp)
    nlp.initialize(lambda: examples)
    shims = [shim for node in tagger_of(nlp).model.walk() for shim in node.shims]

    def gradients(*batches):
        for batch in batches:
            nlp.update(batch, sgd=False, drop=0.0)
        found = [parameter.grad.clone() for shim in shims for parameter in shim.net.parameters()]
        for shim in shims:
            shim.net.zero_grad()
        return found

    first, second, both = gradients(examples[:1]), gradients(examples[1:]), gradients(examples[:1], examples[1:])
    for f, s, b in zip(first, second, both, strict=True):
        assert numpy.allclose(f + s, b, atol=1e-6)


def test_saved_and_loaded(trained, tmp_path):
    nlp, examples = trained
    nlp.to_disk(tmp_path / "nlp")
    expected = predicted(nlp, examples)
    from_disk = spacy.util.load_model(tmp_path / "nlp")
    from_bytes = make_nlp(nlp.lang, store_scores=True).from_bytes(nlp.to_bytes())
    for other in (from_disk, from_bytes):
        assert predicted(other, examples) == expected
        assert tagger_of(other).label_data == tagger_of(nlp).label_data
    train(from_disk, examples, 1)


def test_trained_further_after_loading(trained):
    nlp, examples = trained
    other = make_nlp(nlp.lang).from_bytes(nlp.to_bytes())
    before = other.update(examples, sgd=other.resume_training())["rnn_tagger"]
    assert before < 1.0, "it goes on from where it was"


@pytest.mark.parametrize("texts", [[], [""], ["", ""], ["", "  \n", "a", ""], ["   "], ["\n\n"]], ids=repr)
def test_empty_and_whitespace_docs(trained, texts):
    nlp, _ = trained
    docs = list(nlp.pipe(texts))
    assert [doc.text for doc in docs] == texts
    assert all(token.tag_ and token.pos_ for doc in docs for token in doc)
    examples = [Example(nlp.make_doc(text), nlp.make_doc(text)) for text in texts]
    assert tagger_of(nlp).update(examples, losses={}) == {"rnn_tagger": 0.0}


def test_many_processes(trained):
    nlp, examples = trained
    texts = texts_of(examples) * 3
    expected = [annotation(doc) for doc in nlp.pipe(texts)]
    docs = list(nlp.pipe(texts, n_process=2, batch_size=2))
    assert [annotation(doc) for doc in docs] == expected
    assert docs[0][0]._.tag_scores["pos"]


def test_scores_of_each_label(trained):
    nlp, examples = trained
    for text in texts_of(examples):
        for token in nlp(text):
            scores = token._.tag_scores
            for head, found in (("tag", token.tag_), ("pos", token.pos_), ("morph", str(token.morph) or "_")):
                assert sum(scores[head].values()) == pytest.approx(1.0, abs=1e-5)
                assert list(scores[head].values()) == sorted(scores[head].values(), reverse=True)
                assert next(iter(scores[head])) == found
                assert set(scores[head]) == set(tagger_of(nlp).label_data[head])


def test_scores_of_several_taggers():
    nlp = make_nlp(store_scores=True, heads=["pos"])
    nlp.add_pipe("rnn_tagger", name="morphology", config={**SMALL, "store_scores": True, "heads": ["morph"]})
    nlp.initialize(lambda: make_examples(nlp))
    doc = nlp("A dog")
    scores = Doc(nlp.vocab).from_bytes(doc.to_bytes())[1]._.tag_scores
    assert not scores["tag"] and scores == doc[1]._.tag_scores
    for head, found in (("pos", doc[1].pos_), ("morph", str(doc[1].morph) or "_")):
        assert next(iter(scores[head])) == found
    shown = find(nlp, "A dog").scores
    assert [(each.component, each.head) for each in shown] == [("rnn_tagger", "pos"), ("morphology", "morph")]


def test_scores_only_on_request():
    nlp = make_nlp()
    nlp.initialize(lambda: make_examples(nlp))
    assert nlp("A dog")[0]._.tag_scores is None
    assert not nlp("A dog").user_data


def test_the_same_in_batches_of_any_size(trained):
    nlp, examples = trained
    random = numpy.random.default_rng(0)
    words = [token.text for example in examples for token in example.reference] + ["новое", "unseen", "42"]
    lengths = [0, 1, 60, *random.integers(0, 25, 100)]
    docs = [Doc(nlp.vocab, words=[words[i] for i in random.integers(0, len(words), n)]) for n in lengths]
    found = [[annotation(doc) for doc in nlp.pipe([d.copy() for d in docs], batch_size=n)] for n in (1, 7, 256)]
    assert found[0] == found[1] == found[2]


def test_hundred_thousand_tokens(trained):
    nlp, examples = trained
    words = [token.text for example in examples for token in example.reference]
    doc = Doc(nlp.vocab, words=(words * (100_000 // len(words) + 1))[:100_000])
    begin = time.perf_counter()
    found = annotation(tagger_of(nlp)(doc))
    assert time.perf_counter() - begin < 60
    assert len(found) == 100_000 and all(tag for tag, _, _ in found)


def test_select_pipes_and_sourcing(trained):
    nlp, examples = trained
    with nlp.select_pipes(disable=["rnn_tagger"]):
        assert nlp("A dog")[0].tag_ == ""
    other = spacy.blank(nlp.lang)
    other.add_pipe("rnn_tagger", source=nlp)
    assert predicted(other, examples) == predicted(nlp, examples)


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_listens_to_a_shared_tok2vec(lang, tmp_path):
    fix_random_seed(0)
    nlp = spacy.blank(lang)
    nlp.add_pipe("tok2vec", config={"model": SMALL["model"]["tok2vec"]})
    listener = {"@architectures": "spacy.Tok2VecListener.v1", "width": 32}
    nlp.add_pipe("rnn_tagger", config={"model": {"@architectures": "spacy-rnn.Tagger.v1", "tok2vec": listener}})
    examples = make_examples(nlp, lang)
    train(nlp, examples, 60)
    assert predicted(nlp, examples) == gold_annotation(examples)
    nlp.to_disk(tmp_path / "nlp")
    assert predicted(spacy.load(tmp_path / "nlp"), examples) == gold_annotation(examples)


def test_annotating_components():
    """Its tags arrive in the predicted side of the examples, for the components after it."""
    nlp = make_nlp()
    seen = []

    class Onlooker:
        is_trainable, model, name = True, object(), "onlooker"

        def __call__(self, doc):
            return doc

        def update(self, examples, **kwargs):
            seen.extend(annotation(example.predicted) for example in examples)

        def finish_update(self, sgd):
            pass

    examples = make_examples(nlp)
    train(nlp, examples)
    nlp._components.append(("onlooker", Onlooker()))
    nlp.update(examples, sgd=None, annotates=["rnn_tagger"])
    assert seen == gold_annotation(examples)
