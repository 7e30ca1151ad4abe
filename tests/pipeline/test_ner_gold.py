"""What rnn_ner learns from: annotation that is missing, misaligned, of other labels, or weighed."""

import warnings

import numpy
import pytest
from spacy.tokens import Doc, DocBin, Span
from spacy.training import Corpus, Example

from spacy_rnn.errors import RNNError

from .tiny_ner import entities, examples_of, gold_entities, make_examples, make_nlp, ner_of, predicted, read, train


def gold(nlp, example):
    columns = ner_of(nlp).columns
    return [columns.labels[i] if i >= 0 else None for i in columns.gold(example)[0].tolist()]


@pytest.fixture(params=["BILUO", "IOB2"])
def nlp(request):
    nlp = make_nlp(scheme=request.param)
    for label in ("PER", "LOC"):
        ner_of(nlp).add_label(label)
    return nlp


def in_scheme(nlp, labels):
    """BILUO labels as the scheme writes them."""
    if ner_of(nlp).cfg["scheme"] == "BILUO":
        return labels
    return [label and label.replace("U-", "B-").replace("L-", "I-") for label in labels]


def test_an_entity_over_the_end_of_a_sentence_is_no_annotation(nlp, tmp_path):
    words, starts = "I met Anna . Smith left .".split(), [True, False, False, False, True, False, False]
    doc = Doc(nlp.vocab, words=words, sent_starts=starts)
    doc.set_ents([Span(doc, 2, 5, "PER")])
    DocBin(docs=[doc]).to_disk(tmp_path / "corpus.spacy")
    first, second = Corpus(tmp_path / "corpus.spacy", gold_preproc=True)(nlp)
    assert gold(nlp, first) == ["O", "O", None, None] and gold(nlp, second) == [None, "O", "O"]


def test_labels_of_a_sentence(nlp):
    example = examples_of(nlp, "[Anna|PER] lives in [New York City|LOC] .")[0]
    expected = ["U-PER", "O", "O", "B-LOC", "I-LOC", "L-LOC", "O"]
    assert gold(nlp, example) == in_scheme(nlp, expected)


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_as_spacy_aligns_it(lang):
    nlp = make_nlp(lang)
    examples = make_examples(nlp, lang)
    nlp.initialize(lambda: examples)
    for example in examples:
        assert gold(nlp, example) == example.get_aligned_ner()


def test_without_annotation_anything_may_be(nlp):
    doc = Doc(nlp.vocab, words=["Anna", "lives"])
    assert gold(nlp, Example(doc.copy(), doc)) == [None, None]
    doc.set_ents([Span(doc, 0, 1, label="PER")], default="missing")
    assert gold(nlp, Example(Doc(nlp.vocab, words=["Anna", "lives"]), doc)) == in_scheme(nlp, ["U-PER", None])


def test_other_tokens(nlp):
    """Entities that begin and end where predicted tokens do are learned; inside a token anything may be."""
    reference = read(nlp.vocab, "[Anna|PER] lives in [New York|LOC] -based x")
    apart = Doc(nlp.vocab, words=["An", "na", "lives", "in", "New", "York", "-based", "x"])
    apart = Doc(nlp.vocab, words=[t.text for t in apart], spaces=[False] + [True] * 6 + [False])
    assert gold(nlp, Example(apart, reference)) == in_scheme(
        nlp, ["B-PER", "L-PER", "O", "O", "B-LOC", "L-LOC", "O", "O"]
    )
    spaces = [True, True, True, True, False, True, False]
    glued = Doc(nlp.vocab, words=[t.text for t in reference], spaces=spaces)
    glued.ents = [Span(glued, ent.start, ent.end, label=ent.label_) for ent in reference.ents]
    together = Doc(nlp.vocab, words=["Anna", "lives", "in", "New", "York-based", "x"])
    expected = ["U-PER", "O", "O", None, None, "O"]
    assert gold(nlp, Example(together, glued)) == in_scheme(nlp, expected)


def test_misaligned_entities_are_told_once():
    nlp = make_nlp()
    reference = Doc(nlp.vocab, words=["New", "York", "-based", "Acme"], spaces=[True, False, True, False])
    reference.ents = [Span(reference, 0, 2, label="LOC"), Span(reference, 3, 4, label="ORG")]
    example = Example(Doc(nlp.vocab, words=["New", "York-based", "Acme"], spaces=[True, True, False]), reference)
    with pytest.warns(UserWarning, match=r"W111.*1 of 2 entities.*'New York'"):
        nlp.initialize(lambda: [example])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert nlp.update([example], sgd=nlp.create_optimizer())["rnn_ner"] > 0


