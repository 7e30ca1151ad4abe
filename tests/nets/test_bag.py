"""The compiled bag and numpy's are the same, and both learn."""

import numpy
import pytest

from spacy_rnn.nets import bag as module
from spacy_rnn.nets.bag import BagTexts, BagWeights, Lists, NativeBag, NumpyBag, reason_missing

ENGINES = [
    pytest.param(NumpyBag, id="numpy"),
    pytest.param(NativeBag, id="native", marks=pytest.mark.skipif(bool(reason_missing()), reason="not compiled")),
]
compiled = pytest.mark.skipif(bool(reason_missing()), reason="not compiled")


def lists(random, lengths, rows):
    return Lists(random.integers(rows, size=sum(lengths)).astype("int32"), numpy.cumsum([0, *lengths]).astype("int64"))


def make(exclusive=True, width=6, ngram_width=5, base=False, texts=40, labels=4):
    """Texts whose labels are in their words; the first one is empty."""
    random = numpy.random.default_rng(0)
    lengths = [0, *random.integers(1, 9, size=texts - 1).tolist()]
    words, ngrams = lists(random, lengths, 30), lists(random, [2 * n for n in lengths], 50)
    firsts = [words.of(t)[:2] % labels if lengths[t] else numpy.zeros(1) for t in range(texts)]
    right = [each[:1] if exclusive else numpy.unique(each) for each in firsts]
    starts = numpy.cumsum([0, *map(len, right)]).astype("int64")
    means = random.normal(size=(texts, width)).astype("float32") if base else None
    read = BagTexts(words, ngrams, Lists(numpy.concatenate(right).astype("int32"), starts), means)
    shapes = (30, width), (50, ngram_width), (labels, width + ngram_width), (labels,)
    tables = [random.normal(scale=0.1, size=shape).astype("float32") for shape in shapes]
    tables[0][0] = 0.0 if base else tables[0][0]
    return BagWeights(*tables), read, exclusive


def run(engine, given, dropout=0.25, epochs=30, lr=0.5):
    weights, texts, exclusive = given
    bag, order, losses = engine(weights, texts, exclusive, dropout), numpy.arange(len(texts), dtype="int32"), []
    for epoch in range(epochs):
        losses.append(bag.train(order, lr * (1 - epoch / epochs), lr * (1 - (epoch + 1) / epochs), 7 + epoch))
    return bag, losses


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("exclusive", [True, False])
def test_the_loss_falls(engine, exclusive):
    _, losses = run(engine, make(exclusive), dropout=0.0, epochs=60, lr=1.0)
    assert losses[-1] < 0.6 * losses[0]


@compiled
@pytest.mark.parametrize("base", [False, True])
@pytest.mark.parametrize("exclusive", [True, False])
@pytest.mark.parametrize("width, ngram_width", [(6, 5), (100, 100), (3, 0)])
def test_compiled_and_numpy_learn_the_same(width, ngram_width, exclusive, base):
    found = []
    for engine in (NumpyBag, NativeBag):
        given = make(exclusive, width, ngram_width, base)
        bag, losses = run(engine, given)
        found.append([numpy.array(losses), *given[0], bag.logits(numpy.arange(40, dtype="int32"))])
    for ours, theirs in zip(*found, strict=True):
        assert ours == pytest.approx(theirs, rel=1e-3, abs=1e-4)


@compiled
@pytest.mark.parametrize("level", [0, 1])
def test_all_kinds_of_processors_learn_the_same(monkeypatch, level):
    best = run(NativeBag, make())[1]
    monkeypatch.setattr(module, "LEVEL", level)
    assert run(NativeBag, make())[1] == pytest.approx(best, rel=1e-4)


@pytest.mark.parametrize("engine", ENGINES)
def test_zeros_stay_where_a_word_has_no_row(engine):
    given = make(base=True)
    run(engine, given, epochs=3)
    assert not given[0].words[0].any() and given[0].words[1:].any(axis=1).all()


@pytest.mark.parametrize("engine", ENGINES)
def test_looking_changes_nothing(engine):
    weights, texts, exclusive = make()
    before = [array.copy() for array in weights]
    bag = engine(weights, texts, exclusive, 0.5)
    first, second = (bag.logits(numpy.array([3, 0, 5], dtype="int32")) for _ in range(2))
    assert (first == second).all() and first[1] == pytest.approx(weights.bias)
    assert all((new == old).all() for new, old in zip(weights, before, strict=True))
