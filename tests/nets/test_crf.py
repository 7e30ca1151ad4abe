"""The chain against brute force: all labellings of short sequences, one by one, by the formulas of crf.py."""

import itertools
import math
from concurrent.futures import ThreadPoolExecutor

import numpy
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from spacy_rnn.errors import RNNError
from spacy_rnn.nets import likelihood, native
from spacy_rnn.nets.chain import FORBIDDEN
from spacy_rnn.nets.crf import MISSING, LinearChainCRF
from spacy_rnn.nets.schemes import labels_of

COMPILED = native.reason_missing() is None
ENGINES = ["numpy"] + ["avx512", "avx2", "plain"] * COMPILED
LABELS = {
    "none": ["NOUN", "VERB", "ADJ"],
    "IOB2": labels_of(["PER"], "IOB2"),
    "BILUO": labels_of(["ЛИЦО"], "BILUO"),
    "BMES": labels_of(["корень"], "BMES"),
}


@pytest.mark.skipif(not COMPILED, reason="no compiled chain")
def test_a_chain_compiled_from_older_sources_is_left_alone(monkeypatch):
    monkeypatch.setattr(native, "SIGNATURES", {**native.SIGNATURES, "crf_of_tomorrow": (None, [])})
    try:
        native._load.cache_clear()
        assert "crf_of_tomorrow" in native.reason_missing()
        case = Case(0, "IOB2", [3, 2])
        assert len(case.crf.viterbi(case.scores, case.lengths)) == 5
    finally:
        native._load.cache_clear()


@pytest.fixture(params=ENGINES)
def engine(request, monkeypatch):
    use(request.param, monkeypatch)
    return request.param


def use(engine, monkeypatch):
    if engine == "numpy":
        monkeypatch.setattr(native, "reason_missing", lambda: "for a test")
    else:
        monkeypatch.setattr(native, "LEVEL", {"avx512": 2, "avx2": 1, "plain": 0}[engine])


def each_engine(test):
    """Runs a test for every engine; unlike a fixture, inside of hypothesis."""
    for name in ENGINES:
        with pytest.MonkeyPatch.context() as patch:
            use(name, patch)
            test()


class Case:
    """A chain with random weights, and random sequences for it."""

    def __init__(self, seed, scheme, lengths, size=3.0, learned=True, masked=0.0, labels=None):
        rng = numpy.random.default_rng(seed)
        self.labels = labels or LABELS[scheme]
        self.crf = LinearChainCRF(self.labels, scheme, learned)
        for weight in self.crf.parameters():
            weight.data = torch.from_numpy(rng.normal(size=weight.shape).astype("float32"))
        self.lengths, k = numpy.array(lengths), len(self.labels)
        self.scores = (rng.normal(size=(sum(lengths), k)) * size).astype("float32")
        self.allowed = rng.random(self.scores.shape) >= masked if masked else None
        self.gold = rng.integers(k, size=sum(lengths))

    def sequences(self):
        first = 0
        for n in self.lengths:
            yield first, slice(first, first + n)
            first += n

    def all_paths(self, rows, temperature=1.0):
        """Every labelling of a sequence and its score, the best first; by the formula, one number after the other."""
        costs = [numpy.where(may, 0.0, FORBIDDEN) for may in self.crf.may]
        learned = [w.detach().double().numpy() / temperature for w in self.crf.parameters()] or [0.0, 0.0, 0.0]
        transitions, start, end = (c + w for c, w in zip(costs, learned, strict=True))
        scores = self.scores[rows].astype("float64") / temperature
        if self.allowed is not None:
            scores = scores + numpy.where(self.allowed[rows], 0.0, FORBIDDEN)
        found = []
        for path in itertools.product(range(len(self.labels)), repeat=len(scores)):
            score = start[path[0]] + end[path[-1]] + sum(scores[t, y] for t, y in enumerate(path))
            found.append((score + sum(transitions[pair] for pair in itertools.pairwise(path)), path))
        return sorted(found, key=lambda pair: -pair[0])

    def wrongs(self, path, first=0):
        """How often a path contradicts the scheme, or what is allowed."""
        may = self.crf.may
        found = [may.start[path[0]], may.end[path[-1]], *(may.transitions[pair] for pair in itertools.pairwise(path))]
        if self.allowed is not None:
            found += [self.allowed[first + t, y] for t, y in enumerate(path)]
        return sum(not right for right in found)


