"""A scheme allows exactly the labellings that spell spans: checked against all labellings that spans can give."""

import itertools

import numpy
import pytest

from spacy_rnn.errors import RNNError
from spacy_rnn.nets.schemes import SCHEMES, allowed, goes_on, labels_of

TYPES = ["PER", "ОРГ"]


def test_labels():
    assert labels_of(["PER"], "IOB2") == ["O", "B-PER", "I-PER"]
    assert labels_of(["PER"], "BILUO") == ["O", "B-PER", "I-PER", "L-PER", "U-PER"]
    assert labels_of(["корень"], "BMES") == ["B-корень", "M-корень", "E-корень", "S-корень"]
    assert labels_of(["NOUN", "VERB"], "none") == ["NOUN", "VERB"]


def spelled(n, scheme, labels):
    """All labellings of n tokens that some spans, one behind the other, give."""
    parts = SCHEMES[scheme]
    if n == 0:
        yield ()
        return
    if parts.outside:
        yield from (("O", *rest) for rest in spelled(n - 1, scheme, labels))
    for size, name in itertools.product(range(1, n + 1), TYPES):
        letters = [parts.single] if size == 1 else [parts.first, *[parts.inner] * (size - 2), parts.last]
        yield from ((*(f"{x}-{name}" for x in letters), *rest) for rest in spelled(n - size, scheme, labels))


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_exactly_what_spells_spans_is_allowed(scheme, n):
    labels = labels_of(TYPES, scheme)
    may = allowed(labels, scheme)
    found = set()
    for path in itertools.product(range(len(labels)), repeat=n):
        if may.start[path[0]] and may.end[path[-1]] and all(may.transitions[a, b] for a, b in itertools.pairwise(path)):
            found.add(tuple(labels[i] for i in path))
    assert found == set(spelled(n, scheme, labels))


def test_the_order_of_labels_does_not_matter():
    labels = labels_of(TYPES, "BILUO")
    order = numpy.random.default_rng(0).permutation(len(labels))
    one, other = allowed(labels, "BILUO"), allowed([labels[i] for i in order], "BILUO")
    assert (one.transitions[order][:, order] == other.transitions).all()
    assert (one.start[order] == other.start).all() and (one.end[order] == other.end).all()


def test_without_a_scheme_everything_is_allowed():
    may = allowed(["O", "x", "B-"], "none")
    assert may.transitions.all() and may.start.all() and may.end.all()


def test_types_may_have_hyphens():
    may = allowed(["O", "B-work-of-art", "I-work-of-art", "I-work"], "IOB2")
    assert may.transitions[1].tolist() == [True, True, True, False]


def test_what_would_go_on():
    assert goes_on(["O", "B-PER", "I-PER", "B-LOC"], "IOB2").tolist() == [-1, 2, 2, -1]
    assert goes_on(labels_of(TYPES, "BILUO"), "BILUO") is None
    assert goes_on(["a"], "none") is None


@pytest.mark.parametrize(
    "label, scheme", [("PER", "IOB2"), ("L-PER", "IOB2"), ("B-", "BILUO"), ("O", "BMES"), ("", "IOB2")]
)
def test_labels_of_another_scheme(label, scheme):
    with pytest.raises(RNNError, match="R020"):
        allowed([label], scheme)


@pytest.mark.parametrize("labels", [[], ["O", "O"]])
def test_no_labels_or_one_twice(labels):
    with pytest.raises(RNNError, match="R028"):
        allowed(labels, "BILUO")


def test_unknown_scheme():
    for function in (lambda: allowed(["O"], "IOBES"), lambda: labels_of(["PER"], "bio"), lambda: goes_on(["O"], "")):
        with pytest.raises(RNNError, match="R027.*BILUO"):
            function()
