"""Russian noun phrases and modifiers: case, number, prepositions."""

from ..abstract import NP, Mod, Pronoun
from ..lexicon.concept import Concept
from ..lexicon.words import PREPOSITIONS
from ..marks import plain
from ..tree import Node
from .adjectives import adjective
from .agreement import agreeing, determiners, governed, noun_features, numeral
from .kinds import clause
from .nouns import RuNoun, noun
from .words import number_of, pronoun, punct, word

LABELS = {"company": noun("компан^и^я", False), "team": noun("команда", False)}


def noun_phrase(np: NP, rel: str, case: str, after_preposition: bool = False, place: bool = False) -> Node:
    if isinstance(np.head, Pronoun):
        node = pronoun(np, rel, case, after_preposition)
    elif np.head.kind == "name":
        node = proper(np, rel, case)
    else:
        node = common(np, rel, case, place)
    if np.apposition:
        enclose(node, noun_phrase(np.apposition, "appos", case))
    if np.also:
        other = noun_phrase(np.also, "conj", case, after_preposition)
        other.before.insert(0, word("и", "и", "CCONJ", "cc", (id(np), "and")))
        node.after.append(other)
    if np.relative:
        enclose(node, clause(np.relative, "acl:relcl"))
    return node


def enclose(node: Node, inner: Node) -> None:
    inner.before.insert(0, punct(","))
    inner.after.append(punct(","))
    node.after.append(inner)


def common(np: NP, rel: str, case: str, place: bool) -> Node:
    entry: RuNoun = np.head.ru
    number, animate = number_of(np), entry.animate
    own_case, own_number = governed(np.count, case, number)
    form = entry.forms[own_case, own_number]
    if place and case == "Loc" and own_number == "Sing":
        form = entry.place
    upos_pairs = noun_features(entry, own_case, own_number)
    node = word(form, entry.lemma, "NOUN", rel, (id(np), "n"), *upos_pairs)
    cell = (own_case, own_number, entry.gender, animate)
    node.before += determiners(np, cell)
    if np.count:
        node.before.append(numeral(np, case))
    if np.superlative:
        best = agreeing(np.superlative.ru, "ADJ", "amod", (id(np), "sup"), cell, ("Degree", "Pos"))
        best.before.append(agreeing(adjective("сам^ый"), "ADJ", "amod", (id(np), "sup"), cell, ("Degree", "Pos")))
        node.before.append(best)
    if 2 <= np.count <= 4:  # два больших дома, две большие книги
        cell = ("Nom" if entry.gender == "Fem" else "Gen", "Plur", entry.gender, animate)
    for index, concept in enumerate(np.adjectives):
        node.before.append(agreeing(concept.ru, "ADJ", "amod", (id(np), index), cell, ("Degree", "Pos")))
    if np.of:
        node.after.append(noun_phrase(np.of, "nmod", "Gen"))
    if np.owner and not np.own and not isinstance(np.owner.head, Pronoun):
        node.after.append(noun_phrase(np.owner, "nmod", "Gen"))
    return node


def proper(np: NP, rel: str, case: str) -> Node:
    entry: RuNoun = np.head.ru
    entity = f"{np.head.options['entity']}{id(np)}"
    number = entry.numbers[0]
    shown_case = "Nom" if np.label else case
    node = word(
        entry.forms[shown_case, number],
        entry.lemma,
        "PROPN",
        rel,
        (id(np), "n"),
        *noun_features(entry, shown_case, number),
        entity=entity,
    )
    if np.head.klass == "institute":
        node.form = node.form[:1].upper() + node.form[1:]
        lemma, gender = np.head.options["of_lemma"], np.head.options["of_gender"]
        pairs = (("Animacy", "Inan"), ("Case", "Gen"), ("Gender", gender), ("Number", "Sing"))
        node.after.append(word(np.head.options["of_ru"], lemma, "NOUN", "nmod", (id(np), "of"), *pairs, entity=entity))
    if np.surname:
        surname: RuNoun = np.surname.ru
        pairs = noun_features(surname, case, "Sing")
        node.after.append(
            word(surname.forms[case, "Sing"], surname.lemma, "PROPN", "flat:name", (id(np), "s"), *pairs, entity=entity)
        )
    if np.head.klass in ("company", "team"):
        node.before.append(punct("«", "right"))
        node.after.append(punct("»"))
    if np.label:
        node.rel = "appos"
        label = LABELS[np.head.klass]
        head = word(
            label.forms[case, "Sing"], label.lemma, "NOUN", rel, (id(np), "label"), *noun_features(label, case, "Sing")
        )
        head.after.append(node)
        return head
    return node


def with_preposition(np: NP, rel: str, preposition: str, case: str, link: object = None, place: bool = False) -> Node:
    node = noun_phrase(np, rel, case, after_preposition=True, place=place)
    node.before.insert(0, word(preposition, preposition, "ADP", "case", link))
    return node


def modifier(mod: Mod) -> Node:
    if mod.kind in PREPOSITIONS:
        _, preposition, case = PREPOSITIONS[mod.kind]
        return with_preposition(mod.np, "obl", preposition, case, (id(mod), "p"), place=mod.kind == "on")
    if mod.kind in ("at", "to", "from"):
        on = "на" in mod.np.head.options
        preposition, case = {"at": ("в", "Loc"), "to": ("в", "Acc"), "from": ("из", "Gen")}[mod.kind]
        if on:
            preposition = "с" if mod.kind == "from" else "на"
        return with_preposition(mod.np, "obl", preposition, case, (id(mod), "p"), place=True)
    if mod.kind == "tool":
        return noun_phrase(mod.np, "obl", "Ins")
    if mod.kind == "adverb":
        return adverb(mod.word, (id(mod), "a"))
    if mod.kind == "weekday":
        return weekday(mod)
    year = word(str(mod.word), str(mod.word), "ADJ", "amod", (id(mod), "n"), ("NumForm", "Digit"), ("NumType", "Ord"))
    pairs = (("Animacy", "Inan"), ("Case", "Loc"), ("Gender", "Masc"), ("Number", "Sing"))
    node = word("год|у", "год", "NOUN", "obl", None, *pairs)
    node.before += [word("в", "в", "ADP", "case", (id(mod), "p")), year]
    return node


def weekday(mod: Mod) -> Node:
    form = mod.word[1]
    gender = {"у": "Fem", "е": "Neut"}.get(form[-1], "Masc")
    lemma = plain(form)[:-1] + "а" if gender == "Fem" else plain(form)
    pairs = (("Animacy", "Inan"), ("Case", "Acc"), ("Gender", gender), ("Number", "Sing"))
    node = word(form, lemma, "NOUN", "obl", (id(mod), "n"), *pairs)
    node.before.append(word("в", "в", "ADP", "case", (id(mod), "p")))
    return node


def adverb(concept: Concept, link: object) -> Node:
    return word(concept.ru, plain(concept.ru), "ADV", "advmod", link, ("Degree", "Pos"))