def log_sum(scores):
    top = max(scores)
    return top + math.log(sum(math.exp(s - top) for s in scores))


CASES = st.builds(
    Case,
    seed=st.integers(0, 10**6),
    scheme=st.sampled_from(list(LABELS)),
    lengths=st.lists(st.integers(1, 4), min_size=1, max_size=5),
    size=st.sampled_from([0.0, 1.0, 5.0, 30.0, 300.0, 1e4]),
    learned=st.booleans(),
    masked=st.sampled_from([0.0, 0.3, 0.7, 1.0]),
)


# -- Decoding


@settings(max_examples=60)
@given(CASES)
def test_the_best_path_is_the_best_of_all(case):
    def check():
        path = case.crf.viterbi(case.scores, case.lengths, case.allowed)
        for _, rows in case.sequences():
            scores = {found: score for score, found in case.all_paths(rows)}
            assert scores[tuple(path[rows])] == pytest.approx(max(scores.values()), abs=1e-6)

    each_engine(check)


@settings(max_examples=60)
@given(CASES)
def test_engines_decode_the_same_paths(case):
    paths = []
    each_engine(lambda: paths.append(case.crf.viterbi(case.scores.round(), case.lengths, case.allowed).tolist()))
    assert all(path == paths[0] for path in paths)


@pytest.mark.parametrize("k", [1, 2, 7, 8, 9, 17, 50, 255, 256, 257, 300])
def test_engines_decode_the_same_paths_with_any_number_of_labels(k):
    case = Case(k, "none", [1, 30, 7, 2, 1], labels=[f"x{i}" for i in range(k)])
    case.scores = case.scores.round()  # with many ties
    for weight in case.crf.parameters():
        weight.data.round_()
    paths = []
    each_engine(lambda: paths.append(case.crf.viterbi(case.scores, case.lengths).tolist()))
    assert all(path == paths[0] for path in paths)
    assert k == 1 or len(set(paths[0])) > 1
    tokens = []
    each_engine(lambda: tokens.append(case.crf.marginals(case.scores, case.lengths).tokens))
    for other in tokens:
        numpy.testing.assert_allclose(other, tokens[0], atol=2e-6)


@pytest.mark.parametrize("scheme", ["IOB2", "BILUO", "BMES"])
def test_paths_keep_to_the_scheme(engine, scheme):
    case = Case(0, scheme, [1, 2, 50, 400], labels=labels_of(["PER", "LOC", "ОРГ"], scheme))
    path = case.crf.viterbi(torch.from_numpy(case.scores), case.lengths)
    for _, rows in case.sequences():
        assert case.wrongs(path[rows]) == 0


def test_the_first_of_equal_labels_wins(engine):
    crf = LinearChainCRF(["a", "b", "c"])
    assert crf.viterbi(numpy.zeros((4, 3)), [1, 3]).tolist() == [0, 0, 0, 0]


def test_only_what_is_allowed(engine):
    case = Case(1, "BILUO", [6, 5], labels=labels_of(["PER", "LOC"], "BILUO"))
    person = [case.labels.index(f"{letter}-PER") for letter in "BIL"]
    case.allowed = numpy.ones(case.scores.shape, dtype=bool)
    case.allowed[7:10] = False
    case.allowed[numpy.arange(7, 10), person] = True
    path = case.crf.viterbi(case.scores, case.lengths, case.allowed)
    assert path[7:10].tolist() == person
    assert case.wrongs(path[:6]) == case.wrongs(path[6:], 6) == 0
    marginals = case.crf.marginals(case.scores, case.lengths, case.allowed)
    assert marginals.path(7, person) == pytest.approx(1.0)


