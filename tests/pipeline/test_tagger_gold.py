"""What rnn_tagger makes of corpora that lack a layer, a label or a token, and of its options."""

import warnings

import numpy
import pytest
import spacy
from spacy.tokens import Doc
from spacy.training import Example

from spacy_rnn.errors import RNNError

from .tiny import annotation, gold_annotation, make_examples, make_nlp, predicted, tagger_of, train

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


def test_a_layer_that_few_words_have_is_left_out_unless_asked_for():
    nlp = spacy.blank("ru")
    doc = Doc(nlp.vocab, ["мама", "мыла", "раму"], tags=["NN", "", ""], pos=["NOUN", "VERB", "NOUN"])
    examples = [Example(nlp.make_doc(doc.text), doc)]
    nlp.add_pipe("rnn_tagger").initialize(lambda: examples, nlp=nlp)
    assert nlp.get_pipe("rnn_tagger").label_data == {"tag": [], "pos": ["NOUN", "VERB"], "morph": []}
    asked = nlp.add_pipe("rnn_tagger", name="asked", config={"heads": ["tag", "pos"]})
    asked.initialize(lambda: examples, nlp=nlp)
    assert asked.label_data["tag"] == ["NN"]


def test_an_empty_corpus():
    nlp = spacy.blank("en")
    doc = Doc(nlp.vocab)
    with pytest.raises(RNNError, match="R117"):
        nlp.add_pipe("rnn_tagger").initialize(lambda: [Example(doc, doc.copy())], nlp=nlp)
