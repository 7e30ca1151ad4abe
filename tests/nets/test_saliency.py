"""What each token has added to a logit: against finite differences, against the net itself."""

import tracemalloc

import numpy
import pytest
import torch

from spacy_rnn.nets.classifier import TextClassifier, Words
from spacy_rnn.nets.firing import fire, maxima, reach, slopes
from spacy_rnn.nets.ngrams import ngram_rows, ngram_spans
from spacy_rnn.nets.saliency import Texts, gradients, of_zeros, without_each

READERS = {
    "bag": ("bag", {"pooling": ["sum", "mean", "max"]}),
    "cnn": ("cnn", {"filters": 3, "sizes": [1, 2, 4]}),
    "deep": ("cnn", {"filters": 3, "sizes": [2, 3], "depth": 2}),
    "rnn": ("rnn", {"width": 6, "pooling": ["last", "attention", "mean"]}),
    "gru": ("rnn", {"width": 6, "pooling": ["max"], "cell": "gru"}),
}
LENGTHS = numpy.array([4, 0, 7, 1])
WIDTH, LABELS = 5, 3


def net_of(name, **settings):
    """In double precision, for differences."""
    torch.manual_seed(1)
    reader, its_own = READERS[name]
    net = TextClassifier(WIDTH, LABELS, reader, its_own, **settings).double().eval()
    if net.scores is not None:
        torch.nn.init.normal_(net.scores.weight)
    return net


def texts_of(net):
    torch.manual_seed(2)
    flat = torch.randn(int(LENGTHS.sum()), WIDTH, dtype=torch.float64)
    rows, counts = numpy.zeros(0, dtype="int64"), numpy.zeros(len(LENGTHS), dtype="int64")
    if net.ngrams is not None or net.scores is not None:
        words = numpy.arange(LENGTHS.sum(), dtype="uint64")
        rows, counts = ngram_rows(words, LENGTHS, [1, 2], 20)
    return Texts(flat, LENGTHS, torch.from_numpy(rows), counts)


def logits(net, texts, exclusive):
    with torch.no_grad():
        found = net(texts.flat, texts.lengths, texts.ngrams, texts.ngram_lengths)
        return found - found.mean(1, keepdim=True) if exclusive else found


ALL = pytest.mark.parametrize("name", sorted(READERS))
COLUMNS = torch.tensor([[0, 2], [1, 0], [2, 1], [1, 1]])


@ALL
@pytest.mark.parametrize("settings", [{}, {"hidden": 4, "ngram_rows": 20, "ngram_width": 3}, {"ngram_rows": 20}])
@pytest.mark.parametrize("exclusive", [True, False])
def test_finite_differences(name, settings, exclusive):
    """A vector that grows by a thousandth changes the logit by a thousandth of the token's share."""
    net = net_of(name, **settings)
    texts = texts_of(net)
    shares = gradients(net, texts, COLUMNS, exclusive)
    text = numpy.repeat(numpy.arange(len(LENGTHS)), LENGTHS)
    step = 1e-5
    for i in range(len(texts.flat)):
        found = []
        for sign in (1, -1):
            flat = texts.flat.clone()
            flat[i] *= 1 + sign * step
            found.append(logits(net, texts._replace(flat=flat), exclusive)[text[i]])
        slope = ((found[0] - found[1]) / (2 * step))[COLUMNS[text[i]]]
        assert torch.allclose(shares.tokens[i], slope, atol=1e-5), i
    assert torch.allclose(shares.logits, logits(net, texts, exclusive))


@pytest.mark.parametrize("settings", [{"hidden": 4, "ngram_rows": 20, "ngram_width": 3}, {"ngram_rows": 20}])
def test_ngrams_share_the_difference_of_their_vectors(settings):
    net = net_of("bag", **settings)
    table = net.ngrams or net.scores
    texts = texts_of(net)
    shares = gradients(net, texts, COLUMNS, False)
    step, row = 1e-5, int(texts.ngrams[2])
    found = []
    for sign in (1, -1):
        with torch.no_grad():
            table.weight[row] *= 1 + sign * step
            found.append(logits(net, texts, False))
            table.weight[row] /= 1 + sign * step
    here = (texts.ngrams == row).numpy()
    text = numpy.repeat(numpy.arange(len(LENGTHS)), texts.ngram_lengths)
    for number in range(len(LENGTHS)):
        slope = ((found[0] - found[1]) / (2 * step))[number, COLUMNS[number]]
        assert torch.allclose(shares.ngrams[here & (text == number)].sum(0), slope, atol=1e-6)


NGRAMS = pytest.mark.parametrize("width", [0, 3])


@ALL
@NGRAMS
@pytest.mark.parametrize("exclusive", [True, False])
def test_integrated_shares_and_the_zeros_add_up_to_the_logit(name, exclusive, width):
    net = net_of(name, hidden=4, ngram_rows=20, ngram_width=width)
    texts = texts_of(net)
    shares, zeros = gradients(net, texts, COLUMNS, exclusive, 50), of_zeros(net, texts, exclusive)
    ends, gram_ends = numpy.cumsum(LENGTHS), numpy.cumsum(texts.ngram_lengths)
    for i, (end, gram_end) in enumerate(zip(ends, gram_ends, strict=True)):
        tokens = shares.tokens[end - LENGTHS[i] : end].sum(0)
        ngrams = shares.ngrams[gram_end - texts.ngram_lengths[i] : gram_end].sum(0)
        wanted = shares.logits[i, COLUMNS[i]]
        assert torch.allclose(tokens + ngrams + zeros[i, COLUMNS[i]], wanted, atol=0.02), i


