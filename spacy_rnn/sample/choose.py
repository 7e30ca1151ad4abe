"""The chooser: draws words for the patterns so that they fit together in topic, sentiment and meaning.

It draws with ``random()`` only, whose sequence for a seed is the same in every Python. While drawing it keeps count
of the topics and the polarity of what it gave out; these counts are the gold labels of the sentence.
"""

import random
from collections import Counter
from functools import cache, lru_cache

from .abstract import NP, Clause, Mod, Pronoun
from .lexicon import Concept, lexicon
from .lexicon_words import WEEKDAYS

TOPICS = ("travel", "food", "work", "sport", "science", "culture", "family", "nature")
HELD_OUT_RATE = 0.12  # of the draws in the test split, where there is something to draw
PEOPLE = "person kin"
THINGS = "thing furniture tool"


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


class Chooser:
    def __init__(self, rng: random.Random, held_out: bool):
        self.rng, self.held_out = rng, held_out
        self.start()

    def start(self) -> None:
        """Begin a sentence: its topic and its mood."""
        self.topic = self.one(TOPICS)
        self.mood = self.one((0, 0, 1, 1, -1))
        self.topics: Counter[str] = Counter()
        self.polarity = 0

    # -- drawing

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    def one(self, items):
        return items[int(self.rng.random() * len(items))]

    def concept(self, candidates: tuple[Concept, ...], calm: bool = False) -> Concept:
        """One of the candidates: preferably of the topic, sometimes of the mood; ``calm`` means without polarity."""
        known, coloured, local, held_out = grouped(candidates, 0 if calm else self.mood, self.topic, self.held_out)
        if held_out and self.chance(HELD_OUT_RATE):
            chosen = self.one(held_out)
        elif coloured and self.chance(0.35):
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

    # -- noun phrases

    def noun(self, spec: str, number: str = "", bare: bool = False, calm: bool = False) -> NP:
        """A noun with determiner, now and then an adjective."""
        head = self.concept(members("noun", spec), calm)
        return self.phrase(head, number, bare, calm)

    def phrase(self, head: Concept, number: str = "", bare: bool = False, calm: bool = False) -> NP:
        np = NP(head, number or ("Plur" if head.en.plural and self.chance(0.25) else "Sing"))
        if not head.en.plural or "one" in head.options:
            np.number = "Sing"
        if not bare:
            self.determine(np)
        if not calm and head.klass != "kin" and self.chance(0.3) and (adjective := self.adjective(head)):
            np.adjectives.append(adjective)
        return np

    def determine(self, np: NP) -> None:
        singular = np.number == "Sing" and bool(np.head.en.plural)
        if np.head.klass == "kin" or self.chance(0.12):
            np.owner = NP(self.pronoun())
        else:
            np.det = self.one(
                ("a", "a", "the", "this") if singular else ("", "the", "this") if np.number == "Plur" else ("", "the")
            )

    def pronoun(self, third: bool = False) -> Pronoun:
        person = 3 if third else self.one((1, 2, 3, 3, 3))
        return Pronoun(person, self.one(("Sing", "Sing", "Plur")), self.one(("Masc", "Fem")))

    def person(self) -> NP:
        """Somebody by name, a pronoun, or a person by profession or kinship."""
        kind = self.rng.random()
        if kind < 0.4:
            return self.named_person()
        if kind < 0.55:
            return NP(self.pronoun())
        return self.noun(PEOPLE)

    def named_person(self, gender: str = "") -> NP:
        first = self.concept(tuple(c for c in members("name", "first") if not gender or c.options["gender"] == gender))
        np = NP(first)
        if self.chance(0.4):
            np.surname = self.concept(surnames(first.options["gender"]))
        return np

    def somebody(self) -> NP:
        """Like ``person``, but no pronoun."""
        return self.named_person() if self.chance(0.5) else self.noun(PEOPLE)

    def name(self, spec: str) -> NP:
        return NP(self.concept(members("name", spec)))

    def organisation(self) -> NP:
        np = self.name("company team institute" if self.chance(0.8) else "company")
        np.label = np.head.klass != "institute" and self.chance(0.4)
        return np

    def place(self) -> NP:
        """Somewhere: a place, a city, a country."""
        if self.chance(0.3):
            return self.name("capital country")
        return self.noun("place", number="Sing")

    def of_class(self, spec: str, calm: bool = False) -> NP:
        """A noun of the classes a verb takes as its object; ``geo`` in them is a city or a country."""
        if "geo" in spec.split(",") and (self.chance(0.4) or not members("noun", spec)):
            return self.name("capital country")
        return self.noun(spec, calm=calm)

    def subject(self, verb: Concept) -> NP:
        """A subject that the verb accepts."""
        spec = verb.options.get("subj", "person,kin")
        return self.person() if spec == "person,kin" or self.chance(0.5) else self.noun(spec)

    # -- modifiers

    def somewhere(self, calm: bool = True) -> Mod:
        return Mod(
            "at", self.noun("place", number="Sing", calm=calm) if self.chance(0.7) else self.name("capital country")
        )

    def time(self, tense: str) -> Mod | None:
        """A time that goes with the tense."""
        if tense == "past" and self.chance(0.4):
            return Mod("year", word=1980 + int(self.rng.random() * 45))
        if tense in ("past", "fut") and self.chance(0.5):
            return Mod("weekday", word=self.one(weekdays()))
        candidates = members_of(f"when {tense}")
        return Mod("adverb", word=self.concept(candidates)) if candidates else None

    def add_time(self, c: Clause) -> None:
        """A time in front or at the end; already stands by the verb."""
        time = self.time(c.tense)
        if c.tense == "perf":
            c.frequency = time.word
        elif time and self.chance(0.4):
            c.front = time
        elif time:
            c.mods.append(time)

    def manner(self) -> Concept:
        return self.concept(members_of("manner"))

    def tense(self, verb: Concept) -> str:
        """Any tense; verbs of state have no progressive."""
        tenses = ("past", "past", "past", "pres", "pres", "fut")
        return self.one(tenses if "stative" in verb.options else (*tenses, "prog", "pastprog", "perf"))

    def dress(self, c: Clause) -> Clause:
        """Now and then a place, a time, a manner, negation."""
        draw = self.rng.random()
        if draw < 0.15:
            c.mods.append(self.somewhere())
        elif draw < 0.35:
            self.add_time(c)
        elif draw < 0.5 and c.tense in ("past", "pres", "fut") and "stative" not in c.verb.options:
            c.manner = self.manner()
        elif draw < 0.6 and c.tense == "pres" and not c.negated:
            c.frequency = self.concept(members_of("frequency"))
        return c

    # -- labels

    def labels(self) -> tuple[str, str]:
        """(sentiment, topic)"""
        sentiment = "positive" if self.polarity > 0 else "negative" if self.polarity < 0 else "neutral"
        return sentiment, self.topics.most_common(1)[0][0] if self.topics else "family"


@cache
def fitting(candidates: tuple[Concept, ...], fits) -> tuple[Concept, ...]:
    return tuple(c for c in candidates if fits(c))


@cache
def members_of(klass: str) -> tuple[Concept, ...]:
    return tuple(c for c in lexicon() if c.klass == klass)


@cache
def surnames(gender: str) -> tuple[Concept, ...]:
    return tuple(c for c in members("name", "surname") if c.options["gender"] == gender)


@lru_cache(maxsize=1)
def weekdays() -> tuple[tuple[str, str], ...]:
    return tuple(tuple(side.strip() for side in day.split(" | ")) for day in WEEKDAYS.split(" ; "))
