"""Dependency trees as they are built (Node), and sentences as they are given out (Token, Sentence, Pair)."""

from dataclasses import dataclass, field
from functools import cache

from .marks import capital, morphemes, plain

CLOSERS = ".,!?»"  # a comma before one of these is superfluous


class Node:
    """A word with its dependents, those before it and those after it, in order."""

    __slots__ = ("form", "lemma", "upos", "xpos", "feats", "rel", "link", "before", "after", "entity", "glue")

    def __init__(self, form, lemma, upos, xpos, feats="_", rel="dep", link=None, entity="", glue=""):
        self.form, self.lemma, self.upos, self.xpos, self.feats = form, lemma, upos, xpos, feats
        self.rel, self.link, self.entity, self.glue = rel, link, entity, glue
        self.before: list[Node] = []
        self.after: list[Node] = []


Placed = list[tuple[Node, "Node | None"]]  # (node, head) from left to right


@cache
def features(*pairs: tuple[str, str]) -> str:
    """FEATS of CoNLL-U, sorted; empty values are left out."""
    return "|".join(sorted((f"{key}={value}" for key, value in pairs if value), key=str.lower)) or "_"


@dataclass(frozen=True)
class Token:
    form: str
    lemma: str
    upos: str
    xpos: str
    feats: str
    head: int  # 1-based, 0 is the root
    deprel: str
    space_after: bool
    entity: str  # IOB2
    morphemes: tuple[tuple[str, str], ...]  # (type, text); types: pre, root, link, suff, end, post


@dataclass
class Sentence:
    lang: str
    text: str
    tokens: list[Token]
    sentiment: str
    topic: str
    pattern: str


@dataclass
class Pair:
    en: Sentence
    ru: Sentence
    alignment: list[tuple[int, int]] = field(default_factory=list)  # 0-based (English token, Russian token)


def in_order(root: Node) -> Placed:
    """(node, head) from left to right, without the commas that another mark makes superfluous."""
    found: Placed = []

    def walk(node: Node, head: Node | None) -> None:
        for child in node.before:
            walk(child, node)
        found.append((node, head))
        for child in node.after:
            walk(child, node)

    walk(root, None)
    kept: Placed = []
    for item in found:
        if item[0].form in CLOSERS and kept and kept[-1][0].form == ",":
            kept.pop()
        kept.append(item)
    return kept


def capitalise(nodes: Placed) -> None:
    """A capital letter for the first word, and for the first inside opening quotes."""
    first = 1 if nodes[0][0].upos == "PUNCT" else 0
    nodes[first][0].form = capital(nodes[first][0].form)


def tokens_of(nodes: Placed) -> list[Token]:
    number = {id(node): index for index, (node, _) in enumerate(nodes, 1)}
    tokens, inside = [], ""
    for (node, head), following in zip(nodes, [*nodes[1:], (None, None)], strict=True):
        entity = f"{'I' if node.entity == inside else 'B'}-{node.entity[:3]}" if node.entity else "O"
        inside = node.entity
        space = following[0] is None or not (node.glue == "right" or following[0].glue == "left")
        tokens.append(
            Token(
                plain(node.form), node.lemma, node.upos, node.xpos, node.feats, number[id(head)] if head else 0,
                node.rel, space, entity, morphemes(node.form),
            )
        )  # fmt: skip
    return tokens


def text_of(nodes: Placed) -> str:
    parts, glued = [], True
    for node, _ in nodes:
        parts += [plain(node.form)] if glued or node.glue == "left" else [" ", plain(node.form)]
        glued = node.glue == "right"
    return "".join(parts)


def alignment(en: Placed, ru: Placed) -> list[tuple[int, int]]:
    """Pairs of words that come from the same part of the abstract sentence."""
    where: dict[object, list[int]] = {}
    for index, (node, _) in enumerate(ru):
        if node.link is not None:
            where.setdefault(node.link, []).append(index)
    return [(i, j) for i, (node, _) in enumerate(en) if node.link is not None for j in where.get(node.link, ())]
