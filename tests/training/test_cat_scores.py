"""Scores of text categories, beside spaCy's own and by hand."""

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.scorer import Scorer
from spacy.tokens import Doc
from spacy.training import Example

from spacy_rnn.errors import RNNError
from spacy_rnn.training.cat_scores import auc, choose, pool, score_table
from spacy_rnn.training.cats import Table, Task, tables

from .categories import blank

LABELS = ["да", "нет", "maybe"]


def table(gold, guess, exclusive, thresholds=None):
    task = Task("textcat", LABELS, exclusive, thresholds or [0.5] * 3, [])
    return Table(task, numpy.array(gold, float), numpy.array(guess, float), list(range(len(gold))), 0)


def docs_of(rows):
    nlp = blank()
    docs = [Doc(nlp.vocab, words=["a"]) for _ in rows]
    for doc, row in zip(docs, rows, strict=True):
        doc.cats = {label: float(x) for label, x in zip(LABELS, row, strict=True) if not numpy.isnan(x)}
    return docs


def of_spacy(gold, guess, exclusive):
    examples = [Example(p, g) for p, g in zip(docs_of(guess), docs_of(gold), strict=True)]
    return Scorer.score_cats(examples, "cats", labels=LABELS, multi_label=not exclusive)


rows = st.lists(st.floats(0, 1), min_size=3, max_size=3, unique=True)
once = st.sampled_from(numpy.eye(3).tolist())
some = st.lists(st.sampled_from([0.0, 1.0, numpy.nan]), min_size=3, max_size=3)


@settings(max_examples=30)
@given(st.lists(st.tuples(once, rows), min_size=1, max_size=20))
def test_exclusive_scores_are_spacys(pairs):
    gold, guess = (list(side) for side in zip(*pairs, strict=True))
    ours, theirs = score_table(table(gold, guess, True)), of_spacy(gold, guess, True)
    assert ours["accuracy"] == pytest.approx(theirs["cats_micro_f"])
    for label in LABELS:
        found = ours["per_label"][label]
        assert [found[k] for k in "prf"] == pytest.approx([theirs["cats_f_per_type"][label][k] for k in "prf"])
        assert found["auc"] == pytest.approx(theirs["cats_auc_per_type"][label])
    assert sum(count for *_, count in ours["matrix"]) == len(gold) == ours["calibration"]["spans"]


@settings(max_examples=30)
@given(st.lists(st.tuples(some, rows), min_size=1, max_size=20))
def test_other_scores_are_spacys(pairs):
    gold, guess = (list(side) for side in zip(*pairs, strict=True))
    ours, theirs = score_table(table(gold, guess, False)), of_spacy(gold, guess, False)
    assert [ours["micro"][k] for k in "prf"] == pytest.approx([theirs[f"cats_micro_{k}"] for k in "prf"])
    for label in LABELS:
        found = ours["per_label"][label]
        assert [found[k] for k in "prf"] == pytest.approx([theirs["cats_f_per_type"][label][k] for k in "prf"])
        assert found["auc"] == pytest.approx(theirs["cats_auc_per_type"][label])


def test_by_hand():
    gold = [[1, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]]
    guess = [[0.8, 0.1, 0.1], [0.2, 0.7, 0.1], [0.1, 0.6, 0.3], [0.4, 0.5, 0.1]]
    scores = score_table(table(gold, guess, True))
    assert scores["accuracy"] == 0.5 and scores["micro"] is None and scores["out_of_scope"] is None
    assert scores["log_loss"] == pytest.approx(-numpy.log([0.8, 0.2, 0.6, 0.1]).mean())
    assert scores["calibration"]["ece"] == pytest.approx((0.2 + 0.7 + 0.4 + 0.5) / 4)
    assert scores["confusions"] == [("maybe", "нет", 1), ("да", "нет", 1)]
    assert scores["macro"]["f"] == pytest.approx((2 / 3 + 0.5 + 0) / 3)
    assert scores["per_label"]["maybe"] == {
        "p": 0,
        "r": 0,
        "f": 0,
        "support": 1,
        "predicted": 0,
        "auc": pytest.approx(1 / 3),
    }