# -- The n best


@settings(max_examples=40)
@given(CASES, st.integers(1, 12))
def test_the_n_best_are_the_n_best_of_all(case, n):
    def check():
        found = case.crf.best_paths(case.scores, case.lengths, n, case.allowed)
        best = case.crf.viterbi(case.scores, case.lengths, case.allowed)
        for (first, rows), paths in zip(case.sequences(), found, strict=True):
            every = case.all_paths(rows)
            z = log_sum([score for score, _ in every])
            scores = {path: score for score, path in every}
            wrong = case.wrongs(every[0][1], first)
            assert tuple(paths[0][1]) == tuple(best[rows])
            assert len({tuple(path) for _, path in paths}) == len(paths)
            expected = [s for s, p in every[:n] if case.wrongs(p, first) <= wrong]
            assert [p for p, _ in paths] == pytest.approx([s - z for s in expected], rel=1e-5, abs=1e-5)
            for log_p, path in paths:
                assert log_p == pytest.approx(scores[tuple(path)] - z, rel=1e-5, abs=1e-5)
                assert log_p <= 0

    with pytest.MonkeyPatch.context() as patch:
        use("numpy", patch)
        check()
    check()


@settings(max_examples=40)
@given(CASES, st.integers(1, 9))
def test_engines_find_the_same_n_best_paths(case, n):
    rounded, found = case.scores.round(), []  # with many ties
    for weight in case.crf.parameters():
        weight.data.round_()
    for engine in ENGINES[:2]:
        with pytest.MonkeyPatch.context() as patch:
            use(engine, patch)
            paths = case.crf.best_paths(rounded, case.lengths, n, case.allowed)
            found.append([[path.tolist() for _, path in of_each] for of_each in paths])
    assert found[0] == found[-1]


def test_equal_paths_come_in_a_fixed_order(engine):
    crf = LinearChainCRF(["a", "b"])
    alone = crf.best_paths(numpy.zeros((2, 2)), [2], 4)[0]
    beside = crf.best_paths(numpy.zeros((7, 2)), [4, 2, 1], 4)[1]
    assert [path.tolist() for _, path in alone] == [[0, 0], [1, 0], [0, 1], [1, 1]]
    assert [path.tolist() for _, path in beside] == [path.tolist() for _, path in alone]
    assert [p for p, _ in alone] == pytest.approx([math.log(0.25)] * 4)


def test_fewer_paths_than_asked_for():
    crf = LinearChainCRF(LABELS["BILUO"], "BILUO")
    (paths,) = crf.best_paths(numpy.zeros((1, 5)), [1], 10)
    assert [path.tolist() for _, path in paths] == [[0], [4]]  # O and U; nothing else can stand alone


# -- Marginals


@settings(max_examples=60)
@given(CASES, st.sampled_from([0.5, 1.0, 3.0]))
def test_marginals_are_sums_over_all_paths(case, temperature):
    def check():
        marginals = case.crf.marginals(case.scores, case.lengths, case.allowed, temperature)
        for number, (_, rows) in enumerate(case.sequences()):
            every = case.all_paths(rows, temperature)
            z = log_sum([score for score, _ in every])
            assert marginals.log_z[number] == pytest.approx(z, rel=1e-6, abs=1e-5)
            expected = numpy.zeros((rows.stop - rows.start, len(case.labels)))
            for score, path in every:
                expected[numpy.arange(len(path)), path] += math.exp(score - z)
            numpy.testing.assert_allclose(marginals.tokens[rows], expected, atol=2e-6)

    each_engine(check)


