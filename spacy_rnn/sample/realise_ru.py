"""Russian: the same abstract clause becomes a dependency tree with cases, agreement and aspect.

Read ``finite`` (tense and aspect), ``noun_phrase`` (case, number, numerals), then the table ``CLAUSES`` at the end.
XPOS is a short positional tag: the part of speech and the initials of gender, number, case, tense, person and aspect,
e.g. ``Nfsa`` or ``Vmstp``.
"""

from functools import cache
from itertools import pairwise

from .abstract import NP, Clause, Mod, Pronoun
from .inflect_ru import RuAdjective, RuNoun, RuVerb, adjective, noun
from .lexicon import Concept, lexicon
from .lexicon_words import PREPOSITIONS
from .marks import plain
from .tree import Node, Placed, features

PERSONAL = {  # nominative genitive dative accusative instrumental locative
    (1, "Sing"): "я меня мне меня мной мне",
    (2, "Sing"): "ты тебя тебе тебя тобой тебе",
    (1, "Plur"): "мы нас нам нас нами нас",
    (2, "Plur"): "вы вас вам вас вами вас",
    (3, "Plur"): "они их им их ими их",
    (3, "Sing", "Masc"): "он его ему его им нём",
    (3, "Sing", "Fem"): "она её ей её ей ней",
    (3, "Sing", "Neut"): "оно его ему его им нём",
}
CASES = ("Nom", "Gen", "Dat", "Acc", "Ins", "Loc")
INTERROGATIVE = {"who": "кто кого кому кого кем ком", "what": "что чего чему что чем чём"}
POSSESSIVE = {(1, "Sing"): "мой", (2, "Sing"): "твой", (1, "Plur"): "наш", (2, "Plur"): "ваш"}
OTHERS = {(3, "Plur"): "их", (3, "Sing", "Masc"): "его", (3, "Sing", "Fem"): "её", (3, "Sing", "Neut"): "его"}
NUMBERS = "ноль один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать".split()
WH = {"where": "где", "when": "когда", "why": "почему"}
MARKERS = {"because": "потому", "when": "когда", "if": "если", "while": "пока", "although": "хотя", "that": "что"}
CONJUNCTIONS = {"and": "и", "but": "но"}
TAGS = {"NOUN": "N", "PROPN": "P", "ADJ": "A", "VERB": "V", "AUX": "X", "PRON": "S", "DET": "D", "NUM": "M"}
SHORT = {"ADP": "R", "ADV": "B", "CCONJ": "C", "SCONJ": "U", "PART": "Q", "PUNCT": "F"}
LABELS = {"company": noun("компан^и^я", False), "team": noun("команда", False)}
LETTERED = ("Gender", "Number", "Case", "Tense", "Person", "Aspect", "VerbForm", "Degree")


@cache
def tag(upos: str, feats: str) -> str:
    """The short positional tag: Nfsa, Vmspp."""
    values = dict(pair.split("=") for pair in feats.split("|")) if feats != "_" else {}
    letters = "".join(values[name][0].lower() for name in LETTERED if name in values)
    return (TAGS.get(upos) or SHORT[upos]) + letters


def word(
    form: str, lemma: str, upos: str, rel: str, link: object = None, *pairs: tuple[str, str], entity: str = ""
) -> Node:
    feats = features(*pairs)
    return Node(form, lemma, upos, tag(upos, feats), feats, rel, link, entity)


def punct(mark: str, glue: str = "left") -> Node:
    return Node(mark, mark, "PUNCT", "F", rel="punct", glue=glue)


# -- noun phrases -----------------------------------------------------------------------------------------------------


def agreement(np: NP | None) -> tuple[int, str, str]:
    """(person, number, gender) that a verb agrees with."""
    if np is None:
        return 3, "Sing", "Neut"
    if np.also or np.count > 1:
        return 3, "Plur", "Masc"
    head = np.head
    if isinstance(head, Pronoun):
        if head.kind == "which":
            return agreement(np.antecedent)
        if head.kind in ("who", "what"):
            return 3, "Sing", "Masc" if head.kind == "who" else "Neut"
        return head.person, head.number, head.gender
    if np.label:
        return 3, "Sing", "Fem"
    return 3, number_of(np), gender_of(np)


def number_of(np: NP) -> str:
    numbers = np.head.ru.numbers
    wanted = "Plur" if np.number == "Plur" and (np.head.kind == "name" or np.head.en.plural) else "Sing"
    return wanted if wanted in numbers else numbers[0]


