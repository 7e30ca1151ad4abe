"""English: an abstract clause becomes a dependency tree with Penn tags and Universal features.

Read ``verb_group`` (tense, negation, do-support, inversion), then ``clause`` and the table ``CLAUSES`` at the end.
"""

from itertools import pairwise

from .abstract import NP, Clause, Mod, Pronoun
from .inflect_en import article
from .lexicon import Concept
from .lexicon_words import PREPOSITIONS
from .marks import plain
from .tree import Node, Placed, features

PERSONAL = {  # (person, number, gender) -> nominative, accusative, possessive
    (1, "Sing"): ("I", "me", "my"),
    (2, "Sing"): ("you", "you", "your"),
    (2, "Plur"): ("you", "you", "your"),
    (1, "Plur"): ("we", "us", "our"),
    (3, "Plur"): ("they", "them", "their"),
    (3, "Sing", "Masc"): ("he", "him", "his"),
    (3, "Sing", "Fem"): ("she", "her", "her"),
    (3, "Sing", "Neut"): ("it", "it", "its"),
}
NUMBERS = ("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
MARKERS = {"because": "because", "when": "when", "if": "if", "while": "while", "although": "although", "that": "that"}
WH = {"where": "where", "when": "when", "why": "why"}
PRESENT = (("Mood", "Ind"), ("Tense", "Pres"), ("VerbForm", "Fin"))
PAST = (("Mood", "Ind"), ("Tense", "Past"), ("VerbForm", "Fin"))
INFINITIVE = (("VerbForm", "Inf"),)


def punct(mark: str, glue: str = "left") -> Node:
    tag = mark if mark in ",." else "." if mark in "!?" else "``" if mark == "“" else "''" if mark == "”" else ":"
    return Node(mark, mark, "PUNCT", tag, rel="punct", glue=glue)


def adposition(word: str, link: object = None) -> Node:
    return Node(word, word, "ADP", "IN", rel="case", link=link)


# -- noun phrases -----------------------------------------------------------------------------------------------------


def person_number(np: NP | None) -> tuple[int, str]:
    if np is None:
        return 3, "Sing"
    if np.also:
        return 3, "Plur"
    if isinstance(np.head, Pronoun):
        if np.head.kind == "which" and np.antecedent:
            return person_number(np.antecedent)
        return np.head.person, np.head.number
    return 3, number_of(np)


def number_of(np: NP) -> str:
    return "Plur" if np.number == "Plur" and (np.head.en.plural or np.head.klass == "name") else "Sing"


def personal(np: NP) -> tuple[str, str, str]:
    person, number = person_number(np)
    if (person, number) in PERSONAL:
        return PERSONAL[person, number]
    return PERSONAL[3, "Sing", gender_of(np)]


def gender_of(np: NP) -> str:
    if isinstance(np.head, Pronoun):
        return np.head.gender
    if np.head.klass == "first":
        return np.head.options["gender"]
    return np.head.ru.gender if np.head.human else "Neut"


def pronoun(np: NP, rel: str, case: str) -> Node:
    head = np.head
    if head.kind == "who":
        return Node("who", "who", "PRON", "WP", features(("PronType", "Int")), rel, (id(np), "n"))
    if head.kind == "what":
        return Node("what", "what", "PRON", "WP", features(("PronType", "Int")), rel, (id(np), "n"))
    if head.kind == "which":
        word, tag = ("who", "WP") if np.antecedent.head.human else ("which", "WDT")
        return Node(word, word, "PRON", tag, features(("PronType", "Rel")), rel, (id(np), "n"))
    nominative, accusative, _ = personal(np)
    third = head.person == 3
    feats = features(
        ("Case", "" if nominative == "it" else case if case == "Nom" else "Acc"),
        ("Gender", head.gender if third and head.number == "Sing" else ""),
        ("Number", "" if head.person == 2 else head.number),
        ("Person", str(head.person)),
        ("PronType", "Prs"),
    )
    form = nominative if case == "Nom" else accusative
    return Node(form, nominative, "PRON", "PRP", feats, rel, (id(np), "n"))


def determiner(np: NP) -> Node | None:
    if np.owner and (np.own or isinstance(np.owner.head, Pronoun)):
        nominative, _, possessive = personal(np.owner)
        return Node(possessive, possessive, "PRON", "PRP$", possessive_features(np.owner), "nmod:poss", (id(np), "own"))
    word = "the" if np.superlative else np.det
    if word == "this":
        plural = number_of(np) == "Plur"
        feats = features(("Number", "Plur" if plural else "Sing"), ("PronType", "Dem"))
        return Node("these" if plural else "this", "this", "DET", "DT", feats, "det", (id(np), "det"))
    if word == "the" or (word == "a" and np.head.en.plural and number_of(np) == "Sing"):
        return Node(
            word,
            word,
            "DET",
            "DT",
            features(("Definite", "Def" if word == "the" else "Ind"), ("PronType", "Art")),
            "det",
        )
    return None


def possessive_features(owner: NP) -> str:
    person, number = person_number(owner)
    gender = gender_of(owner) if (person, number) == (3, "Sing") else ""
    shown = "" if person == 2 else number
    return features(
        ("Case", "Gen"),
        ("Gender", gender),
        ("Number", shown),
        ("Person", str(person)),
        ("Poss", "Yes"),
        ("PronType", "Prs"),
    )


def adjective(concept: Concept, rel: str, link: object, degree: str = "Pos") -> Node:
    en = concept.en
    if concept.klass == "nationality":
        return Node(en.base, en.lemma, "ADJ", "JJ", features(("Degree", "Pos")), rel, link)
    forms = {"Pos": (en.base, "JJ"), "Cmp": (en.comparative, "JJR"), "Sup": (en.superlative, "JJS")}
    form, tag = forms[degree]
    if form:
        return Node(form, en.lemma, "ADJ", tag, features(("Degree", degree)), rel, link)
    node = Node(en.base, en.lemma, "ADJ", "JJ", features(("Degree", "Pos")), rel, link)
    word = {"Cmp": ("more", "RBR"), "Sup": ("most", "RBS")}[degree]
    more = Node(
        word[0], "more" if degree == "Cmp" else "most", "ADV", word[1], features(("Degree", degree)), "advmod", link
    )
    node.before.append(more)
    return node


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


def the() -> Node:
    return Node("the", "the", "DET", "DT", features(("Definite", "Def"), ("PronType", "Art")), "det")


# -- modifiers --------------------------------------------------------------------------------------------------------


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


# -- verbs ------------------------------------------------------------------------------------------------------------


def be(tense: str, person: int, number: str, rel: str = "cop", link: object = None) -> list[Node]:
    """The forms of be in a tense: one word, or will be."""
    if tense in ("fut", "can", "must"):
        word = {"fut": "will"}.get(tense, tense)
        return [modal(word), Node("be", "be", "AUX", "VB", features(*INFINITIVE), rel, link)]
    plural = number == "Plur" or person == 2
    shown = "" if plural and person == 2 else number
    if tense == "past":
        form, tag = ("were" if plural else "was"), "VBD"
        feats = features(*PAST, ("Number", shown), ("Person", str(person)))
    else:
        form = "are" if plural else "am" if person == 1 else "is"
        tag = "VBZ" if form == "is" else "VBP"
        feats = features(*PRESENT, ("Number", shown), ("Person", str(person)))
    return [Node(form, "be", "AUX", tag, feats, rel, link)]


def modal(word: str, link: object = None) -> Node:
    return Node(word, word, "AUX", "MD", features(("VerbForm", "Fin")), "aux", link)


def do(tense: str, third: bool) -> Node:
    form = "did" if tense == "past" else "does" if third else "do"
    tag = "VBD" if tense == "past" else "VBZ" if third else "VBP"
    return Node(form, "do", "AUX", tag, features(*(PAST if tense == "past" else PRESENT)), "aux")


def have(third: bool) -> Node:
    return Node("has" if third else "have", "have", "AUX", "VBZ" if third else "VBP", features(*PRESENT), "aux")


def verb_group(c: Clause, rel: str) -> tuple[list[Node], Node]:
    """(auxiliaries, main verb) of a clause."""
    verb, link = c.verb.en, (id(c), "v")
    person, number = person_number(c.subject)
    third = person == 3 and number == "Sing"
    asks_subject = (
        c.subject is not None and isinstance(c.subject.head, Pronoun) and c.subject.head.kind in ("who", "what")
    )

    def main(form: str, tag: str, *pairs: tuple[str, str]) -> Node:
        return Node(form, verb.lemma, "VERB", tag, features(*pairs), rel, link)

    if c.kind == "passive":
        auxiliaries = be(c.tense, person, number, "aux:pass")
        return auxiliaries, main(verb.participle, "VBN", ("Tense", "Past"), ("VerbForm", "Part"), ("Voice", "Pass"))
    if c.tense in ("prog", "pastprog"):
        auxiliaries = be("pres" if c.tense == "prog" else "past", person, number, "aux")
        return auxiliaries, main(verb.gerund, "VBG", ("Tense", "Pres"), ("VerbForm", "Part"))
    if c.tense == "perf":
        return [have(third)], main(verb.participle, "VBN", ("Tense", "Past"), ("VerbForm", "Part"))
    if c.tense in ("fut", "can", "must"):
        word = "will" if c.tense == "fut" else c.tense
        return [modal(word, (id(c), "aux"))], main(verb.base, "VB", *INFINITIVE)
    if c.tense == "inf":
        return [Node("to", "to", "PART", "TO", rel="mark")], main(verb.base, "VB", *INFINITIVE)
    if c.tense == "gerund":
        return [], main(verb.gerund, "VBG", ("VerbForm", "Ger"))
    if c.tense == "imp":
        auxiliaries = [do("pres", False)] if c.negated else []
        return auxiliaries, main(
            verb.base, "VB", *(INFINITIVE if c.negated else (("Mood", "Imp"), ("VerbForm", "Fin")))
        )
    if c.negated or (c.question and not asks_subject):
        return [do(c.tense, third)], main(verb.base, "VB", *INFINITIVE)
    if c.tense == "past":
        return [], main(verb.past, "VBD", *PAST)
    form = "has" if third and verb.lemma == "have" else verb.third if third else verb.base
    feats = (*PRESENT, ("Number", number if third else ""), ("Person", "3" if third else ""))
    return [], main(form, "VBZ" if third else "VBP", *feats)


def negation(c: Clause, after: Node) -> Node:
    """not, n't, and the not of cannot."""
    if c.contracted and after.form in ("do", "does", "did", "is", "are", "was", "were"):
        return Node("n't", "not", "PART", "RB", features(("Polarity", "Neg")), "advmod", (id(c), "not"), glue="left")
    return Node(
        "not",
        "not",
        "PART",
        "RB",
        features(("Polarity", "Neg")),
        "advmod",
        (id(c), "not"),
        glue="left" if after.form == "can" else "",
    )


def assemble(c: Clause, root: Node, auxiliaries: list[Node]) -> Node:
    """Put front, question word, subject, auxiliaries and modifiers around the root."""
    before: list[Node] = []
    if c.front:
        before += [modifier(c.front), punct(",")]
    if c.wh:
        before.append(Node(WH[c.wh], WH[c.wh], "ADV", "WRB", features(("PronType", "Int")), "advmod", (id(c), "wh")))
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


# -- kinds of clause --------------------------------------------------------------------------------------------------


def clause(c: Clause, rel: str = "root") -> Node:
    return CLAUSES[c.kind](c, rel)


def verbal(c: Clause, rel: str) -> Node:
    auxiliaries, main = verb_group(c, rel)
    return assemble(c, main, auxiliaries)


def passive(c: Clause, rel: str) -> Node:
    root = verbal(c, rel)
    if c.recipient:  # the agent
        root.after = [node for node in root.after if node.rel != "iobj"]
        root.after.insert(0, with_case(noun_phrase(c.recipient, "obl:agent"), "by"))
    return root


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


def gerund(c: Clause, rel: str) -> Node:
    """Reading books is useful."""
    root = Node(c.predicate[0], plain(c.predicate[0]), "ADJ", "JJ", features(("Degree", "Pos")), rel, (id(c), "v"))
    root.before = [clause(c.complement, "csubj"), *be(c.tense, 3, "Sing", link=(id(c), "be"))]
    return root


def where_is(c: Clause, rel: str) -> Node:
    """Where is the station?"""
    root = Node("where", "where", "ADV", "WRB", features(("PronType", "Int")), rel, (id(c), "wh"))
    root.after = [*be(c.tense, *person_number(c.subject), link=(id(c), "be")), noun_phrase(c.subject, "nsubj", "Nom")]
    return root


def exclamation(c: Clause, rel: str) -> Node:
    """What a beautiful city!"""
    root = noun_phrase(c.predicate, rel)
    root.before.insert(
        0, Node("what", "what", "DET", "WDT", features(("PronType", "Exc")), "det:predet", (id(c), "what"))
    )
    return root


def quotation(c: Clause, rel: str) -> Node:
    """“I love tea,” said Anna."""
    _, root = verb_group(c, rel)
    quoted = clause(c.complement, "ccomp")
    quoted.before.insert(0, punct("“", "right"))
    quoted.after += [punct("," if c.complement.ending == "." else c.complement.ending), punct("”")]
    root.before.append(quoted)
    root.after += [noun_phrase(c.subject, "nsubj", "Nom"), *(modifier(mod) for mod in c.mods)]
    return root


def subordinate(c: Clause, word: str, rel: str) -> Node:
    inner = clause(c, rel)
    link = (id(c), "mark")
    if word == "when":
        node = Node("when", "when", "ADV", "WRB", features(("PronType", "Int")), "advmod", link)
    else:
        node = Node(MARKERS[word], MARKERS[word], "SCONJ", "IN", rel="mark", link=link)
    inner.before.insert(0, node)
    return inner


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


def become(c: Clause, rel: str) -> Node:
    root = verbal(c, rel)
    root.after.insert(0, noun_phrase(c.predicate, "xcomp"))
    return root


CLAUSES = {
    "verb": verbal,
    "like": verbal,
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
        root.before[:0] = [noun_phrase(c.address, "vocative"), punct(",")]
    root.after.append(punct(c.ending))
    return root


def adjust(nodes: Placed) -> None:
    """a or an, by the next word."""
    for (node, _), (following, _) in pairwise(nodes):
        if node.lemma == "a" and node.upos == "DET":
            node.form = article(plain(following.form))
