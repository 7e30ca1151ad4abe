"""English verb groups: tense, do-support, modals, negation."""

from ..abstract import Clause, Pronoun
from ..tree import Node, features
from .words import person_number

PRESENT = (("Mood", "Ind"), ("Tense", "Pres"), ("VerbForm", "Fin"))
PAST = (("Mood", "Ind"), ("Tense", "Past"), ("VerbForm", "Fin"))
INFINITIVE = (("VerbForm", "Inf"),)


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
