"""Patterns in which the same form is now a noun, now a verb."""

from ..abstract import NP, Clause, Mod, Pronoun
from ..choose import Chooser
from ..draw import members
from .building import event, word
from .registry import pattern


@pattern(2)
def became(w: Chooser) -> Clause:
    """Они стали врачами (became; стали is also "of steel")."""
    first = w.somebody()
    first.also = w.somebody()
    noun = w.concept(members("noun", "person.work person.sport person.culture"), calm=True)
    return Clause("become", subject=first, verb=word("become"), predicate=NP(noun, "Plur"), tense="past")


@pattern(1)
def made_of_material(w: Chooser) -> Clause:
    """Цена стали, стекло: materials in the genitive and the nominative."""
    material = w.noun("material", bare=True, calm=True)
    material.det, material.adjectives = "", []
    noun = NP(next(iter(members("noun", w.one(("=price", "=quality", "=colour"))))), det="the", of=material)
    verb = w.count(w.one((word("discuss"), word("check"), word("study"))))
    return Clause(subject=w.person(), verb=verb, object=noun, tense=w.one(("past", "pres", "fut")))


@pattern(1)
def flowed_down(w: Chooser) -> Clause:
    """Молоко стекло на стол: стекло as a verb."""
    liquid = w.noun("=milk =water =wine =beer =butter =honey =juice", calm=True)
    return Clause(
        subject=liquid,
        verb=word("flow"),
        tense="past",
        mods=[Mod("onto", w.noun("=table =carpet =chair =book =newspaper", number="Sing"))],
    )


@pattern(1)
def sun_and_moon(w: Chooser) -> Clause:
    """The sun set behind the forest (солнце село; село is also a village). The sun rose (rose is also a flower)."""
    sun = NP(w.count(next(iter(members("noun", "=sun")))), det="the")
    verb = w.one((word("set"), word("rise"), word("shine")))
    place = w.noun("=forest =lake =mountain =river =sea =field =castle =village", number="Sing", calm=True)
    mod = Mod("behind", place) if verb.en.lemma == "set" else Mod("over", place)
    return Clause(
        subject=sun, verb=verb, mods=[mod], tense="past" if verb.en.lemma != "shine" else w.one(("past", "pres"))
    )


@pattern(1)
def the_nobility(w: Chooser) -> Clause:
    """Знать любит охоту: знать as a noun."""
    subject = w.noun("nobility", bare=True)
    subject.det = "the"
    return event(w, w.one(("past", "pres")), subject=subject)


@pattern(1)
def wants_to_know(w: Chooser) -> Clause:
    """Анна хочет знать, почему ...: знать as a verb."""
    subject = w.person()
    inner = Clause(
        subject=subject, elided=True, verb=word("know"), tense="inf", complement=event(w, w.one(("past", "pres")))
    )
    inner.complement.wh = w.one(("why", "when"))
    return Clause(subject=subject, verb=word("want"), complement=inner, tense=w.one(("pres", "past")), aspect="Imp")


@pattern(1)
def washes(w: Chooser) -> Clause:
    """Мой окно! Я мою окно: мой and мою are also "my"."""
    verb = w.count(word("wash"))
    thing = w.of_class(verb.options["objects"])
    if w.chance(0.5):
        you = NP(Pronoun(2, "Sing", w.one(("Masc", "Fem"))))
        return Clause(subject=you, elided=True, verb=verb, object=thing, tense="imp", aspect="Imp", ending=w.one(".!"))
    return Clause(subject=NP(Pronoun(1, "Sing")), verb=verb, object=thing, tense=w.one(("pres", "prog")))


@pattern(1)
def was_drinking(w: Chooser) -> Clause:
    """Анна пила чай (was drinking); пила is also a saw."""
    c = Clause(subject=w.named_person(), verb=w.count(word("drink")), object=w.noun("drink"), tense="pastprog")
    if w.chance(0.6):
        c.mods.append(w.somewhere())
    return c


@pattern(1)
def growing(w: Chooser) -> Clause:
    place = w.noun("place.nature =garden =yard =street", number="Sing", calm=True)
    c = Clause(
        subject=w.noun("=tree =rose =flower =grass =oak =birch =maple =plant"),
        verb=word("grow"),
        tense=w.one(("pres", "past")),
        aspect="Imp",
        front=Mod("at", place),
    )
    c.order = "verb first"
    return c


@pattern(1)
def begins_on(w: Chooser) -> Clause:
    event_np = w.noun("event", number="Sing")
    if not event_np.owner:
        event_np.det = "the"
    tense = w.one(("past", "fut"))
    return Clause(subject=event_np, verb=word(w.one(("begin", "end")), "special"), tense=tense, mods=[w.time(tense)])