def gender_of(np: NP) -> str:
    return np.head.ru.gender


def personal(np: NP) -> tuple[int, str] | tuple[int, str, str]:
    person, number, gender = agreement(np)
    return (person, number) if (person, number) in PERSONAL else (person, number, gender)


def pronoun(np: NP, rel: str, case: str, after_preposition: bool) -> Node:
    head, link = np.head, (id(np), "n")
    if head.kind in INTERROGATIVE:
        form = INTERROGATIVE[head.kind].split()[CASES.index(case)]
        lemma = "кто" if head.kind == "who" else "что"
        return word(form, lemma, "PRON", rel, link, ("Case", case), ("PronType", "Int"))
    if head.kind == "which":
        _, number, gender = agreement(np.antecedent)
        animate = np.antecedent.head.ru.animate
        form = adjective("котор^ый").forms[case, "Plur" if number == "Plur" else gender, animate]
        shown = "" if number == "Plur" else gender
        return word(
            form,
            "который",
            "PRON",
            rel,
            link,
            ("Case", case),
            ("Gender", shown),
            ("Number", number),
            ("PronType", "Rel"),
        )
    key = personal(np)
    form = PERSONAL[key].split()[CASES.index(case)]
    if after_preposition and head.person == 3 and case != "Nom":
        form = "н" + form if not form.startswith("н") else form
    lemma = PERSONAL[key].split()[0]
    gender = key[2] if len(key) == 3 else ""
    pairs = (
        ("Case", case),
        ("Gender", gender),
        ("Number", head.number),
        ("Person", str(head.person)),
        ("PronType", "Prs"),
    )
    return word(form, lemma, "PRON", rel, link, *pairs)


@cache
def pronominal(lemma: str) -> RuAdjective:
    """мой, твой, свой, наш, ваш, этот: adjectives with short forms in the nominative."""
    if lemma == "этот":
        stem, ends = (
            "эт",
            {
                "Masc": "от ого ому ого им ом",
                "Neut": "о ого ому о им ом",
                "Fem": "а ой ой у ой ой",
                "Plur": "и их им и ими их",
            },
        )
    elif lemma in ("наш", "ваш"):
        stem, ends = (
            lemma,
            {
                "Masc": "_ его ему его им ем",
                "Neut": "е его ему е им ем",
                "Fem": "а ей ей у ей ей",
                "Plur": "и их им и ими их",
            },
        )
    else:
        stem, ends = (
            lemma[:-1],
            {
                "Masc": "й его ему его им ём",
                "Neut": "ё его ему ё им ём",
                "Fem": "я ей ей ю ей ей",
                "Plur": "и их им и ими их",
            },
        )
    forms = {}
    for gender, row in ends.items():
        cells = dict(zip(CASES, row.split(), strict=True))
        for animate in (False, True):
            for case, ending in cells.items():
                if case == "Acc" and gender in ("Masc", "Plur"):
                    ending = cells["Gen" if animate else "Nom"]
                forms[case, gender, animate] = lemma if ending in ("_", "й") or ending == "от" else f"{stem}|{ending}"
    return RuAdjective(lemma, forms, "")


def agreeing(
    entry: RuAdjective, upos: str, rel: str, link: object, np_case: tuple[str, str, str, bool], *pairs: tuple[str, str]
) -> Node:
    """An adjective or determiner in the (case, number, gender, animate) of its noun."""
    case, number, gender, animate = np_case
    form = entry.forms[case, "Plur" if number == "Plur" else gender, animate]
    shown = "" if number == "Plur" else gender
    matters = case == "Acc" and (number == "Plur" or gender == "Masc")
    animacy = ("Anim" if animate else "Inan") if matters else ""
    return word(
        form,
        entry.lemma,
        upos,
        rel,
        link,
        ("Animacy", animacy),
        ("Case", case),
        ("Gender", shown),
        ("Number", number),
        *pairs,
    )


def determiners(np: NP, cell: tuple[str, str, str, bool]) -> list[Node]:
    if np.owner and (np.own or isinstance(np.owner.head, Pronoun)):
        key, link = personal(np.owner), (id(np), "own")
        pairs = (("Poss", "Yes"), ("PronType", "Prs"))
        if np.own:
            return [
                agreeing(
                    pronominal("свой"),
                    "DET",
                    "det",
                    link,
                    cell,
                    ("Poss", "Yes"),
                    ("PronType", "Prs"),
                    ("Reflex", "Yes"),
                )
            ]
        if key in POSSESSIVE:
            return [agreeing(pronominal(POSSESSIVE[key]), "DET", "det", link, cell, *pairs)]
        return [word(OTHERS[key], OTHERS[key], "DET", "det", link, *pairs)]
    if np.det == "this" and not np.count:
        return [agreeing(pronominal("этот"), "DET", "det", (id(np), "det"), cell, ("PronType", "Dem"))]
    return []


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


