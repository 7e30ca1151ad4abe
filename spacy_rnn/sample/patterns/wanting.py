"""Patterns of liking, wanting, beginning, being able."""

from ..abstract import Clause
from ..choose import THINGS, Chooser
from .building import event, liking, word
from .registry import pattern


@pattern(2.5)
def likes(w: Chooser) -> Clause:
    return liking(w, w.noun(f"food drink place vehicle text art event animal {THINGS}", calm=True), negated=w.mood < 0)


@pattern(2)
def wants(w: Chooser) -> Clause:
    return with_infinitive(w, "want", w.one(("pres", "past", "pres")))


@pattern(1.5)
def loves_to(w: Chooser) -> Clause:
    """Бабушка любит печь пироги: печь is also a stove."""
    verb = word(w.one(("bake", "bake", "cook", "read", "watch", "photograph", "feed", "study")))
    w.count(verb)
    subject = w.person()
    w.polarity += 1
    inner = Clause(subject=subject, elided=True, verb=verb, object=w.of_class(verb.options["objects"], calm=True))
    inner.tense, inner.aspect = "inf", "Imp"
    return Clause(subject=subject, verb=word("love"), complement=inner, tense=w.one(("pres", "past")))


@pattern(1.5)
def begins(w: Chooser) -> Clause:
    return with_infinitive(w, "begin", w.one(("past", "fut")))


def with_infinitive(w: Chooser, frame: str, tense: str) -> Clause:
    verb = w.verb(frame)
    inner = event(w, "gerund" if "ing" in verb.options else "inf", subject=w.person())
    inner.aspect = "Imp" if frame == "begin" or "imp" in verb.options else inner.aspect
    subject, inner.elided = inner.subject, True
    aspect = "" if frame == "begin" or verb.en.lemma in ("decide", "refuse", "try") else "Imp"
    return Clause(subject=subject, verb=verb, complement=inner, tense=tense, aspect=aspect)


@pattern(1.5)
def can(w: Chooser) -> Clause:
    return event(w, "can")


@pattern(1.5)
def must(w: Chooser) -> Clause:
    c = event(w, "must")
    if time := w.chance(0.3) and w.time("fut"):
        c.mods.append(time)
    return c


@pattern(1)
def cannot(w: Chooser) -> Clause:
    c = event(w, "can", calm=True)
    c.negated = True
    return c
