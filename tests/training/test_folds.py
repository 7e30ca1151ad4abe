"""Folds: every text once, every label shared out, the same for the same seed."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacy_rnn.errors import RNNError
from spacy_rnn.training.folds import draw_share, partition, read_folds

NAMES = ["радость", "грусть", "anger", "fear"]
one_label = st.lists(st.sampled_from(NAMES).map(lambda x: {x}), min_size=10, max_size=80)
some_labels = st.lists(st.sets(st.sampled_from(NAMES)), min_size=10, max_size=80)


@given(one_label, st.integers(2, 10), st.integers(0, 5))
def test_one_label_each_is_shared_out_to_the_text(labels, k, seed):
    parts = partition(labels, [1 / k] * k, seed)
    sizes = Counter(parts)
    assert set(sizes) == set(range(k)) and max(sizes.values()) - min(sizes.values()) <= 1
    for name in NAMES:
        counts = Counter(part for part, own in zip(parts, labels, strict=True) if name in own)
        shares = [counts[part] for part in range(k)]
        assert max(shares) - min(shares) <= 1
    assert parts == partition(labels, [1 / k] * k, seed)


@given(some_labels, st.integers(2, 10))
def test_sets_of_labels(labels, k):
    parts = partition(labels, [1 / k] * k, seed=0)
    assert len(parts) == len(labels) and set(parts) == set(range(k))


def test_the_rarest_of_several_labels_is_in_every_fold():
    labels = [{"anger", "fear"}] * 5 + [{"anger"}] * 40 + [set()] * 55
    parts = partition(labels, [0.2] * 5, seed=0)
    for wanted in (labels[0], labels[-1]):
        counts = Counter(part for part, own in zip(parts, labels, strict=True) if own == wanted)
        assert len(counts) == 5 and max(counts.values()) - min(counts.values()) <= 1


def test_another_seed_makes_other_folds():
    labels = [{NAMES[i % 4]} for i in range(40)]
    assert partition(labels, [0.5, 0.5], 0) != partition(labels, [0.5, 0.5], 1)


@given(one_label, st.floats(0.01, 0.99))
def test_a_share_is_never_nothing_or_all(labels, share):
    drawn = draw_share(labels, share, seed=0)
    assert 0 < len(drawn) < len(labels)
    # of each label the share, give or take one, and so of all texts
    assert abs(len(drawn) - share * len(labels)) <= 1 + len(set.union(*labels))


def test_folds_of_a_file(tmp_path):
    path = tmp_path / "folds.json"
    for content, wanted in (("[3, 1, 7, 1]", [1, 0, 2, 0]), ('{"folds": ["b", "a", "a", "b"]}', [1, 0, 0, 1])):
        path.write_text(content)
        assert read_folds(path, 4) == wanted


@pytest.mark.parametrize("content", ["[1, 2]", "[1, 1, 1]", "[1, null, 2]", '{"fold": 1}', "[1, 2", "3", '"abc"'])
def test_folds_of_a_file_that_are_none(tmp_path, content):
    path = tmp_path / "folds.json"
    path.write_text(content)
    with pytest.raises(RNNError, match="R539"):
        read_folds(path, 3)
    with pytest.raises(RNNError, match="R539"):
        read_folds(tmp_path / "missing.json", 3)
