"""Russian sentences of more than one clause, and the table of all kinds of clause."""

from itertools import pairwise

from ..abstract import Clause
from ..marks import plain
from ..tree import Node, Placed
from . import being  # noqa: F401
from .clauses import subordinate
from .kinds import clause
from .phrases import modifier, noun_phrase
from .verbs import finite
from .words import punct, word

CONJUNCTIONS = {"and": "и", "but": "но"}


@clause.realises("quote")
def quotation(c: Clause, rel: str) -> Node:
    """«Я люблю чай», — сказала Анна."""
    _, root = finite(c, rel)
    quoted = clause(c.complement, "ccomp")
    quoted.before.insert(0, punct("«", "right"))
    if c.complement.ending != ".":
        quoted.after.append(punct(c.complement.ending))
    quoted.after.append(punct("»"))
    marks = [punct(",")] if c.complement.ending == "." else []
    root.before += [quoted, *marks, punct("—", "")]
    root.after += [noun_phrase(c.subject, "nsubj", "Nom"), *(modifier(mod) for mod in c.mods)]
    return root


@clause.realises("complex")
def complex_sentence(c: Clause, rel: str) -> Node:
    root = clause(c.complement, rel)
    if c.joint in CONJUNCTIONS:
        inner = clause(c.other, "conj")
        form = CONJUNCTIONS[c.joint]
        conjunction = word(form, form, "CCONJ", "cc", (id(c.other), "mark"))
        inner.before[:0] = [punct(","), conjunction] if c.joint == "but" or not c.other.elided else [conjunction]
        root.after.append(inner)
        return root
    inner = subordinate(c.other, c.joint, "advcl")
    if c.order == "other first":
        inner.before.pop(0)
        inner.after.append(punct(","))
        root.before.insert(0, inner)
    else:
        inner.after.append(punct(","))
        root.after.append(inner)
    return root


def sentence(c: Clause) -> Node:
    root = clause(c)
    if c.address:
        root.before[:0] = [noun_phrase(c.address, "vocative", "Nom"), punct(",")]
    root.after.append(punct(c.ending))
    return root


VOICED = "бвгджзклмнпрстфхцчшщ"


def adjust(nodes: Placed) -> None:
    """в or во, с or со, о or об, к or ко: by the next word."""
    words = [item[0] for item in nodes]
    for node, following in pairwise(words):
        if node.upos != "ADP" or node.form not in ("в", "с", "о", "к", "перед"):
            continue
        form = plain(following.form).lower()
        cluster = len(form) > 1 and form[1] in VOICED
        if form in ("мной", "мне"):
            node.form = {"в": "во", "с": "со", "о": "обо", "к": "ко", "перед": "передо"}[node.form]
        elif node.form == "в" and (form[0] in "вф" and cluster or form.startswith("двор")):
            node.form = "во"
        elif node.form == "с" and form[0] in "сзшжщ" and cluster:
            node.form = "со"
        elif node.form == "о" and form[0] in "аоуэи":
            node.form = "об"