def noun_features(entry: RuNoun, case: str, number: str) -> tuple[tuple[str, str], ...]:
    return (
        ("Animacy", "Anim" if entry.animate else "Inan"),
        ("Case", case),
        ("Gender", entry.gender),
        ("Number", number),
    )


def governed(count: int, case: str, number: str) -> tuple[str, str]:
    """Two to four govern the genitive singular, five and more the genitive plural."""
    if not count or case not in ("Nom", "Acc"):
        return case, number
    return (case, "Sing") if count == 1 else ("Gen", "Sing" if count < 5 else "Plur")


def numeral(np: NP, case: str) -> Node:
    lemma = NUMBERS[np.count]
    feminine = np.count == 2 and np.head.ru.gender == "Fem"
    gender = ("Gender", "Fem" if feminine else "Masc") if np.count == 2 else ("Gender", "")
    return word(
        "две" if feminine else lemma,
        lemma,
        "NUM",
        "nummod:gov",
        (id(np), "num"),
        ("Case", case),
        gender,
        ("NumType", "Card"),
    )


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


# -- modifiers --------------------------------------------------------------------------------------------------------


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


# -- verbs ------------------------------------------------------------------------------------------------------------

COMPLETED = ("past", "fut", "condition", "perf", "can", "must", "inf", "imp")


def choose_aspect(c: Clause) -> RuVerb:
    """Completed events are perfective, the rest imperfective; a negated command is imperfective."""
    aspect = c.aspect or ("Perf" if c.tense in COMPLETED and not (c.tense == "imp" and c.negated) else "Imp")
    return c.verb.ru.get(aspect) or next(iter(c.verb.ru.values()))


