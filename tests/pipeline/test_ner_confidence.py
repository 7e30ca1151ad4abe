"""How sure rnn_ner is: against all labellings counted one by one."""

import itertools
import math

import numpy
import pytest
import spacy
from spacy.tokens import Doc, DocBin
from spacy.training import Example

from spacy_rnn.errors import RNNError
from spacy_rnn.pipeline.spans import SpanLabels
from spacy_rnn.pipeline.temperature import log_loss, lowest

from .tiny_ner import bare, entities, examples_of, make_examples, make_nlp, ner_of, train

TEXT = "Anna in York Bob"


@pytest.fixture(scope="module", params=["BILUO", "IOB2"])
def unsure(request):
    """A component of one type that has learned little, so that every probability is somewhere between."""
    nlp = make_nlp(scheme=request.param, decoder="crf")
    sentences = ["[Anna Smith|PER] lives in York .", "Bob [York|PER] .", "[Anna Bob|PER]", "Anna in [York Bob|PER]"]
    train(nlp, examples_of(nlp, *sentences), 4)
    return nlp


def all_spans(nlp, text, temperature=1.0):
    """Every labelling of the text, counted: the probability of each span, and of each labelling with its spans."""
    ner = ner_of(nlp)
    columns = SpanLabels(list(ner.labels), ner.cfg["scheme"])
    scores = ner.model.predict([nlp.make_doc(text)])[0]
    transitions, start, end = (w.detach().numpy() for w in ner.head.crf.weights())
    labellings = []
    for path in itertools.product(range(len(columns.labels)), repeat=len(scores)):
        score = start[path[0]] + end[path[-1]] + sum(row[label] for row, label in zip(scores, path, strict=True))
        score += sum(transitions[pair] for pair in itertools.pairwise(path))
        if score > -1000:
            labellings.append((math.exp(score / temperature), columns.spans(numpy.array(path))))
    z = sum(weight for weight, _ in labellings)
    spans = {}
    for weight, found in labellings:
        for start, end, type_, _ in found:
            spans[start, end, type_] = spans.get((start, end, type_), 0.0) + weight / z
    labellings = sorted(((weight / z, [span[:3] for span in found]) for weight, found in labellings), reverse=True)
    return spans, labellings


@pytest.fixture
def cfg(unsure):
    cfg = ner_of(unsure).cfg
    before = dict(cfg)
    yield cfg
    cfg.update(before)


@pytest.mark.parametrize("temperature", [1.0, 2.5])
def test_the_probability_of_exactly_this_span(temperature, unsure, cfg):
    cfg.update(temperature=temperature, threshold=0.0)
    spans, _ = all_spans(unsure, TEXT, temperature)
    found = unsure(TEXT).ents
    assert found
    for ent in found:
        assert ent._.confidence == pytest.approx(spans[ent.start, ent.end, ent.label_], abs=1e-5)


@pytest.mark.parametrize("threshold", [0.0, 0.05, 0.1, 0.2, 0.4, 0.6, 1.0])
def test_threshold(threshold, unsure, cfg):
    """All spans so probable, the most probable first, none that overlaps with one before."""
    cfg["threshold"] = threshold
    expected = []
    for span, p in sorted(all_spans(unsure, TEXT)[0].items(), key=lambda item: -item[1]):
        if p >= max(threshold, 0.01) and all(span[1] <= other[0] or other[1] <= span[0] for other in expected):
            expected.append(span)
    assert entities(unsure(TEXT)) == sorted(expected)


@pytest.mark.parametrize("n", [1, 3, 1000])
def test_n_best(n, unsure, cfg):
    cfg["nbest"] = n
    spans, labellings = all_spans(unsure, TEXT)
    whole = sum(p for p, _ in labellings[:n])
    expected = {}
    for p, found in labellings[:n]:
        for span in found:
            expected[span] = expected.get(span, 0.0) + p / whole
    doc = unsure(TEXT)
    group = doc.spans["rnn_ner_nbest"]
    assert [(s.start, s.end, s.label_) for s in group] == sorted(expected)
    for span, score in zip(group, group.attrs["scores"], strict=True):
        assert score == pytest.approx(expected[span.start, span.end, span.label_], abs=1e-5)
        assert span._.confidence == pytest.approx(spans[span.start, span.end, span.label_], abs=1e-5)
    copy = Doc(unsure.vocab).from_bytes(doc.to_bytes())
    copied = copy.spans["rnn_ner_nbest"]
    assert copied.attrs == group.attrs and [s._.confidence for s in copied] == [s._.confidence for s in group]


def test_fewer_labellings_than_asked_for(unsure, cfg):
    cfg["nbest"] = 1000
    doc = unsure("Anna")
    assert [span.text for span in doc.spans["rnn_ner_nbest"]] == ["Anna"]


def test_none_for_what_it_did_not_set(trained_ner, ner_settings):
    nlp, examples = trained_ner
    doc = nlp(examples[0].reference.text)
    assert doc[2:4]._.confidence is None and doc.ents[0]._.confidence > 0.5
    relabelled = doc.char_span(doc.ents[0].start_char, doc.ents[0].end_char, label="OTHER")
    assert relabelled._.confidence is None
    ner_settings["confidence"] = False
    doc = nlp(examples[0].reference.text)
    assert doc.ents and doc.ents[0]._.confidence is None and not doc.user_data


