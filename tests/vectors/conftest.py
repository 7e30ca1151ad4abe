"""Small corpora with some grammar in them, and a table trained on each."""

import random

import pytest

from spacy_rnn.vectors import native
from spacy_rnn.vectors.table import FastTextVectors

needs_compiler = pytest.mark.skipif(native.reason_missing() is not None, reason="no compiled engine")

GRAMMAR = {
    "en": (
        ["the old", "a young", "this small", "that big"],
        ["dog", "cat", "teacher", "sailor", "neighbour"],
        ["sees", "likes", "paints", "follows"],
        ["the garden", "a house", "the river", "an apple", "the mountain"],
        ["today", "again", "slowly", "in winter"],
    ),
    "ru": (
        ["старый", "молодой", "этот маленький", "тот большой"],
        ["пёс", "кот", "учитель", "моряк", "сосед"],
        ["видит", "любит", "рисует", "находит"],
        ["сад", "дом", "реку", "яблоко", "гору"],
        ["сегодня", "опять", "медленно", "зимой"],
    ),
}


ALIKE = {"en": ("dog", "cat", "today"), "ru": ("кот", "моряк", "сегодня")}  # two nouns, and what is none


def write_sentences(lang: str, count: int) -> list[str]:
    rng = random.Random(0)
    return [" ".join(rng.choice(part) for part in GRAMMAR[lang]) for _ in range(count)]


def know_the_grammar(vocab, lang: str) -> bool:
    """Are nouns nearer to each other than to adverbs?"""
    noun, noun2, adverb = (vocab[word] for word in ALIKE[lang])
    return noun.similarity(noun2) > noun.similarity(adverb)


@pytest.fixture(params=["en", "ru"])
def lang(request) -> str:
    return request.param


@pytest.fixture
def corpus(tmp_path, lang):
    path = tmp_path / f"{lang}.txt"
    path.write_text("\n".join(write_sentences(lang, 1200)) + "\n", encoding="utf8")
    return path


@pytest.fixture(scope="session")
def trained():
    """gensim's own model of both languages."""
    from gensim.models import FastText

    sentences = [line.split() for lang in GRAMMAR for line in write_sentences(lang, 300)]
    return FastText(sentences, vector_size=16, min_count=1, epochs=3, bucket=500, min_n=2, max_n=5, workers=1, seed=3)


@pytest.fixture
def table(trained) -> FastTextVectors:
    return FastTextVectors.from_gensim(trained.wv)
