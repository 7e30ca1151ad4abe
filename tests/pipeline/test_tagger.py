"""rnn_tagger as spaCy uses it: from add_pipe to other processes."""

import time
import warnings

import numpy
import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example
from spacy.util import fix_random_seed

from spacy_rnn.errors import RNNError

SMALL = {
    "model": {
        "@architectures": "spacy-rnn.Tagger.v1",
        "tok2vec": {
            "@architectures": "spacy.Tok2Vec.v2",
            "embed": {
                "@architectures": "spacy-rnn.CharWordEmbed.v1",
                "width": 24,
                "word_width": 16,
                "min_freq": 1,
                "char_output": 16,
                "ngram_rows": 1000,
            },
            "encode": {"@architectures": "spacy-rnn.RNNEncoder.v1", "width": 32},
        },
    }
}

# form, tag, part of speech, features
EN = """
The DT DET Definite=Def|PronType=Art; children NNS NOUN Number=Plur; saw VBD VERB Tense=Past; a DT DET Definite=Ind|PronType=Art; dog NN NOUN Number=Sing; . . PUNCT _
She PRP PRON Number=Sing|Person=3; saw VBD VERB Tense=Past; the DT DET Definite=Def|PronType=Art; saw NN NOUN Number=Sing; . . PUNCT _
They PRP PRON Number=Plur|Person=3; walk VBP VERB Tense=Pres; their PRP$ PRON Number=Plur|Poss=Yes; dogs NNS NOUN Number=Plur; . . PUNCT _
A DT DET Definite=Ind|PronType=Art; walk NN NOUN Number=Sing; helps VBZ VERB Number=Sing|Tense=Pres; the DT DET Definite=Def|PronType=Art; children NNS NOUN Number=Plur; . . PUNCT _
"""
RU = """
Мама NN NOUN Case=Nom|Gender=Fem; мыла VBD VERB Gender=Fem|Tense=Past; раму NN NOUN Case=Acc|Gender=Fem; . . PUNCT _
Кот NN NOUN Case=Nom|Gender=Masc; видел VBD VERB Gender=Masc|Tense=Past; маму NN NOUN Case=Acc|Gender=Fem; . . PUNCT _
Стол NN NOUN Case=Nom|Gender=Masc; видел VBD VERB Gender=Masc|Tense=Past; стол NN NOUN Case=Acc|Gender=Masc; ? . PUNCT _
У IN ADP _; мамы NN NOUN Case=Gen|Gender=Fem; не RB PART Polarity=Neg; было VBD VERB Gender=Neut|Tense=Past; кота NN NOUN Case=Gen|Gender=Masc; . . PUNCT _
"""
CORPORA = {"en": EN, "ru": RU}


def make_examples(nlp, lang="en", layers=("tags", "pos", "morphs")):
    examples = []
    for line in CORPORA[lang].strip().splitlines():
        words, *gold = zip(*(word.split() for word in line.split(";")), strict=True)
        gold = dict(zip(("tags", "pos", "morphs"), gold, strict=True))
        reference = Doc(nlp.vocab, words=words, **{layer: gold[layer] for layer in layers})
        examples.append(Example(Doc(nlp.vocab, words=words), reference))
    return examples


def make_nlp(lang="en", **config) -> Language:
    fix_random_seed(0)
    nlp = spacy.blank(lang)
    nlp.add_pipe("rnn_tagger", config={**SMALL, **config})
    return nlp


def changed(part, **changes):
    """The config with another embedding or encoder."""
    tok2vec = SMALL["model"]["tok2vec"]
    return {"model": {**SMALL["model"], "tok2vec": {**tok2vec, part: {**tok2vec[part], **changes}}}}


def train(nlp, examples, steps=40, **settings):
    optimizer = nlp.initialize(lambda: examples)
    optimizer.learn_rate = 0.01
    for _ in range(steps):
        losses = nlp.update(examples, sgd=optimizer, **settings)
    return losses


@pytest.fixture(scope="module", params=["en", "ru"])
def trained(request):
    nlp = make_nlp(request.param, store_scores=True)
    examples = make_examples(nlp, request.param)
    train(nlp, examples)
    return nlp, examples


def annotation(doc):
    return [(t.tag_, t.pos_, str(t.morph)) for t in doc]


def gold_annotation(examples):
    return [annotation(example.reference) for example in examples]


def texts_of(examples):
    return [example.reference.text for example in examples]


def predicted(nlp, examples, **settings):
    docs = [Doc(nlp.vocab, words=[t.text for t in example.reference]) for example in examples]
    return [annotation(doc) for doc in nlp.pipe(docs, **settings)]