@settings(max_examples=30)
@given(CASES, st.data())
def test_probabilities_of_paths_and_spans(case, data):
    number = data.draw(st.integers(0, len(case.lengths) - 1))
    n = case.lengths[number]
    begin = data.draw(st.integers(0, n - 1))
    end = data.draw(st.integers(begin + 1, n))
    first, rows = list(case.sequences())[number]
    every = case.all_paths(rows)
    z = log_sum([score for score, _ in every])
    labels = data.draw(st.sampled_from([path for _, path in every[:10]]))[begin:end]
    exactly = [(math.exp(score - z), path) for score, path in every if path[begin:end] == labels]
    inner = case.labels.index("I-PER") if case.crf.scheme == "IOB2" else None
    open_ = "-" in case.labels[labels[-1]]
    closed = [p for p, path in exactly if not (open_ and path[end : end + 1] == (inner,))]

    def check():
        marginals = case.crf.marginals(case.scores, case.lengths, case.allowed)
        of_path = marginals.path(first + begin, labels, closed=False)
        assert of_path == pytest.approx(sum(p for p, _ in exactly), abs=5e-5)
        assert marginals.path(first + begin, labels) == pytest.approx(sum(closed), abs=5e-5)

    each_engine(check)


def test_temperature_makes_less_sure_of_the_same(engine):
    case = Case(2, "BILUO", [9])
    sure = [case.crf.marginals(case.scores, [9], temperature=t).tokens.max(1).mean() for t in (0.1, 1.0, 10.0)]
    assert sure[0] > sure[1] > sure[2]
    hot = case.crf.marginals(case.scores, [9], temperature=1000.0)
    assert hot.tokens[0, case.crf.may.start == 0].max() < 1e-6  # what the scheme forbids does not come back


# -- Training


def by_engine(case, gold):
    scores = torch.from_numpy(case.scores).requires_grad_()
    case.crf.zero_grad()
    losses = case.crf.negative_log_likelihood(scores, torch.from_numpy(gold), case.lengths)
    (losses * (torch.arange(len(losses)) + 1.0)).sum().backward()
    weights = [torch.zeros_like(w) if w.grad is None else w.grad.clone() for w in case.crf.parameters()]
    return losses.detach(), scores.grad, *weights


@settings(max_examples=40)
@given(CASES.filter(lambda case: abs(case.scores).max(initial=0) < 200), st.booleans())
def test_likelihood(case, partial):
    case.allowed = None
    gold = case.gold.copy()
    if partial:
        gold[numpy.arange(len(gold)) % 2 == 0] = MISSING

    def check():
        with torch.no_grad():
            scores, labels = torch.from_numpy(case.scores), torch.from_numpy(gold)
            losses = case.crf.negative_log_likelihood(scores, labels, case.lengths)
        for number, (_, rows) in enumerate(case.sequences()):
            every = case.all_paths(rows)
            wanted = gold[rows]
            agrees = [s for s, path in every if all(g in (MISSING, y) for g, y in zip(wanted, path, strict=True))]
            expected = log_sum([score for score, _ in every]) - log_sum(agrees)
            assert float(losses[number]) == pytest.approx(expected, rel=1e-4, abs=1e-3)

    each_engine(check)


@settings(max_examples=40)
@given(CASES.filter(lambda case: abs(case.scores).max(initial=0) < 200), st.booleans())
def test_engines_have_the_same_gradients(case, partial):
    gold = case.gold.copy()
    if partial:
        gold[numpy.arange(len(gold)) % 3 == 0] = MISSING
    results = []
    each_engine(lambda: results.append(by_engine(case, gold)))
    for result in results:
        for one, other in zip(result, results[0], strict=True):
            torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-3)


