"""The chooser: what patterns ask for noun phrases, subjects, places and times."""

from functools import cache, lru_cache

from .abstract import NP, Clause, Mod, Pronoun
from .draw import Drawer, members
from .lexicon import Concept, lexicon
from .lexicon.words import WEEKDAYS

PEOPLE = "person kin"
THINGS = "thing furniture tool"


class Chooser(Drawer):
    """Composes noun phrases and modifiers of the concepts it draws."""

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

    def pronoun(self) -> Pronoun:
        person = self.one((1, 2, 3, 3, 3))
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


@cache
def members_of(klass: str) -> tuple[Concept, ...]:
    return tuple(c for c in lexicon() if c.klass == klass)


@cache
def surnames(gender: str) -> tuple[Concept, ...]:
    return tuple(c for c in members("name", "surname") if c.options["gender"] == gender)


@lru_cache(maxsize=1)
def weekdays() -> tuple[tuple[str, str], ...]:
    return tuple(tuple(side.strip() for side in day.split(" | ")) for day in WEEKDAYS.split(" ; "))
