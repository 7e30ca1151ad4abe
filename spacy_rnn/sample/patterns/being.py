"""Patterns of being and having: descriptions, professions, comparison, age, weather."""

from ..abstract import NP, Clause, Mod
from ..choose import Chooser
from ..draw import members
from ..lexicon import Concept
from .building import DESCRIBED, adjectives_of, word
from .registry import pattern


@pattern(4)
def described(w: Chooser) -> Clause:
    subject = w.noun(DESCRIBED, calm=True)
    if subject.det == "a" and not subject.owner:
        subject.det = "the"
    c = Clause("be", subject=subject, predicate=w.adjective(subject.head), tense=w.one(("past", "pres", "pres", "fut")))
    return c


@pattern(2)
def not_described(w: Chooser) -> Clause:
    """The soup was not tasty: negation turns the polarity of the adjective round."""
    c = described(w)
    w.polarity -= 2 * c.predicate.polarity
    if c.predicate.polarity < 0:  # "not bad" is no praise
        w.polarity += c.predicate.polarity
    c.negated, c.contracted = True, w.chance(0.5)
    return c


@pattern(2)
def profession(w: Chooser) -> Clause:
    subject = w.named_person() if w.chance(0.6) else NP(w.concept(members("noun", "kin")), owner=NP(w.pronoun()))
    masculine = gender_matched(subject)
    predicate = NP(w.concept(masculine), det="a")
    if w.chance(0.3) and (adjective := w.adjective(predicate.head)):
        predicate.adjectives.append(adjective)
    tense = w.one(("past", "pres", "pres", "fut"))
    return Clause(
        w.one(("be", "become")) if tense != "pres" else "be",
        subject=subject,
        verb=word("become"),
        predicate=predicate,
        tense=tense,
    )


def gender_matched(subject: NP) -> tuple[Concept, ...]:
    """Professions, the feminine ones for women only."""
    gender = subject.head.options.get("gender") or subject.head.ru.gender
    people = members(
        "noun", "person.work person.science person.sport person.culture person.food person.travel person.nature"
    )
    pairs = {"actress": "actor", "queen": "king", "princess": "prince", "waitress": "waiter", "heroine": "hero"}
    wrong = pairs.values() if gender == "Fem" else pairs.keys()
    return tuple(c for c in people if c.en.lemma not in wrong)


@pattern(1.5)
def there_is(w: Chooser) -> Clause:
    place = w.noun("=table =chair =shelf =bed =stove =carpet =sofa", number="Sing", calm=True)
    place.det = "the"
    thing = w.noun("thing.family thing.travel food text tool")
    thing.det, thing.owner = ("a" if thing.number == "Sing" else ""), None
    return Clause("exist", subject=thing, tense=w.one(("pres", "past")), mods=[Mod("on", place)])


@pattern(1.5)
def there_are_in_city(w: Chooser) -> Clause:
    thing = w.noun("place.culture place.food place.travel place.sport place.science", number="Plur")
    thing.det, thing.owner = "", None
    thing.count = 2 + int(w.rng.random() * 9) if w.chance(0.4) else 0
    return Clause("exist", subject=thing, tense=w.one(("pres", "past")), mods=[Mod("at", w.name("capital"))])


@pattern(2)
def has(w: Chooser) -> Clause:
    thing = w.noun("thing animal vehicle kin =friend =house =garden =idea =project")
    thing.det, thing.owner = ("a" if thing.number == "Sing" else ""), None
    return Clause(
        "have", subject=w.person(), verb=word("have"), object=thing, tense=w.one(("pres", "pres", "past", "fut"))
    )


@pattern(1)
def has_not(w: Chooser) -> Clause:
    thing = w.noun("thing animal vehicle =garden =house", bare=True, calm=True)
    return Clause(
        "have", subject=w.person(), verb=word("have"), object=thing, tense=w.one(("pres", "past")), negated=True
    )


