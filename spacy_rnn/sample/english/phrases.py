"""English noun phrases and modifiers.

Read ``noun_phrase``: determiner, number, adjectives, noun, complement, relative clause.
"""

from ..abstract import NP, Mod, Pronoun
from ..lexicon.concept import Concept
from ..lexicon.words import PREPOSITIONS
from ..marks import plain
from ..tree import Node, features
from .kinds import clause
from .words import NUMBERS, adjective, adposition, determiner, number_of, pronoun, punct, the


def noun_phrase(np: NP, rel: str, case: str = "Acc") -> Node:
    """Determiner, number, adjectives, noun, complement, relative clause."""
    if isinstance(np.head, Pronoun):
        node = pronoun(np, rel, case)
    elif np.head.kind == "name":
        node = proper(np, rel)
    else:
        node = common(np, rel)
    if np.apposition:
        inner = noun_phrase(np.apposition, "appos")
        inner.before.insert(0, punct(","))
        inner.after.append(punct(","))
        node.after.append(inner)
    if np.also:
        other = noun_phrase(np.also, "conj", case)
        other.before.insert(0, Node("and", "and", "CCONJ", "CC", rel="cc", link=(id(np), "and")))
        node.after.append(other)
    if np.relative:
        inner = clause(np.relative, "acl:relcl")
        inner.before.insert(0, punct(","))
        inner.after.append(punct(","))
        node.after.append(inner)
    return node


def common(np: NP, rel: str) -> Node:
    number = number_of(np)
    form = np.head.en.plural if number == "Plur" else np.head.en.singular
    node = Node(
        form,
        np.head.en.lemma,
        "NOUN",
        "NNS" if number == "Plur" else "NN",
        features(("Number", number)),
        rel,
        (id(np), "n"),
    )
    if np.owner and not np.own and not isinstance(np.owner.head, Pronoun):
        node.before.append(possessor(np.owner))
    elif det := determiner(np):
        node.before.append(det)
    if np.count:
        word = NUMBERS[np.count]
        node.before.append(Node(word, word, "NUM", "CD", features(("NumType", "Card")), "nummod", (id(np), "num")))
    if np.superlative:
        node.before.append(adjective(np.superlative, "amod", (id(np), "sup"), "Sup"))
    for index, concept in enumerate(np.adjectives):
        node.before.append(adjective(concept, "amod", (id(np), index)))
    if np.of:
        node.after.append(with_case(noun_phrase(np.of, "nmod"), "in" if np.superlative else "of"))
    return node


def possessor(owner: NP) -> Node:
    node = noun_phrase(owner, "nmod:poss")
    node.after.append(Node("'s", "'s", "PART", "POS", rel="case", glue="left"))
    return node


def with_case(node: Node, word: str, link: object = None) -> Node:
    node.before.insert(0, adposition(word, link))
    return node


def proper(np: NP, rel: str) -> Node:
    entity = f"{np.head.options['entity']}{id(np)}"
    feats = features(("Number", "Sing"))
    node = Node(np.head.en.singular, np.head.en.lemma, "PROPN", "NNP", feats, rel, (id(np), "n"), entity)
    if np.label:
        head = Node(
            "company" if np.head.klass == "company" else "team", "", "NOUN", "NN", feats, rel, (id(np), "label")
        )
        head.lemma, node.rel = head.form, "appos"
        head.before.append(the())
        head.after.append(node)
        return head
    if np.head.options.get("the"):
        node.before.append(the())
    if np.surname:
        node.after.append(
            Node(np.surname.en.singular, np.surname.en.lemma, "PROPN", "NNP", feats, "flat", (id(np), "s"), entity)
        )
    if "of_en" in np.head.options:
        word = np.head.options["of_en"]
        inner = Node(word, word, "PROPN", "NNP", feats, "nmod", (id(np), "of"), entity)
        of = adposition("of")
        of.entity = entity
        inner.before.append(of)
        node.after.append(inner)
    return node


def modifier(mod: Mod) -> Node:
    if mod.kind in PREPOSITIONS:
        return with_case(noun_phrase(mod.np, "obl"), PREPOSITIONS[mod.kind][0], (id(mod), "p"))
    if mod.kind in ("at", "to", "from"):
        word = "in" if mod.np.head.kind == "name" else next((w for w in ("at", "on") if w in mod.np.head.options), "in")
        return with_case(noun_phrase(mod.np, "obl"), word if mod.kind == "at" else mod.kind, (id(mod), "p"))
    if mod.kind == "tool":
        return with_case(noun_phrase(mod.np, "obl"), "with")
    if mod.kind == "adverb":
        return adverb(mod.word, (id(mod), "a"))
    if mod.kind == "weekday":
        node = Node(
            mod.word[0], plain(mod.word[0]), "PROPN", "NNP", features(("Number", "Sing")), "obl", (id(mod), "n")
        )
        return with_case(node, "on", (id(mod), "p"))
    node = Node(
        str(mod.word),
        str(mod.word),
        "NUM",
        "CD",
        features(("NumForm", "Digit"), ("NumType", "Card")),
        "obl",
        (id(mod), "n"),
    )
    return with_case(node, "in", (id(mod), "p"))


def adverb(concept: Concept, link: object) -> Node:
    return Node(concept.en, plain(concept.en), "ADV", "RB", rel="advmod", link=link)
