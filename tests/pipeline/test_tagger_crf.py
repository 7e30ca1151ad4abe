"""rnn_tagger with a CRF over tags and parts of speech."""

import numpy
import pytest
import spacy
from spacy.tokens import Doc
from spacy.training import Example

from spacy_rnn.bridge.module import predict_parts
from spacy_rnn.errors import RNNError

from .tiny import SMALL, gold_annotation, make_examples, make_nlp, predicted, tagger_of, texts_of, train

CRF = {"model": {**SMALL["model"], "decoder": "crf"}}


@pytest.fixture(scope="module", params=["en", "ru"])
def trained(request):
    nlp = make_nlp(request.param, **CRF, store_scores=True)
    examples = make_examples(nlp, request.param)
    train(nlp, examples)
    return nlp, examples


def test_overfits_and_comes_back(trained, tmp_path):
    nlp, examples = trained
    assert predicted(nlp, examples) == gold_annotation(examples)
    transitions = [parameter for crf in tagger_of(nlp).chain_heads for parameter in crf.crf.parameters()]
    assert len(transitions) == 6 and all(parameter.abs().max() > 0 for parameter in transitions)
    nlp.to_disk(tmp_path / "nlp")
    other = spacy.load(tmp_path / "nlp")
    assert predicted(other, examples) == gold_annotation(examples)
    for head, again in zip(tagger_of(nlp).chain_heads, tagger_of(other).chain_heads, strict=True):
        assert (head.crf.transitions == again.crf.transitions).all()


def test_the_same_alone_and_in_any_batch(trained):
    nlp, examples = trained
    texts = [*texts_of(examples), "", "a", " "]
    alone = [[(t.tag_, t.pos_) for t in nlp(text)] for text in texts]
    tagger_of(nlp).model.attrs["parts"].max_tokens = 3
    assert [[(t.tag_, t.pos_) for t in doc] for doc in nlp.pipe(texts)] == alone
    tagger_of(nlp).model.attrs["parts"].max_tokens = 20_000


def test_the_best_sequence_of_all(trained):
    """Compared with every sequence of a short text; and the probabilities are those of all sequences."""
    nlp, _ = trained
    tagger = tagger_of(nlp)
    doc = nlp(Doc(nlp.vocab, words=["the", "dog", "saw"] if nlp.lang == "en" else ["кот", "видел", "стол"]))
    scores = numpy.concatenate(list(predict_parts(tagger.model, [doc])))
    head = tagger.chain_heads[1]
    labels = tagger.label_data["pos"]
    z = scores[:, head.columns].astype("float64")
    move, start, end = (p.detach().double().numpy() for p in (head.crf.transitions, head.crf.start, head.crf.end))
    total = (start + z[0])[:, None, None] + (move + z[1])[:, :, None] + move[None] + (z[2] + end)  # K x K x K
    best = numpy.unravel_index(total.argmax(), total.shape)
    assert [labels[i] for i in best] == [token.pos_ for token in doc]
    p = numpy.exp(total - total.max())
    p = p.sum(axis=(0, 2)) / p.sum()
    assert doc[1]._.tag_scores["pos"] == pytest.approx(dict(zip(labels, p.tolist(), strict=True)), abs=1e-4)


def test_tokens_without_gold():
    """Of a token without annotation any label may be right; a Doc without any teaches nothing."""
    nlp = make_nlp(**CRF)
    examples = make_examples(nlp)
    nlp.initialize(lambda: examples)
    tagger = tagger_of(nlp)
    bare = Example(nlp.make_doc("A dog walks."), nlp.make_doc("A dog walks."))
    scores = tagger.model.predict([bare.x])
    loss, gradient = tagger.get_loss([bare], scores)
    assert loss == pytest.approx(0, abs=1e-5) and abs(gradient[0]).max() < 1e-6
    assert tagger.get_loss([Example(nlp.make_doc(""), nlp.make_doc(""))], [scores[0][:0]])[0] == 0


def test_only_one_head():
    nlp = make_nlp(**CRF, heads=["pos"])
    examples = make_examples(nlp)
    train(nlp, examples)
    assert [[t.pos_ for t in nlp(text)] for text in texts_of(examples)] == [
        [t.pos_ for t in example.reference] for example in examples
    ]


def test_weights_of_another_decoder():
    without = make_nlp()
    without.initialize(lambda: make_examples(without))
    with pytest.raises(RNNError, match="R005.*decoder = softmax"):
        make_nlp(**CRF).from_bytes(without.to_bytes())


def test_a_decoder_nobody_knows():
    with pytest.raises(ValueError, match="decoder"):
        make_nlp(model={**SMALL["model"], "decoder": "beam"})
