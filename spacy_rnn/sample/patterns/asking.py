"""Patterns that ask, command and exclaim."""

from ..abstract import NP, Clause, Mod, Pronoun
from ..choose import Chooser
from ..draw import members
from .building import DESCRIBED, event, plain_object
from .registry import pattern


@pattern(2)
def yes_no_question(w: Chooser) -> Clause:
    c = event(w, w.one(("past", "pres", "fut", "perf", "prog")))
    c.question, c.ending = True, "?"
    return c


@pattern(1.5)
def who_question(w: Chooser) -> Clause:
    c = event(w, w.one(("past", "past", "pres", "fut")), subject=NP(Pronoun(kind="who")))
    c.question, c.ending = True, "?"
    return c


@pattern(1.5)
def what_question(w: Chooser) -> Clause:
    verb = w.verb("trans", fits=plain_object)
    c = Clause(subject=w.person(), verb=verb, object=NP(Pronoun(kind="what")), tense=w.one(("past", "pres", "fut")))
    c.question, c.ending = True, "?"
    c.mods = [w.somewhere()] if w.chance(0.7) else []
    return c


@pattern(2)
def wh_question(w: Chooser) -> Clause:
    wh = w.one(("where", "when", "why"))
    if wh == "where":
        verb = w.verb("place")
        c = Clause(subject=w.subject(verb), verb=verb, tense=w.one(("past", "pres", "fut")), aspect="Imp")
        if w.chance(0.4):
            c.mods.append(Mod("with", w.somebody()))
    else:
        c = event(w, w.one(("past", "past", "fut")))
    c.wh, c.question, c.ending = wh, True, "?"
    return c


@pattern(1)
def vocative_question(w: Chooser) -> Clause:
    c = wh_question(w)
    c.address = NP(w.concept(members("name", "first")))
    c.subject = NP(Pronoun(2, "Sing", c.address.head.options["gender"]))
    return c


@pattern(1)
def where_is(w: Chooser) -> Clause:
    thing = w.noun("thing place.food place.travel =doctor =guide kin text tool", calm=True)
    thing.det = "" if thing.owner else "the"
    return Clause("where", subject=thing, tense=w.one(("pres", "past")), question=True, wh="where", ending="?")


@pattern(2)
def command(w: Chooser) -> Clause:
    c = event(w, "imp", subject=NP(Pronoun(2, w.one(("Sing", "Plur")))))
    c.elided, c.ending = True, w.one((".", "!"))
    c.negated = w.chance(0.25)
    if w.chance(0.3):
        c.address = NP(w.concept(members("name", "first")))
    return c


@pattern(1)
def exclamation(w: Chooser) -> Clause:
    np = w.noun(DESCRIBED, number="Sing", bare=True, calm=True)
    np.det = "a"
    np.adjectives = [w.adjective(np.head)]
    return Clause("what a", predicate=np, ending="!")
