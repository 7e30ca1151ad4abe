"""Patterns of one verb: who does what, where, with what, how many."""

from ..abstract import NP, Clause, Mod, Pronoun
from ..choose import Chooser
from ..draw import members
from .building import can_be_passive, event, plain_object, simple, word
from .registry import pattern

COMPANIONS = "=brother =sister =son =daughter =friend =neighbour =uncle =aunt =nephew =niece =grandson =mother =father"


@pattern(6)
def transitive(w: Chooser) -> Clause:
    verb = w.verb("trans")
    c = Clause(subject=w.subject(verb), verb=verb, object=w.of_class(verb.options["objects"]), tense=w.tense(verb))
    return w.dress(c)


@pattern(1.5)
def object_first(w: Chooser) -> Clause:
    """Книгу читает Анна: who does what is told by the endings only."""
    verb = w.verb("trans", fits=plain_object)
    c = Clause(
        subject=w.somebody(),
        verb=verb,
        object=w.of_class(verb.options["objects"]),
        tense=w.one(("past", "pres", "fut")),
    )
    c.order = "object first"
    return c


@pattern(2)
def negated(w: Chooser) -> Clause:
    c = event(w, w.one(("past", "past", "pres", "fut")), calm=True)
    c.negated, c.contracted = True, w.chance(0.5)
    return c


@pattern(3)
def activity(w: Chooser) -> Clause:
    verb = w.verb("place")
    c = Clause(
        subject=w.subject(verb),
        verb=verb,
        tense=simple(w.one(("past", "pres", "fut", "prog", "pastprog")), verb),
        aspect="Imp",
    )
    place = Mod("at", w.of_class(verb.options["objects"]))
    if w.chance(0.3):
        c.front = place
        c.order = "verb first" if w.chance(0.5) and not isinstance(c.subject.head, Pronoun) else ""
    else:
        c.mods.append(place)
    if w.chance(0.25) and "stative" not in verb.options:
        c.manner = w.manner()
    return c


@pattern(2)
def goes_to(w: Chooser) -> Clause:
    verb = w.verb("move")
    c = Clause(
        subject=w.subject(verb), verb=verb, tense=w.tense(verb), mods=[Mod("to", w.of_class(verb.options["objects"]))]
    )
    if w.chance(0.4):
        w.add_time(c)
    return c


@pattern(1.5)
def comes_from(w: Chooser) -> Clause:
    verb = w.one((word("come"), word("return"), word("move", "move")))
    w.count(verb)
    return Clause(subject=w.person(), verb=verb, tense=w.one(("past", "fut", "perf")), mods=[Mod("from", w.place())])


@pattern(1)
def from_country_to_capital(w: Chooser) -> Clause:
    country, capital = w.name("country"), w.name("capital")
    verb = w.count(w.one((word("fly"), word("go"), word("move", "move"))))
    return Clause(
        subject=w.person(), verb=verb, tense=w.one(("past", "fut")), mods=[Mod("from", country), Mod("to", capital)]
    )


@pattern(2)
def gives(w: Chooser) -> Clause:
    verb = w.verb("give")
    c = Clause(subject=w.person(), verb=verb, recipient=w.somebody(), object=w.of_class(verb.options["objects"]))
    c.tense = w.one(("past", "past", "fut", "pres", "perf"))
    return c


@pattern(1.5)
def with_tool(w: Chooser) -> Clause:
    verb = w.verb("tool")
    tool = w.noun(",".join("=" + name for name in verb.options["with"].split(",")), number="Sing")
    c = Clause(subject=w.person(), verb=verb, object=w.of_class(verb.options["objects"]), mods=[Mod("tool", tool)])
    c.tense = w.one(("past", "pres", "fut", "prog"))
    return c


@pattern(1.5)
def in_company(w: Chooser) -> Clause:
    c = event(w, w.one(("past", "fut")))
    c.mods.append(Mod("with", NP(w.concept(members("noun", COMPANIONS)), owner=c.subject, own=True)))
    return c


@pattern(1)
def before_or_after(w: Chooser) -> Clause:
    c = event(w, w.one(("past", "fut")))
    c.mods.append(Mod(w.one(("before", "after", "after")), w.noun("event", number="Sing", calm=True)))
    return c


@pattern(1)
def without_thing(w: Chooser) -> Clause:
    verb = w.verb("move", calm=True)
    c = Clause(subject=w.person(), verb=verb, mods=[Mod("to", w.of_class(verb.options["objects"]))], tense="past")
    c.mods.append(
        Mod("without", w.noun("=passport =ticket =map =umbrella =suitcase =bag =phone =money", bare=False, calm=True))
    )
    return c


@pattern(1.5)
def talks_about(w: Chooser) -> Clause:
    verb = w.count(w.one((word("say"), word("think"), word("sing", "place"))))
    c = Clause(subject=w.person(), verb=verb, tense=w.one(("past", "pres", "prog")), aspect="Imp")
    if verb.en.lemma == "say":
        c.verb = word("talk")
    c.mods = [Mod("about", w.one((w.person, w.place, lambda: w.noun("idea text art event")))())]
    return c


@pattern(2)
def passive(w: Chooser) -> Clause:
    verb = w.verb("trans", fits=can_be_passive)
    c = Clause(
        "passive", subject=w.of_class(verb.options["objects"]), verb=verb, tense=w.one(("past", "past", "fut", "pres"))
    )
    if w.chance(0.6):
        c.recipient = w.somebody()
    if c.tense != "pres" and w.chance(0.5):
        c.mods.append(w.time(c.tense))
    return c


@pattern(2)
def counted_object(w: Chooser) -> Clause:
    verb = w.count(w.one((word("buy"), word("sell"), word("see"), word("find"), word("lose", "trans"), word("bring"))))
    np = counted(w, "thing furniture =apple =egg =pie =book =letter =ticket =rose =flower =pear =lemon")
    return Clause(subject=w.person(), verb=verb, object=np, tense=w.one(("past", "fut", "perf")))


@pattern(1.5)
def counted_subject(w: Chooser) -> Clause:
    np = counted(w, "person animal")
    return event(w, w.one(("past", "pres", "fut")), subject=np)


def counted(w: Chooser, spec: str) -> NP:
    candidates = tuple(c for c in members("noun", spec) if c.en.plural and len(c.ru.numbers) == 2)
    return NP(w.concept(candidates), "Plur", count=2 + int(w.rng.random() * 11))
