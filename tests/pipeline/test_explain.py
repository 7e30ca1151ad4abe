"""Why a text classifier said so."""

import numpy
import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc, DocBin, Token
from spacy.training import Example
from thinc.api import Model

from spacy_rnn.errors import RNNError
from spacy_rnn.models.textcat import TextCatBag
from spacy_rnn.pipeline.explain import METHODS, explain
from spacy_rnn.pipeline.filters import filters_of
from spacy_rnn.pipeline.textcat import TextClassifier

from .tiny_texts import EMBED, MODELS, make_doc, make_nlp, pipe_of, train

NAMES = sorted(MODELS)
DECIDING = {"en": ("funny", "dull"), "ru": ("смешной", "скучный")}
OTHERS = {"en": "the film of a man in his old town".split(), "ru": "вот фильм про человека и его старый город".split()}
LABELS = ["no", "yes"]


def make_texts(lang):
    """One word decides, wherever it stands."""
    rng, texts = numpy.random.default_rng(0), []
    for i in range(60):
        words = rng.choice(OTHERS[lang], rng.integers(3, 8)).tolist()
        words.insert(int(rng.integers(len(words) + 1)), DECIDING[lang][i % 2])
        texts.append((" ".join(words), [LABELS[1 - i % 2]]))
    return texts


def examples_of(nlp, lang="en", texts=None):
    texts = texts or make_texts(lang)
    return [Example(make_doc(nlp, text), make_doc(nlp, text, right, LABELS)) for text, right in texts]


def learned(name, lang="en", steps=15, model=None, **config):
    model = {"pooling": ["max"], **(model or {})} if name == "rnn_textcat" else model
    nlp = make_nlp(name, lang, model, **config)
    train(nlp, examples_of(nlp, lang), steps)
    return nlp


@pytest.fixture(scope="module", params=[(name, lang) for name in NAMES for lang in ("en", "ru")], ids="-".join)
def trained(request):
    name, lang = request.param
    return learned(name, lang), lang


@pytest.fixture(scope="module")
def with_ngrams():
    return learned("cnn_textcat", model={"ngram_width": 4, "ngram_rows": 500, "window": 8})


# -- what is most salient


@pytest.mark.parametrize("method", METHODS)
def test_the_word_that_decides_is_the_most_salient(trained, method):
    nlp, lang = trained
    if method == "gradient" and pipe_of(nlp).name == "rnn_textcat":
        return  # where states are saturated it vanishes
    texts = make_texts(lang)[:20]
    docs = [make_doc(nlp, text) for text, _ in texts]
    for doc, (_, (right,)), told in zip(docs, texts, pipe_of(nlp).explain(docs, method=method), strict=True):
        assert told.label == right and told.probability > 0.6 and told.logit > 0
        assert doc[int(told.tokens.argmax())].text in DECIDING[lang] and told.tokens.max() > 0


def test_it_speaks_against_the_other_label(trained):
    nlp, lang = trained
    doc = make_doc(nlp, make_texts(lang)[0][0])
    no, yes = pipe_of(nlp).explain(doc, label=["no", "yes"])
    assert (no.label, yes.label) == ("no", "yes") and doc[int(no.tokens.argmin())].text in DECIDING[lang]
    assert numpy.allclose(no.tokens, -yes.tokens, atol=1e-4)  # two exclusive labels
    assert numpy.isclose(no.probability + yes.probability, 1)


def test_the_probability_is_that_of_the_logits(trained):
    nlp, lang = trained
    pipe = pipe_of(nlp)
    pipe.cfg["temperature"] = 1.7
    doc = nlp(make_doc(nlp, make_texts(lang)[0][0]))
    told = pipe.explain(doc, label=LABELS)
    pipe.cfg["temperature"] = 1.0
    powers = numpy.exp([one.logit for one in told])
    for one, p in zip(told, powers / powers.sum(), strict=True):
        assert one.probability == pytest.approx(doc.cats[one.label], abs=1e-6) and one.probability == pytest.approx(p)


