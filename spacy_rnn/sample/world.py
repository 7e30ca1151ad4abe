"""Sentences and sentence pairs, by seed: the same seed and size give the same sentences on every machine.

``pairs`` yields one split; ``generate`` one language of all splits. The test split is drawn first, then dev, then
train: a sentence that has been drawn for one split is refused in the next. Words flagged as held out occur in test
only. Raw text for vectors comes from a stream of its own.
"""

import random
from collections.abc import Iterator
from itertools import accumulate

from ..errors import Errors, RNNError
from .abstract import Clause
from .choose import Chooser
from .english import sentences as english
from .patterns import PATTERNS
from .russian import sentences as russian
from .tree import Pair, Placed, Sentence, alignment, capitalise, in_order, text_of, tokens_of

LANGS = ("en", "ru")
SPLITS = ("train", "dev", "test")
TEXT_PER_SENTENCE = 5  # lines of raw text for each training sentence
PATIENCE = 2000  # draws in a row that may turn out to be known already
REALISERS = {"en": english, "ru": russian}
NAMES, FUNCTIONS = tuple(PATTERNS), tuple(function for function, _ in PATTERNS.values())
CUMULATED = tuple(accumulate(weight for _, weight in PATTERNS.values()))


class World:
    """An endless stream of sentences for one split."""

    def __init__(self, seed: int, stream: str):
        self.rng = random.Random(f"{seed}:{stream}")
        self.chooser = Chooser(self.rng, held_out=stream == "test")

    def meaning(self) -> tuple[Clause, str]:
        """Draw a pattern by its weight, and let it build the abstract sentence."""
        draw = self.rng.random() * CUMULATED[-1]
        index = next(i for i, weight in enumerate(CUMULATED) if draw < weight)
        self.chooser.start()
        return FUNCTIONS[index](self.chooser), NAMES[index]

    def text(self, lang: str) -> str:
        meaning, _ = self.meaning()
        return text_of(nodes_of(meaning, lang))

    def pair(self) -> Pair:
        meaning, name = self.meaning()
        en, ru = nodes_of(meaning, "en"), nodes_of(meaning, "ru")
        return Pair(self.finish("en", en, name), self.finish("ru", ru, name), alignment(en, ru))

    def finish(self, lang: str, nodes: Placed, name: str) -> Sentence:
        sentiment, topic = self.chooser.labels()
        return Sentence(lang, text_of(nodes), tokens_of(nodes), sentiment, topic, name)


def nodes_of(meaning: Clause, lang: str) -> Placed:
    realiser = REALISERS[lang]
    nodes = in_order(realiser.sentence(meaning))
    realiser.adjust(nodes)
    capitalise(nodes)
    return nodes


def split_sizes(size: int) -> dict[str, int]:
    """``size`` is the number of training sentences; dev and test have a tenth of it, at least 50."""
    return {"train": size, "dev": max(50, size // 10), "test": max(50, size // 10)}


def splits(size: int, seed: int = 0) -> Iterator[tuple[str, Pair]]:
    """(split, pair) for test, dev and train: no sentence is in two of them, none twice in dev or test."""
    if size < 1:
        raise RNNError(Errors.R452.format(size=size))
    taken: dict[str, set[str]] = {lang: set() for lang in LANGS}
    for split in reversed(SPLITS):
        for pair in fresh(World(seed, split), split_sizes(size)[split], taken, unique=split != "train"):
            yield split, pair


def fresh(world: World, count: int, taken: dict[str, set[str]], unique: bool) -> Iterator[Pair]:
    """Pairs of which neither side is taken; with ``unique`` each one takes its place."""
    misses = 0
    while count:
        pair = world.pair()
        if pair.en.text in taken["en"] or pair.ru.text in taken["ru"]:
            misses += 1
            if misses > PATIENCE:
                raise RNNError(Errors.R453.format(count=len(taken["en"])))
            continue
        misses, count = 0, count - 1
        if unique:
            taken["en"].add(pair.en.text)
            taken["ru"].add(pair.ru.text)
        yield pair


def generate(lang: str, size: int, seed: int = 0) -> Iterator[tuple[str, Sentence]]:
    """(split, sentence) of one language, test first, then dev, then train."""
    if lang not in LANGS:
        raise RNNError(Errors.R451.format(lang=lang))
    for split, pair in splits(size, seed):
        yield split, pair.en if lang == "en" else pair.ru


def running_text(lang: str, lines: int, seed: int, refused: set[str]) -> Iterator[str]:
    """Lines of raw text, none of which is in ``refused`` (dev and test)."""
    world = World(seed, f"text {lang}")
    while lines:
        text = world.text(lang)
        if text not in refused:
            lines -= 1
            yield text
