"""From scores to entities, without a network: any scores, types, thresholds."""

import numpy
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc, Span
from spacy.vocab import Vocab

from spacy_rnn.nets.crf import LinearChainCRF
from spacy_rnn.pipeline.batch import make_batch
from spacy_rnn.pipeline.entities import EntityFinder
from spacy_rnn.pipeline.spans import Found, SpanLabels

VOCAB = Vocab()
SCHEMES = pytest.mark.parametrize("scheme", ["BILUO", "IOB2"])


def finder_of(scheme, types, seed=0, temperature=1.0):
    torch.manual_seed(seed)
    labels = SpanLabels(types, scheme)
    crf = LinearChainCRF(labels.labels, scheme)
    for weight in crf.parameters():
        torch.nn.init.normal_(weight)
    return EntityFinder(crf, labels, temperature)


def batch_of(finder, lengths, seed=0, presets=()):
    random = numpy.random.default_rng(seed)
    docs = [Doc(VOCAB, words=["w"] * length) for length in lengths]
    for doc, start, end, label in presets:
        docs[doc].ents = [Span(docs[doc], start, end, label=label)]
    scores = [2 * random.standard_normal((n, len(finder.labels.labels))).astype("float32") for n in lengths]
    return make_batch(docs, scores, finder.labels, keep=True)


@SCHEMES
@settings(max_examples=25)
@given(
    lengths=st.lists(st.integers(1, 8), min_size=1, max_size=3),
    seed=st.integers(0, 999),
    threshold=st.floats(0.01, 0.9),
    temperature=st.sampled_from([0.5, 1.0, 3.0]),
)
def test_all_likely_spans_with_their_probabilities(scheme, lengths, seed, threshold, temperature):
    finder = finder_of(scheme, ["PER", "LOC"], seed, temperature)
    batch = batch_of(finder, lengths, seed)
    every = [
        [Found(i, j, t) for i in range(n) for j in range(i + 1, n + 1) for t in finder.labels.types] for n in lengths
    ]
    for spans, found in zip(finder.weighed(batch, every), finder.likely(batch, threshold), strict=True):
        taken, expected = set(), []
        for span in sorted(spans, key=lambda span: -span.probability):
            if span.probability >= threshold and not taken & set(range(span.start, span.end)):
                taken |= set(range(span.start, span.end))
                expected.append(span)
        # unless two are as probable as each other to the last digits, or one as the threshold
        assert [span[:3] for span in found] == [span[:3] for span in sorted(expected)]
        probabilities = [[span.probability for span in s] for s in (found, sorted(expected))]
        assert numpy.allclose(*probabilities, atol=1e-5)


@SCHEMES
def test_a_long_document(scheme):
    """Time grows with the text, not with its square; an entity of a thousand tokens that is there already as well."""
    finder = finder_of(scheme, ["PER", "LOC"])
    batch = batch_of(finder, [5_000], presets=[(0, 100, 1100, "PER")])
    best = finder.weighed(batch, finder.best(batch))[0]
    likely = finder.likely(batch, 0.5)[0]
    for spans in (best, likely):
        assert len(spans) > 200 and all(0 <= span.probability <= 1 for span in spans)
        assert not any(span.start < 1100 and span.end > 100 for span in spans)
    assert {span[:3] for span in likely if span.probability > 0.99} <= {span[:3] for span in best}


@SCHEMES
def test_a_doc_is_the_same_alone(scheme):
    finder = finder_of(scheme, ["PER", "LOC"])
    lengths = [5, 1, 30, 7]
    together = batch_of(finder, lengths, presets=[(2, 3, 6, "LOC"), (0, 0, 1, "OTHER")])
    alone = [together.only(numpy.arange(4) == i) for i in range(4)]
    for method in (finder.best, lambda batch: finder.likely(batch, 0.3), lambda batch: finder.n_best(batch, 3)):
        assert method(together) == [method(batch)[0] for batch in alone]


@SCHEMES
def test_what_is_there_already_is_certain(scheme):
    finder = finder_of(scheme, ["PER", "LOC"])
    batch = batch_of(finder, [6], presets=[(0, 2, 4, "LOC")])
    (span,) = finder.weighed(batch, [[Found(2, 4, "LOC")]])[0]
    assert span.probability == pytest.approx(1.0, abs=1e-5)
    assert batch.taken.tolist() == [False, False, True, True, False, False]
    assert all(found.end <= 2 or found.start >= 4 for found in finder.best(batch)[0])


@SCHEMES
def test_shares_of_labellings_are_not_above_one(scheme):
    """Nor by rounding, where all labellings have an entity."""
    for seed in range(40):
        finder = finder_of(scheme, ["PER", "LOC"], seed)
        (shares,) = finder.n_best(batch_of(finder, [6], seed), 7)
        assert all(0 <= share <= 1 for share in shares.values())
