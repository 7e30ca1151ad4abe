"""Text classifiers against their definitions, written out word by word."""

import numpy
import pytest
import torch
from torch import nn

from spacy_rnn.nets.classifier import BagReader, FilterReader, RecurrentReader, TextClassifier, Words
from spacy_rnn.nets.dropout import set_dropout
from spacy_rnn.nets.masks import wide_windows
from spacy_rnn.nets.pooling import AttentionPooling, last_states, mean_over_time, most_over_time, sum_over_time

LENGTHS = numpy.array([3, 0, 1, 5])
NO_NGRAMS = torch.zeros(0, dtype=torch.int64), numpy.zeros(len(LENGTHS), dtype="int64")


@pytest.fixture
def flat():
    torch.manual_seed(0)
    rows = torch.randn(6, 4)
    return rows[torch.tensor([0, 1, 0, 2, 3, 0, 4, 5, 5])]  # some words come again


def words_of(flat, lengths=LENGTHS):
    return Words(flat, torch.arange(len(flat)), lengths)


def texts(flat, lengths=LENGTHS):
    return torch.split(flat, lengths.tolist())


def classifier(reader, settings, **others):
    torch.manual_seed(1)
    return TextClassifier(4, 3, reader, settings, **others).eval()


ALL = [
    ("bag", {"pooling": ["sum", "mean", "max"]}),
    ("cnn", {"filters": 5, "sizes": [1, 2, 3, 4]}),
    ("cnn", {"filters": 5, "sizes": [2, 3], "depth": 3}),
    ("rnn", {"width": 6, "pooling": ["last", "mean", "max", "attention"]}),
    ("rnn", {"width": 6, "pooling": ["last"], "cell": "gru", "bidirectional": False, "depth": 2}),
]


def test_poolings(flat):
    for pool, one in ((sum_over_time, lambda x: x.sum(0)), (mean_over_time, lambda x: x.mean(0)),
                      (most_over_time, lambda x: x.max(0).values)):  # fmt: skip
        wanted = [one(x) if len(x) else torch.zeros(4) for x in texts(flat)]
        assert torch.allclose(pool(flat, LENGTHS), torch.stack(wanted), atol=1e-6)


def test_last_states(flat):
    wanted = [torch.cat([x[-1, :2], x[0, 2:]]) if len(x) else torch.zeros(4) for x in texts(flat)]
    assert torch.equal(last_states(flat, LENGTHS, True), torch.stack(wanted))
    wanted = [x[-1] if len(x) else torch.zeros(4) for x in texts(flat)]
    assert torch.equal(last_states(flat, LENGTHS, False), torch.stack(wanted))


def test_attention_pooling(flat):
    pooling = AttentionPooling(4)
    for x, found in zip(texts(flat), pooling(flat, LENGTHS), strict=True):
        weights = torch.softmax(pooling.query(torch.tanh(pooling.keys(x))), dim=0)
        assert torch.allclose(found, (weights * x).sum(0), atol=1e-6)


def test_attention_of_large_energies_stays_finite(flat):
    pooling = AttentionPooling(4)
    pooling.query.weight.data *= 1e4
    assert torch.isfinite(pooling(flat, LENGTHS)).all()


def test_bag_of_vectors(flat):
    found = BagReader(4, ["max", "mean"])(words_of(flat))
    assert torch.allclose(found[3], torch.cat([flat[4:].max(0).values, flat[4:].mean(0)]))


def test_filters_are_torchs_convolution(flat):
    reader = FilterReader(4, 5, [1, 2, 3, 4])
    found = reader(words_of(flat))
    for i, text in enumerate(texts(flat)):
        tops = []
        for size, linear in zip(reader.sizes, reader.layers[0], strict=True):
            weight = linear.weight.view(5, size, 4).transpose(1, 2)
            if len(text):
                slid = nn.functional.conv1d(text.T[None], weight, linear.bias, padding=size - 1)[0]
                tops.append(torch.relu(slid.max(1).values))
            else:
                tops.append(torch.relu(linear.bias))
        assert torch.allclose(found[i], torch.cat(tops), atol=1e-5)


def test_words_that_come_again_change_nothing(flat):
    rows, place = torch.unique(flat, dim=0, return_inverse=True)
    for _, settings in ALL[1:3]:
        reader = FilterReader(4, **settings)
        assert torch.allclose(reader(words_of(flat)), reader(Words(rows, place, LENGTHS)), atol=1e-5)


