"""Kinds of Russian clause, from the abstract clause to a tree.

Read ``assemble`` first: the order of subject, verb and object.
"""

from ..abstract import Clause, Pronoun
from ..tree import Node
from .kinds import clause
from .phrases import adverb, modifier, noun_phrase, with_preposition
from .verbs import be, finite
from .words import agreement, punct, word

WH = {"where": "где", "when": "когда", "why": "почему"}
MARKERS = {"because": "потому", "when": "когда", "if": "если", "while": "пока", "although": "хотя", "that": "что"}


def assemble(c: Clause, main: Node, auxiliaries: list[Node], subject_rel: str = "nsubj") -> Node:
    """Subject, negation, verb, objects and modifiers in one of three orders."""
    modal = bool(auxiliaries) and main.rel == "xcomp"
    root = auxiliaries[0] if modal else main
    subject = [noun_phrase(c.subject, subject_rel, "Nom")] if c.subject and not c.elided else []
    lead: list[Node] = [modifier(c.front)] if c.front else []
    if c.wh:
        lead.append(word(WH[c.wh], WH[c.wh], "ADV", "advmod", (id(c), "wh"), ("PronType", "Int")))
    objects = complements(c)
    if c.object and isinstance(c.object.head, Pronoun) and c.object.head.kind in ("what", "which"):
        lead.insert(0, objects.pop(1 if c.recipient else 0))
    close = [adverb(c.frequency, (id(c), "freq"))] if c.frequency else []
    if c.manner:
        close.append(adverb(c.manner, (id(c), "manner")))
    mods = []
    for mod in c.mods:
        (close if mod.kind == "adverb" else mods).append(modifier(mod))
    if c.negated:
        close.append(word("не", "не", "PART", "advmod", (id(c), "not"), ("Polarity", "Neg")))
    if modal:
        main.after += [*objects, *mods]
        root.before, root.after = [*lead, *subject, *close], [main]
    elif c.order == "object first" and objects:
        root.before, root.after = [objects[0], *lead, *close, *auxiliaries], [*subject, *objects[1:], *mods]
    elif c.order == "verb first":
        root.before, root.after = [*lead, *close, *auxiliaries], [*subject, *objects, *mods]
    else:
        root.before, root.after = [*lead, *subject, *close, *auxiliaries], [*objects, *mods]
    return root


def complements(c: Clause) -> list[Node]:
    found = []
    if c.recipient:
        found.append(noun_phrase(c.recipient, "iobj", "Dat"))
    if c.object:
        government = c.verb.options.get("ru", "Acc") if c.verb else "Acc"
        preposition, _, case = government.rpartition("+")
        if preposition:
            found.append(with_preposition(c.object, "obl", preposition, case, (id(c), "p")))
        else:
            found.append(noun_phrase(c.object, "obj" if case == "Acc" else "obl", case))
    if c.complement and c.complement.tense in ("inf", "gerund"):
        found.append(clause(c.complement, "xcomp"))
    elif c.complement and c.complement.wh:
        found.append(clause(c.complement, "ccomp"))
        found[-1].before.insert(0, punct(","))
    elif c.complement:
        found.append(subordinate(c.complement, "that", "ccomp"))
    return found


def subordinate(c: Clause, marker: str, rel: str) -> Node:
    inner = clause(c, rel)
    form = MARKERS[marker]
    if marker == "when":
        node = word(form, form, "ADV", "advmod", (id(c), "mark"), ("PronType", "Rel"))
    else:
        node = word(form, form, "SCONJ", "mark", (id(c), "mark"))
    if marker == "because":
        node.after.append(word("что", "что", "SCONJ", "fixed", (id(c), "mark")))
    inner.before[:0] = [punct(","), node]
    return inner


@clause.realises("verb")
def verbal(c: Clause, rel: str) -> Node:
    auxiliaries, main = finite(c, rel)
    return assemble(c, main, auxiliaries)


@clause.realises("passive")
def passive(c: Clause, rel: str) -> Node:
    """Дом был построен рабочими."""
    verb = c.verb.ru["Perf"]
    _, number, gender = agreement(c.subject)
    key = "Plur" if number == "Plur" else gender
    pairs = (("Aspect", "Perf"), ("Gender", "" if key == "Plur" else key), ("Number", number), ("Tense", "Past"))
    pairs += (("Variant", "Short"), ("VerbForm", "Part"), ("Voice", "Pass"))
    root = word(verb.participle[key], verb.lemma, "VERB", rel, (id(c), "v"), *pairs)
    inner = Clause(subject=c.subject, mods=c.mods, front=c.front, negated=c.negated, order=c.order)
    auxiliary = be(c.tense, c.subject, "aux:pass", None)
    assemble(inner, root, [auxiliary] if auxiliary else [], "nsubj:pass")
    if c.recipient:
        at = 1 if c.order == "verb first" else 0
        root.after.insert(at, noun_phrase(c.recipient, "obl:agent", "Ins"))
    return root


@clause.realises("become")
def become(c: Clause, rel: str) -> Node:
    """Иван стал врачом."""
    root = verbal(c, rel)
    root.after.insert(0, noun_phrase(c.predicate, "xcomp", "Ins"))
    return root


@clause.realises("like")
def liking(c: Clause, rel: str) -> Node:
    """Анне нравится чай: who likes is in the dative, what is liked is the subject."""
    inner = Clause(subject=c.object, verb=c.verb, tense=c.tense, elided=True, aspect="" if c.tense == "past" else "Imp")
    auxiliaries, root = finite(inner, rel)
    root.link = (id(c), "v")
    experiencer = noun_phrase(c.subject, "iobj", "Dat")
    negation = [word("не", "не", "PART", "advmod", (id(c), "not"), ("Polarity", "Neg"))] if c.negated else []
    root.before = [experiencer, *negation, *auxiliaries]
    root.after = [noun_phrase(c.object, "nsubj", "Nom"), *(modifier(mod) for mod in c.mods)]
    return root
