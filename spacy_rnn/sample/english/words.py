"""Single English words as tree nodes: pronouns, determiners, adjectives, with Penn tags and Universal features."""

from ..abstract import NP, Pronoun
from ..lexicon.concept import Concept
from ..tree import Node, features

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


def punct(mark: str, glue: str = "left") -> Node:
    tag = mark if mark in ",." else "." if mark in "!?" else "``" if mark == "“" else "''" if mark == "”" else ":"
    return Node(mark, mark, "PUNCT", tag, rel="punct", glue=glue)


def adposition(word: str, link: object = None) -> Node:
    return Node(word, word, "ADP", "IN", rel="case", link=link)


def the() -> Node:
    return Node("the", "the", "DET", "DT", features(("Definite", "Def"), ("PronType", "Art")), "det")


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
