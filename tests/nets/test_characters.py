"""The n-grams around a character, and what a list of words tells of them."""

import math
from collections import Counter, defaultdict

import numpy
import torch
from hypothesis import given
from hypothesis import strategies as st

from spacy_rnn.models.segmenter import codes_of
from spacy_rnn.nets.characters import COLUMNS, OUTSIDE, RARE, CharacterEmbedder, statistics, window_keys

WORDS = st.lists(st.text("abёж", min_size=1, max_size=6), min_size=1, max_size=8)


def around(word, place, size):
    """The n-grams, written out: what ends at the place and what begins after it, with # for what is outside."""
    padded = "#" * size + word + "#" * size
    here = place + size
    left = [padded[here - n + 1 : here + 1] for n in range(1, size + 1)]
    return [("left", gram) for gram in left] + [("right", padded[here + 1 : here + 1 + n]) for n in range(1, size + 1)]


@given(WORDS, st.integers(1, 4))
def test_a_hash_for_each_n_gram(words, size):
    keys = window_keys(*codes_of(words), size)
    assert keys.shape == (sum(map(len, words)), 2 * size)
    grams = [around(word, place, size) for word in words for place in range(len(word))]
    names = defaultdict(set)
    for row, written in zip(keys.tolist(), grams, strict=True):
        for key, gram in zip(row, written, strict=True):
            names[key].add(gram)
    assert all(len(same) == 1 for same in names.values())
    assert len(names) == len({gram for written in grams for gram in written})


@given(WORDS)
def test_shorter_n_grams_are_the_same_whatever_the_longest(words):
    codes, lengths = codes_of(words)
    short, long = window_keys(codes, lengths, 2), window_keys(codes, lengths, 5)
    assert (short == long[:, [0, 1, 5, 6]]).all()


def test_characters_beyond_the_basic_plane():
    codes, lengths = codes_of(["a😀", "\ud800"])
    assert lengths.tolist() == [2, 1] and codes.tolist() == [99, 0x1F602, 0xD802]


@given(st.lists(st.text("ab", min_size=1, max_size=4), min_size=3, max_size=30))
def test_statistics_are_those_of_the_words(words):
    reach = 3
    before_b = numpy.array([char == "b" for char in "".join(words)[1:] + "a"], dtype=float)
    keys, values = statistics(*codes_of(words), reach, before_b)
    found = dict(zip(keys.tolist(), values.tolist(), strict=True))
    beyond, cuts = defaultdict(Counter), Counter()
    places = [(word, place) for word in words for place in range(len(word))]
    rows = window_keys(*codes_of(words), reach).tolist()
    for row, (word, place), is_cut in zip(rows, places, before_b.tolist(), strict=True):
        for column, key in enumerate(row):
            cuts[key] += is_cut
            after = word[place + 1] if place + 1 < len(word) else "#"
            beyond[key][after if column < reach else word[place]] += 1
    for word in words:  # what begins at the beginning of a word
        for key in window_keys(*codes_of(["?" + word]), reach)[0, reach:].tolist():
            beyond[key]["#"] += 1
    begin = set(window_keys(numpy.array([OUTSIDE]), numpy.array([1]), reach)[0, :reach].tolist())  # left of all words
    assert set(found) - begin == {key for key, counts in beyond.items() if counts.total() >= RARE}
    for key in set(found) - begin:
        size, entropy, ends, cut = found[key]
        total, inner = beyond[key].total(), beyond[key].total() - beyond[key]["#"]
        shares = [count / total for count in beyond[key].values()]
        assert math.isclose(size, math.log(total) / 5, abs_tol=2e-3)
        assert math.isclose(entropy, -sum(p * math.log(p) for p in shares), abs_tol=2e-3)
        assert math.isclose(ends, beyond[key]["#"] / total, abs_tol=2e-3)
        assert math.isclose(cut, cuts[key] / max(inner, 1), abs_tol=2e-3)


def test_a_morpheme_is_followed_by_much():
    words = [stem + ending for stem in ("стол", "слон", "волн", "план") for ending in ("а", "у", "ом", "ами", "ов")]
    net = embedder(words)
    codes, lengths = codes_of(["столик"])
    rows = net.look_up(torch.from_numpy(window_keys(codes, lengths, 4)))
    entropy = rows.view(6, 8, COLUMNS)[:, 3, 1]  # after the n-grams of four
    assert entropy[3] > 1.0 and entropy[2] == 0.0 and entropy[5] == 0.0


def embedder(words):
    torch.manual_seed(0)
    keys, values = statistics(*codes_of(words), 4) if words else ([], [])
    net = CharacterEmbedder(8, rows=100, size=3, reach=4, members=2, n_statistics=len(keys)).eval()
    if words:
        net.keys.copy_(torch.from_numpy(keys))
        net.values.copy_(torch.from_numpy(values))
    return net


@given(WORDS)
def test_a_word_is_the_same_alone_and_in_a_batch(words):
    for raw in ([], ["ab", "aab", "ёж", "ёжа", "ab", "ab"]):
        net = embedder(raw)
        codes, lengths = codes_of(words)
        together = net(torch.from_numpy(window_keys(codes, lengths, 4)), lengths)
        assert together.shape == (len(codes), net.width)
        alone = []
        for word in words:
            codes, lengths = codes_of([word])
            alone.append(net(torch.from_numpy(window_keys(codes, lengths, 4)), lengths))
        assert numpy.allclose(torch.cat(alone).detach(), together.detach(), atol=1e-6)