@pattern(1)
def where_it_lies(w: Chooser) -> Clause:
    thing = w.noun("thing.family thing.travel text tool", calm=True)
    thing.det = "" if thing.owner else "the"
    place = w.noun("furniture =window =door =car =box", number="Sing", calm=True)
    return Clause(
        subject=thing,
        verb=word("lie", "special"),
        tense=w.one(("pres", "past")),
        mods=[Mod(w.one(("under", "behind", "near", "on")), place)],
    )


@pattern(1)
def in_front_stands(w: Chooser) -> Clause:
    """Около дома стоит машина."""
    thing = w.noun("vehicle furniture plant =horse =house", number="Sing")
    near = Mod(
        w.one(("near", "behind")),
        w.noun("=house =school =theatre =palace =castle =lake =forest =hotel =station", number="Sing", calm=True),
    )
    return Clause(subject=thing, verb=word("stand"), tense=w.one(("pres", "past")), front=near, order="verb first")


@pattern(1.5)
def comparison(w: Chooser) -> Clause:
    first = w.noun("animal vehicle place.travel place.culture text food thing plant", number="Sing", calm=True)
    others = tuple(c for c in members("noun", first.head.klass) if c is not first.head)
    other = w.phrase(w.concept(others, calm=True), number="Sing", calm=True)
    for np in (first, other):
        np.det = "" if np.owner else "the"
        np.adjectives = []
    adjectives = [c for c in adjectives_of(first.head) if c.ru.comparative]
    return Clause(
        "be", subject=first, predicate=w.concept(tuple(adjectives)), than=other, tense=w.one(("pres", "past"))
    )


@pattern(1.5)
def superlative(w: Chooser) -> Clause:
    noun = w.concept(members("noun", "place.travel place.culture place.food place.science"))
    np = NP(noun, superlative=w.concept(tuple(adjectives_of(noun))), of=None)
    this = NP(noun, det="this")
    np.of = w.name("country capital")
    return Clause("be", subject=this, predicate=np, tense="pres")


@pattern(1)
def age(w: Chooser) -> Clause:
    w.topics["family"] += 1
    years = NP(next(c for c in members("noun", "=year")), count=2 + int(w.rng.random() * 11))
    subject = w.one((w.named_person, lambda: NP(w.concept(members("noun", "kin")), owner=NP(w.pronoun()))))()
    return Clause("age", subject=subject, object=years, tense=w.one(("pres", "past")))


WEATHER = (
    ("cold", "холод^н^о"),
    ("warm", "тепл^о"),
    ("hot", "жар^к^о"),
    ("dark", "темн^о"),
    ("quiet", "тих^о"),
    ("windy", "ветрен^о"),
)


@pattern(1)
def weather(w: Chooser) -> Clause:
    w.topics["nature"] += 1
    tense = w.one(("pres", "past", "fut"))
    c = Clause("weather", predicate=w.one(WEATHER), tense=tense, mods=[w.somewhere()])
    if time := w.chance(0.5) and w.time(tense):
        c.front = time
    return c


EVALUATIONS = (
    ("useful", "по~лез^н^о", 1),
    ("interesting", "интерес^н^о", 1),
    ("difficult", "труд^н^о", 0),
    ("pleasant", "при~ят^н^о", 1),
    ("boring", "скуч^н^о", -1),
    ("dangerous", "опас^н^о", -1),
    ("possible", "воз~мож^н^о", 0),
)


@pattern(1)
def doing_is(w: Chooser) -> Clause:
    verb = w.verb("trans", calm=True)
    inner = Clause(verb=verb, object=w.of_class(verb.options["objects"], calm=True), tense="gerund")
    *predicate, polarity = w.one(tuple(e for e in EVALUATIONS if e[2] in (0, w.mood)))
    w.polarity += polarity
    return Clause("gerund", predicate=tuple(predicate), complement=inner, tense=w.one(("pres", "past")))