def test_labels_may_be_given_in_any_way(with_ngrams):
    pipe, doc = pipe_of(with_ngrams), make_doc(with_ngrams, "a funny film")
    for labels in (("yes", "no"), iter(["yes", "no"]), dict.fromkeys(["yes", "no"])):
        assert [one.label for one in pipe.explain(doc, labels)] == ["yes", "no"]
    assert pipe.explain(doc, []) == [] and pipe.explain([doc, doc], ()) == [[], []]
    pipe.set_saliency(doc, "yes")
    pipe.set_saliency(doc, [])
    assert [token._.saliency for token in doc] == [{}] * 3
    pipe.set_saliency([doc], ("yes", "no"))
    assert [set(token._.saliency) for token in doc] == [{"no", "yes"}] * 3


# -- exact sums


def test_integrated_gradients_add_up_to_the_logit(trained, with_ngrams):
    for nlp, lang in (trained, (with_ngrams, "en")):
        docs = [make_doc(nlp, text) for text, _ in make_texts(lang)]
        found = pipe_of(nlp).explain(docs, method="integrated")
        errors = [abs(told.tokens.sum() + told.base - told.logit) / max(1, abs(told.logit)) for told in found]
        assert numpy.mean(errors) < 0.03 and max(errors) < 0.15


@pytest.mark.parametrize("width", [0, 4])
@pytest.mark.parametrize("multi_label", [False, True])
def test_filters_ngrams_and_the_bias_add_up_to_the_logit(multi_label, width):
    model = {"ngram_width": width, "ngram_rows": 500, "exclusive_classes": not multi_label}
    nlp = learned("cnn_textcat", steps=5, model=model)
    bias = pipe_of(nlp).model.get_ref("heads").shims[0].net.output.bias.detach().numpy()
    bias = bias - bias.mean() * (not multi_label)
    for told in pipe_of(nlp).explain([make_doc(nlp, text) for text, _ in make_texts("en")], label="yes"):
        total = sum(one.contribution for one in told.filters) + sum(one.contribution for one in told.ngrams)
        assert total + bias[1] == pytest.approx(told.logit, abs=1e-5)


def test_a_linear_bag_is_shared_out_exactly():
    nlp = learned("bag_textcat", model={"pooling": ["mean"], "exclusive_classes": False}, steps=5)
    doc = make_doc(nlp, make_texts("en")[0][0])
    told = [pipe_of(nlp).explain(doc, "yes", method) for method in ("gradient", "integrated")]
    assert numpy.allclose(told[0].tokens, told[1].tokens, atol=1e-6)
    bias = float(pipe_of(nlp).model.get_ref("heads").shims[0].net.output.bias[1].detach())
    assert told[0].tokens.sum() + bias == pytest.approx(told[0].logit, abs=1e-5) and told[1].base == pytest.approx(bias)


def test_occlusion_is_what_the_component_says_without_the_word(trained, with_ngrams):
    for nlp, lang in (trained, (with_ngrams, "en")):
        text = make_texts(lang)[1][0]
        told = pipe_of(nlp).explain(make_doc(nlp, text), "yes", "occlusion")
        for i, fall in enumerate(told.tokens):
            words = text.split()
            del words[i]
            without = pipe_of(nlp).explain(make_doc(nlp, " ".join(words)), "yes", "gradient")
            assert fall == pytest.approx(told.logit - without.logit, abs=1e-4)


