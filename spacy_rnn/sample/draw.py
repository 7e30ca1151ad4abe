"""The drawer: draws words for the patterns so that they fit together in topic, sentiment and meaning.

It draws with ``random()`` only, whose sequence for a seed is the same in every Python. While drawing it keeps count
of the topics and the polarity of what it gave out; these counts are the gold labels of the sentence.
"""

import random
from collections import Counter
from functools import cache

from .lexicon import Concept, lexicon

TOPICS = ("travel", "food", "work", "sport", "science", "culture", "family", "nature")
HELD_OUT_RATE = 0.12  # of the draws in the test split, where there is something to draw


@cache
def members(kind: str, spec: str) -> tuple[Concept, ...]:
    """Concepts that a specification names: classes, class.topic, =lemma, separated by commas or blanks."""
    found = []
    for part in spec.replace(",", " ").split():
        for concept in lexicon():
            if concept.kind == kind and concept not in found and named(concept, part):
                found.append(concept)
    return tuple(found)


def named(concept: Concept, part: str) -> bool:
    if part.startswith("="):
        return concept.en.lemma == part[1:]
    klass, _, topic = part.partition(".")
    return concept.klass == klass and (not topic or concept.topic == topic)


@cache
def describing(klass: str, topic: str) -> tuple[Concept, ...]:
    """Adjectives for a noun of this class."""
    adjectives = (c for c in lexicon() if c.kind == "adjective" and c.klass != "nationality")
    return tuple(c for c in adjectives if klass in c.klass.split() or f"{klass}.{topic}" in c.klass.split())


@cache
def grouped(candidates: tuple[Concept, ...], mood: int, topic: str, held_out: bool) -> tuple[tuple[Concept, ...], ...]:
    """(all that fit the mood, those of the mood itself, those of the topic, held-out ones)."""
    fitting = tuple(c for c in candidates if c.polarity in (0, mood))
    known = tuple(c for c in fitting if not c.held_out)
    coloured = tuple(c for c in known if mood and c.polarity == mood)
    return (
        known,
        coloured,
        tuple(c for c in known if c.topic == topic),
        tuple(c for c in fitting if c.held_out and held_out),
    )


class Drawer:
    """Draws concepts for one sentence after another."""

    def __init__(self, rng: random.Random, held_out: bool):
        self.rng, self.held_out = rng, held_out
        self.start()

    def start(self) -> None:
        """Begin a sentence: its topic and its mood."""
        self.topic = self.one(TOPICS)
        self.mood = self.one((0, 1, 1, -1, -1, -1))
        self.topics: Counter[str] = Counter()
        self.polarity = 0

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    def one(self, items):
        return items[int(self.rng.random() * len(items))]

    def concept(self, candidates: tuple[Concept, ...], calm: bool = False) -> Concept:
        """One of the candidates: preferably of the topic, sometimes of the mood; ``calm`` means without polarity."""
        known, coloured, local, held_out = grouped(candidates, 0 if calm else self.mood, self.topic, self.held_out)
        if held_out and self.chance(HELD_OUT_RATE):
            chosen = self.one(held_out)
        elif coloured and self.chance(0.5):
            chosen = self.one(coloured)
        elif local and self.chance(0.85):
            chosen = self.one(local)
        else:
            chosen = self.one(known or tuple(c for c in candidates if not c.held_out))
        return self.count(chosen)

    def count(self, concept: Concept) -> Concept:
        if topic := concept.topic or concept.options.get("topic"):
            self.topics[topic] += 1
        self.polarity += concept.polarity
        return concept

    def adjective(self, noun: Concept) -> Concept | None:
        candidates = describing(noun.klass, noun.topic)
        return self.concept(candidates) if candidates else None

    def verb(self, frame: str, calm: bool = False, fits=None) -> Concept:
        candidates = members("verb", frame)
        if fits:
            candidates = fitting(candidates, fits)
        return self.concept(candidates, calm)

    def labels(self) -> tuple[str, str]:
        """(sentiment, topic)"""
        sentiment = "positive" if self.polarity > 0 else "negative" if self.polarity < 0 else "neutral"
        return sentiment, self.topics.most_common(1)[0][0] if self.topics else "family"


@cache
def fitting(candidates: tuple[Concept, ...], fits) -> tuple[Concept, ...]:
    return tuple(c for c in candidates if fits(c))