def test_goes_where_the_doc_goes(trained_ner):
    nlp, examples = trained_ner
    doc = nlp(examples[0].reference.text)
    expected = [(ent.text, ent._.confidence) for ent in doc.ents]
    stored = DocBin(docs=[doc], store_user_data=True).to_bytes()
    copies = [
        Doc(nlp.vocab).from_bytes(doc.to_bytes()),
        *DocBin(store_user_data=True).from_bytes(stored).get_docs(nlp.vocab),
        doc.copy(),
        doc[0 : len(doc)].as_doc(copy_user_data=True),
    ]
    for copy in copies:
        assert [(ent.text, ent._.confidence) for ent in copy.ents] == expected
    assert [(ent.text, ent._.confidence) for ent in doc[2:].ents] == expected[1:]
    assert [(ent.text, ent._.confidence) for ent in doc[2:].as_doc(copy_user_data=True).ents] == expected[1:]
    assert [(ent.text, ent._.confidence) for ent in Doc.from_docs([nlp("."), doc]).ents] == expected


def test_an_extension_of_the_users_own_is_left_alone():
    code = spacy.tokens.Span.get_extension("confidence")
    spacy.tokens.Span.set_extension("confidence", default="mine", force=True)
    try:
        nlp = make_nlp()
        train(nlp, make_examples(nlp), 1)
        assert nlp("Anna")[:]._.confidence == "mine"
    finally:
        spacy.tokens.Span.set_extension("confidence", force=True, getter=code[2])


# -- calibration


GOLD = ["[Anna|PER] in York Bob", "Bob in [York|PER]", "in York", "[Bob York|PER]", "[Anna|PER]", "Anna Bob"]


def gold_surprise(nlp, examples, temperature):
    """-log p of the gold of examples with one labelling each, counted one by one."""
    total = 0.0
    for example in examples:
        _, labellings = all_spans(nlp, example.reference.text, temperature)
        gold = entities(example.reference)
        total -= math.log(sum(p for p, found in labellings if found == gold))
    return total


def entity_surprise(nlp, examples, temperature):
    """The log loss of the entities found, counted one by one."""
    total = 0.0
    for example in examples:
        spans, _ = all_spans(nlp, example.reference.text, temperature)
        gold = entities(example.reference)
        for span in entities(nlp(bare(example.reference))):
            total -= math.log(spans[span] if span in gold else 1 - spans[span])
    return total


def lowest_of(costs):
    """The temperature of a grid with the lowest cost."""
    return min(numpy.exp(numpy.linspace(math.log(0.2), math.log(5), 80)), key=costs)


def test_calibrate(unsure, cfg):
    examples = examples_of(unsure, *GOLD)
    assert any(entities(unsure(bare(example.reference))) for example in examples)
    whole = lowest_of(lambda t: gold_surprise(unsure, examples, t) + (math.log(t) / 0.5) ** 2 / 2)
    expected = lowest_of(lambda t: entity_surprise(unsure, examples, t) + (math.log(t / whole) / 0.25) ** 2 / 2)
    best = ner_of(unsure).calibrate(examples)
    assert best == cfg["temperature"] == pytest.approx(expected, rel=0.06)


def test_overconfident_scores_get_a_higher_temperature(unsure, cfg):
    examples = examples_of(unsure, *GOLD * 100)
    before = ner_of(unsure).calibrate(examples)
    weights = list(ner_of(unsure).head.parameters())
    for weight in weights:
        weight.data *= 2.0
    after = ner_of(unsure).calibrate(examples)
    for weight in weights:
        weight.data /= 2.0
    assert after == pytest.approx(2 * before, rel=0.05)


def test_what_is_not_annotated_is_neither_right_nor_wrong(unsure, cfg):
    """However many there are."""
    examples = examples_of(unsure, *GOLD)
    best = ner_of(unsure).calibrate(examples)
    docs = [Doc(unsure.vocab, words=["Anna", "Bob", "York"]) for _ in range(50)]
    assert ner_of(unsure).calibrate([*examples, *(Example(bare(doc), doc) for doc in docs)]) == pytest.approx(best)


@pytest.mark.parametrize("overconfident", [2.5, 0.5])
def test_logits_that_are_too_large(overconfident):
    rng = numpy.random.default_rng(0)
    logits = rng.normal(1.0, 2.0, 2000)
    right = rng.random(2000) < 1 / (1 + numpy.exp(-logits))
    found = lowest(lambda t: log_loss(1 / (1 + numpy.exp(-logits * overconfident / t)), right), 1.0, 0.5)
    assert found == pytest.approx(overconfident, rel=0.15)


@pytest.mark.parametrize("centre", [1.0, 3.0])
@pytest.mark.parametrize("right", [[], [True], [False], [True] * 3, [True, False]])
def test_few_entities_leave_it_near_the_centre(right, centre):
    right = numpy.array(right, dtype=bool)
    found = lowest(lambda t: log_loss(numpy.full(len(right), 1 / (1 + math.exp(-2 / t))), right), centre, 0.25)
    assert 0.8 < found / centre < 1.25


def test_certain_mistakes_are_not_the_end():
    assert log_loss(numpy.ones(2), numpy.array([True, False])) == pytest.approx(-math.log(1e-6))


def test_calibration_leaves_the_entities_alone(trained_ner, ner_settings):
    nlp, examples = trained_ner
    before = [entities(doc) for doc in nlp.pipe(bare(example.reference) for example in examples)]
    ner_of(nlp).calibrate(examples)
    assert [entities(doc) for doc in nlp.pipe(bare(example.reference) for example in examples)] == before


def test_calibrate_needs_gold(trained_ner):
    nlp, _ = trained_ner
    for sentences in ([], [""], ["It rained ."]):
        with pytest.raises(RNNError, match="R137"):
            ner_of(nlp).calibrate(examples_of(nlp, *sentences))


def test_the_temperature_is_saved(trained_ner, ner_settings):
    nlp, _ = trained_ner
    ner_settings["temperature"] = 3.0
    other = make_nlp(nlp.lang).from_bytes(nlp.to_bytes())
    assert ner_of(other).cfg["temperature"] == 3.0
