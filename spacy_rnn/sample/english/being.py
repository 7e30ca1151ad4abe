"""English clauses of being and having: copulas, there is, possession, age, weather."""

from ..abstract import NP, Clause, Mod, Pronoun
from ..marks import plain
from ..tree import Node, features
from .clauses import assemble
from .kinds import clause
from .phrases import modifier, noun_phrase, with_case
from .verbs import be, verb_group
from .words import adjective, person_number


@clause.realises("be")
def copular(c: Clause, rel: str) -> Node:
    if isinstance(c.predicate, NP):
        root = noun_phrase(c.predicate, rel)
    elif isinstance(c.predicate, Mod):
        root = modifier(c.predicate)
        root.rel = rel
    else:
        root = adjective(c.predicate, rel, (id(c), "v"), "Cmp" if c.than else "Pos")
    person, number = person_number(c.subject)
    inner, root.before = root.before, []
    root = assemble(c, root, be(c.tense, person, number, link=(id(c), "be")))
    root.before += inner
    if c.than:
        root.after.insert(0, with_case(noun_phrase(c.than, "obl"), "than"))
    return root


@clause.realises("exist")
def existential(c: Clause, rel: str) -> Node:
    """There is a lamp on the table: be is the root."""
    person, number = person_number(c.subject)
    group = be(c.tense, person, number, rel, (id(c), "v"))
    root = group[-1]
    root.upos = "VERB"
    there = Node("there", "there", "PRON", "EX", features(("PronType", "Dem")), "expl")
    root.before = [*group[:-1], there] if c.question else [there, *group[:-1]]
    if c.question:
        root.after.append(there)
        root.before.remove(there)
    root.after.append(noun_phrase(c.subject, "nsubj", "Nom"))
    root.after += [modifier(mod) for mod in c.mods]
    return root


@clause.realises("have")
def possession(c: Clause, rel: str) -> Node:
    """Anna has a cat; Anna has no cat."""
    inner = Clause(subject=c.subject, verb=c.verb, tense=c.tense)
    auxiliaries, root = verb_group(inner, rel)
    root.link = (id(c), "v")
    root.before += [noun_phrase(c.subject, "nsubj", "Nom"), *auxiliaries]
    thing = noun_phrase(c.object, "obj")
    if c.negated:
        thing.before = [node for node in thing.before if node.rel != "det"]
        no = Node("no", "no", "DET", "DT", features(("PronType", "Neg")), "det", (id(c), "v"))
        thing.before.insert(0, no)
    root.after.append(thing)
    root.after += [modifier(mod) for mod in c.mods]
    return root


@clause.realises("age")
def age(c: Clause, rel: str) -> Node:
    """Anna is twelve years old."""
    root = Node("old", "old", "ADJ", "JJ", features(("Degree", "Pos")), rel)
    plural = "Sing" if c.object.count == 1 else "Plur"
    c.object.number = plural
    years = noun_phrase(c.object, "obl:npmod")
    root = assemble(
        Clause(subject=c.subject, tense=c.tense), root, be(c.tense, *person_number(c.subject), link=(id(c), "be"))
    )
    root.before.append(years)
    return root


@clause.realises("weather")
def weather(c: Clause, rel: str) -> Node:
    """It is cold in Moscow."""
    root = Node(c.predicate[0], plain(c.predicate[0]), "ADJ", "JJ", features(("Degree", "Pos")), rel, (id(c), "v"))
    it = NP(Pronoun(gender="Neut"))
    root = assemble(
        Clause(subject=it, tense=c.tense, mods=c.mods, front=c.front), root, be(c.tense, 3, "Sing", link=(id(c), "be"))
    )
    it_node = next(node for node in root.before if node.rel == "nsubj")
    it_node.rel, it_node.link = "expl", None
    return root


@clause.realises("gerund")
def gerund(c: Clause, rel: str) -> Node:
    """Reading books is useful."""
    root = Node(c.predicate[0], plain(c.predicate[0]), "ADJ", "JJ", features(("Degree", "Pos")), rel, (id(c), "v"))
    root.before = [clause(c.complement, "csubj"), *be(c.tense, 3, "Sing", link=(id(c), "be"))]
    return root


@clause.realises("where")
def where_is(c: Clause, rel: str) -> Node:
    """Where is the station?"""
    root = Node("where", "where", "ADV", "WRB", features(("PronType", "Int")), rel, (id(c), "wh"))
    root.after = [*be(c.tense, *person_number(c.subject), link=(id(c), "be")), noun_phrase(c.subject, "nsubj", "Nom")]
    return root


@clause.realises("what a")
def exclamation(c: Clause, rel: str) -> Node:
    """What a beautiful city!"""
    root = noun_phrase(c.predicate, rel)
    root.before.insert(
        0, Node("what", "what", "DET", "WDT", features(("PronType", "Exc")), "det:predet", (id(c), "what"))
    )
    return root
