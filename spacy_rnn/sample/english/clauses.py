"""Kinds of English clause, from the abstract clause to a tree.

Read ``assemble`` first: what stands before and after the verb, and inversion in questions.
"""

from ..abstract import Clause, Pronoun
from ..tree import Node, features
from .kinds import clause
from .phrases import adverb, modifier, noun_phrase, with_case
from .verbs import negation, verb_group
from .words import punct


def assemble(c: Clause, root: Node, auxiliaries: list[Node]) -> Node:
    """Put front, question word, subject, auxiliaries and modifiers around the root."""
    before: list[Node] = []
    if c.front:
        before += [modifier(c.front), punct(",")]
    if c.wh:
        before.append(Node(c.wh, c.wh, "ADV", "WRB", features(("PronType", "Int")), "advmod", (id(c), "wh")))
    if fronted := c.object and isinstance(c.object.head, Pronoun) and c.object.head.kind in ("what", "which"):
        before.append(noun_phrase(c.object, "obj"))
    group = list(auxiliaries)
    if c.negated and group:
        group.insert(1, negation(c, group[0]))
    if c.frequency:
        group.insert(1 if auxiliaries else 0, adverb(c.frequency, (id(c), "freq")))
    subject = (
        [noun_phrase(c.subject, "nsubj:pass" if c.kind == "passive" else "nsubj", "Nom")]
        if c.subject and not c.elided
        else []
    )
    inverted = c.question and auxiliaries and not (subject and subject[0].lemma in ("who", "what"))
    if inverted:
        take = 2 if c.negated and group[1].form == "n't" else 1
        before += [*group[:take], *subject, *group[take:]]
    else:
        before += [*subject, *group]
    root.before = before + root.before
    if not fronted:
        root.after += complements(c)
    if c.manner:
        root.after.append(adverb(c.manner, (id(c), "manner")))
    root.after += [modifier(mod) for mod in c.mods]
    return root


def complements(c: Clause) -> list[Node]:
    found = []
    if c.recipient:
        found.append(noun_phrase(c.recipient, "iobj"))
    if c.object:
        word = c.verb.options.get("en") if c.verb else None
        found.append(
            with_case(noun_phrase(c.object, "obl"), word, (id(c), "p")) if word else noun_phrase(c.object, "obj")
        )
    if c.complement and c.complement.tense in ("inf", "gerund"):
        found.append(clause(c.complement, "xcomp"))
    elif c.complement and c.complement.wh:
        found.append(clause(c.complement, "ccomp"))
    elif c.complement:
        found.append(subordinate(c.complement, "that", "ccomp"))
    return found


def subordinate(c: Clause, word: str, rel: str) -> Node:
    inner = clause(c, rel)
    link = (id(c), "mark")
    if word == "when":
        node = Node("when", "when", "ADV", "WRB", features(("PronType", "Int")), "advmod", link)
    else:
        node = Node(word, word, "SCONJ", "IN", rel="mark", link=link)
    inner.before.insert(0, node)
    return inner


@clause.realises("verb", "like")
def verbal(c: Clause, rel: str) -> Node:
    auxiliaries, main = verb_group(c, rel)
    return assemble(c, main, auxiliaries)


@clause.realises("passive")
def passive(c: Clause, rel: str) -> Node:
    root = verbal(c, rel)
    if c.recipient:  # the agent
        root.after = [node for node in root.after if node.rel != "iobj"]
        root.after.insert(0, with_case(noun_phrase(c.recipient, "obl:agent"), "by"))
    return root


@clause.realises("become")
def become(c: Clause, rel: str) -> Node:
    root = verbal(c, rel)
    root.after.insert(0, noun_phrase(c.predicate, "xcomp"))
    return root