def test_texts_of_no_category_are_scored_apart():
    gold = [[1, 0, 0], [0, 1, 0], [0, 0, 0], [0, 0, 0]]
    guess = [[0.95, 0.03, 0.02], [0.5, 0.4, 0.1], [0.35, 0.33, 0.32], [0.2, 0.6, 0.2]]
    scores = score_table(table(gold, guess, True))
    apart = scores["out_of_scope"]
    assert scores["accuracy"] == 0.5 and scores["calibration"]["spans"] == 2 and apart["texts"] == 2
    assert apart["auroc"] == pytest.approx(0.75)  # 0.95 is above both, 0.5 above one
    at = {row["threshold"]: row for row in apart["thresholds"]}
    assert at[0.5] == {"threshold": 0.5, "rejected": 0.5, "kept": 1.0, "accuracy": 0.5}
    assert at[0.7] == {"threshold": 0.7, "rejected": 1.0, "kept": 0.5, "accuracy": 0.5}
    assert sum(count for *_, count in scores["matrix"]) == 2


def test_several_labels_by_hand():
    gold = [[1, 1, 0], [0, 0, 0], [0, 1, 0]]
    guess = [[0.9, 0.2, 0.7], [0.1, 0.8, 0.1], [0.1, 0.6, 0.2]]
    scores = score_table(table(gold, guess, False))
    assert scores["accuracy"] == pytest.approx(1 / 3)
    assert scores["matrix"] == [("", "нет", 1), ("да", "да", 1), ("нет", "maybe", 1), ("нет", "нет", 1)]
    assert scores["micro"] == {"p": 0.5, "r": pytest.approx(2 / 3), "f": pytest.approx(4 / 7)}
    lower = score_table(table(gold, guess, False, [0.5, 0.15, 0.75]))
    assert lower["per_label"]["нет"]["r"] == 1 and lower["per_label"]["maybe"]["predicted"] == 0
    assert choose(table(gold, guess, False)) == [["да", "maybe"], ["нет"], ["нет"]]


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=30))
def test_auc_counts_pairs(pairs):
    scores, gold = numpy.array([p for p, _ in pairs]), numpy.array([float(g) for _, g in pairs])
    won = [(p > n) + (p == n) / 2 for p in scores[gold == 1] for n in scores[gold == 0]]
    assert auc(scores, gold) == (pytest.approx(numpy.mean(won)) if won else None)


def test_folds_add_up():
    parts = [([[1, 0, 0]], [[0.9, 0.05, 0.05]]), ([[0, 1, 0], [1, 0, 0]], [[0.6, 0.3, 0.1], [0.5, 0.3, 0.2]])]
    together = score_table(table(*(sum(side, []) for side in zip(*parts, strict=True)), True))
    pooled = pool([score_table(table(gold, guess, True)) for gold, guess in parts])
    assert pooled["matrix"] == together["matrix"] and pooled["confusions"] == together["confusions"]
    assert pooled["calibration"]["ece"] == pytest.approx(together["calibration"]["ece"])
    for ours, theirs in zip(pooled["calibration"]["bins"], together["calibration"]["bins"], strict=True):
        assert ours == pytest.approx(theirs)


# -- what the gold and the pipeline say


class Fake:
    """A component that sets categories."""

    def __init__(self, labels, cfg=None):
        self.labels, self.cfg = labels, cfg


class Pipeline:
    def __init__(self, **pipes):
        self.pipes, self.pipe_names = pipes, list(pipes)

    def get_pipe(self, name):
        return self.pipes[name]

    def get_pipe_meta(self, name):
        class Meta:
            assigns, factory = ["doc.cats"], name

        return Meta


def with_cats(*cats):
    nlp = blank()
    docs = [Doc(nlp.vocab, words=["a"]) for _ in cats]
    for doc, own in zip(docs, cats, strict=True):
        doc.cats = own
    return docs