def tagger_of(nlp):
    return nlp.get_pipe("rnn_tagger")


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
        with pytest.raises((RNNError, ValueError, TypeError), match="E930|R114|R116|E978"):
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
    nlp.initialize(lambda: make_examples(nlp))
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


# -- what a corpus may lack


@pytest.mark.parametrize("layers", [("pos", "morphs"), ("tags", "pos"), ("morphs",), ("tags",), ("pos",)], ids=str)
@pytest.mark.parametrize("lang", ["en", "ru"])
def test_a_corpus_without_one_layer(lang, layers):
    nlp = make_nlp(lang)
    examples = make_examples(nlp, lang, layers)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        train(nlp, examples)
    found = predicted(nlp, examples)
    expected = gold_annotation(examples)
    assert found == expected
    assert predicted(make_nlp(lang).from_bytes(nlp.to_bytes()), examples) == expected
    assert nlp.evaluate(examples)["speed"] > 0


@pytest.mark.parametrize(
    "layers, missing", [(("pos",), "tag, morph"), (("tags", "morphs"), "pos"), ((), "tag, pos, morph")]
)
def test_a_layer_asked_for_and_not_there(layers, missing):
    nlp = make_nlp(heads=["tag", "pos", "morph"])
    with pytest.raises(RNNError, match=f"R114.* {missing}"):
        nlp.initialize(lambda: make_examples(nlp, "en", layers))


def test_a_corpus_without_any_layer():
    nlp = make_nlp()
    with pytest.raises(RNNError, match="R114"):
        nlp.initialize(lambda: make_examples(nlp, "en", ()))


@pytest.mark.parametrize("heads", [["pos"], ["morph"], ["tag", "morph"]])
def test_only_some_heads(heads):
    nlp = make_nlp("ru", heads=heads)
    examples = make_examples(nlp, "ru")
    train(nlp, examples)
    for found, gold in zip(predicted(nlp, examples), gold_annotation(examples), strict=True):
        for ours, theirs in zip(found, gold, strict=True):
            expected = [g if head in heads else "" for head, g in zip(("tag", "pos", "morph"), theirs, strict=True)]
            assert list(ours) == expected


@pytest.mark.parametrize("heads", [[], ["lemma"], ["tag", "dep"]])
def test_heads_that_do_not_exist(heads):
    with pytest.raises(RNNError, match="R111"):
        make_nlp(heads=heads)


def test_tokens_without_gold_count_nothing():
    nlp = make_nlp()
    examples = make_examples(nlp)
    nlp.initialize(lambda: examples)
    bare = [Example(e.predicted.copy(), Doc(nlp.vocab, words=[t.text for t in e.reference])) for e in examples]
    assert tagger_of(nlp).update(bare, losses={})["rnn_tagger"] == 0.0
    assert tagger_of(nlp).get_loss(bare, tagger_of(nlp).model.predict([e.x for e in bare]))[0] == 0.0


def test_labels_unseen_at_initialise():
    nlp = make_nlp()
    examples = make_examples(nlp)
    nlp.initialize(lambda: examples[:2])
    optimizer = nlp.create_optimizer()
    with pytest.warns(UserWarning, match=r"W101.*morph:Number=Plur\|Poss=Yes"):
        nlp.update(examples, sgd=optimizer)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        losses = nlp.update(examples, sgd=optimizer)  # said once
    assert losses["rnn_tagger"] > 0


def test_other_tokenisation():
    """Gold tokens that are split or joined differently teach what they can."""
    nlp = make_nlp()
    examples = make_examples(nlp)
    nlp.initialize(lambda: examples)
    optimizer = nlp.create_optimizer()
    words = ["Do", "n't", "go", "."]
    reference = Doc(nlp.vocab, words=words, spaces=[False, True, False, False], tags=["VBP", "RB", "VB", "."])
    for other in (["Don't", "go", "."], ["D", "o", "n't", "go", "."], ["Don't", "go."]):
        predicted_doc = Doc(nlp.vocab, words=other, spaces=[w.endswith("t") for w in other])
        example = Example(predicted_doc, reference)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            losses = nlp.update([example, *examples], sgd=optimizer)
        assert numpy.isfinite(losses["rnn_tagger"])


# -- options