def test_the_gradient_is_marginals_minus_gold(engine):
    case = Case(3, "IOB2", [3, 1, 8, 20])
    scores = torch.from_numpy(case.scores).requires_grad_()
    case.crf.negative_log_likelihood(scores, torch.from_numpy(case.gold), case.lengths).sum().backward()
    marginals = case.crf.marginals(scores, case.lengths)
    gold = numpy.eye(len(case.labels))[case.gold]
    numpy.testing.assert_allclose(scores.grad.numpy(), marginals.tokens - gold, atol=1e-5)
    ends = numpy.cumsum(case.lengths) - 1
    found = (marginals.tokens - gold)[ends].sum(0)
    numpy.testing.assert_allclose(case.crf.end.grad.numpy(), found, atol=1e-5)
    pairs = numpy.zeros((3, 3))
    for _, rows in case.sequences():
        for t in range(rows.start + 1, rows.stop):
            pairs[case.gold[t - 1], case.gold[t]] -= 1
            for i, j in itertools.product(range(3), repeat=2):
                pairs[i, j] += marginals.path(t - 1, [i, j], closed=False)
    numpy.testing.assert_allclose(case.crf.transitions.grad.numpy(), pairs, atol=1e-4)


def test_the_gradient_by_small_differences(engine):
    case = Case(4, "BILUO", [2, 5])
    gold = torch.tensor([0, 4, 1, 2, 3, MISSING, MISSING])
    transitions, start, end = (w.detach().double() for w in case.crf.weights())
    scores = torch.from_numpy(case.scores).double()
    known = torch.where(gold[:, None] == MISSING, 0.0, FORBIDDEN * (torch.arange(5) != gold[:, None]).double())

    def loss(transitions, start, end):
        free, given = (
            likelihood.log_partition_in_torch(s, case.lengths, transitions, start, end)
            for s in (scores, scores + known)
        )
        return (free - given).sum()

    case.crf.negative_log_likelihood(torch.from_numpy(case.scores), gold, case.lengths).sum().backward()
    assert case.crf.transitions.grad[0, 4] == pytest.approx(
        float(loss(transitions + 1e-4 * one(0, 4), start, end) - loss(transitions - 1e-4 * one(0, 4), start, end))
        / 2e-4,
        abs=1e-3,
    )


def one(i, j):
    found = torch.zeros(5, 5, dtype=torch.float64)
    found[i, j] = 1.0
    return found


def test_training_learns_what_follows_what():
    """Scores say nothing; "b" always follows "a"."""
    crf = LinearChainCRF(["a", "b"])
    optimizer = torch.optim.SGD(crf.parameters(), lr=0.5)
    gold = torch.tensor([0, 1, 0, 1, 0, 1])
    for _ in range(200):
        optimizer.zero_grad()
        crf.negative_log_likelihood(torch.zeros(6, 2), gold, numpy.array([4, 2])).sum().backward()
        optimizer.step()
    assert crf.viterbi(numpy.zeros((6, 2)), [6]).tolist() == [0, 1, 0, 1, 0, 1]
    assert crf.marginals(numpy.zeros((4, 2)), [4]).path(0, [0, 1, 0, 1]) > 0.9


def test_without_learned_transitions_tokens_are_independent(engine):
    case = Case(5, "none", [3, 2], learned=False)
    tokens = case.crf.marginals(case.scores, case.lengths).tokens
    numpy.testing.assert_allclose(tokens, torch.from_numpy(case.scores).softmax(1), atol=1e-6)
    assert case.crf.viterbi(case.scores, case.lengths).tolist() == case.scores.argmax(1).tolist()
    assert list(case.crf.parameters()) == []
    losses = case.crf.negative_log_likelihood(torch.from_numpy(case.scores), torch.from_numpy(case.gold), case.lengths)
    softmax = torch.nn.functional.cross_entropy(
        torch.from_numpy(case.scores), torch.from_numpy(case.gold), reduction="sum"
    )
    assert float(losses.sum()) == pytest.approx(float(softmax), rel=1e-5)


def test_numbers_of_pytorch_crf():
    """For these emissions and weights pytorch-crf 0.7.2 gives this likelihood and this path."""
    crf = LinearChainCRF(["a", "b"])
    crf.transitions.data = torch.tensor([[0.05, -0.1], [0.2, 0.15]])
    crf.start.data, crf.end.data = torch.tensor([0.3, -0.3]), torch.tensor([-0.2, 0.25])
    scores, gold = torch.tensor([[0.1, -0.2], [0.5, 0.3], [-0.4, 0.7]]), torch.tensor([0, 1, 1])
    assert float(crf.negative_log_likelihood(scores, gold, [3]).detach()) == pytest.approx(1.3584461, abs=1e-6)
    assert crf.viterbi(scores, [3]).tolist() == [0, 0, 1]


