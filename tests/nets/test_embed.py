"""Features of words: n-grams normalised, character nets blind to neighbours, types as good as tokens."""

import math

import numpy
import pytest
import torch

from spacy_rnn.nets.dropout import set_dropout
from spacy_rnn.nets.embed import UNKNOWN, CharCNN, CharRNN, NgramEmbedding, WordEmbedder, WordTypes

LENGTHS = numpy.array([4, 1, 7])


def word_types(n_types=5, n_vector=6, seed=0):
    """Features of made-up words, some of them without n-grams."""
    random = numpy.random.default_rng(seed)
    char_lengths, ngram_lengths = random.integers(3, 9, n_types), random.integers(0, 6, n_types)
    return WordTypes(
        torch.arange(n_types) % 4,
        torch.from_numpy(random.integers(0, 20, char_lengths.sum())),
        char_lengths,
        torch.from_numpy(random.integers(0, 30, ngram_lengths.sum())),
        ngram_lengths,
        torch.from_numpy(random.integers(0, 10, (n_types, 2)) + [0, 10]),
        torch.from_numpy(random.normal(size=(n_types, n_vector)).astype("f")),
    )


def chosen(types, rows):
    """The types in the given rows, one after the other, repeated where a row is."""
    chars = numpy.split(types.chars.numpy(), numpy.cumsum(types.char_lengths)[:-1])
    ngrams = numpy.split(types.ngrams.numpy(), numpy.cumsum(types.ngram_lengths)[:-1])
    return WordTypes(
        types.words[rows],
        torch.from_numpy(numpy.concatenate([chars[r] for r in rows])),
        types.char_lengths[rows],
        torch.from_numpy(numpy.concatenate([ngrams[r] for r in rows])),
        types.ngram_lengths[rows],
        types.attrs[rows],
        types.vectors[rows],
    )


def embedder(**changes):
    torch.manual_seed(0)
    settings = dict(
        width=8, n_words=4, word_width=5, n_chars=20, chars="cnn", char_width=4, char_output=6, char_windows=[2, 3]
    )
    settings |= dict(ngram_rows=30, ngram_width=7, n_attrs=2, attr_rows=10, attr_width=3, n_vector=6, vector_width=5)
    return WordEmbedder(**{**settings, **changes}).eval()


def test_ngrams_are_summed_over_the_root_of_their_number():
    net = NgramEmbedding(10, 3)
    rows = torch.tensor([1, 2, 2, 5])
    found = net(rows, numpy.array([3, 0, 1]))
    table = net.table.weight
    assert torch.allclose(found[0], (table[1] + 2 * table[2]) / math.sqrt(3))
    assert not found[1].any()
    assert torch.allclose(found[2], table[5])


def test_words_without_a_single_ngram():
    found = NgramEmbedding(10, 3)(torch.zeros(0, dtype=torch.long), numpy.array([0, 0]))
    assert found.shape == (2, 3) and not found.any()


@pytest.mark.parametrize("net", [CharCNN(20, 4, 5, [2, 3]), CharRNN(20, 4, 6), CharRNN(20, 4, 6, "gru")])
def test_character_nets_see_one_word(net):
    chars = torch.randint(0, 20, (int(LENGTHS.sum()),))
    together = net(chars, LENGTHS)
    alone = [net(part, numpy.array([len(part)])) for part in chars.split(LENGTHS.tolist())]
    assert torch.allclose(together, torch.cat(alone), atol=1e-6)


def test_char_cnn_is_the_maximum_over_windows():
    net, chars = CharCNN(20, 4, 5, [3]), torch.tensor([3, 7, 1, 9])
    padded = torch.cat([torch.zeros(1, 4), net.table(chars), torch.zeros(1, 4)])
    activity = torch.stack([net.filters[0](padded[i : i + 3].reshape(-1)) for i in range(4)])
    assert torch.allclose(net(chars, numpy.array([4]))[0], activity.amax(0).relu(), atol=1e-6)


def test_char_rnn_is_the_last_state_of_each_direction():
    net, chars = CharRNN(20, 4, 6), torch.tensor([3, 7, 1, 9])
    forward, backward = net.encoder.layers[0].directions
    letters = net.table(chars)[:, None]
    expected = torch.cat([forward(letters)[0][-1, 0], backward(letters.flip(0))[0][-1, 0]])
    assert torch.allclose(net(chars, numpy.array([4]))[0], expected, atol=1e-6)


VARIANTS = [
    {},
    dict(chars="rnn"),
    dict(chars="none"),
    dict(word_width=0),
    dict(ngram_width=0),
    dict(attr_width=0),
    dict(n_vector=0),
    dict(ngram_width=0, n_vector=0, attr_width=0, chars="none"),
    dict(word_width=0, ngram_width=0, attr_width=0, n_vector=0),
    dict(word_width=0, ngram_width=0, chars="none", n_vector=0),
]


@pytest.mark.parametrize("changes", VARIANTS, ids=str)
def test_types_once_equals_each_token_by_itself(changes):
    net, types, tokens = embedder(**changes), word_types(), torch.tensor([3, 0, 0, 4, 1, 3, 2])
    once = net(types, tokens)
    each = net(chosen(types, tokens.numpy()), torch.arange(len(tokens)))
    assert once.shape == (7, 8)
    assert torch.allclose(once, each, atol=1e-6)
    upstream = torch.randn_like(once)
    ours = torch.autograd.grad(once, list(net.parameters()), upstream)
    theirs = torch.autograd.grad(each, list(net.parameters()), upstream)
    assert all(torch.allclose(a, b, atol=1e-5) for a, b in zip(ours, theirs, strict=True))


@pytest.mark.parametrize("changes", VARIANTS, ids=str)
def test_training_with_and_without_word_dropout(changes):
    net, types, tokens = embedder(**changes), word_types(), torch.arange(5)
    expected = net(types, tokens)
    assert torch.allclose(net.train()(types, tokens), expected, atol=1e-6)  # all rates are zero
    net.word_dropout = 1.0
    unknown = types._replace(words=torch.full_like(types.words, UNKNOWN))
    assert torch.allclose(net(types, tokens), net.eval()(unknown, tokens), atol=1e-6)


def test_word_dropout_is_per_token_at_its_rate():
    net, types = embedder(word_dropout=0.3, ngram_width=0, attr_width=0, chars="none", n_vector=0).train(), word_types()
    torch.manual_seed(0)
    found = net(types, torch.full((2000,), 1))  # one word, many tokens
    shares = found.unique(dim=0, return_counts=True)[1] / 2000
    assert len(shares) == 2
    assert abs(float(shares.min()) - 0.3) < 0.05


def test_features_are_mixed_by_the_largest_of_three_maps():
    net, types = embedder(word_width=0), word_types()
    rows = net._type_rows(types)
    largest = torch.stack(rows.chunk(3, dim=1)).amax(0)
    assert torch.allclose(net(types, torch.arange(5)), net.norm(largest), atol=1e-6)


def test_dropout_reaches_the_type_features():
    net, types, tokens = embedder(), word_types(), torch.arange(5)
    set_dropout(net, 0.5)
    plain = net(types, tokens)
    assert not torch.allclose(net.train()(types, tokens), plain)


def test_sparse_gradients_where_asked_for():
    net = embedder(sparse=True)
    net(word_types(), torch.arange(5)).sum().backward()
    assert all(table.weight.grad.is_sparse for table in (net.words, net.ngrams.table, net.attrs))
    assert not net.chars.table.weight.grad.is_sparse
