"""rnn_ner beside other components: what they have said stays, and the rest is made to fit."""

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc, Span

from .tiny_ner import bare, entities, make_examples, make_nlp, ner_of, train


def forced_labels(nlp, doc):
    """The labels that have all of the probability, None where several share it."""
    labels, p = ner_of(nlp).marginals([doc])[0]
    return [labels[row.argmax()] if row.max() > 1 - 1e-6 else None for row in p]


@pytest.fixture(scope="module", params=["BILUO", "IOB2"])
def nlp(request):
    nlp = make_nlp(scheme=request.param)
    train(nlp, make_examples(nlp))
    return nlp


def test_an_entity_ruler_before_it(nlp):
    ruler = nlp.add_pipe("entity_ruler", before="rnn_ner")
    ruler.add_patterns([{"label": "LOC", "pattern": "New York", "id": "nyc"}, {"label": "FRUIT", "pattern": "Bob"}])
    try:
        lives, hired = nlp.pipe(["Anna Smith lives in New York City .", "Acme hired Bob in Paris ."])
        assert entities(lives) == [(0, 2, "PER"), (4, 6, "LOC")]
        assert entities(hired) == [(0, 1, "ORG"), (2, 3, "FRUIT"), (4, 5, "LOC")]
        assert [ent._.confidence is None for ent in lives.ents + hired.ents] == [False, True, False, True, False]
        assert lives.ents[1].ent_id_ == "nyc"
        ner_of(nlp).cfg["overwrite"] = True
        lives, hired = nlp.pipe(["Anna Smith lives in New York City .", "Acme hired Bob in Paris ."])
        assert entities(lives) == [(0, 2, "PER"), (4, 7, "LOC")]
        assert entities(hired) == [(0, 1, "ORG"), (2, 3, "PER"), (4, 5, "LOC")]
        assert all(ent._.confidence and not ent.ent_id_ for ent in lives.ents + hired.ents)
    finally:
        ner_of(nlp).cfg["overwrite"] = False
        nlp.remove_pipe("entity_ruler")


def test_what_follows_does_not_go_on(nlp):
    """After an entity that is there nothing of it goes on, also where the labels could say so."""
    doc = nlp.make_doc("Anna lives in New York City .")
    doc.ents = [Span(doc, 3, 4, label="LOC")]
    labels, p = ner_of(nlp).marginals([doc])[0]
    inner = [label.startswith("I-") for label in labels]
    assert p[4, inner].sum() < 1e-6
    assert (3, 4, "LOC") in entities(ner_of(nlp)(doc))


def test_blocked_tokens_stay_outside(nlp):
    doc = nlp.make_doc("Anna Smith lives in New York City .")
    doc.set_ents([], blocked=[doc[0:1], doc[4:7]], default="missing")
    assert forced_labels(nlp, doc)[4:7] == ["O"] * 3
    found = entities(ner_of(nlp)(doc))
    assert not {0, 4, 5, 6} & {i for start, end, _ in found for i in range(start, end)}
    assert [t.ent_iob_ for t in doc][4:7] == ["B"] * 3 and not doc[4].ent_type, "still blocked"
    ner_of(nlp).cfg["overwrite"] = True
    assert entities(ner_of(nlp)(doc)) == [(0, 2, "PER"), (4, 7, "LOC")]
    ner_of(nlp).cfg["overwrite"] = False


def test_run_twice(nlp):
    doc = nlp("Anna Smith lives in New York City .")
    found, confidences = entities(doc), [ent._.confidence for ent in doc.ents]
    again = ner_of(nlp)(doc)
    assert entities(again) == found and [ent._.confidence for ent in again.ents] == confidences


def test_a_sense_of_an_entity_is_kept(nlp):
    doc = nlp.make_doc("Anna lives in Paris .")
    doc.ents = [Span(doc, 3, 4, label="LOC", kb_id="Q90", span_id="paris")]
    paris = ner_of(nlp)(doc).ents[-1]
    assert (paris.kb_id_, paris.id_, paris.text) == ("Q90", "paris", "Paris")


WORDS = "Anna Smith lives in New York City . Acme \n hired".split(" ")
SPANS = st.lists(st.tuples(st.integers(0, 10), st.integers(1, 3), st.sampled_from(["PER", "LOC", "FRUIT", ""])))


@settings(max_examples=30)
@given(words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=12), spans=SPANS, scores=st.integers(0, 3))
@pytest.mark.parametrize("threshold", [None, 0.2])
def test_whatever_there_is_stays(threshold, words, spans, scores, nlp):
    """Any entities and blocked spans of any Doc; an empty type blocks."""
    doc = Doc(nlp.vocab, words=words)
    free, given_ents, blocked = numpy.ones(len(doc), dtype=bool), [], []
    for start, length, label in spans:
        if start + length <= len(doc) and free[start : start + length].all():
            free[start : start + length] = False
            span = Span(doc, start, start + length, label=label)
            (given_ents if label else blocked).append(span)
    doc.set_ents(given_ents, blocked=blocked, default="missing")
    before = entities(doc)
    ner = ner_of(nlp)
    ner.cfg["threshold"] = threshold
    ner(doc)
    ner.cfg["threshold"] = None
    after = entities(doc)
    assert set(before) <= set(after)
    new = [i for start, end, label in set(after) - set(before) for i in range(start, end)]
    assert free[new].all() and len(new) == len(set(new))
    assert all(ent._.confidence is not None for ent in doc.ents if (ent.start, ent.end, ent.label_) not in before)


def test_only_tokens_of_its_own_doc(nlp):
    """What one Doc says is nothing to its neighbours."""
    text = "Anna Smith lives in New York City ."
    alone = entities(nlp(text))
    first, second, third = (nlp.make_doc(text) for _ in range(3))
    second.ents = [Span(second, 0, 1, label="ORG")]
    docs = list(ner_of(nlp).pipe([first, bare(second), second, third]))
    assert [entities(docs[i]) == alone for i in range(4)] == [True, True, False, True]