def test_who_is_exclusive():
    gold = with_cats({"да": 1, "нет": 0})
    guess = with_cats({"да": 0.7, "нет": 0.3})

    def exclusive(**pipes):
        return [found.task.exclusive for found in tables(Pipeline(**pipes), gold, guess)]

    assert exclusive(textcat=Fake(LABELS)) == [True] and exclusive(textcat_multilabel=Fake(LABELS)) == [False]
    assert exclusive(own=Fake(LABELS, {"exclusive": False})) == [False]
    assert exclusive(own=Fake(LABELS)) == [True]  # as the gold says
    assert exclusive() == [True]  # and a function that has no labels


def test_thresholds_of_a_component():
    gold, guess = with_cats({"да": 1, "нет": 0}), with_cats({"да": 0.7, "нет": 0.3})
    pipes = {"own": Fake(["да", "нет"], {"exclusive": False, "threshold": 0.4, "thresholds": {"нет": 0.2}})}
    (found,) = tables(Pipeline(**pipes), gold, guess)
    assert found.task.thresholds == [0.4, 0.2] and choose(found) == [["да", "нет"]]


def test_several_components():
    gold = with_cats({"да": 1, "нет": 0, "x": 1, "y": 0}, {"x": 0, "y": 0})
    guess = with_cats({"да": 0.9, "нет": 0.1, "x": 0.9, "y": 0.8}, {"да": 0.9, "нет": 0.1, "x": 0.9, "y": 0.8})
    pipes = {"textcat": Fake(["да", "нет"]), "textcat_multilabel": Fake(["x", "y"])}
    one, two = tables(Pipeline(**pipes), gold, guess)
    assert (one.numbers, one.unlabelled, one.task.labels) == ([0], 1, ["да", "нет"])
    assert two.numbers == [0, 1] and two.gold.tolist() == [[1, 0], [0, 0]]


def test_gold_that_only_says_what_applies():
    gold, guess = with_cats({"да": 1}, {"нет": 1}), with_cats({"да": 0.9, "нет": 0.8}, {"да": 0.9, "нет": 0.8})
    (found,) = tables(Pipeline(textcat_multilabel=Fake(["да", "нет"])), gold, guess)
    assert found.gold.tolist() == [[1, 0], [0, 1]]
    (found,) = tables(Pipeline(textcat_multilabel=Fake(["да", "нет"])), with_cats({"да": 1}, {"нет": 0}), guess)
    assert numpy.isnan(found.gold).tolist() == [[False, True], [True, False]]


def test_a_label_that_the_pipeline_does_not_have():
    gold, guess = with_cats({"да": 0, "новое": 1}), with_cats({"да": 0.9, "нет": 0.1})
    (found,) = tables(Pipeline(textcat=Fake(["да", "нет"])), gold, guess)
    scores = score_table(found)
    assert scores["unknown_labels"] == ["новое"] and scores["accuracy"] == 0
    assert scores["confusions"] == [("новое", "да", 1)]


@pytest.mark.parametrize(
    "code, cats", [("R532", {"да": 0.5}), ("R532", {"да": float("nan")}), ("R533", {"да": 1, "нет": 1})]
)
def test_gold_that_cannot_be_scored(code, cats):
    gold, guess = with_cats({"да": 1}, cats), with_cats({"да": 1, "нет": 0}, {"да": 1, "нет": 0})
    with pytest.raises(RNNError, match=rf"{code}.*Text 2 "):
        tables(Pipeline(textcat=Fake(["да", "нет"])), gold, guess)


def test_probabilities_that_are_none():
    with pytest.raises(RNNError, match="R022"):
        tables(Pipeline(textcat=Fake(["да"])), with_cats({"да": 1}), with_cats({"да": float("nan")}))


def test_nothing_to_score():
    gold, guess = with_cats({}, {}), with_cats({"да": 1.0}, {})
    assert tables(Pipeline(textcat=Fake(["да"])), gold, guess) == []
    assert tables(Pipeline(), guess, gold) == []