def test_a_filter_finds_one_ngram_exactly():
    """The lecture's f = [1, 0, .., 0, 1, ..]: over one-hot words it counts the words of its n-gram."""
    words = torch.eye(6)
    reader = FilterReader(6, 1, [3])
    reader.layers[0][0].weight.data = torch.cat([words[2], words[0], words[4]])[None]
    reader.layers[0][0].bias.data.zero_()
    order = torch.tensor([1, 2, 0, 4, 5, 3])
    assert reader(words_of(words[order], numpy.array([6]))).item() == 3.0
    assert reader(words_of(words[order.flip(0)], numpy.array([6]))).item() == 1.0


@pytest.mark.parametrize("width", [1, 2, 3, 5])
def test_wide_windows(width):
    rows, counts = wide_windows(LENGTHS, width)
    assert counts.tolist() == [n + width - 1 if n else 0 for n in LENGTHS]
    first = 0
    wanted = []
    for n in LENGTHS:
        padded = [9] * (width - 1) + list(range(first, first + n)) + [9] * (width - 1)
        wanted += [padded[i : i + width] for i in range(n + width - 1)] if n else []
        first += n
    assert rows.tolist() == wanted


@pytest.mark.parametrize("reader, settings", ALL)
def test_alone_and_in_a_batch(flat, reader, settings):
    net = classifier(reader, settings, ngram_rows=10, hidden=4)
    ngrams, counts = torch.tensor([1, 2, 3, 9, 9, 0]), numpy.array([2, 0, 1, 3])
    with torch.no_grad():
        together = net(flat, LENGTHS, ngrams, counts)
        parts = zip(texts(flat), LENGTHS, torch.split(ngrams, counts.tolist()), counts, strict=True)
        for found, (text, length, grams, count) in zip(together, parts, strict=True):
            alone = net(text, numpy.array([length]), grams, numpy.array([count]))[0]
            assert torch.allclose(found, alone, atol=1e-5)


@pytest.mark.parametrize("reader, settings", ALL)
def test_gradients_reach_all_weights_and_the_words(flat, reader, settings):
    net = classifier(reader, settings, ngram_rows=10, ngram_width=3).train()
    set_dropout(net, 0.2)
    flat = flat.clone().requires_grad_()
    net(flat, LENGTHS, torch.tensor([1, 2]), numpy.array([1, 0, 0, 1])).square().sum().backward()
    assert flat.grad.abs().sum(1).gt(0).sum() >= 3
    assert [name for name, weight in net.named_parameters() if weight.grad is None] == []


@pytest.mark.parametrize("reader, settings", ALL)
def test_no_words_at_all(reader, settings):
    net = classifier(reader, settings)
    found = net(
        torch.zeros(0, 4), numpy.zeros(2, dtype="int64"), torch.zeros(0, dtype=torch.int64), numpy.array([0, 0])
    )
    assert found.shape == (2, 3) and torch.allclose(found[0], found[1], atol=1e-6)


def test_ngram_scores_are_added(flat):
    net = classifier("bag", {"pooling": ["mean"]}, ngram_rows=10)
    before = net(flat, LENGTHS, *NO_NGRAMS)
    net.scores.weight.data[7] = torch.tensor([1.0, 2.0, 3.0])
    after = net(flat, LENGTHS, torch.tensor([7, 7]), numpy.array([0, 0, 2, 0]))
    assert torch.allclose(after - before, torch.tensor([[0.0] * 3, [0.0] * 3, [2.0, 4.0, 6.0], [0.0] * 3]), atol=1e-6)


def test_word_dropout_takes_whole_words(flat):
    net = classifier("bag", {"pooling": ["sum"]}, word_dropout=0.5).train()
    torch.manual_seed(0)
    seen = {tuple(net.read(flat[4:5], numpy.array([1]))[0].tolist()) for _ in range(20)}
    assert seen == {(0.0, 0.0, 0.0, 0.0), tuple(flat[4].tolist())}


def test_recurrent_dropout_is_off_when_predicting(flat):
    reader = RecurrentReader(4, 6, ["last"], recurrent_dropout=0.5)
    torch.manual_seed(0)
    assert not torch.equal(reader.train()(words_of(flat)), reader(words_of(flat)))
    reader.eval()
    assert torch.equal(reader(words_of(flat)), reader(words_of(flat)))
