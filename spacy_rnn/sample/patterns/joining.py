"""Patterns of more than one clause."""

from ..abstract import NP, Clause, Pronoun
from ..choose import Chooser
from ..draw import members
from .being import described
from .building import event, plain_object, word
from .registry import pattern
from .wanting import likes


@pattern(1.5)
def who_did(w: Chooser) -> Clause:
    """The boy, who lives in Paris, reads a book."""
    head = w.noun("person", bare=True)
    head.det = "the" if w.chance(0.7) else "this"
    head.relative = event(w, w.one(("past", "pres", "pres")), subject=NP(Pronoun(kind="which"), antecedent=head))
    return event(w, w.one(("past", "pres", "fut")), subject=head)


@pattern(1.5)
def which_somebody_did(w: Chooser) -> Clause:
    """The book, which Anna read, was interesting."""
    verb = w.verb("trans", fits=plain_object)
    head = w.of_class(verb.options["objects"], calm=True)
    head.det, head.owner = "the", None
    head.relative = Clause(
        subject=w.person(), verb=verb, object=NP(Pronoun(kind="which"), antecedent=head), tense="past"
    )
    if adjective := w.adjective(head.head):
        return Clause("be", subject=head, predicate=adjective, tense="past")
    return Clause(subject=w.person(), verb=word("understand"), object=head, tense="past")


@pattern(2)
def thinks_that(w: Chooser) -> Clause:
    verb = w.concept(members("verb", "think say"))
    tense = w.one(("past", "pres"))
    inner = event(w, w.one(("past", "pres", "fut") if tense == "pres" else ("past", "pastprog")))
    return Clause(
        subject=w.person(),
        verb=verb,
        complement=inner,
        tense=tense,
    )


@pattern(1.5)
def when_this_that(w: Chooser) -> Clause:
    main, other = event(w, "past"), event(w, "past")
    return Clause("complex", complement=main, other=other, joint="when", order=w.one(("", "other first")))


@pattern(1)
def while_this_that(w: Chooser) -> Clause:
    main, other = event(w, "pastprog"), event(w, "pastprog")
    return Clause("complex", complement=main, other=other, joint="while", order=w.one(("", "other first")))


@pattern(1.5)
def because(w: Chooser) -> Clause:
    main = event(w, "past")
    other = described(w) if w.chance(0.5) else event(w, "past")
    other.tense = "past"
    return Clause("complex", complement=main, other=other, joint="because")


@pattern(1)
def if_then(w: Chooser) -> Clause:
    other = event(w, "condition")
    main = event(w, "fut")
    return Clause("complex", complement=main, other=other, joint="if", order=w.one(("", "other first")))


@pattern(1)
def although(w: Chooser) -> Clause:
    main, other = event(w, "past"), event(w, "past", calm=True)
    other.negated = True
    return Clause("complex", complement=main, other=other, joint="although", order=w.one(("", "other first")))


@pattern(1.5)
def does_and_does(w: Chooser) -> Clause:
    tense = w.one(("past", "pres", "fut"))
    main = event(w, tense)
    other = event(w, tense, subject=main.subject)
    other.elided = True
    return Clause("complex", complement=main, other=other, joint="and")


@pattern(1.5)
def but(w: Chooser) -> Clause:
    tense = w.one(("past", "pres"))
    main, other = event(w, tense), event(w, tense, calm=True)
    other.negated = True
    return Clause("complex", complement=main, other=other, joint="but")


@pattern(1.5)
def both(w: Chooser) -> Clause:
    first = w.somebody()
    first.also = w.somebody()
    return event(w, subject=first)


@pattern(1.5)
def quotation(w: Chooser) -> Clause:
    c = likes(w) if w.chance(0.4) else event(w)
    speaker = w.somebody()
    gender = speaker.head.options.get("gender") or speaker.head.ru.gender
    c.subject = NP(Pronoun(1, speaker.number, gender))
    verb = w.count(w.one((word("say"), word("answer", "say"), word("think"))))
    c.ending = w.one((".", ".", "!"))
    return Clause("quote", subject=speaker, verb=verb, complement=c, tense="past")
