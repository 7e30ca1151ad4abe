"""Single Russian words as tree nodes, what a verb agrees with, and pronouns.

XPOS is a short positional tag: the part of speech and the initials of gender, number, case, tense, person, aspect,
form and degree, e.g. ``Nfsa`` or ``Vspia``.
"""

from functools import cache

from ..abstract import NP, Pronoun
from ..tree import Node, features
from .adjectives import adjective
from .nouns import CASES

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
INTERROGATIVE = {"who": "кто кого кому кого кем ком", "what": "что чего чему что чем чём"}
TAGS = {"NOUN": "N", "PROPN": "P", "ADJ": "A", "VERB": "V", "AUX": "X", "PRON": "S", "DET": "D", "NUM": "M"}
SHORT = {"ADP": "R", "ADV": "B", "CCONJ": "C", "SCONJ": "U", "PART": "Q", "PUNCT": "F"}
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


def polite(np: NP | None) -> bool:
    return np is not None and isinstance(np.head, Pronoun) and np.head.number == "Plur"