def verb_features(verb: RuVerb, *pairs: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    return ("Aspect", verb.aspect), ("Voice", "Mid" if verb.lemma.endswith(("ся", "сь")) else "Act"), *pairs


def infinitive(verb: RuVerb, rel: str, link: object) -> Node:
    return word(verb.infinitive, verb.lemma, "VERB", rel, link, *verb_features(verb, ("VerbForm", "Inf")))


def past(verb: RuVerb, np: NP | None, rel: str, link: object, upos: str = "VERB") -> Node:
    _, number, gender = agreement(np)
    key = "Plur" if number == "Plur" or polite(np) else gender
    pairs = (("Gender", "" if key == "Plur" else key), ("Mood", "Ind"), ("Number", "Plur" if key == "Plur" else "Sing"))
    pairs += (("Tense", "Past"), ("VerbForm", "Fin"))
    return word(verb.past[key], verb.lemma, upos, rel, link, *verb_features(verb, *pairs))


def polite(np: NP | None) -> bool:
    return np is not None and isinstance(np.head, Pronoun) and np.head.number == "Plur"


def present(verb: RuVerb, np: NP | None, rel: str, link: object, upos: str = "VERB") -> Node:
    """The present of an imperfective verb, the future of a perfective one and of быть."""
    person, number, _ = agreement(np)
    tense = "Fut" if verb.aspect == "Perf" or verb.lemma == "быть" else "Pres"
    pairs = (("Mood", "Ind"), ("Number", number), ("Person", str(person)), ("Tense", tense), ("VerbForm", "Fin"))
    return word(verb.present[person, number], verb.lemma, upos, rel, link, *verb_features(verb, *pairs))


@cache
def special(lemma: str) -> dict[str, RuVerb]:
    return next(c.ru for c in lexicon() if c.kind == "verb" and any(v.lemma == lemma for v in c.ru.values()))


def be(tense: str, np: NP | None, rel: str, link: object, upos: str = "AUX") -> Node | None:
    """был, будет; nothing in the present."""
    verb = special("быть")["Imp"]
    if tense == "pres":
        return None
    return (present if tense == "fut" else past)(verb, np, rel, link, upos)


def finite(c: Clause, rel: str) -> tuple[list[Node], Node]:
    """(auxiliary, verb): читает, прочитал, будет читать, может прочитать."""
    verb, link = choose_aspect(c), (id(c), "v")
    if c.tense in ("inf", "gerund"):
        return [], infinitive(verb, rel, link)
    if c.tense == "imp":
        number = "Sing" if c.subject and not polite(c.subject) else "Plur"
        pairs = (("Mood", "Imp"), ("Number", number), ("Person", "2"), ("VerbForm", "Fin"))
        return [], word(verb.imperative[number], verb.lemma, "VERB", rel, link, *verb_features(verb, *pairs))
    if c.tense in ("can", "must"):
        root = present(special("мочь")["Imp"], c.subject, rel, (id(c), "aux")) if c.tense == "can" else must(c, rel)
        return [root], infinitive(verb, "xcomp", link)
    if c.tense == "fut" and verb.aspect == "Imp":
        return [be("fut", c.subject, "aux", (id(c), "aux"))], infinitive(verb, rel, link)
    if c.tense in ("past", "pastprog", "perf"):
        return [], past(verb, c.subject, rel, link)
    return [], present(verb, c.subject, rel, link)


def must(c: Clause, rel: str) -> Node:
    _, number, gender = agreement(c.subject)
    key = "Plur" if number == "Plur" else gender
    form = {"Masc": "долж^ен", "Fem": "долж^н|а", "Neut": "долж^н|о", "Plur": "долж^н|ы"}[key]
    pairs = (("Degree", "Pos"), ("Gender", "" if key == "Plur" else key), ("Number", number), ("Variant", "Short"))
    return word(form, "должен", "ADJ", rel, (id(c), "aux"), *pairs)


def verbal(c: Clause, rel: str) -> Node:
    auxiliaries, main = finite(c, rel)
    return assemble(c, main, auxiliaries)


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


# -- kinds of clause --------------------------------------------------------------------------------------------------


def clause(c: Clause, rel: str = "root") -> Node:
    return CLAUSES[c.kind](c, rel)


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


def become(c: Clause, rel: str) -> Node:
    """Иван стал врачом."""
    root = verbal(c, rel)
    root.after.insert(0, noun_phrase(c.predicate, "xcomp", "Ins"))
    return root


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


def weather(c: Clause, rel: str) -> Node:
    """В Москве было холодно."""
    root = word(c.predicate[1], plain(c.predicate[1]), "ADV", rel, (id(c), "v"), ("Degree", "Pos"))
    copula = be(c.tense, None, "cop", (id(c), "be"))
    lead = [modifier(c.front)] if c.front else []
    root.before = [*lead, *(modifier(mod) for mod in c.mods), *([copula] if copula else [])]
    return root


def gerund(c: Clause, rel: str) -> Node:
    """Читать книги полезно."""
    root = word(c.predicate[1], plain(c.predicate[1]), "ADV", rel, (id(c), "v"), ("Degree", "Pos"))
    copula = be(c.tense, None, "cop", (id(c), "be"))
    root.before = [clause(c.complement, "csubj"), *([copula] if copula else [])]
    return root


def where_is(c: Clause, rel: str) -> Node:
    """Где вокзал? Где был вокзал?"""
    root = word("где", "где", "ADV", rel, (id(c), "wh"), ("PronType", "Int"))
    copula = be(c.tense, c.subject, "cop", (id(c), "be"))
    root.after = [*([copula] if copula else []), noun_phrase(c.subject, "nsubj", "Nom")]
    return root


def exclamation(c: Clause, rel: str) -> Node:
    """Какой красивый город!"""
    root = noun_phrase(c.predicate, rel, "Nom")
    entry = c.predicate.head.ru
    cell = ("Nom", number_of(c.predicate), entry.gender, entry.animate)
    root.before.insert(0, agreeing(adjective("как^ой"), "DET", "det", (id(c), "what"), cell, ("PronType", "Exc")))
    return root


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


CLAUSES = {
    "verb": verbal,
    "like": liking,
    "become": become,
    "passive": passive,
    "be": copular,
    "exist": existential,
    "have": possession,
    "age": age,
    "weather": weather,
    "where": where_is,
    "gerund": gerund,
    "what a": exclamation,
    "quote": quotation,
    "complex": complex_sentence,
}


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
        elif node.form == "в" and (form[0] in "вф" and cluster or form in ("двор", "дворе", "дворы", "дворах")):
            node.form = "во"
        elif node.form == "с" and form[0] in "сзшжщ" and cluster:
            node.form = "со"
        elif node.form == "о" and form[0] in "аоуэи":
            node.form = "об"