@pytest.mark.parametrize("decoder", ["crf", "softmax"])
def test_labels_never_seen(decoder):
    nlp = make_nlp(decoder=decoder)
    nlp.initialize(lambda: examples_of(nlp, "[Anna|PER] sings ."))
    others = examples_of(nlp, "[Anna|PER] lives in [Paris|LOC] .", "[Acme|ORG] [Acme|LOC]")
    assert gold(nlp, others[0]) == ["U-PER", "O", "O", None, "O"]
    with pytest.warns(UserWarning, match="W110.*LOC, ORG"):
        nlp.update(others, sgd=nlp.create_optimizer())
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        nlp.update(others, sgd=nlp.create_optimizer())
    assert ner_of(nlp).labels == ("PER",)


def test_learns_from_half_of_the_annotation():
    """Every second token unannotated: what is left is enough to learn the sentences by heart."""
    nlp = make_nlp()
    full = make_examples(nlp)
    for example in full:
        doc = example.reference
        inside = {t.i for ent in doc.ents for t in ent}
        missing = [doc[i : i + 1] for i in range(1, len(doc), 2) if i not in inside]
        doc.set_ents(list(doc.ents), missing=missing)
    assert any(None in example.get_aligned_ner() for example in full)
    train(nlp, full, 40)
    for found, expected in zip(predicted(nlp, full), gold_entities(full), strict=True):
        assert set(expected) <= set(found)


def test_an_unannotated_corpus_teaches_nothing():
    nlp = make_nlp()
    nlp.initialize(lambda: make_examples(nlp))
    doc = Doc(nlp.vocab, words=["Anna", "sings"])
    assert nlp.update([Example(doc.copy(), doc)], sgd=False)["rnn_ner"] == pytest.approx(0.0, abs=1e-5)
    assert not any(w.grad.abs().max() > 1e-6 for w in ner_of(nlp).head.parameters())


# -- weights


def losses(decoder, sentences, **weights):
    nlp = make_nlp(decoder=decoder, label_weights=weights)
    examples = examples_of(nlp, *sentences)
    nlp.initialize(lambda: examples)
    scores = ner_of(nlp).model.predict([example.x for example in examples])
    loss, gradient = ner_of(nlp).get_loss(examples, scores)
    return loss, numpy.concatenate(gradient)


SENTENCES = ["[Anna|PER] sings", "[Paris|LOC] sings", "It rains"]


def test_softmax_weighs_tokens():
    _, plain = losses("softmax", SENTENCES)
    _, heavy = losses("softmax", SENTENCES, LOC=5.0, O=0.5)
    assert numpy.allclose(heavy, plain * numpy.array([1, 0.5, 5, 0.5, 0.5, 0.5])[:, None], atol=1e-6)


def test_crf_weighs_docs():
    """By their heaviest entity; those without entities as O."""
    _, plain = losses("crf", SENTENCES)
    _, heavy = losses("crf", SENTENCES, LOC=5.0, O=0.5)
    assert numpy.allclose(heavy, plain * numpy.array([1, 1, 5, 5, 0.5, 0.5])[:, None], atol=1e-6)
    _, heaviest = losses("crf", ["[Anna|PER] in [Paris|LOC]"], LOC=5.0, PER=0.1)
    assert numpy.allclose(heaviest, 5 * losses("crf", ["[Anna|PER] in [Paris|LOC]"])[1], atol=1e-6)


def test_weights_of_labels_that_are_not_there():
    nlp = make_nlp(label_weights={"PRE": 2.0, "O": 0.5})
    with pytest.raises(RNNError, match="R136.*PRE.*LOC, ORG, PER"):
        nlp.initialize(lambda: make_examples(nlp))


def test_a_preset_is_not_learned_from():
    """Only the reference teaches, not what the predicted Doc has."""
    nlp = make_nlp()
    examples = make_examples(nlp)
    for example in examples:
        example.predicted.ents = [Span(example.predicted, 0, 1, label="ORG")]
    train(nlp, examples)
    assert predicted(nlp, examples) == gold_entities(examples)
    assert all(entities(example.predicted) == [(0, 1, "ORG")] for example in examples)
