"""Russian clauses of being and having: copulas, there is, possession, age, weather."""

from ..abstract import NP, Clause, Mod, Pronoun
from ..marks import plain
from ..tree import Node
from .adjectives import adjective
from .agreement import agreeing, numeral
from .clauses import assemble
from .kinds import clause
from .phrases import modifier, noun_phrase, with_preposition
from .verbs import be, special, verb_features
from .words import agreement, number_of, punct, word


@clause.realises("be")
def copular(c: Clause, rel: str) -> Node:
    """Суп вкусный. Суп был вкусным. Иван — врач. Поезд быстрее автобуса."""
    link = (id(c), "v")
    case = "Nom" if c.tense == "pres" else "Ins"
    if isinstance(c.predicate, NP):
        root = noun_phrase(c.predicate, rel, case)
    elif isinstance(c.predicate, Mod):
        root = modifier(c.predicate)
        root.rel = rel
    elif c.than:
        root = word(c.predicate.ru.comparative, c.predicate.ru.lemma, "ADJ", rel, link, ("Degree", "Cmp"))
        root.after.append(noun_phrase(c.than, "obl", "Gen"))
    else:
        _, number, gender = agreement(c.subject)
        root = agreeing(c.predicate.ru, "ADJ", rel, link, (case, number, gender, False), ("Degree", "Pos"))
    inner, tail = root.before, root.after
    root.before, root.after = [], []
    copula = be(c.tense, c.subject, "cop", (id(c), "be"))
    subject = c.subject
    question_word = isinstance(subject.head, Pronoun)
    dash = isinstance(c.predicate, NP) and copula is None and not c.negated and not question_word
    assemble(Clause(subject=subject, front=c.front, wh=c.wh, mods=c.mods, elided=c.elided), root, [])
    if c.negated:
        root.before.append(word("не", "не", "PART", "advmod", (id(c), "not"), ("Polarity", "Neg")))
    if copula:
        root.before.append(copula)
    if dash:
        root.before.append(punct("—", ""))
    root.before += inner
    root.after = tail + root.after
    return root


@clause.realises("exist")
def existential(c: Clause, rel: str) -> Node:
    """На столе есть лампа."""
    verb = special("быть")["Imp"]
    if c.tense == "pres":
        pairs = (("Mood", "Ind"), ("Tense", "Pres"), ("VerbForm", "Fin"))
        root = word("есть", "быть", "VERB", rel, (id(c), "v"), *verb_features(verb, *pairs))
    else:
        root = be(c.tense, c.subject, rel, (id(c), "v"), "VERB")
    root.before += [modifier(mod) for mod in c.mods]
    root.after.append(noun_phrase(c.subject, "nsubj", "Nom"))
    return root


@clause.realises("have")
def possession(c: Clause, rel: str) -> Node:
    """У Анны есть кошка. У Анны не было кошки."""
    verb = special("быть")["Imp"]
    link = (id(c), "v")
    if c.negated:
        thing = noun_phrase(c.object, "obl" if c.tense != "pres" else "nsubj", "Gen")
    else:
        thing = noun_phrase(c.object, "nsubj", "Nom")
    if c.tense == "pres" and c.negated:
        root = word("нет", "нет", "VERB", rel, link, ("Polarity", "Neg"))
    elif c.tense == "pres":
        pairs = (("Mood", "Ind"), ("Tense", "Pres"), ("VerbForm", "Fin"))
        root = word("есть", "быть", "VERB", rel, link, *verb_features(verb, *pairs))
    else:
        root = be(c.tense, None if c.negated else c.object, rel, link, "VERB")
    owner = with_preposition(c.subject, "obl", "у", "Gen")
    root.before.append(owner)
    if c.negated and c.tense != "pres":
        root.before.append(word("не", "не", "PART", "advmod", link, ("Polarity", "Neg")))
    root.after += [thing, *(modifier(mod) for mod in c.mods)]
    return root


@clause.realises("age")
def age(c: Clause, rel: str) -> Node:
    """Анне двенадцать лет."""
    count = c.object.count
    form = "год" if count == 1 else "год|а" if count < 5 else "лет"
    case, number = ("Nom", "Sing") if count == 1 else ("Gen", "Sing" if count < 5 else "Plur")
    pairs = (("Animacy", "Inan"), ("Case", case), ("Gender", "Masc"), ("Number", number))
    root = word(form, "год", "NOUN", rel, (id(c.object), "n"), *pairs)
    root.before.append(noun_phrase(c.subject, "iobj", "Dat"))
    if c.tense == "past":
        root.before.append(be("past", None, "cop", (id(c), "be")))
    root.before.append(numeral(c.object, "Nom"))
    return root


@clause.realises("weather")
def weather(c: Clause, rel: str) -> Node:
    """В Москве было холодно."""
    root = word(c.predicate[1], plain(c.predicate[1]), "ADV", rel, (id(c), "v"), ("Degree", "Pos"))
    copula = be(c.tense, None, "cop", (id(c), "be"))
    lead = [modifier(c.front)] if c.front else []
    root.before = [*lead, *(modifier(mod) for mod in c.mods), *([copula] if copula else [])]
    return root


@clause.realises("gerund")
def gerund(c: Clause, rel: str) -> Node:
    """Читать книги полезно."""
    root = word(c.predicate[1], plain(c.predicate[1]), "ADV", rel, (id(c), "v"), ("Degree", "Pos"))
    copula = be(c.tense, None, "cop", (id(c), "be"))
    root.before = [clause(c.complement, "csubj"), *([copula] if copula else [])]
    return root


@clause.realises("where")
def where_is(c: Clause, rel: str) -> Node:
    """Где вокзал? Где был вокзал?"""
    root = word("где", "где", "ADV", rel, (id(c), "wh"), ("PronType", "Int"))
    copula = be(c.tense, c.subject, "cop", (id(c), "be"))
    root.after = [*([copula] if copula else []), noun_phrase(c.subject, "nsubj", "Nom")]
    return root


@clause.realises("what a")
def exclamation(c: Clause, rel: str) -> Node:
    """Какой красивый город!"""
    root = noun_phrase(c.predicate, rel, "Nom")
    entry = c.predicate.head.ru
    cell = ("Nom", number_of(c.predicate), entry.gender, entry.animate)
    root.before.insert(0, agreeing(adjective("как^ой"), "DET", "det", (id(c), "what"), cell, ("PronType", "Exc")))
    return root
