"""What many patterns are built of.

Read ``event``: somebody does something, somewhere, or goes somewhere.
"""

from functools import cache

from ..abstract import NP, Clause, Mod
from ..choose import THINGS, Chooser
from ..draw import describing
from ..lexicon import Concept, lexicon

DESCRIBED = f"person animal food drink place vehicle text art event idea plant {THINGS}"


def plain_object(verb: Concept) -> bool:
    return "ru" not in verb.options and "en" not in verb.options


def can_be_passive(verb: Concept) -> bool:
    return "Perf" in verb.ru and bool(verb.ru["Perf"].participle)


@cache
def word(lemma: str, klass: str = "") -> Concept:
    """A certain English verb."""
    return next(c for c in lexicon() if c.kind == "verb" and c.en.lemma == lemma and klass in ("", c.klass))


def is_action(verb: Concept) -> bool:
    return "stative" not in verb.options


def simple(tense: str, verb: Concept) -> str:
    """Verbs of state: loved, not was loving."""
    return (
        {"prog": "pres", "pastprog": "past", "perf": "past"}.get(tense, tense) if "stative" in verb.options else tense
    )


def event(w: Chooser, tense: str = "", subject: NP | None = None, calm: bool = False) -> Clause:
    """Somebody does something, somewhere, or goes somewhere: the clause that many patterns are built of."""
    frame = w.one(("trans", "trans", "trans", "place", "move"))
    verb = w.verb(frame, calm, fits=is_action if tense == "imp" else None)
    tense = simple(tense, verb) if tense else w.tense(verb)
    c = Clause(subject=subject or w.subject(verb), verb=verb, tense=tense)
    if frame == "trans":
        c.object = w.of_class(verb.options["objects"], calm)
    else:
        c.mods = [Mod("at" if frame == "place" else "to", w.of_class(verb.options["objects"], calm))]
        c.aspect = "Imp" if frame == "place" else ""
    return c


def liking(w: Chooser, thing: NP, negated: bool) -> Clause:
    """Анне нравится чай: somebody likes; to the thing it is pleasant. Not liking is negative."""
    w.polarity += -1 if negated else 1
    tense = w.one(("pres", "past"))
    return Clause("like", subject=w.person(), verb=word("like"), object=thing, tense=tense, negated=negated)


def adjectives_of(noun: Concept) -> list[Concept]:
    unscaled = ("wooden", "ordinary", "famous", "modern", "tired", "wild", "broken", "rotten")
    return [c for c in describing(noun.klass, noun.topic) if c.en.lemma not in unscaled]