@ALL
@NGRAMS
def test_without_each_token(name, width):
    net = net_of(name, ngram_rows=20, ngram_width=width)
    flat = torch.randn(6, WIDTH, dtype=torch.float64)
    words = numpy.array([3, 1, 4, 1, 5, 9], dtype="uint64")
    found = without_each(net, flat, words, [1, 2], True)
    for i in range(6):
        kept = [j for j in range(6) if j != i]
        rows, counts = ngram_rows(words[kept], numpy.array([5]), [1, 2], 20)
        texts = Texts(flat[kept], numpy.array([5]), torch.from_numpy(rows), counts)
        assert torch.allclose(found[i], logits(net, texts, True)[0])
    assert without_each(net, flat[:1], words[:1], [1, 2], True).shape == (1, LABELS)
    assert without_each(net, flat[:0], words[:0], [1, 2], True).shape == (0, LABELS)


def test_a_long_text_is_occluded_in_parts(monkeypatch):
    net = net_of("cnn")
    flat = torch.randn(9, WIDTH, dtype=torch.float64)
    whole = without_each(net, flat, None, [1, 1], False)
    monkeypatch.setattr("spacy_rnn.nets.saliency.AT_ONCE", 20)
    assert torch.allclose(without_each(net, flat, None, [1, 1], False), whole)


def test_a_very_long_text_without_windows_is_not_laid_out_as_a_square():
    net, n = net_of("bag"), 2000
    tracemalloc.start()
    found = without_each(net, torch.randn(n, WIDTH, dtype=torch.float64), None, [1, 1], False)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found.shape == (n, LABELS) and most < n * n * 8 / 4


@pytest.mark.parametrize("name", ["cnn", "deep"])
@NGRAMS
@pytest.mark.parametrize("exclusive", [True, False])
def test_filters_and_the_bias_add_up_to_the_logit(name, exclusive, width):
    net = net_of(name, ngram_rows=20, ngram_width=width)
    texts = texts_of(net)
    firing, shares = fire(net, texts, COLUMNS, exclusive), gradients(net, texts, COLUMNS, exclusive)
    bias = net.output.bias.detach()
    bias = bias - bias.mean() if exclusive else bias
    gram_ends = numpy.cumsum(texts.ngram_lengths)
    for i in range(len(LENGTHS)):
        ngrams = shares.ngrams[gram_ends[i] - texts.ngram_lengths[i] : gram_ends[i]].sum(0)
        total = torch.from_numpy(firing.contribution[:, i].sum(1)) + ngrams + bias[COLUMNS[i]]
        assert torch.allclose(total, shares.logits[i, COLUMNS[i]])


@pytest.mark.parametrize("name", ["cnn", "deep"])
def test_a_filter_sees_the_words_that_it_is_said_to_have_fired_at(name):
    """Its activation has a gradient by those words and by no others."""
    net = net_of(name)
    flat = torch.randn(9, WIDTH, dtype=torch.float64).requires_grad_()
    lengths = numpy.array([9])
    activation, position = maxima(net, flat, lengths)
    read = net.reader(Words(flat, torch.arange(9), lengths))
    assert torch.allclose(read, activation) and (activation > 0).sum() > 3
    for f, (before, after) in enumerate(reach(net.reader)):
        if activation[0, f] > 0:
            (slope,) = torch.autograd.grad(read[0, f], flat, retain_graph=True)
            seen = numpy.flatnonzero(slope.abs().sum(1).numpy())
            first, last = max(0, position[0, f] - before), min(8, position[0, f] + after)
            assert first <= seen.min() and seen.max() <= last
            if name == "cnn":
                assert seen.tolist() == list(range(first, last + 1))


def test_slopes_are_what_an_activation_adds():
    net = net_of("cnn", hidden=4)
    texts = texts_of(net)
    firing = fire(net, texts, torch.arange(LABELS)[None].repeat(len(LENGTHS), 1), True)
    activation = torch.from_numpy(firing.activation)
    found = slopes(net, activation, True).numpy()  # labels x filters, the mean of all texts
    each_text = [slopes(net, activation[i : i + 1], True).numpy() for i in range(len(LENGTHS))]
    assert numpy.allclose(found, numpy.mean(each_text, axis=0))
    for i, one in enumerate(each_text):
        assert numpy.allclose(one * firing.activation[i], firing.contribution[:, i])


def test_spans_stand_in_the_order_of_rows():
    words = numpy.array([7, 8, 9], dtype="uint64")
    rows, (count,) = ngram_rows(words, numpy.array([3]), [1, 2], 10**6)
    spans = ngram_spans(3, [1, 2])
    assert spans == [(0, 1), (1, 2), (2, 3), (0, 2), (1, 3)] and count == len(spans)
    for row, (first, end) in zip(rows, spans, strict=True):
        assert row == ngram_rows(words[first:end], numpy.array([end - first]), [end - first] * 2, 10**6)[0][0]
    assert ngram_spans(1, [2, 3]) == [] and len(ngram_rows(words[:1], numpy.array([1]), [2, 3], 10)[0]) == 0
