"""English sentences of more than one clause, and the table of all kinds of clause."""

from itertools import pairwise

from ..abstract import Clause
from ..marks import plain
from ..tree import Node, Placed
from . import being  # noqa: F401
from .clauses import subordinate
from .inflect import article
from .kinds import clause
from .phrases import modifier, noun_phrase
from .verbs import verb_group
from .words import punct


@clause.realises("quote")
def quotation(c: Clause, rel: str) -> Node:
    """“I love tea,” said Anna."""
    _, root = verb_group(c, rel)
    quoted = clause(c.complement, "ccomp")
    quoted.before.insert(0, punct("“", "right"))
    quoted.after += [punct("," if c.complement.ending == "." else c.complement.ending), punct("”")]
    root.before.append(quoted)
    root.after += [noun_phrase(c.subject, "nsubj", "Nom"), *(modifier(mod) for mod in c.mods)]
    return root


@clause.realises("complex")
def complex_sentence(c: Clause, rel: str) -> Node:
    root = clause(c.complement, rel)
    if c.joint in ("and", "but"):
        inner = clause(c.other, "conj")
        conjunction = Node(c.joint, c.joint, "CCONJ", "CC", rel="cc", link=(id(c.other), "mark"))
        inner.before[:0] = [punct(","), conjunction] if c.joint == "but" or not c.other.elided else [conjunction]
        root.after.append(inner)
        return root
    inner = subordinate(c.other, c.joint, "advcl")
    if c.order == "other first":
        inner.after.append(punct(","))
        root.before.insert(0, inner)
    else:
        root.after.append(inner)
    return root


def sentence(c: Clause) -> Node:
    root = clause(c)
    if c.address:
        root.before[:0] = [noun_phrase(c.address, "vocative"), punct(",")]
    root.after.append(punct(c.ending))
    return root


def adjust(nodes: Placed) -> None:
    """a or an, by the next word."""
    for (node, _), (following, _) in pairwise(nodes):
        if node.lemma == "a" and node.upos == "DET":
            node.form = article(plain(following.form))