def test_a_filter_fired_at_its_words():
    """Of whole windows the activation is the product with its weights."""
    nlp = learned("cnn_textcat", steps=5)
    pipe, whole = pipe_of(nlp), 0
    net, tok2vec = pipe.model.get_ref("heads").shims[0].net, pipe.model.get_ref("tok2vec")
    for text, _ in make_texts("en")[:6]:
        doc = make_doc(nlp, text)
        (vectors,) = tok2vec.predict([doc])
        told = pipe.explain(doc)
        assert [abs(one.contribution) for one in told.filters] == sorted(
            (abs(one.contribution) for one in told.filters), reverse=True
        )
        for one in told.filters:
            linear, size = net.reader.layers[0][one.filter // 16], net.reader.sizes[one.filter // 16]
            assert 0 <= one.first < one.end <= len(doc) and one.end - one.first <= size
            if one.end - one.first == size:
                row = linear.weight[one.filter % 16].detach().numpy() @ vectors[one.first : one.end].ravel()
                assert row + float(linear.bias[one.filter % 16].detach()) == pytest.approx(one.activation, abs=1e-4)
                whole += 1
    assert whole > 20


def test_attention():
    nlp = learned("rnn_textcat", steps=2, model={"pooling": ["last", "attention"]})
    docs = [make_doc(nlp, text) for text, _ in make_texts("en")] + [make_doc(nlp, "")]
    for doc, told in zip(docs, pipe_of(nlp).explain(docs), strict=True):
        assert len(told.attention) == len(doc) and told.attention.sum() == pytest.approx(float(len(doc) > 0))
    assert pipe_of(learned("rnn_textcat", steps=1)).explain(docs[0]).attention is None


# -- windows, batches


def test_windows_have_one_vote_each(with_ngrams):
    nlp, pipe = with_ngrams, pipe_of(with_ngrams)
    words = " ".join(text for text, _ in make_texts("en")[:3]).split()[:16]  # two windows of 8
    told = pipe.explain(make_doc(nlp, " ".join(words)), "yes")
    halves = pipe.explain([make_doc(nlp, " ".join(words[:8])), make_doc(nlp, " ".join(words[8:]))], "yes")
    assert numpy.allclose(told.tokens, numpy.concatenate([half.tokens for half in halves]) / 2, atol=1e-5)
    assert told.logit == pytest.approx((halves[0].logit + halves[1].logit) / 2, abs=1e-5)
    assert len(told.ngrams) == sum(len(half.ngrams) for half in halves)
    assert {(one.filter, one.first) for one in told.filters} == {
        (one.filter, one.first + 8 * i) for i, half in enumerate(halves) for one in half.filters
    }


@settings(max_examples=10)
@given(
    st.sampled_from(METHODS),
    st.lists(st.lists(st.sampled_from([*OTHERS["en"], *DECIDING["en"], "🙂", "\n"]), max_size=9), max_size=3),
)
def test_neighbours_change_nothing(with_ngrams, method, texts):
    pipe = pipe_of(with_ngrams)
    docs = [Doc(with_ngrams.vocab, words=words) for words in texts]
    for doc, told in zip(docs, pipe.explain(docs, "yes", method), strict=True):
        alone = pipe.explain(doc, "yes", method)
        assert numpy.allclose(told.tokens, alone.tokens, atol=1e-5) and len(told.tokens) == len(doc)
        assert told.logit == pytest.approx(alone.logit, abs=1e-5)
        places = [sorted((one.filter, one.first) for one in found.filters) for found in (told, alone)]
        assert places[0] == places[1]


def test_nothing_of_the_docs_or_the_component_changes(trained):
    nlp, lang = trained
    doc = make_doc(nlp, make_texts(lang)[0][0])
    net = pipe_of(nlp).model.get_ref("heads").shims[0].net
    before = [None if p.grad is None else p.grad.clone() for p in net.parameters()]
    pipe_of(nlp).explain(doc, method="integrated")
    assert not doc.cats and not doc.user_data and not net.training
    for parameter, grad in zip(net.parameters(), before, strict=True):
        assert (grad is None and parameter.grad is None) or (parameter.grad == grad).all()


# -- token._.saliency


def test_saliency_is_kept_if_the_component_is_told_to():
    nlp = learned("cnn_textcat", store_saliency=True)
    texts = [text for text, _ in make_texts("en")[:4]]
    docs = list(nlp.pipe([make_doc(nlp, text) for text in [*texts, ""]]))
    for doc in docs[:4]:
        told = pipe_of(nlp).explain(doc)
        assert [token._.saliency for token in doc] == [{told.label: pytest.approx(value)} for value in told.tokens]
    kept = DocBin(docs=docs, store_user_data=True).to_bytes()
    again = list(DocBin().from_bytes(kept).get_docs(nlp.vocab))
    assert [[t._.saliency for t in doc] for doc in again] == [[t._.saliency for t in doc] for doc in docs]
    assert docs[0][2:4].as_doc(copy_user_data=True)[0]._.saliency == docs[0][2]._.saliency


def test_saliency_from_two_processes():
    nlp = learned("bag_textcat", store_saliency=True, steps=5)
    texts = [text for text, _ in make_texts("en")[:4]]
    for doc, alone in zip(nlp.pipe(texts, n_process=2, batch_size=2), nlp.pipe(texts), strict=True):
        for token, other in zip(doc, alone, strict=True):
            assert token._.saliency == {label: pytest.approx(v, abs=1e-6) for label, v in other._.saliency.items()}


def test_saliency_of_several_labels_and_components():
    nlp = learned("bag_textcat", steps=5, store_saliency=True, model={"exclusive_classes": False}, threshold=0.0)
    other = learned("cnn_textcat", steps=5)
    pipe_of(other).cfg["labels"] = ["left", "right"]
    doc = nlp(make_doc(nlp, "a funny film"))
    assert [set(token._.saliency) for token in doc] == [{"no", "yes"}] * 3
    pipe_of(other).set_saliency(doc, "left", "occlusion")
    assert [set(token._.saliency) for token in doc] == [{"no", "yes", "left"}] * 3
    pipe_of(nlp).set_saliency([doc], ["yes"])
    assert [set(token._.saliency) for token in doc] == [{"yes", "left"}] * 3
    assert doc[1]._.saliency["yes"] == pytest.approx(float(pipe_of(nlp).explain(doc, "yes").tokens[1]))


def test_saliency_by_a_method():
    nlp = learned("cnn_textcat", store_saliency="occlusion", steps=5)
    doc = nlp(make_doc(nlp, "a funny film"))
    told = pipe_of(nlp).explain(doc, method="occlusion")
    assert [token._.saliency[told.label] for token in doc] == pytest.approx(told.tokens.tolist())
    with pytest.raises(RNNError, match="R553"):
        make_nlp("cnn_textcat", store_saliency="magic")


def test_without_the_setting_there_is_none():
    nlp = learned("bag_textcat", steps=1)
    assert Token.has_extension("saliency") and nlp("a film")[0]._.saliency is None


# -- other components, mistakes


def test_spacys_textcat_that_listens():
    nlp = spacy.blank("en")
    encode = {"@architectures": "spacy-rnn.CNNEncoder.v1", "width": 16}
    nlp.add_pipe("tok2vec", config={"model": {"@architectures": "spacy.Tok2Vec.v2", "embed": EMBED, "encode": encode}})
    listener = {"@architectures": "spacy.Tok2VecListener.v1", "width": 16}
    cnn = {"@architectures": "spacy-rnn.TextCatCNN.v1", "tok2vec": listener, **MODELS["cnn_textcat"], "window": 5}
    pipe = nlp.add_pipe("textcat", config={"model": cnn})
    examples = examples_of(nlp)
    train(nlp, examples)
    doc = nlp(make_doc(nlp, "the town of a funny man in his old film"))
    told = explain(pipe, doc)
    assert told.label == "yes" and told.probability == pytest.approx(doc.cats["yes"], abs=1e-5)
    assert 3 <= told.tokens.argmax() <= 5  # "funny", or a neighbour whose vector has seen it
    assert told.tokens.sum() + told.base == pytest.approx(told.logit, rel=0.1)
    with pytest.raises(RNNError, match="R554"):
        explain(pipe, nlp.make_doc("a funny man"))


def test_other_listeners_may_leave_doc_tensor_alone():
    """A transformer's listener does."""
    tok2vec = Model(
        "transformer-listener", lambda model, docs, is_train: ([vectors_of(doc) for doc in docs], lambda dY: [])
    )
    nlp = spacy.blank("en")
    pipe = TextClassifier(nlp.vocab, TextCatBag(tok2vec, nO=2))
    pipe.initialize(lambda: examples_of(nlp), nlp=nlp)
    doc = make_doc(nlp, "a funny film")
    assert explain(pipe, doc, "yes").tokens.shape == (3,) and not doc.tensor.size


def vectors_of(doc):
    return numpy.array([[len(token), token.i] for token in doc], dtype="float32").reshape(len(doc), 2)


def test_filters_are_soft_ngrams():
    nlp = learned("cnn_textcat")
    docs = (make_doc(nlp, text) for text, _ in make_texts("en"))
    found = filters_of(pipe_of(nlp), docs, most=3, batch_size=5)
    assert sorted(one.number for one in found) == list(range(48)) and {one.size for one in found} == {1, 2, 3}
    strongest = found[0]
    deciding = DECIDING["en"][strongest.label == "no"]
    assert deciding in strongest.ngrams[0][0] and len(strongest.ngrams) <= 3 and strongest.weight > 0
    for one in found:
        said = [text.lower() for text, _ in one.ngrams]
        assert len(set(said)) == len(said) and all(1 <= len(text.split()) <= one.size for text in said)
        values = [value for _, value in one.ngrams]
        assert values == sorted(values, reverse=True) and (not values or values[0] >= one.mean)
    told = pipe_of(nlp).explain(make_doc(nlp, make_texts("en")[0][0]))
    highest = {one.number: one.ngrams[0][1] for one in found if one.ngrams}
    assert all(one.activation <= highest[one.filter] + 1e-5 for one in told.filters)
    assert filters_of(pipe_of(nlp), []) == []


def test_a_filter_that_fired_at_white_space_is_shown_on_one_line():
    nlp = learned("cnn_textcat", steps=1)
    docs = [Doc(nlp.vocab, words=words) for words in (["\n"], ["a", "\n\n", "funny", "film"], ["dull", "\t"])]
    said = {text for one in filters_of(pipe_of(nlp), docs) for text, _ in one.ngrams}
    assert said and all(text == " ".join(text.split()) and text for text in said)
    assert "a funny" in said


def test_empty_and_blank_texts(trained):
    nlp, _ = trained
    for method in METHODS:
        empty, blank = pipe_of(nlp).explain([make_doc(nlp, ""), Doc(nlp.vocab, words=["\n"])], method=method)
        assert len(empty.tokens) == 0 and empty.filters == [] and len(blank.tokens) == 1
        assert empty.probability == pytest.approx(nlp(make_doc(nlp, "")).cats[empty.label], abs=1e-6)
    assert pipe_of(nlp).explain([]) == []


def test_mistakes(trained):
    nlp, _ = trained
    pipe, doc = pipe_of(nlp), make_doc(nlp, "a film")
    for code, call in {
        "R555.*maybe.*no, yes": lambda: pipe.explain(doc, "maybe"),
        "R553.*magic.*occlusion": lambda: pipe.explain(doc, method="magic"),
        "R552": lambda: pipe_of(make_nlp()).explain(doc),
        "R561.*str": lambda: pipe.explain("a film"),
        "R561.*Token": lambda: pipe.explain(doc[:1]),
        "R561.*Span": lambda: pipe.explain([doc, doc[:1]]),
        "R551.*sentencizer": lambda: explain(nlp.create_pipe("sentencizer", name="sentencizer"), doc),
        "R551.*textcat": lambda: explain(nlp.create_pipe("textcat", name="textcat"), doc),
    }.items():
        with pytest.raises(RNNError, match=code):
            call()
    with pytest.raises(RNNError, match="R557"):
        filters_of(pipe_of(make_trained_bag()), [doc])


def make_trained_bag():
    return learned("bag_textcat", steps=1)


def test_as_json(with_ngrams):
    import json

    told = pipe_of(with_ngrams).explain(make_doc(with_ngrams, "a funny film"), method="integrated")
    again = json.loads(json.dumps(told.as_json()))
    assert again["label"] == "yes" and len(again["tokens"]) == 3 and again["base"] == pytest.approx(told.base)
    assert again["ngrams"][0].keys() == {"first", "end", "contribution"} and again["filters"][0]["end"] > 0