# -- Neighbours, threads, long sequences, extremes


@settings(max_examples=25)
@given(CASES)
def test_alone_and_in_a_batch(case):
    path = case.crf.viterbi(case.scores, case.lengths, case.allowed)
    marginals = case.crf.marginals(case.scores, case.lengths, case.allowed)
    for first, rows in case.sequences():
        n, allowed = rows.stop - rows.start, None if case.allowed is None else case.allowed[rows]
        assert case.crf.viterbi(case.scores[rows], [n], allowed).tolist() == path[rows].tolist()
        alone = case.crf.marginals(case.scores[rows], [n], allowed)
        if COMPILED:
            assert (alone.tokens == marginals.tokens[rows]).all()
        numpy.testing.assert_allclose(alone.tokens, marginals.tokens[rows], rtol=1e-6)
        assert alone.path(0, path[rows]) == pytest.approx(marginals.path(first, path[rows]), rel=1e-6)


def test_many_threads():
    cases = [Case(seed, "BILUO", [3, 40, 1, 17] * 20) for seed in range(8)]
    expected = [(c.crf.viterbi(c.scores, c.lengths), c.crf.marginals(c.scores, c.lengths).tokens) for c in cases]

    def run(i):
        case = cases[i % 8]
        path, tokens = case.crf.viterbi(case.scores, case.lengths), case.crf.marginals(case.scores, case.lengths).tokens
        return (path == expected[i % 8][0]).all() and (tokens == expected[i % 8][1]).all()

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(run, range(64)))


@pytest.mark.parametrize("scheme", ["none", "BILUO"])
def test_long_sequences_keep_their_precision(scheme):
    """20,000 tokens in one: far from its ends a window gives the same; and logarithms do."""
    case = Case(7, scheme, [20_000])
    marginals = case.crf.marginals(case.scores, case.lengths)
    window = slice(10_000, 10_200)
    near = case.crf.marginals(case.scores[9_800:10_400], [600])
    numpy.testing.assert_allclose(marginals.tokens[window], near.tokens[200:400], atol=1e-6)
    with pytest.MonkeyPatch.context() as patch:
        use("numpy", patch)
        exact = case.crf.marginals(case.scores, case.lengths)
        assert (case.crf.viterbi(case.scores, case.lengths) == case.crf.viterbi(case.scores, case.lengths)).all()
    numpy.testing.assert_allclose(marginals.tokens, exact.tokens, atol=1e-6)
    assert marginals.log_z[0] == pytest.approx(exact.log_z[0], rel=1e-9)
    numpy.testing.assert_allclose(marginals.tokens.sum(1), 1.0, atol=1e-5)


def test_a_chain_that_forgets_nothing():
    """Two labels that never change: the first token decides about the 20,000th."""
    crf = LinearChainCRF(["a", "b"])
    crf.transitions.data = torch.tensor([[0.0, -40.0], [-40.0, 0.0]])
    scores = numpy.zeros((20_000, 2), dtype="float32")
    scores[0], scores[-1] = [0.0, 1.0], [0.5, 0.0]
    tokens = crf.marginals(scores, [20_000]).tokens
    numpy.testing.assert_allclose(tokens[:, 1], 1 / (1 + math.exp(-0.5)), atol=1e-5)


def test_what_underflows_is_taken_in_logarithms(engine):
    """Each token is sure of what its neighbours exclude, by far more than a product can hold."""
    case = Case(8, "none", [6, 3, 4], size=1e4)
    case.crf.transitions.data *= 1e3
    marginals = case.crf.marginals(case.scores, case.lengths)
    best = case.crf.viterbi(case.scores, case.lengths)
    for first, rows in case.sequences():
        assert marginals.path(first, best[rows]) == pytest.approx(1.0)
    if engine != "numpy":
        assert marginals._in_logs.any()


