"""Russian verb groups: tense and aspect.

Read ``finite``: читает, прочитал, будет читать, может прочитать.
"""

from functools import cache

from ..abstract import NP, Clause
from ..lexicon import lexicon
from ..tree import Node
from .conjugation import RuVerb
from .words import agreement, polite, word

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
