"""Entity scores and calibration against numbers worked out by hand."""

import math

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc, Span
from spacy.vocab import Vocab

from spacy_rnn.training.calibration import reliability
from spacy_rnn.training.span_scores import collect, compare_characters, score_entities, score_spans, surfaces

WORDS = {"en": "Anna Lee left New York for Rome".split(), "ru": "Анна Ли уехала из Нью Йорка домой".split()}
VOCAB = Vocab()


def doc_of(words, spans, missing=()):
    doc = Doc(VOCAB, words=words)
    doc.set_ents([Span(doc, *span) for span in spans], missing=[doc[i : i + 1] for i in missing])
    return doc


GOLD = [(0, 2, "PER"), (3, 5, "LOC"), (6, 7, "LOC")]


@pytest.mark.parametrize("lang", WORDS)
@pytest.mark.parametrize(
    "guess, right, kinds",
    [
        (GOLD, 3, {}),
        ([], 0, {"missed": 3}),
        ([(0, 2, "ORG"), *GOLD[1:]], 2, {"label": 1}),
        ([(0, 1, "PER"), *GOLD[1:]], 2, {"boundary": 1}),
        ([(0, 1, "PER"), (1, 2, "ORG"), *GOLD[1:]], 2, {"boundary": 1}),
        ([(0, 3, "ORG"), *GOLD[1:]], 2, {"both": 1}),
        ([*GOLD, (2, 3, "PER")], 3, {"spurious": 1}),
        ([(0, 7, "LOC")], 0, {"both": 1, "boundary": 2}),
    ],
)
def test_every_mistake_has_its_kind(lang, guess, right, kinds):
    scores = score_entities([doc_of(WORDS[lang], GOLD)], [doc_of(WORDS[lang], guess)], None, 10)
    assert scores["p"] == (right / len(guess) if guess else 0) and scores["r"] == right / 3
    assert {kind: count for kind, count in scores["errors"].items() if count} == kinds
    assert sum(count for *_, count in scores["confusions"]) == sum(kinds.values())
    assert scores["support"] == 3 and scores["unseen"] is None and scores["calibration"] is None


def test_labels_and_unseen_entities():
    gold, guess = doc_of(WORDS["en"], GOLD), doc_of(WORDS["en"], [(0, 2, "PER"), (3, 5, "LOC"), (2, 3, "LOC")])
    train = doc_of(["New", "York"], [(0, 2, "ORG")])
    scores = score_entities([gold], [guess], surfaces([train]), 10)
    assert scores["per_label"]["PER"] == {"p": 1, "r": 1, "f": 1, "support": 1}
    assert scores["per_label"]["LOC"] == {"p": 1 / 2, "r": 1 / 2, "f": 1 / 2, "support": 2}
    assert scores["unseen"] == {"p": 1 / 2, "r": 1 / 2, "f": 1 / 2, "support": 2}
    assert scores["confusions"] == [("", "LOC", 1), ("LOC", "", 1)]


def test_words_without_gold_are_no_mistakes():
    gold, guess = doc_of(WORDS["en"], [(0, 2, "PER")], missing=[3, 4]), doc_of(WORDS["en"], GOLD)
    scores = score_entities([gold], [guess], None, 10)
    assert (scores["p"], scores["r"]) == (1 / 2, 1) and scores["errors"]["spurious"] == 1
    raw = compare_characters([gold], [guess])
    assert (raw["p"], raw["r"]) == (1 / 2, 1)


def test_without_entities_there_is_nothing_to_score():
    bare, full = Doc(VOCAB, words=WORDS["en"]), doc_of(WORDS["en"], GOLD)
    assert score_entities([bare], [full], None, 10) is None and score_entities([full], [bare], None, 10) is None
    assert compare_characters([bare], [full]) is None


def test_other_tokens_same_characters():
    gold = doc_of(["Нью-Йорк", "!"], [(0, 1, "LOC")])
    guess = Doc(VOCAB, words=["Нью", "-", "Йорк", "!"], spaces=[False, False, True, True])
    guess.set_ents([Span(guess, 0, 3, "LOC")])
    assert compare_characters([gold], [guess])["f"] == 1


spans = st.lists(st.tuples(st.integers(0, 6), st.integers(1, 3), st.sampled_from("AB")), max_size=5)


def apart(found):
    kept, end = [], 0
    for start, length, label in sorted(found):
        if start >= end and start + length <= 7:
            kept.append((start, start + length, label))
            end = start + length
    return kept


@given(spans, spans)
def test_mistakes_add_up(gold, guess):
    found = collect([doc_of(WORDS["en"], apart(gold))], [doc_of(WORDS["en"], apart(guess))])
    scores = score_spans(found)
    wrong = scores["errors"]
    missed = sum(wrong[kind] for kind in ("label", "boundary", "both", "missed"))
    assert missed == len(found.gold[0] - found.guess[0])
    assert wrong["spurious"] <= len(found.guess[0] - found.gold[0])
    assert all(0 <= scores[key] <= 1 for key in "prf")


def test_reliability_by_hand():
    scores = reliability([(0.9, True), (0.9, True), (0.9, False), (0.9, True), (0.2, False), (1.0, True)], bins=5)
    assert [row["spans"] for row in scores["bins"]] == [0, 1, 0, 0, 5]
    assert scores["bins"][4]["confidence"] == pytest.approx(4.6 / 5)
    assert scores["bins"][4]["precision"] == 4 / 5
    assert scores["ece"] == pytest.approx((1 * 0.2 + 5 * (4.6 / 5 - 4 / 5)) / 6)
    assert scores["sure"] == {"from": 0.95, "spans": 1, "precision": 1.0}
    assert scores["log_loss"] == pytest.approx(-sum(math.log(p) for p in (0.9, 0.9, 0.9, 0.1, 0.8, 1.0)) / 6)
    assert reliability([(1.0, False)])["log_loss"] == pytest.approx(-math.log(1e-6))
    assert reliability([])["ece"] is None and reliability([])["sure"]["precision"] is None


@pytest.mark.parametrize("spans", [150, 1000, 4000])
def test_the_error_of_exact_confidences_is_chance(spans):
    rng = numpy.random.default_rng(0)
    p = rng.beta(2, 1, spans)
    errors = [reliability(list(zip(p, rng.random(spans) < p, strict=True)))["ece"] for _ in range(50)]
    found = reliability([(x, True) for x in p.tolist()])["chance"]
    assert numpy.mean(errors) == pytest.approx(found, rel=0.1)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1))
def test_reliability_is_a_mean_distance(pairs):
    scores = reliability(pairs)
    assert 0 <= scores["ece"] <= 1
    assert sum(row["spans"] for row in scores["bins"]) == scores["spans"] == len(pairs)
    whole = abs(sum(p for p, _ in pairs) - sum(right for _, right in pairs)) / len(pairs)
    assert scores["ece"] >= whole - 1e-9  # bins only tell more apart