@pytest.mark.parametrize("scheme", LABELS)
@pytest.mark.parametrize("size", [1e4, 1e30])
def test_extreme_scores_give_numbers(engine, scheme, size):
    case = Case(9, scheme, [1, 2, 9], size=size, masked=0.5)
    with numpy.errstate(all="raise", under="ignore"):
        marginals = case.crf.marginals(case.scores, case.lengths, case.allowed)
        paths = case.crf.best_paths(case.scores, case.lengths, 3, case.allowed)
    assert numpy.isfinite(marginals.tokens).all() and numpy.isfinite(marginals.log_z).all()
    numpy.testing.assert_allclose(marginals.tokens.sum(1), 1.0, atol=1e-5)
    assert all(numpy.isfinite(p) for found in paths for p, _ in found)
    losses = case.crf.negative_log_likelihood(torch.from_numpy(case.scores), torch.from_numpy(case.gold), case.lengths)
    assert torch.isfinite(losses).all()


def test_one_label(engine):
    crf = LinearChainCRF(["O"], "BILUO")
    scores = numpy.full((4, 1), -7.0)
    assert crf.viterbi(scores, [1, 3]).tolist() == [0, 0, 0, 0]
    assert crf.marginals(scores, [1, 3]).path(1, [0, 0, 0]) == 1.0
    assert [len(paths) for paths in crf.best_paths(scores, [1, 3], 5)] == [1, 1]
    assert crf.negative_log_likelihood(torch.zeros(4, 1), torch.zeros(4, dtype=torch.int64), [1, 3]).tolist() == [0, 0]


def test_no_sequences(engine):
    crf = LinearChainCRF(LABELS["BILUO"], "BILUO")
    scores, none = numpy.zeros((0, 5), dtype="float32"), numpy.zeros(0, dtype="int64")
    assert crf.viterbi(scores, none).shape == (0,)
    assert crf.best_paths(scores, none, 3) == []
    assert crf.marginals(scores, none).tokens.shape == (0, 5)
    assert crf.negative_log_likelihood(torch.zeros(0, 5), torch.zeros(0, dtype=torch.int64), none).shape == (0,)


def test_scores_that_do_not_lie_in_one_piece(engine):
    case = Case(10, "BILUO", [3, 4])
    wide = numpy.repeat(case.scores, 2, axis=1)[:, ::2]
    assert not wide.flags.c_contiguous
    assert case.crf.viterbi(wide, [3, 4]).tolist() == case.crf.viterbi(case.scores, case.lengths).tolist()


# -- Bad input


def test_errors():
    crf, scores = LinearChainCRF(["a", "b"]), numpy.zeros((3, 2), dtype="float32")
    marginals = crf.marginals(scores, [1, 2])
    for code, call in {
        "R021.*4, 2": lambda: crf.viterbi(scores, [3], numpy.ones((4, 2), dtype=bool)),
        "R021.*3, 3": lambda: crf.marginals(numpy.zeros((3, 3)), [3]),
        "R022": lambda: crf.viterbi(numpy.array([[0.0, numpy.nan]]), [1]),
        "R023.*0": lambda: crf.marginals(scores, [3], temperature=0),
        "R023.*nan": lambda: crf.marginals(scores, [3], temperature=float("nan")),
        "R024.*0": lambda: crf.best_paths(scores, [3], 0),
        "R025.*0 to 1": lambda: marginals.path(0, [0, 0]),
        "R025.*-1": lambda: marginals.path(-1, [0]),
        "R025.*3 to 3": lambda: marginals.path(3, [0]),
        "R026.*4 tokens": lambda: crf.viterbi(scores, [4]),
        "R026.*1 of them": lambda: crf.viterbi(scores, [3, 0]),
    }.items():
        with pytest.raises(RNNError, match=code):
            call()
