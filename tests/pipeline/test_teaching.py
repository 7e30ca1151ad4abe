"""What a teacher's words are: their probabilities, which of them are learned from, and how often."""

from collections import Counter

import numpy
import torch

from spacy_rnn.nets.schemes import labels_of
from spacy_rnn.nets.segmenter import SegmenterHead
from spacy_rnn.pipeline.members import BestPath, best_paths, mean_chain
from spacy_rnn.pipeline.teaching import Lesson, raw_forms, taught_cuts

LABELS = labels_of(["morpheme"], "BMES")
WHOLE, CUT = [0, 2], [3, 3]  # the two ways to label a word of two letters: BE, SS


def test_probability_of_the_best_path():
    torch.manual_seed(0)
    heads = [SegmenterHead(4, LABELS, "BMES", ["same"]) for _ in range(2)]
    for head in heads:
        torch.nn.init.normal_(head.cuts.crf.transitions, std=0.1)
    scores = numpy.random.default_rng(0).normal(size=(5, 8)).astype("float32")
    first, second = best_paths(heads, scores, numpy.array([2, 3]))
    chain = mean_chain([head.cuts.crf for head in heads])
    mean = torch.from_numpy((scores[:, :4] + scores[:, 4:]) / 2)[:2]
    losses = [chain.negative_log_likelihood(mean, torch.tensor(path), numpy.array([2])) for path in (WHOLE, CUT)]
    whole, cut = (float(loss.neg().exp().detach()) for loss in losses)
    assert abs(whole + cut - 1) < 1e-5
    assert first.labels == (WHOLE if whole > cut else CUT) and abs(first.probability - max(whole, cut)) < 1e-5
    assert len(second.labels) == 3 and 0 < second.probability < 1


def test_words_of_a_text():
    assert raw_forms(["Сло́во", "слово", "42", "Дом"], lower=True) == ["слово", "дом"]
    assert raw_forms([], lower=True) == []


def test_the_end_of_a_word_is_no_cut():
    assert taught_cuts([BestPath([0, 2, 3], 0.9), BestPath(CUT, 0.9)]).tolist() == [0, 1, 0, 1, 0]
    assert taught_cuts([]).tolist() == []


def test_learned_are_sure_words_that_end_like_gold():
    """Of ten text forms in -ами each weighs as much as one in ten of the only one in -ать, as gold has both once."""
    forms = ["писать", *(f"слов{char}ами" for char in "абвгдежзик"), "писала", "неясный"]
    paths = [BestPath([0], 0.9)] * 12 + [BestPath([0], 0.4)]
    lesson = Lesson(forms, paths, ["знать", "делами", "ясный"])
    assert {form for form, _ in lesson.words} == set(forms) - {"писала", "неясный"}
    drawn = Counter(form for form, _ in lesson.draw(2000))
    assert 800 < drawn["писать"] < 1200 and max(drawn[form] for form in forms[1:]) < 200
    assert lesson.draw(0) == [] and Lesson(gold=["слово"]).draw(5) == Lesson().draw(5) == []
