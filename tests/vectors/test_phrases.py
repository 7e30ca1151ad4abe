"""Phrases: those of gensim, and the text and counts that come of joining them."""

import random
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacy_rnn.vectors import phrases as module
from spacy_rnn.vectors.counting import END, PythonCounter, Vocabulary
from spacy_rnn.vectors.normalize import Normalization
from spacy_rnn.vectors.phrases import _every_other, find_phrases, join_phrases
from spacy_rnn.vectors.settings import VectorSettings
from spacy_rnn.vectors.train import train_on_texts

PHRASES = {
    "en": ["new york", "new york city", "ice cream", "more or less"],
    "ru": ["так как", "железная дорога", "так как будто"],
}


def sentences_with_phrases(lang: str, count: int = 1500) -> list[list[str]]:
    rng = random.Random(1)
    plain = [f"{lang}{number}" for number in range(300)] + ["new", "ice", "как", "дорога"]
    sentences = []
    for _ in range(count):
        parts = rng.choices(plain, k=rng.randint(1, 8))
        if rng.random() < 0.4:
            parts.insert(rng.randint(0, len(parts)), rng.choice(PHRASES[lang]))
        sentences.append(" ".join(parts).split())
    return sentences


def written(sentences: list[list[str]], path: Path, min_count: int = 1) -> Vocabulary:
    counter = PythonCounter(Normalization(), 10**6)
    text = "\n".join(" ".join(sentence) for sentence in sentences) + "\n"
    counter.add(text.encode()).tofile(path)
    return counter.finish(min_count)


def read(path: Path, vocabulary: Vocabulary) -> list[list[str]]:
    words = dict(zip(vocabulary.numbers.tolist(), vocabulary.words, strict=True))
    sentences: list[list[str]] = [[]]
    for number in numpy.fromfile(path, dtype=numpy.int32).tolist():
        if number == END:
            sentences.append([])
        else:
            sentences[-1].append(words[number])
    return sentences[:-1]


@pytest.mark.parametrize("at_once", [module.PAIRS_AT_ONCE, 1000])  # the text is read once, or several times
def test_phrases_are_those_of_gensim(tmp_path, lang, monkeypatch, at_once):
    from gensim.models.phrases import Phrases

    monkeypatch.setattr(module, "PAIRS_AT_ONCE", at_once)
    sentences, path = sentences_with_phrases(lang), tmp_path / "ids"
    vocabulary = written(sentences, path)
    for _ in range(2):
        theirs = Phrases(sentences, min_count=5, threshold=10.0)
        ours = find_phrases(path, vocabulary)
        pairs = {pair for sentence in sentences for pair in pairwise(sentence)}
        expected = dict(theirs.score_candidate(*pair, []) for pair in pairs)  # its export_phrases is for one pass only
        expected.pop(None)
        assert expected
        assert dict(zip(ours.names(vocabulary.words), ours.scores.tolist(), strict=True)) == pytest.approx(expected)
        assert (numpy.diff(ours.scores) <= 0).all()
        vocabulary = join_phrases(path, vocabulary, 1, 1)
        sentences = [theirs[sentence] for sentence in sentences]
        assert read(path, vocabulary) == sentences
        assert dict(zip(vocabulary.words, vocabulary.counts.tolist(), strict=True)) == Counter(sum(sentences, []))
        assert vocabulary.types == len(vocabulary.words)
        assert (numpy.diff(vocabulary.counts) <= 0).all()


def test_rare_words_part_what_stands_around_them(tmp_path):
    """They are no part of a phrase, and do not fall away before phrases are found."""
    sentences = [["new", f"rare{i}", "york"] for i in range(50)] + [["other", "words"]] * 5
    vocabulary = written(sentences, tmp_path / "ids", min_count=5)
    assert not len(find_phrases(tmp_path / "ids", vocabulary).keys)


def test_no_phrase_over_the_end_of_a_sentence(tmp_path):
    sentences = [[f"x{i}", "new"] if i % 2 == 0 else ["york", f"y{i}"] for i in range(80)]
    vocabulary = written(sentences, tmp_path / "ids")
    assert not len(find_phrases(tmp_path / "ids", vocabulary).keys)
    glued = [first + second for first, second in zip(sentences[::2], sentences[1::2], strict=True)]
    glued += [[f"z{i}", f"z{i}"] for i in range(300)]
    vocabulary = written(glued, tmp_path / "ids")
    assert find_phrases(tmp_path / "ids", vocabulary).names(vocabulary.words) == ["new_york"]


def test_a_word_that_has_the_name_already(tmp_path):
    sentences = [["new", "york"]] * 20 + [["new_york"]] * 3 + [[f"w{i}"] for i in range(400)]
    vocabulary = written(sentences, tmp_path / "ids")
    vocabulary = join_phrases(tmp_path / "ids", vocabulary, 1, 5)
    assert (vocabulary.words, vocabulary.counts.tolist()) == (["new_york"], [23])
    assert numpy.fromfile(tmp_path / "ids", dtype=numpy.int32)[:46:2].tolist() == [vocabulary.numbers[0]] * 23


def test_punctuation_is_no_part_of_a_phrase(tmp_path):
    pairs = [[";", "but"], ["half", "-"], ["—", "сказал"], ["do", "n't"], ["4", "часа"], ["new", "york"]] * 20
    vocabulary = written([*pairs, *([f"w{i}"] for i in range(400))], tmp_path / "ids")
    names = find_phrases(tmp_path / "ids", vocabulary).names(vocabulary.words)
    assert sorted(names) == ["4_часа", "do_n't", "new_york"]
    only = written([["-", "-"]] * 20, tmp_path / "ids")
    assert not len(find_phrases(tmp_path / "ids", only).keys)


@given(st.sets(st.integers(0, 30)))
def test_overlapping_pairs_are_joined_from_left_to_right(places):
    at = numpy.array(sorted(places), dtype=numpy.int64)
    expected, free = [], 0
    for place in at.tolist():
        if place >= free:
            expected.append(place)
            free = place + 2
    assert at[_every_other(at)].tolist() == expected


def test_nothing_to_join_is_told(tmp_path):
    lines: list[str] = []
    vocabulary = written([["a", "b"], ["c"]], tmp_path / "ids")
    assert join_phrases(tmp_path / "ids", vocabulary, 3, 1, lines.append).words == ["a", "b", "c"]
    assert len(lines) == 1 and "No words" in lines[0]


@pytest.mark.parametrize("model", ["skipgram", "glove"])
def test_phrases_become_words_with_vectors(lang, model):
    texts = [" ".join(sentence) for sentence in sentences_with_phrases(lang)]
    chosen = VectorSettings(model=model, dim=8, epochs=1, phrases=2, threads=1, min_count=2)
    plans = []
    trained, _ = train_on_texts(
        texts, chosen, progress=lambda state: plans.append(state.message) if state.stage == "plan" else None
    )
    joined = {"en": {"new_york_city", "ice_cream"}, "ru": {"так_как", "железная_дорога"}}[lang]
    assert joined <= set(trained.words) and joined <= set(trained.to_table().words)
    assert any("phrases, such as" in line for line in plans)