def test_unseen_bundles_are_put_together_from_attributes():
    """Genitives occur, and neuters, but never both in one word."""
    nlp = make_nlp("ru", heads=["morph"])
    examples = make_examples(nlp, "ru")
    train(nlp, examples, 1)
    tagger = tagger_of(nlp)
    columns, heads = tagger.columns, tagger.model.get_ref("heads").shims[0].net
    wanted = {"Case": "Gen", "Gender": "Neut"}
    assert "Case=Gen|Gender=Neut" not in tagger.label_data["morph"]
    for weights in heads.parameters():
        weights.data.zero_()
    value_bias = heads.value.bias.data
    for name, start, numbers in zip(columns.attributes, columns.value_starts, columns.value_numbers, strict=True):
        value_bias[start + numbers[wanted.get(name, "_")]] = 5.0
    doc = nlp("Мама мыла")
    assert [str(token.morph) for token in doc] == ["Case=Gen|Gender=Neut"] * 2
    other = make_nlp("ru").from_bytes(nlp.to_bytes())
    assert [str(token.morph) for token in other("Мама мыла")] == ["Case=Gen|Gender=Neut"] * 2
    gender = columns.attributes.index("Gender")
    value_bias[columns.value_starts[gender] + columns.value_numbers[gender]["Fem"]] = 4.5  # not clearly enough
    assert str(nlp("Мама")[0].morph) == "Case=Gen|Gender=Fem"


@pytest.mark.parametrize("heads", [None, ["pos"], ["tag", "pos"]])
def test_what_is_there_already_can_be_kept(heads):
    nlp = make_nlp(overwrite=False, heads=heads)
    examples = make_examples(nlp)
    train(nlp, examples)
    doc = Doc(
        nlp.vocab, words=["a", "dog", "saw"], pos=["X", "", ""], tags=["", "NEW", ""], morphs=["", "Case=Nom", ""]
    )
    found = annotation(nlp(doc))
    assert found[0][1] == "X" and found[1][0] == "NEW" and found[1][2] == "Case=Nom"
    assert found[1][1] == "NOUN" and found[2][1] in ("VERB", "NOUN")
    nlp(Doc(nlp.vocab, words=[]))
    tagger_of(nlp).cfg["overwrite"] = True
    assert annotation(nlp(doc))[0][1] == "DET"


def test_label_smoothing_softens():
    def top(**config):
        nlp = make_nlp(store_scores=True, **config)
        train(nlp, make_examples(nlp))
        return max(nlp("The children saw a dog.")[1]._.tag_scores["pos"].values())

    assert top(label_smoothing=0.3) < 0.9 < top()


# -- models that cannot be loaded


def test_a_model_file_that_was_cut_off(trained, tmp_path):
    nlp, _ = trained
    nlp.to_disk(tmp_path / "nlp")
    path = tmp_path / "nlp" / "rnn_tagger" / "model"
    whole = path.read_bytes()
    for share in (0.0, 0.001, 0.1, 0.5, 0.99):
        path.write_bytes(whole[: int(len(whole) * share)])
        with pytest.raises(RNNError, match=r"R(115|00\d)"):
            spacy.load(tmp_path / "nlp")
    path.write_bytes(b"\xff" * 100)
    with pytest.raises(RNNError, match="R115"):
        spacy.load(tmp_path / "nlp")
    path.write_bytes(whole)
    spacy.load(tmp_path / "nlp")


def test_bytes_that_were_cut_off(trained):
    nlp, _ = trained
    data = tagger_of(nlp).to_bytes()
    for share in (0.0, 0.1, 0.5, 0.99):
        with pytest.raises(RNNError, match=r"R(115|00\d)"):
            tagger_of(make_nlp(nlp.lang)).from_bytes(data[: int(len(data) * share)])


@pytest.mark.parametrize(
    "part, change, message",
    [
        ("encode", {"width": 64}, r"R005.*width = 32.*64|R115"),
        ("encode", {"depth": 2}, r"R005.*depth = 1.*2"),
        ("encode", {"cell": "gru"}, r"R005.*cell = lstm.*gru"),
        ("embed", {"chars": "rnn"}, r"R005.*chars = cnn.*rnn"),
        ("embed", {"ngram_width": 0}, r"R005"),
        (
            "encode",
            {"@architectures": "spacy-rnn.CNNEncoder.v1", "width": 32},
            r"R004.*RecurrentEncoder.*Convolutional",
        ),
    ],
)
def test_a_model_saved_by_another_configuration(trained, part, change, message):
    nlp, _ = trained
    with pytest.raises(RNNError, match=message):
        tagger_of(make_nlp(nlp.lang, **changed(part, **change))).from_bytes(tagger_of(nlp).to_bytes())
