"""Spans as labels, and back."""

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacy_rnn.nets.schemes import allowed
from spacy_rnn.pipeline.spans import Found, SpanLabels

TYPES = ["PER", "B-CELL", "O", "организация"]


@st.composite
def spans(draw):
    """A number of tokens, and spans among them that do not overlap."""
    found, end = [], 0
    for gap, length, type_ in draw(
        st.lists(st.tuples(st.integers(0, 2), st.integers(1, 4), st.sampled_from(TYPES)), max_size=6)
    ):
        found.append(Found(end + gap, end + gap + length, type_))
        end = found[-1].end
    return end + draw(st.integers(0, 2)), found


@pytest.mark.parametrize("scheme", ["BILUO", "IOB2"])
@given(given_spans=spans())
def test_there_and_back(scheme, given_spans):
    length, expected = given_spans
    labels = SpanLabels(TYPES, scheme)
    path = numpy.full(length, labels.outside)
    for start, end, type_, _ in expected:
        path[start:end] = labels.path(type_, end - start)
    assert labels.spans(path) == expected
    may = allowed(labels.labels, scheme)
    assert may.transitions[path[:-1], path[1:]].all()
    assert not length or (may.start[path[0]] and may.end[path[-1]])


@given(data=st.data())
@pytest.mark.parametrize("scheme", ["BILUO", "IOB2"])
def test_any_labels_mean_something(scheme, data):
    """What the scheme forbids may come from Docs that contradict it: no token is in two spans, none is lost."""
    labels = SpanLabels(TYPES, scheme)
    path = numpy.array(data.draw(st.lists(st.integers(0, len(labels.labels) - 1), max_size=12)), dtype="int64")
    covered = [i for span in labels.spans(path) for i in range(span.start, span.end)]
    assert covered == numpy.flatnonzero(path != labels.outside).tolist()


def test_without_types():
    labels = SpanLabels([], "BILUO")
    assert labels.labels == ["O"] and labels.spans(numpy.zeros(3, dtype="int64")) == []
